package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"rapport/bot"
)

// promiseCase is one row on one way, while it is tried.
type promiseCase struct {
	*rowCase
	promise promiseRow
	number  int // of the promise that came of it; 0: none
}

// tryPromise tries a row on one way, and returns it as it was left.
func (w *rowTown) tryPromise(t *testing.T, p promisePlan) *promiseCase {
	t.Helper()
	w.goTo(t, p.promise.at())
	c := &promiseCase{promise: p.promise, rowCase: &rowCase{
		rowPlan: p.rowPlan, t: t, town: w, scenario: &scenario{remote: w.remote(t), company: &company{town: w.town}},
	}}
	want := p.promise.want
	if p.way == byCommand {
		c.follows(p.promise.typed)
	} else {
		c.opensForm()
		c.fillsForm(*p.promise.form)
		if p.promise.inForm != nil {
			want = *p.promise.inForm
		}
	}
	c.checkPromise(want)
	if p.promise.then != "" && p.way == byCommand {
		c.goesOn()
	}
	if p.promise.story != nil {
		p.promise.story(c)
	}
	for _, broken := range c.state().Broken {
		t.Errorf("broke %s: %s", broken.Rule, broken.Detail)
	}
	return c
}

// tick lets everything that an act brought about reach its people; all rows of a moment are said in one minute.
func (c *promiseCase) tick() { c.advance("50ms") }

// follows types a text after /followup.
func (c *promiseCase) follows(text string) {
	c.t.Helper()
	c.last = c.act("/command", map[string]any{"user": c.id("giver"), "channel": c.id("#promises"), "command": "/followup", "text": c.fill(text)})
	if !c.last.Acked {
		c.t.Fatalf("/followup %.200s: not acknowledged: %s", text, c.last.failure())
	}
	c.tick()
}

// opensForm opens the form: as an empty command does, or from a message of a's.
func (c *promiseCase) opensForm() {
	c.t.Helper()
	if c.way == byForm {
		c.follows("")
		return
	}
	said := c.act("/message", map[string]any{"user": c.id("a"), "channel": c.id("#promises"), "text": "Who of you could look after this one?"})
	c.last = c.act("/shortcut", map[string]any{"user": c.id("giver"), "callback_id": "follow_up", "channel": c.id("#promises"), "ts": said.TS})
	c.tick()
	if raw := c.modal(); !strings.Contains(raw, c.id("a")) {
		c.t.Errorf("the shortcut on a's message opened a form without them: %s", raw)
	}
}

// fillsForm fills the open form and sends it.
func (c *promiseCase) fillsForm(f promiseForm) {
	c.t.Helper()
	people := []string{}
	for name := range strings.FieldsSeq(f.to) {
		people = append(people, c.id(name))
	}
	values := map[string]any{"followup_text": c.fill(f.text), "followup_to": people}
	if f.owner != "" {
		values["followup_owner"] = []string{c.id(f.owner)}
	}
	for block, value := range map[string]string{"followup_outside": f.outside, "followup_date": f.day, "followup_time": f.clock, "followup_every": f.every} {
		if value != "" {
			values[block] = value
		}
	}
	c.sendsForm(values)
}

// sendsForm sends the open form with some inputs changed.
func (c *promiseCase) sendsForm(changed map[string]any) {
	c.t.Helper()
	values := map[string]map[string]any{}
	for block, value := range changed {
		values[block] = map[string]any{block: value}
	}
	c.last = c.act("/submit", map[string]any{"user": c.id("giver"), "values": values})
	if !c.last.Acked && c.last.failure() != "invalid_input" { // Slack itself may complain
		c.t.Fatalf("the form was not sent: %s", c.last.failure())
	}
	c.tick()
}

// taps presses a button of the giver's.
func (c *promiseCase) taps(who, label string) {
	c.t.Helper()
	if err := c.use(c.state(), c.id(who), c.named(label), theButton, "/click"); err != nil {
		c.t.Fatalf("%v; there is\n%s", err, c.reads())
	}
	c.tick()
}

// named puts ids and the promise's number into a text.
func (c *promiseCase) named(text string) string {
	return c.fill(strings.ReplaceAll(text, "{n}", fmt.Sprint(c.number)))
}

// goesOn presses the row's button, and sends the form if that opens one.
func (c *promiseCase) goesOn() {
	c.t.Helper()
	c.taps("giver", c.promise.then)
	if c.modal() != "" {
		c.sendsForm(nil)
	}
	c.checkPromise(*c.promise.after)
}

// owed are the promises that the giver wrote, as they are stored.
func (c *promiseCase) owed() []bot.Commitment {
	c.t.Helper()
	owned, owed, err := c.town.house.store.MemberCommitments(c.t.Context(), c.id("giver"), c.town.clock.Now())
	if err != nil {
		c.t.Fatal(err)
	}
	for _, o := range owed {
		if o.By == c.id("giver") && o.Owner != c.id("giver") {
			owned = append(owned, o)
		}
	}
	return owned
}

// reads is all that the giver reads now: the answer, what only they see, the open form and what is wrong with it, and the app's conversation with them.
func (c *promiseCase) reads() string {
	c.t.Helper()
	now := c.state()
	place, err := now.place("dm " + c.handle("giver"))
	if err != nil {
		c.t.Fatal(err)
	}
	return strings.Join(append([]string{c.answer()}, c.app(now, place)...), "\n")
}

