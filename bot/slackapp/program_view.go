package slackapp

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"rapport/bot"
)

const (
	coffeeListed    = 6 // programs in one answer
	elsewhereListed = 3
)

// coffeeContent renders what the bot says about programs and rounds on its own initiative; false if the content is nothing of that.
func coffeeContent(reader Reader, content any) (Message, bool) {
	switch c := content.(type) {
	case bot.Invitation:
		return invitation(reader, c), true
	case bot.ProgramStranded:
		return stranded(c), true
	case bot.ProgramJoined:
		return programJoined(reader, c), true
	case bot.ProgramOwner:
		return programOwner(c), true
	case bot.Introduction:
		return introduction(reader, c), true
	case bot.MidwayNote:
		return midwayNote(c), true
	case bot.MetQuestion:
		return metQuestion(reader, c, time.Time{}), true
	case bot.NoPairNote:
		return noPairNote(reader, c), true
	case bot.StillInNote:
		return stillInNote(reader, c), true
	case bot.LongRoundNote:
		return longRound(reader, c), true
	}
	return Message{}, false
}

// programName is a program's name for a line of mrkdwn, which may make it bold.
func programName(p bot.Program) string { return bot.SafeName(programLabel(p)) }

// programLabel is a program's name for plain text, such as a button.
func programLabel(p bot.Program) string { return bot.OutgoingText{}.Plain(p.Name) }

// roundLabel names a program's next round for plain text: "Monday's coffee", or where the weekday does not say it, "the Lunch of 30 March".
func roundLabel(p bot.Program, at time.Time) string {
	name, day := programLabel(p), at.Weekday().String()
	if strings.Contains(strings.ToLower(name), "coffee") {
		name = "coffee"
	}
	if p.Weeks > 1 || strings.Contains(strings.ToLower(name), strings.ToLower(day)) {
		return fmt.Sprintf("the %s of %s", name, at.Format("2 January"))
	}
	return day + "'s " + name
}

// cadence says when rounds are: "Mondays at 9:00 Europe/Berlin".
func cadence(r Reader, p bot.Program) string {
	at := " at " + r.Minute(p.Minute) + " " + p.Zone
	switch p.Weeks {
	case 1:
		return r.Weekday(p.Weekday) + "s" + at
	case 2:
		return "Every second " + r.Weekday(p.Weekday) + at
	}
	return fmt.Sprintf("Every %d weeks on %s%s", p.Weeks, r.Weekday(p.Weekday), at)
}

// onDate is the day of a round in its program's zone; now is zero where the year says nothing.
func onDate(r Reader, at, now time.Time) string {
	local := Reader{Locale: r.Locale, Zone: at.Location()}
	if now.IsZero() {
		return local.Date(at)
	}
	return local.DateNear(at, now)
}

// nextOn is the day of a program's next round, and why it is not the usual one.
func nextOn(r Reader, p bot.Program, next, now time.Time) string {
	day := onDate(r, next, now)
	if p.Holidays != "" && next.Weekday() != p.Weekday { // the instant is in the program's zone
		day += " (" + r.Weekday(p.Weekday) + " is a holiday)"
	}
	return day
}

// grouping says who meets whom, in words that follow "in".
func grouping(p bot.Program) string {
	size := fmt.Sprintf("groups of %d", p.Size)
	switch {
	case p.Form == bot.MentorForm:
		size = "pairs of a mentor and a mentee"
	case p.Size == 2 && p.Trios:
		size = "pairs (three where one is left over)"
	case p.Size == 2:
		size = "pairs (where one is left over they sit out, in turn)"
	}
	parts := []string{size}
	switch p.Department {
	case bot.Prefer:
		parts = append(parts, "from different departments where possible")
	case bot.Require:
		parts = append(parts, "always from different departments")
	}
	return strings.Join(parts, ", ")
}

// meetingWords say who meets whom, in whole sentences.
func meetingWords(p bot.Program) string {
	return "People meet in " + grouping(p) + "." + managerWords(p)
}

// managerWords is a further sentence, where there is something to say about managers.
func managerWords(p bot.Program) string {
	if p.Managers {
		return ""
	}
	return " Nobody meets their own manager."
}

