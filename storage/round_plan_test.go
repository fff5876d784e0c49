package storage_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"rapport/bot"
	"rapport/storage"
)

// cafe is the use cases on a store, as one process has them.
func cafe(t testing.TB, s *storage.Store) *bot.Coffee {
	t.Helper()
	settings := &bot.Settings{Store: s}
	must(t, settings.Refresh(t.Context()))
	c := &bot.Coffee{Programs: s, Seats: s, Rounds: s, Scenes: s, Sent: s, Settings: settings}
	empty(&c.Prompts)
	return c
}

// empty makes an empty library, of which a test here need not know what it is.
func empty[T any](library **T) { *library = new(T) }

// seated is a workspace with a program in which some people take part, all in Berlin.
func seated(t testing.TB, s *storage.Store, c *clock, people int) bot.Program {
	t.Helper()
	must(t, s.SaveWorkspace(t.Context(), "w", bot.Workspace{Team: "T1", Zone: "Europe/Berlin"}, nil))
	must(t, s.SaveChannel(t.Context(), "", bot.Channel{ID: "C1", Inside: true}, nil))
	p := bot.NewProgram("C1", "U000000", "Europe/Berlin")
	p.Created, p.Anchor = c.Now(), bot.Date{Year: 2026, Month: 3, Day: 9}
	p, err := s.SaveProgram(t.Context(), "p", p, bot.Entry{Name: "round/{id}", Spec: "0 9 * * 1", Zone: "Europe/Berlin"}, nil)
	must(t, err)
	ids := make([]string, people)
	for i := range ids {
		ids[i] = fmt.Sprintf("U%06d", i)
	}
	for part := range slices.Chunk(ids, 1000) {
		members := make([]bot.Member, len(part))
		seats := make([]bot.Seat, len(part))
		for i, id := range part {
			members[i] = bot.Member{ID: id, Name: "Name " + id, Department: "D" + id[len(id)-1:], Zone: "Europe/Berlin"}
			seats[i] = bot.Seat{Program: p.ID, Member: id, Joined: c.Now()}
		}
		must(t, s.SaveMembers(t.Context(), members...))
		must(t, storage.SaveSeats(t.Context(), s, seats))
	}
	return p
}

// monday is when the first round of the tests' program is due.
func monday() time.Time { return time.Date(2026, 3, 9, 8, 0, 0, 0, time.UTC) }

// checkRound fails the test unless everybody is in one group, each group has its messages once, and the seats say so.
func checkRound(t *testing.T, s *storage.Store, p bot.Program, people int) bot.Round {
	t.Helper()
	r, err := s.Round(t.Context(), p.ID+"/1")
	must(t, err)
	in := map[string]bool{}
	for _, g := range r.Groups {
		for _, id := range g.Members {
			in[id] = true
		}
	}
	if len(in) != people || r.People != people || !r.Planned || r.Intros != len(r.Groups) {
		t.Errorf("%d people in %d groups, %d introductions, planned %t", len(in), len(r.Groups), r.Intros, r.Planned)
	}
	backlog, err := s.Backlog(t.Context(), []bot.Kind{bot.KindPair, bot.KindMidway, bot.KindMet})
	must(t, err)
	if w := backlog.Waiting; w[bot.KindPair] != len(r.Groups) || w[bot.KindMidway] != len(r.Groups) || w[bot.KindMet] != people {
		t.Errorf("waiting: %v", w)
	}
	seats, err := s.Seats(t.Context(), p.ID)
	must(t, err)
	for _, seat := range seats {
		if seat.Matched != 1 || seat.Group == "" || !seat.Silent || seat.Version != 2 {
			t.Fatalf("seat %+v", seat)
		}
	}
	history, err := s.History(t.Context(), p.ID, 1)
	must(t, err)
	pairs := 0
	for _, g := range r.Groups {
		pairs += len(g.Members) * (len(g.Members) - 1) / 2
	}
	if len(history) != pairs {
		t.Errorf("%d meetings, want %d", len(history), pairs)
	}
	return r
}

func TestFiveProcessesPlanOneRound(t *testing.T) {
	everyStore(t, func(t *testing.T, s *storage.Store, c *clock) {
		const people = 701
		p := seated(t, s, c, people)
		var all sync.WaitGroup
		for i := range 5 {
			use := cafe(t, s)
			all.Go(func() {
				// Each has another idea of the time, as processes have.
				if err := use.PlanRound(t.Context(), monday().Add(time.Duration(i)*time.Second), p.ID, monday()); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		checkRound(t, s, p, people)
		if left := storage.DraftsLeft(t, s); left > 0 {
			t.Errorf("%d drafts are left", left)
		}
	})
}

// Another version of the engine draws another plan of the same round; only one of both is delivered.
func TestTwoVersionsOfTheEnginePlanOneRound(t *testing.T) {
	everyStore(t, func(t *testing.T, s *storage.Store, c *clock) {
		const people = 400
		p := seated(t, s, c, people)
		seats, err := s.Seats(t.Context(), p.ID)
		must(t, err)
		other := bot.RoundPlan{Round: bot.Round{ID: p.ID + "/1", Program: p.ID, Number: 1, At: monday(), End: monday().AddDate(0, 0, 4), GroupCount: people / 2, People: people}}
		for i := 0; i < people; i += 2 {
			other.Groups = append(other.Groups, bot.Group{Key: fmt.Sprint("x", i), Members: []string{seats[i].Member, seats[i+1].Member}})
		}
		var all sync.WaitGroup
		for i := range 2 {
			all.Go(func() {
				if i == 0 {
					if name, err := s.DraftRound(t.Context(), other); err == nil {
						_, _ = s.AdoptRound(t.Context(), other.Round, name) // or the other is faster
					}
				}
				if err := cafe(t, s).PlanRound(t.Context(), monday(), p.ID, monday()); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		checkRound(t, s, p, people)
	})
}

// A process that plans may die between any two of its calls; whoever is asked next goes on.
func TestPlanningGoesOnWhereItBrokeOff(t *testing.T) {
	everyStore(t, func(t *testing.T, s *storage.Store, c *clock) {
		const people = 1000
		p := seated(t, s, c, people)
		errBroken := fmt.Errorf("the process dies")
		broken := 0
		for calls := 1; ; calls++ {
			use := cafe(t, s)
			use.Rounds = &dyingRounds{RoundStore: s, left: calls % 2, made: calls%3 == 0, err: errBroken}
			if err := use.PlanRound(t.Context(), monday().Add(time.Duration(calls)*time.Minute), p.ID, monday()); err == nil {
				break
			}
			broken++
		}
		if broken < 4 {
			t.Errorf("it broke off %d times", broken)
		}
		checkRound(t, s, p, people)
	})
}
