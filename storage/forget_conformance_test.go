package storage_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"rapport/bot"
	"rapport/storage"
)

const day = 24 * time.Hour

// forget forgets as a workspace does that asked for nothing else.
func forget(t *testing.T, s *storage.Store, c *clock) storage.Forgotten {
	t.Helper()
	gone, err := s.Forget(t.Context(), c.Now(), storage.StandardRetention())
	must(t, err)
	return gone
}

// forgets checks what is forgotten now, and that nothing is by a second call.
func forgets(t *testing.T, s *storage.Store, c *clock, want storage.Forgotten) {
	t.Helper()
	if got := forget(t, s, c); got != want {
		t.Errorf("forgotten %+v, want %+v", got, want)
	}
	if got := forget(t, s, c); got != (storage.Forgotten{}) {
		t.Errorf("forgotten again %+v", got)
	}
}

// leaves checks which keys there are.
func leaves(t *testing.T, s *storage.Store, want ...string) {
	t.Helper()
	if got := storage.KeysLeft(t, s); !slices.Equal(got, want) {
		t.Errorf("left are %q, want %q", got, want)
	}
}

// A team's thank-you stands in hundreds of indexes: more of them than go in one step.
func TestTeamKudosAreForgottenInSteps(t *testing.T) {
	everyStore(t, func(t *testing.T, s *storage.Store, c *clock) {
		const teams = 5
		for i := range teams {
			k := kudos(c, fmt.Sprint("team", i))
			k.Giver, k.Team, k.Recipients = fmt.Sprint("U", i), "S1", nil
			for n := range 500 {
				k.Recipients = append(k.Recipients, fmt.Sprint("UTEAM", n))
			}
			_, err := s.AddKudos(t.Context(), bot.Token(k.ID), k, quota, nil)
			must(t, err)
		}
		c.pass(366 * day)
		forgets(t, s, c, storage.Forgotten{Kudos: teams})
		_, received, err := s.MemberKudos(t.Context(), "UTEAM7", 10)
		must(t, err)
		if len(received) > 0 {
			t.Errorf("still received: %v", received)
		}
	})
}

func TestKudosAreForgottenAfterAYear(t *testing.T) {
	everyStore(t, func(t *testing.T, s *storage.Store, c *clock) {
		for i := range 250 { // more than two batches
			k := kudos(c, fmt.Sprint("old", i))
			k.Giver, k.Posted = fmt.Sprint("U", i%30), i%2 == 0
			k, err := s.AddKudos(t.Context(), bot.Token(k.ID), k, quota, nil)
			must(t, err)
			if i%7 == 0 {
				k.Undone, k.Message = c.Now(), ""
				must(t, s.ReplaceKudos(t.Context(), bot.Token("undo"+k.ID), k, nil, nil))
			}
		}
		c.pass(time.Millisecond)
		young := kudos(c, "young")
		_, err := s.AddKudos(t.Context(), "young", young, quota, nil)
		must(t, err)

		c.pass(365*day - time.Millisecond)
		forgets(t, s, c, storage.Forgotten{})
		c.pass(time.Millisecond)
		forgets(t, s, c, storage.Forgotten{Kudos: 250})
		_, err = s.Kudos(t.Context(), "old1")
		is(t, err, bot.ErrNotFound)
		posted, err := s.ChannelKudos(t.Context(), "C1", time.Time{}, c.Now())
		must(t, err)
		given, _, err := s.MemberKudos(t.Context(), "UANA", 10)
		must(t, err)
		_, received, err := s.MemberKudos(t.Context(), "UEVA", 1000)
		must(t, err)
		first, err := s.FirstGiven(t.Context(), "C1", "U1", "UANA")
		must(t, err)
		if len(posted) != 1 || len(given) != 1 || len(received) != 1 || len(first) != 1 || received[0].ID != "young" {
			t.Errorf("%d posted, %d given, %d received, %d givers, want the young one alone", len(posted), len(given), len(received), len(first))
		}
		c.pass(time.Millisecond)
		forgets(t, s, c, storage.Forgotten{Kudos: 1})
		leaves(t, s)
	})
}

