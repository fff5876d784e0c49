package when

import (
	"strconv"
	"strings"
	"testing"
	"time"
)

// berlin is the moment of most tests: four days before the clocks go forward.
func berlin(t *testing.T) Context {
	t.Helper()
	return at(t, "Europe/Berlin", "2026-03-25 10:17", "en-GB")
}

func at(t *testing.T, zone, now, locale string) Context {
	t.Helper()
	loc, err := time.LoadLocation(zone)
	if err != nil {
		t.Fatal(err)
	}
	instant, err := time.ParseInLocation("2006-01-02 15:04", now, loc)
	if err != nil {
		t.Fatal(err)
	}
	return Context{Now: instant, Zone: loc, Locale: locale}
}

// describe writes a result in one line: "03-27 17:00 alt 2026-04-03 17:00 confirm notice error(past: …) | rest".
func describe(r Result) string {
	var words []string
	if r.Due != nil {
		words = append(words, describeDue(*r.Due))
	}
	for _, d := range r.Alternatives {
		words = append(words, "alt", describeDue(d))
	}
	if r.Confirm {
		words = append(words, "confirm")
	}
	if r.Every != nil {
		words = append(words, "every "+describeEvery(*r.Every))
	}
	if r.Notice != "" {
		words = append(words, "notice "+string(r.Notice))
	}
	if r.Err != nil {
		words = append(words, "error "+string(r.Err.Code))
		for _, d := range r.Err.Suggestions {
			words = append(words, "try", describeDue(d))
		}
	}
	return strings.Join(words, " ")
}

func describeDue(d Due) string {
	s := d.Date.String()
	if d.ExplicitTime {
		s += " " + d.Time.String()
	}
	return s
}

func describeEvery(e Every) string {
	var on []string
	for _, o := range e.On {
		on = append(on, o.String())
	}
	return strings.TrimSpace(strconv.Itoa(e.N) + " " + string(e.Unit) + " " + string(e.Anchor) + " " + strings.Join(on, ","))
}

func TestTrailing(t *testing.T) {
	friday := at(t, "Europe/Berlin", "2026-03-27 10:00", "en-GB")
	evening := at(t, "Europe/Berlin", "2026-03-25 18:30", "en-GB")
	german := at(t, "Europe/Berlin", "2026-03-25 10:17", "de-DE")
	american := at(t, "Europe/Berlin", "2026-03-25 10:17", "en-US")
	spanish := at(t, "Europe/Berlin", "2026-03-25 10:17", "es-ES")
	newYork := at(t, "America/New_York", "2026-03-06 17:00", "en-US")
	tests := []struct {
		row  string
		c    Context
		text string
		want string
		rest string
	}{
		{"01", berlin(t), "send Q2 deck by friday", "2026-03-27", "send Q2 deck"},
		{"03", berlin(t), "review contract by tomorrow", "2026-03-26", "review contract"},
		{"04", berlin(t), "security answers by monday", "2026-03-30", "security answers"},
		{"05", berlin(t), "call Sun about second quarter", "", "call Sun about second quarter"},
		{"06", berlin(t), "review 2 PRs for <@U2>", "", "review 2 PRs for <@U2>"},
		{"07", berlin(t), "send may the deck", "", "send may the deck"},
		{"08", berlin(t), "intro next friday", "2026-03-27 alt 2026-04-03", "intro"},
		{"09", berlin(t), "intro this friday", "2026-03-27", "intro"},
		{"10", friday, "intro friday", "2026-03-27 alt 2026-04-03", "intro"},
		{"11", berlin(t), "intro in 2 weeks", "2026-04-08", "intro"},
		{"12", berlin(t), "intro in 5 days", "2026-03-30", "intro"},
		{"13", berlin(t), "intro in 3 business days", "2026-03-30", "intro"},
		{"14", berlin(t), "intro in 3 hours", "2026-03-25 13:17", "intro"},
		{"15", berlin(t), "intro eod", "2026-03-25", "intro"},
		{"16", evening, "intro eod", "2026-03-26 notice next_work_day", "intro"},
		{"17", berlin(t), "intro eow", "2026-03-27", "intro"},
		{"18", berlin(t), "intro by end of month", "2026-03-31", "intro"},
		{"19a", berlin(t), "send intro next week", "2026-04-03", "send intro"},
		{"19b", berlin(t), "intro end of next week", "2026-04-03", "intro"},
		{"20a", berlin(t), "intro by 31 feb", "error impossible try 2027-02-28", "intro"},
		{"20b", berlin(t), "intro 2026-02-31", "error impossible try 2027-02-28", "intro"},
		{"21", berlin(t), "intro 29 feb", "2028-02-29 confirm", "intro"},
		{"22", berlin(t), "intro 2026-04-01 17:00", "2026-04-01 17:00", "intro"},
		{"23de", german, "intro by 3/4", "2026-04-03 alt 2027-03-04", "intro"},
		{"23us", american, "intro by 3/4", "2027-03-04 alt 2026-04-03 confirm", "intro"},
		{"24", berlin(t), "intro 15 march", "2027-03-15 confirm", "intro"},
		{"25a", berlin(t), "intro by yesterday", "error past", "intro"},
		{"25b", berlin(t), "intro last friday", "error past try 2026-03-27", "intro"},
		{"26", berlin(t), "intro sunday 2:30am", "2026-03-29 03:30 notice gap_time", "intro"},
		{"27", berlin(t), "intro by 9am", "2026-03-26 09:00", "intro"},
		{"28", berlin(t), "intro by 5pm", "2026-03-25 17:00", "intro"},
		{"29", berlin(t), "intro monday at 9am", "2026-03-30 09:00", "intro"},
		{"30", berlin(t), "send notes to <@U2>", "", "send notes to <@U2>"},
		{"31", berlin(t), "draft by thursday and final by monday", "2026-03-26 alt 2026-03-30 confirm notice two_dates", "draft by thursday and final by monday"},
		{"32", berlin(t), "move the friday sync by monday", "2026-03-30", "move the friday sync"},
		{"33a", berlin(t), `"fix 'due Friday' banner" by tuesday`, "2026-03-31", `"fix 'due Friday' banner"`},
		{"33b", berlin(t), "“fix ‘due Friday’ banner” by tuesday", "2026-03-31", "“fix ‘due Friday’ banner”"},
		{"34", berlin(t), "every 2 weeks check in with <@U2>", "2026-04-08 every 2 week completion", "check in with <@U2>"},
		{"35", berlin(t), "send SOW by 30 apr", "2026-04-30", "send SOW"},
		{"36", berlin(t), "send SOW fri", "2026-03-27", "send SOW"},
		{"40", spanish, "enviar informe a <@U2> mañana", "2026-03-26", "enviar informe a <@U2>"},
		{"41", german, "v1.10 notes bis 1.10.", "2026-10-01 confirm", "v1.10 notes"},
		{"42", berlin(t), "cancel Zoom plan by friday", "2026-03-27", "cancel Zoom plan"},
		{"44", newYork, "intro in 3 days", "2026-03-09", "intro"},
	}
	for _, tt := range tests {
		t.Run("row"+tt.row, func(t *testing.T) {
			r := Trailing(tt.text, tt.c)
			if got := describe(r); got != tt.want {
				t.Errorf("Trailing(%q) = %q, want %q", tt.text, got, tt.want)
			}
			if r.Rest != tt.rest {
				t.Errorf("Trailing(%q) leaves %q, want %q", tt.text, r.Rest, tt.rest)
			}
		})
	}
}
