package pairing

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// running is a round of a pair, a trio and somebody who waits.
func running() Round {
	return Round{
		Groups:  []Group{{Members: []string{"U000", "U001"}}, {Members: []string{"U002", "U003", "U004"}}},
		LeftOut: []LeftOut{{"U005", NoPartner}},
	}
}

func TestAdmit(t *testing.T) {
	tests := map[string]struct {
		change func(in *Input)
		want   []string
		joined int
		with   string
	}{
		"meets who waits":           {func(*Input) {}, []string{"U005", "U006"}, -1, "U005"},
		"blocked by who waits":      {func(in *Input) { in.Rules.Blocks = [][2]string{{"U006", "U005"}} }, []string{"U000", "U001", "U006"}, 0, ""},
		"who waits has paused":      {func(in *Input) { in.Members[5].Paused = true }, []string{"U000", "U001", "U006"}, 0, ""},
		"one of the pair blocks":    {func(in *Input) { in.Rules.Blocks = [][2]string{{"U005", "U006"}, {"U001", "U006"}} }, nil, -1, ""},
		"manager of one":            {func(in *Input) { in.Members[5].Skips = true; in.Members[0].Manager = "U006" }, nil, -1, ""},
		"no trios":                  {func(in *Input) { in.Members[5].Skips = true; in.Rules.Trios = false }, nil, -1, ""},
		"pair lost a member":        {func(in *Input) { in.Members[5].Skips = true; in.Members[1].Deactivated = true }, nil, -1, ""},
		"joiner has opted out":      {func(in *Input) { in.Members[6].OptedOut = true }, nil, -1, ""},
		"groups of four have space": {func(in *Input) { in.Members[5].Skips = true; in.Rules.Size = 4; in.Members[0].Bot = true }, []string{"U002", "U003", "U004", "U006"}, 1, ""},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			in := Input{Members: people(7), Date: monday, Rules: Rules{Trios: true, ExcludeManager: true}}
			test.change(&in)
			got, err := Admit(in, running(), "U006")
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(got.Group.Members, test.want) || got.Joined != test.joined || got.With != test.with || (got.Reason == NoPartner) != (test.want == nil) {
				t.Errorf("got %+v, want %v in group %d with %q", got, test.want, test.joined, test.with)
			}
		})
	}
}

func TestAdmitPrefersWhoSatOutMost(t *testing.T) {
	in := Input{Members: people(4), Date: monday}
	in.Members[1].SatOut = 3
	in.Members[2].Department, in.Members[3].Department = "Law", "Sales"
	got, err := Admit(in, Round{LeftOut: []LeftOut{{"U000", NoPartner}, {"U001", NoPartner}, {"U002", NoPartner}}}, "U003")
	if err != nil || got.With != "U001" {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestAdmitRefusesWhoHasAPlace(t *testing.T) {
	in := Input{Members: people(7), Date: monday}
	for _, id := range []string{"U001", "nobody"} {
		if got, err := Admit(in, running(), id); err == nil || got.Joined != -1 {
			t.Errorf("%s: got %+v, %v", id, got, err)
		}
	}
}

func TestAdmitKeepsTheHardRules(t *testing.T) {
	r := rand.New(rand.NewPCG(14, 15))
	placed := 0
	for range 1500 / slowdown {
		in := randomInput(t, r, 3+r.IntN(12))
		joiner := &in.Members[r.IntN(len(in.Members))]
		joiner.Skips = true
		round, err := Match(in)
		if err != nil {
			t.Fatal(err)
		}
		joiner.Skips = false
		got, err := Admit(in, round, joiner.ID)
		if err != nil {
			t.Fatal(err)
		}
		for _, id := range got.Group.Members {
			other := &in.Members[slices.IndexFunc(in.Members, func(m Member) bool { return m.ID == id })]
			if other != joiner && !referencePermits(&in, joiner, other) {
				t.Fatalf("%s joins %s against the rules", joiner.ID, id)
			}
			placed++
		}
	}
	if placed < 1000/slowdown {
		t.Errorf("only %d places in all", placed)
	}
}

func TestPermits(t *testing.T) {
	in := Input{Members: people(3), Date: monday, Rules: Rules{Blocks: [][2]string{{"U001", "U000"}}}}
	in.Members[2].Paused = true
	for pair, want := range map[[2]string]bool{{"U000", "U001"}: false, {"U000", "U002"}: false, {"U000", "U000"}: false} {
		if got, err := Permits(in, pair[0], pair[1]); err != nil || got != want {
			t.Errorf("%v: %t, %v", pair, got, err)
		}
	}
	in.Members[2].Paused = false
	if got, err := Permits(in, "U002", "U000"); err != nil || !got {
		t.Errorf("two free people: %t, %v", got, err)
	}
	if _, err := Permits(in, "U000", "nobody"); err == nil {
		t.Error("an unknown member is permitted")
	}
}
