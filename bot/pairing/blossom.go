package pairing

import "slices"

// This file and its neighbours blossom_*.go find a matching of maximum weight in a general graph: Edmonds'
// primal-dual method, in O(n^3) as organised by Galil ("Efficient algorithms for finding maximum matching in
// graphs", ACM Computing Surveys 18, 1986), with the bookkeeping of edge ends that J. van Rantwijk described for it.
//
// In short: every vertex carries a dual, every blossom (a contracted odd cycle) too. The slack of an edge, its two
// duals minus twice its weight, is never negative; only edges without slack, "tight" ones, are matched. Each stage
// grows alternating trees of tight edges from all exposed vertices at once. Vertices at an even distance from a root
// are outer, at an odd one inner. A tight edge between two outer nodes closes an odd cycle, which shrinks into a
// blossom, or joins two trees, which is a path along which the matching grows by one edge. When no tight edge is
// left, the duals move as far as they may until one appears. The duals at the end prove that the matching is
// optimal; the tests check that proof rather than trust the code.

// edge joins two vertices of a graph.
type edge struct {
	u, v int32
	w    weight
}

// none marks what is absent: no mate, no edge, no blossom.
const none int32 = -1

// label is a node's place in the alternating trees of a stage.
type label uint8

const (
	unreached label = iota
	outer
	inner
	crumb // an outer node that the search for a common ancestor passed
)

// node is a vertex (index below n) or a blossom (n and above).
type node = int32

// end is one end of an edge: edge k has the ends 2k (its vertex u) and 2k+1 (v); end^1 is the other one.
type end = int32

// matcher holds the state of the algorithm on one graph.
type matcher struct {
	n     int32
	edges []edge
	ends  []end // all edges' far ends, grouped by vertex
	first []int32

	mate []end    // per vertex: the far end of its matched edge
	dual []weight // per node

	// The forest of blossoms. For a vertex, parent and so on describe it as the trivial blossom that it is.
	top      []node   // per vertex: the outermost blossom that holds it
	parent   []node   // per node: the blossom directly around it
	base     []int32  // per node: the one vertex not matched inside; none marks an unused blossom
	children [][]node // per blossom: around the odd cycle, starting with the one that holds the base
	links    [][]end  // per blossom: links[i] is the end, in child i, of the edge from there to child i+1
	unused   []node

	// The trees of the current stage.
	label   []label // per node
	entry   []end   // per node: the far end of the edge through which it was reached; none for a root
	tight   []bool  // per edge: known to have no slack
	queue   []int32 // outer vertices whose edges are to be looked at
	nearest []int32 // per node: an unreached vertex's or an outer node's edge of least slack to an outer node
	nearby  [][]int32

	leafBuffer []int32
	sums       []weight // what around computed last, for the vertex aroundOf
	aroundOf   int32
	edgeTo     []int32 // scratch of mergeNearest
}

// matching is the outcome of the algorithm with its proof.
type matching struct {
	mate []int32 // per vertex, none if exposed
	m    *matcher
}

// matchAll returns a matching of maximum weight, looking at all edges at once.
func matchAll(n int, edges []edge) matching {
	m := newMatcher(n, edges)
	for range n {
		if !m.stage() {
			break
		}
		m.dissolveSpent()
	}
	mate := make([]int32, n)
	for v := range mate {
		mate[v] = none
		if m.mate[v] != none {
			mate[v] = m.vertexAt(m.mate[v])
		}
	}
	return matching{mate, m}
}

