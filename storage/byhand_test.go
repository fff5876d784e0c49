package storage_test

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"rapport/bot"
	"rapport/storage"
)

// putAway brings a send before an operator, or wherever the outcome leads.
func putAway(t *testing.T, s *storage.Store, c *clock, sid string, o bot.Outcome) bot.Send {
	t.Helper()
	send := pair(c, sid)
	insert(t, s, "i"+sid, send)
	claim, err := s.Claim(t.Context(), c.Now(), send, "w"+sid, lease, nil)
	must(t, err)
	if !claim.Held {
		t.Fatalf("no claim of %q", sid)
	}
	settled, err := s.Settle(t.Context(), c.Now(), send, "w"+sid, o, nil)
	must(t, err)
	return settled
}

func sidsOf(sends []bot.Send) []string {
	list := make([]string, len(sends))
	for i, send := range sends {
		list[i] = send.SID
	}
	return list
}

func TestWhatAnOperatorSendsAgain(t *testing.T) {
	everyStore(t, func(t *testing.T, s *storage.Store, c *clock) {
		for _, o := range []bot.Outcome{
			{State: bot.StateDead, Reason: "channel_not_found"},
			{State: bot.StateExpired, Reason: "late"},
			{State: bot.StateUnknown, Reason: "unsure"}, // for good: without an instant to look again
		} {
			sid := string(o.State)
			putAway(t, s, c, sid, o)
			c.pass(6 * 7 * 24 * time.Hour) // past its own end
			must(t, s.Resend(t.Context(), c.Now(), sid))
			claim, err := s.Claim(t.Context(), c.Now(), bot.Send{SID: sid, Kind: bot.KindPair, State: bot.StatePending}, "again", lease, nil)
			must(t, err)
			if got := claim.Send; !claim.Held || got.State != bot.StateClaimed || got.Attempt != 2 || got.Reason != "" || !got.Settled.IsZero() || !got.TriedAt.IsZero() {
				t.Errorf("%s: sent again it is %+v", sid, claim)
			}
			if got := claim.Send.NotAfter; got.Before(c.Now().Add(24 * time.Hour)) {
				t.Errorf("%s: may go out until %v, at %v", sid, got, c.Now())
			}
			is(t, s.Resend(t.Context(), c.Now(), sid), bot.ErrRepeated)
			is(t, s.Discard(t.Context(), c.Now(), sid), bot.ErrRepeated)
			_, err = s.Settle(t.Context(), c.Now(), claim.Send, "again", bot.Outcome{State: bot.StateSent, Channel: "D1", TS: "1.1"}, nil)
			must(t, err)
			is(t, s.Resend(t.Context(), c.Now(), sid), bot.ErrConflict)
		}
		dead, err := s.Dead(t.Context(), 10)
		must(t, err)
		if len(dead) != 0 {
			t.Errorf("still before the operator: %q", sidsOf(dead))
		}
		is(t, s.Resend(t.Context(), c.Now(), "never was"), bot.ErrNotFound)
		is(t, s.Discard(t.Context(), c.Now(), "never was"), bot.ErrNotFound)
	})
}

func TestOneOfManyResends(t *testing.T) {
	everyStore(t, func(t *testing.T, s *storage.Store, c *clock) {
		putAway(t, s, c, "a", bot.Outcome{State: bot.StateDead, Reason: "x"})
		var mu sync.Mutex
		results := map[error]int{}
		var group sync.WaitGroup
		for range 10 {
			group.Go(func() {
				err := s.Resend(t.Context(), c.Now(), "a")
				mu.Lock()
				defer mu.Unlock()
				switch {
				case errors.Is(err, bot.ErrRepeated):
					results[bot.ErrRepeated]++
				default:
					results[err]++
				}
			})
		}
		group.Wait()
		if results[nil] != 1 || results[bot.ErrRepeated] != 9 {
			t.Errorf("ten at once: %v", results)
		}
	})
}

