package bot

import (
	"context"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"
)

// leaves has somebody deactivated, and told of as Slack's events do.
func (d *desk) leaves(who string) {
	d.t.Helper()
	m := d.members[who]
	m.Deleted = true
	d.members[who] = m
	for range 2 { // an event and the next reading of the directory
		if err := d.use.MemberGone(d.t.Context(), d.now, who); err != nil {
			d.t.Fatal(err)
		}
	}
}

func (d *desk) returns(who string) {
	m := d.members[who]
	m.Deleted = false
	d.members[who] = m
}

// list are the texts of what somebody owes, and of what they are owed, as they see it.
func (d *desk) list(who string) string {
	d.t.Helper()
	owe, owed, err := d.use.List(d.t.Context(), d.now, who, Scene{})
	if err != nil {
		d.t.Fatal(err)
	}
	texts := func(list []Commitment) string {
		var all []string
		for _, c := range list {
			if c.State == Open || c.State == Proposed {
				all = append(all, c.Text)
			}
		}
		return strings.Join(all, ", ")
	}
	return texts(owe) + " | " + texts(owed)
}

func (d *desk) lists(who, want string) {
	d.t.Helper()
	if got := d.list(who); got != want {
		d.t.Errorf("%s sees %q, want %q", who, got, want)
	}
}

func TestTheOtherSidesHearOnceThatSomebodyLeft(t *testing.T) {
	d := newDesk(t)
	d.say("UANA", "<@UBOB> a surprise by 8 april")                    // 1: nobody else sees it
	d.shared("<@UBOB> <@UCY> send the deck by 8 april")               // 2
	d.say("UBOB", "from <@UANA> the keys by 8 april")                 // 3: waits for Ana
	d.say("UANA", "from <@UCY> the plans by 8 april")                 // 4: waits for Cy
	d.say("UBOB", "<@UANA> book the room by 8 april")                 // 5: Bob owes Ana
	d.say("UANA", `to "Jane Doe, Acme" send the contract by 8 april`) // 6: nobody inside
	d.must(d.use.Complete(t.Context(), d.now, d.press("UBOB", 5)))    // and it is done
	d.say("UBOB", "<@UANA> write the minutes by 8 april")             // 7: Bob owes Ana
	d.wait("2026-03-25T10:20:00+01:00")
	d.post = nil
	d.leaves("UANA")
	d.wait("2026-03-25T12:00:00+01:00")
	d.leaves("UANA")
	d.wait("2026-03-25T16:00:00+01:00")
	d.expect("UBOB", "03-25 10:25 UANA left #2, UANA left #7, UANA lapsed #3")
	d.expect("UCY", "03-25 11:17 UANA left #2, UANA left #4")
	d.expect("UANA", "")
	if c := d.commitments[3]; c.State != Lapsed {
		t.Errorf("what was proposed to who left is %s", c.State)
	}
	for _, id := range []int{1, 5, 6} {
		for sid := range d.sends {
			if strings.HasPrefix(sid, "followup/"+string(rune('0'+id))+"/left/") {
				t.Errorf("#%d is told of: %s", id, sid)
			}
		}
	}
}

func TestNobodyLeftWhoIsThere(t *testing.T) {
	d := newDesk(t)
	d.shared("<@UBOB> send the deck by 8 april")
	before := d.commitments[1].Version
	if err := d.use.MemberGone(t.Context(), d.now, "UANA"); err != nil || d.commitments[1].Version != before {
		t.Errorf("a colleague left: %v", err)
	}
	d.leaves("UANA")
	d.now = d.now.Add(2 * time.Minute)
	d.returns("UANA")
	d.wait("2026-03-25T16:00:00+01:00")
	d.expect("UBOB", "")
	_, err := d.use.KeepOn(t.Context(), d.now, d.press("UBOB", 1))
	d.refused(err, FollowupBack)
}

func TestEachChoosesForThemselves(t *testing.T) {
	d := newDesk(t)
	d.shared("<@UBOB> <@UCY> <@UNEW> send the deck by 8 april")
	d.leaves("UANA")
	press := d.press("UBOB", 1)
	kept := d.must(d.use.KeepOn(t.Context(), d.now, press))
	if again := d.must(d.use.KeepOn(t.Context(), d.now, d.press("UBOB", 1))); again.ID != kept.ID {
		t.Errorf("kept twice: #%d and #%d", kept.ID, again.ID)
	}
	if kept.Owner != "UBOB" || kept.By != "UBOB" || kept.Shared || len(kept.Counterparties) != 0 || kept.State != Open || kept.Due == nil {
		t.Errorf("kept: %+v", kept)
	}
	_, err := d.use.LetGo(t.Context(), d.now, d.press("UBOB", 1))
	d.refused(err, FollowupChosen)
	d.lists("UBOB", "send the deck | ")
	d.lists("UCY", " | send the deck")
}

