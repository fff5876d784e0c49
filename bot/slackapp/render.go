package slackapp

import (
	"fmt"

	"rapport/bot"
)

// render turns what a composer made into a message. It is the one list of what the bot can say on its own initiative: a noun adds a
// case for each of its content types and a function in its view file. reader is the only recipient, or everybody.
func render(reader Reader, content any) (Message, error) {
	switch c := content.(type) {
	case Message:
		return c, nil
	case bot.KudosPost:
		return kudosPost(c), nil
	case bot.KudosNotes:
		return kudosNotes(c), nil
	case bot.DigestPost:
		return digestPost(reader, c), nil
	case bot.QuietWork:
		return quietQuestion(reader, c), nil
	case bot.Bundle:
		return bundleMessage(c), nil
	case bot.TimedReminder:
		return timedMessage(c), nil
	case bot.Addressed:
		return addressedMessage(c), nil
	case bot.Welcome:
		return welcomeMessage(c), nil
	case bot.ChannelIntro:
		return channelIntro(), nil
	case bot.ReportedKudos:
		return reportedKudos(c), nil
	case bot.ReportAnswer:
		return reportAnswer(), nil
	case bot.KudosTaken:
		return kudosTaken(c), nil
	case bot.PracticeNote:
		return practiceMessage(c), nil
	case bot.AgainQuestion:
		return againQuestion(c), nil
	default:
		if m, ok := coffeeContent(reader, content); ok {
			return m, nil
		}
		if m, ok := roundContent(reader, content); ok {
			return m, nil
		}
		if m, ok := mentorContent(reader, content); ok {
			return m, nil
		}
		if m, ok := helpContent(content); ok {
			return m, nil
		}
		return Message{}, fmt.Errorf("render %T: no view for it", content)
	}
}

// takesAway reports whether the content is that the message goes.
func takesAway(content any) bool {
	_, ok := content.(bot.Delete)
	return ok
}
