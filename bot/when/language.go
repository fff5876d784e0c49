package when

import (
	"embed"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/text/unicode/norm"
)

// tables are the words, one file per language, readable without knowing Go.
//
//go:embed locale/*.txt
var tables embed.FS

// marker says what a word before a date makes of it.
type marker string

const (
	unmarked       marker = ""
	byMarker       marker = "by"
	onMarker       marker = "on"
	doubtfulMarker marker = "doubtful"
	// towardMarker is a word that says "by" unless something is moved there: "para segunda", "pour lundi".
	towardMarker marker = "toward"
)

// politeWords may follow a deadline.
type politeWords map[string]bool

// holds reports whether t may follow a deadline: such a word, punctuation, or an emoji, plain or as ":pray:".
func (w politeWords) holds(t token) bool {
	emoji := strings.HasPrefix(t.lead, ":") && strings.HasPrefix(t.trail, ":")
	return !t.opaque && (t.word == "" || emoji || w[t.word])
}

// entry is one way to say one meaning of a table without slots.
type entry struct {
	words   []string
	meaning string
	weak    bool
	proper  bool // counts only with a capital: "Fr", which else is a language
}

// vocabulary finds entries by their first word.
type vocabulary map[string][]entry

// language is the words of one locale: its own first, English after.
type language struct {
	weekdays, months, numbers, nths, units, markers  vocabulary
	between                                          vocabulary
	dates, times, whole, rules                       []pattern
	dateIndex, wholeIndex, timeIndex, ruleIndex      index
	endings, never, clause, amount, moving, planning map[string]bool
	promising, before, places, handing, apart        map[string]bool
	compounds                                        map[string]bool // may be written onto a weekday: "Freitagabend"
	numbered                                         map[string]bool // may be written onto a number: "KW14"
	told                                             map[string]bool // endings of what was done, with their accents: "é"
	names                                            map[string]bool // weekdays that are first names, too, if written so
	negations, forgetting                            map[string]bool
	beforeNames                                      map[string]bool // right before a name: "an Thi Do"
	later                                            map[string]bool // what comes last of several: "final"
	polite                                           politeWords
	dotted                                           bool // 1.10. is a date even without a year
	fullDay                                          bool // 3:30 is at night: people count to 24
	article                                          bool // a day has an article: "le 15 mars" says no more than "15 march"
}

// languages are read once each, when first needed. They never change after that.
var languages = map[string]func() *language{
	"en": sync.OnceValue(func() *language { return mustLanguage("en") }),
	"de": sync.OnceValue(func() *language { return mustLanguage("de", "en") }),
	"fr": sync.OnceValue(func() *language { return mustLanguage("fr", "en") }),
	"es": sync.OnceValue(func() *language { return mustLanguage("es", "en") }),
	"pt": sync.OnceValue(func() *language { return mustLanguage("pt", "en") }),
}

// languageOf returns the words for a BCP 47 tag.
func languageOf(locale string) *language {
	read, ok := languages[baseLanguage(locale)]
	if !ok {
		read = languages["en"]
	}
	return read()
}

func baseLanguage(locale string) string {
	base, _, _ := strings.Cut(strings.ReplaceAll(locale, "_", "-"), "-")
	return strings.ToLower(base)
}

// mustLanguage panics on a broken table: tables are part of the program, and a test reads each of them.
func mustLanguage(names ...string) *language {
	l, err := loadLanguage(names...)
	if err != nil {
		panic(err)
	}
	return l
}

func loadLanguage(names ...string) (*language, error) {
	l := &language{
		weekdays: vocabulary{}, months: vocabulary{}, numbers: vocabulary{}, nths: vocabulary{}, units: vocabulary{},
		markers: vocabulary{}, between: vocabulary{},
		endings: map[string]bool{}, never: map[string]bool{}, clause: map[string]bool{}, amount: map[string]bool{}, polite: politeWords{},
		moving: map[string]bool{}, planning: map[string]bool{}, compounds: map[string]bool{}, numbered: map[string]bool{}, promising: map[string]bool{},
		before: map[string]bool{}, places: map[string]bool{}, handing: map[string]bool{}, apart: map[string]bool{},
		told: map[string]bool{}, names: map[string]bool{}, negations: map[string]bool{}, forgetting: map[string]bool{}, beforeNames: map[string]bool{}, later: map[string]bool{},
	}
	for _, name := range names {
		table, err := tables.ReadFile("locale/" + name + ".txt")
		if err != nil {
			return nil, fmt.Errorf("read words %q: %w", name, err)
		}
		section := ""
		for number, line := range strings.Split(string(table), "\n") {
			line = strings.TrimSpace(line)
			if line == "" || line[0] == '#' {
				continue
			}
			if line[0] == '[' {
				section = strings.Trim(line, "[]")
				continue
			}
			meaning, ways, ok := strings.Cut(line, "=")
			if !ok {
				return nil, fmt.Errorf("read words %q line %d: no %q", name, number+1, "=")
			}
			if err := l.add(section, strings.TrimSpace(meaning), strings.Split(ways, "|")); err != nil {
				return nil, fmt.Errorf("read words %q line %d: %w", name, number+1, err)
			}
		}
	}
	l.dateIndex, l.wholeIndex = newIndex(l.dates), newIndex(slices.Concat(l.dates, l.whole))
	l.timeIndex, l.ruleIndex = newIndex(l.times), newIndex(l.rules)
	return l, nil
}

