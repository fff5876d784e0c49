package slackfake

import (
	"bytes"
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"testing"
	"time"
)

// say lets the app post blocks in #general and returns the message's ts.
func say(t *testing.T, s *Server, ephemeralTo, blocks string) string {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	m := s.addMessage(s.world.channels["CGEN"], &Message{
		User: s.app.botUser, BotID: s.app.botID, AppID: s.app.id, Text: "something to press", Blocks: json.RawMessage(blocks), EphemeralTo: ephemeralTo,
	})
	return m.TS
}

// open shows somebody a view and returns its id.
func open(t *testing.T, s *Server, user, view string) string {
	t.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	v, no := s.openView(user, json.RawMessage(view))
	if no != nil {
		t.Fatal(no)
	}
	return v.ID
}

func TestCommandEnvelope(t *testing.T) {
	s := startSlack(t)
	c := dial(t, s, nil)
	c.hello()
	acted(t, s, "/command", `{"user":"@ana","channel":"#general","command":"thanks","text":" @ben for <this> & more, see #general https://a.example/?b=c. "}`)
	w := c.next()
	if w.Type != "slash_commands" || !w.Accepts {
		t.Fatalf("envelope %+v", w)
	}
	wantAt(t, payloadOf(t, w.Payload), map[string]any{
		"command": "/thanks", "user_id": "UANA", "user_name": "ana", "channel_id": "CGEN", "channel_name": "general",
		"team_id": "T000000001", "team_domain": "acme", "api_app_id": s.app.id, "is_enterprise_install": "false",
		"trigger_id": present, "response_url": present,
		"text": "<@UBEN|ben> for &lt;this&gt; &amp; more, see <#CGEN|general> <https://a.example/?b=c>.",
	})
}

func TestCommandText(t *testing.T) {
	s := startSlack(t)
	s.mu.Lock()
	s.addGroup(&UserGroup{ID: "SDEV", Handle: "devs", Name: "Developers", Users: []string{"UANA"}})
	s.mu.Unlock()
	c := dial(t, s, nil)
	c.hello()
	for _, tt := range []struct{ command, typed, want string }{
		{"/thanks", "@devs well done", "<!subteam^SDEV|@devs> well done"},
		{"/thanks", "@here and @nobody", "<!here> and @nobody"},
		{"/thanks", "<@UBEN> stays & as <it> is", "<@UBEN> stays & as <it> is"},
		{"/thanks", "<@UBEN|ben> stays", "<@UBEN|ben> stays"},
		{"/thanks", "mail ben@example.com.", "mail <mailto:ben@example.com|ben@example.com>."},
		{"/thanks", "@ben's idea, @ana.", "<@UBEN|ben>'s idea, <@UANA|ana>."},
		{"/plain", "@ben #general a<b", "@ben #general a&lt;b"},
		{"/plain", "", ""},
	} {
		body := mustJSON(map[string]any{"user": "UANA", "channel": "CGEN", "command": tt.command, "text": tt.typed})
		acted(t, s, "/command", string(body))
		if got := payloadOf(t, c.next().Payload)["text"]; got != tt.want {
			t.Errorf("%s %q came as %q, want %q", tt.command, tt.typed, got, tt.want)
		}
	}
}

