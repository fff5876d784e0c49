package slackfake

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

const socketManifest = `
display_information: {name: Tester}
features:
  bot_user: {display_name: tester}
  app_home: {home_tab_enabled: true, messages_tab_enabled: true}
  slash_commands:
    - {command: /thanks, description: Thank somebody, usage_hint: "@who", should_escape: true}
    - {command: /plain, description: As it is typed}
  shortcuts:
    - {name: Promise, type: message, callback_id: promise}
    - {name: New, type: global, callback_id: new}
oauth_config:
  scopes: {bot: [chat:write, commands, im:history, im:write, users:read, channels:read]}
settings:
  event_subscriptions: {bot_events: [message.im, app_home_opened, app_mention, member_joined_channel, team_join, user_change]}
  interactivity: {is_enabled: true}
  socket_mode_enabled: true
`

// startSlack serves a workspace with ana, ben, #general (all three members) and the app, at nine o'clock on a Monday.
func startSlack(t *testing.T) *Server {
	t.Helper()
	s, err := Start(Config{
		Addr: "127.0.0.1:0", Manifest: []byte(socketManifest), Clock: NewClock(time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	s.mu.Lock()
	defer s.mu.Unlock()
	s.addUser(&User{ID: "UANA", Name: "ana", RealName: "Ana"})
	s.addUser(&User{ID: "UBEN", Name: "ben", RealName: "Ben"})
	s.addChannel(&Channel{ID: "CGEN", Name: "general", Members: []string{"UANA", "UBEN", s.app.botUser}})
	return s
}

// impatient lets a server wait less long for acknowledgements, for tests in which none comes. What is acknowledged all the same on a busy machine needs the usual time.
func impatient(s *Server) { waitsForAcks(s, 200*time.Millisecond) }

func waitsForAcks(s *Server, d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hub.ackTime = d
}

// wire is a frame as an app sees it.
type wire struct {
	Type           string          `json:"type"`
	EnvelopeID     string          `json:"envelope_id"`
	Reason         string          `json:"reason"`
	NumConnections int             `json:"num_connections"`
	Accepts        bool            `json:"accepts_response_payload"`
	RetryAttempt   int             `json:"retry_attempt"`
	RetryReason    string          `json:"retry_reason"`
	Payload        json.RawMessage `json:"payload"`
	DebugInfo      struct {
		Approximate int `json:"approximate_connection_time"`
	} `json:"debug_info"`
	ConnectionInfo struct {
		AppID string `json:"app_id"`
	} `json:"connection_info"`
}

// client is an app's end of one connection. Envelopes are acknowledged with what answer returns; answer nil acknowledges with nothing,
// an answer of noAck not at all.
type client struct {
	t      *testing.T
	ws     *websocket.Conn
	frames chan wire // everything that came; closed at the end

	mu     sync.Mutex
	answer func(wire) any
}

type silence struct{}

var noAck = silence{}

func dial(t *testing.T, s *Server, answer func(wire) any) *client {
	t.Helper()
	s.mu.Lock()
	url := s.newSocketURL()
	s.mu.Unlock()
	ws, resp, err := websocket.DefaultDialer.DialContext(t.Context(), url, http.Header{"Origin": {"https://api.slack.com"}})
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	c := &client{t: t, ws: ws, frames: make(chan wire, 1000), answer: answer}
	t.Cleanup(func() { _ = ws.Close() })
	go c.read()
	return c
}

func (c *client) read() {
	defer close(c.frames)
	for {
		var w wire
		if err := c.ws.ReadJSON(&w); err != nil {
			return
		}
		c.frames <- w
		if w.EnvelopeID == "" {
			continue
		}
		c.mu.Lock()
		answer := c.answer
		c.mu.Unlock()
		ack := map[string]any{"envelope_id": w.EnvelopeID}
		if answer != nil {
			payload := answer(w)
			if payload == noAck {
				continue
			}
			if payload != nil {
				ack["payload"] = payload
			}
		}
		if c.ws.WriteJSON(ack) != nil {
			return
		}
	}
}

// next returns the next frame and fails the test when none comes.
func (c *client) next() wire {
	c.t.Helper()
	select {
	case w, ok := <-c.frames:
		if !ok {
			c.t.Fatal("connection ended")
		}
		return w
	case <-time.After(patienceOfTests):
		c.t.Fatal("no frame")
	}
	return wire{}
}

// hello reads the greeting, after which the connection gets payloads.
func (c *client) hello() wire {
	c.t.Helper()
	w := c.next()
	if w.Type != "hello" {
		c.t.Fatalf("got %q, want hello", w.Type)
	}
	return w
}

// ended waits for the end of the connection and returns the frames until then.
func (c *client) ended() []wire {
	c.t.Helper()
	var list []wire
	for {
		select {
		case w, ok := <-c.frames:
			if !ok {
				return list
			}
			list = append(list, w)
		case <-time.After(patienceOfTests):
			c.t.Fatal("connection stays")
		}
	}
}

// post sends a control request and returns its status and answer.
func post(t *testing.T, s *Server, path, body string) (int, map[string]any) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.ControlURL()+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	return do(t, req)
}

func do(t *testing.T, req *http.Request) (int, map[string]any) {
	t.Helper()
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	var buf bytes.Buffer
	if _, err := buf.ReadFrom(resp.Body); err != nil {
		t.Fatal(err)
	}
	var answer map[string]any
	if err := json.Unmarshal(buf.Bytes(), &answer); err != nil {
		t.Fatalf("%s: %q: %v", req.URL, buf.String(), err)
	}
	return resp.StatusCode, answer
}

// acted posts an act that must go well, and returns its answer.
func acted(t *testing.T, s *Server, path, body string) map[string]any {
	t.Helper()
	status, answer := post(t, s, path, body)
	if status != http.StatusOK || answer["error"] != nil {
		t.Fatalf("%s %s: %d %v", path, body, status, answer)
	}
	return answer
}

func brokenRules(s *Server) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.scanTwice()
	rules := []string{}
	for _, b := range s.journal.allBroken() {
		rules = append(rules, b.Rule)
	}
	return rules
}

func TestHello(t *testing.T) {
	s := startSlack(t)
	first := dial(t, s, nil).hello()
	if first.NumConnections != 1 || first.ConnectionInfo.AppID != s.app.id || first.DebugInfo.Approximate != 18060 {
		t.Errorf("first hello: %+v", first)
	}
	if second := dial(t, s, nil).hello(); second.NumConnections != 2 {
		t.Errorf("second hello counts %d connections", second.NumConnections)
	}
}

func TestTicketOpensOneConnection(t *testing.T) {
	s := startSlack(t)
	s.mu.Lock()
	url := s.newSocketURL()
	s.mu.Unlock()
	for want := range 2 {
		ws, resp, err := websocket.DefaultDialer.DialContext(t.Context(), url, nil)
		if (err == nil) != (want == 0) {
			t.Fatalf("connection %d: %v", want+1, err)
		}
		if err == nil {
			defer func() { _ = ws.Close() }()
		} else if resp.StatusCode != http.StatusUnauthorized {
			t.Errorf("second use answered %d", resp.StatusCode)
		}
	}
}

func TestEleventhConnectionIsRefused(t *testing.T) {
	s := startSlack(t)
	for range maxConnections {
		dial(t, s, nil).hello()
	}
	frames := dial(t, s, nil).ended()
	if len(frames) != 1 || frames[0].Type != "disconnect" || frames[0].Reason != "too_many_websockets" {
		t.Fatalf("the eleventh got %+v", frames)
	}
}

func TestDisconnectReasons(t *testing.T) {
	for _, reason := range []string{"link_disabled", "too_many_websockets", "refresh_requested", "warning"} {
		t.Run(reason, func(t *testing.T) {
			s := startSlack(t)
			c := dial(t, s, nil)
			c.hello()
			if status, answer := post(t, s, "/faults", `{"kind":"disconnect","reason":"`+reason+`"}`); status != http.StatusOK {
				t.Fatal(answer)
			}
			if w := c.next(); w.Type != "disconnect" || w.Reason != reason {
				t.Fatalf("got %+v", w)
			}
			if reason == "link_disabled" || reason == "too_many_websockets" {
				c.ended()
			}
		})
	}
}

func TestResetCutsWithoutAWord(t *testing.T) {
	s := startSlack(t)
	c := dial(t, s, nil)
	c.hello()
	post(t, s, "/faults", `{"kind":"disconnect","reason":"reset"}`)
	if frames := c.ended(); len(frames) != 0 {
		t.Fatalf("got %+v before the reset", frames)
	}
}

func TestWarnedConnectionGetsWorkOnlyWhereThereIsNoOther(t *testing.T) {
	s := startSlack(t)
	warned := dial(t, s, nil)
	warned.hello()
	post(t, s, "/faults", `{"kind":"disconnect","reason":"warning","count":1}`)
	warned.next() // the warning
	acted(t, s, "/command", `{"user":"ana","channel":"general","command":"/plain"}`)
	if w := warned.next(); w.Type != "slash_commands" {
		t.Fatalf("the only connection got %+v", w)
	}
	fresh := dial(t, s, nil)
	fresh.hello()
	for range 3 {
		acted(t, s, "/command", `{"user":"ana","channel":"general","command":"/plain"}`)
		if w := fresh.next(); w.Type != "slash_commands" {
			t.Fatalf("the fresh connection got %+v", w)
		}
	}
}

func TestEachPayloadGoesToOneConnection(t *testing.T) {
	s := startSlack(t)
	one, two := dial(t, s, nil), dial(t, s, nil)
	one.hello()
	two.hello()
	const commands = 20
	for range commands {
		acted(t, s, "/command", `{"user":"ana","channel":"general","command":"/plain"}`)
	}
	if len(one.frames) != commands/2 || len(two.frames) != commands/2 {
		t.Errorf("one got %d, two got %d of %d", len(one.frames), len(two.frames), commands)
	}
}

func TestPings(t *testing.T) {
	t.Parallel()
	s := startSlack(t)
	s.mu.Lock()
	url := s.newSocketURL()
	s.mu.Unlock()
	ws, resp, err := websocket.DefaultDialer.DialContext(t.Context(), url, nil)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	defer func() { _ = ws.Close() }()
	pinged := false
	ws.SetPingHandler(func(string) error {
		pinged = true
		return ws.SetReadDeadline(time.Now())
	})
	if err := ws.SetReadDeadline(time.Now().Add(2 * pingEvery)); err != nil {
		t.Fatal(err)
	}
	for err == nil { // until the ping's handler or the deadline ends it
		_, _, err = ws.ReadMessage()
	}
	if !pinged {
		t.Fatal("no ping")
	}
}

func TestCloseEndsConnections(t *testing.T) {
	s := startSlack(t)
	c := dial(t, s, nil)
	c.hello()
	s.hub.closeAll()
	c.ended()
}
