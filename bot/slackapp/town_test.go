package slackapp

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"rapport/bot/slackfake"
)

var update = flag.Bool("update", false, "write the golden files anew")

// wednesday is when the tests' workspaces begin: 10:00 in Berlin.
var wednesday = time.Date(2026, 3, 25, 9, 0, 0, 0, time.UTC)

// town is a local Slack, the app connected to it, and hands to act with.
type town struct {
	*slackfake.Server
	t     *testing.T
	clock *slackfake.Clock
	app   *App
	stop  context.CancelFunc
	ended chan error // what Run returned
}

// newSlack starts a local Slack with 40 people.
func newSlack(t *testing.T, limits bool) *town {
	t.Helper()
	manifest, err := os.ReadFile("../../deploy/manifest.yaml")
	if err != nil {
		t.Fatal(err)
	}
	clock := slackfake.NewClock(wednesday)
	server, err := slackfake.Start(slackfake.Config{
		Addr: "127.0.0.1:0", Manifest: manifest, Clock: clock, RateLimits: limits, Sample: slackfake.Sample{People: 40, Seed: 1},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close() })
	return &town{Server: server, t: t, clock: clock}
}

// newApp makes the app without connecting it.
func (w *town) newApp(change func(*Config)) *App {
	w.t.Helper()
	cfg := Config{
		BotToken: w.BotToken(), AppToken: w.AppToken(), APIURL: w.APIURL(), Clock: w.clock, Stagger: time.Millisecond,
		Log: slog.New(slog.NewTextHandler(testWriter{w.t}, &slog.HandlerOptions{Level: slog.LevelWarn})),
	}
	if change != nil {
		change(&cfg)
	}
	return New(cfg)
}

