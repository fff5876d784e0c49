package pairing

import (
	"slices"
)

// solveBudget bounds, in vertices cubed, the work that the search for the best trio spends on solving again.
// A pool of 50 members has 800 attempts, one of 600 has one.
const solveBudget = 100_000_000

// checkBudget bounds, in vertices squared, the work that it spends on seeing whether a trio leaves too many out.
const checkBudget = 400_000_000

// trioSearch looks for the best round with one trio.
//
// The trick is a dummy vertex: whoever is matched with it takes the third seat, and the rest are matched in pairs.
// Its edges weigh the member's rank and turn, which makes the choice of the third exact in levels 1 and 2 and
// in turn. What is left is the pair that the third joins, which changes the weight by their two meetings with
// the third. A pair in the matching costs nothing more; forcing another pair in costs at least its slack, which
// the duals tell, so that few pairs need to be tried.
type trioSearch struct {
	p      *pool
	g      []edge
	may    []bool // per pair of members: permitted, as a matrix
	turn   []int  // per member, the higher the sooner
	budget int    // how many times more to solve the rest anew
	checks int    // how many times more to see what the rest can cover

	neighbours [][]int32 // who may meet whom

	best     weight
	groups   [][]int32 // nil until there is a round
	proven   bool
	bounded  bool
	coverage int64 // the most that any round can cover, once bounded
}

// planWithTrio makes the best round that may hold one trio.
func (p *pool) planWithTrio(g []edge) plan {
	n := p.size()
	s := &trioSearch{p: p, g: g, may: make([]bool, n*n), turn: make([]int, n), neighbours: make([][]int32, n), proven: true}
	s.budget, s.checks = solveBudget/max(1, n*n*n)+1, checkBudget/max(1, n*n)+1
	for _, e := range g {
		s.may[int(e.u)*n+int(e.v)], s.may[int(e.v)*n+int(e.u)] = true, true
		s.neighbours[e.u], s.neighbours[e.v] = append(s.neighbours[e.u], e.v), append(s.neighbours[e.v], e.u)
	}
	for at, i := range p.byTurn() {
		s.turn[i] = n - at
	}
	return s.run()
}

// run tries third seats until none can be better.
func (s *trioSearch) run() plan {
	banned := s.withoutTriangle()
	for ; ; s.budget-- {
		x := maximumMatching(s.p.size()+1, s.withDummy(banned))
		bound := x.weight()
		if s.groups == nil && !s.bounded {
			s.coverage, s.bounded = bound.hi>>coverageShift, true
		}
		if s.groups != nil && bound.hi>>turnShift <= s.best.hi>>turnShift {
			break
		}
		third := x.mate[s.p.size()]
		if third == none {
			s.offer(bound, x.mate[:s.p.size()], nil)
			break
		}
		s.seat(third, x)
		if s.groups != nil && s.best.hi>>turnShift >= bound.hi>>turnShift {
			break
		}
		if s.budget <= 0 || s.checks <= 0 {
			s.proven = false
			s.settle()
			break
		}
		banned[third] = true
	}
	return s.plan()
}

// withoutTriangle marks the members who cannot be in any trio.
func (s *trioSearch) withoutTriangle() []bool {
	marks := slices.Repeat([]bool{true}, s.p.size())
	for _, e := range s.g {
		for third := range marks {
			if !marks[e.u] && !marks[e.v] {
				break
			}
			if s.permits(int32(third), e.u) && s.permits(int32(third), e.v) {
				marks[e.u], marks[e.v], marks[third] = false, false, false
			}
		}
	}
	return marks
}

// settle falls back, when time is up, on the best round of pairs, with somebody left out joining one of them.
func (s *trioSearch) settle() {
	x := maximumMatching(s.p.size(), s.g)
	s.offer(x.weight(), x.mate, nil)
	for third, mate := range x.mate {
		if mate != none {
			continue
		}
		for a, b := range x.mate {
			if int32(a) < b && s.permits(int32(third), int32(a)) && s.permits(int32(third), b) {
				bonus := s.seatWeight(int32(third)).plus(s.meetings(int32(third), int32(a), b))
				s.offer(x.weight().plus(bonus), x.mate, []int32{int32(a), b, int32(third)})
			}
		}
	}
}

func (s *trioSearch) permits(i, j int32) bool {
	return s.may[int(i)*s.p.size()+int(j)]
}

// withDummy returns the graph with the dummy joined to everybody who is not banned.
func (s *trioSearch) withDummy(banned []bool) []edge {
	dummy := int32(s.p.size())
	edges := slices.Clone(s.g)
	for i := range dummy {
		if !banned[i] {
			edges = append(edges, edge{i, dummy, s.seatWeight(i)})
		}
	}
	return edges
}

// seatWeight is what placing a member in the third seat is worth, before their two meetings.
func (s *trioSearch) seatWeight(third int32) weight {
	return coverageWeight(s.p.priority[third]).plus(turnWeight(s.turn[third]))
}

// meetings is what the third's meetings with a pair are worth.
func (s *trioSearch) meetings(third, a, b int32) weight {
	return weightOf(s.p.value(third, a)).plus(weightOf(s.p.value(third, b)))
}

