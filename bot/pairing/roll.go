package pairing

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// roll lists an input's members, available or not, and finds the members behind the IDs in its history: once for the round
// and its hash, as this takes longer than most of the rest where the history is long.
type roll struct {
	members []*Member         // sorted by ID
	place   map[string]uint32 // by ID: the place in members
	// met holds, per meeting, the places of the two, the lower first. IDs that are no member's have places after all members'.
	met       [][2]uint32
	strangers []string // those IDs, sorted
}

// unknownPlace is the place of an ID that is no member's, until it has one.
const unknownPlace = math.MaxUint32

// newRoll lists the members and resolves the history, or reports the first ID that cannot be.
func newRoll(in *Input) (*roll, error) {
	r := &roll{members: make([]*Member, len(in.Members)), place: make(map[string]uint32, len(in.Members))}
	for i := range in.Members {
		if in.Members[i].ID == "" {
			return nil, fmt.Errorf("read members: entry %d has no id", i)
		}
		r.members[i] = &in.Members[i]
	}
	slices.SortFunc(r.members, func(a, b *Member) int { return strings.Compare(a.ID, b.ID) })
	for i, m := range r.members {
		if i > 0 && r.members[i-1].ID == m.ID {
			return nil, fmt.Errorf("read members: id %q occurs twice", m.ID)
		}
		r.place[m.ID] = uint32(i)
	}
	r.resolve(in.History)
	return r, nil
}

// resolve finds the places of all who met.
func (r *roll) resolve(history []Meeting) {
	r.met = make([][2]uint32, len(history))
	find := func(id string) uint32 {
		if at, known := r.place[id]; known {
			return at
		}
		return unknownPlace
	}
	halves(len(history), func(from, to int) {
		for k := from; k < to; k++ {
			a, b := find(history[k].A), find(history[k].B)
			r.met[k] = [2]uint32{min(a, b), max(a, b)}
		}
	})
	r.resolveStrangers(history)
}

// resolveStrangers gives places to the IDs that occur in the history alone.
func (r *roll) resolveStrangers(history []Meeting) {
	place := make(map[string]uint32)
	for k := range history {
		if r.met[k][1] != unknownPlace {
			continue
		}
		for _, id := range [2]string{history[k].A, history[k].B} {
			if _, known := r.place[id]; known {
				continue
			}
			if _, known := place[id]; !known {
				r.strangers = append(r.strangers, id)
				place[id] = unknownPlace
			}
		}
	}
	slices.Sort(r.strangers)
	for i, id := range r.strangers {
		place[id] = uint32(len(r.members) + i)
	}
	find := func(id string) uint32 {
		if at, known := r.place[id]; known {
			return at
		}
		return place[id]
	}
	for k := range history {
		if r.met[k][1] == unknownPlace {
			a, b := find(history[k].A), find(history[k].B)
			r.met[k] = [2]uint32{min(a, b), max(a, b)}
		}
	}
}

// available lists who takes part, and returns for each place the index in that list, or none.
func (r *roll) available() (members []*Member, index []int32) {
	index = make([]int32, len(r.members))
	members = make([]*Member, 0, len(r.members))
	for at, m := range r.members {
		index[at] = none
		if m.available() {
			index[at] = int32(len(members))
			members = append(members, m)
		}
	}
	return members, index
}
