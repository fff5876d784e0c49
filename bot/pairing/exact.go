package pairing

// planExactly makes the best round of pairs, with at most one trio if the rules allow and it helps.
//
// Levels 1 and 2 of the objective need no numbers of astronomic size. The sets of members that some matching covers
// are the independent sets of a matroid (Edmonds and Fulkerson, "Transversals and matroid partition",
// 1965), and in a matroid the set of greatest total weight depends only on the order of the weights: the greedy set,
// which covers as many as possible and prefers lexicographically whoever ranks higher. So each member simply
// weighs their rank, and each pair the two ranks, above everything that the pair is worth itself.
func (p *pool) planExactly() plan {
	g := p.graph()
	if p.rules.Trios && p.size()%2 == 1 {
		return p.planWithTrio(g)
	}
	x := maximumMatching(p.size(), g)
	pl := planOf(x.mate)
	if p.rules.Trios && len(pl.left) > 0 {
		return p.planWithTrio(g)
	}
	pl.exact = true
	pl.leftBound = len(pl.left)
	pl.upper = p.pairsBound(g, x, pl)
	if ahead, found := p.lookAhead(x.mate); found {
		pl.groups, pl.exact = ahead, false
	}
	return pl
}

// graph returns every permitted pair with its weight in all levels.
func (p *pool) graph() []edge {
	n := int32(p.size())
	edges := make([]edge, 0, n*(n-1)/2)
	for i := range n {
		for j := i + 1; j < n; j++ {
			if p.permits(i, j) {
				w := coverageWeight(p.priority[i] + p.priority[j]).plus(weightOf(p.value(i, j)))
				edges = append(edges, edge{i, j, w.plus(noiseWeight(p.pairNoise(i, j)))})
			}
		}
	}
	return edges
}
