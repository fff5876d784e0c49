package storage_test

import (
	"errors"
	"slices"
	"testing"

	"rapport/bot"
	"rapport/storage"
)

func TestARoundChangesInOneStep(t *testing.T) {
	everyStore(t, func(t *testing.T, s *storage.Store, _ *clock) {
		adopted(t, s, planOf(2))
		r, was, _, err := s.GroupCourse(t.Context(), "1/1", "g0")
		must(t, err)
		grown := bot.Group{Key: "late", Members: []string{"UA0", "UB0", "UEVA"}}
		change := bot.RoundChange{Round: r.ID, Newly: 1, Groups: []bot.GroupChange{
			{Was: was, Is: was, Course: bot.Course{Became: "late"}},
			{Is: grown, Course: bot.Course{Late: true, Was: "g0", Joins: "UEVA"}},
		}, Seats: []bot.Seat{{Program: "1", Member: "UEVA", Matched: 1, Group: "late"}}}
		must(t, s.ChangeRound(t.Context(), "", change))
		if err := s.ChangeRound(t.Context(), "", change); !errors.Is(err, bot.ErrConflict) {
			t.Errorf("the same again: %v", err)
		}
		whole, err := s.Round(t.Context(), r.ID)
		must(t, err)
		var keys []string
		for _, g := range whole.Groups {
			keys = append(keys, g.Key)
		}
		if !slices.Equal(keys, []string{"g1", "late"}) || len(whole.LeftOut) != 0 || whole.GroupCount != 2 || whole.People != 5 {
			t.Errorf("groups %v, left out %v, %d groups of %d people", keys, whole.LeftOut, whole.GroupCount, whole.People)
		}
		if _, _, course, err := s.GroupCourse(t.Context(), r.ID, "g0"); err != nil || course.Became != "late" {
			t.Errorf("%+v, %v", course, err)
		}
		if _, _, _, err := s.GroupCourse(t.Context(), r.ID, "g9"); !errors.Is(err, bot.ErrNotFound) {
			t.Errorf("no such group: %v", err)
		}
	})
}

// A group whose place another took can come back in that one's place.
func TestAGroupComesBack(t *testing.T) {
	everyStore(t, func(t *testing.T, s *storage.Store, _ *clock) {
		adopted(t, s, planOf(2))
		r, was, _, err := s.GroupCourse(t.Context(), "1/1", "g0")
		must(t, err)
		grown := bot.Group{Key: "late", Members: []string{"UA0", "UB0", "UEVA"}}
		must(t, s.ChangeRound(t.Context(), "", bot.RoundChange{Round: r.ID, Groups: []bot.GroupChange{
			{Was: was, Is: was, Course: bot.Course{Became: "late"}}, {Is: grown, Course: bot.Course{Late: true, Was: "g0", Joins: "UEVA"}},
		}}))
		_, was, _, err = s.GroupCourse(t.Context(), r.ID, "g0")
		must(t, err)
		_, late, course, err := s.GroupCourse(t.Context(), r.ID, "late")
		must(t, err)
		course.Became = "g0"
		back := bot.RoundChange{Round: r.ID, Groups: []bot.GroupChange{{Was: late, Is: late, Course: course}, {Was: was, Is: was}}}
		must(t, s.ChangeRound(t.Context(), "", back))
		if err := s.ChangeRound(t.Context(), "", back); !errors.Is(err, bot.ErrConflict) {
			t.Errorf("the same again: %v", err)
		}
		whole, err := s.Round(t.Context(), r.ID)
		must(t, err)
		var keys []string
		for _, g := range whole.Groups {
			keys = append(keys, g.Key)
		}
		if slices.Sort(keys); !slices.Equal(keys, []string{"g0", "g1"}) || whole.GroupCount != 2 {
			t.Errorf("groups %v, %d of them", keys, whole.GroupCount)
		}
		if _, _, course, err := s.GroupCourse(t.Context(), r.ID, "g0"); err != nil || course.Became != "" {
			t.Errorf("%+v, %v", course, err)
		}
	})
}

func TestWhomSomebodyAvoidsIsSealed(t *testing.T) {
	everyStore(t, func(t *testing.T, s *storage.Store, _ *clock) {
		must(t, s.SavePreferences(t.Context(), "t1", bot.Preferences{Member: "U1", Avoid: []string{"U2", "U3"}}, nil, nil))
		scene, err := s.Scene(t.Context(), "", "U1")
		must(t, err)
		if got := scene.Preferences["U1"].Avoid; !slices.Equal(got, []string{"U2", "U3"}) {
			t.Errorf("a scene has %v", got)
		}
		must(t, s.Erase(t.Context(), "U2"))
		all, err := s.Preferences(t.Context(), "U1")
		must(t, err)
		if got := all["U1"]; !slices.Equal(got.Avoid, []string{"U3"}) || got.Version != 2 {
			t.Errorf("after U2 was forgotten: %+v", got)
		}
	})
}
