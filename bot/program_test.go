package bot

import (
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
		{"long words", "a", func(_ *cafe, p *Program) { p.Words = strings.Repeat("x", 1001) }, ProgramWords},
		{"an unknown country", "a", func(_ *cafe, p *Program) { p.Holidays = "XX" }, FaultInvalid},
		{"an unknown theme", "a", func(_ *cafe, p *Program) { p.Theme = "astrology" }, FaultInvalid},
		{"a theme", "a", func(_ *cafe, p *Program) { p.Theme = "curiosity" }, ""},
		{"a negative window", "a", func(_ *cafe, p *Program) { p.Window = -1 }, FaultInvalid},
		{"an unknown kind", "a", func(_ *cafe, p *Program) { p.Form = "dating" }, FaultInvalid},
		{"an unknown rule for hours", "a", func(_ *cafe, p *Program) { p.Overlap = "never" }, FaultInvalid},
		{"an editor", "a", func(_ *cafe, p *Program) { p.Editors = []string{"b"} }, ""},
		{"a guest as editor", "a", func(k *cafe, p *Program) {
			k.stage.members["b"] = Member{ID: "b", Guest: true}
			p.Editors = []string{"b"}
		}, ProgramEditor},
		{"nobody as editor", "a", func(_ *cafe, p *Program) { p.Editors = []string{"nobody"} }, ProgramEditor},
		{"eleven editors", "a", func(_ *cafe, p *Program) { p.Editors = strings.Split("bcdefghijkl", "") }, FaultInvalid},
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
	p := k.setUp("C1", nil)
	wish := NewProgram("C1", "a", "Europe/Berlin")
	wish.ID, wish.Version, wish.Form, wish.Closed, wish.Name = p.ID, p.Version, MentorForm, true, "Lunch"
	saved, err := k.Save(t.Context(), k.now, k.token(), "a", wish)
	if err != nil || saved.Form != CoffeeForm || saved.Closed || saved.Created != p.Created || saved.Name != "Lunch" {
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

func mustBe(t *testing.T, got, want bool) {
	t.Helper()
	if got != want {
		t.Errorf("got %t, want %t", got, want)
	}
}

func programsOf(mine []Mine) []Program {
	var list []Program
	for _, m := range mine {
		list = append(list, m.Program)
	}
	return list
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

func TestTheRoundEntryIsWhatNextRoundSays(t *testing.T) {
	k := openCafe(t, 1)
	p := k.setUp("C1", func(p *Program) { p.Weekday, p.Minute, p.Weeks = time.Sunday, 14*60+5, 3 })
	want := Entry{Name: "round/{id}", Spec: "5 14 * * 0", Zone: "Europe/Berlin", Weeks: 3, Anchor: when.DateOf(NextRound(p, k.now)), Grace: 24 * time.Hour}
	if got := k.shelf.entries["round/"+p.ID]; got != want {
		t.Errorf("entry %+v, want %+v", got, want)
	}
}
