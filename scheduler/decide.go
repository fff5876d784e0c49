package scheduler

import (
	"time"

	"rapport/bot"
)

// Grace that every entry has: less than that late is on time.
const leastGrace = 5 * time.Minute

// firing is what a due schedule entry comes to.
type firing struct {
	run    Run       // zero: nothing runs
	next   time.Time // the next run; zero: none any more
	missed bool      // a run was skipped, for it is too late for it
}

// decideFiring decides on an entry that was changed at since and whose stored next run is stored; zero if it was not computed since then. Of
// several runs that were missed at most the latest counts, as the entry's policy has it.
func decideFiring(e bot.Entry, since, stored, now time.Time) (firing, error) {
	t, err := newTable(e)
	if err != nil {
		return firing{}, err
	}
	if e.Off {
		return firing{}, nil
	}
	if stored.IsZero() {
		stored = t.next(since).At
	}
	if stored.IsZero() || stored.After(now) {
		return firing{next: stored}, nil
	}
	from := stored
	if late := now.Add(-graceOf(e)); from.Before(late) {
		from = late
	}
	var f firing
	for run := t.next(from.Add(-time.Nanosecond)); ; run = t.next(run.At) {
		f.next = run.At
		if run.At.IsZero() || run.At.After(now) {
			break
		}
		f.run = run
	}
	f.missed = f.run.At.IsZero()
	return f, nil
}

// graceOf is how late a run may be.
func graceOf(e bot.Entry) time.Duration {
	if e.Missed == bot.MissedSkip {
		return leastGrace
	}
	return max(e.Grace, leastGrace)
}

// planLife is how long a run may at least be turned into messages, if that fails at first.
const planLife = time.Hour

// planSend is the send that turns a run into messages.
func planSend(e bot.Entry, run Run) bot.Send {
	return bot.Send{
		SID: "plan/" + e.Name + "/" + run.Civil, Kind: bot.KindPlan, Ref: e.Name + " " + run.At.UTC().Format(time.RFC3339),
		Due: run.At, NotAfter: run.At.Add(max(e.Grace, planLife)),
	}
}

// expired reports whether it is too late for a send. One whose post may have happened is looked into however late it is.
func expired(now time.Time, s bot.Send) bool {
	return s.State != bot.StateUnknown && !s.NotAfter.IsZero() && now.After(s.NotAfter)
}

// againForParent is how long a send waits for the message that it belongs to, before it looks again.
const againForParent = 5 * time.Second

// afterParent decides on a send that goes into the thread of another one, or edits it. One of which nobody can tell whether it was posted, and which
// nobody looks for any more, is as good as lost: where it stands, if it does, will never be known.
func afterParent(now time.Time, parent bot.Send) bot.Decision {
	switch parent.State {
	case bot.StateSent:
		return bot.Decision{Verdict: bot.Go}
	case bot.StatePending, bot.StateClaimed, bot.StatePosting, bot.StateUnknown:
		if parent.State == bot.StateUnknown && !parent.Settled.IsZero() {
			return bot.Decision{Verdict: bot.Drop, Reason: reasonUnsureParent}
		}
		until := parent.Due
		if until.Before(now) {
			until = now
		}
		return bot.Decision{Verdict: bot.Wait, Reason: bot.ReasonWaits, Until: until.Add(againForParent)}
	}
	return bot.Decision{Verdict: bot.Drop, Reason: bot.ReasonUndone}
}

// Bounds of the pause after a definite no that came without an instant.
const (
	firstPause   = 2 * time.Second
	longestPause = 5 * time.Minute
)

// pauseAfter doubles with every attempt, the first being 1.
func pauseAfter(attempt int) time.Duration {
	return min(firstPause<<min(max(attempt-1, 0), 16), longestPause)
}

// RateLimited is Slack's word for too many calls, as [Slack's documentation of rate limits] has it.
//
// [Slack's documentation of rate limits]: https://docs.slack.dev/apis/web-api/rate-limits
const RateLimited bot.Reason = "ratelimited"

// Reasons that dispatch itself gives.
const (
	reasonCompose   bot.Reason = "compose_error" // what it tells of could not be read
	reasonPlan      bot.Reason = "plan_error"
	reasonPostponed bot.Reason = "postponed"     // to another day
	reasonLate      bot.Reason = "late"          // past its NotAfter
	reasonStrange   bot.Reason = "strange_state" // a sender said something that is no outcome
	reasonUnsure    bot.Reason = "unsure"        // nobody can tell whether Slack has it
	reasonNoParent  bot.Reason = "no_parent"     // the message it belongs to is not known any more
	// reasonUnsureParent: nobody can tell whether the message it belongs to was posted.
	reasonUnsureParent bot.Reason = "unsure_parent"
)

// afterCompose turns a decision not to post now into an outcome.
func afterCompose(now time.Time, d bot.Decision) bot.Outcome {
	if d.Verdict == bot.Drop {
		return bot.Outcome{State: bot.StateDropped, Reason: d.Reason}
	}
	until := d.Until
	if !until.After(now) {
		until = now.Add(firstPause) // or it would be asked again and again in this instant
	}
	return bot.Outcome{State: bot.StatePending, Reason: d.Reason, Retry: until}
}

// afterPost completes what a sender says of a post.
func afterPost(now time.Time, s bot.Send, o bot.Outcome, wait time.Duration) bot.Outcome {
	switch o.State {
	case bot.StateSent, bot.StateDead:
	case bot.StatePending:
		if !o.Retry.After(now) {
			o.Retry = now.Add(pauseAfter(s.Attempt))
		}
	case bot.StateUnknown:
		o.Retry = now.Add(wait)
	default:
		o = bot.Outcome{State: bot.StateUnknown, Reason: reasonStrange, Retry: now.Add(wait)}
	}
	return o
}

// afterFind completes what a sender says of a post whose fate was unknown. Unknown without an instant to look again is left to an operator.
func afterFind(now time.Time, s bot.Send, o bot.Outcome) bot.Outcome {
	switch o.State {
	case bot.StateSent, bot.StateDead:
	case bot.StatePending:
		o.Retry = now
	case bot.StateUnknown:
		if !o.Retry.IsZero() && !o.Retry.After(now) {
			o.Retry = now.Add(pauseAfter(s.Attempt))
		}
		if o.Reason == "" {
			o.Reason = reasonUnsure
		}
	default:
		o = bot.Outcome{State: bot.StateUnknown, Reason: reasonStrange, Retry: now.Add(pauseAfter(s.Attempt))}
	}
	return o
}
