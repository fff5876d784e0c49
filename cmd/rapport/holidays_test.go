//go:build unix

package main

import (
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"rapport/bot"
	"rapport/bot/slackfake"
	"rapport/deploy"
)

// shutDay is a calendar file in which one day is free, and one every year.
const shutDay = "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20260326\r\nSUMMARY:Inventory\r\nEND:VEVENT\r\n" +
	"BEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20200815\r\nRRULE:FREQ=YEARLY\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"

func TestHolidaysOfTheEnvironment(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, standard string
		files          map[string]string
		want           []string // in what is wrong; nil: nothing is
	}{
		{"nothing", "", nil, nil},
		{"a country", "DE", nil, nil},
		{"of the zone", "zone", nil, nil},
		{"none", "none", nil, nil},
		{"a file", "zone, ACME", map[string]string{"ACME.ics": shutDay, "readme.txt": "no calendar"}, nil},
		{"a file in small letters", "DE-BY", map[string]string{"de-by.ics": shutDay}, nil},
		{"no such country", "XX", nil, []string{"RAPPORT_HOLIDAYS", `"XX"`, "DE"}},
		{"an empty folder", "", map[string]string{}, []string{"RAPPORT_HOLIDAY_FILES has no calendar"}},
		{
			"two bad files", "",
			map[string]string{"ACME.ics": strings.Replace(shutDay, "20260326", "20260231", 1), "DE-BY.ics": "BEGIN:VCALENDAR\n\nhello"},
			[]string{"ACME.ics", "line 3", "20260231", "DE-BY.ics", "line 3"},
		},
		{"a bad name", "", map[string]string{"company holidays.ics": shutDay}, []string{"company holidays.ics", "called like DE-BY"}},
	} {
		c := config{Holidays: tt.standard}
		if tt.files != nil {
			c.HolidayFiles = t.TempDir()
			for name, text := range tt.files {
				if err := os.WriteFile(filepath.Join(c.HolidayFiles, name), []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
		}
		_, found := c.calendars()
		if len(found) > 0 != (tt.want != nil) {
			t.Errorf("%s: %v", tt.name, found)
			continue
		}
		for _, words := range tt.want {
			if !strings.Contains(found.Error(), words) {
				t.Errorf("%s: %q is not in %s", tt.name, words, found.Error())
			}
		}
	}
	if _, found := (&config{HolidayFiles: filepath.Join(t.TempDir(), "missing")}).calendars(); len(found) != 1 {
		t.Errorf("a folder that is not there: %v", found)
	}
}

// TestHolidaysReachEverybody lets somebody who set nothing live in a workspace with holidays: those of her country, and a day of the company's.
func TestHolidaysReachEverybody(t *testing.T) {
	t.Parallel()
	file, err := bot.ReadHolidays("ACME", []byte(shutDay))
	if err != nil {
		t.Fatal(err)
	}
	p := &town{clock: slackfake.NewClock(time.Date(2026, 3, 25, 10, 17, 0, 0, berlin()))}
	p.slack, err = slackfake.Start(slackfake.Config{Addr: "127.0.0.1:0", Manifest: deploy.Manifest(), Clock: p.clock, AckTime: slackWaits, Sample: slackfake.Sample{People: 5, Seed: 1}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.close(t.Context()); err != nil {
			t.Error(err)
		}
	})
	w := patientWiring(p, slog.New(slog.DiscardHandler))
	if w.calendars, err = bot.NewCalendars("zone,ACME", file); err != nil {
		t.Fatal(err)
	}
	if p.house, err = build(t.Context(), w); err != nil {
		t.Fatal(err)
	}
	r := remote{t: t, url: p.slack.ControlURL()}
	if err := r.connected(); err != nil {
		t.Fatal(err)
	}
	r.advance("2m")
	ana := r.state().person("ana")
	place, _ := r.state().place("#general")
	say := func(text string) string {
		a := r.act("/command", map[string]any{"user": ana, "channel": place, "command": "/followup", "text": text})
		return words("", a.Response)
	}
	say("count the shelves by 2026-03-27 08:00") // before her day begins, and the day before is the company's
	say("hide the eggs by 2026-04-06")           // Easter Monday
	if said := say("draft in 2 business days"); !strings.Contains(said, "Monday, March 30") {
		t.Errorf("two working days from a Wednesday, one of which is free: %s", said)
	}
	for _, tt := range []struct{ until, sid, want string }{
		{"2026-03-25 17:05", "followup/1/", "2026-03-25 17:00"},
		{"2026-04-07 10:00", "bundle/" + ana + "/2026-04-02", "2026-04-02 09:00"},
	} {
		at, err := time.ParseInLocation("2006-01-02 15:04", tt.until, berlin())
		if err != nil {
			t.Fatal(err)
		}
		r.setClock(at)
		got := ""
		for _, m := range r.state().Messages {
			if sid := sidOf(m); strings.HasPrefix(sid, tt.sid) {
				got = stamped(t, m.TS).Format("2006-01-02 15:04")
			}
			if day := stamped(t, m.TS).Format("01-02"); sidOf(m) != "" && (day == "03-26" || day == "04-03" || day == "04-06") {
				t.Errorf("%s came on a free day, %s", sidOf(m), day)
			}
		}
		if got != tt.want {
			t.Errorf("%s came at %q, want %s", tt.sid, got, tt.want)
		}
	}
	if _, err := p.house.bot.Host.Set(t.Context(), p.clock.Now(), "own", ana, func(p *bot.Preferences) { p.Holidays = "ACME" }); err != nil {
		t.Errorf("choose the company's calendar: %v", err)
	}
	if _, err := p.house.bot.Host.Set(t.Context(), p.clock.Now(), "odd", ana, func(p *bot.Preferences) { p.Holidays = "XX" }); err == nil {
		t.Error("a calendar that is not there can be chosen")
	}
	r.act("/command", map[string]any{"user": ana, "channel": place, "command": "/rapport", "text": "settings"})
	r.advance("30s")
	form := ""
	for _, v := range r.state().Views {
		form += string(v.View)
	}
	for _, option := range []string{"As for everybody here: Germany and ACME", `"never"`, `"ACME"`} {
		if !strings.Contains(form, option) {
			t.Errorf("%s is not in the form: %s", option, form)
		}
	}
}

// stamped is when a message was posted, in Berlin.
func stamped(t *testing.T, ts string) time.Time {
	t.Helper()
	seconds, err := strconv.ParseFloat(ts, 64)
	if err != nil {
		t.Fatal(err)
	}
	return time.Unix(int64(seconds), 0).In(berlin())
}
