package slackapp

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/slack-go/slack"

	"rapport/bot"
)

// The options of selects for who means none.
const (
	noValue = "none"
	noGroup = "none"
)

const (
	kudosQuestion = "What did they do, and what did it change?"
	kudosExample  = "You stayed with the customer until the import worked."
)

// kudosForm is the form. Its inputs keep their names whatever it shows, so that nothing typed is lost when it is drawn anew.
func kudosForm(d kudosDraft, w bot.Workspace, limits bot.KudosLimits) Modal {
	blocks := append(kudosFormNotes(d), kudosWhom(d, limits)...)
	blocks = append(blocks,
		Input{Block: kudosMessage, Label: kudosQuestion, Hint: "Specific beats long: one thing, and what it made possible."}.
			text(asTyped(d.Input.Message, nil, limits), kudosExample, roomFor(asTyped(d.Input.Message, nil, limits), limits), true),
	)
	if len(w.Values) > 0 {
		blocks = append(blocks, Input{Block: kudosValue, Label: "What did it show?", Optional: true}.choice(d.Input.Value, "Pick a value if one fits", valueOptions(w)...))
	}
	blocks = append(blocks,
		Input{Block: kudosPrivate, Label: "Who sees it?", Optional: true, Dispatch: true}.
			checkboxes(ticked(d.Input.Private, "private"), optionWith("private", "Just between us", "It reaches them alone, in no channel and no digest")),
	)
	if d.offersElsewhere() {
		blocks = append(blocks, Input{Block: kudosElsewhere, Label: "Should others read it, too?", Optional: true, Dispatch: true}.
			checkboxes(ticked(d.PostIn, "post"), optionWith("post", "Post it in "+praiseName(d.Stage.Elsewhere), "Everybody who works here can read it there")))
	}
	return Modal{
		CallbackID: "kudos.give", Title: "Give kudos", Submit: d.sends(), Close: "Cancel", PrivateMetadata: d.metadata(),
		Blocks: append(blocks, contextLine(":eyes: "+d.audience()), actions(button("kudos.preview", "", "Preview"))),
	}
}

// sends is the label of the button that sends it. What the person was told about it stands in the label, too: pressing it is a decision.
func (d kudosDraft) sends() string {
	switch {
	case d.Odd == bot.KudosTwin:
		return "Send it again"
	case d.Odd == bot.KudosTooShort:
		return "Send it as it is"
	case d.team():
		return "Thank the whole team"
	}
	return "Send kudos"
}

// roomFor is how many characters an input holds that begins with a text: nothing of it is lost because a limit was lowered since, and what is longer than the limit is
// said when it is sent.
func roomFor(initial string, limits bot.KudosLimits) int {
	return max(limits.Characters, utf8.RuneCountInString(initial))
}

// kudosWhom asks for the people, and for a user group where one can be picked.
func kudosWhom(d kudosDraft, limits bot.KudosLimits) []slack.Block {
	people := d.Input.Recipients[:min(len(d.Input.Recipients), limits.Recipients)]
	blocks := []slack.Block{Input{Block: kudosTo, Label: "Whom do you want to thank?", Optional: d.groupable() || d.team()}.members(people, "Pick colleagues", limits.Recipients)}
	if d.groupable() {
		picked := ""
		if len(d.Input.Groups) > 0 {
			picked = d.Input.Groups[0]
		}
		blocks = append(blocks, Input{Block: kudosGroup, Label: "Or a whole user group", Optional: true, Dispatch: true}.
			choice(picked, "Pick a user group", groupOptions(d.Groups, picked)...))
	}
	switch {
	case d.team():
		blocks = append(blocks, section(":busts_in_silhouette: "+d.teamNotice()))
	case d.Picked != "":
		blocks = append(blocks, contextLine(d.Picked))
	}
	return blocks
}

// groupable reports whether the form can show a select of user groups.
func (d kudosDraft) groupable() bool { return len(d.Groups) > 0 }

