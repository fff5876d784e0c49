package slackapp

import (
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"rapport/bot"
	"rapport/bot/pairing"
)

// introduction opens a group's chat, or tells one member alone of their group.
func introduction(r Reader, i bot.Introduction) Message {
	where := inIntroduction
	first := "Hello " + mentionList(i.Group.Members) + ", meet each other."
	text := programName(i.Program) + ": " + List(others(i.Group, "", i.People)...) + " are introduced to each other."
	if i.Alone != "" {
		where = inAlone
		first = "Meet " + mentionList(except(i.Group.Members, i.Alone)) + "."
		text = programName(i.Program) + ": you are introduced to " + List(others(i.Group, i.Alone, i.People)...) + "."
	}
	blocks := []slack.Block{section(":coffee: *" + first + "*" + purposeLine(i.Program)), section(whoTheyAre(i))}
	if i.Question != "" {
		blocks = append(blocks, section("*A question to begin with*\n"+safeText(bot.EscapeText(i.Question))))
	}
	switch i.Group.Found {
	case bot.TimeScheduled:
		blocks = append(blocks, section("You found a time. Enjoy it!"))
	case bot.TimeCannot:
		blocks = append(blocks, section("It does not work out this time, and that is fine: nothing more is asked about it. The next round comes."))
	default:
		blocks = append(blocks, firstStep(i))
		blocks = append(blocks, timesPart(r, i)...)
	}
	return Message{Text: text, Blocks: append(blocks, actions(introductionButtons(i, where)...), contextLine(introductionWhy(i)))}
}

func except(members []string, member string) []string {
	return slices.DeleteFunc(slices.Clone(members), func(id string) bool { return id == member })
}

// whoTheyAre names everyone with title and department, and says what they are to each other.
func whoTheyAre(i bot.Introduction) string {
	var lines []string
	for _, id := range i.Group.Members {
		if id == i.Alone {
			continue
		}
		m := i.People[id]
		line := "• " + Mention(id)
		about := []string{}
		for _, text := range []string{m.Title, m.Department} {
			if text != "" {
				about = append(about, bot.SafeName(text))
			}
		}
		if len(about) > 0 {
			line += ", " + strings.Join(about, ", ")
		}
		lines = append(lines, line)
	}
	if between := betweenThem(i.Group); between != "" {
		lines = append(lines, between)
	}
	return strings.Join(lines, "\n")
}

// betweenThem says why these people, as far as that is nobody's secret: what holds for every pair of the group.
func betweenThem(g bot.Group) string {
	pairs := len(g.Members) * (len(g.Members) - 1) / 2
	count := map[pairing.ReasonCode]int{}
	for _, reason := range g.Reasons {
		count[reason.Code]++
	}
	var parts []string
	if count[pairing.DifferentDepartments] == pairs {
		parts = append(parts, "you work in different departments")
	}
	switch pairs {
	case count[pairing.FirstMeeting]:
		parts = append(parts, "this is your first coffee with each other")
	case count[pairing.LongAgo]:
		parts = append(parts, "your last coffee with each other was long ago")
	case count[pairing.MetBefore]:
		parts = append(parts, "you have met before; there was nobody new for you this time")
	}
	if len(parts) == 0 {
		return ""
	}
	return upperFirst(List(parts...)) + "."
}

func firstStep(i bot.Introduction) slack.Block {
	if i.Group.First == i.Alone {
		return section("*You take the first step:* open the chat, say hello and suggest a time.")
	}
	return section("*" + Mention(i.Group.First) + " takes the first step:* say hello and suggest a time.")
}

// timesPart proposes times, each with a way into two calendars.
func timesPart(r Reader, i bot.Introduction) []slack.Block {
	if len(i.Times) == 0 {
		return []slack.Block{section("Your working hours hardly meet (" + List(zonesOf(i)...) + "). Ask each other what would still be kind to both; a few thoughtful messages count as well.")}
	}
	title := "*Times at which all of you work*, shown in your own time zone"
	if len(i.Times) == 1 {
		title = "*A time at which all of you work*, shown in your own time zone"
	}
	blocks := []slack.Block{section(title)}
	for _, t := range i.Times {
		blocks = append(blocks, section("• "+r.Instant(t)+" · "+Link(googleCalendar(i, t), "put it into Google Calendar")+" · "+Link(outlookCalendar(i, t), "into Outlook")))
	}
	return blocks
}

