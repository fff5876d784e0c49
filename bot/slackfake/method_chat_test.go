package slackfake

import (
	"fmt"
	"strings"
	"testing"
)

func section(text string) map[string]any {
	return in{"type": "section", "text": in{"type": "mrkdwn", "text": text}}
}

func TestPostMessage(t *testing.T) {
	table(t, "chat.postMessage", []row{
		{"a channel", in{"channel": "CGEN", "text": "hello"}, "", map[string]any{"channel": "CGEN", "message.text": "hello", "message.bot_id": "B000000001"}},
		{"by name", in{"channel": "#general", "text": "hello"}, "", map[string]any{"channel": "CGEN"}},
		{"blocks alone", in{"channel": "CGEN", "blocks": []any{section("hi")}}, "", map[string]any{"message.blocks.0.text.text": "hi"}},
		{"markdown", in{"channel": "CGEN", "markdown_text": "**hi**"}, "", map[string]any{"message.blocks.0.type": "markdown"}},
		{"metadata", in{"channel": "CGEN", "text": "x", "metadata": in{"event_type": "e", "event_payload": in{"sid": "1"}}}, "", map[string]any{
			"message.metadata.event_payload.sid": "1",
		}},
		{"no channel", in{"text": "hello"}, "invalid_arguments", map[string]any{"response_metadata.messages.0": "[ERROR] missing required field: channel"}},
		{"unknown channel", in{"channel": "CNONE", "text": "hello"}, "channel_not_found", nil},
		{"a private channel without the app", in{"channel": "CCLOSED", "text": "hello"}, "channel_not_found", nil},
		{"a public channel without the app", in{"channel": "CRAND", "text": "hello"}, "not_in_channel", nil},
		{"an archived one", in{"channel": "CATTIC", "text": "hello"}, "is_archived", nil},
		{"nothing to say", in{"channel": "CGEN"}, "no_text", nil},
		{"no blocks either", in{"channel": "CGEN", "blocks": []any{}}, "no_text", nil},
		{"too long", in{"channel": "CGEN", "text": strings.Repeat("ü", 4001)}, "msg_too_long", nil},
		{"just not too long", in{"channel": "CGEN", "text": strings.Repeat("ü", 4000)}, "", nil},
		{"a bad block", in{"channel": "CGEN", "text": "x", "blocks": []any{section("")}}, "invalid_blocks", map[string]any{
			"response_metadata.messages.0": "[ERROR] must be more than 0 characters [json-pointer:/blocks/0/text/text]",
			"errors.0":                     "must be more than 0 characters [json-pointer:/blocks/0/text/text]",
		}},
		{"blocks that are none", in{"channel": "CGEN", "text": "x", "blocks": in{"type": "section"}}, "invalid_blocks_format", nil},
		{"markdown and text", in{"channel": "CGEN", "text": "x", "markdown_text": "x"}, "markdown_text_conflict", nil},
		{"metadata that is none", in{"channel": "CGEN", "text": "x", "metadata": "[1]"}, "invalid_metadata_format", nil},
		{"metadata without payload", in{"channel": "CGEN", "text": "x", "metadata": in{"event_type": "e"}}, "invalid_metadata_schema", nil},
		{"metadata too large", in{"channel": "CGEN", "text": "x", "metadata": in{"event_type": "e", "event_payload": in{"a": strings.Repeat("x", 16_000)}}}, "metadata_too_large", nil},
		{"a thread that is none", in{"channel": "CGEN", "text": "x", "thread_ts": "1700000000.000001"}, "thread_not_found", nil},
		{"a malformed thread", in{"channel": "CGEN", "text": "x", "thread_ts": "yesterday"}, "invalid_thread_ts", nil},
		{"another name", in{"channel": "CGEN", "text": "x", "username": "Boss"}, "missing_scope", map[string]any{"needed": "chat:write.customize"}},
		{"a person who left", in{"channel": "UGONE", "text": "x"}, "user_disabled", nil},
		{"a bot", in{"channel": "UBOT", "text": "x"}, "cannot_dm_bot", nil},
	})
}

func TestPostToPerson(t *testing.T) {
	o := openOffice(t)
	dm := o.must("conversations.open", in{"users": "UANA"})
	out := o.must("chat.postMessage", in{"channel": "UANA", "text": "hello"})
	if dig(out, "channel") != dig(dm, "channel.id") {
		t.Errorf("a person's id and their DM differ: %v, %v", dig(out, "channel"), dig(dm, "channel.id"))
	}
}

func TestPostPublic(t *testing.T) {
	o := openWith(t, Config{Manifest: []byte("display_information: {name: Loud}\noauth_config: {scopes: {bot: [chat:write, chat:write.public]}}\n")})
	o.must("chat.postMessage", in{"channel": "CRAND", "text": "hello"})
	out := o.form("chat.postMessage", in{"channel": "UANA", "text": "hello"})
	row{error: "messages_tab_disabled"}.check(t, out) // this manifest has no messages tab
}

