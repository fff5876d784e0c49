package slackapp

import (
	"context"
	"fmt"

	"rapport/bot"
)

// thank gives thanks with one tap to who told the person that something is done. The button's value is the commitment's number, the word's, and where it stands.
func (f *Followup) thank(ctx context.Context, r Request) (Response, error) {
	act, n, err := wordOf(r)
	if err != nil {
		return Response{}, err
	}
	given, err := f.Thanks.Thank(ctx, r.Now, r.User, act.ID, n)
	if err != nil {
		return Response{}, err
	}
	return f.thankedFor(r, act.ID, n, func(item bot.AddressedItem) Message { return followupThanked(item, given) }), nil
}

// unthank takes those thanks back.
func (f *Followup) unthank(ctx context.Context, r Request) (Response, error) {
	act, n, err := wordOf(r)
	if err != nil {
		return Response{}, err
	}
	if _, err := f.Thanks.Unthank(ctx, r.Now, r.Token, r.User, act.ID, n); err != nil {
		return Response{}, err
	}
	return f.thankedFor(r, act.ID, n, followupUnthanked), nil
}

// thankedFor shows what came of it in the message that told the person that it is done, which keeps its words.
func (f *Followup) thankedFor(r Request, id, n int, view func(bot.AddressedItem) Message) Response {
	return Then(func(ctx context.Context) error {
		if others, ok := standingItems(standsAt(r.Action.Value)); ok {
			a, err := f.Thanks.Standing(ctx, r.Now, r.User, others...)
			if err != nil {
				return err
			}
			return f.Client.Rewrite(ctx, r, addressedMany(a, nil, Message{}))
		}
		item, err := f.Use.KeptItem(ctx, r.User, id, n)
		if err != nil {
			return err
		}
		return f.Client.Rewrite(ctx, r, view(item))
	})
}

// standsAt is where a button stands whose value begins with two numbers.
func standsAt(value string) string {
	var id, n, where string
	_, _ = fmt.Sscan(value, &id, &n)
	if at := len(id) + 1 + len(n) + 1; at <= len(value) {
		where = value[at:]
	}
	return where
}
