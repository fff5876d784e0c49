package slackfake

import (
	"testing"
	"time"
)

func TestUsersInfo(t *testing.T) {
	table(t, "users.info", []row{
		{"a person", in{"user": "UANA"}, "", map[string]any{
			"user.name": "ana", "user.real_name": "Ana Silva", "user.tz": "Europe/Lisbon", "user.tz_offset": nil, "user.tz_label": "WET",
			"user.profile.email": "ana@acme.example", "user.locale": nil, "user.profile.fields": nil, "user.is_bot": false,
		}},
		{"with the language", in{"user": "UANA", "include_locale": "true"}, "", map[string]any{"user.locale": "pt-PT"}},
		{"an offset", in{"user": "UBEN"}, "", map[string]any{"user.tz_offset": -18000.0}},
		{"no zone", in{"user": "UCY"}, "", map[string]any{"user.tz": nil}},
		{"a guest", in{"user": "UGUEST"}, "", map[string]any{"user.is_restricted": true, "user.is_ultra_restricted": true}},
		{"a stranger", in{"user": "UEXT"}, "", map[string]any{"user.is_stranger": true, "user.team_id": "T999"}},
		{"who left", in{"user": "UGONE"}, "", map[string]any{"user.deleted": true}},
		{"the app", in{"user": "U000000001"}, "", map[string]any{"user.is_bot": true, "user.profile.bot_id": "B000000001", "user.profile.api_app_id": "A000000001"}},
		{"nobody", in{"user": "UNONE"}, "user_not_found", nil},
		{"no user", in{}, "invalid_arguments", nil},
	})
}

func TestAddressNeedsItsScope(t *testing.T) {
	o := openOffice(t, "users:read.email")
	if got := dig(o.must("users.info", in{"user": "UANA"}), "user.profile.email"); got != nil {
		t.Errorf("email %v", got)
	}
}

func TestLookupByEmail(t *testing.T) {
	table(t, "users.lookupByEmail", []row{
		{"found", in{"email": "Ana@Acme.example"}, "", map[string]any{"user.id": "UANA"}},
		{"nobody", in{"email": "nobody@acme.example"}, "users_not_found", nil},
		{"who left", in{"email": "gone@acme.example"}, "users_not_found", nil},
		{"no address", in{}, "invalid_arguments", nil},
	})
}

func TestProfiles(t *testing.T) {
	o := openOffice(t)
	ids := map[string]string{}
	fields, _ := dig(o.must("team.profile.get", nil), "profile.fields").([]any)
	for _, f := range fields {
		ids[dig(f, "label").(string)] = dig(f, "id").(string)
	}
	out := o.must("users.profile.get", in{"user": "UANA", "include_labels": "true"})
	row{want: map[string]any{
		"profile.fields." + ids["Department"] + ".value": "Sales", "profile.fields." + ids["Department"] + ".label": "Department",
		"profile.fields." + ids["Manager"] + ".value": "UBEN", "profile.real_name": "Ana Silva",
	}}.check(t, out)
	out = o.must("users.profile.get", in{"user": "UBEN"})
	row{want: map[string]any{"profile.fields." + ids["Pronouns"] + ".value": "he/him", "profile.fields." + ids["Pronouns"] + ".label": nil}}.check(t, out)
	out = o.must("users.profile.get", nil)
	row{want: map[string]any{"profile.bot_id": "B000000001"}}.check(t, out)
	row{error: "user_not_found"}.check(t, o.form("users.profile.get", in{"user": "UNONE"}))
}

func TestDNDTeamInfo(t *testing.T) {
	o := openOffice(t)
	o.mu.Lock()
	ana := *o.world.users["UANA"]
	ana.DNDStart, ana.DNDEnd = monday.Add(9*time.Hour), monday.Add(22*time.Hour)
	o.changeUser(&ana)
	o.mu.Unlock()
	row{want: map[string]any{
		"users.UANA.dnd_enabled": true, "users.UANA.next_dnd_start_ts": float64(monday.Add(9 * time.Hour).Unix()),
		"users.UBEN.dnd_enabled": false, "users.UNONE": nil,
	}}.check(t, o.must("dnd.teamInfo", in{"users": "UANA,UBEN,UNONE"}))
	var many string
	for range 51 {
		many += "UANA,"
	}
	row{error: "too_many_users"}.check(t, o.form("dnd.teamInfo", in{"users": many}))
	row{error: "invalid_arguments"}.check(t, o.form("dnd.teamInfo", nil))
}

func TestUserGroups(t *testing.T) {
	o := openOffice(t)
	o.mu.Lock()
	o.addGroup(&UserGroup{ID: "SDES", Handle: "design", Name: "Design", Users: words("UANA UBEN")})
	o.addGroup(&UserGroup{ID: "SOLD", Handle: "old", Name: "Old", Disabled: true})
	o.mu.Unlock()
	row{want: map[string]any{"usergroups.0.handle": "design", "usergroups.0.users": nil, "usergroups.0.user_count": nil, "usergroups.1": nil}}.
		check(t, o.must("usergroups.list", nil))
	row{want: map[string]any{"usergroups.0.users.1": "UBEN", "usergroups.0.user_count": 2.0, "usergroups.1.id": "SOLD"}}.
		check(t, o.must("usergroups.list", in{"include_users": "true", "include_count": "true", "include_disabled": "true"}))
	row{want: map[string]any{"users.0": "UANA", "users.1": "UBEN"}}.check(t, o.must("usergroups.users.list", in{"usergroup": "SDES"}))
	row{error: "no_such_subteam"}.check(t, o.form("usergroups.users.list", in{"usergroup": "SNONE"}))
	row{error: "no_such_subteam"}.check(t, o.form("usergroups.users.list", in{"usergroup": "SOLD"}))
}

func TestAppMethods(t *testing.T) {
	o := openOffice(t)
	row{want: map[string]any{"user_id": o.app.botUser, "bot_id": "B000000001", "team_id": "T000000001", "user": "helper", "url": o.PageURL()}}.
		check(t, o.must("auth.test", nil))
	row{want: map[string]any{"team.domain": "acme"}}.check(t, o.must("team.info", nil))
	row{error: "team_not_found"}.check(t, o.form("team.info", in{"team": "T999"}))
	row{want: map[string]any{"bot.app_id": "A000000001", "bot.user_id": o.app.botUser}}.check(t, o.must("bots.info", in{"bot": "B000000001"}))
	row{error: "bot_not_found"}.check(t, o.form("bots.info", in{"bot": "B9"}))
	row{want: map[string]any{"args.foo": "bar"}}.check(t, o.must("api.test", in{"foo": "bar"}))
	row{error: "my_error"}.check(t, o.form("api.test", in{"error": "my_error"}))
	_, out := o.sendAs("Bearer "+o.AppToken(), "apps.connections.open", "application/json; charset=utf-8", "")
	if got, _ := out["url"].(string); len(got) < 10 || got[:5] != "ws://" {
		t.Errorf("url %q", got)
	}
}
