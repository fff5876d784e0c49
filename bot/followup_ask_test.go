package bot

import (
	"slices"
	"testing"
	"time"
)

// shared is a promise of Ana's that Bob and Cy can see.
func (d *desk) shared(text string) Commitment {
	d.t.Helper()
	c := d.say("UANA", text)
	return d.must(d.use.Share(d.t.Context(), d.now, d.press("UANA", c.ID)))
}

func (d *desk) ask(who string, id int) Commitment {
	d.t.Helper()
	return d.must(d.use.Ask(d.t.Context(), d.now, d.press(who, id)))
}

func TestAskedOnceAndAnsweredWithOneTap(t *testing.T) {
	d := newDesk(t)
	d.shared("<@UBOB> send the deck by 8 april")
	seen := d.ask("UBOB", 1)
	if len(seen.Asked) != 1 || seen.Plan != nil || seen.Before != nil {
		t.Errorf("the asker is given %+v", seen)
	}
	d.ask("UBOB", 1) // the second press
	d.wait("2026-03-25T10:20:00+01:00")
	d.expect("UANA", "03-25 10:17 UBOB asked #1")
	d.must(d.use.OnTrack(t.Context(), d.now, d.press("UANA", 1)))
	d.must(d.use.OnTrack(t.Context(), d.now, d.press("UANA", 1)))
	d.wait("2026-03-25T10:29:00+01:00")
	d.expect("UBOB", "")
	d.wait("2026-03-25T12:00:00+01:00")
	d.expect("UBOB", "03-25 10:30 UANA on_track #1")
	if _, err := d.use.OnTrack(t.Context(), d.now, d.press("UANA", 1)); faultCode(err) != FollowupUnasked {
		t.Errorf("a late press: %v", err)
	}
	d.wait("2026-03-27T17:00:00+01:00")
	d.ask("UBOB", 1)
	d.expect("UANA", "03-25 10:17 UBOB asked #1")
	d.wait("2026-03-30T09:00:00+02:00") // the third working day
	d.ask("UBOB", 1)
	d.wait("2026-03-30T09:01:00+02:00")
	d.expect("UANA", "03-25 10:17 UBOB asked #1; 03-30 09:00 UBOB asked #1")
}

func TestOnTrackIsTakenBack(t *testing.T) {
	d := newDesk(t)
	d.shared("<@UBOB> send the deck by 8 april")
	d.ask("UBOB", 1)
	d.wait("2026-03-25T10:20:00+01:00")
	if _, err := d.use.UndoOnTrack(t.Context(), d.now, d.press("UANA", 1)); faultCode(err) != FaultDone {
		t.Errorf("nothing to undo: %v", err)
	}
	d.must(d.use.OnTrack(t.Context(), d.now, d.press("UANA", 1)))
	c := d.must(d.use.UndoOnTrack(t.Context(), d.now, d.press("UANA", 1)))
	if len(c.Waiting(d.now)) != 1 {
		t.Errorf("nobody waits: %+v", c.Asked)
	}
	d.wait("2026-03-25T11:00:00+01:00")
	d.expect("UBOB", "")
	d.must(d.use.OnTrack(t.Context(), d.now, d.press("UANA", 1)))
	d.wait("2026-03-25T11:10:00+01:00")
	_, err := d.use.UndoOnTrack(t.Context(), d.now, d.press("UANA", 1))
	d.refused(err, FaultTooLate)
	d.expect("UBOB", "03-25 11:10 UANA on_track #1")
}

