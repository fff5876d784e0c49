package slackfake

import (
	"slices"
	"strings"
)

// method is one method of the Web API.
type method struct {
	name     string
	scopes   []string // any of them opens it; none are needed when empty
	rate     rate
	required []string // arguments
	optional []string
	appLevel bool // called with the app-level token instead of the bot's
	anyToken bool
	act      func(c *call) (reply, *refusal)
}

// knows says that a method has an argument.
func (m *method) knows(argument string) bool {
	return slices.Contains(m.required, argument) || slices.Contains(m.optional, argument) || argument == "pretty"
}

// The scopes that open the methods for all kinds of conversation; each method then asks for the one of the kind that it is about.
var (
	readScopes    = []string{"channels:read", "groups:read", "mpim:read", "im:read"}
	historyScopes = []string{"channels:history", "groups:history", "mpim:history", "im:history"}
	openScopes    = []string{"im:write", "mpim:write"}
)

// appScope is what an app-level token needs for Socket Mode.
const appScope = "connections:write"

func words(text string) []string { return strings.Fields(text) }

// apiMethods are the methods that this Slack has. Scopes, arguments and tiers are those of docs.slack.dev/reference/methods; where two
// sources differ, the stricter stands.
func apiMethods() map[string]*method {
	all := slices.Concat(appMethods(), chatMethods(), conversationMethods(), historyMethods(), userMethods(), viewMethods(),
		reactionMethods(), fileMethods())
	byName := make(map[string]*method, len(all))
	for _, m := range all {
		byName[m.name] = m
	}
	return byName
}

// mayAny says that the bot token has one of these scopes.
func (a *app) mayAny(scopes ...string) bool { return slices.ContainsFunc(scopes, a.may) }

// needs refuses a call whose token lacks a scope that depends on what the call is about.
func (c *call) needs(scope string) *refusal {
	if c.app.may(scope) {
		return nil
	}
	return &refusal{Code: "missing_scope", Needed: scope, Provided: strings.Join(c.app.scopes, ",")}
}

// scopeOf is the scope for a kind of conversation: scopeOf(Private, "read") is groups:read.
func scopeOf(k Kind, what string) string {
	switch k {
	case Public:
		return "channels:" + what
	case Private:
		return "groups:" + what
	default:
		return string(k) + ":" + what
	}
}

// visible finds a conversation by id that the app may know of: public ones, and those that it is in.
func (c *call) visible(id string) (*Channel, *refusal) {
	place := c.world.channels[id]
	if place == nil || place.Kind != Public && !place.has(c.app.botUser) {
		return nil, refuse("channel_not_found")
	}
	return place, nil
}

// inside finds a conversation by id that the app is in and may do something in that a scope of its kind allows.
func (c *call) inside(id, what string) (*Channel, *refusal) {
	place, no := c.visible(id)
	if no != nil {
		return nil, no
	}
	if no := c.needs(scopeOf(place.Kind, what)); no != nil {
		return nil, no
	}
	if !place.has(c.app.botUser) {
		return nil, refuse("not_in_channel")
	}
	return place, nil
}
