package pairing

import (
	"math/bits"
)

// value is what a pair is worth in levels 3 to 6 of the objective, higher being better. Each field outranks all
// that follow it.
type value struct {
	fresh      int64 // 1 if the pair did not meet within the window
	age        int64 // rounds since the pair last met, up to maxAge; maxAge for never
	department int64 // 2 different, 1 unknown or ignored, 0 the same
	hours      int64 // 2 enough overlap, 1 unknown or ignored, 0 too little
	profile    int64 // points for offers and asks, low familiarity, language, office, level, tenure, stretch and leader seats
}

const (
	maxAge     = 63
	maxGrade   = 2
	maxProfile = 63

	// Points within level 6. One topic that one offers and the other asks for outweighs any one attribute.
	topicPoints    = 4 // for each direction
	teamPoints     = 2 // not reporting to the same person
	affinityPoints = 2 // for each configured attribute
	maxFamiliarity = 3 // a point less for every meeting, up to this many
)

// value returns the worth of a pair.
func (p *pool) value(i, j int32) value {
	count, age := p.history.between(i, j)
	v := value{
		fresh:      1,
		age:        maxAge,
		department: grade(p.rules.Department, p.sameDepartment(i, j), p.crossDepartment(i, j)),
	}
	if p.mentoring {
		v.profile = p.mentorProfile(i, j, count)
	} else {
		v.profile = p.profile(i, j, count)
	}
	if count > 0 {
		v.age = int64(max(0, min(age, maxAge-1)))
		if age <= p.rules.Window {
			v.fresh = 0
		}
	}
	v.hours = 1
	if p.rules.Overlap != Ignore {
		overlap := p.schedules.overlap(i, j)
		v.hours = grade(p.rules.Overlap, overlap != overlapUnknown && overlap < p.rules.MinOverlap, overlap >= p.rules.MinOverlap)
	}
	return v
}

// grade turns a preference and what is known of a pair into 0, 1 or 2.
func grade(wish Preference, bad, good bool) int64 {
	switch {
	case wish == Ignore:
		return 1
	case bad:
		return 0
	case good:
		return maxGrade
	}
	return 1
}

// profile adds up level 6.
func (p *pool) profile(i, j int32, meetings int) int64 {
	points := p.attributePoints(i, j, meetings)
	if common(p.offers[i], p.asks[j]) != 0 {
		points += topicPoints
	}
	if common(p.offers[j], p.asks[i]) != 0 {
		points += topicPoints
	}
	return points + p.stretchPoints(i, j) + p.leaderPoints(i, j)
}

// attributePoints adds up what counts alike in rounds and in mentor matches: all but topics, stretch and leader seats.
func (p *pool) attributePoints(i, j int32, meetings int) int64 {
	points := int64(maxFamiliarity - min(meetings, maxFamiliarity))
	if p.boss[i] == 0 || p.boss[i] != p.boss[j] {
		points += teamPoints
	}
	if p.rules.Language == Prefer && !p.noLanguage(i, j) {
		points += affinityPoints
	}
	points += agree(p.rules.Office, p.office[i] != 0 && p.office[j] != 0, p.office[i] == p.office[j])
	points += agree(p.rules.Level, p.level[i] != 0 && p.level[j] != 0, p.level[i] == p.level[j])
	if p.rules.Tenure != Indifferent {
		points += agree(p.rules.Tenure, p.joinedKnown(i, j), !p.yearApart(i, j))
	}
	return points
}

// agree returns the points of a pair for one attribute.
func agree(wish Affinity, known, alike bool) int64 {
	if known && (wish == Alike && alike || wish == Apart && !alike) {
		return affinityPoints
	}
	return 0
}

// scale turns values into single numbers, for pools of a given size: one unit of a level weighs more than all
// that the round's pairs can gain on the levels below together, as far as 62 bits allow (to about 1,000 members);
// above that, more than 64 pairs or more can.
type scale struct {
	hours, department, age, fresh uint
}

// scaleFor returns the scale for a round of at most so many pairs.
func scaleFor(pairs int) scale {
	sum := bits.Len(uint(pairs))
	ratio := uint(min(sum, (62-17-sum)/4))
	var s scale
	s.hours = uint(bits.Len(maxProfile)) + ratio
	s.department = s.hours + uint(bits.Len(maxGrade)) + ratio
	s.age = s.department + uint(bits.Len(maxGrade)) + ratio
	s.fresh = s.age + uint(bits.Len(maxAge)) + ratio
	return s
}

// number returns the value on the scale.
func (s scale) number(v value) int64 {
	return v.fresh<<s.fresh + v.age<<s.age + v.department<<s.department + v.hours<<s.hours + v.profile
}

// best returns a value that no pair under the rules exceeds in any field.
func (p *pool) best() value {
	b := value{fresh: 1, age: maxAge, department: 1, hours: 1}
	if p.rules.Department != Ignore {
		b.department = maxGrade
	}
	if p.rules.Overlap != Ignore {
		b.hours = maxGrade
	}
	b.profile = p.bestProfile()
	return b
}

// bestProfile returns points that no pair under the rules exceeds.
func (p *pool) bestProfile() int64 {
	points := int64(maxFamiliarity + teamPoints)
	switch {
	case p.mentoring:
		points += mentorTopic + (mentorTopics-1)*moreTopics + menteeTopic
	default:
		points += 2*topicPoints + p.bestStretch() + p.bestLeader()
	}
	if p.rules.Language == Prefer {
		points += affinityPoints
	}
	for _, wish := range []Affinity{p.rules.Office, p.rules.Level, p.rules.Tenure} {
		if wish != Indifferent {
			points += affinityPoints
		}
	}
	return points
}

// total returns, on the scale, levels 3 to 6 of a sum of weights.
func (s scale) total(w weight) int64 {
	field := func(digits int64, from, to uint) int64 { return digits & (1<<to - 1) >> from }
	return s.number(value{
		fresh:      field(w.hi, freshShift, turnShift),
		age:        field(w.hi, ageShift, freshShift),
		department: w.lo >> departmentShift,
		hours:      field(w.lo, hoursShift, departmentShift),
		profile:    field(w.lo, profileShift, hoursShift),
	})
}
