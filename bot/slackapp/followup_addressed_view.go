package slackapp

import (
	"fmt"

	"github.com/slack-go/slack"

	"rapport/bot"
)

// addressedMessage tells a member what colleagues address to them about commitments.
func addressedMessage(a bot.Addressed) Message {
	if len(a.Items) == 1 {
		return addressedItem(addressedReader(a), a.Items[0])
	}
	return addressedMany(a, nil, Message{})
}

// addressedItem is one of them, as a message of its own.
func addressedItem(r Reader, item bot.AddressedItem) Message {
	switch item.What {
	case bot.WhatProposed, bot.WhatOffered:
		return proposalMessage(r, item)
	case bot.WhatAsked:
		return askedMessage(r, item)
	case bot.WhatOnTrack, bot.WhatMoved:
		return onTrackMessage(r, item)
	case bot.WhatKept, bot.WhatSaid:
		return saidMessage(item)
	case bot.WhatFreed:
		return freedMessage(r, item)
	case bot.WhatLeft:
		return leftMessage(r, item)
	}
	return answerMessage(item)
}

// proposalMessage asks somebody to take a commitment on, or over.
func proposalMessage(r Reader, p bot.AddressedItem) Message {
	id := fmt.Sprint(p.Commitment.ID)
	ask := Mention(p.From.ID) + " asks whether you take this on."
	small := "Nothing is promised until you accept, and no reason is needed to decline. Without an answer it closes by itself after five working days."
	if p.What == bot.WhatOffered {
		ask = Mention(p.From.ID) + " asks whether you take this over from them."
		small = "Until you accept it stays theirs, and no reason is needed to decline."
	}
	due := dueWords(r, p.Commitment.Due, p.Commitment.Created)
	if p.Commitment.Every != nil {
		due += " · " + everyWords(r, p.Commitment.Every)
	}
	return Message{Text: "A colleague asks you to take something on.", Blocks: []slack.Block{
		section(ask + "\n" + commitmentLine(p.Commitment, commitmentAlone) + "\n" + due),
		actions(primary(button("followup.accept", id+" "+onAlone, "Accept #"+id)), button("followup.decline", id+" "+onAlone, "Decline #"+id)),
		wayOut(small),
	}}
}

// answerMessage tells what became of a commitment to somebody who waits for it.
func answerMessage(a bot.AddressedItem) Message {
	from := Mention(a.From.ID)
	words := map[bot.What]string{
		bot.WhatAccepted: from + " said yes:", bot.WhatDeclined: from + " cannot take this on:",
		bot.WhatLapsed: from + " has not answered within five working days, so this is no longer open. A word in person may help:",
	}
	if a.From.Deleted {
		words[bot.WhatLapsed] = from + " is no longer here, so nothing comes of this:"
		words[bot.WhatDeclined] = from + " is no longer here, so this stays yours:"
	}
	m := Message{Text: "News of a promise from " + from + ".", Blocks: []slack.Block{
		section(words[a.What] + "\n" + commitmentLine(a.Commitment, commitmentAlone)),
	}}
	if a.What == bot.WhatLapsed {
		m.Text = "Something that you asked for is no longer open."
	}
	return Message{Text: m.Text, Blocks: append(m.Blocks, wayOut("You get this because it was promised to you, or you asked for it."))}
}