func TestASecondAskerHearsTheSame(t *testing.T) {
	for name, tt := range map[string]struct {
		answer func(*desk)
		cy     string // what Cy hears, who asks before the answer
		late   string // what New hears, who asks an hour later
	}{
		"on track": {
			func(d *desk) { d.must(d.use.OnTrack(d.t.Context(), d.now, d.press("UANA", 1))) },
			"03-25 10:30 UANA on_track #1", "03-25 11:20 UANA on_track #1",
		},
		"slipping": {
			func(d *desk) {
				d.must(d.use.Move(d.t.Context(), d.now, d.press("UANA", 1), d.due("UANA", "10 april")))
			},
			"03-25 10:30 UANA moved #1", "03-25 11:20 UANA moved #1",
		},
		"nothing": {func(*desk) {}, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			d.members["UNEW"] = Member{ID: "UNEW", Zone: "Europe/Berlin"}
			d.shared("<@UBOB> <@UCY> <@UNEW> send the deck by 8 april")
			d.ask("UBOB", 1)
			d.wait("2026-03-25T10:20:00+01:00")
			if seen := d.ask("UCY", 1); len(seen.Asked) != 1 || seen.Asked[0].By != "UCY" || len(seen.Counterparties) != 1 {
				t.Errorf("Cy is given who else asks and waits: %+v", seen)
			}
			tt.answer(d)
			d.wait("2026-03-25T11:20:00+01:00")
			d.ask("UNEW", 1)
			d.wait("2026-03-25T11:25:00+01:00")
			d.expect("UANA", "03-25 10:17 UBOB asked #1")
			d.expect("UCY", tt.cy)
			d.expect("UBOB", tt.cy)
			d.expect("UNEW", tt.late)
		})
	}
}

func TestAQuestionLapses(t *testing.T) {
	for name, tt := range map[string]struct {
		before func(*desk) // while the question waits for Ana's morning
		want   string
	}{
		"it is asked": {func(*desk) {}, "03-26 09:00 UBOB asked #1"},
		"done":        {func(d *desk) { d.must(d.use.Complete(d.t.Context(), d.now, d.press("UANA", 1))) }, ""},
		"moved": {func(d *desk) {
			d.must(d.use.Move(d.t.Context(), d.now, d.press("UANA", 1), d.due("UANA", "10 april")))
		}, ""},
		"unshared": {func(d *desk) { d.must(d.use.Unshare(d.t.Context(), d.now, d.press("UANA", 1))) }, ""},
		"kept away": {func(d *desk) {
			d.prefs["UANA"] = Preferences{Avoid: []string{"UBOB"}}
		}, ""},
		"muted": {func(d *desk) { d.prefs["UANA"] = Preferences{Muted: []Kind{KindProposal}} }, ""},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			d.shared("<@UBOB> send the deck by 8 april")
			d.now = instant(t, "2026-03-25T20:00:00+01:00")
			d.ask("UBOB", 1)
			d.now = d.now.Add(time.Minute)
			tt.before(d)
			d.wait("2026-03-26T09:30:00+01:00")
			d.expect("UANA", tt.want)
		})
	}
}

func TestWhomTheOwnerKeepsAwayDoesNotSpeakForOthers(t *testing.T) {
	d := newDesk(t)
	d.prefs["UANA"] = Preferences{Avoid: []string{"UBOB"}}
	d.shared("<@UBOB> <@UCY> send the deck by 8 april")
	d.ask("UBOB", 1)
	d.ask("UCY", 1)
	d.wait("2026-03-25T10:20:00+01:00")
	d.expect("UANA", "03-25 10:17 UCY asked #1")
	owe, _, err := d.use.List(t.Context(), d.now, "UANA", Scene{})
	if err != nil || len(owe) != 1 || len(owe[0].Asked) != 1 || owe[0].Asked[0].By != "UCY" {
		t.Errorf("Ana's list holds %+v, %v", owe, err)
	}
}

