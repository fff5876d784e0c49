package bot

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"rapport/bot/when"
)

// crowd is people who do anything to anything, in any order, and what has to hold after each act.
type crowd struct {
	*desk
	rand   *rand.Rand
	before map[int]Commitment // what each was before the act that can be undone
	log    []string
	read   int // messages that were looked at
}

// step is one act: its name, who does it and what it comes to.
type step struct {
	name string
	a    Act
	do   func(Act) error
}

func (c *crowd) pick(list ...string) string { return list[c.rand.IntN(len(list))] }

func (c *crowd) people() []string { return []string{"UANA", "UBOB", "UCY", "UNEW"} }

func (c *crowd) step() step {
	ctx, id := c.t.Context(), 1+c.rand.IntN(len(c.commitments))
	who := c.pick(c.people()...)
	if c.rand.IntN(3) > 0 { // most know what they are about
		was := c.commitments[id]
		who = c.pick(slices.DeleteFunc([]string{was.Owner, was.Owner, was.By, was.Giving, "UBOB"}, func(id string) bool { return id == "" })...)
	}
	a := c.press(who, id)
	a.Press = string(a.Token)
	only := func(_ any, err error) error { return err }
	other := c.pick(c.people()...)
	due := when.Due{Date: c.today().AddDays(1 + c.rand.IntN(20)), Time: when.Clock{Hour: 17}, Zone: "Europe/Berlin"}
	snooze := time.Duration(1+c.rand.IntN(90)) * time.Hour
	steps := []step{
		{"done", a, func(a Act) error { return only(c.use.Complete(ctx, c.now, a)) }},
		{"release", a, func(a Act) error { return only(c.use.Release(ctx, c.now, a)) }},
		{"move", a, func(a Act) error { return only(c.use.Move(ctx, c.now, a, &due)) }},
		{"undate", a, func(a Act) error { return only(c.use.Move(ctx, c.now, a, nil)) }},
		{"snooze", a, func(a Act) error { return only(c.use.Snooze(ctx, c.now, a, c.now.Add(snooze))) }},
		{"give", a, func(a Act) error { return only(c.use.Give(ctx, c.now, a, other)) }},
		{"accept", a, func(a Act) error { return only(c.use.Answer(ctx, c.now, a, true)) }},
		{"decline", a, func(a Act) error { return only(c.use.Answer(ctx, c.now, a, false)) }},
		{"share", a, func(a Act) error { return only(c.use.Share(ctx, c.now, a)) }},
		{"unshare", a, func(a Act) error { return only(c.use.Unshare(ctx, c.now, a)) }},
		{"keep", a, func(a Act) error { return only(c.use.Keep(ctx, c.now, a)) }},
		{"plan", a, func(a Act) error { return only(c.use.SetPlan(ctx, c.now, a, Plan{Cue: "after " + other})) }},
		{"edit", a, func(a Act) error {
			return only(c.use.Edit(ctx, c.now, a, Edit{Text: "write to " + other, Counterparties: []Counterparty{{Member: other}}, Due: &due}))
		}},
		{"split", a, func(a Act) error { return only(c.use.Split(ctx, c.now, a)) }},
		{"ask", a, func(a Act) error { return only(c.use.Ask(ctx, c.now, a)) }},
		{"on track", a, func(a Act) error { return only(c.use.OnTrack(ctx, c.now, a)) }},
		{"off track", a, func(a Act) error { return only(c.use.UndoOnTrack(ctx, c.now, a)) }},
		{"free", a, func(a Act) error { return only(c.use.Free(ctx, c.now, a)) }},
		{"need", a, func(a Act) error { return only(c.use.UndoFree(ctx, c.now, a)) }},
		{"tell", a, func(a Act) error {
			return only(c.use.Tell(ctx, c.now, a, Telling{To: []string{other}, Text: "A word."}))
		}},
		{"unsay", a, func(a Act) error { return only(c.use.Unsay(ctx, c.now, a, 1+c.rand.IntN(3))) }},
	}
	if c.rand.IntN(4) == 0 {
		return step{"undo", a, func(a Act) error { return only(c.use.Undo(ctx, c.now, a)) }}
	}
	return steps[c.rand.IntN(len(steps))]
}

func (c *crowd) today() Date {
	return HoursOf(c.members["UANA"], Preferences{}, "UTC").Today(c.now)
}

func (c *crowd) wrong(format string, args ...any) {
	c.t.Helper()
	c.t.Fatalf("after\n%s\n%s", strings.Join(c.log, "\n"), fmt.Sprintf(format, args...))
}

