package bot

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// Whatever happens in a program, those of whom one avoids the other are never in one group: not as two, not as three, not by joining late, not by a swap.
func TestWhoAvoidsSomebodyNeverSharesAGroup(t *testing.T) {
	late, groups := 0, 0
	for seed := range 60 {
		k := openCafe(t, 10)
		p := k.setUp("C1", func(p *Program) { p.Trios = seed%3 > 0; p.Size = 2 + seed%3 }, letters(5+seed%4)...)
		for n, id := range letters(10) {
			other := letters(10)[(n*3+seed)%10]
			if other != id {
				k.stage.preferences[id] = Preferences{Member: id, Avoid: []string{other}}
			}
		}
		for round := range 3 {
			r := k.plan(p.ID)
			if r.ID == "" {
				t.Fatal("no round")
			}
			for n, id := range letters(10) {
				k.live(r.At.Add(time.Duration(1+n*5) * time.Hour))
				k.actSomehow(p, r, id, seed+n*3+round)
			}
			k.live(r.End.Add(time.Hour))
			for _, g := range append(k.shelf.rounds[r.ID].Groups, k.shelf.gone(r.ID)...) {
				groups++
				if strings.HasPrefix(g.Key, "late") || k.shelf.tokens[courseNote(r.ID, g.Key)] != "" {
					late++
				}
				for _, id := range g.Members {
					for _, other := range k.stage.preferences[id].Avoid {
						if slices.Contains(g.Members, other) {
							t.Fatalf("seed %d, %s: %s avoids %s, and both are in %v", seed, r.ID, id, other, g.Members)
						}
					}
				}
			}
		}
	}
	if late < 50 || groups < 300 {
		t.Errorf("only %d groups, %d of which something became, which proves little", groups, late)
	}
}

// actSomehow lets a member do one of the things that change a round.
func (k *cafe) actSomehow(p Program, r Round, id string, choice int) {
	k.t.Helper()
	switch choice % 5 {
	case 0:
		if g, in := k.shelf.rounds[r.ID].groupOf(id); in {
			act := RoundAct{Token: k.token(), Member: id, Round: r.ID, Group: g.Key}
			if _, err := k.AnswerTime(k.t.Context(), k.now, act, TimeCannot); err != nil {
				k.t.Fatal(err)
			}
		}
	case 1:
		k.follow(p.ID, id, func() {
			if _, err := k.Leave(k.t.Context(), k.now, k.act(p.ID, id)); err != nil && code(err) != FaultNotFound && code(err) != ProgramNotIn {
				k.t.Fatal(err)
			}
		})
	case 2:
		if _, _, err := k.Another(k.t.Context(), k.now, k.act(p.ID, id)); err != nil && code(err) != FaultNotFound && code(err) != ProgramNotIn {
			k.t.Fatal(err)
		}
	case 3, 4:
		k.joinLate(p.ID, id)
	}
}
