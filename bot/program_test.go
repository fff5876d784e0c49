package bot

import (
	"slices"
	"strings"
	"testing"
	"time"

	"rapport/bot/when"
)

func TestSaveRefuses(t *testing.T) {
	for _, tt := range []struct {
		name   string
		actor  string
		change func(*cafe, *Program)
		want   FaultCode
	}{
		{"nothing", "a", func(*cafe, *Program) {}, ""},
		{"no name", "a", func(_ *cafe, p *Program) { p.Name = "" }, ProgramName},
		{"a name of 41 characters", "a", func(_ *cafe, p *Program) { p.Name = strings.Repeat("ä", 41) }, ProgramName},
		{"an escaped name of 40 characters", "a", func(_ *cafe, p *Program) { p.Name = strings.Repeat("&amp;", 40) }, ""},
		{"a long purpose", "a", func(_ *cafe, p *Program) { p.Purpose = strings.Repeat("x", 201) }, ProgramPurpose},
		{"13 weeks", "a", func(_ *cafe, p *Program) { p.Weeks = 13 }, ProgramCadence},
		{"no weeks", "a", func(_ *cafe, p *Program) { p.Weeks = 0 }, ProgramCadence},
		{"an eighth weekday", "a", func(_ *cafe, p *Program) { p.Weekday = 7 }, ProgramCadence},
		{"midnight of the next day", "a", func(_ *cafe, p *Program) { p.Minute = 24 * 60 }, ProgramCadence},
		{"groups of five", "a", func(_ *cafe, p *Program) { p.Size = 5 }, FaultInvalid},
		{"an unknown rule", "a", func(_ *cafe, p *Program) { p.Department = "always" }, FaultInvalid},
		{"an unknown zone", "a", func(_ *cafe, p *Program) { p.Zone = "Europe/Atlantis" }, ProgramZone},
		{"no zone", "a", func(_ *cafe, p *Program) { p.Zone = "" }, ProgramZone},
		{"the server's own zone", "a", func(_ *cafe, p *Program) { p.Zone = "Local" }, ProgramZone},
		{"a channel without the bot", "a", func(_ *cafe, p *Program) { p.Channel = "C9" }, ProgramOutside},
		{"an archived channel", "a", func(k *cafe, _ *Program) { k.stage.channels["C1"] = Channel{ID: "C1", Inside: true, Archived: true} }, ProgramOutside},
		{"a shared channel", "a", func(k *cafe, _ *Program) { k.stage.channels["C1"] = Channel{ID: "C1", Inside: true, Shared: true} }, ProgramShared},
		{"a private channel that the person is not in", "a", func(_ *cafe, p *Program) { p.Channel = "P1" }, ProgramOutside},
		{"a public channel that the person is not in", "a", func(k *cafe, _ *Program) { delete(k.stage.inside, "C1 a") }, ProgramOutside},
		{"a public channel when nobody can tell", "a", func(k *cafe, _ *Program) { k.stage.blind = true }, ""},
		{"a private channel when nobody can tell", "a", func(k *cafe, p *Program) { k.stage.blind, p.Channel = true, "P1" }, ProgramOutside},
		{"a public channel when nobody is there to ask", "a", func(k *cafe, _ *Program) { k.Presence = nil }, ""},
		{"a guest", "b", func(k *cafe, _ *Program) { k.stage.members["b"] = Member{ID: "b", Guest: true} }, FaultForbidden},
		{"a stranger", "b", func(k *cafe, _ *Program) { k.stage.members["b"] = Member{ID: "b", Stranger: true} }, FaultForbidden},
		{"a program that does not exist", "a", func(_ *cafe, p *Program) { p.ID = "7" }, FaultNotFound},
	} {
		t.Run(tt.name, func(t *testing.T) {
			k := openCafe(t, 2)
			p := NewProgram("C1", tt.actor, "Europe/Berlin")
			tt.change(k, &p)
			if _, err := k.Save(t.Context(), k.now, k.token(), tt.actor, p); code(err) != tt.want {
				t.Errorf("got %v, want %q", err, tt.want)
			}
			if tt.want != "" && len(k.shelf.sends) > 0 {
				t.Errorf("it is announced all the same: %+v", k.shelf.sends)
			}
		})
	}
}