func newMatcher(n int, edges []edge) *matcher {
	m := &matcher{
		n: int32(n), edges: edges,
		mate: fill(n, none), dual: make([]weight, 2*n),
		top: fill(n, none), parent: fill(2*n, none), base: fill(2*n, none),
		children: make([][]node, 2*n), links: make([][]end, 2*n),
		label: make([]label, 2*n), entry: fill(2*n, none), tight: make([]bool, len(edges)),
		nearest: fill(2*n, none), nearby: make([][]int32, 2*n), edgeTo: fill(2*n, none),
	}
	var heaviest weight
	for _, e := range edges {
		if heaviest.less(e.w) {
			heaviest = e.w
		}
	}
	for v := range m.n {
		m.top[v], m.base[v] = v, v
		m.dual[v] = heaviest // Twice the dual of the usual formulation, which keeps everything integral.
		m.unused = append(m.unused, 2*m.n-1-v)
	}
	m.indexEnds()
	return m
}

// indexEnds groups the edges' far ends by vertex.
func (m *matcher) indexEnds() {
	m.first = make([]int32, m.n+1)
	for _, e := range m.edges {
		m.first[e.u+1]++
		m.first[e.v+1]++
	}
	for v := range m.n {
		m.first[v+1] += m.first[v]
	}
	next := slices.Clone(m.first)
	m.ends = make([]end, 2*len(m.edges))
	for k, e := range m.edges {
		m.ends[next[e.u]] = end(2*k + 1)
		next[e.u]++
		m.ends[next[e.v]] = end(2 * k)
		next[e.v]++
	}
}

func fill(n int, x int32) []int32 {
	return slices.Repeat([]int32{x}, n)
}

// vertexAt returns the vertex at an end.
func (m *matcher) vertexAt(p end) int32 {
	if p&1 == 0 {
		return m.edges[p>>1].u
	}
	return m.edges[p>>1].v
}

// slack returns by how much the duals of an edge's vertices exceed what its weight asks for, doubled. It is
// right only for an edge between different blossoms, where no blossom's dual counts.
func (m *matcher) slack(k int32) weight {
	e := &m.edges[k]
	a, b := &m.dual[e.u], &m.dual[e.v]
	return weight{a.hi + b.hi - 2*e.w.hi, a.lo + b.lo - 2*e.w.lo}
}

// appendLeaves appends the vertices within a node.
func (m *matcher) appendLeaves(list []int32, b node) []int32 {
	if b < m.n {
		return append(list, b)
	}
	for _, child := range m.children[b] {
		list = m.appendLeaves(list, child)
	}
	return list
}

// doubledSlack returns twice the slack of an edge between any two vertices, counting the duals of blossoms that hold
// both: forcing the edge into a matching costs at least half of it. It is quick if asked vertex u by vertex u.
func (x matching) doubledSlack(u, v int32, w weight) weight {
	s := x.m.dual[u].plus(x.m.dual[v]).minus(w.twice())
	if x.m.top[u] != x.m.top[v] {
		return s
	}
	return s.plus(x.m.around(u)[v].twice())
}

// around returns, for every vertex in the outermost blossom that holds u, the sum of the duals of all blossoms that hold
// both. Blossoms nest deeply, so that it is computed for all of them at once, once the matching is complete.
func (m *matcher) around(u int32) []weight {
	if m.aroundOf == u && m.sums != nil {
		return m.sums
	}
	if m.sums == nil {
		m.sums = make([]weight, m.n)
	}
	m.aroundOf = u
	var sum weight
	for b := m.parent[u]; b != none; b = m.parent[b] {
		sum = sum.plus(m.dual[b])
	}
	for within, b := u, m.parent[u]; b != none; within, b = b, m.parent[b] {
		for _, child := range m.children[b] {
			if child == within {
				continue
			}
			m.leafBuffer = m.appendLeaves(m.leafBuffer[:0], child)
			for _, v := range m.leafBuffer {
				m.sums[v] = sum
			}
		}
		sum = sum.minus(m.dual[b])
	}
	return m.sums
}

// weight returns the total weight of the matched edges.
func (x matching) weight() weight {
	var sum weight
	for v, p := range x.m.mate {
		if p != none && x.m.vertexAt(p) > int32(v) {
			sum = sum.plus(x.m.edges[p>>1].w)
		}
	}
	return sum
}
