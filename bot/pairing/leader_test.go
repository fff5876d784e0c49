package pairing

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

// withLeaders is a company in which the first few lead, with so many seats each.
func withLeaders(n, leaders, seats int) Input {
	in := Input{Date: monday, Members: people(n), Rules: Rules{Trios: true}}
	for i := range leaders {
		in.Members[i].Leader, in.Members[i].Seats = true, seats
	}
	return in
}

// TestEverybodyMeetsALeaderBeforeAnybodyTwice plays rounds and counts how often each colleague sat with a leader.
func TestEverybodyMeetsALeaderBeforeAnybodyTwice(t *testing.T) {
	for _, test := range []struct{ n, leaders, rounds int }{{20, 2, 9}, {20, 2, 18}, {12, 1, 11}, {26, 3, 15}} {
		met := make(map[string]int)
		play(t, withLeaders(test.n, test.leaders, 1), test.rounds, func(number int, r Round) {
			for _, g := range r.Groups {
				leaders := slices.DeleteFunc(slices.Clone(g.Members), func(id string) bool { return id >= memberID(test.leaders) })
				if len(leaders) > 1 {
					t.Errorf("%+v, round %d: leaders among themselves: %v", test, number, g.Members)
				}
				for _, id := range g.Members {
					if len(leaders) == 1 && id != leaders[0] {
						met[id]++
					}
				}
			}
			fewest, most := number, 0
			for i := test.leaders; i < test.n; i++ {
				fewest, most = min(fewest, met[memberID(i)]), max(most, met[memberID(i)])
			}
			if most-fewest > 1 {
				t.Errorf("%+v, round %d: colleagues sat with a leader %d to %d times", test, number, fewest, most)
			}
		})
	}
}

func TestLeaderSeatIsAReason(t *testing.T) {
	in := withLeaders(2, 1, 1)
	r, err := Match(in)
	if err != nil || !slices.Contains(r.Groups[0].Reasons, Reason{Code: LeaderSeat, A: memberID(0), B: memberID(1)}) {
		t.Fatalf("got %+v, %v", r.Groups, err)
	}
	in.Members[1].Leader = true
	if r, err = Match(in); err != nil || slices.Contains(codes(r.Groups[0]), LeaderSeat) {
		t.Fatalf("two leaders: got %+v, %v", r.Groups, err)
	}
}

func TestMeetingAnAbsentLeaderCounts(t *testing.T) {
	in := withLeaders(5, 2, 1)
	in.Members[1].Skips = true
	in.Rules.Window = 3
	in.History = []Meeting{
		{A: "U001", B: "U002", Round: 7}, {A: "U003", B: "U001", Round: 7, Outcome: NotMet}, {A: "U004", B: "U001", Round: 2}, {A: "U002", B: "U003", Round: 7}, {A: "U002", B: "U001", Round: 7},
	}
	p, err := prepare(&in)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]int64{"U000": 0, "U002": unledPoints - ledPoints - 1, "U003": unledPoints, "U004": unledPoints}
	for id, points := range want {
		if got := p.unled[p.find(id)]; got != points {
			t.Errorf("%s has %d points, want %d", id, got, points)
		}
	}
}

func TestTables(t *testing.T) {
	tests := map[string]struct {
		n, leaders, seats int
		change            func(in *Input)
		sizes             []int // of the groups, sorted
		hosts             int   // how many sit with the first leader
	}{
		"one seat is a pair":            {6, 1, 1, func(*Input) {}, []int{2, 2, 2}, 1},
		"three seats take a pair":       {6, 1, 3, func(*Input) {}, []int{2, 4}, 3},
		"four at most":                  {8, 1, 9, func(*Input) {}, []int{2, 2, 4}, 3},
		"two seats leave nobody alone":  {6, 1, 2, func(*Input) {}, []int{2, 2, 2}, 1},
		"two seats take the odd one":    {7, 1, 2, func(in *Input) { in.Rules.Trios = false }, []int{2, 2, 3}, 2},
		"two seats take the third":      {7, 1, 2, func(*Input) {}, []int{2, 2, 3}, 2},
		"two leaders share a pair":      {8, 2, 2, func(*Input) {}, []int{2, 3, 3}, 2},
		"only two people":               {2, 1, 3, func(*Input) {}, []int{2}, 1},
		"groups of three have no table": {6, 1, 3, func(in *Input) { in.Rules.Size = 3 }, []int{3, 3}, 2},
		"all of them met": {6, 1, 3, func(in *Input) {
			for i := range 6 {
				for j := range i {
					if j != 0 {
						in.History = append(in.History, Meeting{A: memberID(i), B: memberID(j), Round: 1})
					}
				}
			}
		}, []int{2, 2, 2}, 1},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			in := withLeaders(test.n, test.leaders, test.seats)
			test.change(&in)
			r, err := Match(in)
			if err != nil {
				t.Fatal(err)
			}
			var sizes []int
			hosts := 0
			for _, g := range r.Groups {
				sizes = append(sizes, len(g.Members))
				if slices.Contains(g.Members, memberID(0)) {
					hosts = len(g.Members) - 1
				}
			}
			slices.Sort(sizes)
			if !slices.Equal(sizes, test.sizes) || hosts != test.hosts || len(r.LeftOut) != 0 {
				t.Errorf("groups %v with %d at the table, want %v and %d; left out %v", r.Groups, hosts, test.sizes, test.hosts, r.LeftOut)
			}
		})
	}
}

