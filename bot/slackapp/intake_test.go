package slackapp

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"rapport/bot"
)

func TestWhatALateHandlerHasToFollowStillFollows(t *testing.T) {
	w, n := newDesk(t)
	w.do("/command", map[string]any{"user": "ana", "channel": "#general", "command": "/kudos", "text": "buttons"})
	w.settle()
	m := w.said("pick one")[0]
	goOn := make(chan bool)
	n.answers(func(r Request) (Response, error) {
		<-goOn // deaf to its context
		return Then(func(ctx context.Context) error { return n.client.Rewrite(ctx, r, Message{Text: "rewritten"}) }), nil
	})
	a := w.do("/click", map[string]any{"user": "bob", "channel": m.Channel, "ts": m.TS, "action_id": "desk.press"})
	w.until(func() bool { return len(w.said(wordsLate)) == 1 })
	close(goOn)
	w.settle()
	if got := w.said("rewritten"); !a.Acked || len(got) != 1 || got[0].TS != m.TS {
		t.Errorf("after the late handler: %+v, rewritten %+v", a, got)
	}
	w.unbroken()
}

func TestAnEventComesAgainIfTheStoreDidNotAnswer(t *testing.T) {
	for code, want := range map[bot.FaultCode]int64{bot.FaultUnsaved: 2, bot.FaultUnread: 2, bot.FaultForbidden: 1} {
		t.Run(string(code), func(t *testing.T) {
			var calls atomic.Int64
			w := newTown(t, nil, nouns(Route{Kind: OnEvent, Name: "app_home_opened", Handle: func(context.Context, Request) (Response, error) {
				if calls.Add(1) == 1 {
					return Response{}, &bot.Fault{Code: code}
				}
				return Response{}, nil
			}}))
			w.do("/home", map[string]any{"user": "ana"})
			if err := w.clock.Advance(t.Context(), wednesday.Add(10*time.Minute)); err != nil {
				t.Fatal(err)
			}
			if n := calls.Load(); n != want {
				t.Errorf("handled %d times, want %d", n, want)
			}
		})
	}
}
