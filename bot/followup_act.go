package bot

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"rapport/bot/when"
)

// Promises is what people can do with commitments. All fields are required.
//
// What fails is a [Fault]: [FaultNotFound] for what the actor may not see, [FaultForbidden] for what they see and others may do, [FollowupWaiting] and [FollowupClosed]
// for what is only proposed and what is closed already, [FaultStale] where somebody changed it in the same moment, [FaultUnread] and [FaultUnsaved] where the store
// did not answer. What else can be wrong, each method says. Days and hours are those of whoever they concern, in their own zone; instants have none.
type Promises struct {
	Store    CommitmentStore
	Scenes   SceneReader
	Sent     InboxReader
	Settings *Settings
}

const (
	undoWindow    = 10 * time.Minute
	pressedTwice  = time.Minute // the same button again within it is a double press
	promiseText   = 1000        // characters
	promisePeople = 20          // whom one can be to
	outsideText   = 600         // characters about those of them who are outside
	farthestDays  = 3660        // a date further ahead is a slip of the finger
	movesRemember = 20
)

// What can be wrong with a commitment once its people are known.
const (
	FollowupPerson    FaultCode = "followup_person"     // a bot, a group or somebody who left cannot be a counterparty or an owner
	FollowupEmpty     FaultCode = "followup_empty"      // no text
	FollowupLong      FaultCode = "followup_long"       // more than Limit characters
	FollowupProposals FaultCode = "followup_proposals"  // Limit proposals on this day already
	FollowupWaiting   FaultCode = "followup_proposed"   // it is only proposed: it has to be accepted first
	FollowupClosed    FaultCode = "followup_closed"     // it is done or released already
	FollowupNotTold   FaultCode = "followup_not_shared" // nobody inside the workspace to tell
	FollowupAsked     FaultCode = "followup_asked"      // somebody asked for it: they see it, and its words are theirs, too
	FollowupMany      FaultCode = "followup_many"       // it is to more than Limit people, or says too much about those outside
	FollowupParted    FaultCode = "followup_parted"     // what was split off was kept, answered or given away meanwhile
)

// Promise is one new commitment as a person asked for it.
type Promise struct {
	Token          Token
	By             string // who wrote it
	Owner          string // who owes; a proposal if not By
	Counterparties []Counterparty
	Text           string
	Due            *when.Due
	Every          *when.Every
	Parts          []when.Part // of a text with several dates; a split makes a promise of each
	About          string      // permalink
	Shared         bool
	Known          Scene // people who were read already, as while parsing; may be empty
}

// Promise stores a commitment with its reminders, or a proposal with the message that asks its owner. The same token again answers with what the
// first one stored.
func (p *Promises) Promise(ctx context.Context, now time.Time, in Promise) (Commitment, error) {
	if fault := cmp.Or(checkText(in.Text), checkPeople(in.Counterparties)); fault != nil {
		fault.Typed = in.Text
		return Commitment{}, fault
	}
	people := in.people()
	scene, err := p.scene(ctx, in.Known, people)
	if err != nil {
		return Commitment{}, &Fault{Code: FaultUnread, Cause: err, Typed: in.Text}
	}
	if wrong := strangers(people, in.By, scene); len(wrong) > 0 {
		return Commitment{}, &Fault{Code: FollowupPerson, Names: wrong, Typed: in.Text}
	}
	hours := scene.Hours(in.Owner, p.zone())
	c := Commitment{
		Owner: in.Owner, By: in.By, Counterparties: in.Counterparties, Text: in.Text, Due: in.Due, Every: in.Every, About: in.About,
		State: Open, Shared: in.Shared, Created: now, Parts: splitParts(in.Parts, in.Every),
	}
	if err := checkDue(now, c.Due, hours); err != nil {
		err.Typed = in.Text
		return Commitment{}, err
	}
	intents := reminderIntents(now, c, hours)
	var quota *ProposalQuota
	if in.Owner != in.By {
		quota = proposalQuota(now, in.By, 1, scene.Hours(in.By, p.zone()))
		c.State, c.Counterparties = Proposed, withMember(c.Counterparties, in.By)
		c.Shared = len(c.Sharable()) == 0 // whom else it is to is not shown it by who only asks for it
		intents = proposalIntents(now, c, hours)
	}
	stored, err := p.Store.AddCommitment(ctx, in.Token, c, quota, intents)
	switch {
	case errors.Is(err, ErrLimit):
		return Commitment{}, &Fault{Code: FollowupProposals, Limit: proposalsDaily, Typed: in.Text}
	case err != nil && !errors.Is(err, ErrRepeated):
		return Commitment{}, &Fault{Code: FaultUnsaved, Cause: err, Typed: in.Text}
	}
	return stored, nil
}

