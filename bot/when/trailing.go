package when

import (
	"slices"
	"strings"
	"unicode"
)

// Trailing looks for a deadline at the end of text, and for a rule of repetition at its start or end. A date anywhere else,
// in quotes or in code is text. With neither, the Result holds nothing but Rest.
func Trailing(text string, c Context) Result {
	t := sentence{text: text, c: c, l: languageOf(c.Locale)}
	t.tokens = t.l.splitCompounds(text, readTokens(text))
	t.end = t.beforePolite()
	t.findRule()
	t.findDate()
	return t.result()
}

// Phrase reads a text that is nothing but a date: "next friday", "to friday", "2 weeks". Anything else is the error
// [NotADate]. A doubtful reading is taken, with Confirm. Rest and Spans stay empty.
func Phrase(text string, c Context) Result {
	l := languageOf(c.Locale)
	tokens := l.splitCompounds(text, readTokens(text))
	starts := []int{0}
	for _, e := range slices.Concat(l.between.at(tokens, 0), l.markers.at(tokens, 0)) {
		if e.meaning != "and" && e.meaning != "or" && e.meaning != "then" {
			starts = append(starts, len(e.words))
		}
	}
	for _, start := range starts {
		if r, ok := l.readDates(c, tokens[start:], true); ok {
			return resultOf(r)
		}
	}
	return Result{Err: &Error{Code: NotADate}}
}

// sentence is a text on the way to its Result.
type sentence struct {
	text   string
	c      Context
	l      *language
	tokens []token
	// begin and end bound the tokens in which a date may still be found.
	begin, end int
	every      *Every
	everyDue   Due
	spans      []Span
	reading    *reading
	parts      []Part
	unsure     bool
}

// dated is a date that stands at tokens[start:end].
type dated struct {
	start, end int
	marker     marker
	reading    reading
}

// beforePolite leaves out "please", "thanks", closing marks and emoji, which may follow a date.
func (t *sentence) beforePolite() int {
	end := len(t.tokens)
	for end > 0 && t.l.polite.holds(t.tokens[end-1]) {
		end--
	}
	return end
}

// findRule takes a rule from the end or else from the start.
func (t *sentence) findRule() {
	for i := max(t.begin, t.end-maxPhrase); i < t.end; i++ {
		every, due, ok := t.l.readRule(t.c, t.tokens[i:t.end])
		if !ok {
			continue
		}
		if t.inClause(i) || i > 0 && t.l.never[t.tokens[i-1].word] {
			t.unsure = true
			return
		}
		t.every, t.everyDue = &every, due
		t.spans = append(t.spans, t.span(i, t.end))
		t.end = i
		return
	}
	for n := min(t.end, maxPhrase); n > 0; n-- {
		if every, due, ok := t.l.readRule(t.c, t.tokens[:n]); ok {
			t.every, t.everyDue = &every, due
			t.spans = append(t.spans, t.leadingSpan(n))
			t.begin = n
			return
		}
	}
}

// findDate takes the longest date that ends where the text ends, with the word that marks it.
func (t *sentence) findDate() {
	end := t.beforeLate()
	for i := max(t.begin, end-maxPhrase); i < end; i++ {
		found, ok := t.l.markedDate(t.c, t.tokens, i, end)
		if !ok {
			continue
		}
		found.end = t.end
		switch t.judge(found) {
		case taken:
			t.take(found)
		case doubted:
			if t.unsure = true; found.reading.err == nil {
				t.reading = &found.reading
			}
		case dismissed:
		case looked:
			continue
		}
		return
	}
}

// beforeLate leaves out "at the latest", which goes with the date before it.
func (t *sentence) beforeLate() int {
	for i := max(t.begin+1, t.end-4); i < t.end; i++ {
		for _, e := range t.l.between.at(t.tokens[:t.end], i) {
			if e.meaning == "late" && i+len(e.words) == t.end {
				return i
			}
		}
	}
	return t.end
}

