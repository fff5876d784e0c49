package when

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// pattern is one way to say a meaning, with slots: "in {n} {unit}".
type pattern struct {
	meaning  string
	elements []element
	weak     bool
}

// element is one place of a pattern: a slot, or a word out of several, perhaps optional.
type element struct {
	slot     string
	words    []string
	optional bool
}

// captured is what the slots of a pattern took.
type captured struct {
	weekday  time.Weekday
	weekdays []time.Weekday
	month    time.Month
	n        int
	upTo     int // of a range: "2-3 days" has n 2 and upTo 3
	unit     Unit
	day      int
	lastDay  int // of a range: "3-5 april" has day 3 and lastDay 5
	year     int
	quarter  int
	nth      int // 1 to 4, or -1 for the last
	clock    Clock
	hour     int
	proper   bool          // the weekday is an abbreviation with a capital, as names have: "Do"
	offsets  []int         // of a time that is said in another zone, in minutes ahead of UTC
	spoken   bool          // the hour was a word, as people say who count to 12
	numbers  []calendarDay // readings of a date in digits, the likelier first
	weak     bool          // a slot took something that often means something else
}

// match is one way in which a pattern stands in tokens: from where it was tried to end.
type match struct {
	end int
	// halfRead is set while the unit of a word such as "2h" is still to be taken by its slot.
	halfRead bool
	captured
}

var slotNames = []string{
	"weekday", "weekdays", "month", "n", "unit", "day", "dayth", "days", "year", "quarter", "nth", "time", "hour", "hh", "hour.30", "hourish", "1h30",
	"half", "halfyear", "zone", "otherzone", "date",
}

func readPattern(section, meaning, way string, weak bool) (pattern, error) {
	if !knownMeanings[section][meaning] {
		return pattern{}, fmt.Errorf("section %q: unknown meaning %q", section, meaning)
	}
	p := pattern{meaning: meaning, weak: weak}
	for _, word := range splitTableWords(way) {
		inner, opened := strings.CutPrefix(word, "(")
		inner, closed := strings.CutSuffix(inner, ")")
		if opened != closed {
			return pattern{}, fmt.Errorf("way %q: parentheses around more than one word", way)
		}
		e := element{optional: opened}
		if slot, ok := strings.CutPrefix(inner, "{"); ok {
			e.slot = strings.TrimSuffix(slot, "}")
			if !slices.Contains(slotNames, e.slot) {
				return pattern{}, fmt.Errorf("way %q: unknown slot %q", way, inner)
			}
		} else {
			for alternative := range strings.SplitSeq(inner, "/") {
				e.words = append(e.words, fold(alternative))
			}
		}
		p.elements = append(p.elements, e)
	}
	if len(p.elements) == 0 {
		return pattern{}, fmt.Errorf("meaning %q: empty way", meaning)
	}
	return p, nil
}

// matches returns every way in which p stands at tokens[i:].
func (p *pattern) matches(l *language, c Context, tokens []token, i int) []match {
	if first := p.elements[0]; first.slot == "" && !first.optional {
		if i >= len(tokens) || !slices.Contains(first.words, tokens[i].word) {
			return nil
		}
	}
	open := []match{{end: i}}
	for _, e := range p.elements {
		var next []match
		for _, m := range open {
			if e.optional {
				next = append(next, m)
			}
			next = append(next, e.after(l, c, tokens, m)...)
		}
		open = next
	}
	open = slices.DeleteFunc(open, func(m match) bool { return m.halfRead || m.end == i })
	if p.weak {
		for n := range open {
			open[n].weak = true
		}
	} else if slices.ContainsFunc(p.elements, func(e element) bool { return e.slot == "" && !e.optional }) {
		for n := range open {
			open[n].weak = false // its own words make a doubtful slot clear: "sexta que vem"
		}
	}
	return open
}