// people are everybody inside the workspace whom a promise names, its writer first.
func (in Promise) people() []string {
	return unique(append([]string{in.By, in.Owner}, Commitment{Counterparties: in.Counterparties}.MembersTo()...))
}

// strangers are those of the people who cannot be part of a promise. Who speaks to the bot and is not in the directory yet can; who is known there
// as somebody from another company cannot.
func strangers(people []string, speaker string, scene Scene) []string {
	var wrong []string
	for _, id := range people {
		if m := scene.Members[id]; !m.Person() && (id != speaker || m.ID != "") {
			wrong = append(wrong, id)
		}
	}
	return wrong
}

func withMember(list []Counterparty, member string) []Counterparty {
	if slices.ContainsFunc(list, func(cp Counterparty) bool { return cp.Member == member }) {
		return list
	}
	return append(slices.Clone(list), Counterparty{Member: member})
}

// checkDue refuses dates that no honest command or form comes to: over, or more than ten years ahead.
func checkDue(now time.Time, due *when.Due, h Hours) *Fault {
	switch {
	case due == nil:
		return nil
	case !due.Date.Valid():
		return &Fault{Code: FollowupImpossible}
	case due.ExplicitTime && !due.UTC().After(now), !due.ExplicitTime && due.Date.Before(h.Today(now)):
		return &Fault{Code: FollowupPast}
	case h.Today(now).AddDays(farthestDays).Before(due.Date):
		return &Fault{Code: FollowupTooFar}
	}
	if _, err := time.LoadLocation(due.Zone); err != nil {
		return &Fault{Code: FaultInvalid, Cause: err}
	}
	return nil
}

// scene is what is known already if that covers everybody, else a new read.
func (p *Promises) scene(ctx context.Context, known Scene, people []string) (Scene, error) {
	for _, id := range people {
		if _, ok := known.Members[id]; !ok {
			return p.Scenes.Scene(ctx, "", people...)
		}
	}
	return known, nil
}

func (p *Promises) zone() string { return p.Settings.Current().Zone }

// Act is one thing that somebody does with a commitment.
type Act struct {
	Token    Token
	Press    string // names one press among all that there are, also of the same button: one that comes again is done once, even if it was undone meanwhile; may be empty
	Actor    string
	ID       int
	Occasion *int         // which of its times the actor means, of one that repeats, as a button says it; nil for the one it stands at
	Read     FollowupRead // what was read already, as while parsing; may be empty
}

// once is the token of an act on a commitment as it stands: the same press on the same state is one act, and after an undo it is another.
func (a Act) once(c Commitment) Token { return a.Token + Token(fmt.Sprintf(" at v%d", c.Version)) }

// Complete marks a commitment as kept. One that repeats stays open and gets its next date. Who says it twice within ten minutes, or of an occasion
// that is over, gets the same answer while it can still be undone; later an occasion that is over is [FaultDone].
func (p *Promises) Complete(ctx context.Context, now time.Time, a Act) (Commitment, error) {
	c, err := p.act(ctx, now, a, func(c *Commitment, h Hours) (Intents, error) {
		help := sharedHelp(now, *c)
		if c.Every == nil {
			c.State, c.Closed = Done, now
			return help, nil
		}
		if c.kept(now, a.Occasion) {
			return nil, &Fault{Code: FaultDone}
		}
		next := c.Every.NextDue(h.WhenContext(now, ""), c.Due)
		c.Due, c.SnoozedTill = &next, time.Time{}
		c.Revision++
		c.Occasion++
		return help, nil
	})
	if fault, ok := errors.AsType[*Fault](err); ok && fault.Code == FaultStale {
		return p.keptMeanwhile(ctx, now, a, err)
	}
	return again(now, c, err, Done)
}

// keptMeanwhile answers who lost against somebody else's act: if that was the same one, as with two presses at once, it is as if it were theirs.
func (p *Promises) keptMeanwhile(ctx context.Context, now time.Time, a Act, lost error) (Commitment, error) {
	c, err := p.Store.Commitment(ctx, a.ID)
	if err == nil && c.Owner == a.Actor && (c.State == Done || c.justKept(now)) {
		return c, nil
	}
	return Commitment{}, lost
}

