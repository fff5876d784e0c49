package pairing

import (
	"fmt"
	"testing"
)

// record appends a round's meetings to the history.
func record(in *Input, r Round, number int) {
	for _, g := range r.Groups {
		for i, a := range g.Members {
			for _, b := range g.Members[i+1:] {
				in.History = append(in.History, Meeting{A: a, B: b, Round: number})
			}
		}
	}
}

// play makes one round after another, feeding meetings and sit-outs back, each with another seed.
func play(t *testing.T, in Input, rounds int, see func(number int, r Round)) {
	t.Helper()
	for number := 1; number <= rounds; number++ {
		in.Seed++
		in.Date = in.Date.AddDate(0, 0, 7)
		r, err := Match(in)
		if err != nil {
			t.Fatal(err)
		}
		record(&in, r, number)
		for i := range in.Members {
			for _, l := range r.LeftOut {
				if l.ID == in.Members[i].ID {
					in.Members[i].SatOut++
					in.Members[i].LastSatOut = number
				}
			}
		}
		see(number, r)
	}
}

func TestStablePoolMeetsEveryoneOnce(t *testing.T) {
	for _, n := range []int{4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24} {
		for seed := range uint64(1 + 5/slowdown) {
			for _, departments := range []int{1, 3, 5} {
				in := Input{Date: monday, Seed: 1000 * seed, Rules: Rules{Trios: true}}
				for i := range n {
					in.Members = append(in.Members, Member{ID: fmt.Sprintf("S%d-%d", seed, i), Department: fmt.Sprint("D", i%departments)})
				}
				play(t, in, n-1, func(number int, r Round) {
					if r.Quality.Repeats != 0 || len(r.LeftOut) != 0 {
						t.Fatalf("%d people, seed %d, %d departments, round %d: %d repeats, %d left out", n, seed, departments, number, r.Quality.Repeats, len(r.LeftOut))
					}
				})
			}
		}
	}
}
