package storage_test

import (
	"testing"

	"rapport/bot"
	"rapport/storage"
)

func TestWhoIsAskedToTakeACommitmentOverFindsIt(t *testing.T) {
	everyStore(t, func(t *testing.T, s *storage.Store, c *clock) {
		was := commitment(c)
		was.Owner, was.Counterparties = "UANA", nil
		was, err := s.AddCommitment(t.Context(), "add", was, nil, nil)
		must(t, err)
		found := func(member string) int {
			t.Helper()
			owed, err := s.OwedCommitments(t.Context(), member, c.Now())
			must(t, err)
			return len(owed)
		}
		offered := was
		offered.Giving = "UBOB"
		must(t, s.ReplaceCommitment(t.Context(), "give", was, offered, nil))
		offered.Version++
		if found("UBOB") != 1 || found("UCY") != 0 {
			t.Errorf("Bob finds %d, Cy %d", found("UBOB"), found("UCY"))
		}
		other := offered
		other.Giving = "UCY"
		must(t, s.ReplaceCommitment(t.Context(), "give another", offered, other, nil))
		other.Version++
		if found("UBOB") != 0 || found("UCY") != 1 {
			t.Errorf("after it was offered to Cy Bob finds %d, Cy %d", found("UBOB"), found("UCY"))
		}
		kept := other
		kept.Owner, kept.Giving, kept.Counterparties = "UCY", "", []bot.Counterparty{{Member: "UBOB"}}
		must(t, s.ReplaceCommitment(t.Context(), "accept", other, kept, nil))
		if found("UBOB") != 1 || found("UCY") != 0 || found("UANA") != 0 {
			t.Errorf("once it is Cy's: %d %d %d", found("UBOB"), found("UCY"), found("UANA"))
		}
	})
}
