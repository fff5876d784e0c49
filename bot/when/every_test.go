package when

import (
	"encoding/json"
	"testing"
	"time"
)

func TestRules(t *testing.T) {
	tests := []struct{ locale, text, want, rest string }{
		{"en-US", "every friday send report", "2026-03-27 every 1 week calendar friday", "send report"},
		{"en-US", "send report every friday at 9am", "2026-03-27 09:00 every 1 week calendar friday", "send report"},
		{"en-US", "every wednesday at 10 standup notes", "2026-04-01 10:00 every 1 week calendar wednesday", "standup notes"},
		{"en-US", "notes every monday, wednesday and friday", "2026-03-25 every 1 week calendar monday,wednesday,friday", "notes"},
		{"en-US", "notes every other friday", "2026-03-27 every 2 week calendar friday", "notes"},
		{"en-US", "notes every weekday", "2026-03-25 every 1 week calendar monday,tuesday,wednesday,thursday,friday", "notes"},
		{"en-US", "metrics every first monday", "2026-04-06 every 1 month calendar first monday", "metrics"},
		{"en-US", "metrics every second monday of the month", "2026-04-13 every 1 month calendar second monday", "metrics"},
		{"en-US", "invoice every last friday of the month", "2026-03-27 every 1 month calendar last friday", "invoice"},
		{"en-US", "rent every 1st", "2026-04-01 every 1 month calendar 1", "rent"},
		{"en-US", "rent every month", "2026-04-25 every 1 month completion", "rent"},
		{"en-US", "check in every 6 weeks", "2026-05-06 every 6 week completion", "check in"},
		{"en-US", "check in every 3 business days", "2026-03-30 every 3 workday completion", "check in"},
		{"en-US", "report by monday every 2 weeks", "2026-03-30 every 2 week completion", "report"},
		{"en-US", "drink water every 2 hours", "", "drink water every 2 hours"},
		{"en-US", "fix the job that runs every friday", "notice unsure", "fix the job that runs every friday"},
		{"en-US", "ask every team", "", "ask every team"},
		{"de-DE", "jeden Montag Bericht", "2026-03-30 every 1 week calendar monday", "Bericht"},
		{"de-DE", "Bericht alle 2 Wochen", "2026-04-08 every 2 week completion", "Bericht"},
		{"de-DE", "Bericht jeden ersten Montag im Monat", "2026-04-06 every 1 month calendar first monday", "Bericht"},
		{"de-DE", "Bericht jeden Montag um 9 Uhr", "2026-03-30 09:00 every 1 week calendar monday", "Bericht"},
		{"fr-FR", "rapport tous les lundis", "2026-03-30 every 1 week calendar monday", "rapport"},
		{"fr-FR", "rapport toutes les deux semaines", "2026-04-08 every 2 week completion", "rapport"},
		{"es-ES", "informe cada dos semanas", "2026-04-08 every 2 week completion", "informe"},
		{"es-ES", "todos los viernes informe", "2026-03-27 every 1 week calendar friday", "informe"},
		{"pt-BR", "relatório toda sexta-feira", "2026-03-27 every 1 week calendar friday", "relatório"},
		{"de-DE", "alle zwei Wochen Bericht", "2026-04-08 every 2 week completion", "Bericht"},
		{"de-DE", "Bericht jeden zweiten Freitag", "2026-03-27 every 2 week calendar friday", "Bericht"},
		{"de-DE", "Bericht jeden 15. des Monats", "2026-04-15 every 1 month calendar 15", "Bericht"},
		{"de-DE", "Bericht jeden Werktag um 9 Uhr", "2026-03-26 09:00 every 1 week calendar monday,tuesday,wednesday,thursday,friday", "Bericht"},
		{"de-DE", "report every 2 weeks", "2026-04-08 every 2 week completion", "report"},
		{"fr-FR", "chaque lundi rapport", "2026-03-30 every 1 week calendar monday", "rapport"},
		{"fr-FR", "rapport un vendredi sur deux", "2026-03-27 every 2 week calendar friday", "rapport"},
		{"fr-FR", "rapport le premier lundi de chaque mois", "2026-04-06 every 1 month calendar first monday", "rapport"},
		{"fr-FR", "chaque premier lundi rapport", "2026-04-06 every 1 month calendar first monday", "rapport"},
		{"fr-FR", "rapport tous les premiers lundis", "2026-04-06 every 1 month calendar first monday", "rapport"},
		{"es-ES", "informe cada primer lunes", "2026-04-06 every 1 month calendar first monday", "informe"},
		{"es-ES", "todos los primeros sábados del mes informe", "2026-04-04 every 1 month calendar first saturday", "informe"},
		{"pt-BR", "relatório toda primeira segunda", "2026-04-06 every 1 month calendar first monday", "relatório"},
		{"pt-BR", "relatório todas as últimas sextas-feiras do mês", "2026-03-27 every 1 month calendar last friday", "relatório"},
		{"fr-FR", "rapport tous les mois", "2026-04-25 every 1 month completion", "rapport"},
		{"fr-FR", "rapport le 15 de chaque mois", "2026-04-15 every 1 month calendar 15", "rapport"},
		{"es-ES", "todos los lunes informe", "2026-03-30 every 1 week calendar monday", "informe"},
		{"es-ES", "informe cada lunes y jueves a las 9", "2026-03-26 09:00 every 1 week calendar monday,thursday", "informe"},
		{"es-ES", "informe el primer lunes de cada mes", "2026-04-06 every 1 month calendar first monday", "informe"},
		{"es-ES", "informe todos los meses", "2026-04-25 every 1 month completion", "informe"},
		{"pt-BR", "a cada duas semanas relatório", "2026-04-08 every 2 week completion", "relatório"},
		{"pt-BR", "toda segunda relatório", "2026-03-30 every 1 week calendar monday", "relatório"},
		{"pt-BR", "relatório todas as segundas-feiras", "2026-03-30 every 1 week calendar monday", "relatório"},
		{"pt-BR", "relatório de 15 em 15 dias", "2026-04-09 every 15 day completion", "relatório"},
		{"pt-BR", "relatório toda primeira segunda do mês", "2026-04-06 every 1 month calendar first monday", "relatório"},
		{"pt-BR", "relatório a cada 2 semanas", "2026-04-08 every 2 week completion", "relatório"},
	}
	for _, tt := range tests {
		t.Run(tt.text, func(t *testing.T) {
			r := Trailing(tt.text, at(t, "Europe/Berlin", "2026-03-25 10:17", tt.locale))
			if got := describe(r); got != tt.want || r.Rest != tt.rest {
				t.Errorf("Trailing(%q) = %q leaving %q, want %q leaving %q", tt.text, got, r.Rest, tt.want, tt.rest)
			}
		})
	}
}

