package bot

import (
	"testing"
	"time"
)

// TestAWithdrawnOfferStaysWithdrawn: who said no to an offer that its owner took back since cannot have it back.
func TestAWithdrawnOfferStaysWithdrawn(t *testing.T) {
	d := newDesk(t)
	d.say("UANA", "send the deck by friday")
	d.must(d.use.Give(t.Context(), d.now, d.press("UANA", 1), "UCY"))
	d.must(d.use.Answer(t.Context(), d.now, d.press("UCY", 1), false))
	d.must(d.use.Undo(t.Context(), d.now, d.press("UANA", 1)))
	_, err := d.use.Undo(t.Context(), d.now, d.press("UCY", 1))
	d.refused(err, FaultNotFound)
	if c := d.commitments[1]; c.Giving != "" || c.VisibleTo("UCY") {
		t.Errorf("it is offered to them again: %+v", c)
	}
	d.must(d.use.Give(t.Context(), d.now, d.press("UANA", 1), "UCY")) // they can be asked anew
	if c := d.must(d.use.Answer(t.Context(), d.now, d.press("UCY", 1), true)); c.Owner != "UCY" {
		t.Errorf("accepted: %+v", c)
	}
}

// TestAMoveThatIsUndoneIsNoAnswer: also where its owner took back an "on track" meanwhile, who asked still waits.
func TestAMoveThatIsUndoneIsNoAnswer(t *testing.T) {
	d := newDesk(t)
	d.shared("<@UBOB> send the deck by 8 april")
	d.ask("UBOB", 1)
	tick := func() time.Time { d.now = d.now.Add(2 * time.Second); return d.now }
	d.must(d.use.OnTrack(t.Context(), tick(), d.press("UANA", 1)))
	d.must(d.use.Move(t.Context(), tick(), d.press("UANA", 1), d.due("UANA", "15 april")))
	d.must(d.use.UndoOnTrack(t.Context(), tick(), d.press("UANA", 1)))
	c := d.must(d.use.Undo(t.Context(), tick(), d.press("UANA", 1)))
	if len(c.Moves) != 0 || len(c.Waiting(d.now)) != 1 {
		t.Errorf("moves %+v, waiting %+v", c.Moves, c.Waiting(d.now))
	}
}

// TestAChoiceThatIsUndoneCanBeMadeAgain: an owner who goes on although somebody left, and takes that back, is asked as before.
func TestAChoiceThatIsUndoneCanBeMadeAgain(t *testing.T) {
	d := newDesk(t)
	d.shared("<@UBOB> send the deck by 8 april")
	d.leaves("UBOB")
	over := func() bool {
		t.Helper()
		a, err := d.use.AddressedNow(t.Context(), d.now, "UANA", StandingItem{KindProposal, "1 left UBOB"})
		if err != nil {
			t.Fatal(err)
		}
		return a.Items[0].Over
	}
	if over() {
		t.Fatal("it is over before she chose")
	}
	d.must(d.use.KeepOn(t.Context(), d.now, d.press("UANA", 1)))
	if !over() {
		t.Error("it is not over once she chose")
	}
	d.must(d.use.Undo(t.Context(), d.now, d.press("UANA", 1)))
	if over() {
		t.Error("it is over after she took that back")
	}
}

// TestWhatTheFormerOwnerSaidIsTheirs: who takes a commitment over cannot take the former owner's words back.
func TestWhatTheFormerOwnerSaidIsTheirs(t *testing.T) {
	d := newDesk(t)
	d.say("UANA", "<@UBOB> send the deck by friday")
	d.must(d.tell("UANA", 1, "It is a bit late.", "UBOB"))
	d.must(d.use.Give(t.Context(), d.now, d.press("UANA", 1), "UCY"))
	d.must(d.use.Answer(t.Context(), d.now, d.press("UCY", 1), true))
	_, err := d.use.Unsay(t.Context(), d.now, d.press("UCY", 1), 1)
	d.refused(err, FaultNotFound)
	if d.commitments[1].Said[0].Text == "" {
		t.Error("it is gone")
	}
}

// TestWhatNobodyCanSeeIsNoPromise: a text without anything to read is refused, whatever it is made of.
func TestWhatNobodyCanSeeIsNoPromise(t *testing.T) {
	d := newDesk(t)
	d.say("UANA", "send the deck")
	for _, text := range []string{"", " \n\t", "\u200b", "\u2060 \ufeff", "\x00\x07", "\u202e\u2066", "\u200e \u061c"} {
		_, err := d.use.Promise(t.Context(), d.now, Promise{Token: Token("T" + text), By: "UANA", Owner: "UANA", Text: text})
		d.refused(err, FollowupEmpty)
		_, err = d.use.Edit(t.Context(), d.now, d.press("UANA", 1), Edit{Text: text})
		d.refused(err, FollowupEmpty)
	}
}