func TestWhatAnOperatorDiscards(t *testing.T) {
	everyStore(t, func(t *testing.T, s *storage.Store, c *clock) {
		putAway(t, s, c, "a", bot.Outcome{State: bot.StateDead, Reason: "x"})
		must(t, s.Discard(t.Context(), c.Now(), "a"))
		found, err := s.SendBySID(t.Context(), "a")
		must(t, err)
		if found.State != bot.StateDropped || found.Reason != "discarded" {
			t.Errorf("discarded it is %+v", found)
		}
		insert(t, s, "again", pair(c, "a"))
		if got := state(t, s, "a"); got != bot.StateDropped {
			t.Errorf("inserted again it is %s", got)
		}
		is(t, s.Resend(t.Context(), c.Now(), "a"), bot.ErrConflict)
		is(t, s.Discard(t.Context(), c.Now(), "a"), bot.ErrConflict)
		// That nobody could tell whether it is there stays known.
		putAway(t, s, c, "b", bot.Outcome{State: bot.StateUnknown, Reason: "unsure"})
		must(t, s.Discard(t.Context(), c.Now(), "b"))
		found, err = s.SendBySID(t.Context(), "b")
		must(t, err)
		if found.State != bot.StateDropped || found.Reason != bot.ReasonMayBeThere {
			t.Errorf("discarded it is %+v", found)
		}
		dead, err := s.Dead(t.Context(), 9)
		must(t, err)
		if len(dead) != 0 {
			t.Errorf("before an operator are %+v", dead)
		}
	})
}

func TestPausedKinds(t *testing.T) {
	everyStore(t, func(t *testing.T, s *storage.Store, _ *clock) {
		for _, step := range []struct {
			do    func() error
			after []bot.Kind
		}{
			{func() error { return s.Resume(t.Context(), bot.KindPair) }, nil},
			{func() error { return s.Pause(t.Context(), bot.KindPair, bot.KindDigest) }, []bot.Kind{bot.KindDigest, bot.KindPair}},
			{func() error { return s.Pause(t.Context(), bot.KindPair) }, []bot.Kind{bot.KindDigest, bot.KindPair}},
			{func() error { return s.Resume(t.Context(), bot.KindDigest) }, []bot.Kind{bot.KindPair}},
			{func() error { return s.Resume(t.Context(), bot.KindPair, bot.KindDigest) }, nil},
		} {
			must(t, step.do())
			paused, err := s.Paused(t.Context())
			must(t, err)
			if !slices.Equal(paused, step.after) {
				t.Errorf("paused are %q, want %q", paused, step.after)
			}
		}
	})
}

func TestAuditLog(t *testing.T) {
	everyStore(t, func(t *testing.T, s *storage.Store, c *clock) {
		for i := range 3 {
			must(t, s.Note(t.Context(), storage.AuditEntry{At: c.Now(), By: "ops", What: "resend", Of: []string{fmt.Sprint("sid/", i)}}))
			c.pass(100 * 24 * time.Hour)
		}
		must(t, s.Note(t.Context(), storage.AuditEntry{At: c.Now(), By: "ops", What: "pause"}))
		must(t, s.Note(t.Context(), storage.AuditEntry{At: c.Now(), By: "ops", What: "pause"})) // an equal one is another one
		entries, err := s.Audit(t.Context(), 100)
		must(t, err)
		if len(entries) != 5 || entries[0].What != "pause" || !slices.Equal(entries[4].Of, []string{"sid/0"}) || entries[2].By != "ops" {
			t.Fatalf("noted: %+v", entries)
		}
		forget(t, s, c)
		entries, err = s.Audit(t.Context(), 100)
		must(t, err)
		if len(entries) != 3 {
			t.Errorf("kept after 300 days: %+v", entries)
		}
		newest, err := s.Audit(t.Context(), 1)
		must(t, err)
		if len(newest) != 1 || !newest[0].At.Equal(c.Now()) {
			t.Errorf("the newest: %+v", newest)
		}
	})
}

