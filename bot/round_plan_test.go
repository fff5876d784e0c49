package bot

import (
	"slices"
	"testing"
	"time"
)

func TestPlanningGoesOnAfterItBrokeOff(t *testing.T) {
	k := openCafe(t, 10)
	p := k.setUp("C1", nil, letters(10)...)
	k.shelf.broken = true
	at := NextRound(p, k.now)
	if err := k.PlanRound(t.Context(), at, p.ID, at); err == nil {
		t.Fatal("it was planned by a store that does not answer")
	}
	if n := len(k.shelf.seats[p.ID+" a"].Shown); n != 0 || len(k.shelf.rounds) != 1 {
		t.Errorf("%d questions, %d rounds", n, len(k.shelf.rounds))
	}
	k.shelf.broken = false
	k.now = at.Add(time.Hour)
	if err := k.PlanRound(t.Context(), k.now, p.ID, at); err != nil {
		t.Fatal(err)
	}
	for _, id := range letters(10) {
		if s := k.seat(p.ID, id); s.Matched != 1 || s.Group == "" || !s.Silent || s.Version != 2 {
			t.Errorf("seat %+v", s)
		}
	}
	k.deliver(k.now.Add(time.Hour))
	if got := k.got("a"); !slices.Equal(got, []Kind{KindPair}) {
		t.Errorf("a got %v", got)
	}
}

// A round whose planning nobody finished is finished before the next one is drawn, or its seats would not know of it.
func TestANewRoundFinishesTheOneBefore(t *testing.T) {
	k := openCafe(t, 4)
	p := k.setUp("C1", nil, letters(4)...)
	k.shelf.broken = true
	at := NextRound(p, k.now)
	_ = k.PlanRound(t.Context(), at, p.ID, at) // it breaks off
	k.shelf.broken = false
	k.now = at
	second := k.plan(p.ID)
	if second.Number != 2 || !k.shelf.head(p.ID+"/1").Planned {
		t.Errorf("planned %+v", second)
	}
	for _, id := range letters(4) {
		if s := k.seat(p.ID, id); s.Matched != 2 {
			t.Errorf("seat %+v", s)
		}
	}
}

func TestSomebodyTapsWhileAPartGoesIn(t *testing.T) {
	k := openCafe(t, 4)
	p := k.setUp("C1", nil, letters(4)...)
	k.shelf.onPart = func() {
		if _, err := k.Skip(t.Context(), k.now, k.act(p.ID, "a"), true); err != nil {
			t.Error(err)
		}
	}
	r := k.plan(p.ID)
	if s := k.seat(p.ID, "a"); s.Matched != 1 || s.SkipRound != 2 {
		t.Errorf("the tap or the round is lost: %+v", s)
	}
	if !k.shelf.head(r.ID).Planned {
		t.Error("it is not planned to the end")
	}
}

// Who skips a round at the moment in which it is drawn for the last time is in it, and their partner hears that there is nobody.
func TestASkipThatComesTooLateIsHeardAllTheSame(t *testing.T) {
	k := openCafe(t, 2)
	p := k.setUp("C1", nil, "a", "b")
	flips := 0
	var flip func()
	flip = func() {
		flips++
		if _, err := k.Skip(t.Context(), k.now, k.act(p.ID, "a"), flips%2 == 1); err != nil {
			t.Error(err)
		}
		k.shelf.onRound = flip
	}
	k.shelf.onRound = flip
	r := k.plan(p.ID)
	if flips != planTries || len(r.Groups) != 1 || k.seat(p.ID, "a").SkipRound != 1 {
		t.Fatalf("after %d tries: %+v", flips, r.Groups)
	}
	k.live(r.At.Add(time.Hour))
	if a, b := k.got("a"), k.got("b"); len(a) != 0 || !slices.Equal(b, []Kind{KindNoPair}) {
		t.Errorf("a got %v, b got %v", a, b)
	}
}
