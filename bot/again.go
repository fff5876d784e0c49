package bot

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
)

// Again is what becomes of a message to a channel of which nobody can tell whether it is there: Slack broke off, and the bot may not read that channel. It is not posted twice, so its
// author is asked. All fields are required.
type Again struct {
	Sent     SentReader
	Dead     DeadLetters
	Kudos    KudosReader
	Programs ProgramReader
	Scenes   SceneReader
	Settings *Settings
}

// DeadLetters decides about messages that were given up. The errors of both: [ErrNotFound]: it is not known; [ErrRepeated]: it is on its way; [ErrConflict]: it was sent, or
// decided against.
type DeadLetters interface {
	// Resend makes it due at now.
	Resend(ctx context.Context, now time.Time, sid string) error
	// Discard drops it: nobody is asked about it any more, and nothing sends it.
	Discard(ctx context.Context, now time.Time, sid string) error
}

// KudosReader finds a kudos; [ErrNotFound] for an unknown id. A tombstone is found.
type KudosReader interface {
	Kudos(ctx context.Context, id string) (Kudos, error)
}

// ProgramReader finds a program; [ErrNotFound] for an unknown id.
type ProgramReader interface {
	Program(ctx context.Context, id string) (Program, error)
}

// AgainQuestion is the content of the question to the author of a message that may not have come.
type AgainQuestion struct {
	Lost LostPost
	SID  string // of that message
}

// LostPost is a message to a channel, as its author knows it: a kudos, or the invitation of a program.
type LostPost struct {
	Author  Member
	Channel string
	Kudos   Kudos   // zero if it is an invitation
	Program Program // zero if it is a kudos
}

// AgainAnswer says what came of the author's answer.
type AgainAnswer string

// What can come of it.
const (
	AgainPosted AgainAnswer = "posted" // it is posted now
	AgainThere  AgainAnswer = "there"  // it is there: the author says so, or it was found meanwhile
	AgainOnWay  AgainAnswer = "on_way" // it is on its way already
	AgainGone   AgainAnswer = "gone"   // it was taken back, or it is too long ago
)

const (
	againPrefix = "again/"
	// againLife is how long after it was lost it still makes sense to ask.
	againLife = 7 * 24 * time.Hour
)

// Lost asks the author of a message whose fate nobody will ever be able to tell, in the same step in which it is given up. Of edits, which are repeated, and of what has no
// author, such as a digest, nobody is asked; operators see it.
func (a *Again) Lost(ctx context.Context, now time.Time, s Send) (Intents, error) {
	if s.Channel == "" || s.Replaces != "" {
		return nil, nil
	}
	_, author, err := a.post(ctx, s.SID)
	if err != nil {
		return nil, fmt.Errorf("find author of %q: %w", s.SID, err)
	}
	if author == "" {
		return nil, nil
	}
	// It can be lost again after it was posted again.
	return Intents{{
		SID: fmt.Sprintf("%s%s/%d", againPrefix, s.SID, s.Attempt), Kind: KindAnswer, Ref: s.SID, Members: []string{author}, Due: now, NotAfter: now.Add(againLife),
	}}, nil
}

// gone reports whether a message stands for nothing any more: its kudos was taken back, or was posted anew.
func (p LostPost) gone(sid string) bool {
	return !p.Kudos.Undone.IsZero() || p.Kudos.ID != "" && sid != p.Kudos.PostSID()
}

// post finds what a message tells of by its sid, and its author; none if there is nobody to ask, any more or at all.
func (a *Again) post(ctx context.Context, sid string) (p LostPost, author string, err error) {
	kind, rest, _ := strings.Cut(sid, "/")
	id, _, _ := strings.Cut(rest, "/")
	switch {
	case kind == "kudos" && isPostSID(id, sid):
		p.Kudos, err = a.Kudos.Kudos(ctx, id)
		p.Channel, author = p.Kudos.Channel, p.Kudos.Giver
	case kind == "program" && sid == invitationSID(id):
		p.Program, err = a.Programs.Program(ctx, id)
		p.Channel, author = p.Program.Channel, p.Program.Owner
	}
	if errors.Is(err, ErrNotFound) {
		return LostPost{}, "", nil
	}
	return p, author, err
}

// Compose asks, unless the answer is known by now.
func (a *Again) Compose(ctx context.Context, now time.Time, s Send) (any, Decision, error) {
	p, author, err := a.post(ctx, s.Ref)
	if err != nil {
		return nil, Decision{}, err
	}
	lost, err := a.Sent.SendBySID(ctx, s.Ref)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return nil, Decision{}, err
	}
	if author == "" || p.gone(s.Ref) || lost.State != StateUnknown || lost.Settled.IsZero() {
		return nil, undone, nil
	}
	scene, err := a.Scenes.Scene(ctx, "", author)
	if err != nil {
		return nil, Decision{}, err
	}
	hours := scene.Hours(author, a.Settings.Current().Zone)
	// Who wants no answers about promises is asked all the same: only they can say.
	if d := reachable(scene.Members[author], scene.Preferences[author], KindKudosPost, hours, now); d.Verdict != Go {
		return nil, d, nil
	}
	p.Author = scene.Members[author]
	return AgainQuestion{Lost: p, SID: s.Ref}, Decision{}, nil
}

// Post posts a message again for its author, who does not see it in the channel.
func (a *Again) Post(ctx context.Context, now time.Time, actor, sid string) (LostPost, AgainAnswer, error) {
	p, err := a.own(ctx, actor, sid)
	if err != nil {
		return LostPost{}, "", err
	}
	if p.gone(sid) {
		return p, AgainGone, nil
	}
	err = a.Dead.Resend(ctx, now, sid)
	switch {
	case err == nil:
		return p, AgainPosted, nil
	case errors.Is(err, ErrRepeated):
		return p, AgainOnWay, nil
	case errors.Is(err, ErrNotFound):
		return p, AgainGone, nil
	case !errors.Is(err, ErrConflict):
		return LostPost{}, "", &Fault{Code: FaultUnsaved, Cause: err}
	}
	lost, err := a.Sent.SendBySID(ctx, sid)
	switch {
	case err != nil && !errors.Is(err, ErrNotFound):
		return LostPost{}, "", &Fault{Code: FaultUnread, Cause: err}
	case lost.State == StateSent:
		return p, AgainThere, nil
	}
	return p, AgainGone, nil
}

// There closes the question for the author, who sees the message in the channel. It is no dead letter any more, so that nobody posts it a second time.
func (a *Again) There(ctx context.Context, now time.Time, actor, sid string) (LostPost, AgainAnswer, error) {
	p, err := a.own(ctx, actor, sid)
	if err != nil {
		return LostPost{}, "", err
	}
	err = a.Dead.Discard(ctx, now, sid)
	switch {
	case err == nil, errors.Is(err, ErrConflict), errors.Is(err, ErrNotFound):
		return p, AgainThere, nil
	case errors.Is(err, ErrRepeated): // somebody was faster to post it again
		return p, AgainOnWay, nil
	}
	return LostPost{}, "", &Fault{Code: FaultUnsaved, Cause: err}
}

// own finds what a message tells of, for its author. For everybody else it does not exist.
func (a *Again) own(ctx context.Context, actor, sid string) (LostPost, error) {
	p, author, err := a.post(ctx, sid)
	switch {
	case err != nil:
		return LostPost{}, &Fault{Code: FaultUnread, Cause: err}
	case author == "" || author != actor:
		return LostPost{}, &Fault{Code: FaultNotFound}
	}
	return p, nil
}
