package pairing

// exactLimit is the number of members up to which pairs are matched exactly: the most that the layout of weights allows for.
const exactLimit = 1000

// Match makes a round. It returns an error, and no round, if the input cannot be read: a missing date, a duplicate
// or empty ID, a rule out of range. Nobody available, or nobody who may meet, is no error.
func Match(in Input) (Round, error) {
	roll, err := newRoll(&in)
	if err != nil {
		return Round{}, err
	}
	p, err := prepareRoll(&in, roll)
	if err != nil {
		return Round{}, err
	}
	hash := make(chan string, 1)
	go func() { hash <- roll.hash(&in) }() // A large history takes as long to read as the round to make.
	r := p.explain(p.withTables(p.plan()))
	r.InputHash = <-hash
	return r, nil
}

// prepare checks the input and builds the pool.
func prepare(in *Input) (*pool, error) {
	r, err := newRoll(in)
	if err != nil {
		return nil, err
	}
	return prepareRoll(in, r)
}

// prepareRoll checks the rest of the input that a roll was made of, and builds the pool.
func prepareRoll(in *Input, r *roll) (*pool, error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	rules, err := in.Rules.normalised()
	if err != nil {
		return nil, err
	}
	return newPool(in, r, rules), nil
}

// plan picks the method for the size of pool and groups.
func (p *pool) plan() plan {
	switch {
	case p.mentoring:
		return p.planMentors()
	case p.rules.Size > 2:
		return p.planGroups()
	case p.size() > exactLimit:
		return p.planSparsely()
	}
	return p.planExactly()
}
