package storage_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"rapport/bot"
	"rapport/storage"
)

// taking claims a send that takes others in.
func taking(t *testing.T, s *storage.Store, c *clock, send bot.Send, token string, took ...string) bot.Claim {
	t.Helper()
	send.Took = took
	claim, err := s.Claim(t.Context(), c.Now(), send, token, lease, nil)
	must(t, err)
	return claim
}

func TestASendTakesOthersIn(t *testing.T) {
	everyStore(t, func(t *testing.T, s *storage.Store, c *clock) {
		later := pair(c, "c")
		later.Due = c.Now().Add(time.Hour)
		insert(t, s, "i", pair(c, "a"), pair(c, "b"), later)
		for range 2 { // the client may ask twice
			if claim := taking(t, s, c, pair(c, "a"), "w", "b", "c"); !claim.Held || !slices.Equal(claim.Send.Took, []string{"b", "c"}) {
				t.Fatalf("claimed %+v", claim)
			}
		}
		sends, err := s.SendsBySID(t.Context(), "b", "c")
		must(t, err)
		for _, sid := range []string{"b", "c"} {
			one, err := s.SendBySID(t.Context(), sid)
			must(t, err)
			for _, got := range []bot.Send{one, sends[sid]} {
				if got.State != bot.StateDropped || got.Reason != bot.ReasonMerged || got.Into != "a" || got.Took != nil || got.PostedTS != "" || got.Kind != bot.KindPair {
					t.Errorf("%s is %+v", sid, got)
				}
			}
		}
		insert(t, s, "again", pair(c, "b"), later)
		if list := due(t, s, c); len(list) > 0 {
			t.Errorf("due are %v", list)
		}
		// A definite no: whoever takes it up again knows of both, and may take in more.
		send, err := s.SendBySID(t.Context(), "a")
		must(t, err)
		_, err = s.Settle(t.Context(), c.Now(), send, "w", bot.Outcome{State: bot.StatePending, Retry: c.Now()}, nil)
		must(t, err)
		insert(t, s, "d", pair(c, "d"))
		if claim := taking(t, s, c, pair(c, "a"), "unaware", "b", "d"); claim.Held {
			t.Errorf("held without knowing of all that it took in: %+v", claim)
		}
		claim := taking(t, s, c, pair(c, "a"), "w2", "b", "c", "d")
		if !claim.Held || !slices.Equal(claim.Send.Took, []string{"b", "c", "d"}) {
			t.Fatalf("claimed again %+v", claim)
		}
		_, err = s.Settle(t.Context(), c.Now(), claim.Send, "w2", bot.Outcome{State: bot.StateSent, Channel: "D1", TS: "1.1"}, nil)
		must(t, err)
		for _, sid := range []string{"a", "b", "c", "d"} {
			stands, err := bot.Standing(t.Context(), s, sid)
			must(t, err)
			if stands.SID != "a" || stands.PostedTS != "1.1" || !slices.Equal(stands.Took, []string{"b", "c", "d"}) || stands.Reason != "" {
				t.Errorf("%s stands in %+v", sid, stands)
			}
		}
		if list := due(t, s, c); len(list) > 0 {
			t.Errorf("due are %v", list)
		}
	})
}

func TestOnlyWhatWaitsIsTakenIn(t *testing.T) {
	everyStore(t, func(t *testing.T, s *storage.Store, c *clock) {
		for _, tt := range []struct {
			name string
			make func(sid string)
		}{
			{"there is none", func(string) {}},
			{"somebody works on it", func(sid string) {
				insert(t, s, sid, pair(c, sid))
				taking(t, s, c, pair(c, sid), "other")
			}},
			{"it may have been posted", func(sid string) {
				insert(t, s, sid, pair(c, sid))
				send := taking(t, s, c, pair(c, sid), "other").Send
				_, err := s.Settle(t.Context(), c.Now(), send, "other", bot.Outcome{State: bot.StateUnknown, Retry: c.Now()}, nil)
				must(t, err)
			}},
			{"it was sent", func(sid string) {
				insert(t, s, sid, pair(c, sid))
				send := taking(t, s, c, pair(c, sid), "other").Send
				_, err := s.Settle(t.Context(), c.Now(), send, "other", bot.Outcome{State: bot.StateSent, TS: "1.1"}, nil)
				must(t, err)
			}},
			{"another took it in", func(sid string) {
				insert(t, s, sid, pair(c, sid), pair(c, "head of "+sid))
				taking(t, s, c, pair(c, "head of "+sid), "other", sid)
			}},
		} {
			head, free, bad := "head/"+tt.name, "free/"+tt.name, "bad/"+tt.name
			insert(t, s, head, pair(c, head), pair(c, free))
			tt.make(bad)
			before, _ := s.SendBySID(t.Context(), bad)
			if claim := taking(t, s, c, pair(c, head), "w", free, bad); claim.Held || claim.Wait > 0 {
				t.Errorf("%s: %+v", tt.name, claim)
			}
			after, _ := s.SendBySID(t.Context(), bad)
			if state(t, s, head) != bot.StatePending || state(t, s, free) != bot.StatePending || fmt.Sprint(before) != fmt.Sprint(after) {
				t.Errorf("%s: a claim that was not held left %s, %s, and %+v of %+v", tt.name, state(t, s, head), state(t, s, free), after, before)
			}
		}
	})
}

