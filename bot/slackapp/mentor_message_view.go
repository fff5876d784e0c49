package slackapp

import (
	"strings"
	"time"

	"github.com/slack-go/slack"

	"rapport/bot"
	"rapport/bot/pairing"
)

// mentorContent renders what the bot says about mentors and mentees on its own initiative; false if the content is nothing of that.
func mentorContent(r Reader, content any) (Message, bool) {
	switch c := content.(type) {
	case bot.MentorQuestion:
		return mentorQuestion(r, c), true
	case bot.MentorNews:
		return mentorNews(c), true
	case bot.MentorStart:
		return mentorStart(r, c), true
	case bot.ThemeNote:
		return themeNote(c), true
	case bot.MentorWait:
		return mentorWait(r, c), true
	}
	return Message{}, false
}

// whoIs is somebody's line: name, title, department, and what they offer and ask.
func whoIs(part bot.MentorPart, id string) string {
	m := part.People[id]
	about := []string{Mention(id)}
	for _, text := range []string{m.Title, m.Department} {
		if text != "" {
			about = append(about, bot.SafeName(text))
		}
	}
	line := strings.Join(about, ", ")
	if words := topics(part.Profiles[id]); words != "" {
		line += "\n" + upperFirst(words)
	}
	return line
}

// mentorQuestion asks one of two, alone.
func mentorQuestion(r Reader, q bot.MentorQuestion) Message {
	p, other := q.Program, q.Other()
	first := "*A mentor for you?*"
	if otherRole(q.MentorPart) == "your mentee" {
		first = "*Would you be a mentor for this colleague?*"
	}
	if q.Again {
		first = "*Still open:* " + strings.Trim(first, "*")
	}
	until := r.Date(q.Mentorship.Lapses.Add(-time.Minute))
	why := "You get this because you joined " + programName(p) + " in " + ChannelMention(p.Channel) + " " + whyRole(q.Seat) + ". Nobody is told who says no, and no reason is asked. Without an answer it lapses after " +
		until + ". `/rapport mentor` pauses or leaves; `/rapport profile` changes what others read of you."
	if q.Again {
		why = "I remind you once. " + why
	}
	text := programName(p) + ": " + Name(other) + " is proposed as " + otherRole(q.MentorPart) + ". You begin if both of you say yes."
	return Message{Text: text, Blocks: []slack.Block{
		section(first + purposeLine(p)), section(whoIs(q.MentorPart, other.ID)), section("You begin if both of you say yes."),
		actions(questionButtons(q.MentorPart)...), contextLine(why),
	}}
}

func whyRole(s bot.Seat) string {
	if s.Role == pairing.Mentor {
		return "as a mentor"
	}
	return "as a mentee"
}

// questionButtons are the two answers; who said yes already can still take it back.
func questionButtons(part bot.MentorPart) []slack.BlockElement {
	m, name := part.Mentorship, bot.OutgoingText{}.Plain(orElse(part.Other().Name, "them"))
	yes := "Yes, I want " + name + " as my mentor"
	if m.Mentor == part.Reader.ID {
		yes = "Yes, I will be " + name + "'s mentor"
	}
	var row []slack.BlockElement
	if !m.AcceptedBy(part.Reader.ID) {
		row = append(row, primary(button("mentor.accept", m.ID, yes)))
	}
	return append(row, button("mentor.decline", m.ID, "Not this time"))
}

// mentorAnswered stands in place of the question once it was answered, or when it is too late.
func mentorAnswered(r Reader, part bot.MentorPart) Message {
	m, other := part.Mentorship, Name(part.Other())
	switch m.State {
	case bot.MentorProposed:
		return paragraph("You said yes to "+other+" as "+otherRole(part)+". If "+other+" does, too, I introduce you to each other; if not, you hear no more than that there was no match.",
			actions(questionButtons(part)...), contextLine("An answer comes by "+r.Date(m.Lapses.Add(-time.Minute))+". `/rapport mentor` shows where it stands."))
	case bot.MentorActive:
		return paragraph("You and "+other+" have both said yes. I introduce you in a chat with both of you, inside your working hours.", actions(button("mentor.end", m.ID, "End our mentoring")))
	case bot.MentorEnded:
		return mentorOver(part)
	case bot.MentorDeclined:
		return paragraph("That is fine: not this time. Nobody is told who said no. You come first when the next pairs are proposed.",
			contextLine("`/rapport mentor` pauses or leaves."))
	}
	return paragraph(wordsNoMatch)
}

