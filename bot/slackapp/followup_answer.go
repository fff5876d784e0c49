package slackapp

import (
	"context"
	"errors"
	"slices"

	"github.com/slack-go/slack"

	"rapport/bot"
)

// instead puts an answer in the place of the message that held the button; where there is none, where the button stands.
func (f *Followup) instead(r Request, m Message) Response {
	if r.View.ID != "" {
		return f.changed(r, m)
	}
	return Then(func(ctx context.Context) error { return f.Client.Rewrite(ctx, r, m) })
}

// changed answers a button: on Home above everything else, in a modal in its place, in a message below it. So the way back is at hand wherever it was pressed.
func (f *Followup) changed(r Request, m Message) Response {
	switch {
	case r.View.ID == "":
		return f.Home.changed(r, m)
	case r.View.Home:
		return Then(func(ctx context.Context) error { return f.atHome(ctx, r.User, m) })
	}
	return Then(func(ctx context.Context) error {
		_, err := f.Client.UpdateModal(ctx, ViewRef{ID: r.View.ID}, answerModal(m))
		return errors.Join(err, f.Home.Publish(ctx, r.User))
	})
}

// below puts an answer below the message that held the button, which stays as it is.
func (f *Followup) below(r Request, m Message) Response {
	if r.View.ID != "" || r.ResponseURL == "" {
		return f.changed(r, m)
	}
	return Then(func(ctx context.Context) error { return f.Client.Respond(ctx, r.ResponseURL, m) })
}

// atHome shows a member's Home with an answer on top. Where both do not fit, Home alone says how things are.
func (f *Followup) atHome(ctx context.Context, member string, top Message) error {
	now := f.Home.Clock.Now()
	h, err := f.Home.Use.Home(ctx, now, member)
	if err != nil {
		return err
	}
	view := homeView(f.Home.reader(h), h, now)
	both := view
	both.Blocks = slices.Concat(top.Blocks, []slack.Block{divider()}, view.Blocks)
	if _, err := both.seal(); err == nil {
		view = both
	}
	return f.Client.PublishHome(ctx, member, view)
}

// opening is [Client.opening] that also works in a modal, whose place the other one takes.
func (f *Followup) opening(r Request, title string, read func(context.Context) (Modal, error)) Response {
	if r.View.ID == "" || r.View.Home {
		return f.Client.opening(r, title, read)
	}
	return Then(func(ctx context.Context) error {
		m, problem := read(ctx)
		if problem != nil {
			m = noticeModal(faultSentence(Reader{}, problem))
		}
		_, err := f.Client.UpdateModal(ctx, ViewRef{ID: r.View.ID}, m)
		if refused(problem) != nil {
			problem = nil // the person was told, and nothing is broken
		}
		return errors.Join(problem, err)
	})
}

// answerModal is an answer in a modal.
func answerModal(m Message) Modal {
	return Modal{CallbackID: "rapport.notice", Title: "Promises", Close: "Close", Blocks: m.Blocks}
}

// known is what is stored of a member, for an answer.
func (f *Followup) known(ctx context.Context, member string) (bot.Scene, error) {
	known, err := f.Use.Scenes.Scene(ctx, "", member)
	if err != nil {
		return bot.Scene{}, &bot.Fault{Code: bot.FaultUnread, Cause: err}
	}
	return known, nil
}
