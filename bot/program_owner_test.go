package bot

import (
	"slices"
	"strings"
	"testing"
)

func (k *cafe) hand(p Program, actor, to string) (Program, error) {
	return k.HandOver(k.t.Context(), k.now, ProgramAct{Token: k.token(), Actor: actor, Program: p.ID, Version: p.Version, Channel: p.Channel}, to)
}

func TestWhoMayHandAProgramOver(t *testing.T) {
	for _, tt := range []struct {
		name, actor, to string
		want            FaultCode
		prepare         func(*cafe)
	}{
		{"the owner to a colleague", "a", "b", "", func(*cafe) {}},
		{"an editor", "c", "b", FaultForbidden, func(*cafe) {}},
		{"an editor once the owner left", "c", "b", "", func(k *cafe) { k.stage.members["a"] = Member{ID: "a", Deleted: true} }},
		{"an editor to themselves once the owner left", "c", "c", "", func(k *cafe) { k.stage.members["a"] = Member{ID: "a", Deleted: true} }},
		{"an admin", "d", "b", "", func(k *cafe) { k.stage.members["d"] = Member{ID: "d", Admin: true} }},
		{"a colleague", "d", "b", FaultForbidden, func(*cafe) {}},
		{"the owner who left", "a", "b", FaultForbidden, func(k *cafe) { k.stage.members["a"] = Member{ID: "a", Deleted: true} }},
		{"to the owner", "a", "a", FaultDone, func(*cafe) {}},
		{"to a guest", "a", "b", ProgramEditor, func(k *cafe) { k.stage.members["b"] = Member{ID: "b", Guest: true} }},
		{"to who left", "a", "b", ProgramEditor, func(k *cafe) { k.stage.members["b"] = Member{ID: "b", Deleted: true} }},
		{"to nobody", "a", "nobody", ProgramEditor, func(*cafe) {}},
		{"to who is not in the channel", "a", "b", ProgramEditor, func(k *cafe) { delete(k.stage.inside, "C1 b") }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			k := openCafe(t, 4)
			p := k.setUp("C1", func(p *Program) { p.Editors = []string{"c"} })
			tt.prepare(k)
			got, err := k.hand(p, tt.actor, tt.to)
			if code(err) != tt.want {
				t.Fatalf("got %v, want %q", err, tt.want)
			}
			if stored := k.shelf.programs[p.ID]; tt.want != "" && stored.Owner != "a" || tt.want == "" && stored.Owner != tt.to {
				t.Errorf("it is %+v", got)
			}
		})
	}
}

func TestAHandedOverProgramGoesBackOnce(t *testing.T) {
	k := openCafe(t, 3)
	p := k.setUp("C1", nil)
	p, err := k.hand(p, "a", "b")
	if err != nil || !slices.Equal(p.Editors, []string{"a"}) {
		t.Fatalf("%+v, %v", p, err)
	}
	back := func(actor string) error {
		_, err := k.HandBack(t.Context(), k.now, ProgramAct{Token: "back", Actor: actor, Program: p.ID, Channel: "C1"})
		return err
	}
	if err := back("a"); code(err) != FaultTooLate {
		t.Errorf("who does not own it gave it back: %v", err)
	}
	if err := back("b"); err != nil {
		t.Fatal(err)
	}
	if stored := k.shelf.programs[p.ID]; stored.Owner != "a" || len(stored.Editors) != 0 || stored.Before != "" {
		t.Errorf("it is %+v", stored)
	}
	if err := back("b"); code(err) != FaultForbidden {
		t.Errorf("given back twice: %v", err)
	}
}

func TestTheOwnerWhoLeftIsToldOfOnce(t *testing.T) {
	for _, tt := range []struct {
		name    string
		editors []string
		channel string
		want    string // who is told
	}{
		{"the editors", []string{"b", "c"}, "C1", "b c"},
		{"not those who left, too", []string{"b", "z"}, "C1", "b"},
		{"nobody where there is nobody", nil, "C1", ""},
		{"in a private channel who is still in it", []string{"b", "c"}, "P1", "b"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			k := openCafe(t, 3)
			k.stage.members["z"] = Member{ID: "z"}
			p := k.setUp(tt.channel, func(p *Program) { p.Editors = tt.editors })
			k.stage.members["a"], k.stage.members["z"] = Member{ID: "a", Deleted: true}, Member{ID: "z", Deleted: true}
			delete(k.stage.inside, "P1 c")
			k.now = instant(t, "2026-03-17T10:00:00Z")
			for range 3 {
				if err := k.OwnersGone(t.Context(), k.now); err != nil {
					t.Fatal(err)
				}
				k.deliver(k.now)
			}
			var told []string
			for _, id := range []string{"a", "b", "c", "z"} {
				for range k.got(id) {
					told = append(told, id)
				}
			}
			if got := strings.Join(told, " "); got != tt.want {
				t.Errorf("told %q, want %q", got, tt.want)
			}
			if stored := k.shelf.programs[p.ID]; stored.Paused || stored.Owner != "a" {
				t.Errorf("it is %+v", stored)
			}
		})
	}
}
