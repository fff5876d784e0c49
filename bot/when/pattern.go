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
	unit     Unit
	day      int
	year     int
	quarter  int
	nth      int // 1 to 4, or -1 for the last
	clock    Clock
	hour     int
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
	"weekday", "weekdays", "month", "n", "unit", "day", "dayth", "year", "quarter", "nth", "time", "hour", "date",
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
func (p pattern) matches(l *language, c Context, tokens []token, i int) []match {
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
	word := tokens[m.end].word
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
	case "day", "dayth":
		day, ending, ok := l.dayNumber(tokens[m.end])
		if !ok || name == "dayth" && !ending {
			return nil
		}
		m.day = day
	case "year":
		year, err := strconv.Atoi(word)
		if err != nil || len(word) != 4 || year < 1900 || year > 2199 {
			return nil
		}
		m.year = year
	case "quarter":
		if len(word) != 2 || !strings.Contains("qt", word[:1]) || word[1] < '1' || word[1] > '4' {
			return nil
		}
		m.quarter = int(word[1] - '0')
	case "hour":
		hour, err := strconv.Atoi(word)
		if err != nil || len(word) > 2 || hour > 23 {
			return nil
		}
		m.hour, m.clock = hour, Clock{hour, 0}
	case "time":
		return l.clocks(tokens, m)
	case "date":
		numbers, weak := l.digitsDate(tokens[m.end], c.Locale)
		if len(numbers) == 0 {
			return nil
		}
		m.numbers, m.weak = numbers, m.weak || weak
	}
	m.end++
	return []match{m}
}

// fill takes each entry of a vocabulary that stands there.
func fill(v vocabulary, tokens []token, m match, set func(*match, string)) []match {
	var out []match
	for _, e := range v.at(tokens, m.end) {
		next := m
		next.end += len(e.words)
		next.weak = next.weak || e.weak
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

// count takes a number in digits or words, or one with its unit, such as "2h".
func (l *language) count(tokens []token, m match) []match {
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
