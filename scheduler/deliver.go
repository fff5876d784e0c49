package scheduler

import (
	"context"
	"errors"
	"slices"
	"time"

	"rapport/bot"
)

// attempt is a send on its way through its steps. Between any two of them the process may die: the lease then ends, and another takes over from what
// the ledger says.
type attempt struct {
	send  bot.Send
	token string
	rates []bot.Rate // what it counts against

	// What composing came to, of a message that is neither too late nor unknown.
	content  any
	decision bot.Decision
	err      error // of composing
}

// claim finds out what a due send needs and takes it. What calls nobody, for it is planned, too late, or not to go now, waits for no rate and uses none
// up; therefore a message is composed before it is claimed. The error is of the ledger.
func (s *Scheduler) claim(ctx context.Context, due bot.Send) (attempt, bot.Claim, error) {
	now := s.cfg.Clock.Now()
	a := attempt{send: due, token: s.cfg.Token()}
	switch {
	case due.State == bot.StateUnknown:
		a.rates = s.cfg.Sender.Rates(ctx, due)
	case expired(now, due), due.Kind == bot.KindPlan:
	default:
		if a.content, a.decision, a.err = s.compose(ctx, now, due); a.err == nil && a.decision.Verdict == bot.Go {
			a.rates = s.cfg.Sender.Rates(ctx, due)
			due.Took = slices.Concat(due.Took, a.decision.Takes)
		}
	}
	now = s.cfg.Clock.Now()
	claim, err := s.cfg.Ledger.Claim(ctx, now, due, a.token, s.cfg.Times.Lease, a.rates)
	if err != nil {
		return a, bot.Claim{}, err // a claim that stands although the answer was lost ends with its lease
	}
	s.rests.learn(now, a.rates, claim)
	if claim.Held {
		a.send = claim.Send
		s.observeTaken(a)
	}
	return a, claim, nil
}

// observeTaken tells of the sends that a claim took in. It is their outcome.
func (s *Scheduler) observeTaken(a attempt) {
	if s.cfg.Observe == nil {
		return
	}
	for i, sid := range a.decision.Takes {
		kind := a.send.Kind
		if i < len(a.decision.TakesKinds) {
			kind = a.decision.TakesKinds[i]
		}
		taken := bot.Send{SID: sid, Kind: kind, State: bot.StateDropped, Reason: bot.ReasonMerged, Into: a.send.SID}
		s.cfg.Observe(taken, bot.Outcome{State: bot.StateDropped, Reason: bot.ReasonMerged})
	}
}

// deliver brings a claimed send as far as it comes. The error is of the ledger.
func (s *Scheduler) deliver(ctx context.Context, a attempt) error {
	is := settling{send: a.send, token: a.token}
	switch now := s.cfg.Clock.Now(); {
	case a.send.State == bot.StateUnknown:
		is.outcome, is.follow = s.find(ctx, now, a.send)
	case expired(now, a.send):
		is.outcome = bot.Outcome{State: bot.StateExpired, Reason: reasonLate}
	case a.send.Kind == bot.KindPlan:
		is.outcome, is.follow = s.plan(ctx, now, a.send)
	default:
		var ok bool
		if is.outcome, is.follow, ok = s.post(ctx, now, a); !ok {
			return ctx.Err()
		}
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return s.settle(ctx, is)
}

// find looks for a message of unknown fate. With one that nobody will ever find comes what follows from that.
func (s *Scheduler) find(ctx context.Context, now time.Time, send bot.Send) (bot.Outcome, bot.Intents) {
	o := afterFind(now, send, s.heed(ctx, s.cfg.Sender.Find(ctx, send)))
	if o.State != bot.StateUnknown || !o.Retry.IsZero() || s.cfg.Lost == nil {
		return o, nil
	}
	follow, err := s.cfg.Lost(ctx, now, send)
	if err != nil {
		s.cfg.Log.ErrorContext(ctx, "cannot tell what follows a lost send", "sid", send.SID, "error", err)
		o.Retry = now.Add(pauseAfter(send.Attempt))
	}
	return o, follow
}

// post posts a composed message, if both the composer and the ledger let it go. It reports false if there is nothing to settle: the claim was lost or
// its time is up.
func (s *Scheduler) post(ctx context.Context, now time.Time, a attempt) (bot.Outcome, bot.Intents, bool) {
	if a.err != nil {
		s.cfg.Log.ErrorContext(ctx, "cannot compose send", "sid", a.send.SID, "kind", string(a.send.Kind), "error", a.err)
		return bot.Outcome{State: bot.StatePending, Reason: reasonCompose, Retry: now.Add(pauseAfter(a.send.Attempt))}, nil, true
	}
	if a.decision.Verdict != bot.Go {
		return afterCompose(now, a.decision), a.decision.Then, true
	}
	ok, err := s.cfg.Ledger.Posting(ctx, s.cfg.Clock.Now(), a.send.SID, a.token, s.cfg.Times.Reserve)
	if err != nil || !ok {
		// Without an answer the ledger may already say posting: then the end of the lease makes it unknown, and it is looked for.
		s.cfg.Log.WarnContext(ctx, "may not post send", "sid", a.send.SID, "error", err)
		return bot.Outcome{}, nil, false
	}
	o := s.heed(ctx, s.cfg.Sender.Send(ctx, a.send, a.content))
	return afterPost(s.cfg.Clock.Now(), a.send, o, s.cfg.Times.Look+clockMargin), a.decision.Then, true
}

// clockMargin is how far the clocks of two processes may differ. When to look for a post that had no answer is an instant of this one's: another that looked
// by its own clock at once would find nothing, while Slack may still take the message.
const clockMargin = time.Minute

// plan has a run turned into messages. One that is postponed is planned again then, by a send of its own: the run's may not wait that long.
func (s *Scheduler) plan(ctx context.Context, now time.Time, send bot.Send) (bot.Outcome, bot.Intents) {
	err := s.cfg.Planner.Plan(ctx, now, send)
	if postponed, ok := errors.AsType[*bot.PostponedError](err); ok {
		later := bot.Send{
			SID: send.SID + "/" + postponed.Until.UTC().Format(time.DateOnly), Kind: bot.KindPlan, Ref: send.Ref, Due: postponed.Until,
		}
		return bot.Outcome{State: bot.StateDropped, Reason: reasonPostponed}, bot.Intents{later}
	}
	if err != nil {
		s.cfg.Log.ErrorContext(ctx, "cannot plan run", "sid", send.SID, "error", err)
		return bot.Outcome{State: bot.StatePending, Reason: reasonPlan, Retry: s.cfg.Clock.Now().Add(pauseAfter(send.Attempt))}, nil
	}
	return bot.Outcome{State: bot.StateSent}, nil
}

// heed does for all sends what the outcome of one call says of all: pause until Slack will hear us, or stop. It returns the outcome.
func (s *Scheduler) heed(ctx context.Context, o bot.Outcome) bot.Outcome {
	if o.Halt {
		s.mu.Lock()
		s.halted = true
		s.mu.Unlock()
		s.cfg.Log.ErrorContext(ctx, "slack does not let us send: sending stops, nothing is dropped", "reason", string(o.Reason))
	}
	if o.Reason != RateLimited || o.Retry.IsZero() || s.cfg.Pacer == nil {
		return o
	}
	s.rests.note("", o.Retry)
	if err := s.cfg.Pacer.BackOff(ctx, o.Retry); err != nil {
		s.cfg.Log.ErrorContext(ctx, "cannot note back-off", "error", err)
	}
	return o
}
