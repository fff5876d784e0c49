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
	}
}

// heard is a member after Slack's list or an event said something of them, and whether that is new. What sources say of them stays. A profile is stale if the member
// changed since it was read, which Slack says by the second.
func (d *Directory) heard(u slack.User, old bot.Member) (bot.Member, bool) {
	m := d.member(u)
	m.Says, m.Department, m.Office, m.Level, m.Manager = old.Says, old.Department, old.Office, old.Level, old.Manager
	m.Seen, m.Read = old.Seen, old.Read
	if m.Read.IsZero() && m.Says == (bot.Said{}) && m.Department != "" {
		m.Read = old.Seen // as it was noted before the two were told apart
	}
	m.Stale = old.Stale || m.Read.IsZero() || !u.Updated.Time().Before(m.Read.Truncate(time.Second))
	if old.Name != "" && m == old {
		return old, false
	}
	m.Seen = d.Clock.Now()
	return m, true
}

// unknownUser reports whether Slack knows nobody of an id.
func unknownUser(err error) bool {
	switch RefusalCode(err) {
	case "user_not_found", "users_not_found":
		return true
	}
	return false
}

// unseenUser reports whether Slack does not show somebody to the bot, which does not say that they left.
func unseenUser(err error) bool { return RefusalCode(err) == "user_not_visible" }

// Lookup asks Slack for somebody whom the store does not know, by one call of at most a second, and stores them. False means that there is nobody.
func (d *Directory) Lookup(ctx context.Context, id string) (bot.Member, bool, error) {
	ctx, cancel := context.WithTimeout(ctx, lookupTimeout)
	defer cancel()
	user, err := d.Client.api.GetUserInfoContext(ctx, id)
	err = callError("users.info", err)
	if unknownUser(err) || unseenUser(err) {
		return bot.Member{}, false, nil
	}
	if err != nil {
		return bot.Member{}, false, err
	}
	var found bot.Member
	err = d.Store.EditMembers(ctx, []string{user.ID}, func(m bot.Member) (_ bot.Member, changed bool) {
		found, changed = d.heard(*user, m) // the custom fields are read by the next sync
		return found, changed
	})
	if err != nil {
		return bot.Member{}, false, err
	}
	return found, true, nil
}

// Routes implements [Noun]. Slack says every change of a profile by user_change, too.
func (d *Directory) Routes() []Route {
	return []Route{
		{Kind: OnEvent, Name: "user_change", Handle: d.changed},
		{Kind: OnEvent, Name: "team_join", Handle: d.changed},
		{Kind: OnEvent, Name: "subteam_created", Handle: d.grouped},
		{Kind: OnEvent, Name: "subteam_updated", Handle: d.grouped},
		{Kind: OnEvent, Name: "subteam_members_changed", Handle: d.grouped},
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
	var now bot.Member
	err := d.Store.EditMembers(ctx, []string{e.User.ID}, func(m bot.Member) (_ bot.Member, changed bool) {
		now, changed = d.heard(e.User, m)
		return now, changed
	})
	if err == nil && now.Deleted && d.Leavers != nil {
		return Response{}, d.Leavers.MemberGone(ctx, r.Now, now.ID)
	}
	if err != nil || !now.Person() {
		return Response{}, err
	}
	return Then(func(ctx context.Context) error { return d.refresh(ctx, now.ID) }), nil
}
