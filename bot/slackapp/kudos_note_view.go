package slackapp

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/slack-go/slack"

	"rapport/bot"
)

const kudosNoteWhy = "You get this because somebody thanked you; on my Home tab you choose how."

// kudosNotes is the direct message to a recipient, of one kudos or of several. Its text, which a lock screen shows, names the kind alone.
func kudosNotes(all bot.KudosNotes) Message {
	if len(all.Notes) == 1 {
		return fitted(func(most int) Message { return kudosNote(all.Notes[0], most) })
	}
	// What is taken together has room; texts that grew since are cut.
	return fitted(func(most int) Message { return kudosBundle(all.Notes, most) })
}

// kudosNote tells of one kudos; most bounds the characters of its text, 0 stands for no bound.
func kudosNote(n bot.KudosNote, most int) Message {
	blocks := append([]slack.Block{section(":sparkles: *" + kudosNoteTitle(n) + "*")}, kudosNoteWords(n, most)...)
	blocks = append(blocks, contextLine(append(kudosNoteDetails(n), kudosNoteWhy)...))
	if buttons := kudosNoteButtons(n, nil); len(buttons) > 0 {
		blocks = append(blocks, actions(buttons...))
	}
	return Message{Text: "Somebody thanked you: a kudos from " + Mention(n.Kudos.Giver) + ".", Blocks: blocks}
}

// kudosBundle tells of several kudos as a list; most bounds the characters of each one's text, 0 stands for no bound.
func kudosBundle(notes []bot.KudosNote, most int) Message {
	ids := make([]string, len(notes))
	for i, n := range notes {
		ids[i] = n.Kudos.ID
	}
	title := bundleTitle(notes)
	blocks := []slack.Block{section(":sparkles: *" + title + "*")}
	for _, n := range notes {
		blocks = append(blocks, bundledNote(n, ids, most)...)
	}
	why := []string{"What comes within an hour, or outside your hours, comes together.", kudosNoteWhy}
	if most > 0 {
		why = append([]string{"Long texts are cut here; the table in `/kudos mine` has more of them."}, why...)
	}
	return Message{Text: title + ".", Blocks: append(blocks, contextLine(why...))}
}

// bundledNote is one entry of the list.
func bundledNote(n bot.KudosNote, ids []string, most int) []slack.Block {
	title, words, buttons := "*"+kudosNoteTitle(n)+"*", bundledWords(n, most), kudosNoteButtons(n, ids)
	head := section(title)
	if said := textOf(words); len(words) <= 1 && utf8.RuneCountInString(title+said) < maxSection {
		head, words = section(strings.TrimSpace(title+"\n"+said)), nil
	}
	if len(buttons) == 1 {
		head.Accessory = slack.NewAccessory(buttons[0])
		buttons = nil
	}
	blocks := append(append([]slack.Block{head}, words...), contextLine(kudosNoteDetails(n)...))
	if len(buttons) > 0 {
		blocks = append(blocks, actions(buttons...))
	}
	return blocks
}

// textOf is the text of a paragraph; empty for none.
func textOf(paragraphs []slack.Block) string {
	if len(paragraphs) == 0 {
		return ""
	}
	if s, ok := paragraphs[0].(*slack.SectionBlock); ok {
		return s.Text.Text
	}
	return ""
}

// bundleTitle says how many people thanked.
func bundleTitle(notes []bot.KudosNote) string {
	var givers []string
	for _, n := range notes {
		if !slices.Contains(givers, n.Kudos.Giver) {
			givers = append(givers, n.Kudos.Giver)
		}
	}
	if len(givers) == 1 {
		return Mention(givers[0]) + " thanked you " + times(len(notes))
	}
	return capital(spelled(len(givers))) + " people thanked you"
}

func times(n int) string {
	if n == 2 {
		return "twice"
	}
	return spelled(n) + " times"
}

// spelled writes a small number as a word.
func spelled(n int) string {
	words := []string{"no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"}
	if n < len(words) {
		return words[n]
	}
	return fmt.Sprint(n)
}

func capital(word string) string { return strings.ToUpper(word[:1]) + word[1:] }

// kudosNoteTitle says who thanked, and who else was thanked.
func kudosNoteTitle(n bot.KudosNote) string {
	k := n.Kudos
	if k.Reaction != "" {
		return Mention(k.Giver) + " put :" + k.Reaction + ": on " + reactedTo(k)
	}
	return Mention(k.Giver) + " thanked " + List(append([]string{"you"}, eachMention(otherRecipients(n))...)...)
}

