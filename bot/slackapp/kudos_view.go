package slackapp

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/slack-go/slack"

	"rapport/bot"
)

// buttonText is how much text a button's value can carry, as Slack sends it.
const buttonText = 1900

func mentionList(members []string) string { return List(eachMention(members)...) }

func eachMention(members []string) []string {
	list := make([]string, len(members))
	for i, id := range members {
		list[i] = Mention(id)
	}
	return list
}

// thanked names those of a kudos's people who are to be named, or their team: it is no mention, so that nobody of it is notified.
func thanked(k bot.Kudos, shown []string) string {
	switch {
	case k.Team == "":
		return mentionList(shown)
	case k.TeamName == "":
		return "a whole team"
	}
	return "the team " + bot.SafeName(k.TeamName)
}

func withoutMembers(members, without []string) []string {
	return slices.DeleteFunc(slices.Clone(members), func(id string) bool { return slices.Contains(without, id) })
}

// nameIn finds names for mentions that are shown as text.
func nameIn(people map[string]bot.Member) func(id string) string {
	return func(id string) string { return people[id].Name }
}

// plainName is a member's name for plain text, such as an error below an input.
func plainName(people map[string]bot.Member, id string) string {
	return orElse(plainWords(people[id].Name), id)
}

// plainWords is what somebody called something, for plain text.
func plainWords(name string) string { return bot.OutgoingText{}.Plain(bot.EscapeText(name)) }

// quote shows a text as something that somebody said, line by line.
func quote(text string) string {
	return "> " + strings.ReplaceAll(strings.TrimSpace(text), "\n", "\n> ")
}

// safeText is somebody's words for others to read; nobody is notified by them.
func safeText(text string) string { return bot.OutgoingText{}.Mrkdwn(text) }

// kudosGiven echoes what was understood, with the way back.
func kudosGiven(given bot.GivenKudos, w bot.Workspace) Message {
	if !given.Kudos.Undone.IsZero() {
		return kudosUndone(bot.ChangedKudos{Kudos: given.Kudos})
	}
	return fitted(func(most int) Message { return kudosEcho(given, w, most) })
}

// kudosEcho is the echo of a kudos that stands; most bounds its text.
func kudosEcho(given bot.GivenKudos, w bot.Workspace, most int) Message {
	k := given.Kudos
	first := "Thank you for saying it. Kudos to " + thanked(k, k.Recipients) + "."
	where := placeWords(given)
	details := []string{where}
	if given.Offer.ID == "" {
		details = append(details, quietLines(given.Quiet)...)
	}
	if v := w.ShownValue(k.Value); v.Name != "" {
		details = append(details, "Value: "+valueWords(v))
	}
	details = append(details, leftOutLines(given.Left, Mention)...)
	blocks := append([]slack.Block{section(":tada: " + first)}, spoken(k.Message, given.People, most)...)
	blocks = append(blocks, contextLine(details...), actions(button("kudos.edit", k.ID, "Edit this kudos"), button("kudos.undo", k.ID, "Undo this kudos")))
	if given.Offer.ID != "" {
		blocks = append(blocks, kudosOffer(given)...)
	}
	return Message{Text: first + " " + where, Blocks: blocks}
}

// quietLines say who is not named in the channel because they chose that.
func quietLines(quiet []string) []string {
	if len(quiet) == 0 {
		return nil
	}
	return []string{mentionList(quiet) + " " + Plural(len(quiet), "prefers", "prefer") + " to be thanked privately and " +
		Plural(len(quiet), "is", "are") + " not named there."}
}

func valueWords(v bot.Value) string { return strings.TrimSpace(v.Emoji + " " + bot.SafeName(v.Name)) }

var leftOutWords = map[bot.LeftOutWhy][2]string{
	bot.LeftBot:      {"%s is a bot and was left out.", "%s are bots and were left out."},
	bot.LeftGone:     {"%s no longer works here and was left out.", "%s no longer work here and were left out."},
	bot.LeftStranger: {"%s is from another company and was left out.", "%s are from another company and were left out."},
	bot.LeftGuest:    {"%s is a guest and was left out: here only people who work for this company are thanked.", "%s are guests and were left out: here only people who work for this company are thanked."},
	bot.LeftUnknown:  {"I do not know %s, who was left out.", "I do not know %s, who were left out."},
}

