package pairing

import (
	"hash/fnv"
	"math/rand/v2"
	"slices"
)

// Looking ahead: in a small pool where everybody may meet everybody, choosing each round on its own soon paints
// itself into a corner, with pairs left who have not met but cannot all meet without repeats. So a round is
// chosen such that the pairs left over still split into rounds without repeats (a one-factorisation of the graph of
// those who have not met). The split is found from the members and the history alone and the same way every time,
// never from the seed: the round after this one finds the very same split of what is left, whatever its seed.

const (
	// aheadLimit is the largest pool that is looked ahead for.
	aheadLimit = 24
	// splitSteps and splitTries bound the search for a split.
	splitSteps = 4000
	splitTries = 12
)

// lookAhead checks a perfect matching of people who have not met. If the rest could not be completed after it, it
// returns the best round after which it can. It returns false where there is nothing to change or no hope.
func (p *pool) lookAhead(mate []int32) ([][]int32, bool) {
	left, degree := p.strangers()
	if degree < 3 {
		return nil, false // With two rounds to go, what is left after this one is a round.
	}
	if left.without(mate).split(p.fixedNoise()) != nil {
		return nil, false
	}
	rounds := left.split(p.fixedNoise())
	slices.SortFunc(rounds, func(a, b []int32) int { return p.mateWeight(b).compare(p.mateWeight(a)) })
	for _, round := range rounds {
		if left.without(round).split(p.fixedNoise()) != nil {
			return planOf(round).groups, true
		}
	}
	return nil, false
}

// strangers returns the graph of the pairs who have not met, and the number of rounds that it could be split into; zero
// if the pool is too large or odd, somebody may not meet somebody, or some have more people left to meet than others.
func (p *pool) strangers() (adjacency, int) {
	n := int32(p.size())
	if n%2 == 1 || n < 4 || n > aheadLimit {
		return nil, 0
	}
	g := make(adjacency, n)
	for i := range n {
		for j := range n {
			if i == j {
				continue
			}
			if !p.permits(i, j) {
				return nil, 0
			}
			if count, _ := p.history.between(i, j); count == 0 {
				g[i] = append(g[i], j)
			}
		}
		if len(g[i]) != len(g[0]) {
			return nil, 0
		}
	}
	return g, len(g[0])
}

// fixedNoise returns a random source that depends on the pool's members alone.
func (p *pool) fixedNoise() *rand.Rand {
	h := fnv.New64a()
	for i := range p.members {
		_, _ = h.Write([]byte(p.members[i].ID + "\n")) // A hash never returns an error.
	}
	return rand.New(rand.NewPCG(h.Sum64(), uint64(p.size())))
}

// mateWeight returns what a perfect matching is worth in levels 3 to 7.
func (p *pool) mateWeight(mate []int32) weight {
	var sum weight
	for i, j := range mate {
		if int32(i) < j {
			sum = sum.plus(weightOf(p.value(int32(i), j))).plus(noiseWeight(p.pairNoise(int32(i), j)))
		}
	}
	return sum
}

// adjacency lists, per vertex, its neighbours in order.
type adjacency [][]int32

// without returns the graph less the edges of a matching.
func (g adjacency) without(mate []int32) adjacency {
	rest := make(adjacency, len(g))
	for i := range g {
		rest[i] = slices.DeleteFunc(slices.Clone(g[i]), func(j int32) bool { return j == mate[i] })
	}
	return rest
}

// split returns perfect matchings that together hold every edge of a regular graph once, or nil if it finds none.
func (g adjacency) split(r *rand.Rand) [][]int32 {
	degree := len(g[0])
	for i := range g {
		if len(g[i]) != degree {
			return nil
		}
	}
	for range splitTries {
		c := newColouring(g, degree)
		if c.complete(r) {
			return c.rounds()
		}
	}
	return nil
}

// colouring gives each edge of a regular graph one of as many colours as a vertex has edges, so that no two edges of
// a vertex share one: a colour is a round.
type colouring struct {
	colours int
	at      [][]int32 // per vertex and colour: the neighbour, or none
	waiting [][2]int32
	// freeX, freeY and chain are room for the lists of one step.
	freeX, freeY, chain []int32
}

func newColouring(g adjacency, colours int) *colouring {
	c := &colouring{colours: colours}
	for i := range g {
		c.at = append(c.at, fill(colours, none))
		for _, j := range g[i] {
			if int32(i) < j {
				c.waiting = append(c.waiting, [2]int32{int32(i), j})
			}
		}
	}
	return c
}

// complete colours the waiting edges one by one, swapping two colours along a chain (Kempe) where that
// helps and taking an edge's colour away where it does not. It is a random walk that usually arrives.
func (c *colouring) complete(r *rand.Rand) bool {
	for range splitSteps {
		if len(c.waiting) == 0 {
			return true
		}
		last := len(c.waiting) - 1
		pick := r.IntN(len(c.waiting))
		e := c.waiting[pick]
		c.waiting[pick] = c.waiting[last]
		c.waiting = c.waiting[:last]
		c.place(e[0], e[1], r)
	}
	return len(c.waiting) == 0
}

// place colours the edge between x and y.
func (c *colouring) place(x, y int32, r *rand.Rand) {
	freeX, freeY := c.missing(c.freeX[:0], x), c.missing(c.freeY[:0], y)
	c.freeX, c.freeY = freeX, freeY
	r.Shuffle(len(freeX), func(i, j int) { freeX[i], freeX[j] = freeX[j], freeX[i] })
	r.Shuffle(len(freeY), func(i, j int) { freeY[i], freeY[j] = freeY[j], freeY[i] })
	for _, a := range freeX {
		if c.at[y][a] == none {
			c.set(x, y, a)
			return
		}
	}
	for _, a := range freeX {
		for _, b := range freeY {
			// Swapping a and b along the chain from y frees a at y, unless the chain ends at x.
			if c.swap(y, a, b, x) {
				c.set(x, y, a)
				return
			}
		}
	}
	a := freeX[0]
	z := c.at[y][a]
	c.at[z][a] = none
	c.waiting = append(c.waiting, [2]int32{y, z})
	c.set(x, y, a)
}

// missing appends the colours that a vertex lacks.
func (c *colouring) missing(free []int32, v int32) []int32 {
	for colour, w := range c.at[v] {
		if w == none {
			free = append(free, int32(colour))
		}
	}
	return free
}

func (c *colouring) set(x, y, colour int32) {
	c.at[x][colour], c.at[y][colour] = y, x
}

// swap exchanges colours a and b along the chain that starts at vertex v with a, unless it ends at the vertex avoid.
func (c *colouring) swap(v, a, b, avoid int32) bool {
	chain := append(c.chain[:0], v)
	for colour, next := a, c.at[v][a]; next != none; {
		chain = append(chain, next)
		colour = a + b - colour
		next = c.at[next][colour]
	}
	c.chain = chain
	if chain[len(chain)-1] == avoid {
		return false
	}
	for _, w := range chain {
		c.at[w][a], c.at[w][b] = c.at[w][b], c.at[w][a]
	}
	return true
}

// rounds returns each colour as a matching.
func (c *colouring) rounds() [][]int32 {
	list := make([][]int32, c.colours)
	for colour := range list {
		for v := range c.at {
			list[colour] = append(list[colour], c.at[v][colour])
		}
	}
	return list
}
