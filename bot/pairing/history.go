package pairing

import (
	"cmp"
	"slices"
)

// Outcome is what became of an introduction. The zero value, Unanswered, counts as met.
type Outcome uint8

// Unanswered means nobody said; Met and NotMet are what the people said.
const (
	Unanswered Outcome = iota
	Met
	NotMet
)

// Meeting says that two members were in one group of a past round, whatever the size of that group.
type Meeting struct {
	// A and B are the members' IDs in either order; who is no longer a member is ignored.
	A, B string
	// Round counts up from round to round of the program.
	Round int
	// Outcome NotMet makes the meeting not count.
	Outcome Outcome
}

// encounter is what one member knows of another: how often they met and in which round last.
type encounter struct {
	other int32
	count int32
	last  int
}

// history answers questions about past rounds of the members in a pool.
type history struct {
	// round is the number of the round being made: one after the last in the history.
	round int
	// met lists each member's encounters, sorted by the other's index.
	met [][]encounter
	// trios and lastTrio say in how many rounds, and when last, a member met two people or more.
	trios    []int
	lastTrio []int
}

// presence is one member's view of one meeting.
type presence struct {
	member, other int32
	round         int
}

// newHistory indexes the meetings of n members. The order of the meetings does not matter.
func newHistory(meetings []Meeting, index map[string]int32, n int) *history {
	h := &history{met: make([][]encounter, n), trios: make([]int, n), lastTrio: make([]int, n)}
	seen := make([]presence, 0, 2*len(meetings))
	for _, m := range meetings {
		h.round = max(h.round, m.Round)
		a, aHere := index[m.A]
		b, bHere := index[m.B]
		if m.Outcome == NotMet || !aHere || !bHere || a == b {
			continue
		}
		seen = append(seen, presence{a, b, m.Round}, presence{b, a, m.Round})
	}
	h.round++
	slices.SortFunc(seen, func(x, y presence) int {
		return cmp.Or(cmp.Compare(x.member, y.member), cmp.Compare(x.other, y.other), cmp.Compare(x.round, y.round))
	})
	seen = slices.Compact(seen)
	for _, s := range seen {
		h.note(s)
	}
	h.countTrios(seen)
	return h
}

// note adds a presence; they come sorted by member, other and round.
func (h *history) note(s presence) {
	list := h.met[s.member]
	if last := len(list) - 1; last >= 0 && list[last].other == s.other {
		list[last].count++
		list[last].last = s.round
		return
	}
	h.met[s.member] = append(list, encounter{other: s.other, count: 1, last: s.round})
}

// countTrios finds the rounds in which a member met several people.
func (h *history) countTrios(seen []presence) {
	slices.SortFunc(seen, func(x, y presence) int {
		return cmp.Or(cmp.Compare(x.member, y.member), cmp.Compare(x.round, y.round))
	})
	for i := 1; i < len(seen); i++ {
		same := func(j int) bool {
			return j >= 0 && seen[j].member == seen[i].member && seen[j].round == seen[i].round
		}
		if same(i-1) && !same(i-2) {
			h.trios[seen[i].member]++
			h.lastTrio[seen[i].member] = seen[i].round
		}
	}
}

// between returns how often two members met and how many rounds ago last; a count of zero means never.
func (h *history) between(i, j int32) (count, age int) {
	list := h.met[i]
	if len(h.met[j]) < len(list) {
		list, j = h.met[j], i
	}
	at, found := slices.BinarySearchFunc(list, j, func(e encounter, other int32) int {
		return cmp.Compare(e.other, other)
	})
	if !found {
		return 0, 0
	}
	return int(list[at].count), h.round - list[at].last
}
