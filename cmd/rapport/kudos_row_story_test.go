package main

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"rapport/bot"
)

// rowGroupFails is row 13: where Slack cannot say who is in a group, nothing is stored, and the person has their text back.
func rowGroupFails(c *rowCase) {
	for _, fault := range []map[string]any{
		{"method": "usergroups.users.list", "kind": "500", "count": 1},
		{"method": "usergroups.users.list", "kind": "429", "count": 1, "retry_after": 30},
		{"method": "usergroups.users.list", "kind": "delay", "delay_ms": 1500, "count": 1},
	} {
		c.post("/faults", fault)
		c.types("giver", "<@{a}> <!subteam^{group}> "+didIt) // not even who was named goes ahead
		c.post("/faults", map[string]any{"clear": true})
		c.check(rowWant{says: []string{didIt}})
		if strings.Contains(c.answer(), saidThanks) {
			c.t.Errorf("%v: it says that it was given:\n%s", fault["kind"], c.answer())
		}
		c.advance("1m")
	}
}

// rowGroupsOff is row 13 in a workspace that did not allow Rapport to look into user groups.
func rowGroupsOff(c *rowCase) {
	runScenario(c.t, `now 2026-03-25T10:17:00+01:00
bob #kudos /kudos @ana @oncall for the night without a single page
see ack "I cannot see who is in a user group here"
see ack "for the night without a single page"
count #kudos 0 "without a single page"
count dm ivo 0
count dm ana 0 "without a single page"`)
}

// rowNoGuests is row 19 where the workspace decided otherwise.
func rowNoGuests(c *rowCase) {
	c.town.decide(c.t, func(w *bot.Workspace) { w.Kudos.NoGuests = true })
	defer c.town.decide(c.t, func(w *bot.Workspace) { w.Kudos.NoGuests = false })
	c.types("giver", "<@{a}> "+didIt)
	c.check(rowWant{says: []string{"guest", didIt}})
	c.types("giver", "<@{a}> <@{b}> "+didIt)
	c.check(rowWant{to: "b", message: didIt, says: []string{"<@{a}>", "guest"}})
}

// rowAsItIs is row 25 where somebody wants few words all the same.
func rowAsItIs(c *rowCase) {
	c.types("giver", "<@{a}> thx")
	c.presses("giver", "Send it as it is")
	c.check(rowWant{to: "a", message: "thx", says: []string{saidThanks}})
	c.types("giver", "")
	c.fills(rowForm{to: "b", message: "ta"})
	if n := len(c.given("giver")); n != 1 {
		c.t.Errorf("%d are stored before the yes in the form, want 1", n)
	}
	c.submits(nil)
	if given := c.given("giver"); len(given) != 2 || given[0].Message != "ta" || given[0].Recipients[0] != c.id("b") {
		c.t.Errorf("stored is %+v, want what the form says, too", given)
	}
}

// rowSameEnvelope is row 36: at once on both connections, and again when much is forgotten.
func rowSameEnvelope(c *rowCase) {
	use := c.town.house.bot.Recognition
	c.town.decide(c.t, func(w *bot.Workspace) { w.Kudos.Daily = 1 })
	defer c.town.decide(c.t, func(w *bot.Workspace) { w.Kudos.Daily = 0 })
	c.town.relay.deliver(2)
	c.types("giver", "<@{a}> "+didIt)
	c.town.relay.deliver(1)
	envelope := c.town.relay.newest()
	answers := c.town.relay.answered(c.t, envelope, 2)
	for n, later := range []string{"1m", "10m", "5h"} {
		c.advance(later)
		c.town.relay.again(c.t)
		answers = c.town.relay.answered(c.t, envelope, 3+n)
	}
	for n, said := range answers {
		if !strings.Contains(said, saidThanks) || strings.Contains(said, "most for one day") {
			c.t.Errorf("answer %d is not the first one:\n%s", n, said)
		}
	}
	c.settle()
	if stored := c.given("giver"); len(stored) != 1 || use.DailyLimit() != 1 {
		c.t.Errorf("stored is %+v with a limit of %d", stored, use.DailyLimit())
	}
	c.countEverywhere(rowWant{to: "a", message: didIt}, 1, 1)
}

