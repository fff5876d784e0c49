package bot

import (
	"errors"
	"slices"
	"testing"
	"time"

	"rapport/bot/pairing"
)

const week = 7 * 24 * time.Hour

func TestAMentorshipBeginsWhenBothAccept(t *testing.T) {
	s := openSchool(t, 3).with(1, "a", "b")
	s.round()
	s.until(s.now.Add(time.Hour))
	if m := s.only(); m.State != MentorProposed || m.Mentor != "a" || m.Mentee != "b" {
		t.Fatalf("proposed is %+v", m)
	}
	s.must(s.accept("b"))
	if m := s.only(); m.State != MentorProposed || !m.AcceptedBy("b") {
		t.Errorf("after one yes it is %+v", m)
	}
	s.until(s.now.Add(time.Hour))
	if got := s.heard("a"); !slices.Equal(got, []string{mentorAsk}) {
		t.Errorf("a heard %v", got)
	}
	s.must(s.accept("a"))
	if m := s.only(); m.State != MentorActive || m.Weeks != 2 || m.Theme != firstTheme {
		t.Errorf("after both it is %+v", m)
	}
	s.until(s.now.Add(9 * week))
	for _, id := range []string{"a", "b"} {
		if got := s.heard(id); !slices.Equal(got, []string{mentorAsk, mentorIntro, "theme1", "theme2"}) {
			t.Errorf("%s heard %v", id, got)
		}
	}
}

func TestThemesNeverComeTwice(t *testing.T) {
	s := begun(t)
	for range 8 {
		m := s.only()
		_, err := s.AnotherTheme(t.Context(), s.now, s.says("a"), m.Theme)
		if err != nil && code(err) != MentorNoTheme {
			t.Fatal(err)
		}
		if err == nil {
			_, err = s.AnotherTheme(t.Context(), s.now, s.says("b"), m.Theme) // of what the first tap replaced
			s.must(err)
		}
		s.until(s.now.Add(4 * week))
	}
	m := s.only()
	seen := map[string]bool{}
	for _, id := range m.Themes {
		if seen[id] {
			t.Errorf("%s came twice", id)
		}
		seen[id] = true
	}
	if len(m.Themes) < 12 {
		t.Errorf("only %d themes in eight months: %v", len(m.Themes), m.Themes)
	}
}

func TestThemesWait(t *testing.T) {
	tests := map[string]struct {
		change func(s *school)
		want   []string
	}{
		"nothing":      {func(*school) {}, []string{mentorAsk, mentorIntro, "theme1"}},
		"switched off": {func(s *school) { _, err := s.QuietThemes(t.Context(), s.says("b"), true); s.must(err) }, []string{mentorAsk, mentorIntro}},
		"muted by one": {func(s *school) { s.stage.preferences["b"] = Preferences{Muted: []Kind{KindTheme}} }, []string{mentorAsk, mentorIntro}},
		"one is away": {func(s *school) {
			s.stage.preferences["a"] = Preferences{PausedTill: Date{Year: 2026, Month: 7, Day: 1}}
		}, []string{mentorAsk, mentorIntro}},
		"one's seat pauses":  {func(s *school) { s.pauseSeat("a") }, []string{mentorAsk, mentorIntro}},
		"the program pauses": {func(s *school) { p := s.shelf.programs[s.program]; p.Paused = true; s.shelf.programs[s.program] = p }, []string{mentorAsk, mentorIntro}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			s := begun(t)
			s.until(s.now.Add(24 * time.Hour))
			test.change(s)
			s.until(s.now.Add(5 * week))
			if got := s.heard("b"); !slices.Equal(got, test.want) {
				t.Errorf("b heard %v, want %v", got, test.want)
			}
			s.shelf.programs[s.program] = unpaused(s.shelf.programs[s.program])
			s.stage.preferences = map[string]Preferences{}
			if s.only().Quiet {
				_, err := s.QuietThemes(t.Context(), s.says("a"), false)
				s.must(err)
			}
			s.until(s.now.Add(13 * week))
			if got := s.heard("b"); len(got) < len(test.want)+1 {
				t.Errorf("later b heard %v", got)
			}
		})
	}
}

func unpaused(p Program) Program {
	p.Paused = false
	return p
}

func (s *school) pauseSeat(member string) {
	s.t.Helper()
	_, err := s.Pause(s.t.Context(), s.now, s.act(s.program, member), Date{Year: 2026, Month: 7, Day: 1})
	s.must(err)
}

