package when

import (
	"slices"
	"testing"
	"time"
)

func TestWorkingDays(t *testing.T) {
	sundayToThursday := [7]bool{true, true, true, true, true}
	partTime := [7]bool{false, true, true, false, true}
	goodFriday := func(d Date) bool { return d == Date{2026, time.April, 3} }
	tests := []struct {
		name, now, text string
		change          func(*Context)
		want            string
	}{
		{"week is over on friday evening", "2026-03-27 18:30", "x eow", nil, "2026-04-03 notice next_work_day"},
		{"week is over on saturday", "2026-03-28 10:00", "x eow", nil, "2026-04-03 notice next_work_day"},
		{"end of a free day", "2026-03-28 10:00", "x eod", nil, "2026-03-28 alt 2026-03-30"},
		{"end of a day before the weekend", "2026-03-27 18:30", "x eod", nil, "2026-03-30 notice next_work_day"},
		{"holiday ends the week early", "2026-03-30 10:00", "x eow", func(c *Context) { c.Holiday = goodFriday }, "2026-04-02"},
		{"holiday is no business day", "2026-04-01 10:00", "x in 2 business days", func(c *Context) { c.Holiday = goodFriday }, "2026-04-06"},
		{"week from sunday to thursday", "2026-03-25 10:17", "x eow", func(c *Context) { c.WorkDays = sundayToThursday }, "2026-03-26"},
		{"next sunday there is next week", "2026-03-25 10:17", "x next sunday", func(c *Context) { c.WorkDays = sundayToThursday }, "2026-03-29"},
		{"part time", "2026-03-24 18:30", "x eod", func(c *Context) { c.WorkDays = partTime }, "2026-03-26 notice next_work_day"},
		{"own end of day", "2026-03-25 15:00", "x eod", func(c *Context) { c.DayEnds[time.Wednesday] = Clock{14, 0} }, "2026-03-26 notice next_work_day"},
		{"today after work", "2026-03-25 18:30", "x today", nil, "2026-03-25 23:59 alt 2026-03-26 notice after_hours"},
		{"end of month after work", "2026-03-31 18:30", "x eom", nil, "2026-03-31 23:59 alt 2026-04-01 notice after_hours"},
		{"weekday said that evening", "2026-03-27 18:30", "x friday", nil, "2026-04-03"},
		{"weekday with a time that is over", "2026-03-27 10:00", "x friday 9am", nil, "2026-04-03 09:00"},
		{"today with a time that is over", "2026-03-25 10:17", "x today at 9am", nil, "error past try 2026-03-26 09:00"},
		{"time that is over before the weekend", "2026-03-27 10:17", "x by 9am", nil, "2026-03-28 09:00 alt 2026-03-30 09:00"},
		{"next thursday on wednesday", "2026-03-25 10:17", "x next thursday", nil, "2026-03-26 alt 2026-04-02"},
		{"next monday on wednesday", "2026-03-25 10:17", "x next monday", nil, "2026-03-30"},
		{"next wednesday on wednesday", "2026-03-25 10:17", "x next wednesday", nil, "2026-04-01"},
		{"short months", "2026-01-31 10:00", "x in a month", nil, "2026-02-28"},
		{"the 31st skips short months", "2026-04-10 10:00", "x by the 31st", nil, "2026-05-31"},
		{"a year that is over", "2026-03-25 10:17", "x by 15 march 2026", nil, "error past"},
		{"weekday decides the order", "2026-03-25 10:17", "x by saturday 4/4", nil, "2026-04-04"},
		{"weekday and date exclude each other", "2026-03-25 10:17", "x by monday 27 march", nil, "error mismatch try 2026-03-27 try 2026-03-30"},
		{"no such day in any order", "2026-03-25 10:17", "x by 31/4", nil, "error impossible try 2026-04-30"},
		{"no such month", "2026-03-25 10:17", "x by 2026-13-01", nil, "error impossible"},
		{"too far", "2026-03-25 10:17", "x in 20 years", nil, "error too_far"},
		{"early next week", "2026-03-25 10:17", "x early next week", nil, "2026-03-30"},
		{"late friday", "2026-03-25 10:17", "x late friday", nil, "alt 2026-03-27 notice unsure"},
		{"half a year ahead", "2026-03-25 10:17", "x by 21 sep", nil, "2026-09-21"},
		{"one day more", "2026-03-25 10:17", "x by 22 sep", nil, "2026-09-22 confirm"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := at(t, "Europe/Berlin", tt.now, "en-GB")
			if tt.change != nil {
				tt.change(&c)
			}
			if got := describe(Trailing(tt.text, c)); got != tt.want {
				t.Errorf("Trailing(%q) = %q, want %q", tt.text, got, tt.want)
			}
		})
	}
}

