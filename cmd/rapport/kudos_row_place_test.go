package main

import (
	"encoding/json"
	"strings"

	"rapport/bot"
)

// rowInDM is row 39 in the app's own conversation, and in one with a colleague.
func rowInDM(c *rowCase) {
	for to, with := range map[string]string{"a": "@rapport", "c": c.id("b")} {
		text := didIt + " of " + c.key + " for " + to
		c.typesIn(with, "giver", "<@{"+to+"}> "+text)
		c.checkNote(to, text)
	}
}

// rowInGroupDM is row 39 in a conversation of a few, which Rapport is no part of.
func rowInGroupDM(c *rowCase) {
	place := c.channel(map[string]any{"kind": "mpim", "members": []string{c.handle("giver"), c.handle("a"), c.handle("b")}})
	text := didIt + " of " + c.key
	c.typesIn(place, "giver", "<@{a}> "+text)
	c.checkNote("a", text)
}

// rowOutside is row 39 in a channel that the bot is not in, without a channel that the workspace chose for that, and with one.
func rowOutside(c *rowCase) {
	place := c.channel(map[string]any{"name": c.key + "-far", "kind": "public", "members": []string{c.handle("giver"), c.handle("a"), c.handle("b"), c.handle("c")}})
	text := didIt + " of " + c.key
	c.typesIn(place, "giver", "<@{a}> "+text)
	c.checkNote("a", text)
	c.town.decide(c.t, func(w *bot.Workspace) { w.Kudos.Channel = c.home() })
	defer c.town.decide(c.t, func(w *bot.Workspace) { w.Kudos.Channel = "" })
	// Somebody is thanked at once, by direct message. In public it stands only after the giver has seen it with the channel's name and said yes.
	other := didIt + " once more of " + c.key
	c.typesIn(place, "giver", "<@{b}> "+other)
	c.checkNote("b", other)
	c.checkAnswer(rowWant{says: []string{"<#" + c.home() + ">", "thanks <@{b}>"}})
	// A private one is not even asked about.
	c.typesIn(place, "giver", "<@{c}> "+didIt+" and told nobody --private")
	if answer := words("", c.last.Response); strings.Contains(answer, "Should others read it") {
		c.t.Errorf("the giver is asked whether others should read what is private:\n%s", answer)
	}
	c.presses("giver", "Post it in #"+c.key)
	posts := c.app(c.state(), c.home())
	if len(posts) != 1 || !strings.Contains(posts[0], other) {
		c.t.Errorf("after a yes there stand %q", posts)
	}
}

// checkNote holds that somebody has the newest of the giver's kudos, as the one message of the app's to them, that it stands in no channel, and that the giver was told the way.
func (c *rowCase) checkNote(to, text string) {
	c.t.Helper()
	c.checkAnswer(rowWant{says: []string{saidThanks, text, "reaches them alone"}})
	now := c.state()
	place, err := now.place("dm " + c.handle(to))
	if err != nil {
		c.t.Fatal(err)
	}
	if said := c.app(now, place); len(said) != 1 || !strings.Contains(said[0], text) {
		c.t.Errorf("the messages to %s are %q, want one that says %q", to, said, text)
	}
	stored := c.given("giver")
	if len(stored) == 0 || stored[0].Posted || stored[0].Message != text {
		c.t.Errorf("stored is %+v, want as the newest %q, and not posted", stored, text)
	}
	for _, m := range now.Messages {
		if m.User == now.App.BotUser && m.EphemeralTo == "" && m.Channel != place && strings.Contains(words(m.Text, m.Blocks), text) {
			c.t.Errorf("it stands in %s, too", m.Channel)
		}
	}
}

// channel makes a conversation and returns its id.
func (c *rowCase) channel(order map[string]any) string {
	c.t.Helper()
	var made struct{ Channels []string }
	if err := json.Unmarshal(c.post("/people", map[string]any{"channels": []any{order}}), &made); err != nil {
		c.t.Fatal(err)
	}
	return made.Channels[0]
}

