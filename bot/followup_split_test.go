package bot

import (
	"testing"
	"time"
)

const twoDates = "<@UBOB> draft by thursday and final by monday"

func (d *desk) split(a Act) []Commitment {
	d.t.Helper()
	list, err := d.use.Split(d.t.Context(), d.now, a)
	if err != nil {
		d.t.Fatal(err)
	}
	return list
}

func TestASplitMakesOnePromiseOfEachDate(t *testing.T) {
	d := newDesk(t)
	whole := d.say("UANA", twoDates)
	if len(whole.Parts) != 2 || whole.Due.Date != day(2026, 3, 26) {
		t.Fatalf("noted %+v", whole)
	}
	press := d.press("UANA", 1)
	for range 2 {
		list := d.split(press)
		if len(list) != 2 || len(d.commitments) != 2 {
			t.Fatalf("split into %+v", list)
		}
		a, b := list[0], list[1]
		if a.ID != 1 || a.Text != "draft" || a.Due.Date != day(2026, 3, 26) || len(a.Parts) != 0 {
			t.Errorf("the first is %+v", a)
		}
		if b.ID != 2 || b.Text != "final" || b.Due.Date != day(2026, 3, 30) || b.Counterparties[0].Member != "UBOB" || b.Owner != "UANA" || b.State != Open {
			t.Errorf("the second is %+v", b)
		}
	}
	d.wait("2026-03-30T20:00:00+02:00")
	d.expect("UANA", "03-26 09:00 #1 due; 03-27 09:00 #1 overdue; 03-30 09:00 #2 due")
}

func TestASplitUndoneIsOnePromiseAgain(t *testing.T) {
	d := newDesk(t)
	whole := d.say("UANA", twoDates)
	press, undo := d.press("UANA", 1), d.press("UANA", 1)
	for range 2 { // and once more, by the same buttons
		d.split(press)
		got := d.must(d.use.Undo(t.Context(), d.now, undo))
		if got.Text != whole.Text || *got.Due != *whole.Due || len(got.Parts) != 2 || got.Before != nil {
			t.Errorf("undone: %+v", got)
		}
		if owe, _, err := d.use.List(t.Context(), d.now.Add(time.Second), "UANA", Scene{}); err != nil || len(owe) != 1 {
			t.Errorf("owed are %+v, %v", owe, err)
		}
		_, err := d.use.Undo(t.Context(), d.now, d.press("UANA", 1))
		d.refused(err, FaultDone)
	}
	d.wait("2026-03-30T20:00:00+02:00")
	d.expect("UANA", "03-26 09:00 #1 due; 03-27 09:00 #1 overdue")
}

func TestASplitStandsWhereAPartWasDealtWith(t *testing.T) {
	for name, act := range map[string]func(d *desk) (Commitment, error){
		"kept":  func(d *desk) (Commitment, error) { return d.use.Complete(d.t.Context(), d.now, d.press("UANA", 2)) },
		"given": func(d *desk) (Commitment, error) { return d.use.Give(d.t.Context(), d.now, d.press("UANA", 2), "UCY") },
	} {
		d := newDesk(t)
		d.say("UANA", twoDates)
		d.split(d.press("UANA", 1))
		d.must(act(d))
		_, err := d.use.Undo(t.Context(), d.now, d.press("UANA", 1))
		if d.refused(err, FollowupParted); d.commitments[1].Text != "draft" {
			t.Errorf("%s: changed %+v", name, d.commitments[1])
		}
	}
	d := newDesk(t)
	d.say("UANA", twoDates)
	d.split(d.press("UANA", 1))
	d.must(d.use.Move(t.Context(), d.now, d.press("UANA", 2), d.due("UANA", "in 5 days")))
	d.must(d.use.Undo(t.Context(), d.now, d.press("UANA", 1))) // another date for a part is no reason
	d.split(d.press("UANA", 1))
	_, err := d.use.Undo(t.Context(), d.now.Add(undoWindow+time.Second), d.press("UANA", 1))
	d.refused(err, FaultTooLate)
}

func TestWhoMaySplit(t *testing.T) {
	d := newDesk(t)
	d.say("UANA", twoDates)
	d.say("UANA", "one thing by friday")
	for want, a := range map[FaultCode]Act{FaultNotFound: d.press("UBOB", 1), FaultDone: d.press("UANA", 2)} {
		_, err := d.use.Split(t.Context(), d.now, a)
		d.refused(err, want)
	}
	d.must(d.use.Share(t.Context(), d.now, d.press("UANA", 1)))
	_, err := d.use.Split(t.Context(), d.now, d.press("UBOB", 1))
	d.refused(err, FaultForbidden)
	d.must(d.use.Complete(t.Context(), d.now, d.press("UANA", 1)))
	_, err = d.use.Split(t.Context(), d.now, d.press("UANA", 1))
	d.refused(err, FollowupClosed)
}

func TestAProposalSplitAsksForEach(t *testing.T) {
	d := newDesk(t)
	d.say("UANA", "from <@UBOB> draft by thursday and final by monday")
	_, err := d.use.Split(t.Context(), d.now, d.press("UBOB", 1))
	d.refused(err, FollowupWaiting)
	d.split(d.press("UANA", 1))
	d.wait("2026-03-25T10:18:00+01:00")
	d.must(d.use.Answer(t.Context(), d.now, d.press("UBOB", 2), true))
	if a, b := d.commitments[1], d.commitments[2]; a.State != Proposed || a.Text != "draft" || b.State != Open || b.By != "UANA" {
		t.Errorf("they are %+v and %+v", a, b)
	}
	d.expect("UBOB", "03-25 10:17 UANA proposes #1, UANA proposes #2")
	_, err = d.use.Undo(t.Context(), d.now, d.press("UANA", 1))
	d.refused(err, FollowupParted)
}

func TestASplitProposalCountsForEach(t *testing.T) {
	d := newDesk(t)
	for range 9 {
		d.say("UANA", "from <@UBOB> an answer by monday")
	}
	last := d.say("UANA", "from <@UBOB> draft by thursday and final by monday")
	_, err := d.use.Split(t.Context(), d.now, d.press("UANA", last.ID))
	d.refused(err, FollowupProposals)
	if c := d.commitments[last.ID]; len(c.Parts) != 2 || len(d.commitments) != 10 {
		t.Errorf("changed: %+v", c)
	}
}

func TestTwoPressesAtOnceAreOneSplit(t *testing.T) {
	d := newDesk(t)
	d.say("UANA", twoDates)
	d.onReplace = func() { d.split(d.press("UANA", 1)) }
	if list := d.split(d.press("UANA", 1)); len(list) != 2 || len(d.commitments) != 2 {
		t.Errorf("split into %+v", list)
	}
	d = newDesk(t)
	d.say("UANA", twoDates)
	d.onReplace = func() { d.must(d.use.Release(t.Context(), d.now, d.press("UANA", 1))) }
	_, err := d.use.Split(t.Context(), d.now, d.press("UANA", 1))
	d.refused(err, FaultStale)
}
