package slackfake

import (
	"encoding/json"
	"maps"
	"path"
	"slices"
	"strings"
	"time"
)

// wireUser is a person as Slack's Web API and events write them.
type wireUser struct {
	ID                string      `json:"id"`
	TeamID            string      `json:"team_id"`
	Name              string      `json:"name"`
	Deleted           bool        `json:"deleted"`
	Color             string      `json:"color,omitempty"`
	RealName          string      `json:"real_name,omitempty"`
	TZ                string      `json:"tz,omitempty"`
	TZLabel           string      `json:"tz_label,omitempty"`
	TZOffset          int         `json:"tz_offset,omitempty"` // seconds
	Profile           wireProfile `json:"profile"`
	IsAdmin           bool        `json:"is_admin"`
	IsOwner           bool        `json:"is_owner"`
	IsPrimaryOwner    bool        `json:"is_primary_owner"`
	IsRestricted      bool        `json:"is_restricted"`
	IsUltraRestricted bool        `json:"is_ultra_restricted"`
	IsBot             bool        `json:"is_bot"`
	IsAppUser         bool        `json:"is_app_user"`
	IsWorkflowBot     bool        `json:"is_workflow_bot,omitempty"`
	IsStranger        bool        `json:"is_stranger,omitempty"`
	IsEmailConfirmed  bool        `json:"is_email_confirmed"`
	Locale            string      `json:"locale,omitempty"`
	Updated           int64       `json:"updated"`
	WhoCanShare       string      `json:"who_can_share_contact_card,omitempty"`
}

// wireProfile is a person's profile as Slack writes it.
type wireProfile struct {
	Title                 string               `json:"title"`
	Phone                 string               `json:"phone"`
	Skype                 string               `json:"skype"`
	RealName              string               `json:"real_name"`
	RealNameNormalized    string               `json:"real_name_normalized"`
	DisplayName           string               `json:"display_name"`
	DisplayNameNormalized string               `json:"display_name_normalized"`
	FirstName             string               `json:"first_name,omitempty"`
	LastName              string               `json:"last_name,omitempty"`
	StatusText            string               `json:"status_text"`
	StatusEmoji           string               `json:"status_emoji"`
	StatusExpiration      int                  `json:"status_expiration"`
	AvatarHash            string               `json:"avatar_hash"`
	Email                 string               `json:"email,omitempty"`
	Image24               string               `json:"image_24"`
	Image32               string               `json:"image_32"`
	Image48               string               `json:"image_48"`
	Image72               string               `json:"image_72"`
	Image192              string               `json:"image_192"`
	Image512              string               `json:"image_512"`
	Team                  string               `json:"team"`
	BotID                 string               `json:"bot_id,omitempty"`
	APIAppID              string               `json:"api_app_id,omitempty"`
	AlwaysActive          bool                 `json:"always_active,omitempty"`
	Fields                map[string]wireField `json:"fields,omitempty"` // users.profile.get only, as in Slack
}

// wireField is a custom profile field's value.
type wireField struct {
	Value string `json:"value"`
	Alt   string `json:"alt"`
	Label string `json:"label,omitempty"`
}

// userJSON is a person as Slack writes them in events and answers; the address is there if the app may read it. The mutex is held.
func (s *Server) userJSON(u *User) wireUser {
	label, offset := s.world.zone(u.TZ, s.clock.Now())
	return wireUser{
		ID: u.ID, TeamID: u.TeamID, Name: u.Name, Deleted: u.Deleted, Color: u.Color, RealName: u.RealName,
		TZ: u.TZ, TZLabel: label, TZOffset: offset, Profile: s.profileJSON(u),
		IsAdmin: u.Admin, IsOwner: u.Owner, IsRestricted: u.Guest || u.SingleChannel, IsUltraRestricted: u.SingleChannel,
		IsBot: u.Bot || u.WorkflowBot, IsAppUser: u.AppUser, IsWorkflowBot: u.WorkflowBot, IsStranger: u.Stranger,
		IsEmailConfirmed: u.Email != "", Locale: u.Locale, Updated: u.Updated.Unix(), WhoCanShare: "EVERYONE",
	}
}

