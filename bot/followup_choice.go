package bot

import (
	"context"
	"errors"
	"slices"
	"time"

	"rapport/bot/when"
)

// Choice is what somebody made of a commitment to them whose owner left.
type Choice struct {
	By     string    `json:"by"`
	At     time.Time `json:"at"`
	How    How       `json:"how"`
	Closed bool      `json:"closed,omitempty"` // nobody was left to whom it is, so it was closed with that
}

// How is what somebody can choose.
type How string

// The choices. Of the first two another commitment comes, but where it is the chooser's own already.
const (
	ChoseKeep  How = "keep"
	ChosePass  How = "pass"
	ChoseLetGo How = "let_go"
)

// FollowupChosen is that they chose otherwise before; that can be undone for ten minutes.
const FollowupChosen FaultCode = "followup_chosen"

// FollowupBack is that somebody who left is back: what they owe is theirs as before.
const FollowupBack FaultCode = "followup_back"

// choiceTries is how often a choice is made again where somebody else changed the commitment in the same moment.
const choiceTries = 3

// KeepOn goes on with a commitment one of whose people left. For its owner it stays as it is. Whom a gone owner owed it gets it as a commitment of their own, with the
// same words and date (none, if that is over), of which nobody else knows; the others to whom it was choose for themselves. Who keeps it twice gets the same one; for
// who chose otherwise it is [FollowupChosen], and [FollowupBack] where the owner is back. The same holds for [Promises.PassOn] and [Promises.LetGo].
func (p *Promises) KeepOn(ctx context.Context, now time.Time, a Act) (Commitment, error) {
	c, scene, err := p.choosing(ctx, a)
	switch {
	case err != nil:
		return Commitment{}, err
	case c.Owner == a.Actor && c.State == Proposed:
		return p.Answer(ctx, now, a, true)
	case c.Owner == a.Actor:
		return p.act(ctx, now, a, func(c *Commitment, _ Hours) (Intents, error) {
			others := slices.DeleteFunc(slices.Clone(c.Chosen), func(ch Choice) bool { return ch.By == a.Actor })
			c.Kept, c.Chosen = now, append(others, Choice{By: a.Actor, At: now, How: ChoseKeep})
			return nil, nil
		})
	}
	return p.choose(ctx, now, a, ChoseKeep, c, scene, func(c Commitment) (CommitmentStep, error) {
		h := scene.Hours(a.Actor, p.zone())
		own := Commitment{
			Owner: a.Actor, By: a.Actor, Text: c.Text, Due: c.dueFor(now, h), Every: c.Every, About: c.About, State: Open, Created: now,
		}
		return CommitmentStep{Add: []NewCommitment{{Commitment: own, Intents: reminderIntents(now, own, h)}}}, nil
	})
}

// PassOn asks a colleague to take on a commitment one of whose people left: its owner offers it, as with [Promises.Give]; whom a gone owner owed it proposes it, and
// it counts as one of their proposals.
func (p *Promises) PassOn(ctx context.Context, now time.Time, a Act, to string) (Commitment, error) {
	c, scene, err := p.choosing(ctx, a)
	switch {
	case err != nil:
		return Commitment{}, err
	case c.Owner == a.Actor:
		return p.Give(ctx, now, a, to)
	case to == a.Actor || to == "":
		return c, &Fault{Code: FollowupPerson}
	}
	other, err := p.scene(ctx, scene, []string{to})
	if err != nil {
		return Commitment{}, &Fault{Code: FaultUnread, Cause: err}
	}
	if !other.Members[to].Person() {
		return c, &Fault{Code: FollowupPerson, Names: []string{to}}
	}
	return p.choose(ctx, now, a, ChosePass, c, scene, func(c Commitment) (CommitmentStep, error) {
		h := other.Hours(to, p.zone())
		asked := Commitment{
			Owner: to, By: a.Actor, Counterparties: []Counterparty{{Member: a.Actor}}, Text: c.Text, Due: c.dueFor(now, h), Every: c.Every, About: c.About,
			State: Proposed, Shared: true, Created: now,
		}
		return CommitmentStep{
			Add: []NewCommitment{{Commitment: asked, Intents: proposalIntents(now, asked, h)}}, Quota: proposalQuota(now, a.Actor, 1, scene.Hours(a.Actor, p.zone())),
		}, nil
	})
}

