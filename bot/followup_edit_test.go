package bot

import (
	"strings"
	"testing"
	"time"

	"rapport/bot/when"
)

func TestEditing(t *testing.T) {
	d := newDesk(t)
	was := d.say("UANA", "<@UBOB> draft by thursday and final by monday")
	weekly := &when.Every{Unit: when.WeekUnit, N: 1, Anchor: when.OnCompletion}
	to := Edit{Text: "the whole deck", Counterparties: []Counterparty{{Member: "UCY"}, {Name: "Jane", Org: "Acme"}}, Due: d.due("UANA", "friday"), Every: weekly}
	press := d.press("UANA", 1)
	for range 2 {
		c := d.must(d.use.Edit(t.Context(), d.now, press, to))
		if c.Version != 2 || c.Text != to.Text || len(c.Counterparties) != 2 || *c.Due != *to.Due || c.Every == nil || len(c.Moves) != 1 || len(c.Parts) != 0 {
			t.Errorf("edited: %+v", c)
		}
	}
	_, err := d.use.Edit(t.Context(), d.now.Add(time.Hour), d.press("UANA", 1), to)
	d.refused(err, FaultDone)
	undone := d.must(d.use.Undo(t.Context(), d.now, d.press("UANA", 1)))
	if undone.Text != was.Text || len(undone.Counterparties) != 1 || *undone.Due != *was.Due || undone.Every != nil || len(undone.Moves) != 0 || len(undone.Parts) != 2 {
		t.Errorf("undone: %+v", undone)
	}
	d.must(d.use.Edit(t.Context(), d.now, d.press("UANA", 1), to))
	d.wait("2026-03-27T20:00:00+01:00")
	d.expect("UANA", "03-27 09:00 #1 due")
}

func TestEditingRefuses(t *testing.T) {
	d := newDesk(t)
	c := d.say("UANA", "<@UBOB> send the deck by friday")
	d.say("UBOB", "from <@UANA> security answers by monday")
	d.must(d.use.Answer(t.Context(), d.now, d.press("UANA", 2), true))
	over := &when.Due{Date: day(2026, 3, 24), Time: when.Clock{Hour: 17}, Zone: "Europe/Berlin"}
	for name, tt := range map[string]struct {
		who  string
		id   int
		to   Edit
		want FaultCode
	}{
		"no words":          {"UANA", 1, Edit{Text: "  "}, FollowupEmpty},
		"a novel":           {"UANA", 1, Edit{Text: strings.Repeat("x", promiseText+1)}, FollowupLong},
		"a bot":             {"UANA", 1, Edit{Text: "x", Counterparties: []Counterparty{{Member: "UBOT"}}}, FollowupPerson},
		"who left":          {"UANA", 1, Edit{Text: "x", Counterparties: []Counterparty{{Member: "UGONE"}}}, FollowupPerson},
		"another company's": {"UANA", 1, Edit{Text: "x", Counterparties: []Counterparty{{Member: "UALIEN"}}}, FollowupPerson},
		"over":              {"UANA", 1, Edit{Text: "x", Due: over}, FollowupPast},
		"nothing":           {"UANA", 1, Edit{Text: c.Text, Counterparties: c.Counterparties, Due: c.Due}, FaultDone},
		"somebody else":     {"UCY", 1, Edit{Text: "x"}, FaultNotFound},
		"no number":         {"UANA", 99, Edit{Text: "x"}, FaultNotFound},
		"what was asked":    {"UANA", 2, Edit{Text: "x"}, FollowupAsked},
		"who asked":         {"UBOB", 2, Edit{Text: "x"}, FaultForbidden},
	} {
		_, err := d.use.Edit(t.Context(), d.now, d.press(tt.who, tt.id), tt.to)
		if got := faultCode(err); got != tt.want {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
	if got := d.commitments[1]; got.Version != 1 {
		t.Errorf("changed: %+v", got)
	}
}

func TestWhoLeftMeanwhileCanStayInAPromise(t *testing.T) {
	d := newDesk(t)
	c := d.say("UANA", "<@UBOB> send the deck by friday")
	d.members["UBOB"] = Member{ID: "UBOB", Deleted: true}
	c = d.must(d.use.Edit(t.Context(), d.now, d.press("UANA", 1), Edit{Text: "send the deck and the notes", Counterparties: c.Counterparties, Due: c.Due}))
	if c.Text != "send the deck and the notes" {
		t.Errorf("edited: %+v", c)
	}
}
