package slackapp

import (
	"context"
	"encoding/json"
	"testing"

	"rapport/bot"
)

func TestTokensTellActsApart(t *testing.T) {
	event := func(id, ts, user string) string {
		return `{"team_id":"T1","event_id":"` + id + `","event":{"type":"message","channel_type":"im","user":"` + user + `","channel":"D1","text":"x","ts":"` + ts + `","event_ts":"` + ts + `"}}`
	}
	choice := func(ts, value string) string {
		return `{"type":"block_actions","user":{"id":"U1"},"container":{"message_ts":"9.1","channel_id":"C1"},"actions":[{"type":"static_select","action_id":"a.b","action_ts":"` + ts + `","selected_option":{"value":"` + value + `"}}]}`
	}
	for _, tt := range []struct {
		name string
		kind string
		a, b string
		same bool
	}{
		{"an event under another id", "events_api", event("Ev1", "1.1", "U1"), event("Ev2", "1.1", "U1"), true},
		{"a later event", "events_api", event("Ev1", "1.1", "U1"), event("Ev1", "1.2", "U1"), false},
		{"somebody else's event", "events_api", event("Ev1", "1.1", "U1"), event("Ev1", "1.1", "U2"), false},
		{"a command again", "slash_commands", `{"command":"/x","trigger_id":"1.2"}`, `{"command":"/x","trigger_id":"1.2"}`, true},
		{"another command", "slash_commands", `{"command":"/x","trigger_id":"1.2"}`, `{"command":"/x","trigger_id":"1.3"}`, false},
		{"a choice delivered twice", "interactive", choice("5.1", "y"), choice("5.1", "y"), true},
		{"a choice made again", "interactive", choice("5.1", "y"), choice("5.2", "y"), false},
	} {
		a, err := envelope{Type: tt.kind, Payload: json.RawMessage(tt.a)}.request(wednesday)
		if err != nil {
			t.Fatal(err)
		}
		b, err := envelope{Type: tt.kind, Payload: json.RawMessage(tt.b)}.request(wednesday)
		if err != nil {
			t.Fatal(err)
		}
		if a.Token == "" || (a.Token == b.Token) != tt.same {
			t.Errorf("%s: %q and %q", tt.name, a.Token, b.Token)
		}
	}
	if token("a/b", "c") == token("a", "b/c") {
		t.Error("the parts of tokens run into each other")
	}
}

func TestNoiseIsNotHandled(t *testing.T) {
	for payload, want := range map[string]bool{
		`{"event":{"type":"message","channel_type":"im","user":"U1","text":"hi"}}`:                             false,
		`{"event":{"type":"message","channel_type":"im","user":"UBOT","text":"hi"}}`:                           true,
		`{"event":{"type":"message","channel_type":"im","user":"U2","bot_id":"B2","text":"hi"}}`:               true,
		`{"event":{"type":"message","channel_type":"im","subtype":"message_changed"}}`:                         true,
		`{"event":{"type":"message","channel_type":"im","user":"U1","text":"look","subtype":"file_share"}}`:    false,
		`{"event":{"type":"member_joined_channel","user":"UBOT","channel":"C1"}}`:                              false,
		`{"event":{"type":"user_change","user":{"id":"UBOT"}}}`:                                                false,
		`{"event":{"type":"reaction_added","user":"U1","reaction":"tada","item":{"channel":"C1","ts":"1.2"}}}`: false,
	} {
		r, err := envelope{Type: "events_api", Payload: json.RawMessage(payload)}.request(wednesday)
		if err != nil {
			t.Fatal(err)
		}
		if got := r.noise("UBOT"); got != want {
			t.Errorf("%s: %t, want %t", payload, got, want)
		}
	}
}

func TestValuesThatNoHonestFormSends(t *testing.T) {
	v := Values{"day": {Date: "2026-02-31"}, "time": {Time: "25:00"}, "n": {Text: "seven"}, "m": {Option: "3"}}
	if _, ok := v.Date("day"); ok {
		t.Error("31 February is a day")
	}
	if _, ok := v.Minute("time"); ok {
		t.Error("25:00 is a time")
	}
	if _, ok := v.Number("n"); ok {
		t.Error("seven is a number")
	}
	if n, ok := v.Number("m"); !ok || n != 3 {
		t.Error("an option is no number")
	}
	if v.Text("none") != "" || v.Users("none") != nil || v.Ticked("none", "a") {
		t.Error("what is missing is there")
	}
}

