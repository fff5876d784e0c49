package storage_test

import (
	"errors"
	"slices"
	"testing"

	"rapport/bot"
	"rapport/storage"
)

var _ bot.AdminStore = (*storage.Store)(nil)

func TestAnAppointmentIsNotedWithTheActItself(t *testing.T) {
	everyStore(t, func(t *testing.T, s *storage.Store, c *clock) {
		must(t, s.SaveWorkspace(t.Context(), "first", bot.Workspace{Team: "T1", Admins: []string{"UOLD"}}, nil))
		w, err := s.Workspace(t.Context())
		must(t, err)
		w.Admins = []string{"UNEW"}
		change := bot.AdminChange{Admins: w.Admins, Added: []string{"UNEW"}, Removed: []string{"UOLD"}}
		must(t, s.SaveAdmins(t.Context(), "form", w, "UANA", change))
		if err := s.SaveAdmins(t.Context(), "form", w, "UANA", change); !errors.Is(err, bot.ErrRepeated) {
			t.Errorf("the same form again: %v", err)
		}
		if err := s.SaveAdmins(t.Context(), "old form", w, "UBOB", change); !errors.Is(err, bot.ErrConflict) {
			t.Errorf("an old form: %v", err)
		}
		if got, err := s.Workspace(t.Context()); err != nil || !slices.Equal(got.Admins, []string{"UNEW"}) || got.Version != w.Version+1 {
			t.Errorf("stored %+v, %v", got, err)
		}
		entries, err := s.Audit(t.Context(), 10)
		must(t, err)
		if len(entries) != 1 {
			t.Fatalf("noted %+v", entries)
		}
		if e := entries[0]; e.By != "UANA" || e.What != "admins" || !slices.Equal(e.Of, []string{"+UNEW", "-UOLD"}) || !e.At.Equal(c.Now()) {
			t.Errorf("noted %+v", e)
		}
	})
}
