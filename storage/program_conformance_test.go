package storage_test

import (
	"errors"
	"fmt"
	"testing"

	"rapport/bot"
	"rapport/storage"
)

func TestRecentRoundsAreTheLatestOnes(t *testing.T) {
	everyStore(t, func(t *testing.T, s *storage.Store, _ *clock) {
		if rounds, err := s.RecentRounds(t.Context(), "1", 8); err != nil || len(rounds) != 0 {
			t.Fatalf("before the first: %+v, %v", rounds, err)
		}
		for number := 1; number <= 3; number++ {
			plan := planOf(2)
			plan.Number = number
			plan.ID = "1/" + string(rune('0'+number))
			adopted(t, s, plan)
		}
		for _, tt := range []struct {
			most int
			want []string
		}{{8, []string{"1/3", "1/2", "1/1"}}, {2, []string{"1/3", "1/2"}}} {
			rounds, err := s.RecentRounds(t.Context(), "1", tt.most)
			if err != nil || len(rounds) != len(tt.want) {
				t.Fatalf("at most %d: %+v, %v", tt.most, rounds, err)
			}
			for i, r := range rounds {
				if r.ID != tt.want[i] || r.GroupCount != 2 || r.People != 4 || len(r.Groups) != 0 {
					t.Errorf("round %d is %+v", i, r)
				}
			}
		}
		if rounds, err := s.RecentRounds(t.Context(), "2", 8); err != nil || len(rounds) != 0 {
			t.Errorf("of another program: %+v, %v", rounds, err)
		}
	})
}

var _ bot.ProgramStore = (*storage.Store)(nil)

func TestOfTwoNewNamesAtOnceOneIsLookedAtAgain(t *testing.T) {
	everyStore(t, func(t *testing.T, s *storage.Store, c *clock) {
		seen := func() int {
			t.Helper()
			scene, err := s.ProgramScene(t.Context(), "C1", "UANA")
			must(t, err)
			return scene.Names
		}
		program := func(name string, names int) bot.Program {
			return bot.Program{Name: name, Channel: "C1", Owner: "UANA", Created: c.Now(), Names: names}
		}
		names := seen()
		if names != 1 {
			t.Fatalf("before the first name: %d", names)
		}
		const both = 8
		results := make(chan error, both)
		for n := range both {
			go func() {
				_, err := s.SaveProgram(t.Context(), bot.Token(fmt.Sprint("create ", n)), program(fmt.Sprint("Lunch ", n), names), bot.Entry{}, nil)
				results <- err
			}()
		}
		saved := 0
		for range both {
			switch err := <-results; {
			case err == nil:
				saved++
			case !errors.Is(err, bot.ErrConflict):
				t.Error(err)
			}
		}
		all, err := s.Programs(t.Context())
		must(t, err)
		if saved != 1 || len(all) != 1 || all[0].Names != 0 {
			t.Fatalf("%d were saved: %+v", saved, all)
		}
		// Who looks again gets through, and a change without a new name needs no look.
		p, err := s.SaveProgram(t.Context(), "again", program("Dinner", seen()), bot.Entry{}, nil)
		must(t, err)
		p.Paused = true
		if p, err = s.SaveProgram(t.Context(), "pause", p, bot.Entry{}, nil); err != nil || seen() != 3 {
			t.Errorf("paused: %v, names %d", err, seen())
		}
		p.Name, p.Names = "Supper", 2
		if _, err := s.SaveProgram(t.Context(), "rename", p, bot.Entry{}, nil); !errors.Is(err, bot.ErrConflict) {
			t.Errorf("renamed by an old look: %v", err)
		}
		p.Names = 3
		if p, err = s.SaveProgram(t.Context(), "rename", p, bot.Entry{}, nil); err != nil || p.Names != 0 || p.Name != "Supper" {
			t.Errorf("renamed: %+v, %v", p, err)
		}
		// The same act again is what it was, whatever was named meanwhile.
		if again, err := s.SaveProgram(t.Context(), "again", program("Dinner", names), bot.Entry{}, nil); !errors.Is(err, bot.ErrRepeated) || again.ID != p.ID {
			t.Errorf("again: %+v, %v", again, err)
		}
	})
}