func TestCountsOfKudosGoWhenTheirDayIsOverEverywhere(t *testing.T) {
	everyStore(t, func(t *testing.T, s *storage.Store, c *clock) {
		one := bot.KudosQuota{Day: bot.Date{Year: 2026, Month: 3, Day: 2}, Limit: 1}
		_, err := s.AddKudos(t.Context(), "a", kudos(c, "a"), one, nil)
		must(t, err)
		c.pass(2 * day)
		forgets(t, s, c, storage.Forgotten{})
		_, err = s.AddKudos(t.Context(), "b", kudos(c, "b"), one, nil)
		is(t, err, bot.ErrLimit)
		c.pass(2 * day)
		forgets(t, s, c, storage.Forgotten{})
		if left := storage.KeysLeft(t, s); slices.Contains(left, "kudos:quota") || !slices.Contains(left, "kudos:by:UANA") {
			t.Errorf("left are %q, want the kudos without the count", left)
		}
	})
}

func TestClosedCommitmentsAreForgottenAfterHalfAYear(t *testing.T) {
	everyStore(t, func(t *testing.T, s *storage.Store, c *clock) {
		for i, state := range []bot.CommitmentState{bot.Done, bot.Released, bot.Declined, bot.Lapsed, bot.Open, bot.Open} {
			got, err := s.AddCommitment(t.Context(), bot.Token(fmt.Sprint(i)), commitment(c), nil, nil)
			must(t, err)
			if state != bot.Open {
				was := got
				got.State, got.Closed = state, c.Now()
				must(t, s.ReplaceCommitment(t.Context(), bot.Token(fmt.Sprint("close", i)), was, got, nil))
			}
		}
		reopened, err := s.Commitment(t.Context(), 1)
		must(t, err)
		closed := reopened
		reopened.State, reopened.Closed = bot.Open, time.Time{}
		must(t, s.ReplaceCommitment(t.Context(), "reopen", closed, reopened, nil))

		c.pass(180 * day)
		forgets(t, s, c, storage.Forgotten{})
		c.pass(time.Millisecond)
		forgets(t, s, c, storage.Forgotten{Commitments: 3})
		owned, err := s.OwnedCommitments(t.Context(), "UANA", time.Time{})
		must(t, err)
		owed, err := s.OwedCommitments(t.Context(), "UBEN", time.Time{})
		must(t, err)
		if len(owned) != 3 || len(owed) != 3 || owned[0].ID != 1 || owned[1].ID != 5 {
			t.Errorf("%d owned and %d owed, want the three open ones", len(owned), len(owed))
		}
		for _, open := range owned {
			done := open
			done.State, done.Closed = bot.Done, c.Now()
			must(t, s.ReplaceCommitment(t.Context(), bot.Token(fmt.Sprint("done", open.ID)), open, done, nil))
		}
		c.pass(180*day + time.Millisecond)
		forgets(t, s, c, storage.Forgotten{Commitments: 3})
		leaves(t, s, "seq:commitments")
	})
}

func TestACommitmentThatChangesHandsLeavesNothingBehind(t *testing.T) {
	everyStore(t, func(t *testing.T, s *storage.Store, c *clock) {
		got, err := s.AddCommitment(t.Context(), "a", commitment(c), nil, nil)
		must(t, err)
		was := got
		got.Owner, got.Counterparties = "UEVA", []bot.Counterparty{{Member: "UANA"}}
		must(t, s.ReplaceCommitment(t.Context(), "b", was, got, nil))
		left := storage.KeysLeft(t, s)
		for _, index := range []string{"owned:UANA", "owed:UBEN"} {
			if slices.Contains(left, index) {
				t.Errorf("%q is still there", index)
			}
		}
		got.Version++
		was = got
		got.State, got.Closed = bot.Done, c.Now()
		must(t, s.ReplaceCommitment(t.Context(), "c", was, got, nil))
		c.pass(180*day + time.Millisecond)
		forgets(t, s, c, storage.Forgotten{Commitments: 1})
		leaves(t, s, "seq:commitments")
	})
}

