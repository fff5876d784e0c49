package pairing

// exactLimit is the number of members up to which pairs are matched exactly. The layout of weights allows for
// at most 1,000; the time, cubic in the worst case, for less.
const exactLimit = 600

// Match makes a round. It returns an error, and no round, if the input cannot be read: a missing date, a duplicate
// or empty ID, a rule out of range. Nobody available, or nobody who may meet, is no error.
func Match(in Input) (Round, error) {
	p, err := prepare(&in)
	if err != nil {
		return Round{}, err
	}
	r := p.explain(p.plan())
	r.InputHash = in.Hash()
	return r, nil
}

// prepare checks the input and builds the pool.
func prepare(in *Input) (*pool, error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	rules, err := in.Rules.normalised()
	if err != nil {
		return nil, err
	}
	return newPool(in, rules), nil
}

// plan picks the method for the size of pool and groups.
func (p *pool) plan() plan {
	switch {
	case p.rules.Size > 2:
		return p.planGroups()
	case p.size() > exactLimit:
		return p.planSparsely()
	}
	return p.planExactly()
}