// rowTwin is row 37.
func rowTwin(c *rowCase) {
	c.types("giver", "<@{a}> <@{b}> "+didIt)
	c.types("giver", "<@{b}>, <@{a}> "+didIt)
	c.checkAnswer(rowWant{says: []string{"Send it again?", didIt}})
	if n := len(c.given("giver")); n != 1 {
		c.t.Fatalf("%d are stored before the answer, want 1", n)
	}
	c.presses("giver", "Send it again")
	if n := len(c.given("giver")); n != 2 {
		c.t.Errorf("%d are stored after a yes, want 2", n)
	}
	c.advance("2m")
	c.types("giver", "<@{a}> <@{b}> "+didIt)
	if n := len(c.given("giver")); n != 3 {
		c.t.Errorf("%d are stored two minutes later, want 3", n)
	}
}

// rowLastOfTheDay is row 38.
func rowLastOfTheDay(c *rowCase) {
	use := c.town.house.bot.Recognition
	for n := range use.DailyLimit() - 1 {
		wish := bot.GiveKudos{
			Token: bot.Token(fmt.Sprint("row38 ", n)), Giver: c.id("giver"), Channel: c.home(), Input: bot.ParseKudos(c.fill(fmt.Sprintf("<@{c}> %s, part %d", didIt, n)), nil),
		}
		if _, err := use.Give(c.t.Context(), c.town.clock.Now(), wish); err != nil {
			c.t.Fatal(err)
		}
	}
	c.settle()
	answers := make([]acted, 2)
	var both sync.WaitGroup
	for i := range answers {
		both.Go(func() {
			answers[i] = c.act("/command", map[string]any{
				"user": c.id("giver"), "channel": c.home(), "command": "/kudos", "text": c.fill(fmt.Sprintf("<@{%c}> %s at last", 'a'+rune(i), didIt)),
			})
		})
	}
	both.Wait()
	c.settle()
	said := []string{words("", answers[0].Response), words("", answers[1].Response)}
	slices.SortFunc(said, func(a, b string) int { return strings.Index(a, saidThanks) - strings.Index(b, saidThanks) })
	if !strings.Contains(said[1], saidThanks) || strings.Contains(said[0], saidThanks) || !strings.Contains(said[0], "most for one day") || !strings.Contains(said[0], didIt+" at last") {
		c.t.Errorf("the answers are\n%s\nand\n%s", said[0], said[1])
	}
	if n := len(c.given("giver")); n != use.DailyLimit() {
		c.t.Errorf("%d are stored, want %d", n, use.DailyLimit())
	}
}

// rowEdit is row 41.
func rowEdit(c *rowCase) {
	c.types("giver", "<@{a}> untangled the relaese scripts")
	c.presses("giver", "Edit this kudos")
	c.submits(map[string]map[string]any{"kudos_message": {"kudos_message": didIt + " <!here>"}})
	c.check(rowWant{
		to: "a", message: didIt + " &lt;!here&gt;", says: []string{"Changed"}, shown: []string{didIt}, never: []string{"relaese", "<!here>"},
	})
	if post := c.app(c.state(), c.home()); len(post) != 1 || !strings.Contains(post[0], "edited") {
		c.t.Errorf("the post does not say that it was edited: %q", post)
	}
}

