package bot

import (
	"fmt"
	"reflect"
	"testing"
	"time"
)

// TestAPressThatComesAgainAfterAnUndo: whatever a button did, and whatever undid it, the same press that Slack delivers once more does nothing; another press of the
// same button does it again.
func TestAPressThatComesAgainAfterAnUndo(t *testing.T) {
	ctx := t.Context()
	only := func(_ any, err error) error { return err }
	for name, tt := range map[string]struct {
		before   func(*desk)
		act, off func(*desk, Act) error
		actor    string
	}{
		"done":     {nil, func(d *desk, a Act) error { return only(d.use.Complete(ctx, d.now, a)) }, nil, "UANA"},
		"released": {nil, func(d *desk, a Act) error { return only(d.use.Release(ctx, d.now, a)) }, nil, "UANA"},
		"moved":    {nil, func(d *desk, a Act) error { return only(d.use.Move(ctx, d.now, a, d.due("UANA", "2 april"))) }, nil, "UANA"},
		"snoozed":  {nil, func(d *desk, a Act) error { return only(d.use.Snooze(ctx, d.now, a, d.now.Add(48*time.Hour))) }, nil, "UANA"},
		"kept":     {nil, func(d *desk, a Act) error { return only(d.use.Keep(ctx, d.now, a)) }, nil, "UANA"},
		"planned":  {nil, func(d *desk, a Act) error { return only(d.use.SetPlan(ctx, d.now, a, Plan{Cue: "after lunch"})) }, nil, "UANA"},
		"offered":  {nil, func(d *desk, a Act) error { return only(d.use.Give(ctx, d.now, a, "UFAR")) }, nil, "UANA"},
		"split": {func(d *desk) {
			d.commitments = map[int]Commitment{}
			c := d.say("UANA", "draft by thursday and final by monday")
			if len(c.Parts) != 2 {
				d.t.Fatalf("parts: %+v", c.Parts)
			}
		}, func(d *desk, a Act) error { return only(d.use.Split(ctx, d.now, a)) }, nil, "UANA"},
		"accepted": {
			func(d *desk) { d.must(d.use.Give(ctx, d.now, d.press("UANA", 1), "UFAR")) },
			func(d *desk, a Act) error { return only(d.use.Answer(ctx, d.now, a, true)) }, nil, "UFAR",
		},
		"unshared": {
			nil, func(d *desk, a Act) error { return only(d.use.Unshare(ctx, d.now, a)) },
			func(d *desk, a Act) error { return only(d.use.Share(ctx, d.now, a)) }, "UANA",
		},
		"shared": {
			func(d *desk) { d.must(d.use.Unshare(ctx, d.now, d.press("UANA", 1))) },
			func(d *desk, a Act) error { return only(d.use.Share(ctx, d.now, a)) },
			func(d *desk, a Act) error { return only(d.use.Unshare(ctx, d.now, a)) }, "UANA",
		},
		"not needed": {
			nil, func(d *desk, a Act) error { return only(d.use.Free(ctx, d.now, a)) },
			func(d *desk, a Act) error { return only(d.use.UndoFree(ctx, d.now, a)) }, "UBOB",
		},
		"on track": {
			func(d *desk) { d.ask("UBOB", 1) }, func(d *desk, a Act) error { return only(d.use.OnTrack(ctx, d.now, a)) },
			func(d *desk, a Act) error { return only(d.use.UndoOnTrack(ctx, d.now, a)) }, "UANA",
		},
		"kept of who left": {
			func(d *desk) { d.leaves("UANA") }, func(d *desk, a Act) error { return only(d.use.KeepOn(ctx, d.now, a)) },
			func(d *desk, a Act) error { return only(d.use.UndoChoice(ctx, d.now, a)) }, "UBOB",
		},
		"let go of who left": {
			func(d *desk) { d.leaves("UANA") }, func(d *desk, a Act) error { return only(d.use.LetGo(ctx, d.now, a)) },
			func(d *desk, a Act) error { return only(d.use.UndoChoice(ctx, d.now, a)) }, "UBOB",
		},
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			d.shared("<@UBOB> send the deck by 8 april")
			if tt.before != nil {
				tt.before(d)
			}
			off := tt.off
			if off == nil {
				off = func(d *desk, a Act) error { return only(d.use.Undo(ctx, d.now, a)) }
			}
			button, undo := d.press(tt.actor, 1), d.press(tt.actor, 1)
			press := func(a Act, at string) Act { a.Press = string(a.Token) + at; return a }
			must := func(err error) {
				t.Helper()
				if err != nil {
					t.Fatal(err)
				}
			}
			must(tt.act(d, press(button, "1")))
			done := d.commitments[1]
			must(off(d, press(undo, "2")))
			undone := d.commitments[1]
			for _, late := range []time.Duration{time.Second, 5 * time.Minute} {
				d.now = d.now.Add(late)
				_ = tt.act(d, press(button, "1")) // a word about it is nobody's to read
				if !reflect.DeepEqual(d.commitments[1], undone) {
					t.Fatalf("the press that came again made it\n%+v\nfrom\n%+v", d.commitments[1], undone)
				}
			}
			if tt.actor == "UFAR" {
				return // it is not theirs any more
			}
			must(tt.act(d, press(button, "3")))
			again := d.commitments[1]
			if fmt.Sprint(again.State, again.Owner, again.Shared, again.Giving, len(again.Freed)) != fmt.Sprint(done.State, done.Owner, done.Shared, done.Giving, len(done.Freed)) ||
				again.Version == undone.Version {
				t.Errorf("another press made it\n%+v\nnot\n%+v", again, done)
			}
			_ = off(d, press(undo, "2"))
			if !reflect.DeepEqual(d.commitments[1], again) {
				t.Errorf("the undo that came again made it\n%+v\nfrom\n%+v", d.commitments[1], again)
			}
		})
	}
}

