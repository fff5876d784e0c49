package bot

import (
	"time"

	"rapport/bot/when"
)

// Hours are a member's working time, resolved from what they set, what Slack says and what the workspace falls back to.
type Hours struct {
	Zone       *time.Location
	Week       Week
	Holidays   string // codes of calendars, separated by commas; empty for none
	PausedTill Date   // nothing unsolicited comes before this day
	calendars  *Calendars
	Own        bool // Week is the member's own; else it is the window of [StandardWeek], whose working day ends at 17:00
}

// standardDayEnd is when a working day ends for somebody who set no hours, in minutes; messages may still come a little later.
const standardDayEnd = 17 * 60

// dayEnd is the end of the working day on a weekday, in minutes.
func (h Hours) dayEnd(day time.Weekday) int {
	if span := h.Week[day]; h.Own && span.To > span.From {
		return span.To
	}
	return standardDayEnd
}

// HoursOf resolves a member's hours. A zone that does not exist counts as missing; fallback must exist, else it is UTC.
func HoursOf(m Member, p Preferences, fallback string) Hours {
	h := Hours{Zone: time.UTC, Week: StandardWeek(), Holidays: p.Holidays, PausedTill: p.PausedTill}
	for _, name := range []string{p.Zone, m.Zone, fallback} {
		if zone, err := time.LoadLocation(name); name != "" && err == nil {
			h.Zone = zone
			break
		}
	}
	if p.Hours != nil {
		h.Week, h.Own = *p.Hours, true
	}
	return h
}

// observing are the hours of somebody in a workspace that has calendars.
func (h Hours) observing(c *Calendars) Hours {
	h.calendars, h.Holidays = c, c.chosen(h.Holidays, h.Zone.String())
	return h
}

// Workday reports whether the member works on a date at all: not on their free weekdays and not on their holidays.
func (h Hours) Workday(d Date) bool {
	span := h.Week[d.Weekday()]
	return span.To > span.From && !h.calendars.Free(h.Holidays, d)
}

// Start and end of a date's working time. On a free day both are the same.
func (h Hours) window(d Date) (from, to time.Time) {
	if !h.Workday(d) {
		midnight := h.At(d, 0)
		return midnight, midnight
	}
	span := h.Week[d.Weekday()]
	return h.At(d, span.From), h.At(d, span.To)
}

// At is the instant of a minute of a local day; a time that a clock change skips is later by the length of the gap.
func (h Hours) At(d Date, minute int) time.Time {
	return when.Due{Date: d.AddDays(minute / 1440), Time: when.Clock{Hour: minute % 1440 / 60, Minute: minute % 60}}.In(h.Zone)
}

// Today is the member's date at an instant.
func (h Hours) Today(t time.Time) Date { return when.DateOf(t.In(h.Zone)) }

// Open reports whether t is inside the working hours of a day that is not paused.
func (h Hours) Open(t time.Time) bool {
	d := h.Today(t)
	if d.Before(h.PausedTill) {
		return false
	}
	from, to := h.window(d)
	return !t.Before(from) && t.Before(to)
}

// openHorizon bounds the search for a working day; a week without any working hour has none.
const openHorizon = 400

// NextOpen is the first instant at or after t inside the working hours, pause and holidays considered. ok is false for somebody who
// has no working hours in more than a year.
func (h Hours) NextOpen(t time.Time) (open time.Time, ok bool) {
	d := h.Today(t)
	if d.Before(h.PausedTill) {
		d = h.PausedTill
	}
	for range openHorizon {
		from, to := h.window(d)
		if t.Before(to) && from.Before(to) {
			if from.Before(t) {
				from = t
			}
			return from, true
		}
		d = d.AddDays(1)
	}
	return time.Time{}, false
}

// Workdays moves n working days from d: forwards, or backwards for a negative n. The day itself does not count; somebody without
// working days gets plain days.
func (h Hours) Workdays(d Date, n int) Date {
	step := 1
	if n < 0 {
		step, n = -1, -n
	}
	start := d
	for left, tries := n, 0; left > 0; tries++ {
		if tries > openHorizon {
			return start.AddDays(step * n)
		}
		if d = d.AddDays(step); h.Workday(d) {
			left--
		}
	}
	return d
}

// LastWorkday is d itself if it is a working day, else the last one before it.
func (h Hours) LastWorkday(d Date) Date {
	if h.Workday(d) {
		return d
	}
	return h.Workdays(d, -1)
}

// NextWorkday is d itself if it is a working day, else the next one.
func (h Hours) NextWorkday(d Date) Date {
	if h.Workday(d) {
		return d
	}
	return h.Workdays(d, 1)
}

// CommonOpen is the first instant in [t, t+within) that is inside everyone's working hours.
func CommonOpen(t time.Time, within time.Duration, all ...Hours) (open time.Time, ok bool) {
	for end := t.Add(within); t.Before(end); {
		latest := t
		for _, h := range all {
			next, ok := h.NextOpen(t)
			if !ok {
				return time.Time{}, false
			}
			if next.After(latest) {
				latest = next
			}
		}
		if latest.Equal(t) {
			return t, true
		}
		t = latest
	}
	return time.Time{}, false
}