// leftSelfOut says that the giver was among those who were named.
const leftSelfOut = "Kudos go to others, so you were left out yourself."

// leftOutLines say who was left out and why; name shows a member's id.
func leftOutLines(left []bot.LeftOut, name func(id string) string) []string {
	var lines []string
	for _, why := range []bot.LeftOutWhy{bot.LeftSelf, bot.LeftBot, bot.LeftGone, bot.LeftStranger, bot.LeftGuest, bot.LeftUnknown} {
		var who []string
		for _, l := range left {
			if l.Why == why {
				who = append(who, name(l.Member))
			}
		}
		switch {
		case len(who) == 0:
		case why == bot.LeftSelf:
			lines = append(lines, leftSelfOut)
		default:
			words := leftOutWords[why]
			lines = append(lines, fmt.Sprintf(Plural(len(who), words[0], words[1]), Reader{}.ListShort(who, 10)))
		}
	}
	return lines
}

// sentence is a message of one paragraph.
func sentence(text string) Message {
	return Message{Text: text, Blocks: []slack.Block{section(text)}}
}

func kudosUndone(k bot.ChangedKudos) Message {
	text := "Taken back: your kudos to " + thanked(k.Kudos, k.Recipients) + "."
	if k.Reaction != "" {
		return sentence(text + " " + emojiStays(k.Kudos))
	}
	if k.Stray {
		return sentence(text + " Its text is gone here. " + strayPost(k.Kudos))
	}
	return sentence(text + " Its text is gone, here and in the messages about it.")
}

// emojiStays says of a kudos by emoji what taking it back does not do: the emoji is its giver's.
func emojiStays(k bot.Kudos) string {
	return "The :" + k.Reaction + ": itself stays on the message until you take it off there."
}

// strayPost says what the giver can do about a message that the bot cannot reach.
func strayPost(k bot.Kudos) string {
	return "I could not reach the message in " + ChannelMention(k.Channel) + "; please have it deleted by hand if it is there."
}

func kudosEdited(k bot.ChangedKudos, people map[string]bot.Member) Message {
	text := editedWords(k)
	return fitted(func(most int) Message {
		m := sentence(text)
		m.Blocks = append(m.Blocks, spoken(k.Message, people, most)...)
		m.Blocks = append(m.Blocks, actions(button("kudos.edit", k.ID, "Edit this kudos"), button("kudos.undo", k.ID, "Undo this kudos")))
		return m
	})
}

// editedWords say what became of a kudos's new text.
func editedWords(k bot.ChangedKudos) string {
	text := "Changed: your kudos to " + thanked(k.Kudos, k.Recipients) + " has the new text"
	if k.Stray {
		return text + ", marked as edited. " + strayPost(k.Kudos)
	}
	return text + " wherever it stands, marked as edited."
}

func kudosTwin(typed string) Message {
	text := "You sent exactly this a moment ago. "
	if carriable(typed) {
		text += "Send it again?"
	} else {
		text += "Change a word to send it again."
	}
	return Message{Text: text, Blocks: append([]slack.Block{section(text)}, offer(typed, "kudos.again", "Send it again")...)}
}

// carriable reports whether a button can carry a text.
func carriable(typed string) bool { return utf8.RuneCountInString(typed) <= buttonText }

// offer gives a text back and a button that takes it on, if a button can carry it.
func offer(typed, action, label string) []slack.Block {
	blocks := paragraphs(quote(bot.OutgoingText{KeepUsers: true, Max: maxMessageChars - maxSection}.Mrkdwn(typed)))
	if !carriable(typed) {
		return blocks
	}
	return append(blocks, actions(button(action, typed, label), button("kudos.open", typed, "Open the form")))
}

