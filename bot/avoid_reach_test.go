package bot

import (
	"slices"
	"testing"
	"time"
)

// away is what a person set who wants to hear nothing of another.
func away(member string, others ...string) Preferences {
	return Preferences{Member: member, Avoid: others}
}

// Everything that the other says unasked is held back, for the other it is as with everybody, and the way back is open.
func TestPromisesOfSomebodyKeptAway(t *testing.T) {
	d := newDesk(t)
	d.prefs["UBOB"] = away("UBOB", "UANA")
	d.say("UANA", "from <@UBOB> security answers by monday")
	d.say("UCY", "from <@UBOB> the numbers by monday")
	d.say("UANA", "<@UBOB> send the deck by friday")
	d.must(d.use.Share(t.Context(), d.now, d.press("UANA", 3)))
	d.say("UANA", "order the posters by friday")
	d.must(d.use.Give(t.Context(), d.now, d.press("UANA", 4), "UBOB"))
	d.must(d.use.Complete(t.Context(), d.now, d.press("UANA", 3)))
	d.must(d.tell("UANA", 3, "Done: send the deck.", "UBOB"))
	d.wait("2026-03-25T17:00:00+01:00")
	d.expect("UBOB", "03-25 10:17 UCY proposes #2")
	d.expect("UANA", "")
	owe, owed, err := d.use.List(t.Context(), d.now, "UBOB", Scene{})
	if err != nil || len(owe) != 1 || owe[0].ID != 2 || len(owed) != 0 {
		t.Errorf("lists %v and %v: %v", owe, owed, err)
	}
	delete(d.prefs, "UBOB")
	if owe, _, err := d.use.List(t.Context(), d.now, "UBOB", Scene{}); err != nil || len(owe) != 3 {
		t.Errorf("taken off the list, what still stands: %v: %v", owe, err)
	}
	d.wait("2026-04-02T12:00:00+02:00")
	if got := d.got("UANA"); got == "" || d.commitments[1].State != Lapsed {
		t.Errorf("the proposal is %s, and who made it got %q", d.commitments[1].State, got)
	}
}

// It goes one way: what the owner of a list says reaches the other, and so do the answers to what they asked.
func TestWhoKeepsSomebodyAwayIsHeardAndAnswered(t *testing.T) {
	d := newDesk(t)
	d.prefs["UBOB"] = away("UBOB", "UANA")
	d.say("UBOB", "from <@UANA> the contract by monday")
	d.wait("2026-03-25T10:20:00+01:00")
	d.expect("UANA", "03-25 10:17 UBOB proposes #1")
	d.must(d.use.Answer(t.Context(), d.now, d.press("UANA", 1), true))
	if _, owed, err := d.use.List(t.Context(), d.now, "UBOB", Scene{}); err != nil || len(owed) != 1 {
		t.Errorf("what was asked for is not on the list: %v, %v", owed, err)
	}
	d.wait("2026-03-25T10:30:00+01:00")
	d.must(d.use.Complete(t.Context(), d.now, d.press("UANA", 1)))
	d.must(d.tell("UANA", 1, "Done: the contract.", "UBOB"))
	d.wait("2026-03-25T17:00:00+01:00")
	d.expect("UBOB", "03-25 10:20 UANA accepted #1; 03-25 11:20 UANA kept #1")
}

// What comes at night waits like every other message, so that nothing in the queue tells it from them.
func TestWhatIsHeldBackWaitsAsAllDo(t *testing.T) {
	d := newDesk(t)
	d.now = instant(t, "2026-03-25T22:00:00+01:00")
	d.say("UANA", "from <@UBOB> security answers by monday")
	d.prefs["UBOB"] = away("UBOB", "UANA")
	d.wait("2026-03-26T08:59:00+01:00")
	sid := "followup/1/proposal"
	if s := d.sends[sid]; s.State != StatePending {
		t.Errorf("at night it is %s", s.State)
	}
	d.wait("2026-03-26T09:00:00+01:00")
	if s := d.sends[sid]; s.State != StateDropped || s.Reason != ReasonMuted {
		t.Errorf("in the morning it is %s, %s", s.State, s.Reason)
	}
}

// A list that cannot be read could hold anybody: what others say waits for it, and comes when there is one again.
func TestAListThatCannotBeReadHoldsBack(t *testing.T) {
	d := newDesk(t)
	d.prefs["UBOB"] = Preferences{Member: "UBOB", Unreadable: "sealed"}
	d.say("UANA", "from <@UBOB> security answers by monday")
	d.say("UBOB", "clean the desk by friday")
	d.wait("2026-03-26T12:00:00+01:00")
	d.expect("UBOB", "")
	if s := d.sends["followup/1/proposal"]; s.State != StatePending || !s.Due.Equal(instant(t, "2026-03-27T09:00:00+01:00")) {
		t.Errorf("it is %s until %v", s.State, s.Due)
	}
	d.prefs["UBOB"] = away("UBOB", "UCY")
	d.wait("2026-03-27T12:00:00+01:00")
	if got := d.got("UBOB"); got != "03-27 09:00 #2 due; 03-27 09:00 UANA proposes #1" && got != "03-27 09:00 UANA proposes #1; 03-27 09:00 #2 due" {
		t.Errorf("got %q", got)
	}
}

func TestKudosOfSomebodyKeptAway(t *testing.T) {
	for name, tt := range map[string]struct {
		prefs   Preferences
		verdict Verdict
		reason  Reason
	}{
		"nobody":             {Preferences{}, Go, ""},
		"somebody else":      {away("UBOB", "UCYN"), Go, ""},
		"the giver":          {away("UBOB", "UCYN", "UANA"), Drop, ReasonMuted},
		"a list that is not": {Preferences{Unreadable: "sealed"}, Wait, ReasonQuietHours},
	} {
		t.Run(name, func(t *testing.T) {
			w := newKudosTown(t)
			w.scene.Preferences["UBOB"] = tt.prefs
			k := w.given(t, "1", "UANA", "", "<@UBOB> <@UCYN> "+helpful).Kudos
			if _, d := w.composed(t, kudosNoteSID(k.ID, "UBOB")); d.Verdict != tt.verdict || d.Reason != tt.reason {
				t.Errorf("decided %+v", d)
			}
			if _, d := w.composed(t, kudosNoteSID(k.ID, "UCYN")); d.Verdict != Go {
				t.Errorf("the other recipient: %+v", d)
			}
			hears := w.scene.thanking("UBOB", []Kudos{k})
			if (len(hears) == 1) != (tt.verdict == Go) {
				t.Errorf("Home shows %d", len(hears))
			}
		})
	}
}

// Words that cannot be read at the moment are waited for; nothing empty is posted.
func TestWordsThatCannotBeReadAreWaitedFor(t *testing.T) {
	w := newKudosTown(t)
	k := w.given(t, "1", "UANA", "CPRIV", "<@UBOB> "+helpful).Kudos
	k.Message, k.Unreadable = "", "sealed"
	w.kudos[k.ID] = k
	sids := []string{KudosPostSID(k.ID), kudosNoteSID(k.ID, "UBOB")}
	if !slices.Contains(w.order, sids[0]) {
		t.Fatalf("sends are %v", w.order)
	}
	for _, sid := range sids {
		if _, d := w.composed(t, sid); d.Verdict != Wait || !d.Until.After(w.now) || d.Until.After(w.now.Add(time.Hour)) {
			t.Errorf("%s: %+v", sid, d)
		}
	}
}
