package pairing

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"runtime/metrics"
	"syscall"
	"testing"
	"time"
)

// company makes a pool of ordinary people with a history of so many rounds: ten departments of different sizes,
// four zones, half of them with offers and asks.
func company(t testing.TB, n, rounds int) Input {
	r := rand.New(rand.NewPCG(7, uint64(n)))
	in := Input{Date: monday, Seed: 1, Rules: Rules{Trios: true, ExcludeManager: true}}
	var zones []*time.Location
	for _, name := range []string{"Europe/Berlin", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Asia/Tokyo"} {
		zones = append(zones, loadZone(t, name))
	}
	in.Members, in.History = make([]Member, 0, n), make([]Meeting, 0, n/2*rounds)
	for i := range n {
		m := Member{
			ID: fmt.Sprintf("U%06d", i), Department: fmt.Sprint("D", min(r.IntN(10), r.IntN(10))),
			Zone: zones[r.IntN(len(zones))], Manager: fmt.Sprintf("U%06d", i/8),
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

// peak watches the heap: the input, the round and what is not collected yet. stop returns the most that it held, in megabytes.
func peak() (stop func() float64) {
	done, most := make(chan struct{}), make(chan float64)
	go func() {
		sample := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
		var highest float64
		for ticks := time.NewTicker(2 * time.Millisecond); ; {
			metrics.Read(sample)
			highest = max(highest, float64(sample[0].Value.Uint64())/1e6)
			select {
			case <-ticks.C:
			case <-done:
				most <- highest
				return
			}
		}
	}()
	return func() float64 {
		close(done)
		return <-most
	}
}

// processorTime returns the seconds that this process computed so far, on all processors together.
func processorTime(t testing.TB) float64 {
	var use syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &use); err != nil {
		t.Fatalf("read processor time: %v", err)
	}
	return time.Duration(use.Utime.Nano() + use.Stime.Nano()).Seconds()
}

// BenchmarkMatch makes a round of a company after 26 rounds. Share is the round's quality above first meetings. Levels is what the round is worth in departments, hours and
// profiles, each in percent of what the duals allow, of which the lowest is given: in Weight the meetings for the first time
// hide the rest.
func BenchmarkMatch(b *testing.B) {
	for _, n := range []int{300, 1000, 1001, 10_000, 100_000, 1_000_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			in := company(b, n, 26)
			runtime.GC()
			var held runtime.MemStats
			runtime.ReadMemStats(&held)
			before, stop := processorTime(b), peak()
			var r Round
			for b.Loop() {
				var err error
				if r, err = Match(in); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(b.Elapsed().Seconds()/float64(b.N), "s")
			b.ReportMetric((processorTime(b)-before)/float64(b.N), "processor-s")
			most := stop()
			b.ReportMetric(most, "MB-peak")
			b.ReportMetric(most-float64(held.HeapAlloc)/1e6, "MB-beyond-input")
			b.ReportMetric(float64(len(r.LeftOut)), "left-out")
			b.ReportMetric(float64(len(r.LeftOut)-r.Quality.LeftOutBound)/float64(n)*100, "%avoidably-left-out")
			b.ReportMetric(float64(r.Quality.Weight)/float64(r.Quality.UpperBound)*100, "%weight-of-bound")
			b.ReportMetric(100*r.Quality.Share, "%share")
			b.ReportMetric(lowestLevel(b, in, r), "%lowest-level")
		})
	}
}

// lowestLevel returns the least of levels 4 to 6 in percent of their bounds.
func lowestLevel(t testing.TB, in Input, r Round) float64 {
	p, err := prepare(&in)
	if err != nil {
		t.Fatal(err)
	}
	index := make(map[string]int32, p.size())
	for i := range p.members {
		index[p.members[i].ID] = int32(i)
	}
	var pl plan
	for _, g := range r.Groups {
		var members []int32
		for _, id := range g.Members {
			members = append(members, index[id])
		}
		pl.groups = append(pl.groups, members)
	}
	got, most := tally(p, pl), p.dual().bound(p.pairsOf(pl))
	percent := func(got, most int64) float64 { return 100 * float64(got) / float64(most) }
	return min(percent(got.department, most.department), percent(got.hours, most.hours), percent(got.profile, most.profile))
}