// add takes in one line of a table.
func (l *language) add(section, meaning string, ways []string) error {
	vocabularies := map[string]vocabulary{
		"weekdays": l.weekdays, "months": l.months, "numbers": l.numbers, "nth": l.nths, "units": l.units,
		"markers": l.markers, "between": l.between,
	}
	patterns := map[string]*[]pattern{"dates": &l.dates, "times": &l.times, "whole": &l.whole, "rules": &l.rules}
	sets := map[string]map[string]bool{
		"day endings": l.endings, "never after": l.never, "clause": l.clause, "amount": l.amount, "polite": l.polite,
		"moving": l.moving, "planning": l.planning, "joined to weekdays": l.compounds, "joined to numbers": l.numbered, "promising": l.promising,
		"before": l.before, "places": l.places, "handing over": l.handing, "apart": l.apart,
		"names": l.names, "negations": l.negations, "forgetting": l.forgetting, "before names": l.beforeNames, "last of several": l.later,
	}
	for _, way := range ways {
		way = strings.TrimSpace(way)
		way, proper := strings.CutPrefix(way, "^")
		way, weak := strings.CutPrefix(way, "?")
		switch {
		case way == "":
			return fmt.Errorf("meaning %q: empty way", meaning)
		case section == "settings" && meaning == "dotted dates":
			l.dotted = way == "yes"
		case section == "settings" && meaning == "24 hours":
			l.fullDay = way == "yes"
		case section == "settings" && meaning == "days with article":
			l.article = way == "yes"
		case section == "told": // endings, whose accents count
			l.told[norm.NFC.String(way)] = true
		case vocabularies[section] != nil:
			if err := checkMeaning(section, meaning); err != nil {
				return err
			}
			vocabularies[section].add(meaning, way, weak, proper)
		case patterns[section] != nil:
			p, err := readPattern(section, meaning, way, weak)
			if err != nil {
				return err
			}
			*patterns[section] = append(*patterns[section], p)
		case sets[section] != nil:
			sets[section][fold(way)] = true
		default:
			return fmt.Errorf("section %q, meaning %q: unknown", section, meaning)
		}
	}
	return nil
}

// add spells out the alternatives of a way: "work/business day/days" is four entries.
func (v vocabulary) add(meaning, way string, weak, proper bool) {
	spellings := [][]string{nil}
	for _, word := range splitTableWords(way) {
		var longer [][]string
		for _, spelling := range spellings {
			for alternative := range strings.SplitSeq(word, "/") {
				longer = append(longer, append(append([]string(nil), spelling...), fold(alternative)))
			}
		}
		spellings = longer
	}
	for _, words := range spellings {
		v[words[0]] = append(v[words[0]], entry{words: words, meaning: meaning, weak: weak, proper: proper})
	}
}

// splitTableWords splits as readTokens does.
func splitTableWords(way string) []string {
	var words []string
	for field := range strings.FieldsSeq(way) {
		words = append(words, splitHyphens(field)...)
	}
	return words
}

// splitCompounds splits "Freitagabend" into the weekday and the part of the day, and "KW14" into the word and its number, as
// far as the language writes them as one.
func (l *language) splitCompounds(text string, tokens []token) []token {
	split := make([]token, 0, len(tokens))
	for _, t := range tokens {
		n := max(l.weekdayLength(t.word), l.numberedLength(t.word), l.elisionLength(t.word), dateLength(t.word))
		from := t.start + len(t.lead)
		typed := typedLength(text[min(from, len(text)):], t.word[:n])
		if typed == 0 {
			split = append(split, t)
			continue
		}
		first, second := t, t
		first.word, second.word = t.word[:n], t.word[n:]
		first.trail, second.lead, second.glued = "", "", true
		first.end = from + typed
		second.start = first.end
		split = append(split, first, second)
	}
	return split
}