// TestAnOlderPressThatComesLate: of two buttons the second one holds, also where the first press comes once more after it.
func TestAnOlderPressThatComesLate(t *testing.T) {
	d := newDesk(t)
	d.say("UANA", "send the deck by friday")
	first, second := d.press("UANA", 1), d.press("UANA", 1)
	first.Press, second.Press = "1", "2"
	early, late := d.due("UANA", "2 april"), d.due("UANA", "9 april")
	d.must(d.use.Move(t.Context(), d.now, first, early))
	d.must(d.use.Move(t.Context(), d.now, second, late))
	d.now = d.now.Add(3 * time.Minute)
	if c := d.must(d.use.Move(t.Context(), d.now, first, early)); *c.Due != *late || *d.commitments[1].Due != *late {
		t.Errorf("moved to %v", c.Due)
	}
	first.Press = "3" // the button is pressed once more, and meant
	if c := d.must(d.use.Move(t.Context(), d.now, first, early)); *c.Due != *early {
		t.Errorf("stays at %v", c.Due)
	}
}

// TestTheLastOfThreeQuickPressesHolds: who changes their mind twice within a minute gets what they pressed last.
func TestTheLastOfThreeQuickPressesHolds(t *testing.T) {
	d := newDesk(t)
	d.say("UANA", "send the deck by friday")
	first, second := d.press("UANA", 1), d.press("UANA", 1)
	early, late := d.due("UANA", "2 april"), d.due("UANA", "9 april")
	d.must(d.use.Move(t.Context(), d.now, first, early))
	d.must(d.use.Move(t.Context(), d.now.Add(5*time.Second), second, late))
	if c := d.must(d.use.Move(t.Context(), d.now.Add(9*time.Second), first, early)); *c.Due != *early {
		t.Errorf("stays at %v", c.Due)
	}
}

// TestOnlySoManyPressesAreRemembered: what is stored of them does not grow.
func TestOnlySoManyPressesAreRemembered(t *testing.T) {
	d := newDesk(t)
	d.say("UANA", "send the deck by friday")
	for i := range 3 * pressesRemember {
		a := d.press("UANA", 1)
		a.Press = fmt.Sprint(i)
		d.must(d.use.Snooze(t.Context(), d.now, a, d.now.Add(time.Duration(i+1)*time.Hour)))
	}
	if n := len(d.commitments[1].Presses); n != pressesRemember {
		t.Errorf("%d presses are remembered", n)
	}
}
