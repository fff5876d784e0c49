package storage_test

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"rapport/bot"
	"rapport/storage"
)

func commitment(c *clock) bot.Commitment {
	return bot.Commitment{
		Owner: "UANA", By: "UANA", Text: "send the {id} draft", State: bot.Open, Created: c.Now(),
		Counterparties: []bot.Counterparty{{Member: "UBEN"}, {Name: "Kim", Org: "Acme", Email: "kim@example.com"}},
	}
}

func TestCommitmentsAreNumberedWithTheirMessages(t *testing.T) {
	everyStore(t, func(t *testing.T, s *storage.Store, c *clock) {
		for want := 1; want <= 3; want++ {
			token := bot.Token(fmt.Sprint("t", want))
			got, err := s.AddCommitment(t.Context(), token, commitment(c), nil, bot.Intents{{SID: "followup/{id}/r1", Ref: "{id}", Kind: bot.KindReminders, Members: []string{"UANA"}, Due: c.Now()}})
			must(t, err)
			if got.ID != want {
				t.Fatalf("number %d, want %d", got.ID, want)
			}
			send, err := s.SendBySID(t.Context(), fmt.Sprintf("followup/%d/r1", want))
			must(t, err)
			if send.Ref != fmt.Sprint(want) || !slices.Equal(send.Members, []string{"UANA"}) {
				t.Errorf("send is %+v", send)
			}
			first, err := s.AddCommitment(t.Context(), token, commitment(c), nil, nil)
			is(t, err, bot.ErrRepeated)
			if first.ID != want || first.Text != "send the {id} draft" {
				t.Errorf("repeated as %+v, want number %d", first, want)
			}
		}
	})
}

func TestNumbersAreUniqueUnderConcurrency(t *testing.T) {
	everyStore(t, func(t *testing.T, s *storage.Store, c *clock) {
		var mu sync.Mutex
		seen := make(map[int]bool)
		var group sync.WaitGroup
		for i := range 60 {
			group.Go(func() {
				got, err := s.AddCommitment(t.Context(), bot.Token(fmt.Sprint(i)), commitment(c), nil, nil)
				if err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				defer mu.Unlock()
				if seen[got.ID] {
					t.Errorf("number %d was given twice", got.ID)
				}
				seen[got.ID] = true
			})
		}
		group.Wait()
		if len(seen) != 60 || !seen[1] || !seen[60] {
			t.Errorf("%d numbers, want 1 to 60", len(seen))
		}
	})
}

func TestProposalsStayWithinTheirQuotaUnderConcurrency(t *testing.T) {
	everyStore(t, func(t *testing.T, s *storage.Store, c *clock) {
		ten := &bot.ProposalQuota{Member: "UANA", Day: quota.Day, N: 1, Limit: 10}
		var stored, refused atomic.Int32
		var group sync.WaitGroup
		for i := range 14 {
			group.Go(func() {
				token := bot.Token(fmt.Sprint(i))
				_, err := s.AddCommitment(t.Context(), token, commitment(c), ten, nil)
				switch {
				case errors.Is(err, bot.ErrLimit):
					refused.Add(1)
					return
				case err != nil:
					t.Error(err)
					return
				}
				stored.Add(1)
				_, err = s.AddCommitment(t.Context(), token, commitment(c), ten, nil)
				is(t, err, bot.ErrRepeated)
			})
		}
		group.Wait()
		if stored.Load() != 10 || refused.Load() != 4 {
			t.Errorf("%d stored and %d refused, want 10 and 4", stored.Load(), refused.Load())
		}
		owned, err := s.OwnedCommitments(t.Context(), "UANA", c.Now())
		must(t, err)
		if len(owned) != 10 || owned[9].ID != 10 {
			t.Errorf("%d are owned, want numbers 1 to 10: a refused one takes no number", len(owned))
		}
		_, err = s.AddKudos(t.Context(), "kudos", kudos(c, "k"), bot.KudosQuota{Day: quota.Day, Limit: 1}, nil)
		must(t, err) // kudos are counted apart
		_, err = s.AddCommitment(t.Context(), "own", commitment(c), nil, nil)
		must(t, err)
		_, err = s.AddCommitment(t.Context(), "tomorrow", commitment(c), &bot.ProposalQuota{Member: "UANA", Day: bot.Date{Year: 2026, Month: 3, Day: 3}, N: 1, Limit: 1}, nil)
		must(t, err)
	})
}