// markedDate reads tokens[i:end] as a date after a word that trusts it, as a date alone, or as a date after a word that does
// not: "early next week" is a date of its own.
func (l *language) markedDate(c Context, tokens []token, i, end int) (dated, bool) {
	marks := l.markers.at(tokens[:end], i)
	for _, wanted := range []marker{byMarker, towardMarker, onMarker, unmarked, doubtfulMarker} {
		if wanted == unmarked {
			if r, ok := l.readDates(c, tokens[i:end], false); ok {
				return dated{i, end, unmarked, r}, true
			}
		}
		for _, e := range marks {
			if marker(e.meaning) != wanted {
				continue
			}
			r, ok := l.readDates(c, tokens[i+len(e.words):end], false)
			if ok && wanted == onMarker && r.weak {
				if clear, ok := l.readDates(c, tokens[i:end], false); ok && !clear.weak {
					return dated{i, end, unmarked, clear}, true // "em 3 horas" is a length of time, not three o'clock
				}
			}
			if ok {
				return dated{i, end, wanted, r}, true
			}
		}
	}
	return dated{}, false
}

// readDates reads one date, or two joined by "or", of which the earlier is taken and the later offered.
func (l *language) readDates(c Context, tokens []token, whole bool) (reading, bool) {
	if p, ok := l.readPhrase(c, tokens, whole); ok {
		r := c.read(p)
		r.weak, r.timeOnly, r.period = p.weak, p.day == nil, p.period()
		r.calendar = p.day != nil && p.day.calendar()
		r.byHour = p.clock != nil && p.clock.meaning == "by o'clock"
		r.bareDay, r.proper = p.bareWeekday(), p.bareWeekday() && p.day.proper
		return r, true
	}
	for i := 1; i < len(tokens)-1; i++ {
		for _, e := range l.between.at(tokens, i) {
			if e.meaning != "or" {
				continue
			}
			first, ok := l.readPhrase(c, tokens[:i], whole)
			if !ok {
				break
			}
			if second, ok := l.readSecond(c, tokens[i+len(e.words):], whole); ok {
				r := c.either(c.read(first), c.read(second))
				r.weak = first.weak && second.weak && (!first.bareWeekday() || !second.bareWeekday())
				return r, true
			}
		}
	}
	return reading{}, false
}

// readSecond reads what follows "or", perhaps after a word of its own: "el jueves o el viernes".
func (l *language) readSecond(c Context, tokens []token, whole bool) (phrase, bool) {
	if p, ok := l.readPhrase(c, tokens, whole); ok {
		return p, true
	}
	for _, e := range l.markers.at(tokens, 0) {
		if marker(e.meaning) == doubtfulMarker {
			continue
		}
		if p, ok := l.readPhrase(c, tokens[len(e.words):], whole); ok {
			return p, true
		}
	}
	return phrase{}, false
}

// either takes the earlier of two readings, said in this order, and offers the other. On a Wednesday, the Wednesday of "tuesday
// or wednesday" is not today but the one after that Tuesday.
func (c Context) either(a, b reading) reading {
	if a.err == nil && b.err == nil && b.due.In(c.zone()).Before(a.due.In(c.zone())) {
		for _, later := range b.alternatives {
			if later.In(c.zone()).After(a.due.In(c.zone())) {
				b.due = later
				break
			}
		}
	}
	if a.err != nil || b.err == nil && b.due.In(c.zone()).Before(a.due.In(c.zone())) {
		a, b = b, a
	}
	if a.err == nil && b.err == nil && a.due != b.due {
		a.alternatives = []Due{b.due}
	}
	return a
}

// take keeps a date, alone or as the last of several.
func (t *sentence) take(found dated) {
	if earlier := t.earlierDates(found); len(earlier) > 0 {
		t.takeAll(append(earlier, found))
		return
	}
	t.reading = &found.reading
	t.spans = append(t.spans, t.span(found.start, found.end))
}

