package slackapp

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"rapport/bot"
)

func TestHelpIsAnsweredOverTheSocket(t *testing.T) {
	w := newTown(t, nil, rapportNoun)
	for _, text := range []string{"help", "", " HELP ", "whatever"} {
		a := w.do("/command", map[string]any{"user": "ana", "channel": "#general", "command": "/rapport", "text": text})
		if !a.Acked || a.Response.ResponseType != "ephemeral" || !strings.HasPrefix(a.Response.Text, "What Rapport does") {
			t.Errorf("%q: %+v", text, a)
		}
	}
	w.unbroken()
}

func TestGreetingComesOnceHoweverOftenTheEventComes(t *testing.T) {
	w := newTown(t, nil, rapportNoun)
	w.fault(map[string]any{"envelope": "events_api", "kind": "duplicate", "count": 1})
	a := w.do("/message", map[string]any{"user": "ana", "channel": "@rapport", "text": "hello?"})
	if !a.Acked {
		t.Fatalf("not acknowledged: %+v", a)
	}
	w.settle()
	if n := len(w.said("Hello!")); n != 1 {
		t.Errorf("greeted %d times, want 1", n)
	}
	w.fault(map[string]any{"envelope": "events_api", "kind": "drop_ack", "count": 1})
	w.do("/message", map[string]any{"user": "bob", "channel": "@rapport", "text": "hello!"})
	if err := w.clock.Advance(t.Context(), wednesday.Add(10*time.Minute)); err != nil {
		t.Fatal(err)
	}
	if n := len(w.said("Hello!")); n != 2 {
		t.Errorf("greeted %d times after a lost acknowledgement, want 2", n)
	}
	w.unbroken()
}

func TestAcknowledgedAfterTheEffect(t *testing.T) {
	var order []string
	var mu sync.Mutex
	note := func(what string) {
		mu.Lock()
		defer mu.Unlock()
		order = append(order, what)
	}
	begun, goOn := make(chan bool), make(chan bool)
	w := newTown(t, nil, nouns(Route{Kind: OnCommand, Name: "/kudos", Handle: func(context.Context, Request) (Response, error) {
		close(begun)
		<-goOn
		note("effect")
		return Reply(Message{Text: "saved"}), nil
	}}))
	acked := make(chan acted)
	go func() {
		a := w.do("/command", map[string]any{"user": "ana", "channel": "#general", "command": "/kudos", "text": "x"})
		note("acknowledgement")
		acked <- a
	}()
	<-begun
	note("waiting")
	close(goOn)
	if a := <-acked; a.Response.Text != "saved" {
		t.Errorf("answer: %+v", a)
	}
	if got := strings.Join(order, ", "); got != "waiting, effect, acknowledgement" {
		t.Errorf("order: %s", got)
	}
}

func TestTheClockStandsStillUntilWhatFollowsIsDone(t *testing.T) {
	var client *Client
	w := newTown(t, nil, func(c *Client) Noun {
		client = c
		return nounOf{{Kind: OnCommand, Name: "/kudos", Handle: func(_ context.Context, r Request) (Response, error) {
			return Then(func(ctx context.Context) error {
				return client.Respond(ctx, r.ResponseURL, Message{Text: "afterwards"})
			}), nil
		}}}
	})
	w.do("/command", map[string]any{"user": "ana", "channel": "#general", "command": "/kudos", "text": "x"})
	w.settle()
	if got := w.said("afterwards"); len(got) != 1 || got[0].EphemeralTo != w.person("ana") {
		t.Errorf("said %+v", got)
	}
}

// Two sockets; Slack asks one of them to go while it has a command in flight.
func TestARefreshedSocketLosesNothing(t *testing.T) {
	var handled atomic.Int64
	hold := make(chan bool)
	w := newTown(t, nil, nouns(Route{Kind: OnCommand, Name: "/kudos", Handle: func(_ context.Context, r Request) (Response, error) {
		if r.Text == "held" {
			<-hold
		}
		handled.Add(1)
		return Reply(Message{Text: "done " + r.Text}), nil
	}}))
	w.fault(map[string]any{"kind": "disconnect", "envelope": "slash_commands", "reason": "refresh_requested", "count": 1})
	held := make(chan acted, 1)
	go func() {
		held <- w.do("/command", map[string]any{"user": "ana", "channel": "#general", "command": "/kudos", "text": "held"})
	}()
	w.until(func() bool { return w.app.Lost() == 1 })
	for n := range 10 {
		a := w.do("/command", map[string]any{"user": "bob", "channel": "#general", "command": "/kudos", "text": fmt.Sprint(n)})
		if !a.Acked || a.Response.Text != fmt.Sprint("done ", n) {
			t.Errorf("command %d beside the refreshed socket: %+v", n, a)
		}
	}
	close(hold)
	<-held
	w.until(func() bool { return len(w.said("done held")) == 1 }) // by the response URL
	w.until(func() bool { return w.connections() == 2 })
	if n := handled.Load(); n != 11 {
		t.Errorf("%d commands were handled, want 11", n)
	}
}

func TestASocketThatIsCutComesBack(t *testing.T) {
	w := newTown(t, nil, rapportNoun)
	w.fault(map[string]any{"kind": "disconnect", "reason": "reset", "count": 0})
	w.until(func() bool { return w.app.Lost() == 2 })
	w.until(func() bool { return w.connections() == 2 })
	if a := w.do("/command", map[string]any{"user": "ana", "channel": "#general", "command": "/rapport", "text": ""}); !a.Acked {
		t.Errorf("after both sockets were cut: %+v", a)
	}
	if ready, _ := w.app.Ready(); !ready {
		t.Error("not ready though connected")
	}
}

