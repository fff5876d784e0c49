package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"
)

const (
	proposalDays   = 5  // working days after which an unanswered proposal lapses
	proposalsDaily = 10 // proposals and offers of one member on one day of theirs
)

// proposalIntents are the message that asks the owner, and the run that lets the proposal lapse. The days count from the end of the owner's pause.
func proposalIntents(now time.Time, c Commitment, h Hours) Intents {
	from := h.Today(now)
	if from.Before(h.PausedTill) {
		from = h.PausedTill.AddDays(-1)
	}
	lapse := h.At(h.Workdays(from, proposalDays+1), 0)
	return Intents{
		{SID: "followup/{id}/proposal", Kind: KindProposal, Ref: "{id}", Members: []string{c.Owner}, Due: now, NotAfter: lapse},
		{SID: "followup/{id}/lapse", Kind: KindPlan, Ref: "lapse/{id} " + lapse.UTC().Format(time.RFC3339), Due: lapse},
	}
}

// proposalQuota bounds how much a member proposes on one day: what of their own they offer counts, too.
func (p *Promises) proposalQuota(ctx context.Context, now time.Time, member string, h Hours) (*ProposalQuota, error) {
	offers, err := p.offersToday(ctx, now, member, h)
	return &ProposalQuota{Day: h.Today(now), Limit: max(0, proposalsDaily-offers)}, err
}

// offersToday counts how often a member asked others today to take something over that is still theirs.
func (p *Promises) offersToday(ctx context.Context, now time.Time, member string, h Hours) (int, error) {
	today := h.Today(now)
	owned, err := p.Store.OwnedCommitments(ctx, member, h.At(today, 0))
	n := 0
	for _, c := range owned {
		n += len(c.offersOn(today, h))
	}
	return n, err
}

// mayOffer bounds how much a member asks of others on one day: what they proposed today, and what of their own they offer. Two offers in the same
// instant can pass it by one.
func (p *Promises) mayOffer(ctx context.Context, now time.Time, member string, h Hours) *Fault {
	today := h.Today(now)
	proposed, err := p.Store.OwedCommitments(ctx, member, h.At(today, 0))
	if err != nil {
		return &Fault{Code: FaultUnread, Cause: err}
	}
	n, err := p.offersToday(ctx, now, member, h)
	if err != nil {
		return &Fault{Code: FaultUnread, Cause: err}
	}
	for _, c := range proposed {
		if c.By == member && c.Shared && c.Owner != member && h.Today(c.Created) == today {
			n++
		}
	}
	if n >= proposalsDaily {
		return &Fault{Code: FollowupProposals, Limit: proposalsDaily}
	}
	return nil
}

// offersOn are the offers of a day.
func (c Commitment) offersOn(day Date, h Hours) []Offer {
	return slices.DeleteFunc(slices.Clone(c.Offers), func(o Offer) bool { return h.Today(o.At) != day })
}

// offered is the offer that stands.
func (c Commitment) offered() (Offer, bool) {
	n := len(c.Offers)
	if c.State != Open || c.Giving == "" || n == 0 || c.Offers[n-1].To != c.Giving {
		return Offer{}, false
	}
	return c.Offers[n-1], true
}

// offerSend is the message that asks whom a commitment is offered to.
func offerSend(now time.Time, id int, o Offer) Send {
	return Send{
		SID: fmt.Sprintf("followup/%d/give/%s/v%d", id, o.To, o.Version), Kind: KindProposal, Ref: fmt.Sprintf("%d %d", id, o.Version),
		Members: []string{o.To}, Due: now,
	}
}

// offeredAgain lets the message go out after all that asks to take an open commitment over, where it fell away while the commitment was closed. Who
// had it is not asked again.
func (p *Promises) offeredAgain(ctx context.Context, now time.Time, c Commitment) (Commitment, Intents, error) {
	o, ok := c.offered()
	if !ok {
		return c, nil, nil
	}
	switch s, err := p.Sent.SendBySID(ctx, offerSend(now, c.ID, o).SID); {
	case err != nil && !errors.Is(err, ErrNotFound):
		return c, nil, err
	case err == nil && s.State == StateSent:
		return c, nil, nil
	}
	o.Version = c.Version
	c.Offers = append(slices.Clone(c.Offers[:len(c.Offers)-1]), o)
	return c, Intents{offerSend(now, c.ID, o)}, nil
}

// Give asks another member to take a commitment over; until they accept it stays where it is. After a no they can be asked again.
func (p *Promises) Give(ctx context.Context, now time.Time, a Act, to string) (Commitment, error) {
	if c, _, err := p.owned(ctx, a); err != nil {
		return Commitment{}, err
	} else if to == a.Actor || c.State == Open && c.Giving == to {
		return c, &Fault{Code: FaultDone}
	}
	scene, err := p.scene(ctx, a.Read.Scene, []string{a.Actor, to})
	if err != nil {
		return Commitment{}, &Fault{Code: FaultUnread, Cause: err}
	}
	if !scene.Members[to].Person() {
		return Commitment{}, &Fault{Code: FollowupPerson, Names: []string{to}}
	}
	h := scene.Hours(a.Actor, p.zone())
	if fault := p.mayOffer(ctx, now, a.Actor, h); fault != nil {
		return Commitment{}, fault
	}
	return p.act(ctx, now, a, func(c *Commitment, _ Hours) (Intents, error) {
		c.Giving = to
		o := Offer{To: to, Version: c.Version, At: now}
		c.Offers = append(c.offersOn(h.Today(now), h), o)
		return Intents{offerSend(now, c.ID, o)}, nil
	})
}