// earlierDates finds the deadlines before which and after which something is to be done: "draft by thursday and final by
// monday". Before a date with a clear marker each needs one as well.
func (t *sentence) earlierDates(last dated) (earlier []dated) {
	if last.reading.err != nil || t.every != nil {
		return nil
	}
	tries := 50 // more than any honest text has; a hostile one would cost a second
	from := t.begin
	for i := from + 1; i < last.start && tries > 0; i++ {
		if last.marker == byMarker && !slices.ContainsFunc(t.l.markers.at(t.tokens, i), func(e entry) bool { return marker(e.meaning) == byMarker }) {
			continue
		}
		for end := min(last.start, i+maxPhrase); end > i; end-- {
			next := t.afterThen(end)
			if next == 0 || next >= last.start || !t.hasWords(next, last.start) {
				continue
			}
			tries--
			found, ok := t.l.markedDate(t.c, t.tokens, i, end)
			if ok && found.reading.err == nil && !found.reading.doubtful && t.standsAlone(found, last, from) {
				earlier = append(earlier, found)
				from, i = next, next
				break
			}
		}
	}
	return earlier
}

// standsAlone reports whether an earlier date is a deadline of its own and not a word of its sentence.
func (t *sentence) standsAlone(found, last dated, from int) bool {
	switch {
	case !t.hasWords(from, found.start) || found.marker == doubtfulMarker:
		return false
	case found.marker == byMarker:
		return true
	}
	before := t.tokens[found.start-1]
	return last.marker != byMarker && !found.reading.weak && !found.reading.needsBy && !t.l.never[before.word] &&
		len(t.l.markers.at(t.tokens, found.start-1)) == 0 && !t.inClause(found.start)
}

// hasWords reports whether tokens[from:to] hold more than punctuation.
func (t *sentence) hasWords(from, to int) bool {
	return from < to && slices.ContainsFunc(t.tokens[from:to], func(k token) bool { return k.word != "" || k.opaque })
}

// afterThen returns where the next thought starts if one is joined at tokens[at], else 0.
func (t *sentence) afterThen(at int) int {
	for _, e := range t.l.between.at(t.tokens, at) {
		if e.meaning == "then" {
			return at + len(e.words)
		}
	}
	if strings.ContainsAny(t.tokens[at-1].trail, ",;") {
		return at
	}
	return 0
}

// takeAll keeps the text whole: the earliest date alone would be wrong for a piece of it.
func (t *sentence) takeAll(dates []dated) {
	from := t.begin
	var dues []Due
	for i, d := range dates {
		due := d.reading.due
		if i > 0 {
			due = d.reading.notBefore(dues[i-1], t.c, t.last(from, d.start))
		}
		dues = append(dues, due)
		t.parts = append(t.parts, Part{Text: t.between(from, d.start), Due: due})
		from = t.afterThen(d.end)
	}
	slices.SortStableFunc(dues, func(a, b Due) int { return a.In(t.c.zone()).Compare(b.In(t.c.zone())) })
	dues = slices.Compact(dues)
	t.reading = &reading{due: dues[0], alternatives: dues[1:], notice: TwoDates, confirm: true}
}

// last reports whether the piece of tokens[from:to] says that it comes after the others.
func (t *sentence) last(from, to int) bool {
	return slices.ContainsFunc(t.tokens[from:to], func(k token) bool { return t.l.later[k.word] })
}

// notBefore is the deadline of a later piece: "by thursday … and by monday", said on a Monday, is not today. A weekday of the
// last piece is the one that follows: "slides by wednesday and final by tuesday".
func (r reading) notBefore(earlier Due, c Context, last bool) Due {
	zone := c.zone()
	switch {
	case !r.due.In(zone).Before(earlier.In(zone)):
		return r.due
	case last && r.bareDay && r.due.Date.DaysUntil(earlier.Date) < 7:
		r.due.Date = r.due.Date.AddDays(7)
		return r.due
	case r.due.Date != c.today():
		return r.due
	}
	for _, other := range r.alternatives {
		if !other.In(zone).Before(earlier.In(zone)) {
			return other
		}
	}
	return r.due
}

