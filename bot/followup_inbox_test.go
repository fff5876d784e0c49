package bot

import (
	"fmt"
	"testing"
	"time"
)

// proposes has several colleagues ask Cy for something, a minute apart. It returns the sids of the messages that ask.
func (d *desk) proposes(from ...string) (sids []string) {
	d.t.Helper()
	for i, who := range from {
		if i > 0 {
			d.now = d.now.Add(time.Minute)
		}
		c := d.say(who, fmt.Sprintf("from <@UCY> answer %s by friday", string(rune('a'+i))))
		sids = append(sids, fmt.Sprintf("followup/%d/proposal", c.ID))
	}
	return sids
}

func TestWhatColleaguesAskComesTogether(t *testing.T) {
	d := newDesk(t)
	d.proposes("UANA")
	d.wait("2026-03-25T10:18:00+01:00")
	d.proposes("UBOB", "UANA", "UNEW")
	d.wait("2026-03-25T11:16:00+01:00")
	d.expect("UCY", "03-25 10:17 UANA proposes #1")
	d.wait("2026-03-25T11:30:00+01:00")
	d.proposes("UANA")
	d.wait("2026-03-25T16:00:00+01:00")
	d.proposes("UBOB")
	d.wait("2026-03-25T16:10:00+01:00")
	d.expect("UCY", "03-25 10:17 UANA proposes #1; 03-25 11:17 UBOB proposes #2, UANA proposes #3, UNEW proposes #4; 03-25 12:17 UANA proposes #5; 03-25 16:00 UBOB proposes #6")
}

func TestWhatIsAskedAndWhatIsAnsweredComesTogether(t *testing.T) {
	d := newDesk(t)
	d.say("UCY", "from <@UBOB> the plan by friday")
	d.say("UCY", "from <@UANA> the figures by friday")
	d.wait("2026-03-25T10:20:00+01:00")
	d.must(d.use.Answer(t.Context(), d.now, d.press("UBOB", 1), true))
	d.wait("2026-03-25T10:25:00+01:00")
	d.must(d.use.Answer(t.Context(), d.now, d.press("UANA", 2), false))
	d.say("UBOB", "from <@UCY> a word by friday")
	d.wait("2026-03-25T16:00:00+01:00")
	d.expect("UCY", "03-25 10:20 UBOB accepted #1; 03-25 11:20 UBOB proposes #3, UANA declined #2")
}

func TestWhatComesAtNightIsOneMessageInTheMorning(t *testing.T) {
	d := newDesk(t)
	d.now = instant(t, "2026-03-25T21:00:00+01:00")
	d.proposes("UANA", "UBOB", "UANA")
	d.must(d.use.Release(t.Context(), d.now, d.press("UBOB", 2)))
	d.wait("2026-03-26T12:00:00+01:00")
	d.expect("UCY", "03-26 09:00 UANA proposes #1, UANA proposes #3")
}

// What is undone, muted, held back by an operator, or said by whom the reader avoids is in no message, and delays none.
func TestWhatDoesNotComeDelaysNothing(t *testing.T) {
	for _, tt := range []struct {
		name string
		do   func(d *desk)
		want string
	}{
		{"undone", func(d *desk) { d.must(d.use.Release(t.Context(), d.now, d.press("UBOB", 2))) }, "03-26 09:00 UANA proposes #1, UANA proposes #3"},
		{"all undone", func(d *desk) {
			for id, by := range map[int]string{1: "UANA", 2: "UBOB", 3: "UANA"} {
				d.must(d.use.Release(t.Context(), d.now, d.press(by, id)))
			}
		}, ""},
		{"avoided", func(d *desk) { d.prefs["UCY"] = Preferences{Avoid: []string{"UANA"}} }, "03-26 09:00 UBOB proposes #2"},
		{"muted", func(d *desk) { d.prefs["UCY"] = Preferences{Muted: []Kind{KindProposal}} }, ""},
		{"a list of whom to avoid that no key opens", func(d *desk) { d.prefs["UCY"] = Preferences{Unreadable: "no key"} }, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d := newDesk(t)
			d.t = t
			d.now = instant(t, "2026-03-25T21:00:00+01:00")
			d.proposes("UANA", "UBOB", "UANA")
			tt.do(d)
			d.wait("2026-03-26T10:30:00+01:00")
			d.expect("UCY", tt.want)
		})
	}
}

func TestWhatAnOperatorHoldsBackIsNotTakenIn(t *testing.T) {
	d := newDesk(t)
	d.now = instant(t, "2026-03-25T21:00:00+01:00")
	d.say("UCY", "from <@UBOB> the plan by friday")
	d.must(d.use.Answer(t.Context(), d.now, d.press("UBOB", 1), true))
	d.proposes("UANA")
	d.paused = []Kind{KindAnswer}
	d.wait("2026-03-25T23:00:00+01:00")
	_, decision, err := d.use.Compose(t.Context(), instant(t, "2026-03-26T09:00:00+01:00"), d.sends["followup/2/proposal"])
	if err != nil || decision.Verdict != Go || len(decision.Takes) > 0 {
		t.Errorf("composed %+v, %v", decision, err)
	}
}

func TestMutedAnswersStayOutOfWhatIsAsked(t *testing.T) {
	d := newDesk(t)
	d.prefs["UCY"] = Preferences{Muted: []Kind{KindAnswer}}
	d.now = instant(t, "2026-03-25T21:00:00+01:00")
	d.say("UCY", "from <@UBOB> the plan by friday")
	d.must(d.use.Answer(t.Context(), d.now, d.press("UBOB", 1), true))
	d.proposes("UANA")
	d.wait("2026-03-26T12:00:00+01:00")
	d.expect("UCY", "03-26 09:00 UANA proposes #2")
	for sid, s := range d.sends {
		if s.Kind == KindAnswer && s.Reason != ReasonMuted {
			t.Errorf("%s is %+v", sid, s)
		}
	}
}

