package bot

import (
	"testing"
	"time"
)

func TestAnAcceptedOfferCanBeGivenBack(t *testing.T) {
	d := newDesk(t)
	d.say("UANA", "<@UBOB> send the deck by friday")
	d.must(d.use.Give(t.Context(), d.now, d.press("UANA", 1), "UCY"))
	d.wait("2026-03-25T10:18:00+01:00")
	d.must(d.use.Answer(t.Context(), d.now, d.press("UCY", 1), true))
	_, err := d.use.Undo(t.Context(), d.now, d.press("UANA", 1))
	d.refused(err, FaultNotFound)
	undone := d.must(d.use.Undo(t.Context(), d.now, d.press("UCY", 1)))
	if undone.Owner != "UANA" || undone.Giving != "" || undone.State != Open {
		t.Errorf("undone: %+v", undone)
	}
	_, err = d.use.Undo(t.Context(), d.now, d.press("UCY", 1))
	d.refused(err, FaultNotFound)
	d.wait("2026-03-27T20:00:00+01:00")
	d.expect("UCY", "03-25 10:17 UANA offers #1")
	d.expect("UANA", "03-25 10:18 UCY declined #1; 03-27 09:00 #1 due") // the yes was undone before it was told
	d.must(d.use.Give(t.Context(), d.now, d.press("UANA", 1), "UCY"))
	d.must(d.use.Answer(t.Context(), d.now, d.press("UCY", 1), true))
	_, err = d.use.Undo(t.Context(), d.now.Add(undoWindow+time.Second), d.press("UCY", 1))
	d.refused(err, FaultTooLate)
}

func TestANoToAnOfferCanBeHadBack(t *testing.T) {
	d := newDesk(t)
	d.say("UANA", "<@UBOB> send the deck by friday")
	d.must(d.use.Give(t.Context(), d.now, d.press("UANA", 1), "UCY"))
	d.must(d.use.Answer(t.Context(), d.now, d.press("UCY", 1), false))
	_, err := d.use.Undo(t.Context(), d.now, d.press("UBOB", 1))
	d.refused(err, FaultNotFound)
	undone := d.must(d.use.Undo(t.Context(), d.now, d.press("UCY", 1)))
	if undone.Giving != "UCY" || undone.Owner != "UANA" {
		t.Errorf("undone: %+v", undone)
	}
	if c := d.must(d.use.Answer(t.Context(), d.now, d.press("UCY", 1), true)); c.Owner != "UCY" {
		t.Errorf("accepted: %+v", c)
	}

	d = newDesk(t)
	d.say("UANA", "send the deck by friday")
	d.must(d.use.Give(t.Context(), d.now, d.press("UANA", 1), "UCY"))
	d.must(d.use.Answer(t.Context(), d.now, d.press("UCY", 1), false))
	_, err = d.use.Undo(t.Context(), d.now.Add(undoWindow+time.Second), d.press("UCY", 1))
	d.refused(err, FaultTooLate)
	d.must(d.use.Give(t.Context(), d.now, d.press("UANA", 1), "UBOB"))
	_, err = d.use.Undo(t.Context(), d.now, d.press("UCY", 1)) // it was offered to somebody else since
	d.refused(err, FaultNotFound)
}

func TestATakenBackProposalCanBeHadBack(t *testing.T) {
	d := newDesk(t)
	d.say("UANA", "from <@UNEW> security answers by monday")
	d.must(d.use.Release(t.Context(), d.now, d.press("UANA", 1)))
	_, err := d.use.Undo(t.Context(), d.now, d.press("UNEW", 1))
	d.refused(err, FaultForbidden)
	if c := d.must(d.use.Undo(t.Context(), d.now, d.press("UANA", 1))); c.State != Proposed || !c.Closed.IsZero() {
		t.Errorf("undone: %+v", c)
	}
	d.wait("2026-03-26T20:00:00+01:00")
	d.expect("UNEW", "03-25 09:00 UANA proposes #1")

	d = newDesk(t) // where the question fell away meanwhile it is asked anew
	d.say("UANA", "from <@UBOB> security answers by monday")
	d.must(d.use.Release(t.Context(), d.now, d.press("UANA", 1)))
	d.wait("2026-03-25T10:19:00+01:00")
	d.expect("UBOB", "")
	d.must(d.use.Undo(t.Context(), d.now, d.press("UANA", 1)))
	d.wait("2026-03-25T10:20:00+01:00")
	d.expect("UBOB", "03-25 10:19 UANA proposes #1")
}

func TestWhatIsSharedCanBeHiddenAgain(t *testing.T) {
	d := newDesk(t)
	d.say("UANA", "<@UBOB> send the deck by friday")
	d.must(d.use.Share(t.Context(), d.now, d.press("UANA", 1)))
	_, err := d.use.Unshare(t.Context(), d.now, d.press("UBOB", 1))
	d.refused(err, FaultForbidden)
	d.now = d.now.Add(24 * time.Hour)
	press := d.press("UANA", 1)
	for range 2 {
		if c := d.must(d.use.Unshare(t.Context(), d.now, press)); c.Shared || c.VisibleTo("UBOB") {
			t.Errorf("still shown: %+v", c)
		}
	}
	d.say("UBOB", "from <@UANA> security answers by monday")
	d.must(d.use.Answer(t.Context(), d.now, d.press("UANA", 2), true))
	_, err = d.use.Unshare(t.Context(), d.now, d.press("UANA", 2))
	d.refused(err, FollowupAsked)
}
