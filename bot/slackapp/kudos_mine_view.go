package slackapp

import (
	"slices"
	"strconv"
	"strings"

	"github.com/slack-go/slack"

	"rapport/bot"
)

const (
	mineTitle = "All my kudos"
	mineEmpty = "Nothing here yet. Who made your week easier? `/kudos @name for …` takes half a minute."
)

// kudosMineRoom is how many characters the lists may take, beside what stands around them.
const kudosMineRoom = 8500

// kudosMine is a page of what somebody gave and received. said, if any, is what became of an act in it.
func kudosMine(r Reader, list bot.MyKudos, said string) Message {
	text := "Your kudos, given and received. Only you see this."
	if len(list.Given)+len(list.Received) == 0 {
		text = mineEmpty
	}
	return Message{Text: text, Blocks: mineBlocks(r, list, said)}
}

// kudosMineModal is the same in a window.
func kudosMineModal(r Reader, list bot.MyKudos, said string) Modal {
	return Modal{CallbackID: "mine.list", Title: mineTitle, Close: "Close", Blocks: mineBlocks(r, list, said)}
}

func mineBlocks(r Reader, list bot.MyKudos, said string) []slack.Block {
	var blocks []slack.Block
	if said != "" {
		blocks = append(blocks, section("*"+said+"*"))
	}
	if len(list.Given)+len(list.Received) == 0 {
		return append(blocks, section(mineEmpty),
			actions(primary(button("kudos.open", "", "Give kudos"))))
	}
	lines := kudosLines{reader: r, list: list, room: kudosMineRoom / 2}
	blocks = append(append(blocks, header("What you received")), lines.blocks(list.Received, lines.received)...)
	lines.room = kudosMineRoom / 2
	blocks = append(append(blocks, header("What you gave")), lines.blocks(list.Given, lines.given)...)
	return append(blocks, actions(mineTurns(list)...), contextLine("Only you see this."))
}

// mineTurns are the ways on from a page.
func mineTurns(list bot.MyKudos) []slack.BlockElement {
	var turns []slack.BlockElement
	if list.Older {
		turns = append(turns, button("mine.page", strconv.Itoa(list.Page+1), "Older kudos"))
	}
	if list.Page > 0 {
		turns = append(turns, button("mine.page", strconv.Itoa(list.Page-1), "Newer kudos"))
	}
	return append(turns, button("mine.table", "", "As a table (CSV)"))
}

// kudosLines lists kudos within what a message can hold.
type kudosLines struct {
	reader Reader
	list   bot.MyKudos
	room   int // characters
}

func (l *kudosLines) blocks(list []bot.Kudos, show func(k bot.Kudos, line string) []slack.Block) []slack.Block {
	const frame = 260 // the date, twice, people, buttons, and the words around them
	switch {
	case len(list) == 0 && l.list.Page == 0:
		return []slack.Block{section("Nothing yet.")}
	case len(list) == 0:
		return []slack.Block{section("Nothing on this page.")}
	}
	// Each gets an equal share of the room, so that none is left out: what is on no page would be nowhere.
	share := max(40, l.room/len(list)-frame)
	var blocks []slack.Block
	for _, k := range list {
		blocks = append(blocks, show(k, l.words(k, min(300, share)))...)
	}
	return blocks
}

// words are what a kudos says, in at most limit characters.
func (l *kudosLines) words(k bot.Kudos, limit int) string {
	if special := wordlessKudos(k); special != "" {
		return special
	}
	text := bot.OutgoingText{Max: limit, UserName: nameIn(l.list.People)}.Mrkdwn(k.Message)
	return quote(cutMrkdwn(strings.Join(strings.Fields(text), " "), limit))
}

// wordlessKudos is what stands for a kudos that has no words of its own to show; "" for one that has.
func wordlessKudos(k bot.Kudos) string {
	switch {
	case k.Unreadable != "":
		return "_These words cannot be read right now: the key that they were sealed with is missing._"
	case k.Reaction != "" && k.About != "":
		return ":" + k.Reaction + ": on " + Link(k.About, "a message")
	case k.Reaction != "":
		return ":" + k.Reaction + ": on a message"
	}
	return ""
}

// received shows one that the reader received, with what they can say about it.
func (l *kudosLines) received(k bot.Kudos, line string) []slack.Block {
	details := []string{"from " + Mention(k.Giver) + ", " + l.reader.InstantDay(k.Given)}
	if k.Team != "" {
		details = append(details, "to "+thanked(k, nil))
	}
	hidden := slices.Contains(k.Hidden, l.list.Reader.ID)
	if hidden {
		details = append(details, hiddenMark(k))
	}
	more := menu("kudos.more", reportOption(k), option(sayTable+" "+k.ID, "All of them as a table (CSV)"))
	said := sectionWith(line+"\n"+strings.Join(append(details, privateWords(k)...), " · "), more)
	switch {
	case !k.Posted, l.list.Preferences.KudosDM == bot.KudosPrivately && k.Team == "": // it is named nowhere
		return []slack.Block{said}
	case hidden:
		return []slack.Block{said, actions(showAgain(k, l.list.Page))}
	}
	return []slack.Block{said, actions(button("mine.hide", listedValue(k.ID, l.list.Page), hideLabel(k)))}
}

