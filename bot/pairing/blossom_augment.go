package pairing

import "slices"

// augment matches along the path from root to root that edge k completes, and unmatches in between.
func (m *matcher) augment(k int32) {
	m.augmentToRoot(m.edges[k].u, 2*k+1)
	m.augmentToRoot(m.edges[k].v, 2*k)
}

// augmentToRoot flips the path from outer vertex s up to its root, after s takes the mate at end p.
func (m *matcher) augmentToRoot(s int32, p end) {
	for {
		b := m.top[s]
		if b >= m.n {
			m.rotate(b, s)
		}
		m.mate[s] = p
		if m.entry[b] == none {
			return
		}
		// One step up the matched edge to an inner node, whose edge from its own parent becomes matched.
		between := m.top[m.vertexAt(m.entry[b])]
		up := m.entry[between]
		near := m.vertexAt(up ^ 1)
		if between >= m.n {
			m.rotate(between, near)
		}
		m.mate[near] = up
		s, p = m.vertexAt(up), up^1
	}
}

// rotate flips the matched edges within a blossom so that vertex v becomes its base.
func (m *matcher) rotate(b node, v int32) {
	child := v
	for m.parent[child] != b {
		child = m.parent[child]
	}
	if child >= m.n {
		m.rotate(child, v)
	}
	cycle := cycleWalk{m: m, b: b}
	cycle.start(child)
	first := cycle.at
	for cycle.at != 0 {
		cycle.step()
		p := cycle.linkAhead()
		m.rotateTo(cycle.child(), m.vertexAt(p))
		cycle.step()
		m.rotateTo(cycle.child(), m.vertexAt(p^1))
		m.mate[m.vertexAt(p)] = p ^ 1
		m.mate[m.vertexAt(p^1)] = p
	}
	m.children[b] = slices.Concat(m.children[b][first:], m.children[b][:first])
	m.links[b] = slices.Concat(m.links[b][first:], m.links[b][:first])
	m.base[b] = v
}

// rotateTo rotates a child, unless it is a single vertex.
func (m *matcher) rotateTo(child node, v int32) {
	if child >= m.n {
		m.rotate(child, v)
	}
}
