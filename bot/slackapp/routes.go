package slackapp

import (
	"context"
	"fmt"
	"strings"
	"unicode"
)

// Handler answers one request. The context ends when the acknowledgement is due; what was promised by then must be stored. An error
// becomes words for the person (a *[bot.Fault] its own, anything else "something went wrong") and a line for the log.
type Handler func(ctx context.Context, r Request) (Response, error)

// Kind is a kind of request.
type Kind string

// The kinds of request, and what a route's name is for each.
const (
	OnCommand  Kind = "command"    // "/kudos", or "/rapport help": the command and its first word, which wins
	OnAction   Kind = "action"     // the action id, "<noun>.<verb>"; a name that ends in a dot takes the whole noun
	OnSubmit   Kind = "submission" // the modal's callback id
	OnClose    Kind = "closed"     // the modal's callback id; sent only for modals with NotifyOnClose
	OnShortcut Kind = "shortcut"   // the callback id, of a message shortcut or a global one
	OnEvent    Kind = "event"      // the event's type; messages with their channel type: "message.im"
)

// Route binds one thing that Slack can send to its handler.
type Route struct {
	Kind   Kind
	Name   string
	Handle Handler
	// Once keeps an event that Slack delivers again from being handled again. For handlers that reply; those that store pass the
	// request's token to the store instead, which survives a crash in between.
	Once bool
}

// Noun is what the app can be given: one noun's routes.
type Noun interface{ Routes() []Route }

// table finds the route of a request.
type table struct {
	exact    map[Kind]map[string]Route
	prefixes map[string]Route // of actions, by "<noun>."
}

func newTable() table {
	return table{exact: map[Kind]map[string]Route{}, prefixes: map[string]Route{}}
}

// add adds routes; two for the same thing are a mistake of the programmer.
func (t table) add(routes ...Route) error {
	for _, r := range routes {
		name := strings.ToLower(r.Name)
		if r.Kind != OnCommand {
			name = r.Name
		}
		if r.Handle == nil || name == "" {
			return fmt.Errorf("add route %q of kind %q: no handler or no name", r.Name, r.Kind)
		}
		names := t.exact[r.Kind]
		if r.Kind == OnAction && strings.HasSuffix(name, ".") {
			names = t.prefixes
		}
		if names == nil {
			names = map[string]Route{}
			t.exact[r.Kind] = names
		}
		if _, taken := names[name]; taken {
			return fmt.Errorf("add route %q of kind %q: there is one already", r.Name, r.Kind)
		}
		names[name] = r
	}
	return nil
}

// find returns the route of r and completes what depends on it: Rest of a command routed by its first word.
func (t table) find(r *Request) (Route, bool) {
	names := t.exact[r.Kind]
	if r.Kind == OnCommand {
		word, rest := firstWord(r.Text)
		if route, ok := names[strings.ToLower(r.Name+" "+word)]; ok && word != "" {
			r.Rest = rest
			return route, true
		}
		r.Rest = strings.TrimSpace(r.Text)
		route, ok := names[strings.ToLower(r.Name)]
		return route, ok
	}
	if route, ok := names[r.Name]; ok {
		return route, true
	}
	if r.Kind == OnAction {
		noun, _, _ := strings.Cut(r.Name, ".")
		route, ok := t.prefixes[noun+"."]
		return route, ok
	}
	return Route{}, false
}

// firstWord splits trimmed text at its first space of any kind.
func firstWord(text string) (word, rest string) {
	text = strings.TrimSpace(text)
	at := strings.IndexFunc(text, unicode.IsSpace)
	if at < 0 {
		return text, ""
	}
	return text[:at], strings.TrimSpace(text[at:])
}
