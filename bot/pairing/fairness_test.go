package pairing

import (
	"fmt"
	"math"
	"strconv"
	"testing"
)

func TestSitOutsAreShared(t *testing.T) {
	const rounds = 52
	in := Input{Members: people(21), Date: monday, Rules: Rules{}}
	sat := make(map[string]int)
	play(t, in, rounds, func(number int, r Round) {
		if len(r.LeftOut) != 1 || r.LeftOut[0].Reason != OddPool {
			t.Fatalf("round %d leaves out %v", number, r.LeftOut)
		}
		sat[r.LeftOut[0].ID]++
	})
	most := 0
	for _, times := range sat {
		most = max(most, times)
	}
	if most > 3 || len(sat) != 21 {
		t.Errorf("one of %d people sat out %d times in %d rounds", len(sat), most, rounds)
	}
}

func TestThirdSeatRotates(t *testing.T) {
	in := Input{Members: people(21), Date: monday, Rules: Rules{Trios: true}}
	seats := make(map[string]int)
	repeats := 0
	play(t, in, 21, func(number int, r Round) {
		if len(r.LeftOut) != 0 {
			t.Fatalf("round %d leaves out %v", number, r.LeftOut)
		}
		repeats += r.Quality.Repeats
		for _, g := range r.Groups {
			for range len(g.Members) - 2 {
				for _, id := range g.Members {
					seats[id]++
				}
			}
		}
	})
	for id, times := range seats {
		if times > 6 {
			t.Errorf("%s was in %d trios of 21", id, times)
		}
	}
	if len(seats) != 21 {
		t.Errorf("only %d of 21 people were in a trio", len(seats))
	}
	t.Logf("%d repeats in 21 rounds", repeats)
}

// TestPairsAreEquallyLikely draws many rounds without rules or history. In uniform perfect matchings of n people, the
// counts of pairs vary in n(n-3)/2 dimensions, each with the variance that makes
// sum (O-E)^2/E times (n-3)/(n-2) chi-square distributed. Who sits out of an odd number is paired with nobody, who counts as one
// more. Pools of 6 to 10 look ahead; an odd one and one of 26 do not.
func TestPairsAreEquallyLikely(t *testing.T) {
	for _, test := range []struct {
		people, rounds int
		limit          float64 // the 99.9th percentile of chi-square
	}{{6, 4000, 27.88}, {8, 4000, 45.31}, {10, 3000, 66.62}, {7, 4000, 45.31}, {26, 1500, 380.4}} {
		rounds := test.rounds / slowdown
		in := Input{Members: people(test.people), Date: monday}
		counts := make(map[[2]string]float64)
		for seed := range uint64(rounds) {
			in.Seed = seed
			r, err := Match(in)
			if err != nil {
				t.Fatal(err)
			}
			for _, g := range r.Groups {
				counts[[2]string{g.Members[0], g.Members[1]}]++
			}
			for _, l := range r.LeftOut {
				counts[[2]string{l.ID, "nobody"}]++
			}
		}
		n := float64(test.people + test.people%2)
		expected := float64(rounds) / (n - 1)
		missing := n*(n-1)/2 - float64(len(counts))
		sum := missing * expected
		for _, observed := range counts {
			sum += (observed - expected) * (observed - expected) / expected
		}
		pairs, dimensions := n*(n-1)/2, n*(n-3)/2
		scaled := sum * dimensions / (pairs * (n - 2) / (n - 1))
		if scaled > test.limit {
			t.Errorf("%d people: chi-square %.1f exceeds %.1f", test.people, scaled, test.limit)
		}
	}
}

