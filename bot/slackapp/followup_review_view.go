package slackapp

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"rapport/bot"
)

// reviewLines is how many promises a message with a review shows in all, reviewLeast how many of them are the review's own even then. Where they are too
// long to fit into a message there are fewer.
const (
	reviewLines = 20
	reviewLeast = 6
)

// fitting makes a message with as many lines as fit.
func fitting(lines int, build func(lines int) Message) Message {
	for ; lines > 0; lines-- {
		m := build(lines)
		if _, err := m.seal(); err == nil {
			return m
		}
	}
	return build(0)
}

// reviewBlocks are what a review adds below promises that come up by themselves, if there are any above: one line each, with one menu or button.
func reviewBlocks(r Reader, review bot.Review, h bot.Hours, lines int, above bool, now time.Time) []slack.Block {
	owe, owed := reviewShares(len(review.Owe), len(review.Owed), lines)
	var blocks []slack.Block
	if len(review.Owe) > 0 {
		title := "*What you owe*"
		if above {
			title = "*What else you owe*"
		}
		blocks = append(blocks, section(title))
	}
	explained := false
	for _, c := range review.Owe[:owe] {
		rests := restingWords(c, h, now)
		if rests != "" && explained {
			rests = restingAgain
		}
		explained = explained || rests != ""
		blocks = append(blocks, sectionWith(commitmentLine(c, commitmentListed)+"\n"+stateWords(r, c, now)+rests+waitingWords(r, c, now), reviewMenu(c, now)))
	}
	blocks = append(blocks, moreWords(r, len(review.Owe)-owe)...)
	if len(review.Owed) > 0 {
		blocks = append(blocks, section("*What you are owed*"))
	}
	for _, c := range review.Owed[:owed] {
		line := section(owedLine(r, c, commitmentListed, now))
		if buttons := owedButtons(r, c, "", now); len(buttons) > 0 {
			line.Accessory = slack.NewAccessory(buttons[0]) // what is most likely meant; the list has the others
		}
		blocks = append(blocks, line)
	}
	return append(blocks, moreWords(r, len(review.Owed)-owed)...)
}

// reviewShares divides lines among what somebody owes and what they are owed. Each gets at least a third, if it needs it.
func reviewShares(owe, owed, lines int) (oweShown, owedShown int) {
	oweShown = min(owe, lines-min(owed, lines/3))
	return oweShown, min(owed, lines-oweShown)
}

// moreWords say where to find what is not shown; nothing if that is all.
func moreWords(r Reader, n int) []slack.Block {
	if n <= 0 {
		return nil
	}
	return []slack.Block{contextLine("and " + r.Number(n) + " more: `/followup list`")}
}

// restingAgain follows the second and later ones of one message.
const restingAgain = " · no more reminders for this one, too"

// restingWords mark what no reminder comes for any more.
func restingWords(c bot.Commitment, h bot.Hours, now time.Time) string {
	if !bot.Resting(c, h, now) {
		return ""
	}
	return " · no more reminders come for it: keep, move or release it, all are fine"
}

// ownBlocks are a line about a promise in a list of its owner's, what can be done with it, and the answers to who asks whether it is still good.
func ownBlocks(line string, r Reader, c bot.Commitment, where string, now time.Time) []slack.Block {
	blocks := []slack.Block{section(line + waitingWords(r, c, now)), itemButtons(c, where, now)}
	if len(c.Waiting(now)) > 0 {
		blocks = append(blocks, answerButtons(c, where))
	}
	return blocks
}

// waitingWords say who asks the owner whether a promise is still good.
func waitingWords(r Reader, c bot.Commitment, now time.Time) string {
	waiting := c.Waiting(now)
	if len(waiting) == 0 {
		return ""
	}
	return "\n" + Mention(waiting[0].By) + " asks: " + stillGood(r, c, now) + "?"
}

// reviewMenu is everything that can be done with one promise in one menu.
func reviewMenu(c bot.Commitment, now time.Time) slack.BlockElement {
	id := fmt.Sprint(c.ID)
	if c.State == bot.Proposed {
		return menu("review.act", option("accept "+id, "Accept #"+id), option("decline "+id, "Decline #"+id))
	}
	done := id
	if c.Every != nil {
		done = fmt.Sprint(id, " ", c.Occasion) // this occasion, and never a later one
	}
	options := []*slack.OptionBlockObject{
		option("done "+done, "Done #"+id), option("move "+id, "Move #"+id), option("snooze "+id+" 7", "Remind me of #"+id+" in a week"), option("drop "+id, "Release #"+id),
		option("more "+id, "More for #"+id+" …"),
	}
	if len(c.Waiting(now)) > 0 { // the answer takes the place of what is meant least then
		options = append([]*slack.OptionBlockObject{option("on_track "+id, "On track #"+id)}, slices.Delete(options, 2, 3)...)
	}
	return menu("review.act", options...)
}

