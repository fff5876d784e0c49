package bot

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// leaveCompany has the directory know that somebody left.
func (k *cafe) leaveCompany(member string) {
	m := k.stage.members[member]
	m.Deleted = true
	k.stage.members[member] = m
}

// withMentors gives the café a store of mentorships, in which there is none.
func (k *cafe) withMentors() *pairs {
	list := &pairs{shelf: k.shelf, stage: k.stage, list: map[string]Mentorship{}}
	k.Mentorships = list
	return list
}

func TestWhoLeavesTheCompanyIsInNothing(t *testing.T) {
	for _, tt := range []struct {
		name string
		in   string
		gone bool // else the directory knows them as a colleague still
		all  bool // found by the look at everybody
		want map[string][]Kind
	}{
		{name: "whose partner is released kindly", in: "ab", gone: true, want: map[string][]Kind{"a": {KindPair, KindNoPair}, "b": {KindPair}}},
		{name: "found without an event", in: "ab", gone: true, all: true, want: map[string][]Kind{"a": {KindPair, KindNoPair}, "b": {KindPair}}},
		{name: "two who remain go on", in: "abc", gone: true, want: map[string][]Kind{"a": {KindPair, KindMet}, "b": {KindPair}, "c": {KindPair, KindMet}}},
		{name: "a colleague stays", in: "ab", want: map[string][]Kind{"a": {KindPair, KindMidway, KindMet}, "b": {KindPair, KindMidway, KindMet}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			k := openCafe(t, 4)
			k.withMentors()
			p := k.setUp("C1", nil, strings.Split(tt.in, "")...)
			r := k.plan(p.ID)
			k.live(r.At.Add(time.Hour))
			if tt.gone {
				k.leaveCompany("b")
			}
			for range 2 {
				tell := func() error { return k.MemberGone(t.Context(), k.now, "b") }
				if tt.all {
					tell = func() error { return k.PeopleGone(t.Context(), k.now) }
				}
				if err := tell(); err != nil {
					t.Fatal(err)
				}
			}
			k.live(r.End.Add(time.Hour))
			for id, want := range tt.want {
				if got := k.got(id); !slices.Equal(got, want) {
					t.Errorf("%s got %v, want %v", id, got, want)
				}
			}
			if in := k.seat(p.ID, "b").In(); in == tt.gone {
				t.Errorf("b is in: %t", in)
			}
		})
	}
}

func TestWhoComesBackIsInNothingBeforeTheyJoin(t *testing.T) {
	k := openCafe(t, 2)
	k.withMentors()
	p := k.setUp("C1", func(p *Program) { p.AutoJoin = true }, "a", "b")
	k.leaveCompany("b")
	if err := k.MemberGone(t.Context(), k.now, "b"); err != nil {
		t.Fatal(err)
	}
	m := k.stage.members["b"]
	m.Deleted = false
	k.stage.members["b"] = m
	if err := k.JoinedChannel(t.Context(), k.now, k.token(), "C1", "b", ""); err != nil {
		t.Fatal(err)
	}
	if k.seat(p.ID, "b").In() {
		t.Error("b is in without having pressed Join")
	}
	if r := k.plan(p.ID); len(r.Groups) != 0 {
		t.Errorf("groups %v", r.Groups)
	}
	k.join(p.ID, "b")
	if !k.seat(p.ID, "b").In() {
		t.Error("b cannot join again")
	}
}

func TestWhoLeavesTheCompanyLeavesTheirMentor(t *testing.T) {
	s := openSchool(t, 4).with(1, "b", "c")
	at := NextRound(s.shelf.programs[s.program], s.now)
	if err := s.PlanRound(t.Context(), at, s.program, at); err != nil {
		t.Fatal(err)
	}
	s.now = at
	if len(s.pairs.list) != 1 {
		t.Fatalf("proposed %v", s.pairs.list)
	}
	s.leaveCompany("c")
	if err := s.MemberGone(t.Context(), s.now, "c"); err != nil {
		t.Fatal(err)
	}
	for _, m := range s.pairs.list {
		if m.State != MentorDeclined {
			t.Errorf("the proposal is %s", m.State)
		}
	}
	if s.seat(s.program, "c").In() {
		t.Error("c is in the program")
	}
}

func TestAPairThatMayNoLongerMeetIsNotProposed(t *testing.T) {
	s := openSchool(t, 4).with(1, "b", "c")
	s.stage.preferences["c"] = Preferences{Member: "c", Avoid: []string{"b"}} // since it was matched
	pair := Mentorship{ID: MentorshipID(s.program, "b", "c"), Program: s.program, Mentor: "b", Mentee: "c"}
	if err := s.propose(t.Context(), s.now, s.shelf.programs[s.program], pair); err != nil || len(s.pairs.list) != 0 {
		t.Errorf("proposed %v, %v", s.pairs.list, err)
	}
}
