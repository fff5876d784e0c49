package pairing

import (
	"cmp"
	"math/rand/v2"
	"slices"
)

const (
	// tablePairs is how many pairs of members a table of four has more than the two pairs that it takes the place of.
	tablePairs = 4
	// tableTries is how many pairs are considered for the seats of one table.
	tableTries = 500
	// growLooks bounds how many threes are looked at to see whether any table can grow.
	growLooks = 10_000_000
)

// countTables counts the leaders who can host more than one colleague where groups are pairs.
func (p *pool) countTables() int {
	n := 0
	for i := range p.members {
		if p.rules.Size == 2 && p.members[i].Leader && p.members[i].seats() > 1 {
			n++
		}
	}
	return n
}

// capacity returns the size up to which a group may grow: the program's, or the number of seats at the table of a leader
// in it, with the leader.
func (p *pool) capacity(group []int32) int {
	size := p.fullSize()
	for _, i := range group {
		if p.members[i].Leader && !p.mentoring {
			size = max(size, 1+min(p.members[i].seats(), largestGroup-1))
		}
	}
	return size
}

// tableSeats returns the seats that are free with a leader who keeps several, 0 if the group has none.
func (p *pool) tableSeats(group []int32) int {
	if !slices.ContainsFunc(group, func(i int32) bool { return p.members[i].Leader && p.members[i].seats() > 1 }) {
		return 0
	}
	return max(0, p.capacity(group)-len(group))
}

// withTables fills the tables of leaders who keep several seats. First comes who was left out, by priority; then the one
// of a trio whose turn it is in a third seat, which is then at the table; then pairs that dissolve because both find a
// seat. Nobody is left out for it, and nobody meets anybody again within the window for it.
func (p *pool) withTables(pl plan) plan {
	if p.tables == 0 {
		return pl
	}
	s := &seating{p: p, s: p.scale(), groups: slices.Clone(pl.groups), r: rand.New(rand.NewPCG(p.seed, 0x7461626c65))}
	pl.left = s.seatWaiting(pl.left)
	s.seatThirds()
	s.seatPairs()
	pairs := pl.groups
	pl.groups = slices.DeleteFunc(s.groups, func(group []int32) bool { return len(group) == 0 })
	// What was proven of pairs is not proven of tables.
	pl.exact = false
	if !slices.EqualFunc(pairs, pl.groups, slices.Equal[[]int32]) {
		pl.upper = p.sameSizesBound(pl)
	}
	if p.tableCanGrow() {
		q := *p
		q.rules.Trios = true // A table can take an odd one in.
		pl.leftBound = min(pl.leftBound, q.structuralBound())
	}
	return pl
}

// sameSizesBound bounds the weight of any round that leaves as few people out and whose groups have the same sizes. The duals
// say so of every pair, with those who are in several. In a small pool there is another bound: if each
// member brings half of the best that they could have with anybody, no pair weighs more than its two bring together, and a
// round no more than each member brings times the number of people they meet: at least one, and how many in all is known.
func (p *pool) sameSizesBound(pl plan) int64 {
	pairs, placed := 0, 0
	var further []int
	for _, group := range pl.groups {
		pairs += len(group) * (len(group) - 1) / 2
		placed += len(group)
		if len(group) > 2 {
			further = append(further, slices.Repeat([]int{len(group) - 2}, len(group))...)
		}
	}
	slices.SortFunc(further, func(a, b int) int { return cmp.Compare(b, a) })
	bound := min(p.looseBound(pairs), p.scale().number(p.dual().boundWith(pairs, further)))
	if p.size() > exactLimit || placed == 0 {
		return bound // Looking at all pairs takes time with the square of their number.
	}
	best := p.bestWorths()
	slices.SortFunc(best, func(a, b int64) int { return cmp.Compare(b, a) })
	sum := int64(2*pairs-placed) * best[0]
	for _, worth := range best[:placed] {
		sum += worth
	}
	return min(bound, sum/2)
}

// tableCanGrow reports whether three people may sit at the table of a leader who keeps several seats.
func (p *pool) tableCanGrow() bool {
	if p.tables == 0 {
		return false
	}
	n := int32(p.size())
	looks := growLooks
	for leader := range n {
		if p.tableSeats([]int32{leader}) < 2 {
			continue
		}
		for i := range n {
			if !p.permits(leader, i) {
				continue
			}
			for j := range i {
				if looks--; looks < 0 || p.permits(leader, j) && p.permits(i, j) {
					return true // So it is nearly always, and where it takes too long to see it cannot be ruled out.
				}
			}
		}
	}
	return false
}

// bestWorths returns, per member, the most that they could be worth to anybody.
func (p *pool) bestWorths() []int64 {
	s := p.scale()
	best := make([]int64, p.size())
	for i := range int32(p.size()) {
		for j := range i {
			if p.permits(i, j) {
				worth := s.number(p.value(i, j))
				best[i], best[j] = max(best[i], worth), max(best[j], worth)
			}
		}
	}
	return best
}

