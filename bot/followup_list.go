package bot

import (
	"context"
	"slices"
	"time"
)

// FollowupOneList is what is wrong with a list of what is between the invoker and several people at once.
const FollowupOneList FaultCode = "followup_one_list"

// listWith reads who stands after "list": "list @bob" is what is between the invoker and Bob. False means that the text is a promise, such as "list of guests for @bob".
func (d *followupDraft) listWith(rest string) bool {
	words := followupWords(rest)
	if slices.ContainsFunc(words, func(w followupWord) bool {
		return w.kind != followupMember && w.kind != followupHandle && w.kind != followupCrowd || w.glued && w.start > 0
	}) {
		return false
	}
	d.in.Action = FollowupList
	for i := range words {
		cp, fault, _ := d.person(words[i:])
		d.failIf(fault)
		if fault == "" {
			d.addCounterparty(cp)
		}
	}
	if len(d.in.Counterparties) > 1 {
		d.fail(FollowupOneList)
	}
	return len(words) > 0
}

// PromiseList is what a member owes and what they are owed, as far as they may see it.
type PromiseList struct {
	Owe, Owed []Commitment // open and proposed ones, by due date, undated last
	With      string       // the other member, where the list is only of what is between the two; the reader, where it is of what they promised themselves
	Sealed    Sealed       // what else is in it
}

// Sealed is how many commitments a member's list holds whose words no key opens.
type Sealed struct{ Owe, Owed int }

// All is how many there are in all.
func (s Sealed) All() int { return s.Owe + s.Owed }

// CommitmentLists are the commitments of one member, by number.
type CommitmentLists struct {
	Owned, Owed             []Commitment
	SealedOwned, SealedOwed []Commitment // those whose words no key opens, as [UnopenedStore] has them
}

// UnopenedStore is what a store can do with commitments without opening their words: no text, nobody outside the workspace, nothing that somebody wrote.
type UnopenedStore interface {
	// CommitmentLists is MemberCommitments with what it leaves out, in one round trip.
	CommitmentLists(ctx context.Context, member string, since time.Time) (CommitmentLists, error)
	// UnopenedCommitment answers [ErrNotFound] for an unknown number.
	UnopenedCommitment(ctx context.Context, id int) (Commitment, error)
	// ReplaceUnopened is ReplaceCommitment for one that was read unopened: its words, its people and its owner stay as they are.
	ReplaceUnopened(ctx context.Context, token Token, was, c Commitment, intents Intents) error
}

// ListWith is [Promises.List] of what is between a member and another one; of everything, if with is empty. With themselves it is what they promised nobody else.
func (p *Promises) ListWith(ctx context.Context, now time.Time, member, with string, known Scene) (PromiseList, error) {
	all, err := p.listSince(ctx, now, member)
	if err != nil {
		return PromiseList{}, err
	}
	scene, err := p.scene(ctx, known, []string{member})
	if err != nil {
		return PromiseList{}, &Fault{Code: FaultUnread, Cause: err}
	}
	list := all.reaching(scene, member).with(member, with)
	if away := leftOwners(list.Owed); len(away) > 0 {
		if scene, err = p.Scenes.Scene(ctx, "", away...); err != nil {
			return PromiseList{}, &Fault{Code: FaultUnread, Cause: err}
		}
		list.Owed = scene.ownersBack(list.Owed)
	}
	return list, nil
}

// leftOwners are those of whom it was told that they left.
func leftOwners(owed []Commitment) []string {
	var ids []string
	for _, c := range owed {
		if c.OwnerLeft() {
			ids = append(ids, c.Owner)
		}
	}
	return unique(ids)
}

// ownersBack is what a member is owed where it does not say of anybody who is back that they left: what they promised is as it was.
func (s Scene) ownersBack(owed []Commitment) []Commitment {
	list := slices.Clone(owed)
	for i, c := range list {
		if c.OwnerLeft() && !s.Members[c.Owner].Deleted {
			list[i].Left = nil
		}
	}
	return list
}

// promisesOf is everything between a member and others.
type promisesOf struct {
	owe, owed             []Commitment // by due date, undated last
	sealedOwe, sealedOwed []Commitment // of which only is known that they are there
	others                []Commitment // that name the member and that somebody else owes, whether they may see it or not
}

// listSince is everything between a member and others but what was closed before an instant, before it is known whom the member keeps away.
func (p *Promises) listSince(ctx context.Context, since time.Time, member string) (promisesOf, error) {
	lists, err := p.Store.CommitmentLists(ctx, member, since)
	if err != nil {
		return promisesOf{}, &Fault{Code: FaultUnread, Cause: err}
	}
	all := promisesOf{others: lists.Owed}
	all.owe, all.owed = seenOf(member, lists.Owned, lists.Owed)
	all.sealedOwe, all.sealedOwed = seenOf(member, lists.SealedOwned, lists.SealedOwed)
	return all, nil
}

// seenOf is what a member sees of what they own and of what names them, by due date, undated last.
func seenOf(member string, owned, named []Commitment) (owe, owed []Commitment) {
	offers, owed := offersTo(member, named)
	owe = slices.Concat(owned, offers)
	owed = slices.DeleteFunc(owed, func(c Commitment) bool { return c.Owner == member || !c.VisibleTo(member) })
	slices.SortStableFunc(owe, byDue)
	slices.SortStableFunc(owed, byDue)
	return owe, owed
}

// reaching is the list of what is open, without what those say whom the member keeps away.
func (all promisesOf) reaching(scene Scene, member string) promisesOf {
	all.owe, all.owed = scene.reaching(member, current(all.owe), current(all.owed))
	all.sealedOwe, all.sealedOwed = scene.reaching(member, current(all.sealedOwe), current(all.sealedOwed))
	return all
}

// with is what of it is between the member and another one; everything, if that is empty.
func (all promisesOf) with(member, other string) PromiseList {
	owe := func(list []Commitment) []Commitment {
		return whole(list, func(c Commitment) bool { return c.oweTo(other, member) })
	}
	owed := func(list []Commitment) []Commitment {
		return whole(list, func(c Commitment) bool { return c.Owner == other })
	}
	if other == "" {
		owe = func(list []Commitment) []Commitment { return list }
		owed = owe
	}
	return PromiseList{
		Owe: owe(all.owe), Owed: owed(all.owed), With: other,
		Sealed: Sealed{Owe: len(owe(all.sealedOwe)), Owed: len(owed(all.sealedOwed))},
	}
}

func whole(list []Commitment, keep func(Commitment) bool) []Commitment {
	return slices.DeleteFunc(slices.Clone(list), func(c Commitment) bool { return !keep(c) })
}

// oweTo reports whether what stands on a member's list is to another one, or asked for by them. What they owe themselves is what is to nobody else.
func (c Commitment) oweTo(other, member string) bool {
	to := c.MembersTo()
	if other == member {
		return c.Owner == member && c.By == member && len(c.Counterparties) == len(to) && !slices.ContainsFunc(to, func(id string) bool { return id != member })
	}
	return slices.Contains(to, other) || c.State == Proposed && c.By == other
}