// given shows one that the reader gave, with the ways to change it.
func (l *kudosLines) given(k bot.Kudos, line string) []slack.Block {
	to := thanked(k, nil)
	if k.Team == "" {
		to = l.reader.ListShort(eachMention(k.Recipients), 3)
	}
	details := append([]string{"to " + to + ", " + l.reader.InstantDay(k.Given)}, privateWords(k)...)
	if !k.Edited.IsZero() {
		details = append(details, "edited")
	}
	value := listedValue(k.ID, l.list.Page)
	question := "Its text is gone then, here and in the messages about it."
	if k.Reaction != "" {
		question = "It is gone then, here and in the messages about it. The emoji itself stays on the message until you take it off there."
	}
	undo := confirmed(button("mine.undo", value, "Undo this kudos"), "Take it back?", question, "Take it back", "Keep it")
	row := actions(button("mine.edit", value, "Edit this kudos"), undo)
	if k.Reaction != "" || k.Unreadable != "" {
		row = actions(undo)
	}
	return []slack.Block{section(line + "\n" + strings.Join(details, " · ")), row}
}

// hiddenMark says in a list that the reader hid a kudos.
func hiddenMark(k bot.Kudos) string {
	switch {
	case k.Reaction != "":
		return "in no digest"
	case k.Team != "":
		return "without you"
	}
	return "your name is hidden"
}

// hideLabel and showLabel name what a recipient can do about where a kudos is read: a reaction stays where it is, and a team is named as one.
func hideLabel(k bot.Kudos) string {
	switch {
	case k.Reaction != "":
		return "Leave it out of the digest"
	case k.Team != "":
		return "Leave me out of it"
	}
	return "Hide my name"
}

func showLabel(k bot.Kudos) string {
	switch {
	case k.Reaction != "":
		return "Let the digest tell of it"
	case k.Team != "":
		return "Count me in again"
	}
	return "Show my name again"
}

// showAgain is the way back from a hidden name.
func showAgain(k bot.Kudos, page int) *slack.ButtonBlockElement {
	return button("mine.show", listedValue(k.ID, page), showLabel(k))
}

// privateWords say that a kudos is in no channel, where that is so.
func privateWords(k bot.Kudos) []string {
	if k.Private {
		return []string{"between you"}
	}
	return nil
}

// hiddenWords say that a recipient's name was hidden.
func hiddenWords(k bot.ShownKudos) string {
	switch {
	case !k.Posted:
		return "That kudos is in no channel, so there is nothing to hide."
	case k.Reaction != "":
		return "The channel's digest does not tell of it. The reaction stays where it is."
	case k.Team != "":
		return "You are left out of it. It stays where it is for the others of the team."
	case k.Before:
		return "Your name is hidden there already."
	}
	return "Your name is hidden in the channel and its digest. Nobody is told."
}

// shownWords say that a recipient's name is shown again.
func shownWords(k bot.ShownKudos) string {
	switch {
	case !k.Posted:
		return "That kudos is in no channel, so there is nothing to show."
	case k.Reaction != "":
		return "The channel's digest may tell of it again."
	case k.Team != "":
		return "You are part of it again."
	case k.Before:
		return "Your name is shown there already."
	}
	return "Your name is shown again, in the channel and its digest."
}

// noteSay are the buttons of a recipient's message about a kudos that have nothing to do with how it is posted now. bundle are the ids of all that the message tells
// of.
func noteSay(n bot.KudosNote, bundle []string) []slack.BlockElement {
	var say []slack.BlockElement
	if slices.Contains(n.Kudos.Hidden, n.Reader.ID) {
		say = append(say, button("kudos.show", kudosNoteValue(n.Kudos.ID, bundle), showLabel(n.Kudos)))
	}
	return append(say, menu("kudos.more", option(sayMine+" "+n.Kudos.ID, mineTitle), reportOption(n.Kudos)))
}

// reportOption stands in menus and not on buttons: a thank-you should not look like a suspect.
func reportOption(k bot.Kudos) *slack.OptionBlockObject {
	return option(sayReport+" "+k.ID, "Report this kudos…")
}

// kudosMenu is what everybody who reads a kudos in its channel can do about it.
func kudosMenu(k bot.Kudos) *slack.OverflowBlockElement {
	return menu("kudos.more", reportOption(k), option(sayHide+" "+k.ID, hideLabel(k)))
}
