package storage_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"rapport/bot"
	"rapport/storage"
)

// to is a send that brings a member what a colleague says about commitment n.
func to(c *clock, member string, kind bot.Kind, n int) bot.Send {
	return bot.Send{SID: fmt.Sprintf("followup/%d/%s", n, kind), Kind: kind, Ref: fmt.Sprintf("%d said UBOB", n), Members: []string{member}, Due: c.Now()}
}

func sids(list []bot.Send) (sids []string) {
	for _, s := range list {
		sids = append(sids, s.SID)
	}
	return sids
}

// sendsTo is what the store says is addressed to a member.
func sendsTo(t *testing.T, s *storage.Store, member string) []bot.Send {
	t.Helper()
	list, err := s.SendsTo(t.Context(), member)
	must(t, err)
	return list
}

func TestWhatIsAddressedToAMemberIsFound(t *testing.T) {
	everyStore(t, func(t *testing.T, s *storage.Store, c *clock) {
		if list := sendsTo(t, s, "UANA"); len(list) > 0 {
			t.Errorf("to Ana at first: %+v", list)
		}
		asks, answers := to(c, "UANA", bot.KindProposal, 1), to(c, "UANA", bot.KindAnswer, 2)
		answers.Due = c.Now().Add(-time.Second)
		many, again, bundle := to(c, "UANA", bot.KindAnswer, 3), to(c, "UANA", bot.KindAnswer, 4), to(c, "UANA", bot.KindReminders, 5)
		many.Members = []string{"UANA", "UBOB"}
		again.SID = "again/kudos/k1/post/1"
		insert(t, s, "i", asks, answers, to(c, "UBOB", bot.KindProposal, 6), many, again, bundle)
		want := []string{answers.SID, asks.SID}
		if got := sids(sendsTo(t, s, "UANA")); !slices.Equal(got, want) {
			t.Errorf("to Ana: %q, want %q", got, want)
		}
		// What was settled stays, with what became of it.
		claim := taking(t, s, c, asks, "w", answers.SID)
		if !claim.Held {
			t.Fatalf("claimed %+v", claim)
		}
		_, err := s.Settle(t.Context(), c.Now(), claim.Send, "w", bot.Outcome{State: bot.StateSent, Channel: "D1", TS: "1.1"}, nil)
		must(t, err)
		list := sendsTo(t, s, "UANA")
		if !slices.Equal(sids(list), want) || list[0].Into != asks.SID || list[1].State != bot.StateSent || !list[1].Settled.Equal(c.Now()) {
			t.Errorf("to Ana, once it was sent: %+v", list)
		}
		c.pass(6 * 7 * day)
		if list := sendsTo(t, s, "UANA"); len(list) > 2 {
			t.Errorf("to Ana, much later: %+v", list)
		}
	})
}

func TestTheIndexOfWhatIsAddressedStaysShort(t *testing.T) {
	everyStore(t, func(t *testing.T, s *storage.Store, c *clock) {
		for n := range 103 {
			send := to(c, "UANA", bot.KindProposal, n)
			send.Due = c.Now().Add(time.Duration(n) * time.Second)
			insert(t, s, send.SID, send)
		}
		list := sendsTo(t, s, "UANA")
		if len(list) != 100 || list[0].SID != "followup/3/proposal" || list[99].SID != "followup/102/proposal" {
			t.Errorf("%d are found, from %v", len(list), list[:1])
		}
	})
}

// What colleagues ask and what they answer are two kinds, and one message.
func TestTwoKindsAreTakenTogether(t *testing.T) {
	everyStore(t, func(t *testing.T, s *storage.Store, c *clock) {
		asks, answers, alien := to(c, "UANA", bot.KindProposal, 1), to(c, "UANA", bot.KindAnswer, 2), to(c, "UANA", bot.KindReminders, 3)
		asks.NotAfter, answers.NotAfter = c.Now().Add(time.Hour), c.Now().Add(2*time.Hour)
		insert(t, s, "i", asks, answers, alien)
		if claim := taking(t, s, c, asks, "w", alien.SID); claim.Held {
			t.Errorf("took in what no message of its kind holds: %+v", claim)
		}
		claim := taking(t, s, c, asks, "w", answers.SID)
		if !claim.Held || !claim.Send.NotAfter.Equal(answers.NotAfter) {
			t.Fatalf("claimed %+v", claim)
		}
		taken, err := s.SendBySID(t.Context(), answers.SID)
		must(t, err)
		if taken.Kind != bot.KindAnswer || taken.Ref != answers.Ref || taken.Into != asks.SID || taken.Reason != bot.ReasonMerged {
			t.Errorf("taken in is %+v", taken)
		}
		due, err := s.Due(t.Context(), c.Now(), []bot.Kind{bot.KindProposal, bot.KindAnswer}, 9)
		must(t, err)
		if len(due) > 0 {
			t.Errorf("due are %+v", due)
		}
	})
}

func TestWhatIsInDoubtOfAnotherKindIsLookedForFirst(t *testing.T) {
	everyStore(t, func(t *testing.T, s *storage.Store, c *clock) {
		asks, answers := to(c, "UANA", bot.KindProposal, 1), to(c, "UANA", bot.KindAnswer, 2)
		answers.Due = c.Now().Add(10 * time.Second)
		insert(t, s, "old", answers)
		must(t, s.MarkRestored(t.Context(), c.Now()))
		c.pass(time.Minute)
		asks.Due = c.Now()
		insert(t, s, "new", asks)
		if claim := taking(t, s, c, asks, "w", answers.SID); claim.Held {
			t.Fatalf("held %+v", claim)
		}
		due, err := s.Due(t.Context(), c.Now(), []bot.Kind{bot.KindAnswer}, 9)
		must(t, err)
		if len(due) != 1 || due[0].State != bot.StateUnknown {
			t.Errorf("due are %+v", due)
		}
	})
}

func TestWhatWasAddressedToWhoIsForgottenGoes(t *testing.T) {
	everyStore(t, func(t *testing.T, s *storage.Store, c *clock) {
		must(t, s.SaveMembers(t.Context(), bot.Member{ID: "UANA"}))
		insert(t, s, "i", to(c, "UANA", bot.KindProposal, 1))
		must(t, s.Erase(t.Context(), "UANA"))
		if list := sendsTo(t, s, "UANA"); len(list) > 0 {
			t.Errorf("to Ana: %+v", list)
		}
	})
}
