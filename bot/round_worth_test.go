package bot

import (
	"context"
	"strings"
	"testing"
	"time"
)

func TestWhetherItWasWorthIt(t *testing.T) {
	k := openCafe(t, 2)
	p := k.setUp("C1", nil, "a", "b")
	r := k.plan(p.ID)
	act := RoundAct{Token: "the same button", Member: "a", Round: r.ID, Group: r.Groups[0].Key}
	worth := func(said Worth) FaultCode {
		t.Helper()
		_, err := k.AnswerWorth(t.Context(), k.now, act, said)
		return code(err)
	}
	sums := func() WorthSums { return k.shelf.rounds[r.ID].Counted().Worth }
	if got := worth(WorthYes); got != "" || sums() != (WorthSums{}) {
		t.Errorf("before they met: %q, %+v", got, sums())
	}
	k.said(r, "a", MetYes)
	for _, tt := range []struct {
		said Worth
		want WorthSums
	}{{WorthYes, WorthSums{Yes: 1}}, {WorthNo, WorthSums{No: 1}}, {WorthPartly, WorthSums{Partly: 1}}, {WorthYes, WorthSums{Yes: 1}}} {
		if got := worth(tt.said); got != "" || sums() != tt.want {
			t.Errorf("said %q: %q, %+v", tt.said, got, sums())
		}
	}
	if got := worth("very"); got != FaultInvalid {
		t.Errorf("an answer that there is not: %q", got)
	}
	k.said(r, "a", MetNo)
	if sums() != (WorthSums{}) {
		t.Errorf("after they did not meet: %+v", sums())
	}
	act.Member = "z"
	if got := worth(WorthYes); got != FaultNotFound {
		t.Errorf("somebody else: %q", got)
	}
}

func TestWorthIsSummedUpOfFiveAnswersOrMore(t *testing.T) {
	end := time.Date(2026, 4, 3, 10, 0, 0, 0, time.UTC)
	for _, tt := range []struct{ said, want WorthSums }{
		{WorthSums{Yes: 4}, WorthSums{}},
		{WorthSums{Yes: 3, Partly: 1, No: 1}, WorthSums{Yes: 3, Partly: 1, No: 1}},
	} {
		past := pastOf([]Round{{At: end.AddDate(0, 0, -4), End: end, People: 20, Answered: 9, Worth: tt.said}}, end.Add(time.Hour))
		if len(past) != 1 || past[0].Worth != tt.want {
			t.Errorf("%+v is shown as %+v", tt.said, past)
		}
	}
}

// drawer keeps preferences in memory, as strictly as the real store.
type drawer struct {
	kept   map[string]Preferences
	onSave func() // runs once, just before something is saved: somebody else is faster
}

func (d *drawer) Preferences(_ context.Context, members ...string) (map[string]Preferences, error) {
	found := map[string]Preferences{}
	for _, id := range members {
		if p, ok := d.kept[id]; ok {
			found[id] = p
		}
	}
	return found, nil
}

func (d *drawer) SavePreferences(_ context.Context, _ Token, p Preferences, _ []Entry, _ Intents) error {
	if faster := d.onSave; faster != nil {
		d.onSave = nil
		faster()
	}
	if d.kept[p.Member].Version != p.Version {
		return ErrConflict
	}
	p.Version++
	d.kept[p.Member] = p
	return nil
}

func TestANoteForOneself(t *testing.T) {
	k := openCafe(t, 2)
	d := &drawer{kept: map[string]Preferences{}}
	k.Preferences = d
	p := k.setUp("C1", nil, "a", "b")
	var acts []RoundAct
	for range RoundNoteLimit + 2 {
		r := k.hold(p.ID)
		k.answerAll(r.ID, MetYes)
		acts = append(acts, RoundAct{Token: k.token(), Member: "a", Round: r.ID, Group: r.Groups[0].Key})
	}
	keep := func(a RoundAct, text string) error {
		a.Token = k.token()
		_, err := k.KeepNote(t.Context(), k.now, a, text)
		return err
	}
	for _, a := range acts {
		d.onSave = func() {
			d.kept["a"] = Preferences{Member: "a", Version: d.kept["a"].Version + 1, Notes: d.kept["a"].Notes, Practice: true}
		}
		if err := keep(a, "of "+a.Round); err != nil {
			t.Fatal(err)
		}
	}
	last := acts[len(acts)-1]
	if own := d.kept["a"]; len(own.Notes) != RoundNoteLimit || own.LastNote(p.ID).Text != "of "+last.Round || own.LastNote("9").Text != "" || !own.Practice {
		t.Errorf("kept %+v", own)
	}
	if err := keep(last, "changed"); err != nil || d.kept["a"].LastNote(p.ID).Text != "changed" || len(d.kept["a"].Notes) != RoundNoteLimit {
		t.Errorf("changed: %v, %+v", err, d.kept["a"].Notes)
	}
	delete(k.shelf.rounds, last.Round) // its groups are kept no more: the note is theirs all the same
	if err := keep(last, " \n "); err != nil || d.kept["a"].NoteOf(last.Round).Text != "" {
		t.Errorf("deleted: %v, %+v", err, d.kept["a"].Notes)
	}
	if err := keep(acts[0], strings.Repeat("ü", MaxRoundNote+1)); code(err) != RoundNoteLong {
		t.Errorf("a long one: %v", err)
	}
	forged := acts[0]
	forged.Member = "z"
	if err := keep(forged, "not mine"); code(err) != FaultNotFound {
		t.Errorf("a forged one: %v", err)
	}
	if err := k.ForgetNotes(t.Context(), k.token(), "a"); err != nil || len(d.kept["a"].Notes) != 0 {
		t.Errorf("forgotten: %v, %+v", err, d.kept["a"].Notes)
	}
}

func TestWhoLeadsGoesFirstAlsoInALateGroup(t *testing.T) {
	seats := map[string]Seat{"a": {}, "b": {Leader: 1}, "c": {}, "d": {Leader: 2}}
	for _, tt := range []struct{ before, members, want string }{
		{"a", "abc", "b"},
		{"a", "ac", "a"},
		{"a", "cz", "c"},
		{"d", "bcd", "d"},
		{"b", "ac", "a"},
		{"", "ac", "a"},
	} {
		if got := firstOf(tt.before, strings.Split(tt.members, ""), seats); got != tt.want {
			t.Errorf("%q of %s: %q, want %q", tt.before, tt.members, got, tt.want)
		}
	}
}