func TestANewProgramBelongsToItsAuthorAndInvitesOnce(t *testing.T) {
	k := openCafe(t, 2)
	wish := NewProgram("C1", "b", "Europe/Berlin")
	wish.Owner, wish.Closed, wish.Paused, wish.Version = "b", true, true, 9
	p, err := k.Save(t.Context(), k.now, "view 1", "a", wish)
	if err != nil {
		t.Fatal(err)
	}
	if p.Owner != "a" || p.Closed || p.Paused || p.Anchor != day(2026, 3, 16) {
		t.Errorf("saved %+v", p)
	}
	again, err := k.Save(t.Context(), k.now, "view 1", "a", wish)
	if err != nil || again.ID != p.ID || len(k.shelf.programs) != 1 {
		t.Errorf("the same form again made %+v, %v", again, err)
	}
	sent := k.deliver(k.now)
	if len(sent) != 1 || sent[0].Channel != "C1" || sent[0].SID != "program/1/invitation" {
		t.Errorf("sent %+v", sent)
	}
}

func TestWhoMayChangeAProgram(t *testing.T) {
	for _, tt := range []struct {
		name, actor, channel string // of the program
		want                 FaultCode
		prepare              func(*cafe)
	}{
		{"the owner", "a", "C1", "", func(*cafe) {}},
		{"a colleague", "b", "C1", FaultForbidden, func(*cafe) {}},
		{"an admin", "b", "C1", "", func(k *cafe) { k.stage.members["b"] = Member{ID: "b", Admin: true} }},
		{"a colleague outside a private channel", "b", "P1", FaultNotFound, func(k *cafe) { delete(k.stage.inside, "P1 b") }},
		{"an admin outside a private channel", "b", "P1", FaultNotFound, func(k *cafe) {
			k.stage.members["b"] = Member{ID: "b", Admin: true}
			delete(k.stage.inside, "P1 b")
		}},
		{"an admin in a private channel", "b", "P1", "", func(k *cafe) { k.stage.members["b"] = Member{ID: "b", Admin: true} }},
		{"the owner who left the company", "a", "C1", FaultForbidden, func(k *cafe) { k.stage.members["a"] = Member{ID: "a", Deleted: true} }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			k := openCafe(t, 3)
			p := k.setUp(tt.channel, nil)
			tt.prepare(k)
			wish := p
			wish.Name, wish.Owner, wish.Paused = "Lunch", tt.actor, true
			saved, err := k.Save(t.Context(), k.now, k.token(), tt.actor, wish)
			if code(err) != tt.want {
				t.Errorf("save: %v, want %q", err, tt.want)
			}
			if err == nil && (saved.Name != "Lunch" || saved.Owner != "a" || saved.Paused) {
				t.Errorf("saved %+v", saved)
			}
			if _, err := k.Overview(t.Context(), k.now, p.ID, tt.actor, ""); code(err) != tt.want {
				t.Errorf("overview: %v, want %q", err, tt.want)
			}
			act := SeatAct{Token: k.token(), Member: tt.actor, Program: p.ID}
			if _, err := k.Halt(t.Context(), k.now, act, true); code(err) != tt.want {
				t.Errorf("halt: %v, want %q", err, tt.want)
			}
		})
	}
}

func TestAProgramKeepsItsChannelAndWhatTheFormDoesNotHave(t *testing.T) {
	k := openCafe(t, 2)
	p := k.setUp("C1", func(p *Program) { p.Window, p.Guests = 5, true })
	wish := NewProgram("C1", "a", "Europe/Berlin")
	wish.ID, wish.Version = p.ID, p.Version
	saved, err := k.Save(t.Context(), k.now, k.token(), "a", wish)
	if err != nil || saved.Window != 5 || !saved.Guests || saved.Created != p.Created {
		t.Errorf("saved %+v, %v", saved, err)
	}
	wish.Version, wish.Channel = saved.Version, "P1"
	if _, err := k.Save(t.Context(), k.now, k.token(), "a", wish); code(err) != FaultForbidden {
		t.Errorf("moved to another channel: %v", err)
	}
	wish.Channel, wish.Version = "C1", p.Version
	if _, err := k.Save(t.Context(), k.now, k.token(), "a", wish); code(err) != FaultStale {
		t.Errorf("saved over a newer version: %v", err)
	}
}

