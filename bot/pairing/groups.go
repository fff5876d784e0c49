package pairing

import (
	"cmp"
	"math/rand/v2"
	"slices"
)

const (
	// largestGroup is the size up to which a group may grow, beyond what the program wishes, so that nobody is left out.
	largestGroup = 4
	// swapsPerPair and swapLimit bound the number of exchanges that are tried.
	swapsPerPair = 40
	swapLimit    = 200_000
)

// groupSizes splits n people into groups of the wished size 3 or 4, with the fewest people in groups of
// another size, none below two and none above four.
func groupSizes(n, size int) []int {
	if n < 2 {
		return nil
	}
	whole, rest := n/size, n%size
	var odd []int
	switch {
	case rest == 0:
	case rest >= 2 && (size == 3 || rest == 3 || whole == 0):
		odd = []int{rest}
	case size == 3: // One over: a group of four.
		whole, odd = whole-1, []int{4}
	case rest == 2: // Two over: two groups of three instead of one of four.
		whole, odd = whole-1, []int{3, 3}
	case whole == 1: // Five people.
		whole, odd = 0, []int{3, 2}
	default: // One over: three groups of three instead of two of four.
		whole, odd = whole-2, []int{3, 3, 3}
	}
	return append(slices.Repeat([]int{size}, whole), odd...)
}

// planGroups makes groups of three or four. To place the most people is NP-hard already for three (Garey and Johnson,
// "Computers and Intractability", 1979, GT11, partition into triangles), so this is a heuristic: it fills
// groups greedily, the people with the fewest possible partners first, makes room for those left over, and
// exchanges people between groups where that is worth more.
func (p *pool) planGroups() plan {
	g := &grouping{p: p, s: p.scale(), of: fill(p.size(), none), room: groupSizes(p.size(), p.rules.Size)}
	g.groups = make([][]int32, len(g.room))
	order := g.order()
	for _, i := range order {
		g.place(i)
	}
	g.dissolveSingles()
	slices.SortStableFunc(order, func(a, b int32) int { return cmp.Compare(p.priority[b], p.priority[a]) })
	for _, i := range order {
		if g.of[i] == none {
			g.makeRoom(i)
		}
	}
	g.improve(rand.New(rand.NewPCG(p.seed, 0x67726f7570)))
	return g.plan()
}

// grouping is a partition under construction.
type grouping struct {
	p      *pool
	s      scale
	groups [][]int32
	room   []int   // per group: the wished size
	of     []int32 // per member: their group, or none
}

// order lists the members, those with the fewest possible partners first, then by priority, then by chance.
func (g *grouping) order() []int32 {
	n := g.p.size()
	order, partners := make([]int32, n), make([]int, n)
	for i := range order {
		order[i] = int32(i)
		if n > exactLimit {
			continue // Counting partners takes time with the square of n.
		}
		for j := range n {
			if g.p.permits(int32(i), int32(j)) {
				partners[i]++
			}
		}
	}
	slices.SortFunc(order, func(a, b int32) int {
		return cmp.Or(cmp.Compare(partners[a], partners[b]), cmp.Compare(g.p.priority[b], g.p.priority[a]),
			cmp.Compare(g.p.noise[a], g.p.noise[b]), cmp.Compare(a, b))
	})
	return order
}

// place puts a member where they are worth most among the groups with room; an empty group is worth nothing.
func (g *grouping) place(i int32) {
	best, at := int64(-1), none
	for k, group := range g.groups {
		if len(group) >= g.room[k] || !g.p.fits(i, group) {
			continue
		}
		if worth := g.worthWith(i, group); worth > best {
			best, at = worth, int32(k)
		}
		if len(group) == 0 {
			break // The empty groups are all alike and stand last.
		}
	}
	if at != none {
		g.join(i, at)
	}
}

func (g *grouping) join(i, k int32) {
	g.groups[k] = append(g.groups[k], i)
	g.of[i] = k
}

func (g *grouping) leave(i int32) {
	k := g.of[i]
	g.groups[k] = slices.DeleteFunc(g.groups[k], func(x int32) bool { return x == i })
	g.of[i] = none
}