func TestChoices(t *testing.T) {
	ctx := t.Context()
	for name, tt := range map[string]struct {
		choose    func(*desk) (Commitment, error)
		bob, eve  string // what they see then
		afterUndo string
	}{
		"keep":    {func(d *desk) (Commitment, error) { return d.use.KeepOn(ctx, d.now, d.press("UBOB", 1)) }, "deck | ", " | ", " | deck"},
		"pass on": {func(d *desk) (Commitment, error) { return d.use.PassOn(ctx, d.now, d.press("UBOB", 1), "UNEW") }, " | deck", "deck | ", " | deck"},
		"let go":  {func(d *desk) (Commitment, error) { return d.use.LetGo(ctx, d.now, d.press("UBOB", 1)) }, " | ", " | ", " | deck"},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			c := d.say("UANA", "<@UBOB> x by 8 april")
			c.Text, c.Shared = "deck", true
			d.commitments[1] = c
			d.leaves("UANA")
			if _, err := tt.choose(d); err != nil {
				t.Fatal(err)
			}
			if _, err := tt.choose(d); err != nil {
				t.Errorf("the second press: %v", err)
			}
			d.lists("UBOB", tt.bob)
			d.lists("UNEW", tt.eve)
			if c := d.commitments[1]; c.State != Released {
				t.Errorf("nobody waits for what is still %s", c.State)
			}
			d.must(d.use.UndoChoice(ctx, d.now, d.press("UBOB", 1)))
			d.lists("UBOB", tt.afterUndo)
			d.lists("UNEW", " | ")
			if _, err := tt.choose(d); err != nil {
				t.Errorf("after the undo: %v", err)
			}
			d.lists("UBOB", tt.bob)
			d.now = d.now.Add(11 * time.Minute)
			_, err := d.use.UndoChoice(ctx, d.now, d.press("UBOB", 1))
			d.refused(err, FaultTooLate)
		})
	}
}

func TestAPassedPromiseThatWasAcceptedStands(t *testing.T) {
	d := newDesk(t)
	d.shared("<@UBOB> send the deck by 8 april")
	d.leaves("UANA")
	passed := d.must(d.use.PassOn(t.Context(), d.now, d.press("UBOB", 1), "UCY"))
	d.must(d.use.Answer(t.Context(), d.now, d.press("UCY", passed.ID), true))
	_, err := d.use.UndoChoice(t.Context(), d.now, d.press("UBOB", 1))
	d.refused(err, FollowupParted)
}

func TestChoiceRefusals(t *testing.T) {
	d := newDesk(t)
	d.shared("<@UBOB> send the deck by 8 april")    // 1
	d.say("UANA", "<@UBOB> a surprise by 8 april")  // 2: not shared
	d.say("UBOB", "<@UANA> book the room tomorrow") // 3: Bob's own
	d.leaves("UANA")
	for _, tt := range []struct {
		who  string
		id   int
		to   string
		want FaultCode
	}{
		{"UCY", 1, "UBOB", FaultNotFound},
		{"UBOB", 2, "UCY", FaultNotFound},
		{"UBOB", 1, "UGONE", FollowupPerson},
		{"UBOB", 1, "UBOT", FollowupPerson},
		{"UBOB", 1, "UALIEN", FollowupPerson},
		{"UBOB", 1, "UBOB", FollowupPerson},
		{"UBOB", 1, "", FollowupPerson},
		{"UBOB", 99, "UCY", FaultNotFound},
		{"UBOB", 3, "UCY", ""},
	} {
		if _, err := d.use.PassOn(t.Context(), d.now, d.press(tt.who, tt.id), tt.to); faultCode(err) != tt.want {
			t.Errorf("%s passes #%d on to %q: %v, want %q", tt.who, tt.id, tt.to, err, tt.want)
		}
	}
	for _, id := range []int{1, 2} {
		for name, act := range map[string]func(context.Context, time.Time, Act) (Commitment, error){
			"keeps": d.use.KeepOn, "lets go": d.use.LetGo, "undoes": d.use.UndoChoice,
		} {
			if _, err := act(t.Context(), d.now, d.press("UCY", id)); faultCode(err) != FaultNotFound {
				t.Errorf("a stranger %s #%d: %v", name, id, err)
			}
		}
	}
}

