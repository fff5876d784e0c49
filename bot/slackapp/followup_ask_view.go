package slackapp

import (
	"fmt"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"rapport/bot"
)

// stands is a button's value: the number, and where the button stands.
func stands(c bot.Commitment, where string) string {
	return strings.TrimSpace(fmt.Sprint(c.ID, " ", where))
}

// stillGood asks what somebody wants to know who asks about a promise: "still good for Friday, 27 March", or "any news" of one without a date, or past it.
func stillGood(r Reader, c bot.Commitment, now time.Time) string {
	if c.Due == nil || isOver(r, c, now) {
		return "any news"
	}
	return "still good for " + strings.TrimPrefix(dueWords(r, c.Due, now), "by ")
}

// askLabel is the button that asks.
func askLabel(r Reader, c bot.Commitment, now time.Time) string {
	if c.Due == nil || isOver(r, c, now) {
		return fmt.Sprintf("Any news of #%d?", c.ID)
	}
	return fmt.Sprintf("Still good? #%d", c.ID)
}

// owedButtons are what somebody can do with a promise to them, as far as they see it: ask once in a while, say that they do not need it any more, and take
// back what they proposed. Where its owner left, they choose what becomes of it.
func owedButtons(r Reader, c bot.Commitment, where string, now time.Time) []slack.BlockElement {
	value := stands(c, where)
	switch {
	case c.State == bot.Proposed && c.By != "" && c.By != c.Owner:
		return []slack.BlockElement{button("followup.takeback", value, fmt.Sprintf("Take back #%d", c.ID))}
	case c.State != bot.Open:
		return nil
	case c.OwnerLeft():
		return leftButtons(c, where)
	case len(c.Freed) > 0:
		if now.Before(c.Freed[0].At.Add(undoTime)) {
			return []slack.BlockElement{button("followup.need", value, fmt.Sprintf("I need #%d after all", c.ID))}
		}
		return nil
	}
	var buttons []slack.BlockElement
	if _, asked := lastQuestion(c, now); !asked {
		buttons = append(buttons, button("followup.ask", value, askLabel(r, c, now)))
	}
	return append(buttons, button("followup.free", value, fmt.Sprintf("No longer needed #%d", c.ID)))
}

// undoTime is how long what somebody did can be taken back.
const undoTime = 10 * time.Minute

// owedRow is [owedButtons] in a row of their own, if there are any.
func owedRow(r Reader, c bot.Commitment, where string, now time.Time) []slack.Block {
	buttons := owedButtons(r, c, where, now)
	if len(buttons) == 0 {
		return nil
	}
	return []slack.Block{actions(buttons...)}
}

// lastQuestion is the reader's own question that is not over, of a promise as far as they see it.
func lastQuestion(c bot.Commitment, now time.Time) (bot.Question, bool) {
	if len(c.Asked) == 0 {
		return bot.Question{}, false
	}
	return c.AskedBy(c.Asked[0].By, now)
}

// owedNews says what happened last between the reader and who owes it to them.
func owedNews(r Reader, c bot.Commitment, now time.Time) string {
	q, asked := lastQuestion(c, now)
	switch {
	case c.OwnerLeft():
		return " · " + Mention(c.Owner) + " is no longer here"
	case len(c.Freed) > 0:
		return " · you no longer need it"
	case asked && !q.Answered.IsZero() && now.After(q.Answered.Add(undoTime)):
		return " · on track, said " + r.Ago(q.Answered, now)
	case asked:
		return " · you asked " + r.Ago(q.At, now)
	}
	return ""
}

// waitingRow are the buttons that answer whether a promise is still good, for its owner whom somebody asked, with who that is.
func waitingRow(r Reader, c bot.Commitment, where string, now time.Time) []slack.Block {
	waiting := c.Waiting(now)
	if len(waiting) == 0 {
		return nil
	}
	return []slack.Block{
		contextLine(Mention(waiting[0].By) + " asks: " + stillGood(r, c, now) + "?"), answerButtons(c, where),
	}
}

func answerButtons(c bot.Commitment, where string) slack.Block {
	return actions(
		button("followup.on_track", stands(c, where), fmt.Sprintf("On track #%d", c.ID)), button("followup.slip", fmt.Sprint(c.ID), fmt.Sprintf("Slipping: move #%d", c.ID)),
	)
}

// freedWords says to the owner who does not need it any more.
func freedWords(c bot.Commitment) string {
	if c.State != bot.Open || len(c.Freed) == 0 {
		return ""
	}
	return " · " + Mention(c.Freed[0].By) + " no longer needs it"
}

