package slackapp

import (
	"strings"
	"unicode/utf8"

	"github.com/slack-go/slack"

	"rapport/bot"
)

// cutHere says below a text that it is not all there.
const cutHere = "The end of this text does not fit here."

// fitted is a message with its texts in full or, where Slack would refuse that, with texts of at most so many characters: names and people who joined a text after it
// was checked can make it grow.
func fitted(of func(most int) Message) Message {
	var m Message
	for _, most := range []int{0, 3000, 1500, 500, 250, 100, 40} {
		m = of(most)
		if _, err := m.seal(); err == nil {
			break
		}
	}
	return m
}

// spoken is what somebody said, with the people in it by name, as a quote of as many paragraphs as it needs. most bounds its characters; 0 stands for as many as a
// message has room for.
func spoken(message string, people map[string]bot.Member, most int) []slack.Block {
	if most == 0 {
		most = bot.KudosRoom
	}
	said := inWords(message, people, 0)
	if width(said) <= most {
		return asQuote(said)
	}
	for limit := most; limit > 0 && width(said) > most; limit -= limit/8 + 1 {
		said = inWords(message, people, limit)
	}
	return append(asQuote(said), contextLine(cutHere))
}

func inWords(message string, people map[string]bot.Member, most int) string {
	return strings.TrimSpace(bot.OutgoingText{UserName: nameIn(people), Max: most}.Mrkdwn(message))
}

// width is how many characters a text takes as a quote.
func width(text string) int { return utf8.RuneCountInString(text) + 2*(1+strings.Count(text, "\n")) }

// asQuote shows mrkdwn as something that somebody said. Marks of a quote would stand inside a block of code, so a text with one has none.
func asQuote(mrkdwn string) []slack.Block {
	mark := quote
	if strings.Contains(mrkdwn, "```") {
		mark = func(text string) string { return text }
	}
	var blocks []slack.Block
	for _, part := range sectionParts(mrkdwn) {
		blocks = append(blocks, section(mark(part)))
	}
	return blocks
}

// sectionParts cuts mrkdwn into parts that each fit into a section as a quote: between lines, else between graphemes. Code that is cut is closed and opened again.
func sectionParts(mrkdwn string) []string {
	var parts []string
	part := ""
	for _, atom := range atoms(mrkdwn) {
		if part != "" && width(part+atom) > maxSection {
			parts, part = append(parts, part), ""
		}
		part += atom
	}
	if strings.TrimSpace(part) != "" {
		parts = append(parts, part)
	}
	return parts
}

// atomRoom is how long the longest piece of a text is that is not cut.
const atomRoom = 1400

// atoms are the pieces of mrkdwn between which it can be cut.
func atoms(mrkdwn string) []string {
	var list []string
	for _, p := range bot.ScanPieces(mrkdwn) {
		raw := p.Raw(mrkdwn)
		switch {
		case p.Kind == bot.PieceText:
			for line := range strings.SplitAfterSeq(raw, "\n") {
				list = append(list, chopped(line)...)
			}
		case p.Kind == bot.PieceCode && utf8.RuneCountInString(raw) > atomRoom:
			fence := raw[:len(raw)-len(strings.TrimLeft(raw, "`"))]
			for _, inside := range chopped(strings.Trim(raw, "`")) {
				list = append(list, fence+inside+fence)
			}
		default:
			list = append(list, raw)
		}
	}
	return list
}

// chopped cuts a text into stretches of at most atomRoom characters.
func chopped(text string) []string {
	var list []string
	for utf8.RuneCountInString(text) > atomRoom {
		head := textBefore(text, atomRoom)
		if head == "" { // one grapheme, of very many accents
			head = string([]rune(text)[:atomRoom])
		}
		list, text = append(list, head), text[len(head):]
	}
	if text != "" {
		list = append(list, text)
	}
	return list
}
