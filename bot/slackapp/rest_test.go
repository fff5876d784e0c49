package slackapp

import (
	"context"
	"testing"
	"time"
)

// An app that is told to end goes on answering until its sockets have gone, for Slack goes on sending.
func TestNobodyIsTurnedAwayWhileTheAppEnds(t *testing.T) {
	begun, goOn := make(chan bool), make(chan bool)
	count := newTally()
	w := newTown(t, func(cfg *Config) { cfg.Acked = count.acked }, nouns(Route{Kind: OnCommand, Name: "/kudos", Handle: func(_ context.Context, r Request) (Response, error) {
		if r.Text == "slow" {
			close(begun)
			<-goOn
		}
		return Reply(Message{Text: "done " + r.Text}), nil
	}}))
	slow := make(chan acted, 1)
	give := func(text string) acted {
		return w.do("/command", map[string]any{"user": "ana", "channel": "#general", "command": "/kudos", "text": text})
	}
	go func() { slow <- give("slow") }()
	<-begun
	w.stop()
	for _, text := range []string{"one", "two", "three"} {
		if a := give(text); !a.Acked || a.Response.Text != "done "+text {
			t.Errorf("while it ends: %+v", a)
		}
	}
	close(goOn)
	if a := <-slow; !a.Acked || a.Response.Text != "done slow" {
		t.Errorf("what was under way: %+v", a)
	}
	select {
	case err := <-w.ended:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(patienceOfTests):
		t.Fatal("it does not end")
	}
	if n := count.of(count.acks, "slash_commands ok"); n != 4 {
		t.Errorf("%d commands were answered in time, want 4: %v", n, count.acks)
	}
}
