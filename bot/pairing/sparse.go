package pairing

import (
	"math/rand/v2"
	"slices"
)

const (
	// greedyRounds is how often those whom the sampled pairs leave over are sampled among themselves.
	greedyRounds = 8
	// helpRounds is how often those who are left out after that are given partners from the whole pool to look at.
	helpRounds = 4
	// helpSample is how many of a left-out member's permitted pairs are added each time, and helpTries among how many they
	// are looked for.
	helpSample = 128
	helpTries  = 20_000
	// helpLimit bounds how many left-out members are helped, so that a round that must leave thousands out ends.
	helpLimit = 2000
	// thirdTries bounds how many members are considered for the third seat.
	thirdTries = 64
)

// planSparsely makes a good round of pairs for a pool that is too large for the exact method: it looks at a sample of
// all pairs, matches greedily by worth, then covers as many members as the sample allows, then exchanges
// partners between two pairs where that is worth more. The duals tell where it may be, and how good the round is.
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
	p.schedules.complete()
	sp := &sparse{p: p, mate: fill(p.size(), none), s: p.scale(), leftBound: p.leftOutBound()}
	sp.sampler = p.newSampler(members)
	sp.match(members, r)
	sp.help(members, r)
	d := p.dual()
	sp.improve(members, d, r)

	pl := planOf(sp.mate)
	p.seatThird(&pl)
	if third != none && slices.Contains(pl.left, third) {
		// Nobody has room for the one who was kept aside, so they are matched like everybody else.
		sp.widen(third, members, r)
		cover(sp.neighbours, sp.mate, p.priority)
		pl = planOf(sp.mate)
		p.seatThird(&pl)
	}
	pl.leftBound = sp.leftBound
	pl.upper = sp.s.number(d.bound(p.pairsOf(pl)))
	return pl
}

// sparse is a matching under construction.
type sparse struct {
	p          *pool
	s          scale
	sampler    *sampler
	mate       []int32
	options    []ranking // as they were found
	neighbours [][]int32
	leftBound  int
}

// match pairs greedily, the best options first, again among those whom that leaves over, and then covers as many as the
// options allow. The greedy matching alone is worth at least half of the best one on the first options (Preis,
// "Linear time 1/2-approximation algorithm for maximum weighted matching in general graphs", 1999).
func (sp *sparse) match(members []int32, r *rand.Rand) {
	sp.sampler.topical(members, r)
	over := members
	for range greedyRounds {
		if len(over) <= max(sp.leftBound, len(members)%2) {
			break
		}
		sp.sampler.ordinary(over, r)
		found := sp.sampler.take()
		for _, c := range found.options {
			if sp.mate[c.i] == none && sp.mate[c.j] == none {
				sp.mate[c.i], sp.mate[c.j] = c.j, c.i
			}
		}
		sp.options = append(sp.options, found)
		over = sp.exposed(members)
	}
	sp.join()
	cover(sp.neighbours, sp.mate, sp.p.priority)
}

// exposed lists the given members who have no partner.
func (sp *sparse) exposed(members []int32) []int32 {
	var list []int32
	for _, i := range members {
		if sp.mate[i] == none {
			list = append(list, i)
		}
	}
	return list
}

// join links all options, in one piece of memory.
func (sp *sparse) join() {
	degrees, sum := make([]int32, len(sp.mate)), 0
	for _, found := range sp.options {
		for _, c := range found.options {
			degrees[c.i]++
			degrees[c.j]++
		}
		sum += 2 * len(found.options)
	}
	all := make([]int32, sum)
	sp.neighbours = make([][]int32, len(sp.mate))
	for i, degree := range degrees {
		sp.neighbours[i], all = all[:0:degree], all[degree:]
	}
	for _, found := range sp.options {
		for _, c := range found.options {
			sp.link(c.i, c.j)
		}
	}
}

func (sp *sparse) link(i, j int32) {
	sp.neighbours[i] = append(sp.neighbours[i], j)
	sp.neighbours[j] = append(sp.neighbours[j], i)
}

// help gives those left out more options and covers again, as long as that can help.
func (sp *sparse) help(members []int32, r *rand.Rand) {
	hopeless := make(map[int32]bool)
	for range helpRounds {
		left := sp.exposed(members)
		if len(left) <= max(sp.leftBound, len(members)%2) {
			return
		}
		left = slices.DeleteFunc(left, func(i int32) bool { return hopeless[i] })
		r.Shuffle(len(left), func(a, b int) { left[a], left[b] = left[b], left[a] })
		for _, i := range left[:min(len(left), helpLimit)] {
			hopeless[i] = sp.widen(i, members, r) == 0
		}
		cover(sp.neighbours, sp.mate, sp.p.priority)
	}
}

// widen links a member with others whom they may meet, from a random place in the pool on, and returns with how many.
func (sp *sparse) widen(i int32, members []int32, r *rand.Rand) int {
	start := r.IntN(len(members))
	found := 0
	for at := range min(len(members), helpTries) {
		j := members[(start+at)%len(members)]
		if sp.p.permits(i, j) {
			sp.link(i, j)
			if found++; found == helpSample {
				break
			}
		}
	}
	return found
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