// Passable reads a commitment that the actor can pass on.
func (p *Promises) Passable(ctx context.Context, a Act) (Commitment, error) {
	c, _, err := p.choosing(ctx, a)
	switch {
	case err != nil:
		return Commitment{}, err
	case c.Owner != a.Actor && !slices.Contains(c.colleagues(), a.Actor):
		return Commitment{}, &Fault{Code: FaultForbidden}
	case c.State != Open:
		return Commitment{}, &Fault{Code: FollowupClosed}
	case c.Owner != a.Actor:
		return c.seenBy(a.Actor), nil
	}
	return c, nil
}

// LetGo releases a commitment one of whose people left: its owner the whole, whom a gone owner owed it their part, so that they see it no more.
func (p *Promises) LetGo(ctx context.Context, now time.Time, a Act) (Commitment, error) {
	c, scene, err := p.choosing(ctx, a)
	switch {
	case err != nil:
		return Commitment{}, err
	case c.Owner == a.Actor && c.State == Proposed:
		return p.Answer(ctx, now, a, false)
	case c.Owner == a.Actor:
		return p.Release(ctx, now, a)
	}
	return p.choose(ctx, now, a, ChoseLetGo, c, scene, func(Commitment) (CommitmentStep, error) { return CommitmentStep{}, nil })
}

// choosing reads a commitment for its owner, for whom its gone owner owed it, and for who chose already.
func (p *Promises) choosing(ctx context.Context, a Act) (Commitment, Scene, error) {
	c, known, err := p.Store.CommitmentScene(ctx, a.ID, a.Actor)
	if err != nil {
		return Commitment{}, Scene{}, &Fault{Code: FaultUnread, Cause: err}
	}
	if _, chose := c.chosenBy(a.Actor); c.ID == 0 || !chose && !c.VisibleTo(a.Actor) {
		return Commitment{}, Scene{}, &Fault{Code: FaultNotFound}
	}
	scene, err := p.scene(ctx, known, []string{a.Actor, c.Owner})
	if err != nil {
		return Commitment{}, Scene{}, &Fault{Code: FaultUnread, Cause: err}
	}
	if m := scene.Members[a.Actor]; m.Stranger || m.Bot {
		return Commitment{}, Scene{}, &Fault{Code: FaultNotFound}
	}
	return c, scene, nil
}

// chosenBy is what somebody chose.
func (c Commitment) chosenBy(member string) (Choice, bool) {
	i := slices.IndexFunc(c.Chosen, func(ch Choice) bool { return ch.By == member })
	if i < 0 {
		return Choice{}, false
	}
	return c.Chosen[i], true
}

// choose makes what somebody wants of a commitment to them whose owner left, in one step with their leaving it. It returns the new commitment, or the old one.
func (p *Promises) choose(ctx context.Context, now time.Time, a Act, how How, c Commitment, scene Scene, want func(Commitment) (CommitmentStep, error)) (Commitment, error) {
	for range choiceTries {
		switch ch, chose := c.chosenBy(a.Actor); {
		case c.pressed(a) && !chose:
			return c, nil
		case chose && ch.How == how:
			return p.chosen(ctx, c, ch)
		case chose:
			return Commitment{}, &Fault{Code: FollowupChosen}
		case !slices.Contains(c.colleagues(), a.Actor):
			return Commitment{}, &Fault{Code: FaultForbidden}
		case !scene.Members[c.Owner].Deleted:
			return c, &Fault{Code: FollowupBack, Names: []string{c.Owner}}
		case c.State != Open:
			return c, &Fault{Code: FollowupClosed}
		}
		step, err := want(c)
		if err != nil {
			return Commitment{}, err
		}
		added, err := p.changeChosen(ctx, now, a, how, c, step)
		switch {
		case err == nil:
			return added, nil
		case errors.Is(err, ErrLimit):
			return Commitment{}, &Fault{Code: FollowupProposals, Limit: proposalsDaily}
		case !errors.Is(err, ErrConflict) && !errors.Is(err, ErrRepeated):
			return Commitment{}, &Fault{Code: FaultUnsaved, Cause: err}
		}
		if c, err = p.Store.Commitment(ctx, a.ID); err != nil {
			return Commitment{}, &Fault{Code: FaultUnread, Cause: err}
		}
	}
	return Commitment{}, &Fault{Code: FaultStale}
}

