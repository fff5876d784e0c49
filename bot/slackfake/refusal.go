package slackfake

import (
	"fmt"
	"strings"
)

// refusal is Slack's "no" to a call: ok false, an error code, and what is wrong in words (response_metadata.messages).
type refusal struct {
	Code             string
	Messages         []string
	Needed, Provided string // scopes, for missing_scope
}

// Error implements error, for whoever shows a refusal to a person.
func (r *refusal) Error() string {
	if len(r.Messages) == 0 {
		return r.Code
	}
	return r.Code + ": " + strings.Join(r.Messages, "; ")
}

func refuse(code string, messages ...string) *refusal {
	return &refusal{Code: code, Messages: messages}
}

// refuseCode is refuse for a code that may be empty.
func refuseCode(code string) *refusal {
	if code == "" {
		return nil
	}
	return refuse(code)
}

// problem is one thing wrong with a message or view: a limit that is passed, a field that is missing or unknown.
type problem struct {
	Path string // a JSON pointer such as /blocks/0/text/text or /view/title
	Text string // "must be less than 3001 characters"
	Code string // the error that Slack answers with when it is not invalid_blocks or invalid_arguments
}

func (p problem) String() string { return fmt.Sprintf("%s [json-pointer:%s]", p.Text, p.Path) }

// messages writes problems as Slack does in response_metadata.messages.
func messages(problems []problem) []string {
	texts := make([]string, 0, len(problems))
	for _, p := range problems {
		texts = append(texts, "[ERROR] "+p.String())
	}
	return texts
}

// overLimit notes that the app sent something that Slack does not take. The mutex is held.
func (s *Server) overLimit(what string, problems []problem) {
	for _, p := range problems {
		s.broke(ruleLimit, what+": "+p.String())
	}
}
