package pairing

import (
	"errors"
	"fmt"
	"slices"
)

var (
	errNoGroup       = errors.New("in no group")
	errSeveralGroups = errors.New("in several groups")
)

// Swapped is what becomes of a group when one of its members cannot take part after all. Either those who remain stay
// together, or one person remains, for whom there is a place or none.
type Swapped struct {
	// From is the index in the round's Groups of the group that was left.
	From int `json:"from"`
	// Stay is that group without the member, if two or more remain; else it has no members.
	Stay Group `json:"stay"`
	// Partner is the ID of the one person who remains of a pair, empty if nobody does.
	Partner string `json:"partner,omitempty"`
	// Place is where the Partner goes, as Admit would find it. Its Joined counts in the round's Groups as they were.
	Place Admission `json:"place"`
}

// Swap finds out what becomes of the others when a member of a running round cannot take part: a larger group goes on
// without them, and the partner of a pair gets the place that a late joiner would get, by the same predicate, if there is
// one. Nobody is placed with the member who cannot. It returns an error if the input cannot be read, or if the member is
// unknown, in no group or, as a mentor can be, in several.
func Swap(in Input, running Round, leaver string) (Swapped, error) {
	nothing := Swapped{From: -1, Place: Admission{Joined: -1}}
	from, err := groupOf(running, leaver)
	if err != nil {
		return nothing, fmt.Errorf("swap %q: %w", leaver, err)
	}
	if !isMember(&in, leaver) {
		return nothing, fmt.Errorf("swap %q: no such member", leaver)
	}
	in.Members = slices.Clone(in.Members)
	for i := range in.Members {
		in.Members[i].Skips = in.Members[i].Skips || in.Members[i].ID == leaver
	}
	p, err := prepare(&in)
	if err != nil {
		return nothing, err
	}
	swapped := nothing
	swapped.From = from
	rest := p.indices(running.Groups[from].Members)
	switch len(rest) {
	case 0:
	case 1:
		running.Groups = slices.Clone(running.Groups)
		running.Groups[from] = Group{}
		swapped.Partner, swapped.Place = p.members[rest[0]].ID, p.admit(rest[0], running)
	default:
		swapped.Stay = p.explainGroup(rest)
	}
	return swapped, nil
}

// groupOf returns the index of the one group that a member is in.
func groupOf(running Round, id string) (int, error) {
	at := -1
	for k, g := range running.Groups {
		if !slices.Contains(g.Members, id) {
			continue
		}
		if at >= 0 {
			return -1, errSeveralGroups
		}
		at = k
	}
	if at < 0 {
		return -1, errNoGroup
	}
	return at, nil
}
