package storage_test

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"rapport/bot"
	"rapport/storage"
)

// growth is a change by which a member joins a group, in whose place a larger one comes.
func growth(r bot.Round, was bot.Group, member string, version int) bot.RoundChange {
	key := "late" + member
	return bot.RoundChange{
		Round: r.ID, Newly: 1,
		Groups: []bot.GroupChange{
			{Was: was, Is: was, Course: bot.Course{Became: key}},
			{Is: bot.Group{Key: key, Members: append(slices.Clone(was.Members), member)}, Course: bot.Course{Late: true, Was: was.Key, Joins: member}},
		},
		Seats:    []bot.Seat{{Program: "1", Member: member, Version: version, Matched: 1, Group: key}},
		Meetings: []bot.Meeting{{A: was.Members[0], B: member, Round: 1}},
		Intents:  bot.Intents{{SID: "pair/" + r.ID + "/" + key, Kind: bot.KindPair, Ref: r.ID + " " + key, Members: []string{member}, Due: exported}},
	}
}

// Of many who want one place at the same time, one gets it, and of the others nothing is there: no seat, no meeting, no message.
func TestOnePlaceIsTakenOnce(t *testing.T) {
	everyStore(t, func(t *testing.T, s *storage.Store, _ *clock) {
		adopted(t, s, planOf(1))
		r, was, _, err := s.GroupCourse(t.Context(), "1/1", "g0")
		must(t, err)
		const many = 12
		var all sync.WaitGroup
		var placed atomic.Int32
		for i := range many {
			all.Go(func() {
				err := s.ChangeRound(t.Context(), bot.Token(fmt.Sprint("t", i)), growth(r, was, fmt.Sprint("ULATE", i), 0))
				switch {
				case err == nil:
					placed.Add(1)
				case !errors.Is(err, bot.ErrConflict):
					t.Errorf("member %d: %v", i, err)
				}
			})
		}
		all.Wait()
		whole, err := s.Round(t.Context(), "1/1")
		must(t, err)
		if placed.Load() != 1 || len(whole.Groups) != 1 || len(whole.Groups[0].Members) != 3 || whole.People != 3 || whole.GroupCount != 1 {
			t.Fatalf("%d were placed: %+v", placed.Load(), whole)
		}
		joined := whole.Groups[0].Members[2]
		seats, err := s.Seats(t.Context(), "1")
		must(t, err)
		met, err := s.History(t.Context(), "1", 1)
		must(t, err)
		if len(seats) != 1 || seats[0].Member != joined || len(met) != 1 || met[0].B != joined && met[0].A != joined {
			t.Errorf("%s joined; seats %+v, meetings %+v", joined, seats, met)
		}
		for i := range many {
			member := fmt.Sprint("ULATE", i)
			sids, err := s.SendsBySID(t.Context(), "pair/1/1/late"+member)
			if err != nil && !errors.Is(err, bot.ErrNotFound) {
				t.Fatal(err)
			}
			if (len(sids) == 1) != (member == joined) {
				t.Errorf("%s has %d messages, and %s joined", member, len(sids), joined)
			}
		}
	})
}

// Many join groups of one round at the same time: none of them is lost from the list of what came later, whoever has to try again.
func TestManyJoinDifferentGroupsAtOnce(t *testing.T) {
	everyStore(t, func(t *testing.T, s *storage.Store, _ *clock) {
		const many = 10
		adopted(t, s, planOf(many))
		var all sync.WaitGroup
		for i := range many {
			all.Go(func() {
				err := bot.ErrConflict
				for errors.Is(err, bot.ErrConflict) {
					var r bot.Round
					var was bot.Group
					if r, was, _, err = s.GroupCourse(t.Context(), "1/1", fmt.Sprint("g", i)); err == nil {
						err = s.ChangeRound(t.Context(), "", growth(r, was, fmt.Sprint("ULATE", i), 0))
					}
				}
				if err != nil {
					t.Errorf("member %d: %v", i, err)
				}
			})
		}
		all.Wait()
		whole, err := s.Round(t.Context(), "1/1")
		must(t, err)
		if len(whole.Groups) != many || whole.GroupCount != many || whole.People != 3*many {
			t.Errorf("%d groups, counted are %d of %d people", len(whole.Groups), whole.GroupCount, whole.People)
		}
		for _, g := range whole.Groups {
			if len(g.Members) != 3 {
				t.Errorf("group %+v", g)
			}
		}
	})
}

func TestAChangeOfARoundRestsOnWhatWasRead(t *testing.T) {
	everyStore(t, func(t *testing.T, s *storage.Store, _ *clock) {
		adopted(t, s, planOf(2))
		r, was, _, err := s.GroupCourse(t.Context(), "1/1", "g0")
		must(t, err)
		must(t, s.SaveSeat(t.Context(), "s", bot.Seat{Program: "1", Member: "UCY"}, nil))
		is(t, s.ChangeRound(t.Context(), "a", growth(r, was, "UCY", 0)), bot.ErrConflict) // the seat was saved meanwhile
		must(t, s.ChangeRound(t.Context(), "b", growth(r, was, "UCY", 1)))
		is(t, s.ChangeRound(t.Context(), "b", growth(r, was, "UCY", 1)), bot.ErrRepeated)
		change := growth(r, was, "UDEE", 0)
		is(t, s.ChangeRound(t.Context(), "c", change), bot.ErrConflict) // the group has become another
		change = growth(bot.Round{ID: "1/9"}, was, "UDEE", 0)
		if err := s.ChangeRound(t.Context(), "d", change); err == nil {
			t.Error("a round that is not there was changed")
		}
		seats, err := s.Seats(t.Context(), "1")
		must(t, err)
		if len(seats) != 1 || seats[0].Group != "lateUCY" {
			t.Errorf("seats %+v", seats)
		}
	})
}
