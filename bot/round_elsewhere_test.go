package bot

import (
	"slices"
	"testing"
	"time"
)

// Six are in two programs whose rounds are due at the same minute, or one two days after the other: nobody meets the same colleague in both, nor reads the same question twice.
func TestNobodyIsIntroducedTwiceAtATime(t *testing.T) {
	for _, tt := range []struct {
		name   string
		second time.Weekday
	}{{"at the same minute", time.Monday}, {"on Wednesday", time.Wednesday}} {
		t.Run(tt.name, func(t *testing.T) {
			k := openCafe(t, 6)
			one := k.setUp("C1", nil, letters(6)...)
			other := k.setUp("C1", func(p *Program) { p.Name, p.Weekday = "Other coffee", tt.second }, letters(6)...)
			for week := range 2 {
				first := k.plan(one.ID)
				k.deliver(k.now.Add(time.Hour))
				for _, id := range letters(6) {
					k.hear(one.ID, id)
				}
				at := first.At.AddDate(0, 0, int(tt.second-time.Monday))
				if err := k.PlanRound(t.Context(), at, other.ID, at); err != nil {
					t.Fatal(err)
				}
				k.now = at
				for _, id := range letters(6) {
					k.hear(other.ID, id)
				}
				second := k.shelf.rounds[roundID(other.ID, week+1)]
				if len(first.Groups) != 3 || len(second.Groups) != 3 {
					t.Fatalf("week %d: %d and %d groups", week+1, len(first.Groups), len(second.Groups))
				}
				for _, g := range second.Groups {
					if slices.ContainsFunc(first.Groups, func(o Group) bool { return slices.Equal(o.Members, g.Members) }) {
						t.Errorf("week %d: %v meet in both", week+1, g.Members)
					}
				}
				for _, id := range letters(6) {
					here, _ := first.groupOf(id)
					there, _ := second.groupOf(id)
					if here.Question == "" || here.Question == there.Question {
						t.Errorf("week %d: %s reads %q in both", week+1, id, here.Question)
					}
				}
			}
		})
	}
}

// hear notes that a member gave a sign of life, so that they are matched again.
func (k *cafe) hear(program, member string) {
	k.t.Helper()
	if err := k.Hear(k.t.Context(), k.now, k.act(program, member)); err != nil {
		k.t.Fatal(err)
	}
}

// Two who have nobody else meet in both programs all the same: it is a wish and no rule.
func TestTheOnlyColleagueIsMetInBoth(t *testing.T) {
	k := openCafe(t, 2)
	one := k.setUp("C1", nil, "a", "b")
	other := k.setUp("C1", func(p *Program) { p.Name = "Other coffee" }, "a", "b")
	first := k.plan(one.ID)
	if err := k.PlanRound(t.Context(), k.now, other.ID, k.now); err != nil {
		t.Fatal(err)
	}
	second := k.shelf.rounds[roundID(other.ID, 1)]
	if len(first.Groups) != 1 || len(second.Groups) != 1 || first.Groups[0].Question == second.Groups[0].Question {
		t.Errorf("%+v and %+v", first.Groups, second.Groups)
	}
}

// Another program's round is adopted by another process while this one is drawn: it is drawn anew.
func TestARoundThatBeginsMeanwhileElsewhereCounts(t *testing.T) {
	for _, people := range []int{4, 6, 8, 10} {
		k := openCafe(t, people)
		one := k.setUp("C1", nil, letters(people)...)
		other := k.setUp("C1", func(p *Program) { p.Name = "Other coffee" }, letters(people)...)
		k.shelf.onRound = func() {
			if err := k.PlanRound(t.Context(), k.now, other.ID, k.now); err != nil {
				t.Error(err)
			}
		}
		first := k.plan(one.ID)
		second := k.shelf.rounds[roundID(other.ID, 1)]
		for _, g := range first.Groups {
			if slices.ContainsFunc(second.Groups, func(o Group) bool { return slices.Equal(o.Members, g.Members) }) {
				t.Errorf("of %d people %v meet in both", people, g.Members)
			}
		}
		if len(first.Groups) != people/2 || len(second.Groups) != people/2 {
			t.Errorf("%d and %d groups of %d people", len(first.Groups), len(second.Groups), people)
		}
	}
}

// Who joins late is put with somebody whom they do not meet in another program just now, if there is a choice, and reads another question.
func TestALateJoinerMeetsSomebodyElseThanElsewhere(t *testing.T) {
	k := openCafe(t, 5)
	one := k.setUp("C1", nil, "a", "b")
	other := k.setUp("C1", func(p *Program) { p.Name = "Other coffee" }, "a", "c", "d", "e")
	k.plan(one.ID)
	if err := k.PlanRound(t.Context(), k.now, other.ID, k.now); err != nil {
		t.Fatal(err)
	}
	k.deliver(k.now.Add(time.Hour))
	k.joinLate(other.ID, "b")
	k.live(k.now.Add(time.Hour))
	r := k.shelf.rounds[roundID(other.ID, 1)]
	g, in := r.groupOf("b")
	if !in || slices.Contains(g.Members, "a") {
		t.Errorf("b is with %v", g.Members)
	}
}
