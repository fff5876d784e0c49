package bot

import "context"

// RoundPlan is a round before it is stored, and what has to be done beside its groups. Its lists may be long.
type RoundPlan struct {
	Round
	Asked []string  // who is not matched because nothing was heard of them, and is asked for the first time
	Heard []string  // whose silence in an earlier round says nothing, and who are in no group of this one
	Unmet []Meeting // pairs of earlier rounds that were never introduced: they count as not met
}

// RoundPart is a piece of a round's plan: what can be put into the ledger in one step. Parts are numbered from 0 and go in one after the other.
type RoundPart struct {
	Number  int       `json:"-"`
	Groups  []Group   `json:"-"`
	LeftOut []string  `json:"left_out,omitempty"`
	Asked   []string  `json:"asked,omitempty"`
	Heard   []string  `json:"heard,omitempty"`
	Unmet   []Meeting `json:"unmet,omitempty"`
}

// members lists everybody whose seat a part may change.
func (p RoundPart) members() []string {
	var ids []string
	for _, g := range p.Groups {
		ids = append(ids, g.Members...)
	}
	return append(append(append(ids, p.LeftOut...), p.Asked...), p.Heard...)
}

// RoundPlanner stores a round's plan in pieces, for a round may have a hundred thousand people and nobody else is to wait for it. It can be broken off after any call: whoever
// plans the round again goes on where it was, and any number of processes may do so at the same time.
type RoundPlanner interface {
	RoundChanger
	// DraftRound writes a plan, and returns the name that it is adopted by. [ErrRepeated] if the round is there already.
	DraftRound(ctx context.Context, plan RoundPlan) (name string, err error)
	// AdoptRound makes a draft the round that counts, once and for all: the first wins. It returns the round that counts, without its groups, with
	// [ErrRepeated] if that is another; [ErrConflict] if the draft is no longer there.
	AdoptRound(ctx context.Context, r Round, name string) (Round, error)
	// NextPart reads the part that is to be put in next; [ErrNotFound] when all are, and another error if the store does not have the round.
	NextPart(ctx context.Context, round string) (RoundPart, error)
	// InsertPart puts a part in: changes seats and meetings and inserts the sends in one step. [ErrConflict] if it is in already, or if one of the seats
	// changed meanwhile.
	InsertPart(ctx context.Context, r Round, part int, seats []Seat, meetings []Meeting, intents Intents) error
}
