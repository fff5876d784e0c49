package slackapp

import (
	"slices"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"rapport/bot"
)

// meeting is what is known of a first chat that some people may have.
type meeting struct {
	title   string // plain text, for a calendar
	members []string
	people  map[string]bot.Member
	hours   map[string]bot.Hours
	times   []time.Time // when they could meet
}

func meetingOf(i bot.Introduction) meeting {
	return meeting{title: calendarTitle(i), members: i.Group.Members, people: i.People, hours: i.Hours, times: i.Times}
}

// proposing reports whether an introduction proposes times.
func proposing(i bot.Introduction) bool {
	return len(i.Times) > 0 && i.Group.Found != bot.TimeScheduled && i.Group.Found != bot.TimeCannot
}

// timesPart proposes times, a line each.
func timesPart(r Reader, m meeting) []slack.Block {
	return timeLines(m, func(t time.Time) string { return timeWords(r, m, t) })
}

// linkedTimesPart is timesPart with two ways into a calendar behind each time.
func linkedTimesPart(r Reader, m meeting) []slack.Block {
	return timeLines(m, func(t time.Time) string {
		return timeWords(r, m, t) + " · " + Link(googleCalendar(m.title, t), "Google Calendar") + " · " + Link(outlookCalendar(m.title, t), "Outlook")
	})
}

func timeLines(m meeting, words func(time.Time) string) []slack.Block {
	if len(m.times) == 0 {
		return []slack.Block{section("Your working hours hardly meet (" + List(zonesOf(m)...) + "). Ask each other what would still be kind to both; a few thoughtful messages count as well.")}
	}
	who := "all of you"
	if len(m.members) == 2 {
		who = "both of you"
	}
	title := "*Times at which " + who + " work*"
	if len(m.times) == 1 {
		title = "*A time at which " + who + " work*"
	}
	lines := []string{title}
	for _, t := range m.times {
		lines = append(lines, "• "+words(t))
	}
	return paragraphs(strings.Join(lines, "\n"))
}

// timeWords say an instant once: by everybody's own clock, or where all clocks show the same as each reader's Slack shows it.
func timeWords(r Reader, m meeting, t time.Time) string {
	if clocks := clockWords(r, m, t); clocks != "" {
		return clocks
	}
	return r.Instant(t)
}

// zonesOf names the group's zones, each once.
func zonesOf(m meeting) []string {
	var zones []string
	for _, id := range m.members {
		if zone := m.hours[id].Zone; zone != nil && !slices.Contains(zones, zone.String()) {
			zones = append(zones, zone.String())
		}
	}
	return zones
}

// wallClock is what the clocks of some members show at an instant.
type wallClock struct {
	at    Reader
	names []string
}

// clockWords says an instant by everybody's own clock: "Tue 31 Mar, 15:00 for Ana (Berlin), 09:00 for Bob (New York)". Empty where all clocks show the same.
func clockWords(r Reader, m meeting, t time.Time) string {
	clocks := clocksOf(r, m, t)
	if len(clocks) < 2 {
		return ""
	}
	var parts []string
	day := ""
	for _, c := range clocks {
		words := c.at.Time(t) + " for " + List(c.names...) + " (" + bot.SafeName(city(c.at.zone())) + ")"
		if d := c.at.DateShort(t); d != day {
			words, day = d+", "+words, d
		}
		parts = append(parts, words)
	}
	return strings.Join(parts, ", ")
}

// clocksOf puts members whose clocks show the same together, in the order of the group.
func clocksOf(r Reader, m meeting, t time.Time) []wallClock {
	var clocks []wallClock
	names := shortNames(m)
	for at, id := range m.members {
		own := Reader{Locale: r.Locale, Zone: m.hours[id].Zone}
		_, offset := t.In(own.zone()).Zone()
		same := slices.IndexFunc(clocks, func(c wallClock) bool {
			_, theirs := t.In(c.at.zone()).Zone()
			return theirs == offset
		})
		if same < 0 {
			clocks = append(clocks, wallClock{at: own})
			same = len(clocks) - 1
		}
		clocks[same].names = append(clocks[same].names, names[at])
	}
	return clocks
}

const maxShortName = 20

// shortNames are the first names of a group, or whole names where two are called the same.
func shortNames(m meeting) []string {
	var short, whole []string
	for _, id := range m.members {
		name := bot.OutgoingText{}.Plain(orElse(m.people[id].Name, id))
		whole = append(whole, bot.SafeName(bot.CutText(name, 2*maxShortName)))
		short = append(short, bot.SafeName(firstName(name)))
	}
	for at, name := range short {
		if slices.Contains(short[:at], name) {
			return whole
		}
	}
	return short
}

func firstName(name string) string {
	first, _ := firstWord(name)
	return bot.CutText(first, maxShortName)
}

// city is the place that a zone is named after.
func city(zone *time.Location) string {
	name := zone.String()
	return strings.ReplaceAll(name[strings.LastIndex(name, "/")+1:], "_", " ")
}
