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

// asks counts n more things that Ana asks of others.
func asks(n, limit int) *bot.ProposalQuota {
	return &bot.ProposalQuota{Member: "UANA", Day: quota.Day, N: n, Limit: limit}
}

// another is a commitment to be added, with a message of its own.
func another(c *clock, text string) bot.NewCommitment {
	made := commitment(c)
	made.Text, made.From = text, 1
	return bot.NewCommitment{Commitment: made, Intents: bot.Intents{{SID: "followup/{id}/r0/timed", Ref: "{id} 0 timed", Kind: bot.KindTimed, Members: []string{"UANA"}, Due: c.Now()}}}
}

func TestSeveralCommitmentsChangeInOneStep(t *testing.T) {
	everyStore(t, func(t *testing.T, s *storage.Store, c *clock) {
		was, err := s.AddCommitment(t.Context(), "add", commitment(c), nil, nil)
		must(t, err)
		is1 := was
		is1.Text, is1.Revision = "the draft", 1
		step := bot.CommitmentStep{
			Replace: []bot.CommitmentChange{{Was: was, Is: is1}}, Add: []bot.NewCommitment{another(c, "the {id} final"), another(c, "the party")}, Quota: asks(2, 10),
			Intents: bot.Intents{{SID: "followup/1/r1/timed", Ref: "1 1 timed", Kind: bot.KindTimed, Members: []string{"UANA"}, Due: c.Now()}},
		}
		added, err := s.ChangeCommitments(t.Context(), "split", step)
		must(t, err)
		if len(added) != 2 || added[0].ID != 2 || added[1].ID != 3 || added[0].Version != 1 || added[0].Text != "the {id} final" {
			t.Fatalf("added %+v", added)
		}
		for i, want := range []string{"the draft", "the {id} final", "the party"} {
			got, err := s.Commitment(t.Context(), i+1)
			must(t, err)
			if got.Text != want {
				t.Errorf("#%d is %q, want %q", i+1, got.Text, want)
			}
			sid := fmt.Sprintf("followup/%d/r0/timed", i+1)
			if i == 0 {
				sid = "followup/1/r1/timed"
			}
			send, err := s.SendBySID(t.Context(), sid)
			must(t, err)
			if send.Ref != fmt.Sprintf("%d %d timed", i+1, got.Revision) {
				t.Errorf("#%d's message says %q", i+1, send.Ref)
			}
		}
		_, err = s.ChangeCommitments(t.Context(), "split", step)
		is(t, err, bot.ErrRepeated)
		_, err = s.ChangeCommitments(t.Context(), "late", step)
		is(t, err, bot.ErrConflict)
		next, err := s.AddCommitment(t.Context(), "next", commitment(c), nil, nil)
		must(t, err)
		if next.ID != 4 {
			t.Errorf("the next number is %d, want 4", next.ID)
		}
		owned, err := s.OwnedCommitments(t.Context(), "UANA", c.Now())
		must(t, err)
		if ids := numbersOf(owned); !slices.Equal(ids, []int{1, 2, 3, 4}) {
			t.Errorf("owned are %v", ids)
		}

		back, gone := is1, added[0]
		back.Version, back.Text = 2, was.Text
		gone.State, gone.Closed = bot.Released, c.Now()
		changes := []bot.CommitmentChange{{Was: bot.Commitment{ID: 1, Version: 2}, Is: back}, {Was: bot.Commitment{ID: 2, Version: 7}, Is: gone}}
		_, err = s.ChangeCommitments(t.Context(), "undo", bot.CommitmentStep{Replace: changes})
		is(t, err, bot.ErrConflict)
		if got, err := s.Commitment(t.Context(), 1); err != nil || got.Text != "the draft" {
			t.Errorf("half of a step was made: %+v, %v", got, err)
		}
		changes[1].Was.Version = 1
		_, err = s.ChangeCommitments(t.Context(), "undo", bot.CommitmentStep{Replace: changes})
		must(t, err)
		one, err := s.Commitment(t.Context(), 1)
		must(t, err)
		two, err := s.Commitment(t.Context(), 2)
		must(t, err)
		if one.Text != was.Text || one.Version != 3 || two.State != bot.Released {
			t.Errorf("undone: %+v and %+v", one, two)
		}
	})
}

func numbersOf(list []bot.Commitment) []int {
	ids := make([]int, len(list))
	for i, c := range list {
		ids[i] = c.ID
	}
	return ids
}

