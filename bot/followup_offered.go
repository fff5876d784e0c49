package bot

// offersTo takes out of what a member can see what its owner asked them to take over, and shows it as what it is to them: something they are asked for,
// to accept or to decline. What its owner notes beside it is not theirs.
func offersTo(member string, seen []Commitment) (offers, others []Commitment) {
	for _, c := range seen {
		if c.Giving != member || c.Owner == member || c.State != Open {
			others = append(others, c)
			continue
		}
		c.State, c.By, c.Giving = Proposed, c.Owner, ""
		c.Asked, c.Freed, c.Said, c.Plan, c.Before, c.Offers = nil, nil, nil, nil, nil, nil
		offers = append(offers, c)
	}
	return offers, others
}