// groupOptions are as many user groups as a select holds. What was picked is among them, also if it is not in the list.
func groupOptions(groups []bot.UserGroup, picked string) []*slack.OptionBlockObject {
	groups = slices.Clone(groups)
	at := slices.IndexFunc(groups, func(g bot.UserGroup) bool { return g.ID == picked })
	switch {
	case picked != "" && at < 0:
		groups = append([]bot.UserGroup{{ID: picked, Name: "The group that you named"}}, groups...)
	case at >= maxSelect-1:
		groups[0], groups[at] = groups[at], groups[0]
	}
	options := []*slack.OptionBlockObject{option(noGroup, "No group")}
	for _, g := range groups[:min(len(groups), maxSelect-1)] {
		label := orElse(g.Name, g.Handle)
		if g.Name != "" && g.Handle != "" {
			label += " (@" + g.Handle + ")"
		}
		options = append(options, option(g.ID, plainWords(label)))
	}
	return options
}

func valueOptions(w bot.Workspace) []*slack.OptionBlockObject {
	var values []*slack.OptionBlockObject
	for _, v := range w.Values {
		values = append(values, optionWith(v.Name, strings.TrimSpace(v.Emoji+" "+plainWords(v.Name)), plainWords(v.Sentence)))
	}
	return append(values[:min(len(values), maxSelect-1)], option(noValue, "No value in particular"))
}

// ticked are the initial options of a single checkbox.
func ticked(on bool, value string) []string {
	if on {
		return []string{value}
	}
	return nil
}

// kudosNotices are the sentences above a form that opened because a text needs the person's eye.
var kudosNotices = map[bot.FaultCode]string{
	bot.KudosUnpickedPerson: "I do not guess who is meant by a name. Pick the people here, or from the completion while you type.",
	bot.KudosUnclearPrivate: "I was not sure whether this is meant to be private. Please check below.",
	bot.KudosNoRecipient:    "Whom is this for? Pick them here. In one line it is `/kudos @ana for …`, with a name from the completion.",
	bot.KudosTooMany:        "These are more people than can be thanked at once; the first ones are filled in.",
}

// kudosOddities are the sentences above a form whose text can be sent all the same.
var kudosOddities = map[bot.FaultCode]string{
	bot.KudosTooShort: "That says little yet. What did they do, and what did it change? A sentence more, or send it as it is; nothing was sent so far.",
	bot.KudosTwin:     "You sent exactly this a moment ago. Send it again, or change what you mean differently; nothing was sent a second time.",
}

func kudosFormNotes(d kudosDraft) []slack.Block {
	var blocks []slack.Block
	for _, sentence := range []string{kudosNotices[d.Input.Fault], d.Notice, kudosOddities[d.Odd]} {
		if sentence != "" {
			blocks = append(blocks, section(":bulb: "+sentence))
		}
	}
	switch {
	case len(d.Input.Groups) > 1 && d.groupable():
		blocks = append(blocks, section(":bulb: One user group can be picked at a time; the first one is filled in."))
	case len(d.Input.Groups) > 0 && !d.groupable() && !d.team():
		blocks = append(blocks, section(":bulb: A user group cannot be picked here: pick the people, or type `/kudos @group for …` with what they did."))
	}
	if d.About != "" {
		blocks = append(blocks, contextLine("For "+Link(d.About, "this message")))
	}
	return blocks
}

// kudosEdit is the form for another text, opened from where its giver was.
func kudosEdit(k bot.Kudos, people map[string]bot.Member, from kudosEditFrom, limits bot.KudosLimits) Modal {
	initial := asTyped(k.Message, people, limits)
	return Modal{
		CallbackID: "kudos.change", Title: "Edit kudos", Submit: "Save the new text", Close: "Cancel", PrivateMetadata: from.metadata(k.ID),
		Blocks: []slack.Block{
			section("For " + thanked(k, k.Recipients) + ". The people stay; to thank somebody else, give another one."),
			Input{Block: kudosMessage, Label: kudosQuestion}.text(initial, kudosExample, roomFor(initial, limits), true),
		},
	}
}

