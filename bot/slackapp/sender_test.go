package slackapp

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"
	"time"

	"rapport/bot"
	"rapport/bot/slackfake"
)

// sentBefore are sends that others refer to.
type sentBefore map[string]bot.Send

// SendBySID implements [bot.SentReader].
func (s sentBefore) SendBySID(_ context.Context, sid string) (bot.Send, error) {
	if found, ok := s[sid]; ok {
		return found, nil
	}
	return bot.Send{}, fmt.Errorf("find %q: %w", sid, bot.ErrNotFound)
}

// berliners makes everybody read in Berlin.
type berliners struct{}

// Reader implements [ReaderFinder].
func (berliners) Reader(context.Context, string) (Reader, error) {
	return Reader{Zone: firstZone("Europe/Berlin")}, nil
}

// Everybody implements [ReaderFinder].
func (berliners) Everybody() Reader { return Reader{Zone: firstZone("Europe/Berlin")} }

func newSender(t *testing.T, w *town, before sentBefore) *Sender {
	t.Helper()
	app := w.newApp(nil)
	w.app = app
	me, err := app.Connect(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return &Sender{
		Client: app.Client(), Sends: before, Readers: berliners{}, BotUser: me.User, Log: slog.New(slog.DiscardHandler),
	}
}

func TestSendReachesEveryKindOfPlaceOnce(t *testing.T) {
	w := newSlack(t, false)
	before := sentBefore{}
	x := newSender(t, w, before)
	general := ""
	for _, c := range w.state().Channels {
		if c.Name == "general" {
			general = c.ID
		}
	}
	ana, bob, cy := w.person("ana"), w.person("bob"), w.person("cy")
	for _, s := range []bot.Send{
		{SID: "dm", Members: []string{ana}},
		{SID: "group", Members: []string{ana, bob, cy}},
		{SID: "same group", Members: []string{cy, ana, bob}},
		{SID: "channel", Channel: general},
	} {
		o := x.Send(t.Context(), s, Message{Text: "hello " + s.SID})
		if o.State != bot.StateSent || o.Channel == "" || o.TS == "" {
			t.Fatalf("%s: %+v", s.SID, o)
		}
		s.State, s.PostedIn, s.PostedTS = o.State, o.Channel, o.TS
		before[s.SID] = s
	}
	if before["group"].PostedIn != before["same group"].PostedIn || before["dm"].PostedIn == before["group"].PostedIn {
		t.Error("the same people are in two conversations, or different people in one")
	}
	if o := x.Send(t.Context(), bot.Send{SID: "reply", Channel: general, Thread: "channel"}, Message{Text: "in the thread"}); o.State != bot.StateSent {
		t.Errorf("reply: %+v", o)
	}
	if o := x.Send(t.Context(), bot.Send{SID: "edit", Replaces: "dm"}, Message{Text: "edited"}); o.State != bot.StateSent || o.TS != before["dm"].PostedTS {
		t.Errorf("edit: %+v", o)
	}
	for n := range 2 { // the second finds nothing to delete, which is as good
		if o := x.Send(t.Context(), bot.Send{SID: "delete", Replaces: "channel"}, bot.Delete{}); o.State != bot.StateSent {
			t.Errorf("delete %d: %+v", n, o)
		}
	}
	if n := len(w.said("edited")) + len(w.said("in the thread")) + len(w.said("hello channel")); n != 2 {
		t.Errorf("%d messages, want the edited one and the reply", n)
	}
	for _, m := range w.said("hello group") {
		if !strings.Contains(string(m.Metadata), `"sid":"group"`) {
			t.Errorf("metadata: %s", m.Metadata)
		}
	}
}

func TestSendWaitsForWhatItRefersTo(t *testing.T) {
	w := newSlack(t, false)
	x := newSender(t, w, sentBefore{"waits": {State: bot.StatePending}, "dropped": {State: bot.StateDropped}})
	for sid, want := range map[string]bot.State{"waits": bot.StatePending, "dropped": bot.StateDead, "never": bot.StateDead} {
		for _, s := range []bot.Send{{Channel: "C1", Thread: sid}, {Channel: "C1", Replaces: sid}} {
			if o := x.Send(t.Context(), s, Message{Text: "x"}); o.State != want {
				t.Errorf("%+v: %+v, want %s", s, o, want)
			}
		}
	}
}

func TestAnUncertainSendIsFoundOrProvenAbsent(t *testing.T) {
	for _, tt := range []struct {
		fault         string
		first, second bot.State
	}{
		{"500_after", bot.StateUnknown, bot.StateSent},
		{"reset_after", bot.StateUnknown, bot.StateSent},
		{"500", bot.StateUnknown, bot.StatePending},
		{"429", bot.StatePending, ""},
	} {
		t.Run(tt.fault, func(t *testing.T) {
			w := newSlack(t, false)
			x := newSender(t, w, sentBefore{})
			s := bot.Send{SID: "promise/7", Members: []string{w.person("ana")}, TriedAt: wednesday}
			w.fault(map[string]any{"method": "chat.postMessage", "kind": tt.fault, "retry_after": 30, "count": 1})
			o := x.Send(t.Context(), s, Message{Text: "a reminder"})
			if o.State != tt.first {
				t.Fatalf("sent: %+v, want %s", o, tt.first)
			}
			if tt.second == "" {
				if want := wednesday.Add(30 * time.Second); !o.Retry.Equal(want) {
					t.Errorf("retry at %s, want %s", o.Retry, want)
				}
				return
			}
			found := x.Find(t.Context(), s)
			if found.State != tt.second || (found.TS == "") == (tt.second == bot.StateSent) {
				t.Errorf("looked for: %+v, want %s", found, tt.second)
			}
		})
	}
}

func TestHistoryThatCannotBeReadProvesNothing(t *testing.T) {
	w := newSlack(t, false)
	x := newSender(t, w, sentBefore{})
	dm := bot.Send{SID: "a", Members: []string{w.person("ana")}, TriedAt: wednesday}
	w.fault(map[string]any{"method": "conversations.history", "kind": "500", "count": 1})
	if o := x.Find(t.Context(), dm); o.State != bot.StateUnknown || !o.Retry.After(wednesday) {
		t.Errorf("history answers 500: %+v", o)
	}
	for _, c := range w.state().Channels {
		if c.Name != "general" {
			continue
		}
		if o := x.Find(t.Context(), bot.Send{SID: "b", Channel: c.ID, TriedAt: wednesday}); o.State != bot.StateUnknown || o.Halt || !o.Retry.IsZero() {
			t.Errorf("a channel without the scope for its history: %+v", o)
		}
	}
}

func TestSlackRefusesForGood(t *testing.T) {
	w := newSlack(t, false)
	x := newSender(t, w, sentBefore{})
	for name, s := range map[string]bot.Send{
		"unknown channel": {Channel: "C999"},
		"unknown person":  {Members: []string{"U999"}},
		"deactivated":     {Members: []string{w.person("otis")}},
	} {
		if o := x.Send(t.Context(), s, Message{Text: "x"}); o.State != bot.StateDead || o.Reason == "" || o.Halt {
			t.Errorf("%s: %+v", name, o)
		}
	}
	if o := x.Send(t.Context(), bot.Send{Channel: "C1"}, struct{}{}); o.State != bot.StateDead || o.Reason != reasonRender {
		t.Errorf("content without a view: %+v", o)
	}
}

func TestOutcomes(t *testing.T) {
	now := wednesday
	refused := func(code string) error { return &Refusal{Method: "chat.postMessage", Code: code} }
	for _, tt := range []struct {
		err       error
		connected bool
		want      bot.Outcome
	}{
		{&Refusal{Code: codeRateLimited, HTTPCode: 429, Retry: 30 * time.Second}, true, bot.Outcome{State: bot.StatePending, Retry: now.Add(30 * time.Second)}},
		{&Refusal{Code: codeRateLimited, HTTPCode: 429, Retry: 24 * time.Hour}, true, bot.Outcome{State: bot.StatePending, Retry: now.Add(10 * time.Minute)}},
		{&Refusal{Code: codeRateLimited, HTTPCode: 429}, true, bot.Outcome{State: bot.StatePending, Retry: now.Add(time.Second)}},
		{&Refusal{Code: "http_502", HTTPCode: 502}, true, bot.Outcome{State: bot.StateUnknown}},
		{&Refusal{Code: "http_404", HTTPCode: 404}, true, bot.Outcome{State: bot.StatePending}},
		{&net.OpError{Op: "dial", Err: errors.New("refused")}, false, bot.Outcome{State: bot.StatePending}},
		{io.ErrUnexpectedEOF, true, bot.Outcome{State: bot.StateUnknown}},
		{context.DeadlineExceeded, true, bot.Outcome{State: bot.StateUnknown}},
		{refused("internal_error"), true, bot.Outcome{State: bot.StateUnknown}},
		{refused("fatal_error"), true, bot.Outcome{State: bot.StateUnknown}},
		{refused("request_timeout"), true, bot.Outcome{State: bot.StatePending}},
		{refused("token_revoked"), true, bot.Outcome{State: bot.StatePending, Halt: true}},
		{refused("invalid_auth"), true, bot.Outcome{State: bot.StatePending, Halt: true}},
		{refused("missing_scope"), true, bot.Outcome{State: bot.StatePending, Halt: true}},
		{refused("account_inactive"), true, bot.Outcome{State: bot.StatePending, Halt: true}},
		{refused("team_access_not_granted"), true, bot.Outcome{State: bot.StatePending, Halt: true}},
		{refused("no_permission"), true, bot.Outcome{State: bot.StateDead}},
		{refused("access_denied"), true, bot.Outcome{State: bot.StateDead}},
		{refused("channel_not_found"), true, bot.Outcome{State: bot.StateDead}},
		{refused("is_archived"), true, bot.Outcome{State: bot.StateDead}},
		{refused("not_in_channel"), true, bot.Outcome{State: bot.StateDead}},
		{refused("user_disabled"), true, bot.Outcome{State: bot.StateDead}},
		{refused("user_not_visible"), true, bot.Outcome{State: bot.StateDead}},
		{refused("invalid_user_combination"), true, bot.Outcome{State: bot.StateDead}},
		{refused("invalid_blocks"), true, bot.Outcome{State: bot.StateDead}},
		{refused("something_new"), true, bot.Outcome{State: bot.StateDead}},
	} {
		got := outcome(now, tt.err, tt.connected)
		if got.Reason == "" {
			t.Errorf("%v: no reason", tt.err)
		}
		if got.Reason = ""; !reflect.DeepEqual(got, tt.want) {
			t.Errorf("%v: %+v, want %+v", tt.err, got, tt.want)
		}
	}
}

// What a network does below HTTP, seen through the client library.
func TestWhatTheNetworkDoesIsToldApart(t *testing.T) {
	garbage := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(rw, "<html>") }))
	defer garbage.Close()
	empty := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) { _ = json.NewEncoder(rw).Encode(map[string]any{}) }))
	defer empty.Close()
	nobody := httptest.NewServer(nil)
	nobody.Close()
	for url, want := range map[string]bot.State{garbage.URL: bot.StateUnknown, empty.URL: bot.StateUnknown, nobody.URL: bot.StatePending} {
		x := &Sender{Client: newClient("xoxb-local", url+"/api/", newHTTPClient(), slackfake.NewClock(wednesday)), Sends: sentBefore{}, Readers: berliners{}, Log: slog.New(slog.DiscardHandler)}
		if o := x.Send(t.Context(), bot.Send{Channel: "C1"}, Message{Text: "x"}); o.State != want {
			t.Errorf("%+v, want %s", o, want)
		}
	}
}

func TestRetractTakesAMessageAwayOnce(t *testing.T) {
	w := newSlack(t, false)
	x := newSender(t, w, sentBefore{})
	o := x.Send(t.Context(), bot.Send{SID: "twice", Members: []string{w.person("ana")}}, Message{Text: "twice"})
	for range 2 {
		if err := x.Retract(t.Context(), o.Channel, o.TS); err != nil {
			t.Error(err)
		}
	}
	if n := len(w.said("twice")); n != 0 {
		t.Errorf("%d are left", n)
	}
}
