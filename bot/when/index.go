package when

import "slices"

// index finds the patterns that can start at a token. Most of a table starts with a word of its own, so that few patterns are
// left to be tried.
type index struct {
	patterns []pattern
	byWord   map[string][]int
	slots    []string // with which a pattern may start, in a fixed order
	bySlot   map[string][]int
}

func newIndex(patterns []pattern) index {
	x := index{patterns: patterns, byWord: map[string][]int{}, bySlot: map[string][]int{}}
	for n, p := range patterns {
		for _, e := range p.elements {
			x.addStart(e, n)
			if !e.optional {
				break
			}
		}
	}
	return x
}

func (x *index) addStart(e element, n int) {
	if e.slot != "" {
		if x.bySlot[e.slot] == nil {
			x.slots = append(x.slots, e.slot)
		}
		x.bySlot[e.slot] = append(x.bySlot[e.slot], n)
	}
	for _, word := range e.words {
		x.byWord[word] = append(x.byWord[word], n)
	}
}

// startingAt returns, in the order of the table, the numbers of the patterns that may start at tokens[i].
func (x *index) startingAt(l *language, c Context, tokens []token, i int) []int {
	if i >= len(tokens) || tokens[i].word == "" {
		return nil
	}
	found := x.byWord[tokens[i].word]
	for _, slot := range x.slots {
		if len(l.slot(slot, c, tokens, match{end: i})) > 0 {
			found = append(slices.Clip(found), x.bySlot[slot]...)
		}
	}
	if len(found) < 2 {
		return found
	}
	found = slices.Clone(found)
	slices.Sort(found)
	return slices.Compact(found)
}