// reactedTo names the message that a reaction is on.
func reactedTo(k bot.Kudos) string {
	if k.About == "" {
		return "your message"
	}
	return Link(k.About, "your message")
}

// kudosNoteWords is what the giver said; a reaction says nothing.
func kudosNoteWords(n bot.KudosNote, most int) []slack.Block {
	switch {
	case n.Kudos.Unreadable != "":
		return []slack.Block{section(wordlessKudos(n.Kudos))}
	case n.Kudos.Message == "":
		return nil
	}
	return spoken(n.Kudos.Message, n.People, most)
}

// bundledWords is the same in a list: where it is cut, on one line.
func bundledWords(n bot.KudosNote, most int) []slack.Block {
	if most == 0 || n.Kudos.Unreadable != "" || n.Kudos.Message == "" {
		return kudosNoteWords(n, 0)
	}
	text := bot.OutgoingText{UserName: nameIn(n.People), Max: most}.Mrkdwn(n.Kudos.Message)
	return []slack.Block{section(quote(strings.Join(strings.Fields(text), " ")))}
}

// kudosNoteDetails is the small print of a note: who else can read it, and what it is for.
func kudosNoteDetails(n bot.KudosNote) []string {
	k := n.Kudos
	if k.Reaction != "" {
		k.About = "" // the title links it
	}
	return append([]string{noteAudience(n)}, kudosDetails(k, n.Value)...)
}

// kudosNoteButtons are what the reader can do with one kudos. bundle are the ids of all that the message tells of; none where that is one.
func kudosNoteButtons(n bot.KudosNote, bundle []string) []slack.BlockElement {
	if n.Shown {
		return append([]slack.BlockElement{hideButton(n, bundle)}, noteSay(n, bundle)...)
	}
	return noteSay(n, bundle)
}

func hideButton(n bot.KudosNote, bundle []string) slack.BlockElement {
	value := kudosNoteValue(n.Kudos.ID, bundle)
	if n.Kudos.Reaction != "" {
		return confirmed(button("kudos.hide", value, "Leave it out of the digest"), "Leave it out?",
			"The reaction stays where it is; the channel's digest does not tell of it. You keep this note.", "Leave it out", "Keep it")
	}
	return confirmed(button("kudos.hide", value, "Hide my name in the channel"), "Hide your name?",
		"Your name goes from the channel's message and from its digest. If you alone were thanked, the message goes. You keep this note.",
		"Hide my name", "Leave it there")
}

// kudosNoteValue is the value of a button about one kudos of a note: its id and, where the message tells of several, all of theirs, so that what the button leaves of the
// message tells of them, too.
func kudosNoteValue(id string, bundle []string) string {
	return strings.Join(append([]string{id}, bundle...), " ")
}

// kudosNoteOf reads what [kudosNoteValue] made: which kudos it is about, and which ones the message tells of.
func kudosNoteOf(value string) (id string, all []string) {
	ids := strings.Fields(value)
	switch len(ids) {
	case 0:
		return "", nil
	case 1:
		return ids[0], ids
	}
	return ids[0], ids[1:]
}

func otherRecipients(n bot.KudosNote) []string {
	return slices.DeleteFunc(slices.Clone(n.Kudos.Recipients), func(id string) bool { return id == n.Reader.ID })
}

// noteAudience says who else can read it.
func noteAudience(n bot.KudosNote) string {
	alone := len(otherRecipients(n)) == 0
	switch {
	case n.Kudos.Reaction != "" && n.Shown:
		return "In " + ChannelMention(n.Kudos.Channel) + "; its digest may tell of it."
	case n.Kudos.Reaction != "" && n.Kudos.Channel != "":
		return "In " + ChannelMention(n.Kudos.Channel) + ", and in no digest."
	case n.Shown && n.Link != "":
		return "Posted in " + ChannelMention(n.Kudos.Channel) + ", " + Link(n.Link, "where it stands") + "."
	case n.Shown:
		return "Posted in " + ChannelMention(n.Kudos.Channel) + "."
	case n.Posted && alone:
		return "It is in no channel."
	case n.Posted:
		return "In " + ChannelMention(n.Kudos.Channel) + " it stands without your name."
	case alone:
		return "Only you and " + Mention(n.Kudos.Giver) + " see this."
	}
	return "Only the people named here see this."
}
