package scheduler_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"rapport/bot"
)

// pauses is what an operator holds back.
type pauses struct {
	mu    sync.Mutex
	kinds []bot.Kind
	err   error
}

func (p *pauses) Paused(context.Context) ([]bot.Kind, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.kinds, p.err
}

func (p *pauses) set(err error, kinds ...bot.Kind) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.kinds, p.err = kinds, err
}

func TestAPausedKindWaits(t *testing.T) {
	h := newHouse(t)
	held := &pauses{kinds: []bot.Kind{bot.KindPair}}
	short := group(2, start)
	short.NotAfter = start.Add(time.Hour)
	h.insert(group(1, start), short, dm("a", start))
	cfg := h.config()
	cfg.Pauses, cfg.Sweep = held, 10*time.Second
	h.run(cfg)
	h.clock.advance(2 * time.Hour)
	h.wants("a", bot.StateSent, 1)
	h.wants("pair/1", bot.StatePending, 0)
	h.wants("pair/2", bot.StatePending, 0)
	held.set(errors.New("no answer"))
	h.clock.advance(time.Minute)
	h.wants("pair/1", bot.StatePending, 0) // nobody says that it may go
	held.set(nil)
	h.clock.advance(time.Minute)
	h.wants("pair/1", bot.StateSent, 1)
	h.wants("pair/2", bot.StateExpired, 0)
}

func TestAClaimThatWaitsUsesUpNoRate(t *testing.T) {
	h := newHouse(t)
	h.slack.paced = true
	const quiet = 200
	morning := start.Add(8 * time.Hour)
	for i := range quiet {
		s := group(i, start)
		h.decisions[s.SID] = func(now time.Time) (bot.Decision, error) {
			if now.Before(morning) {
				return bot.Decision{Verdict: bot.Wait, Reason: bot.ReasonQuietHours, Until: morning}, nil
			}
			return bot.Decision{}, nil
		}
		h.insert(s)
	}
	h.insert(bot.Send{SID: "last", Kind: bot.KindWelcome, Members: []string{"UNEW"}, Due: start})
	cfg := h.config()
	cfg.Pacer = h.store
	h.run(cfg)
	h.clock.advance(0)
	h.wants("last", bot.StateSent, 1) // at once, although two hundred were asked before
	if s := h.state("pair/0"); !s.Due.Equal(morning) || s.Reason != bot.ReasonQuietHours {
		t.Errorf("what waits is %+v", s)
	}
}

func TestALostMessageBringsAboutWhatFollows(t *testing.T) {
	h := newHouse(t)
	h.slack.blind = true
	h.slack.fail = func(s bot.Send, _ int) fault {
		if s.SID == "post" {
			return fault{arrives: true, outcome: bot.Outcome{State: bot.StateUnknown}}
		}
		return fault{}
	}
	h.insert(bot.Send{SID: "post", Kind: bot.KindKudosPost, Channel: "C1", Due: start})
	asked := 0
	cfg := h.config()
	cfg.Lost = func(_ context.Context, now time.Time, s bot.Send) (bot.Intents, error) {
		if asked++; asked < 3 {
			return nil, errors.New("not read")
		}
		return bot.Intents{dm("again/"+s.SID, now.Add(time.Second))}, nil
	}
	h.run(cfg)
	h.clock.advance(76 * time.Second)
	h.wants("post", bot.StateUnknown, 1)
	if s := h.state("again/post"); s.State != "" {
		t.Errorf("what follows is there although it could not be told: %+v", s)
	}
	h.clock.advance(10 * time.Minute)
	h.wants("again/post", bot.StateSent, 1)
	if s := h.state("post"); s.Settled.IsZero() || s.State != bot.StateUnknown {
		t.Errorf("the lost message is %+v", s)
	}
}
