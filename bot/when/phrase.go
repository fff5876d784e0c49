package when

import (
	"slices"
	"strings"
)

// knownMeanings are the names that tables have on the left, by section. Each has its case in reading.go or every.go.
var knownMeanings = map[string]map[string]bool{
	"dates": set("today", "tomorrow", "after tomorrow", "tomorrow or after", "yesterday", "weekday", "this weekday", "coming weekday", "next weekday",
		"last weekday", "weekday next week", "weekday plus", "weekday in a week", "weekday in two weeks",
		"tomorrow plus", "tomorrow in a week", "from now", "one or two", "in minutes", "in an hour", "in a week", "in two weeks", "weeks from today",
		"weeks from weekday", "in eight days", "in fifteen days", "weekday and day", "weekend",
		"calendar week", "start of calendar week", "middle of calendar week", "weekday of calendar week", "ago", "this week", "next week",
		"week after next", "last week", "start of next week", "middle of next week", "this month", "next month", "start of next month",
		"last month", "this quarter", "next quarter", "quarter", "whole quarter", "this year", "end of month", "middle of month",
		"start of month", "month", "day and month", "days and month", "day of the month", "day of next month", "nth weekday", "nth weekday next month", "number",
		"half an hour", "hour and a half",
		"this morning", "this afternoon", "tonight"),
	"times": set("time", "hour", "o'clock", "by o'clock", "about o'clock", "half hour", "half past", "half before", "quarter past", "quarter before", "day start", "noon",
		"midnight", "morning", "afternoon", "evening", "day end", "morning after day", "afternoon after day"),
	"whole": set("from now"),
	"rules": set("every unit", "every other unit", "every weekdays", "every other weekday", "every nth weekday",
		"every day of month", "every workday"),
}

func set(names ...string) map[string]bool {
	m := make(map[string]bool, len(names))
	for _, name := range names {
		m[name] = true
	}
	return m
}

// part is a meaning with what its slots took.
type part struct {
	meaning string
	captured
}

// phrase is one way to read tokens as a date: at most a day, a weekday beside it, and a time.
type phrase struct {
	day     *part
	weekday *part // said beside a calendar day: "friday 27 march"
	clock   *part
	dayPart *part // said beside a clock: "tomorrow morning at 9"
	weak    bool  // every part of it often means something else
	parts   int
}

// maxPhrase is how many words the longest date may have: "by the end of the day on friday, the 27th of march 2026".
const maxPhrase = 14

// readPhrase reads all the tokens as one date; ok is false when they are none. Of several readings the one with the fewest
// parts wins, then the one that stands first in the tables.
func (l *language) readPhrase(c Context, tokens []token, whole bool) (best phrase, ok bool) {
	if len(tokens) == 0 || len(tokens) > maxPhrase || !punctuatedAsOne(tokens) {
		return phrase{}, false
	}
	dates := &l.dateIndex
	if whole {
		dates = &l.wholeIndex
	}
	var walk func(at int, p phrase)
	walk = func(at int, p phrase) {
		if at == len(tokens) {
			if p.complete() && (!ok || p.parts < best.parts) {
				best, ok = p, true
			}
			return
		}
		if p.parts == 3 {
			return
		}
		starts, clockStarts := l.afterJoin(tokens, at, p)
		for _, from := range starts {
			for _, n := range dates.startingAt(l, c, tokens, from) {
				d := &dates.patterns[n]
				for _, m := range d.matches(l, c, tokens, from) {
					if next, fits := p.withDay(part{d.meaning, m.captured}); fits {
						walk(m.end, next)
					}
				}
			}
		}
		for _, from := range clockStarts {
			for _, n := range l.timeIndex.startingAt(l, c, tokens, from) {
				t := &l.timeIndex.patterns[n]
				for _, m := range t.matches(l, c, tokens, from) {
					if next, fits := p.withClock(part{t.meaning, m.captured}); fits {
						walk(m.end, next)
					}
				}
			}
		}
	}
	walk(0, phrase{weak: true})
	return best, ok
}

// afterJoin returns where the next part may start: here or, between two parts, after one joining word. Some of those only join
// a time to a day before it: "friday before noon".
func (l *language) afterJoin(tokens []token, at int, p phrase) (starts, clockStarts []int) {
	starts = []int{at}
	if p.parts == 0 {
		return starts, starts
	}
	for _, e := range l.between.at(tokens, at) {
		switch next := at + len(e.words); {
		case e.meaning == "join" && p.day != nil && l.limits(e):
			clockStarts = append(clockStarts, next) // "freitag bis 15 Uhr", but not "1.10 bis freitag"
		case e.meaning == "join" && p.clock != nil && p.day == nil && p.clock.meaning == "hour" && l.limits(e): // "raise it by 5 by friday"
		case e.meaning == "join":
			starts, clockStarts = append(starts, next), append(clockStarts, next)
		case e.meaning == "join time" && p.day != nil:
			clockStarts = append(clockStarts, next)
		}
	}
	return starts, append([]int{at}, clockStarts...)
}

// limits reports whether a joining word says "by", too.
func (l *language) limits(e entry) bool {
	return slices.ContainsFunc(l.markers[e.words[0]], func(m entry) bool { return marker(m.meaning) == byMarker && slices.Equal(m.words, e.words) })
}