// seating is a round of pairs whose tables are being filled.
type seating struct {
	p      *pool
	s      scale
	groups [][]int32 // one that dissolved is empty
	r      *rand.Rand
}

// tables lists the indices of the groups with a free seat at a leader's table.
func (s *seating) tables() []int {
	var list []int
	for k, group := range s.groups {
		if s.p.tableSeats(group) > 0 {
			list = append(list, k)
		}
	}
	return list
}

// hosted reports whether a leader is in a group.
func (s *seating) hosted(group []int32) bool {
	return slices.ContainsFunc(group, func(i int32) bool { return s.p.members[i].Leader })
}

// sit seats a member at a table.
func (s *seating) sit(i int32, at int) {
	s.groups[at] = append(slices.Clone(s.groups[at]), i)
}

// worth sums what a member's pairs with others are worth.
func (s *seating) worth(i int32, others []int32) int64 {
	var worth int64
	for _, j := range others {
		worth += s.s.number(s.p.value(i, j))
	}
	return worth
}

// welcomes reports whether a member may sit at a table and has met nobody there within the window.
func (s *seating) welcomes(table []int32, i int32) bool {
	return s.p.fits(i, table) && !slices.ContainsFunc(table, func(j int32) bool { return s.p.repeat(i, j) })
}

// bestTable returns the index of the table that is worth most with a member at it, of those that may have them, or -1.
func (s *seating) bestTable(i int32, may func(table []int32) bool) int {
	best, at := int64(-1), -1
	for _, k := range s.tables() {
		if group := s.groups[k]; may(group) {
			if worth := s.worth(i, group); worth > best {
				best, at = worth, k
			}
		}
	}
	return at
}

// seatWaiting seats those who were left out and returns who still is.
func (s *seating) seatWaiting(left []int32) []int32 {
	waiting := slices.Clone(left)
	slices.SortStableFunc(waiting, func(a, b int32) int { return cmp.Compare(s.p.priority[b], s.p.priority[a]) })
	return slices.DeleteFunc(waiting, func(i int32) bool {
		at := s.bestTable(i, func(table []int32) bool { return s.p.fits(i, table) })
		if at >= 0 {
			s.sit(i, at)
		}
		return at >= 0
	})
}

// seatThirds moves the one of a trio whose turn it is in a third seat to a table.
func (s *seating) seatThirds() {
	for k, group := range s.groups {
		if len(group) != 3 || s.hosted(group) {
			continue
		}
		third := s.turnOf(group)
		if at := s.bestTable(third, func(table []int32) bool { return s.welcomes(table, third) }); at >= 0 {
			s.groups[k] = slices.DeleteFunc(slices.Clone(group), func(i int32) bool { return i == third })
			s.sit(third, at)
		}
	}
}

// turnOf returns the member of a group whose turn it is in a third seat.
func (s *seating) turnOf(group []int32) int32 {
	turn := s.p.byTurn()
	return turn[slices.IndexFunc(turn, func(i int32) bool { return slices.Contains(group, i) })]
}

// seatPairs dissolves pairs without a leader: one for every two free seats, at one table, or else at two.
func (s *seating) seatPairs() {
	var single []int
	for _, k := range s.tables() {
		if s.p.tableSeats(s.groups[k]) >= 2 {
			s.seatPair(k, k)
		}
		if s.p.tableSeats(s.groups[k]) == 1 {
			single = append(single, k)
		}
	}
	for ; len(single) >= 2; single = single[2:] {
		s.seatPair(single[0], single[1])
	}
}

// seatPair dissolves, of the pairs that are looked at, the one that gains most if one of the two sits at one table and one
// at the other, which may be the same.
func (s *seating) seatPair(first, second int) {
	var best []int32 // who sits at the first table, then who sits at the second
	var most int64
	from, n := none, len(s.groups)
	for k, start := 0, s.r.IntN(n); k < min(n, tableTries); k++ {
		at := (start + k) % n
		pair := s.groups[at]
		if len(pair) != 2 || s.hosted(pair) {
			continue
		}
		for _, order := range [][]int32{pair, {pair[1], pair[0]}} {
			if gain, ok := s.gain(order, first, second); ok && (best == nil || gain > most) {
				best, most, from = order, gain, int32(at)
			}
		}
	}
	if best != nil {
		s.groups[from] = nil
		s.sit(best[0], first)
		s.sit(best[1], second)
	}
}

// gain returns what a round would be worth more if a pair sat at tables instead, and whether they may.
func (s *seating) gain(pair []int32, first, second int) (int64, bool) {
	a, b := s.groups[first], s.groups[second]
	if !s.welcomes(a, pair[0]) || !s.welcomes(b, pair[1]) {
		return 0, false
	}
	gain := s.worth(pair[0], a) + s.worth(pair[1], b)
	if first != second {
		gain -= s.worth(pair[0], pair[1:])
	}
	return gain, true
}
