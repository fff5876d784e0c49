package pairing

import (
	"math/bits"
	"math/rand/v2"
	"testing"
)

// groupKind says what a set of members may be in a round.
type groupKind uint8

const (
	noGroup groupKind = iota
	plainGroup
	freeTrio // as which a round of pairs may have one
)

// kindOf tells it by definition: pairs, one trio, tables up to the number of seats, or groups of two to four.
func (f *reference) kindOf(set uint) groupKind {
	size, table := bits.OnesCount(set), false
	if size < 2 || size > 4 {
		return noGroup
	}
	for i, m := range f.p.members {
		if set>>i&1 == 0 {
			continue
		}
		table = table || m.Leader && min(m.Seats, 3) > 1 && size <= 1+min(m.Seats, 3)
		for j := range i {
			if set>>j&1 == 1 && !f.may[i][j] {
				return noGroup
			}
		}
	}
	switch {
	case size == 2 || f.p.rules.Size > 2 || table:
		return plainGroup
	case size == 3 && f.p.rules.Trios:
		return freeTrio
	}
	return noGroup
}

// fewestLeftOut tries all rounds of a few members.
func (f *reference) fewestLeftOut() int {
	n := f.p.size()
	kinds := make([]groupKind, 1<<n)
	for set := range kinds {
		kinds[set] = f.kindOf(uint(set))
	}
	var fewest [2][]int // per set of members and whether a trio may still form
	for trio := range fewest {
		fewest[trio] = make([]int, 1<<n)
		for set := 1; set < 1<<n; set++ {
			first := set & -set
			best := 1 + fewest[trio][set&^first]
			for part := set; part > 0; part = (part - 1) & set {
				switch {
				case part&first == 0 || kinds[part] == noGroup:
				case kinds[part] == plainGroup:
					best = min(best, fewest[trio][set&^part])
				case trio == 1:
					best = min(best, fewest[0][set&^part])
				}
			}
			fewest[trio][set] = best
		}
	}
	return fewest[1][1<<n-1]
}

func TestLeftOutBoundIsTrue(t *testing.T) {
	r := rand.New(rand.NewPCG(24, 25))
	const trials = 1200 / slowdown
	tight := 0
	for at := range trials {
		in := randomInput(t, r, 1+r.IntN(8))
		in.Rules.Size = 2 + max(0, r.IntN(4)-1)
		if r.IntN(2) == 0 {
			in = widened(r, in)
			for i := range in.Members {
				m := &in.Members[i]
				m.Seats, m.Languages = r.IntN(4), m.Languages[:min(1, len(m.Languages))] // the reference reads the first
			}
		}
		p, err := prepare(&in)
		if err != nil {
			t.Fatal(err)
		}
		round, err := Match(in)
		if err != nil {
			t.Fatal(err)
		}
		fewest := newReference(&in, p).fewestLeftOut()
		q := round.Quality
		if q.LeftOutBound > fewest || len(round.LeftOut) < fewest {
			t.Fatalf("instance %d, size %d, tables %d: %d left out, at least %d have to be, bound %d", at, p.rules.Size, p.tables, len(round.LeftOut), fewest, q.LeftOutBound)
		}
		if q.LeftOutBound == fewest {
			tight++
		}
		if odd := len(round.LeftOut) == 1 && round.LeftOut[0].Reason == OddPool; odd && q.LeftOutBound != 1 || p.rules.Size == 2 && p.tables == 0 && q.LeftOutBound != fewest {
			t.Fatalf("instance %d: left out %v, at least %d have to be, bound %d", at, round.LeftOut, fewest, q.LeftOutBound)
		}
	}
	if tight < trials*3/4 {
		t.Errorf("the bound is the fewest in only %d of %d rounds", tight, trials)
	}
}

