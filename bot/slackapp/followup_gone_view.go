package slackapp

import (
	"fmt"

	"github.com/slack-go/slack"

	"rapport/bot"
)

// leftButtons are what somebody can make of a promise after another of its people left.
func leftButtons(c bot.Commitment, where string) []slack.BlockElement {
	if where == onList {
		where = onAlone // the answer can be undone, which a list has no room for
	}
	id := fmt.Sprintf(" #%d", c.ID)
	return []slack.BlockElement{
		button("followup.stay", stands(c, where), "Keep"+id), button("followup.pass", fmt.Sprint(c.ID), "Pass on"+id), button("followup.let_go", stands(c, where), "Release"+id),
	}
}

// leftMessage tells the other side of a promise that somebody left.
func leftMessage(r Reader, item bot.AddressedItem) Message {
	c, gone := item.Commitment, Mention(item.From.ID)
	words := gone + " is no longer here and owed you this."
	small := "Keep makes it a promise of your own, pass on asks a colleague for it, release lets it go. Nothing happens without you."
	line := commitmentLine(withoutPeople(c), commitmentAlone)
	buttons := leftButtons(c, onAlone)
	switch {
	case c.Owner != item.From.ID && c.State == bot.Proposed:
		words, small = gone+", who asked you for this, is no longer here. Take it on all the same?", "No reason is needed to decline. Without an answer it lapses."
		id := fmt.Sprint(c.ID)
		buttons = []slack.BlockElement{button("followup.accept", id+" "+onAlone, "Accept #"+id), button("followup.decline", id+" "+onAlone, "Decline #"+id)}
		line = commitmentLine(c, commitmentAlone)
	case c.Owner != item.From.ID:
		words, small = gone+" is no longer here. You had promised this.", "Keep leaves it as it is, pass on offers it to a colleague, release lets it go. All are fine."
		line = commitmentLine(c, commitmentAlone)
	}
	return Message{Text: "Somebody left, and a promise between you is open.", Blocks: []slack.Block{
		section(words + "\n" + line + "\n" + dueWords(r, c.Due, c.Created)), actions(buttons...), contextLine(small), wayOut("You get this once, because the promise was between you."),
	}}
}

func rechooseButton(id int) slack.Block {
	return actions(button("followup.rechoose", fmt.Sprint(id, " ", onAlone), fmt.Sprintf("Undo #%d", id)))
}

// followupStayed is shown to who keeps a promise: old is the one that they saw, made what it is now.
func followupStayed(r Reader, actor string, old, made bot.Commitment) Message {
	text := fmt.Sprintf("Yours now: #%d, %s. Only you see it.", made.ID, dueWords(r, made.Due, made.Created))
	if made.ID == old.ID {
		text = fmt.Sprintf("Kept: #%d stays as it is, %s.", made.ID, dueWords(r, made.Due, made.Acted))
	}
	m := Message{Text: text, Blocks: []slack.Block{section(text + "\n" + commitmentLine(made, commitmentAlone))}}
	switch {
	case made.ID != old.ID:
		m.Blocks = append(m.Blocks, actions(
			button("followup.pick", fmt.Sprint(made.ID), fmt.Sprintf("Another day for #%d", made.ID)), button("followup.rechoose", stands(old, onAlone), fmt.Sprintf("Undo #%d", made.ID)),
		))
	case made.Owner == actor && made.Before != nil:
		m.Blocks = append(m.Blocks, actions(undoButton(made)))
	}
	return m
}

// followupLetGo is shown to who lets a promise go.
func followupLetGo(r Reader, actor string, old, made bot.Commitment) Message {
	text := fmt.Sprintf("Released: #%d is gone from your list.", old.ID)
	if made.Owner == actor {
		if made.State == bot.Declined {
			return followupDeclinedBy(actor)(r, made)
		}
		return followupReleased(made)
	}
	return Message{Text: text, Blocks: []slack.Block{section(text), rechooseButton(old.ID)}}
}

// followupRechosen is shown to who takes a choice back.
func followupRechosen(old bot.Commitment) Message {
	text := fmt.Sprintf("Undone: #%d waits for you again.", old.ID)
	return Message{Text: text, Blocks: []slack.Block{section(text), actions(leftButtons(old, onAlone)...)}}
}

func followupPassForm(c bot.Commitment) Modal {
	return Modal{
		CallbackID: "followup.pass", Title: "Pass it on", Submit: "Ask them", Close: "Cancel", PrivateMetadata: fmt.Sprint(c.ID),
		Blocks: []slack.Block{
			section(commitmentLine(withoutPeople(c), commitmentAlone)),
			Input{Block: passTo, Label: "Who could take it on?", Hint: "They are asked, and can say no without a reason."}.members(nil, "Pick one colleague", 1),
		},
	}
}

// followupPassed is shown to who passed a promise on: as an offer of their own one, or as a new proposal.
func followupPassed(r Reader, old int, c bot.Commitment) Message {
	if c.ID == old {
		return followupGiven(c)
	}
	text := fmt.Sprintf("Proposed to %s: #%d, %s. Nothing is promised until they accept.", Mention(c.Owner), c.ID, dueWords(r, c.Due, c.Created))
	return Message{Text: text, Blocks: []slack.Block{section(text + "\n" + commitmentLine(withoutPeople(c), commitmentAlone)), rechooseButton(old)}}
}
