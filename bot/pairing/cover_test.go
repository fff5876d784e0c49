package pairing

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// coveredRanks lists the priorities of the covered vertices, highest first.
func coveredRanks(mate, priority []int32) []int32 {
	var ranks []int32
	for v, w := range mate {
		if w != none {
			ranks = append(ranks, priority[v])
		}
	}
	slices.Sort(ranks)
	slices.Reverse(ranks)
	return ranks
}

func TestCoverEqualsMaximumMatching(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 9))
	for at := range 6000 / slowdown {
		n := 1 + r.IntN(10+at/100)
		edges := randomGraph(r, n, []float64{0.04, 0.1, 0.25, 0.6}[r.IntN(4)], 1, 1)
		priority := make([]int32, n)
		for v := range priority {
			priority[v] = 1 + r.Int32N(int32(1+r.IntN(n)))
		}
		neighbours, mate := make([][]int32, n), fill(n, none)
		for k, e := range edges {
			neighbours[e.u] = append(neighbours[e.u], e.v)
			neighbours[e.v] = append(neighbours[e.v], e.u)
			edges[k].w = coverageWeight(priority[e.u] + priority[e.v])
			if mate[e.u] == none && mate[e.v] == none && r.IntN(3) > 0 {
				mate[e.u], mate[e.v] = e.v, e.u
			}
		}
		cover(neighbours, mate, priority)
		for v, w := range mate {
			if w != none && (mate[w] != int32(v) || !slices.Contains(neighbours[v], w)) {
				t.Fatalf("vertex %d is matched with %d, who is with %d", v, w, mate[w])
			}
		}
		want := coveredRanks(maximumMatching(n, edges).mate, priority)
		if got := coveredRanks(mate, priority); !slices.Equal(got, want) {
			t.Fatalf("instance %d: covers ranks %v, want %v", at, got, want)
		}
	}
}
