package bot

import (
	"slices"
	"strings"
	"testing"
	"time"
)

func TestHereShowsAPrivateProgramOnlyInItsChannel(t *testing.T) {
	k := openCafe(t, 3)
	open, closed := k.setUp("C1", nil, "a"), k.setUp("P1", nil, "b")
	k.stage.channels["C2"] = Channel{ID: "C2", Inside: true}
	ids := func(list []Program) string {
		var ids []string
		for _, p := range list {
			ids = append(ids, p.ID)
		}
		return strings.Join(ids, " ")
	}
	for _, tt := range []struct {
		member, channel             string
		mine, open, elsewhere, runs string
	}{
		{"c", "C1", "", open.ID, "", ""},
		{"c", "P1", "", closed.ID, open.ID, ""},
		{"c", "C2", "", "", open.ID, ""},
		{"c", "", "", "", open.ID, ""},
		{"b", "C2", closed.ID, "", open.ID, ""},
		{"a", "C2", open.ID, "", "", open.ID + " " + closed.ID},
	} {
		h, err := k.Here(t.Context(), k.now, tt.member, tt.channel)
		if err != nil {
			t.Fatal(err)
		}
		got := []string{ids(programsOf(h.Mine)), ids(h.Open), ids(h.Elsewhere), ids(h.Runs)}
		if want := []string{tt.mine, tt.open, tt.elsewhere, tt.runs}; !slices.Equal(got, want) {
			t.Errorf("%s in %q sees %q, want %q", tt.member, tt.channel, got, want)
		}
	}
}

func TestOverviewShowsNothingOfFewerThanFive(t *testing.T) {
	for _, people := range []int{4, 5, 6} {
		k := openCafe(t, people)
		var ids []string
		for id := range k.stage.members {
			ids = append(ids, id)
		}
		slices.Sort(ids)
		p := k.setUp("C1", nil, ids...)
		r := k.plan(p.ID)
		k.deliver(r.End.Add(time.Hour))
		for n, id := range ids {
			o, err := k.Overview(t.Context(), k.now, p.ID, "a", "C1")
			if err != nil {
				t.Fatal(err)
			}
			if o.MetKnown != (n >= few) || !o.MetKnown && o.Met != 0 {
				t.Errorf("%d people, %d answers: %+v", people, n, o)
			}
			known := people >= few
			if o.InKnown != known || o.GroupsKnown != known || !known && o.In+o.Matched+o.Groups+o.Across != 0 {
				t.Errorf("%d people: %+v", people, o)
			}
			g, _ := r.groupOf(id)
			if _, err := k.AnswerMet(t.Context(), k.now, RoundAct{Token: k.token(), Member: id, Round: r.ID, Group: g.Key}, MetYes); err != nil {
				t.Fatal(err)
			}
		}
		if o, _ := k.Overview(t.Context(), k.now, p.ID, "a", "C1"); people == 6 && (o.In != 6 || o.Met != 3 || o.Groups != 3 || o.Across != 3) {
			t.Errorf("all of six met: %+v", o)
		}
	}
}
