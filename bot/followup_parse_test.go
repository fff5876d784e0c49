package bot

import (
	"slices"
	"strings"
	"testing"
	"time"

	"rapport/bot/when"
)

// parseContext is Wednesday, 25 March 2026, 10:17 in Berlin, four days before the clocks go forward; U1 types.
func parseContext(t *testing.T, zone, now, locale string) FollowupContext {
	t.Helper()
	loc, err := time.LoadLocation(zone)
	if err != nil {
		t.Fatal(err)
	}
	instant, err := time.ParseInLocation("2006-01-02 15:04", now, loc)
	if err != nil {
		t.Fatal(err)
	}
	return FollowupContext{
		When:    when.Context{Now: instant, Zone: loc, Locale: locale},
		Invoker: "U1",
		Refused: func(id string) bool { return id == "UBOT" },
	}
}

func describeInput(in FollowupInput) string {
	words := []string{string(in.Action)}
	if in.ID != 0 {
		words = append(words, "#"+string(rune('0'+in.ID)))
	}
	if in.Proposed {
		words = append(words, "from "+in.Owner)
	}
	for _, cp := range in.Counterparties {
		words = append(words, "cp "+strings.TrimSpace(cp.Member+cp.Email+cp.Name+" "+cp.Org))
	}
	if in.Due != nil {
		words = append(words, "due "+in.Due.UTC().Format("2006-01-02T15:04Z"))
	}
	for _, d := range in.Alternatives {
		words = append(words, "or "+d.Date.String())
	}
	if in.Confirm {
		words = append(words, "confirm")
	}
	if in.Every != nil {
		words = append(words, "every "+string(rune('0'+in.Every.N))+" "+string(in.Every.Unit)+" "+string(in.Every.Anchor))
	}
	if in.Notice != "" {
		words = append(words, string(in.Notice))
	}
	if in.Fault != "" {
		words = append(words, string(in.Fault))
	}
	for _, d := range in.Suggestions {
		words = append(words, "try "+d.Date.String())
	}
	return strings.Join(words, ", ")
}