// offer keeps a round if it is the best so far.
func (s *trioSearch) offer(total weight, mate []int32, trio []int32) {
	if s.groups != nil && !s.best.less(total) {
		return
	}
	pl := planOf(mate)
	s.best, s.groups = total, pl.groups
	if s.groups == nil {
		s.groups = [][]int32{}
	}
	if trio != nil {
		s.groups = slices.DeleteFunc(s.groups, func(g []int32) bool { return slices.Contains(trio, g[0]) || slices.Contains(trio, g[1]) })
		s.groups = append(s.groups, trio)
	}
}

// forced is a pair that is not in the matching, with the most that a round with the third joining it can weigh, doubled.
type forced struct {
	e          edge
	doubledMax weight
}

// seat finds the best pair for the third, given the best matching around them.
func (s *trioSearch) seat(third int32, x matching) {
	s.seatAtMatched(third, x)
	for _, f := range s.others(third, x) {
		if s.groups != nil && !s.best.twice().less(f.doubledMax) {
			return
		}
		if s.budget <= 0 || s.checks <= 0 {
			s.proven = false
			return
		}
		if s.leavesTooManyOut(third, f.e, x) {
			continue
		}
		s.budget--
		s.force(third, f.e)
	}
}

// leavesTooManyOut reports whether no round with the given trio can cover as much as the best so far. Seeing that
// takes far less time than solving the rest.
func (s *trioSearch) leavesTooManyOut(third int32, pair edge, x matching) bool {
	if s.groups == nil {
		return false
	}
	s.checks--
	mate := slices.Clone(x.mate[:s.p.size()])
	trio := []int32{third, pair.u, pair.v}
	for _, i := range trio {
		if j := mate[i]; j != none && int(j) < len(mate) {
			mate[j] = none
		}
		mate[i] = none
	}
	cover(s.neighbours, mate, s.p.priority, trio...)
	total := turnWeight(s.turn[third])
	for i, j := range mate {
		if j != none || slices.Contains(trio, int32(i)) {
			total = total.plus(coverageWeight(s.p.priority[i]))
		}
	}
	return total.hi>>turnShift < s.best.hi>>turnShift
}

// seatAtMatched offers the best of the matching's own pairs; among equals, the one whose turn in a trio it rather is.
func (s *trioSearch) seatAtMatched(third int32, x matching) {
	var trio []int32
	var bonus weight
	var turn int
	for i := range int32(s.p.size()) {
		j := x.mate[i]
		if j < i || int(j) == s.p.size() || !s.permits(third, i) || !s.permits(third, j) {
			continue // No mate, the dummy, or no room.
		}
		b, t := s.meetings(third, i, j), s.turn[i]+s.turn[j]
		if trio == nil || bonus.less(b) || bonus == b && turn < t {
			trio, bonus, turn = []int32{i, j, third}, b, t
		}
	}
	if trio != nil {
		s.offer(x.weight().plus(bonus), x.mate[:s.p.size()], trio)
	}
}

// others lists the permitted pairs that are not in the matching, the most promising first.
func (s *trioSearch) others(third int32, x matching) []forced {
	total := x.weight()
	var list []forced
	for _, e := range s.g {
		if x.mate[e.u] == e.v || !s.permits(third, e.u) || !s.permits(third, e.v) {
			continue
		}
		most := total.plus(s.meetings(third, e.u, e.v)).twice().minus(x.doubledSlack(e.u, e.v, e.w))
		list = append(list, forced{e, most})
	}
	slices.SortFunc(list, func(a, b forced) int { return b.doubledMax.compare(a.doubledMax) })
	return list
}

// force solves the rest around a given trio.
func (s *trioSearch) force(third int32, pair edge) {
	rest := slices.DeleteFunc(slices.Clone(s.g), func(e edge) bool {
		for _, i := range []int32{third, pair.u, pair.v} {
			if e.u == i || e.v == i {
				return true
			}
		}
		return false
	})
	x := maximumMatching(s.p.size(), rest)
	total := x.weight().plus(pair.w).plus(s.seatWeight(third)).plus(s.meetings(third, pair.u, pair.v))
	s.offer(total, x.mate, []int32{pair.u, pair.v, third})
}

// plan returns the best round found.
func (s *trioSearch) plan() plan {
	pl := plan{groups: s.groups, exact: s.proven}
	placed := make([]bool, s.p.size())
	pairs := 0
	for _, group := range s.groups {
		for _, i := range group {
			placed[i] = true
		}
		pairs += len(group) * (len(group) - 1) / 2
	}
	for i, is := range placed {
		if !is {
			pl.left = append(pl.left, int32(i))
		}
	}
	pl.leftBound = s.p.structuralBound()
	if s.proven || s.best.hi>>coverageShift == s.coverage {
		pl.leftBound = len(pl.left)
	}
	pl.upper = s.p.looseBound(pairs)
	if s.p.size() <= trioBoundLimit {
		pl.upper = s.upper(pairs > len(s.groups))
	}
	return pl
}

// upper bounds the round's weight, with or without a trio in it.
func (s *trioSearch) upper(trio bool) int64 {
	if trio {
		return s.p.trioBound(s.g)
	}
	return s.p.scale().total(maximumMatching(s.p.size(), s.p.indifferent(s.g)).weight())
}