func TestAskRefusals(t *testing.T) {
	d := newDesk(t)
	d.say("UANA", "<@UBOB> send the deck by 8 april") // 1: not shared
	d.shared("<@UBOB> send the notes by 8 april")     // 2: open
	d.say("UBOB", "from <@UANA> the keys by 8 april") // 3: only proposed
	d.shared("<@UBOB> book the room by 8 april")      // 4: done
	d.must(d.use.Complete(t.Context(), d.now, d.press("UANA", 4)))
	for _, tt := range []struct {
		who  string
		id   int
		want FaultCode
	}{
		{"UBOB", 1, FaultNotFound},
		{"UCY", 2, FaultNotFound},
		{"UANA", 2, FaultForbidden},
		{"UBOB", 3, FollowupUnagreed},
		{"UBOB", 4, FollowupClosed},
		{"UBOB", 99, FaultNotFound},
		{"UBOB", 2, ""},
	} {
		_, err := d.use.Ask(t.Context(), d.now, d.press(tt.who, tt.id))
		if faultCode(err) != tt.want {
			t.Errorf("%s asks about #%d: %v, want %q", tt.who, tt.id, err, tt.want)
		}
		_, err = d.use.Free(t.Context(), d.now, d.press(tt.who, tt.id))
		if faultCode(err) != tt.want {
			t.Errorf("%s frees #%d: %v, want %q", tt.who, tt.id, err, tt.want)
		}
	}
	for _, who := range []string{"UBOB", "UCY"} {
		_, err := d.use.OnTrack(t.Context(), d.now, d.press(who, 2))
		if code := faultCode(err); code != FaultForbidden && code != FaultNotFound {
			t.Errorf("%s answers for Ana: %v", who, err)
		}
	}
}

func TestTwoAskInTheSameMoment(t *testing.T) {
	d := newDesk(t)
	d.shared("<@UBOB> <@UCY> send the deck by 8 april")
	d.onReplace = func() { d.ask("UCY", 1) }
	d.ask("UBOB", 1)
	d.wait("2026-03-25T10:20:00+01:00")
	d.expect("UANA", "03-25 10:17 UCY asked #1")
	if asked := d.commitments[1].Asked; len(asked) != 2 {
		t.Errorf("asked: %+v", asked)
	}
}

func TestTheNextTimeOfWhatRepeatsIsAskedAnew(t *testing.T) {
	d := newDesk(t)
	c := d.say("UANA", "every friday send the numbers to <@UBOB>")
	d.must(d.use.Share(t.Context(), d.now, d.press("UANA", c.ID)))
	d.ask("UBOB", 1)
	c = d.must(d.use.Complete(t.Context(), d.now, d.press("UANA", 1)))
	if len(c.Waiting(d.now)) != 0 {
		t.Error("the question about the last time is asked of the next")
	}
	if _, asked := c.AskedBy("UBOB", d.now); asked {
		t.Error("Bob cannot ask about the next time")
	}
}

func TestFreedByWhoWaits(t *testing.T) {
	d := newDesk(t)
	d.shared("<@UBOB> <@UCY> send the deck by 8 april")
	if seen := d.must(d.use.Free(t.Context(), d.now, d.press("UBOB", 1))); len(seen.Counterparties) != 1 {
		t.Errorf("Bob is given %+v", seen)
	}
	d.must(d.use.Free(t.Context(), d.now, d.press("UBOB", 1)))
	d.must(d.use.UndoFree(t.Context(), d.now, d.press("UBOB", 1)))
	d.wait("2026-03-25T11:00:00+01:00")
	d.expect("UANA", "")
	d.must(d.use.Free(t.Context(), d.now, d.press("UBOB", 1)))
	d.wait("2026-03-25T11:10:00+01:00")
	d.expect("UANA", "03-25 11:10 UBOB freed #1")
	_, err := d.use.UndoFree(t.Context(), d.now, d.press("UBOB", 1))
	d.refused(err, FaultTooLate)
	if c := d.commitments[1]; c.State != Open || !slices.Equal(c.colleagues(), []string{"UBOB", "UCY"}) {
		t.Errorf("it is Ana's to release: %+v", c)
	}
}

func TestQuestionsAreForgotten(t *testing.T) {
	d := newDesk(t)
	d.shared("<@UBOB> send the deck by 8 december")
	for range 40 {
		d.ask("UBOB", 1)
		d.now = d.now.Add(4 * 7 * 24 * time.Hour)
	}
	if n := len(d.commitments[1].Asked); n > 3 {
		t.Errorf("%d questions are kept", n)
	}
}
