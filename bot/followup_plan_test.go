package bot

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

func (d *desk) plan(id int, plan Plan) Commitment {
	d.t.Helper()
	return d.must(d.use.SetPlan(d.t.Context(), d.now, d.press("UANA", id), plan))
}

func TestAPlanBringsAnItemIntoItsDaysBundle(t *testing.T) {
	d := newDesk(t)
	d.say("UANA", "one by 8 april")
	d.say("UANA", "two by thursday")
	d.say("UANA", "three")
	d.plan(1, Plan{Day: day(2026, 3, 26), Cue: "after the stand-up"})
	d.plan(3, Plan{Cue: "when I am at the printer"})
	d.wait("2026-05-01T12:00:00+02:00")
	d.expect("UANA", "03-26 09:00 #2 due, #1 planned; 03-27 09:00 #2 overdue; 04-01 09:00 #3 undated; 04-08 09:00 #1 due")
}

func TestAPlanIsChangedClearedAndUndone(t *testing.T) {
	d := newDesk(t)
	d.say("UANA", "one by 8 april")
	d.plan(1, Plan{Day: day(2026, 3, 27)})
	if c := d.plan(1, Plan{Day: day(2026, 3, 30), Cue: "  first\tthing "}); *c.Plan != (Plan{Day: day(2026, 3, 30), Cue: "first thing"}) {
		t.Errorf("changed: %+v", c.Plan)
	}
	if c := d.plan(1, Plan{}); c.Plan != nil {
		t.Errorf("cleared: %+v", c.Plan)
	}
	d.now = d.now.Add(9 * time.Minute)
	if c := d.must(d.use.Undo(t.Context(), d.now, d.press("UANA", 1))); c.Plan == nil || c.Plan.Day != day(2026, 3, 30) {
		t.Errorf("undone: %+v", c.Plan)
	}
	d.plan(1, Plan{Day: day(2026, 3, 26)})
	d.now = d.now.Add(undoWindow + time.Second)
	_, err := d.use.Undo(t.Context(), d.now, d.press("UANA", 1))
	d.refused(err, FaultTooLate)
}

func TestTheSamePlanTwiceIsOnePlan(t *testing.T) {
	d := newDesk(t)
	d.say("UANA", "one by 8 april")
	press := d.press("UANA", 1)
	first := d.must(d.use.SetPlan(t.Context(), d.now, press, Plan{Day: day(2026, 3, 27)}))
	d.now = d.now.Add(2 * time.Minute)
	if again := d.must(d.use.SetPlan(t.Context(), d.now, press, Plan{Day: day(2026, 3, 27)})); again.Version != first.Version {
		t.Errorf("version %d, then %d", first.Version, again.Version)
	}
	d.must(d.use.Undo(t.Context(), d.now, d.press("UANA", 1)))
	if c := d.must(d.use.SetPlan(t.Context(), d.now, press, Plan{Day: day(2026, 3, 27)})); c.Plan == nil {
		t.Error("the same button after an undo does nothing")
	}
}

func TestWhatIsNoPlan(t *testing.T) {
	d := newDesk(t)
	d.say("UANA", "one by 1 april")
	d.say("UANA", "two")
	d.must(d.use.Complete(t.Context(), d.now, d.press("UANA", 2)))
	for _, tt := range []struct {
		name string
		act  Act
		plan Plan
		want FaultCode
	}{
		{"yesterday", d.press("UANA", 1), Plan{Day: day(2026, 3, 24)}, FollowupPast},
		{"after its date", d.press("UANA", 1), Plan{Day: day(2026, 4, 2)}, FollowupPlanLate},
		{"in twenty years", d.press("UANA", 1), Plan{Day: day(2046, 4, 2)}, FollowupTooFar},
		{"no such day", d.press("UANA", 1), Plan{Day: day(2026, 2, 31)}, FollowupImpossible},
		{"a novel", d.press("UANA", 1), Plan{Cue: strings.Repeat("long ", 50)}, FaultInvalid},
		{"of what is done", d.press("UANA", 2), Plan{Day: day(2026, 3, 27)}, FollowupClosed},
		{"of somebody else's", d.press("UBOB", 1), Plan{Day: day(2026, 3, 27)}, FaultNotFound},
		{"on its date", d.press("UANA", 1), Plan{Day: day(2026, 4, 1)}, ""},
	} {
		_, err := d.use.SetPlan(t.Context(), d.now, tt.act, tt.plan)
		if got := faultCode(err); got != tt.want {
			t.Errorf("%s: refused with %q (%v), want %q", tt.name, got, err, tt.want)
		}
	}
}

func TestWhatHasPassedCanBePlanned(t *testing.T) {
	d := newDesk(t)
	d.say("UANA", "one by thursday")
	d.wait("2026-03-27T10:00:00+01:00")
	d.plan(1, Plan{Day: day(2026, 3, 30)})
	d.wait("2026-05-01T12:00:00+02:00")
	d.expect("UANA", "03-26 09:00 #1 due; 03-27 09:00 #1 overdue; 03-30 09:00 #1 planned; 03-31 09:00 #1 overdue")
}

