package slackapp

import (
	"fmt"
	"time"

	"rapport/bot"
)

// DateTime writes an instant in words, in the reader's zone: "Friday, 27 March, 17:00".
func (r Reader) DateTime(t time.Time) string { return r.Date(t) + ", " + r.Time(t) }

// Date writes the day of an instant in words, in the reader's zone: "Friday, 27 March".
func (r Reader) Date(t time.Time) string {
	t = t.In(r.zone())
	if r.american() {
		return t.Format("Monday, January 2")
	}
	return t.Format("Monday, 2 January")
}

// DateYear is Date with the year, for days that are far away: "Friday, 27 March 2026".
func (r Reader) DateYear(t time.Time) string {
	t = t.In(r.zone())
	if r.american() {
		return t.Format("Monday, January 2, 2006")
	}
	return t.Format("Monday, 2 January 2006")
}

// DateNear is Date, with the year only if it is another than now's.
func (r Reader) DateNear(t, now time.Time) string {
	if t.In(r.zone()).Year() == now.In(r.zone()).Year() {
		return r.Date(t)
	}
	return r.DateYear(t)
}

// DateShort writes the day of an instant in little room: "Fri 27 Mar".
func (r Reader) DateShort(t time.Time) string {
	t = t.In(r.zone())
	if r.american() {
		return t.Format("Mon, Jan 2")
	}
	return t.Format("Mon 2 Jan")
}

// Time writes the time of day of an instant, in the reader's zone: "17:00", for Americans "5:00 PM".
func (r Reader) Time(t time.Time) string {
	t = t.In(r.zone())
	if r.american() {
		return t.Format("3:04 PM")
	}
	return t.Format("15:04")
}

// Minute writes minutes after midnight as a time of day.
func (r Reader) Minute(minute int) string {
	return Reader{Locale: r.Locale}.Time(time.Date(2000, 1, 1, 0, minute, 0, 0, time.UTC))
}

// Day writes a civil date in words: "Friday, 27 March".
func (r Reader) Day(d bot.Date) string { return Reader{Locale: r.Locale}.Date(midnight(d)) }

// DayNear is Day, with the year only if it is another than now's in the reader's zone.
func (r Reader) DayNear(d bot.Date, now time.Time) string {
	if d.Year == now.In(r.zone()).Year() {
		return r.Day(d)
	}
	return Reader{Locale: r.Locale}.DateYear(midnight(d))
}

// Weekday names a day of the week.
func (r Reader) Weekday(d time.Weekday) string { return d.String() }

// Instant is an instant for a message that people in several zones read: Slack shows it in each one's zone, and what it cannot show there is
// written in the reader's.
func (r Reader) Instant(t time.Time) string {
	return fmt.Sprintf("<!date^%d^{date_short_pretty} at {time}|%s>", t.Unix(), r.DateTime(t))
}

// InstantLong is Instant with the weekday.
func (r Reader) InstantLong(t time.Time) string {
	return fmt.Sprintf("<!date^%d^{date_long_pretty} at {time}|%s>", t.Unix(), r.DateTime(t))
}

// InstantDay is the day of an instant, in each reader's zone.
func (r Reader) InstantDay(t time.Time) string {
	return fmt.Sprintf("<!date^%d^{date_long_pretty}|%s>", t.Unix(), r.Date(t))
}

// Ago writes how long ago an instant is, roughly: "today", "yesterday", "3 days ago", else the day.
func (r Reader) Ago(t, now time.Time) string {
	switch days := daysBetween(t.In(r.zone()), now.In(r.zone())); {
	case days == 0:
		return "today"
	case days == 1:
		return "yesterday"
	case days > 1 && days < 7:
		return fmt.Sprintf("%d days ago", days)
	}
	return r.DateNear(t, now)
}

// daysBetween counts the midnights between two wall clocks.
func daysBetween(from, to time.Time) int {
	a := time.Date(from.Year(), from.Month(), from.Day(), 0, 0, 0, 0, time.UTC)
	b := time.Date(to.Year(), to.Month(), to.Day(), 0, 0, 0, 0, time.UTC)
	return int(b.Sub(a) / (24 * time.Hour))
}

func midnight(d bot.Date) time.Time { return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC) }

// isoDate writes a date as Slack's pickers want it.
func isoDate(d bot.Date) string { return midnight(d).Format(time.DateOnly) }

// isoMinute writes minutes after midnight as Slack's pickers want them.
func isoMinute(minute int) string { return fmt.Sprintf("%02d:%02d", minute/60%24, minute%60) }
