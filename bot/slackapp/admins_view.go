package slackapp

import (
	"strconv"
	"strings"

	"github.com/slack-go/slack"

	"rapport/bot"
)

const adminsTitle = "Rapport's admins"

// adminsForm asks who is appointed, and says what that means.
func adminsForm(w bot.Workspace) Modal {
	always := "Owners and admins of the workspace are Rapport's admins, too, and need not be picked."
	if w.Installer != "" {
		always = "Owners and admins of the workspace and " + Mention(w.Installer) + ", who installed Rapport, are its admins, too, and need not be picked."
	}
	return Modal{
		CallbackID: "admins.save", Title: adminsTitle, Submit: "Save", Close: "Cancel", PrivateMetadata: strconv.Itoa(w.Version),
		Blocks: []slack.Block{
			section("Rapport's admins can change every program that they see, hand it to somebody else, and hide a kudos that a whole channel reads. Private kudos, promises and answers stay with those whose they are."),
			Input{Block: adminsWho, Label: "Who else is an admin?", Hint: "Full members only. Take somebody out to end it.", Optional: true}.members(w.Admins, "Nobody else", bot.AdminLimit),
			contextLine(always),
		},
	}
}

// adminsSaved says who was added and who is no longer there.
func adminsSaved(c bot.AdminChange) Modal {
	var lines []string
	if len(c.Added) > 0 {
		lines = append(lines, "*Added:* "+mentions(c.Added))
	}
	if len(c.Removed) > 0 {
		lines = append(lines, "*No longer:* "+mentions(c.Removed))
	}
	if len(lines) == 0 {
		lines = append(lines, "Nothing changed.")
	}
	lines = append(lines, "Appointed now: "+mentions(c.Admins)+".")
	m := noticeModal(strings.Join(lines, "\n"))
	m.Title = adminsTitle
	m.Blocks = append(m.Blocks, contextLine("Nobody is sent a message about it: tell them yourself. The operators' log keeps for half a year who changed it."))
	return m
}

// adminsSentence is what is wrong with a list of admins.
func adminsSentence(f *bot.Fault) string {
	switch f.Code {
	case bot.AdminsOnly:
		return "Only Rapport's admins can look at this: owners and admins of the workspace, whoever installed Rapport, and whom they appointed."
	case bot.AdminsMember:
		return "Only full members of the workspace can be admins. Please leave out " + mentions(f.Names) + "."
	case bot.AdminsMany:
		return "The list holds " + strconv.Itoa(f.Limit) + " people. Take somebody out first."
	}
	return faultSentence(Reader{}, f)
}
