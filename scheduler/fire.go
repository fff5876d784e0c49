package scheduler

import (
	"context"
	"time"

	"rapport/bot"
)

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
