package slackapp

import (
	"strconv"
	"strings"

	"github.com/slack-go/slack"

	"rapport/bot"
)

const workspaceTitle = "Workspace settings"

// workspaceFacts is what the settings are read with.
type workspaceFacts struct {
	daily       int  // the standard
	noReactions bool // the app is not allowed to hear of reactions
}

// workspaceView lists what is set. note says what has just become of it.
func workspaceView(look bot.WorkspaceLook, facts workspaceFacts, note string) Modal {
	blocks := []slack.Block{section("What Rapport's admins set for everybody here. A change counts at once.")}
	if note != "" {
		blocks = []slack.Block{section(note)}
	}
	blocks = append(blocks, header("What kudos can be for"))
	for _, v := range look.Values {
		blocks = append(blocks, sectionWith(valueLine(v), button("workspace.value", v.Name, "Change "+v.Name)))
	}
	if len(look.Values) == 0 {
		blocks = append(blocks, section("No values: kudos are for the work itself, and nobody is asked for one."))
	}
	blocks = append(blocks, valueActions(look.Workspace)...)
	blocks = append(blocks,
		contextLine("Typed as `#name` in a kudos, or picked in the form. "+valueKept),
		header("Limits, guests, channel, emoji"),
		section(rulesLines(look, facts)),
		actions(button("workspace.kudos", "", "Change limits and more")),
		contextLine("Everybody can read the values and the limits in `/kudos help`. The operators' log keeps for half a year who changed what, without the words."),
	)
	return Modal{CallbackID: "workspace.view", Title: workspaceTitle, Close: "Close", Blocks: blocks}
}

// done marks what has worked.
func done(sentence string) string { return ":white_check_mark: " + sentence }

// valueKept says what becomes of kudos when their value goes.
const valueKept = "Kudos that were given for a value that you rename or remove stay; a digest shows them with those that have none."

// valueActions are what can be done with the list of values.
func valueActions(w bot.Workspace) []slack.Block {
	var buttons []slack.BlockElement
	if len(w.Values) < bot.ValueLimit {
		buttons = append(buttons, button("workspace.value", "", "Add a value"))
	}
	standard := bot.Workspace{Values: bot.StandardValues()}
	if w.ValuesSeen() != standard.ValuesSeen() {
		buttons = append(buttons, confirmed(button("workspace.standard", w.ValuesSeen(), "Back to the standard four"), "Back to the standard four?",
			"All others are removed: trust, respect, listening and influence take their place. Kudos that were given stay.", "Take the standard", "Keep ours"))
	}
	if len(buttons) == 0 {
		return nil
	}
	return []slack.Block{actions(buttons...)}
}

// valueLine is a value in full.
func valueLine(v bot.Value) string {
	return strings.TrimSpace(v.Emoji+" *"+bot.SafeName(v.Name)+"*") + "\n" + safeText(bot.EscapeText(v.Sentence))
}

// valueTag is how a value is called.
func valueTag(v bot.Value) string {
	return strings.TrimSpace(v.Emoji + " *" + bot.SafeName(v.Name) + "*")
}

// rulesLines say what is set beside the values.
func rulesLines(look bot.WorkspaceLook, facts workspaceFacts) string {
	r, set, standard := Reader{}, look.Kudos, bot.StandardKudosLimits()
	count := func(n, otherwise int, one, many string) string {
		return "*" + r.Count(orNumber(n, otherwise), one, many) + "*"
	}
	lines := []string{
		"• At most " + count(set.Recipients, standard.Recipients, "person", "people") + " in one kudos",
		"• At least " + count(set.Letters, standard.Letters, "letter", "letters") + " in a message, at most " +
			count(set.Characters, standard.Characters, "character", "characters"),
		"• At most " + count(set.Daily, facts.daily, "kudos", "kudos") + " of one person in a day",
		"• Guests can be thanked",
		"• A kudos given where I cannot post reaches its people alone; no channel is offered for it",
		"• No emoji counts as a kudos",
	}
	if set.NoGuests {
		lines[3] = "• Guests cannot be thanked"
	}
	if set.Channel != "" {
		lines[4] = "• A kudos given where I cannot post can be shown in " + ChannelMention(set.Channel) + " too, if the giver says so"
		if !look.Place.Postable() || look.Place.Private || look.Place.Shared {
			lines[4] += "\n:warning: I cannot post there for all colleagues and for them alone, so it is not offered now"
		}
	}
	if set.Reaction != "" {
		lines[5] = "• :" + set.Reaction + ": on a colleague's message counts as a kudos"
		if facts.noReactions {
			lines[5] += "\n:warning: " + reactionsMissing
		}
	}
	return strings.Join(lines, "\n")
}

// reactionsMissing says what the app lacks to hear of reactions.
const reactionsMissing = "It has no effect yet: the app is not allowed to see reactions. Whoever runs Rapport takes the manifest of `rapport manifest --with reactions` " +
	"(scope `reactions:read`, events `reaction_added` and `reaction_removed`) and installs the app again."

func orNumber(n, otherwise int) int {
	if n == 0 {
		return otherwise
	}
	return n
}

// rulesDraft is the form for limits and more, as it opens.
type rulesDraft struct {
	under
	set         bot.KudosSettings
	daily       int
	noReactions bool
	moved       *bot.WorkspaceLook // what somebody else set while this was open; nil if nobody did
}

