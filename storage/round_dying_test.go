package storage_test

import (
	"context"

	"rapport/bot"
)

// dyingRounds is a store of rounds that fails after some changes.
type dyingRounds struct {
	bot.RoundStore

	left int  // changes before the one that fails
	made bool // that one is made, and only its answer is lost
	err  error
}

// after runs a change and says what becomes of it.
func (d *dyingRounds) after(change func() error) error {
	d.left--
	if d.left >= 0 {
		return change()
	}
	if d.made {
		_ = change()
	}
	return d.err
}

func (d *dyingRounds) DraftRound(ctx context.Context, plan bot.RoundPlan) (name string, err error) {
	err = d.after(func() error {
		name, err = d.RoundStore.DraftRound(ctx, plan)
		return err
	})
	return name, err
}

func (d *dyingRounds) AdoptRound(ctx context.Context, r bot.Round, name string) (stands bot.Round, err error) {
	err = d.after(func() error {
		stands, err = d.RoundStore.AdoptRound(ctx, r, name)
		return err
	})
	return stands, err
}

func (d *dyingRounds) InsertPart(ctx context.Context, r bot.Round, part int, seats []bot.Seat, meetings []bot.Meeting, intents bot.Intents) error {
	return d.after(func() error { return d.RoundStore.InsertPart(ctx, r, part, seats, meetings, intents) })
}