// after extends m by the element.
func (e element) after(l *language, c Context, tokens []token, m match) []match {
	if m.halfRead {
		if e.slot != "unit" {
			return nil
		}
		m.halfRead = false
		return []match{m}
	}
	i := m.end
	if i >= len(tokens) || tokens[i].word == "" {
		return nil
	}
	if e.slot == "" {
		if !slices.Contains(e.words, tokens[i].word) {
			return nil
		}
		m.end++
		return []match{m}
	}
	return l.slot(e.slot, c, tokens, m)
}

// slot fills one slot in every possible way.
func (l *language) slot(name string, c Context, tokens []token, m match) []match {
	switch name {
	case "weekday":
		return fill(l.weekdays, tokens, m, func(m *match, meaning string) { m.weekday, _ = weekdayNamed(meaning) })
	case "weekdays":
		return l.weekdayList(tokens, m)
	case "month":
		return fill(l.months, tokens, m, func(m *match, meaning string) { m.month, _ = monthNamed(meaning) })
	case "unit":
		return fill(l.units, tokens, m, func(m *match, meaning string) { m.unit = Unit(meaning) })
	case "n":
		return l.count(tokens, m)
	case "nth":
		return fill(l.nths, tokens, m, func(m *match, meaning string) {
			if m.nth = -1; meaning != "last" {
				m.nth, _ = strconv.Atoi(meaning)
			}
		})
	case "time":
		return l.clocks(tokens, m)
	case "1h30":
		if found := l.hoursAndMinutes(tokens, m); len(found) > 0 {
			return found
		}
	}
	t := tokens[m.end]
	if !l.dateFigure(name, c, t, &m.captured) && !l.timeFigure(name, c, t.word, &m.captured) {
		return nil
	}
	m.end++
	return []match{m}
}

// dateFigure fills a slot for a part of a date with one word; false means that it does not fit.
func (l *language) dateFigure(name string, c Context, t token, into *captured) (ok bool) {
	switch name {
	case "day", "dayth":
		day, ending, ok := l.dayNumber(t)
		into.day = day
		return ok && (name == "day" || ending)
	case "days":
		into.day, into.lastDay, ok = dayRange(t.word)
		return ok
	case "year":
		year, isNumber := shortNumber(t.word)
		into.year = year
		return isNumber && len(t.word) == 4 && year >= 1900 && year < 2200
	case "quarter":
		if len(t.word) != 2 || !strings.Contains("qt", t.word[:1]) || t.word[1] < '1' || t.word[1] > '4' {
			return false
		}
		into.quarter = int(t.word[1] - '0')
		return true
	case "halfyear": // the first ends with the second quarter
		if t.word != "h1" && t.word != "h2" {
			return false
		}
		into.quarter = 2 * int(t.word[1]-'0')
		return true
	case "half":
		return slices.Contains([]string{"1/2", "0.5", "0,5"}, t.word)
	case "date":
		numbers, weak := l.digitsDate(t, c.Locale)
		into.numbers, into.weak = numbers, into.weak || weak
		return len(numbers) > 0
	}
	return false
}

// timeFigure fills a slot for a part of a time of day, or for a length of time, with one word; false means that it does not fit.
func (l *language) timeFigure(name string, c Context, word string, into *captured) (ok bool) {
	switch name {
	case "hour":
		into.clock.Hour, into.spoken, ok = l.hourNamed(word)
	case "hh": // a word would be the length of a time: "em duas horas"
		into.clock.Hour, into.spoken, ok = l.hourNamed(word)
		ok = ok && !into.spoken
	case "hour.30":
		into.clock, ok = dottedClock(word)
	case "hourish":
		into.clock.Hour, ok = hourAbout(word)
	case "1h30":
		into.n, ok = minutesOf(word)
		into.unit = MinuteUnit
		return ok
	case "zone":
		return c.ownZone(word)
	case "otherzone":
		if c.ownZone(word) {
			return false
		}
		into.offsets = zoneOffsets[word]
		return len(into.offsets) > 0
	}
	into.hour = into.clock.Hour
	return ok
}