func TestCommandAnswers(t *testing.T) {
	for _, tt := range []struct {
		name        string
		answer      any
		text        string // of the message that appears; empty for none
		ephemeralTo string
		problem     any
	}{
		{name: "nothing"},
		{name: "for the person alone", answer: map[string]any{"text": "noted"}, text: "noted", ephemeralTo: "UANA"},
		{name: "for all", answer: map[string]any{"text": "noted", "response_type": "in_channel"}, text: "noted"},
		{name: "plain text", answer: "noted", text: "noted", ephemeralTo: "UANA"},
		{name: "empty object", answer: map[string]any{}},
		{name: "no message", answer: []int{1}, problem: "invalid_command_response"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := startSlack(t)
			dial(t, s, func(wire) any { return tt.answer }).hello()
			_, answer := post(t, s, "/command", `{"user":"ana","channel":"general","command":"/plain"}`)
			if answer["acked"] != true || answer["error"] != tt.problem {
				t.Errorf("act answered %v", answer)
			}
			if got, want := string(mustJSON(answer["response"])), string(mustJSON(tt.answer)); got != want {
				t.Errorf("response %s, want %s", got, want)
			}
			messages := stateOfSlack(t, s, "")["messages"].([]any)
			if tt.text == "" {
				if len(messages) != 0 {
					t.Errorf("messages %v", messages)
				}
				return
			}
			want := map[string]any{"text": tt.text, "channel": "CGEN", "user": s.app.botUser}
			if tt.ephemeralTo != "" {
				want["ephemeral_to"] = tt.ephemeralTo
			}
			wantAt(t, messages[0], want)
		})
	}
}

func TestActsThatCannotBe(t *testing.T) {
	s := startSlack(t)
	s.mu.Lock()
	s.addUser(&User{ID: "UCY", Name: "cy"})
	s.addUser(&User{ID: "UGONE", Name: "gone", Deleted: true})
	s.mu.Unlock()
	dial(t, s, nil).hello()
	button := say(t, s, "", `[{"type":"actions","block_id":"b","elements":[{"type":"button","action_id":"go","text":{"type":"plain_text","text":"Go"}}]}]`)
	secret := say(t, s, "UBEN", `[{"type":"actions","block_id":"b","elements":[{"type":"button","action_id":"go","text":{"type":"plain_text","text":"Go"}}]}]`)
	for _, tt := range []struct{ path, body, problem string }{
		{"/command", `{"user":"zoe","channel":"general","command":"/plain"}`, "user_not_found"},
		{"/command", `{"user":"gone","channel":"general","command":"/plain"}`, "account_inactive"},
		{"/command", `{"user":"ana","channel":"nowhere","command":"/plain"}`, "channel_not_found"},
		{"/command", `{"user":"cy","channel":"general","command":"/plain"}`, "not_in_channel"},
		{"/command", `{"user":"ana","channel":"general","command":"/unknown"}`, "unknown_command"},
		{"/message", `{"user":"ana","channel":"general","text":""}`, "no_text"},
		{"/message", `{"user":"ana","channel":"general","text":"x","thread_ts":"1.2"}`, "thread_not_found"},
		{"/click", `{"user":"ana","channel":"general","ts":"1.2","action_id":"go"}`, "message_not_found"},
		{"/click", `{"user":"ana","channel":"general","ts":"` + secret + `","action_id":"go"}`, "message_not_found"},
		{"/click", `{"user":"ana","channel":"general","ts":"` + button + `","action_id":"stop"}`, `no button "stop"`},
		{"/click", `{"user":"ana","view_id":"V1","action_id":"stop"}`, "view_not_found"},
		{"/submit", `{"user":"ana"}`, "view_not_found"},
		{"/shortcut", `{"user":"ana","callback_id":"strange"}`, "unknown_shortcut"},
		{"/home", `{"user":"ana","tab":"about"}`, "unknown_tab"},
		{"/join", `{"user":"ana","channel":"general"}`, "already_in_channel"},
		{"/leave", `{"user":"cy","channel":"general"}`, "not_in_channel"},
		{"/react", `{"user":"ana","channel":"general","ts":"` + button + `","emoji":"tada","remove":true}`, "no_reaction"},
	} {
		status, answer := post(t, s, tt.path, tt.body)
		if status != http.StatusOK || answer["error"] != tt.problem || answer["acked"] != false {
			t.Errorf("%s %s: %d %v, want %s", tt.path, tt.body, status, answer, tt.problem)
		}
	}
}

