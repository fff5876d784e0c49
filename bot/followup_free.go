package bot

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// Freed is that somebody whom a commitment is to does not need it any more. What becomes of it is its owner's to say.
type Freed struct {
	By string    `json:"by"`
	At time.Time `json:"at"`
}

// WhatFreed asks the owner whether they release what somebody does not need any more.
const WhatFreed What = "freed"

// Free lets the owner know that the actor, whom an open commitment is to and who may see it, does not need it any more; it reaches the
// owner in ten minutes. Saying it again changes nothing. Of one that nobody agreed to yet it is [FollowupUnagreed].
func (p *Promises) Free(ctx context.Context, now time.Time, a Act) (Commitment, error) {
	c, _, err := p.waitedFor(ctx, a)
	if err != nil {
		return c, err
	}
	if c.FreedBy(a.Actor) {
		return c.seenBy(a.Actor), nil
	}
	was := c
	c.Freed = append(slices.Clone(c.Freed), Freed{By: a.Actor, At: now})
	told := Send{
		SID: fmt.Sprintf("followup/%d/freed/v%d", c.ID, c.Version), Kind: KindProposal, Ref: fmt.Sprintf("%d %s %s", c.ID, WhatFreed, a.Actor),
		Members: []string{c.Owner}, Due: now.Add(undoWindow),
	}
	c, err = p.replace(ctx, a, was, c, Intents{told})
	return c.seenBy(a.Actor), err
}

// UndoFree takes back that the actor does not need it, within ten minutes: until then its owner has not heard of it. Later it is [FaultTooLate], and [FaultDone] where
// they did not say it.
func (p *Promises) UndoFree(ctx context.Context, now time.Time, a Act) (Commitment, error) {
	c, _, err := p.waitedFor(ctx, a)
	if err != nil {
		return c, err
	}
	at := slices.IndexFunc(c.Freed, func(f Freed) bool { return f.By == a.Actor })
	switch {
	case at < 0:
		return c, &Fault{Code: FaultDone}
	case !now.Before(c.Freed[at].At.Add(undoWindow)):
		return c, &Fault{Code: FaultTooLate}
	}
	was := c
	c.Freed = slices.Delete(slices.Clone(c.Freed), at, at+1)
	c, err = p.replace(ctx, a, was, c, nil)
	return c.seenBy(a.Actor), err
}

// FreedBy reports whether a member does not need it any more.
func (c Commitment) FreedBy(member string) bool {
	return slices.ContainsFunc(c.Freed, func(f Freed) bool { return f.By == member })
}

// freed reads what a send's ref says of that.
func (c Commitment) freed(to string, item AddressedItem, from string) (AddressedItem, string, bool) {
	return item, from, c.State == Open && c.Owner == to && c.FreedBy(from) && c.VisibleTo(from)
}

// seenBy is a commitment as far as somebody may see it whom it is to: who else waits for it, what they ask and what its owner means to do are not theirs.
// Who proposed it stays only where that is the reader.
func (c Commitment) seenBy(member string) Commitment {
	own := func(by string) bool { return by != member }
	c.Counterparties = slices.DeleteFunc(slices.Clone(c.Counterparties), func(cp Counterparty) bool { return own(cp.Member) })
	c.Asked = slices.DeleteFunc(slices.Clone(c.Asked), func(q Question) bool { return own(q.By) })
	c.Freed = slices.DeleteFunc(slices.Clone(c.Freed), func(f Freed) bool { return own(f.By) })
	c.Chosen = slices.DeleteFunc(slices.Clone(c.Chosen), func(ch Choice) bool { return own(ch.By) })
	c.Left = slices.DeleteFunc(slices.Clone(c.Left), func(l Leaving) bool { return l.Member != c.Owner })
	c.Giving, c.Offers, c.Plan, c.Before, c.Parts, c.Said, c.Presses = "", nil, nil, nil, nil, nil, nil
	if c.By != member && c.By != c.Owner {
		c.By = ""
	}
	return c
}

// hearing is a commitment on a member's own list without what those ask or say of it whom they keep away. Of one that is only offered to them, what its owner
// was asked and means to do is not theirs.
func (s Scene) hearing(member string, c Commitment) Commitment {
	if c.Owner != member {
		c.Asked, c.Freed, c.Said, c.Plan, c.Before = nil, nil, nil, nil, nil
		return c
	}
	c.Asked = slices.DeleteFunc(slices.Clone(c.Asked), func(q Question) bool { return s.keepsAway(member, q.By) })
	c.Freed = slices.DeleteFunc(slices.Clone(c.Freed), func(f Freed) bool { return s.keepsAway(member, f.By) })
	return c
}
