package slackapp

import (
	"time"

	"github.com/slack-go/slack"

	"rapport/bot"
)

// The answers to what somebody does about a program. Only that person sees them.

func coffeeJoined(r Reader, m bot.Mine, already bool, now time.Time) Message {
	text := "You are in *" + programName(m.Program) + "*. " + upperFirst(nextWords(r, m, now)) + "."
	if already {
		text = "You are in *" + programName(m.Program) + "* already; " + nextWords(r, m, now) + "."
	}
	small := "On that day I introduce you to somebody, in a chat with both of you. A round brings you at most three messages, inside your working hours."
	return paragraph(text, contextLine(small), actions(seatButtons(m, false)...))
}

// coffeeIn is the answer to whatever brought somebody back: the end of a skip, of a pause, of silence.
func coffeeIn(r Reader, m bot.Mine, now time.Time) Message {
	text := "You are in for " + escapedLabel(m) + ". " + upperFirst(nextWords(r, m, now)) + "."
	if m.Program.Paused || m.Away() || m.Skips() { // something else keeps them out of it
		text = "You are in *" + programName(m.Program) + "*. " + upperFirst(nextWords(r, m, now)) + "."
	}
	return paragraph(text, actions(seatButtons(m, false)...))
}

func coffeeSkipped(r Reader, m bot.Mine, now time.Time) Message {
	text := "You skip " + escapedLabel(m) + "; yours is on " + onDate(r, m.Takes(), now) + ". Nobody is told."
	return paragraph(text, actions(button("coffee.unskip", m.Program.ID, "Don't skip "+roundLabel(m.Program, m.Next))))
}

func escapedLabel(m bot.Mine) string {
	return bot.SafeName(roundLabel(m.Program, m.Next))
}

func coffeePaused(r Reader, m bot.Mine, now time.Time) Message {
	text := "No *" + programName(m.Program) + "* for you before " + r.DayNear(m.Seat.PausedTill, now) + ". After that, the next round is on " + onDate(r, m.Takes(), now) +
		". Nobody is told."
	return paragraph(text, actions(button("coffee.pause", m.Program.ID, "Choose another day"), button("coffee.resume", m.Program.ID, "End my pause of "+programLabel(m.Program))))
}

func coffeePauseHelp(program, typed string) Message {
	text := "Until when? `/coffee pause monday`, `/coffee pause 2 weeks`, `/coffee pause 2026-04-01`."
	m := returned(text, typed)
	if typed == "" {
		m = paragraph("Until when? Pick the day on which you are back.")
	}
	m.Blocks = append(m.Blocks, actions(button("coffee.pause", program, "Pick a day")))
	return m
}

func coffeeLeft(m bot.Mine) Message {
	text := "You left *" + programName(m.Program) + "*. You are not matched any more, and nobody is told. The door stays open."
	return paragraph(text, actions(button("coffee.join", m.Program.ID, "Join "+programLabel(m.Program)+" again")))
}

// coffeeSaved echoes a program's settings in words.
func coffeeSaved(r Reader, p bot.Program, created bool, now time.Time) Message {
	when := cadence(r, p) + ", next on " + onDate(r, bot.NextRound(p, now), now) + "."
	first := "*" + programName(p) + "* is saved: "
	small := "The invitation in " + ChannelMention(p.Channel) + " says the same. Who is in stays in."
	if created {
		first = "*" + programName(p) + "* is set up in " + ChannelMention(p.Channel) + ": "
		small = "I have posted an invitation there. You are not in yourself yet: nobody is who did not press Join."
	}
	text := first + when
	return paragraph(text, section("People meet in "+grouping(p)+"."+purposeLine(p)), contextLine(small), actions(
		button("coffee.join", p.ID, "Join "+programLabel(p)), button("coffee.edit", p.ID, "Change "+programLabel(p)), button("coffee.status", p.ID, "How "+programLabel(p)+" goes")))
}

