package bot

import (
	"slices"
	"testing"
	"time"
)

func TestHowFarARoundIs(t *testing.T) {
	for _, tt := range []struct {
		name                      string
		p                         RoundProgress
		all, out, waiting, missed int
		exact                     bool
	}{
		{"nothing", RoundProgress{Planned: true}, 0, 0, 0, 0, true},
		{"some are out", RoundProgress{Introductions: 5000, Groups: 5000, Planned: true, Asked: 5000, Waiting: 3760}, 5000, 1240, 3760, 0, true},
		{"all are out but one that is lost", RoundProgress{Introductions: 10, Groups: 10, Planned: true, Asked: 10, Lost: 1}, 10, 9, 0, 1, true},
		{"a share was asked for", RoundProgress{Introductions: 50_000, Groups: 50_000, Planned: true, Asked: 5000, Waiting: 2500, Lost: 5}, 50_000, 24_950, 25_000, 50, false},
		{"one in a share still waits", RoundProgress{Introductions: 9999, Groups: 9999, Planned: true, Asked: 5000, Waiting: 1}, 9999, 9997, 2, 0, false},
		{"it is being planned", RoundProgress{Introductions: 250, Groups: 1000, Asked: 250, Waiting: 200}, 1000, 50, 950, 0, false},
		{"each gets it alone", RoundProgress{Introductions: 4, Groups: 2, Planned: true, Asked: 4, Waiting: 4}, 4, 0, 4, 0, true},
	} {
		if tt.p.All() != tt.all || tt.p.Out() != tt.out || tt.p.Waits() != tt.waiting || tt.p.Missing() != tt.missed || tt.p.Exact() != tt.exact {
			t.Errorf("%s: %d of %d out, %d wait, %d missing, exact %t", tt.name, tt.p.Out(), tt.p.All(), tt.p.Waits(), tt.p.Missing(), tt.p.Exact())
		}
	}
}

// longCafe is a cafe in which a round of more than five hundred groups is planned.
func longCafe(t *testing.T) (*cafe, Round) {
	t.Helper()
	k := openCafe(t, 1)
	p := k.setUp("C1", nil, "a")
	for i := range 2*longRound + 3 {
		id := "u" + string(rune('0'+i/1000)) + string(rune('0'+i/100%10)) + string(rune('0'+i/10%10)) + string(rune('0'+i%10))
		k.stage.members[id] = Member{ID: id, Zone: "Europe/Berlin", Department: "D" + id}
		k.shelf.seats[p.ID+" "+id] = Seat{Program: p.ID, Member: id, Joined: k.now, Version: 1}
	}
	return k, k.plan(p.ID)
}

func TestTheOwnerOfALongRoundHearsWhenItBeginsAndWhenItIsOut(t *testing.T) {
	k, r := longCafe(t)
	news := func() []string {
		var said []string
		for _, s := range k.shelf.sends {
			if s.Kind == KindProgram && s.State == StateSent && s.Channel == "" {
				said = append(said, s.Ref)
			}
		}
		slices.Sort(said)
		return said
	}
	stuck := PairSID(r.ID, r.Groups[7].Key)
	s := k.shelf.sends[stuck]
	s.Due = s.Due.Add(3 * time.Hour)
	k.shelf.sends[stuck] = s
	k.deliver(r.At.Add(2 * time.Hour))
	if got := news(); !slices.Equal(got, []string{r.ID + " begins"}) {
		t.Errorf("while one introduction waits: %v", got)
	}
	k.deliver(r.At.Add(4 * time.Hour))
	if got := news(); !slices.Equal(got, []string{r.ID + " begins", r.ID + " out"}) {
		t.Errorf("in the end: %v", got)
	}
	for _, s := range k.shelf.sends {
		if s.Kind == KindProgram && s.Channel == "" && !slices.Equal(s.Members, []string{"a"}) {
			t.Errorf("%s goes to %v", s.SID, s.Members)
		}
	}
}

func TestTheOwnerOfAShortRoundHearsNothing(t *testing.T) {
	k := openCafe(t, 4)
	p := k.setUp("C1", nil, letters(4)...)
	r := k.hold(p.ID)
	for sid, s := range k.shelf.sends {
		if s.Kind == KindProgram && s.Channel == "" {
			t.Errorf("%s after round %s", sid, r.ID)
		}
	}
}

func TestAnOwnerSeesHowFarTheRoundIs(t *testing.T) {
	k, r := longCafe(t)
	o, err := k.Overview(t.Context(), k.now, r.Program, "a", "C1")
	if err != nil || o.Progress.All() != len(r.Groups) || o.Progress.Out() != 0 || o.Across != len(r.Groups) || o.Matched != 2*longRound+4 {
		t.Errorf("before it begins: %+v, %v", o, err)
	}
	k.deliver(r.At.Add(time.Hour))
	if o, err = k.Overview(t.Context(), k.now, r.Program, "a", "C1"); err != nil || o.Progress.Out() != len(r.Groups) || o.Progress.Waits() != 0 {
		t.Errorf("an hour later: %+v, %v", o, err)
	}
}