// leaderInput makes a small pool with leaders, tables and people who stretch.
func leaderInput(t testing.TB, r *rand.Rand, n int) Input {
	in := randomInput(t, r, n)
	for i := range in.Members {
		m := &in.Members[i]
		if r.IntN(4) == 0 {
			m.Leader, m.Seats = true, r.IntN(5)
		}
		m.Stretch = r.IntN(4) == 0
	}
	return in
}

// TestTablesCostNobodyAnything compares rounds with and without tables.
func TestTablesCostNobodyAnything(t *testing.T) {
	r := rand.New(rand.NewPCG(51, 52))
	tables, fewer := 0, 0
	for at := range 2500 / slowdown {
		in := leaderInput(t, r, 2+r.IntN(13))
		p, err := prepare(&in)
		if err != nil {
			t.Fatal(err)
		}
		round, err := Match(in)
		if err != nil {
			t.Fatal(err)
		}
		plain := p.explain(p.plan())
		if len(round.LeftOut) > len(plain.LeftOut) || len(round.LeftOut) == len(plain.LeftOut) && round.Quality.Repeats > plain.Quality.Repeats {
			t.Fatalf("instance %d: tables leave %d out with %d repeats, pairs %d with %d", at, len(round.LeftOut), round.Quality.Repeats, len(plain.LeftOut), plain.Quality.Repeats)
		}
		if round.Quality.Weight > round.Quality.UpperBound || round.Quality.LeftOutBound > len(round.LeftOut) {
			t.Fatalf("instance %d: quality %+v, %d left out", at, round.Quality, len(round.LeftOut))
		}
		if len(round.LeftOut) < len(plain.LeftOut) {
			fewer++
		}
		tables += checkTables(t, &in, p, round)
	}
	if tables < 400/slowdown || fewer < 30/slowdown {
		t.Errorf("only %d tables; fewer left out in %d rounds", tables, fewer)
	}
}

// checkTables checks the hard rules of every group, that nobody is in two, and the size of tables, which it counts.
func checkTables(t *testing.T, in *Input, p *pool, round Round) int {
	t.Helper()
	tables, trios, people := 0, 0, make(map[int32]bool)
	for _, g := range groupsOf(p, round) {
		seats := 1
		for _, i := range g {
			if people[i] {
				t.Fatalf("%s is in two groups", p.members[i].ID)
			}
			people[i] = true
			if p.members[i].Leader {
				seats = max(seats, min(p.members[i].Seats, 3))
			}
		}
		eachPair(g, func(i, j int32) {
			if !referencePermits(in, p.members[i], p.members[j]) {
				t.Fatalf("%s and %s must not meet", p.members[i].ID, p.members[j].ID)
			}
		})
		switch {
		case len(g) == 2:
		case len(g) <= 1+seats:
			tables++
		case len(g) == 3 && in.Rules.Trios && trios == 0:
			trios++
		default:
			t.Fatalf("a group of %d with %d seats: %v", len(g), seats, g)
		}
	}
	if len(people)+len(round.LeftOut) != p.size() {
		t.Fatalf("%d placed and %d left out of %d", len(people), len(round.LeftOut), p.size())
	}
	return tables
}