// newTown starts a local Slack and an app with these nouns, and returns once all its sockets are connected.
func newTown(t *testing.T, change func(*Config), nouns ...func(*Client) Noun) *town {
	t.Helper()
	w := newSlack(t, false)
	w.app = w.newApp(change)
	if _, err := w.app.Connect(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, n := range nouns {
		if err := w.app.Add(n(w.app.Client())); err != nil {
			t.Fatal(err)
		}
	}
	w.run()
	w.until(func() bool { return w.connections() == w.app.cfg.Connections })
	return w
}

func (w *town) run() {
	ctx, stop := context.WithCancel(context.Background())
	w.stop, w.ended = stop, make(chan error, 1)
	go func() {
		w.ended <- w.app.Run(ctx)
		close(w.ended)
	}()
	w.t.Cleanup(func() {
		stop()
		for err := range w.ended { // closed if the test took it already
			if err != nil {
				w.t.Errorf("Run: %v", err)
			}
		}
	})
}

func (w *town) connections() int {
	w.app.mu.Lock()
	defer w.app.mu.Unlock()
	return w.app.up
}

// patienceOfTests is how long, in real time, is waited for what has to come: a busy machine lets it come late.
const patienceOfTests = time.Minute

// until waits for what another goroutine brings about.
func (w *town) until(done func() bool) {
	w.t.Helper()
	ticker := time.NewTicker(2 * time.Millisecond)
	defer ticker.Stop()
	deadline := time.NewTimer(patienceOfTests)
	defer deadline.Stop()
	for !done() {
		select {
		case <-ticker.C:
		case <-deadline.C:
			w.t.Fatalf("it did not happen within %s", patienceOfTests)
		}
	}
}

// acted is the control API's answer to something that a person did.
type acted struct {
	Acked    bool   `json:"acked"`
	Error    string `json:"error"`
	TS       string `json:"ts"`
	ViewID   string `json:"view_id"`
	Response struct {
		Text           string            `json:"text"`
		ResponseType   string            `json:"response_type"`
		ResponseAction string            `json:"response_action"`
		Blocks         json.RawMessage   `json:"blocks"`
		Errors         map[string]string `json:"errors"`
	} `json:"response"`
}

// do acts through the control API.
func (w *town) do(path string, body map[string]any) acted {
	w.t.Helper()
	var a acted
	w.post(path, body, &a)
	return a
}

func (w *town) post(path string, body map[string]any, into any) {
	w.t.Helper()
	raw, err := json.Marshal(body)
	if err != nil {
		w.t.Error(err)
		return
	}
	resp, err := http.Post(w.ControlURL()+path, "application/json", bytes.NewReader(raw))
	if err != nil {
		w.t.Error(err)
		return
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode != http.StatusOK {
		w.t.Errorf("POST %s: %s", path, resp.Status)
	}
	if err := json.NewDecoder(resp.Body).Decode(into); err != nil {
		w.t.Error(err)
	}
}

func (w *town) fault(body map[string]any) {
	w.t.Helper()
	w.post("/faults", body, &struct{}{})
}

func (w *town) settle() {
	w.t.Helper()
	if err := w.clock.Settle(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
}

// state is what the control API shows, as far as the tests look at it.
type state struct {
	People []struct {
		ID         string `json:"id"`
		Name       string `json:"name"`
		Department string `json:"department"`
		Manager    string `json:"manager"`
		Bot        bool   `json:"is_bot"`
	} `json:"people"`
	Channels []struct {
		ID   string `json:"id"`
		Name string `json:"name"`
	} `json:"channels"`
	Messages []seen `json:"messages"`
	Views    []struct {
		ID         string `json:"id"`
		User       string `json:"user"`
		Type       string `json:"type"`
		CallbackID string `json:"callback_id"`
	} `json:"views"`
	Envelopes []struct {
		Name     string `json:"name"`
		Acked    bool   `json:"acked"`
		Attempts int    `json:"attempts"`
	} `json:"envelopes"`
	Broken []struct {
		Rule   string `json:"rule"`
		Detail string `json:"detail"`
	} `json:"broken"`
}

// seen is a message as the control API shows it.
type seen struct {
	Channel     string          `json:"channel"`
	TS          string          `json:"ts"`
	ThreadTS    string          `json:"thread_ts"`
	User        string          `json:"user"`
	Text        string          `json:"text"`
	EphemeralTo string          `json:"ephemeral_to"`
	Metadata    json.RawMessage `json:"metadata"`
}

func (w *town) state() state {
	w.t.Helper()
	resp, err := http.Get(w.ControlURL() + "/state")
	if err != nil {
		w.t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	var s state
	if err := json.NewDecoder(resp.Body).Decode(&s); err != nil {
		w.t.Fatal(err)
	}
	return s
}

// said returns the bot's messages with that beginning.
func (w *town) said(beginning string) []seen {
	w.t.Helper()
	var list []seen
	for _, m := range w.state().Messages {
		if m.User == w.botUser() && len(m.Text) >= len(beginning) && m.Text[:len(beginning)] == beginning {
			list = append(list, m)
		}
	}
	return list
}

func (w *town) botUser() string { return w.app.identity().User }

func (w *town) person(handle string) string {
	w.t.Helper()
	for _, p := range w.state().People {
		if p.Name == handle {
			return p.ID
		}
	}
	w.t.Fatalf("nobody is called %q", handle)
	return ""
}

// unbroken fails the test if a promise to Slack was broken.
func (w *town) unbroken() {
	w.t.Helper()
	for _, b := range w.state().Broken {
		w.t.Errorf("broken: %s: %s", b.Rule, b.Detail)
	}
}

// nounOf makes a noun of routes.
type nounOf []Route

// Routes implements [Noun].
func (n nounOf) Routes() []Route { return n }

func nouns(routes ...Route) func(*Client) Noun {
	return func(*Client) Noun { return nounOf(routes) }
}

func rapportNoun(c *Client) Noun { return &Rapport{Client: c} }

// testWriter passes a log on to the test's, as long as the test runs.
type testWriter struct{ t *testing.T }

var logging sync.Mutex

// Write implements [io.Writer].
func (w testWriter) Write(line []byte) (int, error) {
	logging.Lock()
	defer logging.Unlock()
	if w.t.Context().Err() == nil {
		w.t.Log(string(bytes.TrimSpace(line)))
	}
	return len(line), nil
}

// golden compares a value's JSON with testdata/<name>.json, or writes that file with -update.
func golden(t *testing.T, name string, value any) {
	t.Helper()
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(value); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join("testdata", name+".json")
	if *update {
		if err := os.WriteFile(path, out.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v (run the test with -update to write it)", err)
	}
	if out.String() != string(want) {
		t.Errorf("%s differs from what is shown now (-update accepts it):\n%s", path, out.String())
	}
}
