package slackapp

import (
	"net/url"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"rapport/bot"
)

const calendarWindow = "Add to my calendar"

// calendarView offers every way into a calendar for each of some times. said, if any, is what became of a file.
func calendarView(r Reader, i bot.Introduction, where string, files bool, said string) Modal {
	var blocks []slack.Block
	if said != "" {
		blocks = append(blocks, section("*"+said+"*"))
	}
	for _, t := range i.Times {
		words := "*" + r.DateTime(t) + "*"
		if clocks := clockWords(r, meetingOf(i), t); clocks != "" {
			words += "\n" + clocks
		}
		blocks = append(blocks, section(words+"\n"+Link(googleCalendar(calendarTitle(i), t), "Google Calendar")+" · "+Link(outlookCalendar(calendarTitle(i), t), "Outlook")))
		if files {
			one := i
			one.Times = []time.Time{t}
			blocks = append(blocks, actions(button("calendar.file", calendarValue(one, where), "Calendar file for "+r.DateShort(t)+", "+r.Time(t))))
		} else {
			blocks = append(blocks, section("To copy into any other calendar:\n```"+calendarFacts(r, i, t)+"```"))
		}
		blocks = append(blocks, divider())
	}
	small := "Nothing is sent to anybody before you save it in your calendar. Invite the others there, if you like."
	if files {
		small = "A calendar file opens in any calendar. It comes into this chat, where all of you can use it. " + small
		if i.Alone != "" {
			small = "A calendar file opens in any calendar. It comes into your chat with me. " + small
		}
	}
	return Modal{CallbackID: "calendar.window", Title: calendarWindow, Close: "Close", Blocks: append(blocks, contextLine(small))}
}

// calendarFacts are what somebody types into a calendar.
func calendarFacts(r Reader, i bot.Introduction, t time.Time) string {
	return bot.EscapeText(strings.ReplaceAll(calendarTitle(i), "`", "'")) + "\n" + r.DateTime(t) + " to " + r.Time(t.Add(bot.ChatLength)) + " (" + city(r.zone()) + ")\n" + t.UTC().Format("2006-01-02 15:04") + " UTC"
}

func calendarComment(r Reader, i bot.Introduction, t time.Time) string {
	return "A calendar entry for " + r.Instant(t) + ". One of you asked for it; it is there once for all."
}

const (
	maxCalendarTitle = 120
	maxEncodedTitle  = 160 // in an address: another script takes nine characters for each of its own
)

// calendarTitle is what an entry is called, as plain text.
func calendarTitle(i bot.Introduction) string {
	return entryTitle(i.Program, i.Group.Members, i.People)
}

func entryTitle(p bot.Program, members []string, people map[string]bot.Member) string {
	var list []string
	for _, id := range members {
		list = append(list, bot.OutgoingText{}.Plain(bot.EscapeText(orElse(people[id].Name, id))))
	}
	return bot.CutText(strings.Join(strings.Fields(programLabel(p)+": "+List(list...)), " "), maxCalendarTitle)
}

// linkTitle is an entry's title, short enough for an address.
func linkTitle(title string) string {
	for limit := maxCalendarTitle; limit > 0 && len(url.QueryEscape(title)) > maxEncodedTitle; limit -= 4 {
		title = bot.CutText(title, limit)
	}
	return title
}

const calendarNote = "A first chat of 25 minutes, arranged with Rapport."

// googleCalendar is the address of Google Calendar's form for a new entry, filled in. Nothing is sent before somebody opens it.
func googleCalendar(title string, t time.Time) string {
	const layout = "20060102T150405Z"
	q := url.Values{
		"action": {"TEMPLATE"}, "text": {linkTitle(title)}, "details": {calendarNote},
		"dates": {t.UTC().Format(layout) + "/" + t.Add(bot.ChatLength).UTC().Format(layout)},
	}
	return "https://calendar.google.com/calendar/render?" + q.Encode()
}

// outlookCalendar is the same for Outlook on the web.
func outlookCalendar(title string, t time.Time) string {
	q := url.Values{
		"path": {"/calendar/action/compose"}, "rru": {"addevent"}, "subject": {linkTitle(title)}, "body": {calendarNote},
		"startdt": {t.UTC().Format(time.RFC3339)}, "enddt": {t.Add(bot.ChatLength).UTC().Format(time.RFC3339)},
	}
	// Outlook takes a plus for a plus.
	return "https://outlook.office.com/calendar/0/deeplink/compose?" + strings.ReplaceAll(q.Encode(), "+", "%20")
}