func TestNothingIsTakenInWhileThePaceSaysWait(t *testing.T) {
	everyStore(t, func(t *testing.T, s *storage.Store, c *clock) {
		insert(t, s, "i", pair(c, "a"), pair(c, "b"), pair(c, "c"))
		rates := []bot.Rate{{Name: "post", Every: time.Second}, {Name: "here", Every: 2 * time.Second}}
		claim := func(sid string, took ...string) bot.Claim {
			send := pair(c, sid)
			send.Took = took
			got, err := s.Claim(t.Context(), c.Now(), send, "w"+sid, lease, rates)
			must(t, err)
			return got
		}
		if got := claim("a"); !got.Held {
			t.Fatalf("claimed %+v", got)
		}
		if got := claim("b", "c"); got.Held || got.Wait != time.Second || got.Blocked != "post" {
			t.Errorf("claimed %+v", got)
		}
		if got := state(t, s, "c"); got != bot.StatePending {
			t.Errorf("it was taken in: %s", got)
		}
		c.pass(time.Second)
		if got := claim("b", "c"); got.Held || got.Wait != time.Second || got.Blocked != "here" {
			t.Errorf("claimed %+v", got)
		}
		c.pass(time.Second)
		if got := claim("b", "c"); !got.Held || state(t, s, "c") != bot.StateDropped {
			t.Errorf("claimed %+v", got)
		}
	})
}

// After a restart nobody knows whether what waits was posted: it is looked for before it can be part of another message.
func TestWhatIsInDoubtIsLookedForBeforeItIsTakenIn(t *testing.T) {
	everyStore(t, func(t *testing.T, s *storage.Store, c *clock) {
		insert(t, s, "old", pair(c, "b"))
		must(t, s.MarkRestored(t.Context(), c.Now()))
		c.pass(time.Minute)
		insert(t, s, "new", pair(c, "a"))
		if claim := taking(t, s, c, pair(c, "a"), "w", "b"); claim.Held {
			t.Fatalf("held %+v", claim)
		}
		doubtful, err := s.SendBySID(t.Context(), "b")
		must(t, err)
		if doubtful.State != bot.StateUnknown || doubtful.TriedUntil.IsZero() {
			t.Fatalf("in doubt is %+v", doubtful)
		}
		claim, err := s.Claim(t.Context(), c.Now(), doubtful, "look", lease, nil)
		must(t, err)
		if !claim.Held {
			t.Fatal("nobody can look for it")
		}
		_, err = s.Settle(t.Context(), c.Now(), claim.Send, "look", bot.Outcome{State: bot.StatePending, Retry: c.Now()}, nil)
		must(t, err)
		if claim := taking(t, s, c, pair(c, "a"), "w2", "b"); !claim.Held {
			t.Errorf("what is not there is not taken in: %+v", claim)
		}
	})
}

// What is found tells what it took in, or into which it was taken, though the store forgot.
func TestWhatIsFoundTellsWhatItTookIn(t *testing.T) {
	everyStore(t, func(t *testing.T, s *storage.Store, c *clock) {
		insert(t, s, "i", pair(c, "a"), pair(c, "b"))
		for sid, o := range map[string]bot.Outcome{
			"a": {State: bot.StateSent, Channel: "D1", TS: "1.1", Took: []string{"b"}},
			"b": {State: bot.StateSent, Channel: "D1", TS: "1.1", Into: "a"},
		} {
			send := taking(t, s, c, pair(c, sid), "w").Send
			told, err := s.Settle(t.Context(), c.Now(), send, "w", o, nil)
			must(t, err)
			found, err := s.SendBySID(t.Context(), sid)
			must(t, err)
			if !slices.Equal(found.Took, o.Took) || found.Into != o.Into || found.State != bot.StateSent || found.PostedTS != "1.1" || !slices.Equal(told.Took, o.Took) || told.Into != o.Into {
				t.Errorf("found %+v, told %+v", found, told)
			}
		}
	})
}

// Several that want to take each other in: each one ends in exactly one message.
func TestOneOfManyTakesTheOthersIn(t *testing.T) {
	everyStore(t, func(t *testing.T, s *storage.Store, c *clock) {
		sids := []string{"a", "b", "c", "d"}
		for _, sid := range sids {
			insert(t, s, sid, pair(c, sid))
		}
		var group sync.WaitGroup
		for i, sid := range sids {
			group.Go(func() {
				send := pair(c, sid)
				send.Took = slices.DeleteFunc(slices.Clone(sids), func(other string) bool { return other == sid })
				if _, err := s.Claim(t.Context(), c.Now(), send, fmt.Sprint("w", i), lease, nil); err != nil {
					t.Error(err)
				}
			})
		}
		group.Wait()
		heads := 0
		for _, sid := range sids {
			got, err := s.SendBySID(t.Context(), sid)
			must(t, err)
			if got.State == bot.StateClaimed {
				heads++
			} else if got.Reason != bot.ReasonMerged {
				t.Errorf("%s is %+v", sid, got)
			}
		}
		if heads != 1 {
			t.Errorf("%d messages, want 1", heads)
		}
	})
}
