package when

import (
	"slices"
	"time"
)

// reading is a phrase turned into deadlines.
type reading struct {
	due          Due
	alternatives []Due
	notice       Notice
	err          *Error
	// doubtful readings are taken only where nothing but a date is expected.
	doubtful  bool
	confirm   bool
	weak      bool // often means something else
	ago       bool // tells of the past and can hardly be a slip
	needsBy   bool // is a deadline only after a word like "by"
	timeOnly  bool // has no day
	elsewhere bool // is the time of another zone
	proper    bool // is a weekday that could be a name: "Do"
	bareDay   bool // is a weekday without more
	byOnly    bool // is no deadline at all without a word like "by"
	byHour    bool // "by 5", which can be an amount
	calendar  bool // names a day of a month
	recent    bool // the same day of this year was not long ago, so that "on march 3" may tell of it
	period    bool // a week, month, quarter or year, which can be the thing itself: "plan next week"
}

// read turns a phrase into deadlines and checks what holds for each of them.
func (c Context) read(p phrase) reading {
	r := c.readDay(p)
	if p.clock != nil && len(p.clock.offsets) > 0 {
		r = c.readElsewhere(p)
	}
	if r.err == nil && c.today().DaysUntil(r.due.Date) > farAhead {
		r.err = &Error{Code: TooFar}
	}
	if r.err != nil {
		r.err.Suggestions = c.plausible(r.err.Suggestions)
		return reading{err: r.err, ago: r.ago}
	}
	if p.clock != nil && p.clock.meaning == "half hour" { // "half 3": most people's half past two is half past three in Britain
		r.doubtful = true
		r.alternatives = append(r.alternatives, c.at(r.due.Date, p.hourEarlier()))
	}
	r.confirm = r.confirm || c.today().DaysUntil(r.due.Date) > confirmAfter
	r.alternatives = slices.DeleteFunc(c.plausible(r.alternatives), func(d Due) bool { return d == r.due })
	slices.SortStableFunc(r.alternatives, func(a, b Due) int { return a.In(c.zone()).Compare(b.In(c.zone())) })
	r.alternatives = slices.Compact(r.alternatives)
	if at, stated := p.stated(); stated && r.notice == "" && !r.elsewhere && r.due.ExplicitTime && r.due.Time != at {
		r.notice = GapTime
	}
	return r
}

// plausible drops what is over or too far ahead.
func (c Context) plausible(dues []Due) []Due {
	return slices.DeleteFunc(dues, func(d Due) bool { return !c.ahead(d) || c.today().DaysUntil(d.Date) > farAhead })
}

func (c Context) readDay(p phrase) reading {
	if p.day == nil {
		return c.readClock(p)
	}
	today, day := c.today(), p.day.weekday
	switch p.day.meaning {
	case "today", "this morning", "this afternoon", "tonight":
		return c.confirmed(today, p)
	case "tomorrow":
		return c.confirmed(today.AddDays(1), p)
	case "after tomorrow":
		return c.confirmed(today.AddDays(2), p)
	case "weekday", "this weekday":
		return c.readWeekday(p)
	case "coming weekday": // on a Wednesday, the coming one is not today
		return c.settle(upcoming(today.AddDays(1), day), p)
	case "next weekday":
		d := upcoming(today.AddDays(1), day)
		r := c.settle(d, p)
		if c.weekStart(d) == c.weekStart(today) {
			r.alternatives = append(r.alternatives, c.at(d.AddDays(7), p))
		}
		return r
	case "last weekday":
		return reading{err: &Error{Code: Past, Suggestions: []Due{c.at(upcoming(today.AddDays(1), day), p)}}}
	case "yesterday", "ago", "last week", "last month":
		return reading{err: &Error{Code: Past}, ago: p.day.meaning != "yesterday"}
	case "weekday next week":
		return c.settle(upcoming(c.weekStart(today).AddDays(7), day), p)
	case "weekday plus":
		return c.settle(c.add(upcoming(today, day), p.day.n, p.day.unit), p)
	case "weekday in a week":
		return c.settle(upcoming(today, day).AddDays(7), p)
	case "weekday in two weeks":
		return c.settle(upcoming(today, day).AddDays(14), p)
	case "tomorrow plus":
		return c.settle(c.add(today.AddDays(1), p.day.n, p.day.unit), p)
	case "tomorrow or after":
		return c.either(c.settle(today.AddDays(1), p), c.settle(today.AddDays(2), p))
	case "weeks from today":
		return c.settle(today.AddDays(7*p.day.n), p)
	case "weeks from weekday":
		r := c.settle(upcoming(today, day).AddDays(7*p.day.n), p)
		r.needsBy = true // "it slipped two weeks on friday"
		return r
	case "tomorrow in a week":
		return c.settle(today.AddDays(8), p)
	case "in a week":
		return c.settle(today.AddDays(7), p)
	case "in two weeks":
		return c.settle(today.AddDays(14), p)
	case "in eight days": // "in acht Tagen" is a week, as most people say it
		return c.either(c.settle(today.AddDays(7), p), c.settle(today.AddDays(8), p))
	case "in fifteen days": // "dans quinze jours" is two weeks
		return c.either(c.settle(today.AddDays(14), p), c.settle(today.AddDays(15), p))
	case "weekend":
		return c.readWeekend(p)
	case "calendar week", "start of calendar week", "middle of calendar week", "weekday of calendar week":
		return c.readCalendarWeek(p)
	case "from now":
		return c.readFromNow(p)
	case "one or two":
		p.day.n, p.day.upTo = 1, 2
		return c.readFromNow(p)
	case "in minutes":
		return c.readHours(p.day.n, MinuteUnit)
	case "half an hour":
		return c.readHours(30, MinuteUnit)
	case "in an hour":
		return c.readHours(1, HourUnit)
	case "hour and a half":
		return c.readHours(90, MinuteUnit)
	case "day and month":
		return c.readCalendar([]calendarDay{{p.day.year, p.day.month, p.day.day}}, p)
	case "number":
		return c.readCalendar(p.day.numbers, p)
	case "days and month":
		return c.readDays(p)
	case "day of the month":
		return c.readDayOfMonth(p)
	case "weekday and day":
		p.weekday = p.day
		return c.readDayOfMonth(p)
	case "this week":
		end := c.weekEnd(c.weekStart(today))
		if !c.ahead(c.at(end, p)) {
			return reading{due: c.at(c.weekEnd(c.weekStart(today).AddDays(7)), p), notice: NextWorkDay}
		}
		return c.settle(end, p)
	}
	return c.readPeriod(p)
}

