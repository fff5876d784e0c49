package bot

import "context"

// Channel is a conversation as far as the bot needs to know it: only ones that it is or was a member of are stored.
type Channel struct {
	ID       string `json:"id"`
	Name     string `json:"name,omitempty"`
	Private  bool   `json:"private,omitempty"`
	Shared   bool   `json:"shared,omitempty"` // with another company
	Archived bool   `json:"archived,omitempty"`
	Inside   bool   `json:"inside,omitempty"` // the bot is a member
}

// Postable reports whether the bot can post there.
func (c Channel) Postable() bool { return c.Inside && !c.Archived }

// Scene is what a use case has to know of people and a place before it decides, read in one round trip.
type Scene struct {
	Members     map[string]Member      // those of the asked ones that the directory knows
	Preferences map[string]Preferences // of the asked ones who set any
	Channel     Channel                // the zero value if the bot knows nothing of it
	Calendars   *Calendars             // of free days; nil for those of countries alone
}

// Hours resolves a member's hours; fallback is the workspace's zone.
func (s Scene) Hours(member, fallback string) Hours {
	return HoursOf(s.Members[member], s.Preferences[member], fallback).observing(s.Calendars)
}

// SceneReader reads scenes. Channel may be empty.
type SceneReader interface {
	Scene(ctx context.Context, channel string, members ...string) (Scene, error)
}

// ChannelStore keeps the channels that the bot is a member of.
type ChannelStore interface {
	// SaveChannel stores c with the intents in one step; [ErrRepeated] when the token came before.
	SaveChannel(ctx context.Context, token Token, c Channel, intents Intents) error
	Channels(ctx context.Context) ([]Channel, error)
}
