package pairing

import (
	"math/rand/v2"
	"testing"
)

// proveOptimal checks the duals' proof: feasible, and complementary to the matching.
func proveOptimal(t *testing.T, n int, edges []edge, x matching) {
	t.Helper()
	zero := weight{}
	for v := range n {
		if x.m.dual[v].less(zero) {
			t.Fatalf("vertex %d has a negative dual", v)
		}
		if x.mate[v] == none && x.m.dual[v] != zero {
			t.Fatalf("exposed vertex %d has a dual", v)
		}
		if x.mate[v] != none && x.mate[x.mate[v]] != int32(v) {
			t.Fatalf("vertex %d is its mate's stranger", v)
		}
	}
	for _, e := range edges {
		s := x.doubledSlack(e.u, e.v, e.w)
		if s.less(zero) {
			t.Fatalf("edge %d-%d has negative slack %v", e.u, e.v, s)
		}
	}
	for v, p := range x.m.mate {
		if p == none {
			continue
		}
		e := x.m.edges[p>>1]
		if s := x.doubledSlack(e.u, e.v, e.w); s != zero {
			t.Fatalf("matched edge of %d has slack %v", v, s)
		}
	}
	for b := x.m.n; b < 2*x.m.n; b++ {
		if x.m.base[b] == none || x.m.dual[b] == zero {
			continue
		}
		leaves := x.m.appendLeaves(nil, b)
		inside := 0
		holds := make(map[int32]bool, len(leaves))
		for _, v := range leaves {
			holds[v] = true
		}
		for _, v := range leaves {
			if holds[x.mate[v]] {
				inside++
			}
		}
		if x.m.dual[b].less(zero) || inside != len(leaves)-1 {
			t.Fatalf("blossom %d has dual %v and %d of %d matched inside", b, x.m.dual[b], inside, len(leaves))
		}
	}
}

// heaviestByForce tries all matchings of up to about 12 vertices.
func heaviestByForce(n int, edges []edge) weight {
	table := make(map[[2]int32]weight)
	for _, e := range edges {
		table[[2]int32{e.u, e.v}] = e.w
	}
	memo := make(map[uint]weight)
	var best func(used uint) weight
	best = func(used uint) weight {
		if used == 1<<n-1 {
			return weight{}
		}
		if w, ok := memo[used]; ok {
			return w
		}
		u := 0
		for used>>u&1 == 1 {
			u++
		}
		top := best(used | 1<<u)
		for v := u + 1; v < n; v++ {
			w, ok := table[[2]int32{int32(u), int32(v)}]
			if !ok || used>>v&1 == 1 {
				continue
			}
			if c := w.plus(best(used | 1<<u | 1<<v)); top.less(c) {
				top = c
			}
		}
		memo[used] = top
		return top
	}
	return best(0)
}

func randomGraph(r *rand.Rand, n int, density float64, hi, lo int64) []edge {
	var edges []edge
	for u := range int32(n) {
		for v := u + 1; v < int32(n); v++ {
			if r.Float64() < density {
				edges = append(edges, edge{u, v, weight{1 + r.Int64N(hi), r.Int64N(lo) - lo/3}})
			}
		}
	}
	return edges
}

func TestMatchingEqualsBruteForce(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 20_000 / slowdown {
		n := 1 + r.IntN(9)
		edges := randomGraph(r, n, 0.2+0.8*r.Float64(), 1+r.Int64N(12), 1+r.Int64N(9))
		x := maximumMatching(n, edges)
		proveOptimal(t, n, edges, x)
		if got, want := x.weight(), heaviestByForce(n, edges); got != want {
			t.Fatalf("weight %v, want %v for %v", got, want, edges)
		}
	}
}

func TestMatchingProvesItself(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for _, n := range []int{15, 24, 40, 61, 90, 150, 220} {
		for range 1500 / n / slowdown {
			density := []float64{0.03, 0.1, 0.4, 1}[r.IntN(4)]
			edges := randomGraph(r, n, density, []int64{2, 40, 100_000}[r.IntN(3)], []int64{1, 30, 1 << 40}[r.IntN(3)])
			proveOptimal(t, n, edges, maximumMatching(n, edges))
		}
	}
}