// readPeriod reads the ends and starts of weeks, months, quarters and years.
func (c Context) readPeriod(p phrase) reading {
	today := c.today()
	first := Date{today.Year, today.Month, 1}
	quarter := Date{today.Year, today.Month - (today.Month-1)%3, 1}
	switch p.day.meaning {
	case "next week":
		return c.settle(c.weekEnd(c.weekStart(today).AddDays(7)), p)
	case "week after next":
		return c.settle(c.weekEnd(c.weekStart(today).AddDays(14)), p)
	case "start of next week":
		return c.settle(c.workDaysAfter(c.weekStart(today).AddDays(6), 1), p)
	case "middle of next week":
		return c.settle(c.weekStart(today).AddDays(9), p)
	case "this month":
		return c.settle(today.lastOfMonth(), p)
	case "next month":
		return c.settle(first.AddMonths(1).lastOfMonth(), p)
	case "start of next month":
		return c.settle(first.AddMonths(1), p)
	case "day of next month":
		next := first.AddMonths(1)
		return c.readCalendar([]calendarDay{{next.Year, next.Month, p.day.day}}, p)
	case "this quarter":
		return c.settle(quarter.AddMonths(2).lastOfMonth(), p)
	case "next quarter":
		return c.settle(quarter.AddMonths(5).lastOfMonth(), p)
	case "quarter":
		return c.inYear(p, p.day.quarterEnd)
	case "whole quarter":
		return c.readQuarter(p)
	case "this year":
		return c.settle(Date{today.Year, time.December, 31}, p)
	case "end of month":
		return c.inYear(p, func(year int) Date { return Date{year, p.day.month, 1}.lastOfMonth() })
	case "middle of month":
		return c.inYear(p, func(year int) Date { return Date{year, p.day.month, 15} })
	case "start of month":
		return c.inYear(p, func(year int) Date { return Date{year, p.day.month, 1} })
	case "nth weekday":
		return c.inYear(p, func(year int) Date { return nthWeekday(year, p.day.month, p.day.nth, p.day.weekday) })
	case "nth weekday next month":
		next := first.AddMonths(1)
		return c.settle(nthWeekday(next.Year, next.Month, p.day.nth, p.day.weekday), p)
	}
	return c.readMonth(p)
}

// readMonth reads a bare month. Its start and its end are both plausible, so it is never taken without asking.
func (c Context) readMonth(p phrase) reading {
	end := c.inYear(p, func(year int) Date { return Date{year, p.day.month, 1}.lastOfMonth() })
	if end.err != nil {
		return end
	}
	end.doubtful, end.confirm = true, true
	if start := c.at(Date{end.due.Date.Year, end.due.Date.Month, 1}, p); c.ahead(start) {
		end.due, end.alternatives = start, []Due{end.due}
	}
	return end
}

// readQuarter reads a bare quarter, of which, as of a month, the start and the end are plausible.
func (c Context) readQuarter(p phrase) reading {
	end := c.inYear(p, p.day.quarterEnd)
	if end.err != nil {
		return end
	}
	end.doubtful, end.confirm, end.byOnly = true, true, true
	month := end.due.Date
	if start := c.at(Date{month.Year, month.Month, 1}.AddMonths(-2), p); c.ahead(start) {
		end.due, end.alternatives = start, []Due{end.due}
	}
	return end
}

