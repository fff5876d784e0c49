package slackapp

import (
	"github.com/slack-go/slack"

	"rapport/bot"
)

var whyWords = map[bot.Why]string{
	bot.WhyAhead:   "in two working days",
	bot.WhyDue:     "due today",
	bot.WhyOverdue: "its date has passed: keep, move or release it, all are fine",
	bot.WhyUndated: "a week old and without a date",
	bot.WhySnoozed: "you wanted to hear of it today",
}

// bundleMessage is a member's reminders of one day.
func bundleMessage(b bot.Bundle) Message {
	r := Reader{Locale: b.Reader.Locale, Zone: b.Hours.Zone}
	now := b.Hours.At(b.Day, 9*60)
	blocks := []slack.Block{section("*" + r.Day(b.Day) + "*: what you said you would do.")}
	for i, item := range b.Items {
		if i == followupBundled {
			blocks = append(blocks, contextLine("and "+r.Count(len(b.Items)-i, "more item", "more items")+": `/followup list`"))
			break
		}
		line := commitmentLine(item.Commitment, commitmentListed) + "\n" + dueWords(r, item.Commitment.Due, now) + " · " + reason(r, item, b.Day)
		blocks = append(blocks, section(line), itemButtons(item.Commitment, ""))
	}
	blocks = append(blocks, wayOut("You get this because you noted these promises."))
	return Message{Text: "Your promises for " + r.Day(b.Day) + ": " + r.Count(len(b.Items), "item", "items") + ".", Blocks: blocks}
}

// reason says why an item comes up on a day.
func reason(r Reader, item bot.BundleItem, day bot.Date) string {
	due := item.Commitment.Due
	if item.Why == bot.WhyDue && due != nil && bot.DateIn(*due, r.zone()) != day {
		return "a free day, so this is the last working day before it"
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
	if t.Commitment.Due != nil {
		line = "by " + r.DateTime(bot.Deadline(t.Commitment, t.Hours))
	}
	if t.Why == bot.WhySnoozed {
		text, why = "A promise that you wanted to hear of now.", "You get this because you asked for it."
	}
	return Message{Text: text, Blocks: []slack.Block{
		section(commitmentLine(t.Commitment, commitmentAlone) + "\n" + line), itemButtons(t.Commitment, onAlone), wayOut(why),
	}}
}
