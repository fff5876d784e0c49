package scheduler

import (
	"context"
	"errors"
	"fmt"
	"time"

	"rapport/bot"
)

// Dispatch has due sends worked on by whichever of several processes is free. It is a help and no more: what it loses, repeats or forgets is found in the
// ledger, which alone decides.
type Dispatch interface {
	// Start makes this process one of those that work, until Stop.
	Start(handle Handler) error
	// Offer hands over due sends, the most urgent first. One that was handed over before and waits is left as it is.
	Offer(ctx context.Context, due []bot.Send) error
	// Stop takes up nothing new and waits for what is being handled, at most until ctx ends.
	Stop(ctx context.Context) error
}

// Handler works on the send of that sid as far as it comes. One that is not to be worked on any more is no error. It may be called for anything, any number
// of times. The error is a [*NotYetError], or of the ledger.
type Handler func(ctx context.Context, sid string) error

// NotYetError says that a send may not be worked on yet, for Slack's pace or because it is held back. It is no failure.
type NotYetError struct {
	Wait time.Duration // ask again after this
}

// Error implements error.
func (e *NotYetError) Error() string { return fmt.Sprintf("not before %s have passed", e.Wait) }

const (
	offerAtOnce = 128              // how many due sends are handed over: what waits behind them waits in the ledger
	patience    = 2 * time.Second  // how long a handler waits for the pace, with the send in hand
	heldBack    = 10 * time.Second // when to ask again for what is held back
)

// offers is what this process handed over, by sid and attempt.
type offers map[string]*offer

type offer struct {
	first, last time.Time
	seen        time.Time // when it was last due
}

func offerName(s bot.Send) string { return fmt.Sprintf("%s#%d", s.SID, s.Attempt) }

// sort says which due sends to hand over, for the first time or again, and which were handed over twice as long ago and nobody worked on. Only the first
// ones can be neglected, for the others wait for them.
func (o offers) sort(now time.Time, due []bot.Send, first int, again time.Duration) (fresh, neglected []bot.Send) {
	for i, s := range due {
		known := o[offerName(s)]
		if known == nil {
			known = &offer{first: now}
			o[offerName(s)] = known
		}
		known.seen = now
		if now.Sub(known.last) >= again {
			known.last = now
			fresh = append(fresh, s)
		}
		if i < first && now.Sub(known.first) >= 2*again {
			neglected = append(neglected, s)
		}
	}
	for name, known := range o {
		if now.Sub(known.seen) > again {
			delete(o, name)
		}
	}
	return fresh, neglected
}

// offer hands over what is due, and fills the list with what this process has to do itself. It reports whether there is anything.
func (l *looking) offer(ctx context.Context, now time.Time, kinds []bot.Kind) bool {
	due, ok := l.due(ctx, now, kinds, offerAtOnce)
	if !ok {
		return false
	}
	if len(due) > 0 {
		l.notLater(now.Add(lookAgain))
	}
	fresh, neglected := l.offers.sort(now, due, l.cfg.Workers, l.cfg.Times.Again)
	if len(fresh) > 0 {
		if err := l.cfg.Dispatch.Offer(ctx, fresh); err != nil {
			l.trouble(ctx, now, "hand over due sends", err)
			neglected = due
		}
	}
	l.list = l.takeable(ctx, neglected)
	return len(l.list) > 0
}

// handle is the [Handler] of this process.
func (s *Scheduler) handle(ctx context.Context, sid string) error {
	end := s.cfg.Clock.Begin()
	defer end()
	defer s.Poke() // for what it brought about, and what is next
	from := s.cfg.Clock.Now()
	for {
		wait, err := s.tryOne(ctx, sid)
		if err != nil || wait == 0 {
			return err
		}
		if s.cfg.Clock.Now().Add(wait).After(from.Add(patience)) {
			return &NotYetError{Wait: wait}
		}
		if err := s.pause(ctx, wait); err != nil {
			return err
		}
	}
}

// tryOne works on a send if it may be worked on now. Otherwise wait says when to try again; zero: never, or it is done.
func (s *Scheduler) tryOne(ctx context.Context, sid string) (wait time.Duration, err error) {
	due, err := s.workable(ctx, sid)
	if err != nil || due.SID == "" {
		return 0, err
	}
	if s.held(due.Kind) {
		return heldBack, nil
	}
	now := s.cfg.Clock.Now()
	if due.Kind != bot.KindPlan {
		if until := s.rests.freeAt(now, s.cfg.Sender.Rates(ctx, due)); !until.IsZero() {
			return until.Sub(now), nil
		}
	}
	a, claim, err := s.claim(ctx, due)
	if err != nil || !claim.Held {
		return claim.Wait, err
	}
	return 0, s.deliver(ctx, a)
}

// pause waits by the clock.
func (s *Scheduler) pause(ctx context.Context, d time.Duration) error {
	over := make(chan struct{})
	stop := s.cfg.Clock.At(s.cfg.Clock.Now().Add(d), func() { close(over) })
	select {
	case <-over:
		return nil
	case <-ctx.Done():
		stop()
		return ctx.Err()
	}
}

// workable returns the send if it is due; zero if there is nothing to do.
func (s *Scheduler) workable(ctx context.Context, sid string) (bot.Send, error) {
	send, err := s.cfg.Ledger.SendBySID(ctx, sid)
	switch {
	case errors.Is(err, bot.ErrNotFound):
		return bot.Send{}, nil
	case err != nil:
		return bot.Send{}, err
	case !send.Settled.IsZero(), send.State != bot.StatePending && send.State != bot.StateUnknown, send.Due.After(s.cfg.Clock.Now()):
		return bot.Send{}, nil
	}
	return send, nil
}
