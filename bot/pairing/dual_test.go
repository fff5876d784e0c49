package pairing

import (
	"math/rand/v2"
	"testing"
)

// checkDual asks every pair whether it keeps to the duals, and the round whether it keeps to their bound.
func checkDual(t *testing.T, p *pool, d *dual) {
	t.Helper()
	for i := range int32(p.size()) {
		if a := d.doubled[i]; min(a.department, a.hours, a.profile) < 0 || a.fresh != 0 || a.age != 0 {
			t.Fatalf("member %d has duals %+v", i, a)
		}
		for j := i + 1; int(j) < p.size(); j++ {
			if !p.permits(i, j) {
				continue
			}
			v, a, b := p.value(i, j), d.doubled[i], d.doubled[j]
			if v.fresh > d.base.fresh || v.age > d.base.age ||
				2*(v.department-d.base.department) > a.department+b.department ||
				2*(v.hours-d.base.hours) > a.hours+b.hours || 2*(v.profile-d.base.profile) > a.profile+b.profile {
				t.Fatalf("%d and %d are worth %+v, but their duals are %+v and %+v above %+v", i, j, v, a, b, d.base)
			}
		}
	}
}

// widened adds what makes duals harder to an input: leaders, people who stretch, several topics and languages.
func widened(r *rand.Rand, in Input) Input {
	for i := range in.Members {
		m := &in.Members[i]
		m.Leader, m.Stretch = r.IntN(5) == 0, r.IntN(6) == 0
		if r.IntN(4) == 0 {
			m.Languages = append(m.Languages, "fr")
		}
	}
	return in
}

func TestDualHoldsForEveryPair(t *testing.T) {
	r := rand.New(rand.NewPCG(14, 15))
	for at := range 200 / slowdown {
		in := widened(r, randomInput(t, r, 2+r.IntN(120)))
		if at%50 == 0 {
			in = company(t, 2000/slowdown, 8)
			in.Rules.Department, in.Rules.Overlap = Preference(r.IntN(3)), Preference(r.IntN(3))
		}
		p, err := prepare(&in)
		if err != nil {
			t.Fatal(err)
		}
		checkDual(t, p, p.dual())
	}
}

// TestDualBoundsTheExactRound compares level by level, with rounds that are exact but for their tables.
func TestDualBoundsTheExactRound(t *testing.T) {
	r := rand.New(rand.NewPCG(16, 17))
	for at := range 300 / slowdown {
		in := widened(r, randomInput(t, r, 2+r.IntN(60)))
		if at%100 == 0 {
			in = company(t, 600/slowdown, 26)
		}
		p, err := prepare(&in)
		if err != nil {
			t.Fatal(err)
		}
		pl := p.planExactly()
		got, most := tally(p, pl), p.dual().bound(p.pairsOf(pl))
		if got.fresh > most.fresh || got.department > most.department || got.hours > most.hours || got.profile > most.profile {
			t.Fatalf("instance %d: the exact round is worth %+v, the bound is %+v", at, got, most)
		}
		if bound := p.leftOutBound(); bound > len(pl.left) {
			t.Fatalf("instance %d: %d left out, bound %d", at, len(pl.left), bound)
		}
	}
}

// TestClassDualsAreOptimal compares with the exact matching of twice as many members, which is what the duals bound.
func TestClassDualsAreOptimal(t *testing.T) {
	r := rand.New(rand.NewPCG(18, 19))
	for range 3000 / slowdown {
		k := 1 + r.IntN(6)
		worths := make([]int64, k*k)
		for x := range k {
			for y := range x + 1 {
				worths[x*k+y] = r.Int64N(5) - 1
				worths[y*k+x] = worths[x*k+y]
			}
		}
		n := 1 + r.IntN(14)
		class := make([]int32, n)
		for i := range class {
			class[i] = r.Int32N(int32(k))
		}
		c := classify(n, func(i int32) int32 { return class[i] })
		worth := func(i, j int32) int64 { return worths[int(class[i])*k+int(class[j])] }
		doubled := c.doubledDuals(3, worth)
		var sum int64
		for i := range int32(n) {
			sum += doubled[c.of[i]]
		}
		// Rows are members 0 to n-1, columns n to 2n-1. Of a class with one member, that one may not stand on both sides.
		var edges []edge
		for i := range int32(n) {
			for j := range int32(n) {
				alone := class[i] == class[j] && c.count[c.of[i]] == 1
				if w := worth(i, j); w > 0 && !alone {
					edges = append(edges, edge{i, int32(n) + j, weight{hi: w}})
				}
				if i < j && worth(i, j) > 0 && 2*worth(i, j) > doubled[c.of[i]]+doubled[c.of[j]] {
					t.Fatalf("%d and %d are worth %d, duals %v", i, j, worth(i, j), doubled)
				}
			}
		}
		if best := matchAll(2*n, edges).weight().hi; best != sum {
			t.Fatalf("the duals sum to %d, the best is %d", sum, best)
		}
	}
}
