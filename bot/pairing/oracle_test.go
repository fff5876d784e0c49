package pairing

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

// monday is the first day of the rounds in these tests.
var monday = time.Date(2026, time.March, 30, 0, 0, 0, 0, time.UTC)

// loadZone returns an IANA zone.
func loadZone(t testing.TB, name string) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation(name)
	if err != nil {
		t.Fatalf("load zone %q: %v", name, err)
	}
	return zone
}

func memberID(i int) string { return fmt.Sprintf("U%03d", i) }

// randomInput makes a small pool with every kind of rule and attribute.
func randomInput(t testing.TB, r *rand.Rand, n int) Input {
	zones := []*time.Location{
		nil, loadZone(t, "Europe/Berlin"), loadZone(t, "America/New_York"), loadZone(t, "Asia/Tokyo"), loadZone(t, "America/Los_Angeles"),
	}
	topics := []string{"go", "law", "chess", "hiring", "tax", "maps"}
	preference := func() Preference { return Preference(r.IntN(3)) }
	affinity := func() Affinity { return Affinity(r.IntN(3)) }
	in := Input{Date: monday, Seed: r.Uint64(), Rules: Rules{
		Size: 2, Trios: r.IntN(2) == 0, Department: preference(), Overlap: preference(), Language: preference(),
		MinOverlap: time.Duration(1+r.IntN(4)) * time.Hour, ExcludeManager: r.IntN(2) == 0,
		Window: 1 + r.IntN(6), Office: affinity(), Level: affinity(), Tenure: affinity(),
	}}
	departments, zoneCount := 1+r.IntN(5), 1+r.IntN(len(zones))
	for i := range n {
		m := Member{
			ID: memberID(i), Zone: zones[r.IntN(zoneCount)], SatOut: r.IntN(3), LastSatOut: r.IntN(3),
			Joined: monday.AddDate(-r.IntN(3), 0, 0), Manager: memberID(r.IntN(2 * n)),
		}
		if d := r.IntN(departments + 1); d > 0 {
			m.Department = fmt.Sprintf("Department %d", d)
		}
		if r.IntN(3) == 0 {
			m.Offers, m.Asks = []string{topics[r.IntN(6)], topics[r.IntN(6)]}, []string{topics[r.IntN(6)]}
		}
		if r.IntN(3) == 0 {
			m.Languages = []string{[]string{"en", "de", "ja"}[r.IntN(3)]}
		}
		if r.IntN(2) == 0 {
			m.Office, m.Level = []string{"Kyoto", "Bonn"}[r.IntN(2)], []string{"senior", "lead"}[r.IntN(2)]
		}
		if r.IntN(12) == 0 {
			m.Paused = true
		}
		in.Members = append(in.Members, m)
	}
	for range r.IntN(2 * n) {
		a, b := r.IntN(n), r.IntN(n)
		if a != b {
			in.Rules.Blocks = append(in.Rules.Blocks, [2]string{memberID(a), memberID(b)})
		}
	}
	for range r.IntN(4 * n) {
		a, b := r.IntN(n), r.IntN(n)
		if a != b {
			in.History = append(in.History, Meeting{memberID(a), memberID(b), 1 + r.IntN(8), Outcome(r.IntN(3))})
		}
	}
	return in
}

// referencePermits states the hard rules a second time, from the input alone.
func referencePermits(in *Input, a, b *Member) bool {
	for _, x := range in.Rules.Blocks {
		if x == [2]string{a.ID, b.ID} || x == [2]string{b.ID, a.ID} {
			return false
		}
	}
	if in.Rules.ExcludeManager && (a.Manager == b.ID || b.Manager == a.ID) {
		return false
	}
	if in.Rules.Department == Require && a.Department != "" && a.Department == b.Department {
		return false
	}
	if in.Rules.Language == Require && len(a.Languages) > 0 && len(b.Languages) > 0 && a.Languages[0] != b.Languages[0] {
		return false
	}
	if in.Rules.Overlap == Require && a.Zone != nil && b.Zone != nil && referenceOverlap(in, a, b) < in.Rules.MinOverlap {
		return false
	}
	return a.ID != b.ID && !a.Paused && !b.Paused
}

// referenceOverlap counts, half hour by half hour, the longest stretch in which both clocks show office hours.
func referenceOverlap(in *Input, a, b *Member) time.Duration {
	works := func(m *Member, at time.Time) bool {
		local := at.In(m.Zone)
		date := time.Date(local.Year(), local.Month(), local.Day(), 0, 0, 0, 0, time.UTC)
		inside := !date.Before(in.Date) && date.Before(in.Date.AddDate(0, 0, 7))
		weekend := local.Weekday() == time.Saturday || local.Weekday() == time.Sunday
		return inside && !weekend && local.Hour() >= 9 && local.Hour() < 17
	}
	var longest, current time.Duration
	for at := in.Date.AddDate(0, 0, -1); at.Before(in.Date.AddDate(0, 0, 9)); at = at.Add(30 * time.Minute) {
		current += 30 * time.Minute
		if !works(a, at) || !works(b, at) {
			current = 0
		}
		longest = max(longest, current)
	}
	return longest
}

// score is the objective, most important number first.
type score []int64

