package pairing

import (
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
// sum (O-E)^2/E times (n-3)/(n-2) chi-square distributed.
func TestPairsAreEquallyLikely(t *testing.T) {
	const rounds = 4000 / slowdown
	for _, test := range []struct {
		n     int
		limit float64 // the 99.9th percentile of chi-square
	}{{6, 27.88}, {8, 45.31}, {10, 66.62}} {
		in := Input{Members: people(test.n), Date: monday}
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
		}
		n := float64(test.n)
		expected := rounds / (n - 1)
		missing := n*(n-1)/2 - float64(len(counts))
		sum := missing * expected
		for _, observed := range counts {
			sum += (observed - expected) * (observed - expected) / expected
		}
		pairs, dimensions := n*(n-1)/2, n*(n-3)/2
		scaled := sum * dimensions / (pairs * (n - 2) / (n - 1))
		if scaled > test.limit {
			t.Errorf("%d people: chi-square %.1f exceeds %.1f", test.n, scaled, test.limit)
		}
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
