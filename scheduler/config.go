package scheduler

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"rapport/bot"
)

// Config is what a [Scheduler] works with.
type Config struct {
	Clock    Clock         // required
	Ledger   Ledger        // required
	Entries  Entries       // required
	Composer bot.Composer  // required
	Planner  Planner       // required
	Sender   Sender        // required
	Token    func() string // required: names a claim, never the same twice in any process

	Pacer     Pacer     // nil: nobody is told of a 429, and no conversation is opened ahead
	Retractor Retractor // nil: a message that was posted twice stays, and the log says so
	Pauses    Pauses    // nil: nothing is ever held back
	Dispatch  Dispatch  // who works on what is due; nil: this process alone, up to Workers at a time
	Opener    Opener    // with Upcoming and Pacer: opens conversations ahead; nil: they are opened when they are needed
	Upcoming  Upcoming  // see Opener

	// Lost says what follows a message of which nobody will ever tell whether Slack has it. It is inserted with that outcome, in one step. An error
	// puts the outcome off. nil: nothing follows.
	Lost    func(ctx context.Context, now time.Time, s bot.Send) (bot.Intents, error)
	Observe func(s bot.Send, o bot.Outcome) // is told of every outcome, for metrics; nil: nobody is

	Workers int           // sends at a time; 0: 4
	Sweep   time.Duration // how often to look for work that another process left or made; 0: only when this one knows of some
	Times   Times
	Log     *slog.Logger // nil: silent
}

// standardWorkers is how many sends are worked on at a time where nothing is said.
const standardWorkers = 4

func (c Config) withStandards() (Config, error) {
	if c.Clock == nil || c.Ledger == nil || c.Entries == nil || c.Composer == nil || c.Planner == nil || c.Sender == nil || c.Token == nil {
		return c, errors.New("make scheduler: a required part is missing")
	}
	if c.Opener != nil && (c.Upcoming == nil || c.Pacer == nil) {
		return c, errors.New("make scheduler: an opener needs a pacer, and somebody who knows what is upcoming")
	}
	c.Times = c.Times.withStandards()
	if c.Workers <= 0 {
		c.Workers = standardWorkers
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return c, nil
}

// Times are the durations of a send's steps. A zero one stands for the standard, in brackets.
type Times struct {
	Lease   time.Duration // how long a claim holds (30 s)
	Reserve time.Duration // how much of it has to be left for the post: the sender's two calls of 10 s and a margin (22 s)
	Look    time.Duration // how long to wait before looking for a message that may have been posted (15 s); a minute more for clocks that differ
	Again   time.Duration // when a due send that nobody took is handed to the dispatch again; after twice that this process takes it itself (10 s)
	Ahead   time.Duration // how long before they are due sends have their conversation opened (16 h: from the end of usual hours to their beginning, and a little)
}

func (t Times) withStandards() Times {
	set := func(d *time.Duration, standard time.Duration) {
		if *d == 0 {
			*d = standard
		}
	}
	set(&t.Lease, 30*time.Second)
	set(&t.Reserve, 22*time.Second)
	set(&t.Look, 15*time.Second)
	set(&t.Again, 10*time.Second)
	set(&t.Ahead, 16*time.Hour)
	return t
}
