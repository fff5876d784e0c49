package when

import (
	"fmt"
	"strconv"
	"testing"
	"time"
)

// changes are days on which the clocks of a zone go forward or back, or on which a whole day is skipped.
var changes = []struct{ zone, day string }{
	{"Europe/Berlin", "2026-03-29"},
	{"Europe/Berlin", "2026-10-25"},
	{"America/New_York", "2026-03-08"},
	{"America/New_York", "2026-11-01"},
	{"Australia/Lord_Howe", "2026-04-05"}, // by half an hour
	{"Australia/Lord_Howe", "2026-10-04"},
	{"America/Santiago", "2026-04-04"}, // at midnight
	{"America/Santiago", "2026-09-06"},
	{"Pacific/Apia", "2011-12-30"}, // skipped
	{"Pacific/Apia", "2020-09-27"},
	{"Pacific/Apia", "2021-04-04"},
}

// formOnCalendar is one form of the grammar that names a day, and which one, counted here on its own. A nil clock is the end of
// the working day.
type formOnCalendar struct {
	text string
	day  func(today Date) Date
	at   *Clock
}

func daysLater(n int) func(Date) Date { return func(d Date) Date { return d.AddDays(n) } }

func sameDay(d Date) Date { return d }

// nextNamed returns the first such weekday after today.
func nextNamed(day time.Weekday) func(Date) Date {
	return func(d Date) Date {
		for d = d.AddDays(1); d.Weekday() != day; {
			d = d.AddDays(1)
		}
		return d
	}
}

// calendarForms are all forms that name a day, said in the morning.
func calendarForms(target Date) []formOnCalendar {
	nine, night, half := &Clock{9, 0}, &Clock{2, 30}, &Clock{0, 30}
	forms := []formOnCalendar{
		{"today", sameDay, nil},
		{"eod", sameDay, nil},
		{"by 11pm", sameDay, &Clock{23, 0}},
		{"tonight", sameDay, &Clock{20, 0}},
		{"at noon", sameDay, &Clock{12, 0}},
		{"by midnight", sameDay, &lastMinute},
		{"tomorrow", daysLater(1), nil},
		{"tomorrow morning", daysLater(1), &Clock{12, 0}},
		{"tomorrow 2:30am", daysLater(1), night},
		{"tomorrow at 12:30am", daysLater(1), half},
		{"tomorrow 1:45am", daysLater(1), &Clock{1, 45}},
		{"day after tomorrow", daysLater(2), nil},
		{"in 1 day", daysLater(1), nil},
		{"in 2 days", daysLater(2), nil},
		{"within 3 days", daysLater(3), nil},
		{"4 days from now", daysLater(4), nil},
		{"in a week", daysLater(7), nil},
		{"in 2 weeks", daysLater(14), nil},
		{"in a fortnight", daysLater(14), nil},
		{"in 3 days at 9am", daysLater(3), nine},
		{"in 2-3 days", daysLater(2), nil},
		{"in a day or two", daysLater(1), nil},
		{"in a week or two", daysLater(7), nil},
		{"two weeks today", daysLater(14), nil},
		{"tomorrow week", daysLater(8), nil},
		{"tomorrow or the day after", daysLater(1), nil},
		{"tomorrow at 2.30", daysLater(1), &Clock{14, 30}},
		{"tomorrow at half past 12", daysLater(1), &Clock{12, 30}},
		{"tomorrow at quarter past 2", daysLater(1), &Clock{14, 15}},
		{"tomorrow at quarter to one", daysLater(1), &Clock{12, 45}},
		{"tomorrow around 2ish", daysLater(1), &Clock{14, 0}},
		{"tomorrow before 11pm", daysLater(1), &Clock{23, 0}},
		{"tomorrow at two am", daysLater(1), &Clock{2, 0}},
		{"tomorrow pm", daysLater(1), nil},
		{"middle of next week", func(d Date) Date { return nextNamed(time.Monday)(d).AddDays(2) }, nil},
		{"in cw " + weekOf(target.AddDays(7)), func(Date) Date { return nextNamed(time.Friday)(target.AddDays(6 - mondayBased(target))) }, nil},
		{"in a month", func(d Date) Date { return d.AddMonths(1) }, nil},
		{"eom", func(d Date) Date { return d.lastOfMonth() }, nil},
		{"end of next month", func(d Date) Date { return Date{d.Year, d.Month, 1}.AddMonths(1).lastOfMonth() }, nil},
	}
	for day := time.Sunday; day <= time.Saturday; day++ {
		forms = append(forms, formOnCalendar{"next " + day.String(), nextNamed(day), nil},
			formOnCalendar{day.String() + " at 2:30am", nextNamed(day), night},
			formOnCalendar{"a week from " + day.String(), nil, nil})
	}
	for _, way := range []string{
		target.String(), fmt.Sprintf("by %d %s %d", target.Day, target.Month, target.Year),
		fmt.Sprintf("%s %d, %d", target.Month, target.Day, target.Year), fmt.Sprintf("by the %dth", target.Day),
		fmt.Sprintf("by %d-%s-%d", target.Day, target.Month.String()[:3], target.Year),
		fmt.Sprintf("by %d-%d %s %d", target.Day, target.Day+1, target.Month, target.Year),
	} {
		onTarget := func(Date) Date { return target }
		forms = append(forms, formOnCalendar{way, onTarget, nil}, formOnCalendar{way + " 12:30am", onTarget, half},
			formOnCalendar{way + " 2:15am", onTarget, &Clock{2, 15}}, formOnCalendar{way + " 09:00", onTarget, nine})
	}
	return forms
}

