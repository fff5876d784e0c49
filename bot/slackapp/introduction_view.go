package slackapp

import (
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

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
	var blocks []slack.Block
	if i.Late {
		blocks = append(blocks, section(lateWords(i)))
	}
	blocks = append(append(blocks, section(":coffee: *"+first+"*"+purposeLine(i.Program))), whoTheyAre(i)...)
	if i.Question != "" {
		blocks = append(blocks, section("*A question to begin with*\n"+safeText(bot.EscapeText(i.Question))))
	}
	switch i.Group.Found {
	case bot.TimeScheduled:
		blocks = append(blocks, section("You found a time. Enjoy it!"))
	case bot.TimeCannot:
		blocks = append(blocks, section(wordsCannot))
	default:
		blocks = append(blocks, firstStep(i))
		blocks = append(blocks, timesPart(r, meetingOf(i))...)
	}
	return Message{Text: text, Blocks: append(blocks, actions(introductionButtons(i, where)...), contextLine(introductionWhy(i)))}
}

// wordsCannot stand where somebody said that they cannot, in every message about a group.
const wordsCannot = "It does not work out this time, and that is fine. If that was a slip, take it back within five minutes."

func except(members []string, member string) []string {
	return slices.DeleteFunc(slices.Clone(members), func(id string) bool { return id == member })
}

const (
	maxPeople  = 3800 // characters for all that the people of a group say of themselves: with everything else they make one message
	maxMatches = 2    // offers that meet an ask
	maxPurpose = 500
)

// personCut is [personWords] without the last lines that do not fit.
func personCut(m bot.Member, p bot.Profile, limit int) string {
	words := personLine(m)
	for _, line := range profileLines(p) {
		if utf8.RuneCountInString(words)+utf8.RuneCountInString(line) >= limit {
			break
		}
		words += "\n" + line
	}
	return words
}

// whoTheyAre names everyone with what they say of themselves, and says what they are to each other. Where nobody says anything, everyone has a line.
func whoTheyAre(i bot.Introduction) []slack.Block {
	var lines []string
	var blocks []slack.Block
	for _, id := range except(i.Group.Members, i.Alone) {
		m := i.People[id]
		m.ID = id
		if i.Profiles[id].Empty() {
			lines = append(lines, "• "+personLine(m))
			continue
		}
		blocks = append(blocks, section(personCut(m, i.Profiles[id], maxPeople/len(i.Group.Members))))
	}
	if between := betweenThem(i); between != "" {
		lines = append(lines, between)
	}
	if len(lines) > 0 {
		blocks = append(blocks, section(strings.Join(lines, "\n")))
	}
	return blocks
}

// betweenThem says why these people, as far as that is nobody's secret, and what they could make of it.
func betweenThem(i bot.Introduction) string {
	var lines []string
	for _, m := range i.Matches()[:min(len(i.Matches()), maxMatches)] {
		lines = append(lines, upperFirst(shortCalled(i, m.Asks))+" would like to learn about "+cutMrkdwn(bot.SafeName(askedAs(i, m)), maxAbout)+"; "+shortCalled(i, m.Offers)+" can be asked.")
	}
	if known := knownOfThem(i.Group); known != "" {
		lines = append(lines, known)
	}
	lines = append(lines, keptSeats(i)...)
	if office := i.Office(); office != "" {
		lines = append(lines, "You can "+everyone(i.Group)+" be met in "+bot.SafeName(office)+": how about meeting in person?")
	}
	return strings.Join(lines, "\n")
}

// knownOfThem is what holds for every pair of the group.
func knownOfThem(g bot.Group) string {
	pairs := len(g.Members) * (len(g.Members) - 1) / 2
	count := map[pairing.ReasonCode]int{}
	for _, reason := range g.Reasons {
		count[reason.Code]++
	}
	you := "you"
	if pairs > 1 {
		you = "you all"
	}
	var parts []string
	if count[pairing.DifferentDepartments] == pairs {
		parts = append(parts, you+" work in different departments")
	}
	switch pairs {
	case count[pairing.FirstMeeting]:
		parts = append(parts, "this is your first coffee with each other")
	case count[pairing.LongAgo]:
		parts = append(parts, "your last coffee with each other was long ago")
	case count[pairing.MetBefore]:
		parts = append(parts, "you have met before; there was nobody new for you this time")
	}
	if count[pairing.Stretch] == 2*pairs { // each of them asked for it
		parts = append(parts, you+" wished to meet somebody quite different")
	}
	if len(parts) == 0 {
		return ""
	}
	return upperFirst(List(parts...)) + "."
}

