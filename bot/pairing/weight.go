package pairing

import "cmp"

// weight is a two-digit number, hi outranking lo entirely. Levels 1 to 7 of the objective do not fit into 64 bits,
// and the matching algorithm needs nothing of its numbers but addition, subtraction, halving of even ones and
// order: any ordered group does.
type weight struct {
	hi, lo int64
}

// The layout holds the sum over all pairs of a round of up to 1,000 members in each field without a carry
// into the next: 2^9 exceeds the number of pairs. In hi, from the top: 21 bits of coverage (levels 1 and 2), 11 of
// the third seat's turn, 10 of freshness, 16 of age. In lo: 11 of department, 11 of hours, 15 of profile, and noise.
const (
	ageShift      = 0
	freshShift    = 16
	turnShift     = 26
	coverageShift = 37

	noiseBits       = 15
	profileShift    = noiseBits + 10
	hoursShift      = profileShift + 15
	departmentShift = hoursShift + 11
)

// weightOf returns levels 3 to 6 of a pair as a weight.
func weightOf(v value) weight {
	return weight{
		hi: v.fresh<<freshShift + v.age<<ageShift,
		lo: v.department<<departmentShift + v.hours<<hoursShift + v.profile<<profileShift,
	}
}

// noiseWeight returns level 7 as a weight.
func noiseWeight(noise uint64) weight {
	return weight{lo: int64(noise >> (64 - noiseBits))}
}

// coverageWeight returns what covering vertices of the given total priority is worth.
func coverageWeight(priority int32) weight {
	return weight{hi: int64(priority) << coverageShift}
}

// turnWeight returns what it is worth to give the third seat to the member with the given turn.
func turnWeight(turn int) weight {
	return weight{hi: int64(turn) << turnShift}
}

func (a weight) plus(b weight) weight  { return weight{a.hi + b.hi, a.lo + b.lo} }
func (a weight) minus(b weight) weight { return weight{a.hi - b.hi, a.lo - b.lo} }
func (a weight) twice() weight         { return weight{2 * a.hi, 2 * a.lo} }

// half halves a weight whose fields are even.
func (a weight) half() weight { return weight{a.hi / 2, a.lo / 2} }

func (a weight) less(b weight) bool {
	return a.hi < b.hi || a.hi == b.hi && a.lo < b.lo
}

// positive reports whether the weight is above zero.
func (a weight) positive() bool { return weight{}.less(a) }

// compare orders weights for the slices package.
func (a weight) compare(b weight) int {
	return cmp.Or(cmp.Compare(a.hi, b.hi), cmp.Compare(a.lo, b.lo))
}
