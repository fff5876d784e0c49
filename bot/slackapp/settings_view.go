package slackapp

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"rapport/bot"
)

// commonZones are the zones that the form offers, one for each clock that many people live by, from west to east. Slack's own is always the
// first choice, and one's own is added if it is another.
var commonZones = []string{
	"Pacific/Honolulu", "America/Anchorage", "America/Los_Angeles", "America/Vancouver", "America/Phoenix", "America/Denver", "America/Chicago",
	"America/Mexico_City", "America/New_York", "America/Toronto", "America/Bogota", "America/Lima", "America/Halifax", "America/Caracas", "America/Santiago",
	"America/St_Johns", "America/Sao_Paulo", "America/Argentina/Buenos_Aires", "Atlantic/Azores", "Atlantic/Reykjavik", "Europe/Lisbon", "Europe/Dublin", "Europe/London",
	"Africa/Casablanca", "Africa/Lagos", "Europe/Madrid", "Europe/Paris", "Europe/Brussels", "Europe/Amsterdam", "Europe/Zurich", "Europe/Berlin", "Europe/Vienna",
	"Europe/Rome", "Europe/Copenhagen", "Europe/Oslo", "Europe/Stockholm", "Europe/Prague", "Europe/Warsaw", "Europe/Budapest", "Europe/Athens", "Europe/Bucharest",
	"Europe/Helsinki", "Europe/Kyiv", "Africa/Cairo", "Africa/Johannesburg", "Asia/Jerusalem", "Asia/Beirut", "Europe/Istanbul", "Africa/Nairobi", "Asia/Riyadh",
	"Asia/Tehran", "Asia/Dubai", "Asia/Tbilisi", "Asia/Kabul", "Asia/Karachi", "Asia/Tashkent", "Asia/Kolkata", "Asia/Kathmandu", "Asia/Dhaka", "Asia/Yangon",
	"Asia/Bangkok", "Asia/Jakarta", "Asia/Ho_Chi_Minh", "Asia/Shanghai", "Asia/Hong_Kong", "Asia/Singapore", "Asia/Manila", "Asia/Taipei", "Australia/Perth",
	"Asia/Seoul", "Asia/Tokyo", "Australia/Adelaide", "Australia/Brisbane", "Australia/Sydney", "Australia/Melbourne", "Pacific/Auckland", "UTC",
}

// mutableKind is a kind of message that a person can switch off.
type mutableKind struct {
	kind               bot.Kind
	label, description string
}

func mutableKinds() []mutableKind {
	return []mutableKind{
		{bot.KindReminders, "Reminders of my promises", "At most one message a day, the weekly review with it"},
		{bot.KindTimed, "Shortly before a time I named", ""},
		{bot.KindProposal, "Somebody asks me about a promise", "For one, or whether one is still good; it waits on Home"},
		{bot.KindAnswer, "Answers and news about promises", "Home shows how each one stands"},
		{bot.KindMidway, "Have we found a time?", "Half-way through a coffee round"},
		{bot.KindMet, "Did we meet?", "At the end of a coffee round"},
		{bot.KindTheme, "A theme of the month", "With my mentor, or mentee"},
		{bot.KindKudosDM, "Thanks that I get", "They are on Home in any case"},
		{bot.KindHelp, "Hints about thanking", "Help that I ask for below, or when a day's kudos are used up"},
	}
}

func settingsForm(p bot.Preferences, zone string, today bot.Date) Modal {
	asInSlack := "As in Slack"
	if p.Zone == "" {
		asInSlack += " (" + strings.ReplaceAll(zone, "_", " ") + ")"
	}
	zones := []*slack.OptionBlockObject{option(slackZone, asInSlack)}
	if p.Zone != "" && !slices.Contains(commonZones, p.Zone) {
		zones = append(zones, option(p.Zone, p.Zone))
	}
	for _, name := range commonZones {
		zones = append(zones, option(name, strings.ReplaceAll(name, "_", " ")))
	}
	own := p.Zone
	if own == "" {
		own = slackZone
	}
	blocks := []slack.Block{
		section("Nothing unasked reaches you outside these hours. What waits comes when they begin."),
		Input{Block: settingsZone, Label: "Time zone"}.choice(own, "", zones...),
	}
	week := bot.StandardWeek()
	if p.Hours != nil {
		week = *p.Hours
	}
	for i := range week {
		day := (i + 1) % 7 // Monday first
		blocks = append(blocks, Input{Block: fmt.Sprint(settingsHours, day), Label: time.Weekday(day).String(), Optional: true}.
			text(spanWords(week[day]), "A free day", 15, false))
	}
	holidays := []*slack.OptionBlockObject{option("none", "None")}
	for _, country := range bot.HolidayCalendars() {
		holidays = append(holidays, option(country, countryNames[country]))
	}
	chosen := p.Holidays
	if chosen == "" {
		chosen = "none"
	}
	kudos := p.KudosDM
	if kudos == "" {
		kudos = "both"
	}
	var kinds []*slack.OptionBlockObject
	var ticked []string
	for _, k := range mutableKinds() {
		o := option(string(k.kind), k.label)
		if k.description != "" {
			o = optionWith(string(k.kind), k.label, k.description)
		}
		kinds = append(kinds, o)
		if !slices.Contains(p.Muted, k.kind) {
			ticked = append(ticked, string(k.kind))
		}
	}
	return Modal{CallbackID: "settings.save", Title: "My settings", Submit: "Save", Close: "Cancel", Blocks: append(blocks,
		Input{Block: settingsHolidays, Label: "Public holidays", Hint: "Those of the whole country count as free days."}.choice(chosen, "", holidays...),
		Input{Block: settingsPause, Label: "Pause everything until", Optional: true, Hint: "Empty: no pause. What people ask of you waits on Home."}.date(p.Pause(today)),
		reviewInput(p),
		Input{Block: settingsKudos, Label: "When somebody thanks me"}.radio(kudos, option("both", "In the channel, and a message to me"),
			optionWith(bot.KudosPrivately, "Thank me privately", "Never in a channel or a digest"), option(bot.KudosNoDM, "In the channel only, no message")),
		Input{Block: settingsKinds, Label: "Messages that come", Optional: true}.checkboxes(ticked, kinds...),
		helpInput(p),
	)}
}