// rowPrivateChannel is row 40.
func rowPrivateChannel(c *rowCase) {
	place := c.channel(map[string]any{"name": c.key + "-few", "kind": "private", "members": []string{c.handle("giver"), c.handle("a"), c.handle("b")}})
	c.last = c.act("/join", map[string]any{"user": "@rapport", "channel": place, "by": c.id("giver")})
	c.settle()
	c.typesIn(place, "giver", "<@{a}> "+didIt)
	c.checkAnswer(rowWant{says: []string{saidThanks, "<#" + place + ">"}})
	c.countEverywhere(rowWant{to: "a", shown: []string{didIt}}, 0, 1)
	if posts := c.app(c.state(), place); len(posts) == 0 || !strings.Contains(posts[len(posts)-1], didIt) {
		c.t.Errorf("it does not stand in its own channel: %q", posts)
	}
	stored := c.given("giver")
	if len(stored) != 1 || !stored[0].Closed || stored[0].Channel != place {
		c.t.Errorf("stored is %+v, want one that stays in its channel", stored)
	}
	for who, sees := range map[string]bool{place: true, c.home(): false} {
		c.typesIn(who, "giver", "digest")
		if digest := words("", c.last.Response); strings.Contains(digest, didIt) != sees {
			c.t.Errorf("the digest of %s shows it: %t, want %t:\n%s", who, !sees, sees, digest)
		}
	}
	c.typesIn(c.home(), "b", "mine")
	if mine := words("", c.last.Response); strings.Contains(mine, didIt) {
		c.t.Errorf("b, who has nothing to do with it, finds it in theirs:\n%s", mine)
	}
}

// says has somebody write a message, and returns where it stands.
func (c *rowCase) says(who, text string) string {
	c.t.Helper()
	said := c.act("/message", map[string]any{"user": c.id(who), "channel": c.home(), "text": text})
	if said.TS == "" {
		c.t.Fatalf("%s could not write: %s", who, said.failure())
	}
	return said.TS
}

// reacts sets an emoji on a message, or takes it back. How often Slack tells the app is an argument.
func (c *rowCase) reacts(who, ts string, remove bool, times int) {
	c.t.Helper()
	if times > 1 {
		c.post("/faults", map[string]any{"envelope": "events_api", "kind": "duplicate", "count": 1})
	}
	done := c.act("/react", map[string]any{"user": c.id(who), "channel": c.home(), "ts": ts, "emoji": "clap", "remove": remove})
	if done.failure() != "" {
		c.t.Fatalf("react: %s", done.failure())
	}
	c.settle()
	c.post("/faults", map[string]any{"clear": true})
}

// rowReaction is row 43.
func rowReaction(c *rowCase) {
	ts := c.says("a", "The import runs again, everybody is through")
	count := func(what string, want int) {
		c.t.Helper()
		if given := c.given("giver"); len(given) != want {
			c.t.Errorf("after %s there are %d, want %d: %+v", what, len(given), want, given)
		}
	}
	c.reacts("giver", ts, false, 1)
	count("a reaction where none is chosen", 0)
	c.reacts("giver", ts, true, 1)
	c.town.decide(c.t, func(w *bot.Workspace) { w.Kudos.Reaction = "clap" })
	defer c.town.decide(c.t, func(w *bot.Workspace) { w.Kudos.Reaction = "" })
	c.reacts("giver", ts, false, 2)
	count("a reaction that came twice", 1)
	c.reacts("giver", ts, true, 2)
	count("taking it back, which came twice", 0)
	c.reacts("giver", ts, false, 1)
	count("reacting again", 1)
	c.reacts("a", ts, false, 1)
	if given := c.given("a"); len(given) != 0 {
		c.t.Errorf("a thanked themselves: %+v", given)
	}
	given := c.given("giver")
	if len(given) == 1 && (given[0].Recipients[0] != c.id("a") || given[0].Reaction != "clap") {
		c.t.Errorf("stored is %+v", given[0])
	}
}

// rowShortcuts is row 44.
func rowShortcuts(c *rowCase) {
	c.types("b", "<@{c}> "+didIt)
	posts := c.written(c.state(), c.home())
	if len(posts) != 1 {
		c.t.Fatalf("there is no message of the app's: %q", posts)
	}
	c.last = c.act("/join", map[string]any{"user": c.id("deploys"), "channel": c.home(), "by": c.id("b")})
	for _, on := range []struct{ whose, ts, told string }{
		{"the giver's own message", c.says("giver", "I have read it all"), "That message is your own"},
		{"the app's message", posts[0].TS, "An app wrote that message"},
		{"a bot's message", c.says("deploys", "Deployed, all is green"), "An app wrote that message"},
	} {
		c.shortcut(on.ts)
		raw := c.modal()
		if strings.Contains(raw, "initial_user") || strings.Contains(raw, "initial_conversation") || !strings.Contains(raw, "kudos_message") {
			c.t.Errorf("the form on %s begins with somebody: %s", on.whose, raw)
		}
		c.checkAnswer(rowWant{opens: true, says: []string{on.told}})
		c.post("/close", map[string]any{"user": c.id("giver")})
		c.settle()
	}
	c.types("b", "undo")
	c.types("giver", "digest") // so that no answer above is taken for one below
	rowDeleted(c)
}

