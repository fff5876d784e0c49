package bot

import (
	"context"
	"errors"
	"slices"
	"time"

	"rapport/bot/pairing"
)

// Trial is what the next round would be if it were drawn now: numbers, and nobody. Each is rounded down to a multiple of five, and one under five is 0, so that two trials
// with one person's skip, pause or private wish between them mostly read the same, and neither says whose it was. Nothing of it is stored or sent.
type Trial struct {
	Program Program
	At      time.Time // of the round
	Known   bool      // at least five people are in; else all numbers are 0
	In      int       // people who are in the program
	Matched int       // people in groups
	Groups  int
	Away    int                 // who are in, and not in this round: skip, pause, own cadence, a holiday, no answer to the last round
	LeftOut int                 // who would take part and have nobody to meet
	Across  int                 // groups with people of different departments
	Repeats int                 // pairs who met within the program's window
	Relaxed []pairing.Preferred // what the program prefers, and at least five pairs would do without
}

// coarse is a number as a trial shows it.
func coarse(n int) int { return n / few * few }

// Try draws the next round of a program for one of its editors, without any effect. A mentor program has no rounds to try.
func (c *Coffee) Try(ctx context.Context, now time.Time, program, actor, channel string) (Trial, error) {
	p, err := c.editable(ctx, program, actor, channel)
	if err != nil {
		return Trial{}, err
	}
	if p.Form != CoffeeForm {
		return Trial{}, &Fault{Code: FaultInvalid}
	}
	last, err := c.wholeLatest(ctx, p.ID)
	if err != nil {
		return Trial{}, err
	}
	t := Trial{Program: p, At: NextRound(p, now)}
	drawn, err := c.draw(ctx, p, last, t.At)
	if err != nil {
		return Trial{}, &Fault{Code: FaultUnread, Cause: err}
	}
	t.count(drawn)
	return t, nil
}

// wholeLatest is a program's latest round with its groups, the zero value before the first.
func (c *Coffee) wholeLatest(ctx context.Context, program string) (Round, error) {
	last, err := c.latest(ctx, program)
	if err != nil || last.Number == 0 {
		return last, err
	}
	r, err := c.Rounds.Round(ctx, last.ID)
	if errors.Is(err, ErrNotFound) {
		return last, nil
	}
	if err != nil {
		return Round{}, &Fault{Code: FaultUnread, Cause: err}
	}
	return r, nil
}

func (t *Trial) count(drawn drawnRound) {
	in := 0
	for _, s := range drawn.seats {
		if s.In() {
			in++
		}
	}
	if in < few {
		return
	}
	r := drawn.plan.Counted()
	t.Known = true
	t.In, t.Matched, t.Groups, t.Across = coarse(in), coarse(r.People), coarse(r.GroupCount), coarse(r.Across)
	t.LeftOut, t.Away = coarse(len(drawn.plan.LeftOut)), coarse(in-r.People-len(drawn.plan.LeftOut))
	repeats := 0
	for _, g := range r.Groups {
		for _, reason := range g.Reasons {
			if reason.Code == pairing.MetBefore {
				repeats++
			}
		}
	}
	t.Repeats = coarse(repeats)
	for _, relaxed := range drawn.plan.Relaxed {
		if relaxed.Pairs >= few && !slices.Contains(t.Relaxed, relaxed.Rule) {
			t.Relaxed = append(t.Relaxed, relaxed.Rule)
		}
	}
}
