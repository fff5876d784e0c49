package bot

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"
)

// night is when somebody joins two who know of each other, and nobody hears of it before the morning.
const night = 20 * time.Hour

func TestAThirdWhoIsNotIntroducedYet(t *testing.T) {
	for _, tt := range []struct {
		name string
		in   string
		act  func(k *cafe, p Program, r Round) // at night, with z just put in the group of those who are in
		want string
		got  map[string][]Kind
	}{
		{
			name: "leaves again, and nobody hears of it", in: "ab", want: "ab",
			act: func(k *cafe, p Program, _ Round) { k.goes(p, "z") },
			got: map[string][]Kind{"a": {KindPair, KindMidway, KindMet}, "b": {KindPair, KindMidway, KindMet}, "z": nil},
		},
		{
			name: "leaves a table of three again", in: "abc", want: "abc",
			act: func(k *cafe, p Program, _ Round) { k.goes(p, "z") },
			got: map[string][]Kind{"a": {KindPair, KindMidway, KindMet}, "c": {KindPair, KindMidway, KindMet}, "z": nil},
		},
		{
			name: "leaves, and so does one of three", in: "abc", want: "abc",
			act: func(k *cafe, p Program, _ Round) {
				k.goes(p, "c")
				k.goes(p, "z")
			},
			got: map[string][]Kind{"a": {KindPair, KindMet}, "b": {KindPair, KindMet}, "c": {KindPair}, "z": nil},
		},
		{
			name: "is avoided, which ends nobody's coffee", in: "ab", want: "ab",
			act: func(k *cafe, _ Program, _ Round) {
				k.stage.preferences["a"] = Preferences{Member: "a", Avoid: []string{"z"}}
			},
			got: map[string][]Kind{"a": {KindPair, KindMidway, KindMet}, "b": {KindPair, KindMidway, KindMet}, "z": {KindNoPair}},
		},
		{
			name: "goes on with who is left", in: "ab", want: "bz",
			act: func(k *cafe, p Program, _ Round) { k.goes(p, "a") },
			got: map[string][]Kind{"a": {KindPair}, "b": {KindPair, KindPair, KindMet}, "z": {KindPair, KindMet}},
		},
		{
			name: "waits again when the others cannot, and finds who comes next", in: "ab", want: "yz",
			act: func(k *cafe, p Program, r Round) {
				k.found(r, "a", TimeCannot)
				k.found(r, "b", TimeCannot)
				k.live(k.now.Add(2 * regroupAfter))
				k.joinLate(p.ID, "y")
			},
			got: map[string][]Kind{"a": {KindPair}, "b": {KindPair}, "z": {KindPair, KindMet}, "y": {KindPair, KindMet}},
		},
		{
			name: "leaves, and another one joins", in: "ab", want: "aby",
			act: func(k *cafe, p Program, _ Round) {
				k.goes(p, "z")
				k.live(k.now.Add(2 * regroupAfter))
				k.joinLate(p.ID, "y")
			},
			got: map[string][]Kind{"a": {KindPair, KindPair, KindMet}, "y": {KindPair, KindMet}, "z": nil},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			k := openCafe(t, 4)
			for _, id := range []string{"y", "z"} {
				k.stage.members[id] = Member{ID: id, Name: id, Department: "D" + id, Zone: "Europe/Berlin"}
			}
			p := k.setUp("C1", func(p *Program) { p.Size = 2 * (len(tt.in) - 1) }, strings.Split(tt.in, "")...)
			r := k.plan(p.ID)
			k.live(r.At.Add(night))
			k.joinLate(p.ID, "z")
			k.live(k.now.Add(time.Minute))
			if got := k.together(r.ID); !slices.Equal(got, []string{tt.in + "z"}) {
				t.Fatalf("groups %v", got)
			}
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

// goes has a member leave the program as the commands do.
func (k *cafe) goes(p Program, member string) {
	k.t.Helper()
	k.follow(p.ID, member, func() {
		if _, err := k.Leave(k.t.Context(), k.now, k.act(p.ID, member)); err != nil {
			k.t.Error(err)
		}
	})
}

// What was said in the chat of the larger group stays said when that group is one of two again.
func TestAnAnswerGoesBackWithThoseWhoGaveIt(t *testing.T) {
	k := openCafe(t, 3)
	p := k.setUp("C1", nil, "a", "b")
	r := k.plan(p.ID)
	k.live(r.At.Add(night))
	k.joinLate(p.ID, "c")
	k.live(k.now.Add(time.Minute))
	k.found(r, "a", TimeScheduled)
	k.goes(p, "c")
	k.live(k.now.Add(2 * regroupAfter))
	if g, _ := k.shelf.rounds[r.ID].groupOf("a"); len(g.Members) != 2 || g.Found != TimeScheduled {
		t.Errorf("%+v", g)
	}
}

// Who could not, or left, met nobody, whatever anybody says of the others; and what they say is not about the others.
func TestWhoWasNotThereDidNotMeet(t *testing.T) {
	for _, tt := range []struct {
		name string
		act  func(k *cafe, p Program, r Round)
		want map[string]string
	}{
		{"could not", func(k *cafe, _ Program, r Round) { k.found(r, "a", TimeCannot); k.said(r, "b", MetYes) }, map[string]string{"ab": "no", "ac": "no", "bc": "yes"}},
		{"left", func(k *cafe, p Program, r Round) { k.goes(p, "a"); k.said(r, "b", MetYes) }, map[string]string{"ab": "no", "ac": "no", "bc": "yes"}},
		{"left, and says nothing more", func(k *cafe, p Program, _ Round) { k.goes(p, "a") }, map[string]string{"ab": "no", "ac": "no", "bc": ""}},
		{"left, and says that they did not meet", func(k *cafe, p Program, r Round) { k.goes(p, "a"); k.said(r, "a", MetNo) }, map[string]string{"ab": "no", "ac": "no", "bc": ""}},
		{"all left", func(k *cafe, p Program, _ Round) { k.goes(p, "a"); k.goes(p, "b"); k.goes(p, "c") }, map[string]string{"ab": "no", "ac": "no", "bc": "no"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			k := openCafe(t, 3)
			p := k.setUp("C1", nil, letters(3)...)
			r := k.plan(p.ID)
			k.live(r.At.Add(time.Hour))
			tt.act(k, p, r)
			k.live(k.now.Add(2 * regroupAfter))
			got := map[string]string{}
			for _, m := range k.shelf.meetings {
				got[m.A+m.B] = ""
				if m.Met != nil {
					got[m.A+m.B] = map[bool]string{true: "yes", false: "no"}[*m.Met]
				}
			}
			if !maps.Equal(got, tt.want) {
				t.Errorf("met %v, want %v", got, tt.want)
			}
		})
	}
}

// Who comes back after their group was given up is looked for a place again, and not with whom they were to meet before.
func TestComingBackIntoARunningRound(t *testing.T) {
	k := openCafe(t, 4)
	p := k.setUp("C1", nil, "a", "b")
	r := k.plan(p.ID)
	k.live(r.At.Add(time.Hour))
	k.goes(p, "a")
	k.live(k.now.Add(time.Hour))
	k.joinLate(p.ID, "a")
	if _, open, err := k.Another(t.Context(), k.now, k.act(p.ID, "b")); err != nil || !open {
		t.Fatalf("asked for: %t, %v", open, err)
	}
	k.live(k.now.Add(time.Hour))
	if got := k.together(r.ID); len(got) > 0 {
		t.Fatalf("groups %v", got)
	}
	k.joinLate(p.ID, "d")
	k.live(k.now.Add(time.Hour))
	if got := k.together(r.ID); len(got) != 1 || !strings.Contains(got[0], "d") {
		t.Errorf("groups %v", got)
	}
}

// A slip of the thumb is taken back here, too: who comes back before anybody looked is still in their group.
func TestComingBackAtOnce(t *testing.T) {
	k := openCafe(t, 2)
	p := k.setUp("C1", nil, "a", "b")
	r := k.plan(p.ID)
	k.live(r.At.Add(time.Hour))
	k.goes(p, "a")
	k.live(k.now.Add(time.Minute))
	k.joinLate(p.ID, "a")
	k.live(r.End.Add(time.Hour))
	for _, id := range []string{"a", "b"} {
		if got := k.got(id); len(got) == 0 || got[len(got)-1] != KindMet || slices.Contains(got, KindNoPair) {
			t.Errorf("%s got %v", id, got)
		}
	}
}

func TestASecondReleaseIsSaid(t *testing.T) {
	k := openCafe(t, 4)
	p := k.setUp("C1", nil, "a", "b")
	r := k.plan(p.ID)
	k.live(r.At.Add(time.Hour))
	k.found(r, "a", TimeCannot)
	k.live(k.now.Add(2 * regroupAfter))
	k.joinLate(p.ID, "d")
	if _, open, err := k.Another(t.Context(), k.now, k.act(p.ID, "b")); err != nil || !open {
		t.Fatalf("asked for: %t, %v", open, err)
	}
	k.live(k.now.Add(time.Hour))
	k.found(k.shelf.rounds[r.ID], "d", TimeCannot)
	k.live(r.End.Add(time.Hour))
	if got := k.got("b"); !slices.Equal(got, []Kind{KindPair, KindNoPair, KindPair, KindNoPair}) {
		t.Errorf("b got %v", got)
	}
}
