package slackapp

import (
	"context"

	"rapport/bot"
)

// Introductions answers what introductions offer beside the round itself: a chat without the bot, and calendars. All fields but Files are required.
type Introductions struct {
	Client *Client
	Use    *bot.Coffee
	Memory Memory // remembers which calendar files were handed out
	Clock  Clock
	Files  bool // the workspace granted files:write
}

// Routes implements [Noun].
func (n *Introductions) Routes() []Route {
	return []Route{
		{Kind: OnAction, Name: "introduction.own", Handle: n.own},
		{Kind: OnAction, Name: "calendar.open", Handle: n.openCalendar},
		{Kind: OnAction, Name: "calendar.file", Handle: n.calendarFile},
	}
}

// own says how the group talks without the bot, to the one who asks.
func (n *Introductions) own(ctx context.Context, r Request) (Response, error) {
	a, _, err := groupAct(r, 0)
	if err != nil {
		return Response{}, err
	}
	i, err := n.Use.Introduction(ctx, r.Now, a)
	if err != nil {
		return Response{}, err
	}
	m := ownChat(i, r.User)
	return Then(func(ctx context.Context) error { return n.Client.Respond(ctx, r.ResponseURL, m) }), nil
}