// rowUndo is row 42.
func rowUndo(c *rowCase) {
	use := c.town.house.bot.Recognition
	c.town.decide(c.t, func(w *bot.Workspace) { w.Kudos.Daily = 1 })
	defer c.town.decide(c.t, func(w *bot.Workspace) { w.Kudos.Daily = 0 })
	c.types("giver", "<@{a}> "+didIt)
	first := c.given("giver")[0]
	c.types("giver", "<@{b}> "+didIt)
	c.checkAnswer(rowWant{says: []string{"most for one day"}})
	c.types("giver", "undo")
	c.checkAnswer(rowWant{says: []string{"Taken back"}})
	c.countEverywhere(rowWant{}, 0, 0)
	c.types("giver", "digest")
	if digest := words("", c.last.Response); strings.Contains(digest, didIt) {
		c.t.Errorf("the digest shows what was taken back:\n%s", digest)
	}
	tomb, err := c.town.house.store.Kudos(c.t.Context(), first.ID)
	if err != nil || tomb.Undone.IsZero() || tomb.Message != "" {
		c.t.Errorf("stored is %+v, %v, want a tombstone without a text", tomb, err)
	}
	c.types("giver", "undo")
	c.checkAnswer(rowWant{says: []string{"nothing to take back"}})
	second, err := use.Undo(c.t.Context(), c.town.clock.Now(), "row42 again", c.id("giver"), first.ID)
	if err != nil || !second.Undone.Equal(tomb.Undone) {
		c.t.Errorf("the second undo: %+v, %v, want the tombstone as it is", second, err)
	}
	// The day's one kudos was given back, and once: there is room for one, not for two.
	c.types("giver", "<@{b}> "+didIt)
	c.types("giver", "<@{c}> "+didIt)
	c.checkAnswer(rowWant{says: []string{"most for one day"}})
	if given := c.given("giver"); len(given) != 1 || given[0].Recipients[0] != c.id("b") {
		c.t.Errorf("stored is %+v, want the one for b", given)
	}
}

// rowTakenDown is row 42 where an admin takes it down: somebody reported it.
func rowTakenDown(c *rowCase) {
	c.town.decide(c.t, func(w *bot.Workspace) { w.Kudos.Daily = 1 })
	defer c.town.decide(c.t, func(w *bot.Workspace) { w.Kudos.Daily = 0 })
	c.types("giver", "<@{a}> "+didIt)
	k := c.given("giver")[0]
	if err := c.use(c.state(), c.id("a"), "Report this kudos", theOption, "/select"); err != nil {
		c.t.Fatal(err)
	}
	c.settle()
	c.last = c.act("/submit", map[string]any{"user": c.id("a"), "values": map[string]any{"report_words": map[string]any{"report_words": "That is a dig"}}})
	c.settle()
	for range 2 { // the second time does nothing
		c.town.press(c, "Take this kudos down", "report.down", k.ID)
		tomb, err := c.town.house.store.Kudos(c.t.Context(), k.ID)
		if err != nil || tomb.Undone.IsZero() || tomb.Message != "" {
			c.t.Fatalf("stored is %+v, %v, want a tombstone without a text", tomb, err)
		}
	}
	for _, m := range c.state().Messages {
		if m.Channel != c.home() && strings.Contains(words(m.Text, m.Blocks), c.id("giver")) && m.EphemeralTo == "" && strings.Contains(words(m.Text, m.Blocks), didIt) {
			c.t.Errorf("its text stands in %s still: %s", m.Channel, words(m.Text, m.Blocks))
		}
	}
	if posts := c.app(c.state(), c.home()); len(posts) != 0 {
		c.t.Errorf("it stands in the channel still: %q", posts)
	}
	c.checkDigest(rowWant{message: didIt}, false)
	c.types("giver", "<@{b}> "+didIt)
	c.types("giver", "<@{c}> "+didIt)
	c.checkAnswer(rowWant{says: []string{"most for one day"}})
	if given := c.given("giver"); len(given) != 1 || given[0].Recipients[0] != c.id("b") {
		c.t.Errorf("stored is %+v, want the one for b: the day's one was given back, once", given)
	}
}

// press has the first admin press a button in the app's conversation, whether or not it is still there.
func (w *rowTown) press(c *rowCase, label, action, value string) {
	c.t.Helper()
	admin := c.id("ana")
	now := c.state()
	place, err := now.place("dm ana")
	if err != nil {
		c.t.Fatal(err)
	}
	for _, m := range slices.Backward(c.written(now, place)) {
		if !strings.Contains(string(m.Blocks), "reported a kudos") && !strings.Contains(string(m.Blocks), "taken down") {
			continue
		}
		c.last = c.act("/click", map[string]any{
			"user": admin, "channel": place, "ts": m.TS, "action_id": action, "value": value, "forge": !strings.Contains(string(m.Blocks), label),
		})
		c.settle()
		return
	}
	c.t.Fatal("the admin was not asked")
}