func TestAChangedScheduleComesNeitherTwiceNorTooSoon(t *testing.T) {
	for _, tt := range []struct {
		name   string
		weeks  int
		change func(*Program)
		want   string // the next round, in the program's zone
	}{
		{"nothing changed", 1, func(p *Program) { p.Name = "Lunch" }, "2026-03-23T09:00:00+01:00"},
		{"later on the same day", 1, func(p *Program) { p.Minute = 18 * 60 }, "2026-03-23T18:00:00+01:00"},
		{"wednesday instead of monday", 1, func(p *Program) { p.Weekday = time.Wednesday }, "2026-03-25T09:00:00+01:00"},
		{"friday instead of monday", 1, func(p *Program) { p.Weekday = time.Friday }, "2026-03-20T09:00:00+01:00"},
		{"every second week", 1, func(p *Program) { p.Weeks = 2 }, "2026-03-30T09:00:00+02:00"},
		{"every week instead of every fourth", 4, func(p *Program) { p.Weeks = 1 }, "2026-03-23T09:00:00+01:00"},
		{"the hour of a slow rhythm", 4, func(p *Program) { p.Minute = 10 * 60 }, "2026-04-13T10:00:00+02:00"},
		{"another zone", 1, func(p *Program) { p.Zone = "Asia/Tokyo" }, "2026-03-23T09:00:00+09:00"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			k := openCafe(t, 2)
			p := k.setUp("C1", func(p *Program) { p.Weeks = tt.weeks }, "a", "b")
			k.plan(p.ID)
			k.now = k.now.Add(time.Hour) // Monday, 10:00 in Berlin
			tt.change(&p)
			p, err := k.Save(t.Context(), k.now, k.token(), "a", p)
			if err != nil {
				t.Fatal(err)
			}
			if got := NextRound(p, k.now).Format(time.RFC3339); got != tt.want {
				t.Errorf("next on %s, want %s", got, tt.want)
			}
			if p.Anchor.Weekday() != p.Weekday {
				t.Errorf("anchored on a %s", p.Anchor.Weekday())
			}
		})
	}
}

func TestEachTapCounts(t *testing.T) {
	k := openCafe(t, 2)
	p := k.setUp("C1", nil)
	join := SeatAct{Token: "invitation", Member: "b", Program: p.ID, Channel: "C1"} // a button in a channel: the same token each time
	steps := []struct {
		name string
		do   func() error
		in   bool
		skip int
	}{
		{"join", func() error {
			_, already, err := k.Join(t.Context(), k.now, join)
			mustBe(t, already, false)
			return err
		}, true, 0},
		{"join again", func() error {
			_, already, err := k.Join(t.Context(), k.now, join)
			mustBe(t, already, true)
			return err
		}, true, 0},
		{"skip", func() error { _, err := k.Skip(t.Context(), k.now, k.act(p.ID, "b"), true); return err }, true, 1},
		{"join once more", func() error {
			_, already, err := k.Join(t.Context(), k.now, join)
			mustBe(t, already, true)
			return err
		}, true, 1},
		{"take the skip back", func() error { _, err := k.Skip(t.Context(), k.now, k.act(p.ID, "b"), false); return err }, true, 0},
		{"skip again", func() error { _, err := k.Skip(t.Context(), k.now, k.act(p.ID, "b"), true); return err }, true, 1},
		{"I'm in", func() error { _, err := k.Return(t.Context(), k.now, k.act(p.ID, "b")); return err }, true, 0},
		{"leave", func() error { _, err := k.Leave(t.Context(), k.now, k.act(p.ID, "b")); return err }, false, 0},
		{"join after leaving", func() error {
			_, already, err := k.Join(t.Context(), k.now, join)
			mustBe(t, already, false)
			return err
		}, true, 0},
	}
	for _, s := range steps {
		if err := s.do(); err != nil {
			t.Fatalf("%s: %v", s.name, err)
		}
		if seat := k.seat(p.ID, "b"); seat.In() != s.in || seat.SkipRound != s.skip {
			t.Errorf("after %s: %+v", s.name, seat)
		}
	}
}