// asTyped is a text as its author would type it: people by name, if there is room for their names.
func asTyped(message string, people map[string]bot.Member, limits bot.KudosLimits) string {
	named := bot.OutgoingText{UserName: nameIn(people)}.Plain(message)
	if utf8.RuneCountInString(named) <= limits.Characters {
		return named
	}
	return bot.OutgoingText{}.Plain(message)
}

// kudosFormProblems finds what is wrong with a filled form, by input.
func kudosFormProblems(in bot.KudosInput, limits bot.KudosLimits) map[string]string {
	problems := map[string]string{}
	if len(in.Recipients)+len(in.Groups) == 0 {
		problems[kudosTo] = "Pick at least one colleague."
	}
	if len(in.Recipients) > limits.Recipients {
		problems[kudosTo] = fmt.Sprintf("At most %d people at once.", limits.Recipients)
	}
	if bot.CountText(in.Message) > limits.Characters {
		problems[kudosMessage] = fmt.Sprintf("At most %d characters.", limits.Characters)
	} else if in.Message == "" {
		problems[kudosMessage] = "Say what they did and what it changed."
	}
	return problems
}

// kudosFaultBlock is the input that a fault belongs to.
func kudosFaultBlock(f *bot.Fault) string {
	switch f.Code {
	case bot.KudosOnlySelf, bot.KudosNobody, bot.KudosNoRecipient, bot.KudosTooMany:
		return kudosTo
	case bot.KudosGroupsOff, bot.KudosGroupEmpty, bot.KudosGroupLarge, bot.KudosTeamLarge, bot.KudosTeamPlace:
		return kudosGroup
	case bot.KudosTeamAlone:
		return kudosPrivate
	}
	return kudosMessage
}

// kudosPreview is how a kudos would read, laid on its form. There is nothing to do about it yet, so it has none of the post's menu.
func kudosPreview(given bot.GivenKudos, w bot.Workspace) Modal {
	k := given.Kudos
	shown := withoutMembers(k.Recipients, given.Quiet)
	blocks := []slack.Block{section(placeWords(given)), divider(), section(":sparkles: *" + Mention(k.Giver) + " thanks " + thanked(k, shown) + "*")}
	blocks = append(blocks, spoken(k.Message, given.People, 0)...)
	if details := kudosDetails(k, w.ShownValue(k.Value)); len(details) > 0 {
		blocks = append(blocks, contextLine(details...))
	}
	if lines := append(quietLines(given.Quiet), leftOutLines(given.Left, Mention)...); len(lines) > 0 {
		blocks = append(blocks, divider(), contextLine(lines...))
	}
	return Modal{CallbackID: "kudos.previewed", Title: "Preview", Close: "Back to the form", Blocks: append(blocks, contextLine("Nothing is sent yet."))}
}

// kudosNoPreview says what is missing before there is something to see.
func kudosNoPreview(problems map[string]string) Modal {
	var sentences []string
	for _, block := range slices.Sorted(maps.Keys(problems)) {
		sentences = append(sentences, problems[block])
	}
	slices.Reverse(sentences) // the people first
	m := noticeModal(strings.Join(sentences, "\n"))
	m.Title, m.Close = "Preview", "Back to the form"
	return m
}

// thankButton opens the form for members, filled with what they are thanked for, as Slack escapes text; empty for nothing yet. The person says the rest, and
// nothing is sent before they do.
func thankButton(label, about string, members ...string) *slack.ButtonBlockElement {
	value := strings.Join(eachMention(members), " ") + " "
	if about = strings.TrimSpace(about); about != "" {
		if filled := value + "for " + about; carriable(filled) {
			value = filled
		}
	}
	return button("kudos.open", value, label)
}
