package pairing

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// people makes members with nothing but IDs.
func people(n int) []Member {
	var list []Member
	for i := range n {
		list = append(list, Member{ID: memberID(i)})
	}
	return list
}

// checkRound holds what every round must: each available member has exactly one place, nobody else has one, and every
// two in a group may meet, by the reference statement of the hard rules.
func checkRound(t rapid.TB, in Input, r Round) {
	t.Helper()
	byID := make(map[string]*Member)
	for i := range in.Members {
		byID[in.Members[i].ID] = &in.Members[i]
	}
	places := make(map[string]int)
	for _, g := range r.Groups {
		if len(g.Members) < 2 || len(g.Members) > max(3, in.Rules.Size, 4*(in.Rules.Size/3)) {
			t.Fatalf("group of %d at size %d", len(g.Members), in.Rules.Size)
		}
		for i, a := range g.Members {
			places[a]++
			for _, b := range g.Members[i+1:] {
				if !referencePermits(&in, byID[a], byID[b]) {
					t.Fatalf("%s and %s must not meet", a, b)
				}
			}
		}
	}
	for _, l := range r.LeftOut {
		places[l.ID]++
	}
	for i := range in.Members {
		want := 1
		if !in.Members[i].available() {
			want = 0
		}
		if places[in.Members[i].ID] != want {
			t.Fatalf("%s has %d places, want %d", in.Members[i].ID, places[in.Members[i].ID], want)
		}
	}
	q := r.Quality
	if q.Weight > q.UpperBound || q.LeftOutBound > len(r.LeftOut) {
		t.Fatalf("quality %+v with %d left out contradicts itself", q, len(r.LeftOut))
	}
}

func TestHardRulesHoldAtEverySize(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "pool"), 1))
		in := randomInput(t, r, rapid.IntRange(1, 40).Draw(rt, "people"))
		in.Rules.Size = rapid.IntRange(2, 4).Draw(rt, "size")
		round, err := Match(in)
		if err != nil {
			rt.Fatal(err)
		}
		checkRound(rt, in, round)
	})
}

func TestSameInputSameRoundInAnyOrder(t *testing.T) {
	r := rand.New(rand.NewPCG(12, 13))
	for at := range 150 / slowdown {
		in := randomInput(t, r, 2+r.IntN(30))
		in.Rules.Size = 2 + at%3
		want, err := Match(in)
		if err != nil {
			t.Fatal(err)
		}
		other := in
		other.Members, other.History = slices.Clone(in.Members), slices.Clone(in.History)
		other.Rules.Blocks = slices.Clone(in.Rules.Blocks)
		r.Shuffle(len(other.Members), func(i, j int) { other.Members[i], other.Members[j] = other.Members[j], other.Members[i] })
		r.Shuffle(len(other.History), func(i, j int) { other.History[i], other.History[j] = other.History[j], other.History[i] })
		for i := range other.Members {
			other.Members[i].Offers = slices.Clone(other.Members[i].Offers)
			slices.Reverse(other.Members[i].Offers)
		}
		for i := range other.History {
			other.History[i].A, other.History[i].B = other.History[i].B, other.History[i].A
		}
		for i := range other.Rules.Blocks {
			other.Rules.Blocks[i] = [2]string{other.Rules.Blocks[i][1], other.Rules.Blocks[i][0]}
		}
		slices.Reverse(other.Rules.Blocks)
		got, err := Match(other)
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("instance %d depends on order:\n%+v\n%+v", at, got, want)
		}
	}
}

func TestSparseRoundIsTheSameInAnyOrder(t *testing.T) {
	in := company(t, 1101, 4)
	want, err := Match(in)
	if err != nil {
		t.Fatal(err)
	}
	slices.Reverse(in.Members)
	slices.Reverse(in.History)
	got, err := Match(in)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, want) {
		t.Fatal("the round depends on the order of the input")
	}
	checkRound(t, in, got)
}

// TestLookingAheadIsTheSameInAnyOrder replays every round of a pool that looks ahead, from rows in another order.
func TestLookingAheadIsTheSameInAnyOrder(t *testing.T) {
	shuffled := rand.New(rand.NewPCG(22, 23))
	in := Input{Members: people(12), Date: monday}
	for number := range 11 {
		in.Seed++
		want, err := Match(in)
		if err != nil {
			t.Fatal(err)
		}
		shuffled.Shuffle(len(in.Members), func(i, j int) { in.Members[i], in.Members[j] = in.Members[j], in.Members[i] })
		shuffled.Shuffle(len(in.History), func(i, j int) { in.History[i], in.History[j] = in.History[j], in.History[i] })
		got, err := Match(in)
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("round %d depends on order:\n%+v\n%+v", number+1, got, want)
		}
		record(&in, got, number+1)
	}
}

