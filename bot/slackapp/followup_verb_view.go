package slackapp

import (
	"fmt"

	"github.com/slack-go/slack"

	"rapport/bot"
)

// verbRefused says what is wrong with what was asked for one item, "move #7 yesterday", with buttons that do it without typing.
func verbRefused(r Reader, in bot.FollowupInput) Message {
	text := orElse(followupFaults(r, &bot.Fault{Code: in.Fault}), wordsWrong)
	id := fmt.Sprint(in.ID)
	var buttons []slack.BlockElement
	switch in.Fault {
	case bot.FollowupNeedsOne, bot.FollowupPerson, bot.FollowupUnpicked:
		buttons = append(buttons, button("followup.give", id, "Give #"+id))
	case bot.FollowupPast:
		text = fmt.Sprintf("That date is over. Pick a day ahead or, if it is done: `/followup done #%d`. Nothing was changed.", in.ID)
		buttons = laterButtons(id)
	case bot.FollowupImpossible, bot.FollowupMismatch, bot.FollowupTooFar, bot.FollowupNotADate, bot.FollowupNeedsDate:
		buttons = laterButtons(id)
	}
	m := Message{Text: text, Blocks: []slack.Block{section(text)}}
	if len(buttons) > 0 {
		m.Blocks = append(m.Blocks, actions(buttons...))
	}
	return m
}

// laterButtons give an item another date, or only another reminder.
func laterButtons(id string) []slack.BlockElement {
	return []slack.BlockElement{
		button("followup.pick", id, "Move #"+id),
		menu("followup.more", option("snooze "+id+" 1", "Remind me of #"+id+" tomorrow"), option("snooze "+id+" 7", "Remind me of #"+id+" in a week")),
	}
}
