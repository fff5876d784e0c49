package pairing

import "slices"

// maxClasses bounds the number of classes whose duals are solved for: the time grows with its cube.
const maxClasses = 160

// classes are members who are alike in what some level of a pair's value looks at.
type classes struct {
	of    []int32 // per member: their class
	count []int32 // per class: how many members
	first []int32 // per class: a member of it
	other []int32 // per class: another member of it, or none
}

// classify puts members with the same key into the same class.
func classify[K comparable](n int, key func(i int32) K) classes {
	c := classes{of: make([]int32, n)}
	known := make(map[K]int32)
	for i := range int32(n) {
		k := key(i)
		class, seen := known[k]
		if !seen {
			class = int32(len(c.count))
			known[k] = class
			c.count, c.first, c.other = append(c.count, 0), append(c.first, i), append(c.other, none)
		}
		if c.count[class]++; c.count[class] == 2 {
			c.other[class] = i
		}
		c.of[i] = class
	}
	return c
}

// forbidden is what a pair of classes is worth that cannot meet.
const forbidden = -1

// doubledDuals returns, per class, twice a number y of at least zero, such that what two members are worth to each other
// is at most the sum of their classes' y. The sum of y over all members is as small as it can be if there are few
// enough classes, and otherwise half of what each member's best partner is worth. worth is asked for two
// different members, one of each class, and must be symmetric, and no more than most; forbidden is for who may not meet.
//
// The smallest sum is the dual of a transportation problem in which every class stands on both sides, once with a and once
// with b: if a of one plus b of the other is at least the worth for all two classes, then so is half the sum of all
// four. It is solved by the Hungarian method (Kuhn, 1955) with the classes' counts as capacities. All a start at the
// greatest worth and sink together by one, as worths are whole, until no row has members to spare.
func (c *classes) doubledDuals(most int64, worth func(i, j int32) int64) []int64 {
	k := len(c.count)
	if k > maxClasses {
		return c.bestDuals(most, worth)
	}
	h := &transport{k: k, worth: make([]int64, k*k), flow: make([]int32, k*k), a: make([]int64, k), b: make([]int64, k)}
	h.supply, h.demand = make([]int32, k), make([]int32, k)
	copy(h.supply, c.count)
	copy(h.demand, c.count)
	for x := range k {
		for y := range k {
			h.worth[x*k+y] = c.between(x, y, worth)
			h.a[x] = max(h.a[x], h.worth[x*k+y])
		}
	}
	h.solve()
	doubled := make([]int64, k)
	for x := range doubled {
		doubled[x] = h.a[x] + h.b[x]
	}
	return doubled
}

// between returns what members of two classes are worth to each other.
func (c *classes) between(x, y int, worth func(i, j int32) int64) int64 {
	i, j := c.first[x], c.first[y]
	if x == y {
		j = c.other[x]
	}
	if j == none {
		return forbidden
	}
	return worth(i, j)
}

// bestDuals gives each class what its best partner is worth, or the most that any is if there are very many classes.
func (c *classes) bestDuals(most int64, worth func(i, j int32) int64) []int64 {
	k := len(c.count)
	if k > 8*maxClasses {
		return slices.Repeat([]int64{most}, k)
	}
	doubled := make([]int64, k)
	for x := range k {
		for y := range k {
			doubled[x] = max(doubled[x], c.between(x, y, worth))
		}
	}
	return doubled
}

// transport is the state of the Hungarian method.
type transport struct {
	k              int
	worth          []int64 // per row and column
	flow           []int32 // per row and column: members matched so
	a, b           []int64 // duals of rows and columns
	supply, demand []int32 // members not matched yet
	rowVia, colVia []int32 // how the search came to a row or column; k for where it started
	queue          []int32
}

func (h *transport) solve() {
	for {
		for h.augment() {
		}
		if !h.sink() {
			return
		}
	}
}

// sink lowers the duals of the rows that the last search reached, and raises those of the columns; false means that no
// row with members to spare has a dual left, so that the duals are optimal.
func (h *transport) sink() bool {
	open := false
	for x := range h.k {
		open = open || h.supply[x] > 0 && h.a[x] > 0
	}
	if !open {
		return false
	}
	for x := range h.k {
		if h.rowVia[x] != none {
			h.a[x]--
		}
		if h.colVia[x] != none {
			h.b[x]++
		}
	}
	return true
}

// augment moves as many members as one path lets through; false means that there is none.
func (h *transport) augment() bool {
	h.rowVia, h.colVia, h.queue = fill(h.k, none), fill(h.k, none), h.queue[:0]
	for x := range int32(h.k) {
		if h.supply[x] > 0 && h.a[x] > 0 {
			h.rowVia[x] = int32(h.k)
			h.queue = append(h.queue, x)
		}
	}
	starts := len(h.queue)
	for at := 0; at < len(h.queue); at++ {
		x := h.queue[at]
		if at >= starts && h.a[x] == 0 {
			h.push(none, x) // Its members may as well be the ones to spare.
			return true
		}
		for y := range int32(h.k) {
			cell := int(x)*h.k + int(y)
			if h.colVia[y] != none || h.worth[cell] < 0 || h.worth[cell] != h.a[x]+h.b[y] {
				continue
			}
			h.colVia[y] = x
			if h.demand[y] > 0 {
				h.push(y, none)
				return true
			}
			for next := range int32(h.k) {
				if h.rowVia[next] == none && h.flow[int(next)*h.k+int(y)] > 0 {
					h.rowVia[next] = y
					h.queue = append(h.queue, next)
				}
			}
		}
	}
	return false
}

// push sends members along the path found to column y, or to row x.
func (h *transport) push(y, x int32) {
	most := h.follow(y, x, 1<<30, func(*int32, int32) {})
	if y != none {
		most = min(most, h.demand[y])
		h.demand[y] -= most
	} else {
		h.supply[x] += most
	}
	h.follow(y, x, most, func(cell *int32, by int32) { *cell += by })
}

// follow goes back along the path, calls change for each cell of flow, and returns how many members fit through.
func (h *transport) follow(y, x, most int32, change func(cell *int32, by int32)) int32 {
	fits := most
	for {
		if y == none { // Leave row x by the flow through which it was reached.
			if int(h.rowVia[x]) == h.k {
				fits = min(fits, h.supply[x])
				break
			}
			y = h.rowVia[x]
			cell := &h.flow[int(x)*h.k+int(y)]
			fits = min(fits, *cell)
			change(cell, -most)
		}
		x = h.colVia[y]
		change(&h.flow[int(x)*h.k+int(y)], most)
		y = none
	}
	if most < 1<<30 {
		h.supply[x] -= most
	}
	return fits
}
