package slackapp

import (
	"context"
	"errors"
	"net/http/httptrace"
	"sync/atomic"
	"time"

	"rapport/bot"
)

// Reasons of outcomes that Slack does not name itself.
const (
	reasonNoConnection bot.Reason = "no_connection" // nothing reached Slack
	reasonNoAnswer     bot.Reason = "no_answer"     // something may have
	reasonRender       bot.Reason = "no_view"
	reasonStore        bot.Reason = "store" // ours did not answer
	reasonNotFound     bot.Reason = "not_in_history"
	reasonUnreadable   bot.Reason = "history_unreadable" // or nobody knows which part of it to read
)

// attempt watches whether a call got as far as a connection: until then it certainly had no effect.
type attempt struct{ connected atomic.Bool }

func (a *attempt) watch(ctx context.Context) context.Context {
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) { a.connected.Store(true) }})
}

// longestRest is how long everybody waits at most because Slack said so once. If that was too short Slack says so again; an answer that asks for a day, by
// mistake or from something on the way there, must not silence the bot for a day.
const longestRest = 10 * time.Minute

// outcome says what became of a call that failed, by what is known of its effect. connected is false when nothing can have reached Slack. Retry is
// set only where Slack said how long to wait, because that holds for every call; it is between a second and longestRest away.
func outcome(now time.Time, err error, connected bool) bot.Outcome {
	refusal, ok := errors.AsType[*Refusal](err)
	if !ok {
		if !connected {
			return bot.Outcome{State: bot.StatePending, Reason: reasonNoConnection}
		}
		return bot.Outcome{State: bot.StateUnknown, Reason: reasonNoAnswer}
	}
	o := bot.Outcome{Reason: bot.Reason(refusal.Code)}
	switch judge(refusal) {
	case verdictLater:
		o.State = bot.StatePending
	case verdictLimited:
		o.State, o.Retry = bot.StatePending, now.Add(min(max(refusal.Retry, time.Second), longestRest))
	case verdictUnknown:
		o.State = bot.StateUnknown
	case verdictHalt:
		o.State, o.Halt = bot.StatePending, true
	case verdictDead:
		o.State = bot.StateDead
	}
	return o
}

// verdict is what a refusal means for a message.
type verdict int

const (
	verdictDead    verdict = iota // for good: this message will never be accepted
	verdictLater                  // a definite no for now
	verdictLimited                // too fast; Slack said how long to wait
	verdictUnknown                // it may have been accepted
	verdictHalt                   // nothing can be sent at all
)

// judge reads Slack's code. A code that is not listed is a definite no: Slack answered, and in its words "ok" was false.
func judge(r *Refusal) verdict {
	switch {
	case r.Code == codeRateLimited:
		return verdictLimited
	case r.HTTPCode >= 500:
		return verdictUnknown
	case r.HTTPCode >= 400:
		return verdictLater // a proxy or a wrong address: Slack has not seen it
	}
	switch r.Code {
	case "no_permission", "access_denied": // to this conversation, which says nothing of the others
		return verdictDead
	case "internal_error", "fatal_error", "service_unavailable", "update_failed":
		return verdictUnknown
	case "rate_limited", "message_limit_exceeded", "request_timeout", "team_added_to_org", "upgrade_required":
		return verdictLater
	}
	if tokenCure(r.Code) != "" {
		return verdictHalt
	}
	return verdictDead
}
