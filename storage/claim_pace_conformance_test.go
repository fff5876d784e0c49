package storage_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"rapport/bot"
	"rapport/storage"
)

func TestAClaimTakesThePaceOrCountsNothing(t *testing.T) {
	everyStore(t, func(t *testing.T, s *storage.Store, c *clock) {
		insert(t, s, "i", pair(c, "a"), pair(c, "b"), pair(c, "d"), pair(c, "e"))
		post, here, there := bot.Rate{Name: "post", Every: 250 * time.Millisecond}, bot.Rate{Name: "C1", Every: time.Second}, bot.Rate{Name: "C2", Every: time.Second}
		claim := func(sid, token string, rates []bot.Rate, want bot.Claim) {
			t.Helper()
			got, err := s.Claim(t.Context(), c.Now(), pair(c, sid), token, lease, rates)
			must(t, err)
			if got.Held != want.Held || got.Wait != want.Wait || got.Blocked != want.Blocked {
				t.Errorf("%s: %+v, want %+v", sid, got, want)
			}
		}
		held := bot.Claim{Held: true}
		claim("a", "w1", []bot.Rate{post, here}, held)
		claim("a", "w1", []bot.Rate{post, here}, held) // the client repeats a call whose answer was lost
		claim("a", "w2", []bot.Rate{post, here}, bot.Claim{})
		claim("b", "w2", []bot.Rate{post, here}, bot.Claim{Wait: 250 * time.Millisecond, Blocked: "post"})
		claim("e", "w5", nil, held) // what calls nobody does not wait
		c.pass(250 * time.Millisecond)
		claim("a", "w2", []bot.Rate{post, there}, bot.Claim{}) // another's: nothing is counted for it
		claim("b", "w2", []bot.Rate{post, here}, bot.Claim{Wait: 750 * time.Millisecond, Blocked: "C1"})
		claim("d", "w3", []bot.Rate{post, there}, held)
		must(t, s.BackOff(t.Context(), c.Now().Add(30*time.Second)))
		claim("b", "w2", []bot.Rate{post, here}, bot.Claim{Wait: 30 * time.Second})
		c.pass(30 * time.Second)
		claim("b", "w2", []bot.Rate{post, here}, held)
	})
}

func TestAClaimHoldsOnlyForTheStateThatItsRatesAreOf(t *testing.T) {
	everyStore(t, func(t *testing.T, s *storage.Store, c *clock) {
		send := pair(c, "a")
		insert(t, s, "i", send)
		for _, test := range []struct {
			state bot.State
			held  bool
		}{{bot.StateUnknown, false}, {bot.StatePending, true}} {
			send.State = test.state
			claim, err := s.Claim(t.Context(), c.Now(), send, "w", lease, []bot.Rate{{Name: "post", Every: time.Second}})
			must(t, err)
			if claim.Held != test.held || claim.Wait != 0 {
				t.Errorf("claimed as %s: %+v", test.state, claim)
			}
		}
	})
}

func TestUpcomingComesInParts(t *testing.T) {
	everyStore(t, func(t *testing.T, s *storage.Store, c *clock) {
		var want []string
		for i := range 7 {
			send := pair(c, fmt.Sprint("m", i))
			send.Due = c.Now().Add(time.Duration(i-2) * time.Hour)
			insert(t, s, send.SID, send)
			if i < 6 {
				want = append(want, send.SID)
			}
		}
		var got []string
		for skip := 0; skip < 8; skip += 4 {
			part, err := s.Upcoming(t.Context(), bot.KindPair, c.Now().Add(4*time.Hour), skip, 4)
			must(t, err)
			for _, send := range part {
				got = append(got, send.SID)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("upcoming are %v, want %v", got, want)
		}
	})
}