func TestThreads(t *testing.T) {
	o := openOffice(t)
	parent := o.must("chat.postMessage", in{"channel": "CGEN", "text": "parent"})["ts"].(string)
	first := o.must("chat.postMessage", in{"channel": "CGEN", "text": "one", "thread_ts": parent})["ts"].(string)
	o.must("chat.postMessage", in{"channel": "CGEN", "text": "to the reply", "thread_ts": first})
	o.must("chat.postMessage", in{"channel": "CGEN", "text": "seen by all", "thread_ts": parent, "reply_broadcast": "true"})

	replies := o.must("conversations.replies", in{"channel": "CGEN", "ts": first})
	if got := texts(replies); got != "parent, one, to the reply, seen by all" {
		t.Errorf("thread: %s", got)
	}
	row{want: map[string]any{"messages.0.reply_count": 3.0, "messages.1.thread_ts": parent, "messages.0.reply_users_count": 1.0}}.check(t, replies)
	if got := texts(o.must("conversations.history", in{"channel": "CGEN"})); got != "seen by all, parent" {
		t.Errorf("channel: %s", got)
	}
	page := o.must("conversations.replies", in{"channel": "CGEN", "ts": parent, "limit": "2"})
	if got := texts(page); got != "parent, one" || page["has_more"] != true {
		t.Errorf("first page: %s, more %v", got, page["has_more"])
	}
	page = o.must("conversations.replies", in{"channel": "CGEN", "ts": parent, "limit": "2", "cursor": dig(page, "response_metadata.next_cursor")})
	if got := texts(page); got != "to the reply, seen by all" || page["has_more"] != false {
		t.Errorf("second page: %s, more %v", got, page["has_more"])
	}
}

// texts joins what an answer's messages say.
func texts(out map[string]any) string {
	var all []string
	messages, _ := out["messages"].([]any)
	for _, m := range messages {
		all = append(all, fmt.Sprint(dig(m, "text")))
	}
	return strings.Join(all, ", ")
}

func TestPostEphemeral(t *testing.T) {
	table(t, "chat.postEphemeral", []row{
		{"to a member", in{"channel": "CGEN", "user": "UANA", "text": "psst"}, "", nil},
		{"to somebody else", in{"channel": "CCIRC", "user": "UBEN", "text": "psst"}, "user_not_in_channel", nil},
		{"to nobody", in{"channel": "CGEN", "user": "UNONE", "text": "psst"}, "user_not_in_channel", nil},
		{"no user", in{"channel": "CGEN", "text": "psst"}, "invalid_arguments", nil},
		{"not in the channel", in{"channel": "CRAND", "user": "UANA", "text": "psst"}, "not_in_channel", nil},
		{"nothing", in{"channel": "CGEN", "user": "UANA"}, "no_text", nil},
	})
	o := openOffice(t)
	ts := o.must("chat.postEphemeral", in{"channel": "CGEN", "user": "UANA", "text": "psst"})["message_ts"]
	if got := texts(o.must("conversations.history", in{"channel": "CGEN"})); got != "" {
		t.Errorf("history shows %q", got)
	}
	row{error: "message_not_found"}.check(t, o.form("chat.update", in{"channel": "CGEN", "ts": ts, "text": "y"}))
	row{error: "message_not_found"}.check(t, o.form("chat.delete", in{"channel": "CGEN", "ts": ts}))
	row{error: "message_not_found"}.check(t, o.form("chat.getPermalink", in{"channel": "CGEN", "message_ts": ts}))
}

func TestUpdate(t *testing.T) {
	meta := in{"event_type": "e", "event_payload": in{"sid": "1"}}
	for _, c := range []struct {
		name         string
		args         in
		text, blocks any
		sid          any
	}{
		{"text takes the blocks away", in{"text": "new"}, "new", nil, "1"},
		{"blocks take the text away", in{"blocks": []any{section("fresh")}}, "", "fresh", "1"},
		{"both", in{"text": "new", "blocks": []any{section("fresh")}}, "new", "fresh", "1"},
		{"empty blocks", in{"text": "new", "blocks": []any{}}, "new", nil, "1"},
		{"metadata", in{"text": "new", "metadata": in{"event_type": "e", "event_payload": in{"sid": "2"}}}, "new", nil, "2"},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := openOffice(t)
			ts := o.must("chat.postMessage", in{"channel": "CGEN", "text": "old", "blocks": []any{section("old")}, "metadata": meta})["ts"]
			c.args["channel"], c.args["ts"] = "CGEN", ts
			out := o.must("chat.update", c.args)
			row{want: map[string]any{"message.text": c.text, "message.blocks.0.text.text": c.blocks, "message.metadata.event_payload.sid": c.sid, "ts": ts}}.check(t, out)
			if dig(out, "message.edited.ts") == nil {
				t.Error("not marked as edited")
			}
		})
	}
}

