package pairing

// stage grows alternating trees until the matching gains an edge; false means that it is optimal.
func (m *matcher) stage() bool {
	m.plantTrees()
	for {
		if m.grow() {
			return true
		}
		if !m.moveDuals() {
			return false
		}
	}
}

// plantTrees forgets the last stage's trees and makes every exposed vertex a root.
func (m *matcher) plantTrees() {
	clear(m.label)
	clear(m.tight)
	for b := range m.nearest {
		m.nearest[b] = none
		m.nearby[b] = nil
	}
	m.queue = m.queue[:0]
	for v := range m.n {
		if m.mate[v] == none && m.label[m.top[v]] == unreached {
			m.reach(v, outer, none)
		}
	}
}

// reach labels the node around vertex w, reached through an edge whose far end is p. An inner node brings its
// mate along as an outer one.
func (m *matcher) reach(w int32, as label, p end) {
	for {
		b := m.top[w]
		m.label[w], m.label[b] = as, as
		m.entry[w], m.entry[b] = p, p
		m.nearest[w], m.nearest[b] = none, none
		if as == outer {
			m.queue = m.appendLeaves(m.queue, b)
			return
		}
		p = m.mate[m.base[b]]
		w, as, p = m.vertexAt(p), outer, p^1
	}
}

// grow looks at the edges of queued outer vertices; true means that the matching was augmented.
func (m *matcher) grow() bool {
	for len(m.queue) > 0 {
		v := m.queue[len(m.queue)-1]
		m.queue = m.queue[:len(m.queue)-1]
		for _, p := range m.ends[m.first[v]:m.first[v+1]] {
			if m.look(v, p) {
				return true
			}
		}
	}
	return false
}

// look considers the edge from outer vertex v to the end p; true means that the matching was augmented.
func (m *matcher) look(v int32, p end) bool {
	k, w := p>>1, m.vertexAt(p)
	if m.top[v] == m.top[w] {
		return false
	}
	if !m.tight[k] {
		slack := m.slack(k)
		if slack.positive() {
			m.remember(v, w, k, slack)
			return false
		}
		m.tight[k] = true
	}
	switch {
	case m.label[m.top[w]] == unreached:
		m.reach(w, inner, p^1)
	case m.label[m.top[w]] == outer:
		if ancestor := m.commonAncestor(v, w); ancestor != none {
			m.shrink(ancestor, k)
			return false
		}
		m.augment(k)
		return true
	case m.label[w] == unreached:
		// The blossom around w is inner, but w itself was not yet reached from outside: remember how it can be,
		// for the case that the blossom opens.
		m.label[w], m.entry[w] = inner, p^1
	}
	return false
}

// remember keeps the edge if it is the one of least slack so far by which a node could become tight.
func (m *matcher) remember(v, w, k int32, slack weight) {
	var at node
	switch {
	case m.label[m.top[w]] == outer:
		at = m.top[v]
	case m.label[w] == unreached:
		at = w
	default:
		return
	}
	if m.nearest[at] == none || slack.less(m.slack(m.nearest[at])) {
		m.nearest[at] = k
	}
}

// parentInTree returns the outer vertex two steps up from the outer node b, or none if b is a root.
func (m *matcher) parentInTree(b node) int32 {
	if m.entry[b] == none {
		return none
	}
	between := m.top[m.vertexAt(m.entry[b])]
	return m.vertexAt(m.entry[between])
}

// commonAncestor climbs from both ends of an edge in turns. It returns the base of the first outer
// node that both climbs meet, or none if they end at different roots.
func (m *matcher) commonAncestor(v, w int32) int32 {
	ancestor := none
	var path []node
	for v != none || w != none {
		b := m.top[v]
		if m.label[b] == crumb {
			ancestor = m.base[b]
			break
		}
		m.label[b] = crumb
		path = append(path, b)
		v = m.parentInTree(b)
		if w != none {
			v, w = w, v
		}
	}
	for _, b := range path {
		m.label[b] = outer
	}
	return ancestor
}
