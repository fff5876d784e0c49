package scheduler

import (
	"context"
	"time"

	"rapport/bot"
)

// Queue says what is due.
type Queue interface {
	// Due returns sends that are due, at most limit, in the order of the kinds.
	Due(ctx context.Context, now time.Time, kinds []bot.Kind, limit int) ([]bot.Send, error)
	// NextDue returns the earliest instant at which a send is due or a lease ends; zero if there is none.
	NextDue(ctx context.Context, kinds []bot.Kind) (time.Time, error)
	// Sweep takes sends from whoever held them past their lease. What may have been posted is due again, as unknown, after wait.
	Sweep(ctx context.Context, now time.Time, wait time.Duration) (int, error)
}

// Claims are the steps of one send.
type Claims interface {
	// Claim takes a due send until the lease ends and counts it against its rates, or does nothing and says why. Without rates nothing is waited for.
	// It is not to be had any more in another state than s says. The sends that s.Took names and that it has not taken in yet are taken in by the same step,
	// which is not done either unless all of them wait: see [bot.Decision].
	Claim(ctx context.Context, now time.Time, s bot.Send, token string, lease time.Duration, rates []bot.Rate) (bot.Claim, error)
	// Posting says that it is about to be posted. False: the claim is lost or ends in less than reserve, nothing may be posted.
	Posting(ctx context.Context, now time.Time, sid, token string, reserve time.Duration) (bool, error)
	// Settle says what became of it; follow is inserted with an outcome that is for good. Sent always wins; another outcome of a lost
	// claim is [bot.ErrConflict]. The send is returned as it stands.
	Settle(ctx context.Context, now time.Time, s bot.Send, token string, o bot.Outcome, follow bot.Intents) (bot.Send, error)
}

// Ledger is the record of every message. It is stored, and shared by all processes of a workspace.
type Ledger interface {
	Queue
	Claims
	bot.SentReader
}

// Entries are the recurring occasions. They are stored, and shared.
type Entries interface {
	// DueEntries shows the entries whose stored next run has come, and those whose next run has to be computed: then next is zero. since is
	// when an entry was last changed.
	DueEntries(ctx context.Context, now time.Time, show func(e bot.Entry, since, next time.Time, mark string) error) error
	// NextEntry returns the earliest stored next run; zero if there is none.
	NextEntry(ctx context.Context) (time.Time, error)
	// Fire claims the run of a civil time (empty: none), stores the next run (zero: none) and inserts the intents. It reports whether this call
	// claimed the run.
	Fire(ctx context.Context, name, mark, civil string, next time.Time, intents bot.Intents) (bool, error)
}

// Pauses says what an operator holds back.
type Pauses interface {
	// Paused returns the kinds of which nothing is sent for now.
	Paused(ctx context.Context) ([]bot.Kind, error)
}

// Upcoming says what will be due.
type Upcoming interface {
	// Upcoming returns sends of a kind that are due before until, or already, the earliest first: at most limit after the first skip ones.
	Upcoming(ctx context.Context, kind bot.Kind, until time.Time, skip, limit int) ([]bot.Send, error)
}
