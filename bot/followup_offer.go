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

// proposalQuota counts n more things that a member asks of others today: what they propose, and what of their own they offer.
func proposalQuota(now time.Time, member string, n int, h Hours) *ProposalQuota {
	return &ProposalQuota{Member: member, Day: h.Today(now), N: n, Limit: proposalsDaily}
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
	switch s, err := p.bringing(ctx, offerSend(now, c.ID, o).SID); {
	case err != nil:
		return c, nil, err
	case s.State == StateSent:
		return c, nil, nil
	}
	o.Version = c.Version
	c.Offers = append(slices.Clone(c.Offers[:len(c.Offers)-1]), o)
	return c, Intents{offerSend(now, c.ID, o)}, nil
}

// Give asks another member to take a commitment over; until they accept it stays where it is. After a no they can be asked again.
func (p *Promises) Give(ctx context.Context, now time.Time, a Act, to string) (Commitment, error) {
	c, known, err := p.owned(ctx, a)
	if err != nil {
		return Commitment{}, err
	}
	if to == a.Actor || c.State == Open && c.Giving == to {
		return c, &Fault{Code: FaultDone}
	}
	if _, read := a.Read.Members[to]; read {
		known = a.Read.Scene
	}
	scene, err := p.scene(ctx, known, []string{a.Actor, to})
	if err != nil {
		return Commitment{}, &Fault{Code: FaultUnread, Cause: err}
	}
	if !scene.Members[to].Person() {
		return Commitment{}, &Fault{Code: FollowupPerson, Names: []string{to}}
	}
	quota := proposalQuota(now, a.Actor, 1, scene.Hours(a.Actor, p.zone()))
	a.Read = FollowupRead{Scene: scene, Commitment: c}
	return p.actCounted(ctx, now, a, quota, func(c *Commitment, _ Hours) (Intents, error) {
		c.Giving = to
		o := Offer{To: to, Version: c.Version, At: now}
		c.Offers = []Offer{o}
		return Intents{offerSend(now, c.ID, o)}, nil
	})
}

// Answer accepts or declines what somebody proposed to the actor, or what its owner wants to give them. To everybody else it is not found.
func (p *Promises) Answer(ctx context.Context, now time.Time, a Act, accept bool) (Commitment, error) {
	c, scene, err := p.find(ctx, a)
	if err != nil {
		return Commitment{}, err
	}
	if c.pressed(a) {
		return c, nil
	}
	if fault := mayAnswer(c, a.Actor); fault != nil {
		return c, fault
	}
	was, asker := c, c.By
	if c.Giving == a.Actor {
		asker = c.Owner
		c = answerOffer(c, now, accept)
	} else {
		c = answerProposal(c, now, accept)
	}
	answer := "declined"
	if accept {
		answer = "accepted"
	}
	intents := append(reminderIntents(now, c, scene.Hours(c.Owner, p.zone())), answerSend(now, was, answer, a.Actor, asker))
	return p.replace(ctx, a, was, c, intents)
}

// answerSend tells who asked for something what its answer is: "accepted" or "declined".
func answerSend(now time.Time, c Commitment, answer, by, asker string) Send {
	return Send{
		SID: fmt.Sprintf("followup/%d/v%d/%s", c.ID, c.Version, answer), Kind: KindAnswer, Ref: fmt.Sprintf("%d %s %s", c.ID, answer, by),
		Members: []string{asker}, Due: now,
	}
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

// answerOffer hands a commitment over, or leaves it where it is: a no is no act of its owner's, and what they did last stays what they can undo.
func answerOffer(was Commitment, now time.Time, accept bool) Commitment {
	c := was
	c.Giving = ""
	if !accept {
		c.Offers = slices.Clone(c.Offers)
		if n := len(c.Offers); n > 0 {
			c.Offers[n-1].No = now
		}
		return c
	}
	c.Owner, c.Acted, c.Offers, c.Plan = was.Giving, now, nil, nil // how the former owner meant to do it is theirs
	c.Revision++
	c.Before = was.before(now, c, c.Owner)
	return c
}

// answerProposal can be undone like every other act of the owner's.
func answerProposal(was Commitment, now time.Time, accept bool) Commitment {
	c := was
	c.Acted = now
	if accept {
		c.State = Open
	} else {
		c.State, c.Closed = Declined, now
	}
	c.Before = was.before(now, c, c.Owner)
	return c
}

// Lapse ends a proposal that nobody answered, and lets who made it know; also where no key opens its words. It can be called again without any further effect.
func (p *Promises) Lapse(ctx context.Context, now time.Time, id string) error {
	number, err := strconv.Atoi(id)
	if err != nil {
		return fmt.Errorf("lapse proposal %q: %w", id, err)
	}
	was, err := p.Store.UnopenedCommitment(ctx, number)
	if errors.Is(err, ErrNotFound) || err == nil && was.State != Proposed {
		return nil
	}
	if err != nil {
		return fmt.Errorf("lapse proposal %q: %w", id, err)
	}
	c := was
	c.State, c.Closed = Lapsed, now
	told := Send{
		SID: "followup/" + id + "/lapsed", Kind: KindAnswer, Ref: id + " lapsed " + c.Owner, Members: []string{c.By}, Due: now,
	}
	err = p.Store.ReplaceUnopened(ctx, Token("lapse "+id), was, c, Intents{told})
	if err != nil && !errors.Is(err, ErrRepeated) {
		return fmt.Errorf("lapse proposal %q: %w", id, err) // a conflict, too: what somebody did meanwhile is seen the next time
	}
	return nil
}
