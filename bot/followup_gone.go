package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// Leaving is that one of a commitment's people left the company, and the others were told.
type Leaving struct {
	Member string    `json:"member"`
	At     time.Time `json:"at"`
}

const (
	// leavingWait is how long after somebody left the others are told: an account that was deactivated by mistake is back by then, and all that one
	// leaves to the same colleague comes in one message.
	leavingWait  = 5 * time.Minute
	leavingTries = 4 // of writing down that somebody left, while others write, too
)

// MemberGone tells the other sides of what somebody owes, is owed and was asked for that they left, once each, as far as they could see it already, and lets what
// was only proposed, or offered, to them lapse. Who came back, and did something about what they owe, and left again, left once more. Of whom the directory knows as a
// colleague nothing ends. It can be called any number of times.
func (p *Promises) MemberGone(ctx context.Context, now time.Time, member string) error {
	scene, err := p.Scenes.Scene(ctx, "", member)
	if err != nil {
		return fmt.Errorf("tell that %q left: %w", member, err)
	}
	if !scene.Members[member].Deleted {
		return nil
	}
	owned, owed, err := p.Store.MemberCommitments(ctx, member, now)
	if err != nil {
		return fmt.Errorf("tell that %q left: %w", member, err)
	}
	back := actedLast(owned)
	for _, c := range append(owned, owed...) {
		if err := p.left(ctx, now, member, back, c); err != nil {
			return fmt.Errorf("tell that %q left: %w", member, err)
		}
	}
	return nil
}

// PeopleGone does for everybody who left what [Promises.MemberGone] does for one: it finds whose leaving nothing told of, or was told while this was broken off.
func (p *Promises) PeopleGone(ctx context.Context, now time.Time, roster Roster) error {
	all, err := roster.AllMembers(ctx)
	if err != nil {
		return fmt.Errorf("look for promises of who left: %w", err)
	}
	for _, m := range all {
		if !m.Deleted || m.Bot {
			continue
		}
		if err := p.MemberGone(ctx, now, m.ID); err != nil {
			return err
		}
	}
	return nil
}

// left writes down that somebody left, with the messages about it.
func (p *Promises) left(ctx context.Context, now time.Time, member string, back time.Time, c Commitment) error {
	for range leavingTries {
		wanted, sends := c.without(member, back, now)
		if len(sends) == 0 {
			return nil
		}
		token := Token(fmt.Sprintf("left %d %s v%d", c.ID, member, c.Version))
		err := p.Store.ReplaceCommitment(ctx, token, c, wanted, sends)
		if err == nil || errors.Is(err, ErrRepeated) {
			return nil
		}
		if !errors.Is(err, ErrConflict) {
			return err
		}
		if c, err = p.Store.Commitment(ctx, c.ID); errors.Is(err, ErrNotFound) {
			return nil
		} else if err != nil {
			return err
		}
	}
	return fmt.Errorf("commitment %d: %w", c.ID, ErrConflict)
}

// actedLast is when the owner of commitments last did something about one of them; zero for never. What is only proposed to them others may have changed.
func actedLast(owned []Commitment) time.Time {
	var last time.Time
	for _, c := range owned {
		if c.State == Open {
			last = latest(last, c.Acted)
		}
	}
	return last
}

// without is a commitment after one of its people left, who was there at an instant, and what the others are told; nothing if that was said since, or nobody else
// sees it.
func (c Commitment) without(member string, back, now time.Time) (Commitment, Intents) {
	if at, left := c.leftAt(member); left && !back.After(at.Add(leavingWait)) {
		return c, nil
	}
	var sends Intents
	tell := func(to string) {
		sends = append(sends, Send{
			SID: c.leftSID(member, to), Kind: KindProposal, Ref: fmt.Sprintf("%d %s %s", c.ID, WhatLeft, member),
			Members: []string{to}, Due: now.Add(leavingWait),
		})
	}
	if c.State == Open && c.Giving == member {
		declined := answerSend(now.Add(leavingWait), c, string(WhatDeclined), member, c.Owner)
		c.Giving, sends = "", append(sends, declined)
	}
	switch {
	case c.State == Proposed && c.Owner == member:
		c.State, c.Closed = Lapsed, now
		sends = append(sends, c.lapsedSend(now.Add(leavingWait)))
	case c.State == Proposed && c.By == member, c.State == Open && c.Owner != member && slices.Contains(c.MembersTo(), member):
		tell(c.Owner)
	case c.State == Open && c.Owner == member:
		for _, to := range c.colleagues() {
			if c.VisibleTo(to) {
				tell(to)
			}
		}
	}
	c.Left = append(slices.Clone(c.Left), Leaving{Member: member, At: now})
	return c, sends
}

// lapsedSend tells who proposed it that nothing came of it.
func (c Commitment) lapsedSend(due time.Time) Send {
	return Send{
		SID: fmt.Sprintf("followup/%d/lapsed", c.ID), Kind: KindAnswer, Ref: fmt.Sprintf("%d %s %s", c.ID, WhatLapsed, c.Owner), Members: []string{c.By}, Due: due,
	}
}

// leftSID is the sid of what tells somebody that another left; each time that they leave is a message of its own.
func (c Commitment) leftSID(member, to string) string {
	sid := fmt.Sprintf("followup/%d/left/%s/%s", c.ID, member, to)
	before := 0
	for _, l := range c.Left {
		if l.Member == member {
			before++
		}
	}
	if before > 0 {
		sid += fmt.Sprintf("/%d", before+1)
	}
	return sid
}

// leftAt is when it was last noted that one of its people left.
func (c Commitment) leftAt(member string) (at time.Time, left bool) {
	for _, l := range slices.Backward(c.Left) {
		if l.Member == member {
			return l.At, true
		}
	}
	return time.Time{}, false
}

// OwnerLeft reports whether it was told that its owner left. They may be back meanwhile.
func (c Commitment) OwnerLeft() bool {
	_, left := c.leftAt(c.Owner)
	return left
}

// chose reports whether somebody said what becomes of it after another left.
func (c Commitment) chose(member, gone string) bool {
	ch, chose := c.chosenBy(member)
	at, left := c.leftAt(gone)
	return chose && left && !ch.At.Before(at)
}

// leaving reads what a send's ref says of somebody who left.
func (c Commitment) leaving(to string, item AddressedItem, gone string) (AddressedItem, string, bool) {
	switch {
	case c.chose(to, gone):
		return item, gone, false
	case c.Owner == gone:
		return item, gone, c.State == Open && slices.Contains(c.colleagues(), to) && c.VisibleTo(to)
	case c.Owner != to:
		return item, gone, false
	case c.State == Proposed:
		return item, gone, c.By == gone
	}
	return item, gone, c.State == Open && slices.Contains(c.MembersTo(), gone)
}

// pointless reports whether it is over because of whom it comes from: somebody who left and is back, or who asked for something and left.
func (i AddressedItem) pointless(from Member) bool {
	return i.What == WhatLeft && !from.Deleted || i.What == WhatProposed && from.Deleted
}
