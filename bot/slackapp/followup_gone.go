package slackapp

import (
	"context"
	"time"

	"rapport/bot"
)

// passTo is the input of the form that passes a promise on.
const passTo = "followup_pass_to"

func (f *Followup) stay(ctx context.Context, r Request) (Response, error) {
	return f.chosen(ctx, r, f.Use.KeepOn, followupStayed)
}

func (f *Followup) letGo(ctx context.Context, r Request) (Response, error) {
	return f.chosen(ctx, r, f.Use.LetGo, followupLetGo)
}

func (f *Followup) rechoose(ctx context.Context, r Request) (Response, error) {
	return f.chosen(ctx, r, f.Use.UndoChoice, func(_ Reader, _ string, old, _ bot.Commitment) Message { return followupRechosen(old) })
}

// chosen applies what somebody chose, and shows it in the place of the item: of the pressed one, and of what it became.
func (f *Followup) chosen(ctx context.Context, r Request, act func(context.Context, time.Time, bot.Act) (bot.Commitment, error),
	view func(reader Reader, actor string, old, made bot.Commitment) Message,
) (Response, error) {
	var made bot.Commitment
	return f.tapped(ctx, r, r.Action.Value, onItself(&made, act), func(reader Reader, old bot.Commitment) Message { return view(reader, r.User, old, made) })
}

// pass opens the form that asks who takes it.
func (f *Followup) pass(_ context.Context, r Request) (Response, error) {
	act, err := actOf(r, r.Action.Value)
	if err != nil {
		return Response{}, err
	}
	return f.opening(r, "Pass it on", func(ctx context.Context) (Modal, error) {
		c, err := f.Use.Passable(ctx, act)
		return followupPassForm(c), err
	}), nil
}

func (f *Followup) submitPass(ctx context.Context, r Request) (Response, error) {
	act, err := actOf(r, r.View.PrivateMetadata)
	if err != nil {
		return Response{}, err
	}
	if len(r.Values.Users(passTo)) == 0 {
		return Response{Ack: InputErrors(map[string]string{passTo: "Pick one colleague."})}, nil
	}
	c, err := f.Use.PassOn(ctx, r.Now, act, r.Values.Users(passTo)[0])
	if fault := refused(err); fault != nil {
		return Response{Ack: InputErrors(map[string]string{passTo: faultSentence(Reader{}, err)})}, nil
	}
	if err != nil {
		return Response{}, err
	}
	reader, err := f.readerOf(ctx, r)
	if err != nil {
		return Response{}, err
	}
	return f.Home.told(r, followupPassed(reader, act.ID, c)), nil
}