// reference measures rounds of a pool by definition, and knows the hard rules as the tests state them.
type reference struct {
	p     *pool
	turn  []int64   // per member: whose turn the third seat is, the higher the sooner
	worth [][]int64 // per two members: levels 3 to 6
	may   [][]bool
}

// newReference asks once what is asked about two members again and again.
func newReference(in *Input, p *pool) *reference {
	n := p.size()
	f := &reference{p: p, turn: make([]int64, n), worth: make([][]int64, n), may: make([][]bool, n)}
	for at, i := range p.byTurn() {
		f.turn[i] = int64(n - at)
	}
	overlaps := make(map[[2]*time.Location]bool)
	for i := range int32(n) {
		f.worth[i], f.may[i] = make([]int64, n), make([]bool, n)
		for j := range i {
			f.worth[i][j] = p.scale().number(p.value(i, j))
			f.may[i][j] = quickPermits(in, *p.members[i], *p.members[j], overlaps)
			f.worth[j][i], f.may[j][i] = f.worth[i][j], f.may[i][j]
		}
	}
	return f
}

// quickPermits is referencePermits with a memory for two zones, as all members of a random input work the same hours.
func quickPermits(in *Input, a, b Member, overlaps map[[2]*time.Location]bool) bool {
	if in.Rules.Overlap == Require && a.Zone != nil && b.Zone != nil {
		key := [2]*time.Location{a.Zone, b.Zone}
		enough, known := overlaps[key]
		if !known {
			enough = referenceOverlap(in, &a, &b) >= in.Rules.MinOverlap
			overlaps[key] = enough
		}
		if !enough {
			return false
		}
		a.Zone = nil // The rest of the rules.
	}
	return referencePermits(in, &a, &b)
}

// score measures a round: who is covered by rank, whose turn the third seat is, the rest.
func (f *reference) score(groups [][]int32) score {
	ranks := int(slices.Max(f.p.priority))
	s := make(score, ranks+4) // people, ranks from the highest to zero, turn, total
	turn, total := &s[ranks+2], &s[ranks+3]
	for _, g := range groups {
		for at, i := range g {
			s[0]++
			s[1+ranks-int(f.p.priority[i])]++
			if len(g) == 3 {
				*turn = max(*turn, f.turn[i])
			}
			for _, j := range g[at+1:] {
				*total += f.worth[i][j]
			}
		}
	}
	return s
}

// best tries every round of pairs and at most one trio, and returns the best score.
func (f *reference) best() score {
	var best score
	n := int32(f.p.size())
	used := make([]bool, n)
	groups := make([][]int32, 0, n)
	var try func(i int32, trio bool)
	take := func(i int32, trio bool, g ...int32) {
		for _, x := range g {
			used[x] = true
		}
		groups = append(groups, g)
		try(i+1, trio || len(g) == 3)
		groups = groups[:len(groups)-1]
		for _, x := range g {
			used[x] = false
		}
	}
	try = func(i int32, trio bool) {
		for i < n && used[i] {
			i++
		}
		if i == n {
			if s := f.score(groups); best == nil || slices.Compare(s, best) > 0 {
				best = s
			}
			return
		}
		try(i+1, trio)
		for j := i + 1; j < n; j++ {
			if used[j] || !f.may[i][j] {
				continue
			}
			take(i, trio, i, j)
			for k := j + 1; k < n && f.p.rules.Trios && !trio; k++ {
				if !used[k] && f.may[i][k] && f.may[j][k] {
					take(i, true, i, j, k)
				}
			}
		}
	}
	try(0, false)
	return best
}

// groupsOf maps a round back to pool indices.
func groupsOf(p *pool, r Round) [][]int32 {
	var groups [][]int32
	for _, g := range r.Groups {
		var members []int32
		for _, id := range g.Members {
			members = append(members, int32(slices.IndexFunc(p.members, func(m *Member) bool { return m.ID == id })))
		}
		groups = append(groups, members)
	}
	return groups
}

func TestRoundEqualsBruteForce(t *testing.T) {
	t.Parallel()
	const rounds = 7000 / slowdown
	r := rand.New(rand.NewPCG(5, 6))
	trios := 0
	for at := range rounds {
		in := randomInput(t, r, 1+r.IntN(8)+at/(rounds*99/100)*2)
		p, err := prepare(&in)
		if err != nil {
			t.Fatal(err)
		}
		if p.size() == 0 {
			continue
		}
		f := newReference(&in, p)
		round, err := Match(in)
		if err != nil {
			t.Fatal(err)
		}
		groups := groupsOf(p, round)
		for _, g := range groups {
			if len(g) == 3 {
				trios++
			}
			eachPair(g, func(i, j int32) {
				if !f.may[i][j] {
					t.Fatalf("%s and %s must not meet: %+v", p.members[i].ID, p.members[j].ID, in)
				}
			})
		}
		if got, want := f.score(groups), f.best(); slices.Compare(got, want) != 0 || !round.Quality.Exact {
			t.Fatalf("instance %d: score %v, want %v, exact %v", at, got, want, round.Quality.Exact)
		}
		if round.Quality.Weight > round.Quality.UpperBound || round.Quality.LeftOutBound != len(round.LeftOut) {
			t.Fatalf("instance %d: quality %+v with %d left out", at, round.Quality, len(round.LeftOut))
		}
	}
	if trios < rounds/20 {
		t.Fatalf("only %d of %d rounds held a trio", trios, rounds)
	}
}
