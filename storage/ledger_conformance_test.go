package storage_test

import (
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"rapport/bot"
	"rapport/storage"
)

const (
	lease   = 20 * time.Second
	reserve = 12 * time.Second
	wait    = 15 * time.Second
	margin  = time.Minute // for clocks that differ
)

// insert puts sends into the ledger, with a change of nothing else that matters.
func insert(t *testing.T, s *storage.Store, token string, sends ...bot.Send) {
	t.Helper()
	must(t, s.SaveChannel(t.Context(), bot.Token(token), bot.Channel{ID: "C1"}, sends))
}

func pair(c *clock, sid string) bot.Send {
	return bot.Send{SID: sid, Kind: bot.KindPair, Ref: "r", Members: []string{"UANA", "UBEN"}, Due: c.Now()}
}

func state(t *testing.T, s *storage.Store, sid string) bot.State {
	t.Helper()
	send, err := s.SendBySID(t.Context(), sid)
	must(t, err)
	return send.State
}

func TestOneOfManyClaims(t *testing.T) {
	everyStore(t, func(t *testing.T, s *storage.Store, c *clock) {
		send := pair(c, "a")
		insert(t, s, "i", send)
		var won atomic.Int64
		var group sync.WaitGroup
		for i := range 20 {
			group.Go(func() {
				claim, err := s.Claim(t.Context(), c.Now(), send, fmt.Sprint("w", i), lease, nil)
				if err != nil {
					t.Error(err)
				}
				if claim.Held {
					won.Add(1)
				}
			})
		}
		group.Wait()
		if won.Load() != 1 {
			t.Errorf("%d claims, want 1", won.Load())
		}
	})
}

func TestASendFromClaimToTombstone(t *testing.T) {
	everyStore(t, func(t *testing.T, s *storage.Store, c *clock) {
		insert(t, s, "i", pair(c, "a"))
		due, err := s.Due(t.Context(), c.Now(), kinds, 10)
		must(t, err)
		claim, err := s.Claim(t.Context(), c.Now(), due[0], "w", lease, nil)
		must(t, err)
		claimed := claim.Send
		if !claim.Held || claimed.State != bot.StateClaimed || claimed.Attempt != 1 || !slices.Equal(claimed.Members, []string{"UANA", "UBEN"}) {
			t.Fatalf("claimed %+v", claim)
		}
		if again, err := s.Claim(t.Context(), c.Now(), due[0], "w", lease, nil); err != nil || !again.Held || again.Send.Attempt != 1 {
			t.Errorf("the same claim repeated by the client got %+v, %v", again, err)
		}
		for _, token := range []string{"other", "w", "w"} {
			ok, err := s.Posting(t.Context(), c.Now(), "a", token, reserve)
			must(t, err)
			if ok != (token == "w") {
				t.Errorf("posting with token %q: %v", token, ok)
			}
		}
		_, err = s.Settle(t.Context(), c.Now(), claimed, "other", bot.Outcome{State: bot.StatePending}, nil)
		is(t, err, bot.ErrConflict)
		sent := bot.Outcome{State: bot.StateSent, Channel: "D1", TS: "1.2"}
		_, err = s.Settle(t.Context(), c.Now(), claimed, "w", sent, bot.Intents{{SID: "b", Kind: bot.KindMet, Due: c.Now().Add(time.Hour)}})
		must(t, err)
		for range 2 {
			found, err := s.SendBySID(t.Context(), "a")
			must(t, err)
			if found.State != bot.StateSent || found.PostedIn != "D1" || found.PostedTS != "1.2" || !found.Settled.Equal(claimed.Due) || found.Kind != bot.KindPair {
				t.Errorf("found %+v", found)
			}
			c.pass(8*7*24*time.Hour - time.Second)
			forget(t, s, c)
			c.pass(-8*7*24*time.Hour + time.Second)
		}
		if got := state(t, s, "b"); got != bot.StatePending {
			t.Errorf("what follows is %s", got)
		}
		insert(t, s, "again", pair(c, "a"))
		if got := state(t, s, "a"); got != bot.StateSent {
			t.Errorf("inserted again it is %s", got)
		}
		c.pass(10 * 7 * 24 * time.Hour)
		forget(t, s, c)
		_, err = s.SendBySID(t.Context(), "a")
		is(t, err, bot.ErrNotFound)
	})
}

