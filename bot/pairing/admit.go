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
// pairs and trios are allowed) that is worth most with them. The same hard rules hold as in the round: who became
// unavailable since is not matched, and a group with somebody unknown or unavailable in it does not grow.
// It returns an error if the input cannot be read, or if the joiner is unknown or in a group already.
func Admit(in Input, running Round, joiner string) (Admission, error) {
	nobody := Admission{Joined: -1, Reason: NoPartner}
	p, err := prepare(&in)
	if err != nil {
		return nobody, err
	}
	if !slices.ContainsFunc(in.Members, func(m Member) bool { return m.ID == joiner }) {
		return nobody, fmt.Errorf("admit %q: no such member", joiner)
	}
	for _, g := range running.Groups {
		if slices.Contains(g.Members, joiner) {
			return nobody, fmt.Errorf("admit %q: in a group already", joiner)
		}
	}
	i := p.find(joiner)
	if i == none {
		return nobody, nil
	}
	if j := p.bestWaiting(i, running.LeftOut); j != none {
		return Admission{Group: p.explainGroup([]int32{i, j}), Joined: -1, With: p.members[j].ID}, nil
	}
	groups := p.seatable(running.Groups)
	if at := p.bestSeat(i, groups, p.fullSize()); at >= 0 {
		return Admission{Group: p.explainGroup(append(groups[at], i)), Joined: at}, nil
	}
	return nobody, nil
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
		if !slices.ContainsFunc(in.Members, func(m Member) bool { return m.ID == id }) {
			return false, fmt.Errorf("check pair: no member %q", id)
		}
	}
	i, j := p.find(a), p.find(b)
	return i != none && j != none && p.permits(i, j), nil
}

// find returns the index of an available member, or none.
func (p *pool) find(id string) int32 {
	at, found := slices.BinarySearchFunc(p.members, id, func(m Member, id string) int { return strings.Compare(m.ID, id) })
	if !found {
		return none
	}
	return int32(at)
}

// bestWaiting returns the left-out member to match with: the highest priority first, then what the pair is worth.
func (p *pool) bestWaiting(i int32, left []LeftOut) int32 {
	best := none
	s := p.scale()
	worth := func(j int32) int64 { return s.number(p.value(i, j)) }
	for _, l := range left {
		j := p.find(l.ID)
		if j == none || !p.permits(i, j) {
			continue
		}
		if best == none || p.priority[j] > p.priority[best] || p.priority[j] == p.priority[best] && p.prefers(i, j, best, worth) {
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

// seatable returns the groups by index in the pool; one with somebody who is not in the pool counts as full.
func (p *pool) seatable(groups []Group) [][]int32 {
	list := make([][]int32, len(groups))
	for k, g := range groups {
		for _, id := range g.Members {
			i := p.find(id)
			if i == none {
				list[k] = make([]int32, largestGroup)
				break
			}
			list[k] = append(list[k], i)
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
