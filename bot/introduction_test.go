package bot

import (
	"slices"
	"strings"
	"testing"
	"time"

	"rapport/bot/pairing"
	"rapport/prompts"
)

func TestTheQuestionFitsTheProgramThenTheGroup(t *testing.T) {
	library, err := prompts.Standard()
	if err != nil {
		t.Fatal(err)
	}
	c := &Coffee{Prompts: library}
	r := Round{ID: "1/1", At: time.Date(2026, 3, 30, 7, 0, 0, 0, time.UTC)}
	matched := Group{Key: "k", Members: []string{"a", "b"}, Reasons: []pairing.Reason{{Code: pairing.OfferMeetsAsk, A: "a", B: "b", Topic: "Underwater chess"}}}
	plain := Group{Key: "k", Members: []string{"a", "b"}}
	themes := func(p Program, g Group, seen map[string]time.Time) []string {
		id := c.question(p, nil)(r, g, map[string]Seat{"a": {Shown: seen}})
		prompt, ok := library.ByID(id)
		if !ok || prompt.Kind != prompts.KindCoffee {
			t.Fatalf("%q is no question for a coffee", id)
		}
		return prompt.Themes
	}
	if got := themes(Program{Theme: "customers"}, matched, nil); !slices.Contains(got, "customers") {
		t.Errorf("of a program about customers: %q", got)
	}
	if got := themes(Program{}, matched, nil); !slices.Contains(got, topicTheme) {
		t.Errorf("where an offer meets an ask: %q", got)
	}
	seen := map[string]time.Time{}
	for _, p := range library.All() {
		if slices.Contains(p.Themes, "customers") || slices.Contains(p.Themes, topicTheme) {
			seen[p.ID] = r.At.AddDate(0, -11, 0)
		}
	}
	if got := themes(Program{Theme: "customers"}, matched, seen); slices.Contains(got, "customers") || slices.Contains(got, topicTheme) {
		t.Errorf("one that was seen within a year: %q", got)
	}
	if got := themes(Program{Theme: "no such theme"}, plain, nil); len(got) == 0 {
		t.Error("a theme without questions leaves none")
	}
	for _, p := range library.All() {
		seen[p.ID] = r.At
	}
	if id := c.question(Program{}, nil)(r, plain, map[string]Seat{"b": {Shown: seen}}); id != "" {
		t.Errorf("when all are seen: %q", id)
	}
}

func TestWhoTakesTheFirstStep(t *testing.T) {
	members := []string{"a", "b", "c"}
	var turns []string
	for round := range 4 {
		turns = append(turns, firstStepper(round, 0, members, nil))
	}
	if got := strings.Join(turns, ""); got != "abca" {
		t.Errorf("turns %q", got)
	}
	if got := firstStepper(0, 0, members, map[string]Seat{"c": {Leader: 2}}); got != "c" {
		t.Errorf("%q writes first to a leader", got)
	}
}

func TestWhatAGroupHasInCommonIsWhatHoldsNow(t *testing.T) {
	i := Introduction{
		Group: Group{Members: []string{"a", "b", "c"}, Reasons: []pairing.Reason{
			{Code: pairing.OfferMeetsAsk, A: "a", B: "b", Topic: "Go"}, {Code: pairing.OfferMeetsAsk, A: "b", B: "c", Topic: "SQL"},
		}},
		Profiles: map[string]Profile{
			"a": {Offers: []string{"go"}, Office: "Bonn", Languages: []string{"English", "Deutsch"}},
			"b": {Asks: []string{"GO"}, Offers: []string{"SQL"}, Office: "bonn", Languages: []string{"deutsch", "english"}},
			"c": {Office: "Bonn", Languages: []string{"English"}},
		},
	}
	if got := i.Matches(); !slices.Equal(got, []TopicMatch{{Offers: "a", Asks: "b", Topic: "Go"}}) {
		t.Errorf("matches %v", got)
	}
	if i.Office() != "Bonn" {
		t.Errorf("office %q", i.Office())
	}
	i.Profiles["c"] = Profile{}
	if i.Office() != "" {
		t.Error("an office is said of somebody who named none")
	}
}
