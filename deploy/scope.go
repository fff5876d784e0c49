package deploy

import (
	"slices"
	"strings"
)

// Feature is something that Rapport can do when a workspace grants more than the minimal scopes.
type Feature string

// The optional features.
const (
	FeatureUserGroups     Feature = "usergroups"
	FeatureDND            Feature = "dnd"
	FeatureEmail          Feature = "email"
	FeatureFiles          Feature = "files"
	FeatureReactions      Feature = "reactions"
	FeatureChannelHistory Feature = "channel-history"
)

// Features returns all optional features, in the order in which they are documented.
func Features() []Feature {
	return []Feature{FeatureUserGroups, FeatureDND, FeatureEmail, FeatureFiles, FeatureReactions, FeatureChannelHistory}
}

// ParseFeatures reads a list such as "dnd,email"; "" is none. Unknown names come back as they are, for [Render] to name.
func ParseFeatures(list string) []Feature {
	var features []Feature
	for name := range strings.SplitSeq(list, ",") {
		if name = strings.TrimSpace(name); name != "" {
			features = append(features, Feature(name))
		}
	}
	return features
}

// events are what a feature subscribes to beside what Rapport needs anyway.
func (f Feature) events() []string {
	switch f {
	case FeatureReactions:
		return []string{"reaction_added", "reaction_removed"}
	case FeatureUserGroups:
		return []string{"subteam_created", "subteam_updated", "subteam_members_changed"}
	}
	return nil
}

// Scope is one permission of the bot's token.
type Scope struct {
	// Name is Slack's, such as "chat:write".
	Name string
	// Feature is the optional feature that asks for it; "" for the minimal ones.
	Feature Feature
	// Why says in one line what Rapport does with it.
	Why string
	// Without says what does not work where it is not granted.
	Without string
}

// Scopes returns every scope that Rapport may ask for: the minimal ones first, as in the manifest. What a scope permits is Slack's
// word (its scopes reference); what Rapport does with it is ours.
func Scopes() []Scope {
	return []Scope{
		{"commands", "", "receive the slash commands and message shortcuts", "nothing works"},
		{"chat:write", "", "write messages, as the bot only", "nothing works"},
		{"im:write", "", "open a direct message with a person", "no reminders, no thank-you to the recipient, no introductions"},
		{
			"im:history", "", "receive what people write to the bot; look for its own message after a send that may have failed",
			"words written to the bot are not heard; a message that may have arrived is not sent again",
		},
		{"mpim:write", "", "open the group message of a coffee introduction", "introductions come to each person alone"},
		{
			"mpim:history", "", "look for its own introduction after a send that may have failed; other messages are dropped unread",
			"an introduction that may have arrived is not sent again",
		},
		{"users:read", "", "names, time zones, and who is a bot, guest or deactivated", "nobody can be thanked, reminded or matched"},
		{"users.profile:read", "", "the profile fields that hold department, manager, office and level", "nobody's department is known, so introductions do not cross departments on purpose"},
		{"channels:read", "", "names and members of public channels that the bot is in", "no digests and no coffee programs in public channels"},
		{"groups:read", "", "the same for private channels that the bot was invited to", "no digests and no coffee programs in private channels"},
		{"usergroups:read", FeatureUserGroups, "who belongs to a user group that is thanked, or is a department", "kudos to a user group are refused, no group can be picked in the form, and no user group is a department"},
		{"dnd:read", FeatureDND, "who does not want to be disturbed right now", "only the working hours set in Rapport or Slack's zone are respected"},
		{"users:read.email", FeatureEmail, "find a colleague by the e-mail address somebody typed", "an address always means somebody outside"},
		{"files:write", FeatureFiles, "hand people calendar entries, and their own kudos as a table, as files", "the same as links and text in a window"},
		{"reactions:read", FeatureReactions, "count an emoji that the workspace chose as a kudos", "kudos by command, form and shortcut only"},
		{
			"channels:history", FeatureChannelHistory, "look for its own post in a public channel after a send that may have failed",
			"such a post is not repeated, and its author is asked",
		},
		{
			"groups:history", FeatureChannelHistory, "the same in private channels that the bot was invited to",
			"such a post is not repeated, and its author is asked",
		},
	}
}

// Missing returns the scopes that are not among granted: the minimal ones, and those of the features that are wanted.
func Missing(granted []string, wanted ...Feature) []Scope {
	var missing []Scope
	for _, s := range Scopes() {
		needed := s.Feature == "" || slices.Contains(wanted, s.Feature)
		if needed && !slices.Contains(granted, s.Name) {
			missing = append(missing, s)
		}
	}
	return missing
}

func scopeNamed(name string) (Scope, bool) {
	all := Scopes()
	i := slices.IndexFunc(all, func(s Scope) bool { return s.Name == name })
	if i < 0 {
		return Scope{}, false
	}
	return all[i], true
}

func listFeatures() string {
	var names []string
	for _, f := range Features() {
		names = append(names, string(f))
	}
	return strings.Join(names, ", ")
}