func TestARefusedStepChangesNothing(t *testing.T) {
	everyStore(t, func(t *testing.T, s *storage.Store, c *clock) {
		was, err := s.AddCommitment(t.Context(), "add", commitment(c), asks(1, 2), nil)
		must(t, err)
		changed := was
		changed.Text = "the draft"
		step := bot.CommitmentStep{Replace: []bot.CommitmentChange{{Was: was, Is: changed}}, Add: []bot.NewCommitment{another(c, "a"), another(c, "b")}, Quota: asks(2, 2)}
		_, err = s.ChangeCommitments(t.Context(), "split", step)
		is(t, err, bot.ErrLimit)
		if got, err := s.Commitment(t.Context(), 1); err != nil || got.Version != 1 {
			t.Errorf("changed: %+v, %v", got, err)
		}
		step.Quota.N = 1
		added, err := s.ChangeCommitments(t.Context(), "split", step)
		must(t, err)
		if added[0].ID != 2 {
			t.Errorf("a refused step took numbers: the next is %d", added[0].ID)
		}
	})
}

func TestStepsAreNumberedUnderConcurrency(t *testing.T) {
	everyStore(t, func(t *testing.T, s *storage.Store, c *clock) {
		var mu sync.Mutex
		var seen []int
		var group sync.WaitGroup
		for i := range 12 {
			group.Go(func() {
				step := bot.CommitmentStep{Add: []bot.NewCommitment{another(c, "a"), another(c, "b"), another(c, "c")}}
				if i%3 == 0 {
					step.Add = step.Add[:1]
				}
				added, err := s.ChangeCommitments(t.Context(), bot.Token(fmt.Sprint(i)), step)
				if err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				defer mu.Unlock()
				seen = append(seen, numbersOf(added)...)
			})
		}
		group.Wait()
		slices.Sort(seen)
		if len(seen) != 28 || len(slices.Compact(seen)) != 28 || seen[27] != 28 {
			t.Errorf("numbers %v, want 1 to 28", seen)
		}
	})
}

func TestTenAreAskedHoweverManyAtOnce(t *testing.T) {
	everyStore(t, func(t *testing.T, s *storage.Store, c *clock) {
		must(t, s.SaveMembers(t.Context(), bot.Member{ID: "UANA"}, bot.Member{ID: "UBEN"}, bot.Member{ID: "UEVA"}))
		use := &bot.Promises{Store: s, Scenes: s, Sent: s, Settings: &bot.Settings{}}
		for i := range 10 {
			_, err := use.Promise(t.Context(), c.Now(), bot.Promise{Token: bot.Token(fmt.Sprint("own ", i)), By: "UANA", Owner: "UANA", Text: "a thing"})
			must(t, err)
		}
		var asked, refused atomic.Int32
		var group sync.WaitGroup
		for i := range 20 {
			group.Go(func() {
				token := bot.Token(fmt.Sprint("ask ", i))
				var err error
				if i%2 == 0 {
					_, err = use.Promise(t.Context(), c.Now(), bot.Promise{Token: token, By: "UANA", Owner: "UBEN", Text: "an answer"})
				} else {
					_, err = use.Give(t.Context(), c.Now(), bot.Act{Token: token, Actor: "UANA", ID: 1 + i/2}, "UEVA")
				}
				fault, ok := errors.AsType[*bot.Fault](err)
				switch {
				case err == nil:
					asked.Add(1)
				case ok && fault.Code == bot.FollowupProposals:
					refused.Add(1)
				default:
					t.Error(err)
				}
			})
		}
		group.Wait()
		if asked.Load() != 10 || refused.Load() != 10 {
			t.Errorf("%d asked and %d refused, want 10 and 10", asked.Load(), refused.Load())
		}
	})
}

func TestAllWordsOfACommitmentAreSealed(t *testing.T) {
	everyStore(t, func(t *testing.T, s *storage.Store, c *clock) {
		full := commitment(c)
		full.Parts = []bot.SplitPart{{Text: "parted words"}, {Text: "other words"}}
		full.Before = &bot.Undo{State: bot.Open, Wording: &bot.Wording{
			Text: "former words", Counterparties: []bot.Counterparty{{Name: "Former"}}, Parts: full.Parts, Plan: &bot.Plan{Cue: "planned words"},
		}}
		stored, err := s.AddCommitment(t.Context(), "t", full, nil, nil)
		must(t, err)
		for _, stored := range storage.EverythingStored(t, s) {
			for _, private := range []string{"words", "Former"} {
				if contains(stored, private) {
					t.Errorf("%q stands in the open in %q", private, stored)
				}
			}
		}
		got, err := s.Commitment(t.Context(), stored.ID)
		must(t, err)
		if len(got.Parts) != 2 || got.Parts[1].Text != "other words" || got.Before.Wording == nil || got.Before.Wording.Text != "former words" || got.Before.Wording.Plan.Cue != "planned words" {
			t.Errorf("read %+v, before it %+v", got, got.Before)
		}
		if full.Before.Wording == nil || stored.Before.Wording == nil {
			t.Error("what was stored was taken from the caller")
		}
	})
}
