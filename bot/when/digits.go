package when

import (
	"strconv"
	"strings"
	"time"
)

// calendarDay is a day as it was said: perhaps without a year (0), perhaps one that does not exist.
type calendarDay struct {
	year  int
	month time.Month
	day   int
}

// digitsDate reads a date in digits and returns its readings, the likelier first; none if it is no date. Weak ones could as
// well be a fraction or a version.
func (l *language) digitsDate(t token, locale string) (readings []calendarDay, weak bool) {
	separator := strings.IndexAny(t.word, "/.-")
	if separator < 1 {
		return nil, false
	}
	fields := strings.Split(t.word, t.word[separator:separator+1])
	if named, ok := l.namedDate(fields); ok {
		return []calendarDay{named}, false
	}
	if len(fields) < 2 || len(fields) > 3 {
		return nil, false
	}
	var numbers [3]int
	for i, field := range fields {
		n, ok := shortNumber(field)
		if !ok {
			return nil, false
		}
		numbers[i] = n
	}
	switch sign := t.word[separator]; {
	case len(fields[0]) == 4 && len(fields) == 3 && sign != '.':
		return []calendarDay{{numbers[0], time.Month(numbers[1]), numbers[2]}}, false
	case len(fields) == 3:
		year, ok := fullYear(fields[2], numbers[2])
		if !ok {
			return nil, false
		}
		return ordered(fields, numbers, year, sign == '.', locale), len(fields[2]) == 2 && sign != '/'
	case sign == '/':
		return ordered(fields, numbers, 0, false, locale), true
	case sign == '.' && l.dotted:
		return ordered(fields, numbers, 0, true, locale), true
	}
	return nil, false
}

// namedDate reads the fields of "8-Apr-2026" and "8-apr".
func (l *language) namedDate(fields []string) (calendarDay, bool) {
	if len(fields) < 2 || len(fields) > 3 || len(fields[0]) > 2 {
		return calendarDay{}, false
	}
	day, ok := shortNumber(fields[0])
	if !ok || day < 1 || day > 31 {
		return calendarDay{}, false
	}
	year := 0
	if len(fields) == 3 {
		n, isNumber := shortNumber(fields[2])
		if year, ok = fullYear(fields[2], n); !ok || !isNumber {
			return calendarDay{}, false
		}
	}
	for _, e := range l.months[fields[1]] {
		if month, ok := monthNamed(e.meaning); ok && len(e.words) == 1 {
			return calendarDay{year, month, day}, true
		}
	}
	return calendarDay{}, false
}

// ordered puts the first two numbers into the order of the locale and adds the other order if it is possible.
func ordered(fields []string, numbers [3]int, year int, dayFirst bool, locale string) []calendarDay {
	if len(fields[0]) > 2 || len(fields[1]) > 2 {
		return nil
	}
	a, b := numbers[0], numbers[1]
	both := []calendarDay{{year, time.Month(b), a}, {year, time.Month(a), b}}
	switch {
	case dayFirst:
		both = both[:1]
	case monthFirst(locale):
		both[0], both[1] = both[1], both[0]
	}
	var possible []calendarDay
	for i, d := range both {
		if d.month >= 1 && d.month <= 12 && d.day >= 1 && d.day <= 31 && (i == 0 || d != both[0]) {
			possible = append(possible, d)
		}
	}
	return possible
}

// monthFirst reports whether 3/4 is the 4th of March. Source: CLDR's short date patterns.
func monthFirst(locale string) bool {
	tag := strings.Split(strings.ReplaceAll(locale, "_", "-"), "-")
	region := ""
	if last := tag[len(tag)-1]; len(tag) > 1 && len(last) == 2 {
		region = strings.ToUpper(last)
	}
	switch strings.ToLower(tag[0]) {
	case "", "en":
		return region == "" || region == "US" || region == "PH"
	case "ja", "zh", "ko", "hu", "mn", "fil":
		return true
	}
	return false
}

