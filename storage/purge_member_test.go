package storage_test

import (
	"slices"
	"testing"

	"rapport/bot"
	"rapport/storage"
)

func TestWhoIsKnown(t *testing.T) {
	everyStore(t, func(t *testing.T, s *storage.Store, c *clock) {
		must(t, s.SaveMembers(t.Context(), bot.Member{ID: "UMEMBER", Name: "Mia"}))
		must(t, s.SavePreferences(t.Context(), "p", bot.Preferences{Member: "UPREFERS"}, nil, nil))
		must(t, s.SaveSeat(t.Context(), "s", bot.Seat{Program: "1", Member: "USITS", Joined: c.Now()}, nil))
		k := kudos(c, "k")
		k.Giver, k.Recipients = "UGIVES", []string{"UGETS"}
		_, err := s.AddKudos(t.Context(), "k", k, bot.KudosQuota{Limit: 9}, nil)
		must(t, err)
		all := []string{"UMEMBER", "UTYPO", "UPREFERS", "USITS", "UGIVES", "UGETS"}
		knows := func(wantHeld, wantNamed []string) {
			t.Helper()
			held, named, err := s.Known(t.Context(), all...)
			if err != nil || !slices.Equal(held, wantHeld) || !slices.Equal(named, wantNamed) {
				t.Errorf("held %q, named %q, %v; want %q and %q", held, named, err, wantHeld, wantNamed)
			}
		}
		knows([]string{"UMEMBER", "UPREFERS", "USITS"}, []string{"UGIVES", "UGETS"})
		must(t, s.Erase(t.Context(), "UMEMBER", "UPREFERS", "USITS", "UGIVES"))
		knows(nil, []string{"UMEMBER", "UPREFERS", "USITS", "UGIVES", "UGETS"})
	})
}
