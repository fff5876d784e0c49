package slackapp

import (
	"time"

	"github.com/slack-go/slack"

	"rapport/bot"
)

// The answers to what somebody does about a program. Only that person sees them.

func coffeeJoined(r Reader, m bot.Mine, already bool, now time.Time) Message {
	text := "You are in *" + programName(m.Program) + "*. " + expectWords(r, m, now)
	small := "On that day I introduce you to somebody, in a chat with both of you. A round brings you at most three messages, inside your working hours."
	switch {
	case m.MayStill(now):
		small = "I introduce you in a chat with whom you meet. A round brings you at most three messages, inside your working hours."
		if already {
			text = "You are in *" + programName(m.Program) + "* already. " + expectWords(r, m, now)
		}
	case already:
		text = "You are in *" + programName(m.Program) + "* already; " + nextWords(r, m, now) + "."
	}
	return paragraph(text, contextLine(small), actions(seatButtons(m, false)...))
}

// coffeeIn is the answer to whatever brought somebody back: the end of a skip, of a pause, of silence.
func coffeeIn(r Reader, m bot.Mine, now time.Time) Message {
	if m.Program.Form == bot.MentorForm {
		return mentorJoined(r, m, true, now)
	}
	text := "You are in for " + escapedLabel(m) + ". "
	if m.Program.Paused || m.Away() || m.Skips() { // something else keeps them out of it
		text = "You are in *" + programName(m.Program) + "*. "
	}
	return paragraph(text+expectWords(r, m, now), actions(seatButtons(m, false)...))
}

// expectWords say, in whole sentences, when somebody hears next: in the round that is under way, if a place is found in it, else in the next.
func expectWords(r Reader, m bot.Mine, now time.Time) string {
	if !m.MayStill(now) {
		return upperFirst(nextWords(r, m, now)) + "."
	}
	return "A round has begun already: if I find somebody for you, you hear from me in the next days; otherwise you are in on " + onDate(r, m.Takes(), now) + "."
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

func coffeeHelp() Message {
	text := "Coffee introduces colleagues who would not meet by chance, in a rhythm that each channel chooses."
	return Message{Text: text + " Type /coffee in a channel to see what it has.", Blocks: []slack.Block{
		header("Coffee"),
		section(text),
		section("• `/coffee` shows what you are in, and what this channel has\n• `/coffee join` and `/coffee leave`\n• `/coffee skip` leaves the next round out\n" +
			"• `/coffee pause 2 weeks` (or `monday`, `2026-04-01`), and `/coffee resume`\n• `/coffee every second` takes part in every second round, `/coffee every third` and `/coffee every fourth` in fewer, `/coffee every round` in each\n" +
			"• `/coffee setup` starts a program in a channel, `/coffee setup mentor` one of mentors and mentees\n• `/coffee status` shows those who run one how it goes"),
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
	case bot.ProgramTaken:
		return "Another program of this channel is called so. People could not tell them apart."
	case bot.ProgramMany:
		return "A channel can have " + r.Number(f.Limit) + " programs. That is enough to choose from."
	case bot.ProgramEditor:
		return "Only full members of the workspace can look after a program. Please leave out " + mentions(f.Names) + "."
	case bot.ProgramWords:
		return "Invitations that are read are short: at most " + r.Number(f.Limit) + " characters."
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