// What a message took in goes with it when it is tried again, as it stands then, and also where its own part has gone.
func TestAMessageThatComesBackKeepsWhatItTookIn(t *testing.T) {
	for _, tt := range []struct {
		name string
		do   func(d *desk)
		want string
	}{
		{"nothing happens", func(*desk) {}, "03-25 10:30 UANA proposes #1, UBOB proposes #2, UNEW proposes #3, UANA proposes #4"},
		{"its own is taken back", func(d *desk) { d.must(d.use.Release(t.Context(), d.now, d.press("UANA", 1))) }, "03-25 10:30 UBOB proposes #2, UNEW proposes #3, UANA proposes #4"},
		{"what it took in is taken back", func(d *desk) { d.must(d.use.Release(t.Context(), d.now, d.press("UBOB", 2))) }, "03-25 10:30 UANA proposes #1, UNEW proposes #3, UANA proposes #4"},
		{"its asker is avoided", func(d *desk) { d.prefs["UCY"] = Preferences{Avoid: []string{"UANA"}} }, "03-25 10:30 UBOB proposes #2, UNEW proposes #3"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d := newDesk(t)
			d.t = t
			sids := d.proposes("UANA", "UBOB", "UNEW")
			d.refusedBySlack(sids[0], 30*time.Second)
			tt.do(d)
			d.proposes("UANA")
			head := d.sends[sids[0]]
			head.Due = instant(t, "2026-03-25T10:30:00+01:00")
			d.sends[sids[0]] = head
			d.wait("2026-03-25T10:40:00+01:00")
			d.expect("UCY", tt.want)
		})
	}
}

func TestNoMoreThanAMessageHoldsIsTakenIn(t *testing.T) {
	d := newDesk(t)
	d.now = instant(t, "2026-03-25T21:00:00+01:00")
	d.proposes("UANA", "UBOB", "UNEW", "UANA", "UBOB", "UNEW", "UANA", "UBOB", "UNEW", "UANA", "UBOB", "UNEW", "UANA", "UBOB")
	d.wait("2026-03-26T12:00:00+01:00")
	var sizes []int
	for _, m := range d.post {
		if m.to == "UCY" {
			sizes = append(sizes, len(m.content.(Addressed).Items))
		}
	}
	if fmt.Sprint(sizes) != "[9 5]" {
		t.Errorf("messages of %v items", sizes)
	}
}

func TestAMessageAsItStands(t *testing.T) {
	d := newDesk(t)
	d.proposes("UANA", "UBOB", "UANA")
	d.must(d.use.Answer(t.Context(), d.now, d.press("UCY", 1), true))
	d.must(d.use.Release(t.Context(), d.now, d.press("UBOB", 2)))
	d.say("UBOB", "something of their own")
	list := []StandingItem{{KindProposal, "1"}, {KindProposal, "2"}, {KindProposal, "3"}, {KindProposal, "4"}, {KindProposal, "99"}}
	a, err := d.use.AddressedNow(t.Context(), d.now, "UCY", list...)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, item := range a.Items {
		got = append(got, fmt.Sprintf("#%d %v %q", item.Commitment.ID, item.Over, item.Commitment.Text))
	}
	want := `[#1 true "answer a" #2 true "answer b" #3 false "answer c" #4 true "" #99 true ""]`
	if fmt.Sprint(got) != want {
		t.Errorf("it says\n%v, want\n%s", got, want)
	}
	for _, forged := range [][]StandingItem{{{KindDigest, "1"}}, make([]StandingItem, addressedMost+1)} {
		_, err := d.use.AddressedNow(t.Context(), d.now, "UCY", forged...)
		d.refused(err, FaultInvalid)
	}
	_, err = d.use.AddressedNow(t.Context(), d.now, "UCY", StandingItem{KindProposal, "x"})
	d.refused(err, FaultUnread)
}

// A no to an offer, and what somebody chose of it who lost sight of it with that, can be taken back where it stands, for ten minutes.
func TestAMessageKnowsWhatCanBeTakenBack(t *testing.T) {
	d := newDesk(t)
	d.say("UANA", "order the flags by friday")
	d.must(d.use.Give(t.Context(), d.now, d.press("UANA", 1), "UCY"))
	d.must(d.use.Answer(t.Context(), d.now, d.press("UCY", 1), false))
	for _, tt := range []struct {
		at       string
		who      string
		declined bool
	}{
		{"2026-03-25T10:20:00+01:00", "UCY", true},
		{"2026-03-25T10:20:00+01:00", "UANA", false},
		{"2026-03-25T10:20:00+01:00", "UBOB", false},
		{"2026-03-25T10:40:00+01:00", "UCY", false},
	} {
		a, err := d.use.AddressedNow(t.Context(), instant(t, tt.at), tt.who, StandingItem{KindProposal, "1 1"})
		if err != nil || len(a.Items) != 1 {
			t.Fatalf("%+v, %v", a, err)
		}
		item := a.Items[0]
		if !item.Over || item.Declined != tt.declined || item.Chose || item.Commitment.ID != 1 || tt.who != "UANA" && item.Commitment.Text != "" {
			t.Errorf("%+v reads %+v", tt, item)
		}
	}
}
