package pairing

import "slices"

// shrink makes a blossom of the odd cycle that edge k closes between two outer nodes below a common ancestor.
func (m *matcher) shrink(ancestor, k int32) {
	b := m.unused[len(m.unused)-1]
	m.unused = m.unused[:len(m.unused)-1]
	m.base[b], m.parent[b] = ancestor, none
	m.collectCycle(b, m.top[ancestor], k)

	m.label[b] = outer
	m.entry[b] = m.entry[m.top[ancestor]]
	m.dual[b] = weight{}
	m.leafBuffer = m.appendLeaves(m.leafBuffer[:0], b)
	for _, v := range m.leafBuffer {
		if m.label[m.top[v]] == inner {
			m.queue = append(m.queue, v) // Inner vertices become outer by entering a blossom.
		}
		m.top[v] = b
	}
	m.mergeNearest(b)
}

// collectCycle lists the children and links of the new blossom b: from the ancestor down to one end of edge k,
// over it, and back up from the other end.
func (m *matcher) collectCycle(b, ancestor node, k int32) {
	var children []node
	var links []end
	m.parent[ancestor] = b
	for c := m.top[m.edges[k].u]; c != ancestor; c = m.top[m.vertexAt(m.entry[c])] {
		m.parent[c] = b
		children = append(children, c)
		links = append(links, m.entry[c])
	}
	children = append(children, ancestor)
	slices.Reverse(children)
	slices.Reverse(links)
	links = append(links, 2*k)
	for c := m.top[m.edges[k].v]; c != ancestor; c = m.top[m.vertexAt(m.entry[c])] {
		m.parent[c] = b
		children = append(children, c)
		links = append(links, m.entry[c]^1)
	}
	m.children[b], m.links[b] = children, links
}

// mergeNearest collects, for the new outer blossom b, its edge of least slack to each other outer node. Keeping one
// edge per neighbour bounds the work of a stage by O(n^2).
func (m *matcher) mergeNearest(b node) {
	var touched []node
	consider := func(k int32) {
		far := m.top[m.edges[k].v]
		if far == b {
			far = m.top[m.edges[k].u]
		}
		if far == b || m.label[far] != outer {
			return
		}
		if m.edgeTo[far] == none {
			touched = append(touched, far)
			m.edgeTo[far] = k
		} else if m.slack(k).less(m.slack(m.edgeTo[far])) {
			m.edgeTo[far] = k
		}
	}
	for _, child := range m.children[b] {
		if m.nearby[child] != nil {
			for _, k := range m.nearby[child] {
				consider(k)
			}
		} else {
			m.leafBuffer = m.appendLeaves(m.leafBuffer[:0], child)
			for _, v := range m.leafBuffer {
				for _, p := range m.ends[m.first[v]:m.first[v+1]] {
					consider(p >> 1)
				}
			}
		}
		m.nearby[child] = nil
		m.nearest[child] = none
	}
	m.nearest[b] = none
	m.nearby[b] = make([]int32, 0, len(touched))
	for _, far := range touched {
		k := m.edgeTo[far]
		m.edgeTo[far] = none
		m.nearby[b] = append(m.nearby[b], k)
		if m.nearest[b] == none || m.slack(k).less(m.slack(m.nearest[b])) {
			m.nearest[b] = k
		}
	}
}

// dissolveSpent opens, after a stage, the outer blossoms whose dual came down to zero: they prove nothing any more.
func (m *matcher) dissolveSpent() {
	for b := m.n; b < 2*m.n; b++ {
		if m.base[b] != none && m.parent[b] == none && m.label[b] == outer && m.dual[b] == (weight{}) {
			m.dissolve(b)
		}
	}
}

// dissolve opens a blossom between stages, and those within it whose dual is zero.
func (m *matcher) dissolve(b node) {
	for _, child := range m.children[b] {
		m.release(child)
		if child >= m.n && m.dual[child] == (weight{}) {
			m.dissolve(child)
		}
	}
	m.retire(b)
}

