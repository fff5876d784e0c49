package bot

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"rapport/bot/when"
)

// Wording is what a commitment says, as undo restores it. All of it is sealed at rest.
type Wording struct {
	Text           string         `json:"text"`
	Counterparties []Counterparty `json:"cp,omitempty"`
	Every          *when.Every    `json:"every,omitempty"`
	Parts          []SplitPart    `json:"parts,omitempty"`
	Plan           *Plan          `json:"plan,omitempty"`
}

// wording is what a commitment says.
func (c Commitment) wording() Wording {
	return Wording{Text: c.Text, Counterparties: c.Counterparties, Every: c.Every, Parts: c.Parts, Plan: c.Plan}
}

// before is what undo restores of an act that makes a commitment into what is wanted.
func (c Commitment) before(now time.Time, wanted Commitment, by string) *Undo {
	u := Undo{State: c.State, Due: c.Due, SnoozedTill: c.SnoozedTill, Closed: c.Closed, Occasion: c.Occasion, Kept: c.Kept, Till: now.Add(undoWindow)}
	if by != wanted.Owner {
		u.By = by
	}
	if c.Owner != wanted.Owner {
		u.Owner = c.Owner
	}
	u.Giving = wanted.Giving != "" && wanted.Giving != c.Giving
	if words := c.wording(); !reflect.DeepEqual(words, wanted.wording()) {
		u.Wording = &words
	}
	return &u
}

// Undo takes the last act back, within ten minutes, for who did it. What others were asked or told meanwhile is asked or told anew where it has to be. Later it is
// [FaultTooLate], where there is nothing to undo [FaultDone], and of a split whose parts have gone their own ways [FollowupParted].
func (p *Promises) Undo(ctx context.Context, now time.Time, a Act) (Commitment, error) {
	was, scene, err := p.undoable(ctx, now, a)
	if err != nil && was.pressed(a) {
		return was, nil
	}
	if err != nil {
		return was, err
	}
	if was.Before == nil {
		return p.reopen(ctx, now, a, was)
	}
	c := was.undone(now)
	h, err := p.hoursOf(ctx, scene, c.Owner)
	if err != nil {
		return Commitment{}, err
	}
	var asked Intents
	switch {
	case c.State == Proposed:
		asked, err = p.proposedAgain(ctx, now, c, h)
	case was.Before.Owner != "":
		asked = Intents{answerSend(now, was, string(WhatDeclined), a.Actor, c.Owner)}
	default:
		c, asked, err = p.offeredAgain(ctx, now, c)
	}
	if err != nil {
		return Commitment{}, &Fault{Code: FaultUnread, Cause: err}
	}
	intents := append(reminderIntents(now, c, h), asked...)
	if !was.Before.Split || was.pressed(a) {
		return p.replace(ctx, a, was, c, intents)
	}
	return p.rejoin(ctx, now, a, was, c, intents)
}

// undoable finds a commitment whose last act the actor can take back. Who said no to an offer is that, too, after they lost sight of it: it comes
// without [Commitment.Before] then, which is its owner's.
func (p *Promises) undoable(ctx context.Context, now time.Time, a Act) (Commitment, Scene, error) {
	c, known, err := p.Store.CommitmentScene(ctx, a.ID, a.Actor)
	if err != nil {
		return Commitment{}, Scene{}, &Fault{Code: FaultUnread, Cause: err}
	}
	if c.SaidNo(a.Actor) && c.Owner != a.Actor {
		return c.refusedOffer(now)
	}
	a.Read = FollowupRead{Scene: known, Commitment: c}
	c, scene, err := p.find(ctx, a)
	switch {
	case err != nil:
		return Commitment{}, Scene{}, err
	case c.lastActor() != a.Actor:
		return Commitment{}, Scene{}, &Fault{Code: FaultForbidden}
	case c.Before == nil:
		return c, scene, &Fault{Code: FaultDone}
	case now.After(c.Before.Till):
		return c, scene, &Fault{Code: FaultTooLate}
	}
	return c, scene, nil
}

// lastActor is who can take the last act back.
func (c Commitment) lastActor() string {
	if c.Before == nil {
		return c.Owner
	}
	return cmp.Or(c.Before.By, c.Owner)
}

// refusedOffer is a commitment to whom said no to it.
func (c Commitment) refusedOffer(now time.Time) (Commitment, Scene, error) {
	c.Before = nil
	if now.After(c.Offers[len(c.Offers)-1].No.Add(undoWindow)) {
		return c, Scene{}, &Fault{Code: FaultTooLate}
	}
	return c, Scene{}, nil
}

// SaidNo reports whether a member's no to its latest offer can be taken back: it is open and offered to nobody else since.
func (c Commitment) SaidNo(member string) bool {
	n := len(c.Offers)
	return n > 0 && member != "" && c.State == Open && c.Giving == "" && c.Offers[n-1].To == member && !c.Offers[n-1].No.IsZero()
}

