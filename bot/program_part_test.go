package bot

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestDueIsEverySoManyRounds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := Seat{Every: rapid.IntRange(0, 4).Draw(t, "every"), EveryFrom: rapid.IntRange(0, 50).Draw(t, "from")}
		from := rapid.IntRange(0, 100).Draw(t, "round")
		due := 0
		for n := from; n < from+max(1, s.Every); n++ {
			if s.Due(n) {
				due++
			}
		}
		if due != 1 || s.EveryFrom > 0 && !s.Due(s.EveryFrom) {
			t.Fatalf("%d of %d rounds from %d on are due: %+v", due, s.Every, from, s)
		}
	})
}

func TestAnotherCadenceBeginsWithTheNextRound(t *testing.T) {
	k := openCafe(t, 2)
	p := k.setUp("C1", nil, "a", "b")
	cadence := func(every int) Mine {
		t.Helper()
		m, _, err := k.Cadence(t.Context(), k.now, k.act(p.ID, "b"), every)
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	if m := cadence(2); m.Rests() || !m.Takes().Equal(m.Next) {
		t.Errorf("the first round is not theirs: %+v", m.Seat)
	}
	k.plan(p.ID)
	m, err := k.MyPart(t.Context(), k.now, k.act(p.ID, "b"))
	if err != nil || !m.Rests() || m.Takes().Sub(m.Next) < 6*24*time.Hour {
		t.Errorf("the second round is theirs: %+v, %v", m, err)
	}
	if m := cadence(2); !m.Rests() {
		t.Errorf("choosing the same again moved it: %+v", m.Seat)
	}
	if m := cadence(1); m.Rests() || m.Seat.Every != 0 || m.Seat.EveryFrom != 0 {
		t.Errorf("every round: %+v", m.Seat)
	}
	for _, every := range []int{-1, 0, 5} {
		if _, _, err := k.Cadence(t.Context(), k.now, k.act(p.ID, "b"), every); code(err) != FaultInvalid {
			t.Errorf("every %d: %v", every, err)
		}
	}
}

func TestAPartIsOnesOwn(t *testing.T) {
	k := openCafe(t, 3)
	p := k.setUp("C1", nil, "b")
	m, was, err := k.TakePart(t.Context(), k.now, k.act(p.ID, "b"), Part{Every: 3, Stretch: true, Leader: 2})
	if err != nil || was != (Part{Every: 1}) || m.Seat.Part() != (Part{Every: 3, Stretch: true, Leader: 2}) {
		t.Errorf("%+v before %+v, %v", m.Seat, was, err)
	}
	if _, _, err := k.TakePart(t.Context(), k.now, k.act(p.ID, "c"), Part{Every: 1}); code(err) != FaultNotFound {
		t.Errorf("who never was in changed their part: %v", err)
	}
	if _, err := k.MyPart(t.Context(), k.now, k.act(p.ID, "c")); code(err) != FaultNotFound {
		t.Errorf("who never was in saw their part: %v", err)
	}
	if _, _, err := k.TakePart(t.Context(), k.now, k.act(p.ID, "b"), Part{Every: 1, Leader: 4}); code(err) != FaultInvalid {
		t.Errorf("four seats: %v", err)
	}
}

func TestWhoJoinsTheChannelThemselvesIsIn(t *testing.T) {
	for _, tt := range []struct {
		name    string
		member  Member
		inviter string
		change  func(*Program)
		before  func(*cafe, Program)
		in      bool
		told    int
	}{
		{name: "a colleague", in: true, told: 1},
		{name: "who was invited", inviter: "a"},
		{name: "where it does not count as joining", change: func(p *Program) { p.AutoJoin = false }},
		{name: "a guest", member: Member{Guest: true}},
		{name: "a guest where guests take part", member: Member{Guest: true}, change: func(p *Program) { p.Guests = true }, in: true, told: 1},
		{name: "a stranger", member: Member{Stranger: true}, change: func(p *Program) { p.Guests = true }},
		{name: "a bot", member: Member{Bot: true}},
		{name: "who left the program", before: func(k *cafe, p Program) {
			k.join(p.ID, "n")
			if _, err := k.Leave(k.t.Context(), k.now, k.act(p.ID, "n")); err != nil {
				k.t.Fatal(err)
			}
		}},
		{name: "who is in already", before: func(k *cafe, p Program) { k.join(p.ID, "n") }, in: true},
		{name: "a paused program", before: func(k *cafe, p Program) {
			if _, err := k.Halt(k.t.Context(), k.now, k.act(p.ID, "a"), true); err != nil {
				k.t.Fatal(err)
			}
		}},
		{name: "a shared channel", before: func(k *cafe, _ Program) { k.stage.channels["C1"] = Channel{ID: "C1", Inside: true, Shared: true} }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			k := openCafe(t, 2)
			tt.member.ID, tt.member.Zone = "n", "Europe/Berlin"
			k.stage.members["n"] = tt.member
			p := k.setUp("C1", func(p *Program) {
				p.AutoJoin = true
				if tt.change != nil {
					tt.change(p)
				}
			})
			if tt.before != nil {
				tt.before(k, p)
			}
			for _, token := range []Token{"joined", "joined", "joined again"} {
				if err := k.JoinedChannel(t.Context(), k.now, token, "C1", "n", tt.inviter); err != nil {
					t.Fatal(err)
				}
				k.deliver(k.now) // on a Sunday: it answers what they did
			}
			if got := k.seat(p.ID, "n").In(); got != tt.in || len(k.got("n")) != tt.told {
				t.Errorf("in: %t, told %v", got, k.got("n"))
			}
		})
	}
}
