package bot

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// ics is a calendar of events, each given as its lines.
func ics(events ...string) []byte {
	var b strings.Builder
	b.WriteString("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//y//EN\r\n")
	for _, e := range events {
		b.WriteString("BEGIN:VEVENT\r\nUID:1@x\r\nSUMMARY:A free day\\, for all\r\n" + strings.ReplaceAll(e, "\n", "\r\n") + "\r\nEND:VEVENT\r\n")
	}
	b.WriteString("END:VCALENDAR\r\n")
	return []byte(b.String())
}

func TestFreeDaysOfAFile(t *testing.T) {
	for _, tt := range []struct{ name, event, free, not string }{
		{"once", "DTSTART;VALUE=DATE:20260605\nDTEND;VALUE=DATE:20260606", "2026-06-05", "2026-06-04 2026-06-06 2027-06-05"},
		{"without an end", "DTSTART;VALUE=DATE:20260605", "2026-06-05", "2026-06-06"},
		{"several days", "DTSTART;VALUE=DATE:20261224\nDTEND;VALUE=DATE:20270102", "2026-12-24 2026-12-31 2027-01-01", "2026-12-23 2027-01-02 2027-12-24"},
		{"a duration", "DTSTART:20260605\nDURATION:P1W", "2026-06-05 2026-06-11", "2026-06-12"},
		{"every year", "DTSTART;VALUE=DATE:20200815\nRRULE:FREQ=YEARLY", "2020-08-15 2026-08-15 2040-08-15", "2019-08-15 2026-08-16"},
		{"every second year, three times", "DTSTART;VALUE=DATE:20200815\nRRULE:FREQ=YEARLY;INTERVAL=2;COUNT=3", "2020-08-15 2022-08-15 2024-08-15", "2021-08-15 2026-08-15"},
		{"until", "DTSTART;VALUE=DATE:20200815\nRRULE:FREQ=YEARLY;UNTIL=20240815T000000Z", "2024-08-15", "2025-08-15"},
		{"the second Monday in October", "DTSTART;VALUE=DATE:20251013\nRRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=2MO", "2025-10-13 2026-10-12 2027-10-11", "2026-10-05 2026-10-19 2026-11-09"},
		{"the last Friday in May", "DTSTART;VALUE=DATE:20260529\nRRULE:FREQ=YEARLY;BYMONTH=5;BYDAY=-1FR", "2026-05-29 2027-05-28", "2027-05-21"},
		{"the last of February", "DTSTART;VALUE=DATE:20260228\nRRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=-1", "2026-02-28 2028-02-29", "2028-02-28"},
		{"not this year", "DTSTART;VALUE=DATE:20200815\nRRULE:FREQ=YEARLY\nEXDATE;VALUE=DATE:20260815", "2025-08-15", "2026-08-15"},
		{"and on other days", "DTSTART;VALUE=DATE:20200815\nRDATE;VALUE=DATE:20260817,20270816", "2026-08-17 2027-08-16", "2021-08-15"},
		{"folded", "DTSTART;VALUE=DA\n TE:2026\n\t0605", "2026-06-05", "2026-06-06"},
		{"with an alarm", "DTSTART:20260605\nBEGIN:VALARM\nTRIGGER:-PT15M\nDTSTART:nonsense\nEND:VALARM", "2026-06-05", "2026-06-04"},
	} {
		f, err := ReadHolidays("ACME", ics(tt.event))
		if err != nil {
			t.Errorf("%s: %v", tt.name, err)
			continue
		}
		for want, days := range map[bool]string{true: tt.free, false: tt.not} {
			for text := range strings.FieldsSeq(days) {
				at, err := time.Parse(time.DateOnly, text)
				if err != nil {
					t.Fatal(err)
				}
				if got := f.Free(day(at.Year(), at.Month(), at.Day())); got != want {
					t.Errorf("%s: %s is free: %v, want %v", tt.name, text, got, want)
				}
			}
		}
	}
	f, err := ReadHolidays("ACME", ics("DTSTART:20260605\nSTATUS:CANCELLED", "DTSTART:20260606"))
	if err != nil || f.Free(day(2026, 6, 5)) || !f.Free(day(2026, 6, 6)) {
		t.Errorf("a cancelled day: %v %v", f, err)
	}
}

func TestFilesThatAreNoCalendar(t *testing.T) {
	for _, tt := range []struct{ name, data, want string }{
		{"empty", "", "no all-day event"},
		{"something else", "<html></html>", "line 1: there is no colon"},
		{"a page of words", "Dear all: see below", "line 1: it does not begin with BEGIN:VCALENDAR"},
		{"cut off", "BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20260605", "VEVENT has no end"},
		{"crossed", "BEGIN:VCALENDAR\nEND:VEVENT", "line 2: VEVENT ends, and did not begin"},
		{"a meeting", string(ics("DTSTART;TZID=Europe/Berlin:20260605T100000")), "line 7: the event has a time of day"},
		{"31 June", string(ics("DTSTART:20260631")), `line 7: "20260631" is no whole day`},
		{"every week", string(ics("DTSTART:20260605\nRRULE:FREQ=WEEKLY")), `line 8: a free day comes every year`},
		{"an odd rule", string(ics("DTSTART:20260605\nRRULE:FREQ=YEARLY;BYWEEKNO=20")), "line 8: RRULE says BYWEEKNO"},
		{"no such weekday", string(ics("DTSTART:20260605\nRRULE:FREQ=YEARLY;BYMONTH=5;BYDAY=XX")), `line 8: "XX" is no weekday`},
		{"no start", string(ics("SUMMARY:x")), "line 8: the event has no DTSTART"},
		{"backwards", string(ics("DTSTART:20260605\nDTEND:20260604")), "ends before it begins"},
		{"too large", strings.Repeat("x", holidayFileSize+1), "larger than a megabyte"},
	} {
		_, err := ReadHolidays("ACME", []byte(tt.data))
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: %v, want %q", tt.name, err, tt.want)
		}
	}
	for _, code := range []string{"", "acme", "NONE", "ZONE", "../X", "A B", "DE-BY-X"} {
		if _, err := ReadHolidays(code, ics("DTSTART:20260605")); err == nil {
			t.Errorf("a calendar may be called %q", code)
		}
	}
}

