package pairing

import (
	"slices"
)

// dual bounds what a round can be worth in levels 3 to 6 by what each member can contribute to a pair. At each level, two
// members who may meet are worth at most base plus half of their two entries in doubled. Entries are never negative.
// So no set of disjoint pairs is worth more than base for each pair and half of all entries, which is weak
// duality of linear programming. That every pair keeps to it follows from what pairs are compared by, and needs no look at every pair:
//
//   - History can only make a pair worth less than base, which is that of two who never met.
//   - Departments, hours, languages, offices and levels depend on nothing but the classes of the two: see doubledDuals.
//   - An offer meets an ask for a topic; each topic is charged to all who offer it or to all who ask for it.
//   - A leader's seat is charged to the leaders or to all others, a wish to stretch to whoever has it.
type dual struct {
	base    value
	doubled []value // per member; freshness and age are in base alone
}

// dual computes the duals.
func (p *pool) dual() *dual {
	d := &dual{doubled: make([]value, p.size())}
	d.base = value{fresh: 1, age: maxAge, department: 1, hours: 1, profile: maxFamiliarity + teamPoints}
	if p.rules.Department != Ignore {
		d.base.department = 0
		c := classify(p.size(), func(i int32) int32 { return p.department[i] })
		doubled := c.doubledDuals(maxGrade, func(i, j int32) int64 {
			if p.rules.Department == Require && p.sameDepartment(i, j) {
				return forbidden
			}
			return grade(p.rules.Department, p.sameDepartment(i, j), p.crossDepartment(i, j))
		})
		for i, class := range c.of {
			d.doubled[i].department = doubled[class]
		}
	}
	if p.rules.Overlap != Ignore {
		d.base.hours = 0
		c := classify(p.size(), func(i int32) int32 { return p.schedules.kind[i] })
		doubled := c.doubledDuals(maxGrade, func(i, j int32) int64 {
			overlap := p.schedules.overlap(i, j)
			short := overlap != overlapUnknown && overlap < p.rules.MinOverlap
			if p.rules.Overlap == Require && short {
				return forbidden
			}
			return grade(p.rules.Overlap, short, overlap >= p.rules.MinOverlap)
		})
		for i, class := range c.of {
			d.doubled[i].hours = doubled[class]
		}
	}
	d.chargeAttributes(p)
	d.chargeTopics(p)
	d.chargeSeats(p)
	return d
}

// chargeProfile adds the duals of a part of level 6 that depends on the members' classes.
func (d *dual) chargeProfile(c classes, most int64, worth func(i, j int32) int64) {
	doubled := c.doubledDuals(most, worth)
	for i, class := range c.of {
		d.doubled[i].profile += doubled[class]
	}
}

// chargeAttributes adds language, office, level and tenure.
func (d *dual) chargeAttributes(p *pool) {
	n := p.size()
	if p.rules.Language == Prefer {
		d.chargeProfile(classify(n, func(i int32) string { return listKey(p.languages[i]) }), affinityPoints, func(i, j int32) int64 {
			if p.noLanguage(i, j) {
				return 0
			}
			return affinityPoints
		})
	}
	for _, attribute := range []struct {
		wish Affinity
		of   []int32
	}{{p.rules.Office, p.office}, {p.rules.Level, p.level}} {
		if attribute.wish != Indifferent {
			d.chargeProfile(classify(n, func(i int32) int32 { return attribute.of[i] }), affinityPoints, func(i, j int32) int64 {
				a, b := attribute.of[i], attribute.of[j]
				return agree(attribute.wish, a != 0 && b != 0, a == b)
			})
		}
	}
	for i := range d.doubled {
		if p.rules.Tenure != Indifferent && !p.members[i].Joined.IsZero() {
			d.doubled[i].profile += affinityPoints
		}
	}
}

// listKey tells sets of small numbers apart.
func listKey(list []int32) string {
	key := make([]byte, 0, 4*len(list))
	for _, x := range list {
		key = append(key, byte(x), byte(x>>8), byte(x>>16), byte(x>>24))
	}
	return string(key)
}

