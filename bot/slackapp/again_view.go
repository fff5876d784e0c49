package slackapp

import "rapport/bot"

// againQuestion asks the author of a message that may not have come.
func againQuestion(q bot.AgainQuestion) Message {
	where := ChannelMention(q.Lost.Channel)
	text := "I could not tell whether " + lostWords(q.Lost) + " reached " + where + "."
	shown := text + " If you do not see it there, I can post it again."
	m := paragraph(shown,
		actions(primary(button("again.post", q.SID, "Post it again")), button("again.there", q.SID, "It is there")),
		contextLine("You get this because Slack broke off while I posted it, and I may not read that channel to look. Without an answer nothing is posted."))
	m.Text = text
	return m
}

// lostWords names a message for its author.
func lostWords(p bot.LostPost) string {
	if p.Program.ID != "" {
		return "the invitation of *" + programName(p.Program) + "*"
	}
	return "your kudos for " + mentionList(p.Kudos.Recipients)
}

// againAnswer takes the question's place.
func againAnswer(p bot.LostPost, what bot.AgainAnswer) Message {
	where := ChannelMention(p.Channel)
	switch what {
	case bot.AgainPosted:
		return paragraph("I post it again in " + where + ": " + lostWords(p) + ".")
	case bot.AgainOnWay:
		return paragraph("It is on its way to " + where + " already: " + lostWords(p) + ".")
	case bot.AgainThere:
		return paragraph("It is in " + where + ": " + lostWords(p) + ". Nothing is posted again.")
	}
	return paragraph("Nothing is posted: it was taken back meanwhile, or it is too long ago.")
}