// checkPromise holds what came of it against what has to.
func (c *promiseCase) checkPromise(want promiseWant) {
	c.t.Helper()
	stored := c.owed()
	if want.text == "" && len(stored) != 0 {
		c.t.Errorf("stored is %+v, want nothing; the answer was\n%s", stored, c.reads())
	}
	if want.text != "" {
		if len(stored) != 1 {
			c.t.Fatalf("stored are %d promises, want one; the answer was\n%s", len(stored), c.reads())
		}
		c.number = stored[0].ID
		c.checkStored(stored[0], want)
	}
	c.checkRead(want)
	c.checkQuiet(want)
}

// checkStored compares a promise with what it has to be.
func (c *promiseCase) checkStored(p bot.Commitment, want promiseWant) {
	c.t.Helper()
	owner, state := c.id("giver"), "open"
	if want.owner != "" {
		owner = c.id(want.owner)
	}
	if want.state != "" {
		state = want.state
	}
	due, day, wantDay := "", "", want.day
	if p.Due != nil {
		due, day = p.Due.UTC().Format(time.RFC3339), p.Due.Date.String()
		if p.Due.ExplicitTime {
			due += "!"
		}
		if p.Due.Zone != c.promise.place(c.t).String() {
			c.t.Errorf("the zone is %q, want %s", p.Due.Zone, c.promise.place(c.t))
		}
	}
	if wantDay == "" && want.due != "" {
		wantDay = want.due[:10]
	}
	var to []string
	for _, cp := range p.Counterparties {
		to = append(to, strings.Trim(cp.Member+cp.Email+cp.Name+"/"+cp.Org, "/"))
	}
	wantTo := strings.Split(want.to, ";")
	for i, name := range wantTo {
		if id := c.id(name); id != "" {
			wantTo[i] = id
		}
	}
	every := ""
	if p.Every != nil {
		every = fmt.Sprintf("%d %s %s %v", p.Every.N, p.Every.Unit, p.Every.Anchor, p.Every.On)
	}
	got := fmt.Sprintf("%s %s to %v: %q due %s on %q every %q", p.Owner, p.State, to, p.Text, due, day, every)
	wanted := fmt.Sprintf("%s %s to %v: %q due %s on %q every %q", owner, state, slices.DeleteFunc(wantTo, func(s string) bool { return s == "" }), c.fill(want.text), want.due, wantDay, want.every)
	if got != wanted {
		c.t.Errorf("stored is\n%s, want\n%s; the answer was\n%s", got, wanted, c.reads())
	}
	if c.way == byShortcut != (p.About != "") {
		c.t.Errorf("the link of the message is %q", p.About)
	}
}

// checkRead looks for what the giver has to read.
func (c *promiseCase) checkRead(want promiseWant) {
	c.t.Helper()
	all := c.reads()
	for _, said := range want.says {
		if !strings.Contains(all, c.named(said)) {
			c.t.Errorf("the giver does not read %q; there is\n%.3000s", c.named(said), all)
		}
	}
	for _, said := range want.unsaid {
		if strings.Contains(all, c.named(said)) {
			c.t.Errorf("the giver reads %q; there is\n%.3000s", c.named(said), all)
		}
	}
	for _, label := range want.buttons {
		now := c.state()
		if onView(now, c.id("giver"), c.named(label), "modal", theButton) == nil && onMessage(now, c.id("giver"), c.named(label), theButton) == nil {
			c.t.Errorf("no button is called %q; there is\n%.3000s", c.named(label), all)
		}
	}
	if open := c.modal() != ""; open != want.opens && c.way == byCommand {
		c.t.Errorf("a form is open: %t, want %t; there is\n%.3000s", open, want.opens, all)
	}
}

// checkQuiet holds that nobody but the giver hears of it, save who is asked to owe.
func (c *promiseCase) checkQuiet(want promiseWant) {
	c.t.Helper()
	now := c.state()
	for _, role := range []string{"a", "b"} {
		place, err := now.place("dm " + c.handle(role))
		if err != nil {
			c.t.Fatal(err)
		}
		if said := c.app(now, place); want.owner != role && len(said) != 0 {
			c.t.Errorf("%s is told:\n%s", role, strings.Join(said, "\n"))
		}
	}
}

// checkReminded holds when the owner first heard of the promise again.
func (c *promiseCase) checkReminded(t *testing.T) {
	t.Helper()
	c.t, c.scenario.t = t, t
	want := c.promise.want
	if c.promise.after != nil && c.way == byCommand {
		want = *c.promise.after
	}
	if c.way != byCommand && c.promise.inForm != nil {
		want = *c.promise.inForm
	}
	if want.reminded == "" {
		return
	}
	owner := "giver"
	if want.owner != "" {
		owner = want.owner
	}
	now := c.state()
	place, err := now.place("dm " + c.handle(owner))
	if err != nil {
		t.Fatal(err)
	}
	first := "never"
	for _, m := range c.written(now, place) {
		at := instant(t, m.TS)
		if at.Before(c.promise.at().Add(2*time.Minute)) || !strings.Contains(words(m.Text, m.Blocks), fmt.Sprintf("#%d", c.number)) {
			continue
		}
		first = at.In(c.promise.place(t)).Truncate(30 * time.Minute).Format("2006-01-02 15:04")
		break
	}
	if first != want.reminded {
		t.Errorf("%s first hears of #%d at %s, want %s; there is\n%s", owner, c.number, first, want.reminded, strings.Join(c.app(now, place), "\n"))
	}
}