// chargeTopics adds offers and asks: each topic is charged to the side on which fewer stand, which is the best choice if nobody
// names several.
func (d *dual) chargeTopics(p *pool) {
	offering, asking := make([]int32, len(p.topics)), make([]int32, len(p.topics))
	for i := range d.doubled {
		for _, topic := range p.offers[i] {
			offering[topic]++
		}
		for _, topic := range p.asks[i] {
			asking[topic]++
		}
	}
	toAsking := func(topic int32) bool { return asking[topic] <= offering[topic] }
	for i := range d.doubled {
		if slices.ContainsFunc(p.asks[i], func(topic int32) bool { return toAsking(topic) && offering[topic] > 0 }) {
			d.doubled[i].profile += 2 * topicPoints
		}
		if slices.ContainsFunc(p.offers[i], func(topic int32) bool { return !toAsking(topic) && asking[topic] > 0 }) {
			d.doubled[i].profile += 2 * topicPoints
		}
	}
}

// chargeSeats adds leader seats, which depend on who leads and on who sat with a leader before, and stretch.
func (d *dual) chargeSeats(p *pool) {
	if p.leading {
		type class struct {
			leader bool
			unled  int64
		}
		c := classify(p.size(), func(i int32) class { return class{p.members[i].Leader, p.unled[i]} })
		d.chargeProfile(c, p.bestLeader(), p.leaderPoints)
	}
	if p.stretching == 0 {
		return
	}
	varied := [stretchAttributes - 1]bool{severalKnown(p.department), severalKnown(p.office), severalKnown(p.level)}
	for i := range d.doubled {
		if !p.members[i].Stretch {
			continue
		}
		for at, known := range [...]int32{p.department[i], p.office[i], p.level[i]} {
			if varied[at] && known != 0 {
				d.doubled[i].profile += 2 * stretchPoints
			}
		}
		if !p.members[i].Joined.IsZero() {
			d.doubled[i].profile += 2 * stretchPoints
		}
	}
}

// severalKnown reports whether an attribute has two known values that differ.
func severalKnown(attribute []int32) bool {
	first := int32(0)
	for _, x := range attribute {
		switch {
		case x == 0 || x == first:
		case first == 0:
			first = x
		default:
			return true
		}
	}
	return false
}

// bound returns the most that a round of so many pairs is worth, level by level; with a trio, whose members are in two
// pairs each, three members count twice.
func (d *dual) bound(pairs int, trio bool) value {
	if trio {
		return d.boundWith(pairs, []int{1, 1, 1})
	}
	return d.boundWith(pairs, nil)
}

// boundWith returns the same for a round in which some members are in more pairs than one: further says how many more, for
// each of them, in falling order. Whoever they are, it is worth no more than if those with the largest entries were they.
func (d *dual) boundWith(pairs int, further []int) value {
	entries := make([]int64, len(d.doubled))
	level := func(base int64, of func(v *value) int64) int64 {
		var sum int64
		for i := range d.doubled {
			entries[i] = of(&d.doubled[i])
			sum += entries[i]
		}
		if len(further) > 0 {
			slices.Sort(entries)
		}
		for at, more := range further[:min(len(further), len(entries))] {
			sum += int64(more) * entries[len(entries)-1-at]
		}
		return base*int64(pairs) + sum/2
	}
	return value{
		fresh: d.base.fresh * int64(pairs), age: d.base.age * int64(pairs),
		department: level(d.base.department, func(v *value) int64 { return v.department }),
		hours:      level(d.base.hours, func(v *value) int64 { return v.hours }),
		profile:    level(d.base.profile, func(v *value) int64 { return v.profile }),
	}
}

// leftOutBound returns a number of members whom every round leaves out. If the worth of a pair is one, the classes' duals bound
// the number of pairs; and as every two of a group may meet, a group has no more members than twice its duals' sum.
func (p *pool) leftOutBound() int {
	type key struct {
		department, kind int32
		languages        string
	}
	c := classify(p.size(), func(i int32) key {
		var k key
		if p.rules.Department == Require {
			k.department = p.department[i]
		}
		if p.rules.Overlap == Require {
			k.kind = p.schedules.kind[i]
		}
		if p.rules.Language == Require {
			k.languages = listKey(p.languages[i])
		}
		return k
	})
	doubled := c.doubledDuals(1, func(i, j int32) int64 {
		if p.rules.Department == Require && p.sameDepartment(i, j) || p.rules.Language == Require && p.noLanguage(i, j) ||
			p.rules.Overlap == Require && p.tooLittleOverlap(i, j) {
			return forbidden
		}
		return 1
	})
	left := p.size()
	for class, count := range c.count {
		left -= int(count) * int(doubled[class])
	}
	return max(left, p.structuralBound())
}
