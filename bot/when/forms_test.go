package when

import (
	"strings"
	"testing"
)

// TestForms reads the forms that take more than one word to tell apart, each with what is close to it and means something else.
func TestForms(t *testing.T) {
	for _, tt := range []struct{ locale, text, want string }{
		// Ranges: the lower number counts, the higher is offered.
		{"en-GB", "x in 2-3 days", "2026-03-27 alt 2026-03-28"},
		{"en-GB", "x in two to three weeks", "2026-04-08 alt 2026-04-15"},
		{"en-GB", "x in 2, 3 days", "2026-03-27 alt 2026-03-28"},
		{"en-GB", "x in 3-2 days", ""},
		{"en-GB", "x in a day or two", "2026-03-26 alt 2026-03-27"},
		{"en-GB", "x in 1-2 hours", "2026-03-25 11:17 alt 2026-03-25 12:17"},
		{"en-GB", "x every 2-3 weeks", ""},
		{"en-GB", "x by 3-5 april", "2026-04-03 alt 2026-04-05"},
		{"en-GB", "x by april 3-5", "2026-04-03 alt 2026-04-05"},
		{"en-GB", "x 3-5 april", ""},
		{"en-GB", "x by 29-31 june", "error impossible try 2026-06-30"},
		{"de-DE", "x bis 3.-5. April", "2026-04-03 alt 2026-04-05"},
		{"de-DE", "x in zwei, drei Tagen", "2026-03-27 alt 2026-03-28"},

		// One and two weeks, as people say them.
		{"fr-FR", "x dans quinze jours", "2026-04-08 alt 2026-04-09"},
		{"fr-FR", "x dans huit jours", "2026-04-01 alt 2026-04-02"},
		{"fr-FR", "x sous 8 jours", "2026-04-02"},
		{"es-ES", "x en 15 días", "2026-04-08 alt 2026-04-09"},
		{"pt-BR", "x daqui a quinze dias", "2026-04-08 alt 2026-04-09"},
		{"de-DE", "x in acht Tagen", "2026-04-01 alt 2026-04-02"},
		{"de-DE", "x in 8 Tagen", "2026-04-02"},
		{"en-GB", "x two weeks today", "2026-04-08"},
		{"en-GB", "x tomorrow week", "2026-04-02"},
		{"en-GB", "x slipped two weeks on friday", "alt 2026-04-10 notice unsure"},

		// Weeks by their number, and quarters.
		{"de-DE", "x bis KW14", "2026-04-03"},
		{"de-DE", "x Anfang KW 15", "2026-04-06"},
		{"de-DE", "x Mitte KW 15", "2026-04-08"},
		{"de-DE", "x Dienstag KW 15", "2026-04-07"},
		{"de-DE", "x bis KW 12", "2027-03-26 confirm"},
		{"de-DE", "x bis KW 54", "error impossible"},
		{"de-DE", "x bis Mitte nächster Woche", "2026-04-01"},
		{"en-GB", "x by q2", "alt 2026-04-01 alt 2026-06-30 notice unsure"},
		{"en-GB", "x by q3", "alt 2026-07-01 alt 2026-09-30 notice unsure"},
		{"en-GB", "x q3", ""},
		{"en-GB", "x by the end of the second quarter", "2026-06-30"},
		{"en-GB", "x by the 5th of next month", "2026-04-05"},
		{"en-GB", "x by the 31st of next month", "error impossible try 2026-04-30"},

		// Times of day.
		{"en-GB", "send x by 5", "2026-03-25 17:00"},
		{"en-GB", "send x by five", "2026-03-25 17:00"},
		{"en-GB", "cut x by 5", ""},
		{"en-GB", "x by 5", "alt 2026-03-25 17:00 notice unsure"},
		{"en-GB", "send x 2 by 4", ""},
		{"en-GB", "follow up with x by 5", "2026-03-25 17:00"},
		{"en-GB", "get x up by 5", "alt 2026-03-25 17:00 notice unsure"},
		{"en-GB", "follow up with x by 4/5", "2026-05-04 alt 2026-04-05"},
		{"en-GB", "send x by 9", ""}, // this evening, or tomorrow morning
		{"en-GB", "x tomorrow at 9.30", "2026-03-26 09:30"},
		{"en-GB", "x at 9.30", ""},
		{"en-GB", "x around 5ish", "2026-03-25 17:00"},
		{"en-GB", "x 5ish", "alt 2026-03-25 17:00 notice unsure"},
		{"en-GB", "x tomorrow around 5ish", "2026-03-26 17:00"},
		{"en-GB", "x by quarter to five", "2026-03-25 16:45"},
		{"en-GB", "x at quarter past 2", "2026-03-25 14:15"},
		{"en-GB", "x by half 3", "alt 2026-03-25 15:30 alt 2026-03-25 14:30 notice unsure"},
		{"de-DE", "x um halb eins", "2026-03-25 12:30"},
		{"de-DE", "x um viertel vor eins", "2026-03-25 12:45"},
		{"de-DE", "x morgen um fünf", "2026-03-26 17:00"},
		{"de-DE", "Platz 3 am Freitag", "2026-03-27"},
		{"pt-BR", "x em duas horas", "2026-03-25 12:17"},
		{"en-GB", "x by nine am tomorrow", "2026-03-26 09:00"},
		{"en-GB", "x friday pm", "2026-03-27"},
		{"en-GB", "ask the friday pm", ""},
		{"en-GB", "x by 3pm CET", "2026-03-25 15:00"},
		{"en-GB", "x by 3pm CEST", "2026-03-25 15:00"},
		{"en-GB", "x by 3pm EST", "alt 2026-03-25 20:00 alt 2026-03-25 21:00 notice unsure"},
		{"en-GB", "x in 1h30", "2026-03-25 11:47"},
		{"en-GB", "x in an hour and a half", "2026-03-25 11:47"},
		{"en-GB", "x within the hour", "2026-03-25 11:17"},

		// A day and what stands beside it.
		{"en-GB", "x friday before noon", "2026-03-27 12:00"},
		{"es-ES", "x el viernes antes de las 12", "2026-03-27 12:00"},
		{"en-GB", "x tomorrow (thursday)", "2026-03-26"},
		{"en-GB", "x tomorrow (friday)", "error mismatch try 2026-03-26 try 2026-03-27"},
		{"en-GB", "x this coming wednesday", "2026-04-01"},
		{"de-DE", "x am kommenden Mittwoch", "2026-04-01"},
		{"fr-FR", "x le premier lundi d’avril", "2026-04-06"},
		{"fr-FR", "x pour la fin d'août", "2026-08-31"},
		{"fr-FR", "les chiffres d'avril", ""},
		{"es-ES", "estimar 17 horas", ""},
		{"de-DE", "x bis Di, 31.3., 15 Uhr", "2026-03-31 15:00"},
		{"en-GB", "x at one tomorrow", "alt 2026-03-26 notice unsure"},
		{"en-GB", "x by 8-apr-2026", "2026-04-08"},
		{"en-GB", "x by 31-apr-2026", "error impossible try 2026-04-30"},
		{"de-DE", "x Do oder Fr", "2026-03-26 alt 2026-03-27"},
		{"es-ES", "x el jueves o el viernes", "2026-03-26 alt 2026-03-27"},

		// Dates of something else.
		{"en-GB", "x before the demo on friday", "alt 2026-03-27 notice unsure"},
		{"en-GB", "the incident on march 3", "alt 2027-03-03 notice unsure"},
		{"en-GB", "x on october 3", "2026-10-03 confirm"},
		{"en-GB", "thanks, by friday", "alt 2026-03-27 notice unsure"},
		{"en-GB", "thanks for yesterday", ""},
		{"pt-BR", "entregar na rua 25 de Março", ""},
		{"fr-FR", "je l'envoie vendredi", "2026-03-27"},
		{"fr-FR", "je l'ai vu vendredi", "alt 2026-03-27 notice unsure"},
	} {
		c := at(t, "Europe/Berlin", "2026-03-25 10:17", tt.locale)
		r := Trailing(tt.text, c)
		checkResult(t, tt.text, c, r)
		if got := describe(r); got != tt.want {
			t.Errorf("%s %q = %q, want %q", tt.locale, tt.text, got, tt.want)
		}
	}
}

