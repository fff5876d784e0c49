package slackapp

import (
	"time"

	"github.com/slack-go/slack"

	"rapport/bot"
)

// homeItems is how many items each part of the tab shows, homeText how many characters of each.
const (
	homeItems = 8
	homeText  = 300
)

// homeView is a member's Home tab: everything that is theirs, so that who mutes every message loses nothing.
func homeView(r Reader, h bot.Home, now time.Time) Home {
	var blocks []slack.Block
	if h.Installer {
		blocks = append(blocks, installerSteps()...)
	}
	empty := len(h.Owe)+len(h.Owed)+h.Sealed.All()+len(h.Heard)+len(h.Coffee)+len(h.Received)+len(h.Given) == 0
	if empty {
		blocks = append(blocks, emptyHome()...)
	} else {
		blocks = append(blocks, homePromises(r, h, now)...)
		blocks = append(blocks, homeCoffee(r, h, now)...)
		blocks = append(blocks, homeKudos(r, h)...)
	}
	blocks = append(blocks, homeProfile(r, h.Preferences.Profile, now)...)
	return Home{Blocks: append(blocks, homeSettings(r, h, now)...)}
}

// installerSteps are shown to whoever installed the bot, and to nobody else.
func installerSteps() []slack.Block {
	return []slack.Block{
		header("Three steps to begin"),
		section("*1.* Invite me to a channel where people thank each other: `/invite @rapport`.\n*2.* Set up coffee in a channel: `/coffee setup`. Nobody is matched who does not join.\n" +
			"*3.* Thank somebody: `/kudos @name for …`. That says more about me than an announcement."),
		contextLine("Only you see these steps. I write to nobody else unasked."),
		divider(),
	}
}

func emptyHome() []slack.Block {
	return []slack.Block{
		header("Welcome. Three things to try"),
		section("*Thank a colleague* for something specific. It takes half a minute."),
		actions(button("kudos.open", "", "Give kudos")),
		section("*Note a promise* you made today, and be reminded in time."),
		actions(button("followup.open", "", "Note a promise")),
		section("*Meet somebody* from another department over a coffee: `/coffee` in a channel."),
		divider(),
	}
}

func homePromises(r Reader, h bot.Home, now time.Time) []slack.Block {
	blocks := []slack.Block{header("What I owe")}
	if len(h.Owe) == 0 {
		blocks = append(blocks, pageWords(r, 0, 0, h.Sealed.Owe, "Nothing right now.")...)
	}
	explained := false
	for i, c := range h.Owe {
		if i == homeItems {
			blocks = append(blocks, contextLine("and "+r.Count(len(h.Owe)-i, "more", "more")+": `/followup list`"))
			break
		}
		rests := restingWords(c, h.Hours, now)
		if rests != "" && explained {
			rests = restingAgain
		}
		explained = explained || rests != ""
		blocks = append(blocks, ownBlocks(commitmentLine(c, homeText)+"\n"+stateWords(r, c, now)+rests, r, c, "", now)...)
	}
	if len(h.Owed)+len(h.Heard) > 0 {
		blocks = append(blocks, header("What I am owed"))
	}
	blocks = append(blocks, heardBlocks(r, h, now)...)
	for i, c := range h.Owed {
		if i == homeItems {
			blocks = append(blocks, contextLine("and "+r.Count(len(h.Owed)-i, "more", "more")+": `/followup list`"))
			break
		}
		blocks = append(append(blocks, section(owedLine(r, c, homeText, now))), owedRow(r, c, "", now)...)
	}
	if words := sealedWords(r, h.Sealed); words != "" {
		blocks = append(blocks, contextLine(words))
	}
	return append(blocks, actions(append([]slack.BlockElement{button("followup.open", "", "Note a promise")}, reviewButtons(h.Preferences)...)...), divider())
}

func person(h bot.Home, id string) bot.Member {
	m := h.People[id]
	m.ID = id
	return m
}

func homeCoffee(r Reader, h bot.Home, now time.Time) []slack.Block {
	if len(h.Coffee) == 0 {
		return []slack.Block{header("My next coffee"), section("You are in no program. `/coffee` in a channel shows whether it has one."), divider()}
	}
	var blocks []slack.Block
	for i, m := range ofForm(h.Coffee, bot.CoffeeForm) {
		if i == homeItems {
			break
		}
		if i == 0 {
			blocks = append(blocks, header("My next coffee"))
		}
		line := "*" + programName(m.Program) + "*: " + nextWords(r, m, now) + "."
		var with []string
		for _, id := range m.Group.Members {
			if id != h.Reader.ID {
				with = append(with, Name(person(h, id)))
			}
		}
		if len(with) > 0 && now.Before(m.Round.End.AddDate(0, 0, 3)) {
			line += "\nThis round: " + List(with...) + foundWords(m.Group.Found)
			if question := h.Questions[m.Group.Question]; question != "" && now.Before(m.Round.End) && m.Group.Found != bot.TimeCannot {
				line += "\nTo begin with: " + safeText(bot.EscapeText(question))
			}
		}
		note, change := noteLine(h.Preferences, m)
		blocks = append(blocks, section(line+note), actions(append(homeSeat(m), change...)...))
	}
	for i, m := range ofForm(h.Coffee, bot.MentorForm) {
		if i == homeItems {
			break
		}
		if i == 0 {
			blocks = append(blocks, header("My mentoring"))
		}
		blocks = append(blocks, section("*"+programName(m.Program)+"*: "+nextWords(r, m, now)+"."), actions(homeMentorSeat(m)...))
	}
	return append(blocks, divider())
}

// foundWords say whether a group has found a time.
func foundWords(found bot.Time) string {
	switch found {
	case bot.TimeScheduled:
		return ". You found a time."
	case bot.TimeCannot:
		return ". It does not work out this time, and that is fine."
	case bot.TimeNotYet, bot.TimeUnknown:
	}
	return ". No time found yet."
}

func homeKudos(r Reader, h bot.Home) []slack.Block {
	blocks := []slack.Block{header("Kudos I received lately")}
	if len(h.Received) == 0 {
		blocks = append(blocks, section("None lately. Who made your week easier?"))
	}
	for _, k := range h.Received[:min(len(h.Received), homeItems)] {
		text := bot.OutgoingText{Max: 300, UserName: func(id string) string { return h.People[id].Name }}.Mrkdwn(k.Message)
		blocks = append(blocks, section(orElse(wordlessKudos(k), quote(text))), contextLine("from "+Name(person(h, k.Giver))+", "+r.InstantDay(k.Given)))
	}
	return append(blocks, actions(button("kudos.open", "", "Give kudos"), button("mine.open", "", "All my kudos")), divider())
}

func homeSettings(r Reader, h bot.Home, now time.Time) []slack.Block {
	practice := button("settings.practice", "on", "Send me one small practice a week")
	if h.Preferences.Practice {
		practice = button("settings.practice", "off", "Stop the weekly practice")
	}
	buttons := []slack.BlockElement{button("settings.open", "", "Hours, zone, pause"), practice, button("home.privacy", "", "What is stored about me")}
	if !h.Preferences.Pause(h.Hours.Today(now)).IsZero() {
		buttons = append(buttons, button("settings.resume", "", "End the pause"))
	} else {
		h.Preferences.PausedTill = bot.Date{} // one that is over is none
	}
	if h.Admin {
		buttons = append(buttons, button("workspace.open", "", workspaceTitle))
	}
	return []slack.Block{
		header("Settings"),
		section(settingsWords(r, h, now)),
		actions(buttons...),
	}
}