// weekdayLength returns how many bytes of a compound name its weekday, or 0 if it is none.
func (l *language) weekdayLength(word string) int {
	for part := range l.compounds {
		if name, ok := strings.CutSuffix(word, part); ok && slices.ContainsFunc(l.weekdays[name], func(e entry) bool { return len(e.words) == 1 && !e.weak }) {
			return len(name)
		}
	}
	return 0
}

// typedLength returns how many bytes of text folded is at its start, or 0: a curly apostrophe is longer than a straight one.
func typedLength(text, folded string) int {
	if folded == "" {
		return 0
	}
	for n := len(folded); n <= min(len(text), len(folded)+2); n++ {
		if fold(text[:n]) == folded {
			return n
		}
	}
	return 0
}

// dateLength returns how many bytes of "2026-04-01T09:00" are its date, or 0. One with a zone of its own is left alone.
func dateLength(word string) int {
	const date = len(time.DateOnly)
	if len(word) <= date || word[date] != 't' {
		return 0
	}
	if _, err := time.Parse(time.DateOnly+"t15:04", word); err != nil {
		return 0
	}
	return date
}

// elisionLength returns how many bytes of "d'avril" stand before the month, or 0.
func (l *language) elisionLength(word string) int {
	if month, ok := strings.CutPrefix(word, "d'"); ok && len(l.months[month]) > 0 {
		return len("d'")
	}
	return 0
}

// numberedLength returns how many bytes of a word such as "kw14" stand before its number of one or two digits, or 0 if the
// word is none.
func (l *language) numberedLength(word string) int {
	name := strings.TrimRight(word, "0123456789")
	if digits := len(word) - len(name); digits < 1 || digits > 2 || !l.numbered[name] {
		return 0
	}
	return len(name)
}

// at returns the entries that stand at tokens[i:], the longest first.
func (v vocabulary) at(tokens []token, i int) []entry {
	if i >= len(tokens) || tokens[i].word == "" {
		return nil
	}
	var found []entry
	for _, e := range v[tokens[i].word] {
		if e.matches(tokens, i) {
			found = append(found, e)
		}
	}
	slices.SortStableFunc(found, func(a, b entry) int { return len(b.words) - len(a.words) })
	return found
}

// joins reports whether a word that joins a day and a time stands at tokens[i].
func (v vocabulary) joins(tokens []token, i int) bool {
	return slices.ContainsFunc(v.at(tokens, i), func(e entry) bool { return e.meaning == "join" })
}

func (e entry) matches(tokens []token, i int) bool {
	if i+len(e.words) > len(tokens) || e.proper && !tokens[i].capital {
		return false
	}
	for n, word := range e.words {
		if tokens[i+n].word != word {
			return false
		}
	}
	return true
}

// checkMeaning refuses names on the left that no code knows.
func checkMeaning(section, meaning string) error {
	known := map[string]func(string) bool{
		"weekdays": func(s string) bool { _, ok := weekdayNamed(s); return ok },
		"months":   func(s string) bool { _, ok := monthNamed(s); return ok },
		"numbers":  func(s string) bool { _, err := strconv.Atoi(s); return err == nil },
		"nth":      func(s string) bool { _, err := strconv.Atoi(s); return err == nil || s == "last" },
		"units": func(s string) bool {
			switch Unit(s) {
			case MinuteUnit, HourUnit, DayUnit, WorkdayUnit, WeekUnit, MonthUnit, QuarterUnit, YearUnit:
				return true
			}
			return false
		},
		"markers": func(s string) bool {
			return marker(s) == byMarker || marker(s) == onMarker || marker(s) == towardMarker || marker(s) == doubtfulMarker
		},
		"between": func(s string) bool { return strings.Contains("|join|join time|and|or|then|to|range|late|", "|"+s+"|") },
	}
	if !known[section](meaning) {
		return fmt.Errorf("section %q: unknown meaning %q", section, meaning)
	}
	return nil
}

// weekdayNamed reads the English name that tables have on the left.
func weekdayNamed(name string) (time.Weekday, bool) {
	for d := time.Sunday; d <= time.Saturday; d++ {
		if strings.EqualFold(d.String(), name) {
			return d, true
		}
	}
	return 0, false
}

// monthNamed reads the English name that tables have on the left.
func monthNamed(name string) (time.Month, bool) {
	for m := time.January; m <= time.December; m++ {
		if strings.EqualFold(m.String(), name) {
			return m, true
		}
	}
	return 0, false
}