// reviewMessage is a day's bundle that is also its reader's weekly review; items are the blocks of what comes up by itself.
func reviewMessage(r Reader, b bot.Bundle, items []slack.Block, now time.Time) Message {
	head := "*" + r.Day(b.Day) + "*: your week in promises."
	if len(b.Items) > 0 {
		head += "\n*What comes up today*"
	}
	text := "Your week in promises, and what comes up on " + r.Day(b.Day) + ": " + r.Count(len(b.Items), "promise", "promises") + "."
	if len(b.Items) == 0 {
		text = "Your week in promises: what you owe and what you are owed."
	}
	above := append([]slack.Block{section(head)}, items...)
	return fitting(max(reviewLeast, reviewLines-len(b.Items)), func(lines int) Message {
		blocks := append(slices.Clone(above), reviewBlocks(r, *b.Review, b.Hours, lines, len(b.Items) > 0, now)...)
		return Message{Text: text, Blocks: append(blocks, reviewWayOut()...)}
	})
}

// reviewWayOut says why a message with a review came, and switches that off.
func reviewWayOut() []slack.Block {
	return []slack.Block{
		contextLine("You get this because you asked for a weekly review, as part of the day's one message. Hours, pause and which messages come: `/rapport settings`."),
		actions(button("review.set", reviewOff, "Stop the weekly review")),
	}
}

// reviewNow is the review that somebody asks for now.
func reviewNow(r Reader, review bot.Review, p bot.Preferences, h bot.Hours, now time.Time) Message {
	return fitting(reviewLines, func(lines int) Message {
		blocks := []slack.Block{header("Your week")}
		if len(review.Owe)+len(review.Owed) == 0 {
			blocks = append(blocks, section("Nothing is open, on either side."))
		}
		blocks = append(append(blocks, reviewBlocks(r, review, h, lines, false, now)...), contextLine(reviewWords(p)), actions(reviewButtons(p)...))
		return Message{Text: "Your week: what you owe and what you are owed. Only you see this.", Blocks: blocks}
	})
}

// The values of the buttons that set the weekly review, and the words of the command.
const (
	reviewOff    = "off"
	reviewMonday = "monday"
	reviewFriday = "friday"
)

// reviewDays are the days of a review, by the words for them.
var reviewDays = map[string]time.Weekday{reviewOff: 0, reviewMonday: time.Monday, reviewFriday: time.Friday}

// reviewWord is the word for a review's day.
func reviewWord(day time.Weekday) string {
	if day == 0 {
		return reviewOff
	}
	return strings.ToLower(day.String())
}

// reviewInput asks in the settings on which day a review is to come.
func reviewInput(p bot.Preferences) slack.Block {
	return Input{Block: settingsReview, Label: "Weekly review of my promises", Hint: "What I owe and what I am owed, as part of that day's one message."}.
		radio(reviewWord(p.Review), option(reviewOff, "None"), option(reviewMonday, "On Mondays"), option(reviewFriday, "On Fridays"))
}

// reviewWords say whether and when a review comes.
func reviewWords(p bot.Preferences) string {
	if p.Review == 0 {
		return "A weekly review comes only if you ask for it, as part of one day's reminders: what you owe, and what you are owed."
	}
	return "Your weekly review comes on " + Reader{}.Weekday(p.Review) + "s, as part of that day's one message."
}

// reviewButtons switch the weekly review on or off.
func reviewButtons(p bot.Preferences) []slack.BlockElement {
	if p.Review != 0 {
		return []slack.BlockElement{button("review.set", reviewOff, "Stop the weekly review")}
	}
	return []slack.BlockElement{
		button("review.set", reviewMonday, "Send me a weekly review on Mondays"), button("review.set", reviewFriday, "Send me a weekly review on Fridays"),
	}
}

// reviewSet tells who switched the weekly review on or off what comes of it.
func reviewSet(p bot.Preferences) Message {
	text := "No more weekly review. `/followup review` shows it whenever you like, and Home has everything."
	var also string
	if p.Review != 0 {
		text = "From now on a weekly review on " + Reader{}.Weekday(p.Review) + " mornings, as part of that day's one message: what you owe, and what you are owed."
		also = "On a free " + Reader{}.Weekday(p.Review) + " it comes on the next working day. A week in which nothing is open brings none."
		if p.Review == time.Friday {
			also = "On a free Friday it comes on the last working day before. A week in which nothing is open brings none."
		}
		if muted(p, bot.KindReminders) {
			also = "You switched reminders of promises off, and this is part of them: nothing comes before you switch them on again, in the settings."
		}
	}
	m := Message{Text: text, Blocks: []slack.Block{section(text)}}
	if also != "" {
		m.Blocks = append(m.Blocks, contextLine(also))
	}
	buttons := reviewButtons(p)
	if also != "" && muted(p, bot.KindReminders) {
		buttons = append(buttons, button("settings.open", "", "Change my settings"))
	}
	return Message{Text: m.Text, Blocks: append(m.Blocks, actions(buttons...))}
}

// heardBlocks are what others let the reader know lately about promises to them.
func heardBlocks(r Reader, h bot.Home, now time.Time) []slack.Block {
	var blocks []slack.Block
	for _, w := range h.Heard {
		words := bot.OutgoingText{Max: homeText, KeepUsers: true}.Mrkdwn(w.Text)
		blocks = append(blocks, section(Mention(w.From)+" says, "+r.Ago(w.At, now)+":\n"+quote(words)))
	}
	return blocks
}