func TestClickOnMessage(t *testing.T) {
	s := startSlack(t)
	c := dial(t, s, nil)
	c.hello()
	ts := say(t, s, "", `[
		{"type":"section","block_id":"s","text":{"type":"mrkdwn","text":"Who?"},"accessory":{"type":"users_select","action_id":"who","initial_user":"UBEN"}},
		{"type":"actions","block_id":"b","elements":[
			{"type":"button","action_id":"go","value":"1","style":"primary","text":{"type":"plain_text","text":"One"}},
			{"type":"button","action_id":"go","value":"2","text":{"type":"plain_text","text":"Two"}}]}]`)
	acted(t, s, "/click", `{"user":"ana","channel":"general","ts":"`+ts+`","action_id":"go","value":"2"}`)
	w := c.next()
	if w.Type != "interactive" || w.Accepts {
		t.Fatalf("envelope %+v", w)
	}
	p := payloadOf(t, w.Payload)
	wantAt(t, p, map[string]any{
		"type": "block_actions", "user.id": "UANA", "user.username": "ana", "user.name": "ana", "user.team_id": "T000000001",
		"team.id": "T000000001", "team.domain": "acme", "api_app_id": s.app.id, "is_enterprise_install": false,
		"container.type": "message", "container.message_ts": ts, "container.channel_id": "CGEN", "container.is_ephemeral": false,
		"channel.id": "CGEN", "channel.name": "general", "trigger_id": present, "response_url": present,
		"message.ts": ts, "message.text": "something to press", "message.blocks.1.block_id": "b",
		"actions.0.type": "button", "actions.0.action_id": "go", "actions.0.block_id": "b", "actions.0.value": "2",
		"actions.0.text.text": "Two", "actions.0.action_ts": present,
		"state.values.s.who": map[string]any{"type": "users_select", "selected_user": "UBEN"},
	})
	if len(p["actions"].([]any)) != 1 {
		t.Errorf("actions %v", p["actions"])
	}
}

func TestClickOnEphemeralHasNoCopyOfTheMessage(t *testing.T) {
	s := startSlack(t)
	c := dial(t, s, nil)
	c.hello()
	ts := say(t, s, "UANA", `[{"type":"actions","block_id":"b","elements":[{"type":"button","action_id":"go","text":{"type":"plain_text","text":"Go"}}]}]`)
	acted(t, s, "/click", `{"user":"ana","channel":"general","ts":"`+ts+`","action_id":"go"}`)
	p := payloadOf(t, c.next().Payload)
	wantAt(t, p, map[string]any{"container.is_ephemeral": true, "container.message_ts": ts, "channel.id": "CGEN"})
	if _, ok := p["message"]; ok {
		t.Error("the payload copies an ephemeral message")
	}
}

func TestForgedClick(t *testing.T) {
	s := startSlack(t)
	c := dial(t, s, nil)
	c.hello()
	ts := say(t, s, "", `[{"type":"divider"}]`)
	acted(t, s, "/click", `{"user":"ana","channel":"general","ts":"`+ts+`","action_id":"go","block_id":"b","value":"evil","forge":true}`)
	wantAt(t, payloadOf(t, c.next().Payload), map[string]any{"actions.0.action_id": "go", "actions.0.block_id": "b", "actions.0.value": "evil"})
}

func TestShortcuts(t *testing.T) {
	s := startSlack(t)
	c := dial(t, s, nil)
	c.hello()
	acted(t, s, "/shortcut", `{"user":"ana","callback_id":"new"}`)
	global := payloadOf(t, c.next().Payload)
	wantAt(t, global, map[string]any{"type": "shortcut", "callback_id": "new", "trigger_id": present, "user.id": "UANA", "action_ts": present})
	for _, key := range []string{"channel", "message", "response_url"} {
		if _, ok := global[key]; ok {
			t.Errorf("a global shortcut has %s", key)
		}
	}
	ts := acted(t, s, "/message", `{"user":"ben","channel":"general","text":"I will"}`)["ts"].(string)
	acted(t, s, "/shortcut", `{"user":"ana","callback_id":"promise","channel":"general","ts":"`+ts+`"}`)
	wantAt(t, payloadOf(t, c.next().Payload), map[string]any{
		"type": "message_action", "callback_id": "promise", "trigger_id": present, "response_url": present, "message_ts": ts,
		"channel.id": "CGEN", "channel.name": "general", "message.text": "I will", "message.user": "UBEN", "user.id": "UANA",
	})
	if status, answer := post(t, s, "/shortcut", `{"user":"ana","callback_id":"promise"}`); answer["error"] == nil {
		t.Errorf("a message shortcut without a message: %d %v", status, answer)
	}
}