// mentorNews tells what became of a proposal, or of a mentorship that the other ended.
func mentorNews(n bot.MentorNews) Message {
	p := n.Program
	why := "You get this because you joined " + programName(p) + " in " + ChannelMention(p.Channel) + ". `/rapport mentor` pauses or leaves."
	switch n.State {
	case bot.MentorEnded:
		m := mentorOver(n.MentorPart)
		m.Blocks = append(m.Blocks, contextLine("You get this because you had joined "+programName(p)+". Your chat with each other stays. `/rapport mentor` shows your part."))
		return m
	case bot.MentorLapsed:
		if n.Mentorship.AcceptedBy(n.Reader.ID) {
			return paragraph("*"+programName(p)+"*: there was no suitable match for you this time. Thank you for your yes; you come first when the next pairs are proposed.", contextLine(why))
		}
		label := "I'm in for " + programLabel(p)
		return paragraph("*"+programName(p)+"*: the proposal of "+Name(n.Other())+" as "+otherRole(n.MentorPart)+" has lapsed. That happens. When it suits you again, say so, and I look for somebody.",
			actions(button("coffee.in", p.ID+" "+note, label), button("coffee.pause", p.ID+" "+note, "Pause "+programLabel(p)+" until a day"), button("coffee.leave", p.ID+" "+note, "Leave "+programLabel(p))),
			contextLine("You get this once, because you joined "+programName(p)+" in "+ChannelMention(p.Channel)+". Until you say so I propose nobody to you."))
	}
	return paragraph("*"+programName(p)+"*: there was no suitable match for you this time. You come first when the next pairs are proposed.", contextLine(why))
}

// mentorOver is the end, for either of the two.
func mentorOver(part bot.MentorPart) Message {
	other := part.Other()
	text := Name(other) + " and you have ended your mentoring in *" + programName(part.Program) + "*. Thank you for the time that you gave each other."
	label := "Thank your mentor"
	if part.Mentorship.Mentor == part.Reader.ID {
		label = "Thank your mentee"
	}
	row := []slack.BlockElement{thankButton(label, "", other.ID)}
	if part.Mentorship.Mentee == part.Reader.ID && part.Seat.In() {
		row = append(row, button("coffee.in", part.Program.ID, "Find me another mentor"))
	}
	hint := "What did it change for you? A sentence about that, to " + Name(other) + ", is the best end there is."
	if part.Mentorship.Mentor == part.Reader.ID {
		hint += " Your place for a mentee is free again."
	}
	return paragraph(text, section(hint), actions(row...))
}

// mentorStart opens a pair's chat, or tells one of them alone.
func mentorStart(r Reader, s bot.MentorStart) Message {
	m, p := s.Mentorship, s.Program
	where, first := inStart, "Hello "+Mention(m.Mentee)+" and "+Mention(m.Mentor)+": you both said yes. "+Mention(m.Mentor)+" is the mentor, "+Mention(m.Mentee)+" the mentee."
	who := "• " + whoIs(s.MentorPart, m.Mentor) + "\n• " + whoIs(s.MentorPart, m.Mentee)
	text := programName(p) + ": " + Name(named(s.MentorPart, m.Mentor)) + " mentors " + Name(named(s.MentorPart, m.Mentee)) + " from now on."
	if s.Alone {
		where, first = inStartAlone, "You and "+Mention(s.Other().ID)+" both said yes: "+otherRole(s.MentorPart)+" from now on."
		who = whoIs(s.MentorPart, s.Other().ID)
	}
	blocks := []slack.Block{section(":seedling: *" + first + "*" + purposeLine(p)), section(who)}
	if m.State != bot.MentorActive {
		return paragraph(text, section("This mentoring has come to its end. Thank you both."))
	}
	if m.Month == 0 && s.Theme != "" && !m.Quiet {
		blocks = append(blocks, section("*A theme for the first month*\n"+safeText(bot.EscapeText(s.Theme))))
	}
	blocks = append(blocks, section("*"+Mention(m.Mentee)+" takes the first step:* say hello and suggest a time. You meet *"+everyWeeks(m.Weeks)+"*."))
	blocks = append(blocks, linkedTimesPart(r, mentorMeeting(s))...)
	row := pairButtons(s.MentorPart, where)
	if s.Alone {
		row = append([]slack.BlockElement{button("mentor.chat", m.ID, "Open our chat")}, row...)
	}
	if m.Month == 0 && s.Theme != "" && !m.Quiet {
		row = append(row, button("mentor.theme", m.ID+" "+m.Theme+" "+where, "Another theme"))
	}
	why := "You get this because both of you joined " + programName(p) + " and said yes. A theme comes once a month; either of you can change the rhythm, switch the themes off, or end your mentoring. " +
		"What you talk about stays between you: nobody counts or reports it. `/rapport mentor` shows all of it."
	if !s.Alone {
		why += " I am in this chat, too, for my buttons; to talk without me, write to each other directly."
	}
	return Message{Text: text, Blocks: append(blocks, actions(row...), contextLine(why))}
}