// TestTablesOfALargePool sees that tables fill there too, and that the scale holds their pairs.
func TestTablesOfALargePool(t *testing.T) {
	in := company(t, 5000/slowdown, 3)
	for i := range in.Members {
		if i%100 == 0 {
			in.Members[i].Leader, in.Members[i].Seats = true, 3
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
	if got, want := checkTables(t, &in, p, round), len(in.Members)/100; got < want*9/10 {
		t.Errorf("%d of %d tables", got, want)
	}
	if round.Quality.Weight > round.Quality.UpperBound || round.Quality.Weight <= 0 {
		t.Errorf("quality %+v", round.Quality)
	}
}

func TestLateJoinersSitAtTables(t *testing.T) {
	in := withLeaders(5, 1, 3)
	in.Rules.Trios = false
	running := Round{Groups: []Group{{Members: []string{"U000", "U001", "U002"}}}}
	got, err := Admit(in, running, "U003")
	if err != nil || got.Joined != 0 || len(got.Group.Members) != 4 {
		t.Fatalf("got %+v, %v", got, err)
	}
	running.Groups[0].Members = got.Group.Members
	if got, err = Admit(in, running, "U004"); err != nil || got.Reason != NoPartner {
		t.Fatalf("a fifth: got %+v, %v", got, err)
	}
}

func TestLevelSixFitsItsField(t *testing.T) {
	in := Input{Date: monday, Rules: Rules{Office: Apart, Level: Apart, Tenure: Apart}, Members: []Member{
		{ID: "a", Department: "Law", Office: "Bonn", Level: "senior", Joined: monday, Offers: []string{"go"}, Asks: []string{"tax"}, Stretch: true, Leader: true},
		{ID: "b", Department: "Tax", Office: "Kyoto", Level: "junior", Joined: monday.AddDate(-4, 0, 0), Offers: []string{"tax"}, Asks: []string{"go"}, Stretch: true},
	}}
	for range 2 {
		p, err := prepare(&in)
		if err != nil {
			t.Fatal(err)
		}
		if got := p.value(0, 1).profile; got != p.bestProfile() || got > maxProfile {
			t.Errorf("mentoring %t: %d points, at most %d, room for %d", p.mentoring, got, p.bestProfile(), maxProfile)
		}
		in.Members[0].Role, in.Members[1].Role = Mentor, Mentee
		in.Members[0].Offers, in.Members[1].Asks = []string{"go", "law", "art"}, []string{"go", "law", "art"}
	}
	if fmt.Sprint(mentorValue(mentorWeight(value{1, 2, 2, 1, 40}, true).plus(noiseWeight(1<<63)))) != fmt.Sprint(value{1, 2, 2, 1, 40}) {
		t.Error("a mentor weight does not give its value back")
	}
}

// TestLeadersKeepLookingAhead sees that leaders and people who stretch cost nobody a repeat.
func TestLeadersKeepLookingAhead(t *testing.T) {
	for _, n := range []int{10, 20} {
		in := withLeaders(n, 2, 1)
		in.Members[n-1].Stretch, in.Members[n-2].Stretch = true, true
		play(t, in, n-1, func(number int, r Round) {
			if r.Quality.Repeats != 0 || len(r.LeftOut) != 0 {
				t.Errorf("%d people, round %d: %d repeats, left out %v", n, number, r.Quality.Repeats, r.LeftOut)
			}
		})
	}
}

// TestSingleSeatsEqualBruteForce holds rounds with leaders of one seat and people who stretch against every other round.
func TestSingleSeatsEqualBruteForce(t *testing.T) {
	r := rand.New(rand.NewPCG(71, 72))
	for at := range 600 / slowdown {
		in := leaderInput(t, r, 2+r.IntN(7))
		for i := range in.Members {
			in.Members[i].Seats = min(in.Members[i].Seats, 1)
		}
		p, err := prepare(&in)
		if err != nil {
			t.Fatal(err)
		}
		if p.size() == 0 {
			continue
		}
		round, err := Match(in)
		if err != nil {
			t.Fatal(err)
		}
		f := newReference(&in, p)
		if got, want := f.score(groupsOf(p, round)), f.best(); slices.Compare(got, want) != 0 || !round.Quality.Exact {
			t.Fatalf("instance %d: score %v, want %v", at, got, want)
		}
	}
}