func kudosRefused(in bot.KudosInput, typed string, limits bot.KudosLimits) Message {
	switch in.Fault {
	case bot.KudosTooShort:
		text := "Say what they did and what it changed, so that it means something: _“" + kudosExample + "”_"
		if in.Message == "" {
			return returned(text, typed)
		}
		return Message{Text: text, Blocks: append([]slack.Block{section(text)}, offer(typed, "kudos.again", "Send it as it is")...)}
	case bot.KudosTooLong:
		return returned(fmt.Sprintf("That is longer than %d characters. One thing, and what it changed, is enough. Nothing was sent.", limits.Characters), typed)
	case bot.KudosTooMany:
		return returned(fmt.Sprintf("That names more than %d people. Thank them in smaller groups, each for what they did. Nothing was sent.", limits.Recipients), typed)
	}
	return returned(wordsWrong, typed)
}

// kudosBack says what is wrong and gives the text back, with the form on it where other people are the cure.
func kudosBack(f *bot.Fault, left []string, typed string) Message {
	m := returned(kudosFaultSentence(f, left), typed)
	switch f.Code {
	case bot.KudosOnlySelf, bot.KudosNobody, bot.KudosGroupsOff, bot.KudosGroupEmpty:
		if carriable(typed) {
			m.Blocks = append(m.Blocks, actions(button("kudos.open", typed, "Open the form")))
		}
	}
	return m
}

// kudosFaultSentence says what is wrong, and who was left out.
func kudosFaultSentence(f *bot.Fault, left []string) string {
	if f.Code == bot.KudosOnlySelf { // that says it
		left = slices.DeleteFunc(slices.Clone(left), func(line string) bool { return line == leftSelfOut })
	}
	return strings.TrimSpace(faultSentence(Reader{}, f) + " " + strings.Join(left, " "))
}

// kudosFaults are the words for what can be wrong with a kudos or a digest.
func kudosFaults(r Reader, f *bot.Fault) string {
	switch f.Code {
	case bot.KudosOnlySelf:
		return "Kudos go to others. Who made it possible for you?"
	case bot.KudosNobody:
		return "Nobody was left to thank, so nothing was sent."
	case bot.KudosNoRecipient:
		return "Say whom you thank, picked from the completion; nothing was sent."
	case bot.KudosTooMany:
		return "That names more than " + r.Number(f.Limit) + " people. Thank them in smaller groups, each for what they did; nothing was sent."
	case bot.KudosGroupsOff:
		return "I cannot see who is in a user group here. Name the people instead; nothing was sent."
	case bot.KudosGroupEmpty:
		return "There is nobody in that user group, or it is switched off. Name the people instead; nothing was sent."
	case bot.KudosGroupLarge:
		return "Together that is more than " + r.Number(f.Limit) + " people. Thank fewer of them, or one whole user group as a team; nothing was sent."
	case bot.KudosTeamLarge:
		return "That is more than " + r.Number(f.Limit) + " people. A smaller group will know what you mean; nothing was sent."
	case bot.KudosTeamPlace:
		return "A whole team is thanked in a channel, and I cannot post where this was opened. Try again in a channel that I am in, or name people; nothing was sent."
	case bot.KudosTeamAlone:
		return "A whole team is thanked in a channel. Untick this, or name people instead; nothing was sent."
	case bot.KudosPostLate:
		return "That kudos is older than a day, so it stays where it is."
	case bot.KudosPostPlace:
		return "I can no longer post there, so your kudos stays where it is."
	case bot.KudosPostQuiet:
		return "They prefer to be thanked privately, so your kudos stays where it is."
	case bot.KudosLimit:
		return "You have given " + r.Number(f.Limit) + " kudos today, which is the most for one day. Tomorrow is another one; nothing was sent."
	case bot.KudosTwin:
		return "You sent exactly this a moment ago. Change a word if you mean it twice."
	case bot.KudosTooShort:
		return "Say what they did and what it changed, in a few more words, so that it means something."
	case bot.KudosTooLong:
		return "That is too long: one thing, and what it changed, is enough."
	case bot.KudosTooWide:
		return "With everybody's name and all its signs written out, that text is longer than a message in Slack can be. Say it in fewer words; nothing was sent."
	case bot.KudosNothing:
		return "You have given no kudos since yesterday, so there is nothing to take back. Older ones are in `/kudos mine`, each with a button for that."
	case bot.DigestOutside:
		return "There is no digest here: I can sum up only a channel that both of us are in. In a channel, `/invite @Rapport` brings me in."
	case bot.DigestShared:
		return "There is no digest here: people from other companies are in this channel, and kudos given here reach their people alone."
	case bot.DigestGuest:
		return "The people who work here decide whether this channel has a digest. Ask one of them; `/kudos digest` shows you the week at any time."
	}
	return ""
}

