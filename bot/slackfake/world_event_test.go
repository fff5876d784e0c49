package slackfake

import (
	"encoding/json"
	"fmt"
	"testing"
)

// TestEvents lets things happen in the workspace and reads what the app is told. Each act is followed by a reaction in #general, which is
// always told: what an act tells nobody shows as nothing before it.
func TestEvents(t *testing.T) {
	const manifest = `
display_information: {name: Listener}
features: {bot_user: {display_name: listener}, app_home: {messages_tab_enabled: true}}
oauth_config: {scopes: {bot: [channels:history, im:history, reactions:read, channels:read, groups:read, users:read, app_mentions:read, usergroups:read]}}
settings:
  event_subscriptions:
    bot_events: [message.channels, message.im, app_mention, reaction_added, reaction_removed, member_joined_channel, member_left_channel,
      channel_left, group_left, channel_created, team_join, user_change, subteam_created, subteam_updated]
  socket_mode_enabled: true
`
	o := openWith(t, Config{Manifest: []byte(manifest)})
	c := dial(t, o.Server, nil)
	c.hello()
	o.mu.Lock()
	general, random, circle := o.world.channels["CGEN"], o.world.channels["CRAND"], o.world.channels["CCIRC"]
	bell := o.addMessage(general, &Message{User: "UANA", Text: "the bell"})
	o.mu.Unlock()
	c.next()
	var m, own *Message
	for i, act := range []struct {
		name string
		do   func()
		want []string // type, subtype, user and channel of each event
	}{
		{"a message", func() { m = o.addMessage(general, &Message{User: "UANA", Text: "hi"}) }, []string{"message  UANA CGEN"}},
		{"its change", func() { o.updateMessage(m, "hi!", nil, nil, nil) }, []string{"message message_changed  CGEN"}},
		{"its end", func() { o.deleteMessage(m) }, []string{"message message_deleted  CGEN"}},
		{"the app's own message", func() { own = o.addMessage(general, &Message{User: o.app.botUser, BotID: o.app.botID, Text: "me"}) }, []string{
			"message  " + o.app.botUser + " CGEN",
		}},
		{"a message where the app is not", func() { o.addMessage(random, &Message{User: "UANA", Text: "hi"}) }, nil},
		{"an ephemeral one", func() { o.addMessage(general, &Message{User: o.app.botUser, Text: "psst", EphemeralTo: "UANA"}) }, nil},
		{"a mention", func() { o.addMessage(general, &Message{User: "UBEN", Text: "hi <@" + o.app.botUser + ">"}) }, []string{
			"message  UBEN CGEN", "app_mention  UBEN CGEN",
		}},
		{"a mention where the app is not", func() { o.addMessage(random, &Message{User: "UBEN", Text: "hi <@" + o.app.botUser + ">"}) }, nil},
		{"a mention in a DM", func() {
			dm, _ := o.world.dm(monday, "UANA", o.app.botUser)
			o.addMessage(dm, &Message{User: "UANA", Text: "hi <@" + o.app.botUser + ">"})
		}, []string{"message  UANA D000000001"}},
		{"a reaction", func() { o.addReaction(own, "UANA", "tada") }, []string{"reaction_added  UANA CGEN"}},
		{"the same again", func() { o.addReaction(own, "UANA", "tada") }, nil},
		{"it is taken back", func() { o.removeReaction(own, "UANA", "tada") }, []string{"reaction_removed  UANA CGEN"}},
		{"somebody joins", func() { o.join(general, "UGUEST") }, []string{"member_joined_channel  UGUEST CGEN"}},
		{"somebody leaves", func() { o.leave(general, "UGUEST") }, []string{"member_left_channel  UGUEST CGEN"}},
		{"somebody joins elsewhere", func() { o.join(random, "UGUEST") }, nil},
		{"the app is invited", func() { o.invite(random, o.app.botUser, "UANA") }, []string{"member_joined_channel  " + o.app.botUser + " CRAND"}},
		{"the app is removed", func() { o.leave(random, o.app.botUser) }, []string{"channel_left   CRAND"}},
		{"also from a private channel", func() { o.leave(circle, o.app.botUser) }, []string{"group_left   CCIRC"}},
		{"a new channel", func() { o.addChannel(&Channel{ID: "CNEW", Name: "new"}) }, []string{"channel_created   CNEW"}},
		{"a new private channel", func() { o.addChannel(&Channel{ID: "CDARK", Name: "dark", Kind: Private}) }, nil},
		{"a new person", func() { o.addUser(&User{ID: "UNEW", Name: "new"}) }, []string{"team_join  UNEW "}},
		{"a changed one", func() { o.changeUser(&User{ID: "UNEW", Name: "newer"}) }, []string{"user_change  UNEW "}},
		{"a new group", func() { o.addGroup(&UserGroup{ID: "SNEW"}) }, []string{"subteam_created   "}},
		{"a changed one", func() { o.addGroup(&UserGroup{ID: "SNEW"}) }, []string{"subteam_updated   "}},
	} {
		o.mu.Lock()
		act.do()
		if code := o.addReaction(bell, "UANA", fmt.Sprintf("bell%d", i)); code != "" {
			t.Fatal(code)
		}
		o.mu.Unlock()
		t.Run(act.name, func(t *testing.T) {
			for _, want := range append(act.want, "reaction_added  UANA CGEN") {
				if got := told(t, c.next()); got != want {
					t.Errorf("told %q, want %q", got, want)
				}
			}
		})
	}
}

// told is the type, subtype, user and channel of an event.
func told(t *testing.T, w wire) string {
	t.Helper()
	var payload struct {
		Event struct {
			Type    string `json:"type"`
			Subtype string `json:"subtype"`
			User    any    `json:"user"`
			Channel any    `json:"channel"`
			Item    struct {
				Channel string `json:"channel"`
			} `json:"item"`
		} `json:"event"`
	}
	if err := json.Unmarshal(w.Payload, &payload); err != nil {
		t.Fatal(err)
	}
	e := payload.Event
	name := func(v any) string {
		if obj, ok := v.(map[string]any); ok {
			v = obj["id"]
		}
		text, _ := v.(string)
		return text
	}
	return fmt.Sprintf("%s %s %s %s", e.Type, e.Subtype, name(e.User), name(e.Channel)+e.Item.Channel)
}
