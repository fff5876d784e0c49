package slackapp

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"rapport/bot"
)

// Reactions turns the workspace's emoji on colleagues' messages into kudos, where the app is told of them. All fields are required.
type Reactions struct {
	Use *bot.Recognition
}

// Routes implements [Noun].
func (n *Reactions) Routes() []Route {
	return []Route{
		{Kind: OnEvent, Name: "reaction_added", Handle: n.added},
		{Kind: OnEvent, Name: "reaction_removed", Handle: n.removed},
	}
}

func (n *Reactions) added(ctx context.Context, r Request) (Response, error) {
	return n.heard(ctx, r, false)
}

func (n *Reactions) removed(ctx context.Context, r Request) (Response, error) {
	return n.heard(ctx, r, true)
}

func (n *Reactions) heard(ctx context.Context, r Request, gone bool) (Response, error) {
	var said struct {
		Author  string                `json:"item_user"`
		EventTS string                `json:"event_ts"`
		Item    struct{ Type string } `json:"item"`
	}
	if err := json.Unmarshal(r.Event.Raw, &said); err != nil {
		return Response{}, fmt.Errorf("read reaction: %w", err)
	}
	if said.Item.Type != "message" {
		return Response{}, nil
	}
	at, err := instantOf(said.EventTS)
	if err != nil {
		return Response{}, fmt.Errorf("read reaction: %w", err)
	}
	return Response{}, n.Use.React(ctx, r.Now, bot.Reaction{
		Token: r.Token, Giver: r.User, Author: said.Author, Channel: r.Channel, TS: r.Event.ItemTS, Emoji: r.Event.Reaction, Gone: gone, At: at,
	})
}

// instantOf reads one of Slack's timestamps, seconds since 1970 with six digits behind the point, to the microsecond.
func instantOf(ts string) (time.Time, error) {
	whole, fraction, _ := strings.Cut(ts, ".")
	seconds, err := strconv.ParseInt(whole, 10, 64)
	if err != nil {
		return time.Time{}, fmt.Errorf("read timestamp %q: %w", ts, err)
	}
	micros := int64(0)
	if fraction != "" {
		if micros, err = strconv.ParseInt((fraction + "000000")[:6], 10, 64); err != nil {
			return time.Time{}, fmt.Errorf("read timestamp %q: %w", ts, err)
		}
	}
	return time.Unix(seconds, micros*1000).UTC(), nil
}
