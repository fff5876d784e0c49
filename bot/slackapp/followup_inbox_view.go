package slackapp

import (
	"fmt"
	"slices"
	"strings"

	"github.com/slack-go/slack"

	"rapport/bot"
)

func addressedReader(a bot.Addressed) Reader {
	return Reader{Locale: a.Reader.Locale, Zone: a.Hours.Zone}
}

// addressedAgain is a message that tells of several things after something was done about one of them, with what came of that in its place.
func addressedAgain(a bot.Addressed, done int, answer Message) Message {
	i := slices.IndexFunc(a.Items, func(item bot.AddressedItem) bool { return item.Commitment.ID == done })
	if i < 0 {
		return answer
	}
	return addressedMany(a, &a.Items[i], answer)
}

// addressedMany tells of several things, each with its own words and buttons; of one, answered if there is one, it says what came of it. Where texts have grown since
// they were put together, so that they do not fit, it has the first words of each.
func addressedMany(a bot.Addressed, answered *bot.AddressedItem, answer Message) Message {
	m := addressedList(a, answered, answer, false)
	if _, err := m.seal(); err != nil {
		m = addressedList(a, answered, answer, true)
	}
	return m
}

func addressedList(a bot.Addressed, answered *bot.AddressedItem, answer Message, brief bool) Message {
	r, where := addressedReader(a), amongMany(a.Items)
	title := capital(spelled(len(a.Items))) + " things from colleagues"
	blocks := []slack.Block{section("*" + title + "*")}
	for i := range a.Items {
		item := &a.Items[i]
		one := answer.Blocks
		switch {
		case item == answered:
		case item.Over && toldBefore(a.Items, i, answered):
			continue
		default:
			one = addressedStanding(r, a.Reader.ID, *item)
		}
		if brief {
			one = briefly(*item, one)
		}
		one = withoutSmallPrint(one, asksForYes(*item) || choosable(*item))
		standingIn(one, where)
		blocks = append(append(blocks, divider()), one...)
	}
	if words := leftSmallPrint(a.Items); words != "" {
		blocks = append(blocks, contextLine(words))
	}
	small := "What comes within an hour, or outside your hours, comes together. You get this because colleagues ask you for something, promised you something, or answer you."
	if slices.ContainsFunc(a.Items, asksForYes) {
		small = "Nothing is promised until you accept, and no reason is needed to decline. Without an answer a proposal closes by itself after five working days. " + small
	}
	return Message{Text: title + ".", Blocks: append(blocks, wayOut(small))}
}

// toldBefore reports whether another item says already what became of the same commitment.
func toldBefore(items []bot.AddressedItem, at int, answered *bot.AddressedItem) bool {
	id := items[at].Commitment.ID
	return answered != nil && answered.Commitment.ID == id ||
		slices.ContainsFunc(items[:at], func(i bot.AddressedItem) bool { return i.Over && i.Commitment.ID == id })
}

// withoutSmallPrint are the blocks of one item where it stands among others: the way out comes once, at the end, and so does what is said of all that waits for a
// yes or a no.
func withoutSmallPrint(blocks []slack.Block, asks bool) []slack.Block {
	return slices.DeleteFunc(slices.Clone(blocks), func(b slack.Block) bool {
		small, ok := b.(*slack.ContextBlock)
		return ok && (asks || isWayOut(small))
	})
}

// isWayOut reports whether [wayOut] wrote it.
func isWayOut(small *slack.ContextBlock) bool {
	return slices.ContainsFunc(small.ContextElements.Elements, func(e slack.MixedElement) bool {
		text, ok := e.(*slack.TextBlockObject)
		return ok && strings.Contains(text.Text, "`/rapport settings`")
	})
}

// briefly are the first words of an item, and its buttons.
func briefly(item bot.AddressedItem, blocks []slack.Block) []slack.Block {
	text := commitmentLine(item.Commitment, commitmentListed)
	if item.Words != "" {
		text += "\n" + quote(strings.Join(strings.Fields(bot.OutgoingText{Max: commitmentListed}.Mrkdwn(item.Words)), " "))
	}
	kept := []slack.Block{section(text)}
	for _, b := range blocks {
		if b.BlockType() == slack.MBTAction {
			kept = append(kept, b)
		}
	}
	return kept
}

// asksForYes reports whether an item waits for a yes or a no.
func asksForYes(item bot.AddressedItem) bool {
	return !item.Over && (item.What == bot.WhatProposed || item.What == bot.WhatOffered)
}

// addressedStanding is one item as it stands for its reader: as it was told first, unless that is over.
func addressedStanding(r Reader, reader string, item bot.AddressedItem) []slack.Block {
	c := item.Commitment
	switch {
	case item.What == bot.WhatKept && item.Thanked.ID != "":
		return followupThanked(item, bot.GivenKudos{Kudos: item.Thanked}).Blocks
	case !item.Over:
		return addressedItem(r, item).Blocks
	case item.Declined:
		return []slack.Block{section(fmt.Sprintf("Declined: #%d.", c.ID)), actions(undoButton(c))}
	case item.Chose:
		return []slack.Block{section(fmt.Sprintf("Settled: #%d.", c.ID)), rechooseButton(c.ID)}
	case c.Text == "":
		return []slack.Block{section(fmt.Sprintf("#%d: nothing to do here any more.", c.ID))}
	case c.Owner != reader:
		return []slack.Block{section(fmt.Sprintf("#%d has changed since.\n", c.ID) + commitmentLine(withoutPeople(c), commitmentListed))}
	}
	blocks := []slack.Block{section(stoodWords(r, c) + "\n" + commitmentLine(c, commitmentListed))}
	if c.Before != nil && c.Before.By == "" && item.Kind == bot.KindProposal {
		blocks = append(blocks, actions(undoButton(c)))
	}
	return blocks
}

// stoodWords says to its owner what became of a commitment that was asked for, or about.
func stoodWords(r Reader, c bot.Commitment) string {
	switch c.State {
	case bot.Open:
		return fmt.Sprintf("Yours: #%d, %s.", c.ID, dueWords(r, c.Due, c.Acted))
	case bot.Declined:
		return fmt.Sprintf("Declined: #%d.", c.ID)
	case bot.Done:
		return fmt.Sprintf("Kept: #%d.", c.ID)
	}
	return fmt.Sprintf("No longer open: #%d.", c.ID)
}