// zonesOf names the group's zones, each once.
func zonesOf(i bot.Introduction) []string {
	var zones []string
	for _, id := range i.Group.Members {
		if zone := i.Hours[id].Zone; zone != nil && !slices.Contains(zones, zone.String()) {
			zones = append(zones, zone.String())
		}
	}
	return zones
}

func introductionButtons(i bot.Introduction, where string) []slack.BlockElement {
	value := func(found bot.Time) string { return groupValue(i.Round, i.Group, string(found), where) }
	var row []slack.BlockElement
	if where == inAlone {
		row = append(row, button("coffee.chat", groupValue(i.Round, i.Group), "Open our chat"))
	}
	if i.Group.Found != bot.TimeScheduled {
		found := button("coffee.found", value(bot.TimeScheduled), "We found a time")
		if where != inAlone {
			found = primary(found)
		}
		row = append(row, found)
	}
	if i.Group.Found != bot.TimeCannot {
		row = append(row, button("coffee.found", value(bot.TimeCannot), "Can't this time"))
	}
	return row
}

func introductionWhy(i bot.Introduction) string {
	way := " `/coffee` skips the next round, pauses or leaves."
	if i.Alone != "" {
		return "You get this because you joined " + programName(i.Program) + " in " + ChannelMention(i.Program.Channel) + ", and alone because your working hours do not meet." + way
	}
	return "You get this because you joined " + programName(i.Program) + " in " + ChannelMention(i.Program.Channel) + "." + way +
		" I am in this chat, too, for my buttons; to talk without me, write to each other directly."
}

// calendarTitle is plain text for an address.
func calendarTitle(i bot.Introduction) string {
	var list []string
	for _, id := range i.Group.Members {
		list = append(list, orElse(i.People[id].Name, id))
	}
	return programLabel(i.Program) + ": " + List(list...)
}

const calendarNote = "A first chat of 25 minutes, arranged with Rapport."

// googleCalendar is the address of Google Calendar's form for a new entry, filled in. Nothing is sent before somebody opens it.
func googleCalendar(i bot.Introduction, t time.Time) string {
	const layout = "20060102T150405Z"
	q := url.Values{
		"action": {"TEMPLATE"}, "text": {calendarTitle(i)}, "details": {calendarNote},
		"dates": {t.UTC().Format(layout) + "/" + t.Add(bot.ChatLength).UTC().Format(layout)},
	}
	return "https://calendar.google.com/calendar/render?" + q.Encode()
}

// outlookCalendar is the same for Outlook on the web.
func outlookCalendar(i bot.Introduction, t time.Time) string {
	q := url.Values{
		"path": {"/calendar/action/compose"}, "rru": {"addevent"}, "subject": {calendarTitle(i)}, "body": {calendarNote},
		"startdt": {t.UTC().Format(time.RFC3339)}, "enddt": {t.Add(bot.ChatLength).UTC().Format(time.RFC3339)},
	}
	// Outlook takes a plus for a plus.
	return "https://outlook.office.com/calendar/0/deeplink/compose?" + strings.ReplaceAll(q.Encode(), "+", "%20")
}

// chatAddress is where Slack shows a conversation.
func chatAddress(team, conversation string) string {
	return "https://slack.com/app_redirect?" + url.Values{"team": {team}, "channel": {conversation}}.Encode()
}

func chatOpened(i bot.Introduction, conversation string) Message {
	text := "Your chat is ready: " + Link(chatAddress(i.Team, conversation), "open it") + ". Nobody is notified before one of you writes."
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
		return paragraph("It does not work out this time, and that is fine: nothing more is asked about it. The next round comes.", actions(scheduled))
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
		text += " Did you promise anything? `/followup` keeps it in mind."
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
	blocks := append([]slack.Block{section(shown), actions(row...)}, nextPart(r, q, now)...)
	return Message{Text: programName(q.Mine.Program) + ": " + text, Blocks: append(blocks, contextLine(metWhy(q)))}
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