func TestParseFollowup(t *testing.T) {
	const berlin = "2026-03-25 10:17"
	tests := []struct {
		name   string
		now    string // empty: berlin
		locale string // empty: en-GB
		text   string
		want   string
		left   string
	}{
		{name: "row01", text: "<@U2> send Q2 deck by friday", want: "create, cp U2, due 2026-03-27T16:00Z", left: "send Q2 deck"},
		{name: "row02", text: "send Q2 deck to <@U2> by friday", want: "create, cp U2, due 2026-03-27T16:00Z", left: "send Q2 deck to <@U2>"},
		{name: "row03", text: "review contract by tomorrow <@U2>", want: "create, cp U2, due 2026-03-26T16:00Z", left: "review contract"},
		{name: "row04", text: "from <@U2> security answers by monday", want: "create, from U2, cp U1, due 2026-03-30T15:00Z", left: "security answers"},
		{name: "row05", text: "call Sun about second quarter", want: "create", left: "call Sun about second quarter"},
		{name: "row06", text: "review 2 PRs for <@U2>", want: "create, cp U2", left: "review 2 PRs for <@U2>"},
		{name: "row07", text: "send may the deck", want: "create", left: "send may the deck"},
		{name: "row08", text: "<@U2> intro next friday", want: "create, cp U2, due 2026-03-27T16:00Z, or 2026-04-03", left: "intro"},
		{name: "row09", text: "<@U2> intro this friday", want: "create, cp U2, due 2026-03-27T16:00Z", left: "intro"},
		{name: "row10", now: "2026-03-27 10:00", text: "<@U2> intro friday", want: "create, cp U2, due 2026-03-27T16:00Z, or 2026-04-03", left: "intro"},
		{name: "row11", text: "<@U2> intro in 2 weeks", want: "create, cp U2, due 2026-04-08T15:00Z", left: "intro"},
		{name: "row12", text: "<@U2> intro in 5 days", want: "create, cp U2, due 2026-03-30T15:00Z", left: "intro"},
		{name: "row13", text: "<@U2> intro in 3 business days", want: "create, cp U2, due 2026-03-30T15:00Z", left: "intro"},
		{name: "row14", text: "<@U2> intro in 3 hours", want: "create, cp U2, due 2026-03-25T12:17Z", left: "intro"},
		{name: "row15", text: "<@U2> intro eod", want: "create, cp U2, due 2026-03-25T16:00Z", left: "intro"},
		{name: "row16", now: "2026-03-25 18:30", text: "<@U2> intro eod", want: "create, cp U2, due 2026-03-26T16:00Z, next_work_day", left: "intro"},
		{name: "row17", text: "<@U2> intro eow", want: "create, cp U2, due 2026-03-27T16:00Z", left: "intro"},
		{name: "row18", text: "<@U2> intro by end of month", want: "create, cp U2, due 2026-03-31T15:00Z", left: "intro"},
		{name: "row19_next_week", text: "<@U2> intro next week", want: "create, cp U2, due 2026-04-03T15:00Z", left: "intro"},
		{name: "row19_end_of_next_week", text: "<@U2> intro end of next week", want: "create, cp U2, due 2026-04-03T15:00Z", left: "intro"},
		{name: "row20_31_feb", text: "<@U2> intro by 31 feb", want: "error, cp U2, followup_impossible_date, try 2027-02-28", left: "intro"},
		{name: "row20_iso", text: "<@U2> intro 2026-02-31", want: "error, cp U2, followup_impossible_date, try 2027-02-28", left: "intro"},
		{name: "row21", text: "<@U2> intro 29 feb", want: "create, cp U2, due 2028-02-29T16:00Z, confirm", left: "intro"},
		{name: "row22", text: "<@U2> intro 2026-04-01 17:00", want: "create, cp U2, due 2026-04-01T15:00Z", left: "intro"},
		{name: "row23_de", locale: "de-DE", text: "<@U2> intro by 3/4", want: "create, cp U2, due 2026-04-03T15:00Z, or 2027-03-04", left: "intro"},
		{name: "row23_en_US", locale: "en-US", text: "<@U2> intro by 3/4", want: "create, cp U2, due 2027-03-04T16:00Z, or 2026-04-03, confirm", left: "intro"},
		{name: "row24", text: "<@U2> intro 15 march", want: "create, cp U2, due 2027-03-15T16:00Z, confirm", left: "intro"},
		{name: "row25_yesterday", text: "<@U2> intro by yesterday", want: "error, cp U2, followup_past_date", left: "intro"},
		{name: "row25_last_friday", text: "<@U2> intro last friday", want: "error, cp U2, followup_past_date, try 2026-03-27", left: "intro"},
		{name: "row26", text: "<@U2> intro sunday 2:30am", want: "create, cp U2, due 2026-03-29T01:30Z, gap_time", left: "intro"},
		{name: "row27", text: "<@U2> intro by 9am", want: "create, cp U2, due 2026-03-26T08:00Z", left: "intro"},
		{name: "row28", text: "<@U2> intro by 5pm", want: "create, cp U2, due 2026-03-25T16:00Z", left: "intro"},
		{name: "row29", text: "<@U2> intro monday at 9am", want: "create, cp U2, due 2026-03-30T07:00Z", left: "intro"},
		{name: "row30", text: "send notes to <@U2>", want: "create, cp U2", left: "send notes to <@U2>"},
		{name: "row31", text: "draft by thursday and final by monday", want: "create, due 2026-03-26T16:00Z, or 2026-03-30, confirm, two_dates", left: "draft by thursday and final by monday"},
		{name: "row32", text: "move the friday sync by monday", want: "create, due 2026-03-30T15:00Z", left: "move the friday sync"},
		{name: "row33_straight", text: `<@U2> "fix 'due Friday' banner" by tuesday`, want: "create, cp U2, due 2026-03-31T15:00Z", left: `"fix 'due Friday' banner"`},
		{name: "row33_curly", text: "<@U2> “fix ‘due Friday’ banner” by tuesday", want: "create, cp U2, due 2026-03-31T15:00Z", left: "“fix ‘due Friday’ banner”"},
		{name: "row34", text: "every 2 weeks check in with <@U2>", want: "create, cp U2, due 2026-04-08T15:00Z, every 2 week completion", left: "check in with <@U2>"},
		{name: "row35", text: `to "Jane Doe, Acme" send SOW by 30 apr`, want: "create, cp Jane Doe Acme, due 2026-04-30T15:00Z", left: "send SOW"},
		{name: "row36", text: "to <mailto:j@acme.com|j@acme.com> send SOW fri", want: "create, cp j@acme.com, due 2026-03-27T16:00Z", left: "send SOW"},
		{name: "row37", text: "<@U2> <@U3|cy> share roadmap fri", want: "create, cp U2, cp U3, due 2026-03-27T16:00Z", left: "share roadmap"},
		{name: "row38_me", text: "@me book dentist fri", want: "create, cp U1, due 2026-03-27T16:00Z", left: "book dentist"},
		{name: "row38_mention", text: "<@U1> book dentist fri", want: "create, cp U1, due 2026-03-27T16:00Z", left: "book dentist"},
		{name: "row39_bot", text: "<@UBOT> send deck fri", want: "error, due 2026-03-27T16:00Z, followup_person", left: "send deck"},
		{name: "row39_channel", text: "<!channel> send deck fri", want: "error, due 2026-03-27T16:00Z, followup_person", left: "send deck"},
		{name: "row39_group", text: "<!subteam^S1|@design> send deck fri", want: "error, due 2026-03-27T16:00Z, followup_person", left: "send deck"},
		{name: "row40", locale: "es-ES", text: "enviar informe a <@U2> mañana", want: "create, cp U2, due 2026-03-26T16:00Z", left: "enviar informe a <@U2>"},
		{name: "row41", locale: "de-DE", text: "v1.10 notes bis 1.10.", want: "create, due 2026-10-01T15:00Z, confirm", left: "v1.10 notes"},
		{name: "row42", text: "cancel Zoom plan by friday", want: "create, due 2026-03-27T16:00Z", left: "cancel Zoom plan"},
		{name: "row43", text: "  ", want: "modal"},
		{name: "row44", now: "New York", locale: "en-US", text: "<@U2> intro in 3 days", want: "create, cp U2, due 2026-03-09T21:00Z", left: "intro"},

		{name: "list", text: "List", want: "list"},
		{name: "list_is_a_word", text: "list the risks by friday", want: "create, due 2026-03-27T16:00Z", left: "list the risks"},
		{name: "help", text: "help", want: "help"},
		{name: "help_is_a_word", text: "help <@U2> move fri", want: "create, cp U2, due 2026-03-27T16:00Z", left: "help <@U2> move"},
		{name: "done", text: "DONE #7", want: "done, #7"},
		{name: "done_joined", text: "done#7", want: "done, #7"},
		{name: "done_colon", text: "Done: #7!", want: "done, #7"},
		{name: "hash_is_a_word", text: "fix#7 by friday", want: "create, due 2026-03-27T16:00Z", left: "fix#7"},
		{name: "done_alone", text: "done", want: "error, followup_needs_id"},
		{name: "done_without_sign", text: "done 7", want: "error, followup_needs_id"},
		{name: "done_is_a_word", text: "done with the deck by friday", want: "create, due 2026-03-27T16:00Z", left: "done with the deck"},
		{name: "done_several", text: "done #7 and #8", want: "error, #7, followup_one_id"},
		{name: "drop_with_reason", text: "drop #7 no longer needed", want: "drop, #7", left: "no longer needed"},
		{name: "move", text: "move #7 to friday", want: "move, #7, due 2026-03-27T16:00Z"},
		{name: "move_no_to", text: "Move #7 next friday", want: "move, #7, due 2026-03-27T16:00Z, or 2026-04-03"},
		{name: "move_no_date", text: "move #7", want: "error, #7, followup_needs_date"},
		{name: "move_no_such_date", text: "move #7 to the moon", want: "error, #7, followup_not_a_date"},
		{name: "move_past", text: "move #7 yesterday", want: "error, #7, followup_past_date"},
		{name: "snooze", text: "snooze #7 until monday 9am", want: "snooze, #7, due 2026-03-30T07:00Z"},
		{name: "snooze_length", text: "snooze #7 2h", want: "snooze, #7, due 2026-03-25T11:17Z"},
		{name: "snooze_for", text: "snooze #7 for 2 days", want: "snooze, #7, due 2026-03-27T16:00Z"},
		{name: "give", text: "give #7 <@U2>", want: "give, #7, from U2"},
		{name: "give_to", text: "give #7 to <@U2>", want: "give, #7, from U2"},
		{name: "give_nobody", text: "give #7", want: "error, #7, followup_needs_person"},
		{name: "give_bot", text: "give #7 <@UBOT>", want: "error, #7, followup_person"},
		{name: "give_is_a_word", text: "give <@U2> the keys fri", want: "create, cp U2, due 2026-03-27T16:00Z", left: "give <@U2> the keys"},

		{name: "only_a_person", text: "<@U2>", want: "modal, cp U2"},
		{name: "only_a_date", text: "by friday", want: "modal, due 2026-03-27T16:00Z"},
		{name: "from_me", text: "from <@U1> send deck fri", want: "create, due 2026-03-27T16:00Z", left: "send deck"},
		{name: "from_is_a_word", text: "from now on fewer meetings", want: "create", left: "from now on fewer meetings"},
		{name: "to_is_a_word", text: "to do list cleanup fri", want: "create, due 2026-03-27T16:00Z", left: "to do list cleanup"},
		{name: "possessive", text: "<@U2>'s deck review by friday", want: "create, due 2026-03-27T16:00Z", left: "<@U2>'s deck review"},
		{name: "spoken_of", text: "read the notes from <@U2> fri", want: "create, due 2026-03-27T16:00Z", left: "read the notes from <@U2>"},
		{name: "lead_keeps_others", text: "<@U2> send <@U3> the deck fri", want: "create, cp U2, due 2026-03-27T16:00Z", left: "send <@U3> the deck"},
		{name: "joined_people", text: "<@U2>, <@U3> and <@W4>: the deck by fri", want: "create, cp U2, cp U3, cp W4, due 2026-03-27T16:00Z", left: "the deck"},
		{name: "with_after_date", text: "review contract by friday with <@U2>", want: "create, cp U2, due 2026-03-27T16:00Z", left: "review contract with <@U2>"},
		{name: "rule_then_person", text: "every friday <@U2> the numbers", want: "create, cp U2, due 2026-03-27T16:00Z, every 1 week calendar", left: "the numbers"},
		{name: "rule_at_end", text: "<@U2> the numbers every friday at 9am", want: "create, cp U2, due 2026-03-27T08:00Z, every 1 week calendar", left: "the numbers"},
		{name: "outsider_inside", text: `send SOW to "Jane Doe, Acme" by friday`, want: "create, cp Jane Doe Acme, due 2026-03-27T16:00Z", left: `send SOW to "Jane Doe, Acme"`},
		{name: "outsider_lower_case", text: `to "jane doe, acme" send SOW by friday`, want: "create, cp jane doe acme, due 2026-03-27T16:00Z", left: "send SOW"},
		{name: "two_dates_then_person", text: "draft by thursday and final by monday for <@U2>", want: "create, cp U2, due 2026-03-26T16:00Z, or 2026-03-30, confirm, two_dates", left: "draft by thursday and final by monday for <@U2>"},
		{name: "two_dates_person_last", text: "draft by thursday and final by monday <@U2>", want: "create, cp U2, due 2026-03-26T16:00Z, or 2026-03-30, confirm, two_dates", left: "draft by thursday and final by monday"},
		{name: "two_dates_proposed", text: "from <@U2> draft by thursday and final by monday", want: "create, from U2, cp U1, due 2026-03-26T16:00Z, or 2026-03-30, confirm, two_dates", left: "draft by thursday and final by monday"},
		{name: "joined_after_date", text: "deck 29 feb and <@U2>", want: "create, cp U2, due 2028-02-29T16:00Z, confirm", left: "deck"},
		{name: "glued_after_date", text: "deck friday <@U2>+<@U3>", want: "create, cp U2, cp U3, due 2026-03-27T16:00Z", left: "deck"},
		{name: "proposed_alone", text: "from <@U2>", want: "modal, from U2, cp U1"},
		{name: "quotation_is_nobody", text: `reply to "see you, then" by friday`, want: "create, due 2026-03-27T16:00Z", left: `reply to "see you, then"`},
		{name: "mention_in_quotes", text: `fix "ping <@U2>" label fri`, want: "create, due 2026-03-27T16:00Z", left: `fix "ping <@U2>" label`},
		{name: "plain_email", text: "to j@acme.com send SOW fri", want: "create, cp j@acme.com, due 2026-03-27T16:00Z", left: "send SOW"},
		{name: "typed_name", text: "@bob send deck fri", want: "error, due 2026-03-27T16:00Z, followup_unpicked_name", left: "send deck"},
		{name: "german", locale: "de-DE", text: "Angebot an <@U2> bis morgen 12 Uhr", want: "create, cp U2, due 2026-03-26T11:00Z", left: "Angebot an <@U2>"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			zone, now, locale := "Europe/Berlin", berlin, "en-GB"
			if tt.now == "New York" {
				zone, now = "America/New_York", "2026-03-06 17:00"
			} else if tt.now != "" {
				now = tt.now
			}
			if tt.locale != "" {
				locale = tt.locale
			}
			in := ParseFollowup(tt.text, parseContext(t, zone, now, locale))
			if got := describeInput(in); got != tt.want {
				t.Errorf("ParseFollowup(%q) =\n%s, want\n%s", tt.text, got, tt.want)
			}
			if in.Text != tt.left {
				t.Errorf("ParseFollowup(%q) leaves %q, want %q", tt.text, in.Text, tt.left)
			}
		})
	}
}

