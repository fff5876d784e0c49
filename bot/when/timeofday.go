package when

import (
	"slices"
	"time"
)

// readClock reads a time without a day: today, or tomorrow when it is over.
func (c Context) readClock(p phrase) reading {
	today := c.today()
	next := c.at(c.workDaysAfter(today, 1), p)
	due := c.at(today, p)
	switch {
	case c.ahead(due) && p.clock.meaning == "day end" && !c.workDay(today):
		return reading{due: due, alternatives: []Due{next}}
	case c.ahead(due):
		return reading{due: due, needsBy: p.clock.vague()}
	case p.clock.meaning == "day end":
		return reading{due: next, notice: NextWorkDay}
	}
	return reading{due: c.at(today.AddDays(1), p), alternatives: []Due{next}, needsBy: p.clock.vague()}
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
	case "time", "hour", "o'clock", "by o'clock", "about o'clock", "half hour", "half past", "half before", "quarter past", "quarter before":
		at := p.clock.wall()
		late := dayPart == "afternoon" || dayPart == "evening"
		if at.Hour < 12 && (late || (meaning != "time" || p.clock.spoken) && dayPart == "" && at.Hour >= 1 && at.Hour <= 6) {
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
	case "half past", "half hour":
		return Clock{p.n % 24, 30}
	case "half before":
		return Clock{hourBefore(p.n), 30}
	case "quarter past":
		return Clock{p.n % 24, 15}
	case "quarter before":
		return Clock{hourBefore(p.n), 45}
	}
	return p.clock
}

// hourEarlier returns the phrase with its hour one less.
func (p phrase) hourEarlier() phrase {
	clock := *p.clock
	clock.n = hourBefore(clock.n)
	p.clock = &clock
	return p
}

// hourBefore returns the hour that "halb eins" is in: half past twelve, not half past midnight.
func hourBefore(n int) int {
	if n == 1 {
		return 12
	}
	return (n + 23) % 24
}

// dayMorning reports whether the phrase has a morning, which an afternoon does not make up for as an evening does.
func (p phrase) dayMorning() bool {
	if p.day != nil && p.day.ownDayPart() == "morning" || p.dayPart != nil && p.dayPart.meaning == "morning" {
		return true
	}
	return p.clock != nil && (p.clock.meaning == "morning" || p.clock.meaning == "day start")
}

// exactTime reports whether the phrase has a time on the clock and not only a part of the day.
func (p phrase) exactTime() bool {
	return p.clock != nil && slices.Contains([]string{
		"time", "hour", "o'clock", "by o'clock", "half past", "half before", "quarter past", "quarter before", "noon",
	}, p.clock.meaning)
}
