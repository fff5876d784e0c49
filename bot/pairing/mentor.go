package pairing

import (
	"slices"
)

const (
	// Points within level 6 of a mentor match. One topic that the mentor offers and the mentee asks for outweighs all
	// that any other attributes can add up to.
	mentorTopic  = 16
	moreTopics   = 4 // for the second and third such topic
	mentorTopics = 3
	menteeTopic  = 2 // what the mentee offers and the mentor asks for
)

// mentorProfile adds up level 6 of a mentor and a mentee.
func (p *pool) mentorProfile(i, j int32, meetings int) int64 {
	mentor, mentee := p.sides(i, j)
	points := p.attributePoints(mentor, mentee, meetings)
	if n := len(shared(p.offers[mentor], p.asks[mentee])); n > 0 {
		points += mentorTopic + int64(min(n, mentorTopics)-1)*moreTopics
	}
	if common(p.offers[mentee], p.asks[mentor]) != 0 {
		points += menteeTopic
	}
	return points
}

// sides returns the mentor and the mentee of a pair that has one of each.
func (p *pool) sides(i, j int32) (mentor, mentee int32) {
	if p.members[i].Role == Mentor {
		return i, j
	}
	return j, i
}

// tutoring is the two sides of a mentor match.
type tutoring struct {
	p       *pool
	mentors []int32
	mentees []int32
	free    []int // per member of the pool, of a mentor: the seats that nobody has yet
	seats   int   // all seats, as far as there are mentees for them
}

// newTutoring tells the sides apart.
func newTutoring(p *pool) *tutoring {
	t := &tutoring{p: p, free: make([]int, p.size())}
	for i := range p.members {
		if p.members[i].Role == Mentee {
			t.mentees = append(t.mentees, int32(i))
		} else {
			t.mentors = append(t.mentors, int32(i))
		}
	}
	for _, i := range t.mentors {
		t.free[i] = min(p.members[i].seats(), len(t.mentees))
		t.seats += t.free[i]
	}
	return t
}

// planMentors gives as many mentees as possible a mentor each: exactly where the pool is small, and else exactly as to who
// has one and well as to who that is. Groups are a mentor and a mentee, so that a mentor with several seats is in several
// of them. Those left out are mentees: a seat that nobody took is no person.
func (p *pool) planMentors() plan {
	t := newTutoring(p)
	if len(t.mentees)+t.seats <= exactLimit {
		return t.planExactly()
	}
	return t.planSparsely()
}

// planExactly matches mentees with seats, of which a mentor has as many as they offer, by maximum weight: levels 1 and 2
// by the rank of the mentees (see pool.planExactly for why that suffices), then levels 3 to 6, then as many mentors as
// possible, then chance.
func (t *tutoring) planExactly() plan {
	seats := make([]int32, 0, t.seats)
	var g []edge
	for _, mentor := range t.mentors {
		for k := range t.free[mentor] {
			seats = append(seats, mentor)
			g = t.appendSeat(g, int32(len(t.mentees)+len(seats)-1), mentor, k == 0)
		}
	}
	n := len(t.mentees) + len(seats)
	x := maximumMatching(n, g)
	pl := plan{exact: true}
	for at, mentee := range t.mentees {
		if seat := x.mate[at]; seat != none {
			pl.groups = append(pl.groups, []int32{seats[int(seat)-len(t.mentees)], mentee})
		} else {
			pl.left = append(pl.left, mentee)
		}
	}
	pl.leftBound = len(pl.left)
	if len(pl.left) > 0 && !t.allEqual() {
		for k := range g { // Whoever is left out, so many pairs weigh no more than this.
			g[k].w = g[k].w.minus(coverageWeight(t.rank(g[k].u))).plus(coverageWeight(1))
		}
		x = maximumMatching(n, g)
	}
	pl.upper = t.p.scale().number(mentorValue(x.weight()))
	return pl
}

// appendSeat adds the edges from a mentor's seat to every mentee who may have it. Edges lead from the mentee's place in
// the list to the seat.
func (t *tutoring) appendSeat(g []edge, seat, mentor int32, first bool) []edge {
	for at, mentee := range t.mentees {
		if t.p.permits(mentor, mentee) {
			w := coverageWeight(t.p.priority[mentee]).plus(mentorWeight(t.p.value(mentor, mentee), first))
			g = append(g, edge{int32(at), seat, w.plus(noiseWeight(t.p.pairNoise(mentor, mentee)))})
		}
	}
	return g
}

// rank returns the rank of the mentee at a place in the list.
func (t *tutoring) rank(at int32) int32 { return t.p.priority[t.mentees[at]] }

// allEqual reports that all mentees rank the same.
func (t *tutoring) allEqual() bool {
	return !slices.ContainsFunc(t.mentees, func(i int32) bool { return t.p.priority[i] != t.p.priority[t.mentees[0]] })
}

// The layout of a weight in a mentor match. No third seat takes room in hi, so that the department fits there and leaves
// room for a bit between profile and chance: that a seat is the first of its mentor's.
const (
	mentorDepartmentShift = 0
	mentorAgeShift        = mentorDepartmentShift + 11
	mentorFreshShift      = mentorAgeShift + 16
	firstSeatShift        = noiseBits + 10
	mentorProfileShift    = firstSeatShift + 11
	mentorHoursShift      = mentorProfileShift + 15
)

// mentorWeight returns levels 3 to 6 of a pair as a weight, and that the seat is its mentor's first.
func mentorWeight(v value, first bool) weight {
	w := weight{
		hi: v.fresh<<mentorFreshShift + v.age<<mentorAgeShift + v.department<<mentorDepartmentShift,
		lo: v.hours<<mentorHoursShift + v.profile<<mentorProfileShift,
	}
	if first {
		w.lo += 1 << firstSeatShift
	}
	return w
}

// mentorValue returns levels 3 to 6 of a sum of mentor weights.
func mentorValue(w weight) value {
	field := func(digits int64, from, to uint) int64 { return digits & (1<<to - 1) >> from }
	return value{
		fresh:      field(w.hi, mentorFreshShift, coverageShift),
		age:        field(w.hi, mentorAgeShift, mentorFreshShift),
		department: field(w.hi, mentorDepartmentShift, mentorAgeShift),
		hours:      w.lo >> mentorHoursShift,
		profile:    field(w.lo, mentorProfileShift, mentorHoursShift),
	}
}

// maxMentorPairs bounds the number of pairs in a mentor match.
func (p *pool) maxMentorPairs() int {
	t := newTutoring(p)
	return min(t.seats, len(t.mentees))
}

// freeSeats returns the seats of mentors that a number of pairs leaves free.
func (p *pool) freeSeats(pairs int) int {
	if !p.mentoring {
		return 0
	}
	free := -pairs
	for i := range p.members {
		if p.members[i].Role == Mentor {
			free += p.members[i].seats()
		}
	}
	return free
}

// freeSeatsOf returns how many mentees a mentor may have besides those of a running match.
func (p *pool) freeSeatsOf(mentor int32, running Round) int {
	free := p.members[mentor].seats()
	for _, g := range running.Groups {
		if slices.Contains(g.Members, p.members[mentor].ID) {
			free--
		}
	}
	return free
}
