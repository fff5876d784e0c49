package bot

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestALateJoinerFindsAPlace(t *testing.T) {
	for _, tt := range []struct {
		name   string
		in     string // who is in when the round begins
		change func(*Program)
		after  time.Duration // from the round's beginning to the joining
		before func(k *cafe, p Program, r Round)
		want   string // the groups in the end, one of z's among them if there is a place
		got    map[string][]Kind
	}{
		{name: "with who waits", in: "a", after: time.Hour, want: "az", got: map[string][]Kind{"a": {KindNoPair, KindPair, KindMet}, "z": {KindPair, KindMet}}},
		{
			name: "as the third of two who know of each other", in: "ab", after: time.Hour, want: "abz",
			got: map[string][]Kind{"a": {KindPair, KindPair, KindMet}, "b": {KindPair, KindPair, KindMet}, "z": {KindPair, KindMet}},
		},
		{
			name: "as the third of two who have not heard yet", in: "ab", after: time.Second, want: "abz",
			before: func(k *cafe, _ Program, _ Round) {
				for sid, s := range k.shelf.sends {
					if s.State == StateSent && s.Kind == KindPair {
						s.State, s.PostedIn, s.Settled, s.Due = StatePending, "", time.Time{}, k.now.Add(time.Minute)
						k.shelf.sends[sid] = s
					}
				}
			},
			got: map[string][]Kind{"a": {KindPair, KindMidway, KindMet}, "z": {KindPair, KindMidway, KindMet}},
		},
		{name: "not in a pair where trios are off", in: "ab", change: func(p *Program) { p.Trios = false }, after: time.Hour, want: "ab"},
		{name: "not once half of the round is over", in: "a", after: 3 * 24 * time.Hour, want: ""},
		{name: "not with their manager", in: "a", after: time.Hour, want: "", before: func(k *cafe, _ Program, _ Round) {
			m := k.stage.members["z"]
			m.Manager = "a"
			k.stage.members["z"] = m
		}},
		{name: "not with who found a time", in: "ab", after: time.Hour, want: "ab", before: func(k *cafe, _ Program, r Round) { k.found(r, "a", TimeScheduled) }},
		{name: "with who is alone because somebody cannot", in: "ab", after: time.Hour, want: "bz", before: func(k *cafe, _ Program, r Round) { k.found(r, "a", TimeCannot) }},
		{name: "not with who avoids them", in: "a", after: time.Hour, want: "", before: func(k *cafe, _ Program, _ Round) {
			k.stage.preferences["a"] = Preferences{Member: "a", Avoid: []string{"z"}}
		}},
		{name: "not with whom they avoid", in: "ab", after: time.Hour, want: "ab", before: func(k *cafe, _ Program, _ Round) {
			k.stage.preferences["z"] = Preferences{Member: "z", Avoid: []string{"b"}}
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			k := openCafe(t, 4)
			k.stage.members["z"] = Member{ID: "z", Name: "Z", Department: "Dz", Zone: "Europe/Berlin"}
			p := k.setUp("C1", tt.change, strings.Split(tt.in, "")...)
			r := k.plan(p.ID)
			k.live(r.At.Add(tt.after))
			if tt.before != nil {
				tt.before(k, p, r)
			}
			k.joinLate(p.ID, "z")
			k.live(r.End.Add(time.Hour))
			if got := strings.Join(k.together(r.ID), " "); got != tt.want {
				t.Errorf("groups %q, want %q", got, tt.want)
			}
			for id, want := range tt.got {
				if got := k.got(id); !slices.Equal(got, want) {
					t.Errorf("%s got %v, want %v", id, got, want)
				}
			}
		})
	}
}