func TestWhatGoesWrongIsSaidAndTheTextGivenBack(t *testing.T) {
	fail := func(err error) Handler {
		return func(context.Context, Request) (Response, error) { return Response{}, err }
	}
	w := newTown(t, nil, nouns(
		Route{Kind: OnCommand, Name: "/kudos panic", Handle: func(_ context.Context, r Request) (Response, error) { panic(r.Text) }},
		Route{Kind: OnCommand, Name: "/kudos error", Handle: fail(errors.New("secret cause"))},
		Route{Kind: OnCommand, Name: "/kudos late", Handle: fail(fmt.Errorf("store: %w", context.DeadlineExceeded))},
		Route{Kind: OnCommand, Name: "/kudos fault", Handle: fail(&bot.Fault{Code: bot.FaultForbidden, Typed: "what I typed"})},
		Route{Kind: OnCommand, Name: "/kudos large", Handle: func(context.Context, Request) (Response, error) {
			return Reply(Message{Text: strings.Repeat("x", 5000)}), nil
		}},
	))
	for text, want := range map[string]struct{ sentence, back string }{
		"panic now":  {wordsWrong, "panic now"},
		"error here": {wordsWrong, "error here"},
		"late one":   {wordsLate, "late one"},
		"fault":      {"That is not yours to change.", "what I typed"},
		"unrouted":   {wordsUnknown, "unrouted"},
	} {
		a := w.do("/command", map[string]any{"user": "ana", "channel": "#general", "command": "/kudos", "text": text})
		if !a.Acked || a.Response.Text != want.sentence || !strings.Contains(string(a.Response.Blocks), want.back) {
			t.Errorf("%q: %+v\n%s", text, a, a.Response.Blocks)
		}
		if strings.Contains(string(a.Response.Blocks), "secret") {
			t.Errorf("%q: the cause is shown", text)
		}
	}
	a := w.do("/command", map[string]any{"user": "ana", "channel": "#general", "command": "/kudos", "text": "large"})
	if !a.Acked || len(a.Response.Text) < 3000 {
		t.Errorf("an answer over the limit: %+v", a)
	}
	w.unbroken()
}

func TestALateHandlerIsAcknowledgedHonestlyAndStillHeard(t *testing.T) {
	goOn := make(chan bool)
	w := newTown(t, nil, nouns(Route{Kind: OnCommand, Name: "/kudos", Handle: func(context.Context, Request) (Response, error) {
		<-goOn // deaf to its context
		return Reply(Message{Text: "saved after all"}), nil
	}}))
	a := w.do("/command", map[string]any{"user": "ana", "channel": "#general", "command": "/kudos", "text": "my words"})
	if !a.Acked || a.Response.Text != wordsLate || !strings.Contains(string(a.Response.Blocks), "my words") {
		t.Errorf("late: %+v", a)
	}
	close(goOn)
	w.settle()
	if n := len(w.said("saved after all")); n != 1 {
		t.Errorf("the late answer was shown %d times, want 1", n)
	}
	w.unbroken()
}

func TestOverloadIsRefusedAtOnce(t *testing.T) {
	goOn := make(chan bool)
	begun := make(chan bool, 3)
	w := newTown(t, func(c *Config) { c.Workers, c.Queue = 1, 1 },
		nouns(Route{Kind: OnCommand, Name: "/kudos", Handle: func(context.Context, Request) (Response, error) {
			begun <- true
			<-goOn
			return Reply(Message{Text: "done"}), nil
		}}))
	answers := make(chan acted, 3)
	send := func() {
		answers <- w.do("/command", map[string]any{"user": "ana", "channel": "#general", "command": "/kudos", "text": "x"})
	}
	go send()
	<-begun // the worker is busy
	go send()
	w.until(func() bool { return len(w.app.handling.jobs) == 1 }) // and the queue full
	send()
	if a := <-answers; a.Response.Text != wordsBusy {
		t.Errorf("the third of three: %+v", a)
	}
	close(goOn)
	for range 2 {
		if a := <-answers; a.Response.Text != "done" {
			t.Errorf("one of the first two: %+v", a)
		}
	}
}

func TestRunFinishesWhatIsUnderWay(t *testing.T) {
	begun, goOn := make(chan bool), make(chan bool)
	w := newTown(t, nil, nouns(Route{Kind: OnCommand, Name: "/kudos", Handle: func(context.Context, Request) (Response, error) {
		close(begun)
		<-goOn
		return Reply(Message{Text: "finished"}), nil
	}}))
	answer := make(chan acted, 1)
	go func() {
		answer <- w.do("/command", map[string]any{"user": "ana", "channel": "#general", "command": "/kudos", "text": "x"})
	}()
	<-begun
	w.stop()
	close(goOn)
	if a := <-answer; a.Response.Text != "finished" {
		t.Errorf("the command under way: %+v", a)
	}
	if err := <-w.ended; err != nil {
		t.Errorf("Run: %v", err)
	}
}

func TestTokensThatSlackRefusesEndTheRun(t *testing.T) {
	w := newSlack(t, false)
	for name, tt := range map[string]struct {
		change func(*Config)
		code   string
	}{
		"bot token":                 {func(c *Config) { c.BotToken = "xoxb-wrong" }, "invalid_auth"},
		"app token":                 {func(c *Config) { c.AppToken = "xapp-wrong" }, "invalid_auth"},
		"bot token as an app token": {func(c *Config) { c.AppToken = w.BotToken() }, "not_allowed_token_type"},
	} {
		app := w.newApp(tt.change)
		_, err := app.Connect(t.Context())
		if err == nil {
			err = app.Run(t.Context())
		}
		fatal, ok := errors.AsType[*TokenError](err)
		if !ok || fatal.Cause.Code != tt.code {
			t.Errorf("%s: %v, want %s", name, err, tt.code)
		}
	}
}
