package slackapp

import (
	"fmt"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"rapport/bot"
	"rapport/bot/pairing"
)

// The answers about mentor programs that only one person sees, and the forms.

// mentorJoinForm asks for somebody's part; what they said before stands in it.
func mentorJoinForm(p bot.Program, s bot.Seat, profile bot.Profile, from string) Modal {
	capacity := "1"
	if s.Capacity > 0 {
		capacity = fmt.Sprint(s.Capacity)
	}
	var seats []*slack.OptionBlockObject
	for n := 1; n <= bot.MentorCapacityLimit; n++ {
		seats = append(seats, option(fmt.Sprint(n), Reader{}.Count(n, "mentee at a time", "mentees at a time")))
	}
	submit := "Join"
	if s.In() {
		submit = "Save"
	}
	shown := "The other reads your name, title and department, and nothing else yet. `/rapport profile` adds what you can be asked about and what you want to learn."
	if about := topics(profile); about != "" {
		shown = "The other reads your name, title and department, and: " + about + " `/rapport profile` changes that."
	}
	return Modal{
		CallbackID: "mentor.join", Title: "Mentor or mentee?", Submit: submit, Close: "Cancel", PrivateMetadata: p.ID + " " + from,
		Blocks: []slack.Block{
			section("*" + programName(p) + "*" + purposeLine(p)),
			Input{Block: mentorRole, Label: "How do you want to take part?"}.radio(string(s.Role),
				optionWith(string(pairing.Mentee), "As a mentee", "Somebody with other experience listens, asks and shares"),
				optionWith(string(pairing.Mentor), "As a mentor", "You give somebody an hour now and then")),
			Input{Block: mentorCapacity, Label: "As a mentor: for how many?", Hint: "It can be changed at any time. Nobody is taken from you.", Optional: true}.choice(capacity, "", seats...),
			contextLine(shown),
		},
	}
}

// topics are somebody's offers and asks in one breath.
func topics(p bot.Profile) string {
	var parts []string
	if words := topicsWords(p.Offers); words != "" {
		parts = append(parts, "can be asked about "+words+".")
	}
	if words := topicsWords(p.Asks); words != "" {
		parts = append(parts, "would like to learn about "+words+".")
	}
	return strings.Join(parts, " ")
}

// roleWords say what somebody is in a mentor program.
func roleWords(r Reader, s bot.Seat) string {
	switch s.Role {
	case pairing.Mentor:
		return "as a mentor, for " + r.Count(s.Capacity, "mentee", "mentees") + " at a time"
	case pairing.Mentee:
		return "as a mentee"
	}
	return "and have not said yet whether as a mentor or a mentee"
}

func mentorJoined(r Reader, m bot.Mine, already bool, now time.Time) Message {
	text := "You are in *" + programName(m.Program) + "* " + roleWords(r, m.Seat) + "."
	if already {
		text = "Noted: you are in *" + programName(m.Program) + "* " + roleWords(r, m.Seat) + "."
	}
	if !m.Program.Paused {
		text += " The next pairs are proposed on " + onDate(r, m.Next, now) + "."
	}
	small := "When there is somebody for you I ask both of you, each alone. You begin only if both say yes, and nobody is told who said no."
	return paragraph(text, contextLine(small), actions(mentorSeatButtons(m, false)...))
}

// mentorSeatButtons are what somebody in a mentor program can do about their own part.
func mentorSeatButtons(m bot.Mine, edits bool) []slack.BlockElement {
	p := m.Program
	row := append(mentorTurnButton(m), button("mentor.part", p.ID, mentorPartLabel(m)))
	if !m.Away() {
		row = append(row, button("coffee.pause", p.ID, "Pause "+programLabel(p)+" until a day"))
	}
	leave := button("coffee.leave", p.ID, "Leave "+programLabel(p))
	row = append(row, confirmed(leave, "Leave this program?", "What you have with a mentor or mentee there ends, too, and they are told kindly that it has come to its end.", "Leave", "Stay"))
	if edits {
		row = append(row, button("coffee.status", p.ID, "How "+programLabel(p)+" goes"))
	}
	return row
}