// between returns the text of tokens[from:to] without what separates it from its neighbours.
func (t *sentence) between(from, to int) string {
	return strings.TrimRight(t.text[t.tokens[from].start:t.tokens[to-1].end], ",;:–—- ")
}

func (t *sentence) result() Result {
	if t.unsure { // a date beside a rule that is doubted is doubted, too, and stays in the text
		if t.parts = nil; t.every == nil {
			t.spans = nil
		}
	}
	slices.SortFunc(t.spans, func(a, b Span) int { return a.Start - b.Start })
	r := Result{}
	if t.reading != nil {
		r = resultOf(*t.reading)
	}
	r.Every, r.Parts = t.every, t.parts
	r.Spans, r.Rest = t.spans, Without(t.text, t.spans)
	if t.unsure {
		if r.Due != nil {
			r.Alternatives = append([]Due{*r.Due}, r.Alternatives...)
		}
		r.Due, r.Confirm, r.Notice = nil, false, Unsure
	}
	if r.Every != nil && r.Due == nil && r.Err == nil {
		r.Due = &t.everyDue
		r.Confirm = t.c.today().DaysUntil(t.everyDue.Date) > confirmAfter
	}
	if r.Due != nil { // what is due is no alternative to itself
		r.Alternatives = slices.DeleteFunc(slices.Clone(r.Alternatives), func(d Due) bool { return d == *r.Due })
	}
	return r
}

func resultOf(r reading) Result {
	if r.err != nil {
		return Result{Err: r.err}
	}
	return Result{Due: &r.due, Alternatives: r.alternatives, Confirm: r.confirm, Notice: r.notice}
}

// Without returns text without the spans, which are in order and do not overlap, and without white space around it.
func Without(text string, spans []Span) string {
	var b strings.Builder
	at := 0
	for _, s := range spans {
		b.WriteString(text[at:s.Start])
		at = s.End
	}
	b.WriteString(text[at:])
	return strings.TrimSpace(b.String())
}

// separators join a date to what stands before it and go with it.
const separators = ",;:–—-"

// span covers tokens[from:to], the white space and separators before them, and the punctuation around them, but no bracket
// or mark that closes something before them.
func (t *sentence) span(from, to int) Span {
	start, end := t.tokens[from].start, t.tokens[to-1].end
	trail := t.tokens[to-1].trail
	if n := strings.IndexAny(trail, ")]}*_~\"”’'"); n >= 0 && !t.opens(from, to, trail[n]) {
		end -= len(trail) - n
	}
	floor := 0 // a leading rule has taken what separates it from the rest
	if t.begin > 0 {
		floor = t.tokens[t.begin].start
	}
	for start > floor {
		before := strings.TrimRightFunc(t.text[floor:start], unicode.IsSpace)
		before = strings.TrimRight(before, separators)
		if floor+len(before) == start {
			break
		}
		start = floor + len(before)
	}
	return Span{start, end}
}

// opens reports whether the tokens hold the mark that belongs to a closing one.
func (t *sentence) opens(from, to int, closing byte) bool {
	pairs := map[byte]string{')': "(", ']': "[", '}': "{"}
	mark, ok := pairs[closing]
	if !ok {
		mark = string(closing)
	}
	return slices.ContainsFunc(t.tokens[from:to], func(k token) bool { return strings.Contains(k.lead, mark) })
}

// leadingSpan covers the first n tokens and what separates them from the rest.
func (t *sentence) leadingSpan(n int) Span {
	end := len(t.text)
	if n < len(t.tokens) {
		end = t.tokens[n].start
	}
	return Span{0, end}
}
