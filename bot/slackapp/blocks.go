package slackapp

import (
	"unicode/utf8"

	"github.com/slack-go/slack"

	"rapport/bot"
)

// The builders below keep Slack's limits: a text that is too long is cut between graphemes and ends in an ellipsis. Those that take mrkdwn
// expect what [bot.OutgoingText] and [bot.SafeName] made of other people's words; those that take plain text take any.

// section is a paragraph.
func section(mrkdwn string) *slack.SectionBlock {
	return slack.NewSectionBlock(mrkdwnText(mrkdwn, maxSection), nil, nil)
}

// sectionWith is a paragraph with an element at its right.
func sectionWith(mrkdwn string, element slack.BlockElement) *slack.SectionBlock {
	return slack.NewSectionBlock(mrkdwnText(mrkdwn, maxSection), nil, slack.NewAccessory(element))
}

// paragraphs is a text of any length in as many sections as it needs.
func paragraphs(mrkdwn string) []slack.Block {
	var blocks []slack.Block
	for mrkdwn != "" {
		at := len(mrkdwn)
		if utf8.RuneCountInString(mrkdwn) > maxSection {
			at = mrkdwnCut(mrkdwn, maxSection)
			if at == 0 { // one piece, such as a block of code, is longer than a section
				at = len(string([]rune(mrkdwn)[:maxSection]))
			}
		}
		blocks = append(blocks, section(mrkdwn[:at]))
		mrkdwn = mrkdwn[at:]
	}
	return blocks
}

// fields is a section of short texts in two columns, at most ten of them.
func fields(mrkdwn ...string) *slack.SectionBlock {
	texts := make([]*slack.TextBlockObject, 0, len(mrkdwn))
	for _, text := range mrkdwn[:min(len(mrkdwn), maxFields)] {
		texts = append(texts, mrkdwnText(text, maxField))
	}
	return slack.NewSectionBlock(nil, texts, nil)
}

// header is a large line of plain text.
func header(plain string) *slack.HeaderBlock {
	return slack.NewHeaderBlock(plainText(plain, maxHeader))
}

// contextLine is a line of small print, at most ten texts of it.
func contextLine(mrkdwn ...string) *slack.ContextBlock {
	elements := make([]slack.MixedElement, 0, len(mrkdwn))
	for _, text := range mrkdwn[:min(len(mrkdwn), maxContext)] {
		elements = append(elements, mrkdwnText(text, maxSection))
	}
	return slack.NewContextBlock("", elements...)
}

// divider is a thin line.
func divider() *slack.DividerBlock { return slack.NewDividerBlock() }

// actions is a row of buttons and other elements.
func actions(elements ...slack.BlockElement) *slack.ActionBlock {
	return slack.NewActionBlock("", elements...)
}

// button is a button with a label that makes sense alone. action is "<noun>.<verb>"; value is the object's id, a space and its version
// where that matters.
func button(action, value, label string) *slack.ButtonBlockElement {
	return slack.NewButtonBlockElement(action, value, plainText(label, maxButton))
}

// primary makes a button the obvious one; use it once.
func primary(b *slack.ButtonBlockElement) *slack.ButtonBlockElement {
	return b.WithStyle(slack.StylePrimary)
}

// danger makes a button the one to think about.
func danger(b *slack.ButtonBlockElement) *slack.ButtonBlockElement {
	return b.WithStyle(slack.StyleDanger)
}

// confirmed makes a button ask before it acts. yes and no are the labels of the two ways out.
func confirmed(b *slack.ButtonBlockElement, title, question, yes, no string) *slack.ButtonBlockElement {
	return b.WithConfirm(slack.NewConfirmationBlockObject(plainText(title, maxConfirmTitle), plainText(question, maxConfirmText),
		plainText(yes, maxConfirmButton), plainText(no, maxConfirmButton)))
}

// menu is the "…" button with up to five options; [Action].Picked.Option says which.
func menu(action string, options ...*slack.OptionBlockObject) *slack.OverflowBlockElement {
	return slack.NewOverflowBlockElement(action, options[:min(len(options), maxOverflow)]...)
}

// option is one entry of a menu, select, radio or checkbox group.
func option(value, label string) *slack.OptionBlockObject {
	return slack.NewOptionBlockObject(value, plainText(label, maxOption), nil)
}

// optionWith is an option with a line of explanation.
func optionWith(value, label, description string) *slack.OptionBlockObject {
	return slack.NewOptionBlockObject(value, plainText(label, maxOption), plainText(description, maxOption))
}

// mrkdwnText is a text object. What is empty becomes a space that Slack accepts.
func mrkdwnText(mrkdwn string, limit int) *slack.TextBlockObject {
	return slack.NewTextBlockObject(slack.MarkdownType, orBlank(cutMrkdwn(mrkdwn, limit)), false, false)
}

// plainText is a plain text object, emoji names shown as emoji.
func plainText(plain string, limit int) *slack.TextBlockObject {
	return slack.NewTextBlockObject(slack.PlainTextType, orBlank(bot.CutText(plain, limit)), true, false)
}

// orBlank keeps a text object from being empty, which Slack refuses: U+2800 is blank, yet no space that Slack trims.
func orBlank(text string) string {
	if text == "" {
		return "\u2800"
	}
	return text
}

// cutMrkdwn shortens mrkdwn to limit characters, the ellipsis included, never inside a mention, a link, code or a grapheme.
func cutMrkdwn(mrkdwn string, limit int) string {
	if utf8.RuneCountInString(mrkdwn) <= limit {
		return mrkdwn
	}
	return mrkdwn[:mrkdwnCut(mrkdwn, limit-1)] + "…"
}

// mrkdwnCut returns the largest offset at which mrkdwn can be cut with at most limit characters before it.
func mrkdwnCut(mrkdwn string, limit int) int {
	at, left := 0, limit
	for _, p := range bot.ScanPieces(mrkdwn) {
		raw := p.Raw(mrkdwn)
		n := utf8.RuneCountInString(raw)
		if n > left {
			if p.Kind == bot.PieceText {
				at += len(textBefore(raw, left))
			}
			break
		}
		at, left = at+len(raw), left-n
	}
	return at
}

// textBefore returns the beginning of text with at most limit characters, cut between graphemes.
func textBefore(text string, limit int) string {
	if limit < 1 {
		return ""
	}
	cut := bot.CutText(text, limit+1) // its ellipsis takes one
	return cut[:len(cut)-len("…")]
}