// TestOwnZone takes the letters of the person's own zone, in summer those of winter too, and no others.
func TestOwnZone(t *testing.T) {
	for _, tt := range []struct{ zone, text, want string }{
		{"America/New_York", "x by 3pm ET", "2026-03-25 15:00"},
		{"America/New_York", "x by 3pm EST", "2026-03-25 15:00"},
		{"America/New_York", "x by 3pm PT", "alt 2026-03-25 18:00 alt 2026-03-25 19:00 notice unsure"},
		{"Europe/London", "x by 3pm GMT", "2026-03-25 15:00"},
		{"Europe/London", "x by 3pm GT", ""},
		{"Asia/Kolkata", "x tomorrow 3pm IST", "2026-03-26 15:00"},
		{"Asia/Kathmandu", "x by 3pm my time", "2026-03-25 15:00"},
	} {
		c := at(t, tt.zone, "2026-03-25 10:17", "en-GB")
		if got := describe(Trailing(tt.text, c)); got != tt.want {
			t.Errorf("%s %q = %q, want %q", tt.zone, tt.text, got, tt.want)
		}
	}
}

// TestLaterPieces gives a piece that names today's weekday after a later date the next one; what says today means it.
func TestLaterPieces(t *testing.T) {
	for text, want := range map[string]string{
		"draft by thursday and final by monday":                   "draft 2026-03-26, final 2026-03-30",
		"slides by wednesday and final by tuesday":                "slides 2026-03-25, final 2026-03-31",
		"report by friday and slides by wednesday":                "report 2026-03-27, slides 2026-03-25",
		"draft by monday and final by thursday":                   "draft 2026-03-23, final 2026-03-26",
		"final by friday and draft today":                         "final 2026-03-27, draft 2026-03-23",
		"draft by thursday, review by friday and final by monday": "draft 2026-03-26, review 2026-03-27, final 2026-03-30",
	} {
		c := at(t, "Europe/Berlin", "2026-03-23 10:17", "en-GB")
		r := Trailing(text, c)
		checkResult(t, text, c, r)
		var pieces []string
		for _, p := range r.Parts {
			pieces = append(pieces, p.Text+" "+p.Due.Date.String())
		}
		if got := strings.Join(pieces, ", "); got != want {
			t.Errorf("%q = %q, want %q", text, got, want)
		}
	}
}
