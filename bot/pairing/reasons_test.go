package pairing

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"
)

// codes lists a group's reasons.
func codes(g Group) []ReasonCode {
	var list []ReasonCode
	for _, r := range g.Reasons {
		list = append(list, r.Code)
	}
	return list
}

func TestReasons(t *testing.T) {
	berlin := loadZone(t, "Europe/Berlin")
	in := Input{Date: monday, Rules: Rules{Window: 2}, Members: []Member{
		{ID: "a", Department: "Law", Zone: berlin, Offers: []string{"Chess"}, Office: "Bonn", Languages: []string{"de", "en"}},
		{ID: "b", Department: "Sales", Zone: berlin, Asks: []string{"chess"}, Office: "Bonn", Languages: []string{"en"}},
	}}
	want := []ReasonCode{FirstMeeting, DifferentDepartments, SharedHours, OfferMeetsAsk, SharedLanguage, SameOffice}
	r, err := Match(in)
	if err != nil {
		t.Fatal(err)
	}
	if got := codes(r.Groups[0]); !reflect.DeepEqual(got, want) || len(r.Relaxed) != 0 {
		t.Errorf("got %v, want %v, relaxed %v", got, want, r.Relaxed)
	}
	for round, want := range map[int]ReasonCode{7: MetBefore, 6: MetBefore, 5: LongAgo} {
		in.History = []Meeting{{A: "b", B: "a", Round: round}, {A: "x", B: "y", Round: 7}}
		if r, err = Match(in); err != nil {
			t.Fatal(err)
		}
		if got := r.Groups[0].Reasons[0].Code; got != want {
			t.Errorf("met in round %d of 7: %s, want %s", round, got, want)
		}
	}
}

func TestWhatWasRelaxedIsSaid(t *testing.T) {
	members := []Member{
		{ID: "a", Department: "Law", Zone: loadZone(t, "Europe/Berlin")}, {ID: "b", Department: "law ", Zone: loadZone(t, "Asia/Tokyo")},
	}
	in := Input{Date: monday, Members: members, Rules: Rules{MinOverlap: 2 * time.Hour}, History: []Meeting{
		{A: "a", B: "b", Round: 4}, {A: "a", B: "gone", Round: 9},
	}}
	r, err := Match(in)
	if err != nil {
		t.Fatal(err)
	}
	want := []Relaxation{{PreferredHistory, 1, 5}, {PreferredHours, 1, 0}, {PreferredDepartment, 1, 0}}
	if !reflect.DeepEqual(r.Relaxed, want) {
		t.Errorf("relaxed %v, want %v", r.Relaxed, want)
	}
	in.Rules.Department = Require
	if r, err = Match(in); err != nil || len(r.Groups) != 0 || len(r.LeftOut) != 2 || len(r.Relaxed) != 0 {
		t.Errorf("a required difference was relaxed: %+v, %v", r, err)
	}
}

// TestBlocksLeaveNoTrace makes the same round once because of a block and once because of a manager, and compares every word.
func TestBlocksLeaveNoTrace(t *testing.T) {
	blocked := Input{Members: people(4), Date: monday, Rules: Rules{ExcludeManager: true}}
	managed := Input{Members: people(4), Date: monday, Rules: Rules{ExcludeManager: true}}
	for _, id := range []string{"U001", "U002", "U003"} {
		blocked.Rules.Blocks = append(blocked.Rules.Blocks, [2]string{id, "U000"})
	}
	blocked.Rules.Blocks = append(blocked.Rules.Blocks, [2]string{"U001", "U003"}, [2]string{"U002", "U003"})
	for i, boss := range []string{"U003", "U000", "U000", "U000"} {
		managed.Members[i].Manager = boss
	}
	managed.Rules.Blocks = [][2]string{{"U001", "U003"}, {"U002", "U003"}}
	var printed [2]string
	for at, in := range []Input{blocked, managed} {
		r, err := Match(in)
		if err != nil {
			t.Fatal(err)
		}
		r.InputHash = ""
		r.Quality.Weight, r.Quality.UpperBound = 0, 0
		text, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		printed[at] = string(text)
	}
	if printed[0] != printed[1] || strings.Count(printed[0], string(NoPartner)) != 2 {
		t.Errorf("the rounds differ:\n%s\n%s", printed[0], printed[1])
	}
}

func TestRepeatsWeighMoreThanDepartmentAndHours(t *testing.T) {
	in := Input{Date: monday, Members: []Member{
		{ID: "a", Department: "Law"}, {ID: "b", Department: "Law"}, {ID: "c", Department: "Sales"}, {ID: "d", Department: "Sales"},
	}, History: []Meeting{{A: "a", B: "c", Round: 1}, {A: "b", B: "d", Round: 1}, {A: "a", B: "d", Round: 2}, {A: "b", B: "c", Round: 2}}}
	r, err := Match(in)
	if err != nil {
		t.Fatal(err)
	}
	if r.Groups[0].Members[1] != "b" || r.Quality.Repeats != 0 {
		t.Errorf("got %+v", r.Groups)
	}
	in.History[0].Outcome, in.History[1].Outcome = NotMet, NotMet
	if r, err = Match(in); err != nil || r.Groups[0].Members[1] != "c" {
		t.Errorf("a meeting that did not happen counts: %+v, %v", r.Groups, err)
	}
}

func TestLeftOutBoundOfDepartments(t *testing.T) {
	in := Input{Date: monday, Members: people(10), Rules: Rules{Department: Require, Trios: true}}
	for i := range in.Members {
		in.Members[i].Department = "Law"
		if i > 6 {
			in.Members[i].Department = "Sales"
		}
	}
	for size := 2; size <= 4; size++ {
		in.Rules.Size = size
		r, err := Match(in)
		if err != nil {
			t.Fatal(err)
		}
		if r.Quality.LeftOutBound != 4 || len(r.LeftOut) != 4 {
			t.Errorf("size %d: %d left out, bound %d, want 4", size, len(r.LeftOut), r.Quality.LeftOutBound)
		}
	}
}
