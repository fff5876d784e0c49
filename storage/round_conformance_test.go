package storage_test

import (
	"errors"
	"fmt"
	"maps"
	"sync"
	"sync/atomic"
	"testing"

	"rapport/bot"
	"rapport/storage"
)

// drawn saves a round of pairs.
func drawn(t *testing.T, s *storage.Store, pairs int) bot.Round {
	t.Helper()
	r := bot.Round{ID: "1/1", Program: "1", Number: 1, Seed: 1 << 63, LeftOut: []string{"UEVA"}}
	for i := range pairs {
		r.Groups = append(r.Groups, bot.Group{Key: fmt.Sprint("g", i), Members: []string{fmt.Sprint("UA", i), fmt.Sprint("UB", i)}, Question: "q"})
	}
	stored, err := s.SaveRound(t.Context(), r, nil, nil, nil)
	must(t, err)
	return stored
}

// said is a round in which somebody of a group answered.
func said(r bot.Round, group int, member string, met bot.Met) bot.Round {
	r.Groups = append([]bot.Group(nil), r.Groups...)
	answers := maps.Clone(r.Groups[group].Met)
	if answers == nil {
		answers = map[string]bot.Met{}
	}
	answers[member] = met
	r.Groups[group].Met = answers
	return r
}

func TestAnswersOfDifferentGroupsDoNotMeet(t *testing.T) {
	everyStore(t, func(t *testing.T, s *storage.Store, _ *clock) {
		const groups = 60
		read := drawn(t, s, groups)
		var group sync.WaitGroup
		for i := range groups {
			group.Go(func() {
				answer := said(read, i, fmt.Sprint("UA", i), bot.MetYes)
				if err := s.ReplaceRound(t.Context(), bot.Token(fmt.Sprint(i)), answer, nil, nil); err != nil {
					t.Errorf("group %d: %v", i, err)
				}
			})
		}
		group.Wait()
		r, err := s.Round(t.Context(), "1/1")
		must(t, err)
		if r.Version != 1+groups || r.Seed != 1<<63 || len(r.LeftOut) != 1 || len(r.Groups) != groups {
			t.Errorf("version %d with %d groups, want %d with %d", r.Version, len(r.Groups), 1+groups, groups)
		}
		for i, g := range r.Groups {
			if g.Key != fmt.Sprint("g", i) || g.Met[fmt.Sprint("UA", i)] != bot.MetYes || g.Question != "q" {
				t.Errorf("group %d is %+v", i, g)
			}
		}
	})
}

func TestAnswersInOneGroupMeet(t *testing.T) {
	everyStore(t, func(t *testing.T, s *storage.Store, _ *clock) {
		drawn(t, s, 1)
		var conflicts atomic.Int64
		var group sync.WaitGroup
		for i := range 8 {
			group.Go(func() {
				for {
					read, err := s.Round(t.Context(), "1/1")
					if err != nil {
						t.Error(err)
						return
					}
					err = s.ReplaceRound(t.Context(), "", said(read, 0, fmt.Sprint("U", i), bot.MetLater), nil, nil)
					if err == nil {
						return
					}
					if !errors.Is(err, bot.ErrConflict) {
						t.Error(err)
						return
					}
					conflicts.Add(1)
				}
			})
		}
		group.Wait()
		r, err := s.Round(t.Context(), "1/1")
		must(t, err)
		if len(r.Groups[0].Met) != 8 || r.Version != 9 {
			t.Errorf("%d answers in version %d, want 8 in version 9 after %d conflicts", len(r.Groups[0].Met), r.Version, conflicts.Load())
		}
	})
}

