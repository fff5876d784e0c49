package when

import (
	"fmt"
	"time"
)

// Date is a day of the civil calendar, without a zone. The zero value is no date.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// DateOf returns the civil date that t shows in its own location.
func DateOf(t time.Time) Date {
	y, m, d := t.Date()
	return Date{y, m, d}
}

// ParseDate reads the form that [Date.String] writes, such as "2026-03-27".
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return Date{}, fmt.Errorf("parse date %q: %w", s, err)
	}
	return DateOf(t), nil
}

// IsZero reports whether d is no date.
func (d Date) IsZero() bool { return d == Date{} }

// Valid reports whether d exists in the calendar: time.Date rolls 31 February over, this does not.
func (d Date) Valid() bool {
	return d.Day >= 1 && d.Month >= 1 && d.Month <= 12 && d.Day <= daysIn(d.Year, d.Month)
}

// String returns the ISO form, "2026-03-27".
func (d Date) String() string { return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day) }

// MarshalText writes the ISO form; the zero date is empty.
func (d Date) MarshalText() ([]byte, error) {
	if d.IsZero() {
		return nil, nil
	}
	return []byte(d.String()), nil
}

// UnmarshalText reads what MarshalText writes.
func (d *Date) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*d = Date{}
		return nil
	}
	read, err := ParseDate(string(text))
	if err != nil {
		return err
	}
	*d = read
	return nil
}

// Weekday returns the day of the week.
func (d Date) Weekday() time.Weekday { return d.midnight().Weekday() }

// AddDays returns the date n days later, or earlier if n is negative.
func (d Date) AddDays(n int) Date { return DateOf(d.midnight().AddDate(0, 0, n)) }

// AddMonths returns the same day n months later, or the last day of that month where it is shorter: 31 January and one
// month make 28 February.
func (d Date) AddMonths(n int) Date {
	first := DateOf(time.Date(d.Year, d.Month+time.Month(n), 1, 0, 0, 0, 0, time.UTC))
	first.Day = min(d.Day, daysIn(first.Year, first.Month))
	return first
}

// DaysUntil returns how many days later than d the other date is; negative if it is earlier.
func (d Date) DaysUntil(other Date) int {
	return int(other.midnight().Sub(d.midnight()) / (24 * time.Hour))
}

// Before reports whether d is an earlier day than other.
func (d Date) Before(other Date) bool { return d.midnight().Before(other.midnight()) }

// lastOfMonth returns the last day of d's month.
func (d Date) lastOfMonth() Date { return Date{d.Year, d.Month, daysIn(d.Year, d.Month)} }

// midnight stands for the date in arithmetic; UTC has no gaps.
func (d Date) midnight() time.Time { return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC) }

func daysIn(year int, month time.Month) int {
	return time.Date(year, month+1, 0, 0, 0, 0, 0, time.UTC).Day()
}

// Clock is a time of the civil day, to the minute: 0:00 to 23:59. The zero value is midnight.
type Clock struct {
	Hour, Minute int
}

// ParseClock reads the form that [Clock.String] writes, such as "17:00".
func ParseClock(s string) (Clock, error) {
	t, err := time.Parse("15:04", s)
	if err != nil {
		return Clock{}, fmt.Errorf("parse time of day %q: %w", s, err)
	}
	return clockOf(t), nil
}

// String returns the 24-hour form, "17:00".
func (c Clock) String() string { return fmt.Sprintf("%02d:%02d", c.Hour, c.Minute) }

// MarshalText writes the 24-hour form.
func (c Clock) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (c *Clock) UnmarshalText(text []byte) error {
	read, err := ParseClock(string(text))
	if err != nil {
		return err
	}
	*c = read
	return nil
}

func clockOf(t time.Time) Clock { return Clock{t.Hour(), t.Minute()} }

func (c Clock) valid() bool { return c.Hour >= 0 && c.Hour < 24 && c.Minute >= 0 && c.Minute < 60 }
