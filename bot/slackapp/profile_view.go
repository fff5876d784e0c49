package slackapp

import (
	"fmt"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"rapport/bot"
)

const profileTitle = "My profile"

// maxTopicsText is how long a list of topics may be in a message.
const maxTopicsText = bot.MaxTopics * (bot.MaxTopic + 2)

// profileChanged is said above the form when the profile changed elsewhere while it was open.
const profileChanged = "*Not saved yet.* You changed your profile somewhere else while this was open. What you typed is still here; Save puts it in place of the other."

// profileForm asks for a profile. seen is the mark of the one that it is to replace; note, in mrkdwn, is said first.
func profileForm(p bot.Profile, seen, note string) Modal {
	var blocks []slack.Block
	if note != "" {
		blocks = append(blocks, section(note))
	}
	few := fmt.Sprintf("Up to %d, with commas between them.", bot.MaxTopics)
	blocks = append(
		blocks,
		section("What colleagues read of you when you are introduced. Everything may stay empty; you can change or clear it at any time."),
		Input{Block: profileHelp, Label: "I help … do … by …", Optional: true, Hint: "For example: “I help support answer faster by writing down how billing works.” Or: “I help new teams " +
			"plan their first release by asking what could go wrong.”"}.text(p.Help, "I help … do … by …", bot.MaxProfileText, true),
		Input{Block: profileOffers, Label: "Ask me about", Optional: true, Hint: few}.text(topicsText(p.Offers), "Go, hiring, sourdough", maxTopicsText, false),
		Input{Block: profileAsks, Label: "I would like to learn", Optional: true, Hint: few + " I look for somebody who offers it."}.
			text(topicsText(p.Asks), "public speaking, SQL", maxTopicsText, false),
		Input{Block: profileSupport, Label: "What helps me", Optional: true, Hint: "How can somebody support you?"}.
			text(p.Support, "A heads-up before a deadline moves", bot.MaxProfileText, true),
		Input{Block: profileStyle, Label: "How I like to work", Optional: true}.text(p.Style, "Quiet mornings, calls after lunch", bot.MaxProfileText, true),
		Input{Block: profileOffice, Label: "Where I can be met", Optional: true, Hint: "An office or a city. Who names the same is told that you could meet in person."}.
			text(p.Office, "Berlin", bot.MaxOffice, false),
		Input{Block: profileLanguages, Label: "Languages I can talk in", Optional: true, Hint: few}.text(topicsText(p.Languages), "English, German", maxTopicsText, false),
		actions(button("profile.preview", "", "Show how this reads")),
	)
	return Modal{CallbackID: "profile.save", Title: profileTitle, Submit: "Save", Close: "Cancel", PrivateMetadata: seen, Blocks: blocks}
}

// profilePreview is how an introduction says a profile.
func profilePreview(m bot.Member, p bot.Profile) []slack.Block {
	if p.Empty() {
		return []slack.Block{divider(), section("*In an introduction* you are named with what Slack knows of you:\n" + personWords(m, p))}
	}
	return []slack.Block{divider(), section("*In an introduction* it reads like this:\n" + personWords(m, p))}
}

// profileSaved echoes what was saved.
func profileSaved(m bot.Member, p bot.Profile) Modal {
	said := "*Saved.* This is how you are introduced from now on:"
	if p.Empty() {
		said = "*Saved.* Your profile is empty, and nothing is stored of it. You are introduced with what Slack knows of you:"
	}
	return Modal{CallbackID: "profile.saved", Title: profileTitle, Close: "Close", Blocks: []slack.Block{
		section(said), section(personWords(m, p)), actions(button("profile.open", "", "Change my profile")),
		contextLine("Your colleagues read it in introductions only. `/rapport profile` opens it again."),
	}}
}

// personWords names somebody with title, department and profile.
func personWords(m bot.Member, p bot.Profile) string {
	return strings.Join(append([]string{personLine(m)}, profileLines(p)...), "\n")
}

// personLine names somebody with title and department.
func personLine(m bot.Member) string {
	about := []string{"*" + Mention(m.ID) + "*"}
	for _, text := range []string{m.Title, m.Department} {
		if text != "" {
			about = append(about, cutMrkdwn(bot.SafeName(text), maxAbout))
		}
	}
	return strings.Join(about, ", ")
}

// maxAbout is how many characters a title or department may take in an introduction.
const maxAbout = 80

// profileLines are the parts of a profile that say something, a line each, safe to show.
func profileLines(p bot.Profile) []string {
	var lines []string
	add := func(label, text string) {
		if text != "" {
			lines = append(lines, label+text)
		}
	}
	add("", profileText(p.Help, bot.MaxProfileText))
	add("*Ask about:* ", topicsWords(p.Offers))
	add("*Would like to learn:* ", topicsWords(p.Asks))
	add("*What helps:* ", profileText(p.Support, bot.MaxProfileText))
	add("*Likes to work:* ", profileText(p.Style, bot.MaxProfileText))
	add("*Can be met in:* ", profileText(p.Office, bot.MaxOffice))
	add("*Speaks:* ", topicsWords(p.Languages))
	return lines
}

// profileText is what a person typed into a form, safe to show and on one line. What escaping makes longer is cut.
func profileText(typed string, limit int) string {
	return bot.OutgoingText{Max: limit}.Mrkdwn(bot.EscapeText(typed))
}

func topicsWords(topics []string) string { return profileText(topicsText(topics), maxTopicsText) }

// profileAsk asks for a profile, in the answer to something else.
func profileAsk() []slack.Block {
	return []slack.Block{
		section("*One more thing, if you like:* say what you can be asked about and what you would like to learn. Who meets you reads it, and I look for somebody who fits."),
		actions(button("profile.open", "", "Fill in my profile")),
		contextLine("I ask this once. Without a profile you take part just the same."),
	}
}

// homeProfile is the profile on Home. It asks in words, and half a year after it was saved whether it still holds.
func homeProfile(r Reader, p bot.Profile, now time.Time) []slack.Block {
	blocks := []slack.Block{header(profileTitle)}
	switch {
	case p.Empty():
		return append(blocks, section("Empty. “I help … do … by …”, what you can be asked about, what you would like to learn: who meets you over a coffee reads it."),
			actions(button("profile.open", "", "Fill in my profile")), divider())
	case p.Due(now):
		said := "This was written a while ago. Does it still hold?"
		if !p.Updated.IsZero() {
			said = "You said this on " + r.DateNear(p.Updated, now) + ". Does it still hold?"
		}
		return append(blocks, section(strings.Join(profileLines(p), "\n")), section(said),
			actions(button("profile.keep", "", "My profile still holds"), button("profile.open", "", "Change my profile")), divider())
	}
	return append(blocks, section(strings.Join(profileLines(p), "\n")), actions(button("profile.open", "", "Change my profile")), divider())
}

// profileFaults are the words for what can be wrong with a profile.
func profileFaults(r Reader, f *bot.Fault) string {
	switch f.Code {
	case bot.ProfileHelp, bot.ProfileSupport, bot.ProfileStyle, bot.ProfileOffice:
		return "A little shorter, please: at most " + r.Number(f.Limit) + " characters."
	case bot.ProfileOffers, bot.ProfileAsks, bot.ProfileLanguages:
		return fmt.Sprintf("At most %d, with commas between them, and each of at most %d characters.", bot.MaxTopics, bot.MaxTopic)
	}
	return ""
}
