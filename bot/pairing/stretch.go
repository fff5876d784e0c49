package pairing

const (
	// stretchPoints is what each attribute that differs is worth to each of a pair who wants to stretch. Both wishes
	// count, so that two who share it get twice as many points as one alone.
	stretchPoints = 2
	// stretchAttributes is how many attributes are looked at: department, office, level and tenure. A language is left
	// aside, because a talk needs one.
	stretchAttributes = 4
	// stretchReason is how many attributes have to differ for it to be told as a reason.
	stretchReason = 2
)

// stretchPoints returns the points of a pair for being unlike, as far as one of them wants that.
func (p *pool) stretchPoints(i, j int32) int64 {
	if p.stretching == 0 {
		return 0
	}
	var wishes int64
	for _, x := range []int32{i, j} {
		if p.members[x].Stretch {
			wishes++
		}
	}
	if wishes == 0 {
		return 0
	}
	return wishes * stretchPoints * p.differences(i, j)
}

// bestStretch returns the most points that a pair can have for being unlike.
func (p *pool) bestStretch() int64 {
	return int64(min(p.stretching, 2)) * stretchPoints * stretchAttributes
}

// differences counts the attributes in which two members are known to differ.
func (p *pool) differences(i, j int32) int64 {
	var n int64
	for _, differs := range [stretchAttributes]bool{
		p.crossDepartment(i, j),
		p.office[i] != 0 && p.office[j] != 0 && p.office[i] != p.office[j],
		p.level[i] != 0 && p.level[j] != 0 && p.level[i] != p.level[j],
		p.joinedKnown(i, j) && p.yearApart(i, j),
	} {
		if differs {
			n++
		}
	}
	return n
}
