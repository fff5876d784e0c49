package slackfake

import (
	"slices"
	"strconv"
	"strings"
)

// historyMethods are about what was said.
func historyMethods() []*method {
	window := "cursor inclusive latest oldest limit include_all_metadata"
	return []*method{
		{
			name: "conversations.history", rate: tier(3), scopes: historyScopes, required: words("channel"), optional: words(window),
			act: conversationsHistory,
		},
		{
			name: "conversations.replies", rate: tier(3), scopes: historyScopes, required: words("channel ts"), optional: words(window),
			act: conversationsReplies,
		},
	}
}

// mostMessages is how many messages a page of a history may have.
const mostMessages = 999

// window is the part of a history that a call asks for, in microseconds.
type window struct {
	oldest, latest int64 // zero for open
	inclusive      bool
}

// window reads oldest, latest and inclusive.
func (a args) window() (w window, no *refusal) {
	w.inclusive = a.yes("inclusive")
	for name, to := range map[string]*int64{"oldest": &w.oldest, "latest": &w.latest} {
		if a[name] == "" || a[name] == "0" || a[name] == "now" {
			continue
		}
		micros, ok := parseTS(a[name])
		if !ok {
			return w, refuse("invalid_ts_" + name)
		}
		*to = micros
	}
	return w, nil
}

// holds says that a message's ts is inside.
func (w window) holds(ts string) bool {
	at, _ := parseTS(ts) // what was stored is well formed
	slack := int64(1)
	if w.inclusive {
		slack = 0
	}
	return (w.oldest == 0 || at >= w.oldest+slack) && (w.latest == 0 || at <= w.latest-slack)
}

// parseTS reads a ts, with or without a fraction.
func parseTS(ts string) (int64, bool) {
	whole, fraction, _ := strings.Cut(ts, ".")
	fraction = (fraction + "000000")[:6]
	n, err := strconv.ParseInt(whole+fraction, 10, 64)
	return n, err == nil && n >= 0
}

// conversationsHistory pages through a conversation from the newest message back; replies in threads are not in it.
func conversationsHistory(c *call) (reply, *refusal) {
	place, no := c.inside(c.args["channel"], "history")
	if no != nil {
		return nil, no
	}
	in, no := c.args.window()
	if no != nil {
		return nil, no
	}
	var found []*Message
	for _, m := range slices.Backward(place.messages) {
		inThread := m.ThreadTS != "" && m.ThreadTS != m.TS && m.Subtype != "thread_broadcast"
		if !m.Deleted && m.EphemeralTo == "" && !inThread && in.holds(m.TS) {
			found = append(found, m)
		}
	}
	out, no := c.messages(found, func(m *Message, from string) bool { return m.TS <= from })
	if no != nil {
		return nil, no
	}
	out["pin_count"], out["channel_actions_ts"], out["channel_actions_count"] = 0, nil, 0
	if in.latest != 0 {
		out["latest"] = c.args["latest"]
	}
	return out, nil
}

// conversationsReplies pages through a thread: its parent, then the replies, oldest first.
func conversationsReplies(c *call) (reply, *refusal) {
	place, no := c.inside(c.args["channel"], "history")
	if no != nil {
		return nil, no
	}
	in, no := c.args.window()
	if no != nil {
		return nil, no
	}
	parent := c.world.message(place.ID, c.args["ts"])
	if parent != nil && parent.ThreadTS != "" {
		parent = c.world.message(place.ID, parent.ThreadTS)
	}
	if parent == nil || parent.EphemeralTo != "" {
		return nil, refuse("thread_not_found")
	}
	found := []*Message{parent}
	for _, m := range place.replies(parent.TS) {
		if in.holds(m.TS) {
			found = append(found, m)
		}
	}
	return c.messages(found, func(m *Message, from string) bool { return m.TS >= from })
}

// messages is the page of messages that a call asks for; follows says that a message belongs on or after the page that begins at from.
func (c *call) messages(found []*Message, follows func(m *Message, from string) bool) (reply, *refusal) {
	limit, no := c.args.limit(100, mostMessages)
	if no != nil {
		return nil, no
	}
	from, no := c.args.after("next_ts")
	if no != nil {
		return nil, no
	}
	if from != "" {
		micros, err := strconv.ParseInt(from, 10, 64)
		if err != nil {
			return nil, refuse("invalid_cursor")
		}
		found = slices.DeleteFunc(found, func(m *Message) bool { return !follows(m, tsOf(micros)) })
	}
	next := ""
	if len(found) > limit {
		next = cursor("next_ts", strings.ReplaceAll(found[limit].TS, ".", ""))
		found = found[:limit]
	}
	list := make([]map[string]any, 0, len(found))
	for _, m := range found {
		list = append(list, c.messageJSON(m, c.args.yes("include_all_metadata")))
	}
	out := reply{"messages": list, "has_more": next != ""}
	if next != "" {
		out["response_metadata"] = reply{"next_cursor": next}
	}
	return out, nil
}