// askedMessage asks the owner whether a promise is still good.
func askedMessage(r Reader, item bot.AddressedItem) Message {
	c := item.Commitment
	var asked time.Time
	for _, q := range c.Asked {
		if q.By == item.From.ID {
			asked = q.At
		}
	}
	question := stillGood(r, c, asked)
	return Message{Text: "A colleague asks about a promise of yours.", Blocks: []slack.Block{
		section(Mention(item.From.ID) + " asks: " + question + "?\n" + commitmentLine(c, commitmentAlone)),
		answerButtons(c, onAlone),
		wayOut("You get this because you promised it to them. Without an answer nothing happens, and I do not ask again."),
	}}
}

// onTrackMessage tells who asked what the owner answered.
func onTrackMessage(r Reader, item bot.AddressedItem) Message {
	c := item.Commitment
	from, id := Mention(item.From.ID), fmt.Sprintf("#%d", c.ID)
	words := from + " says that " + id + " is on track " + strings.Replace(dueWords(r, c.Due, c.Acted), "by ", "for ", 1) + "."
	switch {
	case item.What == bot.WhatMoved && c.Due == nil:
		words = from + " has taken the date away from " + id + "; it is still open."
	case item.What == bot.WhatMoved:
		words = from + " has moved " + id + ": it is now due " + dueWords(r, c.Due, c.Acted) + "."
	case c.Due == nil || isOver(r, c, c.Acted):
		words = from + " says that " + id + " is on its way."
	}
	return Message{Text: "An answer about a promise to you.", Blocks: []slack.Block{
		section(words + "\n" + commitmentLine(withoutPeople(c), commitmentAlone)), wayOut("You get this because you asked."),
	}}
}

// freedMessage asks the owner whether they release what somebody does not need any more.
func freedMessage(r Reader, item bot.AddressedItem) Message {
	c := item.Commitment
	return Message{Text: "A colleague no longer needs something you promised.", Blocks: []slack.Block{
		section(Mention(item.From.ID) + " no longer needs this. Release it? It is yours to say.\n" + commitmentLine(c, commitmentAlone) + "\n" + dueWords(r, c.Due, c.Created)),
		actions(button("followup.release", stands(c, onAlone), fmt.Sprintf("Release #%d", c.ID)), button("followup.stay", stands(c, onAlone), fmt.Sprintf("Keep #%d", c.ID))),
		wayOut("You get this because you promised it to them. Without an answer it stays open."),
	}}
}

// followupAsked answers who asked.
func followupAsked(r Reader, c bot.Commitment, asker string, now time.Time) Message {
	q, _ := c.AskedBy(asker, now)
	owner := Mention(c.Owner)
	text := fmt.Sprintf("I will ask %s about #%d: %s? It reaches them in their working hours. I tell you when they answer; they do not have to.", owner, c.ID, stillGood(r, c, now))
	if !q.At.Equal(now) {
		text = fmt.Sprintf("You asked %s about #%d %s. You can ask again from %s.", owner, c.ID, r.Ago(q.At, now), r.Date(q.Till))
	}
	return Message{Text: text, Blocks: []slack.Block{section(text + "\n" + commitmentLine(withoutPeople(c), commitmentAlone))}}
}

func followupOnTrack(r Reader, c bot.Commitment) Message {
	text := fmt.Sprintf("On track: #%d, %s. Who asked hears it from me in ten minutes.", c.ID, dueWords(r, c.Due, c.Acted))
	return Message{Text: text, Blocks: []slack.Block{
		section(text + "\n" + commitmentLine(c, commitmentAlone)), actions(button("followup.off_track", stands(c, onAlone), fmt.Sprintf("Undo #%d", c.ID))),
	}}
}

func followupOffTrack(r Reader, c bot.Commitment, now time.Time) Message {
	text := fmt.Sprintf("Undone: nobody was told about #%d.", c.ID)
	blocks := []slack.Block{section(text + "\n" + commitmentLine(c, commitmentAlone))}
	return Message{Text: text, Blocks: append(blocks, waitingRow(r, c, onAlone, now)...)}
}

func followupFreed(c bot.Commitment) Message {
	text := fmt.Sprintf("I will tell %s kindly that you no longer need #%d, in ten minutes at the earliest. It is theirs to release.", Mention(c.Owner), c.ID)
	return Message{Text: text, Blocks: []slack.Block{
		section(text + "\n" + commitmentLine(withoutPeople(c), commitmentAlone)), actions(button("followup.need", stands(c, onAlone), fmt.Sprintf("I need #%d after all", c.ID))),
	}}
}

func followupNeeded(c bot.Commitment) Message {
	text := fmt.Sprintf("Good: #%d stays as it was. %s has not heard anything.", c.ID, Mention(c.Owner))
	return Message{Text: text, Blocks: []slack.Block{section(text + "\n" + commitmentLine(withoutPeople(c), commitmentAlone))}}
}

func followupSlipForm(c bot.Commitment) Modal {
	m := followupMoveForm(c)
	m.Blocks = append(m.Blocks, contextLine("Who asked hears of the new date."))
	return m
}
