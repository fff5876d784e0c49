package pairing

import (
	"cmp"
	"math/rand/v2"
	"slices"
)

const (
	// rings is how many orders of each kind propose candidates; each gives a member two of them.
	rings = 4
	// askersPerTopic is how many members who offer a topic are proposed to one who asks for it.
	askersPerTopic = 3
)

// candidate is a permitted pair in a sparse graph, i before j.
type candidate struct {
	i, j  int32
	worth int64 // levels 3 to 6 on the scale
	noise uint64
}

// compare puts the better pair first.
func (c candidate) compare(d candidate) int {
	return cmp.Or(cmp.Compare(d.worth, c.worth), cmp.Compare(d.noise, c.noise), cmp.Compare(c.i, d.i), cmp.Compare(c.j, d.j))
}

// sampler proposes pairs that are worth a look, because not all of a large pool's can be looked at.
type sampler struct {
	p     *pool
	in    []bool // per member: takes part
	s     scale
	pairs []candidate
}

// sample returns permitted pairs of the given members, each once: some at random, some from different departments,
// some who work at the same hours, some where an offer meets an ask. A member has a few dozen at most on average.
func (p *pool) sample(members []int32, r *rand.Rand) []candidate {
	s := &sampler{p: p, in: make([]bool, p.size()), s: p.scale()}
	for _, i := range members {
		s.in[i] = true
	}
	order := slices.Clone(members)
	for range rings {
		r.Shuffle(len(order), func(a, b int) { order[a], order[b] = order[b], order[a] })
		s.propose(order, 1)
		s.propose(order, 2)
		// Stably sorted by department, the member half the pool away is from another one, unless one department
		// holds more than half of all.
		s.propose(p.sortedBy(order, p.department), len(order)/2)
		s.propose(p.sortedBy(order, p.schedules.kind), 1)
	}
	s.proposeTopics(members, r)
	return s.distinct()
}

// sortedBy returns the members stably sorted by an attribute.
func (p *pool) sortedBy(members, attribute []int32) []int32 {
	sorted := slices.Clone(members)
	slices.SortStableFunc(sorted, func(a, b int32) int { return cmp.Compare(attribute[a], attribute[b]) })
	return sorted
}

// propose adds the pairs that stand the given number of places apart in a ring.
func (s *sampler) propose(ring []int32, apart int) {
	for at, i := range ring {
		s.add(i, ring[(at+apart)%len(ring)])
	}
}

// proposeTopics adds, for everybody who asks for something, a few who offer it.
func (s *sampler) proposeTopics(members []int32, r *rand.Rand) {
	offering := make([][]int32, len(s.p.topics))
	for _, i := range members {
		for _, topic := range s.p.offers[i] {
			offering[topic] = append(offering[topic], i)
		}
	}
	for _, i := range members {
		for _, topic := range s.p.asks[i] {
			if len(offering[topic]) == 0 {
				continue
			}
			for range askersPerTopic {
				s.add(i, offering[topic][r.IntN(len(offering[topic]))])
			}
		}
	}
}

// add notes a pair if it is permitted.
func (s *sampler) add(i, j int32) {
	if !s.in[i] || !s.in[j] || !s.p.permits(i, j) {
		return
	}
	s.pairs = append(s.pairs, s.p.candidate(i, j, s.s))
}

// candidate measures a pair.
func (p *pool) candidate(i, j int32, s scale) candidate {
	i, j = min(i, j), max(i, j)
	return candidate{i, j, s.number(p.value(i, j)), p.pairNoise(i, j)}
}

// distinct returns the pairs, the best first, each once.
func (s *sampler) distinct() []candidate {
	slices.SortFunc(s.pairs, candidate.compare)
	return slices.Compact(s.pairs)
}
