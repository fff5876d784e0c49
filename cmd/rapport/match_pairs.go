package main

import (
	"strings"
	"time"

	"rapport/bot/pairing"
)

// historyColumns are those of a file of past meetings, of which met may be missing; blockColumns those of a file of pairs who must not meet.
var (
	historyColumns = []string{"a", "b", "round", "met"}
	blockColumns   = []string{"a", "b"}
)

// mostRounds bounds the number of a round.
const mostRounds = 1_000_000_000

// pairRound is a pair in a round, whichever of the two is named first.
type pairRound struct {
	a, b  string
	round int
}

// readHistory reads all rows; what is wrong with them is reported to the table.
func readHistory(t *table, p *roster) []pairing.Meeting {
	list := make([]pairing.Meeting, 0, t.rows())
	seen := make(map[pairRound]int, t.rows())
	for t.next() {
		a, b, sound := p.pair(t)
		m := pairing.Meeting{A: a, B: b, Round: roundOf(t), Outcome: outcomeOf(t)}
		if !sound || m.Round == 0 {
			continue
		}
		key := pairRound{min(a, b), max(a, b), m.Round}
		if line, twice := seen[key]; twice {
			t.report("a", "%q and %q in round %d stand in line %d already; remove one of the two rows", excerpt(a), excerpt(b), m.Round, line)
			continue
		}
		seen[key] = t.line()
		list = append(list, m)
	}
	return list
}

// pair reads the two members that a row names.
func (p *roster) pair(t *table) (a, b string, sound bool) {
	a, aKnown := p.known(t, "a")
	b, bKnown := p.known(t, "b")
	if a != "" && a == b {
		t.report("b", "%q stands on both sides; a pair is two people", excerpt(b))
		return a, b, false
	}
	return a, b, aKnown && bKnown
}

// roundOf reads the number of a round, 0 if there is none.
func roundOf(t *table) int {
	if t.cell("round") == "" {
		t.report("round", "the number of the round is missing; rounds count up from 1")
		return 0
	}
	if _, err := time.Parse(time.DateOnly, t.cell("round")); err == nil {
		t.report("round", "%q is a day; rounds count up: write 1 for the first round, 2 for the next", t.cell("round"))
		return 0
	}
	return wholeNumber(t, "round", 1, mostRounds)
}

// outcomeOf reads whether the two met.
func outcomeOf(t *table) pairing.Outcome {
	text := t.cell("met")
	switch strings.ToLower(text) {
	case "":
		return pairing.Unanswered
	case "true", "yes", "y", "1":
		return pairing.Met
	case "false", "no", "n", "0":
		return pairing.NotMet
	}
	t.report("met", "%q is not true or false; leave it empty if nobody knows, which counts as met", excerpt(text))
	return pairing.Unanswered
}

// readBlocks reads all rows. One holds for both directions, so that the same two in the other order are a mistake, too.
func readBlocks(t *table, p *roster) [][2]string {
	var list [][2]string
	seen := make(map[[2]string]int)
	for t.next() {
		a, b, sound := p.pair(t)
		if !sound {
			continue
		}
		block := [2]string{min(a, b), max(a, b)}
		if line, twice := seen[block]; twice {
			t.report("a", "%q and %q stand in line %d already; remove one of the two rows", excerpt(a), excerpt(b), line)
			continue
		}
		seen[block] = t.line()
		list = append(list, block)
	}
	return list
}