func TestHomeOpened(t *testing.T) {
	s := startSlack(t)
	c := dial(t, s, nil)
	c.hello()
	acted(t, s, "/home", `{"user":"ana"}`)
	first := payloadOf(t, c.next().Payload)
	wantAt(t, first, map[string]any{"event.type": "app_home_opened", "event.user": "UANA", "event.tab": "home", "event.channel": present})
	if at(t, first, "event.view") != nil {
		t.Error("there is a view before one was published")
	}
	s.mu.Lock()
	_, no := s.publishHome("UANA", json.RawMessage(`{"type":"home","callback_id":"home","blocks":[{"type":"divider","block_id":"d"}]}`), "")
	s.mu.Unlock()
	if no != nil {
		t.Fatal(no)
	}
	acted(t, s, "/home", `{"user":"ana"}`)
	wantAt(t, payloadOf(t, c.next().Payload), map[string]any{"event.view.callback_id": "home", "event.view.type": "home"})
}

func TestJoinReactLeave(t *testing.T) {
	s := startSlack(t)
	s.mu.Lock()
	s.addChannel(&Channel{ID: "CNEW", Name: "new", Members: []string{"UANA"}})
	s.mu.Unlock()
	c := dial(t, s, nil)
	c.hello()
	acted(t, s, "/join", `{"user":"@tester","channel":"new","by":"ana"}`)
	wantAt(t, payloadOf(t, c.next().Payload), map[string]any{
		"event.type": "member_joined_channel", "event.user": s.app.botUser, "event.channel": "CNEW", "event.inviter": "UANA",
	})
	ts := acted(t, s, "/message", `{"user":"ana","channel":"new","text":"hi"}`)["ts"].(string)
	acted(t, s, "/react", `{"user":"ana","channel":"new","ts":"`+ts+`","emoji":":tada:"}`)
	acted(t, s, "/leave", `{"user":"ana","channel":"new"}`)
	st := stateOfSlack(t, s, "?channel=new")
	wantAt(t, st, map[string]any{"channels.0.members": []string{s.app.botUser}, "messages.0.reactions.0.name": "tada"})
}

func TestMalformedRequests(t *testing.T) {
	s := startSlack(t)
	for _, tt := range []struct{ path, body string }{
		{"/command", `{"user":"ana"`},
		{"/command", `[]`},
		{"/command", `{"usr":"ana"}`},
		{"/message", `{"user":1}`},
		{"/clock", `{}`},
		{"/clock", `{"advance":"24h","settle":true}`},
		{"/clock", `{"advance":"-1h"}`},
		{"/clock", `{"advance":"soon"}`},
		{"/clock", `{"set":"tomorrow"}`},
		{"/clock", `{"set":"2020-01-01T00:00:00Z"}`},
		{"/faults", `{"kind":"strange","method":"x"}`},
		{"/faults", `{"kind":"500"}`},
		{"/faults", `{"kind":"disconnect","reason":"bored"}`},
		{"/people", `{"generate":-1}`},
		{"/people", `{"people":[{"nme":"x"}]}`},
		{"/people", `{"channels":[{"name":"x","members":["zoe"]}]}`},
	} {
		if status, answer := post(t, s, tt.path, tt.body); status != http.StatusBadRequest || answer["error"] == nil {
			t.Errorf("%s %s: %d %v", tt.path, tt.body, status, answer)
		}
	}
}

