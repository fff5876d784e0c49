package slackapp

import (
	"fmt"
	"time"

	"github.com/slack-go/slack"

	"rapport/bot"
	"rapport/bot/when"
)

func followupDone(r Reader, c bot.Commitment) Message {
	text := fmt.Sprintf("Kept: #%d. Well done.", c.ID)
	if c.State == bot.Open {
		text = fmt.Sprintf("Kept: #%d. It comes again %s.", c.ID, dueWords(r, c.Due, c.Acted))
	}
	buttons := tellButtons(c, true)
	return Message{Text: text, Blocks: []slack.Block{section(":white_check_mark: " + text + "\n" + commitmentLine(c, commitmentAlone)), actions(append(buttons, undoButton(c))...)}}
}

func colleagues(c bot.Commitment) []string {
	var list []string
	for _, cp := range c.Counterparties {
		if cp.Member != "" && cp.Member != c.Owner {
			list = append(list, cp.Member)
		}
	}
	return list
}

func undoButton(c bot.Commitment) *slack.ButtonBlockElement {
	return button("followup.undo", fmt.Sprint(c.ID), fmt.Sprintf("Undo #%d", c.ID))
}

// followupTakenBack is a commitment that is closed because it should not have been noted, or proposed.
func followupTakenBack(c bot.Commitment) Message {
	text := fmt.Sprintf("Taken back: #%d. It is as if it had not been noted.", c.ID)
	m := Message{Text: text, Blocks: []slack.Block{section(text)}}
	if c.Before != nil {
		m.Blocks = append(m.Blocks, actions(undoButton(c)))
	}
	return m
}

func followupReleased(c bot.Commitment) Message {
	text := fmt.Sprintf("Released: #%d. Letting go openly is part of keeping one's word.", c.ID)
	return Message{Text: text, Blocks: []slack.Block{section(text + "\n" + commitmentLine(c, commitmentAlone)), actions(append(tellButtons(c, false), undoButton(c))...)}}
}

func followupMoved(r Reader, c bot.Commitment, alternatives []when.Due, now time.Time) Message {
	text := fmt.Sprintf("Moved: #%d is now due %s.", c.ID, dueWords(r, c.Due, now))
	if n := len(c.Moves); n > 0 && c.Moves[n-1].From == nil {
		text = fmt.Sprintf("#%d is now due %s.", c.ID, dueWords(r, c.Due, now))
	}
	if c.Due == nil {
		text = fmt.Sprintf("#%d has no date now. I will ask about it once, in a week.", c.ID)
	}
	buttons := append(dateButtons(r, c, bot.FollowupInput{Alternatives: alternatives, Due: c.Due}, nil), tellButtons(c, false)...)
	return Message{Text: text, Blocks: []slack.Block{section(text + "\n" + commitmentLine(c, commitmentAlone)), actions(append(buttons, undoButton(c))...)}}
}

// followupUndated is a promise whose owner says that no date is meant: that is what stands already.
func followupUndated(c bot.Commitment) Message {
	id := fmt.Sprint(c.ID)
	m := followupSays(fmt.Sprintf("#%d stays without a date. I will ask about it once, in a week.", c.ID), c)
	m.Blocks = append(m.Blocks, actions(button("followup.pick", id, "Pick a day for #"+id), button("followup.edit", id, "Edit #"+id), button("followup.takeback", id, "Take back #"+id)))
	return m
}

func followupSnoozed(r Reader, c bot.Commitment) Message {
	again := r.Date(c.SnoozedTill)
	if minute := c.SnoozedTill.Hour()*60 + c.SnoozedTill.Minute(); minute != snoozeMorning {
		again = r.DateTime(c.SnoozedTill)
	}
	text := fmt.Sprintf("I will bring #%d up again on %s.", c.ID, again)
	if c.Due != nil {
		text += " Its date stays."
	}
	return Message{Text: text, Blocks: []slack.Block{section(text + "\n" + commitmentLine(c, commitmentAlone)), actions(undoButton(c))}}
}

func followupGiven(c bot.Commitment) Message {
	text := fmt.Sprintf("I will ask %s whether they take #%d over. Until they say yes it stays yours.", Mention(c.Giving), c.ID)
	return Message{Text: text, Blocks: []slack.Block{section(text + "\n" + commitmentLine(c, commitmentAlone)), actions(undoButton(c))}}
}

func followupAccepted(r Reader, c bot.Commitment) Message {
	text := fmt.Sprintf("Yours now: #%d, %s. Who asked you will hear of it.", c.ID, dueWords(r, c.Due, c.Acted))
	buttons := append(splitButtons(c), button("followup.pick", fmt.Sprint(c.ID), fmt.Sprintf("Another day for #%d", c.ID)))
	if c.Before != nil {
		buttons = append(buttons, undoButton(c))
	}
	return Message{Text: text, Blocks: []slack.Block{section(text + "\n" + commitmentLine(c, commitmentAlone)), actions(buttons...)}}
}