func TestPostingNeedsTimeEnough(t *testing.T) {
	everyStore(t, func(t *testing.T, s *storage.Store, c *clock) {
		insert(t, s, "i", pair(c, "a"), pair(c, "b"))
		for _, sid := range []string{"a", "b"} {
			claim, err := s.Claim(t.Context(), c.Now(), pair(c, sid), "w", lease, nil)
			must(t, err)
			if !claim.Held {
				t.Fatalf("no claim of %q", sid)
			}
		}
		c.pass(lease - reserve - time.Millisecond)
		ok, err := s.Posting(t.Context(), c.Now(), "a", "w", reserve)
		must(t, err)
		c.pass(time.Millisecond)
		late, err := s.Posting(t.Context(), c.Now(), "b", "w", reserve)
		must(t, err)
		if !ok || late {
			t.Errorf("before the deadline %v, at it %v", ok, late)
		}
	})
}

func TestWhatALeaseLeavesBehind(t *testing.T) {
	everyStore(t, func(t *testing.T, s *storage.Store, c *clock) {
		a, b := pair(c, "claimed"), pair(c, "posting")
		insert(t, s, "i", a, b)
		for _, send := range []bot.Send{a, b} {
			_, err := s.Claim(t.Context(), c.Now(), send, "dead", lease, nil)
			must(t, err)
		}
		tried := c.Now()
		_, err := s.Posting(t.Context(), tried, "posting", "dead", reserve)
		must(t, err)
		c.pass(lease - time.Millisecond)
		n, err := s.Sweep(t.Context(), c.Now(), wait)
		must(t, err)
		next, err := s.NextDue(t.Context(), kinds)
		must(t, err)
		if n != 0 || !next.Equal(a.Due.Add(lease)) {
			t.Errorf("swept %d before the end, next due %s", n, next)
		}
		c.pass(time.Millisecond)
		n, err = s.Sweep(t.Context(), c.Now(), wait)
		must(t, err)
		if n != 1 || state(t, s, "claimed") != bot.StatePending || state(t, s, "posting") != bot.StatePosting {
			t.Fatalf("swept %d: %s, %s", n, state(t, s, "claimed"), state(t, s, "posting"))
		}
		if next, err = s.NextDue(t.Context(), nil); err != nil || !next.Equal(a.Due.Add(lease+margin)) {
			t.Errorf("what may be on its way is left alone until %s, %v", next, err)
		}
		c.pass(margin - time.Millisecond)
		if n, err = s.Sweep(t.Context(), c.Now(), wait); err != nil || n != 0 {
			t.Fatalf("swept %d, %v, while clocks may differ", n, err)
		}
		c.pass(time.Millisecond)
		n, err = s.Sweep(t.Context(), c.Now(), wait)
		must(t, err)
		if n != 1 || state(t, s, "posting") != bot.StateUnknown {
			t.Fatalf("swept %d: %s", n, state(t, s, "posting"))
		}
		if claim, err := s.Claim(t.Context(), c.Now(), b, "early", lease, nil); err != nil || claim.Held {
			t.Errorf("looked into before the wait is over: %+v, %v", claim, err)
		}
		c.pass(wait)
		claim, err := s.Claim(t.Context(), c.Now(), b, "w2", lease, nil)
		must(t, err)
		looked := claim.Send
		if !claim.Held || looked.State != bot.StateUnknown || !looked.TriedAt.Equal(tried) {
			t.Errorf("looked into %+v", claim)
		}
		// The worker that was thought dead had posted it after all.
		late, err := s.Settle(t.Context(), c.Now(), b, "dead", bot.Outcome{State: bot.StateSent, Channel: "D1", TS: "1.1"}, nil)
		must(t, err)
		if late.State != bot.StateSent {
			t.Errorf("late success is %+v", late)
		}
		stands, err := s.Settle(t.Context(), c.Now(), looked, "w2", bot.Outcome{State: bot.StateSent, Channel: "D1", TS: "2.2"}, nil)
		must(t, err)
		if stands.PostedTS != "1.1" {
			t.Errorf("the send stands at %q, want the first success", stands.PostedTS)
		}
		if n := due(t, s, c); !slices.Equal(n, []string{"claimed"}) {
			t.Errorf("due are %v", n)
		}
	})
}

