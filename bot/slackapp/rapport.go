package slackapp

import (
	"context"
)

// Rapport answers what is about the bot itself: help, and what people write to it.
type Rapport struct {
	Client *Client // required
}

// Routes implements [Noun].
func (n *Rapport) Routes() []Route {
	return []Route{
		{Kind: OnCommand, Name: "/rapport help", Handle: n.help},
		{Kind: OnCommand, Name: "/rapport", Handle: n.other},
		{Kind: OnEvent, Name: "message.im", Handle: n.greet, Once: true},
	}
}

// help says what the bot does.
func (n *Rapport) help(context.Context, Request) (Response, error) {
	return Reply(helpMessage()), nil
}

// other says what the bot does to who typed nothing more, or a word that it does not know.
func (n *Rapport) other(_ context.Context, r Request) (Response, error) {
	if r.Rest == "" {
		return Reply(helpMessage()), nil
	}
	return Reply(unknownMessage()), nil
}

// greet answers a direct message: the bot understands commands and buttons, not sentences, and says so.
func (n *Rapport) greet(_ context.Context, r Request) (Response, error) {
	return Then(func(ctx context.Context) error {
		_, err := n.Client.Say(ctx, r.Channel, r.Event.ThreadTS, greetingMessage())
		return err
	}), nil
}
