package main

import (
	"slices"
	"strings"
	"time"
)

// rowsOfClocks are rows 14, 22 and 26 to 29: times that were stated.
func rowsOfClocks() []promiseRow {
	at := func(number int, name, typed, day, clock string, want promiseWant) promiseRow {
		row := intro(number, name, typed, day, want)
		if row.form != nil {
			row.form.clock = clock
		}
		return row
	}
	gap := at(26, "a time that the clocks skip", "sunday 2:30am", "2026-03-29", "02:30", promiseWant{
		due: "2026-03-29T01:30:00Z!", says: []string{"by Sunday, 29 March, 03:30"}, reminded: "2026-03-27 09:00",
	})
	return []promiseRow{
		at(14, "in three hours", "in 3 hours", "2026-03-25", "13:17", promiseWant{due: "2026-03-25T12:17:00Z!", says: []string{"by Wednesday, 25 March, 13:17"}, reminded: "2026-03-25 12:30"}),
		at(22, "a date and a time in numbers", "2026-04-01 17:00", "2026-04-01", "17:00", promiseWant{due: "2026-04-01T15:00:00Z!", says: []string{"by Wednesday, 1 April, 17:00"}, reminded: "2026-04-01 09:00"}),
		gap,
		at(27, "a time that is over today", "by 9am", "2026-03-26", "09:00", promiseWant{due: "2026-03-26T08:00:00Z!", says: []string{"by Thursday, 26 March, 09:00"}, reminded: "2026-03-25 17:00"}),
		at(28, "a time that is ahead today", "by 5pm", "2026-03-25", "17:00", promiseWant{due: "2026-03-25T16:00:00Z!", says: []string{"by Wednesday, 25 March, 17:00"}, reminded: "2026-03-25 16:30"}),
		at(29, "a time after the clock change", "monday at 9am", "2026-03-30", "09:00", promiseWant{due: "2026-03-30T07:00:00Z!", says: []string{"by Monday, 30 March, 09:00"}, reminded: "2026-03-27 17:00"}),
	}
}

// rowsOfSentences are rows 31 to 33: dates that belong to the sentence.
func rowsOfSentences() []promiseRow {
	both := "draft by thursday and final by monday"
	banner := func(text string) promiseWant {
		return promiseWant{text: text, to: "a", due: "2026-03-31T15:00:00Z", says: []string{"by Tuesday, 31 March"}, reminded: "2026-03-31 09:00"}
	}
	quoted := `"fix 'due Friday' banner"`
	return []promiseRow{
		{
			number: 31, name: "two dates, the earlier one for now", typed: both, noForm: onePick,
			want: promiseWant{text: both, due: thursday, says: []string{"two dates", "by Thursday, 26 March"}, buttons: []string{"#{n} by Monday, 30 March"}, reminded: "2026-03-26 09:00"},
		},
		{
			number: 31, name: "two dates, and the later one is picked", typed: both, noForm: onePick, want: promiseWant{text: both, due: thursday},
			then: "#{n} by Monday, 30 March", after: &promiseWant{text: both, due: monday, says: []string{"by Monday, 30 March"}, reminded: "2026-03-30 09:00"},
		},
		{
			number: 31, name: "two dates, split", typed: both + " for <@{a}>", noForm: onePick, want: promiseWant{text: both + " for <@{a}>", to: "a", due: thursday}, story: rowSplits,
		},
		{
			number: 32, name: "a friday that is a name", typed: "move the friday sync by monday", form: &promiseForm{text: "move the friday sync", day: "2026-03-30"},
			want: promiseWant{text: "move the friday sync", due: monday, says: []string{"by Monday, 30 March"}, reminded: "2026-03-30 09:00"},
		},
		{
			number: 33, name: "a quotation", typed: "<@{a}> " + quoted + " by tuesday", form: &promiseForm{text: quoted, to: "a", day: "2026-03-31"}, want: banner(quoted),
		},
		{
			number: 33, name: "a quotation in curly quotes", typed: "<@{a}> “fix ‘due Friday’ banner” by tuesday", form: &promiseForm{text: "“fix ‘due Friday’ banner”", to: "a", day: "2026-03-31"},
			want: banner("“fix ‘due Friday’ banner”"),
		},
	}
}

// rowSplits is how row 31 goes on where the one text becomes two promises: each has its own date, and comes up for it.
func rowSplits(c *promiseCase) {
	c.taps("giver", "Make #{n} two promises")
	var got []string
	for _, p := range c.owed() {
		got = append(got, p.Text+" "+p.Due.UTC().Format(time.RFC3339)+" "+strings.Join(p.MembersTo(), " "))
	}
	slices.Sort(got)
	want := []string{"draft " + thursday + " " + c.id("a"), "final " + monday + " " + c.id("a")}
	if !slices.Equal(got, want) {
		c.t.Errorf("after a split there stand %q, want %q", got, want)
	}
	c.checkRead(promiseWant{says: []string{"two promises", "by Thursday, 26 March", "by Monday, 30 March"}})
}

// rowsOfTongues are rows 40 and 41: other languages.
func rowsOfTongues() []promiseRow {
	return []promiseRow{
		{
			number: 40, name: "Spanish", locale: "es-ES", typed: "enviar informe a <@{a}> mañana", noForm: grammar,
			want: promiseWant{text: "enviar informe a <@{a}>", to: "a", due: thursday, says: []string{"by Thursday, 26 March"}, reminded: "2026-03-26 09:00"},
		},
		promiseRow{
			number: 41, name: "German, with a version", locale: "de-DE", typed: "v1.10 notes bis 1.10.", form: &promiseForm{text: "v1.10 notes", day: "2026-10-01"},
			want: promiseWant{text: "v1.10 notes", due: "2026-10-01T15:00:00Z", says: []string{"by Thursday, 1 October"}, reminded: "never"},
		}.asking(),
	}
}
