package when

import "testing"

// TestSpoken reads what people say in more than one way, each beside what is close to it and has no deadline. It is said on a
// Wednesday.
func TestSpoken(t *testing.T) {
	for _, tt := range []struct{ locale, text, want string }{
		// Lengths of time.
		{"en-GB", "x in 1/2 hour", "2026-03-25 10:47"},
		{"en-GB", "x in 0.5 hrs", "2026-03-25 10:47"},
		{"en-GB", "x in 1 hr 30 min", "2026-03-25 11:47"},
		{"en-GB", "x in 2 hours and 15 minutes", "2026-03-25 12:32"},
		{"en-GB", "x in 1h 30m", "2026-03-25 11:47"},
		{"de-DE", "x in 1 Std 30 Min", "2026-03-25 11:47"},
		{"pt-BR", "x em 1 hora e 30 minutos", "2026-03-25 11:47"},
		{"pt-BR", "x em 3 horas", "2026-03-25 13:17"},
		{"pt-BR", "x às 3 horas", "2026-03-26 03:00"},
		{"en-GB", "cut it by 1/2 hour", ""},
		{"en-GB", "x in 30 min 1 hr", ""},

		// Times and days.
		{"en-GB", "x 2026-04-10T09:00", "2026-04-10 09:00"},
		{"en-GB", "x 2026-04-10T09:00Z", ""},
		{"en-GB", "x by fri,3pm", "2026-03-27 15:00"},
		{"en-GB", "x by end of H2", "2026-12-31 confirm"},
		{"en-GB", "style the end of H2", ""},
		{"en-GB", "x by this morning", "2026-03-25 12:00"},
		{"pt-BR", "dentista sexta por favor", "2026-03-27"},
		{"pt-BR", "corrigir a sexta", ""},
		{"pt-BR", "x seg 9h", "2026-03-30 09:00"},
		{"pt-BR", "esperar 30 seg", ""},
		{"es-ES", "dentista vie", "2026-03-27"},
		{"es-ES", "c'est la vie", ""},
		{"fr-FR", "dentiste ven", "2026-03-27"},
		{"de-DE", "Zahnarzt Fr", "2026-03-27"},
		{"de-DE", "Zahnarzt fr", ""},
		{"de-DE", "Angebot an Thi Do", ""},
		{"de-DE", "Frau Do", ""},
		{"de-DE", "Notizen 1.10 bis Freitag", "2026-03-27"},

		// A day with its article is a date; after what was done it is when that was.
		{"fr-FR", "bilan le 15 mars", "2027-03-15 confirm"},
		{"es-ES", "informe el 15 de marzo", "2027-03-15 confirm"},
		{"fr-FR", "le bug signalé le 15 mars", "alt 2027-03-15 notice unsure"},
		{"es-ES", "el fallo reportado el 15 de marzo", "alt 2027-03-15 notice unsure"},
		{"de-DE", "der Vorfall am 15. März", "alt 2027-03-15 notice unsure"},

		// What is not to be done before a day has no deadline, and neither has a name.
		{"en-GB", "x not before friday", "alt 2026-03-27 notice unsure"},
		{"en-GB", "don't ship it before friday", "alt 2026-03-27 notice unsure"},
		{"en-GB", "don't forget to ship it before friday", "2026-03-27"},
		{"en-GB", "don't skip the tests, done by friday", "2026-03-27"},
		{"es-MX", "no mandar antes del viernes", "alt 2026-03-27 notice unsure"},
		{"es-MX", "no olvidar mandarlo antes del viernes", "2026-03-27"},
		{"es-ES", "un regalo para Domingo", "alt 2026-03-29 notice unsure"},
		{"es-ES", "un informe para domingo", "2026-03-29"},
		{"es-ES", "un informe para el Domingo", "2026-03-29"},
		{"en-GB", "anything but monday", ""},
		{"en-GB", "never deploy on friday", "alt 2026-03-27 notice unsure"},
		{"en-GB", "don't forget to deploy on friday", "2026-03-27"},
		{"fr-FR", "pas de réunion lundi", "alt 2026-03-30 notice unsure"},

		// Stretches of time and amounts.
		{"de-DE", "Schicht von Montag bis Freitag", "alt 2026-03-27 notice unsure"},
		{"de-DE", "Treffen 9 bis 11 Uhr", "alt 2026-03-25 11:00 notice unsure"},
		{"de-DE", "Zimmer 12 putzen bis 14 Uhr", "2026-03-25 14:00"},
		{"de-DE", "Schicht Mo bis Fr", "alt 2026-03-27 notice unsure"},
		{"de-DE", "Schichtplan bis Freitag", "2026-03-27"},
		{"pt-BR", "plantão de segunda até sexta", "alt 2026-03-27 notice unsure"},
		{"pt-BR", "mover a reunião de sexta até segunda", "2026-03-30"},
		{"en-GB", "raise it by 5 by friday", "2026-03-27"},
		{"en-GB", "x by 5 on friday", "2026-03-27 17:00"},

		// A time of another zone is offered in one's own.
		{"en-GB", "x by friday 3pm UTC", "alt 2026-03-27 16:00 notice unsure"},
		{"en-GB", "x 15:00 UTC friday", "alt 2026-03-27 16:00 notice unsure"},
		{"de-DE", "x bis Freitag 15 Uhr UTC", "alt 2026-03-27 16:00 notice unsure"},
		{"en-GB", "the 3pm UTC", ""},
	} {
		c := at(t, "Europe/Berlin", "2026-03-25 10:17", tt.locale)
		r := Trailing(tt.text, c)
		checkResult(t, tt.text, c, r)
		if got := describe(r); got != tt.want {
			t.Errorf("%s %q = %q, want %q", tt.locale, tt.text, got, tt.want)
		}
	}
	c := at(t, "Europe/Berlin", "2026-03-25 13:17", "en-GB")
	if got, want := describe(Trailing("x by this morning", c)), "error past try 2026-03-26 12:00"; got != want {
		t.Errorf("in the afternoon: %q, want %q", got, want)
	}
	if got, want := describe(Phrase("3pm UTC", c)), "2026-03-25 16:00 confirm"; got != want {
		t.Errorf("alone: %q, want %q", got, want)
	}
}