// changeChosen stores a choice. What is new names the old one, for its number is known only then.
func (p *Promises) changeChosen(ctx context.Context, now time.Time, a Act, how How, c Commitment, step CommitmentStep) (Commitment, error) {
	is := c
	is.Counterparties = slices.DeleteFunc(slices.Clone(c.Counterparties), func(cp Counterparty) bool { return cp.Member == a.Actor })
	choice := Choice{By: a.Actor, At: now, How: how, Closed: len(is.Counterparties) == 0}
	if choice.Closed {
		is.State, is.Closed = Released, now
	}
	is.Before, is.Presses, is.Chosen = nil, c.pressedBy(a), append(slices.Clone(c.Chosen), choice)
	for i := range step.Add {
		step.Add[i].Commitment.From = c.ID
	}
	step.Replace = []CommitmentChange{{Was: c, Is: is}}
	added, err := p.Store.ChangeCommitments(ctx, a.once(c), step)
	if err != nil {
		return Commitment{}, err
	}
	if len(added) > 0 {
		return added[0], nil
	}
	is.Version++
	return is, nil
}

// chosen is what came of a choice: the new commitment, or the old one.
func (p *Promises) chosen(ctx context.Context, c Commitment, ch Choice) (Commitment, error) {
	if ch.How == ChoseLetGo {
		return c, nil
	}
	owned, owed, err := p.Store.MemberCommitments(ctx, ch.By, ch.At)
	if err != nil {
		return Commitment{}, &Fault{Code: FaultUnread, Cause: err}
	}
	for _, other := range append(owned, owed...) {
		if other.From == c.ID && other.By == ch.By && other.Created.Equal(ch.At) {
			return other, nil
		}
	}
	return Commitment{}, &Fault{Code: FaultNotFound}
}

// UndoChoice takes back what the actor chose, within ten minutes: what came of it is as if it had not been, and they are to choose again. What somebody accepted, or did
// meanwhile, stands: [FollowupParted].
func (p *Promises) UndoChoice(ctx context.Context, now time.Time, a Act) (Commitment, error) {
	c, _, err := p.choosing(ctx, a)
	if err != nil {
		return Commitment{}, err
	}
	ch, chose := c.chosenBy(a.Actor)
	switch {
	case c.pressed(a):
		return c, nil
	case !chose:
		return c, &Fault{Code: FaultDone}
	case now.After(ch.At.Add(undoWindow)):
		return c, &Fault{Code: FaultTooLate}
	}
	is := c
	is.Chosen = slices.DeleteFunc(slices.Clone(c.Chosen), func(other Choice) bool { return other.By == a.Actor })
	is.Counterparties = append(slices.Clone(c.Counterparties), Counterparty{Member: a.Actor})
	is.Presses = c.pressedBy(a)
	if ch.Closed {
		is.State, is.Closed = Open, time.Time{}
	}
	step := CommitmentStep{Replace: []CommitmentChange{{Was: c, Is: is}}}
	if ch.How != ChoseLetGo {
		other, err := p.chosen(ctx, c, ch)
		if err != nil {
			return Commitment{}, err
		}
		if other.Version != 1 {
			return c, &Fault{Code: FollowupParted}
		}
		gone := other
		gone.State, gone.Closed = Released, now
		step.Replace = append(step.Replace, CommitmentChange{Was: other, Is: gone})
	}
	switch _, err := p.Store.ChangeCommitments(ctx, a.once(c), step); {
	case errors.Is(err, ErrConflict):
		return Commitment{}, &Fault{Code: FaultStale, Cause: err}
	case err != nil && !errors.Is(err, ErrRepeated):
		return Commitment{}, &Fault{Code: FaultUnsaved, Cause: err}
	}
	is.Version++
	return is, nil
}

// dueFor is the date that a commitment has for who goes on with it: its own, the next one of what repeats if that is over, else none.
func (c Commitment) dueFor(now time.Time, h Hours) *when.Due {
	switch {
	case checkDue(now, c.Due, h) == nil:
		return c.Due
	case c.Every == nil:
		return nil
	}
	next := c.Every.NextDue(h.WhenContext(now, ""), c.Due)
	return &next
}
