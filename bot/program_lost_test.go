package bot

import (
	"slices"
	"strings"
	"testing"
)

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

func TestALostChannelIsToldToWhoeverIsLeft(t *testing.T) {
	for _, tt := range []struct {
		name, channel string
		owner         Member
		editors       []string
		want          string // who is told
	}{
		{"the owner", "C1", Member{ID: "a"}, []string{"b"}, "a"},
		{"the owner whom nobody knows yet", "C1", Member{}, []string{"b"}, "a"},
		{"the editors of who left", "C1", Member{ID: "a", Deleted: true}, []string{"b", "c"}, "b c"},
		{"the admins where there are none", "C1", Member{ID: "a", Deleted: true}, nil, "d e"},
		{"the admins where the editors left, too", "C1", Member{ID: "a", Deleted: true}, []string{"z"}, "d e"},
		{"the editors of a private channel's", "P1", Member{ID: "a", Deleted: true}, []string{"c"}, "c"},
		{"nobody outside a private channel", "P1", Member{ID: "a", Deleted: true}, nil, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			k := openCafe(t, 5)
			k.Settings = &Settings{Store: &adminRecord{w: Workspace{Team: "T1", Zone: "Europe/Berlin", Installer: "d", Admins: []string{"e", "z"}}}}
			if err := k.Settings.Refresh(t.Context()); err != nil {
				t.Fatal(err)
			}
			k.stage.members["z"] = Member{ID: "z", Name: "Z", Zone: "Europe/Berlin"}
			p := k.setUp(tt.channel, func(p *Program) { p.Editors = tt.editors })
			k.stage.members["z"] = Member{ID: "z", Deleted: true}
			if k.stage.members["a"] = tt.owner; tt.owner.ID == "" {
				delete(k.stage.members, "a")
			}
			k.deliver(k.now)
			k.stage.channels[tt.channel] = Channel{ID: tt.channel, Private: tt.channel == "P1"}
			for range 2 {
				if err := k.LoseChannel(t.Context(), k.now, tt.channel); err != nil {
					t.Fatal(err)
				}
			}
			var told []string
			for _, s := range k.shelf.sends {
				if strings.Contains(s.SID, "/stranded/") {
					told = append(told, s.Members...)
				}
			}
			slices.Sort(told)
			if got := strings.Join(told, " "); got != tt.want || !k.shelf.programs[p.ID].Paused {
				t.Errorf("told %q, want %q", got, tt.want)
			}
			if tt.owner.ID == "" {
				return // it waits until they are known
			}
			for _, s := range k.deliver(k.now.AddDate(0, 0, 5)) {
				told = slices.DeleteFunc(told, func(id string) bool { return id == s.Members[0] })
			}
			if len(told) > 0 {
				t.Errorf("%v never got it", told)
			}
		})
	}
}