func TestNextDue(t *testing.T) {
	day := func(s string) *Due {
		d, err := ParseDate(s)
		if err != nil {
			t.Fatal(err)
		}
		return &Due{Date: d, Time: Clock{17, 0}, Zone: "Europe/Berlin"}
	}
	timed := day("2026-03-27")
	timed.Time, timed.ExplicitTime = Clock{9, 0}, true
	fridays := onWeekdays([]time.Weekday{time.Friday})
	everyOther := fridays
	everyOther.N = 2
	tests := []struct {
		name  string
		every Every
		now   string
		last  *Due
		want  string
	}{
		{"first", fridays, "2026-03-25 10:00", nil, "2026-03-27"},
		{"first, said that day", fridays, "2026-03-27 10:00", nil, "2026-03-27"},
		{"first, said that evening", fridays, "2026-03-27 19:00", nil, "2026-04-03"},
		{"done early", fridays, "2026-03-25 10:00", day("2026-03-27"), "2026-04-03"},
		{"done late, the next still lies ahead", fridays, "2026-03-30 10:00", day("2026-03-27"), "2026-04-03"},
		{"what was missed is not made up for", fridays, "2026-04-21 10:00", day("2026-03-27"), "2026-04-24"},
		{"every other keeps its beat", everyOther, "2026-04-21 10:00", day("2026-03-27"), "2026-04-24"},
		{"every other, done late", everyOther, "2026-04-11 10:00", day("2026-03-27"), "2026-04-24"},
		{"stated time stays", fridays, "2026-03-27 08:00", timed, "2026-04-03 09:00"},
		{"completion counts from today", Every{Unit: WeekUnit, N: 2, Anchor: OnCompletion}, "2026-03-30 10:00", day("2026-03-27"), "2026-04-13"},
		{"month end", Every{Unit: MonthUnit, N: 1, On: []On{{Day: 31}}, Anchor: OnCalendar}, "2026-04-01 10:00", day("2026-03-31"), "2026-04-30"},
		{"first monday", Every{Unit: MonthUnit, N: 1, On: []On{{Weekday: time.Monday, Nth: 1}}, Anchor: OnCalendar}, "2026-04-06 10:00", day("2026-04-06"), "2026-05-04"},
		{"two days a week", onWeekdays([]time.Weekday{time.Monday, time.Thursday}), "2026-03-30 10:00", day("2026-03-30"), "2026-04-02"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := describeDue(tt.every.NextDue(at(t, "Europe/Berlin", tt.now, "en-GB"), tt.last)); got != tt.want {
				t.Errorf("NextDue = %s, want %s", got, tt.want)
			}
		})
	}
}

func TestEveryIsStored(t *testing.T) {
	rule := Every{Unit: MonthUnit, N: 1, On: []On{{Weekday: time.Friday, Nth: -1}, {Day: 15}, {Weekday: time.Monday}}, Anchor: OnCalendar}
	stored, err := json.Marshal(rule)
	if err != nil {
		t.Fatal(err)
	}
	want := `{"unit":"month","n":1,"on":["last friday","15","monday"],"anchor":"calendar"}`
	if string(stored) != want {
		t.Errorf("stored as %s, want %s", stored, want)
	}
	var back Every
	if err := json.Unmarshal(stored, &back); err != nil || describeEvery(back) != describeEvery(rule) {
		t.Errorf("read back as %+v, %v", back, err)
	}
	if err := json.Unmarshal([]byte(`{"on":["someday"]}`), &back); err == nil {
		t.Error("a day that is none was read")
	}
}
