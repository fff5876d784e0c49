package bot

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"
)

// pressDone is the Done button of a message that was made while the item stood at an occasion.
func (d *desk) pressDone(id, occasion int) Act {
	a := d.press("UANA", id)
	a.Occasion = &occasion
	return a
}

func TestAnOldDoneButtonKeepsItsOwnOccasionOnly(t *testing.T) {
	d := newDesk(t)
	d.say("UANA", "every friday water the plants")
	d.wait("2026-03-27T10:00:00+01:00")
	kept := d.must(d.use.Complete(t.Context(), d.now, d.pressDone(1, 0)))
	d.now = d.now.Add(5 * time.Minute)
	if again := d.must(d.use.Complete(t.Context(), d.now, d.pressDone(1, 0))); again.Version != kept.Version || again.Due.Date != day(2026, 4, 3) {
		t.Errorf("minutes later: %+v", again)
	}
	for range 3 {
		d.now = d.now.Add(3 * time.Hour)
		_, err := d.use.Complete(t.Context(), d.now, d.pressDone(1, 0))
		d.refused(err, FaultDone)
	}
	if c := d.commitments[1]; c.Due.Date != day(2026, 4, 3) || c.Version != kept.Version {
		t.Errorf("hours later: %+v", c)
	}
	for want, occasion := range []int{1, 2} {
		if c := d.must(d.use.Complete(t.Context(), d.now, d.pressDone(1, occasion))); c.Due.Date != day(2026, 4, 10+7*want) {
			t.Errorf("occasion %d: %+v", occasion, c)
		}
	}
}

func TestAnOldDoneButtonWorksAfterUndoMoveAndSnooze(t *testing.T) {
	d := newDesk(t)
	d.say("UANA", "every friday water the plants")
	d.must(d.use.Complete(t.Context(), d.now, d.pressDone(1, 0)))
	undone := d.must(d.use.Undo(t.Context(), d.now, d.press("UANA", 1)))
	if undone.Occasion != 0 || undone.Due.Date != day(2026, 3, 27) {
		t.Errorf("undone: %+v", undone)
	}
	d.must(d.use.Snooze(t.Context(), d.now, d.press("UANA", 1), d.now.Add(time.Hour)))
	d.must(d.use.Move(t.Context(), d.now, d.press("UANA", 1), d.due("UANA", "thursday")))
	if c := d.must(d.use.Complete(t.Context(), d.now, d.pressDone(1, 0))); c.Occasion != 1 || c.Version != undone.Version+3 {
		t.Errorf("the second done: %+v", c)
	}
}

func TestTypingDoneOftenKeepsOneOccasion(t *testing.T) {
	d := newDesk(t)
	d.say("UANA", "every friday water the plants")
	for range 4 {
		d.now = d.now.Add(3 * time.Minute)
		d.must(d.use.Complete(t.Context(), d.now, d.press("UANA", 1)))
	}
	if c := d.commitments[1]; c.Due.Date != day(2026, 4, 3) {
		t.Errorf("within ten minutes: %+v", c)
	}
	d.now = d.now.Add(undoWindow)
	if c := d.must(d.use.Complete(t.Context(), d.now, d.press("UANA", 1))); c.Due.Date != day(2026, 4, 10) {
		t.Errorf("later: %+v", c)
	}
}

func TestDoneTwiceAtOnceIsDoneOnce(t *testing.T) {
	for _, text := range []string{"send the deck by friday", "every friday water the plants"} {
		d := newDesk(t)
		d.say("UANA", text)
		var first Commitment
		d.onReplace = func() { first = d.must(d.use.Complete(t.Context(), d.now, d.press("UANA", 1))) }
		second := d.must(d.use.Complete(t.Context(), d.now, d.press("UANA", 1)))
		if second.Version != first.Version || d.commitments[1].Version != 2 {
			t.Errorf("%s: first %+v, then %+v", text, first, second)
		}
	}
}

