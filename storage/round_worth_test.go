package storage_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"

	"rapport/bot"
	"rapport/storage"
)

func TestWhatARoundWasWorthIsCounted(t *testing.T) {
	everyStore(t, func(t *testing.T, s *storage.Store, _ *clock) {
		adopted(t, s, planOf(1))
		answer := func(token bot.Token, worth map[string]bot.Worth) {
			t.Helper()
			r, was, course, err := s.GroupCourse(t.Context(), "1/1", "g0")
			must(t, err)
			is := was
			is.Worth = worth
			must(t, s.ChangeRound(t.Context(), token, bot.RoundChange{Round: r.ID, Groups: []bot.GroupChange{{Was: was, Is: is, Course: course}}}))
		}
		for i, tt := range []struct {
			said map[string]bot.Worth
			want bot.WorthSums
		}{
			{map[string]bot.Worth{"UA0": bot.WorthYes}, bot.WorthSums{Yes: 1}},
			{map[string]bot.Worth{"UA0": bot.WorthYes, "UB0": bot.WorthNo}, bot.WorthSums{Yes: 1, No: 1}},
			{map[string]bot.Worth{"UA0": bot.WorthPartly, "UB0": bot.WorthNo}, bot.WorthSums{Partly: 1, No: 1}},
			{nil, bot.WorthSums{}},
		} {
			answer(bot.Token(string(rune('a'+i))), tt.said)
			r, err := s.CurrentRound(t.Context(), "1")
			must(t, err)
			if r.Worth != tt.want {
				t.Errorf("after %v: %+v", tt.said, r.Worth)
			}
		}
	})
}

func TestNotesForOneselfAreSealed(t *testing.T) {
	everyStore(t, func(t *testing.T, s *storage.Store, _ *clock) {
		note := bot.RoundNote{Round: "1/1", Group: "g0", With: []string{"U2", "U3"}, Text: "bakes bread", At: time.Date(2026, 4, 3, 9, 0, 0, 0, time.UTC)}
		must(t, s.SavePreferences(t.Context(), "t1", bot.Preferences{Member: "U1", Notes: []bot.RoundNote{note}}, nil, nil))
		all, err := s.Preferences(t.Context(), "U1")
		must(t, err)
		if got := all["U1"].Notes; len(got) != 1 || got[0].Text != note.Text || !slices.Equal(got[0].With, note.With) || !got[0].At.Equal(note.At) {
			t.Errorf("kept %+v", got)
		}
		must(t, s.Erase(t.Context(), "U2"))
		if all, err = s.Preferences(t.Context(), "U1"); err != nil || !slices.Equal(all["U1"].Notes[0].With, []string{"U3"}) {
			t.Errorf("after U2 was forgotten: %+v, %v", all["U1"], err)
		}
		must(t, s.Erase(t.Context(), "U1"))
		if all, err = s.Preferences(t.Context(), "U1"); err != nil || len(all) != 0 {
			t.Errorf("after U1 was forgotten: %+v, %v", all, err)
		}
	})
}

func TestNotesForOneselfLeaveSealed(t *testing.T) {
	everyVault(t, func(t *testing.T, from vault) {
		from.with(onlyA, func(s *storage.Store) {
			note := bot.RoundNote{Round: "1/1", Group: "g0", With: []string{"UWITH"}, Text: "bakes bread"}
			must(t, s.SavePreferences(t.Context(), "t1", bot.Preferences{Member: "UNOTES", Notes: []bot.RoundNote{note}}, nil, nil))
		})
		var file bytes.Buffer
		from.server(storage.Keyring{}, func(server *storage.Server) {
			_, err := server.Export(t.Context(), exportTeam, &file, "test")
			must(t, err)
		})
		if text := file.String(); !strings.Contains(text, "UNOTES") || strings.Contains(text, "bakes") || strings.Contains(text, "UWITH") {
			t.Errorf("the export reads\n%s", text)
		}
	})
}
