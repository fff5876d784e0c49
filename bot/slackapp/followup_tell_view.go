package slackapp

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/slack-go/slack"

	"rapport/bot"
	"rapport/bot/when"
)

const (
	tellTitle = "A word about it"
	// tellQuoted is how much of a promise's text a draft quotes, so that there is room for what is new.
	tellQuoted = 600
	// tellPeople is how many colleagues a form can list.
	tellPeople = maxRadio
)

// tellButtons lead to the form for a word about a commitment, where there is somebody to tell. done says that the word is that it is done.
func tellButtons(c bot.Commitment, done bool) []slack.BlockElement {
	value, label := fmt.Sprint(c.ID), fmt.Sprintf("Tell them about #%d", c.ID)
	if done {
		label = fmt.Sprintf("Tell them #%d is done", c.ID)
	}
	if done && c.State == bot.Open {
		value += " " + tellKept
	}
	if len(colleagues(c)) == 0 {
		if !anybodyOutside(c) {
			return nil
		}
		label = fmt.Sprintf("Words about #%d to copy", c.ID)
	}
	return []slack.BlockElement{button("followup.tell", value, label)}
}

func anybodyOutside(c bot.Commitment) bool {
	for _, cp := range c.Counterparties {
		if cp.Member == "" {
			return true
		}
	}
	return false
}

// tellForm is the form with the draft: who gets it is ticked, and what only can be copied is said to be.
func tellForm(r Reader, d bot.TellDraft, now time.Time) Modal {
	draft := tellWords(r, d, now)
	blocks := []slack.Block{section(commitmentLine(d.Commitment, commitmentListed))}
	m := Modal{CallbackID: "followup.say", Title: tellTitle, Close: "Cancel", PrivateMetadata: tellMetadata(d)}
	if len(d.To) > 0 {
		m.Submit = "Send"
		blocks = append(blocks, tellInputs(d, draft)...)
	}
	blocks = append(blocks, tellNotes(d)...)
	if len(d.Outside) > 0 {
		words := mentionlessList(d.Outside) + " " + Plural(len(d.Outside), "is", "are") + " outside the company, so nothing is ever sent to them. Here are words to copy:"
		blocks = append(blocks, divider(), section(words), section(copied(draft)))
	}
	if len(d.To) == 0 {
		m.Close = "Close"
	}
	m.Blocks = blocks
	return m
}

func tellInputs(d bot.TellDraft, draft string) []slack.Block {
	var who []*slack.OptionBlockObject
	var initial []string
	for _, m := range d.To[:min(len(d.To), tellPeople)] {
		name := orElse(plainWords(m.Name), m.ID)
		if slices.Contains(d.Told, m.ID) {
			who = append(who, optionWith(m.ID, name, "I told them already, or am about to"))
			continue
		}
		who = append(who, option(m.ID, name))
		initial = append(initial, m.ID)
	}
	hint := "Exactly these words reach them in their working hours, under your name."
	if !d.Commitment.Shared {
		hint += " They see nothing else of it."
	}
	return []slack.Block{
		Input{Block: tellText, Label: "What do you want them to know?", Hint: hint}.text(draft, "", followupTextLimit, true),
		Input{Block: tellWho, Label: "Who gets it?"}.checkboxes(initial, who...),
	}
}

// tellNotes say whom the form cannot reach.
func tellNotes(d bot.TellDraft) []slack.Block {
	var blocks []slack.Block
	if len(d.Gone) > 0 {
		names := make([]string, len(d.Gone))
		for i, m := range d.Gone {
			names[i] = orElse(bot.SafeName(m.Name), Mention(m.ID))
		}
		blocks = append(blocks, contextLine(Reader{}.ListShort(names, namesShown)+" "+Plural(len(names), "has left, or is a bot", "have left, or are bots")+": nothing reaches them."))
	}
	if len(d.To) > tellPeople {
		blocks = append(blocks, contextLine(fmt.Sprintf("Only the first %d colleagues fit in here.", tellPeople)))
	}
	if len(d.To)+len(d.Outside)+len(d.Gone) == 0 {
		blocks = append(blocks, section("It is to nobody but you, so there is nobody to tell."))
	}
	return blocks
}

// mentionlessList names people outside.
func mentionlessList(names []string) string {
	shown := make([]string, len(names))
	for i, name := range names {
		shown[i] = bot.OutgoingText{Max: nameShown}.Mrkdwn(name)
	}
	return Reader{}.ListShort(shown, namesShown)
}

// copied is plain text as a block that is easy to copy.
func copied(plain string) string {
	return "```\n" + bot.EscapeText(strings.ReplaceAll(plain, "`", "'")) + "\n```"
}

// tellWords is the draft: what is known, in plain words, for its owner to change. It gives no reasons, for it knows none.
func tellWords(r Reader, d bot.TellDraft, now time.Time) string {
	c := d.Commitment
	text := bot.OutgoingText{UserName: nameIn(d.People), Max: tellQuoted}.Plain(c.Text)
	if d.Kept {
		return ended(bot.DraftDone + text)
	}
	about := "About “" + text + "”: "
	if c.State == bot.Released {
		return about + "I will not do this after all. I wanted you to hear it from me."
	}
	if n := len(c.Moves); n > 0 && sameDue(c.Moves[n-1].To, c.Due) && (c.Moves[n-1].From != nil || c.Due != nil) {
		return about + movedWords(r, d, c.Moves[n-1], now)
	}
	if c.Due == nil {
		return about + "it is still on my list."
	}
	return about + "my date for it is " + tellDate(r, d, c.Due, now) + "."
}

