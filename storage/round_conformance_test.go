package storage_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"rapport/bot"
	"rapport/storage"
)

// planOf is a plan of a first round of pairs.
func planOf(pairs int) bot.RoundPlan {
	p := bot.RoundPlan{Round: bot.Round{ID: "1/1", Program: "1", Number: 1, Seed: 1 << 63, LeftOut: []string{"UEVA"}, GroupCount: pairs, People: 2 * pairs}}
	for i := range pairs {
		p.Groups = append(p.Groups, bot.Group{Key: fmt.Sprint("g", i), Members: []string{fmt.Sprint("UA", i), fmt.Sprint("UB", i)}, Question: "q"})
	}
	return p
}

// adopted drafts a plan and makes it the round.
func adopted(t testing.TB, s *storage.Store, p bot.RoundPlan) bot.Round {
	t.Helper()
	name, err := s.DraftRound(t.Context(), p)
	must(t, err)
	r, err := s.AdoptRound(t.Context(), p.Round, name)
	must(t, err)
	return r
}

// said is a group in which somebody answered.
func said(g bot.Group, member string, met bot.Met) bot.Group {
	answers := maps.Clone(g.Met)
	if answers == nil {
		answers = map[string]bot.Met{}
	}
	answers[member] = met
	g.Met = answers
	return g
}

func group(t testing.TB, s *storage.Store, key string) bot.Group {
	t.Helper()
	_, g, err := s.RoundGroup(t.Context(), "1/1", key)
	must(t, err)
	return g
}