func purposeLine(p bot.Program) string {
	if p.Purpose == "" {
		return ""
	}
	return "\n" + quote(safeText(p.Purpose))
}

func paragraph(text string, more ...slack.Block) Message {
	return Message{Text: text, Blocks: append([]slack.Block{section(text)}, more...)}
}

// invitation is a program's message in its channel: an editor's words, and the facts below them.
func invitation(r Reader, i bot.Invitation) Message {
	p := i.Program
	if p.Form == bot.MentorForm {
		return mentorInvitation(r, i)
	}
	text := "*" + programName(p) + "*: meet a colleague whom you would not meet by chance." + purposeLine(p)
	if p.Words != "" {
		text = "*" + programName(p) + "*\n" + safeText(p.Words) + purposeLine(p)
	}
	when := cadence(r, p) + ", next on " + nextOn(r, p, i.Next, time.Time{}) + "."
	if p.Paused {
		when = "Paused for now."
	}
	who := "Nobody is matched who does not press Join."
	if p.AutoJoin {
		who = "Who joins this channel by themselves from now on is in, and is told so at once; everybody else presses Join."
	}
	blocks := []slack.Block{
		section(text),
		section(when + "\n" + invitationFacts(p)),
		actions(primary(button("coffee.join", p.ID, "Join "+programLabel(p)))),
		contextLine("Looked after by " + Mention(i.Owner.ID) + ". " + who + " Skipping, pausing and leaving are one tap, and nobody is told: `/coffee`."),
	}
	return Message{Text: programName(p) + " is open in this channel: " + when + " Press Join to be introduced to a colleague.", Blocks: blocks}
}

func invitationFacts(p bot.Program) string {
	return "You are introduced in " + grouping(p) + "." + managerWords(p) + " Each round is one chat of 25 minutes, at a time that suits everybody."
}

// programJoined tells somebody who joined a channel that they are in its program.
func programJoined(r Reader, j bot.ProgramJoined) Message {
	p := j.Mine.Program
	text := "You joined " + ChannelMention(p.Channel) + ", so you are in *" + programName(p) + "*. " + upperFirst(nextWords(r, j.Mine, time.Time{})) + "."
	return paragraph(text+purposeLine(p),
		section("On that day I introduce you to a colleague, in a chat with both of you: 25 minutes, at a time that suits both. A round brings you at most three messages."),
		actions(button("coffee.leave", p.ID+" "+note, "Leave "+programLabel(p)), button("coffee.skip", p.ID+" "+note, "Skip "+roundLabel(p, j.Mine.Next))),
		contextLine("You get this once, because this program counts joining its channel as joining it. Leaving is one tap, nobody is told, and you stay in the channel."))
}

func stranded(s bot.ProgramStranded) Message {
	p := s.Program
	text := "*" + programName(p) + "* is paused: I am no longer in " + ChannelMention(p.Channel) + "."
	why := "because it is in your hands"
	if s.Reader.ID != "" && s.Reader.ID != p.Owner {
		why = "because whoever looked after it is no longer in this workspace"
	}
	return paragraph(text, contextLine("You get this once, "+why+". Everybody's place is kept. Invite me again, then let it go on."),
		actions(button("coffee.go", p.ID+" "+note, "Let "+programLabel(p)+" go on")))
}

// coffeeHere says what somebody is in, and what the conversation has.
func coffeeHere(r Reader, h bot.Here, now time.Time) Message {
	var blocks []slack.Block
	var said []string
	for i, m := range h.Mine {
		if i == coffeeListed {
			blocks = append(blocks, contextLine("and "+r.Count(len(h.Mine)-i, "more", "more")+", on Home"))
			break
		}
		blocks = append(blocks, minePart(r, h, m, now)...)
		said = append(said, "You are in "+programName(m.Program)+"; "+nextWords(r, m, now))
	}
	for i, p := range h.Open {
		if i == coffeeListed {
			break
		}
		blocks = append(blocks, openPart(r, h, p, now)...)
		said = append(said, programName(p)+" is open in this channel")
	}
	blocks = append(blocks, emptyPart(r, h, now)...)
	blocks = append(blocks, runsPart(h)...)
	if len(said) == 0 {
		said = append(said, "You are in no coffee program yet")
	}
	return Message{Text: cutMrkdwn(strings.Join(said, ". ")+".", maxMessageText), Blocks: blocks}
}

