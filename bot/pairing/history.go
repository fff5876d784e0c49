package pairing

import (
	"math"
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

// history answers questions about past rounds of the members in a pool.
type history struct {
	// round is the number of the round being made: one after the last in the history.
	round int
	// met holds the encounters of all members, each member's from starts to ends and sorted. The upper half of an encounter is the
	// other's index, the lower one how many rounds ago it was.
	met          []uint64
	starts, ends []int32
	// trios and lastTrio say in how many rounds, and when last, a member met two people or more.
	trios    []int
	lastTrio []int
}

// newHistory indexes the meetings of a pool of n members, who have the given indices by their places in the roll. The order of the
// meetings does not matter.
func newHistory(meetings []Meeting, r *roll, index []int32, n int) *history {
	h := &history{starts: make([]int32, n), ends: make([]int32, n), trios: make([]int, n), lastTrio: make([]int, n)}
	for k := range meetings {
		h.round = max(h.round, meetings[k].Round)
	}
	h.round++
	h.share(meetings, r.met, index)
	halves(n, func(from, to int) {
		var ages []int32
		for i := from; i < to; i++ {
			ages = h.count(int32(i), ages[:0])
		}
	})
	return h
}

// share gives each member their encounters, in one piece of memory.
func (h *history) share(meetings []Meeting, met [][2]uint32, index []int32) {
	each := func(f func(a, b int32, k int)) {
		for k, both := range met {
			if int(both[1]) >= len(index) || meetings[k].Outcome == NotMet {
				continue
			}
			if a, b := index[both[0]], index[both[1]]; a != none && b != none {
				f(a, b, k)
			}
		}
	}
	each(func(a, b int32, _ int) {
		h.ends[a]++
		h.ends[b]++
	})
	sum := int32(0)
	for i, count := range h.ends {
		h.starts[i], h.ends[i] = sum, sum
		sum += count
	}
	h.met = make([]uint64, sum)
	each(func(a, b int32, k int) {
		age := uint64(min(h.round-meetings[k].Round, math.MaxInt32))
		h.met[h.ends[a]], h.met[h.ends[b]] = uint64(b)<<32|age, uint64(a)<<32|age
		h.ends[a]++
		h.ends[b]++
	})
}

// of returns a member's encounters.
func (h *history) of(i int32) []uint64 { return h.met[h.starts[i]:h.ends[i]] }

// count sorts a member's encounters, keeps one of those with the same person in the same round, and counts the rounds in
// which there were several. It returns the ages that it was given to work with.
func (h *history) count(i int32, ages []int32) []int32 {
	list := h.of(i)
	slices.Sort(list)
	list = slices.Compact(list)
	h.ends[i] = h.starts[i] + int32(len(list))
	for _, e := range list {
		ages = append(ages, int32(uint32(e)))
	}
	slices.Sort(ages)
	for at, age := range ages {
		again := at > 0 && ages[at-1] == age
		if again && (at == 1 || ages[at-2] != age) {
			if h.trios[i] == 0 {
				h.lastTrio[i] = h.round - int(age)
			}
			h.trios[i]++
		}
	}
	return ages
}

// between returns how often two members met and how many rounds ago last; a count of zero means never.
func (h *history) between(i, j int32) (count, age int) {
	list := h.of(i)
	if other := h.of(j); len(other) < len(list) {
		list, j = other, i
	}
	low, high := 0, len(list)
	for low < high {
		if middle := int(uint(low+high) >> 1); list[middle]>>32 < uint64(j) {
			low = middle + 1
		} else {
			high = middle
		}
	}
	for count = 0; low+count < len(list) && list[low+count]>>32 == uint64(j); count++ {
		if count == 0 {
			age = int(uint32(list[low])) // The latest of them stands first.
		}
	}
	return count, age
}