// TestSampledPairsAreEquallyLikely does the same above the size of exact rounds, where most pairs never come up. So it counts
// pairs between six classes of people, once neighbours in order of ID and once those who are six apart; the counts vary
// in 15 dimensions, as each class has as many pairs as people. And it counts how many pairs two rounds share, which
// would be more if some pairs were likelier than others.
func TestSampledPairsAreEquallyLikely(t *testing.T) {
	const people, classes, limit = 1002, 6, 37.70 // the 99.9th percentile of chi-square
	rounds := 150 / slowdown
	in := Input{Date: monday}
	for i := range people {
		in.Members = append(in.Members, Member{ID: fmt.Sprintf("%04d", i)})
	}
	apart, together := make(map[[2]int]float64), make(map[[2]int]float64)
	pairs := make(map[[2]int]int)
	for seed := range uint64(rounds) {
		in.Seed = seed
		r, err := Match(in)
		if err != nil {
			t.Fatal(err)
		}
		for _, g := range r.Groups {
			var at [2]int
			for k, id := range g.Members {
				if at[k], err = strconv.Atoi(id); err != nil {
					t.Fatal(err)
				}
			}
			pairs[at]++
			a, b := at[0]%classes, at[1]%classes
			apart[[2]int{min(a, b), max(a, b)}]++
			a, b = at[0]*classes/people, at[1]*classes/people
			together[[2]int{min(a, b), max(a, b)}]++
		}
	}
	const size = people / classes
	for name, counts := range map[string]map[[2]int]float64{"six apart": apart, "neighbours": together} {
		sum := 0.0
		for a := range classes {
			for b := a; b < classes; b++ {
				expected := float64(rounds) * size * size / (people - 1)
				if a == b {
					expected = float64(rounds) * size * (size - 1) / 2 / (people - 1)
				}
				observed := counts[[2]int{a, b}]
				sum += (observed - expected) * (observed - expected) / expected
			}
		}
		if sum > limit {
			t.Errorf("classes of %s: chi-square %.1f exceeds %.1f", name, sum, limit)
		}
	}
	shared := 0.0
	for _, times := range pairs {
		shared += float64(times * (times - 1) / 2)
	}
	expected := float64(rounds*(rounds-1)/2) * people / 2 / (people - 1)
	if deviation := (shared - expected) / math.Sqrt(expected); math.Abs(deviation) > 3.3 {
		t.Errorf("two rounds share %.0f pairs in all, expected %.0f", shared, expected)
	}
}

func TestOldestMeetingsAreRepeatedFirst(t *testing.T) {
	in := Input{Members: people(10), Date: monday}
	rounds := make(map[int]map[string]string)
	play(t, in, 27, func(number int, r Round) {
		rounds[number] = make(map[string]string)
		for _, g := range r.Groups {
			rounds[number][g.Members[0]] = g.Members[1]
		}
		if number <= 9 {
			return
		}
		for a, b := range rounds[number] {
			if rounds[number-9][a] != b {
				t.Fatalf("round %d pairs %s with %s, round %d did not", number, a, b, number-9)
			}
		}
	})
}

func TestWhoSatOutComesFirst(t *testing.T) {
	tests := map[string]struct {
		change func(m []Member)
		out    string
	}{
		"most often":    {func(m []Member) { m[0].SatOut, m[2].SatOut = 2, 1 }, "U001"},
		"most recently": {func(m []Member) { m[0].LastSatOut, m[1].LastSatOut, m[2].LastSatOut = 5, 6, 4 }, "U002"},
		"newcomers": {func(m []Member) {
			m[0].Joined, m[1].Joined, m[2].Joined = monday.AddDate(-1, 0, 0), monday.AddDate(-2, 0, 0), monday
		}, "U001"},
		"often before recently": {func(m []Member) {
			m[0].SatOut, m[1].SatOut, m[2].SatOut = 2, 1, 2
			m[1].LastSatOut = 9
		}, "U001"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			for seed := range uint64(20) {
				in := Input{Members: people(3), Date: monday, Seed: seed}
				test.change(in.Members)
				r, err := Match(in)
				if err != nil {
					t.Fatal(err)
				}
				if len(r.LeftOut) != 1 || r.LeftOut[0].ID != test.out {
					t.Fatalf("left out %v, want %s", r.LeftOut, test.out)
				}
			}
		})
	}
}
