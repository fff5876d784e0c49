package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// LoseChannel pauses the programs of a channel that the bot is no longer in, and tells whoever looks after them, once.
func (c *Coffee) LoseChannel(ctx context.Context, now time.Time, channel string) error {
	programs, err := c.Programs.Programs(ctx)
	if err != nil {
		return fmt.Errorf("pause programs of %q: %w", channel, err)
	}
	for _, p := range programs {
		if p.Channel != channel || p.Paused {
			continue
		}
		if err := c.strand(ctx, now, p); err != nil {
			return fmt.Errorf("pause programs of %q: %w", channel, err)
		}
	}
	return nil
}

// strand pauses a program whose channel is gone. Somebody who changes it at the same time wins: the next round tries again.
func (c *Coffee) strand(ctx context.Context, now time.Time, p Program) error {
	readers, err := c.keepers(ctx, p)
	if err != nil {
		return err
	}
	p.Paused = true
	sid := fmt.Sprintf("program/%s/stranded/v%d", p.ID, p.Version)
	var news Intents
	for _, id := range readers {
		send := Send{SID: sid, Kind: KindProgram, Ref: p.ID + " " + newsStranded, Members: []string{id}, Due: now}
		if id != p.Owner {
			send.SID += "/" + id
		}
		news = append(news, send)
	}
	_, err = c.Programs.SaveProgram(ctx, Token(sid), p, roundEntry(p), news)
	if errors.Is(err, ErrRepeated) || errors.Is(err, ErrConflict) {
		return nil
	}
	return err
}

// keepers are who looks after a program whose channel is gone: its owner; once they are no colleague any more its editors, and where there are none Rapport's admins,
// unless it was a private channel's, of which they need not know.
func (c *Coffee) keepers(ctx context.Context, p Program) ([]string, error) {
	w := c.Settings.Current()
	admins := unique(append([]string{w.Installer}, w.Admins...))
	scene, err := c.Scenes.Scene(ctx, "", unique(slices.Concat([]string{p.Owner}, p.Editors, admins))...)
	if err != nil {
		return nil, err
	}
	if owner, known := scene.Members[p.Owner]; !known || owner.Person() { // who is not known may be new
		return []string{p.Owner}, nil
	}
	gone := func(id string) bool { return !scene.Members[id].Person() || scene.Members[id].Guest }
	if editors := slices.DeleteFunc(slices.Clone(p.Editors), gone); len(editors) > 0 || p.Closed {
		return editors, nil
	}
	return slices.DeleteFunc(admins, gone), nil
}
