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
	doubtful bool
	confirm  bool
	weak     bool // often means something else
	ago      bool // tells of the past and can hardly be a slip
	needsBy  bool // is a deadline only after a word like "by"
	timeOnly bool // has no day
	period   bool // a week, month, quarter or year, which can be the thing itself: "plan next week"
}

// read turns a phrase into deadlines and checks what holds for each of them.
func (c Context) read(p phrase) reading {
	r := c.readDay(p)
	if r.err == nil && c.today().DaysUntil(r.due.Date) > farAhead {
		r.err = &Error{Code: TooFar}
	}
	if r.err != nil {
		r.err.Suggestions = c.plausible(r.err.Suggestions)
		return reading{err: r.err, ago: r.ago}
	}
	r.confirm = r.confirm || c.today().DaysUntil(r.due.Date) > confirmAfter
	r.alternatives = slices.DeleteFunc(c.plausible(r.alternatives), func(d Due) bool { return d == r.due })
	slices.SortStableFunc(r.alternatives, func(a, b Due) int { return a.In(c.zone()).Compare(b.In(c.zone())) })
	r.alternatives = slices.Compact(r.alternatives)
	if at, stated := p.stated(); stated && r.notice == "" && r.due.ExplicitTime && r.due.Time != at {
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
		return c.settle(today, p)
	case "tomorrow":
		return c.settle(today.AddDays(1), p)
	case "after tomorrow":
		return c.settle(today.AddDays(2), p)
	case "weekday", "this weekday":
		return c.readWeekday(p)
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
	case "in a week":
		return c.settle(today.AddDays(7), p)
	case "in two weeks":
		return c.settle(today.AddDays(14), p)
	case "in fifteen days":
		return c.settle(today.AddDays(15), p)
	case "weekend":
		return c.readWeekend(p)
	case "calendar week":
		return c.readCalendarWeek(p)
	case "from now":
		if p.day.unit == MinuteUnit || p.day.unit == HourUnit {
			return c.readHours(max(p.day.n, 1), p.day.unit)
		}
		return c.settle(c.add(today, max(p.day.n, 1), p.day.unit), p) // "numa semana" has no number
	case "half an hour":
		return c.readHours(30, MinuteUnit)
	case "day and month":
		return c.readCalendar([]calendarDay{{p.day.year, p.day.month, p.day.day}}, p)
	case "number":
		return c.readCalendar(p.day.numbers, p)
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
	case "this month":
		return c.settle(today.lastOfMonth(), p)
	case "next month":
		return c.settle(first.AddMonths(1).lastOfMonth(), p)
	case "start of next month":
		return c.settle(first.AddMonths(1), p)
	case "this quarter":
		return c.settle(quarter.AddMonths(2).lastOfMonth(), p)
	case "next quarter":
		return c.settle(quarter.AddMonths(5).lastOfMonth(), p)
	case "quarter":
		return c.inYear(p, func(year int) Date { return Date{year, time.Month(3 * p.day.quarter), 1}.lastOfMonth() })
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

// readClock reads a time without a day: today, or tomorrow when it is over.
func (c Context) readClock(p phrase) reading {
	today := c.today()
	next := c.at(c.workDaysAfter(today, 1), p)
	due := c.at(today, p)
	switch {
	case c.ahead(due) && p.clock.meaning == "day end" && !c.workDay(today):
		return reading{due: due, alternatives: []Due{next}}
	case c.ahead(due):
		return reading{due: due, needsBy: p.clock.partOfDay()}
	case p.clock.meaning == "day end":
		return reading{due: next, notice: NextWorkDay}
	}
	return reading{due: c.at(today.AddDays(1), p), alternatives: []Due{next}, needsBy: p.clock.partOfDay()}
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

// readCalendarWeek reads "KW 14": the end of the working week with that number of ISO 8601, in this year or, when it is over,
// in the next that has it.
func (c Context) readCalendarWeek(p phrase) reading {
	for year := c.today().Year; year <= c.today().Year+8; year++ {
		first := Date{year, time.January, 4}
		monday := first.AddDays(-(int(first.Weekday())+6)%7 + 7*(p.day.n-1))
		_, week := monday.midnight().ISOWeek()
		if due := c.at(c.weekEnd(monday), p); week == p.day.n && c.ahead(due) {
			return reading{due: due}
		}
	}
	return reading{err: &Error{Code: Impossible}}
}

// readHours adds to the instant, not to the clock on the wall. In an hour that comes twice only its first pass can be
// written down, so a deadline in the second is moved to the end of that hour.
func (c Context) readHours(n int, u Unit) reading {
	length := time.Duration(n) * time.Minute
	if u == HourUnit {
		length = time.Duration(n) * time.Hour
	}
	want := c.Now.In(c.zone()).Add(length).Truncate(time.Minute)
	r := reading{due: c.atClock(DateOf(want), clockOf(want))}
	for at := want; r.due.In(c.zone()).Before(want); r.notice = RepeatedTime {
		at = at.Add(time.Minute)
		r.due = c.atClock(DateOf(at), clockOf(at))
	}
	return r
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
	if p.exactTime() {
		return reading{err: &Error{Code: Past, Suggestions: []Due{c.at(d.AddDays(1), p)}}}
	}
	next := c.EndOfDay(c.workDaysAfter(d, 1))
	if late := c.atClock(d, lastMinute); c.ahead(late) {
		return reading{due: late, alternatives: []Due{next}, notice: AfterHours}
	}
	return reading{due: next, notice: NextWorkDay}
}

// lastMinute is the deadline of "by midnight": one minute before, so that it belongs to the day that was meant.
var lastMinute = Clock{23, 59}

// at returns the deadline on d with the time of the phrase.
func (c Context) at(d Date, p phrase) Due {
	if at, stated := p.stated(); stated {
		return c.atClock(d, at)
	}
	return c.EndOfDay(d)
}

// stated returns the time of day that was said; false means the end of the working day, which an afternoon ends with too.
func (p phrase) stated() (Clock, bool) {
	dayPart := ""
	if p.day != nil {
		dayPart = p.day.ownDayPart()
	}
	if p.dayPart != nil {
		dayPart = p.dayPart.meaning
	}
	meaning := dayPart
	if p.clock != nil {
		meaning = p.clock.meaning
	}
	switch meaning {
	case "time", "hour", "o'clock", "half past", "half before":
		at := p.clock.wall()
		late := dayPart == "afternoon" || dayPart == "evening"
		if at.Hour < 12 && (late || meaning != "time" && dayPart == "" && at.Hour >= 1 && at.Hour <= 6) {
			at.Hour += 12
		}
		return at, true
	case "day start":
		return Clock{9, 0}, true
	case "noon", "morning":
		return Clock{12, 0}, true
	case "evening":
		return Clock{20, 0}, true
	case "midnight":
		return lastMinute, true
	}
	return Clock{}, false
}

// wall returns the time on the clock that was said.
func (p part) wall() Clock {
	switch p.meaning {
	case "half past":
		return Clock{p.n % 24, 30}
	case "half before":
		return Clock{(p.n + 23) % 24, 30}
	}
	return p.clock
}

// exactTime reports whether the phrase has a time on the clock and not only a part of the day.
func (p phrase) exactTime() bool {
	return p.clock != nil && slices.Contains([]string{"time", "hour", "o'clock", "half past", "half before", "noon"}, p.clock.meaning)
}
