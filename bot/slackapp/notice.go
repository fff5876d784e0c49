package slackapp

import "github.com/slack-go/slack"

// noticeModal is a modal that says one thing.
func noticeModal(sentence string) Modal {
	return Modal{CallbackID: "rapport.notice", Title: "Rapport", Close: "Close", Blocks: []slack.Block{section(sentence)}}
}