func named(part bot.MentorPart, id string) bot.Member {
	m := part.People[id]
	m.ID = id
	return m
}

// mentorMeeting is a pair's first chat.
func mentorMeeting(s bot.MentorStart) meeting {
	m := meeting{members: s.Mentorship.Members(), people: s.People, hours: s.Hours, times: s.Times}
	m.title = entryTitle(s.Program, m.members, m.people)
	return m
}

// themeNote is a month's theme.
func themeNote(t bot.ThemeNote) Message {
	m, where := t.Mentorship, inTheme
	if t.Alone {
		where = inThemeAlone
	}
	switch {
	case m.State != bot.MentorActive:
		return paragraph("This mentoring has come to its end. Thank you both.")
	case m.Quiet:
		return paragraph("No more themes from me. You know best what to talk about.",
			actions(button("mentor.loud", m.ID+" "+where, "Themes again"), button("mentor.end", m.ID, "End our mentoring")))
	}
	first := "*A theme for this month, if you want one*"
	if t.Alone {
		first = "*A theme for this month with " + Name(t.Other()) + ", if you want one*"
	}
	return Message{
		Text: programName(t.Program) + ": a theme for this month's conversation.",
		Blocks: []slack.Block{
			section(first + "\n" + safeText(bot.EscapeText(t.Theme))),
			actions(button("mentor.theme", m.ID+" "+m.Theme+" "+where, "Another theme"), button("mentor.quiet", m.ID+" "+where, "No more themes"), button("mentor.end", m.ID, "End our mentoring")),
			contextLine("You get this once a month because you are mentor and mentee in " + programName(t.Program) + ". Nothing has to be answered."),
		},
	}
}

// mentorWait tells who joined as a mentee that there is nobody for them yet.
func mentorWait(r Reader, w bot.MentorWait) Message {
	p := w.Program
	return paragraph("*"+programName(p)+"*: there is no suitable mentor for you yet. You come first on "+onDate(r, w.Next, time.Time{})+", when the next pairs are proposed.",
		actions(button("coffee.pause", p.ID+" "+note, "Pause "+programLabel(p)+" until a day"), button("coffee.leave", p.ID+" "+note, "Leave "+programLabel(p))),
		contextLine("You get this once, because you joined "+programName(p)+" in "+ChannelMention(p.Channel)+" as a mentee."))
}

// mentorInvitation is a mentor program's message in its channel.
func mentorInvitation(r Reader, i bot.Invitation) Message {
	p := i.Program
	when := "Pairs are proposed " + lowerCadence(r, p) + ", next on " + nextOn(r, p, i.Next, time.Time{}) + "."
	if p.Paused {
		when = "Paused for now."
	}
	first := "*" + programName(p) + "*: mentors and mentees find each other."
	if p.Words != "" {
		first = "*" + programName(p) + "*\n" + safeText(p.Words)
	}
	return Message{
		Text: programName(p) + " brings mentors and mentees together. " + when + " Press Join to be one or the other.",
		Blocks: []slack.Block{
			section(first + purposeLine(p)),
			section("Join as a mentee, or as a mentor for one to five colleagues. I propose pairs; a match begins when both accept it, and ends when either says so.\n" + when),
			actions(primary(button("coffee.join", p.ID, "Join "+programLabel(p)))),
			contextLine("Looked after by " + Mention(i.Owner.ID) + ". Nobody is matched who does not press Join, and nobody is told who says no: `/rapport mentor`."),
		},
	}
}

// lowerCadence is when pairs are proposed, in the middle of a sentence.
func lowerCadence(r Reader, p bot.Program) string {
	words := cadence(r, p)
	if strings.HasPrefix(words, "Every") {
		return "e" + words[1:]
	}
	return "on " + words
}