// minePart is one program that the reader is in.
func minePart(r Reader, h bot.Here, m bot.Mine, now time.Time) []slack.Block {
	p := m.Program
	lines := []string{"*" + programName(p) + "* in " + ChannelMention(p.Channel), cadence(r, p), upperFirst(nextWords(r, m, now)) + "."}
	if with := slices.DeleteFunc(slices.Clone(m.Group.Members), func(id string) bool { return id == h.Reader.ID }); len(with) > 0 && now.Before(m.Round.End) {
		lines = append(lines, "This round: you and "+mentions(with)+".")
	}
	note, change := noteLine(h.Read.Preferences[h.Reader.ID], m)
	return []slack.Block{section(strings.Join(lines, "\n") + note), actions(append(seatButtons(m, h.May(p.ID)), change...)...), divider()}
}

// nextWords says when the reader's next round is, and why not earlier.
func nextWords(r Reader, m bot.Mine, now time.Time) string {
	if m.Program.Form == bot.MentorForm {
		return mentorNext(r, m, now)
	}
	yours := "yours is on " + onDate(r, m.Takes(), now)
	switch {
	case m.Program.Paused:
		return "it is paused for everybody"
	case m.Seat.Asked > 0:
		return "it goes on without you until you say that you are in"
	case m.Away():
		return "you are away until " + r.DayNear(m.Seat.PausedTill, now) + "; " + yours
	case m.Rests():
		return "you take part in " + rhythmWords(m.Seat.Every) + "; " + yours
	case m.Skips():
		return "you skip the round of " + onDate(r, m.Next, now) + "; " + yours
	}
	if m.Seat.Every > 1 {
		return "you take part in " + rhythmWords(m.Seat.Every) + "; the next one is yours, on " + onDate(r, m.Next, now)
	}
	return "the next round is on " + nextOn(r, m.Program, m.Next, now)
}

// seatButtons are what somebody in a program can do.
func seatButtons(m bot.Mine, edits bool) []slack.BlockElement {
	if m.Program.Form == bot.MentorForm {
		return append([]slack.BlockElement{button("mentor.mine", m.Program.ID, "My pairs in "+programLabel(m.Program))}, mentorSeatButtons(m, edits)...)
	}
	p := m.Program
	row := turnButton(m)
	if !m.Away() && !p.Paused {
		row = append(row, button("coffee.pause", p.ID, "Pause "+programLabel(p)+" until a day"))
	}
	if m.Seat.Asked == 0 {
		row = append(row, button("coffee.part", p.ID, "How I take part in "+programLabel(p)))
	}
	row = append(row, button("coffee.leave", p.ID, "Leave "+programLabel(p)))
	if edits {
		row = append(row, button("coffee.status", p.ID, "How "+programLabel(p)+" goes"))
	}
	return row
}

// turnButton is what somebody can do about their next round: one button, or none.
func turnButton(m bot.Mine) (row []slack.BlockElement) {
	p, round := m.Program, roundLabel(m.Program, m.Next)
	switch {
	case m.Seat.Asked > 0:
		row = append(row, primary(button("coffee.in", p.ID, "I'm in for "+round)))
	case m.Away():
		row = append(row, button("coffee.resume", p.ID, "End my pause of "+programLabel(p)))
	case m.Rests(): // there is nothing to skip
	case m.Skips():
		row = append(row, button("coffee.unskip", p.ID, "Don't skip "+round))
	case !p.Paused:
		row = append(row, button("coffee.skip", p.ID, "Skip "+round))
	}
	return row
}

// openPart is a program of the channel that the reader is not in.
func openPart(r Reader, h bot.Here, p bot.Program, now time.Time) []slack.Block {
	when := cadence(r, p) + ", next on " + nextOn(r, p, bot.NextRound(p, now), now) + "."
	if p.Paused {
		when = "It is paused for now."
	}
	row := []slack.BlockElement{primary(button("coffee.join", p.ID, "Join "+programLabel(p)))}
	if h.May(p.ID) {
		row = append(row, button("coffee.status", p.ID, "How "+programLabel(p)+" goes"))
	}
	return []slack.Block{section("*" + programName(p) + "* is open in this channel." + purposeLine(p) + "\n" + when), actions(row...), divider()}
}

