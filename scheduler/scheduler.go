package scheduler

import (
	"context"
	"errors"
	"log/slog"
	"sync"
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
	// Claim takes a due send until the lease ends. False: it is not to be had.
	Claim(ctx context.Context, now time.Time, s bot.Send, token string, lease time.Duration) (bot.Send, bool, error)
	// Posting says that it is about to be posted. False: the claim is lost or ends in less than reserve, nothing may be posted.
	Posting(ctx context.Context, now time.Time, sid, token string, reserve time.Duration) (bool, error)
	// Settle says what became of it; follow is inserted with a message that was dropped. Sent always wins; another outcome of a lost
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

// Planner turns a run of a schedule entry into messages. It may be asked again after it succeeded or half succeeded, and must
// then come to the same.
type Planner interface {
	Plan(ctx context.Context, now time.Time, s bot.Send) error
}

// Sender brings a message to Slack. Both methods need an end of their own that is well before the lease's: see [Times].
type Sender interface {
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

// Pacer keeps all processes together under Slack's rates.
type Pacer interface {
	// Pace asks for leave to make a call that counts against the named rates; every[i] is how far apart calls of names[i] are. With a wait nothing is
	// counted, and blocked is the first name that is not free, "" if nobody may call.
	Pace(ctx context.Context, now time.Time, names []string, every []time.Duration) (wait time.Duration, blocked string, err error)
	// BackOff keeps everybody from calling before until.
	BackOff(ctx context.Context, until time.Time) error
}

// Config is what a [Scheduler] works with.
type Config struct {
	Clock    Clock         // required
	Ledger   Ledger        // required
	Entries  Entries       // required
	Composer bot.Composer  // required
	Planner  Planner       // required
	Sender   Sender        // required
	Token    func() string // required: names a claim, never the same twice in any process

	Pacer     Pacer                           // nil: messages go as fast as they can
	Retractor Retractor                       // nil: a message that was posted twice stays, and the log says so
	Observe   func(s bot.Send, o bot.Outcome) // is told of every outcome, for metrics; nil: nobody is

	Workers int           // sends at a time; 0: 4
	Sweep   time.Duration // how often to look for work that another process left or made; 0: only when this one knows of some
	Times   Times
	Log     *slog.Logger // nil: silent
}

// Times are the durations of a send's steps. A zero one stands for the standard, in brackets.
type Times struct {
	Lease   time.Duration // how long a claim holds (30 s)
	Reserve time.Duration // how much of it has to be left for the post: the sender's two calls of 10 s and a margin (22 s)
	Look    time.Duration // how long to wait before looking for a message that may have been posted (15 s)
	Post    time.Duration // between any two posts (250 ms: chat.postMessage at 240 a minute)
	Place   time.Duration // between two posts to the same conversation (1 s)
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
	set(&t.Post, 250*time.Millisecond)
	set(&t.Place, time.Second)
	return t
}

// Scheduler wakes up when something is due and brings it to its people. Any number of them, in any number of processes, may work on one
// store.
type Scheduler struct {
	cfg Config

	mu      sync.Mutex
	wake    func()        // what an alarm runs; nil before Start and after Stop
	again   bool          // somebody asked to look again while a look is going on
	looking bool          // a look is going on
	idle    chan struct{} // closed when the look ends; nil while there is none
	nudge   chan struct{} // tells the look that again was set
	alarm   time.Time     // the instant of the registered alarm; zero for none
	cancel  func() bool   // keeps the alarm from ringing
	halted  bool          // Slack does not let us send at all

	unsettled []settling // outcomes that the store did not take yet
}

// settling is an outcome that has to be told to the ledger.
type settling struct {
	send    bot.Send
	token   string
	outcome bot.Outcome
	follow  bot.Intents
}

// New checks the config.
func New(cfg Config) (*Scheduler, error) {
	if cfg.Clock == nil || cfg.Ledger == nil || cfg.Entries == nil || cfg.Composer == nil || cfg.Planner == nil || cfg.Sender == nil || cfg.Token == nil {
		return nil, errors.New("make scheduler: a required part is missing")
	}
	cfg.Times = cfg.Times.withStandards()
	if cfg.Workers <= 0 {
		cfg.Workers = 4
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	return &Scheduler{cfg: cfg, nudge: make(chan struct{}, 1)}, nil
}

// Start looks for what is due, and again whenever something will be, until Stop. The end of ctx breaks off everything in the middle, as
// a crash does; whatever was broken off is taken up by the next scheduler on the store.
func (s *Scheduler) Start(ctx context.Context) {
	s.mu.Lock()
	s.wake = func() { s.look(ctx) }
	s.mu.Unlock()
	s.Poke()
}

// Poke asks to look again, after something changed in the store. It does not wait.
func (s *Scheduler) Poke() {
	s.mu.Lock()
	wake := s.wake
	s.mu.Unlock()
	if wake != nil {
		s.cfg.Clock.At(s.cfg.Clock.Now(), wake)
	}
}

// Stop takes up nothing new and waits for what is being sent, at most until ctx ends.
func (s *Scheduler) Stop(ctx context.Context) error {
	s.mu.Lock()
	s.wake = nil
	if s.cancel != nil {
		s.cancel()
	}
	s.cancel, s.alarm = nil, time.Time{}
	idle := s.idle
	s.tell()
	s.mu.Unlock()
	if idle == nil {
		return nil
	}
	select {
	case <-idle:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// tell wakes the look that is going on. The mutex is held.
func (s *Scheduler) tell() {
	select {
	case s.nudge <- struct{}{}:
	default:
	}
}

// Halted reports whether Slack said that this workspace cannot send at all, such as for a revoked token. Messages are kept.
func (s *Scheduler) Halted() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.halted
}

// Resume sends again after a halt.
func (s *Scheduler) Resume() {
	s.mu.Lock()
	s.halted = false
	s.mu.Unlock()
	s.Poke()
}

// kinds are those that may be worked on now.
func (s *Scheduler) kinds() []bot.Kind {
	if s.Halted() {
		return []bot.Kind{bot.KindPlan}
	}
	return Kinds()
}