func TestWhoIsDeclinedHearsNoMore(t *testing.T) {
	tests := map[string]struct {
		acts func(s *school)
		a, b []string
	}{
		"the other had not answered": {func(s *school) { s.must(s.decline("b")) }, []string{mentorAsk}, []string{mentorAsk}},
		"the other had said yes":     {func(s *school) { s.must(s.accept("a")); s.must(s.decline("b")) }, []string{mentorAsk, mentorNone}, []string{mentorAsk}},
		"who said yes takes it back": {func(s *school) { s.must(s.accept("a")); s.must(s.decline("a")) }, []string{mentorAsk}, []string{mentorAsk}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			s := openSchool(t, 2).with(1, "a", "b")
			s.round()
			s.until(s.now.Add(time.Hour))
			test.acts(s)
			m := s.only()
			if m.State != MentorDeclined || len(m.Accepted) > 0 {
				t.Errorf("it is %+v", m)
			}
			s.until(s.now.Add(24 * time.Hour))
			if a, b := s.heard("a"), s.heard("b"); !slices.Equal(a, test.a) || !slices.Equal(b, test.b) {
				t.Errorf("a heard %v, b heard %v", a, b)
			}
			if err := s.accept("a"); code(err) != MentorNoMatch {
				t.Errorf("a late yes is %v", err)
			}
			s.round()
			s.round()
			if m := s.only(); m.State != MentorDeclined || m.Try != 1 {
				t.Errorf("proposed again: %+v", m)
			}
			if got := s.heard("b"); !slices.Equal(got, append(slices.Clone(test.b), waitWord)) {
				t.Errorf("b, who waits, heard %v", got)
			}
		})
	}
}

func TestAProposalLapses(t *testing.T) {
	s := openSchool(t, 3).with(1, "a", "b")
	s.round()
	began := s.now
	s.until(began.Add(time.Hour))
	s.must(s.accept("b"))
	s.until(began.Add(3 * week))
	if got := s.heard("a"); !slices.Equal(got, []string{mentorAsk, mentorAskAgain, mentorLapsed}) {
		t.Errorf("a, who said nothing, heard %v", got)
	}
	if got := s.heard("b"); !slices.Equal(got, []string{mentorAsk, mentorLapsed}) {
		t.Errorf("b, who said yes, heard %v", got)
	}
	m := s.only()
	if m.State != MentorLapsed || m.Closed.Sub(began) < 8*24*time.Hour || m.Closed.Sub(began) > 12*24*time.Hour {
		t.Errorf("it lapsed after %v: %+v", m.Closed.Sub(began), m)
	}
	if a, b := s.seat(s.program, "a"), s.seat(s.program, "b"); !a.Silent || b.Silent {
		t.Errorf("seats %+v and %+v: only who said nothing rests", a, b)
	}
	s.round()
	if m := s.only(); m.State != MentorLapsed {
		t.Errorf("who rests was proposed: %+v", m)
	}
	if _, err := s.Return(t.Context(), s.now, s.act(s.program, "a")); err != nil {
		t.Fatal(err)
	}
	s.round()
	if m := s.only(); m.State != MentorProposed || m.Try != 2 {
		t.Errorf("back in, they are not proposed again: %+v", m)
	}
}

func TestEitherEndsIt(t *testing.T) {
	for _, by := range []string{"a", "b"} {
		t.Run(by, func(t *testing.T) {
			s := begun(t)
			s.until(s.now.Add(24 * time.Hour))
			act := s.says(by)
			for range 2 {
				if _, err := s.EndMentorship(t.Context(), s.now, act); err != nil {
					t.Fatal(err)
				}
			}
			s.until(s.now.Add(9 * week))
			other := s.only().Other(by)
			if got := s.heard(by); !slices.Equal(got, []string{mentorAsk, mentorIntro}) {
				t.Errorf("%s, who ended it, heard %v", by, got)
			}
			if got := s.heard(other); !slices.Equal(got, []string{mentorAsk, mentorIntro, mentorOver}) {
				t.Errorf("%s heard %v", other, got)
			}
			if a, b := s.seat(s.program, "a"), s.seat(s.program, "b"); a.Silent || !b.Silent {
				t.Errorf("seats %+v and %+v: the mentor is free, the mentee rests until they ask for another", a, b)
			}
			for _, again := range []error{s.accept("a"), s.decline("b")} {
				if code(again) != MentorAlreadyEnded {
					t.Errorf("afterwards: %v", again)
				}
			}
		})
	}
}

