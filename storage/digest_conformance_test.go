package storage_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"rapport/bot"
	"rapport/storage"
)

func TestADigestIsStoredWithAllItsEntries(t *testing.T) {
	everyStore(t, func(t *testing.T, s *storage.Store, c *clock) {
		entry := bot.Entry{Name: "digest/C1", Spec: "0 15 * * 5", Zone: "Europe/Berlin"}
		quiet := bot.Entry{Name: "quiet/C1", Spec: "0 10 * * 4", Zone: "Europe/Berlin"}
		d := bot.Digest{
			Channel: "C1", Weekday: time.Friday, Minute: 15 * 60, Zone: "Europe/Berlin", By: "U1", QuietWork: true, Since: c.Now().UTC(), Asked: c.Now().UTC(),
			Earliest: bot.Date{Year: 2026, Month: 3, Day: 28}, Changed: c.Now().UTC(),
		}
		send := bot.Intents{{SID: "digest/C1/1", Kind: bot.KindDigest, Ref: "C1", Channel: "C1", Due: c.Now()}}
		must(t, s.SaveDigest(t.Context(), "t", d, []bot.Entry{entry, quiet}, send))
		d.Version = 1
		if got, err := s.Digest(t.Context(), "C1"); err != nil || got != d {
			t.Errorf("stored %+v, %v, want %+v", got, err, d)
		}
		want := []string{"digest/C1", "quiet/C1"}
		if names := dueEntries(t, s, c.Now()); !slices.Equal(slices.Sorted(slices.Values(names)), want) {
			t.Errorf("entries %v, want %v", names, want)
		}
		if state(t, s, "digest/C1/1") != bot.StatePending {
			t.Error("its message is missing")
		}
		off := quiet
		off.Name, off.Off = "quiet/C2", false
		for name, err := range map[string]error{
			"repeated": s.SaveDigest(t.Context(), "t", d, []bot.Entry{entry, off}, nil),
			"conflict": s.SaveDigest(t.Context(), "other", bot.Digest{Channel: "C1"}, []bot.Entry{entry, off}, nil),
		} {
			if !errors.Is(err, bot.ErrRepeated) && !errors.Is(err, bot.ErrConflict) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if names := dueEntries(t, s, c.Now()); len(names) != 2 {
			t.Errorf("what was refused left an entry: %v", names)
		}
	})
}