func TestBacklogAndQueue(t *testing.T) {
	everyStore(t, func(t *testing.T, s *storage.Store, c *clock) {
		empty, err := s.Backlog(t.Context(), kinds)
		must(t, err)
		if len(empty.Waiting) != 0 || empty.Inflight != 0 || empty.Dead != 0 || !empty.Quiet.IsZero() || empty.OldestDue(c.Now()) != 0 {
			t.Errorf("of an empty ledger: %+v", empty)
		}
		later := pair(c, "later")
		later.Due = c.Now().Add(time.Hour)
		dm := bot.Send{SID: "dm", Kind: bot.KindKudosDM, Ref: "r", Members: []string{"UANA"}, Due: c.Now().Add(-time.Minute)}
		insert(t, s, "i", later, dm, pair(c, "now"))
		claim, err := s.Claim(t.Context(), c.Now(), pair(c, "now"), "w", lease, nil)
		must(t, err)
		if !claim.Held {
			t.Fatal("no claim")
		}
		putAway(t, s, c, "dead", bot.Outcome{State: bot.StateDead, Reason: "x"})
		must(t, s.BackOff(t.Context(), c.Now().Add(30*time.Second)))
		c.pass(9 * time.Minute)
		b, err := s.Backlog(t.Context(), kinds)
		must(t, err)
		if b.Waiting[bot.KindPair] != 1 || b.Waiting[bot.KindKudosDM] != 1 || b.Inflight != 1 || b.Dead != 1 {
			t.Errorf("counted %+v", b)
		}
		if got := b.OldestDue(c.Now()); got != 10*time.Minute {
			t.Errorf("the oldest has waited %v", got)
		}
		if got := b.OldestDue(c.Now(), bot.KindKudosDM); got != 0 {
			t.Errorf("without the paused kind the oldest has waited %v", got)
		}
		if want := c.Now().Add(30*time.Second - 9*time.Minute); !b.Quiet.Equal(want) {
			t.Errorf("quiet until %v, want %v", b.Quiet, want)
		}
		queue, err := s.Queue(t.Context(), kinds, 10)
		must(t, err)
		if got := sidsOf(queue); !slices.Equal(got, []string{"dm", "now", "later"}) {
			t.Errorf("queue: %q", got)
		}
		first, err := s.Queue(t.Context(), kinds, 1)
		must(t, err)
		if got := sidsOf(first); !slices.Equal(got, []string{"dm"}) {
			t.Errorf("the first of the queue: %q", got)
		}
		pairs, err := s.Queue(t.Context(), []bot.Kind{bot.KindPair}, 10)
		must(t, err)
		if got := sidsOf(pairs); !slices.Equal(got, []string{"now", "later"}) {
			t.Errorf("pairs in the queue: %q", got)
		}
	})
}

func TestObserve(t *testing.T) {
	c := newClock()
	s, err := storage.OpenEmbedded(t.Context(), storage.Options{Team: newTeam(), Key: sealingKey, Now: c.Now})
	must(t, err)
	var mu sync.Mutex
	var calls, failed int
	s.Observe(func(_ time.Duration, err error) {
		mu.Lock()
		defer mu.Unlock()
		calls++
		if err != nil {
			failed++
		}
	})
	_, err = s.SendBySID(t.Context(), "never was") // an answer of nothing
	is(t, err, bot.ErrNotFound)
	must(t, s.BackOff(t.Context(), c.Now())) // a script that the server has not heard of
	mu.Lock()
	if calls < 2 || failed != 0 {
		t.Errorf("%d calls, %d failed", calls, failed)
	}
	mu.Unlock()
	closeStore(t, s)
	if err := s.Ready(t.Context()); err == nil {
		t.Fatal("a closed store answers")
	}
	mu.Lock()
	defer mu.Unlock()
	if failed == 0 {
		t.Error("a closed store fails without a word")
	}
}
