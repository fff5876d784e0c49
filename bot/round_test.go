package bot

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"
)

func letters(n int) []string {
	ids := make([]string, n)
	for i := range ids {
		ids[i] = string(rune('a' + i))
	}
	return ids
}

func TestPlanRoundTakesWhoTakesPart(t *testing.T) {
	guest := func(k *cafe, _ Program) { k.stage.members["b"] = Member{ID: "b", Guest: true, Zone: "Europe/Berlin"} }
	for _, tt := range []struct {
		name    string
		change  func(*Program)
		prepare func(*cafe, Program)
		matched string // of a, b, c and d
		left    string
	}{
		{"all", nil, func(*cafe, Program) {}, "abcd", ""},
		{"who left does not", nil, func(k *cafe, p Program) { _, _ = k.Leave(k.t.Context(), k.now, k.act(p.ID, "b")) }, "acd", ""},
		{"who skips does not", nil, func(k *cafe, p Program) { _, _ = k.Skip(k.t.Context(), k.now, k.act(p.ID, "b"), true) }, "acd", ""},
		{"who took a skip back does", nil, func(k *cafe, p Program) {
			_, _ = k.Skip(k.t.Context(), k.now, k.act(p.ID, "b"), true)
			_, _ = k.Skip(k.t.Context(), k.now, k.act(p.ID, "b"), false)
		}, "abcd", ""},
		{"who pauses does not", nil, func(k *cafe, p Program) { _, _ = k.Pause(k.t.Context(), k.now, k.act(p.ID, "b"), day(2026, 3, 17)) }, "acd", ""},
		{"who is back that very day does", nil, func(k *cafe, p Program) { _, _ = k.Pause(k.t.Context(), k.now, k.act(p.ID, "b"), day(2026, 3, 16)) }, "abcd", ""},
		{"who pauses everything does not", nil, func(k *cafe, _ Program) { k.stage.preferences["b"] = Preferences{PausedTill: day(2026, 3, 20)} }, "acd", ""},
		{"who has no hours does not", nil, func(k *cafe, _ Program) { k.stage.preferences["b"] = Preferences{Hours: &Week{}} }, "acd", ""},
		{"who left the company does not", nil, func(k *cafe, _ Program) { k.stage.members["b"] = Member{ID: "b", Deleted: true} }, "acd", ""},
		{"who is of another company does not", nil, func(k *cafe, _ Program) { k.stage.members["b"] = Member{ID: "b", Stranger: true} }, "acd", ""},
		{"whom the directory lost does not", nil, func(k *cafe, _ Program) { delete(k.stage.members, "b") }, "acd", ""},
		{"who became a guest does not", nil, guest, "acd", ""},
		{"guests do where the program says so", func(p *Program) { p.Guests = true }, guest, "abcd", ""},
		{"one of three sits out without trios", func(p *Program) { p.Trios = false }, func(k *cafe, p Program) { _, _ = k.Leave(k.t.Context(), k.now, k.act(p.ID, "b")) }, "", "1"},
		{"one alone has no partner", nil, func(k *cafe, p Program) {
			for _, id := range []string{"b", "c", "d"} {
				_, _ = k.Leave(k.t.Context(), k.now, k.act(p.ID, id))
			}
		}, "", "a"},
		{"a manager is not matched with a report", nil, func(k *cafe, p Program) {
			for _, id := range []string{"c", "d"} {
				_, _ = k.Leave(k.t.Context(), k.now, k.act(p.ID, id))
			}
			k.stage.members["b"] = Member{ID: "b", Manager: "a", Zone: "Europe/Berlin"}
		}, "", "ab"},
		{"the same department is never matched where that is required", func(p *Program) { p.Department = Require }, func(k *cafe, p Program) {
			for _, id := range []string{"c", "d"} {
				_, _ = k.Leave(k.t.Context(), k.now, k.act(p.ID, id))
			}
			k.stage.preferences["b"] = Preferences{Department: "Da"} // the person's own wins
		}, "", "ab"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			k := openCafe(t, 4)
			p := k.setUp("C1", tt.change, letters(4)...)
			tt.prepare(k, p)
			r := k.plan(p.ID)
			var matched []string
			for _, g := range r.Groups {
				matched = append(matched, g.Members...)
			}
			slices.Sort(matched)
			switch {
			case tt.left == "1":
				if len(matched) != 2 || len(r.LeftOut) != 1 {
					t.Errorf("matched %v, left out %v", matched, r.LeftOut)
				}
			case strings.Join(matched, "") != tt.matched || strings.Join(r.LeftOut, "") != tt.left:
				t.Errorf("matched %v, left out %v", matched, r.LeftOut)
			}
		})
	}
}

