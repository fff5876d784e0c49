package slackapp

import (
	"encoding/json"
	"slices"

	"github.com/slack-go/slack"

	"rapport/bot"
)

// noColour is the option of the palette for who takes an emoji.
const noColour = "none"

// colour is one of the palette. Its emoji stands wherever a value's emoji does.
type colour struct{ emoji, name string }

func palette() []colour {
	return []colour{
		{":red_circle:", "Red"},
		{":large_orange_circle:", "Orange"},
		{":large_yellow_circle:", "Yellow"},
		{":large_green_circle:", "Green"},
		{":large_blue_circle:", "Blue"},
		{":large_purple_circle:", "Purple"},
		{":large_brown_circle:", "Brown"},
		{":black_circle:", "Black"},
		{":white_circle:", "White"},
		{":large_red_square:", "Red, as a square"},
		{":large_orange_square:", "Orange, as a square"},
		{":large_yellow_square:", "Yellow, as a square"},
		{":large_green_square:", "Green, as a square"},
		{":large_blue_square:", "Blue, as a square"},
		{":large_purple_square:", "Purple, as a square"},
		{":large_brown_square:", "Brown, as a square"},
	}
}

// isColour reports whether an emoji is one of the palette.
func isColour(emoji string) bool {
	return slices.ContainsFunc(palette(), func(c colour) bool { return c.emoji == emoji })
}

// valueDraft is the form for a value, as it opens.
type valueDraft struct {
	under
	value  bot.Value // what the inputs say
	stored bot.Value // what is stored; the zero value for a new one
	moved  bool      // somebody changed it while the form was open
}

func valueForm(d valueDraft) Modal {
	emoji, picked := d.value.Emoji, noColour
	if isColour(emoji) {
		emoji, picked = "", d.value.Emoji
	}
	options := []*slack.OptionBlockObject{option(noColour, "No colour: the emoji above")}
	for _, c := range palette() {
		options = append(options, option(c.emoji, c.emoji+" "+c.name))
	}
	title := "Add a value"
	if d.name != "" {
		title = "Change a value"
	}
	blocks := append(valueMovedNotes(d),
		Input{Block: workspaceName, Label: "Name", Hint: "What people type after #: letters, digits, - and _."}.text(d.value.Name, "courage", bot.ValueNameLimit+1, false),
		Input{Block: workspaceEmoji, Label: "Emoji", Hint: "It stands beside the name, also in channels and digests.", Optional: true}.text(emoji, ":star:", 60, false),
		Input{Block: workspaceColour, Label: "Or a colour", Hint: "It takes the emoji's place.", Optional: true}.choice(picked, "Pick a colour", options...),
		Input{Block: workspaceSentence, Label: "What it means, in one sentence", Hint: "Everybody reads it where they pick a value, and in /kudos help."}.
			text(d.value.Sentence, "You said what nobody wanted to say.", bot.ValueSentenceLimit, false),
	)
	if d.name != "" {
		blocks = append(blocks, divider(), actions(removeButton(d.stored)), contextLine(valueKept))
	}
	return Modal{CallbackID: "workspace.save_value", Title: title, Submit: "Save", Close: "Back", PrivateMetadata: d.metadata(), Blocks: blocks}
}

// valueMovedNotes say above the form what somebody else made of the value meanwhile.
func valueMovedNotes(d valueDraft) []slack.Block {
	switch {
	case !d.moved:
		return nil
	case d.name == "":
		return []slack.Block{section(":warning: Somebody removed this value a moment ago, so nothing was saved. What you typed is below; saving it adds it anew.")}
	}
	return []slack.Block{
		section(":warning: Somebody changed this value a moment ago, so nothing was saved. *Now it is:*"), section(valueLine(d.stored)),
		contextLine("What you typed is below. Saving it puts it in place of that."),
	}
}

// removeButton removes a value; it holds the value as it was shown.
func removeButton(v bot.Value) *slack.ButtonBlockElement {
	return danger(confirmed(button("workspace.remove", carried(v), "Remove "+v.Name), "Remove this value?",
		"Nobody can pick it any more. Kudos that were given for it stay. You can put it back right after.", "Remove it", "Keep it"))
}

// carried is a value as a button holds it.
func carried(v bot.Value) string {
	text, err := json.Marshal(v)
	if err != nil {
		return ""
	}
	return string(text)
}

// valueRemoved takes the form's place. It remembers the list below.
func valueRemoved(from under, v bot.Value) Modal {
	m := workspaceNotice(valueTag(v) + " is removed: nobody can pick it any more, and `#" + bot.EscapeText(v.Name) + "` in a text is a word. " + valueKept)
	m.PrivateMetadata = under{root: from.root}.metadata()
	m.Close = "Back"
	m.Blocks = append(m.Blocks, actions(button("workspace.put_back", carried(v), "Put "+v.Name+" back")))
	return m
}

// valueSaved says what was saved. was is the name that the value had; empty for a new one.
func valueSaved(was string, v bot.Value) string {
	switch was {
	case "":
		return valueTag(v) + " is there. People can pick it from now on."
	case v.Name:
		return valueTag(v) + " is saved."
	}
	return valueTag(v) + " is saved. It was called " + bot.SafeName(was) + "."
}
