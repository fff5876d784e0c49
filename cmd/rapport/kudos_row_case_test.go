package main

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"rapport/bot"
)

// kudosRow is one row of the contract, or one of several inputs of it. Texts hold people as {a}, which is the id of whoever has that part in the case: giver, a, b, c,
// a person of the sample company by handle, the case's own user group as {group}, and channels as {#kudos}.
type kudosRow struct {
	number   int
	name     string
	typed    string   // after /kudos
	form     *rowForm // the same in the form, and in the form that the shortcut opens
	noForm   string   // why the form cannot say it, where form is nil
	guests   []string // who of the case is a guest
	group    []string // who is in the case's user group; nil: it has none
	disabled bool     // the user group is
	want     rowWant
	inForm   *rowWant // where the form's answer is another one
	story    func(c *rowCase)
}

// rowForm is how the form is filled.
type rowForm struct {
	to      string // names, and group for the case's user group
	message string // as it is typed there: nothing is escaped
	value   string
	private bool
}

// rowWant is what has to come of it.
type rowWant struct {
	to      string   // who is thanked; empty: nobody, and nothing is stored
	message string   // as it is stored
	value   string   //
	private bool     //
	says    []string // what the giver reads
	opens   bool     // the form opens, and says is read in it
	unsaid  []string // what the giver does not read
	picked  string   // whom it begins with
	shown   []string // what stands in the post, in the direct messages and in the digest; nil: the message
	never   []string // what stands in none of them
}

// The ways in.
const (
	byCommand  = "command"
	byForm     = "form"
	byShortcut = "shortcut"
)

// rowPlan is one row on one way.
type rowPlan struct {
	row kudosRow
	way string
	key string // names the case's channel, and the people in it
}

// rowPlans are all cases of all rows.
func rowPlans(rows []kudosRow) []rowPlan {
	var plans []rowPlan
	for i, row := range rows {
		ways := []string{byCommand}
		if row.form != nil {
			ways = append(ways, byForm, byShortcut)
		}
		for _, way := range ways {
			plans = append(plans, rowPlan{row: row, way: way, key: fmt.Sprintf("row%02d-%d%c", row.number, i, way[0])})
		}
	}
	return plans
}

// name is the test's.
func (p rowPlan) name() string { return fmt.Sprintf("row %02d %s/%s", p.row.number, p.row.name, p.way) }

// handle is what somebody is called who has a part in the case; others keep their name.
func (p rowPlan) handle(part string) string {
	if slices.Contains(rowRoles, part) {
		return part + "-" + p.key
	}
	return part
}

// rowCase is one row on one way, while it is tried.
type rowCase struct {
	*scenario
	rowPlan
	t    *testing.T
	town *rowTown
}

func (w *rowTown) try(t *testing.T, p rowPlan) {
	c := &rowCase{rowPlan: p, t: t, town: w, scenario: &scenario{remote: remote{t: t, url: w.slack.ControlURL()}, company: &company{town: w.town}}}
	switch {
	case p.row.story != nil:
		p.row.story(c)
	case p.way == byCommand:
		c.types("giver", c.row.typed)
		c.check(p.row.want)
	default:
		c.opens()
		c.fills(*p.row.form)
		want := p.row.want
		if p.row.inForm != nil {
			want = *p.row.inForm
		}
		c.check(want)
	}
	for _, broken := range c.state().Broken {
		t.Errorf("broke %s: %s", broken.Rule, broken.Detail)
	}
}

var rowPart = regexp.MustCompile(`\{[^{}]+\}`)

// fill puts ids in the place of names.
func (c *rowCase) fill(text string) string {
	return rowPart.ReplaceAllStringFunc(text, func(part string) string {
		name := strings.Trim(part, "{}")
		if id := c.id(name); id != "" {
			return id
		}
		return part
	})
}

// id finds somebody or something by name.
func (c *rowCase) id(name string) string {
	if name == "group" {
		return c.town.ids["+"+c.key+"-group"]
	}
	return c.town.ids[c.handle(name)]
}

func (c *rowCase) list(names string) []string {
	ids := []string{}
	for name := range strings.FieldsSeq(names) {
		ids = append(ids, c.id(name))
	}
	return ids
}

// home is the case's channel.
func (c *rowCase) home() string { return c.town.ids["#"+c.key] }

// types types a text after /kudos in the case's channel.
func (c *rowCase) types(who, text string) { c.typesIn(c.home(), who, text) }

