package storage_test

import (
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"rapport/bot"
	"rapport/bot/pairing"
	"rapport/storage"
)

// mentorProgram stores a mentor program with a mentor and a mentee, and the first proposal of the two.
func mentorProgram(t *testing.T, s *storage.Store, c *clock) bot.Mentorship {
	t.Helper()
	p, err := s.SaveProgram(t.Context(), "program", bot.Program{Name: "Mentoring", Channel: "C1", Owner: "UANA", Form: bot.MentorForm, Created: c.Now()}, bot.Entry{}, nil)
	must(t, err)
	for member, role := range map[string]pairing.Role{"UANA": pairing.Mentor, "UBEN": pairing.Mentee} {
		must(t, s.SaveMembers(t.Context(), bot.Member{ID: member, Name: member}))
		must(t, s.SaveSeat(t.Context(), bot.Token("seat "+member), bot.Seat{Program: p.ID, Member: member, Joined: c.Now(), Role: role, Capacity: 1}, nil))
	}
	m := bot.Mentorship{
		ID: bot.MentorshipID(p.ID, "UANA", "UBEN"), Program: p.ID, Mentor: "UANA", Mentee: "UBEN", State: bot.MentorProposed, Try: 1, Proposed: c.Now(),
	}
	must(t, s.SaveMentorship(t.Context(), "propose", m, nil, bot.Intents{{SID: "mentor/{id}/1/ask/UANA", Kind: bot.KindMentor, Ref: "{id} 1 ask", Members: []string{"UANA"}, Due: c.Now()}}))
	m.Version = 1
	return m
}

func TestMentorshipsAreFoundFromEverywhere(t *testing.T) {
	everyStore(t, func(t *testing.T, s *storage.Store, c *clock) {
		m := mentorProgram(t, s, c)
		got, err := s.MentorScene(t.Context(), m.ID)
		must(t, err)
		if got.Mentorship.Version != 1 || got.Mentorship.State != bot.MentorProposed || !got.Mentorship.Proposed.Equal(m.Proposed) || got.Program.Name != "Mentoring" {
			t.Errorf("got %+v of %+v", got.Mentorship, got.Program)
		}
		if got.Seats["UANA"].Role != pairing.Mentor || got.Seats["UBEN"].Role != pairing.Mentee || got.Members["UBEN"].Name != "UBEN" {
			t.Errorf("around it are %+v and %+v", got.Seats, got.Members)
		}
		of, err := s.Mentorships(t.Context(), m.Program)
		must(t, err)
		for _, member := range []string{"UANA", "UBEN"} {
			list, err := s.MemberMentorships(t.Context(), member)
			must(t, err)
			if len(of) != 1 || len(list) != 1 || of[0].ID != m.ID || list[0].ID != m.ID || list[0].Version != 1 {
				t.Errorf("the program has %+v, %s has %+v", of, member, list)
			}
		}
		send, err := s.SendBySID(t.Context(), "mentor/"+m.ID+"/1/ask/UANA")
		must(t, err)
		if send.Ref != m.ID+" 1 ask" {
			t.Errorf("its message is %+v", send)
		}
	})
}

func TestAPairThatNeverWasIsReadWithItsPeople(t *testing.T) {
	everyStore(t, func(t *testing.T, s *storage.Store, c *clock) {
		m := mentorProgram(t, s, c)
		got, err := s.MentorScene(t.Context(), bot.MentorshipID(m.Program, "UBEN", "UANA"))
		must(t, err)
		if got.Mentorship.Version != 0 || got.Mentorship.Mentor != "UBEN" || !got.Seats["UBEN"].In() {
			t.Errorf("got %+v", got)
		}
		for _, id := range []string{"", "1", "1-UANA", "99-UANA-UBEN", "1-UANA-UBEN-UEVA", "1--UBEN", "1-UANA-U{B}", "1-UANA-U B"} {
			_, err := s.MentorScene(t.Context(), id)
			is(t, err, bot.ErrNotFound)
		}
	})
}

