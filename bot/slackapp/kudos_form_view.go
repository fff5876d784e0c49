package slackapp

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/slack-go/slack"

	"rapport/bot"
)

// kudosDraft is what a form begins with.
type kudosDraft struct {
	Input   bot.KudosInput
	Channel string // where it was opened; empty for nowhere
	AboutTS string // timestamp of the message in Channel that it thanks for
	About   string // that message's address; may be empty
}

// noValue is the option of the select for who means none.
const noValue = "none"

const (
	kudosQuestion = "What did they do, and what did it change?"
	kudosExample  = "You stayed with the customer until the import worked."
)

func kudosForm(d kudosDraft, w bot.Workspace, limits bot.KudosLimits) Modal {
	var values []*slack.OptionBlockObject
	for _, v := range w.Values {
		values = append(values, optionWith(v.Name, strings.TrimSpace(v.Emoji+" "+v.Name), v.Sentence))
	}
	values = append(values[:min(len(values), maxSelect-1)], option(noValue, "No value in particular"))
	var private []string
	if d.Input.Private {
		private = []string{"private"}
	}
	blocks := append(kudosFormNotes(d),
		Input{Block: kudosTo, Label: "Whom do you want to thank?"}.
			members(d.Input.Recipients[:min(len(d.Input.Recipients), limits.Recipients)], "Pick colleagues", limits.Recipients),
		Input{Block: kudosMessage, Label: kudosQuestion, Hint: "Specific beats long: one thing, and what it made possible."}.
			text(asTyped(d.Input.Message, nil, limits), kudosExample, limits.Characters, true),
		Input{Block: kudosValue, Label: "What was it?", Optional: true}.choice(d.Input.Value, "Pick a value if one fits", values...),
		Input{Block: kudosPrivate, Label: "Who sees it?", Optional: true}.
			checkboxes(private, optionWith("private", "Just between us", "By direct message only, in no channel and no digest")),
	)
	return Modal{
		CallbackID: "kudos.give", Title: "Give kudos", Submit: "Send kudos", Close: "Cancel", Blocks: blocks,
		PrivateMetadata: strings.TrimSpace(d.Channel + " " + d.AboutTS),
	}
}

// kudosNotices are the sentences above a form that opened because a text needs the person's eye.
var kudosNotices = map[bot.FaultCode]string{
	bot.KudosUnpickedPerson: "I do not guess who is meant by a name. Pick the people here, or from the completion while you type.",
	bot.KudosUnclearPrivate: "I was not sure whether this is meant to be private. Please check below.",
	bot.KudosNoRecipient:    "Whom is this for? Begin with a colleague next time: `/kudos @ana for …`.",
	bot.KudosTooMany:        "These are more people than can be thanked at once; the first ones are filled in.",
}

func kudosFormNotes(d kudosDraft) []slack.Block {
	var blocks []slack.Block
	if sentence := kudosNotices[d.Input.Fault]; sentence != "" {
		blocks = append(blocks, section(":bulb: "+sentence))
	}
	if len(d.Input.Groups) > 0 {
		blocks = append(blocks, section(":bulb: A user group cannot be picked here: pick the people, or type `/kudos @group for …` with what they did."))
	}
	if d.About != "" {
		blocks = append(blocks, contextLine("For "+Link(d.About, "this message")))
	}
	return blocks
}

// kudosEdit is the form for another text. It is opened from a message in channel.
func kudosEdit(k bot.Kudos, people map[string]bot.Member, channel string, limits bot.KudosLimits) Modal {
	return Modal{
		CallbackID: "kudos.change", Title: "Edit kudos", Submit: "Save the new text", Close: "Cancel", PrivateMetadata: strings.TrimSpace(k.ID + " " + channel),
		Blocks: []slack.Block{
			section("For " + mentionList(k.Recipients) + ". The people stay; to thank somebody else, give another one."),
			Input{Block: kudosMessage, Label: kudosQuestion}.text(asTyped(k.Message, people, limits), kudosExample, limits.Characters, true),
		},
	}
}

// asTyped is a text as its author would type it: people by name, if there is room for their names.
func asTyped(message string, people map[string]bot.Member, limits bot.KudosLimits) string {
	named := bot.OutgoingText{UserName: nameIn(people)}.Plain(message)
	if utf8.RuneCountInString(named) <= limits.Characters {
		return named
	}
	return bot.OutgoingText{}.Plain(message)
}

// kudosFormProblems finds what is wrong with a filled form, by input.
func kudosFormProblems(in bot.KudosInput, limits bot.KudosLimits) map[string]string {
	problems := map[string]string{}
	if len(in.Recipients) == 0 {
		problems[kudosTo] = "Pick at least one colleague."
	}
	if len(in.Recipients) > limits.Recipients {
		problems[kudosTo] = fmt.Sprintf("At most %d people at once.", limits.Recipients)
	}
	if bot.CountText(in.Message) > limits.Characters {
		problems[kudosMessage] = fmt.Sprintf("At most %d characters.", limits.Characters)
	} else if in.Message == "" {
		problems[kudosMessage] = "Say what they did and what it changed."
	}
	return problems
}

// kudosFaultBlock is the input that a fault belongs to.
func kudosFaultBlock(f *bot.Fault) string {
	switch f.Code {
	case bot.KudosOnlySelf, bot.KudosNobody, bot.KudosNoRecipient, bot.KudosTooMany:
		return kudosTo
	}
	return kudosMessage
}
