package scheduler

import (
	"context"
	"slices"
	"strings"
	"time"

	"rapport/bot"
)

// lookAgain is how soon the scheduler looks again after the store did not answer.
const lookAgain = time.Second

// look works until nothing is due any more and nobody works, then registers the next alarm. While one look goes on, another call only
// makes it look once more.
func (s *Scheduler) look(ctx context.Context) {
	if !s.beginLook() {
		return
	}
	for {
		if s.endLook(ctx, s.newLooking().run(ctx)) {
			return
		}
	}
}

func (s *Scheduler) beginLook() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.alarm, s.cancel = s.passedAlarm()
	if s.looking {
		s.again = true
		s.tell()
		return false
	}
	if s.wake == nil {
		return false
	}
	s.looking, s.idle = true, make(chan struct{})
	return true
}

// passedAlarm drops the alarm if it has rung. The mutex is held.
func (s *Scheduler) passedAlarm() (time.Time, func() bool) {
	if s.alarm.After(s.cfg.Clock.Now()) {
		return s.alarm, s.cancel
	}
	return time.Time{}, nil
}

// endLook registers the next alarm and ends the look, unless somebody asked to look again.
func (s *Scheduler) endLook(ctx context.Context, next time.Time) bool {
	s.setAlarm(next)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.again && s.wake != nil && ctx.Err() == nil {
		s.again = false
		return false
	}
	s.again, s.looking = false, false
	close(s.idle)
	s.idle = nil
	return true
}

// setAlarm wakes the scheduler at an instant, instead of the one that was registered; the zero instant is never.
func (s *Scheduler) setAlarm(at time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.wake == nil || at.Equal(s.alarm) {
		return
	}
	if s.cancel != nil {
		s.cancel()
	}
	s.alarm, s.cancel = at, nil
	if !at.IsZero() {
		s.cancel = s.cfg.Clock.At(at, s.wake)
	}
}

// looking is one look: it keeps the workers busy with what is due.
type looking struct {
	*Scheduler
	done    chan finished
	running int             // workers
	busy    map[string]bool // conversations that somebody posts to right now
	resting map[string]bool // conversations that the pace does not allow yet
	failed  map[string]bool // sids that the store did not let us work on: the next look tries again
	list    []bot.Send      // due and not taken yet
	limit   int             // how many due sends are asked for at once
	armed   time.Time       // when the alarm was last set while workers run
	soonest time.Time       // when to look again, beside what is stored; zero: no need
	quiet   time.Time       // nobody may post before; planning goes on
}

// finished is the end of a worker's work.
type finished struct {
	sid   string
	place string
	err   error // of the store
}

func (s *Scheduler) newLooking() *looking {
	return &looking{
		Scheduler: s, done: make(chan finished), limit: dueAtOnce * s.cfg.Workers,
		busy: make(map[string]bool), resting: make(map[string]bool), failed: make(map[string]bool),
	}
}

// run returns when the next look is due.
func (l *looking) run(ctx context.Context) time.Time {
	l.upkeep(ctx)
	for {
		l.fill(ctx)
		if l.running == 0 {
			return l.next(ctx)
		}
		l.arm(ctx)
		select {
		case f := <-l.done:
			l.finish(ctx, f)
		case <-l.nudge:
			l.nudged(ctx)
		}
	}
}