// movedWords say how a date changed.
func movedWords(r Reader, d bot.TellDraft, m bot.Move, now time.Time) string {
	switch {
	case m.To == nil:
		return "it will not come by " + tellDate(r, d, m.From, now) + ", and it has no new date yet. I wanted you to hear it from me."
	case m.From == nil:
		return "it will come by " + tellDate(r, d, m.To, now) + "."
	}
	words := "by " + tellDate(r, d, m.To, now) + " instead of " + tellDate(r, d, m.From, now) + "."
	switch {
	case m.To.UTC().Before(m.From.UTC()):
		return "it will come earlier, " + words
	case now.Before(m.From.UTC()):
		return "it will come " + words + " I wanted you to hear it from me early."
	}
	return "it will come " + words + " I wanted you to hear it from me."
}

// tellDate is a date as its owner says it. A time names its place where somebody else's clock may show another.
func tellDate(r Reader, d bot.TellDraft, due *when.Due, now time.Time) string {
	if !due.ExplicitTime {
		return r.DayNear(due.Date, now)
	}
	words := r.DayNear(due.Date, now) + ", " + r.Minute(due.Time.Hour*60+due.Time.Minute)
	elsewhere := len(d.Outside) > 0
	for _, m := range d.To {
		elsewhere = elsewhere || m.Zone != due.Zone
	}
	if elsewhere {
		words += " (" + zoneTown(due.Zone) + " time)"
	}
	return words
}

func sameDue(a, b *when.Due) bool { return a == nil && b == nil || a != nil && b != nil && *a == *b }

// zoneTown names a zone by its town: "New York" of "America/New_York".
func zoneTown(zone string) string {
	return strings.ReplaceAll(zone[strings.LastIndex(zone, "/")+1:], "_", " ")
}

// ended is a sentence with its full stop.
func ended(text string) string {
	if last, _ := utf8.DecodeLastRuneInString(text); strings.ContainsRune(".!?…", last) {
		return text
	}
	return text + "."
}

// tellInput is the input below which a problem is shown.
func tellInput(code bot.FaultCode) string {
	if code == bot.FollowupNotTold || code == bot.FollowupPerson || code == bot.FollowupTold {
		return tellWho
	}
	return tellText
}

// tellProblem is what is wrong with the form in plain words; empty where it is none of the form's.
func tellProblem(f *bot.Fault) string {
	switch f.Code {
	case bot.FollowupWordless:
		return "Write what they should know."
	case bot.FollowupWordsLong:
		return fmt.Sprintf("At most %d characters.", f.Limit)
	case bot.FollowupNotTold:
		return "Tick at least one colleague."
	case bot.FollowupPerson:
		return "Somebody ticked here has left, or is a bot: nothing reaches them. Nothing was sent."
	case bot.FollowupTold:
		return "They have exactly these words from you already. Nothing was sent again."
	case bot.FollowupWordOut:
		return "That went out already. Another word can put it right."
	case bot.FollowupMuchSaid:
		return fmt.Sprintf("You have sent %d messages about this within two months; a word in person may say more. Nothing was sent.", f.Limit)
	}
	return ""
}

// followupTold says what will be sent, word by word, with the way back.
func followupTold(c bot.Commitment, t bot.Telling) Message {
	text := fmt.Sprintf("I will pass your words about #%d on to %s, in their working hours.", c.ID, mentionList(t.To))
	n := 0
	if k := len(c.Said); k > 0 {
		n = c.Said[k-1].N
	}
	return Message{Text: text, Blocks: append(append([]slack.Block{section(text)}, paragraphs(quote(safeText(t.Text)))...),
		contextLine("It goes out in a minute at the earliest; until then you can take it back."),
		actions(button("followup.unsay", fmt.Sprint(c.ID, " ", n), fmt.Sprintf("Take back the words about #%d", c.ID))))}
}

func followupUnsaid(u bot.Unsaid) Message {
	text := fmt.Sprintf("Taken back: your words about #%d do not go to %s.", u.Commitment.ID, mentionList(u.To))
	if len(u.Out) > 0 {
		text += " " + mentionList(u.Out) + " had them already."
	}
	return Message{Text: text, Blocks: []slack.Block{section(text), actions(tellAgain(u.Commitment.ID))}}
}

func followupWordOut(id int, out []string) Message {
	text := mentionList(out) + " " + Plural(len(out), "has", "have") + " it already, so it cannot be taken back. " + fmt.Sprintf("Another word about #%d can put it right.", id)
	return Message{Text: text, Blocks: []slack.Block{section(text), actions(tellAgain(id))}}
}

func tellAgain(id int) *slack.ButtonBlockElement {
	return button("followup.tell", fmt.Sprint(id), fmt.Sprintf("Write another word about #%d", id))
}
