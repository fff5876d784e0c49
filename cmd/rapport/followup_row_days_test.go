package main

// intro is a row that is about its date alone.
func intro(number int, name, typed string, day string, want promiseWant) promiseRow {
	row := promiseRow{number: number, name: name, typed: "<@{a}> intro " + typed, want: want, form: &promiseForm{text: "intro", to: "a", day: day}}
	row.want.text, row.want.to = "intro", "a"
	if day == "" {
		row.form, row.noForm = nil, onePick
	}
	return row
}

// onDay is a promise for the end of a day's working hours.
func onDay(due, says, reminded string) promiseWant {
	return promiseWant{due: due, says: []string{says}, reminded: reminded}
}

// pressed is the same row, and a button of its answer.
func (row promiseRow) pressed(button string, after promiseWant) promiseRow {
	row.name, row.then, row.form, row.noForm = row.name+", which is pressed", button, nil, onePick
	after.text, after.to = row.want.text, row.want.to
	row.want.reminded = ""
	row.after = &after
	return row
}

// rowsOfDays are rows 8 to 13, 15 to 19, 21 to 24 and 44: days.
func rowsOfDays() []promiseRow {
	nextFriday := intro(8, "next friday, with the one after as a button", "next friday", "2026-03-27", promiseWant{
		due: friday, says: []string{onFriday}, reminded: "2026-03-27 09:00",
	})
	bare := intro(10, "friday, said on a Friday", "friday", "2026-03-27", promiseWant{due: friday, says: []string{onFriday}, reminded: "2026-03-27 16:00"})
	bare.said = "on Friday at ten"
	over := intro(16, "the end of a day that is over", "eod", "", promiseWant{
		due: thursday, says: []string{"by Thursday, 26 March", "Today's working day is over, so this is the next one."}, reminded: "2026-03-26 09:00",
	})
	over.said = "at half past six"
	leap := intro(21, "29 february", "29 feb", "2028-02-29", promiseWant{due: "2028-02-29T16:00:00Z", says: []string{"by Tuesday, 29 February 2028"}, reminded: "never"})
	german := intro(23, "3/4 in German", "by 3/4", "", promiseWant{due: "2026-04-03T15:00:00Z", says: []string{"by Friday, 3 April"}, reminded: "2026-04-01 09:00"})
	german.locale = "de-DE"
	american := intro(23, "3/4 in American", "by 3/4", "", promiseWant{
		due: "2027-03-04T16:00:00Z", says: []string{"by Thursday, March 4, 2027", "a long way ahead"}, buttons: []string{"#{n} by Friday, April 3"}, reminded: "never",
	})
	american.locale = "en-US"
	march := intro(24, "a day of a month that is over", "15 march", "2027-03-15", promiseWant{due: "2027-03-15T16:00:00Z", says: []string{"by Monday, 15 March 2027"}, reminded: "never"})
	spring := intro(44, "three days over a clock change", "in 3 days", "2026-03-09", promiseWant{due: "2026-03-09T21:00:00Z", says: []string{"by Monday, March 9"}, reminded: "2026-03-09 09:00"})
	spring.said, spring.zone, spring.locale = "in New York on Friday the sixth", "America/New_York", "en-US"
	// The pickers of a form say one day, so that nothing has to be asked.
	rows := []promiseRow{nextFriday.offering("#{n} by Friday, 3 April"), bare.offering("#{n} by Friday, 3 April"), leap.asking(), march.asking()}
	return append(
		rows, over, german.offering("#{n} by Thursday, 4 March 2027"), american, spring,
		nextFriday.pressed("#{n} by Friday, 3 April", onDay("2026-04-03T15:00:00Z", "by Friday, 3 April", "2026-04-01 09:00")),
		bare.pressed("#{n} by Friday, 3 April", onDay("2026-04-03T15:00:00Z", "by Friday, 3 April", "2026-04-03 09:00")),
		american.pressed("#{n} by Friday, April 3", onDay("2026-04-03T15:00:00Z", "by Friday, April 3", "2026-04-01 09:00")),
		intro(9, "this friday", "this friday", "", onDay(friday, onFriday, "2026-03-27 09:00")),
		intro(11, "in two weeks", "in 2 weeks", "2026-04-08", onDay("2026-04-08T15:00:00Z", "by Wednesday, 8 April", "2026-04-06 09:00")),
		intro(12, "in five days", "in 5 days", "2026-03-30", onDay(monday, "by Monday, 30 March", "2026-03-30 09:00")),
		intro(13, "in three business days", "in 3 business days", "", onDay(monday, "by Monday, 30 March", "2026-03-30 09:00")),
		intro(15, "the end of the day", "eod", "2026-03-25", onDay("2026-03-25T16:00:00Z", "by Wednesday, 25 March", "2026-03-25 16:00")),
		intro(17, "the end of the week", "eow", "", onDay(friday, onFriday, "2026-03-27 09:00")),
		intro(18, "the end of the month", "by end of month", "2026-03-31", onDay("2026-03-31T15:00:00Z", "by Tuesday, 31 March", "2026-03-31 09:00")),
		intro(19, "next week", "next week", "2026-04-03", onDay("2026-04-03T15:00:00Z", "by Friday, 3 April", "2026-04-01 09:00")),
		intro(19, "the end of next week", "end of next week", "", onDay("2026-04-03T15:00:00Z", "by Friday, 3 April", "2026-04-01 09:00")),
	)
}

