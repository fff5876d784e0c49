package scheduler

import (
	"context"
	"time"

	"rapport/bot"
)

// Planner turns a run of a schedule entry into messages. It may be asked again after it succeeded or half succeeded, and must
// then come to the same.
type Planner interface {
	Plan(ctx context.Context, now time.Time, s bot.Send) error
}

// Sender brings a message to Slack. Send and Find need an end of their own that is well before the lease's: see [Times].
type Sender interface {
	// Rates says which rates a send counts against if it is worked on as it stands: posted, or looked for if it is unknown. It is asked often.
	Rates(ctx context.Context, s bot.Send) []bot.Rate
	// Send posts once, without retries of its own. Pending for the [RateLimited] reason makes everybody wait until its Retry.
	Send(ctx context.Context, s bot.Send, content any) bot.Outcome
	// Find looks for a message of which nobody knows whether it was posted: sent (it is there), pending (it is proven not to be there) or
	// unknown (nobody can tell: Retry says when to look again, zero never).
	Find(ctx context.Context, s bot.Send) bot.Outcome
}

// Retractor deletes a message that turned out to be posted twice.
type Retractor interface {
	Retract(ctx context.Context, channel, ts string) error
}

// Pacer keeps all processes together under Slack's rates, beside what claims do.
type Pacer interface {
	// Pace asks for leave to make a call that counts against the rates. With a wait nothing is counted, and blocked is the first name that is not
	// free, "" if nobody may call.
	Pace(ctx context.Context, now time.Time, rates []bot.Rate) (wait time.Duration, blocked string, err error)
	// BackOff keeps everybody from calling before until.
	BackOff(ctx context.Context, until time.Time) error
}

// Opener opens conversations before there is something to say in them, which nobody notices.
type Opener interface {
	// OpeningRate is what opening one counts against.
	OpeningRate() bot.Rate
	// Closed returns those of the sends whose conversation has to be opened before they can go.
	Closed(ctx context.Context, sends []bot.Send) ([]bot.Send, error)
	// Open opens the conversation of a send. Pending for the [RateLimited] reason makes everybody wait until its Retry; any other outcome says only
	// whether it worked.
	Open(ctx context.Context, s bot.Send) bot.Outcome
}
