package slackfake

import (
	"slices"
	"strings"
	"time"
)

// Channel is any conversation.
type Channel struct {
	ID       string    `json:"id"`
	Name     string    `json:"name,omitempty"`
	Kind     Kind      `json:"kind"`
	Topic    string    `json:"topic,omitempty"`
	Purpose  string    `json:"purpose,omitempty"`
	Shared   bool      `json:"is_ext_shared,omitempty"`
	Archived bool      `json:"is_archived,omitempty"`
	General  bool      `json:"is_general,omitempty"`
	Creator  string    `json:"creator,omitempty"`
	Created  time.Time `json:"created"`
	Members  []string  `json:"members"` // in order of joining; changed by join and leave only

	seq      int                 // order of creation
	set      map[string]struct{} // of Members, once there are many
	messages []*Message          // by ts; ephemeral and deleted ones too
	threads  map[string][]*Message
}

// Kind says what a conversation is.
type Kind string

// The kinds of conversation.
const (
	Public  Kind = "public"
	Private Kind = "private"
	DM      Kind = "im"
	GroupDM Kind = "mpim"
)

// fewMembers is up to how many members a plain scan is quicker than a set.
const fewMembers = 16

func (c *Channel) has(user string) bool {
	if len(c.Members) <= fewMembers {
		return slices.Contains(c.Members, user)
	}
	if len(c.set) != len(c.Members) {
		c.set = make(map[string]struct{}, len(c.Members))
		for _, id := range c.Members {
			c.set[id] = struct{}{}
		}
	}
	_, ok := c.set[user]
	return ok
}

// direct says that c is a DM or a group DM.
func (c *Channel) direct() bool { return c.Kind == DM || c.Kind == GroupDM }

// addChannel adds a conversation and tells the app of a public one (channel_created). An empty ID is given one, Created now. Members may
// be filled in already. The mutex is held.
func (s *Server) addChannel(c *Channel) *Channel {
	w := s.world
	if c.Kind == "" {
		c.Kind = Public
	}
	if c.Created.IsZero() {
		c.Created = s.clock.Now()
	}
	w.addChannel(c)
	if c.Kind == Public {
		s.emit("channel_created", map[string]any{"channel": map[string]any{
			"id": c.ID, "name": c.Name, "created": c.Created.Unix(), "creator": c.Creator,
			"is_channel": true, "is_shared": c.Shared, "context_team_id": w.Team.ID,
		}, "event_ts": w.ts(s.clock.Now())})
	}
	s.changed("channels")
	return c
}

// prefixOf is how the ids of a kind of conversation begin.
func prefixOf(k Kind) string {
	switch k {
	case DM:
		return "D"
	case GroupDM:
		return "G"
	default:
		return "C"
	}
}

func (w *world) addChannel(c *Channel) {
	if c.ID == "" {
		c.ID = w.id(prefixOf(c.Kind))
	}
	w.channels[c.ID] = c
	c.seq = len(w.chanIDs)
	w.chanIDs = append(w.chanIDs, c.ID)
	if c.direct() {
		w.direct[directKey(c.Members)] = c
	} else if c.Name != "" {
		w.names[strings.ToLower(c.Name)] = c
	}
	for _, user := range c.Members {
		w.place(user, c)
	}
}

// directKey names a DM or group DM by who is in it.
func directKey(members []string) string {
	return strings.Join(slices.Compact(slices.Sorted(slices.Values(members))), " ")
}

// dm finds or makes the conversation of exactly these people: a DM for one or two, a group DM for more.
func (w *world) dm(now time.Time, people ...string) (c *Channel, made bool) {
	if c := w.direct[directKey(people)]; c != nil {
		return c, false
	}
	set := slices.Compact(slices.Sorted(slices.Values(people)))
	c = &Channel{Kind: DM, Created: now, Members: set}
	if len(set) > 2 {
		c.Kind = GroupDM
		c.Name = w.groupDMName(set)
	}
	w.addChannel(c)
	return c, true
}

// groupDMName writes "mpdm-ana--ben--cy-1", as Slack names group DMs.
func (w *world) groupDMName(members []string) string {
	handles := make([]string, 0, len(members))
	for _, id := range members {
		if u := w.users[id]; u != nil {
			handles = append(handles, u.Name)
		}
	}
	return "mpdm-" + strings.Join(handles, "--") + "-1"
}

// placesOf returns the conversations that a person is in, in order of creation.
func (w *world) placesOf(user string) []*Channel { return w.places[user] }

func (w *world) place(user string, c *Channel) {
	list := w.places[user]
	at, found := slices.BinarySearchFunc(list, c.seq, func(c *Channel, seq int) int { return c.seq - seq })
	if !found {
		w.places[user] = slices.Insert(list, at, c)
	}
}

func (w *world) unplace(user string, c *Channel) {
	w.places[user] = slices.DeleteFunc(w.places[user], func(other *Channel) bool { return other == c })
}

// join makes a person (or the app's bot user) a member and tells the app, if its bot user is there too (member_joined_channel); false
// when they already were. The mutex is held.
func (s *Server) join(c *Channel, user string) bool { return s.invite(c, user, "") }

// invite is join by somebody else, who may be empty.
func (s *Server) invite(c *Channel, user, inviter string) bool {
	if c.has(user) {
		return false
	}
	c.Members = append(c.Members, user)
	if c.set != nil {
		c.set[user] = struct{}{}
	}
	s.world.place(user, c)
	event := s.membership(c, user)
	if inviter != "" {
		event["inviter"] = inviter
	}
	if c.has(s.app.botUser) {
		s.emit("member_joined_channel", event)
	}
	s.changed("channels")
	return true
}

// leave ends a membership and tells the app, if its bot user is there too (member_left_channel) or is the one that was taken out
// (channel_left, group_left); false when there was none. The mutex is held.
func (s *Server) leave(c *Channel, user string) bool {
	if !c.has(user) {
		return false
	}
	s.leaveAll(c, []string{user})
	return true
}

// leaveAll is leave for several members at once: one pass over a channel of a hundred thousand.
func (s *Server) leaveAll(c *Channel, leaving []string) {
	gone := make(map[string]bool, len(leaving))
	for _, user := range leaving {
		gone[user] = true
	}
	c.Members = slices.DeleteFunc(c.Members, func(id string) bool { return gone[id] })
	for user := range gone {
		delete(c.set, user) // before anybody asks who is there, which makes a set anew that does not fit
	}
	for _, user := range leaving {
		s.world.unplace(user, c)
		s.emitLeft(c, user)
	}
	s.changed("channels")
}

// emitLeft tells the app that somebody left a conversation.
func (s *Server) emitLeft(c *Channel, user string) {
	switch {
	case user == s.app.botUser && c.Kind == Private:
		s.emit("group_left", map[string]any{"channel": c.ID, "event_ts": s.world.ts(s.clock.Now())})
	case user == s.app.botUser:
		s.emit("channel_left", map[string]any{"channel": c.ID, "event_ts": s.world.ts(s.clock.Now())})
	case c.has(s.app.botUser):
		s.emit("member_left_channel", s.membership(c, user))
	}
}

// membership is the event of somebody joining or leaving.
func (s *Server) membership(c *Channel, user string) map[string]any {
	return map[string]any{
		"user": user, "channel": c.ID, "channel_type": memberOf(c.Kind), "team": s.world.Team.ID,
		"event_ts": s.world.ts(s.clock.Now()),
	}
}

// memberOf is how the events of membership name a kind of conversation.
func memberOf(k Kind) string {
	if k == Public {
		return "C"
	}
	return "G"
}
