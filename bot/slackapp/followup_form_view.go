package slackapp

import (
	"fmt"

	"github.com/slack-go/slack"

	"rapport/bot"
)

// followupDraft is what a form begins with.
type followupDraft struct {
	Input bot.FollowupInput
	About string
}

func followupForm(d followupDraft) Modal {
	var members []string
	outside := ""
	for _, cp := range d.Input.Counterparties {
		if cp.Member != "" {
			members = append(members, cp.Member)
		} else {
			outside = bot.UnescapeText(outsideName(cp))
		}
	}
	day, minute := bot.Date{}, -1
	if due := d.Input.Due; due != nil {
		day = due.Date
		if due.ExplicitTime {
			minute = due.Time.Hour*60 + due.Time.Minute
		}
	}
	var blocks []slack.Block
	if d.About != "" {
		blocks = append(blocks, contextLine("Follows up on "+Link(d.About, "this message")))
	}
	blocks = append(blocks,
		Input{Block: followupText, Label: "What will you do?"}.text(bot.UnescapeText(d.Input.Text), "Send the Q2 deck", followupTextLimit, true),
		Input{Block: followupTo, Label: "Who is waiting for it?", Hint: "They are not told unless you share it.", Optional: true}.members(members, "Pick colleagues", 10),
		Input{Block: followupOutside, Label: "Or somebody outside", Hint: "Jane Doe, Acme — or an e-mail address. They are never messaged.", Optional: true}.text(outside, "", 120, false),
		Input{Block: followupDate, Label: "By which day?", Hint: "You are reminded in time, inside your working hours.", Optional: true}.date(day),
		Input{Block: followupTime, Label: "At a certain time?", Optional: true}.clock(minute),
		Input{Block: followupShare, Label: "Who sees it?", Optional: true}.checkboxes(nil, optionWith("share", "Share it with them", "Colleagues named above can see it; otherwise only you do")),
	)
	return Modal{CallbackID: "followup.create", Title: "A promise", Submit: "Save", Close: "Cancel", Blocks: blocks, PrivateMetadata: d.About}
}

func followupMoveForm(c bot.Commitment) Modal {
	day, minute := bot.Date{}, -1
	if c.Due != nil {
		day = c.Due.Date
		if c.Due.ExplicitTime {
			minute = c.Due.Time.Hour*60 + c.Due.Time.Minute
		}
	}
	return Modal{
		CallbackID: "followup.move", Title: "Another date", Submit: "Save", Close: "Cancel", PrivateMetadata: fmt.Sprint(c.ID),
		Blocks: []slack.Block{
			section(commitmentLine(c, commitmentAlone)),
			Input{Block: followupDate, Label: "By which day?", Optional: true, Hint: "Empty takes the date away."}.date(day),
			Input{Block: followupTime, Label: "At a certain time?", Optional: true}.clock(minute),
			contextLine("Moving a date is a normal, gracious act. The old one stays in the item's history."),
		},
	}
}