func TestTwoLateJoinersAndOneWhoWaits(t *testing.T) {
	k := openCafe(t, 4)
	p := k.setUp("C1", func(p *Program) { p.Trios = false }, "a")
	r := k.plan(p.ID)
	k.live(r.At.Add(time.Hour))
	k.joinLate(p.ID, "b")
	k.joinLate(p.ID, "c")
	k.shelf.onPart = func() { // the other one is faster, just before the first is placed
		if _, err := k.place(t.Context(), k.now, p.ID, "c", true); err != nil {
			t.Error(err)
		}
	}
	if placed, err := k.place(t.Context(), k.now, p.ID, "b", true); err != nil || placed {
		t.Errorf("placed %t, %v", placed, err)
	}
	if got := k.together(r.ID); !slices.Equal(got, []string{"ac"}) {
		t.Errorf("groups %v", got)
	}
	k.joinLate(p.ID, "d") // and who came too late for that waits for the next
	k.live(k.now.Add(time.Hour))
	if got := k.together(r.ID); !slices.Equal(got, []string{"ac", "bd"}) {
		t.Errorf("groups %v", got)
	}
}

func TestALateJoinerWhileTheRoundIsStillPutIn(t *testing.T) {
	k := openCafe(t, 6)
	p := k.setUp("C1", nil, letters(4)...)
	k.shelf.broken = true
	k.now = NextRound(k.shelf.programs[p.ID], k.now)
	if err := k.PlanRound(t.Context(), k.now, p.ID, k.now); err == nil {
		t.Fatal("the planning did not break off")
	}
	k.joinLate(p.ID, "e")
	k.shelf.broken = false
	k.live(k.now.Add(time.Hour))
	r := k.shelf.rounds[roundID(p.ID, 1)]
	if _, in := r.groupOf("e"); !in || !k.shelf.head(r.ID).Planned {
		t.Errorf("groups %v, planned %t", k.together(r.ID), k.shelf.head(r.ID).Planned)
	}
}

func TestWhoCannot(t *testing.T) {
	for _, tt := range []struct {
		name  string
		in    string
		act   func(k *cafe, p Program, r Round) // an hour into the round; a is in a group
		after time.Duration
		want  string
		got   map[string][]Kind
	}{
		{
			name: "their partner hears kindly, and nobody is asked whether they met", in: "ab", want: "",
			act: func(k *cafe, _ Program, r Round) { k.found(r, "a", TimeCannot) },
			got: map[string][]Kind{"a": {KindPair}, "b": {KindPair, KindNoPair}},
		},
		{
			name: "a slip of the thumb is taken back", in: "ab", want: "ab",
			act: func(k *cafe, _ Program, r Round) {
				k.found(r, "a", TimeCannot)
				k.live(k.now.Add(3 * time.Minute))
				k.found(r, "a", TimeNotYet)
			},
			got: map[string][]Kind{"a": {KindPair, KindMet}, "b": {KindPair, KindMet}},
		},
		{
			name: "the others of three go on", in: "abc", want: "abc",
			act: func(k *cafe, _ Program, r Round) { k.found(r, "a", TimeCannot) },
			got: map[string][]Kind{"a": {KindPair}, "b": {KindPair, KindMet}, "c": {KindPair, KindMet}},
		},
		{
			name: "their partner meets who joins late, if they ask for it", in: "ab", want: "bd",
			act: func(k *cafe, p Program, r Round) {
				k.found(r, "a", TimeCannot)
				k.live(k.now.Add(10 * time.Minute))
				k.joinLate(p.ID, "d")
				k.live(k.now.Add(10 * time.Minute))
				if got := k.got("d"); len(got) != 0 {
					k.t.Errorf("d got %v before anybody asked", got)
				}
				if _, open, err := k.Another(k.t.Context(), k.now, k.act(p.ID, "b")); err != nil || !open {
					k.t.Errorf("asked: %t, %v", open, err)
				}
			},
			got: map[string][]Kind{"a": {KindPair}, "b": {KindPair, KindNoPair, KindPair, KindMet}, "d": {KindPair, KindMet}},
		},
		{
			name: "both cannot", in: "ab", want: "",
			act: func(k *cafe, _ Program, r Round) {
				k.found(r, "a", TimeCannot)
				k.found(r, "b", TimeCannot)
			},
			got: map[string][]Kind{"a": {KindPair}, "b": {KindPair}},
		},
		{
			name: "who leaves the program", in: "ab", want: "",
			act: func(k *cafe, p Program, _ Round) {
				k.follow(p.ID, "a", func() { _, _ = k.Leave(k.t.Context(), k.now, k.act(p.ID, "a")) })
			},
			got: map[string][]Kind{"a": {KindPair}, "b": {KindPair, KindNoPair}},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			k := openCafe(t, 4)
			p := k.setUp("C1", nil, strings.Split(tt.in, "")...)
			r := k.plan(p.ID)
			k.live(r.At.Add(time.Hour))
			tt.act(k, p, r)
			k.live(r.End.Add(time.Hour))
			if got := strings.Join(k.together(r.ID), " "); got != tt.want {
				t.Errorf("groups %q, want %q", got, tt.want)
			}
			for id, want := range tt.got {
				if got := k.got(id); !slices.Equal(got, want) {
					t.Errorf("%s got %v, want %v", id, got, want)
				}
			}
		})
	}
}