func (l *looking) finish(ctx context.Context, f finished) {
	l.running--
	delete(l.busy, f.place)
	if f.err != nil {
		l.failed[f.sid] = true
		l.trouble(ctx, l.cfg.Clock.Now(), "deliver "+f.sid, f.err)
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
	if l.quiet.After(now) {
		l.setAlarm(l.soonest)
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
	clear(l.resting)
	clear(l.failed)
	l.upkeep(ctx)
	if l.quiet.After(l.cfg.Clock.Now()) {
		l.notLater(l.quiet) // the pace goes on, and with it what waits for it
	}
}

// stopped reports whether nothing new may be taken up.
func (l *looking) stopped(ctx context.Context) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.wake == nil || ctx.Err() != nil
}

// upkeep settles what could not be settled, takes back what others left behind and fires the schedule entries that are due.
func (l *looking) upkeep(ctx context.Context) {
	now := l.cfg.Clock.Now()
	if l.stopped(ctx) {
		return
	}
	if l.cfg.Sweep > 0 {
		l.notLater(now.Add(l.cfg.Sweep))
	}
	if err := l.settleAgain(ctx); err != nil {
		l.trouble(ctx, now, "settle", err)
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

// Bounds of how many due sends are asked for at once: some for each worker, and more where all of those have to rest.
const (
	dueAtOnce = 4
	dueAtMost = 4096
)

// fill gives free workers what is due.
func (l *looking) fill(ctx context.Context) {
	for l.running < l.cfg.Workers && !l.stopped(ctx) {
		if len(l.list) == 0 && !l.ask(ctx) {
			return
		}
		taken, goOn := false, true
		for len(l.list) > 0 && goOn && !taken {
			taken, goOn = l.take(ctx, l.list[0])
			l.list = l.list[1:]
		}
		if !goOn {
			l.list = nil
			return
		}
	}
}

// ask fills the list with what is due and may be taken, and reports whether there is anything.
func (l *looking) ask(ctx context.Context) bool {
	now := l.cfg.Clock.Now()
	kinds := l.kinds()
	if l.quiet.After(now) {
		kinds = []bot.Kind{bot.KindPlan}
	}
	for {
		due, err := l.cfg.Ledger.Due(ctx, now, kinds, l.limit)
		if err != nil {
			l.trouble(ctx, now, "list due sends", err)
			return false
		}
		full := len(due) >= l.limit
		l.list = slices.DeleteFunc(due, l.blocked)
		if len(l.list) > 0 || !full || l.limit >= dueAtMost {
			return len(l.list) > 0
		}
		l.limit *= 4
	}
}

// blocked reports whether a send cannot be taken in this look as things stand.
func (l *looking) blocked(send bot.Send) bool {
	where := placeOf(send)
	return l.failed[send.SID] || l.busy[where] || l.resting[where] || send.Kind != bot.KindPlan && l.Halted()
}

// take gives a send to a worker if it may go now. goOn is false when no other may either.
func (l *looking) take(ctx context.Context, send bot.Send) (taken, goOn bool) {
	if l.blocked(send) {
		return false, true
	}
	where := placeOf(send)
	if l.resting[where] = !l.pace(ctx, send, where); l.resting[where] {
		return false, !l.quiet.After(l.cfg.Clock.Now())
	}
	l.busy[where] = true
	l.running++
	end := l.cfg.Clock.Begin()
	go func() {
		defer end()
		err := l.deliver(ctx, send)
		l.done <- finished{sid: send.SID, place: where, err: err}
	}()
	return true, true
}

// ratePosts is the rate that all posts count against; each conversation has one of its own beside it.
const ratePosts = "post"

// pace asks whether a send may be posted. If not, or as soon as it may, it notes until when others have to wait too.
func (l *looking) pace(ctx context.Context, send bot.Send, where string) bool {
	if l.cfg.Pacer == nil || send.Kind == bot.KindPlan {
		return true
	}
	now := l.cfg.Clock.Now()
	if l.quiet.After(now) {
		return false
	}
	wait, blocked, err := l.cfg.Pacer.Pace(ctx, now, []string{ratePosts, where}, []time.Duration{l.cfg.Times.Post, l.cfg.Times.Place})
	switch {
	case err != nil:
		l.trouble(ctx, now, "pace", err)
		l.quiet = now.Add(lookAgain)
		return false
	case wait == 0:
		l.quiet = now.Add(l.cfg.Times.Post)
		l.notLater(l.quiet)
		return true
	case blocked != where:
		l.quiet = now.Add(wait)
	}
	l.notLater(now.Add(wait))
	return false
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

// fire claims the runs of the schedule entries that are due.
func (l *looking) fire(ctx context.Context, now time.Time) error {
	return l.cfg.Entries.DueEntries(ctx, now, func(e bot.Entry, since, stored time.Time, mark string) error {
		f, err := decideFiring(e, since, stored, now)
		if err != nil {
			l.cfg.Log.ErrorContext(ctx, "schedule entry cannot run", "entry", e.Name, "error", err)
		}
		var plan bot.Intents
		if !f.run.At.IsZero() {
			plan = bot.Intents{planSend(e, f.run)}
		}
		if f.missed {
			l.cfg.Log.WarnContext(ctx, "schedule entry missed a run that is too late now", "entry", e.Name, "next", f.next)
		}
		_, err = l.cfg.Entries.Fire(ctx, e.Name, mark, f.run.Civil, f.next, plan)
		return err
	})
}