// worthWith sums what a member's pairs with others are worth.
func (g *grouping) worthWith(i int32, others []int32) int64 {
	var worth int64
	for _, j := range others {
		worth += g.s.number(g.p.value(i, j))
	}
	return worth
}

// dissolveSingles frees whoever is alone in a group.
func (g *grouping) dissolveSingles() {
	for _, group := range g.groups {
		if len(group) == 1 {
			g.leave(group[0])
		}
	}
}

// makeRoom finds a place for a member whom no group had room for: in a group of up to largestGroup, in a new pair with
// another one left over or with somebody whose group can spare them, in the place of somebody who can move on, or in
// the place of somebody of lower priority.
func (g *grouping) makeRoom(i int32) {
	if at := g.p.bestSeat(i, g.groups, largestGroup); at >= 0 {
		g.join(i, int32(at))
		return
	}
	for j := range g.of {
		other := int32(j)
		spare := g.of[j] == none || len(g.groups[g.of[j]]) > 2
		if spare && g.p.permits(i, other) {
			if g.of[j] != none {
				g.leave(other)
			}
			g.groups, g.room = append(g.groups, nil), append(g.room, 2)
			g.join(i, int32(len(g.groups)-1))
			g.join(other, int32(len(g.groups)-1))
			return
		}
	}
	if !g.pushOn(i) {
		g.replace(i)
	}
}

// pushOn takes the place of somebody who fits into another group.
func (g *grouping) pushOn(i int32) bool {
	for j := range g.of {
		x := int32(j)
		if g.of[x] == none || !g.fitsInPlaceOf(i, x) {
			continue
		}
		others := slices.Clone(g.groups)
		others[g.of[x]] = nil // They would not move on by staying.
		if at := g.p.bestSeat(x, others, largestGroup); at >= 0 {
			k := g.of[x]
			g.leave(x)
			g.join(i, k)
			g.join(x, int32(at))
			return true
		}
	}
	return false
}

// replace takes the place of somebody who ranks lower.
func (g *grouping) replace(i int32) {
	lowest := i
	for j := range g.of {
		x := int32(j)
		if g.of[x] != none && g.p.priority[x] < g.p.priority[lowest] && g.fitsInPlaceOf(i, x) {
			lowest = x
		}
	}
	if lowest != i {
		k := g.of[lowest]
		g.leave(lowest)
		g.join(i, k)
	}
}

// fitsInPlaceOf reports whether a member may meet everybody in another's group but them.
func (g *grouping) fitsInPlaceOf(i, x int32) bool {
	for _, j := range g.groups[g.of[x]] {
		if j != x && !g.p.permits(i, j) {
			return false
		}
	}
	return true
}

// improve exchanges members between groups at random, as long as it is worth it.
func (g *grouping) improve(r *rand.Rand) {
	n := g.p.size()
	if n < 2 {
		return
	}
	for range min(swapsPerPair*n*n, swapLimit) {
		g.exchange(int32(r.IntN(n)), int32(r.IntN(n)))
	}
}

// exchange lets two members change places if the hard rules allow it and it is worth more.
func (g *grouping) exchange(i, j int32) {
	a, b := g.of[i], g.of[j]
	if a == none || b == none || a == b || !g.fitsInPlaceOf(i, j) || !g.fitsInPlaceOf(j, i) {
		return
	}
	var gain int64
	for _, x := range g.groups[a] {
		if x != i {
			gain += g.s.number(g.p.value(j, x)) - g.s.number(g.p.value(i, x))
		}
	}
	for _, x := range g.groups[b] {
		if x != j {
			gain += g.s.number(g.p.value(i, x)) - g.s.number(g.p.value(j, x))
		}
	}
	if gain <= 0 {
		return
	}
	g.leave(i)
	g.leave(j)
	g.join(i, b)
	g.join(j, a)
}

// plan returns the groups with their bounds.
func (g *grouping) plan() plan {
	var pl plan
	for _, group := range g.groups {
		if len(group) > 1 {
			pl.groups = append(pl.groups, group)
		}
	}
	for i, k := range g.of {
		if k == none {
			pl.left = append(pl.left, int32(i))
		}
	}
	pl.leftBound = g.p.leftOutBound()
	pl.upper = g.p.sameSizesBound(pl)
	return pl
}
