package slackfake

import (
	"os"
	"testing"
)

func TestReadApp(t *testing.T) {
	raw, err := os.ReadFile("testdata/app.yaml")
	if err != nil {
		t.Fatal(err)
	}
	a, err := readApp(raw)
	if err != nil {
		t.Fatal(err)
	}
	if a.name != "Helper" || a.handle != "helper" || !a.homeTab || !a.messagesTab || !a.interactive || !a.socketMode {
		t.Errorf("read as %+v", a)
	}
	if c, ok := a.command("/help-me"); !ok || !c.ShouldEscape || c.UsageHint != "[with what]" {
		t.Errorf("command %+v, %v", c, ok)
	}
	if sc, ok := a.shortcut("help_here"); !ok || sc.Type != "message" {
		t.Errorf("shortcut %+v, %v", sc, ok)
	}
	if !a.may("chat:write") || a.may("admin") || !a.subscribed("message.im") || a.subscribed("message.groups") {
		t.Errorf("scopes %v, events %v", a.scopes, a.events)
	}
}

func TestReadAppJSON(t *testing.T) {
	a, err := readApp([]byte(`{"display_information":{"name":"J"},"oauth_config":{"scopes":{"bot":["chat:write"]}}}`))
	if err != nil || a.name != "J" || !a.may("chat:write") {
		t.Errorf("%+v, %v", a, err)
	}
}

func TestReadAppRefuses(t *testing.T) {
	for name, raw := range map[string]string{
		"no manifest":         "",
		"no name":             "oauth_config: {scopes: {bot: [chat:write]}}",
		"no YAML":             "display_information: [",
		"a command twice":     "display_information: {name: X}\nfeatures: {slash_commands: [{command: /a, description: a}, {command: /a, description: b}]}",
		"a command's name":    "display_information: {name: X}\nfeatures: {slash_commands: [{command: a, description: a}]}",
		"an unknown shortcut": "display_information: {name: X}\nfeatures: {shortcuts: [{name: A, type: sideways, callback_id: a, description: a}]}",
		"too long a name":     "display_information: {name: 'a name that is much longer than thirty-five characters'}",
	} {
		if a, err := readApp([]byte(raw)); err == nil {
			t.Errorf("%s: read as %+v", name, a)
		}
	}
}