func mustBe(t *testing.T, got, want bool) {
	t.Helper()
	if got != want {
		t.Errorf("got %t, want %t", got, want)
	}
}

func TestASecondTapWritesNothing(t *testing.T) {
	k := openCafe(t, 1)
	p := k.setUp("C1", nil, "a")
	saves := k.shelf.saves
	k.join(p.ID, "a")
	if k.shelf.saves != saves {
		t.Errorf("%d writes for nothing", k.shelf.saves-saves)
	}
}

// Whoever forges a button's value learns and changes nothing.
func TestForgedSeats(t *testing.T) {
	k := openCafe(t, 3)
	open, closed := k.setUp("C1", nil, "a"), k.setUp("P1", nil, "a")
	delete(k.stage.inside, "P1 c")
	k.stage.members["g"] = Member{ID: "g", Guest: true, Zone: "Europe/Berlin"}
	k.stage.inside["P1 g"] = true
	at := func(member, program, channel string) SeatAct {
		return SeatAct{Token: k.token(), Member: member, Program: program, Channel: channel}
	}
	for _, tt := range []struct {
		name string
		act  SeatAct
		join FaultCode
		rest FaultCode // of leave, skip, pause and "I'm in"
	}{
		{"a program that does not exist", at("c", "99", "C1"), FaultNotFound, FaultNotFound},
		{"a private channel's program", at("c", closed.ID, "C1"), FaultNotFound, FaultNotFound},
		{"from a direct message", at("c", closed.ID, ""), FaultNotFound, FaultNotFound},
		{"a guest in the private channel", at("g", closed.ID, "P1"), ProgramGuest, FaultNotFound},
		{"a guest", at("g", open.ID, "C1"), ProgramGuest, FaultNotFound},
		{"a stranger", at("z", open.ID, "C1"), FaultForbidden, FaultNotFound},
		{"nobody's seat", at("b", open.ID, "C1"), "", FaultNotFound},
	} {
		t.Run(tt.name, func(t *testing.T) {
			before := len(k.shelf.seats)
			_, leave := k.Leave(t.Context(), k.now, tt.act)
			_, skip := k.Skip(t.Context(), k.now, tt.act, true)
			_, pause := k.Pause(t.Context(), k.now, tt.act, day(2026, 5, 1))
			_, in := k.Return(t.Context(), k.now, tt.act)
			for _, err := range []error{leave, skip, pause, in} {
				if code(err) != tt.rest {
					t.Errorf("got %v, want %q", err, tt.rest)
				}
			}
			if len(k.shelf.seats) != before {
				t.Error("a seat was made")
			}
			if _, _, err := k.Join(t.Context(), k.now, tt.act); code(err) != tt.join {
				t.Errorf("join: %v, want %q", err, tt.join)
			}
		})
	}
	if _, _, err := k.Join(t.Context(), k.now, at("b", closed.ID, "")); err != nil {
		t.Errorf("a member of the private channel, from elsewhere: %v", err)
	}
}

func TestPause(t *testing.T) {
	k := openCafe(t, 1)
	p := k.setUp("C1", nil, "a")
	if _, err := k.Pause(t.Context(), k.now, k.act(p.ID, "a"), day(2026, 3, 15)); code(err) != ProgramPastDate {
		t.Errorf("until today: %v", err)
	}
	m, err := k.Pause(t.Context(), k.now, k.act(p.ID, "a"), day(2026, 3, 24))
	if err != nil || !m.Away() || m.Takes().Format(time.DateOnly) != "2026-03-30" {
		t.Errorf("paused: %+v, takes %v, %v", m.Seat, m.Takes(), err)
	}
	m, err = k.Pause(t.Context(), k.now, k.act(p.ID, "a"), Date{})
	if err != nil || m.Away() || m.Takes().Format(time.DateOnly) != "2026-03-16" {
		t.Errorf("back: %+v, takes %v, %v", m.Seat, m.Takes(), err)
	}
	m, err = k.Skip(t.Context(), k.now, k.act(p.ID, "a"), true)
	if err != nil || !m.Skips() || m.Takes().Format(time.DateOnly) != "2026-03-23" {
		t.Errorf("skipped: %+v, takes %v, %v", m.Seat, m.Takes(), err)
	}
}

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

