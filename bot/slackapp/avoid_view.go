package slackapp

import (
	"strconv"
	"strings"

	"github.com/slack-go/slack"

	"rapport/bot"
)

const avoidTitle = "Kept away"

const avoidPrivate = "Nobody is told, and it shows nowhere: to others everything looks as it always does. It is stored encrypted."

func avoided(other string) Message {
	return paragraph("You and "+Mention(other)+" will not be introduced to each other, and their thanks, requests and questions do not reach you by message. "+avoidPrivate,
		actions(button("avoid.undo", other, "Take that back"), button("avoid.open", "", "Show my list")))
}

func avoidEnded() Message {
	return paragraph("Taken back: you may be introduced to each other again, and what they send from now on reaches you. What came meanwhile is not sent again: thanks are in "+
		"`/kudos mine`, open requests in `/followup list`.", actions(button("avoid.open", "", "Show my list")))
}

func avoidHelp() Message {
	return paragraph("Name one colleague: `/rapport avoid @name`. With nothing behind it, `/rapport avoid` shows your list.",
		actions(button("avoid.open", "", "Show my list")))
}

func avoidForm(p bot.Preferences) Modal {
	if p.Unreadable != "" {
		return avoidAgain()
	}
	return Modal{
		CallbackID: "avoid.save", Title: avoidTitle, Submit: "Save", Close: "Cancel", PrivateMetadata: strings.Join(p.Avoid, " "),
		Blocks: []slack.Block{
			section("With these colleagues you are not introduced: in no round, no mentor match, and not as one more in a group. Their thanks, requests and questions do not reach " +
				"you by message either. What they post in a channel stands there for you as for everybody, and what you send them goes out as always."),
			Input{Block: avoidWho, Label: "Colleagues", Hint: "Take somebody out to be introduced to them and hear from them again.", Optional: true}.members(p.Avoid, "Nobody so far", bot.AvoidLimit),
			contextLine(avoidPrivate),
		},
	}
}

// avoidAgain asks for a list anew that is stored and cannot be read.
func avoidAgain() Modal {
	return Modal{
		CallbackID: "avoid.save", Title: avoidTitle, Submit: "Save", Close: "Cancel", PrivateMetadata: avoidAfresh,
		Blocks: []slack.Block{
			section("I can no longer read your list, nor your notes on coffees. To be safe I introduce you to nobody, and keep back what colleagues send you, until you save a new list here; an empty one counts as well. " +
				"What you save takes the place of both. If you need the old ones, ask whoever runs me first."),
			Input{Block: avoidWho, Label: "Colleagues", Hint: "You are not introduced to them, and what they send does not reach you by message.", Optional: true}.members(nil, "Nobody so far", bot.AvoidLimit),
			contextLine(avoidPrivate),
		},
	}
}

func avoidSaved() Modal {
	m := noticeModal("Saved. It counts from now on. " + avoidPrivate)
	m.Title = avoidTitle
	return m
}

func avoidSentence(f *bot.Fault) string {
	switch f.Code {
	case bot.AvoidSelf:
		return "That is you. You are never introduced to yourself."
	case bot.AvoidMany:
		return "The list holds " + strconv.Itoa(f.Limit) + " people. Take somebody out first."
	case bot.AvoidLost:
		return "I can no longer read your list. Please open it with `/rapport avoid` and save it again."
	case bot.FaultNotFound:
		return "I do not know a colleague of that name here."
	}
	return faultSentence(Reader{}, f)
}
