package slackfake

import (
	"encoding/json"
	"slices"
	"strings"
)

// Message is one message, or an ephemeral one that only EphemeralTo sees.
type Message struct {
	Channel     string          `json:"channel"`
	TS          string          `json:"ts"`
	ThreadTS    string          `json:"thread_ts,omitempty"`
	User        string          `json:"user"`
	BotID       string          `json:"bot_id,omitempty"`
	AppID       string          `json:"app_id,omitempty"`
	Text        string          `json:"text"`
	Blocks      json.RawMessage `json:"blocks,omitempty"`
	Attachments json.RawMessage `json:"attachments,omitempty"`
	Metadata    *Metadata       `json:"metadata,omitempty"`
	Reactions   []Reaction      `json:"reactions,omitempty"`
	Files       []*File         `json:"files,omitempty"`
	EphemeralTo string          `json:"ephemeral_to,omitempty"`
	Edited      string          `json:"edited,omitempty"` // the ts of the last edit
	Subtype     string          `json:"subtype,omitempty"`
	Deleted     bool            `json:"deleted,omitempty"` // kept for the record; no API shows it
}

// Metadata is what an app attaches to a message for itself.
type Metadata struct {
	EventType string          `json:"event_type"`
	Payload   json.RawMessage `json:"event_payload"`
}

// Reaction is one emoji below a message and who set it.
type Reaction struct {
	Name  string   `json:"name"`
	Users []string `json:"users"`
}

// File is an uploaded file.
type File struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Title string `json:"title,omitempty"`
	Type  string `json:"mimetype"`
	Size  int    `json:"size"`
	User  string `json:"user"`

	data   []byte
	secret string // in the address that it is uploaded to
	shared bool   // its upload was completed
}

// message finds a message that was not deleted.
func (w *world) message(channel, ts string) *Message {
	c := w.channels[channel]
	if c == nil {
		return nil
	}
	if at, found := c.at(ts); found && !c.messages[at].Deleted {
		return c.messages[at]
	}
	return nil
}

// at is where the message with that ts stands, or would stand, among c's messages.
func (c *Channel) at(ts string) (int, bool) { return placeOf(c.messages, ts) }

func placeOf(messages []*Message, ts string) (int, bool) {
	return slices.BinarySearchFunc(messages, ts, func(m *Message, ts string) int { return strings.Compare(m.TS, ts) })
}

// addMessage posts m in c and tells the app (message, and app_mention where the bot user is mentioned). An empty TS becomes now's; a
// TS in the past files m there, as history. Ephemeral messages tell nobody. The mutex is held.
func (s *Server) addMessage(c *Channel, m *Message) *Message {
	w := s.world
	if m.TS == "" {
		m.TS = w.ts(s.clock.Now())
	}
	m.Channel = c.ID
	s.signBot(m)
	at, _ := c.at(m.TS)
	c.messages = slices.Insert(c.messages, at, m)
	if m.ThreadTS != "" && m.ThreadTS != m.TS && m.EphemeralTo == "" {
		c.addReply(m)
	}
	if m.EphemeralTo == "" {
		s.emitMessage(c, s.messageJSON(m, true))
		s.emitMention(c, m)
	}
	s.changed("messages:" + c.ID)
	return m
}

// signBot gives what a bot says the ids that Slack gives it. The mutex is held.
func (s *Server) signBot(m *Message) {
	switch u := s.world.users[m.User]; {
	case m.BotID != "" || u == nil || !u.Bot:
	case u.ID == s.app.botUser:
		m.BotID, m.AppID = s.app.botID, s.app.id
	default:
		m.BotID, m.AppID = "B"+u.ID[1:], "A"+u.ID[1:]
	}
}

// updateMessage replaces what m says and tells the app (message of subtype message_changed). A nil metadata keeps what was there. The
// mutex is held.
func (s *Server) updateMessage(m *Message, text string, blocks, attachments json.RawMessage, metadata *Metadata) {
	previous := s.messageJSON(m, true)
	m.Text, m.Blocks, m.Attachments = text, blocks, attachments
	if metadata != nil {
		m.Metadata = metadata
	}
	m.Edited = s.world.ts(s.clock.Now())
	if m.EphemeralTo == "" {
		s.emitMessage(s.world.channels[m.Channel], map[string]any{
			"subtype": "message_changed", "hidden": true, "ts": m.Edited,
			"message": s.messageJSON(m, true), "previous_message": previous,
		})
	}
	s.changed("messages:" + m.Channel)
}

