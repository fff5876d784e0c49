package slackapp

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/slack-go/slack"

	"rapport/bot"
)

// slackbot is a bot that Slack's directory shows as a person.
const slackbot = "USLACKBOT"

// member translates what Slack says of somebody; its custom fields come apart.
func (d *Directory) member(u slack.User) bot.Member {
	name := u.Profile.RealName
	for _, other := range [...]string{u.RealName, u.Profile.DisplayName, u.Name} {
		name = orElse(name, other)
	}
	return bot.Member{
		ID: u.ID, Name: name, Handle: u.Name, Title: u.Profile.Title, Zone: u.TZ, Locale: u.Locale,
		// is_app_user is also true of a person who authorised the app, so it counts only with an app's profile.
		Bot:      u.IsBot || u.IsWorkflowBot || u.IsConnectorBot || u.ID == slackbot || u.IsAppUser && u.Profile.ApiAppID != "",
		Deleted:  u.Deleted,
		Guest:    u.IsRestricted || u.IsUltraRestricted,
		Stranger: u.IsStranger || u.TeamID != "" && d.Team != "" && u.TeamID != d.Team && u.Enterprise.EnterpriseID == "",
		Admin:    u.IsAdmin || u.IsOwner || u.IsPrimaryOwner,
		Seen:     d.Clock.Now(),
	}
}

// Lookup asks Slack for somebody whom the store does not know, by one call of at most a second, and stores them. False means that there is nobody.
func (d *Directory) Lookup(ctx context.Context, id string) (bot.Member, bool, error) {
	ctx, cancel := context.WithTimeout(ctx, lookupTimeout)
	defer cancel()
	user, err := d.Client.api.GetUserInfoContext(ctx, id)
	err = callError("users.info", err)
	switch RefusalCode(err) {
	case "user_not_found", "user_not_visible", "users_not_found":
		return bot.Member{}, false, nil
	}
	if err != nil {
		return bot.Member{}, false, err
	}
	m := d.member(*user)
	m.Seen = time.Time{} // the custom fields are still to be read, by the next sync
	if err := d.Store.SaveMembers(ctx, m); err != nil {
		return bot.Member{}, false, err
	}
	return m, true, nil
}

// Routes implements [Noun].
func (d *Directory) Routes() []Route {
	return []Route{
		{Kind: OnEvent, Name: "user_change", Handle: d.changed},
		{Kind: OnEvent, Name: "team_join", Handle: d.changed},
	}
}

// changed stores what an event says of one member, and reads their custom fields afterwards.
func (d *Directory) changed(ctx context.Context, r Request) (Response, error) {
	var e struct {
		User slack.User `json:"user"`
	}
	if err := json.Unmarshal(r.Event.Raw, &e); err != nil || e.User.ID == "" {
		return Response{}, fmt.Errorf("decode %s: %w", r.Name, shapeError(err))
	}
	known, err := d.Store.Members(ctx, e.User.ID)
	if err != nil {
		return Response{}, err
	}
	m := d.member(e.User)
	m.Department, m.Manager = known[m.ID].Department, known[m.ID].Manager
	if err := d.Store.SaveMembers(ctx, m); err != nil {
		return Response{}, err
	}
	if !m.Person() {
		return Response{}, nil
	}
	return Then(func(ctx context.Context) error { return d.refresh(ctx, m) }), nil
}

// refresh reads one member's custom fields.
func (d *Directory) refresh(ctx context.Context, m bot.Member) error {
	w := &waiting{clock: d.Clock, busy: d.Clock.Begin()}
	defer func() { w.busy() }()
	fields, err := d.fields(ctx, w)
	if err != nil || fields == (profileFields{}) {
		return err
	}
	if err := w.call(ctx, func(ctx context.Context) error { return d.readProfile(ctx, &m, fields) }); err != nil {
		return err
	}
	return d.Store.SaveMembers(ctx, m)
}
