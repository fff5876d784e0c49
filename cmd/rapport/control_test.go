package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"
)

// remote drives a local Slack over its control API, as any tool would.
type remote struct {
	t   testing.TB
	url string
}

// acted is what the control API answers an act with.
type acted struct {
	Acked    bool
	MS       int
	Response json.RawMessage
	Error    *string
	TS       string
	ViewID   string `json:"view_id"`
	Errors   map[string]string
}

func (a acted) failure() string {
	if a.Error == nil {
		return ""
	}
	return *a.Error
}

// scene is the part of GET /control/state that tests look at.
type scene struct {
	Now time.Time
	App struct {
		BotUser     string `json:"bot_user"`
		Connections int
	}
	People []struct {
		ID, Name string
		Bot      bool `json:"is_bot"`
		TZ       string
	}
	Channels []struct {
		ID, Name, Kind string
		Members        []string
	}
	Messages []said
	Views    []shown
	Broken   []struct{ Rule, Detail string }
}

// said is one message.
type said struct {
	Channel, TS, User, Text string
	ThreadTS                string `json:"thread_ts"`
	EphemeralTo             string `json:"ephemeral_to"`
	Blocks                  json.RawMessage
	Metadata                json.RawMessage
}

// shown is one view.
type shown struct {
	ID, User, Type string
	CallbackID     string `json:"callback_id"`
	View           json.RawMessage
	Errors         map[string]string
}

func (r remote) post(path string, body any) []byte {
	r.t.Helper()
	raw, err := json.Marshal(body)
	if err != nil {
		r.t.Fatal(err)
	}
	request, err := http.NewRequestWithContext(r.t.Context(), http.MethodPost, r.url+path, bytes.NewReader(raw))
	if err != nil {
		r.t.Fatal(err)
	}
	return r.do(request)
}

func (r remote) do(request *http.Request) []byte {
	r.t.Helper()
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		r.t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		r.t.Fatal(err)
	}
	if response.StatusCode != http.StatusOK {
		r.t.Fatalf("%s %s: %s: %s", request.Method, request.URL.Path, response.Status, answer)
	}
	return answer
}

func (r remote) act(path string, body any) acted {
	r.t.Helper()
	var a acted
	if err := json.Unmarshal(r.post(path, body), &a); err != nil {
		r.t.Fatal(err)
	}
	return a
}

func (r remote) state() scene {
	r.t.Helper()
	request, err := http.NewRequestWithContext(r.t.Context(), http.MethodGet, r.url+"/state", nil)
	if err != nil {
		r.t.Fatal(err)
	}
	var s scene
	if err := json.Unmarshal(r.do(request), &s); err != nil {
		r.t.Fatal(err)
	}
	return s
}

// patienceOfTests is how long, in real time, is waited for what has to come: a busy machine lets it come late.
const patienceOfTests = 2 * time.Minute

// slackWaits and botWaits stand in the place of Slack's three seconds for an acknowledgement and the bot's own limit where many towns share a busy machine: what a
// late acknowledgement brings about has tests of its own.
const (
	slackWaits = 10 * time.Second
	botWaits   = 9 * time.Second
)

// patientWiring is the playground's bot in a company whose Slack waits that long.
func patientWiring(p *town, log *slog.Logger) wiring {
	w := townWiring(p, log)
	w.slack.AckBy = botWaits
	return w
}

// connected waits until the bot has both of its sockets. Sockets live in real time.
func (r remote) connected() error {
	r.t.Helper()
	look := time.NewTicker(5 * time.Millisecond)
	defer look.Stop()
	patience := time.After(patienceOfTests)
	for {
		if r.state().App.Connections == 2 {
			return nil
		}
		select {
		case <-look.C:
		case <-patience:
			return fmt.Errorf("the bot has not come back within %s", patienceOfTests)
		}
	}
}

func (r remote) setClock(to time.Time) {
	r.t.Helper()
	r.post("/clock", map[string]string{"set": to.Format(time.RFC3339)})
}