// kept reports whether the occasion that somebody means was kept already. Who does not say which one does not mean the one after the one that they
// just kept.
func (c Commitment) kept(now time.Time, occasion *int) bool {
	if occasion != nil {
		return *occasion != c.Occasion
	}
	return c.justKept(now)
}

// justKept reports whether the last act was to keep an occasion, and can still be undone.
func (c Commitment) justKept(now time.Time) bool {
	return c.Before != nil && c.Before.Occasion != c.Occasion && !now.After(c.Before.Till)
}

// Release lets a commitment go: an honest way out, without a reason. Who proposed one can take it back until it is answered.
func (p *Promises) Release(ctx context.Context, now time.Time, a Act) (Commitment, error) {
	c, _, err := p.find(ctx, a)
	if err != nil {
		return Commitment{}, err
	}
	if c.State == Proposed && c.By == a.Actor {
		was := c
		c.State, c.Closed, c.Acted = Released, now, now
		c.Before = was.before(now, c, a.Actor)
		return p.replace(ctx, a, was, c, nil)
	}
	if c.State == Released && c.By == a.Actor && c.Owner != a.Actor {
		return again(now, c, &Fault{Code: FollowupClosed}, Released)
	}
	c, err = p.act(ctx, now, a, func(c *Commitment, _ Hours) (Intents, error) {
		c.State, c.Closed = Released, now
		return nil, nil
	})
	return again(now, c, err, Released)
}

// again answers who closes a thing twice as if it were the first time, while it can still be undone.
func again(now time.Time, c Commitment, err error, want CommitmentState) (Commitment, error) {
	fault, ok := errors.AsType[*Fault](err)
	if ok && fault.Code == FaultDone && c.justKept(now) {
		return c, nil
	}
	if ok && fault.Code == FollowupClosed && c.State == want && !now.After(c.Closed.Add(undoWindow)) {
		return c, nil
	}
	return c, err
}

// Move gives a commitment another date; nil takes its date away. The old one stays in its history. Who says the same twice in a moment moved it once.
func (p *Promises) Move(ctx context.Context, now time.Time, a Act, to *when.Due) (Commitment, error) {
	c, err := p.act(ctx, now, a, func(c *Commitment, h Hours) (Intents, error) {
		if c.justMoved(now, to) {
			return nil, &Fault{Code: FaultDone}
		}
		if err := checkDue(now, to, h); err != nil {
			return nil, err
		}
		return c.moveTo(now, to), nil
	})
	if fault, ok := errors.AsType[*Fault](err); ok && fault.Code == FaultDone {
		return c, nil
	}
	return c, err
}

// Snooze moves the reminder and not the date. till is ahead, by not more than ten years: 9:00 means with that day's bundle, where the owner is now. An instant at which
// nothing reaches them means with the bundle of the day on which something does.
func (p *Promises) Snooze(ctx context.Context, now time.Time, a Act, till time.Time) (Commitment, error) {
	return p.act(ctx, now, a, func(c *Commitment, h Hours) (Intents, error) {
		switch {
		case !till.After(now):
			return nil, &Fault{Code: FollowupPast}
		case till.After(now.AddDate(0, 0, farthestDays)):
			return nil, &Fault{Code: FollowupTooFar}
		}
		c.SnoozedTill = snoozeReaches(now, till, h).In(h.Zone)
		c.Revision++
		return nil, nil
	})
}

// act applies an owner's act to an open commitment and stores it with its new reminders. Undo has the state before for ten minutes.
func (p *Promises) act(ctx context.Context, now time.Time, a Act, change func(*Commitment, Hours) (Intents, error)) (Commitment, error) {
	return p.actCounted(ctx, now, a, nil, change)
}

// actCounted is act for what counts against a quota.
func (p *Promises) actCounted(ctx context.Context, now time.Time, a Act, q *ProposalQuota, change func(*Commitment, Hours) (Intents, error)) (Commitment, error) {
	c, scene, err := p.owned(ctx, a)
	if err != nil {
		return Commitment{}, err
	}
	switch {
	case c.pressed(a):
		return c, nil
	case c.State == Proposed:
		return c, &Fault{Code: FollowupWaiting}
	case c.State != Open:
		return c, &Fault{Code: FollowupClosed}
	}
	h := scene.Hours(a.Actor, p.zone())
	wanted := c
	wanted.Acted = now
	extra, err := change(&wanted, h)
	if err != nil {
		return c, err
	}
	wanted.Before = c.before(now, wanted, a.Actor)
	intents := append(reminderIntents(now, wanted, h), extra...)
	stored, err := p.replaceCounted(ctx, a, a.Token, c, wanted, q, intents)
	if err != nil || stands(now, stored, wanted) || stored.pressed(a) {
		return stored, err
	}
	// The same button was pressed before, and what that did was undone meanwhile: this press is meant.
	if stored.Version != c.Version {
		return Commitment{}, &Fault{Code: FaultStale}
	}
	return p.replaceCounted(ctx, a, a.once(c), c, wanted, q, intents)
}

