package deploy

import (
	"bytes"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

// shape is the part of Slack's manifest that Rapport uses. It is decoded strictly: a misspelt field is an error, not a feature that is
// silently off.
type shape struct {
	Metadata struct {
		Major int `yaml:"major_version"`
		Minor int `yaml:"minor_version"`
	} `yaml:"_metadata"`
	Display struct {
		Name        string `yaml:"name"`
		Description string `yaml:"description"`
		Long        string `yaml:"long_description"`
		Background  string `yaml:"background_color"`
	} `yaml:"display_information"`
	Features struct {
		Home struct {
			Home     bool `yaml:"home_tab_enabled"`
			Messages bool `yaml:"messages_tab_enabled"`
			ReadOnly bool `yaml:"messages_tab_read_only_enabled"`
		} `yaml:"app_home"`
		Bot struct {
			Name   string `yaml:"display_name"`
			Online bool   `yaml:"always_online"`
		} `yaml:"bot_user"`
		Shortcuts []struct {
			Name        string `yaml:"name"`
			Type        string `yaml:"type"`
			CallbackID  string `yaml:"callback_id"`
			Description string `yaml:"description"`
		} `yaml:"shortcuts"`
		Commands []struct {
			Command     string `yaml:"command"`
			Description string `yaml:"description"`
			UsageHint   string `yaml:"usage_hint"`
			Escape      bool   `yaml:"should_escape"`
		} `yaml:"slash_commands"`
	} `yaml:"features"`
	OAuth struct {
		Scopes struct {
			Bot []string `yaml:"bot"`
		} `yaml:"scopes"`
	} `yaml:"oauth_config"`
	Settings struct {
		Events struct {
			Bot []string `yaml:"bot_events"`
		} `yaml:"event_subscriptions"`
		Interactivity struct {
			Enabled bool `yaml:"is_enabled"`
		} `yaml:"interactivity"`
		Org      bool `yaml:"org_deploy_enabled"`
		Socket   bool `yaml:"socket_mode_enabled"`
		Rotation bool `yaml:"token_rotation_enabled"`
	} `yaml:"settings"`
}

func decode(t *testing.T, text []byte) shape {
	t.Helper()
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	decoder.KnownFields(true)
	var m shape
	if err := decoder.Decode(&m); err != nil {
		t.Fatal(err)
	}
	return m
}

func TestManifestLimits(t *testing.T) {
	m := decode(t, Manifest())
	within := func(what, text string, least, most int) {
		t.Helper()
		if n := utf8.RuneCountInString(text); n < least || n > most {
			t.Errorf("%s has %d characters, allowed are %d to %d", what, n, least, most)
		}
	}
	within("name", m.Display.Name, 1, 35)
	within("description", m.Display.Description, 1, 140)
	within("long description", m.Display.Long, 175, 4000)
	within("bot's name", m.Features.Bot.Name, 1, 80)
	if len(m.Features.Shortcuts) > 10 {
		t.Errorf("%d shortcuts, allowed are 10", len(m.Features.Shortcuts))
	}
	for _, s := range m.Features.Shortcuts {
		within("name of shortcut "+s.CallbackID, s.Name, 1, 24)
		within("callback id of shortcut "+s.Name, s.CallbackID, 1, 255)
		within("description of shortcut "+s.Name, s.Description, 1, 150)
	}
	for _, c := range m.Features.Commands {
		within("command "+c.Command, c.Command, 2, 32)
		within("description of "+c.Command, c.Description, 1, 2000)
		within("usage hint of "+c.Command, c.UsageHint, 1, 1000)
	}
}

func TestManifestContent(t *testing.T) {
	m := decode(t, Manifest())
	var commands []string
	for _, c := range m.Features.Commands {
		commands = append(commands, c.Command)
		if !c.Escape {
			t.Errorf("%s does not escape: its mentions would arrive as plain text", c.Command)
		}
	}
	if want := []string{"/kudos", "/followup", "/coffee", "/rapport"}; !slices.Equal(commands, want) {
		t.Errorf("commands are %v, want %v", commands, want)
	}
	shortcuts := map[string]string{}
	for _, s := range m.Features.Shortcuts {
		if s.Type != "message" {
			t.Errorf("shortcut %q is of type %q", s.Name, s.Type)
		}
		shortcuts[s.CallbackID] = s.Name
	}
	if shortcuts["give_kudos"] != "Give kudos" || shortcuts["follow_up"] != "Follow up on this" {
		t.Errorf("shortcuts are %v", shortcuts)
	}
	if !m.Settings.Socket || m.Settings.Org || m.Settings.Rotation || !m.Settings.Interactivity.Enabled {
		t.Errorf("settings are %+v", m.Settings)
	}
	if !m.Features.Home.Home || !m.Features.Home.Messages || m.Features.Home.ReadOnly {
		t.Errorf("app home is %+v", m.Features.Home)
	}
}

// eventScopes says which scopes let an event through: any of them will do. An event that is missing here needs none. Source: each
// event's page in Slack's events reference.
var eventScopes = map[string][]string{
	"message.im":            {"im:history"},
	"member_joined_channel": {"channels:read", "groups:read"},
	"member_left_channel":   {"channels:read", "groups:read"},
	"channel_left":          {"channels:read"},
	"channel_archive":       {"channels:read"},
	"channel_deleted":       {"channels:read"},
	"channel_rename":        {"channels:read"},
	"group_left":            {"groups:read"},
	"group_archive":         {"groups:read"},
	"group_deleted":         {"groups:read"},
	"group_rename":          {"groups:read"},
	"user_change":           {"users:read"},
	"team_join":             {"users:read"},
	"reaction_added":        {"reactions:read"},
	"reaction_removed":      {"reactions:read"},

	"subteam_created":         {"usergroups:read"},
	"subteam_updated":         {"usergroups:read"},
	"subteam_members_changed": {"usergroups:read"},
}

var eventsWithoutScope = []string{"app_home_opened", "app_uninstalled", "tokens_revoked"}

func TestEventsHaveTheirScopes(t *testing.T) {
	for _, features := range [][]Feature{nil, Features()} {
		text, err := Render(features...)
		if err != nil {
			t.Fatal(err)
		}
		m := decode(t, text)
		for _, event := range m.Settings.Events.Bot {
			scopes, known := eventScopes[event]
			if !known && !slices.Contains(eventsWithoutScope, event) {
				t.Errorf("the scopes of event %q are not known here", event)
			}
			if known && !slices.ContainsFunc(scopes, func(s string) bool { return slices.Contains(m.OAuth.Scopes.Bot, s) }) {
				t.Errorf("event %q never comes: it needs one of %v", event, scopes)
			}
		}
	}
}

func TestScopesAreMinimalAndExplained(t *testing.T) {
	var minimal []string
	for _, s := range Scopes() {
		if s.Feature == "" {
			minimal = append(minimal, s.Name)
		} else if !slices.Contains(Features(), s.Feature) {
			t.Errorf("scope %q belongs to the unknown feature %q", s.Name, s.Feature)
		}
		if s.Why == "" || s.Without == "" || strings.ContainsAny(s.Why+s.Without, "\n") {
			t.Errorf("scope %q is not explained in one line each", s.Name)
		}
		if regexp.MustCompile(`^admin|:join$|write\.customize|write\.public|^identify$`).MatchString(s.Name) {
			t.Errorf("scope %q must never be asked for", s.Name)
		}
	}
	if m := decode(t, Manifest()); !slices.Equal(m.OAuth.Scopes.Bot, minimal) {
		t.Errorf("the manifest asks for %v, explained are %v", m.OAuth.Scopes.Bot, minimal)
	}
	if bytes.Contains(Manifest(), []byte("user_events")) || bytes.Contains(Manifest(), []byte("      user:")) {
		t.Error("the manifest asks for a user token")
	}
}

func TestRender(t *testing.T) {
	base, err := Render()
	if err != nil {
		t.Fatal(err)
	}
	want := decode(t, Manifest())
	if got := decode(t, base); !slices.Equal(got.OAuth.Scopes.Bot, want.OAuth.Scopes.Bot) || got.Display != want.Display {
		t.Errorf("without features it changes: %+v", got)
	}
	text, err := Render(FeatureReactions, FeatureDND, FeatureDND)
	if err != nil {
		t.Fatal(err)
	}
	got := decode(t, text)
	if extra := got.OAuth.Scopes.Bot[len(want.OAuth.Scopes.Bot):]; !slices.Equal(extra, []string{"dnd:read", "reactions:read"}) {
		t.Errorf("added scopes are %v", extra)
	}
	if extra := got.Settings.Events.Bot[len(want.Settings.Events.Bot):]; !slices.Equal(extra, []string{"reaction_added", "reaction_removed"}) {
		t.Errorf("added events are %v", extra)
	}
	if !strings.Contains(string(text), "- dnd:read # who does not want to be disturbed right now\n") {
		t.Errorf("scopes are not explained in\n%s", text)
	}
	if _, err := Render("magic"); err == nil || !strings.Contains(err.Error(), `"magic"`) || !strings.Contains(err.Error(), "channel-history") {
		t.Errorf("an unknown feature: %v", err)
	}
	if again, _ := Render(FeatureReactions, FeatureDND); !bytes.Equal(again, text) {
		t.Error("rendering twice differs")
	}
}

func TestEveryFeatureAddsAScope(t *testing.T) {
	for _, f := range Features() {
		text, err := Render(f)
		if err != nil {
			t.Fatal(err)
		}
		if len(decode(t, text).OAuth.Scopes.Bot) <= len(decode(t, Manifest()).OAuth.Scopes.Bot) {
			t.Errorf("feature %q adds no scope", f)
		}
	}
}

func TestParseFeatures(t *testing.T) {
	if got := ParseFeatures(" dnd, email,,"); !slices.Equal(got, []Feature{FeatureDND, FeatureEmail}) {
		t.Errorf("got %v", got)
	}
	if got := ParseFeatures(""); got != nil {
		t.Errorf("got %v", got)
	}
}

func TestMissing(t *testing.T) {
	var granted []string
	for _, s := range Scopes() {
		if s.Feature == "" && s.Name != "im:write" {
			granted = append(granted, s.Name)
		}
	}
	missing := Missing(granted, FeatureDND)
	if len(missing) != 2 || missing[0].Name != "im:write" || missing[1].Name != "dnd:read" {
		t.Errorf("got %+v", missing)
	}
	if missing := Missing(append(granted, "im:write")); missing != nil {
		t.Errorf("got %+v", missing)
	}
}

func TestManifestIsTheCallers(t *testing.T) {
	Manifest()[0] = 'X'
	if Manifest()[0] == 'X' {
		t.Error("the embedded manifest can be changed from outside")
	}
}

// TestPrivacyNamesEveryScope keeps the document for those who approve Rapport true.
func TestPrivacyNamesEveryScope(t *testing.T) {
	text, err := os.ReadFile("../PRIVACY.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range Scopes() {
		line := "| `" + s.Name + "` | " + s.Why + " | " + s.Without + " |"
		if !strings.Contains(string(text), line) {
			t.Errorf("PRIVACY.md lacks the line\n%s", line)
		}
	}
}
