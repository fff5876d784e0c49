package slackapp

import (
	"fmt"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"rapport/bot"
)

var whyWords = map[bot.Why]string{
	bot.WhyAhead:   "in two working days",
	bot.WhyDue:     "due today",
	bot.WhyOverdue: "its date has passed",
	bot.WhyUndated: "a week old and without a date",
	bot.WhySnoozed: "you wanted to hear of it today",
}

// bundleMessage is a member's reminders of one day.
func bundleMessage(b bot.Bundle) Message {
	return fitting(followupBundled, func(most int) Message { return bundleOf(b, most) })
}

// bundleOf is a bundle that shows at most so many of its items.
func bundleOf(b bot.Bundle, most int) Message {
	r := Reader{Locale: b.Reader.Locale, Zone: b.Hours.Zone}
	now := b.Hours.At(b.Day, 9*60)
	blocks := []slack.Block{section("*" + r.Day(b.Day) + "*: what you said you would do.")}
	last := lastWords
	for i, item := range b.Items {
		if i == most {
			blocks = append(blocks, contextLine("and "+r.Number(len(b.Items)-i)+" more: `/followup list`"))
			break
		}
		line := bundleLine(r, item, b.Day, now)
		switch {
		case item.Last && item.Commitment.Every != nil:
			line += " · " + lastOfMany
		case item.Last:
			line += " · " + last
			last = lastAgain
		}
		blocks = append(blocks, section(line), bundleButtons(item, now))
	}
	if b.Review != nil {
		return reviewMessage(r, b, blocks[1:], now)
	}
	blocks = append(blocks, wayOut("You get this because these promises are yours."))
	return Message{Text: "Your promises for " + r.Day(b.Day) + ": " + r.Number(len(b.Items)) + " in all.", Blocks: blocks}
}

// lastWords follow an item that does not come up again by itself, and lastAgain the others of the same message; lastOfMany one that repeats, whose
// next occasion comes only after this one.
const (
	lastWords = "keep, move or release it, all are fine: this is the last time I bring it up"
	lastAgain = "the last time for this one, too"

	lastOfMany = "keep, move or release it, all are fine: I bring it up again only after that"
)

// bundleLine is one item: what it is, when it is due, why it comes up today, and how its owner means to do it.
func bundleLine(r Reader, item bot.BundleItem, day bot.Date, now time.Time) string {
	words := []string{dueWords(r, item.Commitment.Due, now), reason(r, item, day)}
	if due := item.Commitment.Due; words[1] == whyWords[bot.WhyDue] && due != nil && !due.ExplicitTime {
		words = words[1:] // the message says which day it is
	}
	if item.Why == bot.WhyUndated {
		words = words[1:] // the reason says that there is none
	}
	if plan := planWords(r, item.Commitment, now); plan != "" && item.Why != bot.WhyPlanned {
		words = append(words, plan)
	}
	return commitmentLine(item.Commitment, commitmentListed) + "\n" + strings.Join(words, " · ")
}

// bundleButtons are what can be done with an item of a bundle: one row. The last time it comes up, the three ways on from there stand in it.
func bundleButtons(item bot.BundleItem, now time.Time) slack.Block {
	c := item.Commitment
	if !item.Last {
		return itemButtons(c, "", now)
	}
	id := fmt.Sprint(c.ID)
	return actions(
		doneButton(c, ""), button("followup.keep", id, "Keep #"+id), button("followup.pick", id, "Move #"+id), button("followup.release", id, "Release #"+id),
	)
}

// doneButton marks an item as kept: of one that repeats this occasion, and never a later one.
func doneButton(c bot.Commitment, where string) *slack.ButtonBlockElement {
	value := fmt.Sprint(c.ID)
	if c.Every != nil {
		value += fmt.Sprint(" ", c.Occasion)
	}
	return button("followup.done", strings.TrimSpace(value+" "+where), fmt.Sprintf("Done #%d", c.ID))
}

// reason says why an item comes up on a day.
func reason(r Reader, item bot.BundleItem, day bot.Date) string {
	due := item.Commitment.Due
	if item.Why == bot.WhyDue && due != nil && bot.DateIn(*due, r.zone()) != day {
		return "that is a free day, and this is the last working day before it"
	}
	if plan := item.Commitment.Plan; item.Why == bot.WhyPlanned && plan != nil {
		return "you planned it for " + plainPlan(r, *plan, day)
	}
	return whyWords[item.Why]
}

// wayOut says why a message came and where it is switched off.
func wayOut(why string) slack.Block {
	return contextLine(why + " Hours, pause and which messages come: `/rapport settings`.")
}

// timedMessage is one item at its own time.
func timedMessage(t bot.TimedReminder) Message {
	r := Reader{Locale: t.Reader.Locale, Zone: t.Hours.Zone}
	line, text, why := "no date", "A promise of yours is due soon.", "You get this because you promised it for that time."
	var due time.Time
	if d := t.Commitment.Due; d != nil {
		due = bot.Deadline(t.Commitment, t.Hours)
		line = "by " + r.DateTime(due)
		if !d.ExplicitTime { // the end of the day is nobody's word
			line, why = dueWords(r, d, timedAt(t, due)), "You get this because you promised it for that day."
		}
	}
	if t.Why == bot.WhySnoozed {
		text, why = "A promise that you wanted to hear of now.", "You get this because you asked for it."
	}
	return Message{Text: text, Blocks: []slack.Block{
		section(commitmentLine(t.Commitment, commitmentAlone) + "\n" + line), itemButtons(t.Commitment, onAlone, due), wayOut(why),
	}}
}

// timedAt is about when such a message comes: at the time for which its reader asked, or before it is due.
func timedAt(t bot.TimedReminder, due time.Time) time.Time {
	if t.Why == bot.WhySnoozed {
		return t.Commitment.SnoozedTill
	}
	return due
}
