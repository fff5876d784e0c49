package when

import (
	"slices"
	"strings"
)

// verdict is what becomes of a date that stands at the end of a text.
type verdict uint8

const (
	looked    verdict = iota // too weak a reading: a shorter one may be better
	taken                    // it is the deadline
	doubted                  // it may belong to something else: offered, not taken
	dismissed                // it is none, and no part of it is
)

// judge decides whether a date is the deadline of the sentence. A wrong date, or one where there is none, is worse than
// asking, so only "by" and its like are trusted without a look at the words before.
func (t *sentence) judge(found dated) verdict {
	before := t.wordBefore(found.start)
	if found.marker == towardMarker {
		if found.marker = byMarker; t.moves(found.start) || t.besideDate(found.start, true) || t.forSomebody(found) {
			return doubted // "mudar a demo para segunda", "passar a demo de segunda para terça", "un regalo para Domingo"
		}
	}
	switch {
	case found.reading.byHour:
		return t.judgeHour(found.start)
	case found.marker != byMarker && (found.reading.byOnly || found.reading.doubtful && found.marker == unmarked):
		return looked
	case t.onlyPolite(found.start):
		return t.farewell(found)
	case found.marker == byMarker && found.reading.timeOnly && t.besideDate(found.start, false):
		return doubted // a time of a day that it could not be joined with
	case t.untold(found.start):
		return doubted
	case found.marker == byMarker && (found.reading.doubtful || found.reading.elsewhere || found.reading.weak && t.ofAmounts(found.start)):
		return doubted
	case found.marker == byMarker && (t.refuses(found) || t.reachesFrom(found)):
		return doubted // "don't send it before friday", "Schicht Montag bis Freitag"
	case found.marker == byMarker:
		return taken
	case found.reading.weak && found.marker == unmarked:
		return looked
	case found.reading.proper && found.marker == unmarked && t.afterName(found.start):
		return dismissed // "das Angebot an Thi Do"
	case t.l.never[before]:
		return dismissed
	case found.reading.doubtful, found.reading.elsewhere:
		return doubted
	case found.reading.err != nil && found.reading.err.Code == Past && (found.reading.ago || t.toldOfThePast(found.start, before)):
		return dismissed
	case found.marker == doubtfulMarker, found.reading.needsBy, t.forbids(found.start), t.inClause(found.start), t.beforeEvent(found.start):
		return doubted
	case t.moves(found.start), found.marker == unmarked && t.besideDate(found.start, found.reading.timeOnly):
		return doubted
	case (found.reading.period || t.namesPeriod(found.start)) && (participle(before) || t.l.planning[before]):
		return doubted // "list PRs merged this week", "plan next week"
	case found.reading.confirm && (participle(before) || found.marker == onMarker && found.reading.recent && t.tells(found.start)):
		return doubted // "the bug reported on March 3", "the incident on March 3" tell of this year's
	case found.reading.calendar && t.l.places[before]:
		return dismissed // "rua 25 de Março"
	}
	return taken
}

// untold reports whether a date stands after what is likely a time of day that was not understood: "at one tomorrow".
func (t *sentence) untold(i int) bool {
	if i-2 < t.begin {
		return false
	}
	number := t.tokens[i-1]
	if _, isWord := t.l.numbers[number.word]; !isWord && dayHalf(number.word) == 0 {
		return false
	}
	return len(t.l.markers[t.tokens[i-2].word]) > 0 || t.l.between.joins(t.tokens, i-2)
}

// judgeHour decides on "by 5", which is a time where something is sent or finished, and an amount where something shrinks.
func (t *sentence) judgeHour(start int) verdict {
	number := false
	if start > t.begin {
		_, _, number = t.l.hourNamed(t.tokens[start-1].word)
		number = number || t.tokens[start-1].word == "one"
	}
	switch {
	case number || t.ofAmounts(start): // "von 3 bis 5", "two by two"
		return looked
	case t.inClause(start) || t.moves(start) || t.l.apart[t.wordBefore(start)]:
		return doubted
	case slices.ContainsFunc(t.tokens[t.begin:start], func(k token) bool { return t.l.handing[k.word] }):
		return taken
	}
	return doubted
}

