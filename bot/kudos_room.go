package bot

import (
	"strings"
	"unicode/utf8"
)

// KudosRoom is how many characters a kudos's text may take where it is shown. A message of Slack's holds 10,000; people, buttons and small print stand beside the text.
const KudosRoom = 6000

// KudosTooWide says that a text within the limit of characters takes more than [KudosRoom] where it is shown.
const KudosTooWide FaultCode = "kudos_message_too_wide"

// KudosSize is how many characters a kudos's text takes where it is shown. That is more than its reader counts: & < > go over the wire as entities, mentions as names,
// and every line has the mark of a quote.
func KudosSize(message string, people map[string]Member) int {
	text := strings.TrimSpace(OutgoingText{UserName: func(id string) string { return people[id].Name }}.Mrkdwn(message))
	return utf8.RuneCountInString(text) + 2*(1+strings.Count(text, "\n"))
}

// checkRoom refuses a text that would have to be cut wherever it is shown.
func checkRoom(message string, people map[string]Member) error {
	if KudosSize(message, people) > KudosRoom {
		return &Fault{Code: KudosTooWide, Typed: message}
	}
	return nil
}