func TestCommitmentsAreListedByOwnerAndCounterparty(t *testing.T) {
	everyStore(t, func(t *testing.T, s *storage.Store, c *clock) {
		for i := range 12 {
			_, err := s.AddCommitment(t.Context(), bot.Token(fmt.Sprint(i)), commitment(c), nil, nil)
			must(t, err)
		}
		done, err := s.Commitment(t.Context(), 2)
		must(t, err)
		open := done
		done.State, done.Closed = bot.Done, c.Now()
		must(t, s.ReplaceCommitment(t.Context(), "done", open, done, nil))
		is(t, s.ReplaceCommitment(t.Context(), "stale", open, done, nil), bot.ErrConflict)
		is(t, s.ReplaceCommitment(t.Context(), "done", open, done, nil), bot.ErrRepeated)
		c.pass(time.Hour)

		owned, err := s.OwnedCommitments(t.Context(), "UANA", c.Now())
		must(t, err)
		if len(owned) != 11 || owned[0].ID != 1 || owned[1].ID != 3 || owned[10].ID != 12 {
			t.Errorf("open are %d, want 11 without number 2, by number", len(owned))
		}
		owed, err := s.OwedCommitments(t.Context(), "UBEN", c.Now().Add(-2*time.Hour))
		must(t, err)
		if len(owed) != 12 || owed[1].State != bot.Done || owed[1].Counterparties[1].Email != "kim@example.com" {
			t.Errorf("owed are %d, want 12 with the closed one: %+v", len(owed), owed)
		}
		moved := owned[0]
		moved.Owner, moved.Counterparties = "UEVA", nil
		must(t, s.ReplaceCommitment(t.Context(), "moved", owned[0], moved, nil))
		owned, err = s.OwnedCommitments(t.Context(), "UANA", c.Now())
		must(t, err)
		if len(owned) != 10 || owned[0].ID != 3 {
			t.Errorf("after handing one over %d, want 10", len(owned))
		}
		_, err = s.Commitment(t.Context(), 99)
		is(t, err, bot.ErrNotFound)
	})
}

func TestPrivateWordsAreSealedAtRest(t *testing.T) {
	everyStore(t, func(t *testing.T, s *storage.Store, c *clock) {
		_, err := s.AddCommitment(t.Context(), "t", commitment(c), nil, nil)
		must(t, err)
		for _, stored := range storage.EverythingStored(t, s) {
			for _, private := range []string{"draft", "Kim", "Acme", "kim@example.com"} {
				if contains(stored, private) {
					t.Errorf("%q stands in the open in %q", private, stored)
				}
			}
		}
	})
}

func contains(s, part string) bool {
	for i := 0; i+len(part) <= len(s); i++ {
		if s[i:i+len(part)] == part {
			return true
		}
	}
	return false
}

func TestProgramsAreNumberedWithTheirEntry(t *testing.T) {
	everyStore(t, func(t *testing.T, s *storage.Store, c *clock) {
		entry := bot.Entry{Name: "round/{id}", Spec: "0 9 * * 1", Zone: "Europe/Berlin"}
		p, err := s.SaveProgram(t.Context(), "t", bot.Program{Name: "Coffee", Channel: "C1", Created: c.Now()}, entry, bot.Intents{{SID: "invite/{id}", Kind: bot.KindPair, Due: c.Now()}})
		must(t, err)
		if p.ID != "1" || p.Version != 1 {
			t.Errorf("got %q in version %d, want 1 in version 1", p.ID, p.Version)
		}
		again, err := s.SaveProgram(t.Context(), "t", bot.Program{Name: "Coffee"}, entry, nil)
		is(t, err, bot.ErrRepeated)
		if again.ID != "1" || again.Name != "Coffee" {
			t.Errorf("repeated as %+v", again)
		}
		_, err = s.SendBySID(t.Context(), "invite/1")
		must(t, err)
		if names := dueEntries(t, s, c.Now()); !slices.Equal(names, []string{"round/1"}) {
			t.Errorf("entries %v, want round/1", names)
		}
		p.Name = "Tea"
		changed, err := s.SaveProgram(t.Context(), "u", p, entry, nil)
		must(t, err)
		_, err = s.SaveProgram(t.Context(), "v", p, entry, nil)
		is(t, err, bot.ErrConflict)
		all, err := s.Programs(t.Context())
		must(t, err)
		if len(all) != 1 || all[0].Name != "Tea" || all[0].Version != changed.Version || changed.Version != 2 {
			t.Errorf("programs %+v", all)
		}
	})
}

