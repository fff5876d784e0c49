package pairing

import (
	"fmt"
	"slices"
	"strings"
)

// Admission is the place of a late joiner in a running round.
type Admission struct {
	// Group is the joiner's group as it is now, with its reasons; empty if there is no place.
	Group Group `json:"group"`
	// Joined is the index in the round's Groups of the group that grew, or -1 if the group is a new pair or there is none.
	Joined int `json:"joined"`
	// With is the ID of the left-out member whom the joiner was matched with, empty if there is none.
	With string `json:"with,omitempty"`
	// Reason is NoPartner if there is no place, else empty.
	Reason LeftOutCode `json:"reason,omitempty"`
}

// Admit finds a place in a running round for one of the input's members who joined late: with whoever was left out, by
// the order that the round itself prefers them in, or else in the group below its full size (three where groups are
// pairs and trios are allowed, or the seats at a leader's table) that is worth most with them. In a mentor match a mentee
// gets the mentor with a free seat who is worth most to them, and a mentor a mentee who was left out. The same hard rules
// hold as in the round: who became unavailable since is not matched, and a group with somebody unknown or unavailable in
// it does not grow. It returns an error if the input cannot be read, or if the joiner is unknown or in a group already,
// other than as a mentor.
func Admit(in Input, running Round, joiner string) (Admission, error) {
	nobody := Admission{Joined: -1, Reason: NoPartner}
	p, err := prepare(&in)
	if err != nil {
		return nobody, err
	}
	if !isMember(&in, joiner) {
		return nobody, fmt.Errorf("admit %q: no such member", joiner)
	}
	i := p.find(joiner)
	mentor := p.mentoring && i != none && p.members[i].Role == Mentor
	if !mentor && slices.ContainsFunc(running.Groups, func(g Group) bool { return slices.Contains(g.Members, joiner) }) {
		return nobody, fmt.Errorf("admit %q: in a group already", joiner)
	}
	return p.admit(i, running), nil
}

// isMember reports whether the input knows an ID.
func isMember(in *Input, id string) bool {
	return slices.ContainsFunc(in.Members, func(m Member) bool { return m.ID == id })
}

// admit finds a place for an available member, or none for none.
func (p *pool) admit(i int32, running Round) Admission {
	nobody := Admission{Joined: -1, Reason: NoPartner}
	if i == none {
		return nobody
	}
	if j := p.bestWaiting(i, p.waiting(i, running)); j != none {
		return Admission{Group: p.explainGroup([]int32{i, j}), Joined: -1, With: p.members[j].ID}
	}
	groups := p.seatable(running.Groups)
	if at := p.bestSeat(i, groups, largestGroup); at >= 0 {
		return Admission{Group: p.explainGroup(append(groups[at], i)), Joined: at}
	}
	return nobody
}

// Permits reports whether the hard rules allow two of the input's members to share a group, both being available: the
// question behind a swap or a match made by hand. The answer does not say why not. It returns an error if the input
// cannot be read or an ID is unknown.
func Permits(in Input, a, b string) (bool, error) {
	p, err := prepare(&in)
	if err != nil {
		return false, err
	}
	for _, id := range []string{a, b} {
		if !isMember(&in, id) {
			return false, fmt.Errorf("check pair: no member %q", id)
		}
	}
	i, j := p.find(a), p.find(b)
	return i != none && j != none && p.permits(i, j), nil
}

// find returns the index of an available member, or none.
func (p *pool) find(id string) int32 {
	at, found := slices.BinarySearchFunc(p.members, id, func(m *Member, id string) int { return strings.Compare(m.ID, id) })
	if !found {
		return none
	}
	return int32(at)
}

// waiting lists who waits for somebody like a member: those left out, and in a mentor match, for a mentee, the mentors with
// a free seat. Nobody waits for a mentor who has none.
func (p *pool) waiting(i int32, running Round) []int32 {
	var list []int32
	if !p.mentoring || p.members[i].Role == Mentor && p.freeSeatsOf(i, running) > 0 {
		for _, l := range running.LeftOut {
			if j := p.find(l.ID); j != none {
				list = append(list, j)
			}
		}
	} else if p.members[i].Role == Mentee {
		for j := range p.members {
			if p.members[j].Role == Mentor && p.freeSeatsOf(int32(j), running) > 0 {
				list = append(list, int32(j))
			}
		}
	}
	return list
}

// bestWaiting returns the waiting member to match with: the highest priority first, which is no matter among mentors, then
// what the pair is worth.
func (p *pool) bestWaiting(i int32, waiting []int32) int32 {
	best := none
	s := p.scale()
	worth := func(j int32) int64 { return s.number(p.value(i, j)) }
	rank := func(j int32) int32 {
		if p.members[j].Role == Mentor {
			return 0
		}
		return p.priority[j]
	}
	for _, j := range waiting {
		if !p.permits(i, j) {
			continue
		}
		if best == none || rank(j) > rank(best) || rank(j) == rank(best) && p.prefers(i, j, best, worth) {
			best = j
		}
	}
	return best
}

// prefers reports whether j is worth more to i than k, chance deciding between equals.
func (p *pool) prefers(i, j, k int32, worth func(int32) int64) bool {
	if worth(j) != worth(k) {
		return worth(j) > worth(k)
	}
	return p.pairNoise(i, j) < p.pairNoise(i, k)
}

// seatable returns the groups by index in the pool; one that has no room for another member, or in which somebody is not in
// the pool, comes with as many members as no group may exceed.
func (p *pool) seatable(groups []Group) [][]int32 {
	list := make([][]int32, len(groups))
	for k, g := range groups {
		list[k] = p.indices(g.Members)
		if len(list[k]) < len(g.Members) || len(g.Members) >= p.capacity(list[k]) {
			list[k] = make([]int32, largestGroup)
		}
	}
	return list
}

// indices returns the available members of a list of IDs.
func (p *pool) indices(ids []string) []int32 {
	list := make([]int32, 0, len(ids))
	for _, id := range ids {
		if i := p.find(id); i != none {
			list = append(list, i)
		}
	}
	return list
}

// fullSize is the size up to which a late joiner may make a group grow.
func (p *pool) fullSize() int {
	if p.rules.Size == 2 && p.rules.Trios {
		return 3
	}
	return p.rules.Size
}
