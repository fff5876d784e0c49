package bot

import (
	"context"
	"slices"
	"strings"
	"time"
)

// What a send about a program tells, the second word of its Ref.
const (
	newsInvitation = "invitation"
	newsStranded   = "stranded"
	newsJoined     = "joined"
	newsHanded     = "handed"
	newsBack       = "back"
	newsMoved      = "moved"
	newsOrphan     = "orphan"
)

// invitationSID is the sid of a program's invitation in its channel.
func invitationSID(program string) string { return "program/" + program + "/invitation" }

// Invitation is a program's message in its channel, with its button.
type Invitation struct {
	Program Program
	Next    time.Time
	Owner   Member
}

// ProgramStranded tells a program's owner, or who is asked in their place once they left, that it was paused because the bot is no longer in the channel: once.
type ProgramStranded struct {
	Program Program
	Reader  Member
}

// ProgramJoined tells a member at once that they are in a program because they joined its channel.
type ProgramJoined struct {
	Mine   Mine
	Reader Member
}

// ProgramOwner tells somebody what became of a program's ownership.
type ProgramOwner struct {
	Program Program
	Reader  Member
	Owner   Member // who owns it now, or did before they left
	Other   Member // who had it before the owner; the zero value if nobody had
	News    OwnerNews
}

// OwnerNews is what became of a program's ownership.
type OwnerNews string

// The news.
const (
	OwnerHanded OwnerNews = newsHanded // the reader owns it now
	OwnerBack   OwnerNews = newsBack   // the reader owns it again
	OwnerMoved  OwnerNews = newsMoved  // the reader owns it no longer
	OwnerGone   OwnerNews = newsOrphan // the owner left the company, and the reader can take it over or hand it over
)

func (c *Coffee) composeNews(ctx context.Context, now time.Time, s Send, p Program, news string) (any, Decision, error) {
	if round, _, _ := strings.Cut(s.Ref, " "); isLongRoundNews(news) {
		return c.composeLongRound(ctx, now, s, p, round, news)
	}
	if news == newsInvitation {
		return c.composeInvitation(ctx, now, p)
	}
	reader := p.Owner
	if len(s.Members) == 1 {
		reader = s.Members[0]
	}
	if news == newsJoined {
		return c.composeJoined(ctx, now, s, p, reader)
	}
	scene, err := c.Scenes.Scene(ctx, p.Channel, unique(append([]string{reader, p.Owner, p.Before}, p.Editors...))...)
	if err != nil {
		return nil, Decision{}, err
	}
	if !p.stillNews(news, reader, scene) {
		return nil, Decision{Verdict: Drop, Reason: ReasonUndone}, nil
	}
	hours := scene.Hours(reader, c.Settings.Current().Zone)
	if d := reachable(scene.Members[reader], scene.Preferences[reader], s.Kind, hours, now); d.Verdict != Go {
		return nil, d, nil
	}
	if news == newsStranded {
		return ProgramStranded{Program: p, Reader: scene.Members[reader]}, Decision{}, nil
	}
	return ProgramOwner{
		Program: p, Reader: scene.Members[reader], Owner: scene.Members[p.Owner], Other: scene.Members[p.Before], News: OwnerNews(news),
	}, Decision{}, nil
}

// stillNews reports whether what a message tells a reader is still so.
func (p Program) stillNews(news, reader string, scene Scene) bool {
	switch news {
	case newsStranded:
		return p.Paused && !scene.Channel.Postable() && (reader == p.Owner || p.inherits(reader, scene))
	case newsHanded, newsBack:
		return reader == p.Owner
	case newsMoved:
		return reader != p.Owner
	case newsOrphan:
		return p.inherits(reader, scene)
	}
	return false
}

// inherits reports whether the owner is no colleague any more, and a reader is who is asked in their place.
func (p Program) inherits(reader string, scene Scene) bool {
	return !scene.Members[p.Owner].Person() && (slices.Contains(p.Editors, reader) || !p.hasEditor(scene))
}

// hasEditor reports whether an editor of the program is among the people who were read.
func (p Program) hasEditor(scene Scene) bool {
	return slices.ContainsFunc(p.Editors, func(id string) bool { return scene.Members[id].Person() })
}

func (c *Coffee) composeInvitation(ctx context.Context, now time.Time, p Program) (any, Decision, error) {
	scene, err := c.Scenes.Scene(ctx, p.Channel, p.Owner)
	if err != nil {
		return nil, Decision{}, err
	}
	if !scene.Channel.Postable() {
		return nil, Decision{Verdict: Drop, Reason: ReasonUnreachable}, nil
	}
	owner := scene.Members[p.Owner]
	owner.ID = p.Owner
	return Invitation{Program: p, Next: NextRound(p, now), Owner: owner}, Decision{}, nil
}

// composeJoined answers what the reader just did, joining a channel: it does not wait for their working hours.
func (c *Coffee) composeJoined(ctx context.Context, now time.Time, s Send, p Program, reader string) (any, Decision, error) {
	scene, err := c.scene(ctx, reader, p.Channel)
	if err != nil {
		return nil, Decision{}, err
	}
	seat, m := scene.seat(p.ID, reader), scene.Members[reader]
	switch {
	case !m.Person():
		return nil, Decision{Verdict: Drop, Reason: ReasonUnreachable}, nil
	case !seat.In():
		return nil, Decision{Verdict: Drop, Reason: ReasonUndone}, nil
	case slices.Contains(scene.Preferences[reader].Muted, s.Kind):
		return nil, Decision{Verdict: Drop, Reason: ReasonMuted}, nil
	}
	mine, err := scene.mine(now, seat)
	return ProgramJoined{Mine: mine, Reader: m}, Decision{}, err
}
