package slackapp

import (
	"context"
	"slices"
	"strings"

	"rapport/bot"
)

// reviewCommand shows the review now, or says when it is to come. Any other text that begins with this word is a promise, such as "review the contract
// by friday".
func (f *Followup) reviewCommand(ctx context.Context, r Request) (Response, error) {
	word := strings.ToLower(r.Rest)
	if _, ok := reviewDays[word]; ok {
		p, err := f.setReview(ctx, r, word)
		return replied(reviewSet(p), err)
	}
	if word != "" {
		return f.command(ctx, r)
	}
	known, err := f.Use.Scenes.Scene(ctx, "", r.User)
	if err != nil {
		return Response{}, &bot.Fault{Code: bot.FaultUnread, Cause: err}
	}
	review, err := f.Use.Review(ctx, r.Now, r.User, known)
	if err != nil {
		return Response{}, err
	}
	hours := known.Hours(r.User, f.Use.Settings.Current().Zone)
	return Reply(reviewNow(f.reader(known, r.User), review, known.Preferences[r.User], hours, r.Now)), nil
}

func (f *Followup) setReview(ctx context.Context, r Request, word string) (bot.Preferences, error) {
	day, ok := reviewDays[word]
	if !ok {
		return bot.Preferences{}, &bot.Fault{Code: bot.FaultInvalid}
	}
	return f.Home.Use.Host.Set(ctx, r.Now, r.Token, r.User, func(p *bot.Preferences) { p.Review = day })
}

// reviewButton switches the weekly review on or off.
func (f *Followup) reviewButton(ctx context.Context, r Request) (Response, error) {
	p, err := f.setReview(ctx, r, r.Action.Value)
	if err != nil {
		return Response{}, err
	}
	return f.changed(r, reviewSet(p)), nil
}

// reviewAct does with a promise what was picked in its menu: "done 7", "move 7", "snooze 7 7", "drop 7", "more 7", "accept 7", "decline 7", "on_track 7".
func (f *Followup) reviewAct(ctx context.Context, r Request) (Response, error) {
	word, value, _ := strings.Cut(r.Action.Picked.Option, " ")
	acts := map[string]Handler{"done": f.done, "move": f.pick, "accept": f.accept, "decline": f.decline, "on_track": f.onTrack, "snooze": f.more, "drop": f.more, "more": f.more}
	act, ok := acts[word]
	if !ok {
		return Response{}, &bot.Fault{Code: bot.FaultInvalid}
	}
	r.Action.Value = value
	return act(ctx, r)
}

// muted reports whether somebody switched a kind of message off.
func muted(p bot.Preferences, kind bot.Kind) bool { return slices.Contains(p.Muted, kind) }
