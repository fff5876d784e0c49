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
	was   time.Time // when it was due that is claimed now
	ts    string

	tried, until, looked time.Time

	took []string
	into string
}

func (m *modelSend) waits() bool {
	return (m.state == bot.StatePending || m.state == bot.StateUnknown) && m.token == "" && !m.due.IsZero()
}

// ends is when others may take it.
func (m *modelSend) ends() time.Time {
	if m.state == bot.StatePosting {
		return m.lease.Add(margin)
	}
	return m.lease
}

// model is the ledger as the design of delivery tells it, without a store.
type model struct {
	now   time.Time
	doubt time.Time
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

// doubts reports whether the store may have forgotten that a send that waits was posted, and makes it unknown then.
func (m *model) doubts(s *modelSend) bool {
	if m.doubt.IsZero() || s.state != bot.StatePending || !s.due.Before(m.doubt.Add(30*time.Second)) || !s.looked.Before(m.doubt) {
		return false
	}
	s.state, s.tried, s.until = bot.StateUnknown, s.due, m.doubt
	return true
}

// claim takes the sends of wanted in, too, that it did not take in before; it has to name those that it did.
func (m *model) claim(sid, token string, wanted []string) bool {
	s := m.sends[sid]
	if s == nil || !s.waits() || s.due.After(m.now) {
		return false
	}
	if !m.doubts(s) && s.state == bot.StateUnknown && !m.doubt.IsZero() && s.tried.Before(m.doubt.Add(30*time.Second)) && s.until.Before(m.doubt) {
		s.until = m.doubt
	}
	for _, sid := range s.took {
		if !slices.Contains(wanted, sid) {
			return false
		}
	}
	wanted = slices.DeleteFunc(slices.Clone(wanted), func(sid string) bool { return slices.Contains(s.took, sid) })
	for _, sid := range wanted {
		other := m.sends[sid]
		if other == nil || other.state != bot.StatePending || other.token != "" {
			return false
		}
		if m.doubts(other) {
			other.due = m.now
			return false
		}
	}
	for _, other := range wanted {
		m.sends[other] = &modelSend{state: bot.StateDropped, into: sid}
		s.took = append(s.took, other)
	}
	if s.state == bot.StatePending {
		s.state = bot.StateClaimed
	}
	s.token, s.lease, s.was = token, m.now.Add(lease), s.due
	return true
}

func (m *model) posting(sid, token string) bool {
	s := m.sends[sid]
	if s == nil || s.token != token || s.state != bot.StateClaimed || !m.now.Before(s.lease.Add(-reserve)) {
		return s != nil && s.token == token && s.state == bot.StatePosting
	}
	s.state, s.tried = bot.StatePosting, m.now
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
	next := modelSend{state: o.State, ts: o.TS, due: o.Retry, looked: s.looked, took: s.took}
	switch {
	case o.State == bot.StateUnknown:
		if next.tried, next.until = s.tried, s.until; next.tried.IsZero() {
			next.tried = m.now
		}
	case o.State == bot.StatePending && s.state == bot.StateUnknown && !s.until.IsZero():
		next.looked = s.until
	}
	*s = next
	if o.State == bot.StatePending && s.due.Before(m.now) {
		s.due = m.now
	}
	return true, false
}

func (m *model) sweep() (n int) {
	for _, s := range m.sends {
		if s.token == "" || s.ends().After(m.now) {
			continue
		}
		n++
		switch s.state {
		case bot.StateClaimed:
			s.state, s.due = bot.StatePending, s.was
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

// ledgerMachine does the same to all stores and to the model, and compares them after every step.
type ledgerMachine struct {
	t      *testing.T
	stores map[string]*storage.Store
	clock  *clock
	model  *model
	tokens int
	last   map[string]string // the latest token of each sid
}

// each does something with every store.
func (m *ledgerMachine) each(r *rapid.T, do func(s *storage.Store) error) {
	for name, s := range m.stores {
		if err := do(s); err != nil {
			r.Fatalf("%s: %v", name, err)
		}
	}
}

// modelKinds are kinds that one message holds together.
var modelKinds = map[string]bot.Kind{"a": bot.KindProposal, "b": bot.KindAnswer, "c": bot.KindProposal}

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
	m.each(r, func(s *storage.Store) error {
		insert(m.t, s, fmt.Sprint("insert", m.tokens), bot.Send{SID: sid, Kind: modelKinds[sid], Due: due})
		return nil
	})
	m.model.insert(sid, due)
}

func (m *ledgerMachine) Claim(r *rapid.T) {
	sid := m.sid(r)
	m.tokens++
	token := fmt.Sprint("w", m.tokens)
	var took []string
	if known := m.model.sends[sid]; known != nil && rapid.IntRange(0, 4).Draw(r, "aware") > 0 {
		took = slices.Clone(known.took)
	}
	if other := m.sid(r); other != sid && !slices.Contains(took, other) && rapid.Bool().Draw(r, "takes") {
		took = append(took, other)
	}
	want := m.model.claim(sid, token, took)
	m.each(r, func(s *storage.Store) error {
		got, err := s.Claim(m.t.Context(), m.model.now, bot.Send{SID: sid, Kind: modelKinds[sid], Took: took}, token, lease, nil)
		if err == nil && (got.Held != want || got.Wait > 0) {
			err = fmt.Errorf("claimed %+v, want %v", got, want)
		}
		return err
	})
	if want {
		m.last[sid] = token
	}
}

func (m *ledgerMachine) Post(r *rapid.T) {
	sid := m.sid(r)
	token := m.token(r, sid)
	if token == "" {
		return
	}
	want := m.model.posting(sid, token)
	m.each(r, func(s *storage.Store) error {
		got, err := s.Posting(m.t.Context(), m.model.now, sid, token, reserve)
		if err == nil && got != want {
			err = fmt.Errorf("posting %v, want %v", got, want)
		}
		return err
	})
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
	send := bot.Send{SID: sid, Kind: modelKinds[sid]}
	if known := m.model.sends[sid]; known != nil {
		send.Took = known.took
	}
	_, conflict := m.model.settle(sid, token, o)
	m.each(r, func(s *storage.Store) error {
		_, err := s.Settle(m.t.Context(), m.model.now, send, token, o, nil)
		if conflict != errors.Is(err, bot.ErrConflict) || !conflict && err != nil {
			return fmt.Errorf("settled with %w, want a conflict: %v", err, conflict)
		}
		return nil
	})
}

func (m *ledgerMachine) Pass(r *rapid.T) {
	d := time.Duration(rapid.IntRange(1, 25).Draw(r, "seconds")) * time.Second
	m.clock.pass(d)
	m.model.now = m.clock.Now()
}

func (m *ledgerMachine) Sweep(r *rapid.T) {
	want := m.model.sweep()
	m.each(r, func(s *storage.Store) error {
		got, err := s.Sweep(m.t.Context(), m.model.now, wait)
		if err == nil && got != want {
			err = fmt.Errorf("swept %d, want %d", got, want)
		}
		return err
	})
}

func (m *ledgerMachine) Restore(r *rapid.T) {
	m.model.doubt = m.model.now
	m.each(r, func(s *storage.Store) error { return s.MarkRestored(m.t.Context(), m.model.now) })
}

// Check compares the stores with the model.
func (m *ledgerMachine) Check(r *rapid.T) {
	m.each(r, func(s *storage.Store) error {
		for sid, want := range m.model.sends {
			got, err := s.SendBySID(m.t.Context(), sid)
			if err != nil {
				return err
			}
			if !slices.Equal(got.Took, want.took) || got.Into != want.into {
				return fmt.Errorf("%s took in %v, and is in %q; want %v, %q", sid, got.Took, got.Into, want.took, want.into)
			}
			if got.State != want.state || got.PostedTS != want.ts || want.waits() && !got.Due.Equal(want.due) || !got.TriedUntil.Equal(want.until) {
				return fmt.Errorf("%s is %s, due %s, ts %q, until %s; want %s, %s, %q, %s",
					sid, got.State, got.Due, got.PostedTS, got.TriedUntil, want.state, want.due, want.ts, want.until)
			}
		}
		list := due(m.t, s, m.clock)
		slices.Sort(list)
		if want := m.model.dueNow(); !slices.Equal(list, want) {
			return fmt.Errorf("due are %v, want %v", list, want)
		}
		return nil
	})
}

// TestEveryLedgerIsTheModel does the same to every kind of store: what is true of one is true of all.
func TestEveryLedgerIsTheModel(t *testing.T) {
	stores := make(map[string]*storage.Store)
	for _, kind := range kindsOfStore(t) {
		stores[kind.name] = kind.open(t, newClock())
	}
	rapid.Check(t, func(r *rapid.T) {
		c := newClock()
		m := &ledgerMachine{
			t: t, stores: make(map[string]*storage.Store), clock: c, last: make(map[string]string),
			model: &model{now: c.Now(), sends: make(map[string]*modelSend)},
		}
		team := newTeam()
		for name, s := range stores {
			m.stores[name] = storage.Beside(s, team, c.Now)
		}
		r.Repeat(rapid.StateMachineActions(m))
	})
}