func TestLeavingEndsItKindly(t *testing.T) {
	tests := map[string]struct {
		leave func(s *school)
		want  []string
	}{
		"the program": {func(s *school) { _, err := s.Leave(t.Context(), s.now, s.act(s.program, "a")); s.must(err) }, []string{mentorAsk, mentorIntro, mentorOver}},
		"the channel": {func(s *school) { s.must(s.MemberLeft(t.Context(), s.now, "left", "C1", "a")) }, []string{mentorAsk, mentorIntro, mentorOver}},
		"the company": {func(s *school) {
			m := s.stage.members["a"]
			m.Deleted = true
			s.stage.members["a"] = m
		}, []string{mentorAsk, mentorIntro, mentorOver}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			s := begun(t)
			s.until(s.now.Add(24 * time.Hour))
			test.leave(s)
			s.until(s.now.Add(5 * week))
			if got := s.heard("b"); !slices.Equal(got, test.want) {
				t.Errorf("b heard %v", got)
			}
			if got := s.heard("a"); slices.Contains(got, mentorOver) {
				t.Errorf("a, who left, heard %v", got)
			}
		})
	}
}

func TestAnswersAtTheSameTime(t *testing.T) {
	for name, test := range map[string]struct {
		first func(s *school)
		then  func(s *school) error
		code  FaultCode
		want  MentorshipState
	}{
		"two say yes":             {func(s *school) { s.must(s.accept("b")) }, func(s *school) error { return s.accept("a") }, "", MentorActive},
		"no comes before yes":     {func(s *school) { s.must(s.decline("b")) }, func(s *school) error { return s.accept("a") }, MentorNoMatch, MentorDeclined},
		"yes comes before no":     {func(s *school) { s.must(s.accept("b")) }, func(s *school) error { return s.decline("a") }, "", MentorDeclined},
		"the owner pauses it all": {func(s *school) { p := s.shelf.programs["1"]; p.Paused = true; s.shelf.programs["1"] = p }, func(s *school) error { return s.accept("a") }, "", MentorProposed},
	} {
		t.Run(name, func(t *testing.T) {
			s := openSchool(t, 2).with(1, "a", "b")
			s.round()
			s.until(s.now.Add(time.Hour))
			s.pairs.onSave = func() { test.first(s) }
			if err := test.then(s); code(err) != test.code {
				t.Errorf("the second is answered with %v", err)
			}
			if m := s.only(); m.State != test.want {
				t.Errorf("it is %+v", m)
			}
		})
	}
}

func TestNobodyElseFindsAMentorship(t *testing.T) {
	s := begun(t)
	id := s.only().ID
	for name, act := range map[string]func(MentorAct) error{
		"accept":  func(a MentorAct) error { _, err := s.AcceptMentor(t.Context(), s.now, a); return err },
		"decline": func(a MentorAct) error { _, err := s.DeclineMentor(t.Context(), s.now, a); return err },
		"end":     func(a MentorAct) error { _, err := s.EndMentorship(t.Context(), s.now, a); return err },
		"every":   func(a MentorAct) error { _, err := s.MeetEvery(t.Context(), a, 4); return err },
		"quiet":   func(a MentorAct) error { _, err := s.QuietThemes(t.Context(), a, true); return err },
		"theme":   func(a MentorAct) error { _, err := s.AnotherTheme(t.Context(), s.now, a, firstTheme); return err },
		"view":    func(a MentorAct) error { _, err := s.MentorView(t.Context(), a); return err },
		"start":   func(a MentorAct) error { _, err := s.MentorStartView(t.Context(), s.now, a, true); return err },
	} {
		for _, a := range []MentorAct{{Token: s.token(), Member: "c", Mentorship: id}, {Token: s.token(), Member: "", Mentorship: id}, {Token: s.token(), Member: "a", Mentorship: "1-a-z"}, {Token: s.token(), Member: "a", Mentorship: "x"}} {
			if err := act(a); code(err) != FaultNotFound {
				t.Errorf("%s of %+v is answered with %v", name, a, err)
			}
		}
	}
	before := s.only()
	if before.State != MentorActive || before.Quiet || before.Weeks != 2 {
		t.Errorf("it became %+v", before)
	}
}

func TestMentorsAreNotGivenMoreThanTheyOffer(t *testing.T) {
	s := openSchool(t, 7).with(2, "a", "b c d e")
	s.round()
	if len(s.pairs.list) > 2 || len(s.pairs.list) == 0 {
		t.Errorf("%d pairs for two places", len(s.pairs.list))
	}
	s.round()
	s.takeIn("a", pairing.Mentor, 1)
	s.round()
	if len(s.pairs.list) > 4 {
		t.Errorf("%d pairs", len(s.pairs.list))
	}
	open := 0
	for _, m := range s.pairs.list {
		if m.Open() {
			open++
		}
	}
	if open > 2 {
		t.Errorf("%d are open at a time", open)
	}
}