func (c *rowCase) typesIn(channel, who, text string) {
	c.t.Helper()
	c.last = c.act("/command", map[string]any{"user": c.id(who), "channel": channel, "command": "/kudos", "text": c.fill(text)})
	if !c.last.Acked {
		c.t.Fatalf("/kudos %.200s: not acknowledged: %s", text, c.last.failure())
	}
	c.settle()
}

// opens opens the form: as an empty command does, or from a message of a's.
func (c *rowCase) opens() {
	c.t.Helper()
	if c.way == byForm {
		c.types("giver", "")
		return
	}
	said := c.act("/message", map[string]any{"user": c.id("a"), "channel": c.home(), "text": "The import runs again, everybody is through"})
	c.last = c.act("/shortcut", map[string]any{"user": c.id("giver"), "callback_id": "give_kudos", "channel": c.home(), "ts": said.TS})
	c.settle()
	if raw := c.modal(); !strings.Contains(raw, c.id("a")) {
		c.t.Errorf("the shortcut on a's message opened a form without them: %s", raw)
	}
}

// modal is the giver's open form, as Slack has it.
func (c *rowCase) modal() string {
	for _, v := range slices.Backward(c.state().Views) {
		if v.User == c.id("giver") && v.Type == "modal" {
			return string(v.View)
		}
	}
	return ""
}

// fills fills the open form and sends it.
func (c *rowCase) fills(f rowForm) {
	c.t.Helper()
	values := map[string]map[string]any{"kudos_message": {"kudos_message": c.fill(f.message)}}
	var people []string
	for name := range strings.FieldsSeq(f.to) {
		if name == "group" {
			values["kudos_group"] = map[string]any{"kudos_group": c.id("group")}
			continue
		}
		people = append(people, c.id(name))
	}
	values["kudos_to"] = map[string]any{"kudos_to": people}
	if f.value != "" {
		values["kudos_value"] = map[string]any{"kudos_value": f.value}
	}
	if f.private {
		values["kudos_private"] = map[string]any{"kudos_private": []string{"private"}}
	}
	c.submits(values)
}

func (c *rowCase) submits(values map[string]map[string]any) {
	c.t.Helper()
	c.last = c.act("/submit", map[string]any{"user": c.id("giver"), "values": values})
	if !c.last.Acked && c.last.failure() != "invalid_input" { // Slack itself may complain
		c.t.Fatalf("the form was not sent: %s", c.last.failure())
	}
	c.settle()
}

// presses presses a button, and lets what follows arrive.
func (c *rowCase) presses(who, label string) {
	c.t.Helper()
	if err := c.use(c.state(), c.id(who), label, theButton, "/click"); err != nil {
		c.t.Fatal(err)
	}
	c.settle()
}

// check holds what came of it against what has to.
func (c *rowCase) check(want rowWant) {
	c.t.Helper()
	c.checkAnswer(want)
	stored := c.given("giver")
	if want.to == "" {
		if len(stored) != 0 {
			c.t.Errorf("stored is %+v, want nothing", stored)
		}
		c.countEverywhere(want, 0, 0)
		return
	}
	if len(stored) != 1 {
		c.t.Fatalf("stored are %d kudos, want one; the answer was\n%s", len(stored), c.answer())
	}
	k := stored[0]
	got := fmt.Sprintf("to %v %q value %q private %t posted %t", k.Recipients, k.Message, k.Value, k.Private, k.Posted)
	wanted := fmt.Sprintf("to %v %q value %q private %t posted %t", c.list(want.to), c.fill(want.message), want.value, want.private, !want.private)
	if got != wanted {
		c.t.Errorf("stored is\n%s, want\n%s", got, wanted)
	}
	posts := 1
	if want.private {
		posts = 0
	}
	c.countEverywhere(want, posts, 1)
	c.checkDigest(want, posts == 1)
}

// given are somebody's kudos as they are stored.
func (c *rowCase) given(who string) []bot.Kudos {
	c.t.Helper()
	given, _, err := c.town.house.store.MemberKudos(c.t.Context(), c.id(who), 100)
	if err != nil {
		c.t.Fatal(err)
	}
	return given
}