// Of four, two wait for nobody: one pair cannot, and of the other nobody is touched. Who remains is given to who waits.
func TestASwap(t *testing.T) {
	k := openCafe(t, 5)
	p := k.setUp("C1", func(p *Program) { p.Trios = false }, letters(5)...)
	r := k.plan(p.ID)
	k.live(r.At.Add(time.Hour))
	left := k.shelf.rounds[r.ID].LeftOut[0]
	cannot := r.Groups[0].Members[0]
	remains := r.Groups[0].Members[1]
	k.found(r, cannot, TimeCannot)
	k.live(k.now.Add(10 * time.Minute))
	if got := k.seat(p.ID, remains); !got.sits(1) || k.seat(p.ID, left).Group != got.Group {
		t.Fatalf("%s has %+v, %s has %+v", remains, got, left, k.seat(p.ID, left))
	}
	if s := k.seat(p.ID, left); s.SatOut != 0 || s.LastSatOut != 0 {
		t.Errorf("found after all, and still counted as left out: %+v", s)
	}
	k.live(r.End.Add(time.Hour))
	for id, want := range map[string][]Kind{remains: {KindPair, KindPair, KindMet}, left: {KindNoPair, KindPair, KindMet}, cannot: {KindPair}} {
		if got := k.got(id); !slices.Equal(got, want) {
			t.Errorf("%s got %v, want %v", id, got, want)
		}
	}
	met := k.shelf.meetings[p.ID+" 0001 "+min(cannot, remains)+" "+max(cannot, remains)].Met
	if met == nil || *met {
		t.Error("two who could not count as having met")
	}
}

func TestSomebodyElseIsAskedFor(t *testing.T) {
	k := openCafe(t, 4)
	p := k.setUp("C1", nil, letters(4)...)
	r := k.plan(p.ID)
	k.live(r.At.Add(time.Hour))
	cannot, remains := r.Groups[0].Members[0], r.Groups[0].Members[1]
	if _, open, err := k.Another(t.Context(), k.now, k.act(p.ID, remains)); err != nil || open {
		t.Errorf("asked for by who has a group: %t, %v", open, err)
	}
	k.found(r, cannot, TimeCannot)
	k.live(k.now.Add(10 * time.Minute))
	if _, open, err := k.Another(t.Context(), k.now, k.act(p.ID, remains)); err != nil || !open {
		t.Errorf("asked for: %t, %v", open, err)
	}
	k.live(k.now.Add(10 * time.Minute))
	if g := k.shelf.rounds[r.ID].Groups; len(g[len(g)-1].Members) != 3 || !slices.Contains(g[len(g)-1].Members, remains) {
		t.Errorf("groups %v", k.together(r.ID))
	}
	if _, _, err := k.Another(t.Context(), k.now, k.act(p.ID, "zz")); code(err) != FaultNotFound {
		t.Errorf("a stranger: %v", err)
	}
}