// keptSeats says who leads people and keeps time for others. All of the group read it, the leader too.
func keptSeats(i bot.Introduction) []string {
	var lines, said []string
	for _, r := range i.Group.Reasons {
		if r.Code != pairing.LeaderSeat || slices.Contains(said, r.A) {
			continue
		}
		said = append(said, r.A)
		if r.A == i.Alone {
			lines = append(lines, "You lead people here, and keep time in each round for colleagues whom leaders rarely see.")
		} else {
			lines = append(lines, called(i, r.A)+" leads people here, and keeps time in each round for colleagues whom leaders rarely see.")
		}
	}
	return lines
}

// called is somebody's name, or "you" for the reader of an introduction to one.
func called(i bot.Introduction, id string) string {
	if id == i.Alone {
		return "you"
	}
	m := i.People[id]
	m.ID = id
	return Name(m)
}

// shortCalled is [called] with the first name, where no two of the group share it.
func shortCalled(i bot.Introduction, id string) string {
	if id == i.Alone {
		return "you"
	}
	at := slices.Index(i.Group.Members, id)
	if at < 0 {
		return called(i, id)
	}
	return shortNames(meetingOf(i))[at]
}

// askedAs is the topic of a match as who asks for it wrote it.
func askedAs(i bot.Introduction, m bot.TopicMatch) string {
	for _, asked := range i.Profiles[m.Asks].Asks {
		if strings.EqualFold(asked, m.Topic) {
			return asked
		}
	}
	return m.Topic
}

func everyone(g bot.Group) string {
	if len(g.Members) == 2 {
		return "both"
	}
	return "all"
}

func firstStep(i bot.Introduction) slack.Block {
	if i.Group.First == i.Alone {
		return section("*You take the first step:* open the chat, say hello and suggest a time.")
	}
	return section("*" + Mention(i.Group.First) + " takes the first step:* say hello and suggest a time.")
}

func introductionButtons(i bot.Introduction, where string) []slack.BlockElement {
	value := func(found bot.Time) string { return groupValue(i.Round, i.Group, string(found), where) }
	var row []slack.BlockElement
	if where == inAlone {
		row = append(row, button("coffee.chat", groupValue(i.Round, i.Group), "Open our chat"))
	}
	if i.Group.Found != bot.TimeScheduled && i.Group.Found != bot.TimeCannot {
		found := button("coffee.found", value(bot.TimeScheduled), "We found a time")
		if where != inAlone {
			found = primary(found)
		}
		row = append(row, found)
	}
	if i.Group.Found != bot.TimeCannot {
		row = append(row, button("coffee.found", value(bot.TimeCannot), "Can't this time"))
	} else {
		row = append(row, button("coffee.found", value(bot.TimeNotYet), "I can after all"))
	}
	if proposing(i) {
		row = append(row, button("calendar.open", calendarValue(i, where), "Add a time to my calendar"))
	}
	return append(row, button("introduction.own", groupValue(i.Round, i.Group), "Chat without Rapport"))
}

func introductionWhy(i bot.Introduction) string {
	way := " `/coffee` skips the next round, pauses or leaves; `/rapport profile` changes what is said of you."
	if i.Alone != "" {
		return "You get this because you joined " + programName(i.Program) + " in " + ChannelMention(i.Program.Channel) + ", and alone because your working hours do not meet." + way
	}
	return "You get this because you joined " + programName(i.Program) + " in " + ChannelMention(i.Program.Channel) + "." + way +
		" I am in this chat, too, for my buttons; I do not read it."
}

// ownChat says how the group talks without the bot.
func ownChat(i bot.Introduction, reader string) Message {
	rest := except(i.Group.Members, reader)
	if len(rest) == 1 {
		m := i.People[rest[0]]
		m.ID = rest[0]
		return paragraph(Link(userAddress(i.Team, m.ID), "Write to "+Name(m)) + " without me, or press " + Mention(m.ID) + " and then “Message”. I am not in that chat and learn nothing of it.")
	}
	return paragraph("Begin a new message in Slack and put " + mentionList(rest) + " into it: that chat is your own. I am not in it and learn nothing of it.")
}

// userAddress is where Slack shows a person's conversation with the reader (its deep links, "open a direct message").
func userAddress(team, user string) string {
	return "slack://user?" + url.Values{"team": {team}, "id": {user}}.Encode()
}
