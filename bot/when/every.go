package when

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Unit is a length of time that people count in.
type Unit string

// The units. Rules of repetition use days and longer ones.
const (
	MinuteUnit  Unit = "minute"
	HourUnit    Unit = "hour"
	DayUnit     Unit = "day"
	WorkdayUnit Unit = "workday"
	WeekUnit    Unit = "week"
	MonthUnit   Unit = "month"
	QuarterUnit Unit = "quarter"
	YearUnit    Unit = "year"
)

// Anchor says what a rule of repetition counts from.
type Anchor string

// The anchors.
const (
	// OnCompletion counts from the day on which the last one was done: "every 2 weeks".
	OnCompletion Anchor = "completion"
	// OnCalendar falls on fixed days, whenever the last one was done: "every friday".
	OnCalendar Anchor = "calendar"
)

// Every is a rule of repetition.
type Every struct {
	Unit   Unit   `json:"unit"`
	N      int    `json:"n"` // every N units, at least 1
	On     []On   `json:"on,omitempty"`
	Anchor Anchor `json:"anchor"`
}

// On is a day within the unit of a rule. Its text form is "friday", "first monday", "last friday" or "15".
type On struct {
	Weekday time.Weekday
	Nth     int // 0 in each week; 1 to 4, or -1 for the last, in each month
	Day     int // day of the month, 1 to 31; Weekday and Nth mean nothing then. Shorter months end earlier.
}

var nthNames = map[int]string{1: "first ", 2: "second ", 3: "third ", 4: "fourth ", -1: "last "}

// String returns the text form.
func (o On) String() string {
	if o.Day > 0 {
		return strconv.Itoa(o.Day)
	}
	return nthNames[o.Nth] + strings.ToLower(o.Weekday.String())
}

// MarshalText writes the text form.
func (o On) MarshalText() ([]byte, error) { return []byte(o.String()), nil }

// UnmarshalText reads what MarshalText writes.
func (o *On) UnmarshalText(text []byte) error {
	s := string(text)
	if day, err := strconv.Atoi(s); err == nil && day >= 1 && day <= 31 {
		*o = On{Day: day}
		return nil
	}
	*o = On{}
	for nth, name := range nthNames {
		if after, ok := strings.CutPrefix(s, name); ok {
			o.Nth, s = nth, after
		}
	}
	day, ok := weekdayNamed(s)
	if !ok {
		return fmt.Errorf("read day of a rule %q: no such day", text)
	}
	o.Weekday = day
	return nil
}

// First returns the first deadline of a rule that is stated at c.Now: the next day that fits, today included while its
// working day lasts, or a whole interval from today when the rule counts from completion.
func (e Every) First(c Context) Due { return c.EndOfDay(e.firstDay(c, c.EndOfDay)) }

// NextDue returns the deadline after last for a commitment that was kept at c.Now: an interval from today when the rule counts
// from completion, else the first fitting day after last that still lies ahead, so that what was missed is not made up for.
// A time that was stated stays, in its zone. Nil for last makes it the first deadline.
func (e Every) NextDue(c Context, last *Due) Due {
	if last == nil {
		return e.First(c)
	}
	on := c.EndOfDay
	if last.ExplicitTime {
		on = func(d Date) Due {
			if zone, err := time.LoadLocation(last.Zone); err == nil {
				c.Zone = zone
			}
			return c.atClock(d, last.Time)
		}
	}
	if e.Anchor == OnCompletion {
		return on(c.add(c.today(), e.interval(), e.Unit))
	}
	d := e.Next(c, last.Date)
	for !c.ahead(on(d)) {
		d = e.Next(c, d)
	}
	return on(d)
}

// interval is N, at least 1, whatever was stored.
func (e Every) interval() int { return max(e.N, 1) }

func (e Every) firstDay(c Context, at func(Date) Due) Date {
	today := c.today()
	if e.Anchor == OnCompletion {
		return c.add(today, e.interval(), e.Unit)
	}
	once := e
	once.N = 1
	d := once.Next(c, today.AddDays(-1))
	if d == today && !c.ahead(at(d)) {
		return once.Next(c, today)
	}
	return d
}

// Next returns the day of a rule that follows one of its days, which it needs to count from: every second Friday after any
// other day is a guess. For a rule that counts from completion, after is the day on which it was done.
func (e Every) Next(c Context, after Date) Date {
	n := e.interval()
	if len(e.On) == 0 {
		if next := c.add(after, n, e.Unit); after.Before(next) {
			return next
		}
		return after.AddDays(n) // a unit that is none
	}
	if e.Unit == WeekUnit {
		return e.nextInWeeks(after, n)
	}
	if d := e.On[0].inMonth(after); after.Before(d) {
		return d
	}
	return e.On[0].inMonth(Date{after.Year, after.Month, 1}.AddMonths(n))
}

// nextInWeeks takes what is left of the week of the last deadline, then skips to the n-th week after it. Weeks of a rule
// start on Monday.
func (e Every) nextInWeeks(after Date, n int) Date {
	monday := after.AddDays(-(int(after.Weekday()) + 6) % 7)
	for d := after.AddDays(1); d.Before(monday.AddDays(7)); d = d.AddDays(1) {
		if e.falls(d) {
			return d
		}
	}
	d := monday.AddDays(7 * n)
	for range 6 {
		if e.falls(d) {
			break
		}
		d = d.AddDays(1)
	}
	return d
}