func TestClockChanges(t *testing.T) {
	tests := []struct{ name, zone, now, text, want, utc string }{
		{"hours across the gap", "Europe/Berlin", "2026-03-29T00:30:00Z", "x in 2 hours", "2026-03-29 04:30", "2026-03-29T02:30Z"},
		{"days across the gap", "Europe/Berlin", "2026-03-28T10:00:00Z", "x in 2 days", "2026-03-30", "2026-03-30T15:00Z"},
		{"hours into the second pass", "Europe/Berlin", "2026-10-25T00:30:00Z", "x in 1 hour", "2026-10-25 03:00 notice repeated_time", "2026-10-25T02:00Z"},
		{"minutes within the second pass", "Europe/Berlin", "2026-10-25T01:10:00Z", "x in 5 minutes", "2026-10-25 03:00 notice repeated_time", "2026-10-25T02:00Z"},
		{"gap in new york", "America/New_York", "2026-03-06T22:00:00Z", "x sunday 2:30am", "2026-03-08 03:30 notice gap_time", "2026-03-08T07:30Z"},
		{"gap of half an hour", "Australia/Lord_Howe", "2026-10-02T01:00:00Z", "x sunday 2:15am", "2026-10-04 02:45 notice gap_time", "2026-10-03T15:45Z"},
		{"gap at midnight", "America/Santiago", "2026-09-04T15:00:00Z", "x sunday 12:30am", "2026-09-06 01:30 notice gap_time", "2026-09-06T04:30Z"},
		{"a day that is skipped", "Pacific/Apia", "2011-12-28T20:00:00Z", "x friday 9am", "2011-12-31 09:00", "2011-12-30T19:00Z"},
		{"three days over the change", "America/New_York", "2026-03-06T22:00:00Z", "x in 3 days", "2026-03-09", "2026-03-09T21:00Z"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			zone, err := time.LoadLocation(tt.zone)
			if err != nil {
				t.Fatal(err)
			}
			now, err := time.Parse(time.RFC3339, tt.now)
			if err != nil {
				t.Fatal(err)
			}
			r := Trailing(tt.text, Context{Now: now, Zone: zone, Locale: "en-GB"})
			if got := describe(r); got != tt.want {
				t.Errorf("Trailing(%q) = %q, want %q", tt.text, got, tt.want)
			}
			if r.Due != nil && r.Due.UTC().Format("2006-01-02T15:04Z") != tt.utc {
				t.Errorf("Trailing(%q) is due at %s, want %s", tt.text, r.Due.UTC(), tt.utc)
			}
		})
	}
}

func TestPhrase(t *testing.T) {
	for text, want := range map[string]string{
		"next friday":     "2026-03-27 alt 2026-04-03",
		"to friday":       "2026-03-27",
		"until 9am":       "2026-03-26 09:00",
		"for 2 weeks":     "2026-04-08",
		"2h":              "2026-03-25 12:17",
		"sun":             "2026-03-29",
		"3/4":             "2026-04-03 alt 2027-03-04",
		"june":            "2026-06-01 alt 2026-06-30 confirm",
		"the 15th":        "2026-04-15",
		"17:00":           "2026-03-25 17:00",
		"friday or later": "error not_a_date",
		"":                "error not_a_date",
		"to the moon":     "error not_a_date",
		"\"friday\"":      "error not_a_date",
		"yesterday":       "error past",
		"friday.":         "2026-03-27",
	} {
		if got := describe(Phrase(text, berlin(t))); got != want {
			t.Errorf("Phrase(%q) = %q, want %q", text, got, want)
		}
	}
}

// TestRest checks that what is left is what was typed, and that nothing dangles.
func TestRest(t *testing.T) {
	for text, want := range map[string]string{
		"send  the   deck by friday":            "send  the   deck",
		"send deck, by friday":                  "send deck",
		"send deck (by friday)":                 "send deck",
		"send deck (final by friday)":           "send deck (final)",
		"*send deck by friday*":                 "*send deck*",
		"send deck – friday!":                   "send deck",
		"send deck by friday please":            "send deck please",
		"send deck by thursday at the latest":   "send deck",
		"send deck by 9 on friday":              "send deck",
		"send deck by friday :pray: 🙏":          "send deck :pray: 🙏",
		"Send the deck. By friday.":             "Send the deck.",
		"line one\nline two by friday":          "line one\nline two",
		"every friday, send the deck":           "send the deck",
		"every 2 weeks send deck by friday":     "send deck",
		"by friday send the deck":               "by friday send the deck",
		"send deck by friday, not monday":       "send deck by friday, not monday",
		"  send deck  ":                         "send deck",
		"Envoyer à Zoë by friday":               "Envoyer à Zoë",
		"thursday-ish":                          "thursday-ish",
		"ship p-friday":                         "ship p-friday",
		"send deck by friday or monday":         "send deck",
		"draft by thu, final by mon, by monday": "draft by thu, final by mon, by monday",
	} {
		if got := Trailing(text, berlin(t)).Rest; got != want {
			t.Errorf("Trailing(%q) leaves %q, want %q", text, got, want)
		}
	}
}

