package slackfake

import (
	"encoding/json"
	"strings"
)

// chatMethods are about saying something.
func chatMethods() []*method {
	content := "text blocks attachments markdown_text parse link_names "
	return []*method{
		{
			name: "chat.postMessage", rate: postingRate(), scopes: words("chat:write"), required: words("channel"),
			optional: words(content + "thread_ts reply_broadcast metadata mrkdwn unfurl_links unfurl_media username icon_url icon_emoji as_user"),
			act:      postMessage,
		},
		{
			name: "chat.postEphemeral", rate: tier(4), scopes: words("chat:write"), required: words("channel user"),
			optional: words(content + "thread_ts username icon_url icon_emoji as_user"), act: postEphemeral,
		},
		{
			name: "chat.update", rate: tier(3), scopes: words("chat:write"), required: words("channel ts"),
			optional: words(content + "metadata reply_broadcast as_user file_ids unfurl_links unfurl_media"), act: updateChat,
		},
		{
			name: "chat.delete", rate: tier(3), scopes: words("chat:write"), required: words("channel ts"), optional: words("as_user"),
			act: deleteChat,
		},
		{name: "chat.getPermalink", rate: hundreds(), required: words("channel message_ts"), act: getPermalink},
	}
}

// content is what a message says.
type content struct {
	text                string
	blocks, attachments json.RawMessage
	metadata            *Metadata
}

// maxMetadata is how long a message's metadata may be, in bytes.
const maxMetadata = 16_000

// content reads and checks what a message is to say.
func (c *call) content() (content, *refusal) {
	out := content{text: c.args["text"], blocks: c.args.object("blocks"), attachments: c.args.object("attachments")}
	if md := c.args["markdown_text"]; md != "" {
		if out.text != "" || len(out.blocks) > 0 {
			return out, refuse("markdown_text_conflict")
		}
		out.text, out.blocks = md, mustJSON([]any{map[string]any{"type": "markdown", "text": md}})
	}
	if out.text == "" && isEmptyList(out.blocks) && isEmptyList(out.attachments) {
		return out, refuse("no_text")
	}
	if problems := checkMessage(out.text, out.blocks, out.attachments); len(problems) > 0 {
		c.overLimit(c.method.name, problems)
		return out, messageRefusal(problems)
	}
	if out.text == "" {
		c.log.Warn("a message without text is silent to screen readers and notifications", "method", c.method.name)
	}
	out.blocks = nameBlocks(out.blocks)
	var no *refusal
	out.metadata, no = readMetadata(c.args.object("metadata"))
	return out, no
}

// isEmptyList says that an argument is missing or an empty list.
func isEmptyList(raw json.RawMessage) bool {
	text := strings.TrimSpace(string(raw))
	return text == "" || text == "[]" || text == "null"
}

// messageRefusal is how Slack refuses a message with these problems.
func messageRefusal(problems []problem) *refusal {
	for _, p := range problems {
		if p.Code != "" {
			return refuse(p.Code, messages(problems)...)
		}
	}
	return refuse("invalid_blocks", messages(problems)...)
}

func readMetadata(raw json.RawMessage) (*Metadata, *refusal) {
	if len(raw) == 0 {
		return nil, nil
	}
	if len(raw) > maxMetadata {
		return nil, refuse("metadata_too_large")
	}
	var m Metadata
	if err := json.Unmarshal(raw, &m); err != nil {
		return nil, refuse("invalid_metadata_format")
	}
	var payload map[string]json.RawMessage
	if m.EventType == "" || json.Unmarshal(m.Payload, &payload) != nil || payload == nil {
		return nil, refuse("invalid_metadata_schema")
	}
	return &m, nil
}

// postable finds where a message is to go: a conversation by id, a channel by name, or a person, which means the DM with them.
func (c *call) postable(ref string) (*Channel, *refusal) {
	w := c.world
	if u := w.users[ref]; u != nil {
		people, no := c.reachable([]string{ref})
		if no != nil {
			return nil, no
		}
		place, _ := w.dm(c.clock.Now(), people...)
		return place, c.mayPost(place)
	}
	place := w.channel(ref)
	if place == nil || place.Kind != Public && !place.has(c.app.botUser) {
		return nil, refuse("channel_not_found")
	}
	return place, c.mayPost(place)
}

// mayPost says whether the app may write in a conversation that it can see.
func (c *call) mayPost(place *Channel) *refusal {
	switch {
	case place.Archived:
		return refuse("is_archived")
	case !place.has(c.app.botUser) && !c.app.may("chat:write.public"):
		return refuse("not_in_channel")
	case place.Kind == DM && !c.app.messagesTab:
		return refuse("messages_tab_disabled")
	}
	return nil
}

