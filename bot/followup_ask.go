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
	askWorkdays   = 3  // of the asker: then a question is over, and they can ask again
	asksRemember  = 20 // questions
	askedRemember = 30 * 24 * time.Hour
)

// What can be wrong with a question and its answer.
const (
	FollowupUnasked  FaultCode = "followup_unasked"  // nobody waits for an answer: it was given, or the question is over
	FollowupUnagreed FaultCode = "followup_unagreed" // it is only proposed: there is no date to ask about yet
)

// WhatMoved says to who asked that the owner moved the date.
const WhatMoved What = "moved"

// Ask asks the owner whether a commitment's date is still good, for somebody whom it is to and who may see it: once in three of their working days, and
// who asks again meanwhile gets the commitment as it is. Where somebody else asked just before, the owner is not asked again, and both hear the
// same answer; neither hears of the other. It returns as much of the commitment as the actor may see. Of one that nobody agreed to yet it is [FollowupUnagreed], of
// one whose owner left [FollowupPerson].
func (p *Promises) Ask(ctx context.Context, now time.Time, a Act) (Commitment, error) {
	c, err := p.ask(ctx, now, a)
	if fault, ok := errors.AsType[*Fault](err); ok && fault.Code == FaultStale { // somebody else may have asked in the same moment
		a.Read = FollowupRead{}
		c, err = p.ask(ctx, now, a)
	}
	return c.seenBy(a.Actor), err
}

func (p *Promises) ask(ctx context.Context, now time.Time, a Act) (Commitment, error) {
	c, scene, err := p.waitedFor(ctx, a)
	if err != nil {
		return c, err
	}
	if !scene.Members[c.Owner].Person() {
		return c, &Fault{Code: FollowupPerson, Names: []string{c.Owner}}
	}
	if _, asked := c.AskedBy(a.Actor, now); asked {
		return c, nil
	}
	h := scene.Hours(a.Actor, p.zone())
	q := Question{By: a.Actor, At: now, Till: h.At(h.Workdays(h.Today(now), askWorkdays), 0), Occasion: c.Occasion}
	was := c
	var intents Intents
	switch what, at := c.answeredLately(now); {
	case what != "":
		q.Answered = at
		intents = Intents{c.answerSend(what, at, latest(now, at.Add(undoWindow)), a.Actor)}
	case !c.ownerHears(now, scene):
		intents = Intents{{
			SID: fmt.Sprintf("followup/%d/asked/v%d", c.ID, c.Version), Kind: KindProposal, Ref: fmt.Sprintf("%d %s %s", c.ID, WhatAsked, a.Actor),
			Members: []string{c.Owner}, Due: now, NotAfter: q.Till,
		}}
	}
	c.Asked = append(c.questionsKept(now), q)
	return p.replace(ctx, a, was, c, intents)
}

// waitedFor is find for what only those may do whom an open commitment is to.
func (p *Promises) waitedFor(ctx context.Context, a Act) (Commitment, Scene, error) {
	c, scene, err := p.find(ctx, a)
	switch {
	case err != nil:
		return Commitment{}, Scene{}, err
	case !slices.Contains(c.colleagues(), a.Actor):
		return Commitment{}, Scene{}, &Fault{Code: FaultForbidden}
	case c.State == Proposed:
		return c, scene, &Fault{Code: FollowupUnagreed}
	case c.State != Open:
		return c, scene, &Fault{Code: FollowupClosed}
	}
	return c, scene, nil
}

// AskedBy is a member's question that is not over: until then they cannot ask again.
func (c Commitment) AskedBy(member string, now time.Time) (Question, bool) {
	for _, q := range slices.Backward(c.Asked) {
		if q.By == member && q.Occasion == c.Occasion && now.Before(q.Till) {
			return q, true
		}
	}
	return Question{}, false
}

// Waiting are the questions that their owner can still answer, oldest first.
func (c Commitment) Waiting(now time.Time) []Question {
	var list []Question
	for _, q := range c.Asked {
		if c.State == Open && c.waits(q) && now.Before(q.Till) && c.VisibleTo(q.By) {
			list = append(list, q)
		}
	}
	return list
}

// waits reports whether a question has no answer: neither a word of the owner's nor another date since.
func (c Commitment) waits(q Question) bool {
	_, moved := c.movedAfter(q.At)
	return q.Answered.IsZero() && !moved && q.Occasion == c.Occasion
}

// movedAfter is the first move after an instant.
func (c Commitment) movedAfter(t time.Time) (Move, bool) {
	for _, m := range c.Moves {
		if m.At.After(t) {
			return m, true
		}
	}
	return Move{}, false
}

// ownerHears reports whether the owner was asked already, by somebody whom they do not keep away.
func (c Commitment) ownerHears(now time.Time, scene Scene) bool {
	return slices.ContainsFunc(c.Waiting(now), func(q Question) bool { return !scene.keepsAway(c.Owner, q.By) })
}

// answeredLately is the answer that the owner gave to a question that is not over yet, and when: that it is on track, or another date.
func (c Commitment) answeredLately(now time.Time) (What, time.Time) {
	for _, q := range slices.Backward(c.Asked) {
		if !now.Before(q.Till) || q.Occasion != c.Occasion {
			continue
		}
		if _, moved := c.movedAfter(q.At); moved {
			return WhatMoved, c.Moves[len(c.Moves)-1].At
		}
		if !q.Answered.IsZero() {
			return WhatOnTrack, q.Answered
		}
	}
	return "", time.Time{}
}