func mentorPartLabel(m bot.Mine) string {
	if m.Seat.Role == "" {
		return "Mentor or mentee? Choose"
	}
	return "Change my part in " + programLabel(m.Program)
}

// mentorTurnButton brings back who rests or pauses: one button, or none.
func mentorTurnButton(m bot.Mine) (row []slack.BlockElement) {
	p := m.Program
	switch {
	case m.Away():
		row = append(row, button("coffee.resume", p.ID, "End my pause of "+programLabel(p)))
	case m.Seat.Silent && m.Seat.Role == pairing.Mentee:
		row = append(row, primary(button("coffee.in", p.ID, "Find me a mentor in "+programLabel(p))))
	case m.Seat.Silent:
		row = append(row, primary(button("coffee.in", p.ID, "I'm in for "+programLabel(p))))
	}
	return row
}

// mentorStateWords say what somebody can expect next, where nothing is open for them.
func mentorStateWords(r Reader, m bot.Mine, now time.Time) string {
	switch {
	case m.Program.Paused:
		return "It is paused for everybody: no new pairs for now."
	case m.Seat.Role == "":
		return "Nobody is proposed to you before you choose."
	case m.Seat.Silent:
		return "You rest: nobody is proposed to you until you say so."
	case m.Away():
		return "You are away until " + r.DayNear(m.Seat.PausedTill, now) + "."
	}
	return "The next pairs are proposed on " + onDate(r, m.Next, now) + "."
}

// mentorNext is somebody's part in a mentor program in few words, without the full stop.
func mentorNext(r Reader, m bot.Mine, now time.Time) string {
	return strings.TrimSuffix("you take part "+roleWords(r, m.Seat)+". "+mentorStateWords(r, m, now), ".")
}

// mentorMine shows somebody's mentor programs.
func mentorMine(r Reader, all []bot.MyMentoring, now time.Time) Message {
	if len(all) == 0 {
		return paragraph("You are in no mentor program. `/coffee` in a channel shows whether it has one.")
	}
	var blocks []slack.Block
	var said []string
	for i, my := range all {
		if i == coffeeListed {
			break
		}
		words := "*" + programName(my.Program) + "*: you take part " + roleWords(r, my.Seat) + "."
		if free := my.FreeSeats(); my.Seat.Role == pairing.Mentor && free < my.Seat.Capacity {
			words += " Free now: " + r.Number(free) + "."
		}
		words += " " + mentorStateWords(r, my.Mine, now)
		said = append(said, words)
		blocks = append(blocks, section(words))
		for _, part := range my.Pairs {
			blocks = append(blocks, pairPart(r, part, now)...)
		}
		blocks = append(blocks, actions(mentorSeatButtons(my.Mine, false)...), divider())
	}
	return Message{Text: cutMrkdwn(strings.Join(said, " "), maxMessageText), Blocks: blocks}
}

// pairPart is one of the reader's pairs, with what can be done about it.
func pairPart(r Reader, part bot.MentorPart, now time.Time) []slack.Block {
	m, other := part.Mentorship, Name(part.Other())
	if m.State == bot.MentorProposed {
		words := "• " + other + " is proposed as " + otherRole(part) + "; until " + onDate(r, m.Lapses.Add(-time.Minute).In(r.zone()), now) + " you can say yes."
		if m.AcceptedBy(part.Reader.ID) {
			words = "• " + other + " is proposed as " + otherRole(part) + ", and you said yes. I wait for the other answer."
		}
		return []slack.Block{section(words), actions(questionButtons(part)...)}
	}
	words := "• " + upperFirst(otherRole(part)) + ": " + other + ", since " + r.DateNear(m.Started, now) + "; you meet " + everyWeeks(m.Weeks) + "."
	switch {
	case m.Quiet:
		words += " No themes."
	case part.Program.Paused:
	default:
		words += " The next theme comes around " + r.DateNear(m.NextAt, now) + "."
	}
	return []slack.Block{section(words), actions(pairButtons(part, inMine)...)}
}

// otherRole is what the other would be for the reader: "your mentor".
func otherRole(part bot.MentorPart) string {
	if part.Mentorship.Mentor == part.Reader.ID {
		return "your mentee"
	}
	return "your mentor"
}

