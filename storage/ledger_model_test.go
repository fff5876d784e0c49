package storage_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"rapport/bot"
	"rapport/storage"
)

// modelSend is what the ledger should hold of a send.
type modelSend struct {
	state bot.State
	token string
	lease time.Time
	due   time.Time
	ts    string
}

func (m *modelSend) waits() bool {
	return (m.state == bot.StatePending || m.state == bot.StateUnknown) && m.token == "" && !m.due.IsZero()
}

// model is the ledger as the design of delivery tells it, without a store.
type model struct {
	now   time.Time
	sends map[string]*modelSend
}

func (m *model) insert(sid string, due time.Time) {
	s := m.sends[sid]
	switch {
	case s == nil:
		m.sends[sid] = &modelSend{state: bot.StatePending, due: due}
	case s.state == bot.StatePending && due.Before(s.due):
		s.due = due
	}
}

func (m *model) claim(sid, token string) bool {
	s := m.sends[sid]
	if s == nil || !s.waits() || s.due.After(m.now) {
		return false
	}
	if s.state == bot.StatePending {
		s.state = bot.StateClaimed
	}
	s.token, s.lease = token, m.now.Add(lease)
	return true
}

func (m *model) posting(sid, token string) bool {
	s := m.sends[sid]
	if s == nil || s.token != token || s.state != bot.StateClaimed || !m.now.Before(s.lease.Add(-reserve)) {
		return s != nil && s.token == token && s.state == bot.StatePosting
	}
	s.state = bot.StatePosting
	return true
}

// settle reports whether the outcome was taken; a send that was sent or dropped stays as it is, and that is no conflict.
func (m *model) settle(sid, token string, o bot.Outcome) (taken, conflict bool) {
	s := m.sends[sid]
	if s == nil {
		return false, true
	}
	if s.state == bot.StateSent || s.state == bot.StateDropped {
		return false, false
	}
	if o.State != bot.StateSent && s.token != token {
		return false, true
	}
	*s = modelSend{state: o.State, ts: o.TS, due: o.Retry}
	if o.State == bot.StatePending && s.due.Before(m.now) {
		s.due = m.now
	}
	return true, false
}

func (m *model) sweep() (n int) {
	for _, s := range m.sends {
		if s.token == "" || s.lease.After(m.now) {
			continue
		}
		n++
		switch s.state {
		case bot.StateClaimed:
			s.state, s.due = bot.StatePending, m.now
		case bot.StatePosting:
			s.state, s.due = bot.StateUnknown, m.now.Add(wait)
		default:
			s.due = m.now
		}
		s.token = ""
	}
	return n
}

func (m *model) dueNow() (sids []string) {
	for sid, s := range m.sends {
		if s.waits() && !s.due.After(m.now) {
			sids = append(sids, sid)
		}
	}
	slices.Sort(sids)
	return sids
}

// ledgerMachine does the same to a store and to the model, and compares them after every step.
type ledgerMachine struct {
	t      *testing.T
	store  *storage.Store
	clock  *clock
	model  *model
	tokens int
	last   map[string]string // the latest token of each sid
}

func (m *ledgerMachine) sid(r *rapid.T) string {
	return rapid.SampledFrom([]string{"a", "b", "c"}).Draw(r, "sid")
}

// token is that of the latest claim, or a stranger's.
func (m *ledgerMachine) token(r *rapid.T, sid string) string {
	if rapid.IntRange(0, 4).Draw(r, "whose") == 0 {
		return "stranger"
	}
	return m.last[sid]
}

func (m *ledgerMachine) Insert(r *rapid.T) {
	sid := m.sid(r)
	due := m.model.now.Add(time.Duration(rapid.IntRange(-10, 40).Draw(r, "seconds")) * time.Second)
	m.tokens++
	insert(m.t, m.store, fmt.Sprint("insert", m.tokens), bot.Send{SID: sid, Kind: bot.KindPair, Due: due})
	m.model.insert(sid, due)
}

