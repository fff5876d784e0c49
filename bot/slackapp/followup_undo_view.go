package slackapp

import (
	"fmt"

	"github.com/slack-go/slack"

	"rapport/bot"
)

// followupUndoneBy shows what was undone to who did that.
func followupUndoneBy(member string) func(Reader, bot.Commitment) Message {
	return func(r Reader, c bot.Commitment) Message {
		switch {
		case c.Owner == member && c.State == bot.Proposed, c.Giving == member:
			return followupWaits(c)
		case c.State == bot.Proposed:
			return followupProposedAgain(c)
		case c.Owner != member:
			text := fmt.Sprintf("Undone: #%d is with %s again. They will hear that you do not take it over.", c.ID, Mention(c.Owner))
			return followupSays(text, c)
		}
		m := followupSays(fmt.Sprintf("Undone: #%d is open, %s.", c.ID, dueWords(r, c.Due, c.Acted)), c)
		if buttons := splitButtons(c); len(buttons) > 0 {
			m.Blocks = append(m.Blocks, actions(buttons...))
		}
		m.Blocks = append(m.Blocks, itemButtons(c, onAlone, c.Acted))
		return m
	}
}

// followupWaits is a question whose answer was taken back.
func followupWaits(c bot.Commitment) Message {
	m := followupSays(fmt.Sprintf("Undone: #%d waits for your yes or no again.", c.ID), c)
	c.State = bot.Proposed // an offer is answered with the same buttons
	m.Blocks = append(m.Blocks, itemButtons(c, onAlone, c.Acted))
	return m
}

// followupProposedAgain is a proposal to who made it.
func followupProposedAgain(c bot.Commitment) Message {
	m := followupSays(fmt.Sprintf("Undone: #%d is proposed to %s; nothing is promised until they accept.", c.ID, Mention(c.Owner)), c)
	takeBack := button("followup.takeback", fmt.Sprint(c.ID), fmt.Sprintf("Take back #%d", c.ID))
	m.Blocks = append(m.Blocks, actions(append(splitButtons(c), takeBack)...))
	return m
}

// followupDeclinedBy shows a no to who said it.
func followupDeclinedBy(member string) func(Reader, bot.Commitment) Message {
	return func(_ Reader, c bot.Commitment) Message {
		text := fmt.Sprintf("Declined: #%d. Who asked you will hear of it; no reason is needed.", c.ID)
		m := Message{Text: text, Blocks: []slack.Block{section(text)}}
		if c.State == bot.Declined || c.SaidNo(member) {
			m.Blocks = append(m.Blocks, actions(undoButton(c)))
		}
		return m
	}
}
