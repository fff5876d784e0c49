package bot

import (
	"context"
	"errors"
	"slices"
	"time"

	"rapport/bot/when"
)

// SplitPart is one piece of a text with several dates, each with its own: what a split makes a commitment of.
type SplitPart struct {
	Text string   `json:"text"` // as typed, Slack's escaping kept
	Due  when.Due `json:"due"`
}

// CommitmentStep is several changes of commitments that happen together, or not at all.
type CommitmentStep struct {
	Replace []CommitmentChange
	Add     []NewCommitment
	Quota   *ProposalQuota // counted with the step; nil for none
	Intents Intents        // those that name no new number
}

// CommitmentChange is a commitment as it was read and as it is to be.
type CommitmentChange struct{ Was, Is Commitment }

// NewCommitment is a commitment without a number yet; "{id}" in its intents stands for it.
type NewCommitment struct {
	Commitment Commitment
	Intents    Intents
}

// partsMost bounds of how many dates a text is split: with more it is a list, and not two or three promises.
const partsMost = 8

// splitParts keeps the pieces of a text, where there are several and nothing repeats.
func splitParts(pieces []when.Part, every *when.Every) []SplitPart {
	if len(pieces) < 2 || len(pieces) > partsMost || every != nil {
		return nil
	}
	parts := make([]SplitPart, len(pieces))
	for i, piece := range pieces {
		parts[i] = SplitPart(piece)
	}
	return parts
}

// Split makes one commitment of each part of a text with several dates: the first keeps the number and all that is known of it, the others are like it and
// new. Of a proposal that nobody answered yet its writer makes several, and each counts as one. It returns all of them, and the same ones to who
// presses again while it can be undone. A text of one piece is [FaultDone]; more proposals than a day has room for are [FollowupProposals].
func (p *Promises) Split(ctx context.Context, now time.Time, a Act) ([]Commitment, error) {
	c, scene, err := p.dividable(ctx, a)
	if err != nil {
		return nil, err
	}
	if c.justSplit(now) {
		return p.pieces(ctx, c)
	}
	if c.pressed(a) {
		return []Commitment{c}, nil
	}
	if len(c.Parts) < 2 {
		return nil, &Fault{Code: FaultDone}
	}
	step := splitStep(now, c, a.Actor, scene.Hours(c.Owner, p.zone()))
	step.Replace[0].Is.Presses = c.pressedBy(a)
	if c.State == Proposed {
		step.Quota = proposalQuota(now, c.By, len(step.Add), scene.Hours(c.By, p.zone()))
	}
	added, err := p.Store.ChangeCommitments(ctx, a.once(c), step)
	switch {
	case err == nil:
		first := step.Replace[0].Is
		first.Version++
		return append([]Commitment{first}, added...), nil
	case errors.Is(err, ErrLimit):
		return nil, &Fault{Code: FollowupProposals, Limit: proposalsDaily}
	case !errors.Is(err, ErrRepeated) && !errors.Is(err, ErrConflict):
		return nil, &Fault{Code: FaultUnsaved, Cause: err}
	}
	return p.splitMeanwhile(ctx, now, a, err)
}

// splitMeanwhile answers who lost against another press: if that one split it, it is as if it were theirs.
func (p *Promises) splitMeanwhile(ctx context.Context, now time.Time, a Act, lost error) ([]Commitment, error) {
	c, err := p.Store.Commitment(ctx, a.ID)
	if err != nil {
		return nil, &Fault{Code: FaultUnsaved, Cause: err}
	}
	if !c.justSplit(now) {
		return nil, &Fault{Code: FaultStale, Cause: lost}
	}
	return p.pieces(ctx, c)
}

// dividable finds a commitment for who may split it: its owner, and its writer while it is only proposed.
func (p *Promises) dividable(ctx context.Context, a Act) (Commitment, Scene, error) {
	c, scene, err := p.find(ctx, a)
	switch {
	case err != nil:
		return Commitment{}, Scene{}, err
	case c.State == Proposed && c.By == a.Actor:
		return c, scene, nil
	case c.Owner != a.Actor:
		return Commitment{}, Scene{}, &Fault{Code: FaultForbidden}
	case c.State == Proposed:
		return Commitment{}, Scene{}, &Fault{Code: FollowupWaiting}
	case c.State != Open:
		return Commitment{}, Scene{}, &Fault{Code: FollowupClosed}
	}
	return c, scene, nil
}

// splitStep makes the parts of a commitment.
func splitStep(now time.Time, c Commitment, actor string, h Hours) CommitmentStep {
	first := c
	due := c.Parts[0].Due
	first.Text, first.Due, first.Parts = c.Parts[0].Text, &due, nil
	first.SnoozedTill, first.Acted = time.Time{}, now
	first.Revision++
	first.Before = c.before(now, first, actor)
	first.Before.Split = true
	step := CommitmentStep{Replace: []CommitmentChange{{Was: c, Is: first}}, Intents: reminderIntents(now, first, h)}
	for _, part := range c.Parts[1:] {
		other := Commitment{
			Owner: c.Owner, By: c.By, Counterparties: slices.Clone(c.Counterparties), Text: part.Text, Due: &part.Due, State: c.State, Shared: c.Shared,
			About: c.About, Created: now, From: c.ID,
		}
		intents := reminderIntents(now, other, h)
		if c.State == Proposed {
			intents = proposalIntents(now, other, h)
		}
		step.Add = append(step.Add, NewCommitment{Commitment: other, Intents: intents})
	}
	return step
}

// justSplit reports whether the last act was to split it, and can still be undone.
func (c Commitment) justSplit(now time.Time) bool {
	return c.Before != nil && c.Before.Split && !now.After(c.Before.Till)
}

// pieces are a commitment that was just split, and those that were made of it then.
func (p *Promises) pieces(ctx context.Context, c Commitment) ([]Commitment, error) {
	owned, err := p.Store.OwnedCommitments(ctx, c.Owner, c.Acted)
	if err != nil {
		return nil, &Fault{Code: FaultUnread, Cause: err}
	}
	list := []Commitment{c}
	for _, other := range owned {
		if other.From == c.ID && other.Created.Equal(c.Acted) {
			list = append(list, other)
		}
	}
	return list, nil
}

// joined are the changes that take a split back: the others are as if they had never been. One that was kept, answered or given away meanwhile
// stands, and with it the split.
func (p *Promises) joined(ctx context.Context, now time.Time, c Commitment) ([]CommitmentChange, error) {
	list, err := p.pieces(ctx, c)
	if err != nil {
		return nil, err
	}
	var changes []CommitmentChange
	for _, other := range list[1:] {
		if other.State != c.State || other.Giving != "" {
			return nil, &Fault{Code: FollowupParted}
		}
		gone := other
		gone.State, gone.Closed, gone.Acted, gone.Before, gone.From = Released, now, now, nil, 0
		gone.Revision++
		changes = append(changes, CommitmentChange{Was: other, Is: gone})
	}
	if len(changes) != len(c.Before.Wording.Parts)-1 {
		return nil, &Fault{Code: FollowupParted}
	}
	return changes, nil
}
