package slackapp

import (
	"github.com/slack-go/slack"

	"rapport/bot"
)

// kudosPostText is how much of a kudos the plain text beside the blocks says; the sentence before it needs some of Slack's 4,000 characters.
const kudosPostText = 3000

// kudosPost is a kudos in its channel.
func kudosPost(p bot.KudosPost) Message {
	return fitted(func(most int) Message { return kudosPosted(p, most) })
}

// kudosPosted is the same; most bounds its text.
func kudosPosted(p bot.KudosPost, most int) Message {
	k := p.Kudos
	text := Mention(k.Giver) + " thanks " + thanked(k, p.Recipients)
	small := append(kudosDetails(k, p.Value), "`/kudos @name for …`")
	blocks := append([]slack.Block{sectionWith(":sparkles: *"+text+"*", kudosMenu(k))}, spoken(k.Message, p.People, most)...)
	words := bot.OutgoingText{Max: kudosPostText, UserName: nameIn(p.People)}.Mrkdwn(k.Message)
	return Message{Text: text + ": " + words, Blocks: append(blocks, contextLine(small...))}
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