func TestPlanRoundAgainChangesNothing(t *testing.T) {
	k := openCafe(t, 4)
	p := k.setUp("C1", nil, letters(4)...)
	first := k.plan(p.ID)
	at := k.now
	k.now = at.Add(time.Hour)
	if err := k.PlanRound(t.Context(), k.now, p.ID, at); err != nil {
		t.Fatal(err)
	}
	if again, _ := k.latest(t.Context(), p.ID); again.ID != first.ID || len(k.shelf.rounds) != 1 {
		t.Errorf("planned %+v after %+v", again, first)
	}
	if err := k.PlanRound(t.Context(), k.now, "99", at); err != nil {
		t.Errorf("a program that is gone: %v", err)
	}
}

func TestPlanRoundTakesInWhoJoinsInThatMoment(t *testing.T) {
	k := openCafe(t, 4)
	p := k.setUp("C1", nil, "a", "b")
	k.shelf.onRound = func() {
		if _, err := k.Skip(t.Context(), k.now, k.act(p.ID, "a"), true); err != nil {
			t.Error(err)
		}
		k.join(p.ID, "c")
	}
	r := k.plan(p.ID)
	if g, ok := r.groupOf("b"); !ok || !slices.Equal(g.Members, []string{"b", "c"}) {
		t.Errorf("matched %+v", r.Groups)
	}
}

func TestALateJoinerComesInTheNextRound(t *testing.T) {
	k := openCafe(t, 4)
	p := k.setUp("C1", nil, "a", "b")
	first := k.plan(p.ID)
	k.now = k.now.Add(time.Hour)
	k.join(p.ID, "c")
	k.join(p.ID, "d")
	if _, in := k.shelf.rounds[first.ID].groupOf("c"); in {
		t.Error("in a round that was there before")
	}
	k.answerAll(first.ID, MetYes)
	if _, in := k.plan(p.ID).groupOf("c"); !in {
		t.Error("not in the next round")
	}
}

// answerAll has everybody in a round answer "did you meet?".
func (k *cafe) answerAll(round string, met Met) {
	k.t.Helper()
	for _, g := range k.shelf.rounds[round].Groups {
		for _, id := range g.Members {
			if _, err := k.AnswerMet(k.t.Context(), k.now, RoundAct{Token: k.token(), Member: id, Round: round, Group: g.Key}, met); err != nil {
				k.t.Fatal(err)
			}
		}
	}
}

func TestFivePeopleMakeAPairAndATrio(t *testing.T) {
	k := openCafe(t, 5)
	p := k.setUp("C1", nil, letters(5)...)
	r := k.plan(p.ID)
	sizes := []int{}
	for _, g := range r.Groups {
		sizes = append(sizes, len(g.Members))
	}
	slices.Sort(sizes)
	if !slices.Equal(sizes, []int{2, 3}) || len(r.LeftOut) != 0 {
		t.Errorf("groups of %v, left out %v", sizes, r.LeftOut)
	}
	if n := len(k.shelf.meetings); n != 4 {
		t.Errorf("%d pairs in the history, want 1 and 3", n)
	}
}

// Ten people for nine rounds meet everyone exactly once, and no two of a group are shown a question that one of them knows.
func TestNineRoundsOfTen(t *testing.T) {
	k := openCafe(t, 10)
	p := k.setUp("C1", nil, letters(10)...)
	met := map[string]int{}
	asked := map[string]bool{}
	for range 9 {
		r := k.hold(p.ID)
		for _, g := range r.Groups {
			met[strings.Join(g.Members, "")]++
			for _, id := range g.Members {
				if g.Question == "" || asked[id+g.Question] {
					t.Errorf("%s: question %q of %s", r.ID, g.Question, id)
				}
				asked[id+g.Question] = true
			}
			if !slices.Contains(g.Members, g.First) {
				t.Errorf("%s: %q is to go first among %v", r.ID, g.First, g.Members)
			}
		}
		k.answerAll(r.ID, MetYes)
	}
	if len(met) != 45 {
		t.Errorf("%d different pairs in nine rounds, want 45", len(met))
	}
	got := map[Kind]int{}
	for _, kind := range k.got("a") {
		got[kind]++
	}
	if got[KindPair] != 9 || got[KindMidway] != 9 || got[KindMet] != 9 || len(got) != 3 {
		t.Errorf("nine rounds brought one person %v", got)
	}
}

func (k *cafe) found(r Round, member string, found Time) {
	k.t.Helper()
	g, _ := r.groupOf(member)
	if _, err := k.AnswerTime(k.t.Context(), k.now, RoundAct{Token: k.token(), Member: member, Round: r.ID, Group: g.Key}, found); err != nil {
		k.t.Error(err)
	}
}

func (k *cafe) said(r Round, member string, met Met) {
	k.t.Helper()
	g, _ := r.groupOf(member)
	if _, err := k.AnswerMet(k.t.Context(), k.now, RoundAct{Token: k.token(), Member: member, Round: r.ID, Group: g.Key}, met); err != nil {
		k.t.Error(err)
	}
}