func TestOthersMessagesStay(t *testing.T) {
	o := openOffice(t)
	o.mu.Lock()
	m := o.addMessage(o.world.channels["CGEN"], &Message{User: "UANA", Text: "mine"})
	mine := o.addMessage(o.world.channels["CATTIC"], &Message{User: o.app.botUser, Text: "old"})
	o.mu.Unlock()
	for method, rows := range map[string][]row{
		"chat.update": {
			{args: in{"channel": "CGEN", "ts": m.TS, "text": "x"}, error: "cant_update_message"},
			{args: in{"channel": "CGEN", "ts": "1.000000", "text": "x"}, error: "message_not_found"},
			{args: in{"channel": "CCLOSED", "ts": m.TS, "text": "x"}, error: "channel_not_found"},
			{args: in{"channel": "CATTIC", "ts": mine.TS, "text": "x"}, error: "is_inactive"},
		},
		"chat.delete": {
			{args: in{"channel": "CGEN", "ts": m.TS}, error: "cant_delete_message"},
			{args: in{"channel": "CGEN", "ts": "1.000000"}, error: "message_not_found"},
			{args: in{"channel": "CNONE", "ts": m.TS}, error: "channel_not_found"},
		},
		"chat.getPermalink": {
			{args: in{"channel": "CGEN", "message_ts": m.TS}, want: map[string]any{
				"permalink": "http://" + o.Addr() + "/archives/CGEN/p" + strings.ReplaceAll(m.TS, ".", ""),
			}},
			{args: in{"channel": "CGEN", "message_ts": "1.000000"}, error: "message_not_found"},
			{args: in{"channel": "CCLOSED", "message_ts": m.TS}, error: "channel_not_found"},
		},
	} {
		for _, r := range rows {
			r.check(t, o.form(method, r.args))
		}
	}
}

func TestDelete(t *testing.T) {
	o := openOffice(t)
	ts := o.must("chat.postMessage", in{"channel": "CGEN", "text": "oops"})["ts"]
	o.must("chat.delete", in{"channel": "CGEN", "ts": ts})
	row{error: "message_not_found"}.check(t, o.form("chat.delete", in{"channel": "CGEN", "ts": ts}))
	if got := texts(o.must("conversations.history", in{"channel": "CGEN"})); got != "" {
		t.Errorf("history still shows %q", got)
	}
}

func TestHistory(t *testing.T) {
	o := openOffice(t)
	var ts []string
	for i := range 5 {
		out := o.must("chat.postMessage", in{"channel": "CGEN", "text": fmt.Sprint(i), "metadata": in{"event_type": "e", "event_payload": in{"n": i}}})
		ts = append(ts, out["ts"].(string))
	}
	for _, c := range []struct {
		name string
		args in
		want string
		more bool
	}{
		{"all", in{}, "4, 3, 2, 1, 0", false},
		{"limit", in{"limit": "2"}, "4, 3", true},
		{"oldest", in{"oldest": ts[2]}, "4, 3", false},
		{"oldest inclusive", in{"oldest": ts[2], "inclusive": "true"}, "4, 3, 2", false},
		{"latest", in{"latest": ts[2]}, "1, 0", false},
		{"latest inclusive", in{"latest": ts[2], "inclusive": "1"}, "2, 1, 0", false},
		{"one message", in{"latest": ts[2], "oldest": ts[2], "inclusive": "true", "limit": "1"}, "2", false},
		{"between", in{"oldest": ts[0], "latest": ts[3]}, "2, 1", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.args["channel"] = "CGEN"
			out := o.must("conversations.history", c.args)
			if got := texts(out); got != c.want || out["has_more"] != c.more {
				t.Errorf("%s, more %v; want %s, %v", got, out["has_more"], c.want, c.more)
			}
		})
	}
	t.Run("metadata when asked", func(t *testing.T) {
		if got := dig(o.must("conversations.history", in{"channel": "CGEN"}), "messages.0.metadata"); got != nil {
			t.Errorf("not asked: %v", got)
		}
		if got := dig(o.must("conversations.history", in{"channel": "CGEN", "include_all_metadata": "true"}), "messages.0.metadata.event_payload.n"); got != 4.0 {
			t.Errorf("asked: %v", got)
		}
	})
	t.Run("pages", func(t *testing.T) {
		var all []string
		args := in{"channel": "CGEN", "limit": "2"}
		for {
			out := o.must("conversations.history", args)
			all = append(all, texts(out))
			next, _ := dig(out, "response_metadata.next_cursor").(string)
			if next == "" {
				break
			}
			args["cursor"] = next
		}
		if got := strings.Join(all, " | "); got != "4, 3 | 2, 1 | 0" {
			t.Errorf("pages: %s", got)
		}
	})
	for _, r := range []row{
		{args: in{"channel": "CGEN", "cursor": "nonsense"}, error: "invalid_cursor"},
		{args: in{"channel": "CGEN", "limit": "many"}, error: "invalid_limit"},
		{args: in{"channel": "CGEN", "oldest": "then"}, error: "invalid_ts_oldest"},
		{args: in{"channel": "CGEN", "latest": "then"}, error: "invalid_ts_latest"},
		{args: in{"channel": "CRAND"}, error: "not_in_channel"},
		{args: in{"channel": "CCLOSED"}, error: "channel_not_found"},
	} {
		r.check(t, o.form("conversations.history", r.args))
	}
	row{error: "thread_not_found"}.check(t, o.form("conversations.replies", in{"channel": "CGEN", "ts": "1700000000.000001"}))
}
