package slackfake

import (
	"fmt"
	"slices"

	"go.yaml.in/yaml/v3"
)

// app is the installed app as its manifest describes it.
type app struct {
	id        string
	botID     string // B…, the bot
	botUser   string // U…, the bot's user
	botToken  string
	appToken  string
	name      string
	about     string   // the manifest's description
	handle    string   // the bot user's display name
	scopes    []string // of the bot token
	commands  []command
	shortcuts []shortcut
	events    []string // subscriptions of the bot

	homeTab     bool
	messagesTab bool
	interactive bool
	socketMode  bool
}

// command is a slash command.
type command struct {
	Command      string `yaml:"command" json:"command"`
	Description  string `yaml:"description" json:"description"`
	UsageHint    string `yaml:"usage_hint" json:"usage_hint"`
	ShouldEscape bool   `yaml:"should_escape" json:"should_escape"`
}

// shortcut is a global or a message shortcut.
type shortcut struct {
	Name        string `yaml:"name" json:"name"`
	Type        string `yaml:"type" json:"type"` // global or message
	CallbackID  string `yaml:"callback_id" json:"callback_id"`
	Description string `yaml:"description" json:"description"`
}

// The local tokens are obviously local; a real one can never equal them.
const (
	localBotToken = "xoxb-local-bot-token"
	localAppToken = "xapp-local-app-token"
)

// readApp reads a manifest, YAML or JSON.
func readApp(raw []byte) (*app, error) {
	var m manifest
	if err := yaml.Unmarshal(raw, &m); err != nil {
		return nil, fmt.Errorf("read app manifest: %w", err)
	}
	if err := m.check(); err != nil {
		return nil, fmt.Errorf("read app manifest: %w", err)
	}
	a := &app{
		id: "A000000001", botID: "B000000001", botToken: localBotToken, appToken: localAppToken,
		name: m.DisplayInformation.Name, about: m.DisplayInformation.Description, handle: m.Features.BotUser.DisplayName,
		scopes: m.OAuthConfig.Scopes.Bot, commands: m.Features.SlashCommands, shortcuts: m.Features.Shortcuts,
		events: m.Settings.EventSubscriptions.BotEvents, homeTab: m.Features.AppHome.HomeTab,
		messagesTab: m.Features.AppHome.MessagesTab, interactive: m.Settings.Interactivity.Enabled, socketMode: m.Settings.SocketMode,
	}
	if a.handle == "" {
		a.handle = a.name
	}
	return a, nil
}

// may says that the bot token has a scope.
func (a *app) may(scope string) bool { return slices.Contains(a.scopes, scope) }

// command finds a slash command by its name with the slash.
func (a *app) command(name string) (command, bool) {
	for _, c := range a.commands {
		if c.Command == name {
			return c, true
		}
	}
	return command{}, false
}

// shortcut finds a shortcut by its callback id.
func (a *app) shortcut(callbackID string) (shortcut, bool) {
	for _, sc := range a.shortcuts {
		if sc.CallbackID == callbackID {
			return sc, true
		}
	}
	return shortcut{}, false
}

// subscribed says that the app wants an event: a name of the Events API such as app_mention or message.im.
func (a *app) subscribed(event string) bool { return slices.Contains(a.events, event) }

// install makes the app's bot user, and says what the app will wait for in vain.
func (s *Server) install() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, event := range s.app.events {
		if needed := eventScopes(event); len(needed) > 0 && !s.app.mayAny(needed...) {
			s.log.Warn("the manifest subscribes to an event without a scope for it; Slack will not send it", "event", event, "needed", needed)
		}
	}
	s.app.botUser = s.world.id("U")
	s.world.addUser(&User{
		ID: s.app.botUser, TeamID: s.world.Team.ID, Name: s.app.handle, RealName: s.app.name, Bot: true,
		TZ: "America/Los_Angeles", Updated: s.clock.Now(), Color: "5b4bd6",
	})
}