func dueEntries(t *testing.T, s *storage.Store, now time.Time) []string {
	t.Helper()
	var names []string
	must(t, s.DueEntries(t.Context(), now, func(e bot.Entry, _, _ time.Time, _ string) error {
		names = append(names, e.Name)
		return nil
	}))
	return names
}

func TestARoundIsStoredOnceWithAllItBrings(t *testing.T) {
	everyStore(t, func(t *testing.T, s *storage.Store, c *clock) {
		must(t, s.SaveSeat(t.Context(), "j", bot.Seat{Program: "1", Member: "UANA", Joined: c.Now()}, nil))
		seats, err := s.Seats(t.Context(), "1")
		must(t, err)
		seats[0].SatOut = 1
		meetings := []bot.Meeting{{A: "UBEN", B: "UANA", Round: 1}, {A: "UEVA", B: "UDAN", Round: 1}}
		plan := bot.RoundPlan{Round: bot.Round{ID: "1/1", Program: "1", Number: 1, At: c.Now(), Seed: 1 << 63, Groups: []bot.Group{{Key: "g", Members: []string{"UANA", "UBEN"}}}}}
		intents := bot.Intents{{SID: "pair/1/1/g", Kind: bot.KindPair, Ref: "1/1 g", Members: []string{"UANA", "UBEN"}, Due: c.Now()}}
		_, err = s.CurrentRound(t.Context(), "1")
		is(t, err, bot.ErrNotFound)
		stored(t, s, plan, seats, meetings, intents)

		other := plan
		other.Seed = 7
		for range 2 {
			_, err = s.DraftRound(t.Context(), other)
			is(t, err, bot.ErrRepeated)
			c.pass(4 * time.Hour) // tokens are forgotten, the round is not
		}
		mine, err := s.MemberSeats(t.Context(), "UANA")
		must(t, err)
		if len(mine) != 1 || mine[0].SatOut != 1 || mine[0].Version != 2 {
			t.Errorf("seats %+v", mine)
		}
		waits, err := s.SendBySID(t.Context(), "pair/1/1/g")
		must(t, err)
		if waits.State != bot.StatePending {
			t.Errorf("the introduction is %+v", waits)
		}
		yes := true
		g := group(t, s, "g")
		must(t, s.ReplaceGroup(t.Context(), "met", "1/1", g, said(g, "UANA", bot.MetYes), []bot.Meeting{{A: "UANA", B: "UBEN", Round: 1, Met: &yes}}))
		latest := latestRound(t, s, "1")
		if latest.Seed != 1<<63 || !latest.Planned || latest.Met != 1 || latest.Groups[0].Met["UANA"] != bot.MetYes || latest.Groups[0].Version != 2 {
			t.Errorf("latest is %+v", latest)
		}
		history, err := s.History(t.Context(), "1", 0)
		must(t, err)
		if len(history) != 2 || history[0].A != "UANA" || history[0].Met == nil || !*history[0].Met || history[1].Met != nil {
			t.Errorf("history %+v", history)
		}
		none, err := s.History(t.Context(), "1", 2)
		must(t, err)
		if len(none) != 0 {
			t.Errorf("history since round 2 is %+v", none)
		}
	})
}

// stored plans a small round as one process does, with what its first part brings.
func stored(t testing.TB, s *storage.Store, plan bot.RoundPlan, seats []bot.Seat, meetings []bot.Meeting, intents bot.Intents) {
	t.Helper()
	r := adopted(t, s, plan)
	must(t, s.InsertPart(t.Context(), r, 0, seats, meetings, intents))
	everyPart(t, s, r, func(part bot.RoundPart) error { return s.InsertPart(t.Context(), r, part.Number, nil, nil, nil) })
}

// latestRound reads a program's latest round with its groups.
func latestRound(t testing.TB, s *storage.Store, program string) bot.Round {
	t.Helper()
	r, err := s.CurrentRound(t.Context(), program)
	must(t, err)
	r, err = s.Round(t.Context(), r.ID)
	must(t, err)
	return r
}