// coffeeStatus is what an editor sees: sums of five people or more, and nobody.
func coffeeStatus(r Reader, o bot.Overview, now time.Time) Message {
	p := o.Program
	when := cadence(r, p) + ", next on " + onDate(r, o.Next, now) + "."
	change := button("coffee.halt", p.ID, "Pause "+programLabel(p)+" for everybody")
	if p.Paused {
		when = "Paused for everybody. " + cadence(r, p) + " when it goes on."
		change = button("coffee.go", p.ID, "Let "+programLabel(p)+" go on")
	}
	figures := []string{"*People who are in*\n" + orTooFew(r, o.In, o.InKnown)}
	if !o.Started.IsZero() {
		met, across := "too few to show", "too few to show"
		if o.MetKnown && o.GroupsKnown {
			met = r.Number(o.Met) + " of " + r.Count(o.Groups, "group", "groups")
		}
		if o.GroupsKnown {
			across = r.Number(o.Across) + " of " + r.Count(o.Groups, "group", "groups")
		}
		figures = append(figures, "*Matched in the round of "+onDate(r, o.Started.In(o.Next.Location()), now)+"*\n"+orTooFew(r, o.Matched, o.GroupsKnown),
			"*Say that they met*\n"+met, "*Across departments*\n"+across)
	}
	blocks := []slack.Block{
		section("*" + programName(p) + "* in " + ChannelMention(p.Channel) + purposeLine(p) + "\n" + when + "\nPeople meet in " + grouping(p) + "."),
		fields(figures...),
	}
	progress := ""
	if o.GroupsKnown {
		progress = progressWords(r, o.Progress)
	}
	if progress != "" {
		blocks = append(blocks, section(progress))
		when += " " + progress
	}
	blocks = append(blocks, actions(button("coffee.edit", p.ID, "Change "+programLabel(p)), change),
		contextLine("Figures about fewer than five people are not shown. Who skips, pauses or does not answer is shown to nobody."))
	return Message{Text: "How " + programName(p) + " goes. " + when, Blocks: blocks}
}

func orTooFew(r Reader, n int, known bool) string {
	if !known {
		return "too few to show"
	}
	return r.Number(n)
}

func coffeeHelp() Message {
	text := "Coffee introduces colleagues who would not meet by chance, in a rhythm that each channel chooses."
	return Message{Text: text + " Type /coffee in a channel to see what it has.", Blocks: []slack.Block{
		header("Coffee"),
		section(text),
		section("• `/coffee` shows what you are in, and what this channel has\n• `/coffee join` and `/coffee leave`\n• `/coffee skip` leaves the next round out\n" +
			"• `/coffee pause 2 weeks` (or `monday`, `2026-04-01`), and `/coffee resume`\n• `/coffee setup` starts a program in a channel\n• `/coffee status` shows those who run one how it goes"),
		contextLine("Off until you join. A round is at most three messages: the introduction, a note half-way if nobody has found a time, and “did you meet?”. "+
			"After a round without any tap I ask once whether you are still in, and leave you in peace until you say so.",
			"Who runs a program sees sums of five people or more, never who skipped, paused or did not answer."),
	}}
}

// coffeeFaults are the words for what can be wrong with a program.
func coffeeFaults(r Reader, f *bot.Fault) string {
	switch f.Code {
	case bot.ProgramOutside:
		return "I am not in that channel, or you are not. Join it, invite me there with `/invite @rapport`, then try again."
	case bot.ProgramShared:
		return "That channel is shared with another company. Coffee works in your own channels only."
	case bot.ProgramGuest:
		return "This program is for the company's own people, so guests cannot join it."
	case bot.ProgramNotIn:
		return "You are not in that program, so there was nothing to change. `/coffee` shows what you are in."
	case bot.ProgramName:
		return "It needs a name of at most " + r.Number(f.Limit) + " characters."
	case bot.ProgramPurpose:
		return "One sentence is enough: at most " + r.Number(f.Limit) + " characters."
	case bot.ProgramCadence:
		return "Pick a weekday, a time, and every 1 to 12 weeks."
	case bot.ProgramZone:
		return "I do not know that time zone. Pick one of the list."
	case bot.ProgramPastDate:
		return "That day is not ahead. Pick the day on which you are back."
	}
	return ""
}

// coffeeSentence is a fault's sentence below an input.
func coffeeSentence(f *bot.Fault) string {
	if sentence := coffeeFaults(Reader{}, f); sentence != "" {
		return sentence
	}
	return faultSentence(Reader{}, f)
}
