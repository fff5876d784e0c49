package slackapp

import (
	"context"
	"strconv"

	"rapport/bot"
)

// Admins answers who looks after Rapport. All fields are required.
type Admins struct {
	Client *Client
	Use    *bot.Appointments
}

// adminsWho is the form's input.
const adminsWho = "admins_who"

// Routes implements [Noun].
func (a *Admins) Routes() []Route {
	return []Route{
		{Kind: OnCommand, Name: "/rapport admins", Handle: a.open},
		{Kind: OnAction, Name: "admins.open", Handle: a.open},
		{Kind: OnSubmit, Name: "admins.save", Handle: a.submit},
	}
}

// open shows admins the form, and everybody else why they do not get it.
func (a *Admins) open(_ context.Context, r Request) (Response, error) {
	return a.Client.opening(r, adminsTitle, func(ctx context.Context) (Modal, error) {
		w, err := a.Use.Appointed(ctx, r.User)
		if fault := refused(err); fault != nil {
			m := noticeModal(adminsSentence(fault))
			m.Title = adminsTitle
			return m, nil
		}
		return adminsForm(w), err
	}), nil
}

func (a *Admins) submit(ctx context.Context, r Request) (Response, error) {
	version, err := strconv.Atoi(r.View.PrivateMetadata)
	if err != nil {
		return Response{}, &bot.Fault{Code: bot.FaultInvalid, Cause: err}
	}
	change, err := a.Use.Appoint(ctx, r.Token, r.User, version, r.Values.Users(adminsWho))
	if fault := refused(err); fault != nil {
		return Response{Ack: InputErrors(map[string]string{adminsWho: adminsSentence(fault)})}, nil
	}
	if err != nil {
		return Response{}, err
	}
	return Response{Ack: UpdateModal(adminsSaved(change))}, nil
}
