package pairing

import (
	"cmp"
	"math/rand/v2"
	"slices"
)

const (
	// rings is how many orders of each kind propose pairs.
	rings = 2
	// ringPairs is how many pairs a member gets in each of them.
	ringPairs = 4
	// topicTries is how many members are proposed for each topic and side, and for each two topics that answer each other.
	topicTries = 3
	// topicLimit bounds how many of a member's topics are looked at on each side.
	topicLimit = 4
)

// option is a pair that is worth a look.
type option struct{ i, j int32 }

// ranking is options, the best first, and those that are worth the same in the order in which they were noted.
type ranking struct {
	options []option
	tiers   []tier
}

// tier is the options of a ranking that are worth the same, up to an end.
type tier struct {
	worth int64
	end   int
}

// each calls f for all options with their worth, in order.
func (r ranking) each(f func(c option, worth int64)) {
	from := 0
	for _, t := range r.tiers {
		for _, c := range r.options[from:t.end] {
			f(c, t.worth)
		}
		from = t.end
	}
}

// sampler proposes pairs that are worth a look, because not all of a large pool's can be looked at.
type sampler struct {
	p        *pool
	s        scale
	in       []bool    // per member: takes part
	offering [][]int32 // per topic: who offers it
	asking   [][]int32
	both     map[[2]int32][]int32 // per topic offered and topic asked for
	pairs    []option
	worths   []int64 // per pair: levels 3 to 6 on the scale; negative if the two may not meet
}

// newSampler prepares to propose pairs of the given members.
func (p *pool) newSampler(members []int32) *sampler {
	s := &sampler{p: p, s: p.scale(), in: make([]bool, p.size()), both: make(map[[2]int32][]int32)}
	s.offering, s.asking = make([][]int32, len(p.topics)), make([][]int32, len(p.topics))
	for _, i := range members {
		s.in[i] = true
		for _, topic := range p.offers[i] {
			s.offering[topic] = append(s.offering[topic], i)
		}
		for _, topic := range p.asks[i] {
			s.asking[topic] = append(s.asking[topic], i)
		}
		s.eachExchange(i, func(offer, ask int32) { s.both[[2]int32{offer, ask}] = append(s.both[[2]int32{offer, ask}], i) })
	}
	return s
}

// eachExchange calls f for every topic that a member offers with every one that they ask for.
func (s *sampler) eachExchange(i int32, f func(offer, ask int32)) {
	for _, offer := range few(s.p.offers[i]) {
		for _, ask := range few(s.p.asks[i]) {
			f(offer, ask)
		}
	}
}

// few returns the first of a member's topics.
func few(topics []int32) []int32 { return topics[:min(len(topics), topicLimit)] }

// ordinary proposes pairs in general: some at random, some from different departments, some who work at the same hours.
func (s *sampler) ordinary(members []int32, r *rand.Rand) {
	order := slices.Clone(members)
	for range rings {
		r.Shuffle(len(order), func(a, b int) { order[a], order[b] = order[b], order[a] })
		s.propose(order, 1)
		// Stably sorted by department, the member half the pool away is from another one, unless one department
		// holds more than half of all.
		s.propose(sortedBy(order, s.p.department), len(order)/2)
		byHours := sortedBy(order, s.p.schedules.kind)
		s.propose(byHours, 1)
		s.propose(byHours, 2)
	}
}

// topical proposes pairs in which an offer meets an ask, and first those in which both do.
func (s *sampler) topical(members []int32, r *rand.Rand) {
	s.pairs = slices.Grow(s.pairs, 2*ringPairs*rings*len(members))
	some := func(i int32, list []int32) {
		for range min(topicTries, len(list)) {
			s.add(i, list[r.IntN(len(list))])
		}
	}
	for _, i := range members {
		s.eachExchange(i, func(offer, ask int32) { some(i, s.both[[2]int32{ask, offer}]) })
		for _, topic := range few(s.p.asks[i]) {
			some(i, s.offering[topic])
		}
		for _, topic := range few(s.p.offers[i]) {
			some(i, s.asking[topic])
		}
	}
}

// sortedBy returns the members stably sorted by an attribute whose values are small and at least -1.
func sortedBy(members, attribute []int32) []int32 {
	starts := make([]int, slices.Max(attribute)+3)
	for _, i := range members {
		starts[attribute[i]+2]++
	}
	for at := 1; at < len(starts); at++ {
		starts[at] += starts[at-1]
	}
	sorted := make([]int32, len(members))
	for _, i := range members {
		sorted[starts[attribute[i]+1]] = i
		starts[attribute[i]+1]++
	}
	return sorted
}

// propose adds the pairs that stand the given number of places apart in a ring.
func (s *sampler) propose(ring []int32, apart int) {
	for at, i := range ring {
		s.add(i, ring[(at+apart)%len(ring)])
	}
}

// add notes a pair to look at.
func (s *sampler) add(i, j int32) {
	if i != j && s.in[i] && s.in[j] {
		s.pairs = append(s.pairs, option{i, j})
	}
}

// take ranks the permitted ones of the noted pairs, and forgets all. A pair may be in it twice.
func (s *sampler) take() ranking {
	s.worths = slices.Grow(s.worths[:0], len(s.pairs))[:len(s.pairs)]
	halves(len(s.pairs), func(from, to int) {
		for k := from; k < to; k++ {
			s.worths[k] = -1
			if c := s.pairs[k]; s.p.permits(c.i, c.j) {
				s.worths[k] = s.s.number(s.p.value(c.i, c.j))
			}
		}
	})
	r := rank(s.pairs, s.worths)
	s.pairs = s.pairs[:0]
	return r
}

// rank sorts options by their worths, without those of a negative one. There are far fewer different worths than options,
// so that they are counted and not compared.
func rank(pairs []option, worths []int64) ranking {
	places := make(map[int64]int)
	for _, worth := range worths {
		if worth >= 0 {
			places[worth]++
		}
	}
	r := ranking{tiers: make([]tier, 0, len(places))}
	for worth, count := range places {
		r.tiers = append(r.tiers, tier{worth, count})
	}
	slices.SortFunc(r.tiers, func(a, b tier) int { return cmp.Compare(b.worth, a.worth) })
	next := 0
	for at := range r.tiers {
		t := &r.tiers[at]
		places[t.worth] = next
		next += t.end
		t.end = next
	}
	r.options = make([]option, next)
	for k, worth := range worths {
		if worth >= 0 {
			r.options[places[worth]] = pairs[k]
			places[worth]++
		}
	}
	return r
}

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

// candidate measures a pair.
func (p *pool) candidate(i, j int32, s scale) candidate {
	i, j = min(i, j), max(i, j)
	return candidate{i, j, s.number(p.value(i, j)), p.pairNoise(i, j)}
}