func TestAStaleAnswerIsRefusedOnlyWhereItIsStale(t *testing.T) {
	yes, no := true, false
	meeting := []bot.Meeting{{A: "UA0", B: "UB0", Round: 1, Met: &yes}}
	everyStore(t, func(t *testing.T, s *storage.Store, _ *clock) {
		first := drawn(t, s, 2)
		current := func() bot.Round {
			t.Helper()
			r, err := s.Round(t.Context(), "1/1")
			must(t, err)
			return r
		}
		must(t, s.ReplaceRound(t.Context(), "a", said(first, 0, "UA0", bot.MetYes), meeting, nil))
		second := current()
		is(t, s.ReplaceRound(t.Context(), "b", said(first, 0, "UA0", bot.MetYes), nil, nil), bot.ErrConflict)
		is(t, s.ReplaceRound(t.Context(), "c", said(first, 0, "UB0", bot.MetNo), nil, nil), bot.ErrConflict)
		is(t, s.ReplaceRound(t.Context(), "d", said(said(first, 1, "UA1", bot.MetNo), 0, "UA0", bot.MetNo), nil, nil), bot.ErrConflict)
		is(t, s.ReplaceRound(t.Context(), "a", said(first, 0, "UB0", bot.MetNo), nil, nil), bot.ErrRepeated)
		// Meetings of a group rest on what was read of it, too.
		is(t, s.ReplaceRound(t.Context(), "e", first, []bot.Meeting{{A: "UA0", B: "UB0", Round: 1, Met: &no}}, nil), bot.ErrConflict)
		if r := current(); r.Version != second.Version {
			t.Fatalf("version %d, want %d: what was refused left a trace", r.Version, second.Version)
		}
		must(t, s.ReplaceRound(t.Context(), "f", said(first, 1, "UA1", bot.MetNo), nil, nil))
		if r := current(); r.Groups[0].Met["UA0"] != bot.MetYes || r.Groups[1].Met["UA1"] != bot.MetNo {
			t.Errorf("after an answer in the other group: %+v", r.Groups)
		}

		// Back to what it was when first was read: for who read it in between that is a change.
		third := current()
		back := third
		back.Groups = []bot.Group{first.Groups[0], third.Groups[1]}
		must(t, s.ReplaceRound(t.Context(), "g", back, nil, nil))
		is(t, s.ReplaceRound(t.Context(), "h", said(third, 0, "UB0", bot.MetYes), nil, nil), bot.ErrConflict)
		must(t, s.ReplaceRound(t.Context(), "i", said(third, 1, "UB1", bot.MetNo), nil, nil))
		if r := current(); len(r.Groups[0].Met) != 0 || len(r.Groups[1].Met) != 2 {
			t.Errorf("in the end: %+v", r.Groups)
		}

		// The same answer again changes nothing.
		same := current()
		must(t, s.ReplaceRound(t.Context(), "j", same, nil, nil))
		if r := current(); r.Version != same.Version {
			t.Errorf("version %d, want %d", r.Version, same.Version)
		}
	})
}

func TestWhoReadARoundTooManyChangesAgoReadsItAgain(t *testing.T) {
	everyStore(t, func(t *testing.T, s *storage.Store, _ *clock) {
		first := drawn(t, s, 2)
		for i := range 20 {
			r, err := s.Round(t.Context(), "1/1")
			must(t, err)
			must(t, s.ReplaceRound(t.Context(), "", said(r, 0, "UA0", bot.Met(fmt.Sprint(i))), nil, nil))
		}
		answer := said(first, 1, "UA1", bot.MetYes)
		is(t, s.ReplaceRound(t.Context(), "a", answer, nil, nil), bot.ErrConflict)
		again, err := s.Round(t.Context(), "1/1")
		must(t, err)
		must(t, s.ReplaceRound(t.Context(), "a", said(again, 1, "UA1", bot.MetYes), nil, nil))
	})
}

func TestARoundWithTwoGroupsOfOneKeyIsRefused(t *testing.T) {
	everyStore(t, func(t *testing.T, s *storage.Store, _ *clock) {
		r := bot.Round{ID: "1/1", Program: "1", Number: 1, Groups: []bot.Group{{Key: "g"}, {Key: "g"}}}
		if _, err := s.SaveRound(t.Context(), r, nil, nil, nil); err == nil {
			t.Error("it was saved")
		}
		_, err := s.Round(t.Context(), "1/1")
		is(t, err, bot.ErrNotFound)
		for _, id := range []string{"", "1", "1/x", "2/1"} {
			_, err := s.Round(t.Context(), id)
			is(t, err, bot.ErrNotFound)
		}
	})
}