// checkAnswer looks for what the giver has to read.
func (c *rowCase) checkAnswer(want rowWant) {
	c.t.Helper()
	answer := c.answer()
	raw := c.modal()
	if want.opens != (raw != "") && c.way == byCommand {
		c.t.Errorf("a form is open: %t, want %t; the answer was\n%s", raw != "", want.opens, answer)
	}
	for _, said := range want.says {
		if c.way != byCommand && want.to == "" && strings.Contains(c.row.form.message, said) {
			if raw == "" {
				c.t.Error("the form is gone, and with it what was typed there")
			}
			continue
		}
		if !strings.Contains(answer, c.fill(said)) {
			c.t.Errorf("the giver does not read %q; there is\n%.3000s", c.fill(said), answer)
		}
	}
	for _, said := range want.unsaid {
		if strings.Contains(answer, c.fill(said)) {
			c.t.Errorf("the giver reads %q; there is\n%.3000s", c.fill(said), answer)
		}
	}
	for _, id := range c.list(want.picked) {
		if !strings.Contains(raw, `"`+id+`"`) {
			c.t.Errorf("the form does not begin with %s: %s", id, raw)
		}
	}
}

// answer is all that the giver reads and nobody else: the acknowledgement, ephemeral messages, the open form and what is wrong with it.
func (c *rowCase) answer() string {
	c.t.Helper()
	now := c.state()
	all := []string{words(c.last.failure()+"\n"+fmt.Sprint(c.last.Errors), c.last.Response)}
	for _, m := range now.Messages {
		if m.EphemeralTo == c.id("giver") {
			all = append(all, words(m.Text, m.Blocks))
		}
	}
	for _, v := range now.Views {
		if v.User == c.id("giver") && v.Type == "modal" {
			all = append(all, words("", v.View), fmt.Sprint(v.Errors))
		}
	}
	return strings.Join(all, "\n")
}

// countEverywhere counts the app's messages: in the case's channel, and to each of its people. Those who are thanked have so many.
func (c *rowCase) countEverywhere(want rowWant, posts, notes int) {
	c.t.Helper()
	now := c.state()
	if said := c.app(now, c.home()); len(said) != posts {
		c.t.Errorf("%d messages of the app's are in the channel, want %d:\n%s", len(said), posts, strings.Join(said, "\n"))
	} else if posts > 0 {
		c.checkWords("the channel", said[0], want)
	}
	for _, role := range rowRoles {
		place, err := now.place("dm " + c.handle(role))
		if err != nil {
			c.t.Fatal(err)
		}
		n := 0
		if slices.Contains(strings.Fields(want.to), role) {
			n = notes
		}
		said := c.app(now, place)
		if len(said) != n {
			c.t.Errorf("%s has %d messages of the app's, want %d:\n%s", role, len(said), n, strings.Join(said, "\n"))
		} else if n > 0 {
			c.checkWords("the message to "+role, said[0], want)
		}
	}
}

// written are the app's messages in a conversation, for all who are in it.
func (c *rowCase) written(now scene, channel string) []said {
	return slices.DeleteFunc(slices.Clone(now.Messages), func(m said) bool {
		return m.Channel != channel || m.User != now.App.BotUser || m.EphemeralTo != "" || channel == ""
	})
}

// app is what these messages say.
func (c *rowCase) app(now scene, channel string) []string {
	var texts []string
	for _, m := range c.written(now, channel) {
		texts = append(texts, words(m.Text, m.Blocks))
	}
	return texts
}

// checkDigest has a giver look at the digest, in which a kudos stands exactly if it was posted.
func (c *rowCase) checkDigest(want rowWant, there bool) {
	c.t.Helper()
	c.types("giver", "digest")
	digest := words("", c.last.Response)
	if there {
		c.checkWords("the digest", digest, want)
		return
	}
	for _, said := range want.expected() {
		if strings.Contains(digest, c.fill(said)) {
			c.t.Errorf("the digest says %q:\n%s", said, digest)
		}
	}
}

func (w rowWant) expected() []string {
	if w.shown == nil {
		return []string{w.message}
	}
	return w.shown
}

func (c *rowCase) checkWords(where, text string, want rowWant) {
	c.t.Helper()
	for _, said := range want.expected() {
		if !strings.Contains(text, c.fill(said)) {
			c.t.Errorf("%s does not say %q:\n%s", where, c.fill(said), text)
		}
	}
	for _, said := range want.never {
		if strings.Contains(text, c.fill(said)) {
			c.t.Errorf("%s says %q:\n%s", where, c.fill(said), text)
		}
	}
}