func (s *Server) profileJSON(u *User) wireProfile {
	first, last, _ := strings.Cut(u.RealName, " ")
	picture := s.avatar(u.ID)
	p := wireProfile{
		Title: u.Title, RealName: u.RealName, RealNameNormalized: u.RealName, DisplayName: u.Name, DisplayNameNormalized: u.Name,
		FirstName: first, LastName: last, AvatarHash: "g" + strings.ToLower(u.ID), Team: u.TeamID,
		Image24: picture, Image32: picture, Image48: picture, Image72: picture, Image192: picture, Image512: picture,
	}
	if s.app.may("users:read.email") {
		p.Email = u.Email
	}
	if u.ID == s.app.botUser {
		p.BotID, p.APIAppID, p.AlwaysActive = s.app.botID, s.app.id, true
	}
	return p
}

// zone is how a zone is called at an instant and how many seconds it is ahead of UTC; nothing for a zone that is missing or unknown.
func (w *world) zone(name string, at time.Time) (label string, offset int) {
	if name == "" {
		return "", 0
	}
	place, ok := w.zones[name]
	if !ok {
		place, _ = time.LoadLocation(name) // nil for an unknown zone, as the caller said
		w.zones[name] = place
	}
	if place == nil {
		return "", 0
	}
	return at.In(place).Zone()
}

// channelJSON is a conversation as somebody sees it. The mutex is held.
func (s *Server) channelJSON(c *Channel, forUser string) map[string]any {
	team := s.world.Team.ID
	out := map[string]any{
		"id": c.ID, "created": c.Created.Unix(), "updated": c.Created.UnixMilli(), "is_archived": c.Archived, "is_im": c.Kind == DM,
		"is_org_shared": false, "context_team_id": team,
	}
	if c.Kind == DM {
		out["user"], out["is_user_deleted"], out["priority"] = s.otherIn(c, forUser), false, 0
		return out
	}
	maps.Copy(out, map[string]any{
		"name": c.Name, "name_normalized": c.Name, "creator": c.Creator, "is_channel": c.Kind == Public, "is_group": c.Kind == Private,
		"is_mpim": c.Kind == GroupDM, "is_private": c.Kind != Public, "is_general": c.General, "is_member": c.has(forUser),
		"is_shared": c.Shared, "is_ext_shared": c.Shared, "is_pending_ext_shared": false, "pending_shared": []string{}, "unlinked": 0,
		"parent_conversation": nil, "shared_team_ids": s.teamsIn(c), "previous_names": []string{}, "num_members": len(c.Members),
		"topic":   map[string]any{"value": c.Topic, "creator": c.Creator, "last_set": c.Created.Unix()},
		"purpose": map[string]any{"value": c.Purpose, "creator": c.Creator, "last_set": c.Created.Unix()},
	})
	return out
}

// otherIn is whom somebody talks to in a DM.
func (s *Server) otherIn(c *Channel, user string) string {
	for _, id := range c.Members {
		if id != user {
			return id
		}
	}
	return user
}

// teamsIn are the workspaces that share a channel.
func (s *Server) teamsIn(c *Channel) []string {
	teams := []string{s.world.Team.ID}
	if !c.Shared {
		return teams
	}
	for _, id := range c.Members {
		if u := s.world.users[id]; u != nil && !slices.Contains(teams, u.TeamID) {
			teams = append(teams, u.TeamID)
		}
	}
	return teams
}

// messageJSON is a message as events and history write it. The mutex is held.
func (s *Server) messageJSON(m *Message, withMetadata bool) map[string]any {
	out := map[string]any{"type": "message", "user": m.User, "text": m.Text, "ts": m.TS, "team": s.world.Team.ID}
	if m.BotID != "" {
		out["bot_id"], out["app_id"], out["bot_profile"] = m.BotID, m.AppID, s.botProfile(m)
	}
	for name, raw := range map[string]json.RawMessage{"blocks": m.Blocks, "attachments": m.Attachments} {
		if len(raw) > 0 && string(raw) != "[]" {
			out[name] = raw
		}
	}
	if m.Subtype != "" {
		out["subtype"] = m.Subtype
	}
	if m.Edited != "" {
		out["edited"] = map[string]any{"user": m.User, "ts": m.Edited}
	}
	if m.Metadata != nil && withMetadata {
		out["metadata"] = m.Metadata
	}
	if reactions := reactionsJSON(m.Reactions); len(reactions) > 0 {
		out["reactions"] = reactions
	}
	if len(m.Files) > 0 {
		files := make([]map[string]any, 0, len(m.Files))
		for _, f := range m.Files {
			files = append(files, s.fileJSON(f))
		}
		out["files"], out["upload"] = files, false
	}
	s.addThread(out, m)
	return out
}

