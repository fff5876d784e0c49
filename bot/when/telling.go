package when

import (
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// tells reports whether a day of a month after a word like "on" may be when something happened: "the incident on March 3". Where
// people never leave the article out, "le 3 mars" tells so only after what was done: "le bug signalé le 3 mars".
func (t *sentence) tells(i int) bool {
	if !t.l.article {
		return true
	}
	if i <= t.begin || t.tokens[i-1].word == "" {
		return false
	}
	before := t.tokens[i-1]
	word := norm.NFC.String(strings.ToLower(t.text[before.start+len(before.lead) : before.end-len(before.trail)]))
	for ending := range t.l.told {
		if len(word) > len(ending) && strings.HasSuffix(word, ending) {
			return true
		}
	}
	return false
}

// forSomebody reports whether a date after "for" is more likely the name of a person: "un regalo para Domingo", where days have
// an article and no capital.
func (t *sentence) forSomebody(found dated) bool {
	last := t.tokens[found.end-1]
	return found.end-found.start == 2 && last.capital && t.l.names[last.word] &&
		slices.ContainsFunc(t.tokens[t.begin:found.start+1], func(k token) bool { return !k.capital })
}

// afterName reports whether the word before a token can be the first name of somebody: one with a capital, to or from whom
// something goes.
func (t *sentence) afterName(i int) bool {
	return i-2 >= t.begin && t.tokens[i-1].capital && t.l.beforeNames[t.tokens[i-2].word]
}

// refuses reports whether a sentence says what is not to be done before a date, which is no deadline. Not to forget it is one.
func (t *sentence) refuses(found dated) bool {
	if !t.l.before[t.tokens[found.start].word] {
		return false
	}
	return t.negated(t.begin, found.start, found.start)
}

// forbids reports whether a sentence starts with what is not to be done: "never deploy on friday".
func (t *sentence) forbids(i int) bool { return t.negated(t.begin, min(t.begin+2, i), i) }

// negated reports whether one of tokens[from:to] is a negation, unless one up to end says that it is not to be forgotten.
func (t *sentence) negated(from, to, end int) bool {
	has := func(words map[string]bool, from, to int) bool {
		return slices.ContainsFunc(t.tokens[from:to], func(k token) bool { return words[k.word] })
	}
	return has(t.l.negations, from, to) && !has(t.l.forgetting, from, end)
}

// reachesFrom reports whether a word such as "bis" joins two dates to a stretch of time: "Montag bis Freitag". What is
// moved is more often a meeting of the first day: "mover a reunião de sexta até segunda".
func (t *sentence) reachesFrom(found dated) bool {
	joins := slices.ContainsFunc(t.l.between.at(t.tokens, found.start), func(e entry) bool { return e.meaning == "range" })
	if !joins || t.moves(found.start) || found.start <= t.begin {
		return false
	}
	if hour, _, ok := t.l.hourNamed(t.tokens[found.start-1].word); ok && found.reading.timeOnly && hour < found.reading.due.Time.Hour {
		return true // "9 bis 11 Uhr"
	}
	return len(t.l.weekdays.at(t.tokens, found.start-1)) > 0 || t.besideDate(found.start, false)
}