// stands reports whether what is stored is what an act wanted, by this request or by an earlier one with the same token.
func stands(now time.Time, stored, wanted Commitment) bool {
	if stored.Version == wanted.Version+1 && stored.Acted.Equal(wanted.Acted) {
		return true
	}
	return stored.Before != nil && stored.State == wanted.State && sameDue(stored.Due, wanted.Due) && now.Sub(stored.Acted) < pressedTwice
}

// colleagues are the counterparties inside the workspace.
func (c Commitment) colleagues() []string {
	var list []string
	for _, cp := range c.Counterparties {
		if cp.Member != "" && cp.Member != c.Owner {
			list = append(list, cp.Member)
		}
	}
	return list
}

// find reads a commitment that the actor may see, and the actor.
func (p *Promises) find(ctx context.Context, a Act) (Commitment, Scene, error) {
	c, known := a.Read.Commitment, a.Read.Scene
	var err error
	if c.ID != a.ID {
		c, known, err = p.Store.CommitmentScene(ctx, a.ID, a.Actor)
	}
	if err != nil {
		return Commitment{}, Scene{}, &Fault{Code: FaultUnread, Cause: err}
	}
	if c.ID == 0 || !c.VisibleTo(a.Actor) {
		return Commitment{}, Scene{}, &Fault{Code: FaultNotFound}
	}
	scene, err := p.scene(ctx, known, unique([]string{a.Actor, c.Owner}))
	if err != nil {
		return Commitment{}, Scene{}, &Fault{Code: FaultUnread, Cause: err}
	}
	if m := scene.Members[a.Actor]; m.Stranger || m.Bot { // who was a colleague when it was promised
		return Commitment{}, Scene{}, &Fault{Code: FaultNotFound}
	}
	return c, scene, nil
}

// owned is find for what only the owner may do.
func (p *Promises) owned(ctx context.Context, a Act) (Commitment, Scene, error) {
	c, scene, err := p.find(ctx, a)
	if err == nil && c.Owner != a.Actor {
		return Commitment{}, Scene{}, &Fault{Code: FaultForbidden}
	}
	return c, scene, err
}

// replace stores a commitment and returns it as it is stored: by this request, or by the earlier one with the same token.
func (p *Promises) replace(ctx context.Context, a Act, was, c Commitment, intents Intents) (Commitment, error) {
	return p.replaceCounted(ctx, a, a.once(was), was, c, nil, intents)
}

// replaceCounted is replace with a token of its own, for what counts against a quota; nil for none.
func (p *Promises) replaceCounted(ctx context.Context, a Act, token Token, was, c Commitment, q *ProposalQuota, intents Intents) (Commitment, error) {
	if was.pressed(a) {
		return was, nil
	}
	c.Presses = was.pressedBy(a)
	var err error
	if q == nil {
		err = p.Store.ReplaceCommitment(ctx, token, was, c, intents)
	} else {
		_, err = p.Store.ChangeCommitments(ctx, token, CommitmentStep{Replace: []CommitmentChange{{Was: was, Is: c}}, Quota: q, Intents: intents})
	}
	return p.asStored(ctx, c, err)
}

// asStored is a commitment as it stands after a change of it came to err: by this request, or by the earlier one with the same token.
func (p *Promises) asStored(ctx context.Context, c Commitment, err error) (Commitment, error) {
	switch {
	case err == nil:
		c.Version++
		return c, nil
	case errors.Is(err, ErrConflict):
		return Commitment{}, &Fault{Code: FaultStale, Cause: err}
	case errors.Is(err, ErrLimit):
		return Commitment{}, &Fault{Code: FollowupProposals, Limit: proposalsDaily}
	case !errors.Is(err, ErrRepeated):
		return Commitment{}, &Fault{Code: FaultUnsaved, Cause: err}
	}
	stored, err := p.Store.Commitment(ctx, c.ID)
	if err != nil {
		return Commitment{}, &Fault{Code: FaultUnsaved, Cause: err}
	}
	return stored, nil
}
