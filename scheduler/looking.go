package scheduler

import (
	"context"
	"time"

	"rapport/bot"
)

// looking is one look: it keeps the workers busy with what is due.
type looking struct {
	*Scheduler
	claims   chan claimed
	done     chan finished
	running  int             // workers
	claiming bool            // one of them composes and claims: one at a time, so that what comes first in the order gets the pace's leave
	opening  bool            // one of them opens a conversation ahead
	busy     map[string]bool // conversations that somebody posts to right now
	failed   map[string]bool // sids that the store did not let us work on: the next look tries again
	wanted   map[string]bool // rates that something due waits for
	list     []bot.Send      // due and not taken yet
	armed    time.Time       // when the alarm was last set while workers run
	soonest  time.Time       // when to look again, beside what is stored; zero: no need
}

// claimed is what a worker's claim came to.
type claimed struct {
	send  bot.Send
	claim bot.Claim
	err   error // of the store
}

// finished is the end of a worker's work.
type finished struct {
	send  bot.Send
	place string
	err   error // of the store
}

func (s *Scheduler) newLooking() *looking {
	return &looking{
		Scheduler: s, claims: make(chan claimed), done: make(chan finished),
		busy: make(map[string]bool), failed: make(map[string]bool), wanted: make(map[string]bool),
	}
}

// run returns when the next look is due.
func (l *looking) run(ctx context.Context) time.Time {
	l.upkeep(ctx)
	for {
		l.fill(ctx)
		l.openAhead(ctx)
		if l.running == 0 {
			return l.next(ctx)
		}
		l.arm(ctx)
		select {
		case c := <-l.claims:
			l.claimed(ctx, c)
		case f := <-l.done:
			l.finish(ctx, f)
		case <-l.nudge:
			l.nudged(ctx)
		}
	}
}

// claimed lets the next worker claim.
func (l *looking) claimed(ctx context.Context, c claimed) {
	l.claiming = false
	switch {
	case c.err != nil:
		l.failed[c.send.SID] = true
		l.trouble(ctx, l.cfg.Clock.Now(), "claim "+c.send.SID, c.err)
	case !c.claim.Held && c.claim.Wait == 0:
		l.failed[c.send.SID] = true // another has it, or it has changed
	case !c.claim.Held:
		l.notLater(l.cfg.Clock.Now().Add(c.claim.Wait))
	}
}

func (l *looking) finish(ctx context.Context, f finished) {
	l.running--
	delete(l.busy, f.place)
	if f.place == placeAhead {
		l.opening = false
	}
	if f.send.Kind == bot.KindPlan {
		l.ahead.restart()
	}
	if f.err != nil {
		l.failed[f.send.SID] = true
		l.trouble(ctx, l.cfg.Clock.Now(), "deliver "+f.send.SID, f.err)
	}
}

// armAgain is how often the alarm is set anew while workers run, for what they bring about meanwhile.
const armAgain = 100 * time.Millisecond

// arm sets the alarm while workers run, so that a slow one does not keep others from being looked at.
func (l *looking) arm(ctx context.Context) {
	now := l.cfg.Clock.Now()
	if !l.armed.IsZero() && now.Sub(l.armed) < armAgain {
		return
	}
	l.armed = now
	if !l.soonest.IsZero() && l.soonest.Before(now.Add(lookAgain)) {
		l.setAlarm(l.soonest) // soon enough for whatever is stored
		return
	}
	l.setAlarm(l.next(ctx))
}

// nudged looks at everything anew, in the middle of a look.
func (l *looking) nudged(ctx context.Context) {
	l.mu.Lock()
	l.again = false
	l.mu.Unlock()
	l.list, l.soonest, l.armed = nil, time.Time{}, time.Time{}
	clear(l.failed)
	clear(l.wanted)
	l.upkeep(ctx)
}

// stopped reports whether nothing new may be taken up.
func (l *looking) stopped(ctx context.Context) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.wake == nil || ctx.Err() != nil
}

// upkeep settles what could not be settled, hears what is held back, takes back what others left behind and fires the schedule entries that are due.
func (l *looking) upkeep(ctx context.Context) {
	now := l.cfg.Clock.Now()
	if l.stopped(ctx) {
		return
	}
	if l.cfg.Sweep > 0 {
		l.notLater(now.Add(l.cfg.Sweep))
	}
	l.rests.sweep(now)
	if err := l.settleAgain(ctx); err != nil {
		l.trouble(ctx, now, "settle", err)
	}
	if err := l.hearPauses(ctx); err != nil {
		l.trouble(ctx, now, "pauses", err)
	}
	if n, err := l.cfg.Ledger.Sweep(ctx, now, l.cfg.Times.Look); err != nil {
		l.trouble(ctx, now, "sweep", err)
	} else if n > 0 {
		l.cfg.Log.InfoContext(ctx, "took back sends whose lease ran out", "sends", n)
	}
	if err := l.fire(ctx, now); err != nil {
		l.trouble(ctx, now, "fire", err)
	}
}

// trouble notes that the store did not do something, and looks again soon.
func (l *looking) trouble(ctx context.Context, now time.Time, doing string, err error) {
	if ctx.Err() == nil {
		l.cfg.Log.ErrorContext(ctx, "store is in trouble", "doing", doing, "error", err)
	}
	l.notLater(now.Add(lookAgain))
}

func (l *looking) notLater(at time.Time) { l.soonest = earlier(l.soonest, at) }

// earlier returns the earlier of two instants of which the zero one stands for never.
func earlier(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

// next returns when to look again.
func (l *looking) next(ctx context.Context) time.Time {
	now := l.cfg.Clock.Now()
	if l.stopped(ctx) {
		return time.Time{}
	}
	next := l.soonest
	run, err := l.cfg.Entries.NextEntry(ctx)
	if err != nil {
		return earlier(next, now.Add(lookAgain))
	}
	due, err := l.cfg.Ledger.NextDue(ctx, l.kinds())
	if err != nil {
		return earlier(next, now.Add(lookAgain))
	}
	for _, at := range []time.Time{run, due} {
		if at.IsZero() {
			continue
		}
		if !at.After(now) {
			// It could have been taken now and was not: for the pace, which has set soonest, or because another process has just brought it.
			if !l.soonest.IsZero() {
				continue
			}
			at = now.Add(lookAgain)
		}
		next = earlier(next, at)
	}
	return next
}
