package slackfake

import (
	"maps"
	"slices"
	"strings"
)

// userMethods are about people and their groups.
func userMethods() []*method {
	return []*method{
		{name: "users.info", rate: tier(4), scopes: words("users:read"), required: words("user"), optional: words("include_locale"), act: usersInfo},
		{name: "users.list", rate: tier(2), scopes: words("users:read"), optional: words("cursor limit include_locale team_id"), act: usersList},
		{
			name: "users.lookupByEmail", rate: tier(3), scopes: words("users:read.email"), required: words("email"),
			optional: words("team_id"), act: usersLookupByEmail,
		},
		{
			name: "users.profile.get", rate: tier(4), scopes: words("users.profile:read"), optional: words("user include_labels"),
			act: usersProfileGet,
		},
		{name: "team.profile.get", rate: tier(3), scopes: words("users.profile:read"), optional: words("visibility team_id"), act: teamProfileGet},
		{name: "dnd.teamInfo", rate: tier(2), scopes: words("dnd:read"), required: words("users"), optional: words("team_id"), act: dndTeamInfo},
		{
			name: "usergroups.list", rate: tier(2), scopes: words("usergroups:read"),
			optional: words("include_count include_disabled include_users team_id"), act: usergroupsList,
		},
		{
			name: "usergroups.users.list", rate: tier(2), scopes: words("usergroups:read"), required: words("usergroup"),
			optional: words("include_disabled team_id"), act: usergroupsUsersList,
		},
	}
}

// mostPerPage is how many people or conversations a page of a list may have.
const mostPerPage = 1000

func usersInfo(c *call) (reply, *refusal) {
	u := c.world.users[c.args["user"]]
	if u == nil {
		return nil, refuse("user_not_found")
	}
	return reply{"user": c.userWith(u, c.args.yes("include_locale"))}, nil
}

// userWith is a person with or without the language, which Slack only gives when asked.
func (s *Server) userWith(u *User, locale bool) wireUser {
	out := s.userJSON(u)
	if !locale {
		out.Locale = ""
	}
	return out
}

// usersList pages through all people in the order of [world.sortedUsers]. Without a limit a workspace of more than a page is refused,
// as Slack does with large ones.
func usersList(c *call) (reply, *refusal) {
	w := c.world
	limit, no := c.args.limit(0, mostPerPage)
	if no != nil {
		return nil, no
	}
	from, no := c.args.position("user", w.userPosition)
	if no != nil {
		return nil, no
	}
	total := len(w.people) + len(w.others)
	if limit == 0 {
		if total > mostPerPage {
			return nil, refuse("limit_required")
		}
		limit = mostPerPage
	}
	to := min(from+limit, total)
	members := make([]wireUser, 0, max(to-from, 0))
	for i := from; i < to; i++ {
		members = append(members, c.userWith(w.userAt(i), c.args.yes("include_locale")))
	}
	next := ""
	if to < total {
		next = cursor("user", w.userAt(to).ID)
	}
	return reply{"members": members, "cache_ts": c.clock.Now().Unix(), "response_metadata": reply{"next_cursor": next}}, nil
}

// userAt is the person at a place of users.list.
func (w *world) userAt(i int) *User {
	if i < len(w.people) {
		return w.users[w.people[i]]
	}
	return w.users[w.others[i-len(w.people)]]
}

// userPosition is the place of a person in users.list.
func (w *world) userPosition(id string) (int, bool) {
	u := w.users[id]
	if u == nil {
		return 0, false
	}
	if u.among {
		return u.place, true
	}
	return len(w.people) + u.place, true
}

func usersLookupByEmail(c *call) (reply, *refusal) {
	u := c.world.emails[strings.ToLower(c.args["email"])]
	if u == nil || u.Deleted {
		return nil, refuse("users_not_found")
	}
	return reply{"user": c.userWith(u, false)}, nil
}

func usersProfileGet(c *call) (reply, *refusal) {
	id := c.args["user"]
	if id == "" {
		id = c.app.botUser
	}
	u := c.world.users[id]
	if u == nil {
		return nil, refuse("user_not_found")
	}
	profile := c.profileJSON(u)
	profile.Fields = c.profileFields(u, c.args.yes("include_labels"))
	return reply{"profile": profile}, nil
}

// profileFields are a person's custom profile fields by id.
func (s *Server) profileFields(u *User, labels bool) map[string]wireField {
	values := maps.Clone(u.Fields)
	if values == nil {
		values = map[string]string{}
	}
	if u.Department != "" {
		values[departmentField] = u.Department
	}
	if u.Manager != "" {
		values[managerField] = u.Manager
	}
	fields := make(map[string]wireField, len(values))
	for label, value := range values {
		f := wireField{Value: value}
		if labels {
			f.Label = label
		}
		fields[s.world.field(label)] = f
	}
	return fields
}

func teamProfileGet(c *call) (reply, *refusal) {
	fields := []map[string]any{}
	for i, f := range c.world.fields {
		kind := "text"
		if f.Label == managerField {
			kind = "user"
		}
		fields = append(fields, map[string]any{
			"id": f.ID, "ordering": i, "field_name": strings.ToLower(f.Label), "label": f.Label, "hint": "", "type": kind,
			"possible_values": nil, "options": map[string]bool{"is_protected": false}, "is_hidden": false,
		})
	}
	return reply{"profile": map[string]any{"fields": fields, "sections": []any{}}}, nil
}

// mostDND is how many people one call of dnd.teamInfo may ask for.
const mostDND = 50

func dndTeamInfo(c *call) (reply, *refusal) {
	ids := c.args.list("users")
	if len(ids) > mostDND {
		return nil, refuse("too_many_users")
	}
	users := map[string]any{}
	for _, id := range ids {
		u := c.world.users[id]
		if u == nil {
			continue
		}
		dnd := map[string]any{"dnd_enabled": false, "next_dnd_start_ts": 1, "next_dnd_end_ts": 1}
		if !u.DNDEnd.IsZero() {
			dnd = map[string]any{"dnd_enabled": true, "next_dnd_start_ts": u.DNDStart.Unix(), "next_dnd_end_ts": u.DNDEnd.Unix()}
		}
		users[id] = dnd
	}
	return reply{"users": users}, nil
}

func usergroupsList(c *call) (reply, *refusal) {
	groups := []map[string]any{}
	for _, g := range c.world.userGroups() {
		if g.Disabled && !c.args.yes("include_disabled") {
			continue
		}
		out := c.groupJSON(g, c.args.yes("include_users"))
		if !c.args.yes("include_count") {
			delete(out, "user_count")
		}
		groups = append(groups, out)
	}
	return reply{"usergroups": groups}, nil
}

func usergroupsUsersList(c *call) (reply, *refusal) {
	g := c.world.groups[c.args["usergroup"]]
	if g == nil || g.Disabled && !c.args.yes("include_disabled") {
		return nil, refuse("no_such_subteam")
	}
	return reply{"users": slices.Concat([]string{}, g.Users)}, nil
}
