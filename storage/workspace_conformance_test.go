package storage_test

import (
	"errors"
	"slices"
	"testing"

	"rapport/bot"
	"rapport/storage"
)

var _ bot.WorkspaceRuleStore = (*storage.Store)(nil)

func TestWorkspaceRulesAreNotedWithTheActItself(t *testing.T) {
	everyStore(t, func(t *testing.T, s *storage.Store, c *clock) {
		must(t, s.SaveWorkspace(t.Context(), "first", bot.Workspace{Team: "T1", Values: bot.StandardValues(), Admins: []string{"UBOB"}}, nil))
		w, err := s.Workspace(t.Context())
		must(t, err)
		w.Values = []bot.Value{{Name: "信頼", Emoji: ":red_circle:", Sentence: "You dared & did."}, {Name: "team_work", Emoji: "👩‍👩‍👧", Sentence: "s"}}
		w.Kudos = bot.KudosSettings{Recipients: 3, Letters: 1, Characters: 3000, Daily: 7, NoGuests: true, Channel: "C1", Reaction: "+1"}
		changed := []string{"recipients", "reaction"}
		must(t, s.SaveWorkspaceRules(t.Context(), "form", w, "UANA", changed))
		if err := s.SaveWorkspaceRules(t.Context(), "form", w, "UANA", changed); !errors.Is(err, bot.ErrRepeated) {
			t.Errorf("the same form again: %v", err)
		}
		if err := s.SaveWorkspaceRules(t.Context(), "old form", w, "UBOB", changed); !errors.Is(err, bot.ErrConflict) {
			t.Errorf("an old form: %v", err)
		}
		got, err := s.Workspace(t.Context())
		if err != nil || !slices.Equal(got.Values, w.Values) || got.Kudos != w.Kudos || got.Version != w.Version+1 || !slices.Equal(got.Admins, w.Admins) {
			t.Errorf("stored %+v, %v", got, err)
		}
		entries, err := s.Audit(t.Context(), 10)
		must(t, err)
		if len(entries) != 1 {
			t.Fatalf("noted %+v", entries)
		}
		if e := entries[0]; e.By != "UANA" || e.What != "workspace" || !slices.Equal(e.Of, changed) || !e.At.Equal(c.Now()) {
			t.Errorf("noted %+v", e)
		}
	})
}