// helpKinds are the kinds of quiet help, as the form offers them and as a sentence lists them.
var helpKinds = map[bot.Help]struct{ label, description, listed string }{
	bot.HelpCoffee:  {"After a coffee", "The day after I said that we met", "after a coffee"},
	bot.HelpPromise: {"After a promise that was kept for me", "The day after I heard of it", "after a promise that was kept for you"},
	bot.HelpDigest:  {"The day before a digest", "In channels where I thanked, or was thanked, lately", "the day before a digest"},
}

// helpInput asks which quiet help with thanking somebody wants.
func helpInput(p bot.Preferences) slack.Block {
	var options []*slack.OptionBlockObject
	var ticked []string
	for _, kind := range bot.HelpKinds() {
		options = append(options, optionWith(string(kind), helpKinds[kind].label, helpKinds[kind].description))
		if slices.Contains(p.Help, kind) {
			ticked = append(ticked, string(kind))
		}
	}
	return Input{
		Block: settingsHelp, Label: "Quiet help with thanking", Optional: true, Hint: "By message to me alone, at most once a day and three times a week.",
	}.checkboxes(ticked, options...)
}

// spanWords writes the hours of a day as [readHours] reads them.
func spanWords(s bot.Span) string {
	if s.To <= s.From {
		return ""
	}
	return fmt.Sprintf("%d:%02d-%d:%02d", s.From/60, s.From%60, s.To/60, s.To%60)
}

var countryNames = map[string]string{
	"AT": "Austria", "BE": "Belgium", "BR": "Brazil", "CA": "Canada", "CH": "Switzerland", "CZ": "Czechia", "DE": "Germany", "DK": "Denmark", "ES": "Spain",
	"FR": "France", "GB": "United Kingdom", "IE": "Ireland", "IT": "Italy", "JP": "Japan", "NL": "Netherlands", "NO": "Norway", "NZ": "New Zealand", "PL": "Poland",
	"SE": "Sweden", "US": "United States",
}

// weekWords says working hours in words: "Monday to Friday 9:00-17:30".
func weekWords(w bot.Week) string {
	var parts []string
	for i := 0; i < 7; {
		from := (i + 1) % 7
		n := 1
		for i+n < 7 && w[(i+n+1)%7] == w[from] {
			n++
		}
		if hours := spanWords(w[from]); hours != "" {
			days := time.Weekday(from).String()
			if n > 1 {
				days += " to " + time.Weekday((i+n)%7).String()
			}
			parts = append(parts, days+" "+hours)
		}
		i += n
	}
	if len(parts) == 0 {
		return "no working hours, so nothing unasked comes"
	}
	return strings.Join(parts, ", ")
}

func settingsLines(r Reader, p bot.Preferences, zone string, today bot.Date) string {
	week := bot.StandardWeek()
	if p.Hours != nil {
		week = *p.Hours
	}
	lines := []string{"*Messages come* " + weekWords(week) + ", " + strings.ReplaceAll(zone, "_", " ")}
	if p.Holidays != "" {
		lines = append(lines, "*Holidays* "+holidayName(p.Holidays))
	}
	if pause := p.Pause(today); !pause.IsZero() {
		lines = append(lines, "*Paused* until "+r.Day(pause))
	}
	if p.Department != "" {
		lines = append(lines, "*Department* "+safeText(bot.EscapeText(p.Department))+", as you set it")
	}
	if p.Review != 0 {
		lines = append(lines, "*Weekly review* of your promises on "+r.Weekday(p.Review)+"s")
	}
	var off []string
	for _, k := range mutableKinds() {
		if slices.Contains(p.Muted, k.kind) {
			off = append(off, "“"+k.label+"”")
		}
	}
	if len(off) > 0 {
		lines = append(lines, "*Switched off* "+List(off...))
	}
	var help []string
	for _, kind := range bot.HelpKinds() {
		if slices.Contains(p.Help, kind) {
			help = append(help, helpKinds[kind].listed)
		}
	}
	if len(help) > 0 {
		lines = append(lines, "*Quiet help with thanking* "+List(help...))
	}
	switch p.KudosDM {
	case bot.KudosPrivately:
		lines = append(lines, "*Thanks* come privately, never in a channel")
	case bot.KudosNoDM:
		lines = append(lines, "*Thanks* come in the channel only")
	}
	return strings.Join(lines, "\n")
}