// mondayBased counts weekdays from Monday, 0.
func mondayBased(d Date) int { return (int(d.Weekday()) + 6) % 7 }

// weekOf returns the number of d's week.
func weekOf(d Date) string {
	_, week := time.Date(d.Year, d.Month, d.Day, 12, 0, 0, 0, time.UTC).ISOWeek()
	return strconv.Itoa(week)
}

// instantOf looks for the instant of a civil time minute by minute, without the arithmetic that is tested. One that does not
// exist is later by the length of the gap.
func instantOf(d Date, c Clock, zone *time.Location) time.Time {
	civil := time.Date(d.Year, d.Month, d.Day, c.Hour, c.Minute, 0, 0, time.UTC)
	shows := func(t time.Time) time.Time {
		l := t.In(zone)
		return time.Date(l.Year(), l.Month(), l.Day(), l.Hour(), l.Minute(), 0, 0, time.UTC)
	}
	for at := civil.Add(-26 * time.Hour); at.Before(civil.Add(26 * time.Hour)); at = at.Add(time.Minute) {
		now, next := shows(at), shows(at.Add(time.Minute))
		switch {
		case now.Equal(civil):
			return at
		case now.Before(civil) && next.After(civil): // the minutes between are skipped
			return at.Add(civil.Sub(now))
		}
	}
	return time.Time{}
}

// TestEveryFormAroundClockChanges says every form of the grammar on the mornings before, on and after each change.
func TestEveryFormAroundClockChanges(t *testing.T) {
	for _, change := range changes {
		zone, err := time.LoadLocation(change.zone)
		if err != nil {
			t.Fatal(err)
		}
		day, err := ParseDate(change.day)
		if err != nil {
			t.Fatal(err)
		}
		for before := -1; before <= 3; before++ {
			now := instantOf(day.AddDays(-before), Clock{8, 17}, zone)
			c := Context{Now: now, Zone: zone, Locale: "en-GB"}
			t.Run(fmt.Sprintf("%s %s said %s", change.zone, change.day, c.today()), func(t *testing.T) {
				for _, form := range calendarForms(day) {
					checkForm(t, c, form)
				}
			})
		}
	}
}

