package main

import (
	"encoding/json"
	"testing"
)

// dueJSON is a deadline in Berlin, as `rapport parse` prints it.
func dueJSON(date, clock, utc string, stated bool) string {
	said, _ := json.Marshal(stated) // a bool always encodes
	return `{"date":"` + date + `","time":"` + clock + `","zone":"Europe/Berlin","utc":"` + utc + `","explicit_time":` + string(said) + `}`
}

// promiseJSON is a new promise of U1 to U2, as `rapport parse followup --json` prints it.
func promiseJSON(text, due, alternatives, rest string) string {
	return `{"action":"create","owner":"U1","proposed":false,"counterparties":[{"user":"U2"}],"text":"` + text + `","due":` + due +
		`,"alternatives":[` + alternatives + `],` + rest + `}`
}

// TestParseSaysEveryRowOfFollowups has a line for each row of the table of dates, with the exact words that tools read.
func TestParseSaysEveryRowOfFollowups(t *testing.T) {
	t.Parallel()
	const plain = `"confirm":false,"every":null,"error":""`
	day := func(date, utc string) string { return dueJSON(date, "17:00", date+"T"+utc+":00Z", false) }
	clock := func(date, at, utc string) string { return dueJSON(date, at, date+"T"+utc+":00Z", true) }
	friday, thursday, monday := day("2026-03-27", "16:00"), day("2026-03-26", "16:00"), day("2026-03-30", "15:00")
	intro := func(due string) string { return promiseJSON("intro", due, "", plain) }
	impossible := `{"action":"error","owner":"U1","proposed":false,"counterparties":[{"user":"U2"}],"text":"intro","due":null,"alternatives":[],"confirm":false,"every":null,"suggestions":["2027-02-28"],"error":"followup_impossible_date"}`
	noOneJSON := func(text, due string) string {
		return `{"action":"create","owner":"U1","proposed":false,"counterparties":[],"text":"` + text + `","due":` + due + `,"alternatives":[],` + plain + `}`
	}
	for _, test := range []struct {
		row, now, tz, locale, text, want string // empty: Berlin, that Wednesday, en-GB
	}{
		{row: "01", text: "<@U2> send Q2 deck by friday", want: promiseJSON("send Q2 deck", friday, "", plain)},
		{row: "02", text: "send Q2 deck to <@U2> by friday", want: promiseJSON("send Q2 deck to <@U2>", friday, "", plain)},
		{row: "03", text: "review contract by tomorrow <@U2>", want: promiseJSON("review contract", thursday, "", plain)},
		{
			row: "04", text: "from <@U2> security answers by monday",
			want: `{"action":"create","owner":"U2","proposed":true,"counterparties":[{"user":"U1"}],"text":"security answers","due":` + monday + `,"alternatives":[],` + plain + `}`,
		},
		{row: "05", text: "call Sun about second quarter", want: noOneJSON("call Sun about second quarter", "null")},
		{row: "06", text: "review 2 PRs for <@U2>", want: promiseJSON("review 2 PRs for <@U2>", "null", "", plain)},
		{row: "07", text: "send may the deck", want: noOneJSON("send may the deck", "null")},
		{row: "08", text: "<@U2> intro next friday", want: promiseJSON("intro", friday, `"2026-04-03"`, plain)},
		{row: "09", text: "<@U2> intro this friday", want: intro(friday)},
		{row: "10", now: "2026-03-27T10:00:00+01:00", text: "<@U2> intro friday", want: promiseJSON("intro", friday, `"2026-04-03"`, plain)},
		{row: "11", text: "<@U2> intro in 2 weeks", want: intro(day("2026-04-08", "15:00"))},
		{row: "12", text: "<@U2> intro in 5 days", want: intro(monday)},
		{row: "13", text: "<@U2> intro in 3 business days", want: intro(monday)},
		{row: "14", text: "<@U2> intro in 3 hours", want: intro(clock("2026-03-25", "13:17", "12:17"))},
		{row: "15", text: "<@U2> intro eod", want: intro(day("2026-03-25", "16:00"))},
		{
			row: "16", now: "2026-03-25T18:30:00+01:00", text: "<@U2> intro eod",
			want: promiseJSON("intro", thursday, "", `"confirm":false,"every":null,"notice":"next_work_day","error":""`),
		},
		{row: "17", text: "<@U2> intro eow", want: intro(friday)},
		{row: "18", text: "<@U2> intro by end of month", want: intro(day("2026-03-31", "15:00"))},
		{row: "19 next week", text: "<@U2> intro next week", want: intro(day("2026-04-03", "15:00"))},
		{row: "19 its end", text: "<@U2> intro end of next week", want: intro(day("2026-04-03", "15:00"))},
		{row: "20", text: "<@U2> intro by 31 feb", want: impossible},
		{row: "20 ISO", text: "<@U2> intro 2026-02-31", want: impossible},
		{row: "21", text: "<@U2> intro 29 feb", want: promiseJSON("intro", day("2028-02-29", "16:00"), "", `"confirm":true,"every":null,"error":""`)},
		{row: "22", text: "<@U2> intro 2026-04-01 17:00", want: intro(clock("2026-04-01", "17:00", "15:00"))},
		{row: "23 de", locale: "de-DE", text: "<@U2> intro by 3/4", want: promiseJSON("intro", day("2026-04-03", "15:00"), `"2027-03-04"`, plain)},
		{row: "23 en-US", locale: "en-US", text: "<@U2> intro by 3/4", want: promiseJSON("intro", day("2027-03-04", "16:00"), `"2026-04-03"`, `"confirm":true,"every":null,"error":""`)},
		{row: "24", text: "<@U2> intro 15 march", want: promiseJSON("intro", day("2027-03-15", "16:00"), "", `"confirm":true,"every":null,"error":""`)},
		{
			row: "25", text: "<@U2> intro by yesterday",
			want: `{"action":"error","owner":"U1","proposed":false,"counterparties":[{"user":"U2"}],"text":"intro","due":null,"alternatives":[],"confirm":false,"every":null,"error":"followup_past_date"}`,
		},
		{
			row: "25 last friday", text: "<@U2> intro last friday",
			want: `{"action":"error","owner":"U1","proposed":false,"counterparties":[{"user":"U2"}],"text":"intro","due":null,"alternatives":[],"confirm":false,"every":null,"suggestions":["2026-03-27"],"error":"followup_past_date"}`,
		},
		{
			row: "26", text: "<@U2> intro sunday 2:30am",
			want: promiseJSON("intro", clock("2026-03-29", "03:30", "01:30"), "", `"confirm":false,"every":null,"notice":"gap_time","error":""`),
		},
		{row: "27", text: "<@U2> intro by 9am", want: promiseJSON("intro", clock("2026-03-26", "09:00", "08:00"), "", plain)},
		{row: "28", text: "<@U2> intro by 5pm", want: intro(clock("2026-03-25", "17:00", "16:00"))},
		{row: "29", text: "<@U2> intro monday at 9am", want: intro(clock("2026-03-30", "09:00", "07:00"))},
		{row: "30", text: "send notes to <@U2>", want: promiseJSON("send notes to <@U2>", "null", "", plain)},
		{
			row: "31", text: "draft by thursday and final by monday",
			want: `{"action":"create","owner":"U1","proposed":false,"counterparties":[],"text":"draft by thursday and final by monday","due":` + thursday +
				`,"alternatives":["2026-03-30"],"confirm":true,"every":null,"notice":"two_dates","parts":[{"text":"draft","due":` + thursday + `},{"text":"final","due":` + monday + `}],"error":""}`,
		},
		{row: "32", text: "move the friday sync by monday", want: noOneJSON("move the friday sync", monday)},
		{row: "33", text: `<@U2> "fix 'due Friday' banner" by tuesday`, want: promiseJSON(`\"fix 'due Friday' banner\"`, day("2026-03-31", "15:00"), "", plain)},
		{row: "33 curly", text: `<@U2> “fix ‘due Friday’ banner” by tuesday`, want: promiseJSON(`“fix ‘due Friday’ banner”`, day("2026-03-31", "15:00"), "", plain)},
		{
			row: "34", text: "every 2 weeks check in with <@U2>",
			want: promiseJSON("check in with <@U2>", day("2026-04-08", "15:00"), "", `"confirm":false,"every":{"unit":"week","n":2,"anchor":"completion"},"error":""`),
		},
		{
			row: "35", text: `to "Jane Doe, Acme" send SOW by 30 apr`,
			want: `{"action":"create","owner":"U1","proposed":false,"counterparties":[{"name":"Jane Doe","org":"Acme"}],"text":"send SOW","due":` + day("2026-04-30", "15:00") + `,"alternatives":[],` + plain + `}`,
		},
		{
			row: "36", text: "to <mailto:j@acme.com|j@acme.com> send SOW fri",
			want: `{"action":"create","owner":"U1","proposed":false,"counterparties":[{"email":"j@acme.com"}],"text":"send SOW","due":` + friday + `,"alternatives":[],` + plain + `}`,
		},
		{
			row: "37", text: "<@U2> <@U3> share roadmap fri",
			want: `{"action":"create","owner":"U1","proposed":false,"counterparties":[{"user":"U2"},{"user":"U3"}],"text":"share roadmap","due":` + friday + `,"alternatives":[],` + plain + `}`,
		},
		{
			row: "38", text: "@me book dentist fri",
			want: `{"action":"create","owner":"U1","proposed":false,"counterparties":[{"user":"U1"}],"text":"book dentist","due":` + friday + `,"alternatives":[],` + plain + `}`,
		},
		{
			row: "39", text: "<!channel> send deck fri",
			want: `{"action":"error","owner":"U1","proposed":false,"counterparties":[],"text":"send deck","due":` + friday + `,"alternatives":[],"confirm":false,"every":null,"error":"followup_person"}`,
		},
		{row: "40", locale: "es-ES", text: "enviar informe a <@U2> mañana", want: promiseJSON("enviar informe a <@U2>", thursday, "", plain)},
		{
			row: "41", locale: "de-DE", text: "v1.10 notes bis 1.10.",
			want: `{"action":"create","owner":"U1","proposed":false,"counterparties":[],"text":"v1.10 notes","due":` + day("2026-10-01", "15:00") + `,"alternatives":[],"confirm":true,"every":null,"error":""}`,
		},
		{row: "42", text: "cancel Zoom plan by friday", want: noOneJSON("cancel Zoom plan", friday)},
		{row: "43", text: "", want: `{"action":"modal","owner":"U1","proposed":false,"counterparties":[],"text":"","due":null,"alternatives":[],` + plain + `}`},
		{
			row: "44", now: "2026-03-06T17:00:00-05:00", tz: "America/New_York", text: "<@U2> intro in 3 days",
			want: promiseJSON("intro", `{"date":"2026-03-09","time":"17:00","zone":"America/New_York","utc":"2026-03-09T21:00:00Z","explicit_time":false}`, "", plain),
		},
		{
			row: "a verb", text: "done #7",
			want: `{"action":"done","id":7,"owner":"U1","proposed":false,"counterparties":[],"text":"","due":null,"alternatives":[],` + plain + `}`,
		},
		{
			row: "a rule on days", text: "<@U2> the numbers every friday",
			want: promiseJSON("the numbers", friday, "", `"confirm":false,"every":{"unit":"week","n":1,"on":["friday"],"anchor":"calendar"},"error":""`),
		},
	} {
		asked := map[string]string{
			"text": test.text, "now": "2026-03-25T10:17:00+01:00", "tz": "Europe/Berlin", "locale": "en-GB", "invoker": "U1",
		}
		for name, value := range map[string]string{"now": test.now, "tz": test.tz, "locale": test.locale} {
			if value != "" {
				asked[name] = value
			}
		}
		line, err := json.Marshal(asked)
		if err != nil {
			t.Fatal(err)
		}
		arguments := []string{"followup", "--json", "--now", asked["now"], "--tz", asked["tz"], "--locale", asked["locale"], "--invoker", "U1", "--", test.text}
		for way, out := range map[string]string{
			"argument": second(parsed(t, "", arguments...)), "line": second(parsed(t, string(line), "followup")),
		} {
			if out != test.want+"\n" {
				t.Errorf("row %s, %q as %s:\n got %swant %s", test.row, test.text, way, out, test.want)
			}
		}
	}
}
