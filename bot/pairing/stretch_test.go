package pairing

import (
	"slices"
	"testing"
)

// fourKinds is four people: b differs from a in everything, c in nothing, d in the department alone.
func fourKinds() []Member {
	return []Member{
		{ID: "a", Department: "Law", Office: "Bonn", Level: "senior", Joined: monday.AddDate(-6, 0, 0)},
		{ID: "b", Department: "Sales", Office: "Kyoto", Level: "junior", Joined: monday},
		{ID: "c", Department: "Law", Office: "Bonn", Level: "senior", Joined: monday.AddDate(-6, 0, 0)},
		{ID: "d", Department: "Sales", Office: "Bonn", Level: "senior", Joined: monday.AddDate(-6, 0, 0)},
	}
}

func TestStretchMeetsTheUnlike(t *testing.T) {
	for seed := range uint64(20) {
		in := Input{Date: monday, Seed: seed, Members: fourKinds()}
		in.Members[0].Stretch = true
		r, err := Match(in)
		if err != nil {
			t.Fatal(err)
		}
		want := Reason{Code: Stretch, A: "a", B: "b"}
		if !slices.Equal(r.Groups[0].Members, []string{"a", "b"}) || !slices.Contains(r.Groups[0].Reasons, want) || slices.Contains(codes(r.Groups[1]), Stretch) {
			t.Errorf("seed %d: got %+v", seed, r.Groups)
		}
	}
}

func TestStretchPoints(t *testing.T) {
	for name, test := range map[string]struct {
		wish []int
		pair [2]string
		want int64
	}{
		"nobody asked":         {nil, [2]string{"a", "b"}, 0},
		"one asked":            {[]int{0}, [2]string{"a", "b"}, 8},
		"the other asked":      {[]int{1}, [2]string{"a", "b"}, 8},
		"both asked":           {[]int{0, 1}, [2]string{"a", "b"}, 16},
		"alike":                {[]int{0, 2}, [2]string{"a", "c"}, 0},
		"department alone":     {[]int{0}, [2]string{"a", "d"}, 2},
		"somebody else asked":  {[]int{3}, [2]string{"a", "b"}, 0},
		"what is unknown is 0": {[]int{0}, [2]string{"a", "e"}, 0},
	} {
		in := Input{Date: monday, Members: append(fourKinds(), Member{ID: "e"})}
		for _, i := range test.wish {
			in.Members[i].Stretch = true
		}
		p, err := prepare(&in)
		if err != nil {
			t.Fatal(err)
		}
		i, j := p.find(test.pair[0]), p.find(test.pair[1])
		if got := p.stretchPoints(i, j); got != test.want || got != p.stretchPoints(j, i) || got > p.bestStretch() {
			t.Errorf("%s: %d points, want %d", name, got, test.want)
		}
	}
}

// TestStretchYieldsToTheRest holds the wish against what outranks it.
func TestStretchYieldsToTheRest(t *testing.T) {
	for name, change := range map[string]func(in *Input){
		"a repeat":  func(in *Input) { in.History = []Meeting{{A: "a", B: "b", Round: 1}} },
		"a block":   func(in *Input) { in.Rules.Blocks = [][2]string{{"b", "a"}} },
		"a manager": func(in *Input) { in.Rules.ExcludeManager = true; in.Members[0].Manager = "b" },
	} {
		in := Input{Date: monday, Members: fourKinds()}
		in.Members[0].Stretch = true
		change(&in)
		r, err := Match(in)
		if err != nil || slices.Equal(r.Groups[0].Members, []string{"a", "b"}) || len(r.LeftOut) != 0 {
			t.Errorf("%s: got %+v, %v", name, r.Groups, err)
		}
	}
}