func TestWhoLeftIsForgottenAfterAMonth(t *testing.T) {
	everyStore(t, func(t *testing.T, s *storage.Store, c *clock) {
		ana, ben := bot.Member{ID: "UANA", Name: "Ana Roth"}, bot.Member{ID: "UBEN", Name: "Ben"}
		must(t, s.SaveMembers(t.Context(), ana, ben))
		settle(t, s, c, ana.ID)
		settle(t, s, c, ben.ID)
		gone := ana
		gone.Deleted = true
		must(t, s.SaveMembers(t.Context(), gone))
		for range 30 { // the directory is read every day
			c.pass(day)
			forgets(t, s, c, storage.Forgotten{})
			must(t, s.SaveMembers(t.Context(), gone, ben))
		}
		c.pass(time.Millisecond)
		forgets(t, s, c, storage.Forgotten{Members: 1, Commitments: 1})
		must(t, s.SaveMembers(t.Context(), gone, ben))

		scene, err := s.Scene(t.Context(), "", ana.ID, ben.ID)
		must(t, err)
		seats, err := s.Seats(t.Context(), "1")
		must(t, err)
		mine, err := s.MemberSeats(t.Context(), ana.ID)
		must(t, err)
		if len(scene.Members) != 1 || len(scene.Preferences) != 1 || len(seats) != 1 || seats[0].Member != ben.ID || len(mine) != 0 {
			t.Errorf("scene %+v, seats %+v and %+v, want Ben's alone", scene, seats, mine)
		}
		names := dueEntries(t, s, c.Now())
		slices.Sort(names)
		if !slices.Equal(names, []string{"practice/UBEN", "review/UBEN"}) {
			t.Errorf("entries %v, want Ben's", names)
		}
		owed, err := s.OwedCommitments(t.Context(), ana.ID, time.Time{})
		must(t, err)
		_, received, err := s.MemberKudos(t.Context(), ben.ID, 10)
		must(t, err)
		if len(owed) != 1 || owed[0].Owner != ben.ID || len(received) != 1 {
			t.Errorf("%d promised by Ben and %d kudos that he got, want 1 of each", len(owed), len(received))
		}
		for _, stored := range storage.EverythingStored(t, s) {
			if strings.Contains(stored, "Roth") {
				t.Errorf("the name stands in %q", stored)
			}
		}
		must(t, s.SaveMembers(t.Context(), ana))
		if back, err := s.Members(t.Context(), ana.ID); err != nil || len(back) != 1 {
			t.Errorf("who came back is %v, %v", back, err)
		}
	})
}

// settle gives a member preferences, seats, a commitment to the other of two, and kudos to them.
func settle(t *testing.T, s *storage.Store, c *clock, member string) {
	t.Helper()
	other := map[string]string{"UANA": "UBEN", "UBEN": "UANA"}[member]
	practice := bot.Entry{Name: "practice/" + member, Spec: "0 9 * * 1", Zone: "UTC"}
	review := bot.Entry{Name: "review/" + member, Spec: "0 0 * * 6", Zone: "UTC"}
	must(t, s.SavePreferences(t.Context(), "", bot.Preferences{Member: member, Practice: true, Review: time.Friday}, []bot.Entry{practice, review}, nil))
	for _, program := range []string{"1", "2"} {
		must(t, s.SaveSeat(t.Context(), "", bot.Seat{Program: program, Member: member, Joined: c.Now()}, nil))
	}
	promise := commitment(c)
	promise.Owner, promise.Counterparties = member, []bot.Counterparty{{Member: other}}
	_, err := s.AddCommitment(t.Context(), bot.Token(member), promise, nil, nil)
	must(t, err)
	k := kudos(c, member)
	k.Giver, k.Recipients = member, []string{other}
	_, err = s.AddKudos(t.Context(), "", k, quota, nil)
	must(t, err)
}

func TestWhoComesBackInTimeIsNotForgotten(t *testing.T) {
	everyStore(t, func(t *testing.T, s *storage.Store, c *clock) {
		m := bot.Member{ID: "UANA"}
		for range 3 {
			m.Deleted = true
			must(t, s.SaveMembers(t.Context(), m))
			c.pass(20 * day)
			m.Deleted = false
			must(t, s.SaveMembers(t.Context(), m))
			c.pass(20 * day)
			forgets(t, s, c, storage.Forgotten{})
		}
		leaves(t, s, "members:5")
	})
}