func kudosHelp(w bot.Workspace, limits bot.KudosLimits, daily int) Message {
	text := "Thank colleagues for something they did: `/kudos @ana @bob for staying with the customer until the import worked #trust`."
	blocks := []slack.Block{
		header("Kudos"),
		section(text),
		section("• `/kudos` opens a form\n• `--private` at the end keeps it between you\n• `/kudos mine` lists what you gave and received\n• `/kudos undo` takes your last one back\n" +
			"• `/kudos digest` shows this channel's week\n• `/kudos forget-me` removes what you gave and hides what you received\n• On any message: *More actions → Give kudos*"),
	}
	blocks = append(blocks, valuesHelp(w)...)
	blocks = append(blocks, contextLine(fmt.Sprintf("Who can read this: everybody in the channel where it is posted; with `--private` only you and them. "+
		"Kept for 365 days. It is not for performance review: nobody is counted or ranked. At most %d people at once and %d kudos a day.", limits.Recipients, daily)))
	return Message{Text: text, Blocks: blocks}
}

// valuesRoom is how many characters the list of values may take beside the rest of the help.
const valuesRoom = 7500

// valuesHelp says what a kudos can be for; the sentences about it only if there is room for all of them.
func valuesHelp(w bot.Workspace) []slack.Block {
	if len(w.Values) == 0 {
		return nil
	}
	lines, tags := []string{"*What it can be for*"}, make([]string, len(w.Values))
	for i, v := range w.Values {
		tags[i] = strings.TrimSpace(v.Emoji + " " + tagged(v.Name))
		lines = append(lines, tagged(v.Name)+" "+strings.TrimSpace(v.Emoji+" "+safeText(bot.EscapeText(v.Sentence))))
	}
	text := strings.Join(lines, "\n")
	if utf8.RuneCountInString(text) > valuesRoom {
		text = lines[0] + "\n" + strings.Join(tags, "\n") + "\nWhat each of them means stands in the form."
	}
	var blocks []slack.Block
	for _, part := range sectionParts(text) {
		blocks = append(blocks, section(part))
	}
	return blocks
}

// tagged is a value as it is typed, as code: its name has to stand there letter by letter.
func tagged(name string) string {
	name = strings.ReplaceAll(strings.ReplaceAll(plainWords(name), "`", ""), " ", "-")
	return bot.IsolateText("`#" + bot.EscapeText(name) + "`")
}

func kudosForget() Message {
	text := "This takes back every kudos you gave, with its text, and hides your name in every kudos you received. It cannot be undone."
	return Message{Text: text, Blocks: []slack.Block{section(text), actions(danger(confirmed(button("kudos.forget", "all", "Forget my kudos"),
		"Forget my kudos?", "What you gave is deleted, what you received is hidden. This cannot be undone.", "Forget them", "Keep them")))}}
}

func kudosForgotten(r Reader, count int, more bool) Message {
	if count == 0 {
		return sentence("There was nothing left to take back or to hide.")
	}
	text := r.Count(count, "kudos was", "kudos were") + " taken back or hidden."
	if more {
		return sentence("Under way: " + text + " There are more: `/kudos forget-me` once more goes on.")
	}
	return sentence("Done: " + text)
}
