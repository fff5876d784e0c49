package scheduler

import (
	"context"
	"errors"
	"time"

	"rapport/bot"
)

// deliver brings one due send as far as it comes. Between any two of its steps the process may die: the lease then ends, and another takes
// over from what the ledger says. The error is of the ledger.
func (s *Scheduler) deliver(ctx context.Context, due bot.Send) error {
	token := s.cfg.Token()
	send, ok, err := s.cfg.Ledger.Claim(ctx, s.cfg.Clock.Now(), due, token, s.cfg.Times.Lease)
	if err != nil || !ok {
		return err // a claim that stands although the answer was lost ends with its lease
	}
	is := settling{send: send, token: token}
	switch now := s.cfg.Clock.Now(); {
	case send.State == bot.StateUnknown:
		is.outcome = afterFind(now, send, s.cfg.Sender.Find(ctx, send))
	case expired(now, send):
		is.outcome = bot.Outcome{State: bot.StateExpired, Reason: reasonLate}
	case send.Kind == bot.KindPlan:
		is.outcome = s.plan(ctx, now, send)
	default:
		if is.outcome, is.follow, ok = s.post(ctx, now, send, token); !ok {
			return ctx.Err()
		}
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return s.settle(ctx, is)
}

// post composes a message and posts it, if both the composer and the ledger let it go. It reports false if there is nothing to settle: the
// claim was lost or its time is up.
func (s *Scheduler) post(ctx context.Context, now time.Time, send bot.Send, token string) (bot.Outcome, bot.Intents, bool) {
	content, d, err := s.compose(ctx, now, send)
	if err != nil {
		s.cfg.Log.ErrorContext(ctx, "cannot compose send", "sid", send.SID, "kind", string(send.Kind), "error", err)
		return bot.Outcome{State: bot.StatePending, Reason: reasonCompose, Retry: now.Add(pauseAfter(send.Attempt))}, nil, true
	}
	switch d.Verdict {
	case bot.Drop:
		return afterCompose(now, d), d.Then, true
	case bot.Wait:
		return afterCompose(now, d), nil, true
	}
	ok, err := s.cfg.Ledger.Posting(ctx, s.cfg.Clock.Now(), send.SID, token, s.cfg.Times.Reserve)
	if err != nil || !ok {
		// Without an answer the ledger may already say posting: then the end of the lease makes it unknown, and it is looked for.
		s.cfg.Log.WarnContext(ctx, "may not post send", "sid", send.SID, "error", err)
		return bot.Outcome{}, nil, false
	}
	o := s.cfg.Sender.Send(ctx, send, content)
	s.heed(ctx, o)
	return afterPost(s.cfg.Clock.Now(), send, o, s.cfg.Times.Look), nil, true
}

// plan has a run turned into messages.
func (s *Scheduler) plan(ctx context.Context, now time.Time, send bot.Send) bot.Outcome {
	if err := s.cfg.Planner.Plan(ctx, now, send); err != nil {
		s.cfg.Log.ErrorContext(ctx, "cannot plan run", "sid", send.SID, "error", err)
		return bot.Outcome{State: bot.StatePending, Reason: reasonPlan, Retry: s.cfg.Clock.Now().Add(pauseAfter(send.Attempt))}
	}
	return bot.Outcome{State: bot.StateSent}
}

// compose decides whether a send goes now, first by the message that it belongs to, and makes its content.
func (s *Scheduler) compose(ctx context.Context, now time.Time, send bot.Send) (any, bot.Decision, error) {
	for _, sid := range []string{send.Thread, send.Replaces} {
		if sid == "" {
			continue
		}
		parent, err := s.cfg.Ledger.SendBySID(ctx, sid)
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

// heed does for all sends what the outcome of one post says of all: pause until Slack will hear us, or stop.
func (s *Scheduler) heed(ctx context.Context, o bot.Outcome) {
	if o.Halt {
		s.mu.Lock()
		s.halted = true
		s.mu.Unlock()
		s.cfg.Log.ErrorContext(ctx, "slack does not let us send: sending stops, nothing is dropped", "reason", string(o.Reason))
	}
	if o.State != bot.StatePending || o.Reason != RateLimited || s.cfg.Pacer == nil {
		return
	}
	if err := s.cfg.Pacer.BackOff(ctx, o.Retry); err != nil {
		s.cfg.Log.ErrorContext(ctx, "cannot note back-off", "error", err)
	}
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
