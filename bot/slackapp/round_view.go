package slackapp

import (
	"net/url"
	"time"

	"github.com/slack-go/slack"

	"rapport/bot"
)

// chatAddress is where Slack shows a conversation.
func chatAddress(team, conversation string) string {
	return "https://slack.com/app_redirect?" + url.Values{"team": {team}, "channel": {conversation}}.Encode()
}

func chatOpened(team, conversation string) Message {
	text := "Your chat is ready: " + Link(chatAddress(team, conversation), "open it") + ". Nobody is notified before one of you writes."
	return paragraph(text)
}

func midwayNote(n bot.MidwayNote) Message {
	value := func(found bot.Time) string { return groupValue(n.Round, n.Group, string(found), inMidway) }
	return paragraph(mentionList(n.Group.Members)+", have you found a time?",
		actions(primary(button("coffee.found", value(bot.TimeScheduled), "We found a time")), button("coffee.found", value(bot.TimeNotYet), "Not yet, but we will"),
			button("coffee.found", value(bot.TimeCannot), "Can't this time")),
		contextLine("You get this because half of this round of "+programName(n.Program)+" is over; it comes once. `/coffee` skips the next round, pauses or leaves."))
}

// midwayAnswered replaces the note once somebody answered it.
func midwayAnswered(i bot.Introduction) Message {
	value := func(found bot.Time) string { return groupValue(i.Round, i.Group, string(found), inMidway) }
	scheduled := button("coffee.found", value(bot.TimeScheduled), "We found a time")
	cannot := button("coffee.found", value(bot.TimeCannot), "Can't this time")
	switch i.Group.Found {
	case bot.TimeScheduled:
		return paragraph("You found a time. Enjoy it!", actions(cannot))
	case bot.TimeCannot:
		return paragraph(wordsCannot, actions(button("coffee.found", value(bot.TimeNotYet), "I can after all")))
	}
	return paragraph("Not yet. Even ten minutes are a beginning.", actions(scheduled, cannot))
}

// metQuestion asks whether a group met and whether the reader wants to skip the next round; what was answered stands in its place, and can be
// changed.
func metQuestion(r Reader, q bot.MetQuestion, now time.Time) Message {
	with := List(others(q.Group, q.Reader.ID, q.People)...)
	said := q.Group.Met[q.Reader.ID]
	text := map[bot.Met]string{
		"":           "Did you meet " + with + "?",
		bot.MetYes:   "Noted: you met " + with + ".",
		bot.MetLater: "Noted: you and " + with + " meet later.",
		bot.MetNo:    "Noted: you did not meet " + with + ". That happens.",
	}[said]
	if said == bot.MetYes {
		text += " Did you promise anything? I can keep it in mind for you."
	}
	shown := text
	if q.Chat != "" {
		shown += " " + Link(chatAddress(q.Team, q.Chat), "Your chat")
	}
	var row []slack.BlockElement
	for _, o := range []struct {
		met   bot.Met
		label string
	}{{bot.MetYes, "We met"}, {bot.MetLater, "We meet later"}, {bot.MetNo, "We did not meet"}} {
		if o.met != said {
			row = append(row, button("coffee.met", groupValue(q.Round, q.Group, string(o.met)), o.label))
		}
	}
	if said == bot.MetYes {
		row = append(row, primary(button("coffee.promise", groupValue(q.Round, q.Group), "Keep a promise in mind")), thankOthers(q))
	}
	blocks := []slack.Block{section(shown), actions(row...)}
	if said == bot.MetYes {
		blocks = append(blocks, worthPart(q)...)
	}
	blocks = append(blocks, nextPart(r, q, now)...)
	return Message{Text: programName(q.Mine.Program) + ": " + text, Blocks: append(blocks, contextLine(metWhy(q)))}
}

// thankOthers opens the form for those whom somebody met; a chat between them is what it is about, so nothing is said for them.
func thankOthers(q bot.MetQuestion) *slack.ButtonBlockElement {
	var ids, names []string
	for _, id := range q.Group.Members {
		if id != q.Reader.ID {
			ids, names = append(ids, id), append(names, plainName(q.People, id))
		}
	}
	return thankButton("Thank "+List(names...), "", ids...)
}

// nextPart is the next round, and the way to skip it.
func nextPart(r Reader, q bot.MetQuestion, now time.Time) []slack.Block {
	m := q.Mine
	if m.Program.Paused || !m.Seat.In() {
		return nil
	}
	value := m.Program.ID + " " + groupValue(q.Round, q.Group)
	label := roundLabel(m.Program, m.Next)
	change := button("coffee.skip", value, "Skip "+label)
	if m.Skips() {
		change = button("coffee.unskip", value, "Don't skip "+label)
	}
	return []slack.Block{section(upperFirst(nextWords(r, m, now)) + "."), actions(change)}
}

func metWhy(q bot.MetQuestion) string {
	why := "You get this because a round of " + programName(q.Mine.Program) + " ends. Who runs it sees sums only. `/coffee` pauses or leaves."
	if q.Mine.Seat.Silent {
		why += " If I hear nothing, I ask once whether you are still in, and match you again when you say so."
	}
	return why
}

// noPairNote never says why: it may be chance, or something that is nobody's business.
func noPairNote(r Reader, n bot.NoPairNote) Message {
	m := n.Mine
	text := "There was no suitable match for you in this round of *" + programName(m.Program) + "*. " + upperFirst(nextWords(r, m, time.Time{})) + ", and you come first then."
	return paragraph(text, actions(noteButtons(m)...),
		contextLine("You get this because you joined "+programName(m.Program)+" in "+ChannelMention(m.Program.Channel)+"."))
}

// noteButtons are the ways out, in a message to one reader.
func noteButtons(m bot.Mine) []slack.BlockElement {
	value, round := m.Program.ID+" "+note, roundLabel(m.Program, m.Next)
	change := button("coffee.skip", value, "Skip "+round)
	if m.Skips() {
		change = button("coffee.unskip", value, "Don't skip "+round)
	}
	return []slack.BlockElement{change, button("coffee.pause", value, "Pause "+programLabel(m.Program)+" until a day"), button("coffee.leave", value, "Leave "+programLabel(m.Program))}
}

// stillInNote comes once to who let a round pass without any tap.
func stillInNote(r Reader, n bot.StillInNote) Message {
	m := n.Mine
	value := m.Program.ID + " " + note
	text := "A round of *" + programName(m.Program) + "* began without you: last time I heard nothing from you, and nobody should wait in vain. Are you still in?"
	return paragraph(text,
		actions(primary(button("coffee.in", value, "I'm in for "+roundLabel(m.Program, m.Next))), button("coffee.pause", value, "Pause "+programLabel(m.Program)+" until a day"),
			button("coffee.leave", value, "Leave "+programLabel(m.Program))),
		contextLine("You get this once, because you joined "+programName(m.Program)+" in "+ChannelMention(m.Program.Channel)+". Until you answer I leave you in peace; `/coffee` has the same buttons."))
}
