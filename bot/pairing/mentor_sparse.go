package pairing

import (
	"cmp"
	"math/rand/v2"
	"slices"
)

const (
	// allPairsLimit is the number of pairs of mentor and mentee up to which all of them are looked at.
	allPairsLimit = 1_000_000
	// mentorSamples is how many mentors a mentee is proposed at random, and as many again who work at the same hours.
	mentorSamples = 16
	// mentorPasses bounds the passes in which mentees move or change places where that is worth more.
	mentorPasses = 8
)

// planSparsely makes a match that is too large for the exact method. Who has a mentor is exact (levels 1 and 2): searches
// for free seats see everybody who may meet. Who that mentor is, is a heuristic: the best of the pairs looked at first,
// then moves and exchanges.
func (t *tutoring) planSparsely() plan {
	a := &allotment{tutoring: t, mentor: fill(t.p.size(), none), pupils: make([][]int32, t.p.size()), s: t.p.scale()}
	all := len(t.mentees)*len(t.mentors) <= allPairsLimit
	candidates := a.candidates(all)
	a.fill(candidates)
	a.cover()
	a.improve(candidates)
	pl := a.plan()
	pl.upper = a.bound(candidates, all, len(pl.groups))
	return pl
}

// allotment is a mentor match under construction.
type allotment struct {
	*tutoring
	mentor []int32   // per member of the pool, of a mentee: their mentor, or none
	pupils [][]int32 // per member of the pool, of a mentor: their mentees
	s      scale
}

// fill gives out seats greedily, the best candidates first; where seats are scarce, the mentees of the highest rank first.
func (a *allotment) fill(candidates []candidate) {
	if a.seats < len(a.mentees) {
		candidates = slices.Clone(candidates)
		rank := func(c candidate) int32 {
			_, mentee := a.p.sides(c.i, c.j)
			return a.p.priority[mentee]
		}
		slices.SortStableFunc(candidates, func(c, d candidate) int { return cmp.Compare(rank(d), rank(c)) })
	}
	for _, c := range candidates {
		if mentor, mentee := a.p.sides(c.i, c.j); a.mentor[mentee] == none && a.free[mentor] > 0 {
			a.place(mentee, mentor)
		}
	}
}

// improve lets mentees move, change places or take a place as long as that is worth more.
func (a *allotment) improve(candidates []candidate) {
	for range mentorPasses {
		changed := false
		for _, c := range candidates {
			mentor, mentee := a.p.sides(c.i, c.j)
			if a.move(mentee, mentor, c.worth) || a.exchange(mentee, mentor, c.worth) || a.replace(mentee, mentor, c.worth) {
				changed = true
			}
		}
		if !changed {
			return
		}
	}
}

func (a *allotment) place(mentee, mentor int32) {
	a.mentor[mentee] = mentor
	a.pupils[mentor] = append(a.pupils[mentor], mentee)
	a.free[mentor]--
}

func (a *allotment) remove(mentee int32) {
	mentor := a.mentor[mentee]
	a.mentor[mentee] = none
	a.pupils[mentor] = slices.DeleteFunc(a.pupils[mentor], func(i int32) bool { return i == mentee })
	a.free[mentor]++
}

func (a *allotment) worth(mentor, mentee int32) int64 { return a.s.number(a.p.value(mentor, mentee)) }

// candidates returns permitted pairs, the best first: all of them, or a sample in which each mentee has some at random,
// some who work at the same hours and some who offer what they ask for.
func (a *allotment) candidates(all bool) []candidate {
	var list []candidate
	note := func(mentor, mentee int32) {
		if a.p.permits(mentor, mentee) {
			list = append(list, a.p.candidate(mentor, mentee, a.s))
		}
	}
	if all {
		for _, mentor := range a.mentors {
			for _, mentee := range a.mentees {
				note(mentor, mentee)
			}
		}
	} else {
		a.propose(note)
	}
	slices.SortFunc(list, candidate.compare)
	return slices.Compact(list)
}

// propose calls note with pairs that are worth a look.
func (a *allotment) propose(note func(mentor, mentee int32)) {
	r := rand.New(rand.NewPCG(a.p.seed, 0x6d656e746f72))
	sameHours, offering := make(map[int32][]int32), make(map[int32][]int32)
	for _, mentor := range a.mentors {
		kind := a.p.schedules.kind[mentor]
		sameHours[kind] = append(sameHours[kind], mentor)
		for _, topic := range a.p.offers[mentor] {
			offering[topic] = append(offering[topic], mentor)
		}
	}
	some := func(mentors []int32, mentee int32) {
		for range min(mentorSamples, len(mentors)) {
			note(mentors[r.IntN(len(mentors))], mentee)
		}
	}
	for _, mentee := range a.mentees {
		some(a.mentors, mentee)
		some(sameHours[a.p.schedules.kind[mentee]], mentee)
		for _, topic := range a.p.asks[mentee] {
			some(offering[topic], mentee)
		}
	}
}

