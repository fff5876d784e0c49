package storage_test

import (
	"fmt"
	"testing"
	"time"

	"rapport/bot"
	"rapport/storage"
)

// The clocks of those that work on a send differ by up to half a minute either way. Whoever looks for it must not do so before the one that posts it is
// certainly done, by the clock on the wall: that is a lease and the wait after it.
func TestNobodyLooksForAPostThatMayBeOnItsWay(t *testing.T) {
	skews := []time.Duration{-30 * time.Second, 0, 30 * time.Second}
	everyStore(t, func(t *testing.T, s *storage.Store, c *clock) {
		for _, poster := range skews {
			for _, sweeper := range skews {
				for _, looker := range skews {
					sid := fmt.Sprint("by ", poster, sweeper, looker)
					send := pair(c, sid)
					send.Due = c.Now().Add(-time.Minute)
					insert(t, s, sid, send)
					claim, err := s.Claim(t.Context(), c.Now().Add(poster), send, sid, lease, nil)
					must(t, err)
					ok, err := s.Posting(t.Context(), c.Now().Add(poster), sid, sid, reserve)
					must(t, err)
					if !claim.Held || !ok {
						t.Fatalf("%s: claimed %v, posting %v", sid, claim.Held, ok)
					}
					begun := c.Now()
					for looked := false; !looked; c.pass(5 * time.Second) {
						_, err := s.Sweep(t.Context(), c.Now().Add(sweeper), wait)
						must(t, err)
						claim, err := s.Claim(t.Context(), c.Now().Add(looker), send, "other "+sid, lease, nil)
						must(t, err)
						after := c.Now().Sub(begun)
						if looked = claim.Held; looked && (claim.Send.State != bot.StateUnknown || after < lease+wait) {
							t.Errorf("%s: looked for after %s, as %s", sid, after, claim.Send.State)
						}
						if after > 5*time.Minute {
							t.Fatalf("%s: nobody looks", sid)
						}
					}
				}
			}
		}
	})
}

// A claim that is taken away because its holder's clock is slow can post nothing any more, though its lease lasts by that clock.
func TestAClaimTakenAwayTooSoonPostsNothing(t *testing.T) {
	everyStore(t, func(t *testing.T, s *storage.Store, c *clock) {
		send := pair(c, "a")
		send.Due = c.Now().Add(-time.Minute)
		insert(t, s, "i", send)
		slow := func() time.Time { return c.Now().Add(-30 * time.Second) }
		claim, err := s.Claim(t.Context(), slow(), send, "slow", lease, nil)
		must(t, err)
		n, err := s.Sweep(t.Context(), c.Now(), wait)
		must(t, err)
		if !claim.Held || n != 1 {
			t.Fatalf("claimed %v, swept %d", claim.Held, n)
		}
		ok, err := s.Posting(t.Context(), slow(), "a", "slow", reserve)
		must(t, err)
		if ok {
			t.Error("it may post")
		}
	})
}

// Instants that a clock left that was fast, or was set back since, keep nobody waiting for longer than a call has to.
func TestNobodyWaitsForAClockThatIsWrong(t *testing.T) {
	post, here := bot.Rate{Name: "post", Every: 250 * time.Millisecond}, bot.Rate{Name: "C1", Every: time.Second}
	for name, ask := range map[string]func(t *testing.T, s *storage.Store, now time.Time, sid string) (time.Duration, string){
		"pace": func(t *testing.T, s *storage.Store, now time.Time, _ string) (time.Duration, string) {
			wait, blocked, err := s.Pace(t.Context(), now, []bot.Rate{post, here})
			must(t, err)
			return wait, blocked
		},
		"claim": func(t *testing.T, s *storage.Store, now time.Time, sid string) (time.Duration, string) {
			send := bot.Send{SID: sid, Kind: bot.KindPair, Due: now.Add(-24 * time.Hour)}
			insert(t, s, sid+now.String(), send)
			claim, err := s.Claim(t.Context(), now, send, sid+now.String(), lease, []bot.Rate{post, here})
			must(t, err)
			if claim.Held == (claim.Wait > 0) {
				t.Fatalf("%+v", claim)
			}
			return claim.Wait, claim.Blocked
		},
	} {
		t.Run(name, func(t *testing.T) {
			everyStore(t, func(t *testing.T, s *storage.Store, c *clock) {
				wants := func(sid string, wait time.Duration, blocked string) {
					t.Helper()
					if got, by := ask(t, s, c.Now(), sid); got != wait || by != blocked {
						t.Errorf("%s waits %s for %q, want %s for %q", sid, got, by, wait, blocked)
					}
				}
				if wait, _ := ask(t, s, c.Now().Add(time.Hour), "fast"); wait != 0 {
					t.Fatalf("the first waits %s", wait)
				}
				wants("a", 250*time.Millisecond, "post")
				c.pass(250 * time.Millisecond)
				wants("a", time.Second, "C1")
				c.pass(time.Second)
				wants("a", 0, "")
				must(t, s.BackOff(t.Context(), c.Now().Add(24*time.Hour)))
				wants("b", 10*time.Minute, "")
				c.pass(10*time.Minute - time.Second)
				wants("b", time.Second, "")
				c.pass(time.Second)
				wants("b", 0, "")
				must(t, s.BackOff(t.Context(), c.Now().Add(30*time.Second)))
				wants("c", 30*time.Second, "")
			})
		})
	}
}
