package pairing

import "fmt"

// checkSeats reports the first member whose role or seats make no sense.
func checkSeats(members []Member) error {
	mentoring := hasRoles(members)
	for i := range members {
		m := &members[i]
		switch {
		case m.Role != "" && m.Role != Mentor && m.Role != Mentee:
			return fmt.Errorf("read members: %q has unknown role %q", m.ID, m.Role)
		case m.Seats < 0:
			return fmt.Errorf("read members: %q has %d seats", m.ID, m.Seats)
		case mentoring && m.Role == "" && m.available():
			return fmt.Errorf("read members: %q has no role in a mentor match", m.ID)
		}
	}
	return nil
}

// hasRoles reports whether the members are those of a mentor match.
func hasRoles(members []Member) bool {
	for i := range members {
		if members[i].Role != "" {
			return true
		}
	}
	return false
}

// appendSeats appends which roles two members have with each other.
func (p *pool) appendSeats(list []Reason, i, j int32) []Reason {
	add := func(code ReasonCode, a, b int32) {
		list = append(list, Reason{Code: code, A: p.members[a].ID, B: p.members[b].ID})
	}
	if p.mentoring {
		mentor, mentee := p.sides(i, j)
		add(MentorSeat, mentor, mentee)
		return list
	}
	for _, x := range [][2]int32{{i, j}, {j, i}} {
		if p.members[x[0]].Leader && !p.members[x[1]].Leader {
			add(LeaderSeat, x[0], x[1])
		}
		if p.members[x[0]].Stretch && p.differences(i, j) >= stretchReason {
			add(Stretch, x[0], x[1])
		}
	}
	return list
}

// indexSeats prepares what mentors, leaders and those who want to stretch bring with them.
func (p *pool) indexSeats(in *Input) {
	if p.mentoring = hasRoles(in.Members); p.mentoring {
		// A mentor match knows pairs alone.
		p.rules.Size, p.rules.Trios = 2, false
		return
	}
	for i := range p.members {
		if p.members[i].Stretch {
			p.stretching++
		}
		p.leading = p.leading || p.members[i].Leader
	}
	if p.leading {
		p.indexLeaders(in)
		p.tables = p.countTables()
	}
}