// deleteMessage hides m and tells the app (message of subtype message_deleted). The mutex is held.
func (s *Server) deleteMessage(m *Message) {
	previous := s.messageJSON(m, true)
	m.Deleted = true
	if m.EphemeralTo == "" {
		s.emitMessage(s.world.channels[m.Channel], map[string]any{
			"subtype": "message_deleted", "hidden": true, "ts": s.world.ts(s.clock.Now()), "deleted_ts": m.TS, "previous_message": previous,
		})
	}
	s.changed("messages:" + m.Channel)
}

// addReply files m in its thread.
func (c *Channel) addReply(m *Message) {
	if c.threads == nil {
		c.threads = map[string][]*Message{}
	}
	thread := c.threads[m.ThreadTS]
	at, _ := placeOf(thread, m.TS)
	c.threads[m.ThreadTS] = slices.Insert(thread, at, m)
}

// replies are what stands in a message's thread and was not deleted.
func (c *Channel) replies(ts string) []*Message {
	return slices.DeleteFunc(slices.Clone(c.threads[ts]), func(m *Message) bool { return m.Deleted })
}

// emitMessage tells the app of something said in c, if its bot user is there.
func (s *Server) emitMessage(c *Channel, event map[string]any) {
	if !c.has(s.app.botUser) {
		return
	}
	event["channel"], event["channel_type"], event["event_ts"] = c.ID, channelType(c.Kind), event["ts"]
	s.emit("message", event)
}

// emitMention tells the app that its bot user was mentioned in a channel or group DM; DMs only send message.
func (s *Server) emitMention(c *Channel, m *Message) {
	if c.Kind == DM || !c.has(s.app.botUser) || m.User == s.app.botUser || m.Subtype != "" || !strings.Contains(m.Text, "<@"+s.app.botUser) {
		return
	}
	event := s.messageJSON(m, false)
	event["channel"], event["event_ts"] = c.ID, m.TS
	s.emit("app_mention", event)
}

// channelType is how events name a kind of conversation.
func channelType(k Kind) string {
	switch k {
	case Public:
		return "channel"
	case Private:
		return "group"
	default:
		return string(k)
	}
}

// addReaction adds somebody's emoji to m and tells the app (reaction_added); the code is Slack's error or empty. The mutex is held.
func (s *Server) addReaction(m *Message, user, name string) (code string) {
	name = strings.Trim(name, ":")
	at := slices.IndexFunc(m.Reactions, func(r Reaction) bool { return r.Name == name })
	switch {
	case name == "":
		return "no_reaction"
	case at < 0:
		m.Reactions = append(m.Reactions, Reaction{Name: name, Users: []string{user}})
	case slices.Contains(m.Reactions[at].Users, user):
		return "already_reacted"
	default:
		m.Reactions[at].Users = append(m.Reactions[at].Users, user)
	}
	s.emitReaction("reaction_added", m, user, name)
	return ""
}

// removeReaction takes somebody's emoji off m and tells the app (reaction_removed); the code is Slack's error or empty. The mutex is held.
func (s *Server) removeReaction(m *Message, user, name string) (code string) {
	name = strings.Trim(name, ":")
	at := slices.IndexFunc(m.Reactions, func(r Reaction) bool { return r.Name == name })
	if at < 0 || !slices.Contains(m.Reactions[at].Users, user) {
		return "no_reaction"
	}
	r := &m.Reactions[at]
	r.Users = slices.DeleteFunc(r.Users, func(id string) bool { return id == user })
	if len(r.Users) == 0 {
		m.Reactions = slices.Delete(m.Reactions, at, at+1)
	}
	s.emitReaction("reaction_removed", m, user, name)
	return ""
}

func (s *Server) emitReaction(kind string, m *Message, user, name string) {
	if s.world.channels[m.Channel].has(s.app.botUser) {
		s.emit(kind, map[string]any{
			"user": user, "reaction": name, "item_user": m.User,
			"item":     map[string]any{"type": "message", "channel": m.Channel, "ts": m.TS},
			"event_ts": s.world.ts(s.clock.Now()),
		})
	}
	s.changed("messages:" + m.Channel)
}