func TestRoutesAreFound(t *testing.T) {
	handle := silent
	table := newTable()
	if err := table.add(
		Route{Kind: OnCommand, Name: "/rapport", Handle: handle}, Route{Kind: OnCommand, Name: "/rapport help", Handle: handle},
		Route{Kind: OnAction, Name: "kudos.undo", Handle: handle}, Route{Kind: OnAction, Name: "coffee.", Handle: handle},
	); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		request Request
		route   string
		rest    string
	}{
		{Request{Kind: OnCommand, Name: "/rapport", Text: "help me  now"}, "/rapport help", "me  now"},
		{Request{Kind: OnCommand, Name: "/rapport", Text: "Help\u00a0me"}, "/rapport help", "me"},
		{Request{Kind: OnCommand, Name: "/rapport", Text: "helpful"}, "/rapport", "helpful"},
		{Request{Kind: OnCommand, Name: "/rapport"}, "/rapport", ""},
		{Request{Kind: OnCommand, Name: "/other"}, "", ""},
		{Request{Kind: OnAction, Name: "kudos.undo"}, "kudos.undo", ""},
		{Request{Kind: OnAction, Name: "kudos.undone"}, "", ""},
		{Request{Kind: OnAction, Name: "coffee.skip"}, "coffee.", ""},
		{Request{Kind: OnSubmit, Name: "kudos.undo"}, "", ""},
	} {
		route, ok := table.find(&tt.request)
		if route.Name != tt.route || ok != (tt.route != "") || tt.request.Rest != tt.rest {
			t.Errorf("%+v: %q, rest %q", tt.request, route.Name, tt.request.Rest)
		}
	}
	for _, r := range []Route{{Kind: OnAction, Name: "kudos.undo", Handle: handle}, {Kind: OnAction, Name: "x.y"}, {Kind: OnEvent, Handle: handle}} {
		if table.add(r) == nil {
			t.Errorf("%+v is added", r)
		}
	}
}

func FuzzEnvelope(f *testing.F) {
	for _, seed := range [][2]string{
		{"slash_commands", `{"command":"/kudos","text":"<@U1> hi","user_id":"U1","trigger_id":"1.2"}`},
		{"interactive", `{"type":"block_actions","user":{"id":"U1"},"actions":[{"action_id":"a.b:2","selected_options":[{"value":"x"}],"selected_date_time":5}],"view":{"id":"V1","state":{"values":{"b":{"a":{"value":"x"}}}}}}`},
		{"interactive", `{"type":"view_submission","view":{"callback_id":"a.b","state":{"values":{"b":{"a":{"selected_option":null}}}},"blocks":[{"type":"input","block_id":"b"}]}}`},
		{"interactive", `{"type":"message_action","callback_id":"x","message":{"ts":"1.2","text":"t"}}`},
		{"events_api", `{"event":{"type":"message","channel_type":"im","user":{"id":"U1"},"channel":{"id":"C1"}}}`},
		{"events_api", `{"event":null}`},
		{"hello", `{}`},
	} {
		f.Add(seed[0], []byte(seed[1]))
	}
	f.Fuzz(func(t *testing.T, kind string, payload []byte) {
		r, err := envelope{Type: kind, Payload: payload}.request(wednesday)
		if err != nil {
			return
		}
		if r.Kind == "" || r.Token == "" {
			t.Errorf("decoded without a kind or token: %+v", r)
		}
		table := newTable()
		if err := table.add(Route{Kind: OnCommand, Name: "/kudos", Handle: silent}, Route{Kind: OnAction, Name: "a.", Handle: silent}); err != nil {
			t.Fatal(err)
		}
		table.find(&r)
		r.noise("U1")
		for block := range r.Values {
			r.Values.Date(block)
			r.Values.Minute(block)
			r.Values.Number(block)
		}
		if _, err := returned(wordsWrong, r.Text).seal(); err != nil && len(r.Text) < 10_000 {
			t.Errorf("the text cannot be given back: %v", err)
		}
	})
}

func TestMemoryForgetsTheOldest(t *testing.T) {
	var m recent
	see := func(n int) bool {
		first, err := m.Seen(t.Context(), bot.Token(rune(n)))
		if err != nil {
			t.Fatal(err)
		}
		return first
	}
	for n := range remembered {
		if !see(n) {
			t.Fatalf("%d is known already", n)
		}
	}
	if see(0) {
		t.Error("0 is forgotten too early")
	}
	see(remembered)
	if !see(0) || see(remembered) {
		t.Error("the oldest is not what is forgotten")
	}
}

// silent acknowledges without a word.
func silent(context.Context, Request) (Response, error) { return Response{}, nil }
