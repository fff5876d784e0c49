package slackapp

import (
	"fmt"
	"strings"

	"github.com/slack-go/slack"

	"rapport/bot"
)

// saidMessage passes on what somebody says about a commitment, in their words. Of one that is not shared with the reader there is nothing else.
func saidMessage(item bot.AddressedItem) Message {
	m := saidWords(item)
	if item.What == bot.WhatKept {
		m.Blocks = append(m.Blocks, actions(thanksButtons(item)...))
	}
	return saidWhy(m, item)
}

// saidWords are the words, and the promise as far as the reader may see it.
func saidWords(item bot.AddressedItem) Message {
	from := Mention(item.From.ID)
	blocks := append([]slack.Block{section("*" + from + " says:*")}, paragraphs(quote(safeText(item.Words)))...)
	switch c := item.Commitment; {
	case c.Text == "":
	case quotes(item.Words, c.Text):
		blocks = append(blocks, contextLine(fmt.Sprintf("About *#%d*", c.ID)))
	default:
		blocks = append(blocks, contextLine("About "+commitmentLine(withoutPeople(c), commitmentListed)))
	}
	return Message{Text: "News of a promise from " + from + ".", Blocks: blocks}
}

// quotes reports whether words say already what a line about a promise would show of its text, as a draft does. They may call by name whom it mentions.
func quotes(words, text string) bool {
	words, room, found := onOneLine(words), commitmentListed, false
	for _, p := range bot.ScanPieces(text) {
		if p.Kind == bot.PieceUser {
			continue
		}
		part := []rune(onOneLine(p.Raw(text)))
		part = part[:min(len(part), room)]
		_, after, ok := strings.Cut(words, string(part))
		if !ok {
			return false
		}
		words, room, found = after, room-len(part), found || len(part) > 0
	}
	return found
}

func onOneLine(text string) string {
	return strings.Join(strings.Fields(bot.OutgoingText{}.Plain(text)), " ")
}

func saidWhy(m Message, item bot.AddressedItem) Message {
	m.Blocks = append(m.Blocks, wayOut("You get this because "+Mention(item.From.ID)+" wants you to know it, about something that concerns you."))
	return m
}

// thanksButtons thank with one tap, or with words of one's own.
func thanksButtons(item bot.AddressedItem) []slack.BlockElement {
	label := "Thank " + orElse(plainWords(item.From.Name), "them")
	if item.Commitment.Text != "" {
		label += fmt.Sprintf(" for #%d", item.Commitment.ID)
	}
	own := thankButton("Thank in your own words", saidAbout(item), item.From.ID)
	if item.Word == 0 { // no word names what one tap would be for
		return []slack.BlockElement{own}
	}
	return []slack.BlockElement{primary(button("followup.thank", wordValue(item), label)), own}
}

// saidAbout is what somebody would thank for.
func saidAbout(item bot.AddressedItem) string {
	if item.Commitment.Text != "" {
		return item.Commitment.Text
	}
	return strings.TrimPrefix(item.Words, bot.DraftDone)
}

// wordValue names a word in a button's value; it holds none.
func wordValue(item bot.AddressedItem) string {
	return fmt.Sprint(item.Commitment.ID, " ", item.Word, " ", onAlone)
}

// thanksShown is how much of the thanks stands below the words that they repeat: a message holds both.
const thanksShown = 600

// followupThanked says that thanks are on their way, with the way back.
func followupThanked(item bot.AddressedItem, given bot.GivenKudos) Message {
	if !given.Kudos.Undone.IsZero() {
		return followupUnthanked(item)
	}
	m := saidWords(item)
	text := "You thanked " + Mention(item.From.ID) + ", just between you: it " + kudosAlone
	m.Blocks = append(m.Blocks, section(":sparkles: "+text+" For others to read it, too, type `/kudos` in a channel."))
	m.Blocks = append(m.Blocks, paragraphs(quote(bot.OutgoingText{Max: thanksShown}.Mrkdwn(given.Kudos.Message)))...)
	m.Blocks = append(m.Blocks, actions(
		button("kudos.edit", given.Kudos.ID, "Add words to your thanks"), button("followup.unthank", wordValue(item), "Undo your thanks"),
	))
	m.Text = text
	return saidWhy(m, item)
}

// followupUnthanked says that thanks were taken back. Other words can still be said.
func followupUnthanked(item bot.AddressedItem) Message {
	m := saidWords(item)
	m.Text = "Your thanks are taken back."
	m.Blocks = append(m.Blocks, section(m.Text), actions(thankButton("Thank in your own words", saidAbout(item), item.From.ID)))
	return saidWhy(m, item)
}