// A trio of whom one goes before anybody heard of it is introduced as two.
func TestTwoAreLeftOfThreeBeforeTheIntroduction(t *testing.T) {
	k := openCafe(t, 3)
	p := k.setUp("C1", nil, letters(3)...)
	r := k.plan(p.ID)
	if _, err := k.Leave(t.Context(), k.now, k.act(p.ID, "b")); err != nil {
		t.Fatal(err)
	}
	k.live(r.End.Add(time.Hour))
	if got := k.together(r.ID); !slices.Equal(got, []string{"ac"}) {
		t.Errorf("groups %v", got)
	}
	for _, id := range []string{"a", "c"} {
		if got := k.got(id); !slices.Equal(got, []Kind{KindPair, KindMidway, KindMet}) {
			t.Errorf("%s got %v", id, got)
		}
	}
	if got := k.got("b"); len(got) != 0 {
		t.Errorf("who left got %v", got)
	}
}

func TestButtonsOfAGroupWhosePlaceAnotherTook(t *testing.T) {
	k := openCafe(t, 3)
	p := k.setUp("C1", nil, "a", "b")
	r := k.plan(p.ID)
	k.live(r.At.Add(time.Hour))
	k.joinLate(p.ID, "c")
	k.live(k.now.Add(time.Hour))
	k.found(r, "a", TimeScheduled) // in the old chat
	if g := k.shelf.rounds[r.ID].Groups[0]; g.Found != TimeScheduled || len(g.Members) != 3 {
		t.Errorf("%+v", g)
	}
	old := RoundAct{Token: k.token(), Member: "c", Round: r.ID, Group: r.Groups[0].Key}
	if i, err := k.Introduction(t.Context(), k.now, old); err != nil || len(i.Group.Members) != 3 {
		t.Errorf("%+v, %v", i.Group, err)
	}
}

// A round costs nobody more than three messages that they did not ask for, whatever happens in it.
func TestARoundCostsAtMostThreeMessages(t *testing.T) {
	for seed := range 40 {
		k := openCafe(t, 12)
		p := k.setUp("C1", func(p *Program) { p.Trios = seed%2 == 0; p.Size = 2 + seed%3 }, letters(6+seed%4)...)
		r := k.plan(p.ID)
		hours := 0
		for n, id := range letters(12) {
			hours += 1 + (seed*7+n*5)%6
			k.live(r.At.Add(time.Duration(hours) * time.Hour))
			switch (seed + n*3) % 5 {
			case 0:
				if g, in := k.shelf.rounds[r.ID].groupOf(id); in {
					act := RoundAct{Token: k.token(), Member: id, Round: r.ID, Group: g.Key}
					if _, err := k.AnswerTime(t.Context(), k.now, act, TimeCannot); err != nil {
						t.Fatal(err)
					}
				}
			case 1:
				k.follow(p.ID, id, func() {
					if _, err := k.Leave(t.Context(), k.now, k.act(p.ID, id)); err != nil && code(err) != FaultNotFound && code(err) != ProgramNotIn {
						t.Fatal(err)
					}
				})
			case 2, 3:
				k.joinLate(p.ID, id)
			}
		}
		k.live(r.End.Add(6 * 24 * time.Hour))
		for _, id := range letters(12) {
			if got := k.got(id); len(got) > 3 {
				t.Errorf("seed %d: %s got %v", seed, id, got)
			}
		}
		for _, g := range k.shelf.rounds[r.ID].Groups {
			if len(g.Members) < 2 || len(g.Members) > 4 {
				t.Errorf("seed %d: a group of %v", seed, g.Members)
			}
		}
	}
}

func TestPlanChangeKnowsItsKinds(t *testing.T) {
	k := openCafe(t, 1)
	for _, tt := range []struct{ kind, id string }{{"place", "1"}, {"regroup", "1/2"}, {"swap", "1/2/3"}, {"dance", "1/2"}} {
		if err := k.PlanChange(t.Context(), k.now, tt.kind, tt.id); err == nil {
			t.Errorf("%s/%s was carried out", tt.kind, tt.id)
		}
	}
	for _, tt := range []struct{ kind, id string }{{"place", "9/a"}, {"regroup", "9/1/k"}, {"swap", "9/1/k/a"}} {
		if err := k.PlanChange(t.Context(), k.now, tt.kind, tt.id); err != nil || errors.Is(err, ErrNotFound) {
			t.Errorf("%s/%s of a program that is gone: %v", tt.kind, tt.id, err)
		}
	}
}