func checkForm(t *testing.T, c Context, form formOnCalendar) {
	t.Helper()
	r := Trailing("x "+form.text, c)
	checkResult(t, "x "+form.text, c, r)
	if r.Due == nil {
		if r.Err == nil || r.Err.Code != Past && r.Err.Code != Mismatch {
			t.Errorf("%q: read as %s", form.text, describe(r))
		}
		return
	}
	if r.Rest != "x" {
		t.Errorf("%q leaves %q", form.text, r.Rest)
	}
	utc := r.Due.UTC()
	if local := utc.In(c.Zone); DateOf(local) != r.Due.Date || clockOf(local) != r.Due.Time {
		t.Errorf("%q: %s %s is %s there", form.text, r.Due.Date, r.Due.Time, local)
	}
	if (form.at != nil) != r.Due.ExplicitTime {
		t.Errorf("%q: a stated time: %v", form.text, r.Due.ExplicitTime)
	}
	if form.day == nil {
		return
	}
	end := c.dayEnd(form.day(c.today()).Weekday())
	if form.at != nil {
		end = *form.at
	}
	want := instantOf(form.day(c.today()), end, c.Zone)
	if said := form.day(c.today()); !utc.Equal(want) && want.After(c.Now) && !said.Before(c.today()) {
		t.Errorf("%q: due %s, want %s", form.text, utc, want.UTC())
	}
}

// TestLengthsOfTimeAroundClockChanges counts minutes and hours on the clock that never jumps, before and after each change. In
// an hour that comes twice the deadline may be as late as the end of that hour.
func TestLengthsOfTimeAroundClockChanges(t *testing.T) {
	for _, change := range changes {
		zone, err := time.LoadLocation(change.zone)
		if err != nil {
			t.Fatal(err)
		}
		day, err := ParseDate(change.day)
		if err != nil {
			t.Fatal(err)
		}
		start := instantOf(day, Clock{0, 0}, zone).Add(-4 * time.Hour)
		for n := range 36 {
			c := Context{Now: start.Add(time.Duration(n) * 20 * time.Minute), Zone: zone, Locale: "en-GB"}
			for text, length := range map[string]time.Duration{
				"in 5 minutes": 5 * time.Minute, "in 90 min": 90 * time.Minute, "in an hour": time.Hour, "in 3 hours": 3 * time.Hour,
				"in half an hour": 30 * time.Minute, "in an hour and a half": 90 * time.Minute, "in 1h30": 90 * time.Minute,
				"within the hour": time.Hour, "in 1-2 hours": time.Hour, "in an hour or two": time.Hour, "in 48 hours": 48 * time.Hour,
			} {
				r := Trailing("x "+text, c)
				checkResult(t, "x "+text, c, r)
				if r.Due == nil {
					t.Errorf("%s, %q at %s: no deadline", change.zone, text, c.Now)
					continue
				}
				late := r.Due.UTC().Sub(c.Now.Add(length))
				if late != 0 && r.Notice != RepeatedTime || late < 0 || late > time.Hour {
					t.Errorf("%s, %q at %s: due %s, %s late", change.zone, text, c.Now.In(zone), r.Due.UTC().In(zone), late)
				}
			}
		}
	}
}

// TestMovingFromTokyoToLisbon has open items: the end of a working day follows the owner, a stated time stays what was said.
func TestMovingFromTokyoToLisbon(t *testing.T) {
	tokyo := at(t, "Asia/Tokyo", "2026-03-25 10:17", "en-GB")
	lisbon := at(t, "Europe/Lisbon", "2026-03-26 09:00", "pt-PT")
	lisbon.DayEnd = Clock{18, 0}
	for text, want := range map[string]string{
		"by monday":            "2026-03-30T17:00Z", // 18:00 in Lisbon, where the clocks went forward the day before
		"by friday":            "2026-03-27T18:00Z",
		"by monday 9am":        "2026-03-30T00:00Z", // nine o'clock in Tokyo, as it was said
		"2026-10-26":           "2026-10-26T18:00Z",
		"by 26 october at 9am": "2026-10-26T00:00Z",
	} {
		due := *Trailing("x "+text, tokyo).Due
		if !due.ExplicitTime {
			due = lisbon.EndOfDay(due.Date)
		}
		if got := due.UTC().Format("2006-01-02T15:04Z"); got != want {
			t.Errorf("%q, said in Tokyo, is due at %s in Lisbon, want %s", text, got, want)
		}
	}
}