func TestTwoChooseInTheSameMoment(t *testing.T) {
	d := newDesk(t)
	d.shared("<@UBOB> <@UCY> send the deck by 8 april")
	d.leaves("UANA")
	d.onReplace = func() { d.must(d.use.KeepOn(t.Context(), d.now, d.press("UCY", 1))) }
	d.must(d.use.KeepOn(t.Context(), d.now, d.press("UBOB", 1)))
	var owners []string
	for _, id := range slices.Sorted(maps.Keys(d.commitments)) {
		if c := d.commitments[id]; c.State == Open {
			owners = append(owners, c.Owner)
		}
	}
	if !slices.Equal(owners, []string{"UCY", "UBOB"}) || d.commitments[1].State != Released {
		t.Errorf("owned by %v, #1 is %s", owners, d.commitments[1].State)
	}
}

func TestTheOwnerKeepsWhatWasPromisedToWhoLeft(t *testing.T) {
	d := newDesk(t)
	d.say("UBOB", "<@UANA> book the room by 8 april")
	d.leaves("UANA")
	d.wait("2026-03-25T10:25:00+01:00")
	d.expect("UBOB", "03-25 10:22 UANA left #1")
	before := d.commitments[1]
	c := d.must(d.use.KeepOn(t.Context(), d.now, d.press("UBOB", 1)))
	if c.State != Open || c.Owner != "UBOB" || !c.Acted.After(before.Acted) {
		t.Errorf("kept: %+v", c)
	}
	if _, _, ok := c.leaving("UBOB", AddressedItem{What: WhatLeft}, "UANA"); ok {
		t.Error("what was kept is still asked about")
	}
	c = d.must(d.use.LetGo(t.Context(), d.now, d.press("UBOB", 1)))
	if c.State != Released {
		t.Errorf("released: %s", c.State)
	}
}

func TestADateThatIsOverIsNotKept(t *testing.T) {
	d := newDesk(t)
	d.shared("<@UBOB> send the deck by friday")
	c := d.say("UANA", "every friday send the numbers to <@UBOB>")
	d.must(d.use.Share(t.Context(), d.now, d.press("UANA", c.ID)))
	d.now = instant(t, "2026-03-31T10:00:00+02:00")
	d.leaves("UANA")
	if kept := d.must(d.use.KeepOn(t.Context(), d.now, d.press("UBOB", 1))); kept.Due != nil {
		t.Errorf("kept with the date %v", kept.Due)
	}
	if kept := d.must(d.use.KeepOn(t.Context(), d.now, d.press("UBOB", 2))); kept.Due == nil || kept.Due.Date.String() != "2026-04-03" {
		t.Errorf("the next time is %v", kept.Due)
	}
}

func TestAnOfferToWhoLeftIsTakenBack(t *testing.T) {
	d := newDesk(t)
	d.say("UANA", "book the room by 8 april")
	d.must(d.use.Give(t.Context(), d.now, d.press("UANA", 1), "UBOB"))
	d.leaves("UBOB")
	if c := d.commitments[1]; c.Giving != "" || c.Owner != "UANA" {
		t.Errorf("still offered: %+v", c)
	}
	d.wait("2026-03-25T12:00:00+01:00")
	d.expect("UANA", "03-25 10:22 UBOB declined #1")
	d.must(d.use.Give(t.Context(), d.now, d.press("UANA", 1), "UCY"))
}

type roster []Member

func (r roster) AllMembers(context.Context) ([]Member, error) { return r, nil }

func TestTheSweepFindsWhoseLeavingNothingToldOf(t *testing.T) {
	d := newDesk(t)
	d.shared("<@UBOB> send the deck by 8 april")
	m := d.members["UANA"]
	m.Deleted = true
	d.members["UANA"] = m
	for range 3 {
		if err := d.use.PeopleGone(t.Context(), d.now, roster(slices.Collect(maps.Values(d.members)))); err != nil {
			t.Fatal(err)
		}
	}
	if v := d.commitments[1].Version; v != 3 {
		t.Errorf("written %d times", v)
	}
	d.wait("2026-03-25T12:00:00+01:00")
	d.expect("UBOB", "03-25 10:22 UANA left #1")
}