// emptyPart is what to do where there is no program: join one elsewhere, or set one up.
func emptyPart(r Reader, h bot.Here, now time.Time) []slack.Block {
	var blocks []slack.Block
	nothing := len(h.Mine)+len(h.Open) == 0
	if nothing {
		blocks = append(blocks, section("Coffee introduces you to colleagues whom you would not meet by chance: one chat of 25 minutes, at a time that suits both. You are in no program yet."))
		for i, p := range h.Elsewhere {
			if i == elsewhereListed {
				break
			}
			blocks = append(blocks, section("*"+programName(p)+"* in "+ChannelMention(p.Channel)+purposeLine(p)+"\n"+cadence(r, p)+", next on "+nextOn(r, p, bot.NextRound(p, now), now)+"."),
				actions(button("coffee.join", p.ID, "Join "+programLabel(p))))
		}
	}
	if h.Reader.Guest || len(h.Open) > 0 || hasProgram(h) {
		return blocks
	}
	switch {
	case h.Channel.Postable() && !h.Channel.Shared:
		setup := button("coffee.setup", "", "Set up coffee here")
		if nothing && len(h.Elsewhere) == 0 {
			setup = primary(setup)
		}
		blocks = append(blocks, section("This channel has no program."), actions(setup))
	case nothing:
		blocks = append(blocks, contextLine("To set one up, type `/coffee setup` in a channel that I am in. `/invite @rapport` brings me there."))
	}
	return blocks
}

func hasProgram(h bot.Here) bool {
	for _, m := range h.Mine {
		if m.Program.Channel == h.Channel.ID {
			return true
		}
	}
	return false
}

// runsPart are the programs that the reader runs without being in them, of other conversations.
func runsPart(h bot.Here) []slack.Block {
	var row []slack.BlockElement
	for _, p := range h.Runs {
		shown := p.Channel == h.Channel.ID
		for _, m := range h.Mine {
			shown = shown || m.Program.ID == p.ID
		}
		if !shown && len(row) < coffeeListed {
			row = append(row, button("coffee.status", p.ID, "How "+programLabel(p)+" goes"))
		}
	}
	if len(row) == 0 {
		return nil
	}
	return []slack.Block{section("You also run, in other channels:"), actions(row...)}
}

// unknownWord puts what was not understood above what there is.
func unknownWord(m Message, typed string) Message {
	text := "I do not know “" + bot.OutgoingText{Max: 100}.Mrkdwn(typed) + "” here. `/coffee help` lists what I know."
	m.Text = cutMrkdwn(text+" "+m.Text, maxMessageText)
	m.Blocks = append([]slack.Block{section(text)}, m.Blocks...)
	return m
}

// question asks which program a command means.
type question struct{ action, words, label string }

var (
	askJoin   = question{"coffee.join", "Which one do you want to join?", "Join %s"}
	askLeave  = question{"coffee.leave", "Which one do you want to leave?", "Leave %s"}
	askSkip   = question{"coffee.skip", "Which one do you want to skip next time?", "Skip %s next time"}
	askPause  = question{"coffee.pause", "Which one do you want to pause?", "Pause %s until a day"}
	askResume = question{"coffee.resume", "Which pause do you want to end?", "End my pause of %s"}
	askPart   = question{"coffee.part", "In which one?", "How I take part in %s"}
	askStatus = question{"coffee.status", "Which one do you want to look at?", "How %s goes"}
)

func coffeeWhich(q question, programs []bot.Program) Message {
	var row []slack.BlockElement
	for _, p := range programs[:min(len(programs), maxActions)] {
		row = append(row, button(q.action, p.ID, fmt.Sprintf(q.label, programLabel(p))))
	}
	return paragraph(q.words, actions(row...))
}

func upperFirst(text string) string {
	if text == "" {
		return ""
	}
	return strings.ToUpper(text[:1]) + text[1:] // our own words begin with a letter of ASCII
}

// others are the names of a group but for the reader.
func others(g bot.Group, reader string, people map[string]bot.Member) []string {
	var list []string
	for _, id := range g.Members {
		if id != reader {
			m := people[id]
			m.ID = id
			list = append(list, Name(m))
		}
	}
	return list
}