func TestLeftOutBoundOfSimpleRules(t *testing.T) {
	departments := func(sizes ...int) Input {
		in := Input{Members: people(0), Date: monday, Rules: Rules{Department: Require}}
		for d, size := range sizes {
			for range size {
				in.Members = append(in.Members, Member{ID: memberID(len(in.Members)), Department: string(rune('A' + d))})
			}
		}
		return in
	}
	with := func(in Input, change func(in *Input)) Input {
		change(&in)
		return in
	}
	tests := map[string]struct {
		in   Input
		want int
	}{
		"even":                             {Input{Members: people(8), Date: monday}, 0},
		"odd":                              {Input{Members: people(9), Date: monday}, 1},
		"odd with a trio":                  {Input{Members: people(9), Date: monday, Rules: Rules{Trios: true}}, 0},
		"one department":                   {departments(5), 5},
		"half in one":                      {departments(4, 4), 0},
		"most in one":                      {departments(6, 1, 1), 4},
		"most in one, groups of three":     {with(departments(9, 2, 1), func(in *Input) { in.Rules.Size = 3 }), 6},
		"most in one and large":            {departments(900, 400), 500},
		"odd and large":                    {Input{Members: people(1101), Date: monday}, 1},
		"nobody can sit at the only table": {with(departments(1, 2), func(in *Input) { in.Members[0].Leader, in.Members[0].Seats = true, 2 }), 1},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			round, err := Match(test.in)
			if err != nil {
				t.Fatal(err)
			}
			if round.Quality.LeftOutBound != test.want || len(round.LeftOut) != test.want {
				t.Errorf("%d left out, bound %d, want %d", len(round.LeftOut), round.Quality.LeftOutBound, test.want)
			}
		})
	}
}

// heaviest tries all rounds with so many groups of each size, and so many left out, and returns the most that one weighs.
func (f *reference) heaviest(sizes [5]int, left int) int64 {
	n := f.p.size()
	var try func(rest uint) int64
	try = func(rest uint) int64 {
		if rest == 0 {
			return 0
		}
		first := rest & -rest
		best := int64(-1)
		if left > 0 {
			left--
			best = try(rest &^ first)
			left++
		}
		for part := rest; part > 0; part = (part - 1) & rest {
			size := bits.OnesCount(part)
			if part&first == 0 || size > 4 || sizes[size] == 0 || f.kindOf(part) == noGroup {
				continue
			}
			sizes[size]--
			if others := try(rest &^ part); others >= 0 {
				best = max(best, others+f.weightOf(part))
			}
			sizes[size]++
		}
		return best
	}
	return try(1<<n - 1)
}

// weightOf sums what the pairs of a set are worth.
func (f *reference) weightOf(set uint) int64 {
	var sum int64
	for i := range f.p.members {
		for j := range i {
			if (set>>i)&(set>>j)&1 == 1 {
				sum += f.worth[i][j]
			}
		}
	}
	return sum
}

func TestUpperBoundOfLargerGroupsIsTrue(t *testing.T) {
	r := rand.New(rand.NewPCG(26, 27))
	const trials = 500 / slowdown
	grown := 0
	for at := range trials {
		in := widened(r, randomInput(t, r, 3+r.IntN(6)))
		in.Rules.Size = 2 + at%3
		for i := range in.Members {
			m := &in.Members[i]
			m.Seats, m.Languages = r.IntN(4), m.Languages[:min(1, len(m.Languages))] // the reference reads the first
		}
		p, err := prepare(&in)
		if err != nil {
			t.Fatal(err)
		}
		round, err := Match(in)
		if err != nil {
			t.Fatal(err)
		}
		var sizes [5]int
		for _, g := range round.Groups {
			sizes[len(g.Members)]++
		}
		if sizes[3]+sizes[4] > 0 {
			grown++
		}
		q := round.Quality
		best := newReference(&in, p).heaviest(sizes, len(round.LeftOut))
		if best < q.Weight || best > q.UpperBound || q.Share < 0 || q.Share > 1 {
			t.Fatalf("instance %d, groups by size %v: the best weighs %d, quality %+v", at, sizes, best, q)
		}
	}
	if grown < trials/4 {
		t.Errorf("only %d of %d rounds held a larger group", grown, trials)
	}
}