func TestHashTellsInputsApart(t *testing.T) {
	base := Input{Members: people(3), Date: monday, Seed: 1}
	changes := map[string]func(in *Input){
		"member":     func(in *Input) { in.Members = people(4) },
		"department": func(in *Input) { in.Members[0].Department = "Law" },
		"hours":      func(in *Input) { in.Members[0].Hours = OfficeWeek(1, 2) },
		"sat out":    func(in *Input) { in.Members[0].SatOut = 1 },
		"offers":     func(in *Input) { in.Members[0].Offers = []string{"a"} },
		"asks":       func(in *Input) { in.Members[0].Asks = []string{"a"} },
		"paused":     func(in *Input) { in.Members[0].Paused = true },
		"skips":      func(in *Input) { in.Members[0].Skips = true },
		"size":       func(in *Input) { in.Rules.Size = 3 },
		"trios":      func(in *Input) { in.Rules.Trios = true },
		"block":      func(in *Input) { in.Rules.Blocks = [][2]string{{"U000", "U001"}} },
		"history":    func(in *Input) { in.History = []Meeting{{"U000", "U001", 1, Met}} },
		"not met":    func(in *Input) { in.History = []Meeting{{"U000", "U001", 1, NotMet}} },
		"date":       func(in *Input) { in.Date = monday.AddDate(0, 0, 1) },
		"days":       func(in *Input) { in.Days = 14 },
	}
	seen := map[string]string{base.Hash(): "nothing"}
	for name, change := range changes {
		in := base
		in.Members = people(3)
		change(&in)
		if other, twice := seen[in.Hash()]; twice {
			t.Errorf("changing %s hashes like changing %s", name, other)
		}
		seen[in.Hash()] = name
	}
	seeded := base
	seeded.Seed = 2
	if seeded.Hash() != base.Hash() {
		t.Error("the seed is part of the hash")
	}
}

func TestUnreadableInput(t *testing.T) {
	tests := map[string]struct {
		change func(in *Input)
		want   string
	}{
		"no date":        {func(in *Input) { in.Date = in.Date.AddDate(-2025, -2, -29) }, "date"},
		"duplicate":      {func(in *Input) { in.Members[1].ID = "U000" }, `"U000" occurs twice`},
		"empty id":       {func(in *Input) { in.Members[1].ID = "" }, "entry 1 has no id"},
		"size":           {func(in *Input) { in.Rules.Size = 5 }, "group size 5"},
		"window":         {func(in *Input) { in.Rules.Window = -1 }, "window -1"},
		"overlap":        {func(in *Input) { in.Rules.MinOverlap = -1 }, "overlap"},
		"preference":     {func(in *Input) { in.Rules.Language = 9 }, "preference 9"},
		"affinity":       {func(in *Input) { in.Rules.Office = 9 }, "affinity 9"},
		"days":           {func(in *Input) { in.Days = -1 }, "-1 days"},
		"self meeting":   {func(in *Input) { in.History = []Meeting{{A: "U000", B: "U000"}} }, `"U000" with themselves`},
		"strange result": {func(in *Input) { in.History = []Meeting{{A: "U000", B: "U001", Outcome: 7}} }, "outcome 7"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			in := Input{Members: people(3), Date: monday}
			test.change(&in)
			if r, err := Match(in); err == nil || !strings.Contains(err.Error(), test.want) || r.Groups != nil {
				t.Errorf("got %v, %v, want an error with %q", r, err, test.want)
			}
		})
	}
}

func TestSmallestPools(t *testing.T) {
	for size := 2; size <= 4; size++ {
		for n := range 4 {
			in := Input{Members: people(n), Date: monday, Rules: Rules{Size: size, Trios: true}}
			r, err := Match(in)
			if err != nil {
				t.Fatal(err)
			}
			want := 0
			if n == 1 {
				want = 1
			}
			if len(r.LeftOut) != want || len(r.Groups) != min(1, n/2) {
				t.Errorf("size %d, %d people: %+v", size, n, r)
			}
		}
	}
}

func TestGroupSizes(t *testing.T) {
	for size := 3; size <= 4; size++ {
		for n := 2; n < 60; n++ {
			sum, other := 0, 0
			for _, s := range groupSizes(n, size) {
				sum += s
				if s != size {
					other += s
				}
				if s < 2 || s > 4 {
					t.Errorf("%d people by %d: a group of %d", n, size, s)
				}
			}
			if sum != n || other > 9 {
				t.Errorf("%d people by %d: %v", n, size, groupSizes(n, size))
			}
			if n > 30/min(2, slowdown) {
				continue // The sizes repeat; the rounds take time.
			}
			in := Input{Members: people(n), Date: monday, Rules: Rules{Size: size}}
			r, err := Match(in)
			if err != nil {
				t.Fatal(err)
			}
			if checkRound(t, in, r); len(r.LeftOut) != 0 {
				t.Errorf("%d people by %d: %d left out", n, size, len(r.LeftOut))
			}
		}
	}
}

func TestRoundAsJSON(t *testing.T) {
	in := Input{Members: people(3), Date: monday, Seed: 7, Rules: Rules{Blocks: [][2]string{{"U000", "U001"}, {"U002", "U001"}}}}
	in.Members[0].Offers, in.Members[2].Asks = []string{"Chess"}, []string{"chess "}
	r, err := Match(in)
	if err != nil {
		t.Fatal(err)
	}
	got, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	want := fmt.Sprintf(`{"groups":[{"members":["U000","U002"],"reasons":[{"code":"first_meeting","a":"U000","b":"U002"},`+
		`{"code":"offer_meets_ask","a":"U000","b":"U002","topic":"Chess"}]}],"left_out":[{"id":"U001","reason":"odd_pool"}],"relaxed":[],`+
		`"quality":{"weight":%d,"upper_bound":%d,"share":1,"repeats":0,"cross_department":0,"left_out_bound":1,"exact":true},"seed":7,"input_hash":%q}`,
		r.Quality.Weight, r.Quality.UpperBound, in.Hash())
	if string(got) != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