// reopen takes a no to an offer back: it waits for an answer again. What its owner can undo stays.
func (p *Promises) reopen(ctx context.Context, _ time.Time, a Act, was Commitment) (Commitment, error) {
	stored, err := p.Store.Commitment(ctx, was.ID)
	switch {
	case err != nil:
		return Commitment{}, &Fault{Code: FaultUnread, Cause: err}
	case stored.Version != was.Version:
		return Commitment{}, &Fault{Code: FaultStale}
	}
	c := stored
	c.Offers = slices.Clone(c.Offers)
	o := &c.Offers[len(c.Offers)-1]
	o.No = time.Time{}
	c.Giving = o.To
	return p.replace(ctx, a, stored, c, nil)
}

// undone is a commitment as it was before its last act.
func (c Commitment) undone(now time.Time) Commitment {
	b := *c.Before
	if b.Giving { // and with it goes what they said to that: a no of theirs, taken back, would bring the offer back
		c.Giving, c.Offers = "", nil
	}
	if n := len(c.Moves); n > 0 && c.Moves[n-1].undoneBy(b, c) {
		c.Moves = slices.Clone(c.Moves[:n-1])
	}
	c.Chosen = slices.DeleteFunc(slices.Clone(c.Chosen), func(ch Choice) bool { return ch.By == c.Owner && ch.At.Equal(c.Kept) && !ch.At.Equal(b.Kept) })
	if w := b.Wording; w != nil {
		c.Text, c.Counterparties, c.Every, c.Parts, c.Plan = w.Text, w.Counterparties, w.Every, w.Parts, w.Plan
	}
	c.Owner = cmp.Or(b.Owner, c.Owner)
	c.State, c.Due, c.SnoozedTill, c.Closed, c.Occasion, c.Kept = b.State, b.Due, b.SnoozedTill, b.Closed, b.Occasion, b.Kept
	c.Before, c.Acted = nil, now
	c.Revision++
	return c
}

// undoneBy reports whether a move is what an undo takes back. What its owner said since of a question may have been an act, too.
func (m Move) undoneBy(b Undo, c Commitment) bool {
	return sameDue(m.From, b.Due) && sameDue(m.To, c.Due) && (m.At.Equal(c.Acted) || !sameDue(b.Due, c.Due))
}

// proposedAgain lets a proposal lapse in time once more, and asks its owner anew where the message fell away while it was closed. Who had it is not asked
// again.
func (p *Promises) proposedAgain(ctx context.Context, now time.Time, c Commitment, h Hours) (Intents, error) {
	again := proposalIntents(now, c, h)
	asks, lapses := again[0], again[1]
	asks.SID, asks.Ref = fmt.Sprintf("followup/%d/proposal", c.ID), fmt.Sprint(c.ID)
	lapses.SID, lapses.Ref = fmt.Sprintf("followup/%d/lapse/v%d", c.ID, c.Version), strings.ReplaceAll(lapses.Ref, "{id}", fmt.Sprint(c.ID))
	s, err := p.bringing(ctx, asks.SID)
	switch {
	case err != nil:
		return nil, err
	case s.State == StateDropped:
		asks.SID += fmt.Sprintf("/v%d", c.Version)
	case s.State != "":
		return Intents{lapses}, nil
	}
	return Intents{asks, lapses}, nil
}

// bringing is the send that brings what another one tells: itself, or the one that took it in. It is the zero value where there is none.
func (p *Promises) bringing(ctx context.Context, sid string) (Send, error) {
	s, err := p.Sent.SendBySID(ctx, sid)
	if err == nil && s.Into != "" {
		s, err = p.Sent.SendBySID(ctx, s.Into)
	}
	if errors.Is(err, ErrNotFound) {
		return Send{}, nil
	}
	return s, err
}

// rejoin stores a split that is taken back.
func (p *Promises) rejoin(ctx context.Context, now time.Time, a Act, was, c Commitment, intents Intents) (Commitment, error) {
	others, err := p.joined(ctx, now, was)
	if err != nil {
		return was, err
	}
	c.Presses = was.pressedBy(a)
	step := CommitmentStep{Replace: append([]CommitmentChange{{Was: was, Is: c}}, others...), Intents: intents}
	_, err = p.Store.ChangeCommitments(ctx, a.once(was), step)
	return p.asStored(ctx, c, err)
}

// hoursOf are a member's hours, who may be none of those that were read.
func (p *Promises) hoursOf(ctx context.Context, known Scene, member string) (Hours, error) {
	scene, err := p.scene(ctx, known, []string{member})
	if err != nil {
		return Hours{}, &Fault{Code: FaultUnread, Cause: err}
	}
	return scene.Hours(member, p.zone()), nil
}
