package slackapp

import (
	"fmt"

	"github.com/slack-go/slack"

	"rapport/bot"
	"rapport/bot/when"
)

// echoMost is how many buttons stand below a new promise: on a phone each may take a line of its own.
const echoMost = 5

// echoButtons are the one-tap corrections of a new promise. Dates and the way back come first; where they leave no room, who sees it and what it says are in a menu.
func echoButtons(r Reader, c bot.Commitment, in bot.FollowupInput, offers []when.Due) []slack.BlockElement {
	id := fmt.Sprint(c.ID)
	takeBack := button("followup.takeback", id, "Take back #"+id)
	buttons := splitButtons(c)
	if c.Owner != c.By {
		return append(buttons, takeBack)
	}
	buttons = append(buttons, dateButtons(r, c, in, offers)...)
	if c.Due == nil && len(in.Alternatives) == 0 {
		buttons = append(buttons, button("followup.date", id+" "+noDate, "No date for #"+id))
	}
	var others []slack.BlockElement
	if len(colleagues(c)) > 0 && !c.Shared {
		others = append(others, shareButton(c))
	}
	others = append(others, button("followup.edit", id, "Edit #"+id))
	if len(buttons)+len(others)+1 <= echoMost {
		return append(append(buttons, others...), takeBack)
	}
	return append(buttons, takeBack, echoMenu(c))
}

// echoMenu holds what is wanted less often of a new promise.
func echoMenu(c bot.Commitment) slack.BlockElement {
	id := fmt.Sprint(c.ID)
	var options []*slack.OptionBlockObject
	if len(colleagues(c)) > 0 && !c.Shared {
		options = append(options, option("share "+id+" "+onAlone, "Show #"+id+" to them"))
	}
	return menu("followup.more", append(options, option("edit "+id, "Edit #"+id), option("more "+id, "More for #"+id+" …"))...)
}

// proposalReading tells who asks somebody else for something how its day was read, where another one may have been meant: the day is not theirs to move, but what they
// ask is theirs to take back. Of two dates the notice speaks.
func proposalReading(r Reader, c bot.Commitment, in bot.FollowupInput) string {
	again := fmt.Sprintf("take #%d back and ask again", c.ID)
	switch {
	case c.State != bot.Proposed || c.Due == nil || in.Notice == when.TwoDates:
		return ""
	case len(in.Alternatives) > 0:
		other := in.Alternatives[0]
		words := fmt.Sprintf("If you meant %s, %s with the day written out: `by %s`.", dayAndTime(r, other, c), again, dueValue(other))
		if !in.Confirm { // else it was asked just before
			words = "I read that as " + dayAndTime(r, *c.Due, c) + ". " + words
		}
		return words
	case in.Confirm:
		return "If it is another one, " + again + "."
	}
	return ""
}

// dayAndTime is a date as it was read, with its time if one was said.
func dayAndTime(r Reader, d when.Due, c bot.Commitment) string {
	day := r.DayNear(d.Date, c.Created)
	if d.ExplicitTime {
		day += ", " + r.Minute(d.Time.Hour*60+d.Time.Minute)
	}
	return day
}
