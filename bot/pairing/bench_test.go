package pairing

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// company makes a pool of ordinary people with a history of so many rounds: ten departments of different sizes,
// four zones, half of them with offers and asks.
func company(t testing.TB, n, rounds int) Input {
	r := rand.New(rand.NewPCG(7, uint64(n)))
	in := Input{Date: monday, Seed: 1, Rules: Rules{Trios: true, ExcludeManager: true}}
	zones := []string{"Europe/Berlin", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Asia/Tokyo"}
	for i := range n {
		m := Member{
			ID: fmt.Sprintf("U%06d", i), Department: fmt.Sprint("D", min(r.IntN(10), r.IntN(10))),
			Zone: loadZone(t, zones[r.IntN(len(zones))]), Manager: fmt.Sprintf("U%06d", i/8),
		}
		if r.IntN(2) == 0 {
			m.Offers = []string{fmt.Sprint("topic ", r.IntN(40))}
			m.Asks = []string{fmt.Sprint("topic ", r.IntN(40))}
		}
		in.Members = append(in.Members, m)
	}
	for round := range rounds {
		order := r.Perm(n)
		for i := 0; i+1 < n; i += 2 {
			in.History = append(in.History, Meeting{A: in.Members[order[i]].ID, B: in.Members[order[i+1]].ID, Round: round + 1})
		}
	}
	return in
}

func BenchmarkMatch(b *testing.B) {
	for _, n := range []int{100, 101, 300, 600, 601, 10_000} {
		in := company(b, n, 26)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				r, err := Match(in)
				if err != nil {
					b.Fatal(err)
				}
				b.ReportMetric(float64(len(r.LeftOut)), "left-out")
			}
		})
	}
}
