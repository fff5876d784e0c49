package slackapp

import (
	"slices"
	"strconv"
	"strings"

	"github.com/slack-go/slack"

	"rapport/bot"
)

const (
	noteTitle  = "A note for me"
	notesTitle = "My notes"
)

const notePrivate = "For you alone: it is stored encrypted, stands in no message, and nobody else can look at it. I show it to you on Home and after `/coffee`."

// pair reads two words.
func pair(text string) (first, second string) {
	first, second, _ = strings.Cut(text, " ")
	return first, second
}

func noteValue(n bot.RoundNote) string { return n.Round + " " + n.Group }

func noteForm(n bot.RoundNote) Modal {
	hint := "Up to " + strconv.Itoa(bot.MaxRoundNote) + " characters. Empty it and save to delete it."
	return Modal{
		CallbackID: "coffee.note_save", Title: noteTitle, Submit: "Save", Close: "Cancel", PrivateMetadata: noteValue(n),
		Blocks: []slack.Block{
			section("Your coffee with " + mentions(n.With) + "."),
			Input{Block: noteText, Label: "What I want to remember", Hint: hint, Optional: true}.text(n.Text, "Learns to bake, can explain our bills", bot.MaxRoundNote, true),
			contextLine(notePrivate),
		},
	}
}

func noteSaved(n bot.RoundNote) Modal {
	m := noticeModal("Noted, for you alone.")
	if n.Text == "" {
		m = noticeModal("There is no note on this coffee any more.")
	}
	m.Title = noteTitle
	return m
}

// noteWords are somebody's note, for themselves.
func noteWords(n bot.RoundNote) string {
	return "Your note on the coffee with " + mentions(n.With) + ":\n" + quote(safeText(bot.EscapeText(n.Text)))
}

// noteLine is the latest note of a program, and the button that goes with it; nothing if there is none and the last coffee is none to note something on.
func noteLine(p bot.Preferences, m bot.Mine) (string, []slack.BlockElement) {
	if n := p.LastNote(m.Program.ID); n.Text != "" {
		return "\n" + noteWords(n), []slack.BlockElement{button("coffee.note", noteValue(n), "Change my note")}
	}
	return "", nil
}

// notesList are all notes of somebody, the latest first.
func notesList(notes []bot.RoundNote) Modal {
	if len(notes) == 0 {
		m := noticeModal("You keep no notes on coffees.")
		m.Title = notesTitle
		return m
	}
	var blocks []slack.Block
	for _, n := range slices.Backward(notes) {
		blocks = append(blocks, section(noteWords(n)), actions(button("coffee.note", noteValue(n), "Change this note")))
	}
	forget := confirmed(danger(button("coffee.notes_forget", "", "Delete all my notes")), "Delete all of them?", "Nobody can bring them back.", "Delete", "Keep them")
	blocks = append(blocks, actions(forget), contextLine(notePrivate+" I keep the latest "+strconv.Itoa(bot.RoundNoteLimit)+"."))
	return Modal{CallbackID: "coffee.notes_shown", Title: notesTitle, Close: "Close", Blocks: blocks}
}

func notesForgotten() Modal {
	m := noticeModal("Your notes on coffees are deleted.")
	m.Title = notesTitle
	return m
}

func noteSentence(f *bot.Fault) string {
	if f.Code == bot.RoundNoteLong {
		return "A note holds " + strconv.Itoa(f.Limit) + " characters."
	}
	return faultSentence(Reader{}, f)
}

// worthPart asks who met whether it was worth their time, and offers a note of their own. Both can be left alone.
func worthPart(q bot.MetQuestion) []slack.Block {
	said := q.Group.Worth[q.Reader.ID]
	text := map[bot.Worth]string{
		"":              "Was it worth your time? You can leave this open. Who runs the program sees sums only, of five answers or more.",
		bot.WorthYes:    "Noted: it was worth your time.",
		bot.WorthPartly: "Noted: it was partly worth your time.",
		bot.WorthNo:     "Noted: it was not worth your time this time. Thank you for saying so.",
	}[said]
	var row []slack.BlockElement
	for _, o := range []struct {
		worth bot.Worth
		label string
	}{{bot.WorthYes, "It was worth my time"}, {bot.WorthPartly, "Partly worth my time"}, {bot.WorthNo, "Not worth it this time"}} {
		if o.worth != said {
			row = append(row, button("coffee.worth", groupValue(q.Round, q.Group, string(o.worth)), o.label))
		}
	}
	return []slack.Block{section(text), actions(append(row, button("coffee.note", groupValue(q.Round, q.Group), "A note for me alone"))...)}
}

// worthWords are the sums of a round, as who runs the program sees them; empty while they are not known.
func worthWords(r Reader, s bot.WorthSums) string {
	if !s.Known() {
		return ""
	}
	return "; worth their time: " + r.Number(s.Yes) + " yes, " + r.Number(s.Partly) + " partly, " + r.Number(s.No) + " not this time"
}
