package pairing

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

// mentorInput makes a mentor match with every kind of rule and attribute.
func mentorInput(t testing.TB, r *rand.Rand, n int) Input {
	in := randomInput(t, r, n)
	for i := range in.Members {
		m := &in.Members[i]
		m.Role = []Role{Mentor, Mentee, Mentee}[r.IntN(3)]
		m.Seats = r.IntN(4)
		m.Leader, m.Stretch = r.IntN(5) == 0, r.IntN(5) == 0
	}
	return in
}

// mentorScore measures a match by its definition: mentees with a mentor, by rank, levels 3 to 6, mentors with a mentee.
func mentorScore(p *pool, groups [][]int32) score {
	ranks := slices.Max(p.priority)
	covered := make([]int64, ranks+1)
	busy := make(map[int32]bool)
	var total int64
	for _, g := range groups {
		mentor, mentee := p.sides(g[0], g[1])
		covered[ranks-p.priority[mentee]]++
		busy[mentor] = true
		total += p.scale().number(p.value(mentor, mentee))
	}
	return append(append(score{int64(len(groups))}, covered...), total, int64(len(busy)))
}

// bestMentorsByForce tries every way to give mentees a mentor or none.
func bestMentorsByForce(p *pool, may func(i, j int32) bool) score {
	var best score
	free := make([]int, p.size())
	for i := range p.members {
		free[i] = max(1, p.members[i].Seats)
	}
	var groups [][]int32
	var try func(i int32)
	try = func(i int32) {
		if int(i) == p.size() {
			if s := mentorScore(p, groups); best == nil || slices.Compare(s, best) > 0 {
				best = s
			}
			return
		}
		try(i + 1)
		for j := range int32(p.size()) {
			if p.members[i].Role != Mentee || p.members[j].Role != Mentor || free[j] == 0 || !may(i, j) {
				continue
			}
			free[j]--
			groups = append(groups, []int32{i, j})
			try(i + 1)
			groups = groups[:len(groups)-1]
			free[j]++
		}
	}
	try(0)
	return best
}

// checkMentors reports hard rules that a match breaks, and returns its groups.
func checkMentors(t *testing.T, in *Input, p *pool, round Round) [][]int32 {
	t.Helper()
	groups := groupsOf(p, round)
	pupils, mentors := make(map[int32]int), make(map[int32]int)
	for k, g := range groups {
		mentor, mentee := p.sides(g[0], g[1])
		a, b := p.members[mentor], p.members[mentee]
		if len(g) != 2 || a.Role != Mentor || b.Role != Mentee || !referencePermits(in, a, b) {
			t.Fatalf("%v must not meet", round.Groups[k].Members)
		}
		if !slices.Contains(round.Groups[k].Reasons, Reason{Code: MentorSeat, A: a.ID, B: b.ID}) {
			t.Fatalf("%v does not tell the sides: %v", round.Groups[k].Members, round.Groups[k].Reasons)
		}
		pupils[mentor]++
		mentors[mentee]++
	}
	free := 0
	for i := range p.members {
		m := p.members[i]
		left := slices.Contains(round.LeftOut, LeftOut{m.ID, NoPartner})
		if m.Role == Mentor {
			free += max(1, m.Seats) - pupils[int32(i)]
		}
		if m.Role == Mentor && (left || pupils[int32(i)] > max(1, m.Seats)) {
			t.Fatalf("mentor %s with %d seats has %d mentees, left out %t", m.ID, m.Seats, pupils[int32(i)], left)
		}
		if got := mentors[int32(i)]; m.Role == Mentee && (got > 1 || left != (got == 0)) {
			t.Fatalf("mentee %s has %d mentors, left out %t", m.ID, got, left)
		}
	}
	if round.Quality.FreeSeats != free {
		t.Fatalf("%d free seats, want %d", round.Quality.FreeSeats, free)
	}
	return groups
}

func TestMentorsEqualBruteForce(t *testing.T) {
	r := rand.New(rand.NewPCG(41, 42))
	full, several := 0, 0
	for at := range 1200 / slowdown {
		in := mentorInput(t, r, 2+r.IntN(9))
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
		groups := checkMentors(t, &in, p, round)
		may := func(i, j int32) bool { return referencePermits(&in, p.members[i], p.members[j]) }
		want := bestMentorsByForce(p, may)
		if got := mentorScore(p, groups); slices.Compare(got, want) != 0 || !round.Quality.Exact {
			t.Fatalf("instance %d: score %v, want %v", at, got, want)
		}
		q := round.Quality
		if q.Weight > q.UpperBound || q.LeftOutBound != len(round.LeftOut) {
			t.Fatalf("instance %d: quality %+v with %d left out", at, q, len(round.LeftOut))
		}
		if len(round.LeftOut) == 0 {
			full++
			if q.Weight != q.UpperBound {
				t.Fatalf("instance %d: the best match weighs %d of %d", at, q.Weight, q.UpperBound)
			}
		}
		if want[0] > want[len(want)-1] {
			several++
		}

		sparse := p.explain(newTutoring(p).planSparsely())
		got := mentorScore(p, checkMentors(t, &in, p, sparse))
		levels := len(want) - 2
		if !slices.Equal(got[:levels], want[:levels]) || sparse.Quality.LeftOutBound != len(sparse.LeftOut) {
			t.Fatalf("instance %d: the sparse match covers %v, want %v", at, got[:levels], want[:levels])
		}
		if sparse.Quality.Weight > sparse.Quality.UpperBound || sparse.Quality.UpperBound < q.Weight {
			t.Fatalf("instance %d: the sparse match weighs %d, bound %d, best %d", at, sparse.Quality.Weight, sparse.Quality.UpperBound, q.Weight)
		}
	}
	if full < 150/slowdown || several < 150/slowdown {
		t.Fatalf("only %d matches in which everybody found somebody, %d with a mentor of several", full, several)
	}
}

