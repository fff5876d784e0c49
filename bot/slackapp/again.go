package slackapp

import (
	"context"

	"rapport/bot"
)

// Again answers the question whether a message is to be posted again that may not have come. All fields are required.
type Again struct {
	Client *Client
	Use    *bot.Again
}

// Routes implements [Noun].
func (a *Again) Routes() []Route {
	return []Route{
		{Kind: OnAction, Name: "again.post", Handle: a.post},
		{Kind: OnAction, Name: "again.there", Handle: a.there},
	}
}

// post posts it again. A button's value is the sid of the message; whose that is, is checked by the use case.
func (a *Again) post(ctx context.Context, r Request) (Response, error) {
	p, what, err := a.Use.Post(ctx, r.Now, r.User, r.Action.Value)
	return a.rewritten(r, p, what, err)
}

func (a *Again) there(ctx context.Context, r Request) (Response, error) {
	p, what, err := a.Use.There(ctx, r.Now, r.User, r.Action.Value)
	return a.rewritten(r, p, what, err)
}

// rewritten puts what came of it in the question's place.
func (a *Again) rewritten(r Request, p bot.LostPost, what bot.AgainAnswer, err error) (Response, error) {
	if err != nil {
		return Response{}, err
	}
	return Then(func(ctx context.Context) error { return a.Client.Rewrite(ctx, r, againAnswer(p, what)) }), nil
}
