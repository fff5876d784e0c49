package slackapp

import (
	"context"
	"errors"
	"strings"
	"testing"

	"rapport/bot"
)

// brokenShelf is a store of kudos that stops to answer.
type brokenShelf struct {
	*kudosShelf
	reads, writes bool // which still work
}

var errDown = errors.New("the store is down")

func (s *brokenShelf) Scene(ctx context.Context, channel string, members ...string) (bot.Scene, error) {
	if !s.reads {
		return bot.Scene{}, errDown
	}
	return s.kudosShelf.Scene(ctx, channel, members...)
}

func (s *brokenShelf) AddKudos(ctx context.Context, t bot.Token, k bot.Kudos, q bot.KudosQuota, sends bot.Intents) (bot.Kudos, error) {
	if !s.writes {
		return bot.Kudos{}, errDown
	}
	return s.kudosShelf.AddKudos(ctx, t, k, q, sends)
}

// What failed because of the store is counted as failed, whatever noun it is of, and the person reads what happened and gets the text back. What was refused is not.
func TestWhatTheStoreFailedIsCountedAsFailed(t *testing.T) {
	const good = "for staying with the customer"
	for _, tt := range []struct {
		name          string
		reads, writes bool
		text          string
		says, gives   string
		counted       string
	}{
		{"it is not read", false, true, good, "so I could not look and nothing was saved", good, "slash_commands failed"},
		{"it is not written", true, false, good, wordsLate, good, "slash_commands failed"},
		{"it works", true, true, good, "Thank you", "", "slash_commands ok"},
		{"it refuses", true, true, "thx", "Say what they did", "", "slash_commands ok"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			count := newTally()
			k, shelf := newKudosNoun(t)
			broken := &brokenShelf{shelf, tt.reads, tt.writes}
			k.Use.Store, k.Use.Scenes = broken, broken
			w := newTown(t, func(cfg *Config) { cfg.Acked = count.acked }, func(c *Client) Noun {
				k.Client = c
				return k
			})
			a := w.do("/command", map[string]any{"user": "ana", "channel": "#general", "command": "/kudos", "text": "<@UBOB> " + tt.text})
			if said := a.Response.Text + string(a.Response.Blocks); !strings.Contains(said, tt.says) || !strings.Contains(said, tt.gives) {
				t.Errorf("it says %s, want %q", said, tt.says)
			}
			w.until(func() bool { return count.all() > 0 }) // it is counted after Slack has it
			if n, all := count.of(count.acks, tt.counted), count.all(); n != 1 || all != 1 {
				t.Errorf("%s: %d times of %d, want 1 of 1", tt.counted, n, all)
			}
		})
	}
}

// The same holds for forms, whose answers stand below an input.
func TestWhatTheStoreFailedIsAFormsErrorToo(t *testing.T) {
	const good = "for staying with the customer"
	k, shelf := newKudosNoun(t)
	k.Use.Store = &brokenShelf{shelf, true, false}
	response, err := k.submit(t.Context(), form("CPUB ", "UANA", good, noValue, "UBOB"))
	if fault, ok := errors.AsType[*bot.Fault](err); !ok || fault.Code != bot.FaultUnsaved {
		t.Errorf("a form that was not saved: %+v, %v", response, err)
	}
	response, err = k.submit(t.Context(), form("CPUB ", "UANA", good, noValue, "UANA"))
	if err != nil || response.Ack == nil {
		t.Errorf("a form that is refused: %+v, %v", response, err)
	}
}

func TestWhatCountsAsRefused(t *testing.T) {
	for _, tt := range []struct {
		err  error
		want bool
	}{
		{nil, false},
		{errDown, false},
		{&bot.Fault{Code: bot.KudosLimit}, true},
		{&bot.Fault{Code: bot.FaultStale, Cause: bot.ErrConflict}, true},
		{&bot.Fault{Code: bot.FaultUnsaved, Cause: errDown}, false},
		{&bot.Fault{Code: bot.FaultUnread, Cause: errDown}, false},
	} {
		if got := refused(tt.err) != nil; got != tt.want {
			t.Errorf("%v: refused is %v, want %v", tt.err, got, tt.want)
		}
	}
}