func TestMentorOffersMeetAsks(t *testing.T) {
	in := Input{Date: monday, Rules: Rules{Department: Ignore, Size: 4, Trios: true, Office: Alike, Level: Alike, Tenure: Alike}, Members: []Member{
		{ID: "a", Role: Mentor, Seats: 2, Offers: []string{"law", "tax"}, Office: "Bonn", Level: "lead", Joined: monday},
		{ID: "b", Role: Mentor, Seats: 3, Offers: []string{"go"}, Office: "Kyoto", Level: "senior", Joined: monday.AddDate(-5, 0, 0)},
		{ID: "x", Role: Mentee, Asks: []string{"Go"}, Office: "Bonn", Level: "lead", Joined: monday},
		{ID: "y", Role: Mentee, Asks: []string{"go", "chess"}, Office: "Bonn", Level: "lead", Joined: monday},
		{ID: "z", Role: Mentee, Asks: []string{"Tax", "Law"}, Office: "Kyoto", Level: "senior", Joined: monday.AddDate(-5, 0, 0)},
	}}
	r, err := Match(in)
	if err != nil {
		t.Fatal(err)
	}
	want := [][]string{{"a", "z"}, {"b", "x"}, {"b", "y"}}
	for k, g := range r.Groups {
		if !slices.Equal(g.Members, want[k]) {
			t.Errorf("groups %v, want %v", r.Groups, want)
		}
	}
	var topics []string
	for _, reason := range r.Groups[0].Reasons {
		if reason.Code == OfferMeetsAsk && reason.A == "a" && reason.B == "z" {
			topics = append(topics, reason.Topic)
		}
	}
	slices.Sort(topics)
	if !slices.Equal(topics, []string{"law", "tax"}) || r.Quality.FreeSeats != 2 || len(r.LeftOut) != 0 {
		t.Errorf("topics %v, quality %+v, left out %v", topics, r.Quality, r.LeftOut)
	}
}

func TestMenteesWhoWaitedComeFirst(t *testing.T) {
	in := Input{Date: monday, Members: []Member{
		{ID: "m", Role: Mentor, Offers: []string{"go"}},
		{ID: "x", Role: Mentee, Asks: []string{"go"}},
		{ID: "y", Role: Mentee, SatOut: 1},
	}}
	for seed := range uint64(20) {
		in.Seed = seed
		r, err := Match(in)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(r.Groups[0].Members, []string{"m", "y"}) || !slices.Equal(r.LeftOut, []LeftOut{{"x", NoPartner}}) || r.Quality.LeftOutBound != 1 {
			t.Errorf("got %+v", r)
		}
	}
}

func TestMentorsShareMenteesAmongEquals(t *testing.T) {
	in := Input{Date: monday}
	for i := range 6 {
		in.Members = append(in.Members, Member{ID: memberID(i), Role: Mentor, Seats: 3}, Member{ID: memberID(10 + i), Role: Mentee})
	}
	r, err := Match(in)
	if err != nil {
		t.Fatal(err)
	}
	mentors := make(map[string]bool)
	for _, g := range r.Groups {
		mentors[g.Members[0]] = true
	}
	if len(mentors) != 6 {
		t.Errorf("only %d of 6 mentors have a mentee", len(mentors))
	}
}

func TestFormerMentorsAreRepeats(t *testing.T) {
	in := Input{Date: monday, Members: []Member{
		{ID: "a", Role: Mentor, Offers: []string{"go"}}, {ID: "b", Role: Mentor}, {ID: "x", Role: Mentee, Asks: []string{"go"}},
	}, History: []Meeting{{A: "a", B: "x", Round: 3}}}
	r, err := Match(in)
	if err != nil || !slices.Equal(r.Groups[0].Members, []string{"b", "x"}) {
		t.Fatalf("got %+v, %v", r.Groups, err)
	}
	in.Rules.Blocks = [][2]string{{"x", "b"}}
	if r, err = Match(in); err != nil || !slices.Equal(r.Groups[0].Members, []string{"a", "x"}) || r.Quality.Repeats != 1 || r.Relaxed[0].Rule != PreferredHistory {
		t.Fatalf("got %+v, %v", r, err)
	}
}

