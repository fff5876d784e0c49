package bot

import (
	"testing"
	"time"
)

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
