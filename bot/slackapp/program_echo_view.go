package slackapp

import (
	"fmt"
	"slices"
	"time"

	"github.com/slack-go/slack"

	"rapport/bot"
)

// coffeeCreated echoes a new program's settings in words, and what its invitation says.
func coffeeCreated(r Reader, p bot.Program, now time.Time) Message {
	text := "*" + programName(p) + "* is set up in " + ChannelMention(p.Channel) + ": " + cadence(r, p) + ", next on " + nextOn(r, p, bot.NextRound(p, now), now) + "."
	return paragraph(text,
		section(meetingWords(p)+purposeLine(p)),
		section("I have posted this invitation there, with the same facts below it and a button to join:\n"+quote(safeText(invitationWords(p)))),
		contextLine("You are not in yourself yet: nobody is who did not press Join."),
		actions(
			button("coffee.join", p.ID, "Join "+programLabel(p)), button("coffee.words", p.ID, "Change the words of the invitation"),
			button("coffee.more", p.ID, "More settings of "+programLabel(p)), button("coffee.status", p.ID, "How "+programLabel(p)+" goes")))
}

// coffeeChanged echoes a change of a program's settings: what changed, from what to what.
func coffeeChanged(r Reader, c bot.ProgramChange, now time.Time) Message {
	p := c.Program
	when := cadence(r, p) + ", next on " + nextOn(r, p, bot.NextRound(p, now), now) + "."
	text, lines := "*"+programName(p)+"* is saved: "+when, ""
	switch {
	case c.Unchanged():
		text = "Nothing changed: *" + programName(p) + "* is as it was. " + when
	case c.Was.ID != "":
		for _, line := range programChanges(r, c.Was, p) {
			lines += "• " + line + "\n"
		}
	}
	var blocks []slack.Block
	if lines != "" {
		blocks = append(blocks, section(lines))
	}
	if !c.Unchanged() {
		blocks = append(blocks, contextLine("The invitation in "+ChannelMention(p.Channel)+" says the same. Who is in stays in."))
	}
	return paragraph(text, append(blocks, actions(
		button("coffee.edit", p.ID, "Change "+programLabel(p)), button("coffee.more", p.ID, "More settings of "+programLabel(p)),
		button("coffee.status", p.ID, "How "+programLabel(p)+" goes")))...)
}

// programChanges says each setting that changed, from what to what.
func programChanges(r Reader, was, is bot.Program) []string {
	var lines []string
	turned := func(what, from, to string) {
		if from != to {
			lines = append(lines, "*"+what+":* "+from+" → "+to)
		}
	}
	turned("Name", programName(was), programName(is))
	turned("When", cadence(r, was), cadence(r, is))
	if was.Purpose != is.Purpose {
		lines = append(lines, "*Purpose:* "+orWords(is.Purpose, "none any more"))
	}
	if was.Words != is.Words {
		lines = append(lines, "*Invitation:* "+quoted(invitationWords(is)))
	}
	turned("Who meets", grouping(was), grouping(is))
	turned("One's own manager", yesWords(was.Managers, "may be met", "is not met"), yesWords(is.Managers, "may be met", "is not met"))
	turned("Common working hours", strictWords(was.Overlap), strictWords(is.Overlap))
	turned("The same people meet again", windowWords(was.Window), windowWords(is.Window))
	turned("Questions", orWords(was.Theme, "about anything"), orWords(is.Theme, "about anything"))
	turned("Holidays", holidayWords(was.Holidays), holidayWords(is.Holidays))
	turned("Guests", yesWords(was.Guests, "may take part", "do not take part"), yesWords(is.Guests, "may take part", "do not take part"))
	turned("Who joins the channel", yesWords(was.AutoJoin, "is in", "has to press Join"), yesWords(is.AutoJoin, "is in, and is told so at once", "has to press Join"))
	if !slices.Equal(was.Editors, is.Editors) {
		lines = append(lines, "*Who else may change it:* "+mentions(was.Editors)+" → "+mentions(is.Editors))
	}
	return lines
}

// invitationWords are what an invitation says, as they are stored: an editor's own words or the standard ones.
func invitationWords(p bot.Program) string {
	if p.Words == "" {
		return bot.EscapeText(standardWords(p.Form))
	}
	return p.Words
}

func quoted(text string) string { return "“" + safeText(text) + "”" }

func orWords(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return quoted(text)
}

func strictWords(s bot.Strictness) string {
	switch s {
	case bot.Require:
		return "always"
	case bot.Ignore:
		return "do not matter"
	}
	return "where possible"
}

func windowWords(rounds int) string {
	if rounds == 0 {
		return "at any time"
	}
	return fmt.Sprintf("after %d rounds", rounds)
}

func holidayWords(country string) string {
	if country == "" {
		return "rounds begin on holidays, too"
	}
	return "those of " + countryNames[country]
}

func yesWords(is bool, yes, no string) string {
	if is {
		return yes
	}
	return no
}

func mentions(members []string) string {
	if len(members) == 0 {
		return "nobody"
	}
	names := make([]string, len(members))
	for i, id := range members {
		names[i] = Mention(id)
	}
	return List(names...)
}
