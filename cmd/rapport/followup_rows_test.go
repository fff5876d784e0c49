package main

import "testing"

// TestFollowupRows holds all rows of the contract of follow-ups, each through the whole bot: by command, and by the form and the message shortcut where they can say
// the same, on both kinds of store.
func TestFollowupRows(t *testing.T) {
	t.Parallel()
	rows := promiseRows()
	seen := map[int]bool{}
	for _, row := range rows {
		seen[row.number] = true
		if (row.form == nil) == (row.noForm == "") {
			t.Errorf("row %d %q says neither what stands in the form nor why nothing can, or both", row.number, row.name)
		}
		if (row.then == "") != (row.after == nil) {
			t.Errorf("row %d %q does not say what follows, or from what", row.number, row.name)
		}
	}
	for n := 1; n <= 44; n++ {
		if !seen[n] {
			t.Errorf("row %d is missing", n)
		}
	}
	plans := promisePlans(rows)
	for name, store := range kudosStores() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			town := openPromiseTown(t, plans, store(t))
			var told []*promiseCase
			for _, p := range plans {
				t.Run(p.name(), func(t *testing.T) { told = append(told, town.tryPromise(t, p)) })
			}
			town.goTo(t, promiseHorizon)
			for _, c := range told {
				t.Run(c.name()+" comes up", c.checkReminded)
			}
		})
	}
}

const (
	grammar = "the form has pickers for people and days: what stands beside the text has no place in it"
	onePick = "the picker has one day, which is as clear as can be"
)

func promiseRows() []promiseRow {
	var rows []promiseRow
	for _, part := range [][]promiseRow{rowsOfSides(), rowsOfDays(), rowsOfWrongDays(), rowsOfClocks(), rowsOfSentences(), rowsOfTongues()} {
		rows = append(rows, part...)
	}
	return rows
}

// friday is the end of that week for somebody in Berlin, monday of the first day after the clocks went forward.
const (
	thursday = "2026-03-26T16:00:00Z"
	friday   = "2026-03-27T16:00:00Z"
	monday   = "2026-03-30T15:00:00Z"
	onFriday = "by Friday, 27 March"
	deck     = "send Q2 deck"
)

