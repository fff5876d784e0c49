package scheduler

import (
	"context"
	"time"

	"rapport/bot"
)

// Opening ahead: a large round opens so many conversations that Slack's pace for that lasts longer than the round's hours. Opening one is silent, so it goes
// on at night, for what is due soon and in the order in which it is due. What is due already comes first by the same order.

// groupKinds are those whose conversation may have to be opened: the introduction, and what follows it, if that was lost.
func groupKinds() []bot.Kind { return []bot.Kind{bot.KindPair, bot.KindMidway, bot.KindMet} }

const (
	aheadAtOnce = 200              // sends that are looked at together
	aheadParts  = 10               // how many times that in one look
	aheadAgain  = 10 * time.Minute // how soon everything is looked through again
)

// placeAhead stands for whatever conversation is opened ahead.
const placeAhead = "ahead"

// ahead is how far opening ahead has come. It is worth nothing to another process: what was opened is stored.
type ahead struct {
	kind int        // index in groupKinds
	skip int        // how many sends of it were looked at
	list []bot.Send // those of them that need opening
	rest time.Time  // everything was looked through; not again before
}

// restart begins anew, for there may be new sends.
func (a *ahead) restart() { *a = ahead{} }

// openAhead gives the next conversation to a worker, if there is one to open and nothing due waits for the same rate.
func (l *looking) openAhead(ctx context.Context) {
	if l.cfg.Opener == nil || l.opening || l.claiming || l.Halted() || l.stopped(ctx) {
		return
	}
	now, rate := l.cfg.Clock.Now(), l.cfg.Opener.OpeningRate()
	if l.wanted[rate.Name] || !l.findClosed(ctx, now) {
		return
	}
	if err := l.dropOpened(ctx); err != nil || len(l.ahead.list) == 0 {
		if err != nil {
			l.trouble(ctx, now, "look whether a conversation is open", err)
		}
		return
	}
	rates := []bot.Rate{rate}
	if until := l.rests.freeAt(now, rates); !until.IsZero() {
		l.notLater(until)
		return
	}
	wait, blocked, err := l.cfg.Pacer.Pace(ctx, now, rates)
	if err != nil {
		l.trouble(ctx, now, "pace of opening ahead", err)
		return
	}
	l.rests.learn(now, rates, bot.Claim{Held: wait == 0, Wait: wait, Blocked: blocked})
	if wait > 0 {
		l.notLater(now.Add(wait))
		return
	}
	send := l.ahead.list[0]
	l.ahead.list = l.ahead.list[1:]
	l.open(ctx, send)
}

// dropOpened leaves out those of the next sends whose conversation was opened since they were found, or is being written to.
func (l *looking) dropOpened(ctx context.Context) error {
	for len(l.ahead.list) > 0 {
		next := l.ahead.list[:1]
		closed, err := l.cfg.Opener.Closed(ctx, next)
		if err != nil {
			return err
		}
		if len(closed) > 0 && !l.busy[placeOf(next[0])] {
			return nil
		}
		l.ahead.list = l.ahead.list[1:]
	}
	l.notLater(l.cfg.Clock.Now().Add(lookAgain))
	return nil
}

// open has a worker open the conversation of a send. If it cannot, whoever sends it will hear so.
func (l *looking) open(ctx context.Context, send bot.Send) {
	l.opening = true
	l.running++
	end := l.cfg.Clock.Begin()
	go func() {
		defer end()
		l.heed(ctx, l.cfg.Opener.Open(ctx, send))
		l.done <- finished{send: send, place: placeAhead}
	}()
}

// findClosed looks for sends whose conversation is not open, and reports whether there are any.
func (l *looking) findClosed(ctx context.Context, now time.Time) bool {
	a := &l.ahead
	for range aheadParts {
		if len(a.list) > 0 {
			return true
		}
		if a.rest.After(now) {
			return false
		}
		if a.kind == len(groupKinds()) {
			*a = ahead{rest: now.Add(aheadAgain)}
			return false
		}
		if err := l.lookAhead(ctx, now); err != nil {
			l.trouble(ctx, now, "look ahead", err)
			a.rest = now.Add(lookAgain)
			return false
		}
	}
	if len(a.list) == 0 {
		l.notLater(now.Add(lookAgain))
	}
	return len(a.list) > 0
}

// lookAhead looks at the next part of what is due soon.
func (l *looking) lookAhead(ctx context.Context, now time.Time) error {
	a, kind := &l.ahead, groupKinds()[l.ahead.kind]
	if l.held(kind) {
		a.kind, a.skip = a.kind+1, 0
		return nil
	}
	part, err := l.cfg.Upcoming.Upcoming(ctx, kind, now.Add(l.cfg.Times.Ahead), a.skip, aheadAtOnce)
	if err != nil {
		return err
	}
	if len(part) == 0 {
		a.kind, a.skip = a.kind+1, 0
		return nil
	}
	closed, err := l.cfg.Opener.Closed(ctx, part)
	if err != nil {
		return err
	}
	a.skip, a.list = a.skip+len(part), closed
	return nil
}