func TestAMentorshipChangesWithItsSeatsOrNotAtAll(t *testing.T) {
	everyStore(t, func(t *testing.T, s *storage.Store, c *clock) {
		m := mentorProgram(t, s, c)
		m.State = bot.MentorActive
		stale := bot.Seat{Program: m.Program, Member: "UBEN", Version: 7}
		is(t, s.SaveMentorship(t.Context(), "t1", m, []bot.Seat{stale}, nil), bot.ErrConflict)
		seats, err := s.SeatsOf(t.Context(), m.Program, "UBEN")
		must(t, err)
		seat := seats["UBEN"]
		seat.Silent = true
		must(t, s.SaveMentorship(t.Context(), "t1", m, []bot.Seat{seat}, nil))
		is(t, s.SaveMentorship(t.Context(), "t1", m, []bot.Seat{seat}, nil), bot.ErrRepeated)
		is(t, s.SaveMentorship(t.Context(), "t2", m, nil, nil), bot.ErrConflict)
		got, err := s.MentorScene(t.Context(), m.ID)
		must(t, err)
		if got.Mentorship.State != bot.MentorActive || got.Mentorship.Version != 2 || !got.Seats["UBEN"].Silent {
			t.Errorf("got %+v with %+v", got.Mentorship, got.Seats)
		}
	})
}

func TestOfManyAnswersAtOnceOneCounts(t *testing.T) {
	everyStore(t, func(t *testing.T, s *storage.Store, c *clock) {
		m := mentorProgram(t, s, c)
		var saved atomic.Int64
		var group sync.WaitGroup
		for i := range 8 {
			group.Go(func() {
				err := s.SaveMentorship(t.Context(), bot.Token("t"+string(rune('0'+i))), m, nil, nil)
				switch {
				case err == nil:
					saved.Add(1)
				case !errors.Is(err, bot.ErrConflict):
					t.Error(err)
				}
			})
		}
		group.Wait()
		if saved.Load() != 1 {
			t.Errorf("%d were saved, want 1", saved.Load())
		}
	})
}

func TestAForgottenMemberTakesTheirMentorshipsAlong(t *testing.T) {
	everyStore(t, func(t *testing.T, s *storage.Store, c *clock) {
		m := mentorProgram(t, s, c)
		held, _, err := s.Known(t.Context(), "UBEN")
		must(t, err)
		if !slices.Equal(held, []string{"UBEN"}) {
			t.Errorf("held are %v", held)
		}
		must(t, s.SaveMembers(t.Context(), bot.Member{ID: "UBEN", Deleted: true}))
		c.pass(31 * 24 * time.Hour)
		_, err = s.Forget(t.Context(), c.Now(), storage.StandardRetention())
		must(t, err)
		got, err := s.MentorScene(t.Context(), m.ID)
		must(t, err)
		if got.Mentorship.Version != 0 {
			t.Errorf("kept %+v", got.Mentorship)
		}
		for _, member := range []string{"UANA", "UBEN"} {
			list, err := s.MemberMentorships(t.Context(), member)
			must(t, err)
			if len(list) != 0 {
				t.Errorf("%s still has %+v", member, list)
			}
		}
	})
}

func TestMentorshipsSurviveAnExport(t *testing.T) {
	everyPlace(t, func(t *testing.T, p place, c *clock) {
		s := p.store(t)
		m := mentorProgram(t, s, c)
		must(t, s.Close())
		export := p.export(t)
		p.bring(t, export, storage.ImportOptions{Replace: true})
		s = p.store(t)
		got, err := s.MentorScene(t.Context(), m.ID)
		must(t, err)
		if got.Mentorship.Version != 1 || got.Mentorship.State != bot.MentorProposed {
			t.Errorf("got %+v", got.Mentorship)
		}
		for _, member := range []string{"UANA", "UBEN"} {
			list, err := s.MemberMentorships(t.Context(), member)
			must(t, err)
			if len(list) != 1 || list[0].ID != m.ID {
				t.Errorf("%s has %+v", member, list)
			}
		}
	})
}
