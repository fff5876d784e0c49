package scheduler

import (
	"context"
	"errors"
	"time"

	"rapport/bot"
)

// compose decides whether a send goes now, first by the message that it belongs to, and makes its content.
func (s *Scheduler) compose(ctx context.Context, now time.Time, send bot.Send) (any, bot.Decision, error) {
	for _, sid := range []string{send.Thread, send.Replaces} {
		if sid == "" {
			continue
		}
		parent, err := bot.Standing(ctx, s.cfg.Ledger, sid)
		if errors.Is(err, bot.ErrNotFound) {
			return nil, bot.Decision{Verdict: bot.Drop, Reason: reasonNoParent}, nil
		}
		if err != nil {
			return nil, bot.Decision{}, err
		}
		if d := afterParent(now, parent); d.Verdict != bot.Go {
			if d.Reason == reasonUnsureParent {
				s.cfg.Log.WarnContext(ctx, "send dropped: nobody can tell whether the one it belongs to was posted", "sid", send.SID, "parent", sid)
			}
			return nil, d, nil
		}
	}
	return s.cfg.Composer.Compose(ctx, now, send)
}