// addThread adds what a message's thread adds to it, be it the parent or a reply.
func (s *Server) addThread(out map[string]any, m *Message) {
	c := s.world.channels[m.Channel]
	if c == nil {
		return
	}
	if m.ThreadTS != "" && m.ThreadTS != m.TS {
		out["thread_ts"] = m.ThreadTS
		if parent := s.world.message(c.ID, m.ThreadTS); parent != nil {
			out["parent_user_id"] = parent.User
		}
		return
	}
	replies := c.replies(m.TS)
	if len(replies) == 0 {
		return
	}
	users := []string{}
	for _, r := range replies {
		if !slices.Contains(users, r.User) {
			users = append(users, r.User)
		}
	}
	maps.Copy(out, map[string]any{
		"thread_ts": m.TS, "reply_count": len(replies), "reply_users_count": len(users), "reply_users": users[:min(len(users), 5)],
		"latest_reply": replies[len(replies)-1].TS, "is_locked": false, "subscribed": false,
	})
}

func reactionsJSON(reactions []Reaction) []map[string]any {
	out := make([]map[string]any, 0, len(reactions))
	for _, r := range reactions {
		out = append(out, map[string]any{"name": r.Name, "users": slices.Clone(r.Users), "count": len(r.Users)})
	}
	return out
}

// fileJSON is a file as messages and answers show it.
func (s *Server) fileJSON(f *File) map[string]any {
	url := s.base() + "/files/" + f.ID + "/" + f.Name
	return map[string]any{
		"id": f.ID, "name": f.Name, "title": f.Title, "mimetype": f.Type, "size": f.Size, "user": f.User, "mode": "hosted",
		"filetype": strings.TrimPrefix(path.Ext(f.Name), "."), "is_external": false, "is_public": false,
		"url_private": url, "url_private_download": url, "permalink": url,
	}
}

// groupJSON is a user group as Slack writes it.
func (s *Server) groupJSON(g *UserGroup, withUsers bool) map[string]any {
	deleted := 0
	if g.Disabled {
		deleted = 1
	}
	out := map[string]any{
		"id": g.ID, "team_id": s.world.Team.ID, "is_usergroup": true, "is_subteam": true, "name": g.Name, "description": "",
		"handle": g.Handle, "is_external": false, "date_create": 0, "date_update": 0, "date_delete": deleted, "auto_type": nil,
		"created_by": "", "updated_by": "", "deleted_by": nil, "user_count": len(g.Users),
		"prefs": map[string]any{"channels": []string{}, "groups": []string{}},
	}
	if withUsers {
		out["users"] = slices.Concat([]string{}, g.Users)
	}
	return out
}

// viewJSON is a view as Slack writes it in answers and interactions. The mutex is held.
func (s *Server) viewJSON(v *View) map[string]any {
	out := map[string]any{
		"title": nil, "close": nil, "submit": nil, "private_metadata": "", "clear_on_close": false, "notify_on_close": false,
		"blocks": []any{},
	}
	var sent map[string]json.RawMessage
	if json.Unmarshal(v.Raw, &sent) == nil { // it was read when it came
		for name, value := range sent {
			out[name] = value
		}
	}
	var previous any
	if v.Previous != "" {
		previous = v.Previous
	}
	state := v.State
	if len(state) == 0 {
		state = json.RawMessage(`{"values":{}}`)
	}
	maps.Copy(out, map[string]any{
		"id": v.ID, "team_id": s.world.Team.ID, "type": v.Type, "callback_id": v.CallbackID, "external_id": v.ExternalID, "hash": v.Hash,
		"state": state, "root_view_id": v.Root, "previous_view_id": previous, "app_id": s.app.id, "bot_id": s.app.botID,
		"app_installed_team_id": s.world.Team.ID,
	})
	return out
}
