package slackapp

import (
	"fmt"

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

// proposalMessage asks somebody to take a commitment on, or over.
func proposalMessage(p bot.Proposal) Message {
	r := Reader{Locale: p.Reader.Locale, Zone: p.Hours.Zone}
	id := fmt.Sprint(p.Commitment.ID)
	ask := Mention(p.From.ID) + " asks whether you take this on."
	small := "Nothing is promised until you accept, and no reason is needed to decline. Without an answer it lapses after five working days."
	if p.Taking {
		ask = Mention(p.From.ID) + " asks whether you take this over from them."
		small = "Until you accept it stays theirs, and no reason is needed to decline."
	}
	due := dueWords(r, p.Commitment.Due, p.Commitment.Created)
	if p.Commitment.Every != nil {
		due += " · " + everyWords(r, p.Commitment.Every)
	}
	return Message{Text: "A colleague asks you to take something on.", Blocks: []slack.Block{
		section(ask + "\n" + commitmentLine(p.Commitment, commitmentAlone) + "\n" + due),
		actions(primary(button("followup.accept", id+" "+onAlone, "Accept #"+id)), button("followup.decline", id+" "+onAlone, "Decline #"+id)),
		contextLine(small),
	}}
}

// answerMessage tells what became of a commitment to somebody who waits for it.
func answerMessage(a bot.CommitmentAnswer) Message {
	from := Mention(a.From.ID)
	words := map[string]string{
		"accepted": from + " said yes:", "declined": from + " cannot take this on:", "kept": from + " kept a promise to you:",
		"lapsed": from + " has not answered within five working days, so this is no longer open. A word in person may help:",
	}
	c := a.Commitment
	if a.Answer == "kept" {
		c = withoutPeople(c)
	}
	m := Message{Text: "News of a promise from " + from + ".", Blocks: []slack.Block{
		section(words[a.Answer] + "\n" + commitmentLine(c, commitmentAlone)),
	}}
	if a.Answer == "lapsed" {
		m.Text = "Something that you asked for is no longer open."
	}
	if a.Answer == "kept" {
		m.Blocks = append(m.Blocks, actions(button("kudos.open", from+" ", fmt.Sprintf("Thank them for #%d", c.ID))))
	}
	return Message{Text: m.Text, Blocks: append(m.Blocks, wayOut("You get this because it was promised to you, or you asked for it."))}
}
