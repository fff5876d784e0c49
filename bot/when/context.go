package when

import (
	"strings"
	"time"
)

// Context is who says something, when and where. All of it is the person's own.
type Context struct {
	// Now is the instant at which the text was said. Required.
	Now time.Time
	// Zone is the person's zone, loaded by its IANA name; nil means UTC.
	Zone *time.Location
	// Locale is a BCP 47 tag such as "en-US": it decides the order of numbers and the words besides English, which works
	// for everyone. Empty or unknown means English with the month first.
	Locale string
	// DayEnd is when the working day ends; the zero value means 17:00.
	DayEnd Clock
	// DayEnds overrides DayEnd for single weekdays, Sunday first; zero values mean DayEnd.
	DayEnds [7]Clock
	// WorkDays says on which weekdays the person works, Sunday first; all false means Monday to Friday.
	WorkDays [7]bool
	// Holiday reports days without work besides; nil means there are none.
	Holiday func(Date) bool
}

// farAhead is how far ahead a deadline may be, in days. It keeps slips of the finger from being stored.
const farAhead = 3660

// confirmAfter is from how many days ahead on a deadline is asked about, since most of them are misreadings.
const confirmAfter = 180

func (c Context) zone() *time.Location {
	if c.Zone == nil {
		return time.UTC
	}
	return c.Zone
}

// ownZone reports whether people of the person's zone call its time so: "cet", "cest" or "et". Any other zone is left alone,
// since its letters often stand for several.
func (c Context) ownZone(letters string) bool {
	for quarter := range 4 { // in summer people say the name of winter too
		name, _ := c.Now.AddDate(0, 3*quarter, 0).In(c.zone()).Zone()
		name = strings.ToLower(name)
		if letters == name || len(name) == 3 && letters == name[:1]+name[2:] && strings.HasSuffix(name, "t") && american(c.zone()) {
			return true
		}
	}
	return false
}

// american reports whether a zone's standard and daylight saving time share a short name: "ET" is EST and EDT.
func american(zone *time.Location) bool { return strings.HasPrefix(zone.String(), "America/") }

func (c Context) today() Date { return DateOf(c.Now.In(c.zone())) }

func (c Context) dayEnd(day time.Weekday) Clock {
	if end := c.DayEnds[day]; end != (Clock{}) {
		return end
	}
	if c.DayEnd == (Clock{}) {
		return Clock{17, 0}
	}
	return c.DayEnd
}

func (c Context) worksOn(day time.Weekday) bool {
	if c.WorkDays == ([7]bool{}) {
		return day != time.Saturday && day != time.Sunday
	}
	return c.WorkDays[day]
}

func (c Context) workDay(d Date) bool {
	return c.worksOn(d.Weekday()) && (c.Holiday == nil || !c.Holiday(d))
}

// workDaysAfter returns the n-th working day after d. A person who never works gets calendar days: the search is bounded.
func (c Context) workDaysAfter(d Date, n int) Date {
	at := d
	for free := 0; n > 0; {
		at = at.AddDays(1)
		if free++; c.workDay(at) || free > 60 {
			n, free = n-1, 0
		}
	}
	return at
}

// weekStart returns the first day of d's week: Monday, or Sunday or Saturday for people who work then and have the days
// before it free.
func (c Context) weekStart(d Date) Date {
	first := time.Monday
	switch {
	case c.worksOn(time.Saturday) && !c.worksOn(time.Friday):
		first = time.Saturday
	case c.worksOn(time.Sunday) && !c.worksOn(time.Saturday):
		first = time.Sunday
	}
	return d.AddDays(-(int(d.Weekday()-first) + 7) % 7)
}

// weekEnd returns the last working day of the week that starts at start.
func (c Context) weekEnd(start Date) Date {
	for n := 6; n > 0; n-- {
		if d := start.AddDays(n); c.workDay(d) {
			return d
		}
	}
	return start.AddDays(4)
}

// EndOfDay returns the deadline on a day for which no time was said: the end of the person's working day.
func (c Context) EndOfDay(d Date) Due {
	return c.due(d, c.dayEnd(d.Weekday()), false)
}

// atClock returns the deadline at a stated time.
func (c Context) atClock(d Date, at Clock) Due { return c.due(d, at, true) }

// due writes down the civil time that will be shown: one that a clock change skips is stored as what it is shifted to.
func (c Context) due(d Date, at Clock, explicit bool) Due {
	t := resolve(d, at, c.zone())
	return Due{Date: DateOf(t), Time: clockOf(t), Zone: c.zone().String(), ExplicitTime: explicit}
}

// ahead reports whether the deadline is still to come.
func (c Context) ahead(d Due) bool { return d.In(c.zone()).After(c.Now) }