func fullYear(field string, n int) (int, bool) {
	switch len(field) {
	case 2:
		return 2000 + n, true
	case 4:
		return n, n >= 1900 && n < 2200
	}
	return 0, false
}

// shortNumber reads up to four digits.
func shortNumber(field string) (int, bool) {
	if field == "" || len(field) > 4 || strings.Trim(field, "0123456789") != "" {
		return 0, false
	}
	n, err := strconv.Atoi(field)
	return n, err == nil
}

// numberRange reads "2-3" and "2–3", two numbers of which the second is higher.
func numberRange(word string) (low, high int, ok bool) {
	first, second, ok := strings.Cut(strings.Replace(word, "–", "-", 1), "-")
	if !ok {
		return 0, 0, false
	}
	low, lowOK := shortNumber(first)
	high, highOK := shortNumber(second)
	return low, high, lowOK && highOK && low > 0 && high > low
}

// dayRange reads "3-5" as days of a month; where days are dotted it may be "3.-5".
func dayRange(word string) (first, last int, ok bool) {
	first, last, ok = numberRange(strings.Replace(strings.Replace(word, ".-", "-", 1), ".–", "–", 1))
	return first, last, ok && last <= 31
}

// dottedClock reads "9.30", which is a time of day only where a word says so.
func dottedClock(word string) (Clock, bool) {
	first, second, ok := strings.Cut(word, ".")
	hour, hourOK := shortNumber(first)
	minute, minuteOK := shortNumber(second)
	at := Clock{hour, minute}
	return at, ok && hourOK && minuteOK && len(first) <= 2 && len(second) == 2 && at.valid()
}

// hourAbout reads "5ish".
func hourAbout(word string) (int, bool) {
	digits, ish := strings.CutSuffix(word, "ish")
	hour, ok := shortNumber(digits)
	return hour, ish && ok && hour >= 1 && hour <= 12
}

// minutesOf reads "1h30", an hour and a half.
func minutesOf(word string) (int, bool) {
	first, second, ok := strings.Cut(word, "h")
	hours, hoursOK := shortNumber(first)
	minutes, minutesOK := shortNumber(second)
	return 60*hours + minutes, ok && hoursOK && minutesOK && hours > 0 && hours < 100 && len(second) == 2 && minutes < 60
}

// hoursAndMinutes reads "1 hr 30 min" and "2 hours and 15 minutes".
func (l *language) hoursAndMinutes(tokens []token, m match) (found []match) {
	for _, hours := range l.lengths(tokens, m, HourUnit) {
		next := hours
		for _, e := range l.between.at(tokens, next.end) {
			if e.meaning == "and" {
				next.end += len(e.words)
				break
			}
		}
		for _, minutes := range l.lengths(tokens, next, MinuteUnit) {
			if hours.n < 100 && minutes.n < 60 {
				minutes.n += 60 * hours.n
				found = append(found, minutes)
			}
		}
	}
	return found
}

// lengths takes a number and its unit.
func (l *language) lengths(tokens []token, m match, u Unit) (found []match) {
	if m.end >= len(tokens) || tokens[m.end].word == "" {
		return nil
	}
	if digits, ok := strings.CutSuffix(tokens[m.end].word, "m"); ok && u == MinuteUnit && len(digits) <= 2 { // "1h 30m"
		if m.n, ok = shortNumber(digits); ok && m.n > 0 {
			m.end++
			return []match{m}
		}
	}
	for _, n := range l.number(tokens, m) {
		for _, next := range (element{slot: "unit"}).after(l, Context{}, tokens, n) {
			if next.unit == u {
				found = append(found, next)
			}
		}
	}
	return found
}

// dayNumber reads 15, 15th, 1er and, where dates are dotted, 15. with its dot; ending reports whether anything but digits
// said that it is a day.
func (l *language) dayNumber(t token) (day int, ending, ok bool) {
	suffix := strings.TrimLeft(t.word, "0123456789")
	day, ok = shortNumber(t.word[:len(t.word)-len(suffix)])
	if !ok || day < 1 || day > 31 || suffix != "" && !l.endings[suffix] {
		return 0, false, false
	}
	return day, suffix != "" || l.dotted && strings.HasPrefix(t.trail, "."), true
}

