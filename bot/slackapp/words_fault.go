package slackapp

import (
	"context"
	"errors"
	"unicode/utf8"

	"github.com/slack-go/slack"

	"rapport/bot"
)

// faultWords has the sentence for each code that is for a person. A noun adds a function for its own codes to the list below.
type faultWords func(r Reader, f *bot.Fault) string

// allFaultWords is asked in order; the first that answers wins.
func allFaultWords() []faultWords {
	return []faultWords{generalFaults, kudosFaults, followupFaults, settingsFaults, coffeeFaults, profileFaults, mentorFaults, workspaceFaults, sayFaults}
}

// generalFaults are the words for what any use case may return.
func generalFaults(_ Reader, f *bot.Fault) string {
	switch f.Code {
	case bot.FaultNotFound:
		return "I could not find that. It may have been removed, or it is not for you to see."
	case bot.FaultForbidden:
		return "That is not yours to change."
	case bot.FaultStale:
		return "Somebody changed this a moment ago, so nothing was saved. Please look again and repeat what still fits."
	case bot.FaultUnsaved:
		return wordsLate
	case bot.FaultUnread:
		return "My store does not answer right now, so I could not look and nothing was saved. Please try again in a minute."
	case bot.FaultDone:
		return "That is already so. Nothing had to be changed."
	case bot.FaultTooLate:
		return "It is too late to undo that."
	case bot.FaultOff:
		return "This is switched off in your workspace."
	case bot.FaultInvalid:
		return "That did not look right, so nothing was saved."
	}
	return ""
}

const (
	wordsWrong = "Something went wrong on my side. Nothing was saved. Please try again in a minute."
	wordsBusy  = "I have more to do than I can keep up with right now, so nothing was saved. Please try again in a minute."
	wordsLate  = "I could not confirm that this was saved. Sending it again is safe: I will ask before anything is there twice."
	// wordsMute is for what was done but cannot be shown.
	wordsMute = "That is done, but I could not show the details."
	// wordsUnknown answers what the app has no handler for, such as the button of an older version.
	wordsUnknown = "This no longer works, probably because Rapport was updated. Open it again and it will."
)

// faultSentence says in words what went wrong. Whatever is not a fault stays inside.
func faultSentence(r Reader, err error) string {
	if errors.Is(err, context.DeadlineExceeded) {
		err = &bot.Fault{Code: bot.FaultUnsaved, Cause: err}
	}
	fault, ok := errors.AsType[*bot.Fault](err)
	if !ok {
		return wordsWrong
	}
	for _, words := range allFaultWords() {
		if sentence := words(r, fault); sentence != "" {
			return sentence
		}
	}
	return wordsWrong
}

// refused returns the fault of an error that is a plain answer to what a person asked for, such as a limit, and nil for everything else. A store that did not answer is a
// failure: a handler hands that on, so that it is logged and counted as one, and the person reads its sentence all the same.
func refused(err error) *bot.Fault {
	fault, ok := errors.AsType[*bot.Fault](err)
	if !ok || fault.Cause != nil && (fault.Code == bot.FaultUnsaved || fault.Code == bot.FaultUnread) {
		return nil
	}
	return fault
}

// FaultMessage is what a person sees of an error: its sentence, and their text so that nothing typed is lost. typed is as Slack escaped it.
func FaultMessage(r Reader, err error, typed string) Message {
	if fault, ok := errors.AsType[*bot.Fault](err); ok && fault.Typed != "" {
		typed = fault.Typed
	}
	return returned(faultSentence(r, err), typed)
}

// returned is a sentence and the text that a person typed.
func returned(sentence, typed string) Message {
	m := Message{Text: sentence, Blocks: []slack.Block{section(sentence)}}
	if typed == "" {
		return m
	}
	said := "Your text is below, so that nothing is lost:"
	safe := bot.OutgoingText{KeepUsers: true}.Mrkdwn(typed)
	if utf8.RuneCountInString(safe) > maxMessageChars-maxSection {
		said = "Your text is below, as much of it as fits here:"
	}
	m.Blocks = append(m.Blocks, contextLine(said))
	m.Blocks = append(m.Blocks, paragraphs(cutMrkdwn(safe, maxMessageChars-maxSection))...)
	return m
}