// questionsKept are the questions that may still be told of.
func (c Commitment) questionsKept(now time.Time) []Question {
	kept := slices.DeleteFunc(slices.Clone(c.Asked), func(q Question) bool { return now.After(q.Till.Add(askedRemember)) })
	return kept[max(0, len(kept)-asksRemember+1):]
}

// answerSend tells who asked what the owner answered at an instant. Until the owner cannot take it back any more it waits.
func (c Commitment) answerSend(what What, at, due time.Time, to string) Send {
	return Send{
		SID: fmt.Sprintf("followup/%d/%s/%d/%s", c.ID, what, at.Unix(), to), Kind: KindAnswer, Ref: fmt.Sprintf("%d %s %s %d", c.ID, what, c.Owner, at.Unix()),
		Members: []string{to}, Due: due,
	}
}

// answersSent tell everybody who waits for an answer what the owner answers now.
func (c Commitment) answersSent(what What, now time.Time) Intents {
	var sends Intents
	for _, q := range c.Waiting(now) {
		sends = append(sends, c.answerSend(what, now, now.Add(undoWindow), q.By))
	}
	return sends
}

// OnTrack answers everybody who asked that the date is still good; it reaches them in ten minutes. Who says it twice gets the same answer while it can be taken back.
// Where nobody waits for an answer it is [FollowupUnasked].
func (p *Promises) OnTrack(ctx context.Context, now time.Time, a Act) (Commitment, error) {
	c, scene, err := p.owned(ctx, a)
	if err != nil {
		return Commitment{}, err
	}
	if c.State == Open && len(c.Waiting(now)) == 0 {
		if said, ok := c.saidOnTrack(); ok && !now.After(said.Add(undoWindow)) {
			return c, nil
		}
	}
	switch {
	case c.State != Open && c.State != Proposed:
		return c, &Fault{Code: FollowupClosed}
	case len(c.Waiting(now)) == 0:
		return c, &Fault{Code: FollowupUnasked}
	}
	was, sends := c, c.answersSent(WhatOnTrack, now)
	c.Asked = slices.Clone(c.Asked)
	for i, q := range c.Asked {
		if c.waits(q) && now.Before(q.Till) {
			c.Asked[i].Answered = now
		}
	}
	c.Acted, c.Before = now, nil
	return p.replace(ctx, a, was, c, append(reminderIntents(now, c, scene.Hours(a.Actor, p.zone())), sends...))
}

// UndoOnTrack takes the last "on track" back, within ten minutes: until then nobody has heard of it. Later it is [FaultTooLate], and [FaultDone] where there is none.
func (p *Promises) UndoOnTrack(ctx context.Context, now time.Time, a Act) (Commitment, error) {
	c, scene, err := p.owned(ctx, a)
	if err != nil {
		return Commitment{}, err
	}
	said, ok := c.saidOnTrack()
	switch {
	case !ok:
		return c, &Fault{Code: FaultDone}
	case !now.Before(said.Add(undoWindow)):
		return c, &Fault{Code: FaultTooLate}
	}
	was := c
	c.Asked = slices.Clone(c.Asked)
	for i, q := range c.Asked {
		if q.Answered.Equal(said) {
			c.Asked[i].Answered = time.Time{}
		}
	}
	c.Acted = now
	c, err = p.replace(ctx, a, was, c, reminderIntents(now, c, scene.Hours(a.Actor, p.zone())))
	return scene.hearing(a.Actor, c), err
}

// saidOnTrack is when the owner last said that it is on track.
func (c Commitment) saidOnTrack() (last time.Time, ok bool) {
	for _, q := range c.Asked {
		if q.Occasion == c.Occasion && q.Answered.After(last) && !c.movedAt(q.Answered.Unix()) {
			last = q.Answered
		}
	}
	return last, !last.IsZero()
}

// movedAt reports whether the date was moved in a second.
func (c Commitment) movedAt(second int64) bool {
	return slices.ContainsFunc(c.Moves, func(m Move) bool { return m.At.Unix() == second })
}

// question reads what a send's ref says of a question or of its answer: who says it, and of an answer the second in which it was given.
func (c Commitment) question(to string, item AddressedItem, from, said string) (AddressedItem, string, bool) {
	second, _ := strconv.ParseInt(said, 10, 64)
	ok := c.State == Open && c.VisibleTo(to)
	switch item.What {
	case WhatAsked:
		ok = ok && c.Owner == to && slices.ContainsFunc(c.Asked, func(q Question) bool { return q.By == from && c.waits(q) && c.VisibleTo(from) })
	case WhatOnTrack:
		ok = ok && c.Owner == from && slices.ContainsFunc(c.Asked, func(q Question) bool { return q.By == to && q.Answered.Unix() == second }) && !c.movedSince(second)
	case WhatMoved:
		ok = ok && c.Owner == from && c.movedAt(second) && !slices.ContainsFunc(c.Said, func(w Word) bool { return w.To == to && w.At.Unix() >= second })
	}
	return item, from, ok
}

// movedSince reports whether the date was moved after a second: then an older word of it does not hold.
func (c Commitment) movedSince(second int64) bool {
	return slices.ContainsFunc(c.Moves, func(m Move) bool { return m.At.Unix() > second })
}
