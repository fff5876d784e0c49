package slackapp

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"rapport/bot"
)

// What an invitation says where nobody wrote anything else.
const (
	coffeeWordsStandard = "Meet a colleague whom you would not meet by chance."
	mentorWordsStandard = "Mentors and mentees find each other."
)

// standardWords are what the invitation of a kind of program says where nobody wrote anything else.
func standardWords(form bot.ProgramForm) string {
	if form == bot.MentorForm {
		return mentorWordsStandard
	}
	return coffeeWordsStandard
}

// coffeeForm is the form of a program's first settings. Those that are rarely changed have one of their own, [moreForm]: a phone shows little at once.
func coffeeForm(p bot.Program, from string) Modal {
	kind, submit, metadata := "coffee", "Create it", from
	mentors := p.Form == bot.MentorForm
	if mentors {
		kind = "mentoring"
	}
	title := "Set up " + kind
	var blocks []slack.Block
	if p.ID != "" {
		title, submit, metadata = "Change "+kind, "Save", versioned(p, from)
		blocks = append(blocks, contextLine("For the people of "+ChannelMention(p.Channel)+". To move it to another channel, set up a new one there."))
	} else {
		blocks = append(blocks, kindInput(p), Input{
			Block: coffeeChannel, Label: "For the people of which channel?", Hint: "I have to be in it. I post one invitation there; nobody is matched who does not press Join.",
		}.channel(p.Channel, "Pick a channel"))
	}
	blocks = append(blocks,
		Input{Block: coffeeNameInput, Label: "Name"}.text(bot.UnescapeText(p.Name), "Coffee", bot.ProgramNameLimit, false),
		Input{Block: coffeePurpose, Label: "What is it for, in one sentence?", Hint: "It is shown in the invitation and in each introduction.", Optional: true}.
			text(bot.UnescapeText(p.Purpose), "So that we know whom to ask before we need to.", bot.ProgramPurposeLimit, false),
		wordsInput(p),
	)
	blocks = append(blocks, whenInputs(p)...)
	if !mentors {
		blocks = append(blocks, sizeInputs(p)...)
	}
	return Modal{CallbackID: "coffee.save", Title: title, Submit: submit, Close: "Cancel", PrivateMetadata: metadata, Blocks: append(blocks, apartInputs(p)...)}
}

func kindInput(p bot.Program) slack.Block {
	kind := formCoffee
	if p.Form == bot.MentorForm {
		kind = formMentor
	}
	return Input{Block: coffeeForms, Label: "What kind?", Dispatch: true}.radio(kind,
		optionWith(formCoffee, "Coffee", "Everybody meets somebody else in each round"),
		optionWith(formMentor, "Mentoring", "Lasting pairs of a mentor and a mentee, who both have to accept"))
}

func wordsInput(p bot.Program) slack.Block {
	return Input{
		Block: coffeeWords, Label: "The invitation, in your words", Hint: "Below it stand when it is, who meets whom, and a button to join. It can be changed later.", Optional: true,
	}.text(bot.UnescapeText(invitationWords(p)), standardWords(p.Form), bot.ProgramWordsLimit, true)
}

func whenInputs(p bot.Program) []slack.Block {
	day, often := "On which day are people introduced?", "How often?"
	if p.Form == bot.MentorForm {
		day, often = "On which day are mentors and mentees matched?", "How often do I propose new pairs?"
	}
	return []slack.Block{
		Input{Block: coffeeWeekday, Label: day}.choice(strconv.Itoa(int(p.Weekday)), "", weekdayOptions()...),
		Input{Block: coffeeTime, Label: "At what time?", Hint: "Nobody hears from me outside their own working hours: it may come later for some."}.clock(p.Minute),
		Input{Block: coffeeZone, Label: "In which time zone?"}.choice(p.Zone, "", zoneOptions(p.Zone)...),
		Input{Block: coffeeWeeks, Label: often}.choice(strconv.Itoa(p.Weeks), "", weeksOptions()...),
	}
}

func sizeInputs(p bot.Program) []slack.Block {
	odd := oddTrio
	if !p.Trios {
		odd = oddSitOut
	}
	return []slack.Block{
		Input{Block: coffeeSize, Label: "How many people meet?"}.radio(strconv.Itoa(p.Size), option("2", "Two"), option("3", "Three"), option("4", "Four")),
		Input{Block: coffeeOdd, Label: "When pairs leave one person over"}.radio(odd, option(oddTrio, "One group of three"), option(oddSitOut, "Somebody sits out, in turn")),
	}
}

func apartInputs(p bot.Program) []slack.Block {
	var apart []string
	if !p.Managers {
		apart = []string{noManager}
	}
	return []slack.Block{
		Input{Block: coffeeDepartment, Label: "Different departments"}.radio(string(p.Department),
			optionWith(string(bot.Prefer), "Where possible", "Nobody is left out because of it"),
			optionWith(string(bot.Require), "Always", "Somebody may be left out because of it"),
			option(string(bot.Ignore), "It does not matter")),
		Input{Block: coffeeManagers, Label: "Managers", Optional: true}.checkboxes(apart, optionWith(noManager, "Not with one's own manager", "People meet whom they do not report to")),
	}
}

func weekdayOptions() []*slack.OptionBlockObject {
	options := make([]*slack.OptionBlockObject, 7)
	for i := range options {
		day := (i + 1) % 7 // Monday first
		options[i] = option(strconv.Itoa(day), time.Weekday(day).String())
	}
	return options
}

func weeksOptions() []*slack.OptionBlockObject {
	options := []*slack.OptionBlockObject{option("1", "Every week"), option("2", "Every second week")}
	for n := 3; n <= 12; n++ {
		options = append(options, option(strconv.Itoa(n), fmt.Sprintf("Every %d weeks", n)))
	}
	return options
}

// zoneOptions are the common zones, and the given one if it is none of them.
func zoneOptions(own string) []*slack.OptionBlockObject {
	var options []*slack.OptionBlockObject
	if own != "" && !slices.Contains(commonZones, own) {
		options = append(options, option(own, strings.ReplaceAll(own, "_", " ")))
	}
	for _, name := range commonZones {
		options = append(options, option(name, strings.ReplaceAll(name, "_", " ")))
	}
	return options
}

func coffeePauseForm(program, channel string) Modal {
	return Modal{
		CallbackID: "coffee.pause_until", Title: "Pause coffee", Submit: "Pause", Close: "Cancel", PrivateMetadata: strings.TrimSpace(program + " " + channel),
		Blocks: []slack.Block{
			Input{Block: coffeeUntil, Label: "You are back on", Hint: "You are matched in no round before that day. Nobody is told."}.date(bot.Date{}),
		},
	}
}
