package scheduler_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"rapport/bot"
	"rapport/scheduler"
)

var errDead = errors.New("the process is dead")

// mortal stands between a scheduler and the world, and dies at a named step: from then on nothing that the scheduler does has any
// effect, as if its process had been killed.
type mortal struct {
	h      *house
	dieAt  string
	dieOn  int // the how manyth time
	cancel context.CancelFunc

	mu    sync.Mutex
	dead  bool
	count int
}

// step passes a step, or reports that the process is dead.
func (m *mortal) step(name string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if name == m.dieAt && !m.dead {
		if m.count++; m.count == m.dieOn {
			m.dead = true
			m.cancel()
		}
	}
	if m.dead {
		return errDead
	}
	return nil
}

// around does something between two steps.
func around[T any](m *mortal, name string, do func() (T, error)) (T, error) {
	var none T
	if err := m.step("before " + name); err != nil {
		return none, err
	}
	result, err := do()
	if dead := m.step("after " + name); dead != nil {
		return none, dead
	}
	return result, err
}

func (m *mortal) Due(ctx context.Context, now time.Time, kinds []bot.Kind, limit int) ([]bot.Send, error) {
	return around(m, "due", func() ([]bot.Send, error) { return m.h.store.Due(ctx, now, kinds, limit) })
}

func (m *mortal) NextDue(ctx context.Context, kinds []bot.Kind) (time.Time, error) {
	return around(m, "next due", func() (time.Time, error) { return m.h.store.NextDue(ctx, kinds) })
}

func (m *mortal) Sweep(ctx context.Context, now time.Time, wait time.Duration) (int, error) {
	return around(m, "sweep", func() (int, error) { return m.h.store.Sweep(ctx, now, wait) })
}

func (m *mortal) Claim(ctx context.Context, now time.Time, s bot.Send, token string, lease time.Duration, rates []bot.Rate) (bot.Claim, error) {
	return around(m, "claim", func() (bot.Claim, error) { return m.h.store.Claim(ctx, now, s, token, lease, rates) })
}

func (m *mortal) Posting(ctx context.Context, now time.Time, sid, token string, reserve time.Duration) (bool, error) {
	return around(m, "posting", func() (bool, error) { return m.h.store.Posting(ctx, now, sid, token, reserve) })
}

func (m *mortal) Settle(ctx context.Context, now time.Time, s bot.Send, token string, o bot.Outcome, follow bot.Intents) (bot.Send, error) {
	return around(m, "settle", func() (bot.Send, error) { return m.h.store.Settle(ctx, now, s, token, o, follow) })
}

func (m *mortal) SendBySID(ctx context.Context, sid string) (bot.Send, error) {
	return m.h.store.SendBySID(ctx, sid)
}

func (m *mortal) DueEntries(ctx context.Context, now time.Time, show func(bot.Entry, time.Time, time.Time, string) error) error {
	return m.h.store.DueEntries(ctx, now, show)
}

func (m *mortal) NextEntry(ctx context.Context) (time.Time, error) { return m.h.store.NextEntry(ctx) }

func (m *mortal) Fire(ctx context.Context, name, mark, civil string, next time.Time, intents bot.Intents) (bool, error) {
	return around(m, "fire", func() (bool, error) { return m.h.store.Fire(ctx, name, mark, civil, next, intents) })
}

func (m *mortal) Plan(ctx context.Context, now time.Time, s bot.Send) error {
	_, err := around(m, "plan", func() (struct{}, error) { return struct{}{}, m.h.plans.Plan(ctx, now, s) })
	return err
}

func (m *mortal) Compose(ctx context.Context, now time.Time, s bot.Send) (content any, d bot.Decision, err error) {
	content, err = around(m, "compose", func() (content any, err error) {
		content, d, err = m.h.decisions.Compose(ctx, now, s)
		return content, err
	})
	return content, d, err
}

func (m *mortal) Rates(ctx context.Context, s bot.Send) []bot.Rate { return m.h.slack.Rates(ctx, s) }

func (m *mortal) Send(ctx context.Context, s bot.Send, content any) bot.Outcome {
	o, err := around(m, "send", func() (bot.Outcome, error) { return m.h.slack.Send(ctx, s, content), nil })
	if err != nil {
		return bot.Outcome{State: bot.StateUnknown}
	}
	return o
}

func (m *mortal) Find(ctx context.Context, s bot.Send) bot.Outcome {
	o, err := around(m, "find", func() (bot.Outcome, error) { return m.h.slack.Find(ctx, s), nil })
	if err != nil {
		return bot.Outcome{State: bot.StateUnknown}
	}
	return o
}

// runMortal starts a scheduler that dies at a step.
func (h *house) runMortal(dieAt string, dieOn int) *mortal {
	h.t.Helper()
	ctx, cancel := context.WithCancel(h.t.Context())
	m := &mortal{h: h, dieAt: dieAt, dieOn: dieOn, cancel: cancel}
	cfg := h.config()
	cfg.Ledger, cfg.Entries, cfg.Composer, cfg.Planner, cfg.Sender = m, m, m, m, m
	s, err := scheduler.New(cfg)
	if err != nil {
		h.t.Fatal(err)
	}
	s.Start(ctx)
	h.t.Cleanup(cancel)
	return m
}