// rowsOfSides are rows 1 to 7 and 30, 34 to 39, 42: who owes, to whom, and where there is no date.
func rowsOfSides() []promiseRow {
	noDate := []string{"no date", "#{n} by Wednesday, 25 March", "#{n} by Friday, 27 March", "Another day for #{n}"}
	notes := promiseWant{text: "send notes to <@{a}>", to: "a", says: noDate[:1], buttons: noDate[1:], reminded: "2026-04-01 09:00"}
	dentist := promiseWant{text: "book dentist", due: friday, to: "giver", says: []string{onFriday}, reminded: "2026-03-27 09:00"}
	noPerson := promiseWant{says: []string{"A promise is between people", "send deck fri"}}
	return []promiseRow{
		{
			number: 1, name: "a colleague first", typed: "<@{a}> send Q2 deck by friday", form: &promiseForm{text: deck, to: "a", day: "2026-03-27"},
			want: promiseWant{text: deck, due: friday, to: "a", says: []string{"Noted: #{n}", onFriday, "<@{a}>"}, reminded: "2026-03-27 09:00"},
		},
		{
			number: 2, name: "a colleague inside", typed: "send Q2 deck to <@{a}> by friday", noForm: grammar,
			want: promiseWant{text: "send Q2 deck to <@{a}>", due: friday, to: "a", says: []string{onFriday, "send Q2 deck to <@{a}>"}, reminded: "2026-03-27 09:00"},
		},
		{
			number: 3, name: "a colleague last", typed: "review contract by tomorrow <@{a}>", form: &promiseForm{text: "review contract", to: "a", day: "2026-03-26"},
			want: promiseWant{text: "review contract", due: thursday, to: "a", says: []string{"by Thursday, 26 March"}, reminded: "2026-03-26 09:00"},
		},
		{
			number: 4, name: "somebody else is to owe", typed: "from <@{a}> security answers by monday", form: &promiseForm{text: "security answers", owner: "a", day: "2026-03-30"},
			want:  promiseWant{text: "security answers", due: monday, to: "giver", owner: "a", state: "proposed", says: []string{"Proposed to <@{a}>", "by Monday, 30 March"}, reminded: "2026-03-30 09:00"},
			story: rowAccepts,
		},
		{
			number: 5, name: "a sun and a quarter", typed: "call Sun about second quarter", form: &promiseForm{text: "call Sun about second quarter"},
			want: promiseWant{text: "call Sun about second quarter", says: noDate[:1], buttons: noDate[1:], reminded: "2026-04-01 09:00"},
		},
		{
			number: 6, name: "two of something", typed: "review 2 PRs for <@{a}>", noForm: grammar,
			want: promiseWant{text: "review 2 PRs for <@{a}>", to: "a", says: noDate[:1], buttons: noDate[1:], reminded: "2026-04-01 09:00"},
		},
		{
			number: 7, name: "may, but not in May", typed: "send may the deck", form: &promiseForm{text: "send may the deck"},
			want: promiseWant{text: "send may the deck", says: noDate[:1], buttons: noDate[1:], reminded: "2026-04-01 09:00"},
		},
		{number: 30, name: "no date", typed: "send notes to <@{a}>", noForm: grammar, want: notes},
		{
			number: 30, name: "no date, and today is picked", typed: "send notes to <@{a}>", noForm: grammar, want: promiseWant{text: notes.text, to: "a"}, then: noDate[1],
			after: &promiseWant{text: notes.text, to: "a", due: "2026-03-25T16:00:00Z", says: []string{"by Wednesday, 25 March"}, reminded: "2026-03-25 16:00"},
		},
		{
			number: 30, name: "no date, and Friday is picked", typed: "send notes to <@{a}>", noForm: grammar, want: promiseWant{text: notes.text, to: "a"}, then: noDate[2],
			after: &promiseWant{text: notes.text, to: "a", due: friday, says: []string{onFriday}, reminded: "2026-03-27 09:00"},
		},
		{
			number: 34, name: "what repeats", typed: "every 2 weeks check in with <@{a}>", form: &promiseForm{text: "check in", to: "a", every: "every 2 weeks"},
			want: everyOther("check in with <@{a}>"), inForm: new(everyOther("check in")),
		},
		{
			number: 35, name: "somebody outside", typed: `to "Jane Doe, Acme" send SOW by 30 apr`, form: &promiseForm{text: "send SOW", outside: "Jane Doe, Acme", day: "2026-04-30"},
			want: promiseWant{text: "send SOW", to: "Jane Doe/Acme", due: "2026-04-30T15:00:00Z", says: []string{"by Thursday, 30 April", "Jane Doe, Acme"}, reminded: "never"},
		},
		{
			number: 36, name: "an address outside", typed: "to j@acme.com send SOW fri", form: &promiseForm{text: "send SOW", outside: "j@acme.com", day: "2026-03-27"},
			want: promiseWant{text: "send SOW", to: "j@acme.com", due: friday, says: []string{onFriday, "j@acme.com"}, reminded: "2026-03-27 09:00"},
		},
		{
			number: 37, name: "two colleagues", typed: "<@{a}> <@{b}> share roadmap fri", form: &promiseForm{text: "share roadmap", to: "a b", day: "2026-03-27"},
			want: promiseWant{text: "share roadmap", to: "a;b", due: friday, says: []string{onFriday, "<@{a}>", "<@{b}>"}, reminded: "2026-03-27 09:00"},
		},
		{number: 38, name: "oneself", typed: "@me book dentist fri", noForm: "what is to nobody else is to oneself there", want: dentist},
		{number: 38, name: "oneself, picked", typed: "<@{giver}> book dentist fri", noForm: "what is to nobody else is to oneself there", want: dentist},
		{number: 39, name: "a bot", typed: "<@{deploys}> send deck fri", form: &promiseForm{text: "send deck fri", to: "deploys"}, want: noPerson, inForm: &promiseWant{says: []string{"followup_to"}}},
		{number: 39, name: "a channel", typed: "<!channel> send deck fri", noForm: "the picker offers people", want: noPerson},
		{number: 39, name: "a user group", typed: "<!subteam^S0DESIGN1|@designers> send deck fri", noForm: "the picker offers people", want: noPerson},
		{
			number: 42, name: "a verb without a number", typed: "cancel Zoom plan by friday", form: &promiseForm{text: "cancel Zoom plan", day: "2026-03-27"},
			want: promiseWant{text: "cancel Zoom plan", due: friday, says: []string{"Noted: #{n}", onFriday}, reminded: "2026-03-27 09:00"},
		},
		{number: 43, name: "nothing", typed: "", noForm: "it is the form that opens", want: promiseWant{opens: true, says: []string{"Who is waiting for it?", "By which day?"}}},
	}
}

// everyOther is a promise for every second week.
func everyOther(text string) promiseWant {
	return promiseWant{
		text: text, to: "a", due: "2026-04-08T15:00:00Z", every: "2 week completion []", says: []string{"by Wednesday, 8 April", "every 2 weeks"}, reminded: "2026-04-06 09:00",
	}
}

// rowAccepts is how row 4 goes on: the proposal is inert, and becomes a promise when its owner says so.
func rowAccepts(c *promiseCase) {
	c.advance("2s")
	place, err := c.state().place("dm " + c.handle("a"))
	if err != nil {
		c.t.Fatal(err)
	}
	if said := c.app(c.state(), place); len(said) != 1 {
		c.t.Fatalf("whom it is asked of has %d messages, want 1: %q", len(said), said)
	}
	c.taps("a", "Accept #{n}")
	want := c.promise.want
	want.state, want.says = "", nil
	c.checkPromise(want)
}