func everyWeeks(weeks int) string {
	switch weeks {
	case 1:
		return "every week"
	case 2:
		return "every second week"
	}
	return fmt.Sprintf("every %d weeks", weeks)
}

// pairButtons are what either of a pair can do about it.
func pairButtons(part bot.MentorPart, where string) []slack.BlockElement {
	m := part.Mentorship
	with := " with " + bot.OutgoingText{}.Plain(orElse(part.Other().Name, "them"))
	if where != inMine {
		with = ""
	}
	var row []slack.BlockElement
	for _, weeks := range bot.MentorCadences() {
		if weeks != m.Weeks {
			row = append(row, button("mentor.every", fmt.Sprintf("%s %d %s", m.ID, weeks, where), "Meet "+everyWeeks(weeks)+with))
		}
	}
	if m.Quiet {
		row = append(row, button("mentor.loud", m.ID+" "+where, "Themes again"+with))
	} else if where == inMine {
		row = append(row, button("mentor.quiet", m.ID+" "+where, "No more themes"+with))
	}
	return append(row, button("mentor.end", m.ID, "End our mentoring"+with))
}

// mentorEndForm is the last question before an end.
func mentorEndForm(part bot.MentorPart) Modal {
	other := Name(part.Other())
	return Modal{
		CallbackID: "mentor.ended", Title: "Ending well", Submit: "End it for both", Close: "Not yet", PrivateMetadata: part.Mentorship.ID,
		Blocks: []slack.Block{
			section("You and " + other + " end your mentoring in *" + programName(part.Program) + "*. That is a good thing to be able to say, and nobody asks why."),
			section("*Before you go:* what do you do differently because of your conversations? One sentence about that, said to " + other + ", is worth more than any feedback form. " +
				"`/kudos` says it in a channel, if you both like that."),
			contextLine("I tell " + other + " kindly, without who pressed the button. Their chat with you stays."),
		},
	}
}

// mentorStatus is what an editor sees of a mentor program: sums of five or more, and nobody.
func mentorStatus(r Reader, o bot.MentorOverview, mayHandOver bool, now time.Time) Message {
	p := o.Program
	next := "Next pairs on " + onDate(r, o.Next, now)
	change := button("coffee.halt", p.ID, "Pause "+programLabel(p)+" for everybody")
	if p.Paused {
		next, change = "Paused for everybody", button("coffee.go", p.ID, "Let "+programLabel(p)+" go on")
	}
	row := []slack.BlockElement{button("coffee.edit", p.ID, "Change "+programLabel(p)), button("coffee.more", p.ID, "More settings of "+programLabel(p))}
	if mayHandOver {
		row = append(row, button("coffee.hand", p.ID, "Hand "+programLabel(p)+" over"))
	}
	text := "*" + programName(p) + "* in " + ChannelMention(p.Channel) + ": " + next + "."
	return paragraph(text,
		fields("*Pairs under way*\n"+orTooFew(r, o.Pairs, o.PairsKnown), "*Mentees waiting*\n"+orTooFew(r, o.Waiting, o.WaitingKnown), "*Free places with mentors*\n"+orTooFew(r, o.Free, o.FreeKnown)),
		lookedAfter(p), actions(append(row, change)...),
		contextLine("Sums of fewer than five are not shown, and never who waits, accepted or declined."))
}

// mentorFaults are the words for what can be wrong around mentor programs.
func mentorFaults(r Reader, f *bot.Fault) string {
	switch f.Code {
	case bot.MentorRoleUnset:
		return "Choose one: as a mentor, or as a mentee."
	case bot.MentorCapacity:
		return "One to " + r.Number(f.Limit) + " mentees at a time."
	case bot.MentorNoMatch:
		return wordsNoMatch
	case bot.MentorAlreadyEnded:
		return "That mentoring has come to its end already."
	case bot.MentorNoTheme:
		return "You have seen every theme that I have. What would you talk about, if I were not there?"
	}
	return ""
}

const wordsNoMatch = "There was no suitable match after all. You come first when the next pairs are proposed."
