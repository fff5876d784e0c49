package slackapp

import (
	"context"
	"errors"
	"strings"

	"rapport/bot"
)

// Help answers the buttons of quiet help with thanking. All fields are required.
type Help struct {
	Client *Client
	Use    *bot.Helper
	Kudos  *Kudos
}

// Routes implements [Noun].
func (n *Help) Routes() []Route {
	return []Route{
		{Kind: OnAction, Name: "help.thank", Handle: n.thank},
		{Kind: OnAction, Name: "help.fewer", Handle: n.fewer},
		{Kind: OnAction, Name: "help.stop", Handle: n.stop},
	}
}

// thank opens the form for those whom the button names, in the channel that it names, and notes that the message was of use.
func (n *Help) thank(ctx context.Context, r Request) (Response, error) {
	words := strings.Fields(r.Action.Value)
	var day bot.Date
	if len(words) < 2 || day.UnmarshalText([]byte(words[0])) != nil {
		return Response{}, &bot.Fault{Code: bot.FaultInvalid}
	}
	if words[1] != "-" {
		r.Channel = words[1]
	}
	r.Action.Value = ""
	for _, id := range words[2:] {
		r.Action.Value += Mention(id) + " "
	}
	form, err := n.Kudos.open(ctx, r)
	if err != nil || form.After == nil {
		return form, err
	}
	opened := form.After
	form.After = func(ctx context.Context) error {
		return errors.Join(opened(ctx), n.Use.Used(ctx, r.Token, r.User, day))
	}
	return form, nil
}

func (n *Help) fewer(ctx context.Context, r Request) (Response, error) {
	p, err := n.Use.Fewer(ctx, r.Token, r.User)
	if err != nil {
		return Response{}, err
	}
	return Then(func(ctx context.Context) error { return n.Client.Respond(ctx, r.ResponseURL, helpFewer(p)) }), nil
}

func (n *Help) stop(ctx context.Context, r Request) (Response, error) {
	if _, err := n.Use.Stop(ctx, r.Token, r.User); err != nil {
		return Response{}, err
	}
	return Then(func(ctx context.Context) error { return n.Client.Rewrite(ctx, r, helpStopped()) }), nil
}