// run does a step twice, as where Slack delivers it twice, and looks at what came of it.
func (c *crowd) run(s step) {
	all, sends := maps.Clone(c.commitments), maps.Clone(c.sends)
	was := all[s.a.ID]
	err := s.do(s.a)
	is := c.commitments[s.a.ID]
	c.log = append(c.log, fmt.Sprintf("%s %s %s #%d: %v, v%d", c.now.Format("15:04:05"), s.a.Actor, s.name, s.a.ID, err, is.Version))
	if err != nil {
		if _, ok := errors.AsType[*Fault](err); !ok {
			c.wrong("no fault: %v", err)
		}
		if !reflect.DeepEqual(all, c.commitments) || !reflect.DeepEqual(sends, c.sends) {
			c.wrong("a refusal changed something")
		}
		return
	}
	c.look(s, was, is)
	all = maps.Clone(c.commitments)
	_ = s.do(s.a)
	if s.name != "unsay" && !reflect.DeepEqual(all, c.commitments) {
		c.wrong("the same press once more made it\n%+v\nfrom\n%+v", c.commitments[s.a.ID], is)
	}
}

func (c *crowd) look(s step, was, is Commitment) {
	if reflect.DeepEqual(was, is) {
		return
	}
	if !was.VisibleTo(s.a.Actor) && !was.SaidNo(s.a.Actor) {
		c.wrong("%s changed what they cannot see: %+v", s.a.Actor, was)
	}
	others := []string{"ask", "free", "need", "accept", "decline", "release", "split", "undo"}
	if s.a.Actor != was.Owner && !slices.Contains(others, s.name) {
		c.wrong("%s changed what %s owes", s.a.Actor, was.Owner)
	}
	if is.Owner != was.Owner && (s.name != "accept" || was.Giving != s.a.Actor) && (s.name != "undo" || was.Before.Owner != is.Owner || s.a.Actor != was.Owner) {
		c.wrong("it went from %s to %s", was.Owner, is.Owner)
	}
	if is.Giving != "" && is.Giving != was.Giving && s.a.Actor != was.Owner && s.a.Actor != is.Giving {
		c.wrong("%s offered it to %s", s.a.Actor, is.Giving)
	}
	if is.Closed.IsZero() != (is.State == Open || is.State == Proposed) {
		c.wrong("%s, closed %v", is.State, is.Closed)
	}
	if _, ok := is.offered(); is.Giving != "" && is.State == Open && !ok {
		c.wrong("offered to %s by %+v", is.Giving, is.Offers)
	}
	if s.name == "undo" && was.Before != nil && is.Before == nil {
		c.undone(was, is)
	}
	if is.Before != nil && is.Before != was.Before {
		c.before[is.ID] = was
	}
}

// undone compares what an undo came to with what was before the act that it took back. What others said since stays.
func (c *crowd) undone(was, is Commitment) {
	b := c.before[is.ID]
	type face struct {
		State             CommitmentState
		Owner, Text       string
		Due               string
		Snoozed, Closed   time.Time
		To                string
		Occasion, History int
		Kept              time.Time
	}
	of := func(c Commitment) face {
		due := "none"
		if c.Due != nil {
			due = fmt.Sprint(*c.Due)
		}
		return face{c.State, c.Owner, c.Text, due, c.SnoozedTill, c.Closed, fmt.Sprint(c.Counterparties), c.Occasion, len(c.Moves), c.Kept}
	}
	if of(b) != of(is) {
		c.wrong("undone it is\n%+v\nand was\n%+v\nfrom %+v", of(is), of(b), was)
	}
}

// letters looks at what went out: nobody reads a text that they may not see.
func (c *crowd) letters() {
	for _, m := range c.post[c.read:] {
		var told []Commitment
		switch content := m.content.(type) {
		case Addressed:
			told = commitmentsIn(content.Items)
		case Bundle:
			told = commitmentsOf(content.Items)
		case TimedReminder:
			told = []Commitment{content.Commitment}
		}
		for _, item := range told {
			if item.Text != "" && !item.VisibleTo(m.to) && (item.Before == nil || item.Before.Owner != m.to) {
				c.wrong("%s reads %+v", m.to, item)
			}
		}
	}
	c.read = len(c.post)
}

// TestAnythingInAnyOrder: a few hundred crowds of people who press whatever there is, at once and after a while.
func TestAnythingInAnyOrder(t *testing.T) {
	runs := uint64(120)
	if testing.Short() {
		runs = 40
	}
	for seed := range runs {
		c := &crowd{desk: newDesk(t), rand: rand.New(rand.NewPCG(6, seed)), before: map[int]Commitment{}}
		c.say("UANA", "<@UBOB> send the deck by friday")
		c.say("UBOB", "from <@UANA> security answers by monday")
		c.say("UCY", "draft for <@UBOB> by thursday and final by monday")
		c.say("UANA", "every week write to <@UBOB>")
		c.say("UNEW", "from <@UCY> draft by thursday and final by monday")
		for range 60 {
			c.run(c.step())
			if c.rand.IntN(3) == 0 {
				pause := time.Duration(c.rand.IntN(12*60)) * time.Second
				if c.rand.IntN(8) == 0 {
					pause *= 100
				}
				c.wait(c.now.Add(pause).Format(time.RFC3339Nano))
				c.letters()
			}
		}
	}
}