// onlyPolite reports whether nothing but thanks stands before a date.
func (t *sentence) onlyPolite(i int) bool {
	for _, k := range t.tokens[t.begin:i] {
		if !t.l.polite.holds(k) {
			return false
		}
	}
	return i > t.begin
}

// farewell judges the date of "danke, bis morgen": it is likely when people meet again. One that is over is what the thanks
// are for.
func (t *sentence) farewell(found dated) verdict {
	if found.reading.err != nil {
		return dismissed
	}
	return doubted
}

// beforeEvent reports whether what happens on the date is something else that the promise comes before: "before the demo on
// friday", "before standup tomorrow".
func (t *sentence) beforeEvent(i int) bool {
	return slices.ContainsFunc(t.tokens[max(t.begin, i-eventWords):i], func(k token) bool { return t.l.before[k.word] })
}

// eventWords is how many words may name what is to happen: "before our next board meeting".
const eventWords = 4

// namesPeriod reports whether a date starts like "this week" or "next month", which can be the thing itself.
func (t *sentence) namesPeriod(i int) bool {
	word := t.tokens[i].word
	return word == "this" || word == "next"
}

// wordBefore returns the word before a token, or "" at the start and after a mention or a quotation.
func (t *sentence) wordBefore(i int) string {
	if i <= t.begin {
		return ""
	}
	return t.tokens[i-1].word
}

// moves reports whether a word before a token says that something is moved or put off, to or by what follows.
func (t *sentence) moves(i int) bool {
	return slices.ContainsFunc(t.tokens[t.begin:i], func(k token) bool { return t.l.moving[k.word] })
}

// besideDate reports whether what stands right before a token is a date too, which the grammar could not join with it; weak
// also takes what often means something else.
func (t *sentence) besideDate(i int, weak bool) bool {
	for i > t.begin && t.tokens[i-1].word == "" && !t.tokens[i-1].opaque {
		i--
	}
	for from := max(t.begin, i-maxPhrase); from < i; from++ {
		if p, ok := t.l.readPhrase(t.c, t.tokens[from:i], false); ok && (weak || !p.weak) {
			return true
		}
	}
	return false
}

// ofAmounts reports whether "by 1/2" is likely an amount: "cut the cost by 1/2".
func (t *sentence) ofAmounts(i int) bool {
	return slices.ContainsFunc(t.tokens[t.begin:i], func(k token) bool { return t.l.amount[k.word] })
}

// inClause reports whether a word before a token opens a clause, to which what follows may belong.
func (t *sentence) inClause(i int) bool {
	for n, k := range t.tokens[t.begin:i] {
		if n == 0 && t.l.promising[k.word] {
			continue // "ich schicke es Freitag" is no clause
		}
		if t.l.clause[k.word] || k.word == "that" && verbLike(t.tokens[t.begin+n+1].word) {
			return true
		}
	}
	return false
}

// verbLike reports whether an English word after "that" is more likely its verb than its noun: "the job that runs".
func verbLike(word string) bool {
	return strings.HasSuffix(word, "s") && !strings.HasSuffix(word, "ss") || participle(word)
}

// toldOfThePast reports whether a past date tells of something that happened: "the bug I saw yesterday", "the deck sent
// last friday". Otherwise it is a promise with a date that is over.
func (t *sentence) toldOfThePast(i int, before string) bool {
	if t.inClause(i) || participle(before) {
		return true
	}
	for _, k := range t.tokens[t.begin:i] {
		if k.word == "that" || k.word == "you" || k.word == "it" {
			return true
		}
	}
	return false
}

// participle reports whether an English word is likely one.
func participle(word string) bool {
	switch word {
	case "sent", "saw", "seen", "met", "said", "made", "done", "got", "took", "taken", "gave", "given", "wrote", "written",
		"built", "broke", "broken", "held", "found", "shown", "came", "went", "left", "lost", "shipped", "paid":
		return true
	}
	return strings.HasSuffix(word, "ed") && len(word) > 4 && !strings.HasSuffix(word, "eed")
}
