package slackfake

import (
	"slices"
	"strconv"
	"strings"
)

// conversationMethods are about places and who is in them.
func conversationMethods() []*method {
	return []*method{
		{
			name: "conversations.open", rate: tier(3), scopes: openScopes, optional: words("channel users return_im prevent_creation"),
			act: conversationsOpen,
		},
		{
			name: "conversations.info", rate: tier(3), scopes: readScopes, required: words("channel"),
			optional: words("include_locale include_num_members"), act: conversationsInfo,
		},
		{
			name: "conversations.list", rate: tier(2), scopes: readScopes, optional: words("cursor exclude_archived limit team_id types"),
			act: conversationsList,
		},
		{
			name: "users.conversations", rate: tier(2), scopes: readScopes,
			optional: words("cursor exclude_archived limit team_id types user"), act: usersConversations,
		},
		{
			name: "conversations.members", rate: tier(4), scopes: readScopes, required: words("channel"), optional: words("cursor limit"),
			act: conversationsMembers,
		},
		{name: "conversations.join", rate: tier(3), scopes: words("channels:join"), required: words("channel"), act: conversationsJoin},
	}
}

// mostInDM is how many people besides the app a group DM may have.
const mostInDM = 8

// conversationsOpen finds or makes the DM or group DM with exactly these people.
func conversationsOpen(c *call) (reply, *refusal) {
	users := c.args.list("users")
	switch {
	case len(users) == 0 && c.args["channel"] != "":
		return openAgain(c)
	case len(users) == 0:
		return nil, refuse("users_list_not_supplied")
	case len(users) > mostInDM:
		return nil, refuse("too_many_users")
	}
	people, no := c.reachable(users)
	if no != nil {
		return nil, no
	}
	kind := DM
	if len(people) > 2 {
		kind = GroupDM
	}
	if no := c.needs(scopeOf(kind, "write")); no != nil {
		return nil, no
	}
	if c.world.direct[directKey(people)] == nil && c.args.yes("prevent_creation") {
		return nil, refuse("channel_not_found")
	}
	place, made := c.world.dm(c.clock.Now(), people...)
	if made {
		c.changed("channels")
	}
	return c.opened(place, !made), nil
}

// openAgain resumes a DM or group DM by its id.
func openAgain(c *call) (reply, *refusal) {
	place, no := c.visible(c.args["channel"])
	if no != nil {
		return nil, no
	}
	if !place.direct() {
		return nil, refuse("method_not_supported_for_channel_type")
	}
	if no := c.needs(scopeOf(place.Kind, "write")); no != nil {
		return nil, no
	}
	return c.opened(place, true), nil
}

func (c *call) opened(place *Channel, already bool) reply {
	out := reply{"channel": map[string]any{"id": place.ID}}
	if c.args.yes("return_im") || place.Kind == GroupDM {
		out["channel"] = c.channelJSON(place, c.app.botUser)
	}
	if already {
		out["no_op"], out["already_open"] = true, true
	}
	return out
}

// reachable checks that the app may write to people, and returns them with itself.
func (c *call) reachable(users []string) ([]string, *refusal) {
	people := []string{c.app.botUser}
	strangers := []*User{}
	for _, id := range users {
		u := c.world.users[id]
		switch {
		case u == nil:
			return nil, refuse("user_not_found")
		case u.Deleted:
			return nil, refuse("user_disabled")
		case (u.Bot || u.WorkflowBot || id == slackbotID) && id != c.app.botUser:
			return nil, refuse("cannot_dm_bot")
		case u.Stranger:
			strangers = append(strangers, u)
		}
		if !slices.Contains(people, id) {
			people = append(people, id)
		}
	}
	for _, u := range strangers {
		if !c.meets(u.ID) {
			return nil, refuse("user_not_visible")
		}
	}
	if len(people) > 2 && len(strangers) > 0 && !c.shared(people) {
		return nil, refuse("invalid_user_combination")
	}
	return people, nil
}

// meets says that the app is in a channel with a stranger from Slack Connect.
func (c *call) meets(stranger string) bool {
	return slices.ContainsFunc(c.world.placesOf(stranger), func(place *Channel) bool { return place.has(c.app.botUser) })
}

// shared says that all these people are in one channel already.
func (c *call) shared(people []string) bool {
	return slices.ContainsFunc(c.world.placesOf(people[0]), func(place *Channel) bool {
		return !place.direct() && !slices.ContainsFunc(people, func(id string) bool { return !place.has(id) })
	})
}

