package pairing

import "slices"

const (
	// leaderPoints is what a colleague is worth to a leader whoever they are, so that leaders do not sit with each other.
	leaderPoints = 3
	// unledPoints is what it is worth besides that a colleague sat with no leader within the window: ledPoints less for
	// every time that they did, and one less if that was in the younger half of the window.
	unledPoints = 6
	ledPoints   = 2
)

// indexLeaders finds out how often each member sat with a leader within the window, and when last. A leader who does not
// take part now counts too.
func (p *pool) indexLeaders(in *Input) {
	leaders := make(map[string]bool)
	for i := range in.Members {
		if in.Members[i].Leader {
			leaders[in.Members[i].ID] = true
		}
	}
	led := make(map[string][]int) // the rounds
	note := func(leader, id string, round int) {
		if leaders[leader] {
			led[id] = append(led[id], round)
		}
	}
	for _, m := range in.History {
		if m.Outcome != NotMet && p.history.round-m.Round <= p.rules.Window {
			note(m.A, m.B, m.Round)
			note(m.B, m.A, m.Round)
		}
	}
	p.unled = make([]int64, len(p.members))
	for i := range p.members {
		if !p.members[i].Leader {
			p.unled[i] = p.unledPoints(led[p.members[i].ID])
		}
	}
}

// unledPoints returns what a seat with a leader is worth to a colleague who had one in the given rounds.
func (p *pool) unledPoints(rounds []int) int64 {
	if len(rounds) == 0 {
		return unledPoints
	}
	slices.Sort(rounds)
	last := rounds[len(rounds)-1]
	points := unledPoints - ledPoints*len(slices.Compact(rounds))
	if 2*(p.history.round-last) <= p.rules.Window {
		points--
	}
	return int64(max(0, points))
}

// leaderPoints returns the points of a pair for a leader's seat.
func (p *pool) leaderPoints(i, j int32) int64 {
	if !p.leading || p.members[i].Leader == p.members[j].Leader {
		return 0
	}
	return leaderPoints + p.unled[i] + p.unled[j] // A leader has none themselves.
}

// bestLeader returns the most points that a pair can have for a leader's seat.
func (p *pool) bestLeader() int64 {
	if !p.leading {
		return 0
	}
	return leaderPoints + unledPoints
}
