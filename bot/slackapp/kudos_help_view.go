package slackapp

import (
	"strings"

	"github.com/slack-go/slack"

	"rapport/bot"
)

// helpContent renders quiet help with thanking; false if the content is nothing of that.
func helpContent(content any) (Message, bool) {
	switch c := content.(type) {
	case bot.HelpNote:
		return helpNote(c), true
	case bot.ReactionLimit:
		return reactionLimit(c), true
	}
	return Message{}, false
}

// helpNote says what happened lately that somebody may want to thank for. Its text, which may stand on a locked screen, names nobody.
func helpNote(n bot.HelpNote) Message {
	m := Message{Text: "Somebody whom you may want to thank."}
	for _, l := range n.Lines {
		var names, plain []string
		for _, id := range l.Members {
			names = append(names, "*"+Name(personIn(n.People, id))+"*")
			plain = append(plain, plainName(n.People, id))
		}
		about, label := "", "Thank "+List(plain...)
		switch l.Help {
		case bot.HelpCoffee:
			about = "You met " + List(names...) + ". Is there a sentence that stayed with you?"
		case bot.HelpPromise:
			about = List(names...) + " kept a promise to you:\n" + commitmentLine(withoutPeople(l.Promise), commitmentListed) + "\nWhat did it make possible?"
		case bot.HelpDigest:
			about, label = "Tomorrow "+ChannelMention(l.Channel)+" reads its week of thanks. Whose work went unseen?", "Thank somebody there"
		}
		m.Blocks = append(m.Blocks, section(about), actions(button("help.thank", helpValue(n, l), label)))
	}
	row := []slack.BlockElement{button("help.stop", "", "Stop this help")}
	if n.Fewer {
		row = append([]slack.BlockElement{button("help.fewer", "", "Fewer like this")}, row...)
	}
	m.Blocks = append(m.Blocks, contextLine("You get this because you asked for quiet help with thanking. Nothing has to follow from it, nobody else knows of it, and "+
		"nothing comes up twice. Which help comes: `/rapport settings`."), actions(row...))
	return m
}

// personIn is somebody to name, also one who is not known.
func personIn(people map[string]bot.Member, id string) bot.Member {
	m := people[id]
	m.ID = id
	return m
}

// helpValue is what a button that thanks has to know: the message's day, the channel if there is one, and whom to thank.
func helpValue(n bot.HelpNote, l bot.HelpLine) string {
	return strings.Join(append([]string{n.Day.String(), orElse(l.Channel, "-")}, l.Members...), " ")
}

// reactionLimit tells somebody why an emoji of theirs did not count.
func reactionLimit(c bot.ReactionLimit) Message {
	text := "Your :" + c.Emoji + ": is there for everybody to see. As a kudos it did not count: you have given " + Reader{}.Number(c.Limit) + " today, which is the most for a day. From tomorrow on it does again."
	return Message{Text: "Your kudos for today are used up.", Blocks: []slack.Block{section(text), wayOut("You get this at most once a day, when an emoji of yours would have been a kudos.")}}
}

func helpFewer(p bot.Preferences) Message {
	text := "Fewer from now on. `/rapport settings` chooses which help comes."
	if len(p.Help) == 0 {
		return helpStopped()
	}
	return Message{Text: text, Blocks: []slack.Block{section(text)}}
}

func helpStopped() Message {
	text := "No more of this help. It was one tap, and so is the way back."
	return Message{Text: text, Blocks: []slack.Block{section(text), actions(button("settings.open", "", "Change my settings"))}}
}