// thread finds the parent of the thread that a message is to go to; empty for none. A reply's ts stands for its parent's.
func (c *call) thread(place *Channel) (string, *refusal) {
	ts := c.args["thread_ts"]
	if ts == "" {
		return "", nil
	}
	if _, ok := parseTS(ts); !ok {
		return "", refuse("invalid_thread_ts", "[ERROR] "+ts+" is not a valid thread_ts")
	}
	parent := c.world.message(place.ID, ts)
	if parent == nil || parent.EphemeralTo != "" {
		return "", refuse("thread_not_found")
	}
	if parent.ThreadTS != "" && parent.ThreadTS != parent.TS {
		c.log.Warn("thread_ts is a reply's; use its parent's", "method", c.method.name)
		return parent.ThreadTS, nil
	}
	return ts, nil
}

func postMessage(c *call) (reply, *refusal) {
	for _, name := range words("username icon_url icon_emoji") {
		if c.args[name] != "" && !c.app.may("chat:write.customize") {
			return nil, c.needs("chat:write.customize")
		}
	}
	place, no := c.postable(c.args["channel"])
	if no != nil {
		return nil, no
	}
	said, no := c.content()
	if no != nil {
		return nil, no
	}
	thread, no := c.thread(place)
	if no != nil {
		return nil, no
	}
	m := c.byApp(said, thread)
	if thread != "" && c.args.yes("reply_broadcast") {
		m.Subtype = "thread_broadcast"
	}
	c.addMessage(place, m)
	return reply{"channel": place.ID, "ts": m.TS, "message": c.messageJSON(m, true)}, nil
}

// byApp is a message by the app.
func (c *call) byApp(said content, thread string) *Message {
	return &Message{
		User: c.app.botUser, BotID: c.app.botID, AppID: c.app.id, ThreadTS: thread,
		Text: said.text, Blocks: said.blocks, Attachments: said.attachments, Metadata: said.metadata,
	}
}

func postEphemeral(c *call) (reply, *refusal) {
	place, no := c.postable(c.args["channel"])
	if no != nil {
		return nil, no
	}
	switch u := c.world.users[c.args["user"]]; {
	case u == nil || !place.has(u.ID):
		return nil, refuse("user_not_in_channel")
	case !place.has(c.app.botUser):
		return nil, refuse("not_in_channel")
	}
	said, no := c.content()
	if no != nil {
		return nil, no
	}
	thread, no := c.thread(place)
	if no != nil {
		return nil, no
	}
	m := c.byApp(said, thread)
	m.EphemeralTo = c.args["user"]
	c.addMessage(place, m)
	return reply{"message_ts": m.TS}, nil
}

// own finds a message of the app itself that stays to be changed.
func (c *call) own(ts, otherwise string) (*Message, *refusal) {
	place, no := c.visible(c.args["channel"])
	if no != nil {
		return nil, no
	}
	m := c.world.message(place.ID, ts)
	switch {
	case m == nil || m.EphemeralTo != "":
		return nil, refuse("message_not_found")
	case m.User != c.app.botUser:
		return nil, refuse(otherwise)
	}
	return m, nil
}

// updateChat changes a message. Attachments and metadata that are not given stay. Blocks that are not given stay if no text is given
// either; with a text alone, the text is the message.
func updateChat(c *call) (reply, *refusal) {
	m, no := c.own(c.args["ts"], "cant_update_message")
	if no != nil {
		return nil, no
	}
	if c.world.channels[m.Channel].Archived {
		return nil, refuse("is_inactive")
	}
	said, no := c.content()
	if no != nil {
		return nil, no
	}
	if c.args["blocks"] == "" && said.text == "" {
		said.blocks, said.text = m.Blocks, m.Text
	}
	if _, given := c.args["attachments"]; !given {
		said.attachments = m.Attachments
	}
	c.updateMessage(m, said.text, said.blocks, said.attachments, said.metadata)
	return reply{"channel": m.Channel, "ts": m.TS, "text": m.Text, "message": c.messageJSON(m, true)}, nil
}

func deleteChat(c *call) (reply, *refusal) {
	m, no := c.own(c.args["ts"], "cant_delete_message")
	if no != nil {
		return nil, no
	}
	c.deleteMessage(m)
	return reply{"channel": m.Channel, "ts": m.TS}, nil
}

func getPermalink(c *call) (reply, *refusal) {
	place, no := c.visible(c.args["channel"])
	if no != nil {
		return nil, no
	}
	m := c.world.message(place.ID, c.args["message_ts"])
	if m == nil || m.EphemeralTo != "" {
		return nil, refuse("message_not_found")
	}
	return reply{"channel": place.ID, "permalink": c.permalink(m)}, nil
}

// permalink is a message's address on this server.
func (s *Server) permalink(m *Message) string {
	link := s.base() + "/archives/" + m.Channel + "/p" + strings.ReplaceAll(m.TS, ".", "")
	if m.ThreadTS != "" && m.ThreadTS != m.TS {
		link += "?thread_ts=" + m.ThreadTS + "&cid=" + m.Channel
	}
	return link
}
