package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// relay stands between a local Slack's sockets and any number of processes of the bot. It can deliver an envelope more than once, on other connections and later, as Slack
// may, and keeps what each delivery was answered with.
type relay struct {
	server *httptest.Server
	slack  string // ws://host:port of the local Slack's sockets, from its first answer

	mu      sync.Mutex
	lines   []*relayLine
	last    []byte // the newest command, as it was delivered
	times   int    // how often each command is delivered, on as many connections
	answers map[string][]json.RawMessage
}

// relayLine is one connection of the bot.
type relayLine struct {
	mu  sync.Mutex
	bot *websocket.Conn
}

func (l *relayLine) say(frame []byte) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.bot.WriteMessage(websocket.TextMessage, frame)
}

func openRelay(t *testing.T) *relay {
	r := &relay{times: 1, answers: map[string][]json.RawMessage{}}
	r.server = httptest.NewServer(r)
	t.Cleanup(func() {
		r.mu.Lock()
		for _, l := range r.lines {
			_ = l.bot.Close() // the bot may have gone first
		}
		r.mu.Unlock()
		r.server.Close()
	})
	return r
}

// through sends a bot's sockets through the relay: what apps.connections.open answers leads there.
func (r *relay) through(next http.RoundTripper) http.RoundTripper {
	return roundTrips(func(request *http.Request) (*http.Response, error) {
		response, err := next.RoundTrip(request)
		if err != nil || path.Base(request.URL.Path) != "apps.connections.open" {
			return response, err
		}
		body, err := io.ReadAll(response.Body)
		if err = errors.Join(err, response.Body.Close()); err != nil {
			return nil, err
		}
		var answer map[string]any
		if err := json.Unmarshal(body, &answer); err != nil {
			return nil, err
		}
		address, _ := answer["url"].(string)
		slack, rest, ok := strings.Cut(address, "/socket")
		if !ok {
			return nil, fmt.Errorf("no socket in %s", body)
		}
		r.mu.Lock()
		r.slack = slack
		r.mu.Unlock()
		answer["url"] = "ws" + strings.TrimPrefix(r.server.URL, "http") + "/socket" + rest
		if body, err = json.Marshal(answer); err != nil {
			return nil, err
		}
		response.Body, response.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
		response.Header.Del("Content-Length")
		return response, nil
	})
}

type roundTrips func(*http.Request) (*http.Response, error)

// RoundTrip implements [http.RoundTripper].
func (f roundTrips) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// ServeHTTP implements [http.Handler]: one connection of the bot, until either side ends it.
func (r *relay) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	r.mu.Lock()
	target := r.slack
	r.mu.Unlock()
	slack, response, err := websocket.DefaultDialer.DialContext(request.Context(), target+request.URL.RequestURI(), nil)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	defer func() { _ = response.Body.Close() }()
	defer func() { _ = slack.Close() }()
	upgrader := websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}
	bot, err := upgrader.Upgrade(w, request, nil)
	if err != nil {
		return
	}
	defer func() { _ = bot.Close() }()
	line := &relayLine{bot: bot}
	r.mu.Lock()
	r.lines = append(r.lines, line)
	r.mu.Unlock()
	slack.SetPingHandler(func(data string) error { // the bot takes a connection without pings for dead
		return errors.Join(bot.WriteControl(websocket.PingMessage, []byte(data), time.Now().Add(time.Second)),
			slack.WriteControl(websocket.PongMessage, []byte(data), time.Now().Add(time.Second)))
	})
	go func() {
		r.fromBot(bot, slack)
		_ = slack.Close()
	}()
	r.fromSlack(slack, line)
}

func (r *relay) fromSlack(slack *websocket.Conn, line *relayLine) {
	for {
		_, frame, err := slack.ReadMessage()
		if err != nil {
			return
		}
		var e struct{ Type string }
		lines := []*relayLine{line}
		if json.Unmarshal(frame, &e) == nil && e.Type == "slash_commands" {
			r.mu.Lock()
			r.last = frame
			for _, other := range r.lines {
				if other != line && len(lines) < r.times {
					lines = append(lines, other)
				}
			}
			r.mu.Unlock()
		}
		var all sync.WaitGroup
		for _, l := range lines {
			all.Go(func() { _ = l.say(frame) }) // it may have ended
		}
		all.Wait()
	}
}

func (r *relay) fromBot(bot, slack *websocket.Conn) {
	for {
		kind, frame, err := bot.ReadMessage()
		if err != nil {
			return
		}
		var a struct {
			Envelope string          `json:"envelope_id"`
			Payload  json.RawMessage `json:"payload"`
		}
		if json.Unmarshal(frame, &a) == nil && a.Envelope != "" {
			r.mu.Lock()
			r.answers[a.Envelope] = append(r.answers[a.Envelope], a.Payload)
			r.mu.Unlock()
		}
		if slack.WriteMessage(kind, frame) != nil {
			return
		}
	}
}

// deliver decides on how many connections each command is delivered from now on.
func (r *relay) deliver(times int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.times = times
}

// newest is the id of the newest command's envelope.
func (r *relay) newest() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	var e struct {
		Envelope string `json:"envelope_id"`
	}
	if json.Unmarshal(r.last, &e) != nil {
		return ""
	}
	return e.Envelope
}

// again delivers the newest command once more, as it was.
func (r *relay) again(t *testing.T) {
	t.Helper()
	r.mu.Lock()
	frame, line := r.last, r.lines[len(r.lines)-1]
	r.mu.Unlock()
	if err := line.say(frame); err != nil {
		t.Fatal(err)
	}
}

// answered waits until an envelope was acknowledged so often, and returns with what.
func (r *relay) answered(t *testing.T, envelope string, times int) []string {
	t.Helper()
	look := time.NewTicker(2 * time.Millisecond)
	defer look.Stop()
	patience := time.After(patienceOfTests)
	for {
		r.mu.Lock()
		answers := r.answers[envelope]
		r.mu.Unlock()
		if len(answers) >= times {
			var said []string
			for _, a := range answers {
				said = append(said, words("", a))
			}
			return said
		}
		select {
		case <-look.C:
		case <-patience:
			t.Fatalf("the envelope was acknowledged %d times, want %d", len(answers), times)
		}
	}
}