func TestParseFollowupGivesADateOnlyDeadlineTheOwnersDay(t *testing.T) {
	c := parseContext(t, "Europe/Berlin", "2026-03-25 22:30", "en-GB")
	tokyo, err := time.LoadLocation("Asia/Tokyo")
	if err != nil {
		t.Fatal(err)
	}
	c.Owner = func(string) (when.Context, bool) {
		return when.Context{Now: c.When.Now, Zone: tokyo, DayEnd: when.Clock{Hour: 18}}, true
	}
	for text, want := range map[string]string{
		"from <@U2> answers by monday":     "2026-03-30T09:00Z", // the end of U2's day
		"from <@U2> answers by monday 9am": "2026-03-30T07:00Z", // the invoker's nine o'clock
		"answers by monday":                "2026-03-30T15:00Z", // the invoker owes
	} {
		in := ParseFollowup(text, c)
		if in.Due == nil || in.Due.UTC().Format("2006-01-02T15:04Z") != want {
			t.Errorf("ParseFollowup(%q).Due = %+v, want %s", text, in.Due, want)
		}
	}
}

func TestParseFollowupFindsPlainHandles(t *testing.T) {
	c := parseContext(t, "Europe/Berlin", "2026-03-25 10:17", "en-GB")
	c.Named = func(handle string) (string, bool) { return "U2", handle == "bob" }
	in := ParseFollowup("@bob, send deck fri", c)
	if !slices.Equal(in.Counterparties, []Counterparty{{Member: "U2"}}) || in.Text != "send deck" {
		t.Errorf("ParseFollowup = %s, text %q", describeInput(in), in.Text)
	}
}