func due(t *testing.T, s *storage.Store, c *clock) []string {
	t.Helper()
	list, err := s.Due(t.Context(), c.Now(), kinds, 100)
	must(t, err)
	var sids []string
	for _, send := range list {
		sids = append(sids, send.SID)
	}
	return sids
}

func TestOutcomesOtherThanSent(t *testing.T) {
	everyStore(t, func(t *testing.T, s *storage.Store, c *clock) {
		for _, test := range []struct {
			o    bot.Outcome
			due  bool // later
			dead bool
		}{
			{o: bot.Outcome{State: bot.StatePending, Reason: bot.ReasonQuietHours, Retry: c.Now().Add(time.Hour)}, due: true},
			{o: bot.Outcome{State: bot.StateUnknown, Retry: c.Now().Add(time.Hour)}, due: true},
			{o: bot.Outcome{State: bot.StateUnknown, Reason: "unsure"}, dead: true},
			{o: bot.Outcome{State: bot.StateDead, Reason: "channel_not_found"}, dead: true},
			{o: bot.Outcome{State: bot.StateExpired}, dead: true},
			{o: bot.Outcome{State: bot.StateDropped, Reason: bot.ReasonMuted}},
		} {
			sid := fmt.Sprint(test.o.State, test.o.Reason)
			send := pair(c, sid)
			insert(t, s, "i"+sid, send)
			claim, err := s.Claim(t.Context(), c.Now(), send, "w", lease, nil)
			must(t, err)
			if !claim.Held {
				t.Fatalf("no claim of %q", sid)
			}
			told, err := s.Settle(t.Context(), c.Now(), send, "w", test.o, bot.Intents{{SID: "after " + sid, Kind: bot.KindMet, Due: c.Now().Add(time.Hour)}})
			must(t, err)
			found, err := s.SendBySID(t.Context(), sid)
			must(t, err)
			if found.State != test.o.State || found.Reason != test.o.Reason || told.State != found.State {
				t.Errorf("%s: found %+v", sid, found)
			}
			dead, err := s.Dead(t.Context(), 100)
			must(t, err)
			listed := slices.ContainsFunc(dead, func(s bot.Send) bool { return s.SID == sid })
			waits := found.Due.Equal(c.Now().Add(time.Hour))
			if listed != test.dead || waits != test.due {
				t.Errorf("%s: listed %v, waits %v", sid, listed, waits)
			}
			_, err = s.SendBySID(t.Context(), "after "+sid)
			if follows, forGood := err == nil, !test.due; follows != forGood {
				t.Errorf("%s: what follows is there: %v, want %v", sid, follows, forGood)
			}
			insert(t, s, "again"+sid, send)
		}
		if got := due(t, s, c); !slices.Equal(got, []string{"pendingquiet_hours"}) {
			t.Errorf("due after inserting all again: %v; want the waiting one alone, for it was brought forward", got)
		}
		backlog, err := s.Backlog(t.Context(), kinds)
		must(t, err)
		if backlog.Waiting[bot.KindPair] != 2 || backlog.Inflight != 0 || backlog.Dead != 3 {
			t.Errorf("backlog %+v", backlog)
		}
	})
}

func TestDueComesInTheOrderOfKindsThenTime(t *testing.T) {
	everyStore(t, func(t *testing.T, s *storage.Store, c *clock) {
		at := c.Now()
		c.pass(time.Minute)
		insert(t, s, "i",
			bot.Send{SID: "dm", Kind: bot.KindKudosDM, Due: at}, bot.Send{SID: "pair2", Kind: bot.KindPair, Due: at.Add(time.Second)},
			bot.Send{SID: "pair1", Kind: bot.KindPair, Due: at}, bot.Send{SID: "plan", Kind: bot.KindPlan, Due: at.Add(2 * time.Second)},
			bot.Send{SID: "later", Kind: bot.KindPlan, Due: c.Now().Add(time.Nanosecond)})
		if got := due(t, s, c); !slices.Equal(got, []string{"plan", "pair1", "pair2", "dm"}) {
			t.Errorf("due %v", got)
		}
		first, err := s.Due(t.Context(), c.Now(), []bot.Kind{bot.KindPair}, 1)
		must(t, err)
		if len(first) != 1 || first[0].SID != "pair1" {
			t.Errorf("the first pair is %+v", first)
		}
	})
}
