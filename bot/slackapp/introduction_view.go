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