func TestSeveralDates(t *testing.T) {
	for _, tt := range []struct {
		locale, text, want string
		pieces             []string
	}{
		{"en-GB", "draft by thursday and final by monday", "2026-03-26 alt 2026-03-30 confirm notice two_dates", []string{"draft 2026-03-26", "final 2026-03-30"}},
		{"en-GB", "final by monday, draft by thursday", "2026-03-26 alt 2026-03-30 confirm notice two_dates", []string{"final 2026-03-30", "draft 2026-03-26"}},
		{"en-GB", "draft by thu, review by fri and final by 5pm monday", "2026-03-26 alt 2026-03-27 alt 2026-03-30 17:00 confirm notice two_dates", []string{"draft 2026-03-26", "review 2026-03-27", "final 2026-03-30 17:00"}},
		{"en-GB", "prep on monday and demo on tuesday", "2026-03-30 alt 2026-03-31 confirm notice two_dates", []string{"prep 2026-03-30", "demo 2026-03-31"}},
		{"en-GB", "slides to <@U2> by thu; call <@U3> by fri!", "2026-03-26 alt 2026-03-27 confirm notice two_dates", []string{"slides to <@U2> 2026-03-26", "call <@U3> 2026-03-27"}},
		{"en-GB", "draft by friday and final by friday", "2026-03-27 confirm notice two_dates", []string{"draft 2026-03-27", "final 2026-03-27"}},
		{"de-DE", "Entwurf bis Donnerstag und Endfassung bis 30.3.", "2026-03-26 alt 2026-03-30 confirm notice two_dates", []string{"Entwurf 2026-03-26", "Endfassung 2026-03-30"}},
		{"fr-FR", "brouillon avant jeudi puis version finale avant lundi", "2026-03-26 alt 2026-03-30 confirm notice two_dates", []string{"brouillon 2026-03-26", "version finale 2026-03-30"}},
		{"es-ES", "borrador antes del jueves y versión final antes del lunes", "2026-03-26 alt 2026-03-30 confirm notice two_dates", []string{"borrador 2026-03-26", "versión final 2026-03-30"}},
		{"pt-BR", "rascunho até quinta e versão final até segunda", "2026-03-26 alt 2026-03-30 confirm notice two_dates", []string{"rascunho 2026-03-26", "versão final 2026-03-30"}},
		// One deadline each.
		{"en-GB", "move the friday sync by monday", "2026-03-30", nil},
		{"en-GB", "read the notes from monday, share them friday", "2026-03-27", nil},
		{"en-GB", "the launch is monday, send invites by friday", "2026-03-27", nil},
		{"en-GB", "send the deck by friday or monday", "2026-03-27 alt 2026-03-30", nil},
		{"en-GB", "send the deck and the notes by friday", "2026-03-27", nil},
	} {
		t.Run(tt.text, func(t *testing.T) {
			r := Trailing(tt.text, at(t, "Europe/Berlin", "2026-03-25 10:17", tt.locale))
			var pieces []string
			for _, p := range r.Parts {
				pieces = append(pieces, p.Text+" "+describeDue(p.Due))
			}
			if got := describe(r); got != tt.want || !slices.Equal(pieces, tt.pieces) {
				t.Errorf("Trailing(%q) = %q in pieces %q, want %q in %q", tt.text, got, pieces, tt.want, tt.pieces)
			}
		})
	}
}

func TestOffers(t *testing.T) {
	for now, want := range map[string]string{
		"2026-03-25 10:17": "2026-03-25 2026-03-27",
		"2026-03-25 18:00": "2026-03-26 2026-03-27",
		"2026-03-27 10:00": "2026-03-27 2026-04-03",
		"2026-03-27 18:00": "2026-03-30 2026-04-03",
		"2026-03-28 10:00": "2026-03-30 2026-04-03",
	} {
		offers := Offers(at(t, "Europe/Berlin", now, "en-GB"))
		if got := describeDue(offers[0]) + " " + describeDue(offers[1]); got != want {
			t.Errorf("Offers at %s = %s, want %s", now, got, want)
		}
	}
}

func TestNumberOrder(t *testing.T) {
	for locale, monthIsFirst := range map[string]bool{
		"en-US": true, "en": true, "": true, "en-PH": true, "ja-JP": true, "en_US": true,
		"en-GB": false, "en-AU": false, "de-DE": false, "fr-CA": false, "es-419": false, "pt-BR": false, "es-US": false,
	} {
		if got := monthFirst(locale); got != monthIsFirst {
			t.Errorf("monthFirst(%q) = %v", locale, got)
		}
	}
}
