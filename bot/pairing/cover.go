package pairing

import (
	"cmp"
	"slices"
)

// cover changes a matching so that, within a graph given by lists of neighbours, it covers as many vertices as
// possible and, among all that do, lexicographically whoever has the higher priority: levels 1 and 2 of the
// objective, exactly.
//
// Exposed vertices take their turn by priority. Each grows one alternating tree (Edmonds' search, blossoms kept in
// a union-find structure, after Gabow, "An efficient implementation of Edmonds' algorithm for maximum matching on
// graphs", 1976). If the tree finds an exposed vertex, the matching grows. If it finds an outer vertex of lower
// priority, that one steps back for the root. Otherwise nobody in the tree can be helped by anybody who comes
// later, whose priority is no higher, so that the tree is closed and never searched again.
//
// The vertices in without take no part; they must be exposed.
func cover(neighbours [][]int32, mate, priority []int32, without ...int32) {
	c := &coverer{neighbours: neighbours, mate: mate, priority: priority}
	c.state = make([]treeState, len(mate))
	c.via, c.group, c.mark = fill(len(mate), none), make([]int32, len(mate)), fill(len(mate), none)
	for v := range c.group {
		c.group[v] = int32(v)
	}
	for _, v := range without {
		c.state[v] = closed
	}
	roots := newTurns(mate, priority)
	for root := roots.next(); root != none; root = roots.next() {
		if mate[root] != none || c.state[root] == closed {
			continue
		}
		if displaced := c.serve(root); displaced != none {
			roots.add(displaced)
		}
	}
}

// treeState is a vertex's place in the current tree, or that it is in a closed one.
type treeState uint8

const (
	untouched treeState = iota
	even
	odd
	closed
)

// coverer is the state of the search.
type coverer struct {
	neighbours [][]int32
	mate       []int32
	priority   []int32
	state      []treeState
	via        []int32 // per vertex: the neighbour through which a path to the root can leave it
	group      []int32 // union-find: leads to the base of the blossom around a vertex
	mark       []int32 // the last search for a common base that passed a base
	marks      int32
	touched    []int32
	queue      []int32
}

// serve tries to cover the root and returns the vertex that stepped back for it, if any.
func (c *coverer) serve(root int32) int32 {
	c.touched, c.queue = c.touched[:0], c.queue[:0]
	c.touch(root, even)
	lowest := root
	for at := 0; at < len(c.queue); at++ {
		v := c.queue[at]
		if c.priority[v] < c.priority[lowest] {
			lowest = v
		}
		for _, w := range c.neighbours[v] {
			if c.explore(v, w) {
				c.reset(untouched)
				return none
			}
		}
	}
	if lowest == root {
		c.reset(closed)
		return none
	}
	partner := c.mate[lowest]
	c.mate[lowest] = none
	c.flip(partner)
	c.reset(untouched)
	return lowest
}

// touch puts a vertex into the tree.
func (c *coverer) touch(v int32, s treeState) {
	c.state[v] = s
	c.touched = append(c.touched, v)
	if s == even {
		c.queue = append(c.queue, v)
	}
}

// reset takes the tree apart and leaves its vertices in the given state.
func (c *coverer) reset(s treeState) {
	for _, v := range c.touched {
		c.state[v], c.via[v], c.group[v] = s, none, v
	}
}

// explore looks at the edge from an even vertex; true means that an exposed vertex was found and matched.
func (c *coverer) explore(v, w int32) bool {
	switch c.state[w] {
	case untouched:
		c.via[w] = v
		if c.mate[w] == none {
			c.flip(w)
			return true
		}
		c.touch(w, odd)
		c.touch(c.mate[w], even)
	case even:
		if c.find(v) != c.find(w) {
			base := c.commonBase(v, w)
			c.contract(v, w, base)
			c.contract(w, v, base)
		}
	}
	return false
}

// flip matches along the path from v, through via and mates, to the root.
func (c *coverer) flip(v int32) {
	for v != none {
		u := c.via[v]
		next := c.mate[u]
		c.mate[v], c.mate[u] = u, v
		v = next
	}
}

func (c *coverer) find(v int32) int32 {
	for c.group[v] != v {
		c.group[v] = c.group[c.group[v]]
		v = c.group[v]
	}
	return v
}

// commonBase climbs from both vertices in turns until one passes where the other was.
func (c *coverer) commonBase(v, w int32) int32 {
	c.marks++
	for {
		if v != none {
			v = c.find(v)
			if c.mark[v] == c.marks {
				return v
			}
			c.mark[v] = c.marks
			if c.mate[v] == none {
				v = none
			} else {
				v = c.via[c.mate[v]]
			}
		}
		v, w = w, v
	}
}

// contract makes one side of an odd cycle part of the blossom with the given base; w is across the closing edge.
func (c *coverer) contract(v, w, base int32) {
	for c.find(v) != base {
		c.via[v] = w
		w = c.mate[v]
		if c.state[w] == odd {
			c.state[w] = even
			c.queue = append(c.queue, w)
		}
		for _, x := range []int32{v, w} {
			if c.group[x] == x {
				c.group[x] = base
			}
		}
		v = c.via[w]
	}
}

// turns hands out vertices by priority, highest first, and by index among equals.
type turns struct {
	priority []int32
	waiting  []int32 // the next to come stands last
}

// newTurns starts with the vertices that a matching leaves exposed.
func newTurns(mate, priority []int32) *turns {
	t := &turns{priority: priority}
	for v, w := range mate {
		if w == none {
			t.waiting = append(t.waiting, int32(v))
		}
	}
	slices.SortFunc(t.waiting, t.compare)
	return t
}

// compare puts the lower priority first, and among equals the higher index.
func (t *turns) compare(a, b int32) int {
	return cmp.Or(cmp.Compare(t.priority[a], t.priority[b]), cmp.Compare(b, a))
}

func (t *turns) add(v int32) {
	at, _ := slices.BinarySearchFunc(t.waiting, v, t.compare)
	t.waiting = slices.Insert(t.waiting, at, v)
}

func (t *turns) next() int32 {
	last := len(t.waiting) - 1
	if last < 0 {
		return none
	}
	v := t.waiting[last]
	t.waiting = t.waiting[:last]
	return v
}