// fill takes each entry of a vocabulary that stands there.
func fill(v vocabulary, tokens []token, m match, set func(*match, string)) []match {
	var out []match
	for _, e := range v.at(tokens, m.end) {
		next := m
		next.end += len(e.words)
		next.weak, next.proper = next.weak || e.weak, next.proper || e.proper
		set(&next, e.meaning)
		out = append(out, next)
	}
	return out
}

// weekdayList takes "monday", "monday and friday", "monday, wednesday and friday".
func (l *language) weekdayList(tokens []token, m match) []match {
	var out []match
	days := l.weekdays.at(tokens, m.end)
	if len(days) == 0 {
		days = l.pluralWeekdays(tokens, m.end)
	}
	for _, e := range days {
		next := m
		next.end += len(e.words)
		day, _ := weekdayNamed(e.meaning)
		next.weekdays = append(slices.Clone(m.weekdays), day)
		out = append(out, next)
		rest := next
		comma := strings.HasPrefix(tokens[next.end-1].trail, ",")
		for _, and := range l.between.at(tokens, rest.end) {
			if and.meaning == "and" {
				rest.end += len(and.words)
				comma = true
				break
			}
		}
		if comma && rest.end < len(tokens) {
			out = append(out, l.weekdayList(tokens, rest)...)
		}
	}
	return out
}

// pluralWeekdays returns the weekdays whose every word has an "s" at its end: "lundis", "segundas-feiras".
func (l *language) pluralWeekdays(tokens []token, i int) []entry {
	singular, ok := strings.CutSuffix(tokens[i].word, "s")
	if !ok {
		return nil
	}
	var found []entry
	for _, e := range l.weekdays[singular] {
		all := i+len(e.words) <= len(tokens)
		for n := 1; all && n < len(e.words); n++ {
			all = tokens[i+n].word == e.words[n]+"s"
		}
		if all {
			found = append(found, e)
		}
	}
	return found
}

// count takes a number, or a range of two: "2-3", "2 to 3", "two or three".
func (l *language) count(tokens []token, m match) []match {
	if low, high, ok := numberRange(tokens[m.end].word); ok {
		m.n, m.upTo = low, high
		m.end++
		return []match{m}
	}
	found := l.number(tokens, m)
	for _, low := range found {
		if low.halfRead {
			continue
		}
		if strings.HasPrefix(tokens[low.end-1].trail, ",") && low.end < len(tokens) { // "zwei, drei Tage"
			found = append(found, l.upTo(tokens, low, low.end)...)
		}
		for _, e := range l.between.at(tokens, low.end) {
			if next := low.end + len(e.words); e.meaning == "range" && next < len(tokens) {
				found = append(found, l.upTo(tokens, low, next)...)
			}
		}
	}
	return found
}

// upTo extends low by the number at tokens[at], where that is higher.
func (l *language) upTo(tokens []token, low match, at int) (found []match) {
	from := low
	from.end = at
	if tokens[at].word == "" {
		return nil
	}
	for _, high := range l.number(tokens, from) {
		if high.n > low.n {
			high.n, high.upTo = low.n, high.n
			found = append(found, high)
		}
	}
	return found
}

// number takes a number in digits or words, or one with its unit, such as "2h".
func (l *language) number(tokens []token, m match) []match {
	word := tokens[m.end].word
	digits := strings.TrimLeft(word, "0123456789")
	if number := word[:len(word)-len(digits)]; number != "" {
		n, err := strconv.Atoi(number)
		if err != nil || n == 0 || n > 9999 {
			return nil
		}
		m.n = n
		m.end++
		if digits == "" {
			return []match{m}
		}
		var out []match
		for _, e := range l.units[digits] {
			if next := m; len(e.words) == 1 {
				next.unit, next.halfRead = Unit(e.meaning), true
				out = append(out, next)
			}
		}
		return out
	}
	return fill(l.numbers, tokens, m, func(m *match, meaning string) { m.n, _ = strconv.Atoi(meaning) })
}