// The date that a new one takes the place of does not count, also where it is over.
func TestMoveFromOneDateToAnother(t *testing.T) {
	for _, tt := range []struct{ text, locale, date, clock string }{
		{"move #7 from monday to friday", "en-US", "2026-03-27", ""},
		{"move #7 from friday to monday at 9am", "en-US", "2026-03-30", "09:00"},
		{"move #7 from yesterday to friday", "en-US", "2026-03-27", ""},
		{"snooze #7 from 27 march to 31 march", "en-GB", "2026-03-31", ""},
		{"move #7 von Montag auf Freitag", "de-DE", "2026-03-27", ""},
		{"move #7 de lundi à vendredi", "fr-FR", "2026-03-27", ""},
		{"move #7 del lunes al viernes", "es-ES", "2026-03-27", ""},
		{"move #7 de segunda para sexta", "pt-BR", "2026-03-27", ""},
		{"move #7 to friday", "en-US", "2026-03-27", ""},
		{"move #7 from friday", "en-US", "", ""},
		{"move #7 from bob to friday", "en-US", "", ""},
	} {
		t.Run(tt.text, func(t *testing.T) {
			c := parseContext(t, "Europe/Berlin", "2026-03-25 10:17", tt.locale)
			got := ParseFollowup(tt.text, c)
			switch {
			case tt.date == "" && got.Fault != FollowupNotADate:
				t.Errorf("understood as %+v", got)
			case tt.date != "" && (got.Due == nil || got.Due.Date.String() != tt.date || tt.clock != "" && got.Due.Time.String() != tt.clock || got.ID != 7):
				t.Errorf("due %+v, fault %q", got.Due, got.Fault)
			}
		})
	}
}