// clocks reads a time of day: 9am, 9 am, 9:30am, 9.30 p.m., 17:00, 17h, 17h30, 17.30 Uhr. Where people count to 12, 3:30 is in
// the afternoon, as long as it is not written 03:30.
func (l *language) clocks(tokens []token, m match) []match {
	if at, ok := l.spokenHalf(tokens, m.end); ok {
		m.end += 2
		m.hour, m.clock = at.Hour, at
		return []match{m}
	}
	word := strings.TrimPrefix(tokens[m.end].word, "@")
	if tokens[m.end].glued {
		word = strings.TrimPrefix(word, "t") // "2026-04-01t09:00"
	}
	rest := strings.TrimLeft(word, "0123456789")
	hour, ok := shortNumber(word[:len(word)-len(rest)])
	if !ok || len(word)-len(rest) > 2 {
		return nil
	}
	minute, sign := 0, byte(0)
	if len(rest) >= 3 && strings.IndexByte(":.h", rest[0]) >= 0 {
		if minute, ok = shortNumber(rest[1:3]); ok {
			sign, rest = rest[0], rest[3:]
		} else {
			return nil
		}
	} else if rest == "h" {
		sign, rest = 'h', ""
	}
	m.end++
	half := dayHalf(rest)
	if rest == "" && m.end < len(tokens) && sign != 'h' {
		if half = dayHalf(tokens[m.end].word); half != 0 && l.saysHalf(tokens, m.end) {
			m.end++
		} else {
			half = 0
		}
	} else if half == 0 && rest != "" {
		return nil
	}
	switch {
	case half != 0:
		if hour < 1 || hour > 12 {
			return nil
		}
		hour = hour % 12
		if half == 'p' {
			hour += 12
		}
	case sign == ':' || sign == 'h':
		if m.weak = true; sign == ':' && !l.fullDay && hour >= 1 && hour <= 6 && word[0] != '0' {
			hour += 12
		}
	case sign == '.' && m.end < len(tokens) && tokens[m.end].word == "uhr":
	default:
		return nil
	}
	m.hour, m.clock = hour, Clock{hour, minute}
	if !m.clock.valid() {
		return nil
	}
	return []match{m}
}

// spokenHalf reads "nine am".
func (l *language) spokenHalf(tokens []token, i int) (Clock, bool) {
	if i+1 >= len(tokens) {
		return Clock{}, false
	}
	hour, spoken, ok := l.hourNamed(tokens[i].word)
	half := dayHalf(tokens[i+1].word)
	if !ok || !spoken || half == 0 || !l.saysHalf(tokens, i+1) {
		return Clock{}, false
	}
	if hour %= 12; half == 'p' {
		hour += 12
	}
	return Clock{hour, 0}, true
}

// hourNamed reads the hour of a day in digits, or from two to twelve in a word: a single "one" or "un" is more often no hour.
func (l *language) hourNamed(word string) (hour int, spoken, ok bool) {
	if hour, ok = shortNumber(word); ok {
		return hour, false, len(word) <= 2 && hour <= 23
	}
	for _, e := range l.numbers[word] {
		if n, err := strconv.Atoi(e.meaning); err == nil && len(e.words) == 1 && n >= 2 && n <= 12 {
			return n, true, true
		}
	}
	return 0, false, false
}

// saysHalf reports whether "am" at tokens[i] is one: in German "3 am Freitag" has a number and a word before a day.
func (l *language) saysHalf(tokens []token, i int) bool {
	return i+1 == len(tokens) || len(l.markers[tokens[i].word]) == 0
}

// dayHalf returns 'a' or 'p' for what stands for am or pm, else 0.
func dayHalf(word string) byte {
	switch strings.ReplaceAll(word, ".", "") {
	case "am":
		return 'a'
	case "pm":
		return 'p'
	}
	return 0
}
