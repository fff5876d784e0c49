package slackapp

import "github.com/slack-go/slack"

// commandHelp is one line of help.
type commandHelp struct{ example, words string }

func commandHelps() []commandHelp {
	return []commandHelp{
		{"/kudos @ana for untangling the release", "thank somebody for something specific"},
		{"/followup @bob send the draft by friday", "note a promise, and be reminded in time"},
		{"/coffee", "meet colleagues you would not meet by chance"},
		{"/rapport profile", "what you can be asked about, what you would like to learn: read in introductions"},
		{"/rapport avoid @name", "not to be introduced to somebody, nor get their thanks and requests by message; nobody is told, and `/rapport avoid` alone shows your list"},
		{"/rapport mentor", "your mentor or mentees, what is proposed to you, and your part in it"},
		{"/rapport settings", "working hours, time zone, holidays, and which messages come"},
		{"/rapport pause until monday", "nothing unasked until then; `/rapport resume` ends it"},
		{"/rapport admins", "who looks after Rapport beside the workspace's own admins; for those who do"},
		{"/rapport workspace", "values, limits and more of this workspace; for Rapport's admins"},
		{"/rapport privacy", "what is stored about you, and who can read it"},
	}
}

// helpMessage lists what the bot does, with an example of each.
func helpMessage() Message {
	blocks := []slack.Block{section("*Rapport* helps you build working relationships on purpose.")}
	for _, c := range commandHelps() {
		blocks = append(blocks, section("`"+c.example+"`\n"+c.words))
	}
	blocks = append(blocks, contextLine("No points, no rankings. Nobody is matched who did not join, and nobody is nudged who did not agree."))
	return Message{Text: "What Rapport does: thanks (/kudos), promises (/followup), introductions (/coffee), settings (/rapport).", Blocks: blocks}
}

// unknownMessage answers a word after /rapport that means nothing.
func unknownMessage() Message {
	m := helpMessage()
	sorry := "I do not know that word, so nothing was done. This is what I can do:"
	m.Blocks[0] = section(sorry)
	m.Text += " I do not know the word after /rapport, so nothing was done."
	return m
}

// greetingMessage answers whatever somebody writes to the bot.
func greetingMessage() Message {
	m := helpMessage()
	greeting := "Hello! I do not understand sentences, only commands and buttons. What you write here is not kept."
	m.Blocks = append([]slack.Block{section(greeting)}, m.Blocks...)
	m.Text = greeting + " Type /rapport help in any conversation to see what I can do."
	return m
}