// cover changes the match so that as many mentees as possible have a mentor and, among all matches that have so many,
// lexicographically those who rank higher: levels 1 and 2 of the objective, exactly. Mentees without one take their turn
// by rank. Each grows an alternating tree, breadth first, over everybody they may meet: to mentors, and from a mentor
// whose seats are taken to the mentees who have them. It ends at a free seat, for which everybody on the way moves on, or
// else at the mentee of the lowest rank in the tree, who steps back. If nobody in it ranks lower, nobody who comes later
// can be helped by it either: it is closed.
func (a *allotment) cover() {
	open := slices.Clone(a.mentors)
	r := rand.New(rand.NewPCG(a.p.seed, 0x636f766572))
	r.Shuffle(len(open), func(i, j int) { open[i], open[j] = open[j], open[i] })
	mate := slices.Clone(a.mentor)
	for _, mentor := range a.mentors {
		mate[mentor] = mentor // Takes no turn.
	}
	roots := newTurns(mate, a.p.priority)
	for root := roots.next(); root != none; root = roots.next() {
		s := menteeSearch{allotment: a, via: make(map[int32]int32), open: open}
		stepped, left := s.serve(root)
		if stepped == root {
			open = left
		} else if stepped != none {
			roots.add(stepped)
		}
	}
}

// menteeSearch is one alternating tree.
type menteeSearch struct {
	*allotment
	via   map[int32]int32 // per mentor in the tree: the mentee through whom they were reached
	open  []int32         // the mentors who may be reached
	queue []int32         // mentees in the tree
}

// serve finds a mentor for the root. It returns the mentee who has none instead: the root itself if nobody can be
// helped, none if a seat was free; and the mentors that the tree did not reach.
func (s *menteeSearch) serve(root int32) (stepped int32, left []int32) {
	s.queue = []int32{root}
	lowest := root
	left = s.open
	for at := 0; at < len(s.queue); at++ {
		mentee := s.queue[at]
		if s.p.priority[mentee] < s.p.priority[lowest] {
			lowest = mentee
		}
		var rest []int32
		for _, mentor := range left {
			if !s.p.permits(mentor, mentee) {
				rest = append(rest, mentor)
				continue
			}
			s.via[mentor] = mentee
			if s.free[mentor] > 0 {
				s.shift(root, mentor)
				return none, nil
			}
			s.queue = append(s.queue, s.pupils[mentor]...)
		}
		left = rest
	}
	if lowest != root {
		mentor := s.mentor[lowest]
		s.remove(lowest)
		s.shift(root, mentor)
	}
	return lowest, left
}

// shift gives the mentor's free seat to the mentee who reached them, that one's to whoever reached it, down to the root.
func (s *menteeSearch) shift(root, mentor int32) {
	for {
		mentee := s.via[mentor]
		before := s.mentor[mentee]
		if before != none {
			s.remove(mentee)
		}
		s.place(mentee, mentor)
		if mentee == root {
			return
		}
		mentor = before
	}
}

// move gives a mentee another mentor's free seat if that is worth more.
func (a *allotment) move(mentee, mentor int32, worth int64) bool {
	now := a.mentor[mentee]
	if now == none || now == mentor || a.free[mentor] == 0 || worth <= a.worth(now, mentee) {
		return false
	}
	a.remove(mentee)
	a.place(mentee, mentor)
	return true
}

// exchange lets two mentees change mentors if that is worth more in sum.
func (a *allotment) exchange(mentee, mentor int32, worth int64) bool {
	now := a.mentor[mentee]
	if now == none || now == mentor {
		return false
	}
	before := a.worth(now, mentee)
	for _, other := range a.pupils[mentor] {
		if a.p.permits(now, other) && worth+a.worth(now, other) > before+a.worth(mentor, other) {
			a.remove(mentee)
			a.remove(other)
			a.place(mentee, mentor)
			a.place(other, now)
			return true
		}
	}
	return false
}

// replace gives a mentee without a mentor the place of another one of the same rank if that is worth more.
func (a *allotment) replace(mentee, mentor int32, worth int64) bool {
	if a.mentor[mentee] != none {
		return false
	}
	for _, other := range a.pupils[mentor] {
		if a.p.priority[other] == a.p.priority[mentee] && worth > a.worth(mentor, other) {
			a.remove(other)
			a.place(mentee, mentor)
			return true
		}
	}
	return false
}

// plan lists the pairs.
func (a *allotment) plan() plan {
	var pl plan
	for _, mentee := range a.mentees {
		if mentor := a.mentor[mentee]; mentor != none {
			pl.groups = append(pl.groups, []int32{mentor, mentee})
		} else {
			pl.left = append(pl.left, mentee)
		}
	}
	pl.leftBound = len(pl.left)
	return pl
}

// bound returns a number that so many pairs cannot be worth more than: the best that so many mentees could have if every
// mentor had a seat for each of them, or, where not all pairs were looked at, the best that the rules can describe.
func (a *allotment) bound(candidates []candidate, all bool, pairs int) int64 {
	if !all {
		return a.p.looseBound(pairs)
	}
	best := make([]int64, a.p.size())
	for _, c := range candidates {
		_, mentee := a.p.sides(c.i, c.j)
		best[mentee] = max(best[mentee], c.worth)
	}
	slices.SortFunc(best, func(x, y int64) int { return cmp.Compare(y, x) })
	var sum int64
	for _, worth := range best[:pairs] {
		sum += worth
	}
	return sum
}
