package slackfake

import "testing"

func TestReactions(t *testing.T) {
	o := openOffice(t)
	o.mu.Lock()
	ts := o.addMessage(o.world.channels["CGEN"], &Message{User: "UANA", Text: "hi"}).TS
	far := o.addMessage(o.world.channels["CRAND"], &Message{User: "UANA", Text: "far"}).TS
	old := o.addMessage(o.world.channels["CATTIC"], &Message{User: "UANA", Text: "old"}).TS
	o.mu.Unlock()
	for _, c := range []struct {
		method, channel, ts, name, error string
	}{
		{"reactions.add", "CGEN", ts, "tada", ""},
		{"reactions.add", "CGEN", ts, "tada", "already_reacted"},
		{"reactions.add", "CGEN", ts, "+1::skin-tone-3", ""},
		{"reactions.add", "CGEN", ts, "not an emoji", "invalid_name"},
		{"reactions.add", "CGEN", "1700000000.000001", "tada", "message_not_found"},
		{"reactions.add", "CGEN", "soon", "tada", "bad_timestamp"},
		{"reactions.add", "CGEN", "", "tada", "no_item_specified"},
		{"reactions.add", "CRAND", far, "tada", "not_in_channel"},
		{"reactions.add", "CATTIC", old, "tada", "is_archived"},
		{"reactions.add", "CCLOSED", ts, "tada", "channel_not_found"},
		{"reactions.add", "CGEN", ts, "", "invalid_arguments"},
		{"reactions.remove", "CGEN", ts, "tada", ""},
		{"reactions.remove", "CGEN", ts, "tada", "no_reaction"},
		{"reactions.remove", "CGEN", ts, "wave", "no_reaction"},
		{"reactions.get", "CGEN", ts, "", ""},
		{"reactions.get", "CGEN", "1700000000.000001", "", "message_not_found"},
		{"reactions.get", "", "", "", "no_item_specified"},
	} {
		out := o.form(c.method, in{"channel": c.channel, "timestamp": c.ts, "name": c.name})
		t.Run(c.method+" "+c.name+" "+c.error, func(t *testing.T) { row{error: c.error}.check(t, out) })
	}
	row{want: map[string]any{
		"type": "message", "message.reactions.0.name": "+1::skin-tone-3", "message.reactions.0.count": 1.0,
		"message.reactions.0.users.0": o.app.botUser, "message.reactions.1": nil,
	}}.check(t, o.must("reactions.get", in{"channel": "CGEN", "timestamp": ts}))
}
