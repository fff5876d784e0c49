package bot

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"
)

// A round in which people do all sorts of things at all hours, some of them while a change of a moment ago has reached nobody yet.
type wildRound struct {
	*cafe
	program Program
	round   Round
	asked   map[string]int // how many messages more somebody asked for: by coming back or asking for somebody else, an introduction and what follows from it
	cannot  map[string]bool
	avoided map[[2]string]time.Time
	log     []string
}

const wildPeople = 7

func wild(t *testing.T, seed int) *wildRound {
	t.Helper()
	w := &wildRound{cafe: openCafe(t, wildPeople), asked: map[string]int{}, cannot: map[string]bool{}, avoided: map[[2]string]time.Time{}}
	if seed%4 == 3 { // some have hardly an hour in common, and each hears of it alone
		for i, id := range letters(wildPeople) {
			m := w.stage.members[id]
			m.Zone = []string{"Europe/Berlin", "America/Los_Angeles", "Europe/Lisbon", "Asia/Tokyo"}[i%4]
			w.stage.members[id] = m
		}
	}
	w.program = w.setUp("C1", func(p *Program) { p.Trios = seed%3 != 0; p.Size = 2 + seed%3 }, letters(4+seed%4)...)
	w.round = w.plan(w.program.ID)
	at, rng := time.Duration(0), rand.New(rand.NewPCG(uint64(seed), 1))
	for range 20 {
		at += time.Duration(1+rng.IntN(300)) * time.Minute
		w.live(w.round.At.Add(at))
		w.act(rng)
	}
	w.live(w.round.End.Add(6 * 24 * time.Hour))
	return w
}

// act has somebody do something.
func (w *wildRound) act(rng *rand.Rand) {
	w.t.Helper()
	id, other := letters(wildPeople)[rng.IntN(wildPeople)], letters(wildPeople)[rng.IntN(wildPeople)]
	what := []string{"cannot", "leave", "join", "join", "join", "another", "avoid", "not yet", "nothing"}[rng.IntN(9)]
	w.log = append(w.log, fmt.Sprint(w.now.Format("02 15:04 "), id, " ", what, " ", other, " ", w.together(w.round.ID), " ", w.marks()))
	switch what {
	case "cannot":
		w.say(id, TimeCannot)
	case "not yet":
		w.say(id, TimeNotYet)
	case "leave":
		w.follow(w.program.ID, id, func() {
			if _, err := w.Leave(w.t.Context(), w.now, w.cafe.act(w.program.ID, id)); err != nil && code(err) != FaultNotFound && code(err) != ProgramNotIn {
				w.t.Fatal(err)
			}
		})
	case "join":
		if s := w.seat(w.program.ID, id); !s.In() && !s.Joined.IsZero() {
			w.asked[id] += 2
		}
		w.joinLate(w.program.ID, id)
	case "another":
		if _, open, err := w.Another(w.t.Context(), w.now, w.cafe.act(w.program.ID, id)); err == nil && open {
			w.asked[id] += 2
		}
	case "avoid":
		if id != other && len(w.avoided) < 3 {
			p := w.stage.preferences[id]
			p.Member, p.Avoid = id, append(slices.Clone(p.Avoid), other)
			w.stage.preferences[id] = p
			w.avoided[[2]string{id, other}] = w.now
		}
	}
}

func (w *wildRound) say(id string, found Time) {
	w.t.Helper()
	g, in := w.shelf.rounds[w.round.ID].groupOf(id)
	if !in {
		return
	}
	w.cannot[id] = w.cannot[id] || found == TimeCannot
	if _, err := w.AnswerTime(w.t.Context(), w.now, RoundAct{Token: w.token(), Member: id, Round: w.round.ID, Group: g.Key}, found); err != nil {
		w.t.Fatal(err)
	}
}

// marks are who waits, and who rests, for the log.
func (w *wildRound) marks() string {
	var marks []string
	for _, id := range letters(wildPeople) {
		if s := w.seat(w.program.ID, id); s.loose() || s.Joined.IsZero() || !s.In() {
			marks = append(marks, fmt.Sprintf("%s:%t%.1s", id, s.In(), s.Group))
		}
	}
	return strings.Join(marks, " ")
}