// quarterEnd returns the last day of "q2" or of the "second" quarter.
func (p part) quarterEnd(year int) Date {
	n := p.quarter
	if n == 0 {
		if n = p.nth; n < 0 {
			n = 4
		}
	}
	return Date{year, time.Month(3 * n), 1}.lastOfMonth()
}

// readDays reads "3-5 april": by the first of these days, perhaps by the last.
func (c Context) readDays(p phrase) reading {
	first := c.readCalendar([]calendarDay{{p.day.year, p.day.month, p.day.day}}, p)
	if first.err == nil {
		last := c.readCalendar([]calendarDay{{first.due.Date.Year, p.day.month, p.day.lastDay}}, p)
		if last.err != nil {
			return last
		}
		first.alternatives = append(first.alternatives, last.due)
	}
	first.byOnly = true
	return first
}

// readFromNow reads "in 2 days"; of "in 2-3 days" the earlier is taken and the later offered.
func (c Context) readFromNow(p phrase) reading {
	after := func(n int) reading {
		if p.day.unit == MinuteUnit || p.day.unit == HourUnit {
			return c.readHours(n, p.day.unit)
		}
		return c.settle(c.add(c.today(), n, p.day.unit), p)
	}
	r := after(max(p.day.n, 1)) // "numa semana" has no number
	if p.day.upTo > 0 {
		return c.either(r, after(p.day.upTo))
	}
	return r
}

// confirmed takes a day unless the weekday beside it is another one.
func (c Context) confirmed(d Date, p phrase) reading {
	if p.weekday != nil && p.weekday.weekday != d.Weekday() {
		near := upcoming(c.today(), p.weekday.weekday)
		return reading{err: &Error{Code: Mismatch, Suggestions: []Due{c.at(d, p), c.at(near, p)}}}
	}
	return c.settle(d, p)
}

// inYear takes a day of the stated year or, without one, of the first year in which it is not over.
func (c Context) inYear(p phrase, in func(year int) Date) reading {
	if p.day.year != 0 {
		return c.settle(in(p.day.year), p)
	}
	d := in(c.today().Year)
	if d.Before(c.today()) {
		d = in(c.today().Year + 1)
	}
	return c.settle(d, p)
}

func (c Context) readWeekday(p phrase) reading {
	d := upcoming(c.today(), p.day.weekday)
	due, later := c.at(d, p), c.at(d.AddDays(7), p)
	switch {
	case !c.ahead(due):
		return reading{due: later}
	case d == c.today() && p.day.meaning == "weekday":
		return reading{due: due, alternatives: []Due{later}}
	}
	return reading{due: due}
}

// readWeekend reads "by the weekend": the end of the working week, with the end of the weekend as the other reading. Without a
// word like "by" the weekend itself may be meant.
func (c Context) readWeekend(p phrase) reading {
	start := c.weekStart(c.today())
	friday, sunday := c.at(c.weekEnd(start), p), c.at(start.AddDays(6), p)
	if !c.ahead(friday) {
		friday, sunday = c.at(c.weekEnd(start.AddDays(7)), p), c.at(start.AddDays(13), p)
	}
	return reading{due: friday, alternatives: []Due{sunday}, needsBy: true}
}

// readCalendarWeek reads "KW 14" and its start, middle or one of its days: of the week with that number of ISO 8601, in this
// year or, when it is over, in the next that has it.
func (c Context) readCalendarWeek(p phrase) reading {
	for year := c.today().Year - 1; year <= c.today().Year+8; year++ { // the first of January can be in week 53
		first := Date{year, time.January, 4}
		monday := first.AddDays(-(int(first.Weekday())+6)%7 + 7*(p.day.n-1))
		_, week := monday.midnight().ISOWeek()
		if week == p.day.n && c.ahead(c.at(c.weekEnd(monday), p)) {
			return c.settle(c.dayInWeek(monday, p.day), p)
		}
	}
	return reading{err: &Error{Code: Impossible}}
}

// dayInWeek returns the day that is meant of the week that starts on a Monday.
func (c Context) dayInWeek(monday Date, said *part) Date {
	switch said.meaning {
	case "start of calendar week":
		return c.workDaysAfter(monday.AddDays(-1), 1)
	case "middle of calendar week":
		return monday.AddDays(2)
	case "weekday of calendar week":
		return upcoming(monday, said.weekday)
	}
	return c.weekEnd(monday)
}

// settle takes a day that was clearly meant. Today after work is still today; anything else that is over is an error.
func (c Context) settle(d Date, p phrase) reading {
	due := c.at(d, p)
	if c.ahead(due) {
		return reading{due: due}
	}
	if d != c.today() {
		return reading{err: &Error{Code: Past}}
	}
	if p.exactTime() || p.dayMorning() {
		return reading{err: &Error{Code: Past, Suggestions: []Due{c.at(d.AddDays(1), p)}}}
	}
	next := c.EndOfDay(c.workDaysAfter(d, 1))
	if late := c.atClock(d, lastMinute); c.ahead(late) {
		return reading{due: late, alternatives: []Due{next}, notice: AfterHours}
	}
	return reading{due: next, notice: NextWorkDay}
}