// punctuatedAsOne reports whether nothing between the words ends a sentence or opens another thought.
func punctuatedAsOne(tokens []token) bool {
	last := len(tokens) - 1
	if tokens[0].glued {
		return false
	}
	for i, t := range tokens {
		switch {
		case t.opaque || t.word == "":
			return false
		case i > 0 && strings.Trim(t.lead, "(*_") != "":
			return false
		case i == last:
		case t.trail == "" || t.trail == "," || t.trail == "'":
		case t.trail == "." && (len(t.word) <= 5 || t.word[0] <= '9'):
		case t.trail == ".," && t.word[0] <= '9': // "31.3., 15 Uhr"
		default:
			return false
		}
	}
	return true
}

func (p phrase) withDay(d part) (phrase, bool) {
	p.parts++
	p.weak = p.weak && d.weak
	switch {
	case d.upTo > 0 && d.meaning != "from now":
		return p, false
	case p.day == nil:
		p.day = &d
	case p.weekday == nil && p.day.meaning == "weekday" && d.calendar():
		p.weekday, p.day = p.day, &d
	case p.weekday == nil && d.meaning == "weekday" && (p.day.calendar() || p.day.relative()):
		p.weekday = &d
	default:
		return p, false
	}
	return p, true
}

func (p phrase) withClock(t part) (phrase, bool) {
	p.parts++
	p.weak = p.weak && t.weak && (p.day == nil || p.day.meaning != "weekday" || t.meaning != "time") // "seg 9h" is clear
	if named, after := strings.CutSuffix(t.meaning, " after day"); after {                           // "friday pm"
		if p.day == nil || p.clock != nil {
			return p, false
		}
		t.meaning = named
	}
	switch {
	case t.upTo > 0:
		return p, false
	case p.clock == nil:
		p.clock = &t
	case p.dayPart == nil && p.clock.partOfDay() && !t.partOfDay() && t.meaning != "day end":
		p.dayPart, p.clock = p.clock, &t
	case p.dayPart == nil && t.partOfDay() && !p.clock.partOfDay() && p.clock.meaning != "day end":
		p.dayPart = &t
	default:
		return p, false
	}
	return p, true
}

// complete reports whether the parts make a date. An hour without am, pm or minutes needs a day, and a length of time in
// minutes or hours takes no time of day.
func (p phrase) complete() bool {
	if p.clock != nil && !p.clock.plausible(p.day != nil || p.dayPart != nil) {
		return false
	}
	if p.day == nil {
		return p.clock != nil && (p.clock.meaning != "hour" || p.dayPart != nil)
	}
	if p.clock == nil {
		return true
	}
	short := p.day.unit == MinuteUnit || p.day.unit == HourUnit || p.day.meaning == "half an hour" || p.day.meaning == "hour and a half"
	return !short && p.day.meaning != "month" && p.day.meaning != "whole quarter"
}

// plausible reports whether a time in words can be meant: none has an hour above 24, and without am or pm "before 9" could be
// in the evening, unless more is said beside it.
func (d part) plausible(beside bool) bool {
	switch d.meaning {
	case "half past", "half before", "half hour":
		return d.n <= 24
	case "quarter past", "quarter before":
		return d.n <= 12
	case "o'clock", "about o'clock":
		return beside || d.hour >= 12 || d.hour >= 1 && d.hour <= 6
	case "by o'clock":
		return !beside && (d.hour == 12 || d.hour >= 1 && d.hour <= 6)
	}
	return true
}

// bareWeekday reports whether the phrase is a weekday alone: two of them beside "or" are clear, however short.
func (p phrase) bareWeekday() bool { return p.parts == 1 && p.day != nil && p.day.meaning == "weekday" }

// period reports whether the phrase names a week, a month, a quarter or a year and nothing else.
func (p phrase) period() bool {
	if p.day == nil || p.parts > 1 {
		return false
	}
	switch p.day.meaning {
	case "this week", "next week", "week after next", "this month", "next month", "this quarter", "next quarter", "this year":
		return true
	}
	return false
}

// calendar reports whether d names a day of a month, so that a weekday beside it only confirms it.
func (d part) calendar() bool {
	switch d.meaning {
	case "day and month", "day of the month", "number":
		return true
	}
	return false
}

// vague reports whether a time without a day is a deadline only after a word like "by": "in the morning", "5ish".
func (d part) vague() bool { return d.partOfDay() || d.meaning == "about o'clock" }

// relative reports whether d is said from today on, so that a weekday beside it only confirms it: "tomorrow (thursday)".
func (d part) relative() bool {
	switch d.meaning {
	case "today", "tomorrow", "after tomorrow":
		return true
	}
	return false
}

func (d part) partOfDay() bool {
	switch d.meaning {
	case "morning", "afternoon", "evening":
		return true
	}
	return false
}

// ownDayPart returns the part of the day that a word for a day carries: "tonight".
func (d part) ownDayPart() string {
	switch d.meaning {
	case "this morning":
		return "morning"
	case "this afternoon":
		return "afternoon"
	case "tonight":
		return "evening"
	}
	return ""
}
