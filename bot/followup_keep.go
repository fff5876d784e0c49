package bot

import (
	"context"
	"time"
)

// Keep says that a commitment stays as it is. Its reminders go on where days are left on which it would come up; else it rests on Home.
func (p *Promises) Keep(ctx context.Context, now time.Time, a Act) (Commitment, error) {
	return p.act(ctx, now, a, func(c *Commitment, _ Hours) (Intents, error) {
		c.Kept = now
		return nil, nil
	})
}

// justKeptOn reports whether the last thing that the owner said of a commitment was to keep it: what has no date is not asked about once more then.
func justKeptOn(c Commitment) bool { return !c.Kept.IsZero() && c.Kept.Equal(lastAct(c)) }

// ComesUp is the next day on which a commitment comes up by itself, as seen at an instant; ok is false where it rests on Home.
func (c Commitment) ComesUp(now time.Time, h Hours) (day Date, ok bool) {
	from := firstBundle(now, h)
	for _, rung := range Ladder(c, h) {
		if !rung.Day.Before(from) {
			return rung.Day, true
		}
	}
	return Date{}, false
}
