package pairing

import (
	"math/rand/v2"
	"slices"
)

const (
	// helpRounds is how often those whom the sampled pairs leave out are given more candidates.
	helpRounds = 4
	// helpSample is how many of a left-out member's permitted pairs are added each time.
	helpSample = 128
	// helpLimit bounds how many left-out members are helped, so that a round that must leave thousands out ends.
	helpLimit = 2000
	// improvePasses bounds the passes of exchanges between two pairs.
	improvePasses = 6
	// thirdTries bounds how many members are considered for the third seat.
	thirdTries = 64
)

// planSparsely makes a good round of pairs for a pool that is too large for the exact method: it looks at a sample of
// all pairs, matches greedily by worth, then covers as many members as the sample allows, then exchanges
// partners between two pairs where that is worth more.
func (p *pool) planSparsely() plan {
	r := rand.New(rand.NewPCG(p.seed, 0x70616972))
	members := make([]int32, p.size())
	for i := range members {
		members[i] = int32(i)
	}
	third := none
	if p.rules.Trios && len(members)%2 == 1 {
		third = p.nextThird()
		members = slices.DeleteFunc(members, func(i int32) bool { return i == third })
	}
	sp := &sparse{p: p, mate: fill(p.size(), none), s: p.scale()}
	sp.match(p.sample(members, r))
	sp.help(members, r)
	sp.improve()

	pl := planOf(sp.mate)
	p.seatThird(&pl)
	if third != none && slices.Contains(pl.left, third) {
		// Nobody has room for the one who was kept aside, so they are matched like everybody else.
		sp.widen(third, members, r)
		cover(sp.neighbours, sp.mate, p.priority)
		pl = planOf(sp.mate)
		p.seatThird(&pl)
	}
	pl.leftBound = p.structuralBound()
	pl.upper = p.looseBound(p.maxPairs())
	return pl
}

// sparse is a matching under construction.
type sparse struct {
	p          *pool
	s          scale
	mate       []int32
	candidates []candidate
	neighbours [][]int32
}

// match pairs greedily, the best candidates first, and then covers as many as the candidates allow. The greedy
// matching alone is worth at least half of the best one on the candidates (Preis, "Linear time 1/2-approximation
// algorithm for maximum weighted matching in general graphs", 1999).
func (sp *sparse) match(candidates []candidate) {
	sp.candidates = candidates
	sp.neighbours = make([][]int32, len(sp.mate))
	for _, c := range candidates {
		sp.link(c.i, c.j)
		if sp.mate[c.i] == none && sp.mate[c.j] == none {
			sp.mate[c.i], sp.mate[c.j] = c.j, c.i
		}
	}
	cover(sp.neighbours, sp.mate, sp.p.priority)
}

func (sp *sparse) link(i, j int32) {
	sp.neighbours[i] = append(sp.neighbours[i], j)
	sp.neighbours[j] = append(sp.neighbours[j], i)
}

// help gives those left out more candidates and covers again, as long as that can help.
func (sp *sparse) help(members []int32, r *rand.Rand) {
	for range helpRounds {
		var left []int32
		for _, i := range members {
			if sp.mate[i] == none {
				left = append(left, i)
			}
		}
		if len(left) <= max(sp.p.structuralBound(), len(members)%2) {
			return
		}
		r.Shuffle(len(left), func(a, b int) { left[a], left[b] = left[b], left[a] })
		for _, i := range left[:min(len(left), helpLimit)] {
			sp.widen(i, members, r)
		}
		cover(sp.neighbours, sp.mate, sp.p.priority)
	}
}

// widen links a member with others whom they may meet, from a random place in the pool on.
func (sp *sparse) widen(i int32, members []int32, r *rand.Rand) {
	start := r.IntN(len(members))
	found := 0
	for at := range members {
		j := members[(start+at)%len(members)]
		if sp.p.permits(i, j) {
			sp.link(i, j)
			sp.candidates = append(sp.candidates, sp.p.candidate(i, j, sp.s))
			if found++; found == helpSample {
				return
			}
		}
	}
}

// improve exchanges partners: a candidate pair comes together if that and their partners' new pair are worth more.
func (sp *sparse) improve() {
	slices.SortFunc(sp.candidates, candidate.compare)
	for range improvePasses {
		changed := false
		for _, c := range sp.candidates {
			changed = sp.exchange(c) || changed
		}
		if !changed {
			return
		}
	}
}

// exchange brings a pair together if that is worth it. Nobody is left out for it.
func (sp *sparse) exchange(c candidate) bool {
	a, b := sp.mate[c.i], sp.mate[c.j]
	if a == none || b == none || a == c.j || !sp.p.permits(a, b) {
		return false
	}
	before := sp.worth(c.i, a) + sp.worth(c.j, b)
	if c.worth+sp.worth(a, b) <= before {
		return false
	}
	sp.mate[c.i], sp.mate[c.j], sp.mate[a], sp.mate[b] = c.j, c.i, b, a
	return true
}

func (sp *sparse) worth(i, j int32) int64 {
	return sp.s.number(sp.p.value(i, j))
}

// nextThird returns the first member, by turn, who could join some two others, or none.
func (p *pool) nextThird() int32 {
	for _, i := range p.byTurn()[:min(thirdTries, p.size())] {
		friends := 0
		for j := int32(0); int(j) < p.size() && friends < 2; j++ {
			if p.permits(i, j) {
				friends++
			}
		}
		if friends == 2 {
			return i
		}
	}
	return none
}

// seatThird gives one left-out member the third seat at the pair that is worth most with them, by turn, if any
// pair has room for any of them.
func (p *pool) seatThird(pl *plan) {
	if !p.rules.Trios || len(pl.left) == 0 {
		return
	}
	waiting := make(map[int32]bool, len(pl.left))
	for _, i := range pl.left {
		waiting[i] = true
	}
	tries := 0
	for _, i := range p.byTurn() {
		if !waiting[i] {
			continue
		}
		if at := p.bestSeat(i, pl.groups, 3); at >= 0 {
			pl.groups[at] = append(pl.groups[at], i)
			pl.left = slices.DeleteFunc(pl.left, func(x int32) bool { return x == i })
			return
		}
		if tries++; tries == thirdTries {
			return
		}
	}
}

// bestSeat returns the index of the group below the given size, but not empty, that is worth most with a member in
// it, or -1. Chance decides between equals.
func (p *pool) bestSeat(i int32, groups [][]int32, size int) int {
	s := p.scale()
	best, at := int64(-1), -1
	for g, group := range groups {
		if len(group) == 0 || len(group) >= size || !p.fits(i, group) {
			continue
		}
		var worth int64
		for _, j := range group {
			worth += s.number(p.value(i, j))
		}
		if worth > best || worth == best && p.pairNoise(i, group[0]) < p.pairNoise(i, groups[at][0]) {
			best, at = worth, g
		}
	}
	return at
}