func TestAnswersOfDifferentGroupsDoNotMeet(t *testing.T) {
	everyStore(t, func(t *testing.T, s *storage.Store, _ *clock) {
		const groups = 60
		adopted(t, s, planOf(groups))
		var all sync.WaitGroup
		for i := range groups {
			all.Go(func() {
				_, g, err := s.RoundGroup(t.Context(), "1/1", fmt.Sprint("g", i))
				if err == nil {
					err = s.ReplaceGroup(t.Context(), bot.Token(fmt.Sprint(i)), "1/1", g, said(g, fmt.Sprint("UA", i), bot.MetYes), nil)
				}
				if err != nil {
					t.Errorf("group %d: %v", i, err)
				}
			})
		}
		all.Wait()
		r, err := s.Round(t.Context(), "1/1")
		must(t, err)
		if r.Seed != 1<<63 || !slices.Equal(r.LeftOut, []string{"UEVA"}) || len(r.Groups) != groups || r.Met != groups || r.Answered != groups {
			t.Errorf("%d groups, %d met, %d answered, left out %v", len(r.Groups), r.Met, r.Answered, r.LeftOut)
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
		adopted(t, s, planOf(1))
		var conflicts atomic.Int64
		var all sync.WaitGroup
		for i := range 8 {
			all.Go(func() {
				for {
					_, g, err := s.RoundGroup(t.Context(), "1/1", "g0")
					if err == nil {
						err = s.ReplaceGroup(t.Context(), "", "1/1", g, said(g, fmt.Sprint("U", i), bot.MetLater), nil)
					}
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
		all.Wait()
		r, g, err := s.RoundGroup(t.Context(), "1/1", "g0")
		must(t, err)
		if len(g.Met) != 8 || r.Answered != 8 || r.Met != 0 {
			t.Errorf("%d answers, %d counted, after %d conflicts", len(g.Met), r.Answered, conflicts.Load())
		}
	})
}

func TestAStaleAnswerIsRefused(t *testing.T) {
	yes := true
	everyStore(t, func(t *testing.T, s *storage.Store, _ *clock) {
		adopted(t, s, planOf(2))
		first := group(t, s, "g0")
		meeting := []bot.Meeting{{A: "UA0", B: "UB0", Round: 1, Met: &yes}}
		must(t, s.ReplaceGroup(t.Context(), "a", "1/1", first, said(first, "UA0", bot.MetYes), meeting))
		is(t, s.ReplaceGroup(t.Context(), "b", "1/1", first, said(first, "UB0", bot.MetNo), nil), bot.ErrConflict)
		is(t, s.ReplaceGroup(t.Context(), "a", "1/1", first, said(first, "UB0", bot.MetNo), nil), bot.ErrRepeated)
		second := group(t, s, "g0")
		if second.Met["UA0"] != bot.MetYes || len(second.Met) != 1 {
			t.Errorf("what was refused left a trace: %+v", second)
		}
		must(t, s.ReplaceGroup(t.Context(), "c", "1/1", second, first, nil)) // taken back
		is(t, s.ReplaceGroup(t.Context(), "d", "1/1", second, said(second, "UB0", bot.MetNo), nil), bot.ErrConflict)
		r, g, err := s.RoundGroup(t.Context(), "1/1", "g0")
		must(t, err)
		if len(g.Met) != 0 || r.Met != 0 || r.Answered != 0 {
			t.Errorf("after it was taken back: %+v, %d met, %d answered", g, r.Met, r.Answered)
		}
		history, err := s.History(t.Context(), "1", 1)
		must(t, err)
		if len(history) != 1 || history[0].Met == nil || !*history[0].Met {
			t.Errorf("history %+v", history)
		}
	})
}

func TestWhatIsNoGroupIsNotFound(t *testing.T) {
	everyStore(t, func(t *testing.T, s *storage.Store, _ *clock) {
		adopted(t, s, planOf(1))
		for _, at := range [][2]string{{"", ""}, {"1", "g0"}, {"1/x", "g0"}, {"2/1", "g0"}, {"1/2", ""}, {"1/1", "g1"}} {
			_, _, err := s.RoundGroup(t.Context(), at[0], at[1])
			is(t, err, bot.ErrNotFound)
		}
		_, err := s.CurrentRound(t.Context(), "2")
		is(t, err, bot.ErrNotFound)
		twice := planOf(1)
		twice.Groups = append(twice.Groups, twice.Groups[0])
		if _, err := s.DraftRound(t.Context(), twice); err == nil {
			t.Error("two groups of one key were drafted")
		}
	})
}

func TestAPartGoesInOnlyWhereItsRoundIs(t *testing.T) {
	everyStore(t, func(t *testing.T, s *storage.Store, c *clock) {
		lost := bot.Round{ID: "1/7", Program: "1", Number: 7}
		send := bot.Send{SID: bot.PairSID(lost.ID, "g0"), Kind: bot.KindPair, Ref: lost.ID, Members: []string{"UA0", "UB0"}, Due: c.Now()}
		is(t, s.InsertPart(t.Context(), lost, 0, nil, nil, bot.Intents{send}), bot.ErrConflict)
		_, err := s.SendBySID(t.Context(), send.SID)
		is(t, err, bot.ErrNotFound)
		// To a planner, not found means that all are in.
		if _, err := s.NextPart(t.Context(), lost.ID); err == nil || errors.Is(err, bot.ErrNotFound) {
			t.Errorf("a round that is not there: %v", err)
		}
	})
}

func TestTheFirstDraftWins(t *testing.T) {
	everyStore(t, func(t *testing.T, s *storage.Store, c *clock) {
		one, other := planOf(300), planOf(300)
		other.Seed = 7
		name, err := s.DraftRound(t.Context(), one)
		must(t, err)
		again, err := s.DraftRound(t.Context(), one)
		must(t, err)
		loser, err := s.DraftRound(t.Context(), other)
		must(t, err)
		if name != again || name == loser {
			t.Errorf("drafts %q, %q and %q", name, again, loser)
		}
		if _, err := s.CurrentRound(t.Context(), "1"); !errors.Is(err, bot.ErrNotFound) {
			t.Errorf("a draft counts as a round: %v", err)
		}
		for range 2 { // somebody repeats it
			r, err := s.AdoptRound(t.Context(), one.Round, name)
			must(t, err)
			if r.Seed != 1<<63 || r.GroupCount != 300 || len(r.Groups) != 0 || r.Planned {
				t.Errorf("adopted %+v", r)
			}
		}
		standing, err := s.AdoptRound(t.Context(), other.Round, loser)
		is(t, err, bot.ErrRepeated)
		if standing.Seed != 1<<63 {
			t.Errorf("the round of the loser counts: %+v", standing)
		}
		_, err = s.DraftRound(t.Context(), other)
		is(t, err, bot.ErrRepeated)
		if left := storage.DraftsLeft(t, s, name, loser); left > 0 {
			t.Errorf("%d keys are left of drafts", left)
		}
		whole, err := s.Round(t.Context(), "1/1")
		must(t, err)
		if len(whole.Groups) != 300 || whole.Groups[299].Key != "g299" {
			t.Errorf("%d groups", len(whole.Groups))
		}
	})
}

func TestADraftThatNobodyWritesToIsForgotten(t *testing.T) {
	everyStore(t, func(t *testing.T, s *storage.Store, c *clock) {
		name, err := s.DraftRound(t.Context(), planOf(1))
		must(t, err)
		for _, hours := range []time.Duration{23, 2} {
			c.pass(hours * time.Hour)
			_, err = s.Forget(t.Context(), c.Now(), storage.StandardRetention())
			must(t, err)
		}
		_, err = s.AdoptRound(t.Context(), planOf(1).Round, name)
		is(t, err, bot.ErrConflict)
		if left := storage.DraftsLeft(t, s, name); left > 0 {
			t.Errorf("%d keys are left of the draft", left)
		}
	})
}

// inserted puts one part of a round in as a use case would.
func inserted(ctx context.Context, s *storage.Store, r bot.Round, part bot.RoundPart, due time.Time) error {
	var meetings []bot.Meeting
	var intents bot.Intents
	for _, g := range part.Groups {
		meetings = append(meetings, bot.Meeting{A: g.Members[0], B: g.Members[1], Round: r.Number})
		intents = append(intents, bot.Send{SID: bot.PairSID(r.ID, g.Key), Kind: bot.KindPair, Ref: r.ID + " " + g.Key, Members: g.Members, Due: due})
	}
	return s.InsertPart(ctx, r, part.Number, nil, meetings, intents)
}

func TestPartsGoInOnceWhoeverPutsThemIn(t *testing.T) {
	everyStore(t, func(t *testing.T, s *storage.Store, c *clock) {
		const pairs = 1300
		r := adopted(t, s, planOf(pairs))
		var done atomic.Int64
		var all sync.WaitGroup
		for range 4 {
			all.Go(func() {
				for {
					part, err := s.NextPart(t.Context(), r.ID)
					if errors.Is(err, bot.ErrNotFound) {
						return
					}
					if err == nil {
						err = inserted(t.Context(), s, r, part, c.Now())
					}
					switch {
					case err == nil:
						done.Add(1)
					case !errors.Is(err, bot.ErrConflict):
						t.Error(err)
						return
					}
				}
			})
		}
		all.Wait()
		history, err := s.History(t.Context(), "1", 1)
		must(t, err)
		backlog, err := s.Backlog(t.Context(), kinds)
		must(t, err)
		head, err := s.CurrentRound(t.Context(), "1")
		must(t, err)
		if len(history) != pairs || backlog.Waiting[bot.KindPair] != pairs || !head.Planned || head.Intros != pairs || done.Load() != 22 {
			t.Errorf("%d meetings, %d sends, %d introductions in %d parts, planned %t", len(history), backlog.Waiting[bot.KindPair], head.Intros, done.Load(), head.Planned)
		}
	})
}

func TestAPartRestsOnTheSeatsThatWereRead(t *testing.T) {
	everyStore(t, func(t *testing.T, s *storage.Store, c *clock) {
		must(t, s.SaveSeat(t.Context(), "j", bot.Seat{Program: "1", Member: "UA0", Joined: c.Now()}, nil))
		r := adopted(t, s, planOf(1))
		seats, err := s.SeatsOf(t.Context(), "1", "UA0", "UB0")
		must(t, err)
		seat := seats["UA0"]
		if len(seats) != 1 || seat.Version != 1 {
			t.Fatalf("seats %+v", seats)
		}
		stale := seat
		stale.Version = 0
		is(t, s.InsertPart(t.Context(), r, 0, []bot.Seat{stale}, nil, nil), bot.ErrConflict)
		seat.Matched, seat.Group = 1, "g0"
		must(t, s.InsertPart(t.Context(), r, 0, []bot.Seat{seat}, nil, nil))
		is(t, s.InsertPart(t.Context(), r, 0, nil, nil, nil), bot.ErrConflict)
		mine, err := s.MemberSeats(t.Context(), "UA0")
		must(t, err)
		if len(mine) != 1 || mine[0].Group != "g0" || mine[0].Version != 2 {
			t.Errorf("seat %+v", mine)
		}
		part, err := s.NextPart(t.Context(), r.ID)
		must(t, err)
		if part.Number != 1 || !slices.Equal(part.LeftOut, []string{"UEVA"}) {
			t.Errorf("the next part is %+v", part)
		}
	})
}

func TestHowFarARoundIs(t *testing.T) {
	everyStore(t, func(t *testing.T, s *storage.Store, c *clock) {
		const pairs = 600
		r := adopted(t, s, planOf(pairs))
		for range 3 {
			part, err := s.NextPart(t.Context(), r.ID)
			must(t, err)
			must(t, inserted(t.Context(), s, r, part, c.Now()))
		}
		half, err := s.RoundProgress(t.Context(), r.ID, 5000)
		must(t, err)
		if half != (bot.RoundProgress{Introductions: 192, Asked: 192, Waiting: 192}) {
			t.Errorf("while it is planned: %+v", half)
		}
		for {
			part, err := s.NextPart(t.Context(), r.ID)
			if errors.Is(err, bot.ErrNotFound) {
				break
			}
			must(t, err)
			must(t, inserted(t.Context(), s, r, part, c.Now()))
		}
		due, err := s.Due(t.Context(), c.Now(), kinds, 40)
		must(t, err)
		for i, send := range due {
			outcome := bot.Outcome{State: bot.StateSent, Channel: "G1", TS: "1.1"}
			if i >= 30 {
				outcome = bot.Outcome{State: bot.StateDead, Reason: "gone"}
			}
			claim, err := s.Claim(t.Context(), c.Now(), send, "w", lease, nil)
			must(t, err)
			_, err = s.Settle(t.Context(), c.Now(), claim.Send, "w", outcome, nil)
			must(t, err)
		}
		p, err := s.RoundProgress(t.Context(), r.ID, 5000)
		must(t, err)
		if p != (bot.RoundProgress{Introductions: pairs, Asked: pairs, Waiting: pairs - 40, Lost: 10, Planned: true}) {
			t.Errorf("of all: %+v", p)
		}
		p, err = s.RoundProgress(t.Context(), r.ID, 250)
		must(t, err)
		if p.Introductions != pairs || p.Asked != 192 {
			t.Errorf("of a share: %+v", p)
		}
	})
}

func TestTheRoundOfAnOldExportIsReadAsOneInParts(t *testing.T) {
	c := &clock{now: exported.Add(time.Hour)}
	p := folderPlace(t, c)
	p.bring(t, readOld(t), storage.ImportOptions{})
	s := p.store(t)
	defer closeStore(t, s)
	r := latestRound(t, s, "1")
	if !r.Planned || r.GroupCount != 1 || r.People != 2 || r.Intros != 1 || r.Met != 1 || r.Answered != 1 || !slices.Equal(r.LeftOut, []string{"UEVA"}) {
		t.Errorf("the round is %+v", r)
	}
	if len(r.Groups) != 1 || r.Groups[0].Version != 2 || r.Groups[0].Met["UANA"] != bot.MetYes {
		t.Errorf("its groups are %+v", r.Groups)
	}
}