func TestProposalsAtOnceStayWithinTheLimit(t *testing.T) {
	d := newDesk(t)
	shelf := &crowdedShelf{notebook: d.notebook}
	shelf.waiting.Add(14)
	d.use.Store = shelf
	d.must(d.use.Give(t.Context(), d.now, d.press("UANA", d.say("UANA", "a thing by monday").ID), "UCY"))
	var mu sync.Mutex
	said := map[FaultCode]int{}
	var group sync.WaitGroup
	for i := range 14 {
		group.Go(func() {
			_, err := d.use.Promise(t.Context(), d.now, Promise{Token: Token(fmt.Sprint("at once ", i)), By: "UANA", Owner: "UBOB", Text: "an answer"})
			mu.Lock()
			defer mu.Unlock()
			said[faultCode(err)]++
		})
	}
	group.Wait()
	if said[""] != 9 || said[FollowupProposals] != 5 {
		t.Errorf("answers by fault: %v, want 9 stored beside the offer", said)
	}
}

// crowdedShelf lets nobody add a proposal before all have read.
type crowdedShelf struct {
	*notebook
	mu      sync.Mutex
	waiting sync.WaitGroup
}

func (s *crowdedShelf) OwnedCommitments(ctx context.Context, owner string, since time.Time) ([]Commitment, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.notebook.OwnedCommitments(ctx, owner, since)
}

func (s *crowdedShelf) OwedCommitments(ctx context.Context, member string, since time.Time) ([]Commitment, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.notebook.OwedCommitments(ctx, member, since)
}