// workload is some messages, one of which has no answer the first time, and a run that becomes one more.
func (h *house) workload() (sids []string) {
	h.t.Helper()
	for i := range 5 {
		sids = append(sids, fmt.Sprint("m", i))
		h.insert(dm(sids[i], start.Add(time.Duration(i/2)*time.Second)))
	}
	h.slack.fail = func(s bot.Send, try int) fault {
		if s.SID == "m0" && try == 1 {
			return fault{arrives: true, outcome: bot.Outcome{State: bot.StateUnknown}}
		}
		return fault{}
	}
	entry := bot.Entry{Name: "digest/C1", Spec: "1 9 2 3 *", Zone: "UTC", Grace: time.Hour}
	if err := h.store.SaveDigest(h.t.Context(), bot.Token(h.token()), bot.Digest{Channel: "C1"}, []bot.Entry{entry}, nil); err != nil {
		h.t.Fatal(err)
	}
	return append(sids, "of digest/C1 2026-03-02T09:01:00Z")
}

func TestADeathAtAnyStepLosesAndDoublesNothing(t *testing.T) {
	names := []string{"due", "next due", "sweep", "claim", "compose", "posting", "send", "settle", "find", "fire", "plan"}
	for _, name := range names {
		for _, side := range []string{"before ", "after "} {
			for _, nth := range []int{1, 2, 4} {
				if (name == "find" || name == "plan" || name == "fire" && nth > 2) && nth > 1 {
					continue // it happens only once, or twice
				}
				t.Run(fmt.Sprint(side, name, " ", nth), func(t *testing.T) {
					h := newHouse(t)
					sids := h.workload()
					m := h.runMortal(side+name, nth)
					h.clock.advance(2 * time.Minute)
					if !m.dead {
						t.Fatal("the process did not die")
					}
					h.run(h.config())
					h.clock.advance(10 * time.Minute)
					for _, sid := range sids {
						h.wants(sid, bot.StateSent, 1)
					}
				})
			}
		}
	}
}

// Without looking before posting again the same deaths do double messages: the test above can fail.
func TestWithoutLookingADeathDoubles(t *testing.T) {
	doubled := 0
	for _, step := range []string{"after send", "before settle"} {
		h := newHouse(t)
		sids := h.workload()
		h.runMortal(step, 2)
		h.clock.advance(2 * time.Minute)
		cfg := h.config()
		cfg.Sender = careless{h.slack}
		h.run(cfg)
		h.clock.advance(10 * time.Minute)
		for _, sid := range sids {
			if h.slack.arrived(sid) > 1 {
				doubled++
			}
		}
	}
	if doubled == 0 {
		t.Error("nothing was doubled")
	}
}

// careless takes what it knows nothing of for not sent.
type careless struct{ *slack }

func (careless) Find(context.Context, bot.Send) bot.Outcome {
	return bot.Outcome{State: bot.StatePending}
}

// forgetful is a ledger that does not take the first outcomes.
type forgetful struct {
	scheduler.Ledger
	mu       sync.Mutex
	failures int
}

func (f *forgetful) Settle(ctx context.Context, now time.Time, s bot.Send, token string, o bot.Outcome, follow bot.Intents) (bot.Send, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.failures > 0 {
		f.failures--
		return bot.Send{}, errors.New("no answer")
	}
	return f.Ledger.Settle(ctx, now, s, token, o, follow)
}

func TestAnOutcomeIsNotForgottenWhileTheStoreIsAway(t *testing.T) {
	h := newHouse(t)
	h.slack.blind = true // only the outcome in memory can tell
	h.insert(dm("a", start), dm("b", start))
	cfg := h.config()
	cfg.Ledger = &forgetful{Ledger: h.store, failures: 5}
	h.run(cfg)
	h.clock.advance(10 * time.Second)
	h.wants("a", bot.StateSent, 1)
	h.wants("b", bot.StateSent, 1)
	if h.slack.looks > 0 {
		t.Errorf("looked for them %d times", h.slack.looks)
	}
}

// broken is a ledger that lists what is due and lets nobody claim it.
type broken struct{ scheduler.Ledger }

func (broken) Claim(context.Context, time.Time, bot.Send, string, time.Duration, []bot.Rate) (bot.Claim, error) {
	return bot.Claim{}, errors.New("no answer")
}

func TestABrokenStoreIsAskedAgainLater(t *testing.T) {
	h := newHouse(t)
	h.insert(dm("a", start))
	cfg := h.config()
	cfg.Ledger = broken{h.store}
	first := h.run(cfg)
	h.clock.advance(time.Minute) // ends only if the scheduler does not turn in circles
	if err := first.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	h.run(h.config())
	h.clock.advance(time.Second)
	h.wants("a", bot.StateSent, 1)
}

func TestSeveralSchedulersSendEachMessageOnce(t *testing.T) {
	h := newHouse(t)
	var sids []string
	for i := range 100 {
		sids = append(sids, fmt.Sprint("m", i))
		h.insert(dm(sids[i], start.Add(time.Second)))
	}
	for range 4 {
		h.run(h.config())
	}
	h.clock.advance(time.Minute)
	for _, sid := range sids {
		h.wants(sid, bot.StateSent, 1)
	}
}
