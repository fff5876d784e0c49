package pairing

// move is what limits how far the duals can move.
type move struct {
	by    weight
	kind  moveKind
	edge  int32
	inner node
}

type moveKind uint8

const (
	// finish: an exposed vertex's dual reaches zero; the matching is optimal.
	finish moveKind = iota
	// extend: an edge from an outer to an unreached vertex becomes tight.
	extend
	// join: an edge between two outer nodes becomes tight.
	join
	// open: an inner blossom's dual reaches zero.
	open
)

// moveDuals moves the duals until an edge becomes tight or a blossom opens; false means that no move is left.
func (m *matcher) moveDuals() bool {
	mv := m.tightestMove()
	for v := range m.n {
		switch m.label[m.top[v]] {
		case outer:
			m.dual[v] = m.dual[v].minus(mv.by)
		case inner:
			m.dual[v] = m.dual[v].plus(mv.by)
		}
	}
	for b := m.n; b < 2*m.n; b++ {
		if m.base[b] == none || m.parent[b] != none {
			continue
		}
		switch m.label[b] {
		case outer:
			m.dual[b] = m.dual[b].plus(mv.by)
		case inner:
			m.dual[b] = m.dual[b].minus(mv.by)
		}
	}
	switch mv.kind {
	case extend, join:
		m.tight[mv.edge] = true
		v := m.edges[mv.edge].u
		if m.label[m.top[v]] != outer {
			v = m.edges[mv.edge].v
		}
		m.queue = append(m.queue, v)
	case open:
		m.expand(mv.inner)
	case finish:
		return false
	}
	return true
}

// tightestMove finds the shortest of all possible moves.
func (m *matcher) tightestMove() move {
	// All exposed vertices are roots and have had the same dual at all times, the smallest of all.
	mv := move{kind: finish, by: m.dual[0]}
	for v := range m.n {
		if m.dual[v].less(mv.by) {
			mv.by = m.dual[v]
		}
	}
	for v := range m.n {
		if m.nearest[v] != none && m.label[m.top[v]] == unreached {
			if s := m.slack(m.nearest[v]); s.less(mv.by) {
				mv = move{kind: extend, by: s, edge: m.nearest[v]}
			}
		}
	}
	for b := range 2 * m.n {
		if m.parent[b] != none {
			continue
		}
		switch m.label[b] {
		case outer:
			// Both ends move towards each other. The slack is even, because all outer vertices' duals have
			// the parity of the roots' and weights count twice.
			if m.nearest[b] == none {
				continue
			}
			if s := m.slack(m.nearest[b]).half(); s.less(mv.by) {
				mv = move{kind: join, by: s, edge: m.nearest[b]}
			}
		case inner:
			if b >= m.n && m.dual[b].less(mv.by) {
				mv = move{kind: open, by: m.dual[b], inner: b}
			}
		}
	}
	return mv
}