func (s *crowdedShelf) AddCommitment(ctx context.Context, token Token, c Commitment, q *ProposalQuota, intents Intents) (Commitment, error) {
	if c.State == Proposed {
		s.waiting.Done()
		s.waiting.Wait()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.notebook.AddCommitment(ctx, token, c, q, intents)
}

func TestTheTenthProposalAgainIsAnsweredTheSame(t *testing.T) {
	d := newDesk(t)
	for i := range proposalsDaily {
		in := Promise{Token: Token(fmt.Sprint(i)), By: "UANA", Owner: "UBOB", Text: "an answer"}
		first := d.must(d.use.Promise(t.Context(), d.now, in))
		if again := d.must(d.use.Promise(t.Context(), d.now, in)); again.ID != first.ID {
			t.Errorf("#%d, then #%d", first.ID, again.ID)
		}
	}
}

func TestAnOfferAfterANoOnTheSameDay(t *testing.T) {
	d := newDesk(t)
	d.say("UANA", "send the deck by friday")
	d.must(d.use.Give(t.Context(), d.now, d.press("UANA", 1), "UCY"))
	d.wait("2026-03-25T10:30:00+01:00")
	d.must(d.use.Answer(t.Context(), d.now, d.press("UCY", 1), false))
	d.must(d.use.Give(t.Context(), d.now, d.press("UANA", 1), "UCY"))
	d.wait("2026-03-25T12:00:00+01:00")
	d.expect("UCY", "03-25 10:17 UANA offers #1; 03-25 11:17 UANA offers #1")
}

func TestAnOfferComesOnceHoweverOftenItWasTakenBack(t *testing.T) {
	d := newDesk(t)
	d.say("UANA", "send the deck by friday")
	for range 3 { // in New York the day has not begun
		d.must(d.use.Give(t.Context(), d.now, d.press("UANA", 1), "UNEW"))
		d.must(d.use.Undo(t.Context(), d.now, d.press("UANA", 1)))
	}
	d.must(d.use.Give(t.Context(), d.now, d.press("UANA", 1), "UNEW"))
	d.wait("2026-03-25T20:00:00+01:00")
	d.expect("UNEW", "03-25 09:00 UANA offers #1")
}

func TestOffersThatWereTakenBackCount(t *testing.T) {
	d := newDesk(t)
	d.say("UANA", "send the deck by friday")
	for range proposalsDaily {
		d.must(d.use.Give(t.Context(), d.now, d.press("UANA", 1), "UCY"))
		d.must(d.use.Undo(t.Context(), d.now, d.press("UANA", 1)))
	}
	_, err := d.use.Give(t.Context(), d.now, d.press("UANA", 1), "UCY")
	d.refused(err, FollowupProposals)
}

func TestUndoOffersAgainWhatNobodyWasAsked(t *testing.T) {
	for _, tt := range []struct{ name, to, done, undone, want string }{
		{"the message fell away meanwhile", "UNEW", "2026-03-25T13:58:00+01:00", "2026-03-25T14:05:00+01:00", "03-25 09:05 UANA offers #1"},
		{"the message waits", "UNEW", "2026-03-25T10:20:00+01:00", "2026-03-25T10:25:00+01:00", "03-25 09:00 UANA offers #1"},
		{"they have it already", "UCY", "2026-03-25T10:20:00+01:00", "2026-03-25T10:25:00+01:00", "03-25 10:17 UANA offers #1"},
	} {
		d := newDesk(t)
		d.say("UANA", "send the deck by friday")
		d.must(d.use.Give(t.Context(), d.now, d.press("UANA", 1), tt.to))
		d.wait(tt.done)
		d.must(d.use.Complete(t.Context(), d.now, d.press("UANA", 1)))
		d.wait(tt.undone)
		if c := d.must(d.use.Undo(t.Context(), d.now, d.press("UANA", 1))); c.Giving != tt.to {
			t.Errorf("%s: undone %+v", tt.name, c)
		}
		d.wait("2026-03-25T20:00:00+01:00")
		if got := d.got(tt.to); got != tt.want {
			t.Errorf("%s: got %s, want %s", tt.name, got, tt.want)
		}
	}
	d := newDesk(t)
	d.say("UANA", "send the deck by friday")
	d.must(d.use.Give(t.Context(), d.now, d.press("UANA", 1), "UCY"))
	d.must(d.use.Complete(t.Context(), d.now, d.press("UANA", 1)))
	d.use.Sent = brokenSent{}
	_, err := d.use.Undo(t.Context(), d.now, d.press("UANA", 1))
	d.refused(err, FaultUnread)
}

// brokenSent is a ledger that does not answer.
type brokenSent struct{ InboxReader }

func (brokenSent) SendBySID(context.Context, string) (Send, error) {
	return Send{}, errors.New("dial tcp: refused")
}

func TestWhoMaySpeak(t *testing.T) {
	for _, tt := range []struct {
		who  Member
		want FaultCode
	}{
		{Member{ID: "UALIEN", Stranger: true}, FollowupPerson},
		{Member{ID: "UBOT", Bot: true}, FollowupPerson},
		{Member{ID: "UGONE", Deleted: true}, FollowupPerson},
		{Member{ID: "UGUEST", Guest: true}, ""},
		{Member{ID: "UANA"}, ""},
		{Member{}, ""}, // not in the directory yet
	} {
		l, h := newLodge(t)
		who := "UNKNOWN"
		if tt.who.ID != "" {
			who = tt.who.ID
			l.members[who] = tt.who
		}
		for _, owner := range []string{who, "UBOB"} {
			_, err := l.use.Promise(t.Context(), l.now, Promise{Token: Token(owner), By: who, Owner: owner, Text: "an answer"})
			if got := faultCode(err); got != tt.want {
				t.Errorf("a promise of %s's by %+v: %q, want %q", owner, tt.who, got, tt.want)
			}
		}
		want := tt.want
		if want != "" {
			want = FaultForbidden
		}
		_, err := h.Set(t.Context(), l.now, "T", who, func(p *Preferences) { p.Holidays = "DE" })
		if got := faultCode(err); got != want {
			t.Errorf("settings of %+v: %q, want %q", tt.who, got, want)
		}
	}
}