// rowDeleted is row 44 on a message that is deleted. Before the form opens Slack itself refuses. While it is open nobody tells Rapport: the thank-you is given, and
// keeps the link, of which Slack says that the message is gone.
func rowDeleted(c *rowCase) {
	remove := func(ts string) {
		c.t.Helper()
		if done := c.act("/delete", map[string]any{"user": c.id("a"), "channel": c.home(), "ts": ts}); done.failure() != "" {
			c.t.Fatalf("delete: %s", done.failure())
		}
		c.settle()
	}
	gone := c.says("a", "The import runs again, nearly everybody is through")
	remove(gone)
	c.shortcut(gone)
	if c.last.failure() != "message_not_found" || c.modal() != "" {
		c.t.Errorf("the shortcut on a deleted message: %q, the form %s", c.last.failure(), c.modal())
	}
	ts := c.says("a", "The import runs again, everybody is through")
	c.shortcut(ts)
	remove(ts)
	c.fills(rowForm{to: "a", message: didIt})
	c.check(rowWant{to: "a", message: didIt, says: []string{saidThanks}})
	if about := c.given("giver")[0].About; !strings.HasSuffix(about, strings.Replace(ts, ".", "", 1)) {
		c.t.Errorf("it is about %q, want the message of %s", about, ts)
	}
}

// shortcut uses the shortcut on a message.
func (c *rowCase) shortcut(ts string) {
	c.t.Helper()
	c.last = c.act("/shortcut", map[string]any{"user": c.id("giver"), "callback_id": "give_kudos", "channel": c.home(), "ts": ts})
	c.settle()
}

// rowRefusedDM is row 45: Slack refuses the recipient's message twice. The post stands, and stands once; the message comes when Slack lets it.
func rowRefusedDM(c *rowCase) {
	c.town.door.shut(c.id("a"), 2) // a conversation that was never opened is written to by the member's id
	c.types("giver", "<@{a}> "+didIt)
	c.checkAnswer(rowWant{says: []string{saidThanks}})
	if stored := c.given("giver"); len(stored) != 1 {
		c.t.Errorf("stored is %+v, want one", stored)
	}
	c.countEverywhere(rowWant{to: "a", message: didIt}, 1, 0)
	c.advance("10m")
	c.check(rowWant{to: "a", message: didIt})
	if n := c.town.door.count(); n != 2 {
		c.t.Errorf("the message was refused %d times, want 2: it proves nothing", n)
	}
	c.town.door.shut("", 0)
}

// rowTeam is row 23, by command and by the form.
func rowTeam(c *rowCase) {
	before := c.notes(c.row.group)
	c.types("giver", "<!subteam^{group}> "+didIt)
	c.checkAnswer(rowWant{opens: true, says: []string{"One thank-you to the whole team", didIt}})
	if stored := c.given("giver"); len(stored) != 0 {
		c.t.Errorf("stored is %+v before a yes", stored)
	}
	c.submits(nil)
	c.countEverywhere(rowWant{shown: []string{didIt}}, 1, 0)
	c.checkDigest(rowWant{message: didIt}, true)
	// In the form a group that turns out to be large asks first, too.
	c.types("giver", "")
	c.fills(rowForm{to: "group", message: didIt + " again"})
	if stored := c.given("giver"); len(stored) != 1 {
		c.t.Errorf("stored are %d before the second yes, want 1", len(stored))
	}
	c.checkAnswer(rowWant{opens: true, says: []string{"One thank-you to the whole team"}})
	c.submits(nil)
	stored := c.given("giver")
	if len(stored) != 2 {
		c.t.Fatalf("stored are %d, want two; the answer was\n%s", len(stored), c.answer())
	}
	for _, k := range stored {
		if k.Team != c.id("group") || len(k.Recipients) != len(c.row.group) {
			c.t.Errorf("stored is %+v, want one for the whole team", k)
		}
	}
	c.advance("5m")
	for name, n := range c.notes(c.row.group) {
		if n != before[name] {
			c.t.Errorf("%s got a message of their own", name)
		}
	}
}

// notes count the app's messages to people.
func (c *rowCase) notes(names []string) map[string]int {
	c.t.Helper()
	counts := map[string]int{}
	now := c.state()
	for _, name := range names {
		place, err := now.place("dm " + name)
		if err != nil {
			c.t.Fatal(err)
		}
		counts[name] = len(c.app(now, place))
	}
	return counts
}
