package slackapp

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/slack-go/slack"

	"rapport/bot"
)

// Channels keeps what the store knows of the channels that the bot is in equal to Slack's. All fields are required.
type Channels struct {
	Client  *Client
	Use     *bot.Host
	Coffee  *bot.Coffee
	Clock   Waker
	Log     *slog.Logger
	BotUser string
}

// Routes implements [Noun].
func (c *Channels) Routes() []Route {
	gone := func(kinds ...string) []Route {
		routes := make([]Route, len(kinds))
		for i, kind := range kinds {
			routes[i] = Route{Kind: OnEvent, Name: kind, Handle: c.left}
		}
		return routes
	}
	return append([]Route{
		{Kind: OnEvent, Name: "member_joined_channel", Handle: c.joined},
		{Kind: OnEvent, Name: "member_left_channel", Handle: c.memberLeft},
		{Kind: OnEvent, Name: "channel_rename", Handle: c.renamed},
		{Kind: OnEvent, Name: "group_rename", Handle: c.renamed},
		{Kind: OnEvent, Name: "app_uninstalled", Handle: c.uninstalled},
		{Kind: OnEvent, Name: "tokens_revoked", Handle: c.uninstalled},
	}, gone("channel_left", "group_left", "channel_archive", "group_archive", "channel_deleted", "group_deleted")...)
}

// joined notes that the bot was added to a channel. That somebody else came matters to programs that count it as joining them.
func (c *Channels) joined(ctx context.Context, r Request) (Response, error) {
	if r.Event.User != c.BotUser {
		return Response{}, c.Coffee.JoinedChannel(ctx, r.Now, r.Token, r.Event.Channel, r.Event.User, r.Event.Inviter)
	}
	ch, err := c.read(ctx, r.Event.Channel)
	if err != nil {
		return Response{}, err
	}
	return Response{}, c.Use.Enter(ctx, r.Now, r.Token, ch)
}

func (c *Channels) memberLeft(ctx context.Context, r Request) (Response, error) {
	if r.Event.User != c.BotUser {
		return Response{}, c.Coffee.MemberLeft(ctx, r.Now, r.Token, r.Event.Channel, r.Event.User)
	}
	return c.left(ctx, r)
}

// left notes that the bot is gone from a channel; a program that lived there pauses, and its owner hears of it.
func (c *Channels) left(ctx context.Context, r Request) (Response, error) {
	return Response{}, c.lose(ctx, r.Token, bot.Channel{ID: r.Event.Channel})
}

func (c *Channels) lose(ctx context.Context, token bot.Token, ch bot.Channel) error {
	if err := c.Use.Exit(ctx, token, ch); err != nil {
		return err
	}
	return c.Coffee.LoseChannel(ctx, c.Clock.Now(), ch.ID)
}

func (c *Channels) renamed(ctx context.Context, r Request) (Response, error) {
	ch, err := c.read(ctx, r.Event.Channel)
	if err != nil {
		return Response{}, err
	}
	return Response{}, c.Use.Know(ctx, r.Token, ch)
}

func (c *Channels) uninstalled(_ context.Context, r Request) (Response, error) {
	c.Log.Error("app uninstalled or its tokens revoked: nothing can be sent", "event", r.Event.Type)
	return Response{}, nil
}

// read asks Slack about one channel.
func (c *Channels) read(ctx context.Context, id string) (bot.Channel, error) {
	ctx, cancel := context.WithTimeout(ctx, lookupTimeout)
	defer cancel()
	ch, err := c.Client.api.GetConversationInfoContext(ctx, &slack.GetConversationInfoInput{ChannelID: id})
	if err != nil {
		return bot.Channel{}, callError("conversations.info", err)
	}
	return channelOf(*ch, ch.IsMember), nil
}

func channelOf(ch slack.Channel, inside bool) bot.Channel {
	return bot.Channel{
		ID: ch.ID, Name: ch.Name, Private: ch.IsPrivate, Shared: ch.IsExtShared || ch.IsPendingExtShared, Archived: ch.IsArchived, Inside: inside,
	}
}

// Sync reads which channels the bot is in, for what happened while nobody listened. In one that is new it introduces itself, as it would have done at
// once; in those that it is in when it first starts it says nothing.
func (c *Channels) Sync(ctx context.Context) error {
	w := &waiting{clock: c.Clock, busy: c.Clock.Begin()}
	defer func() { w.busy() }()
	list, err := c.Use.Channels.Channels(ctx)
	if err != nil {
		return fmt.Errorf("sync channels: %w", err)
	}
	known := make(map[string]bot.Channel, len(list))
	for _, ch := range list {
		known[ch.ID] = ch
	}
	now, err := c.list(ctx, w)
	if err != nil {
		return fmt.Errorf("sync channels: %w", err)
	}
	for id, ch := range now {
		note := c.Use.Know
		if len(known) > 0 && !known[id].Inside {
			note = func(ctx context.Context, token bot.Token, ch bot.Channel) error {
				return c.Use.Enter(ctx, c.Clock.Now(), token, ch)
			}
		}
		if err := note(ctx, syncToken(c.Clock, id), ch); err != nil {
			return fmt.Errorf("sync channels: %w", err)
		}
	}
	for id, ch := range known {
		if _, still := now[id]; ch.Inside && !still {
			if err := c.lose(ctx, syncToken(c.Clock, id), ch); err != nil {
				return fmt.Errorf("sync channels: %w", err)
			}
		}
	}
	return nil
}

// list asks Slack for the channels that the bot is in, by id.
func (c *Channels) list(ctx context.Context, w *waiting) (map[string]bot.Channel, error) {
	ask := &slack.GetConversationsForUserParameters{Types: []string{"public_channel", "private_channel"}, Limit: listPage, ExcludeArchived: true}
	inside := map[string]bot.Channel{}
	for {
		var page []slack.Channel
		err := w.call(ctx, func(ctx context.Context) (err error) {
			page, ask.Cursor, err = c.Client.api.GetConversationsForUserContext(ctx, ask)
			return callError("users.conversations", err)
		})
		if err != nil {
			return nil, err
		}
		for _, ch := range page {
			inside[ch.ID] = channelOf(ch, true)
		}
		if ask.Cursor == "" {
			return inside, nil
		}
	}
}

// syncToken tells one sync's change of a channel from another's.
func syncToken(clock Clock, channel string) bot.Token {
	return bot.Token("sync " + channel + " " + clock.Now().UTC().Format("20060102T150405.000000000"))
}
