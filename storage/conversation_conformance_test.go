package storage_test

import (
	"slices"
	"testing"
	"time"

	"rapport/storage"
)

func TestConversationsAreKnownByWhoIsInThem(t *testing.T) {
	everyStore(t, func(t *testing.T, s *storage.Store, c *clock) {
		must(t, s.SaveConversation(t.Context(), []string{"UBEN", "UANA"}, "G1"))
		c.pass(7 * 24 * time.Hour)
		must(t, s.SaveConversation(t.Context(), []string{"UANA"}, "D1"))
		find := func(want ...string) {
			t.Helper()
			got, err := s.Conversations(t.Context(), [][]string{{"UANA", "UBEN"}, {"UCY", "UANA"}, {"UANA"}, {"UBEN", "UANA"}})
			must(t, err)
			if !slices.Equal(got, want) {
				t.Errorf("conversations are %q, want %q", got, want)
			}
		}
		find("G1", "", "D1", "G1")
		c.pass(7 * 7 * 24 * time.Hour)
		forget(t, s, c)
		find("G1", "", "D1", "G1")
		c.pass(7 * 24 * time.Hour)
		forget(t, s, c)
		find("", "", "D1", "")
		c.pass(-9 * 7 * 24 * time.Hour) // deleted, and not only out of sight
		find("", "", "", "")
		if none, err := s.Conversations(t.Context(), nil); err != nil || len(none) != 0 {
			t.Errorf("no conversations are %q, %v", none, err)
		}
	})
}
