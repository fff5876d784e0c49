package slackapp

import (
	"github.com/slack-go/slack"

	"rapport/bot"
)

// roundContent renders what is said of a round that is under way.
func roundContent(reader Reader, content any) (Message, bool) {
	switch c := content.(type) {
	case bot.ReleasedNote:
		return releasedNote(c), true
	}
	return Message{}, false
}

// lateWords begin an introduction in the middle of a round. They do not say who waited, nor who could not.
func lateWords(i bot.Introduction) string {
	if i.Joins == "" {
		return "Somebody was found after all: this round has begun already, and there is time enough for a coffee."
	}
	switch i.Alone {
	case "":
	case i.Joins:
		return "You join them in this round, which has begun already. There is time enough for a coffee."
	default:
		return Mention(i.Joins) + " joins you in this round. “Open our chat” brings all of you together; the other chat you can leave as it is."
	}
	return Mention(i.Joins) + " joins you in this round. Here is one chat for all of you; the other one you can leave as it is."
}

// releasedNote tells kindly that it does not work out, without who or why.
func releasedNote(n bot.ReleasedNote) Message {
	m := n.Mine
	text := "Your coffee in this round of *" + programName(m.Program) + "* does not work out this time. That is nobody's fault, and nothing more is asked about it."
	row := []slack.BlockElement{}
	if n.Open {
		text += " If you like, I look for somebody else; if not, you are in again for the next round."
		row = append(row, button("coffee.another", m.Program.ID+" "+note, "Find me somebody else"))
	}
	row = append(row, noteButtons(m)...)
	return paragraph(text, actions(row...),
		contextLine("You get this because you joined "+programName(m.Program)+" in "+ChannelMention(m.Program.Channel)+", and so that you do not wait in vain."))
}

// anotherAsked is the answer to who wants somebody else; open says that there is time for that.
func anotherAsked(m bot.Mine, open bool) Message {
	if !open {
		return paragraph("This round of *"+programName(m.Program)+"* no longer takes anybody in. You are in again for the next one.", actions(noteButtons(m)...))
	}
	return paragraph("I am looking for somebody. If I find one, a new chat opens within your working hours; if not, you are in again for the next round of *"+
		programName(m.Program)+"*.", actions(noteButtons(m)...))
}

// noChat tells who is left of a group that there is no chat to open, without who went.
func noChat() Message {
	return paragraph("This coffee does not work out, so there is no chat to open. That is nobody's fault, and there is nothing you need to do.")
}

// outOfIt tells one of several that the others go on.
func outOfIt(i bot.Introduction) Message {
	return paragraph("Noted: you are out this time, and the others meet without you. I tell nobody. If you can after all, press “We found a time”.",
		contextLine(programName(i.Program)+" goes on for you with the next round."))
}
