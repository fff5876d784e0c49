package scheduler

import (
	"context"
	"errors"

	"rapport/bot"
)

// settling is an outcome that has to be told to the ledger.
type settling struct {
	send    bot.Send
	token   string
	outcome bot.Outcome
	follow  bot.Intents
}

// settle tells the ledger, or keeps the outcome to tell it later: what is known of a post must not be lost while the process lives.
func (s *Scheduler) settle(ctx context.Context, is settling) error {
	now := s.cfg.Clock.Now()
	stands, err := s.cfg.Ledger.Settle(ctx, now, is.send, is.token, is.outcome, is.follow)
	switch {
	case errors.Is(err, bot.ErrConflict):
		s.cfg.Log.InfoContext(ctx, "send was taken over", "sid", is.send.SID)
		return nil
	case err != nil:
		s.mu.Lock()
		s.unsettled = append(s.unsettled, is)
		s.mu.Unlock()
		return err
	}
	if s.cfg.Observe != nil {
		s.cfg.Observe(stands, is.outcome)
	}
	if twice(stands, is.outcome) {
		s.retract(ctx, is)
	}
	return nil
}

// twice reports whether a message was posted although it had been before.
func twice(stands bot.Send, o bot.Outcome) bool {
	return o.State == bot.StateSent && o.TS != "" && stands.PostedTS != "" && stands.PostedTS != o.TS
}

func (s *Scheduler) retract(ctx context.Context, is settling) {
	s.cfg.Log.ErrorContext(ctx, "send was posted twice", "sid", is.send.SID, "channel", is.outcome.Channel, "ts", is.outcome.TS)
	if s.cfg.Retractor == nil {
		return
	}
	if err := s.cfg.Retractor.Retract(ctx, is.outcome.Channel, is.outcome.TS); err != nil {
		s.cfg.Log.ErrorContext(ctx, "cannot retract the later copy", "sid", is.send.SID, "error", err)
	}
}

// settleAgain tells the ledger what it did not take before.
func (s *Scheduler) settleAgain(ctx context.Context) error {
	s.mu.Lock()
	list := s.unsettled
	s.unsettled = nil
	s.mu.Unlock()
	var errs []error
	for _, is := range list {
		errs = append(errs, s.settle(ctx, is))
	}
	return errors.Join(errs...)
}