// Answer accepts or declines what somebody proposed to the actor, or what its owner wants to give them. To everybody else it is not found.
func (p *Promises) Answer(ctx context.Context, now time.Time, a Act, accept bool) (Commitment, error) {
	c, scene, err := p.find(ctx, a)
	if err != nil {
		return Commitment{}, err
	}
	if fault := mayAnswer(c, a.Actor); fault != nil {
		return c, fault
	}
	was, asker := c, c.By
	if c.Giving == a.Actor {
		asker = c.Owner
		c = answerOffer(c, now, a.Actor, accept)
	} else {
		c = answerProposal(c, now, accept)
	}
	answer := "declined"
	if accept {
		answer = "accepted"
	}
	intents := append(reminderIntents(now, c, scene.Hours(c.Owner, p.zone())), Send{
		SID: fmt.Sprintf("followup/%d/v%d/%s", c.ID, c.Version, answer), Kind: KindAnswer, Ref: fmt.Sprintf("%d %s %s", c.ID, answer, a.Actor),
		Members: []string{asker}, Due: now,
	})
	return p.replace(ctx, a.once(c), was, c, intents)
}

// mayAnswer says why the actor cannot answer. Who proposed it, or may only see it, learns no more than that it is not theirs to find.
func mayAnswer(c Commitment, actor string) *Fault {
	switch {
	case c.Giving == actor && c.State == Open, c.State == Proposed && c.Owner == actor:
		return nil
	case c.Owner != actor && c.Giving != actor:
		return &Fault{Code: FaultNotFound}
	case c.State == Open:
		return &Fault{Code: FaultDone}
	}
	return &Fault{Code: FollowupClosed}
}

// answerOffer hands a commitment over, or leaves it where it is: a no is no act of its owner's.
func answerOffer(c Commitment, now time.Time, actor string, accept bool) Commitment {
	c.Giving = ""
	if accept {
		c.Owner, c.Acted, c.Before, c.Offers = actor, now, nil, nil
		c.Revision++
	}
	return c
}

// answerProposal can be undone like every other act of the owner's.
func answerProposal(c Commitment, now time.Time, accept bool) Commitment {
	c.Before = c.before(now)
	c.Acted = now
	if accept {
		c.State = Open
		return c
	}
	c.State, c.Closed = Declined, now
	return c
}

// Tell lets the counterparties inside the workspace know that a commitment was kept. Saying it again tells nobody twice.
func (p *Promises) Tell(ctx context.Context, now time.Time, a Act) (Commitment, error) {
	c, _, err := p.owned(ctx, a)
	if err != nil {
		return Commitment{}, err
	}
	if c.State != Done {
		return c, &Fault{Code: FollowupClosed}
	}
	var sends Intents
	for _, member := range c.colleagues() {
		sends = append(sends, Send{
			SID: fmt.Sprintf("followup/%d/kept/%s", c.ID, member), Kind: KindAnswer, Ref: fmt.Sprintf("%d kept %s", c.ID, c.Owner),
			Members: []string{member}, Due: now,
		})
	}
	if len(sends) == 0 {
		return c, &Fault{Code: FollowupNotTold}
	}
	was := c
	c.Shared = true
	return p.replace(ctx, a.once(c), was, c, append(sends, promiseHelp(now, c)...))
}

// Lapse ends a proposal that nobody answered, and lets who made it know. It can be called again without any further effect.
func (p *Promises) Lapse(ctx context.Context, now time.Time, id string) error {
	number, err := strconv.Atoi(id)
	if err != nil {
		return fmt.Errorf("lapse proposal %q: %w", id, err)
	}
	c, err := p.Store.Commitment(ctx, number)
	if errors.Is(err, ErrNotFound) || err == nil && c.State != Proposed {
		return nil
	}
	if err != nil {
		return fmt.Errorf("lapse proposal %q: %w", id, err)
	}
	was := c
	c.State, c.Closed = Lapsed, now
	told := Send{
		SID: "followup/" + id + "/lapsed", Kind: KindAnswer, Ref: id + " lapsed " + c.Owner, Members: []string{c.By}, Due: now,
	}
	err = p.Store.ReplaceCommitment(ctx, Token("lapse "+id), was, c, Intents{told})
	if err != nil && !errors.Is(err, ErrRepeated) {
		return fmt.Errorf("lapse proposal %q: %w", id, err) // a conflict, too: what somebody did meanwhile is seen the next time
	}
	return nil
}