func rulesForm(d rulesDraft) Modal {
	standard := bot.StandardKudosLimits()
	var guests []string
	if !d.set.NoGuests {
		guests = []string{guestsThanked}
	}
	number := func(block, label string, n, otherwise, least, most int) slack.Block {
		initial := ""
		if n != 0 {
			initial = strconv.Itoa(n)
		}
		hint := "From " + Reader{}.Number(least) + " to " + Reader{}.Number(most) + ". Empty: " + Reader{}.Number(otherwise) + ", the standard."
		return Input{Block: block, Label: label, Hint: hint, Optional: true}.text(initial, strconv.Itoa(otherwise), 6, false)
	}
	emojiHint := "Type its name, such as clap. Whoever puts it on a colleague's message thanks them without words. Empty: none does."
	if d.noReactions {
		emojiHint += " The app is not allowed to see reactions yet: once this is saved, the list says what to do."
	}
	blocks := append(rulesMovedNotes(d),
		number(workspaceRecipients, "Most people in one kudos", d.set.Recipients, standard.Recipients, 1, bot.RecipientsMost),
		number(workspaceLetters, "Fewest letters in a message", d.set.Letters, standard.Letters, 1, bot.LettersMost),
		number(workspaceCharacters, "Most characters in a message", d.set.Characters, standard.Characters, bot.CharactersLeast, bot.CharactersMost),
		number(workspaceDaily, "Most kudos that one person can give in a day", d.set.Daily, d.daily, 1, bot.DailyMost),
		Input{Block: workspaceGuests, Label: "Guests", Optional: true}.checkboxes(guests, option(guestsThanked, "Guests can be thanked")),
		publicChannel(Input{
			Block: workspaceChannel, Label: "Channel for kudos given elsewhere", Optional: true,
			Hint: "A public channel that I am in. Whoever gives a kudos where I cannot post is asked whether to post it there, too. Empty: nobody is asked.",
		}, d.set.Channel),
		Input{Block: workspaceReaction, Label: "Emoji that counts as a kudos", Hint: emojiHint, Optional: true}.
			text(reactionTyped(d.set.Reaction), ":clap:", 60, false),
	)
	return Modal{
		CallbackID: "workspace.save_kudos", Title: "Limits and more", Submit: "Save", Close: "Back", PrivateMetadata: d.metadata(), Blocks: blocks,
	}
}

// rulesMovedNotes say above the form what somebody else set meanwhile.
func rulesMovedNotes(d rulesDraft) []slack.Block {
	if d.moved == nil {
		return nil
	}
	return []slack.Block{
		section(":warning: Somebody changed these a moment ago, so nothing was saved. *Now set:*\n" + rulesLines(*d.moved, workspaceFacts{daily: d.daily})),
		contextLine("What you typed is below. Saving it puts it in place of that."),
	}
}

// reactionTyped is an emoji's name as people type it.
func reactionTyped(name string) string {
	if name == "" || strings.Contains(name, ":") {
		return name
	}
	return ":" + name + ":"
}

// publicChannel is a picker of one public channel of this company alone. It is a list of at most one: that can be emptied again.
func publicChannel(i Input, initial string) slack.Block {
	element := slack.NewOptionsMultiSelectBlockElement(slack.MultiOptTypeConversations, i.placeholder("Pick a public channel"), i.Block)
	if initial != "" {
		element.InitialConversations = []string{initial}
	}
	one := 1
	element.MaxSelectedItems = &one
	element.Filter = &slack.SelectBlockElementFilter{Include: []string{"public"}, ExcludeExternalSharedChannels: true, ExcludeBotUsers: true}
	return i.around(element)
}

// workspaceNotice says one thing about the settings.
func workspaceNotice(sentence string) Modal {
	m := noticeModal(sentence)
	m.Title = workspaceTitle
	return m
}

// workspaceFaults are the words for what can be wrong with what admins set.
func workspaceFaults(r Reader, f *bot.Fault) string {
	switch f.Code {
	case bot.AdminsOnly:
		return adminsSentence(f)
	case bot.ValueName:
		return "Letters, digits, - and _ only, up to " + r.Number(bot.ValueNameLimit) + " of them, such as team-work."
	case bot.ValueReserved:
		return "This is what having no value is called. Please take another name."
	case bot.ValueTaken:
		return "That reads the same as " + f.Typed + ", which is there already."
	case bot.ValueEmoji:
		return "Type one emoji, such as :star:, or pick a colour below."
	case bot.ValueSentence:
		return "Say in one sentence what it means, in at most " + r.Number(bot.ValueSentenceLimit) + " characters."
	case bot.ValueMany:
		return "The list holds " + r.Number(f.Limit) + " values. Remove one first."
	case bot.RangeRecipients:
		return rangeWords(r, 1, bot.RecipientsMost)
	case bot.RangeLetters:
		return rangeWords(r, 1, bot.LettersMost)
	case bot.RangeCharacters:
		return rangeWords(r, bot.CharactersLeast, bot.CharactersMost)
	case bot.RangeDaily:
		return rangeWords(r, 1, bot.DailyMost)
	case bot.KudosEmoji:
		return "That is no emoji that I know the name of. Type its name between colons, such as :clap:."
	case bot.KudosChannel:
		return "I can post kudos only in a public channel of this company that I am in. Invite me there first: /invite @Rapport."
	}
	return ""
}

func rangeWords(r Reader, least, most int) string {
	return "From " + r.Number(least) + " to " + r.Number(most) + ", or nothing for the standard."
}
