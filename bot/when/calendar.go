package when

import "time"

// readCalendar reads a day of a month. The readings are the orders of its numbers, the likelier first; a weekday beside it
// decides between them.
func (c Context) readCalendar(readings []calendarDay, p phrase) reading {
	var fits, excluded []Date
	for _, said := range readings {
		d, ok := c.resolveDay(said)
		switch {
		case !ok:
			return c.impossible(said, p)
		case p.weekday != nil && d.Weekday() != p.weekday.weekday:
			excluded = append(excluded, d)
		default:
			fits = append(fits, d)
		}
	}
	if len(fits) == 0 {
		near := upcoming(excluded[0].AddDays(-3), p.weekday.weekday)
		return reading{err: &Error{Code: Mismatch, Suggestions: []Due{c.at(excluded[0], p), c.at(near, p)}}}
	}
	r := c.settle(fits[0], p)
	r.recent = readings[0].year == 0 && fits[0].AddMonths(-12).DaysUntil(c.today()) < recentDays
	for _, d := range fits[1:] {
		if r.err != nil {
			r.err.Suggestions = append(r.err.Suggestions, c.at(d, p))
			continue
		}
		r.alternatives = append(r.alternatives, c.at(d, p))
	}
	return r
}

// recentDays is for how long people talk about a day without its year.
const recentDays = 120

// resolveDay gives a day without a year the first one in which it exists and is not over; ok is false where there is none.
func (c Context) resolveDay(said calendarDay) (Date, bool) {
	if said.year != 0 {
		d := Date{said.year, said.month, said.day}
		return d, d.Valid()
	}
	today := c.today()
	for year := today.Year; year <= today.Year+8; year++ { // 29 February skips 2100
		if d := (Date{year, said.month, said.day}); d.Valid() && !d.Before(today) {
			return d, true
		}
	}
	return Date{}, false
}

// impossible offers the last day of the month that was said, in the first year in which it lies ahead.
func (c Context) impossible(said calendarDay, p phrase) reading {
	r := reading{err: &Error{Code: Impossible}}
	if said.month < time.January || said.month > time.December {
		return r
	}
	year := max(said.year, c.today().Year)
	last := Date{year, said.month, 1}.lastOfMonth()
	if !c.ahead(c.at(last, p)) {
		last = Date{year + 1, said.month, 1}.lastOfMonth()
	}
	r.err.Suggestions = []Due{c.at(last, p)}
	return r
}

// readDayOfMonth reads "the 15th": of this month or of the next that has such a day.
func (c Context) readDayOfMonth(p phrase) reading {
	first := Date{c.today().Year, c.today().Month, 1}
	for n := range 4 {
		month := first.AddMonths(n)
		if d := (Date{month.Year, month.Month, p.day.day}); d.Valid() && !d.Before(c.today()) {
			if p.weekday != nil && d.Weekday() != p.weekday.weekday {
				near := upcoming(d.AddDays(-3), p.weekday.weekday)
				return reading{err: &Error{Code: Mismatch, Suggestions: []Due{c.at(d, p), c.at(near, p)}}}
			}
			return c.settle(d, p)
		}
	}
	return reading{err: &Error{Code: Impossible}}
}