func (w *wildRound) apart(a, b string) bool {
	_, one := w.avoided[[2]string{a, b}]
	_, two := w.avoided[[2]string{b, a}]
	return one || two
}

// introductions are those of the round that arrived, each by who was told of each other.
func (w *wildRound) introductions() (list []Send) {
	for _, s := range w.shelf.sends {
		if s.Kind == KindPair && s.State == StateSent {
			list = append(list, s)
		}
	}
	return list
}

// toldOf are the people of the group that an introduction tells of, in order.
func (w *wildRound) toldOf(s Send) []string {
	round, key, _ := strings.Cut(s.Ref, " ")
	_, g, _, err := w.shelf.GroupCourse(w.t.Context(), round, key)
	if err != nil {
		w.t.Fatal(err)
	}
	return slices.Sorted(slices.Values(g.Members))
}

// restOf counts who is left in a group of the round.
func (w *wildRound) restOf(key string) int {
	_, g, course, err := w.shelf.GroupCourse(w.t.Context(), w.round.ID, key)
	if err != nil || course.Became != "" {
		return 0
	}
	rest := course.Rest(g)
	return len(slices.DeleteFunc(rest, func(id string) bool { s := w.seat(w.program.ID, id); return !s.In() || s.Group != key }))
}

// flaws are what is not to happen, whatever people do.
func (w *wildRound) flaws() (flaws []string) {
	flaw := func(form string, a ...any) { flaws = append(flaws, fmt.Sprintf(form, a...)) }
	seen := map[string]bool{}
	for _, s := range w.introductions() {
		members := w.toldOf(s)
		who := strings.Join(members, "")
		for _, reader := range s.Members {
			if seen[reader+" "+who] {
				flaw("%s were introduced twice to %s", who, reader)
			}
			seen[reader+" "+who] = true
		}
		for pair, since := range w.avoided {
			if s.Settled.After(since) && slices.Contains(members, pair[0]) && slices.Contains(members, pair[1]) {
				flaw("%s were introduced although %v are apart", who, pair)
			}
		}
	}
	for _, id := range letters(wildPeople) {
		got, s := w.got(id), w.seat(w.program.ID, id)
		if most := 3 + w.asked[id]; len(got) > most {
			flaw("%s got %v, at most %d", id, got, most)
		}
		if s.Group == restsGroup && s.In() && !slices.Contains(got, KindNoPair) {
			flaw("%s was released and never heard of it", id)
		}
		stands := slices.ContainsFunc(w.shelf.rounds[w.round.ID].Groups, func(g Group) bool { return g.Key == s.Group && slices.Contains(g.Members, id) })
		if s.sits(1) && !stands && !w.cannot[id] { // who could not is in no other group
			flaw("%s sits in no group that stands: %v", id, s.Group)
		}
		if s.sits(1) && !w.cannot[id] && !slices.Contains(got, KindPair) && w.restOf(s.Group) > 1 {
			flaw("%s sits in a group and never heard of it", id)
		}
		for _, other := range letters(wildPeople) {
			o := w.seat(w.program.ID, other)
			known := slices.ContainsFunc(w.introductions(), func(s Send) bool { return slices.Contains(w.toldOf(s), id) && slices.Contains(w.toldOf(s), other) })
			late := s.Joined.After(w.round.middle()) || o.Joined.After(w.round.middle())
			if id < other && s.waits(1) && o.waits(1) && !known && !late && !w.apart(id, other) {
				flaw("%s and %s both wait, and might have met", id, other)
			}
		}
	}
	return flaws
}

// A round costs nobody more than three messages that they did not ask for, at whatever hour something happens in it; nobody is introduced twice to the same, nor to
// whom they avoid, and nobody waits for ever.
func TestARoundAtAllHours(t *testing.T) {
	for seed := range 300 {
		w := wild(t, seed)
		if flaws := w.flaws(); len(flaws) > 0 {
			t.Fatalf("seed %d: %q\n%s", seed, flaws, strings.Join(w.log, "\n"))
		}
	}
}