func (m *ledgerMachine) Claim(r *rapid.T) {
	sid := m.sid(r)
	m.tokens++
	token := fmt.Sprint("w", m.tokens)
	_, got, err := m.store.Claim(m.t.Context(), m.model.now, bot.Send{SID: sid, Kind: bot.KindPair}, token, lease)
	must(m.t, err)
	if want := m.model.claim(sid, token); got != want {
		r.Fatalf("claimed %v, want %v", got, want)
	}
	if got {
		m.last[sid] = token
	}
}

func (m *ledgerMachine) Post(r *rapid.T) {
	sid := m.sid(r)
	token := m.token(r, sid)
	if token == "" {
		return
	}
	got, err := m.store.Posting(m.t.Context(), m.model.now, sid, token, reserve)
	must(m.t, err)
	if want := m.model.posting(sid, token); got != want {
		r.Fatalf("posting %v, want %v", got, want)
	}
}

func (m *ledgerMachine) Settle(r *rapid.T) {
	sid := m.sid(r)
	token := m.token(r, sid)
	if token == "" {
		return
	}
	o := bot.Outcome{State: rapid.SampledFrom([]bot.State{
		bot.StateSent, bot.StatePending, bot.StateUnknown, bot.StateDropped, bot.StateDead, bot.StateExpired,
	}).Draw(r, "outcome")}
	switch o.State {
	case bot.StateSent:
		m.tokens++
		o.TS = fmt.Sprint(m.tokens)
	case bot.StatePending, bot.StateUnknown:
		if rapid.Bool().Draw(r, "again") {
			o.Retry = m.model.now.Add(time.Duration(rapid.IntRange(0, 30).Draw(r, "retry")) * time.Second)
		}
	}
	_, err := m.store.Settle(m.t.Context(), m.model.now, bot.Send{SID: sid, Kind: bot.KindPair}, token, o, nil)
	_, conflict := m.model.settle(sid, token, o)
	if conflict != errors.Is(err, bot.ErrConflict) || !conflict && err != nil {
		r.Fatalf("settled with %v, want a conflict: %v", err, conflict)
	}
}

func (m *ledgerMachine) Pass(r *rapid.T) {
	d := time.Duration(rapid.IntRange(1, 25).Draw(r, "seconds")) * time.Second
	m.clock.pass(d)
	m.model.now = m.clock.Now()
}

func (m *ledgerMachine) Sweep(r *rapid.T) {
	got, err := m.store.Sweep(m.t.Context(), m.model.now, wait)
	must(m.t, err)
	if want := m.model.sweep(); got != want {
		r.Fatalf("swept %d, want %d", got, want)
	}
}

// Check compares the store with the model.
func (m *ledgerMachine) Check(r *rapid.T) {
	for sid, want := range m.model.sends {
		got, err := m.store.SendBySID(m.t.Context(), sid)
		must(m.t, err)
		if got.State != want.state || got.PostedTS != want.ts || want.waits() && !got.Due.Equal(want.due) {
			r.Fatalf("%s is %s, due %s, ts %q; want %s, %s, %q", sid, got.State, got.Due, got.PostedTS, want.state, want.due, want.ts)
		}
	}
	list := due(m.t, m.store, m.clock)
	slices.Sort(list)
	if want := m.model.dueNow(); !slices.Equal(list, want) {
		r.Fatalf("due are %v, want %v", list, want)
	}
}

func TestTheLedgerIsItsModel(t *testing.T) {
	everyStore(t, func(t *testing.T, s *storage.Store, _ *clock) {
		rapid.Check(t, func(r *rapid.T) {
			c := newClock()
			m := &ledgerMachine{t: t, store: storage.Beside(s, newTeam(), c.Now), clock: c, model: &model{now: c.Now(), sends: make(map[string]*modelSend)}, last: make(map[string]string)}
			r.Repeat(rapid.StateMachineActions(m))
		})
	})
}