func TestARoundThatBrokeOffGoesOn(t *testing.T) {
	s := openSchool(t, 6).with(1, "a b c", "d e f")
	at := NextRound(s.shelf.programs[s.program], s.now)
	s.now = at
	s.pairs.onSave = func() { s.pairs.broken = errors.New("the store does not answer") }
	if err := s.PlanRound(t.Context(), at, s.program, at); err == nil {
		t.Fatal("a broken store is no error")
	}
	s.pairs.broken = nil
	for range 2 {
		s.must(s.PlanRound(t.Context(), at, s.program, at))
	}
	mentors, mentees := openPairs(s.pairs.those(func(Mentorship) bool { return true }))
	for id, n := range mentors {
		if n != 1 {
			t.Errorf("%s has %d", id, n)
		}
	}
	if len(mentors) != 3 || len(mentees) != 3 {
		t.Errorf("mentors %v, mentees %v", mentors, mentees)
	}
}

func TestTwoWhoMayNotMeetAreNotProposed(t *testing.T) {
	s := openSchool(t, 2).with(1, "a", "b")
	m := s.stage.members["b"]
	m.Manager = "a"
	s.stage.members["b"] = m
	s.round()
	if len(s.pairs.list) != 0 {
		t.Fatalf("a manager mentors their report: %+v", s.pairs.list)
	}
	m.Manager = ""
	s.stage.members["b"] = m
	s.round()
	s.until(s.now.Add(time.Hour))
	m.Manager = "a"
	s.stage.members["b"] = m
	s.must(s.accept("a"))
	s.must(s.accept("b"))
	if m := s.only(); m.State != MentorDeclined {
		t.Errorf("who became manager and report meanwhile are %+v", m)
	}
}

func TestWhoHasNoSideIsNotMatched(t *testing.T) {
	s := openSchool(t, 3).with(1, "a", "")
	s.join(s.program, "b")
	s.round()
	if len(s.pairs.list) != 0 {
		t.Errorf("proposed %+v", s.pairs.list)
	}
	for _, test := range []struct {
		role     pairing.Role
		capacity int
		want     FaultCode
	}{{"", 1, MentorRoleUnset}, {"owner", 1, MentorRoleUnset}, {pairing.Mentor, 0, MentorCapacity}, {pairing.Mentor, 6, MentorCapacity}, {pairing.Mentee, 0, ""}} {
		_, _, err := s.JoinMentoring(t.Context(), s.now, s.act(s.program, "c"), test.role, test.capacity)
		if code(err) != test.want {
			t.Errorf("%q for %d: %v, want %q", test.role, test.capacity, err, test.want)
		}
	}
}

func TestAMentorOverviewShowsSumsOfFive(t *testing.T) {
	for _, test := range []struct {
		pairs, waiting, mentors int
		want                    MentorOverview
	}{
		{4, 4, 4, MentorOverview{}},
		{5, 5, 5, MentorOverview{Pairs: 5, PairsKnown: true, Waiting: 5, WaitingKnown: true, Free: 15, FreeKnown: true}},
	} {
		var pool mentorPool
		for i := range test.pairs {
			id := string(rune('A' + i))
			pool.mentorships = append(pool.mentorships, Mentorship{Mentor: "m" + id, Mentee: "e" + id, State: MentorActive})
		}
		for range test.waiting {
			pool.seats = append(pool.seats, Seat{Member: "w", Role: pairing.Mentee, Joined: time.Unix(1, 0)})
		}
		for range test.mentors {
			pool.seats = append(pool.seats, Seat{Member: "f", Role: pairing.Mentor, Capacity: 3, Joined: time.Unix(1, 0)})
		}
		var got MentorOverview
		got.count(pool)
		if got.Pairs != test.want.Pairs || got.PairsKnown != test.want.PairsKnown || got.Waiting != test.want.Waiting || got.WaitingKnown != test.want.WaitingKnown ||
			got.Free != test.want.Free || got.FreeKnown != test.want.FreeKnown {
			t.Errorf("got %+v, want %+v", got, test.want)
		}
	}
}

func TestPeopleFarApartAreIntroducedAlone(t *testing.T) {
	s := openSchool(t, 2).with(1, "a", "b")
	m := s.stage.members["b"]
	m.Zone = "America/Los_Angeles"
	s.stage.members["b"] = m
	s.round()
	s.until(s.now.Add(24 * time.Hour))
	s.must(s.accept("a"))
	s.must(s.accept("b"))
	s.until(s.now.Add(6 * week))
	for _, id := range []string{"a", "b"} {
		if got := s.heard(id); !slices.Equal(got, []string{mentorAsk, mentorIntro, "theme1"}) {
			t.Errorf("%s heard %v", id, got)
		}
	}
	for _, send := range s.shelf.sends {
		if send.State == StateSent && send.Kind != KindPlan && len(send.Members) > 0 {
			for _, id := range send.Members {
				if h := HoursOf(s.stage.members[id], Preferences{}, "UTC"); !h.Open(send.Settled) {
					t.Errorf("%s came to %s at %v", send.SID, id, send.Settled.In(h.Zone))
				}
			}
		}
	}
}