// offering is the same row, whose answer to a command has another day as a button.
func (row promiseRow) offering(button string) promiseRow {
	plain := row.want
	row.inForm = &plain
	row.want.buttons = append(row.want.buttons, button)
	return row
}

// asking is the same row, whose answer to a command asks whether that day was meant.
func (row promiseRow) asking() promiseRow {
	plain := row.want
	row.inForm = &plain
	row.want.says = append([]string{"a long way ahead"}, row.want.says...)
	return row
}

// rowsOfWrongDays are rows 20 and 25: what no calendar has, and what is over.
func rowsOfWrongDays() []promiseRow {
	given := func(typed string, says ...string) promiseWant {
		return promiseWant{says: append(says, "<@{a}> intro "+typed), buttons: []string{"Open the form"}}
	}
	wrong := func(number int, name, typed string, want promiseWant) promiseRow {
		row := promiseRow{number: number, name: name, typed: "<@{a}> intro " + typed, want: want, noForm: "the picker offers no such day"}
		return row
	}
	offered := func(button string, row promiseRow, after promiseWant) promiseRow {
		row.want.buttons = append(row.want.buttons, button)
		row.then, row.after = button, &after
		after.text, after.to = "intro", "a"
		return row
	}
	over := wrong(25, "yesterday", "by yesterday", given("by yesterday", "That date is over", "Already done?"))
	over.form, over.noForm, over.inForm = &promiseForm{text: "intro", to: "a", day: "2026-03-24"}, "", &promiseWant{says: []string{"That is over already"}, opens: true}
	return []promiseRow{
		offered("By Sunday, 28 February 2027", wrong(20, "31 february", "by 31 feb", given("by 31 feb", "no such day", "28 February 2027")),
			promiseWant{due: "2027-02-28T16:00:00Z", says: []string{"by Sunday, 28 February 2027"}, reminded: "never"}),
		offered("By Sunday, 28 February 2027", wrong(20, "31 february in numbers", "2026-02-31", given("2026-02-31", "no such day", "28 February 2027")),
			promiseWant{due: "2027-02-28T16:00:00Z", says: []string{"by Sunday, 28 February 2027"}, reminded: "never"}),
		over,
		offered("By Friday, 27 March", wrong(25, "last friday", "last friday", given("last friday", "That date is over", "Already done?")),
			onDay(friday, onFriday, "2026-03-27 09:00")),
	}
}