func programsOf(mine []Mine) []Program {
	var list []Program
	for _, m := range mine {
		list = append(list, m.Program)
	}
	return list
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

func TestALostChannelPausesItsProgramsAndTellsTheOwnerOnce(t *testing.T) {
	k := openCafe(t, 2)
	p := k.setUp("C1", nil, "a", "b")
	k.deliver(k.now)
	k.stage.channels["C1"] = Channel{ID: "C1"}
	k.plan(p.ID)
	if stored := k.shelf.programs[p.ID]; !stored.Paused || !k.shelf.entries["round/"+p.ID].Off || len(k.shelf.rounds) != 0 {
		t.Errorf("planned without the channel: %+v", stored)
	}
	if err := k.LoseChannel(t.Context(), k.now, "C1"); err != nil {
		t.Fatal(err)
	}
	if got := k.deliver(k.now.AddDate(0, 0, 20)); len(got) != 1 || !slices.Equal(got[0].Members, []string{"a"}) {
		t.Errorf("told %+v", got)
	}
	if _, err := k.Halt(t.Context(), k.now, k.act(p.ID, "a"), false); code(err) != ProgramOutside {
		t.Errorf("went on without the channel: %v", err)
	}
	k.stage.channels["C1"] = Channel{ID: "C1", Inside: true}
	if got, err := k.Halt(t.Context(), k.now, k.act(p.ID, "a"), false); err != nil || got.Paused || k.shelf.entries["round/"+p.ID].Off {
		t.Errorf("did not go on: %+v, %v", got, err)
	}
	if r := k.plan(p.ID); len(r.Groups) != 1 {
		t.Errorf("the round after that: %+v", r)
	}
}

func TestAProgramBecomesAsPrivateAsItsChannel(t *testing.T) {
	k := openCafe(t, 3)
	p := k.setUp("C1", nil, "a", "b")
	delete(k.stage.inside, "C1 c")
	k.stage.channels["C1"] = Channel{ID: "C1", Inside: true, Private: true}
	if r := k.plan(p.ID); len(r.Groups) != 1 {
		t.Errorf("round %+v", r)
	}
	outside := SeatAct{Token: k.token(), Member: "c", Program: p.ID, Channel: "C2"}
	if _, _, err := k.Join(t.Context(), k.now, outside); code(err) != FaultNotFound {
		t.Errorf("joined from outside: %v", err)
	}
}

func TestWhoLeavesTheChannelLeavesItsPrograms(t *testing.T) {
	k := openCafe(t, 2)
	p, other := k.setUp("C1", nil, "a", "b"), k.setUp("P1", nil, "b")
	if err := k.MemberLeft(t.Context(), k.now, "event", "C1", "b"); err != nil {
		t.Fatal(err)
	}
	if k.seat(p.ID, "b").In() || !k.seat(other.ID, "b").In() || !k.seat(p.ID, "a").In() {
		t.Errorf("seats: %+v", k.shelf.seats)
	}
}

func TestTheRoundEntryIsWhatNextRoundSays(t *testing.T) {
	k := openCafe(t, 1)
	p := k.setUp("C1", func(p *Program) { p.Weekday, p.Minute, p.Weeks = time.Sunday, 14*60+5, 3 })
	want := Entry{Name: "round/{id}", Spec: "5 14 * * 0", Zone: "Europe/Berlin", Weeks: 3, Anchor: when.DateOf(NextRound(p, k.now)), Grace: 24 * time.Hour}
	if got := k.shelf.entries["round/"+p.ID]; got != want {
		t.Errorf("entry %+v, want %+v", got, want)
	}
}
