package bot

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"rapport/bot/when"
)

// Edit is how an owner wants a commitment to read, as a whole: a Due or Every that is nil takes it away. Text is as typed, Slack's escaping kept, 1,000 characters at most.
type Edit struct {
	Text           string
	Counterparties []Counterparty
	Due            *when.Due
	Every          *when.Every
}

// Edit changes what a commitment says. Those who see it see the change. What somebody asked for keeps its words: [FollowupAsked]. Where nothing is
// changed it is [FaultDone].
func (p *Promises) Edit(ctx context.Context, now time.Time, a Act, to Edit) (Commitment, error) {
	if fault := cmp.Or(checkText(to.Text), checkPeople(to.Counterparties)); fault != nil {
		return Commitment{}, fault
	}
	c, _, err := p.owned(ctx, a)
	if err != nil {
		return Commitment{}, err
	}
	if err := p.checkNew(ctx, c, to.Counterparties); err != nil {
		return c, err
	}
	edited, err := p.act(ctx, now, a, func(c *Commitment, h Hours) (Intents, error) {
		if c.AskedFor() {
			return nil, &Fault{Code: FollowupAsked}
		}
		return c.edit(now, to, h)
	})
	if fault, ok := errors.AsType[*Fault](err); ok && fault.Code == FaultDone && edited.justEdited(now) {
		return edited, nil // the form came twice
	}
	return edited, err
}

// justEdited reports whether the last act was an edit, and can still be undone.
func (c Commitment) justEdited(now time.Time) bool {
	return c.Before != nil && c.Before.Wording != nil && !c.Before.Split && !now.After(c.Before.Till)
}

// checkNew refuses counterparties that cannot be any. Who was one already, and left since, can stay.
func (p *Promises) checkNew(ctx context.Context, c Commitment, list []Counterparty) error {
	people := slices.DeleteFunc(Commitment{Counterparties: list}.MembersTo(), func(id string) bool { return slices.Contains(c.MembersTo(), id) })
	if len(people) == 0 {
		return nil
	}
	scene, err := p.Scenes.Scene(ctx, "", people...)
	if err != nil {
		return &Fault{Code: FaultUnread, Cause: err}
	}
	if wrong := strangers(people, "", scene); len(wrong) > 0 {
		return &Fault{Code: FollowupPerson, Names: wrong}
	}
	return nil
}

// edit makes a commitment read as its owner wants it. A new date is a move, which stands in its history.
func (c *Commitment) edit(now time.Time, to Edit, h Hours) (told Intents, err error) {
	moved := !sameDue(c.Due, to.Due)
	if moved {
		if err := checkDue(now, to.Due, h); err != nil {
			return nil, err
		}
	}
	same := c.Text == to.Text && slices.Equal(c.Counterparties, to.Counterparties) && sameEvery(c.Every, to.Every)
	if same && !moved {
		return nil, &Fault{Code: FaultDone}
	}
	if c.Text != to.Text {
		c.Parts = nil
	}
	if moved {
		told = c.moveTo(now, to.Due)
	}
	c.Text, c.Counterparties, c.Every = to.Text, to.Counterparties, to.Every
	return told, nil
}

// moveTo gives a commitment another date; nil takes its date away. Who waits for an answer about the old one is told.
func (c *Commitment) moveTo(now time.Time, to *when.Due) (told Intents) {
	told = c.answersSent(WhatMoved, now)
	c.Moves = append(slices.Clone(c.Moves), Move{From: c.Due, To: to, At: now})
	c.Moves = c.Moves[max(0, len(c.Moves)-movesRemember):]
	c.Due, c.SnoozedTill = to, time.Time{}
	c.Revision++
	return told
}

// justMoved reports whether a commitment was given this date a moment ago.
func (c Commitment) justMoved(now time.Time, to *when.Due) bool {
	n := len(c.Moves)
	return n > 0 && now.Sub(c.Moves[n-1].At) < pressedTwice && sameDue(c.Moves[n-1].To, to) && sameDue(c.Due, to)
}

// checkText refuses what is no text of a promise: nothing of what cannot be seen is one.
func checkText(text string) *Fault {
	switch n := CountText(strings.TrimFunc(cleanText(text), isBlank)); {
	case n == 0:
		return &Fault{Code: FollowupEmpty, Typed: text}
	case n > promiseText:
		return &Fault{Code: FollowupLong, Typed: text, Limit: promiseText}
	}
	return nil
}

// checkPeople refuses more people than a promise can be to, and more about those outside than who they are.
func checkPeople(list []Counterparty) *Fault {
	outside := 0
	for _, cp := range list {
		outside += CountText(cp.Name) + CountText(cp.Org) + CountText(cp.Email)
	}
	if len(list) > promisePeople || outside > outsideText {
		return &Fault{Code: FollowupMany, Limit: promisePeople}
	}
	return nil
}

func sameDue(a, b *when.Due) bool { return a == b || a != nil && b != nil && *a == *b }

func sameEvery(a, b *when.Every) bool {
	return a == b || a != nil && b != nil && a.Unit == b.Unit && a.N == b.N && a.Anchor == b.Anchor && slices.Equal(a.On, b.On)
}

// Editing is a commitment that its owner wants to edit, as it stands, the days of that owner, and what was read for it.
func (p *Promises) Editing(ctx context.Context, now time.Time, a Act) (Commitment, when.Context, FollowupRead, error) {
	c, scene, err := p.owned(ctx, a)
	if err != nil {
		return Commitment{}, when.Context{}, FollowupRead{}, err
	}
	return c, p.when(now, a.Actor, scene), FollowupRead{Scene: scene, Commitment: c}, nil
}
