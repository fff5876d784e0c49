package scheduler

import (
	"context"
	"slices"
	"strings"
	"time"

	"rapport/bot"
)

// How many due sends are asked for: a few for the workers; all that one look can reach where those have to wait long; and how soon that is done again
// if it found nothing.
const (
	dueAtOnce = 8 // for each worker
	dueAtMost = 4096
	reachWait = time.Minute
)

// worthReaching is how long the first sends have to wait at least before others are looked for behind them: longer than between any two posts.
const worthReaching = 500 * time.Millisecond

// reach is what was found far behind sends that have to wait: such as what needs no conversation opened, behind a long round that does.
type reach struct {
	list []bot.Send
	next time.Time // nothing is reached for before
}

// fill gives free workers what is due.
func (l *looking) fill(ctx context.Context) {
	for !l.claiming && l.free() && !l.stopped(ctx) {
		if len(l.list) == 0 && !l.ask(ctx) {
			return
		}
		for len(l.list) > 0 && !l.claiming {
			send := l.list[0]
			l.list = l.list[1:]
			if !l.blocked(ctx, send) {
				l.take(ctx, send)
			}
		}
	}
}

// free reports whether a worker is; opening ahead takes none away.
func (l *looking) free() bool {
	working := l.running
	if l.opening {
		working--
	}
	return working < l.cfg.Workers
}

// ask fills the list with what is due and may be taken, and reports whether there is anything.
func (l *looking) ask(ctx context.Context) bool {
	now := l.cfg.Clock.Now()
	kinds := l.kinds()
	if until := l.rests.everybody(now); !until.IsZero() && slices.Contains(kinds, bot.KindPlan) {
		l.notLater(until)
		kinds = []bot.Kind{bot.KindPlan}
	}
	if l.cfg.Dispatch != nil {
		return l.offer(ctx, now, kinds)
	}
	window := dueAtOnce * l.cfg.Workers
	due, ok := l.due(ctx, now, kinds, window)
	if !ok {
		return false
	}
	soonest := l.soonestOf(ctx, now, due)
	l.list = l.takeable(ctx, due)
	if len(l.list) == 0 && len(due) == window && !soonest.IsZero() {
		l.list = l.reachBehind(ctx, now, kinds, soonest)
	}
	return len(l.list) > 0
}

func (l *looking) due(ctx context.Context, now time.Time, kinds []bot.Kind, limit int) ([]bot.Send, bool) {
	due, err := l.cfg.Ledger.Due(ctx, now, kinds, limit)
	if err != nil {
		l.trouble(ctx, now, "list due sends", err)
		return nil, false
	}
	return due, true
}

// soonestOf returns when the first of these sends may go as far as the pace is concerned; zero if one may now.
func (l *looking) soonestOf(ctx context.Context, now time.Time, sends []bot.Send) time.Time {
	var first time.Time
	for _, s := range sends {
		at := l.freeAt(ctx, now, s)
		if at.IsZero() {
			return at
		}
		first = earlier(first, at)
	}
	return first
}

// freeAt returns when a send may go as far as the pace is concerned; zero if it may now.
func (l *looking) freeAt(ctx context.Context, now time.Time, s bot.Send) time.Time {
	if s.Kind == bot.KindPlan {
		return time.Time{}
	}
	return l.rests.freeAt(now, l.cfg.Sender.Rates(ctx, s))
}

// takeable leaves out what cannot be taken in this look as things stand.
func (l *looking) takeable(ctx context.Context, sends []bot.Send) []bot.Send {
	return slices.DeleteFunc(sends, func(s bot.Send) bool { return l.blocked(ctx, s) })
}

// reachBehind finds what may go before soonest, far behind the first sends of all.
func (l *looking) reachBehind(ctx context.Context, now time.Time, kinds []bot.Kind, soonest time.Time) []bot.Send {
	sooner := func(s bot.Send) bool {
		at := l.freeAt(ctx, now, s)
		return at.IsZero() || at.Before(soonest)
	}
	l.reach.list = slices.DeleteFunc(l.reach.list, func(s bot.Send) bool { return l.failed[s.SID] || !slices.Contains(kinds, s.Kind) })
	if len(l.reach.list) == 0 && !l.reach.next.After(now) && soonest.After(now.Add(worthReaching)) {
		l.reach.next = now.Add(reachWait)
		due, ok := l.due(ctx, now, kinds, dueAtMost)
		if !ok {
			return nil
		}
		l.reach.list = slices.DeleteFunc(due, func(s bot.Send) bool { return !sooner(s) })
		if len(l.reach.list) > 0 {
			l.reach.next = time.Time{}
		}
	}
	for i, s := range l.reach.list {
		if !l.blocked(ctx, s) {
			l.reach.list = slices.Delete(l.reach.list, i, i+1)
			return []bot.Send{s}
		}
	}
	return nil
}

// blocked reports whether a send cannot be taken in this look as things stand, and notes when it may and what it waits for.
func (l *looking) blocked(ctx context.Context, send bot.Send) bool {
	if l.failed[send.SID] || l.busy[placeOf(send)] || send.Kind != bot.KindPlan && l.Halted() {
		return true
	}
	if send.Kind == bot.KindPlan {
		return false
	}
	now := l.cfg.Clock.Now()
	rates := l.cfg.Sender.Rates(ctx, send)
	until := l.rests.freeAt(now, rates)
	if until.IsZero() {
		return false
	}
	for _, r := range rates {
		l.wanted[r.Name] = true
	}
	l.notLater(until)
	return true
}

// take gives a send to a worker.
func (l *looking) take(ctx context.Context, send bot.Send) {
	where := placeOf(send)
	l.busy[where], l.claiming = true, true
	l.running++
	end := l.cfg.Clock.Begin()
	go func() {
		defer end()
		a, claim, err := l.claim(ctx, send)
		l.claims <- claimed{send: send, claim: claim, err: err}
		if err = nil; claim.Held {
			err = l.deliver(ctx, a)
		}
		l.done <- finished{send: send, place: where, err: err}
	}()
}

// placeOf names the conversation that a send goes to.
func placeOf(s bot.Send) string {
	switch {
	case s.Kind == bot.KindPlan:
		return "plan " + s.SID
	case s.Channel != "":
		return s.Channel
	}
	return strings.Join(s.Members, " ")
}
