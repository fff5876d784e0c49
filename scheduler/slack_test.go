package scheduler_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"rapport/bot"
	"rapport/scheduler"
	"rapport/storage"
)

// post is one message that arrived.
type post struct {
	at time.Time
	ts string
}

// slack is a Slack that keeps what arrives, and fails as it is told.
type slack struct {
	now   func() time.Time
	mu    sync.Mutex
	posts map[string][]post
	fail  func(s bot.Send, try int) fault // try counts from 1; nil: never
	blind bool                            // nobody can read its history
	tries map[string]int
	looks int
	paced bool // it has Slack's rates
}

// Slack's rates: any two posts, two to the same place, and looking for one.
const (
	betweenPosts = 250 * time.Millisecond
	inOnePlace   = time.Second
	betweenLooks = 1225 * time.Millisecond
)

func (x *slack) Rates(_ context.Context, s bot.Send) []bot.Rate {
	switch {
	case !x.paced:
		return nil
	case s.State == bot.StateUnknown:
		return []bot.Rate{{Name: "look", Every: betweenLooks}}
	}
	return []bot.Rate{{Name: "post", Every: betweenPosts}, {Name: s.Channel + strings.Join(s.Members, " "), Every: inOnePlace}}
}

// fault is how one post goes wrong. The message arrives only with an outcome that says so.
type fault struct {
	arrives bool
	outcome bot.Outcome
}

func newSlack(now func() time.Time) *slack {
	return &slack{now: now, posts: make(map[string][]post), tries: make(map[string]int)}
}

func (x *slack) Send(_ context.Context, s bot.Send, _ any) bot.Outcome {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.tries[s.SID]++
	now := x.now()
	f := fault{arrives: true}
	if x.fail != nil {
		if planned := x.fail(s, x.tries[s.SID]); planned.outcome.State != "" {
			f = planned
		}
	}
	if f.arrives {
		x.posts[s.SID] = append(x.posts[s.SID], post{at: now, ts: fmt.Sprintf("%d.%d", now.Unix(), len(x.posts[s.SID]))})
	}
	if f.outcome.State != "" {
		return f.outcome
	}
	return bot.Outcome{State: bot.StateSent, Channel: "D1", TS: x.posts[s.SID][len(x.posts[s.SID])-1].ts}
}

func (x *slack) Find(_ context.Context, s bot.Send) bot.Outcome {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.looks++
	switch {
	case x.blind:
		return bot.Outcome{State: bot.StateUnknown}
	case len(x.posts[s.SID]) > 0:
		return bot.Outcome{State: bot.StateSent, Channel: "D1", TS: x.posts[s.SID][0].ts}
	}
	return bot.Outcome{State: bot.StatePending}
}

// arrived returns how often a message came.
func (x *slack) arrived(sid string) int {
	x.mu.Lock()
	defer x.mu.Unlock()
	return len(x.posts[sid])
}

// decisions composes by what it was told of a send; what it was told nothing of goes.
type decisions map[string]func(now time.Time) (bot.Decision, error)

func (d decisions) Compose(_ context.Context, now time.Time, s bot.Send) (any, bot.Decision, error) {
	if decide := d[s.SID]; decide != nil {
		decision, err := decide(now)
		return s.SID, decision, err
	}
	return s.SID, bot.Decision{}, nil
}

// plans notes the runs that were planned and inserts a message for each.
type plans struct {
	store *storage.Store
	mu    sync.Mutex
	refs  []string
	err   error // once
}

func (p *plans) Plan(ctx context.Context, now time.Time, s bot.Send) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := p.err; err != nil {
		p.err = nil
		return err
	}
	p.refs = append(p.refs, s.Ref)
	post := bot.Send{SID: "of " + s.Ref, Kind: bot.KindDigest, Channel: "C1", Due: now}
	return p.store.SaveChannel(ctx, bot.Token(s.SID), bot.Channel{ID: "C1"}, bot.Intents{post})
}

// house is a store, a Slack and a clock that schedulers work with.
type house struct {
	t         *testing.T
	clock     *virtual
	store     *storage.Store
	slack     *slack
	decisions decisions
	plans     *plans
	tokens    int
	mu        sync.Mutex
}

var start = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC) // a Monday

func newHouse(t *testing.T) *house {
	t.Helper()
	clock := newVirtual(start)
	h := &house{t: t, clock: clock, slack: newSlack(clock.Now), decisions: make(decisions)}
	store, err := storage.OpenEmbedded(t.Context(), storage.Options{Team: "T1", Now: h.clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	h.store, h.plans = store, &plans{store: store}
	return h
}

func (h *house) token() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.tokens++
	return fmt.Sprint("token", h.tokens)
}

func (h *house) config() scheduler.Config {
	return scheduler.Config{
		Clock: h.clock, Ledger: h.store, Entries: h.store, Composer: h.decisions, Planner: h.plans, Sender: h.slack, Token: h.token, Workers: 3,
	}
}

// run starts a scheduler that ends with the test.
func (h *house) run(cfg scheduler.Config) *scheduler.Scheduler {
	h.t.Helper()
	s, err := scheduler.New(cfg)
	if err != nil {
		h.t.Fatal(err)
	}
	s.Start(h.t.Context())
	h.t.Cleanup(func() {
		if err := s.Stop(context.WithoutCancel(h.t.Context())); err != nil {
			h.t.Error(err)
		}
	})
	return s
}

// insert puts sends into the ledger.
func (h *house) insert(sends ...bot.Send) {
	h.t.Helper()
	if err := h.store.SaveChannel(h.t.Context(), bot.Token(h.token()), bot.Channel{ID: "C1"}, sends); err != nil {
		h.t.Fatal(err)
	}
}

// dm is a message to somebody of their own.
func dm(sid string, due time.Time) bot.Send {
	return bot.Send{SID: sid, Kind: bot.KindReminders, Members: []string{"U" + strings.ToUpper(sid)}, Due: due}
}

func (h *house) state(sid string) bot.Send {
	h.t.Helper()
	s, err := h.store.SendBySID(h.t.Context(), sid)
	if errors.Is(err, bot.ErrNotFound) {
		return bot.Send{}
	}
	if err != nil {
		h.t.Fatal(err)
	}
	return s
}

// wants checks how a send ended and how often it arrived.
func (h *house) wants(sid string, state bot.State, times int) {
	h.t.Helper()
	s := h.state(sid)
	if s.State != state || h.slack.arrived(sid) != times {
		h.t.Errorf("%s is %q (%s) and arrived %d times, want %q and %d", sid, s.State, s.Reason, h.slack.arrived(sid), state, times)
	}
}