func TestOldRoundsAreForgotten(t *testing.T) {
	everyStore(t, func(t *testing.T, s *storage.Store, c *clock) {
		p, err := s.SaveProgram(t.Context(), "p", bot.Program{Window: 4}, bot.Entry{}, nil)
		must(t, err)
		meet := func(number int) {
			t.Helper()
			r := bot.Round{ID: fmt.Sprint(p.ID, "/", number), Program: p.ID, Number: number, Groups: []bot.Group{{Key: "g", Members: []string{"UANA", "UBEN"}}}}
			stored(t, s, bot.RoundPlan{Round: r}, nil, []bot.Meeting{{A: "UANA", B: "UBEN", Round: number}}, nil)
		}
		kept := func(rounds int, wantGone int, want ...int) {
			t.Helper()
			for _, gone := range []int{wantGone, 0} {
				got, err := s.Forget(t.Context(), c.Now(), storage.Retention{Rounds: rounds})
				must(t, err)
				if got != (storage.Forgotten{Rounds: gone}) {
					t.Errorf("forgotten %+v, want %d rounds", got, gone)
				}
			}
			history, err := s.History(t.Context(), p.ID, 0)
			must(t, err)
			var numbers []int
			for _, m := range history {
				numbers = append(numbers, m.Round)
			}
			if !slices.Equal(numbers, want) {
				t.Errorf("the history is of the rounds %v, want %v", numbers, want)
			}
			if _, err := s.Round(t.Context(), fmt.Sprint(p.ID, "/", want[0])); err != nil {
				t.Errorf("the first round that is kept: %v", err)
			}
			_, err = s.Round(t.Context(), fmt.Sprint(p.ID, "/", want[0]-1))
			is(t, err, bot.ErrNotFound)
		}
		for number := range 8 {
			meet(number + 1)
		}
		kept(5, 3, 4, 5, 6, 7, 8)
		kept(2, 1, 5, 6, 7, 8) // no shorter than the program's window
		meet(9)
		kept(0, 0, 5, 6, 7, 8, 9)
		kept(2, 1, 6, 7, 8, 9)
		if latest := latestRound(t, s, p.ID); latest.Number != 9 || len(latest.Groups) != 1 {
			t.Errorf("the latest round is %+v", latest)
		}
	})
}

func TestNothingIsForgottenWithoutAPeriod(t *testing.T) {
	everyStore(t, func(t *testing.T, s *storage.Store, c *clock) {
		must(t, s.SaveMembers(t.Context(), bot.Member{ID: "UANA", Deleted: true}))
		settle(t, s, c, "UANA")
		done, err := s.Commitment(t.Context(), 1)
		must(t, err)
		was := done
		done.State, done.Closed = bot.Done, c.Now()
		must(t, s.ReplaceCommitment(t.Context(), "done", was, done, nil))
		c.pass(10 * 365 * day)
		gone, err := s.Forget(t.Context(), c.Now(), storage.Retention{})
		must(t, err)
		if gone != (storage.Forgotten{}) {
			t.Errorf("forgotten %+v", gone)
		}
		forgets(t, s, c, storage.Forgotten{Kudos: 1, Commitments: 1, Members: 1})
		leaves(t, s, "erased", "members:gone", "seq:commitments", "seq:entries")
	})
}

func TestTwoForgetAtTheSameTime(t *testing.T) {
	everyStore(t, func(t *testing.T, s *storage.Store, c *clock) {
		for i := range 600 {
			k := kudos(c, fmt.Sprint("k", i))
			k.Twin = true
			_, err := s.AddKudos(t.Context(), "", k, bot.KudosQuota{Day: quota.Day, Limit: 9999}, nil)
			must(t, err)
		}
		c.pass(366 * day)
		var gone atomic.Int64
		var group sync.WaitGroup
		for range 4 {
			group.Go(func() {
				got, err := s.Forget(t.Context(), c.Now(), storage.StandardRetention())
				if err != nil {
					t.Error(err)
				}
				gone.Add(int64(got.Kudos))
			})
		}
		group.Wait()
		if gone.Load() != 600 {
			t.Errorf("%d forgotten, want 600", gone.Load())
		}
		leaves(t, s)
	})
}

func TestDeadSendsAreForgottenAfterEightWeeks(t *testing.T) {
	everyStore(t, func(t *testing.T, s *storage.Store, c *clock) {
		var sends []bot.Send
		for i := range 120 {
			sends = append(sends, pair(c, fmt.Sprint("s", i)))
		}
		insert(t, s, "i", sends...)
		for _, send := range sends {
			_, err := s.Claim(t.Context(), c.Now(), send, "w", lease, nil)
			must(t, err)
			_, err = s.Settle(t.Context(), c.Now(), send, "w", bot.Outcome{State: bot.StateDead}, nil)
			must(t, err)
		}
		c.pass(8 * 7 * day)
		forgets(t, s, c, storage.Forgotten{})
		c.pass(time.Millisecond)
		forgets(t, s, c, storage.Forgotten{Sends: 120})
		leaves(t, s, "channels")
	})
}
