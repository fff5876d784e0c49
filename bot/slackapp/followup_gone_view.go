package slackapp

import (
	"fmt"
	"slices"
	"strings"

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

// What each choice means, of what somebody who left owed the reader, of what the reader promised them, and of what they asked for.
const (
	leftOwing    = "Keep makes it a promise of your own, pass on asks a colleague for it, release lets it go. Nothing happens without you."
	leftOwed     = "Keep leaves it as it is, pass on offers it to a colleague, release lets it go. All are fine."
	leftProposed = "No reason is needed to decline. Without an answer it closes by itself."
)

// leftChoices says what the buttons of one such promise mean.
func leftChoices(item bot.AddressedItem) string {
	switch c := item.Commitment; {
	case c.Owner == item.From.ID:
		return leftOwing
	case c.State == bot.Proposed:
		return leftProposed
	}
	return leftOwed
}

// choosable reports whether an item asks what becomes of a promise one of whose people left.
func choosable(item bot.AddressedItem) bool { return !item.Over && item.What == bot.WhatLeft }

// leftSmallPrint says once what the choices mean of all such promises in one message; empty where there are none.
func leftSmallPrint(items []bot.AddressedItem) string {
	asks := func(choices string) bool {
		return slices.ContainsFunc(items, func(item bot.AddressedItem) bool { return choosable(item) && leftChoices(item) == choices })
	}
	var words []string
	switch owing, owed := asks(leftOwing), asks(leftOwed); {
	case owing && owed:
		words = append(words, "Of what you were owed: k"+leftOwing[1:], "Of what you promised: k"+leftOwed[1:])
	case owing:
		words = append(words, leftOwing)
	case owed:
		words = append(words, leftOwed)
	}
	if asks(leftProposed) && !slices.ContainsFunc(items, asksForYes) { // of a proposal the message says that already
		words = append(words, leftProposed)
	}
	return strings.Join(words, " ")
}

// leftMessage tells the other side of a promise that somebody left.
func leftMessage(r Reader, item bot.AddressedItem) Message {
	c, gone := item.Commitment, Mention(item.From.ID)
	words := gone + " is no longer here and owed you this."
	line, buttons := commitmentLine(withoutPeople(c), commitmentAlone), leftButtons(c, onAlone)
	switch leftChoices(item) {
	case leftProposed:
		words = gone + ", who asked you for this, is no longer here. Take it on all the same?"
		id := fmt.Sprint(c.ID)
		buttons = []slack.BlockElement{button("followup.accept", id+" "+onAlone, "Accept #"+id), button("followup.decline", id+" "+onAlone, "Decline #"+id)}
		line = commitmentLine(c, commitmentAlone)
	case leftOwed:
		words = gone + " is no longer here. You had promised this."
		line = commitmentLine(c, commitmentAlone)
	}
	return Message{Text: "Somebody left, and a promise between you is open.", Blocks: []slack.Block{
		section(words + "\n" + line + "\n" + dueWords(r, c.Due, c.Created)), actions(buttons...), contextLine(leftChoices(item)),
		wayOut("You get this once, because the promise was between you."),
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
	undo := button("followup.rechoose", fmt.Sprint(old, " ", onAlone), fmt.Sprintf("Undo #%d", c.ID)) // it goes by the old number, of which nothing is said here
	return Message{Text: text, Blocks: []slack.Block{section(text + "\n" + commitmentLine(withoutPeople(c), commitmentAlone)), actions(undo)}}
}
