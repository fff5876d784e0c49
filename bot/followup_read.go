package bot

import (
	"context"
	"slices"
	"strings"
	"time"

	"rapport/bot/when"
)

// FollowupRead is what was read of the store while a text was understood.
type FollowupRead struct {
	Scene                 // everybody whom the text names
	Commitment Commitment // the one whose number is the second word, whoever may see it; the zero value if there is none
}

// Read understands a text after /followup for its invoker, in their zone and language.
func (p *Promises) Read(ctx context.Context, now time.Time, invoker, text string) (FollowupInput, FollowupRead, error) {
	people := []string{invoker}
	for _, piece := range ScanPieces(text) {
		if piece.Kind == PieceUser {
			people = append(people, piece.ID)
		}
	}
	read, err := p.read(ctx, firstNumber(text), unique(people))
	if err != nil {
		return FollowupInput{}, FollowupRead{}, &Fault{Code: FaultUnread, Cause: err, Typed: text}
	}
	scene := read.Scene
	return ParseFollowup(text, FollowupContext{
		When: p.when(now, invoker, scene), Invoker: invoker,
		Refused: func(id string) bool {
			m, known := scene.Members[id]
			return known && !m.Person()
		},
		Owner: func(id string) (when.Context, bool) {
			_, known := scene.Members[id]
			return p.when(now, id, scene), known
		},
	}), read, nil
}

// read reads people, and with them the commitment of a number; 0 for none.
func (p *Promises) read(ctx context.Context, id int, people []string) (FollowupRead, error) {
	if id != 0 {
		c, known, err := p.Store.CommitmentScene(ctx, id, people...)
		if err == nil { // else whoever needs the commitment meets the error; a text that only names a number does not
			scene, err := p.scene(ctx, known, people)
			return FollowupRead{Scene: scene, Commitment: c}, err
		}
	}
	scene, err := p.Scenes.Scene(ctx, "", people...)
	return FollowupRead{Scene: scene}, err
}

// firstNumber is the number of the commitment that a text would be about if it was a command: that of its second word, as in "done #7". Else it is 0.
func firstNumber(text string) int {
	words := strings.Fields(text)
	if len(words) < 2 {
		return 0
	}
	id, ok := commitmentNumber(words[1])
	if !ok {
		return 0
	}
	return id
}

func (p *Promises) when(now time.Time, member string, scene Scene) when.Context {
	return scene.Hours(member, p.zone()).WhenContext(now, scene.Members[member].Locale)
}

// WhenOf is what the date language needs to know of one member.
func (p *Promises) WhenOf(ctx context.Context, now time.Time, member string) (when.Context, error) {
	scene, err := p.Scenes.Scene(ctx, "", member)
	if err != nil {
		return when.Context{}, &Fault{Code: FaultUnread, Cause: err}
	}
	return p.when(now, member, scene), nil
}

// List returns what a member owes and was asked for, and what others owe them as far as they may see it: what is not closed, by due date, undated
// last. What somebody says whom they keep away is left out. known is what was read of the member already; may be empty.
func (p *Promises) List(ctx context.Context, now time.Time, member string, known Scene) (owe, owed []Commitment, err error) {
	list, err := p.ListWith(ctx, now, member, "", known)
	return list.Owe, list.Owed, err
}

// VisibleTo reports whether a member may see the commitment: its owner, who was asked to take it, who asked for it, and those it is to
// if it was shared. Who gave it away, or needs it no more, sees it no more.
func (c Commitment) VisibleTo(member string) bool {
	if member == "" {
		return false
	}
	if member == c.Owner || member == c.Giving {
		return true
	}
	return (c.Shared || member == c.By) && slices.ContainsFunc(c.Counterparties, func(cp Counterparty) bool { return cp.Member == member })
}

func byDue(a, b Commitment) int {
	switch {
	case a.Due == nil && b.Due == nil:
		return a.ID - b.ID
	case a.Due == nil:
		return 1
	case b.Due == nil:
		return -1
	}
	return a.Due.UTC().Compare(b.Due.UTC())
}

// Show reads a commitment that the actor owns and can still change, without what those ask or say of it whom they keep away.
func (p *Promises) Show(ctx context.Context, a Act) (Commitment, error) {
	c, scene, err := p.owned(ctx, a)
	if err == nil && c.State != Open {
		return c, &Fault{Code: FollowupClosed}
	}
	return scene.hearing(a.Actor, c), err
}