func conversationsInfo(c *call) (reply, *refusal) {
	place, no := c.visible(c.args["channel"])
	if no != nil {
		return nil, no
	}
	if no := c.needs(scopeOf(place.Kind, "read")); no != nil {
		return nil, no
	}
	out := c.channelJSON(place, c.app.botUser)
	if c.args.yes("include_num_members") {
		out["num_members"] = len(place.Members)
	}
	if c.args.yes("include_locale") {
		out["locale"] = "en-US"
	}
	return reply{"channel": out}, nil
}

// conversationsList pages through the public channels and the app's own other conversations.
func conversationsList(c *call) (reply, *refusal) {
	return c.page(c.world.sortedChannels(), func(place *Channel) bool {
		return place.Kind == Public || place.has(c.app.botUser)
	})
}

// usersConversations pages through the conversations that a person is in and the app may know of.
func usersConversations(c *call) (reply, *refusal) {
	user := c.args["user"]
	if user == "" {
		user = c.app.botUser
	}
	if c.world.users[user] == nil {
		return nil, refuse("user_not_found")
	}
	return c.page(c.world.placesOf(user), func(place *Channel) bool {
		return place.Kind == Public || place.has(c.app.botUser)
	})
}

// page is the part of a list of conversations, in order of creation, that a call asks for.
func (c *call) page(places []*Channel, fits func(*Channel) bool) (reply, *refusal) {
	kinds, no := c.kinds()
	if no != nil {
		return nil, no
	}
	limit, no := c.args.limit(100, mostPerPage)
	if no != nil {
		return nil, no
	}
	from, no := c.args.position("team", func(id string) (int, bool) {
		first := c.world.channels[id]
		if first == nil {
			return 0, false
		}
		at, _ := slices.BinarySearchFunc(places, first.seq, func(place *Channel, seq int) int { return place.seq - seq })
		return at, true
	})
	if no != nil {
		return nil, no
	}
	channels, next := []map[string]any{}, ""
	for _, place := range places[from:] {
		if !slices.Contains(kinds, place.Kind) || place.Archived && c.args.yes("exclude_archived") || !fits(place) {
			continue
		}
		if len(channels) == limit {
			next = cursor("team", place.ID)
			break
		}
		channels = append(channels, c.channelJSON(place, c.app.botUser))
	}
	return reply{"channels": channels, "response_metadata": reply{"next_cursor": next}}, nil
}

// kinds reads the kinds of conversation that a list is asked for; each needs its scope.
func (c *call) kinds() ([]Kind, *refusal) {
	names := c.args.list("types")
	if len(names) == 0 {
		names = []string{"public_channel"}
	}
	var kinds []Kind
	var needed []string
	for _, name := range names {
		kind, ok := map[string]Kind{"public_channel": Public, "private_channel": Private, "mpim": GroupDM, "im": DM}[name]
		if !ok {
			return nil, refuse("invalid_types")
		}
		if scope := scopeOf(kind, "read"); !c.app.may(scope) {
			needed = append(needed, scope)
		}
		kinds = append(kinds, kind)
	}
	if len(needed) > 0 {
		return nil, &refusal{Code: "missing_scope", Needed: strings.Join(needed, ","), Provided: strings.Join(c.app.scopes, ",")}
	}
	return kinds, nil
}

func conversationsMembers(c *call) (reply, *refusal) {
	place, no := c.visible(c.args["channel"])
	if no != nil {
		return nil, no
	}
	if no := c.needs(scopeOf(place.Kind, "read")); no != nil {
		return nil, no
	}
	limit, no := c.args.limit(100, mostPerPage)
	if no != nil {
		return nil, no
	}
	from, no := c.args.position("member", func(id string) (int, bool) {
		at, err := strconv.Atoi(id)
		return min(at, len(place.Members)), err == nil && at >= 0
	})
	if no != nil {
		return nil, no
	}
	to, next := min(from+limit, len(place.Members)), ""
	if to < len(place.Members) {
		next = cursor("member", strconv.Itoa(to))
	}
	members := slices.Concat([]string{}, place.Members[from:to])
	return reply{"members": members, "response_metadata": reply{"next_cursor": next}}, nil
}

func conversationsJoin(c *call) (reply, *refusal) {
	place, no := c.visible(c.args["channel"])
	switch {
	case no != nil:
		return nil, no
	case place.Kind != Public:
		return nil, refuse("method_not_supported_for_channel_type")
	case place.Archived:
		return nil, refuse("is_archived")
	}
	joined := c.join(place, c.app.botUser)
	out := reply{"channel": c.channelJSON(place, c.app.botUser)}
	if !joined {
		addWarnings(out, []string{"already_in_channel"})
	}
	return out, nil
}