// stateOfSlack is GET /control/state.
func stateOfSlack(t *testing.T, s *Server, query string) map[string]any {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.ControlURL()+"/state"+query, nil)
	if err != nil {
		t.Fatal(err)
	}
	status, st := do(t, req)
	if status != http.StatusOK {
		t.Fatalf("state%s: %d %v", query, status, st)
	}
	return st
}

func FuzzControlRequests(f *testing.F) {
	for _, seed := range []string{
		`{"user":"ana","channel":"general","command":"/plain","text":"@ben <x>"}`, `{"user":"ana","channel":"general","text":"x"}`,
		`{"user":"ana","view_id":"V1","values":{"b":{"a":["x"]}}}`, `{"kind":"delay","delay_ms":1}`, `{"advance":"7d"}`, `{"people":[{"name":"x"}]}`,
	} {
		f.Add([]byte(seed))
	}
	s, err := Start(Config{Addr: "127.0.0.1:0", Manifest: []byte(socketManifest), Clock: NewClock(noon)})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { _ = s.Close() })
	s.mu.Lock()
	s.addUser(&User{ID: "UANA", Name: "ana"})
	s.addChannel(&Channel{ID: "CGEN", Name: "general", Members: []string{"UANA"}})
	s.mu.Unlock()
	f.Fuzz(func(t *testing.T, data []byte) {
		// No request may panic or leave the mutex held; whoever decodes is checked through what the state then holds.
		for _, a := range decodeActs(data) {
			s.act(t.Context(), a)
		}
		var order faultOrder
		if readControl(bytes.NewReader(data), &order) == nil && order.check() == nil && order.Kind == "" {
			t.Errorf("fault without a kind: %s", data)
		}
		var clock clockOrder
		if readControl(bytes.NewReader(data), &clock) == nil {
			_, _ = s.plan(clock)
		}
		var people peopleOrder
		if readControl(bytes.NewReader(data), &people) == nil && people.Generate == 0 {
			_, _ = s.populate(people)
		}
		if raw, problem := s.stateJSON(stateFilter{parts: []string{"people", "channels"}}); problem != "" || !json.Valid(raw) {
			t.Errorf("state after %s: %s", data, problem)
		}
	})
}

func decodeActs(data []byte) []act {
	return slices.Concat(
		decodeAct[commandAct](data), decodeAct[messageAct](data), decodeAct[clickAct](data), decodeAct[selectAct](data),
		decodeAct[submitAct](data), decodeAct[closeAct](data), decodeAct[shortcutAct](data), decodeAct[reactAct](data),
		decodeAct[homeAct](data), decodeAct[joinAct](data), decodeAct[leaveAct](data),
	)
}

func decodeAct[A act](data []byte) []act {
	var a A
	if readControl(bytes.NewReader(data), &a) != nil {
		return nil
	}
	return []act{a}
}

func FuzzEncode(f *testing.F) {
	for _, seed := range []string{"@ana & <b>", "see https://x.example/a?b=c&d, #general", "<@UANA> x", "a@b.example", "@@ana@ #"} {
		f.Add(seed)
	}
	w := newWorld(Team{ID: "T1"})
	w.addUser(&User{ID: "UANA", Name: "ana"})
	w.addChannel(&Channel{ID: "CGEN", Name: "general", Kind: Public})
	s := &Server{world: w}
	f.Fuzz(func(t *testing.T, text string) {
		got := s.encode(text, true)
		if escaped.MatchString(text) {
			return // taken as it is
		}
		// What is not one of our own marks holds no bare angle bracket.
		rest := marked.ReplaceAllString(got, "")
		if i := slices.IndexFunc([]rune(rest), func(r rune) bool { return r == '<' || r == '>' }); i >= 0 {
			t.Errorf("%q became %q", text, got)
		}
	})
}

// marked are the marks that [Server.encode] makes.
var marked = regexp.MustCompile(`<(@[A-Z]+\|[^<>]*|#[A-Z]+\|[^<>]*|![a-z]+|https?://[^<>]*|mailto:[^<>|]*\|[^<>]*)>`)

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
