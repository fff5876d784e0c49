package slackapp

import (
	"fmt"
	"slices"
	"strings"

	"github.com/slack-go/slack"

	"rapport/bot"
	"rapport/bot/when"
)

// followupDraft is what a form begins with.
type followupDraft struct {
	Input  bot.FollowupInput
	About  string
	People map[string]bot.Member // whom the text mentions
}

func followupForm(d followupDraft) Modal {
	blocks := slices.Insert(d.inputs(), len(d.about())+1, d.owner())
	blocks = append(blocks, Input{Block: followupShare, Label: "Who sees it?", Optional: true}.checkboxes(nil,
		optionWith("share", "Share it with them", "Colleagues named above see it on their Home; otherwise only you do")))
	return Modal{CallbackID: "followup.create", Title: "A promise", Submit: "Save", Close: "Cancel", Blocks: blocks, PrivateMetadata: d.About}
}

// about is a line that links to what a promise follows up on, where it does.
func (d followupDraft) about() []slack.Block {
	if d.About == "" {
		return nil
	}
	return []slack.Block{contextLine("Follows up on " + Link(d.About, "this message"))}
}

// owner asks who is to do it.
func (d followupDraft) owner() slack.Block {
	var asked []string
	if d.Input.Proposed {
		asked = []string{d.Input.Owner}
	}
	return Input{Block: followupOwner, Label: "Who does it?", Hint: "You, if this is empty. A colleague is asked, and can say no.", Optional: true}.members(asked, "You", 1)
}

// inputs are what a promise says: its words, whom it is to, when, and how often.
func (d followupDraft) inputs() []slack.Block {
	var members, outside []string
	for _, cp := range d.Input.Counterparties {
		if cp.Member != "" {
			members = append(members, cp.Member)
		} else {
			outside = append(outside, bot.UnescapeText(outsideName(cp)))
		}
	}
	day, minute := duePickers(d.Input.Due)
	return append(d.about(),
		Input{Block: followupText, Label: "What will you do?"}.text(typedWords(d.Input.Text, d.People), "Send the Q2 deck", followupTextLimit, true),
		Input{Block: followupTo, Label: "Who is waiting for it?", Hint: "They get no message, and see it only if you share it.", Optional: true}.members(members, "Pick colleagues", 10),
		Input{Block: followupOutside, Label: "Or people outside", Hint: "One a line: Jane Doe, Acme — or an e-mail address. They are never messaged.", Optional: true}.
			text(strings.Join(outside, "\n"), "", outsideLimit, true),
		Input{Block: followupDate, Label: "By which day?", Hint: "You are reminded in time, inside your working hours.", Optional: true}.date(day),
		Input{Block: followupTime, Label: "At a certain time?", Optional: true}.clock(minute),
		Input{Block: followupEvery, Label: "Does it repeat?", Hint: "every 2 weeks, every friday, every first monday", Optional: true}.text(ruleText(d.Input.Every), "", 80, false),
	)
}

// outsideLimit is how much can be written about people outside, in characters.
const outsideLimit = 600

// duePickers are a date and its time, in minutes of its day, as pickers show them: the zero value and -1 for none.
func duePickers(due *when.Due) (bot.Date, int) {
	switch {
	case due == nil:
		return bot.Date{}, -1
	case !due.ExplicitTime:
		return due.Date, -1
	}
	return due.Date, due.Time.Hour*60 + due.Time.Minute
}

func followupMoveForm(c bot.Commitment) Modal {
	day, minute := duePickers(c.Due)
	return Modal{
		CallbackID: "followup.move", Title: "Another date", Submit: "Save", Close: "Cancel", PrivateMetadata: fmt.Sprint(c.ID),
		Blocks: []slack.Block{
			section(commitmentLine(c, commitmentAlone)),
			Input{Block: followupDate, Label: "By which day?", Optional: true, Hint: "Empty takes the date away."}.date(day),
			Input{Block: followupTime, Label: "At a certain time?", Optional: true}.clock(minute),
			contextLine(fmt.Sprintf("Moving a date is a normal, gracious act. The old one stays in the history of #%d.", c.ID)),
		},
	}
}