func (e Every) falls(d Date) bool {
	return slices.ContainsFunc(e.On, func(o On) bool { return o.Weekday == d.Weekday() })
}

// inMonth returns the day in d's month.
func (o On) inMonth(d Date) Date {
	if o.Day > 0 {
		return Date{d.Year, d.Month, min(o.Day, daysIn(d.Year, d.Month))}
	}
	return nthWeekday(d.Year, d.Month, o.Nth, o.Weekday)
}

// nthWeekday returns the nth (1 to 4, or -1 for the last) such weekday of a month.
func nthWeekday(year int, month time.Month, nth int, day time.Weekday) Date {
	if nth < 0 {
		last := Date{year, month, daysIn(year, month)}
		return last.AddDays(-(int(last.Weekday()-day) + 7) % 7)
	}
	return upcoming(Date{year, month, 1}, day).AddDays(7 * (nth - 1))
}

// upcoming returns the first such weekday from d on, d included.
func upcoming(d Date, day time.Weekday) Date {
	return d.AddDays((int(day-d.Weekday()) + 7) % 7)
}

// add returns the day n units after d. Minutes and hours are no days: they add none.
func (c Context) add(d Date, n int, u Unit) Date {
	switch u {
	case DayUnit:
		return d.AddDays(n)
	case WorkdayUnit:
		return c.workDaysAfter(d, n)
	case WeekUnit:
		return d.AddDays(7 * n)
	case MonthUnit:
		return d.AddMonths(n)
	case QuarterUnit:
		return d.AddMonths(3 * n)
	case YearUnit:
		return d.AddMonths(12 * n)
	}
	return d
}

// ruleOf makes a rule of a matched pattern; ok is false for what is no rule, such as "every 3 hours".
func (c Context) ruleOf(p part) (Every, bool) {
	if p.upTo > 0 {
		return Every{}, false // "every 2-3 weeks" has no next day
	}
	switch p.meaning {
	case "every unit", "every other unit":
		n := max(p.n, 1)
		if p.meaning == "every other unit" {
			n = 2
		}
		switch p.unit {
		case MinuteUnit, HourUnit, "":
			return Every{}, false
		case WorkdayUnit:
			if n == 1 {
				return c.everyWorkday(), true
			}
		}
		return Every{Unit: p.unit, N: n, Anchor: OnCompletion}, true
	case "every weekdays":
		days := slices.Clone(p.weekdays)
		slices.SortFunc(days, func(a, b time.Weekday) int { return (int(a)+6)%7 - (int(b)+6)%7 })
		return onWeekdays(slices.Compact(days)), true
	case "every other weekday":
		e := onWeekdays([]time.Weekday{p.weekday})
		e.N = 2
		return e, true
	case "every nth weekday":
		if len(p.weekdays) > 0 { // "tous les premiers lundis"; of two days in a month there is no rule
			p.weekday = p.weekdays[0]
		}
		if len(p.weekdays) > 1 {
			return Every{}, false
		}
		return Every{Unit: MonthUnit, N: 1, On: []On{{Weekday: p.weekday, Nth: p.nth}}, Anchor: OnCalendar}, true
	case "every day of month":
		return Every{Unit: MonthUnit, N: 1, On: []On{{Day: p.day}}, Anchor: OnCalendar}, true
	case "every workday":
		return c.everyWorkday(), true
	}
	return Every{}, false
}

func (c Context) everyWorkday() Every {
	var days []time.Weekday
	for n := range 7 {
		if day := time.Weekday((n + 1) % 7); c.worksOn(day) {
			days = append(days, day)
		}
	}
	return onWeekdays(days)
}

func onWeekdays(days []time.Weekday) Every {
	e := Every{Unit: WeekUnit, N: 1, Anchor: OnCalendar}
	for _, day := range days {
		e.On = append(e.On, On{Weekday: day})
	}
	return e
}

// readRule reads all the tokens as a rule of repetition, perhaps with a time, and returns its first deadline too.
func (l *language) readRule(c Context, tokens []token) (Every, Due, bool) {
	if len(tokens) == 0 || !punctuatedAsOne(tokens) {
		return Every{}, Due{}, false
	}
	for _, n := range l.ruleIndex.startingAt(l, c, tokens, 0) {
		r := &l.ruleIndex.patterns[n]
		for _, m := range r.matches(l, c, tokens, 0) {
			every, ok := c.ruleOf(part{r.meaning, m.captured})
			if !ok {
				continue
			}
			at, ok := l.ruleTime(c, tokens, m.end)
			if !ok {
				continue
			}
			due := at(every.firstDay(c, at))
			return every, due, c.today().DaysUntil(due.Date) <= farAhead
		}
	}
	return Every{}, Due{}, false
}

// ruleTime reads what follows a rule up to the end: nothing, or a time of day.
func (l *language) ruleTime(c Context, tokens []token, from int) (func(Date) Due, bool) {
	if from == len(tokens) {
		return c.EndOfDay, true
	}
	_, starts := l.afterJoin(tokens, from, phrase{parts: 1})
	for _, start := range starts {
		for _, n := range l.timeIndex.startingAt(l, c, tokens, start) {
			t := &l.timeIndex.patterns[n]
			for _, m := range t.matches(l, c, tokens, start) {
				if m.end == len(tokens) {
					p := phrase{clock: &part{t.meaning, m.captured}}
					return func(d Date) Due { return c.at(d, p) }, true
				}
			}
		}
	}
	return nil, false
}