// release makes a child of an opened blossom an outermost node.
func (m *matcher) release(child node) {
	m.parent[child] = none
	m.leafBuffer = m.appendLeaves(m.leafBuffer[:0], child)
	for _, v := range m.leafBuffer {
		m.top[v] = child
	}
}

// retire returns a blossom's number for reuse.
func (m *matcher) retire(b node) {
	m.label[b], m.entry[b] = unreached, none
	m.children[b], m.links[b] = nil, nil
	m.base[b], m.nearest[b], m.nearby[b] = none, none, nil
	m.unused = append(m.unused, b)
}

// expand opens an inner blossom during a stage, because its dual must not fall below zero. The tree enters it at one
// child; the even way round from there to the base stays in the tree, the odd way is free again unless its vertices
// were reached from outside.
func (m *matcher) expand(b node) {
	for _, child := range m.children[b] {
		m.release(child)
	}
	cycle := cycleWalk{m: m, b: b}
	entryChild := m.top[m.vertexAt(m.entry[b]^1)]
	cycle.start(entryChild)
	m.relabelEvenSide(&cycle, m.entry[b])
	m.relabelOddSide(&cycle, entryChild)
	m.retire(b)
}

// relabelEvenSide relabels the children between the entry and the base, two at a time.
func (m *matcher) relabelEvenSide(c *cycleWalk, p end) {
	for c.at != 0 {
		across := c.linkAhead()
		m.label[m.vertexAt(p^1)] = unreached
		m.label[m.vertexAt(across^1)] = unreached
		m.reach(m.vertexAt(p^1), inner, p)
		m.tight[across>>1] = true
		c.step()
		p = c.linkAhead()
		m.tight[p>>1] = true
		c.step()
	}
	// The child that holds the base keeps its mate, which is in the tree already.
	child, w := m.children[c.b][c.at], m.vertexAt(p^1)
	m.label[w], m.label[child] = inner, inner
	m.entry[w], m.entry[child] = p, p
	m.nearest[child] = none
}

// relabelOddSide relabels those of the other children that have a vertex reached from outside the blossom.
func (m *matcher) relabelOddSide(c *cycleWalk, entryChild node) {
	for c.step(); c.child() != entryChild; c.step() {
		child := c.child()
		if m.label[child] == outer {
			continue // It was reached as a mate while the even side was relabelled.
		}
		m.leafBuffer = m.appendLeaves(m.leafBuffer[:0], child)
		at := slices.IndexFunc(m.leafBuffer, func(v int32) bool { return m.label[v] != unreached })
		if at < 0 {
			continue
		}
		v := m.leafBuffer[at]
		m.label[v] = unreached
		m.label[m.vertexAt(m.mate[m.base[child]])] = unreached
		m.reach(v, inner, m.entry[v])
	}
}

// cycleWalk walks round a blossom's children from one of them to the base in the direction that takes an even
// number of steps, and on from there.
type cycleWalk struct {
	m       *matcher
	b       node
	at      int // index of the child, counted so that the base is 0
	forward bool
}

// start puts the walk at a child. From an odd index the even way leads forward over the end of the list.
func (c *cycleWalk) start(child node) {
	c.at = slices.Index(c.m.children[c.b], child)
	c.forward = c.at&1 == 1
}

func (c *cycleWalk) child() node { return c.m.children[c.b][c.at] }

// step moves to the next child.
func (c *cycleWalk) step() {
	size := len(c.m.children[c.b])
	if c.forward {
		c.at = (c.at + 1) % size
	} else {
		c.at = (c.at + size - 1) % size
	}
}

// linkAhead returns the end, in the current child, of the edge to the child that the next step leads to.
func (c *cycleWalk) linkAhead() end {
	if c.forward {
		return c.m.links[c.b][c.at]
	}
	size := len(c.m.children[c.b])
	return c.m.links[c.b][(c.at+size-1)%size] ^ 1
}