func TestAnswersMakeTheHistory(t *testing.T) {
	yes, no := true, false
	for _, tt := range []struct {
		a, b Met
		want *bool
	}{
		{"", "", nil},
		{MetYes, "", &yes},
		{MetNo, "", &no},
		{MetNo, MetNo, &no},
		{MetNo, MetYes, &yes},
		{MetLater, MetNo, &yes},
	} {
		k := openCafe(t, 2)
		p := k.setUp("C1", nil, "a", "b")
		r := k.plan(p.ID)
		for id, met := range map[string]Met{"a": tt.a, "b": tt.b} {
			if met != "" {
				k.said(r, id, met)
			}
		}
		got := k.shelf.meetings[p.ID+" 0001 a b"].Met
		if (got == nil) != (tt.want == nil) || got != nil && *got != *tt.want {
			t.Errorf("%q and %q: %v", tt.a, tt.b, got)
		}
	}
}

func TestAnAnswerCanBeChangedAndChangedBack(t *testing.T) {
	k := openCafe(t, 2)
	p := k.setUp("C1", nil, "a", "b")
	r := k.plan(p.ID)
	act := RoundAct{Token: "the same button", Member: "a", Round: r.ID, Group: r.Groups[0].Key}
	for _, met := range []Met{MetYes, MetNo, MetYes} {
		q, err := k.AnswerMet(t.Context(), k.now, act, met)
		if err != nil || q.Group.Met["a"] != met || k.shelf.rounds[r.ID].Groups[0].Met["a"] != met {
			t.Errorf("said %q: %+v, %v", met, k.shelf.rounds[r.ID].Groups[0], err)
		}
	}
}

func TestForgedAnswers(t *testing.T) {
	k := openCafe(t, 4)
	p := k.setUp("C1", nil, letters(4)...)
	r := k.plan(p.ID)
	mine, _ := r.groupOf("a")
	var other Group
	for _, g := range r.Groups {
		if g.Key != mine.Key {
			other = g
		}
	}
	for _, tt := range []struct {
		name         string
		member       string
		round, group string
	}{
		{"another group", "a", r.ID, other.Key},
		{"a group that does not exist", "a", r.ID, "ffffffffffff"},
		{"a round that does not exist", "a", p.ID + "/7", mine.Key},
		{"another program", "a", "9/1", mine.Key},
		{"no round at all", "a", "", ""},
		{"somebody else", "z", r.ID, mine.Key},
	} {
		act := RoundAct{Token: k.token(), Member: tt.member, Round: tt.round, Group: tt.group}
		_, met := k.AnswerMet(t.Context(), k.now, act, MetYes)
		_, found := k.AnswerTime(t.Context(), k.now, act, TimeCannot)
		_, intro := k.Introduction(t.Context(), k.now, act)
		_, question := k.MetQuestion(t.Context(), k.now, act)
		for _, err := range []error{met, found, intro, question} {
			if code(err) != FaultNotFound {
				t.Errorf("%s: %v", tt.name, err)
			}
		}
	}
	act := RoundAct{Token: k.token(), Member: "a", Round: r.ID, Group: mine.Key}
	if _, err := k.AnswerMet(t.Context(), k.now, act, "often"); code(err) != FaultInvalid {
		t.Errorf("an answer that no button has: %v", err)
	}
	if _, err := k.AnswerTime(t.Context(), k.now, act, TimeUnknown); code(err) != FaultInvalid {
		t.Errorf("an answer that no button has: %v", err)
	}
	for _, g := range k.shelf.rounds[r.ID].Groups {
		if g.Version != 0 || g.Found != "" || len(g.Met) > 0 {
			t.Errorf("a forged answer was stored: %+v", g)
		}
	}
}

func TestRoundEnd(t *testing.T) {
	for _, tt := range []struct {
		day   time.Weekday
		weeks int
		at    string
		want  string
	}{
		{time.Monday, 1, "2026-03-23T08:00:00Z", "2026-03-27T10:00:00+01:00"},
		{time.Wednesday, 1, "2026-03-25T08:00:00Z", "2026-03-31T10:00:00+02:00"},
		{time.Sunday, 1, "2026-03-22T08:00:00Z", "2026-03-27T10:00:00+01:00"},
		{time.Monday, 12, "2026-03-23T08:00:00Z", "2026-06-12T10:00:00+02:00"},
	} {
		p := NewProgram("C1", "a", "Europe/Berlin")
		p.Weekday, p.Weeks = tt.day, tt.weeks
		if got := roundEnd(p, instant(t, tt.at)).Format(time.RFC3339); got != tt.want {
			t.Errorf("%s every %d weeks from %s ends %s, want %s", tt.day, tt.weeks, tt.at, got, tt.want)
		}
	}
}

func TestWhatAStoreSaysIsNoFaultOfThePersons(t *testing.T) {
	k := openCafe(t, 1)
	broken := errors.New("connection refused")
	k.Seats = brokenSeats{k.shelf, broken}
	p := k.setUp("C1", nil)
	_, _, err := k.Join(t.Context(), k.now, k.act(p.ID, "a"))
	if code(err) != FaultUnsaved || !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
}

type brokenSeats struct {
	SeatStore
	err error
}

func (b brokenSeats) SaveSeat(context.Context, Token, Seat, Intents) error { return b.err }
