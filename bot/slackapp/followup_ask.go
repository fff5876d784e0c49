package slackapp

import (
	"context"
	"time"

	"rapport/bot"
)

func (f *Followup) ask(ctx context.Context, r Request) (Response, error) {
	return f.tapped(ctx, r, r.Action.Value, f.Use.Ask, func(reader Reader, c bot.Commitment) Message { return followupAsked(reader, c, r.User, r.Now) })
}

func (f *Followup) onTrack(ctx context.Context, r Request) (Response, error) {
	return f.tapped(ctx, r, r.Action.Value, f.Use.OnTrack, followupOnTrack)
}

func (f *Followup) offTrack(ctx context.Context, r Request) (Response, error) {
	return f.tapped(ctx, r, r.Action.Value, f.Use.UndoOnTrack, func(reader Reader, c bot.Commitment) Message { return followupOffTrack(reader, c, r.Now) })
}

func (f *Followup) free(ctx context.Context, r Request) (Response, error) {
	return f.tapped(ctx, r, r.Action.Value, f.Use.Free, readerless(followupFreed))
}

func (f *Followup) need(ctx context.Context, r Request) (Response, error) {
	return f.tapped(ctx, r, r.Action.Value, f.Use.UndoFree, readerless(followupNeeded))
}

// slip opens the form with a date picker, as an answer to who asked.
func (f *Followup) slip(_ context.Context, r Request) (Response, error) {
	act, err := actOf(r, r.Action.Value)
	if err != nil {
		return Response{}, err
	}
	return f.opening(r, "Another date", func(ctx context.Context) (Modal, error) {
		c, err := f.Use.Show(ctx, act)
		return followupSlipForm(c), err
	}), nil
}

// onItself has an act's answer stand in the place of the item whose button was pressed, also where another commitment came of it.
func onItself(made *bot.Commitment, act func(context.Context, time.Time, bot.Act) (bot.Commitment, error)) func(context.Context, time.Time, bot.Act) (bot.Commitment, error) {
	return func(ctx context.Context, now time.Time, a bot.Act) (bot.Commitment, error) {
		c, err := act(ctx, now, a)
		*made = c
		return bot.Commitment{ID: a.ID}, err
	}
}
