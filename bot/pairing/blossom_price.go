package pairing

import (
	"cmp"
	"slices"
)

const (
	// pricedFrom is the number of edges for each vertex from which a graph is solved on a part of its edges first.
	pricedFrom = 60
	// firstDegree and laterDegree are how many of its edges each vertex may bring into that part at first, and every
	// time that the part turns out to lack some.
	firstDegree = 8
	laterDegree = 4
)

// maximumMatching returns a matching of maximum weight among n vertices. Weights should be positive, other edges are
// never used. If each edge weighs the sum of positive vertex weights and a lesser rest, the covered
// vertices are a maximum-cardinality matching's.
//
// Of many edges most are no use. So a dense graph is solved on a part of its edges, and the duals that prove that
// matching are tried on all the others: if each has slack, they prove it for the whole graph; if some do not, they join
// the part, and it is solved again. The part only grows, so that this ends.
func maximumMatching(n int, edges []edge) matching {
	if len(edges) < pricedFrom*n {
		return matchAll(n, edges)
	}
	c := &part{n: n, edges: edges, in: make([]bool, len(edges))}
	c.takeBest()
	for degree := laterDegree; ; degree *= 2 {
		x := matchAll(n, c.taken)
		if !c.takeViolated(x, degree) {
			return x
		}
	}
}

// part is some of a graph's edges.
type part struct {
	n     int
	edges []edge
	in    []bool // per edge: taken
	taken []edge
}

// priced is an edge with what speaks for taking it.
type priced struct {
	w  weight
	at int32
}

// takeBest takes the best edges of each vertex by what they are worth without the vertices' ranks, which all of
// a vertex's edges share.
func (c *part) takeBest() {
	list := make([]priced, len(c.edges))
	for k, e := range c.edges {
		e.w.hi &= 1<<coverageShift - 1
		list[k] = priced{e.w, int32(k)}
	}
	c.take(list, firstDegree)
}

// takeViolated takes edges that the matching's duals are not feasible for; false means that there is none.
func (c *part) takeViolated(x matching, degree int) bool {
	var list []priced
	for k := range c.edges {
		if c.in[k] {
			continue
		}
		e := &c.edges[k]
		a, b := &x.m.dual[e.u], &x.m.dual[e.v]
		slack := weight{a.hi + b.hi - 2*e.w.hi, a.lo + b.lo - 2*e.w.lo}
		if !slack.less(weight{}) {
			continue
		}
		if slack = x.doubledSlack(e.u, e.v, e.w); slack.less(weight{}) {
			list = append(list, priced{weight{}.minus(slack), int32(k)})
		}
	}
	c.take(list, degree)
	return len(list) > 0
}

// take takes of a list the edges of most weight, until each vertex has so many of them.
func (c *part) take(list []priced, degree int) {
	slices.SortFunc(list, func(a, b priced) int { return cmp.Or(b.w.compare(a.w), cmp.Compare(a.at, b.at)) })
	degrees := make([]int, c.n)
	for _, l := range list {
		e := c.edges[l.at]
		if degrees[e.u] >= degree && degrees[e.v] >= degree {
			continue
		}
		degrees[e.u]++
		degrees[e.v]++
		c.in[l.at] = true
		c.taken = append(c.taken, e)
	}
}
