package pairing

// trioBoundLimit is the number of members up to which a round with a trio is bounded by solving a relaxation, and
// above which, as in a sparse round, by the best that any pair could be worth.
const trioBoundLimit = exactLimit

// pairsBound returns the greatest weight in levels 3 to 6 that as many pairs can have, whoever is left out.
func (p *pool) pairsBound(g []edge, x matching, pl plan) int64 {
	if len(pl.left) == 0 || p.allEqual() {
		return p.scale().total(x.weight())
	}
	return p.scale().total(maximumMatching(p.size(), p.indifferent(g)).weight())
}

// allEqual reports that all members rank the same.
func (p *pool) allEqual() bool {
	for _, rank := range p.priority {
		if rank != p.priority[0] {
			return false
		}
	}
	return true
}

// indifferent returns the graph with everybody ranked the same.
func (p *pool) indifferent(g []edge) []edge {
	same := make([]edge, len(g))
	for k, e := range g {
		e.w = e.w.minus(coverageWeight(p.priority[e.u] + p.priority[e.v])).plus(coverageWeight(2))
		same[k] = e
	}
	return same
}

// trioBound bounds the weight in levels 3 to 6 of every round with one trio that covers the most members. It lets
// each third seat have the two best meetings that its member could have with anybody, as if they always sat together.
func (p *pool) trioBound(g []edge) int64 {
	n := p.size()
	best := make([][2]weight, n)
	note := func(i int32, w weight) {
		switch {
		case best[i][0].less(w):
			best[i] = [2]weight{w, best[i][0]}
		case best[i][1].less(w):
			best[i][1] = w
		}
	}
	edges := p.indifferent(g)
	for k := range edges {
		e := &edges[k]
		meeting := weightOf(p.value(e.u, e.v))
		note(e.u, meeting)
		note(e.v, meeting)
		e.w = meeting.plus(coverageWeight(2))
	}
	for i, two := range best {
		edges = append(edges, edge{int32(i), int32(n), coverageWeight(1).plus(two[0]).plus(two[1])})
	}
	return p.scale().total(maximumMatching(n+1, edges).weight())
}

// pairsOf returns the most pairs that a round which leaves out no more than a plan does can have, and whether three of them
// may be a trio's.
func (p *pool) pairsOf(pl plan) (pairs int, trio bool) {
	n := p.size() - p.leftOutBound()
	switch {
	case !p.rules.Trios || n < 3 || n%2 == 0 && len(pl.left) == 0:
		return n / 2, false
	case n%2 == 1:
		return (n + 3) / 2, true
	}
	return n/2 + 1, true
}
