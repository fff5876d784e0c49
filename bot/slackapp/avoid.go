package slackapp

import (
	"context"
	"strings"

	"rapport/bot"
)

// Avoid answers what somebody says about colleagues whom they want to be kept away: not introduced, and not heard of by message. What it shows, it shows to them alone. All fields are required.
type Avoid struct {
	Client *Client
	Use    *bot.Host
}

const (
	// avoidWho is the form's input.
	avoidWho = "avoid_who"
	// avoidAfresh marks a form that was opened where the stored list cannot be read; else it carries the list that it was opened with.
	avoidAfresh = "afresh"
)

// Routes implements [Noun].
func (a *Avoid) Routes() []Route {
	return []Route{
		{Kind: OnCommand, Name: "/rapport avoid", Handle: a.command},
		{Kind: OnAction, Name: "avoid.open", Handle: a.open},
		{Kind: OnAction, Name: "avoid.undo", Handle: a.undo},
		{Kind: OnSubmit, Name: "avoid.save", Handle: a.submit},
	}
}

// command takes one colleague, or opens the list.
func (a *Avoid) command(ctx context.Context, r Request) (Response, error) {
	if strings.TrimSpace(r.Rest) == "" {
		return a.open(ctx, r)
	}
	other, ok := onlyMember(r.Rest)
	if !ok {
		return Reply(avoidHelp()), nil
	}
	err := a.Use.Avoid(ctx, r.Now, r.Token, r.User, other, true)
	if fault := refused(err); fault != nil {
		return Reply(Message{Text: avoidSentence(fault)}), nil
	}
	return replied(avoided(other), err)
}

// onlyMember reads a text that is one mention of a member.
func onlyMember(text string) (string, bool) {
	member := ""
	for _, p := range bot.ScanPieces(strings.TrimSpace(text)) {
		if p.Kind != bot.PieceUser || member != "" {
			return "", false
		}
		member = p.ID
	}
	return member, member != ""
}

func (a *Avoid) open(_ context.Context, r Request) (Response, error) {
	return a.Client.opening(r, avoidTitle, func(ctx context.Context) (Modal, error) {
		p, err := a.Use.PreferencesOf(ctx, r.User)
		return avoidForm(p), err
	}), nil
}

func (a *Avoid) undo(ctx context.Context, r Request) (Response, error) {
	if err := a.Use.Avoid(ctx, r.Now, r.Token, r.User, r.Action.Value, false); err != nil {
		return Response{}, err
	}
	return Then(func(ctx context.Context) error { return a.Client.Rewrite(ctx, r, avoidEnded()) }), nil
}

func (a *Avoid) submit(ctx context.Context, r Request) (Response, error) {
	form := bot.AvoidForm{Sent: r.Values.Users(avoidWho), Afresh: r.View.PrivateMetadata == avoidAfresh}
	if !form.Afresh {
		form.Shown = strings.Fields(r.View.PrivateMetadata)
	}
	err := a.Use.AvoidChanged(ctx, r.Now, r.Token, r.User, form)
	if fault := refused(err); fault != nil {
		return Response{Ack: InputErrors(map[string]string{avoidWho: avoidSentence(fault)})}, nil
	}
	if err != nil {
		return Response{}, err
	}
	return Response{Ack: UpdateModal(avoidSaved())}, nil
}