func TestRolesAndSeatsAreChecked(t *testing.T) {
	for name, members := range map[string][]Member{
		"unknown role":   {{ID: "a", Role: "guru"}},
		"negative seats": {{ID: "a", Role: Mentor, Seats: -1}},
		"no role":        {{ID: "a", Role: Mentor}, {ID: "b"}},
	} {
		if r, err := Match(Input{Date: monday, Members: members}); err == nil {
			t.Errorf("%s: got %+v", name, r)
		}
	}
	if _, err := Match(Input{Date: monday, Members: []Member{{ID: "a", Role: Mentor}, {ID: "b", Bot: true}}}); err != nil {
		t.Errorf("somebody who takes no part has no role: %v", err)
	}
}

// mentorCompany makes a large match in which topics, departments and hours matter.
func mentorCompany(t testing.TB, n int) Input {
	in := company(t, n, 0)
	for i := range in.Members {
		in.Members[i].Role = Mentee
		if i%3 == 0 {
			in.Members[i].Role, in.Members[i].Seats = Mentor, 1+i%4
		}
		in.Members[i].SatOut = i % 5
	}
	return in
}

func TestLargeMentorMatches(t *testing.T) {
	for _, n := range []int{900, 2400} {
		in := mentorCompany(t, n/slowdown)
		in.Rules.Department = Require
		for i := range in.Members { // More mentees than seats, and one department that finds hardly anybody.
			in.Members[i].Seats = 1 + i%2
			if i%3 == 0 && i%30 != 0 {
				in.Members[i].Department = "D0"
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
		checkMentors(t, &in, p, round)
		if round.Quality.Weight > round.Quality.UpperBound || round.Quality.LeftOutBound != len(round.LeftOut) || len(round.LeftOut) == 0 {
			t.Errorf("%d members: quality %+v, %d left out", n, round.Quality, len(round.LeftOut))
		}
		again, err := Match(in)
		if err != nil || fmt.Sprint(again) != fmt.Sprint(round) {
			t.Errorf("%d members: another round from the same input: %v", n, err)
		}
	}
}

// TestSparseMentorsComeClose compares the heuristic with the exact method where both can be had.
func TestSparseMentorsComeClose(t *testing.T) {
	var weight, best int64
	for seed := range uint64(6) {
		in := mentorCompany(t, 240)
		in.Seed, in.Rules.Department, in.Rules.Overlap = seed, Ignore, Ignore
		if seed%2 == 0 { // Fewer seats than mentees.
			for i := range in.Members {
				in.Members[i].Seats, in.Members[i].SatOut = 1, i%2
			}
		}
		p, err := prepare(&in)
		if err != nil {
			t.Fatal(err)
		}
		exact, sparse := p.explain(newTutoring(p).planExactly()), p.explain(newTutoring(p).planSparsely())
		if len(exact.LeftOut) != len(sparse.LeftOut) {
			t.Fatalf("%d left out, of necessity %d", len(sparse.LeftOut), len(exact.LeftOut))
		}
		worst := p.scale().number(value{fresh: 1, age: maxAge, department: 1, hours: 1}) * int64(len(exact.Groups))
		weight, best = weight+sparse.Quality.Weight-worst, best+exact.Quality.Weight-worst
	}
	if share := float64(weight) / float64(best); share < 0.99 {
		t.Errorf("the heuristic has %.4f of the best weight", share)
	} else {
		t.Logf("the heuristic has %.4f of the best weight", share)
	}
}

func TestAdmitInMentorMatches(t *testing.T) {
	in := Input{Date: monday, Members: []Member{
		{ID: "a", Role: Mentor, Seats: 2},
		{ID: "b", Role: Mentor, Offers: []string{"go"}},
		{ID: "x", Role: Mentee},
		{ID: "y", Role: Mentee, SatOut: 2},
		{ID: "z", Role: Mentee, Asks: []string{"go"}},
	}}
	running := Round{Groups: []Group{{Members: []string{"a", "x"}}}, LeftOut: []LeftOut{{"y", NoPartner}}}
	for joiner, want := range map[string]string{"z": "b", "b": "y", "a": "y"} {
		if got, err := Admit(in, running, joiner); err != nil || got.With != want || got.Joined != -1 {
			t.Errorf("%s: got %+v, %v, want %q", joiner, got, err, want)
		}
	}
	in.Members[0].Seats, in.Rules.Blocks = 1, [][2]string{{"z", "b"}}
	for _, joiner := range []string{"a", "z"} {
		if got, err := Admit(in, running, joiner); err != nil || got.Reason != NoPartner || len(got.Group.Members) != 0 {
			t.Errorf("%s: got %+v, %v, want no place", joiner, got, err)
		}
	}
}

func BenchmarkMentors(b *testing.B) {
	for _, n := range []int{300, 1000, 10_000} {
		in := mentorCompany(b, n)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for b.Loop() {
				r, err := Match(in)
				if err != nil {
					b.Fatal(err)
				}
				b.ReportMetric(float64(len(r.LeftOut)), "left-out")
				b.ReportMetric(100*float64(r.Quality.Weight)/float64(r.Quality.UpperBound), "%-of-bound")
			}
		})
	}
}
