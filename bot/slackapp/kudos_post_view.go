package slackapp

import (
	"slices"

	"github.com/slack-go/slack"

	"rapport/bot"
)

// kudosPostText is how much of a kudos the plain text beside the blocks says; the sentence before it needs some of Slack's 4,000 characters.
const kudosPostText = 3000

// kudosPost is a kudos in its channel.
func kudosPost(p bot.KudosPost) Message {
	k := p.Kudos
	text := Mention(k.Giver) + " thanks " + mentionList(p.Recipients)
	small := append(kudosDetails(k, p.Value), "`/kudos @name for …`")
	blocks := append([]slack.Block{section(":sparkles: *" + text + "*")}, spoken(k.Message, p.People)...)
	words := bot.OutgoingText{Max: kudosPostText, UserName: nameIn(p.People)}.Mrkdwn(k.Message)
	return Message{Text: text + ": " + words, Blocks: append(blocks, contextLine(small...))}
}

// kudosNote is the direct message to a recipient. Its text, which a lock screen shows, names the kind alone.
func kudosNote(n bot.KudosNote) Message {
	k := n.Kudos
	text := Mention(k.Giver) + " thanked you"
	if others := otherRecipients(n); len(others) > 0 {
		text += " and " + mentionList(others)
	}
	small := append([]string{noteAudience(n)}, kudosDetails(k, n.Value)...)
	small = append(small, "You get this because somebody thanked you; on my Home tab you choose how.")
	blocks := append([]slack.Block{section(":sparkles: *" + text + "*")}, spoken(k.Message, n.People)...)
	blocks = append(blocks, contextLine(small...))
	if n.Shown {
		blocks = append(blocks, actions(confirmed(button("kudos.hide", k.ID, "Hide my name in the channel"), "Hide your name?",
			"Your name goes from the channel's message and from its digest. If you alone were thanked, the message goes. You keep this note.",
			"Hide my name", "Leave it there")))
	}
	return Message{Text: "Somebody thanked you: a kudos from " + Mention(k.Giver) + ".", Blocks: blocks}
}

// kudosDetails is the small print of a kudos: what it was for, what it is about, whether it was edited.
func kudosDetails(k bot.Kudos, v bot.Value) []string {
	var details []string
	if v.Name != "" {
		details = append(details, valueWords(v))
	}
	if k.About != "" {
		details = append(details, Link(k.About, "the message it is about"))
	}
	if !k.Edited.IsZero() {
		details = append(details, "edited")
	}
	return details
}

func otherRecipients(n bot.KudosNote) []string {
	return slices.DeleteFunc(slices.Clone(n.Kudos.Recipients), func(id string) bool { return id == n.Reader.ID })
}

// noteAudience says who else can read it.
func noteAudience(n bot.KudosNote) string {
	alone := len(otherRecipients(n)) == 0
	switch {
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
