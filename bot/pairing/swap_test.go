package pairing

import (
	"math/rand/v2"
	"slices"
	"testing"
)

func TestSwap(t *testing.T) {
	tests := map[string]struct {
		change  func(in *Input, r *Round)
		leaver  string
		stay    []string
		partner string
		place   []string
		joined  int
		with    string
	}{
		"partner meets who waits":        {func(*Input, *Round) {}, "U000", nil, "U001", []string{"U001", "U005"}, -1, "U005"},
		"partner joins the other pair":   {func(_ *Input, r *Round) { r.LeftOut = nil }, "U000", nil, "U001", []string{"U001", "U006", "U007"}, 2, ""},
		"trios are off":                  {func(in *Input, r *Round) { r.LeftOut, in.Rules.Trios = nil, false }, "U000", nil, "U001", nil, -1, ""},
		"partner may not meet who waits": {func(in *Input, _ *Round) { in.Rules.Blocks = [][2]string{{"U005", "U001"}} }, "U000", nil, "U001", []string{"U001", "U006", "U007"}, 2, ""},
		"partner may meet nobody":        {func(in *Input, _ *Round) { in.Rules.Blocks = [][2]string{{"U005", "U001"}, {"U001", "U007"}} }, "U000", nil, "U001", nil, -1, ""},
		"the rest of a trio stays":       {func(*Input, *Round) {}, "U003", []string{"U002", "U004"}, "", nil, -1, ""},
		"one of the rest has left too":   {func(in *Input, _ *Round) { in.Members[4].Deactivated = true }, "U003", nil, "U002", []string{"U002", "U005"}, -1, "U005"},
		"the partner cannot either":      {func(in *Input, _ *Round) { in.Members[1].Paused = true }, "U000", nil, "", nil, -1, ""},
		"never with the one who cannot":  {func(_ *Input, r *Round) { r.LeftOut = []LeftOut{{"U000", NoPartner}}; r.Groups = r.Groups[:1] }, "U000", nil, "U001", nil, -1, ""},
		"who cannot has skipped already": {func(in *Input, _ *Round) { in.Members[0].Skips = true }, "U000", nil, "U001", []string{"U001", "U005"}, -1, "U005"},
		"who waits sat out the most": {func(in *Input, r *Round) {
			in.Members[8].SatOut = 1
			r.LeftOut = append(r.LeftOut, LeftOut{"U008", NoPartner})
		}, "U000", nil, "U001", []string{"U001", "U008"}, -1, "U008"},
		"a required difference is kept": {func(in *Input, _ *Round) {
			in.Rules.Department = Require
			in.Members[1].Department, in.Members[5].Department = "Law", "law"
		}, "U000", nil, "U001", []string{"U001", "U006", "U007"}, 2, ""},
		"groups of three stay as a group": {func(in *Input, _ *Round) { in.Rules.Size = 3 }, "U002", []string{"U003", "U004"}, "", nil, -1, ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			in, round := Input{Members: people(9), Date: monday, Rules: Rules{Trios: true}}, running()
			round.Groups = append(round.Groups, Group{Members: []string{"U006", "U007"}})
			test.change(&in, &round)
			before := slices.Clone(in.Members)
			got, err := Swap(in, round, test.leaver)
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(got.Stay.Members, test.stay) || got.Partner != test.partner || !slices.Equal(got.Place.Group.Members, test.place) ||
				got.Place.Joined != test.joined || got.Place.With != test.with || (got.Place.Reason == NoPartner) != (test.partner != "" && test.place == nil) {
				t.Errorf("got %+v", got)
			}
			for i := range before {
				if before[i].Skips != in.Members[i].Skips {
					t.Errorf("the caller's members changed")
				}
			}
			if len(round.Groups[0].Members) != 2 {
				t.Error("the caller's round changed")
			}
		})
	}
}

func TestSwapRefuses(t *testing.T) {
	in := Input{Members: people(6), Date: monday}
	mentors := Input{Date: monday, Members: []Member{{ID: "m", Role: Mentor, Seats: 2}, {ID: "x", Role: Mentee}, {ID: "y", Role: Mentee}}}
	several := Round{Groups: []Group{{Members: []string{"m", "x"}}, {Members: []string{"m", "y"}}}}
	for name, try := range map[string]func() (Swapped, error){
		"nobody":            func() (Swapped, error) { return Swap(in, running(), "nobody") },
		"waits":             func() (Swapped, error) { return Swap(in, running(), "U005") },
		"not a member":      func() (Swapped, error) { return Swap(Input{Date: monday}, running(), "U000") },
		"no date":           func() (Swapped, error) { return Swap(Input{Members: people(6)}, running(), "U000") },
		"mentor of several": func() (Swapped, error) { return Swap(mentors, several, "m") },
	} {
		if got, err := try(); err == nil || got.From != -1 {
			t.Errorf("%s: got %+v, %v", name, got, err)
		}
	}
	got, err := Swap(mentors, several, "x")
	if err != nil || got.Partner != "m" || got.Place.Reason != NoPartner {
		t.Errorf("a mentee who cannot: got %+v, %v", got, err)
	}
}

// TestSwapKeepsTheHardRules lets somebody leave each of many rounds.
func TestSwapKeepsTheHardRules(t *testing.T) {
	r := rand.New(rand.NewPCG(61, 62))
	placed := 0
	for range 1500 / slowdown {
		in := leaderInput(t, r, 4+r.IntN(10))
		in.Rules.Size = 2 + r.IntN(3)
		round, err := Match(in)
		if err != nil {
			t.Fatal(err)
		}
		if len(round.Groups) == 0 {
			continue
		}
		from := r.IntN(len(round.Groups))
		leaver := round.Groups[from].Members[0]
		got, err := Swap(in, round, leaver)
		if err != nil || got.From != from {
			t.Fatalf("got %+v, %v", got, err)
		}
		p, err := prepare(&in)
		if err != nil {
			t.Fatal(err)
		}
		for _, g := range [][]string{got.Stay.Members, got.Place.Group.Members} {
			if slices.Contains(g, leaver) {
				t.Fatalf("%s cannot and is in %v", leaver, g)
			}
			eachPair(p.indices(g), func(i, j int32) {
				placed++
				if !referencePermits(&in, p.members[i], p.members[j]) {
					t.Fatalf("%s and %s must not meet", p.members[i].ID, p.members[j].ID)
				}
			})
		}
	}
	if placed < 500/slowdown {
		t.Errorf("only %d pairs placed", placed)
	}
}
