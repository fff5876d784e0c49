package bot

import (
	"context"
	"strings"
	"time"
)

// What a send about a program tells, the second word of its Ref.
const (
	newsInvitation = "invitation"
	newsStranded   = "stranded"
)

// invitationSID is the sid of a program's invitation in its channel.
func invitationSID(program string) string { return "program/" + program + "/invitation" }

// Invitation is a program's message in its channel, with its button.
type Invitation struct {
	Program Program
	Next    time.Time
	Owner   Member
}

// ProgramStranded tells a program's owner, once, that it was paused because the bot is no longer in the channel.
type ProgramStranded struct {
	Program Program
	Reader  Member
}

func (c *Coffee) composeNews(ctx context.Context, now time.Time, s Send, p Program, news string) (any, Decision, error) {
	if round, _, _ := strings.Cut(s.Ref, " "); isLongRoundNews(news) {
		return c.composeLongRound(ctx, now, s, p, round, news)
	}
	scene, err := c.Scenes.Scene(ctx, p.Channel, p.Owner)
	if err != nil {
		return nil, Decision{}, err
	}
	if news == newsInvitation {
		if !scene.Channel.Postable() {
			return nil, Decision{Verdict: Drop, Reason: ReasonUnreachable}, nil
		}
		return Invitation{Program: p, Next: NextRound(p, now), Owner: scene.Members[p.Owner]}, Decision{}, nil
	}
	if !p.Paused || scene.Channel.Postable() {
		return nil, Decision{Verdict: Drop, Reason: ReasonUndone}, nil
	}
	hours := scene.Hours(p.Owner, c.Settings.Current().Zone)
	if d := reachable(scene.Members[p.Owner], scene.Preferences[p.Owner], s.Kind, hours, now); d.Verdict != Go {
		return nil, d, nil
	}
	return ProgramStranded{Program: p, Reader: scene.Members[p.Owner]}, Decision{}, nil
}
