package storage_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"rapport/bot"
	"rapport/storage"
)

// Two sources learn of the same person at the same time: neither undoes the other.
func TestEditsOfAMemberDoNotUndoEachOther(t *testing.T) {
	everyStore(t, func(t *testing.T, s *storage.Store, _ *clock) {
		must(t, s.SaveMembers(t.Context(), bot.Member{ID: "UANA", Name: "Ana"}, bot.Member{ID: "UBEN", Name: "Ben"}))
		tries := 0
		must(t, s.EditMembers(t.Context(), []string{"UANA", "UBEN", "UNEW"}, func(m bot.Member) (bot.Member, bool) {
			if m.ID == "UANA" {
				if tries++; tries == 1 { // meanwhile, somebody else
					must(t, s.EditMembers(t.Context(), []string{"UANA"}, func(m bot.Member) (bot.Member, bool) {
						return m.Told(bot.SourceTable, bot.Facts{Department: "Table"}, nil), true
					}))
				}
			}
			m.Name = orName(m.Name, "New")
			return m.Told(bot.SourceProfile, bot.Facts{Department: "Profile"}, nil), m.ID != "UBEN"
		}))
		known, err := s.Members(t.Context(), "UANA", "UBEN", "UNEW")
		must(t, err)
		if ana := known["UANA"]; tries != 2 || ana.Say(bot.SourceTable).Department != "Table" || ana.Say(bot.SourceProfile).Department != "Profile" {
			t.Errorf("after %d tries ana is %+v", tries, ana)
		}
		if known["UBEN"] != (bot.Member{ID: "UBEN", Name: "Ben"}) || known["UNEW"].Department != "Profile" {
			t.Errorf("ben %+v, new %+v", known["UBEN"], known["UNEW"])
		}
		err = s.EditMembers(t.Context(), []string{"UANA"}, func(m bot.Member) (bot.Member, bool) {
			must(t, s.SaveMembers(t.Context(), bot.Member{ID: "UANA", Name: m.Name + "!"}))
			return m, true
		})
		if !errors.Is(err, bot.ErrConflict) {
			t.Errorf("who never holds still: %v, want a conflict", err)
		}
	})
}

func orName(name, other string) string {
	if name == "" {
		return other
	}
	return name
}

// One process holds the sync; what it notes is there for the next one.
func TestDirectorySync(t *testing.T) {
	everyStore(t, func(t *testing.T, s *storage.Store, c *clock) {
		ctx, now := t.Context(), c.Now()
		hold := func(who string, now time.Time, want bool) {
			t.Helper()
			if got, err := s.HoldSync(ctx, who, now, now.Add(time.Minute)); err != nil || got != want {
				t.Errorf("%s holds it: %t, %v; want %t", who, got, err, want)
			}
		}
		read := func() bot.DirectorySync {
			t.Helper()
			mark, err := s.DirectorySync(ctx)
			must(t, err)
			return mark
		}
		if read() != (bot.DirectorySync{}) {
			t.Error("a sync that was never made has a mark")
		}
		must(t, s.AskSync(ctx, now))
		if read().Asked.IsZero() {
			t.Error("nobody asked")
		}
		hold("a", now, true)
		hold("b", now.Add(30*time.Second), false)
		hold("a", now.Add(30*time.Second), true)
		mark := bot.DirectorySync{Began: now.UTC().Truncate(time.Second)}
		must(t, s.SaveSync(ctx, "a", now.Add(time.Minute), mark, true))
		if read() != mark { // and nobody asks any more
			t.Errorf("mark %+v, want %+v", read(), mark)
		}
		mark.Cursor = "next"
		must(t, s.SaveSync(ctx, "a", now.Add(time.Minute), mark, false, "UANA", "UBEN"))
		unmet, err := s.Unmet(ctx, []string{"UANA", "UCLEO", "UBEN", "UDAN"})
		if err != nil || !slices.Equal(unmet, []string{"UCLEO", "UDAN"}) {
			t.Errorf("unmet %q, %v", unmet, err)
		}
		mark.Cursor = ""
		must(t, s.SaveSync(ctx, "a", now.Add(time.Minute), mark, false)) // Slack's last page may be empty
		if unmet, err := s.Unmet(ctx, []string{"UANA", "UCLEO"}); err != nil || !slices.Equal(unmet, []string{"UCLEO"}) {
			t.Errorf("after an empty page: unmet %q, %v", unmet, err)
		}
		hold("b", now.Add(time.Minute), true) // a is dead, or very slow
		if err := s.SaveSync(ctx, "a", now.Add(time.Hour), mark, false); !errors.Is(err, bot.ErrConflict) {
			t.Errorf("who lost it saves: %v", err)
		}
		mark = bot.DirectorySync{Whole: now.UTC().Truncate(time.Second), People: 4}
		must(t, s.SaveSync(ctx, "b", now.Add(time.Minute), mark, false))
		if unmet, err := s.Unmet(ctx, []string{"UANA"}); err != nil || len(unmet) != 1 || read() != mark {
			t.Errorf("after the end: unmet %q, %v, mark %+v", unmet, err, read())
		}
	})
}