func FuzzReadHolidays(f *testing.F) {
	f.Add(ics("DTSTART:20260605\nRRULE:FREQ=YEARLY;BYMONTH=5;BYDAY=-1FR;COUNT=3\nEXDATE:20260605"))
	f.Add([]byte("BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20260605\nDURATION:P1W\nEND:VEVENT\nEND:VCALENDAR"))
	f.Fuzz(func(t *testing.T, data []byte) {
		file, err := ReadHolidays("ACME", data)
		if err == nil && len(file.events) == 0 {
			t.Error("no event, and no error")
		}
		file.Free(day(2026, 5, 1))
	})
}

func TestWhoseHolidaysCount(t *testing.T) {
	acme, err := ReadHolidays("ACME", ics("DTSTART:20260605"))
	if err != nil {
		t.Fatal(err)
	}
	bavaria, err := ReadHolidays("DE-BY", ics("DTSTART:20260604"))
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ standard, own, zone, free, not string }{
		{"", "", "Europe/Berlin", "", "2026-05-01 2026-06-05"},
		{"none", "", "Europe/Berlin", "", "2026-05-01"},
		{"DE", "", "America/New_York", "2026-05-01", "2026-07-03"},
		{"zone", "", "America/New_York", "2026-07-03", "2026-05-01"},
		{"zone", "", "Europe/Berlin", "2026-05-01", "2026-07-03"},
		{"zone", "", "Asia/Kathmandu", "", "2026-05-01"},
		{"zone,ACME", "", "Europe/Berlin", "2026-05-01 2026-06-05", "2026-06-04"},
		{"DE", "none", "Europe/Berlin", "", "2026-05-01"},
		{"DE", "US", "Europe/Berlin", "2026-07-03", "2026-05-01"},
		{"DE", "DE-BY", "Europe/Berlin", "2026-05-01 2026-06-04", "2026-06-05"},
		{"", "ACME", "Europe/Berlin", "2026-06-05", "2026-05-01"},
		{"DE", "GONE", "Europe/Berlin", "", "2026-05-01"},
	} {
		c, err := NewCalendars(tt.standard, acme, bavaria)
		if err != nil {
			t.Fatal(err)
		}
		s := Scene{Members: map[string]Member{"UANA": {ID: "UANA", Zone: tt.zone}}, Preferences: map[string]Preferences{"UANA": {Holidays: tt.own}}, Calendars: c}
		h := s.Hours("UANA", "UTC")
		for want, days := range map[bool]string{false: tt.free, true: tt.not} {
			for text := range strings.FieldsSeq(days) {
				at, err := time.Parse(time.DateOnly, text)
				if err != nil {
					t.Fatal(err)
				}
				d := day(at.Year(), at.Month(), at.Day())
				if got := h.Workday(d); got != want {
					t.Errorf("%q, own %q, %s: %s is a working day: %v", tt.standard, tt.own, tt.zone, text, got)
				}
				if got := h.WhenContext(at, "").Holiday(d); got == want {
					t.Errorf("%q, own %q, %s: %s is a holiday in the date language: %v", tt.standard, tt.own, tt.zone, text, got)
				}
			}
		}
	}
	if _, err := NewCalendars("DE,XX", acme); err == nil || !strings.Contains(err.Error(), `"XX"`) {
		t.Errorf("an unknown calendar: %v", err)
	}
	if _, err := NewCalendars("", acme, acme); err == nil {
		t.Error("two of one name")
	}
	c, err := NewCalendars("", acme, bavaria)
	if err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(c.Own()); got != "[ACME DE-BY]" || !c.Knows("DE") || !c.Knows("ACME") || c.Knows("XX") {
		t.Errorf("own calendars: %s", got)
	}
}

func TestScenesKnowTheCalendars(t *testing.T) {
	d := newDesk(t)
	c, err := NewCalendars("DE")
	if err != nil {
		t.Fatal(err)
	}
	d.use.Scenes, d.use.Store = c.Scenes(d), c.Commitments(d.notebook)
	d.say("UANA", "one by 6 april")
	d.wait("2026-04-02T12:00:00+02:00")
	d.expect("UANA", "03-31 09:00 #1 ahead; 04-02 09:00 #1 due")
	_, s, err := d.use.Store.CommitmentScene(t.Context(), 1, "UANA")
	if err != nil || s.Calendars != c {
		t.Errorf("a commitment's scene: %v %v", s.Calendars, err)
	}
}
