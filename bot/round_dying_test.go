package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// errDied is what a process that dies in the middle of a change never comes to say.
var errDied = errors.New("died")

// dying are rounds whose process dies at each change twice, while it is on: before it, and when it is made.
type dying struct {
	RoundStore
	on     bool
	deaths map[string]int
	died   int
}

// ChangeRound implements [RoundChanger].
func (d *dying) ChangeRound(ctx context.Context, token Token, change RoundChange) error {
	what := fmt.Sprint(change.Round, len(change.Groups), change.Seats)
	if d.deaths[what]++; d.on && d.deaths[what] == 1 {
		d.died++
		return errDied
	}
	err := d.RoundStore.ChangeRound(ctx, token, change)
	if err == nil && d.on && d.deaths[what] == 2 {
		d.died++
		return errDied
	}
	return err
}

// carryOutDying carries out the plans that are due, again and again until each is through, as the ledger does with those of a dead process.
func (k *cafe) carryOutDying(d *dying) {
	k.t.Helper()
	d.on = true
	defer func() { d.on = false }()
	for {
		var next Send
		for _, s := range k.shelf.sends {
			if s.Kind == KindPlan && s.State == StatePending && !s.Due.After(k.now) && (next.SID == "" || s.SID < next.SID) {
				next = s
			}
		}
		if next.SID == "" {
			return
		}
		name, _, _ := strings.Cut(next.Ref, " ")
		kind, id, _ := strings.Cut(name, "/")
		err := errDied
		for range 8 {
			if kind == "help" { // it changes nothing of a round
				err = nil
				break
			}
			if err = k.PlanChange(k.t.Context(), k.now, kind, id); err == nil {
				break
			}
			if !errors.Is(err, errDied) {
				k.t.Fatalf("%s: %v", next.SID, err)
			}
		}
		if err != nil {
			k.t.Fatalf("%s never got through: %v", next.SID, err)
		}
		next.State = StateSent
		k.shelf.sends[next.SID] = next
	}
}

// Wherever between its steps the process dies, what follows from a change comes out as if it had lived: nobody is lost, and nothing comes twice.
func TestAChangeWhoseProcessDiesAtEachStep(t *testing.T) {
	for _, tt := range []struct {
		name string
		in   string
		act  func(k *cafe, p Program, r Round)
		want string
		got  map[string][]Kind
		died int
	}{
		{
			name: "who joins late meets who waits", in: "a", want: "ad", died: 2,
			act: func(k *cafe, p Program, _ Round) { k.joinLate(p.ID, "d") },
			got: map[string][]Kind{"a": {KindNoPair, KindPair, KindMet}, "d": {KindPair, KindMet}},
		},
		{
			name: "who joins late is a third", in: "ab", want: "abd", died: 2,
			act: func(k *cafe, p Program, _ Round) { k.joinLate(p.ID, "d") },
			got: map[string][]Kind{"a": {KindPair, KindPair, KindMet}, "b": {KindPair, KindPair, KindMet}, "d": {KindPair, KindMet}},
		},
		{
			name: "who cannot leaves one alone", in: "ab", want: "", died: 4,
			act: func(k *cafe, _ Program, r Round) { k.found(r, "a", TimeCannot) },
			got: map[string][]Kind{"a": {KindPair}, "b": {KindPair, KindNoPair}},
		},
		{
			name: "who leaves the program leaves one alone", in: "ab", want: "", died: 4,
			act: func(k *cafe, p Program, _ Round) {
				k.follow(p.ID, "a", func() {
					if _, err := k.Leave(k.t.Context(), k.now, k.act(p.ID, "a")); err != nil {
						k.t.Error(err)
					}
				})
			},
			got: map[string][]Kind{"a": {KindPair}, "b": {KindPair, KindNoPair}},
		},
		{
			name: "a swap", in: "ab", want: "bd", died: 4,
			act: func(k *cafe, p Program, r Round) {
				k.stage.preferences["d"] = Preferences{Member: "d", Avoid: []string{"a"}}
				k.joinLate(p.ID, "d")
				k.found(r, "a", TimeCannot)
			},
			got: map[string][]Kind{"a": {KindPair}, "b": {KindPair, KindPair, KindMet}, "d": {KindPair, KindMet}},
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			k := openCafe(t, 4)
			p := k.setUp("C1", nil, strings.Split(tt.in, "")...)
			d := &dying{RoundStore: k.Rounds, deaths: map[string]int{}}
			k.Rounds = d
			r := k.plan(p.ID)
			k.live(r.At.Add(time.Hour))
			tt.act(k, p, r)
			k.carryOutDying(d)
			k.now = k.now.Add(regroupAfter)
			k.carryOutDying(d)
			k.live(r.End.Add(time.Hour))
			if got := strings.Join(k.together(r.ID), " "); got != tt.want {
				t.Errorf("groups %q, want %q", got, tt.want)
			}
			for id, want := range tt.got {
				if got := k.got(id); !slices.Equal(got, want) {
					t.Errorf("%s got %v, want %v", id, got, want)
				}
			}
			if d.died < tt.died {
				t.Errorf("the process died %d times, want %d: it proves little", d.died, tt.died)
			}
		})
	}
}

// A swap that is carried out once more, because who did it died before noting it, does not undo that somebody else was asked for meanwhile.
func TestASwapOnceMoreLeavesWhatWasAskedFor(t *testing.T) {
	k := openCafe(t, 4)
	p := k.setUp("C1", nil, "a", "b")
	r := k.plan(p.ID)
	k.live(r.At.Add(time.Hour))
	k.found(r, "a", TimeCannot)
	k.live(k.now.Add(2 * regroupAfter))
	if _, open, err := k.Another(t.Context(), k.now, k.act(p.ID, "b")); err != nil || !open {
		t.Fatalf("asked for: %t, %v", open, err)
	}
	k.live(k.now.Add(time.Minute))
	if err := k.PlanChange(t.Context(), k.now, "swap", r.ID+"/"+r.Groups[0].Key+"/b"); err != nil {
		t.Fatal(err)
	}
	k.joinLate(p.ID, "d")
	k.live(r.End.Add(time.Hour))
	if got := k.together(r.ID); !slices.Equal(got, []string{"bd"}) {
		t.Errorf("groups %v", got)
	}
}