func (r remote) advance(d string) { r.t.Helper(); r.post("/clock", map[string]string{"advance": d}) }

// person finds somebody by handle; "rapport" is the app.
func (s scene) person(handle string) string {
	if handle == "rapport" {
		return s.App.BotUser
	}
	for _, p := range s.People {
		if p.Name == handle {
			return p.ID
		}
	}
	return ""
}

// place finds "#channel", "dm ana" (the app's) or "group ana bob" (the app's with several).
func (s scene) place(words string) (string, error) {
	if name, ok := strings.CutPrefix(words, "#"); ok {
		for _, c := range s.Channels {
			if c.Name == name {
				return c.ID, nil
			}
		}
		return "", fmt.Errorf("no channel %q", words)
	}
	fields := strings.Fields(words)
	if len(fields) < 2 || fields[0] != "dm" && fields[0] != "group" {
		return "", fmt.Errorf("no place %q", words)
	}
	want := map[string]bool{s.App.BotUser: true}
	for _, handle := range fields[1:] {
		id := s.person(handle)
		if id == "" {
			return "", fmt.Errorf("nobody is called %q", handle)
		}
		want[id] = true
	}
	for _, c := range s.Channels {
		if c.Kind != "im" && c.Kind != "mpim" || len(c.Members) != len(want) {
			continue
		}
		all := true
		for _, m := range c.Members {
			all = all && want[m]
		}
		if all {
			return c.ID, nil
		}
	}
	return "", nil // not opened yet: nothing was said there
}

// words flattens a message or view to everything that a person reads in it.
func words(text string, blocks json.RawMessage) string {
	var all []string
	if text != "" {
		all = append(all, text)
	}
	var tree any
	if json.Unmarshal(blocks, &tree) == nil {
		collectWords(tree, &all)
	}
	return strings.Join(all, "\n")
}

func collectWords(node any, into *[]string) {
	switch n := node.(type) {
	case []any:
		for _, child := range n {
			collectWords(child, into)
		}
	case map[string]any:
		for _, key := range []string{"title", "text", "label", "hint", "description", "placeholder", "url", "initial_value", "initial_date"} {
			if s, ok := n[key].(string); ok {
				*into = append(*into, s)
			}
		}
		for _, child := range n {
			switch child.(type) {
			case map[string]any, []any:
				collectWords(child, into)
			}
		}
	}
}

// buttons finds a button by its label and returns its action id, block id and value.
func buttons(node any, label string) (action, block, value string, ok bool) {
	return labelled(node, func(n map[string]any) (string, bool) {
		said := textOf(n)
		value, _ := n["value"].(string)
		return value, n["type"] == "button" && strings.HasPrefix(said, label)
	})
}

// options finds what can be chosen from by the label of an option, and returns the option's value.
func options(node any, label string) (action, block, value string, ok bool) {
	return labelled(node, func(n map[string]any) (string, bool) {
		list, _ := n["options"].([]any)
		for _, o := range list {
			if o, _ := o.(map[string]any); strings.HasPrefix(textOf(o), label) {
				value, _ := o["value"].(string)
				return value, true
			}
		}
		return "", false
	})
}

func textOf(n map[string]any) string {
	text, _ := n["text"].(map[string]any)
	said, _ := text["text"].(string)
	return said
}

// labelled finds the first element that fits, and the block that it stands in.
func labelled(node any, fits func(map[string]any) (value string, ok bool)) (action, block, value string, ok bool) {
	switch n := node.(type) {
	case []any:
		for _, child := range n {
			if a, b, v, ok := labelled(child, fits); ok {
				return a, b, v, ok
			}
		}
	case map[string]any:
		if v, ok := fits(n); ok {
			a, _ := n["action_id"].(string)
			return a, "", v, true
		}
		for _, child := range n {
			if a, b, v, ok := labelled(child, fits); ok {
				if id, has := n["block_id"].(string); has && b == "" {
					b = id
				}
				return a, b, v, ok
			}
		}
	}
	return "", "", "", false
}