func TestAPlanAndOtherActs(t *testing.T) {
	d := newDesk(t)
	for range 3 {
		d.say("UANA", "one by 8 april")
	}
	d.say("UANA", "every friday water the plants")
	for id := range 3 {
		d.plan(id+1, Plan{Day: day(2026, 3, 31)})
	}
	d.plan(4, Plan{Day: day(2026, 3, 26)})
	d.must(d.use.Move(t.Context(), d.now, d.press("UANA", 1), d.due("UANA", "30 april")))                 // the plan holds
	d.must(d.use.Move(t.Context(), d.now, d.press("UANA", 2), d.due("UANA", "30 march")))                 // it lies after the date now
	d.must(d.use.Snooze(t.Context(), d.now, d.press("UANA", 3), instant(t, "2026-04-02T09:00:00+02:00"))) // it is silent until then
	if c := d.must(d.use.Complete(t.Context(), d.now, d.press("UANA", 4))); c.Planned(day(2026, 3, 25), time.UTC) != (Plan{}) {
		t.Errorf("the plan of the time before: %+v", c.Plan)
	}
	d.wait("2026-04-02T12:00:00+02:00")
	d.expect("UANA", "03-30 09:00 #2 due; 03-31 09:00 #2 overdue, #1 planned; 04-01 09:00 #4 ahead; 04-02 09:00 #3 snoozed")
	c := d.plan(3, Plan{Day: day(2026, 4, 7)})
	if !c.SnoozedTill.Before(d.now) {
		t.Errorf("snoozed till %v", c.SnoozedTill)
	}
	d.must(d.use.Snooze(t.Context(), d.now, d.press("UANA", 3), instant(t, "2026-04-08T09:00:00+02:00")))
	if c := d.plan(3, Plan{Day: day(2026, 4, 3)}); !c.SnoozedTill.IsZero() {
		t.Errorf("planned before the end of a snooze: till %v", c.SnoozedTill)
	}
}

func TestDaysForAPlan(t *testing.T) {
	d := newDesk(t)
	for _, tt := range []struct{ name, now, text, want string }{
		{"far away", "2026-03-25T10:17:00+01:00", "one by 10 april", "[2026-03-25 2026-03-26 2026-04-09 2026-04-10]"},
		{"tomorrow", "2026-03-25T10:17:00+01:00", "one by tomorrow", "[2026-03-25 2026-03-26]"},
		{"today", "2026-03-25T10:17:00+01:00", "one today", "[2026-03-25]"},
		{"within two hours", "2026-03-25T15:17:00+01:00", "one today", "[]"},
		{"within minutes", "2026-03-25T10:17:00+01:00", "one in 20 minutes", "[]"},
		{"late in the day", "2026-03-25T16:00:00+01:00", "one by friday", "[2026-03-26 2026-03-27]"},
		{"on a Friday for the Sunday", "2026-03-27T16:00:00+01:00", "one by sunday", "[]"},
		{"on a Saturday", "2026-03-28T10:00:00+01:00", "one by tuesday", "[2026-03-30 2026-03-31]"},
		{"without a date", "2026-03-25T10:17:00+01:00", "one", "[2026-03-25 2026-03-26 2026-03-27 2026-04-01]"},
		{"what repeats", "2026-03-25T10:17:00+01:00", "every friday one", "[]"},
	} {
		d.now = instant(t, tt.now)
		c := d.say("UANA", tt.text)
		if got := fmt.Sprint(PlanDays(d.now, c, hoursIn(t, "Europe/Berlin", Preferences{}))); got != tt.want {
			t.Errorf("%s: got %s, want %s", tt.name, got, tt.want)
		}
	}
	c := d.say("UANA", "one by 10 april")
	c.Plan = &Plan{Cue: "after lunch"}
	if got := PlanDays(d.now, c, hoursIn(t, "Europe/Berlin", Preferences{})); got != nil {
		t.Errorf("asked twice: %v", got)
	}
}

func TestKeeping(t *testing.T) {
	d := newDesk(t)
	d.say("UANA", "one by friday")
	d.say("UANA", "two")
	keep := func(id int) { d.must(d.use.Keep(t.Context(), d.now, d.press("UANA", id))) }
	d.wait("2026-03-30T10:00:00+02:00")
	keep(1)
	d.wait("2026-04-01T10:00:00+02:00")
	keep(2)
	d.wait("2026-04-07T10:00:00+02:00")
	keep(1)
	d.wait("2026-07-01T10:00:00+02:00")
	d.expect("UANA", "03-27 09:00 #1 due; 03-30 09:00 #1 overdue; 04-01 09:00 #1 overdue, #2 undated; 04-07 09:00 #1 overdue")
	if c := d.commitments[1]; c.State != Open {
		t.Errorf("kept, and %s", c.State)
	}
	if _, ok := d.commitments[1].ComesUp(d.now, hoursIn(t, "Europe/Berlin", Preferences{})); ok {
		t.Error("it comes up again")
	}
}

func TestTheLastTimeSaysSo(t *testing.T) {
	d := newDesk(t)
	d.say("UANA", "one by friday")
	d.wait("2026-03-30T10:00:00+02:00")
	var last []bool
	for _, m := range d.post {
		last = append(last, m.content.(Bundle).Items[0].Last)
	}
	if fmt.Sprint(last) != "[false true]" {
		t.Errorf("last: %v", last)
	}
	d.must(d.use.Keep(t.Context(), d.now, d.press("UANA", 1)))
	c := d.must(d.use.Undo(t.Context(), d.now, d.press("UANA", 1)))
	if c.State != Open || justKeptOn(c) {
		t.Errorf("undone: %+v", c)
	}
}
