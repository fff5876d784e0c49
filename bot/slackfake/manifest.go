package slackfake

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"
)

// manifest is what is read of an app's manifest (docs.slack.dev/reference/app-manifest); the rest is for Slack alone.
type manifest struct {
	DisplayInformation struct {
		Name            string `yaml:"name"`
		Description     string `yaml:"description"`
		LongDescription string `yaml:"long_description"`
	} `yaml:"display_information"`
	Features struct {
		BotUser struct {
			DisplayName  string `yaml:"display_name"`
			AlwaysOnline bool   `yaml:"always_online"`
		} `yaml:"bot_user"`
		AppHome struct {
			HomeTab     bool `yaml:"home_tab_enabled"`
			MessagesTab bool `yaml:"messages_tab_enabled"`
			ReadOnly    bool `yaml:"messages_tab_read_only_enabled"`
		} `yaml:"app_home"`
		SlashCommands []command  `yaml:"slash_commands"`
		Shortcuts     []shortcut `yaml:"shortcuts"`
	} `yaml:"features"`
	OAuthConfig struct {
		Scopes struct {
			Bot []string `yaml:"bot"`
		} `yaml:"scopes"`
	} `yaml:"oauth_config"`
	Settings struct {
		EventSubscriptions struct {
			BotEvents []string `yaml:"bot_events"`
		} `yaml:"event_subscriptions"`
		Interactivity struct {
			Enabled bool `yaml:"is_enabled"`
		} `yaml:"interactivity"`
		SocketMode bool `yaml:"socket_mode_enabled"`
	} `yaml:"settings"`
}

// The limits of a manifest, in characters.
const (
	maxAppName        = 35
	maxAppDescription = 140
	minLong           = 175
	maxLong           = 4_000
	maxCommand        = 32
	maxCommandText    = 2_000
	maxUsageHint      = 1_000
	maxShortcuts      = 10
	maxShortcutName   = 24
	maxShortcutText   = 150
)

// commandForm is a slash command: lower case, no spaces.
var commandForm = regexp.MustCompile(`^/[^\sA-Z/]+$`)

// check says everything at once that Slack would refuse of a manifest.
func (m *manifest) check() error {
	var errs []error
	bad := func(format string, args ...any) { errs = append(errs, fmt.Errorf(format, args...)) }
	length := func(where, text string, least, most int) {
		if n := utf8.RuneCountInString(text); n < least || n > most {
			bad("%s has %d characters, allowed are %d to %d", where, n, least, most)
		}
	}
	about := m.DisplayInformation
	length("display_information.name", about.Name, 1, maxAppName)
	length("display_information.description", about.Description, 0, maxAppDescription)
	if about.LongDescription != "" {
		length("display_information.long_description", about.LongDescription, minLong, maxLong)
	}
	commands := map[string]bool{}
	for _, c := range m.Features.SlashCommands {
		length("command "+c.Command, c.Command, 2, maxCommand)
		length("description of "+c.Command, c.Description, 1, maxCommandText)
		length("usage_hint of "+c.Command, c.UsageHint, 0, maxUsageHint)
		if !commandForm.MatchString(c.Command) {
			bad("command %q is no slash and lower case word", c.Command)
		}
		if commands[c.Command] {
			bad("command %q stands twice", c.Command)
		}
		commands[c.Command] = true
	}
	if n := len(m.Features.Shortcuts); n > maxShortcuts {
		bad("%d shortcuts, allowed are %d", n, maxShortcuts)
	}
	for _, sc := range m.Features.Shortcuts {
		length("shortcut "+sc.Name, sc.Name, 1, maxShortcutName)
		length("description of "+sc.Name, sc.Description, 0, maxShortcutText)
		length("callback_id of "+sc.Name, sc.CallbackID, 1, maxID)
		if sc.Type != "message" && sc.Type != "global" {
			bad("shortcut %q has the type %q, allowed are message and global", sc.Name, sc.Type)
		}
	}
	return errors.Join(errs...)
}

// eventScopes are the scopes of which one is needed for an event of the Events API; none for an event that needs none or is unknown.
func eventScopes(event string) []string {
	switch kind, rest, _ := strings.Cut(event, "."); {
	case kind == "message" && rest == "channels":
		return words("channels:history")
	case kind == "message" && rest == "groups":
		return words("groups:history")
	case kind == "message" && (rest == "im" || rest == "mpim"):
		return []string{rest + ":history"}
	case kind == "app_mention":
		return words("app_mentions:read")
	case strings.HasPrefix(kind, "reaction_"):
		return words("reactions:read")
	case kind == "member_joined_channel", kind == "member_left_channel":
		return words("channels:read groups:read")
	case strings.HasPrefix(kind, "channel_"):
		return words("channels:read")
	case strings.HasPrefix(kind, "group_"):
		return words("groups:read")
	case strings.HasPrefix(kind, "subteam_"):
		return words("usergroups:read")
	case kind == "team_join", kind == "user_change":
		return words("users:read")
	case kind == "user_profile_changed":
		return words("users.profile:read")
	}
	return nil
}
