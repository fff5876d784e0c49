package slackapp

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// tally is whoever counts.
type tally struct {
	mu     sync.Mutex
	calls  map[string]int // "method code"
	acks   map[string]int // "envelope result"
	oddest time.Duration  // the longest, or the least if that was under zero
}

func newTally() *tally { return &tally{calls: map[string]int{}, acks: map[string]int{}} }

func (c *tally) called(call Call) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.calls[call.Method+" "+call.Code]++
}

func (c *tally) acked(a Answered) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.acks[a.Envelope+" "+string(a.Result)]++
	if c.oddest = max(c.oddest, a.Took); a.Took < 0 {
		c.oddest = a.Took
	}
}

func (c *tally) of(which map[string]int, what string) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return which[what]
}

// all is how many acknowledgements were counted.
func (c *tally) all() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	n := 0
	for _, times := range c.acks {
		n += times
	}
	return n
}

func TestEveryEnvelopeIsCountedOnce(t *testing.T) {
	count := newTally()
	noun := nouns(
		Route{Kind: OnCommand, Name: "/kudos", Handle: func(ctx context.Context, r Request) (Response, error) {
			switch r.Text {
			case "fails":
				return Response{}, errors.New("broken")
			case "dawdles":
				<-ctx.Done() // shortly before the acknowledgement is due
				<-time.After(ackBy - handleBy + 100*time.Millisecond)
			}
			return Reply(Message{Text: "done"}), nil
		}},
		Route{Kind: OnEvent, Name: "message.im", Handle: func(context.Context, Request) (Response, error) {
			return Response{}, errors.New("broken")
		}},
	)
	w := newTown(t, func(cfg *Config) { cfg.Acked = count.acked }, noun)
	for _, text := range []string{"works", "fails", "dawdles"} {
		w.do("/command", map[string]any{"user": "ana", "channel": "#general", "command": "/kudos", "text": text})
	}
	w.until(func() bool { return count.all() == 3 }) // each is counted after Slack has its answer
	for _, want := range []string{"slash_commands ok", "slash_commands failed", "slash_commands late"} {
		if n := count.of(count.acks, want); n != 1 {
			t.Errorf("%s: %d times, want 1", want, n)
		}
	}
	w.do("/message", map[string]any{"user": "ana", "channel": "@rapport", "text": "hello?"})
	w.until(func() bool { return count.of(count.acks, "events_api none") > 0 })
	w.until(func() bool { return w.app.unanswered.Load() == 0 }) // the event comes again
	count.mu.Lock()
	defer count.mu.Unlock()
	if count.oddest < 0 || count.oddest > time.Minute { // a busy machine may be later than Slack would wait
		t.Errorf("an acknowledgement took %v", count.oddest)
	}
}

func TestCallsAreCounted(t *testing.T) {
	count := newTally()
	var client *Client
	w := newTown(t, func(cfg *Config) { cfg.Called = count.called }, func(c *Client) Noun {
		client = c
		return nounOf{{Kind: OnCommand, Name: "/kudos", Handle: func(_ context.Context, r Request) (Response, error) {
			return Then(func(ctx context.Context) error {
				return client.Respond(ctx, r.ResponseURL, Message{Text: "afterwards"})
			}), nil
		}}}
	})
	w.do("/command", map[string]any{"user": "ana", "channel": "#general", "command": "/kudos", "text": "x"})
	w.settle()
	post := func() { _, _ = client.Say(t.Context(), "C000", "", Message{Text: "hello"}) } // each has its own way to fail
	post()
	for _, kind := range []string{"429", "500", "reset_after"} {
		w.fault(map[string]any{"method": "chat.postMessage", "kind": kind, "count": 1, "retry_after": 1})
		post()
	}
	for what, want := range map[string]int{
		"auth.test ": 1, "apps.connections.open ": 2, "response_url ": 1,
		"chat.postMessage channel_not_found": 1, "chat.postMessage ratelimited": 1, "chat.postMessage http_500": 1, "chat.postMessage no_answer": 1,
	} {
		if n := count.of(count.calls, what); n != want {
			t.Errorf("%q: %d times, want %d; counted are %v", what, n, want, count.calls)
		}
	}
}

func TestCodesOfAnswers(t *testing.T) {
	for _, test := range []struct {
		status int
		body   string
		err    error
		want   string
	}{
		{200, `{"ok":true,"ts":"1"}`, nil, ""},
		{200, `{"error":"not_in_channel","ok":false}`, nil, "not_in_channel"},
		{200, `ok`, nil, ""},
		{200, ``, nil, ""},
		{200, `{"ok":true,"members":[` + strings.Repeat(`"UANA",`, 10_000) + `"UBEN"]}`, nil, ""},
		{200, `{"ok":fal`, io.ErrUnexpectedEOF, "no_answer"},
		{429, `{"ok":false,"error":"ratelimited"}`, nil, "ratelimited"},
		{502, `Bad Gateway`, nil, "http_502"},
	} {
		if got := codeOf(test.status, []byte(test.body)[:min(startSize, len(test.body))], test.err); got != test.want {
			t.Errorf("%d %.40q: %q, want %q", test.status, test.body, got, test.want)
		}
	}
}

// Whoever counts changes nothing of what is counted.
func TestCountingChangesNothing(t *testing.T) {
	long := strings.Repeat("0123456789", 10_000)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, long) }))
	defer server.Close()
	var calls []string
	client := observeCalls(server.Client(), server.URL+"/api/", func(c Call) { calls = append(calls, fmt.Sprint(c.Method, " ", c.Code)) })
	for _, path := range []string{"/api/users.list", "/response/secret"} {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		response, err := client.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(response.Body)
		if err != nil || string(body) != long {
			t.Errorf("%s: %d bytes, %v", path, len(body), err)
		}
		if err := response.Body.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if !slices.Equal(calls, []string{"users.list ", "response_url "}) {
		t.Errorf("counted %q", calls)
	}
}
