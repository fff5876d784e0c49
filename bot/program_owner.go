package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// MayHandOver reports whether a member may give a program to somebody else: its owner, Rapport's admins, and its editors once the owner is no colleague any more.
func (p Program) MayHandOver(m, owner Member, w Workspace) bool {
	return p.EditableBy(m, w) && (m.ID == p.Owner || w.Admin(m) || !owner.Person())
}

// HandOver makes a full member in the channel a program's owner. They are told, with a way to hand it back; who had it before stays an editor.
func (c *Coffee) HandOver(ctx context.Context, now time.Time, a ProgramAct, to string) (Program, error) {
	p, scene, err := c.editableIn(ctx, a.Program, a.Actor, a.Channel)
	if err != nil {
		return Program{}, err
	}
	people, err := c.Scenes.Scene(ctx, p.Channel, p.Owner, to)
	if err != nil {
		return Program{}, &Fault{Code: FaultUnread, Cause: err}
	}
	switch heir := people.Members[to]; {
	case !p.MayHandOver(scene.Members[a.Actor], people.Members[p.Owner], c.Settings.Current()):
		return Program{}, &Fault{Code: FaultForbidden}
	case to == p.Owner:
		return Program{}, &Fault{Code: FaultDone}
	case !heir.Person() || heir.Guest || !present(ctx, c.Presence, people.Channel, heir):
		return Program{}, &Fault{Code: ProgramEditor, Names: []string{to}}
	}
	was := p.Owner
	p.Version, p.Owner, p.Before = a.Version, to, ""
	news := Intents{invitationAgain(now, p, p.Version+1)}
	if people.Members[was].Person() {
		p.Before, p.Editors = was, append(slices.Clone(p.Editors), was)
		if was != a.Actor {
			news = append(news, p.ownerNews(now, newsMoved, was))
		}
	}
	if to != a.Actor {
		news = append(news, p.ownerNews(now, newsHanded, to))
	}
	return c.store(ctx, a.Token, p.settled(), news)
}

// HandBack gives a program back to who handed it over.
func (c *Coffee) HandBack(ctx context.Context, now time.Time, a ProgramAct) (Program, error) {
	p, _, err := c.editableIn(ctx, a.Program, a.Actor, a.Channel)
	if err != nil {
		return Program{}, err
	}
	if p.Owner != a.Actor || p.Before == "" {
		return Program{}, &Fault{Code: FaultTooLate}
	}
	people, err := c.Scenes.Scene(ctx, p.Channel, p.Before)
	if err != nil {
		return Program{}, &Fault{Code: FaultUnread, Cause: err}
	}
	if m := people.Members[p.Before]; !m.Person() || m.Guest {
		return Program{}, &Fault{Code: ProgramEditor, Names: []string{p.Before}}
	}
	p.Owner, p.Before = p.Before, ""
	return c.store(ctx, SeatAct{Token: a.Token}.token(p.Version), p.settled(), Intents{invitationAgain(now, p, p.Version+1), p.ownerNews(now, newsBack, p.Owner)})
}

// ownerNews tells somebody, once, what became of a program's ownership by the change that comes next.
func (p Program) ownerNews(now time.Time, news, to string) Send {
	return Send{
		SID: fmt.Sprintf("program/%s/owner/v%d/%s", p.ID, p.Version+1, to), Kind: KindProgram, Ref: p.ID + " " + news, Members: []string{to}, Due: now,
	}
}

// OwnersGone tells the editors of programs whose owner is no colleague any more, or else Rapport's admins, that somebody can take it over: each program's once. The programs
// go on.
func (c *Coffee) OwnersGone(ctx context.Context, now time.Time) error {
	programs, err := c.Programs.Programs(ctx)
	if err != nil {
		return fmt.Errorf("look for programs without an owner: %w", err)
	}
	owners := make([]string, len(programs))
	for i, p := range programs {
		owners[i] = p.Owner
	}
	scene, err := c.Scenes.Scene(ctx, "", unique(owners)...)
	if err != nil {
		return fmt.Errorf("look for programs without an owner: %w", err)
	}
	for _, p := range programs {
		// Whom the directory does not know at all may be new; who left it is known as deleted.
		if owner, known := scene.Members[p.Owner]; !known || owner.Person() || p.Orphan == p.Owner {
			continue
		}
		if err := c.orphaned(ctx, now, p); err != nil {
			return fmt.Errorf("tell that program %q has no owner: %w", p.ID, err)
		}
	}
	return nil
}

// orphaned tells those who can take a program over. Somebody who changes it at the same time wins: the next look tries again.
func (c *Coffee) orphaned(ctx context.Context, now time.Time, p Program) error {
	heirs, err := c.heirs(ctx, p)
	if err != nil {
		return err
	}
	p.Orphan = p.Owner
	var news Intents
	for _, id := range heirs {
		news = append(news, p.ownerNews(now, newsOrphan, id))
	}
	_, err = c.Programs.SaveProgram(ctx, Token(fmt.Sprintf("program/%s/orphan/v%d", p.ID, p.Version)), p, roundEntry(p), news)
	if errors.Is(err, ErrRepeated) || errors.Is(err, ErrConflict) {
		return nil
	}
	return err
}

// heirs are a program's editors, or else Rapport's admins; of a private channel's only who is in it.
func (c *Coffee) heirs(ctx context.Context, p Program) ([]string, error) {
	w := c.Settings.Current()
	for _, list := range [][]string{p.Editors, append([]string{w.Installer}, w.Admins...)} {
		scene, err := c.Scenes.Scene(ctx, p.Channel, unique(list)...)
		if err != nil {
			return nil, err
		}
		var heirs []string
		for _, id := range unique(list) {
			m := scene.Members[id]
			if m.Person() && !m.Guest && (!p.Closed || present(ctx, c.Presence, scene.Channel, m)) {
				heirs = append(heirs, id)
			}
		}
		if len(heirs) > 0 {
			return heirs, nil
		}
	}
	return nil, nil
}
