package scheduler_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"rapport/bot"
	"rapport/scheduler"
)

// sweeps is a ledger that tells when it is swept, which a look does first.
type sweeps struct {
	scheduler.Ledger
	swept chan struct{}
}

func (l sweeps) Sweep(ctx context.Context, now time.Time, wait time.Duration) (int, error) {
	select {
	case l.swept <- struct{}{}:
	default:
	}
	return l.Ledger.Sweep(ctx, now, wait)
}

// poked is a sender during each of whose posts somebody asks to look again, and the scheduler does.
type poked struct {
	*slack
	swept chan struct{}
	poke  func()
}

func (x poked) Send(ctx context.Context, s bot.Send, content any) bot.Outcome {
	select {
	case <-x.swept: // of an earlier look
	default:
	}
	x.poke()
	<-x.swept
	return x.slack.Send(ctx, s, content)
}

func TestAPokeDuringAPostKeepsThePace(t *testing.T) {
	const pace = 250 * time.Millisecond
	h := newHouse(t)
	var sids []string
	for i := range 8 {
		sids = append(sids, fmt.Sprint("m", i))
		h.insert(dm(sids[i], start))
	}
	swept := make(chan struct{}, 1)
	var s *scheduler.Scheduler
	cfg := h.config()
	cfg.Ledger, cfg.Pacer, cfg.Sweep = sweeps{h.store, swept}, h.store, 10*time.Second
	h.slack.paced = true
	cfg.Sender = poked{h.slack, swept, func() { s.Poke() }}
	s, err := scheduler.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	s.Start(t.Context())
	t.Cleanup(func() {
		if err := s.Stop(context.WithoutCancel(t.Context())); err != nil {
			t.Error(err)
		}
	})
	for i := range sids {
		if i > 0 {
			h.clock.advance(pace)
		} else {
			h.clock.advance(0)
		}
		came := 0
		for _, sid := range sids {
			came += h.slack.arrived(sid)
		}
		if came != i+1 {
			t.Errorf("%d messages came within %s, want %d", came, h.clock.Now().Sub(start), i+1)
		}
	}
}

func TestNothingWaitsForAMessageThatNobodyLooksFor(t *testing.T) {
	h := newHouse(t)
	h.slack.blind = true
	h.slack.fail = func(s bot.Send, _ int) fault {
		if s.SID == "parent" {
			return fault{arrives: true, outcome: bot.Outcome{State: bot.StateUnknown}}
		}
		return fault{}
	}
	edit := dm("edit", start.Add(time.Second)) // waits while the parent is looked for
	edit.Replaces = "parent"
	late := dm("late", start.Add(time.Hour))
	late.Thread = "parent"
	h.insert(dm("parent", start), edit, late)
	h.run(h.config())
	h.clock.advance(10 * time.Second)
	h.wants("edit", bot.StatePending, 0)
	h.clock.advance(2 * time.Minute)
	h.wants("parent", bot.StateUnknown, 1)
	h.wants("edit", bot.StateDropped, 0)
	h.clock.advance(time.Hour)
	h.wants("late", bot.StateDropped, 0)
	for _, sid := range []string{"edit", "late"} {
		if s := h.state(sid); s.Reason != "unsure_parent" {
			t.Errorf("%s was dropped for %q", sid, s.Reason)
		}
	}
}