func settingsWords(r Reader, h bot.Home, now time.Time) string {
	return settingsLines(r, h.Preferences, h.Hours.Zone.String(), h.Hours.Today(now))
}

func settingsSaved(r Reader, p bot.Preferences, zone string, today bot.Date) Message {
	return Message{Text: "Your settings are saved.", Blocks: []slack.Block{section("Saved.\n" + settingsLines(r, p, zone, today)), actions(button("settings.open", "", "Change my settings"))}}
}

func settingsFaults(_ Reader, f *bot.Fault) string {
	switch f.Code {
	case bot.SettingsZone:
		return "I do not know that time zone."
	case bot.SettingsHours:
		return "The hours do not fit into a day."
	case bot.SettingsHoliday:
		return "I have no calendar for that country."
	case bot.SettingsPast:
		return "A pause ends on a day after today. Pick a later one, or leave it empty."
	}
	return ""
}

func pauseHelp(typed string) Message {
	text := "Until when? Try `/rapport pause until monday`, `/rapport pause 2 weeks`, `/rapport pause 2026-04-01`. `/rapport resume` ends a pause."
	return returned(text, typed)
}

func pausedMessage(r Reader, p bot.Preferences) Message {
	text := "Paused: nothing unasked comes before " + r.Day(p.PausedTill) + ". Home shows everything meanwhile."
	return Message{Text: text, Blocks: []slack.Block{section(text), actions(button("settings.resume", "", "End the pause"))}}
}

func resumedMessage() Message {
	text := "Welcome back. Messages come again, in your working hours."
	return Message{Text: text, Blocks: []slack.Block{section(text)}}
}

func practiceSet(on bool) Message {
	text := "No more weekly practice. It was one tap, and so is the way back, on Home."
	if on {
		text = "From now on one small practice a week, on Tuesday morning. No streaks, no counting."
	}
	return Message{Text: text, Blocks: []slack.Block{section(text)}}
}

var privacyWords = []string{
	"What Rapport stores about you, and who can read it.",
	"• *From Slack:* your name, department, time zone, language and manager, as your profile shows them.\n• *From you:* kudos you gave and got, also as an emoji where that counts, promises you noted, coffee rounds and mentorships you took part in and what you said of them, your profile, your settings.\n" +
		"• *Not:* what you write anywhere else. I read no conversations.",
	"*Who can read it:* kudos, whoever is in their channel; private ones, you and the other. One that somebody reports, the admins who are asked, too. Promises, you, whoever you share one with, and who asked you for it; your plans for them, you alone. The words of promises, plans and private kudos are sealed in the database. " +
		"Your profile, whom you are introduced to. Who skipped a coffee, nobody; what you note for yourself and whom you do not want to meet, you alone, and it is sealed, too. Admins and managers have no view of anything else. Whoever runs the server holds the key, and Slack's own exports may contain messages.",
	"*How long:* kudos 365 days, reports 90, done promises 180 days, answers about coffees 9 rounds, your profile until you clear it (`/rapport profile`). `/kudos forget-me` takes back what you gave.",
}

const privacyTitle = "What is stored"

// privacyBlocks say what is stored, and count what somebody keeps for themselves.
func privacyBlocks(p bot.Preferences) []slack.Block {
	blocks := make([]slack.Block, len(privacyWords))
	for i, words := range privacyWords {
		blocks[i] = section(words)
	}
	if n := len(p.Notes); n > 0 {
		own := section("You keep " + Reader{}.Count(n, "note", "notes") + " on coffees, which only you can read.")
		blocks = append(blocks, own, actions(button("coffee.notes", "", "My notes on coffees")))
	}
	return blocks
}

func welcomeMessage(bot.Welcome) Message {
	blocks := append([]slack.Block{section("Hello, and thank you for setting me up. I write to nobody else unasked.")}, installerSteps()[:2]...)
	return Message{Text: "Rapport is installed. Three steps to begin are here and on Home.", Blocks: blocks}
}

func channelIntro() Message {
	text := "Hello, I am Rapport. Here you can thank colleagues (`/kudos @name for …`), note a promise (`/followup`) and meet somebody new (`/coffee`). I read nothing that is written here, and write only when one of you asks for it."
	return Message{Text: text, Blocks: []slack.Block{section(text), actions(button("digest.on", "", "Post the week's kudos here on Fridays"))}}
}

func practiceMessage(n bot.PracticeNote) Message {
	return Message{Text: "One small practice for this week.", Blocks: []slack.Block{
		section("*One small practice*\n" + safeText(bot.EscapeText(n.Prompt.Text))), contextLine("About " + Reader{}.Count(n.Prompt.Minutes, "minute", "minutes") + ". You asked for one a week."),
		actions(button("settings.practice", "off", "Stop the weekly practice")),
	}}
}
