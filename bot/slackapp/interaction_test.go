package slackapp

import (
	"context"
	"strings"
	"sync"
	"testing"

	"github.com/slack-go/slack"
)

// desk is a noun that shows every way to answer.
type desk struct {
	client *Client
	mu     sync.Mutex
	got    []Request
	answer func(Request) (Response, error)
}

// Routes implements [Noun].
func (n *desk) Routes() []Route {
	return []Route{
		{Kind: OnCommand, Name: "/kudos", Handle: func(_ context.Context, r Request) (Response, error) {
			return Then(func(ctx context.Context) error {
				_, err := n.client.OpenModal(ctx, r.TriggerID, deskModal("Form"))
				return err
			}), nil
		}},
		{Kind: OnCommand, Name: "/kudos buttons", Handle: func(_ context.Context, r Request) (Response, error) {
			return Then(func(ctx context.Context) error {
				_, err := n.client.Say(ctx, r.Channel, "", deskMessage("pick one"))
				return err
			}), nil
		}},
		{Kind: OnSubmit, Name: "desk.form", Handle: n.act},
		{Kind: OnClose, Name: "desk.form", Handle: n.act},
		{Kind: OnAction, Name: "desk.", Handle: n.act},
		{Kind: OnShortcut, Name: "give_kudos", Handle: n.act},
		{Kind: OnEvent, Name: "app_home_opened", Handle: n.act},
	}
}

func (n *desk) act(_ context.Context, r Request) (Response, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.got = append(n.got, r)
	if n.answer == nil {
		return Response{}, nil
	}
	return n.answer(r)
}

func (n *desk) answers(f func(Request) (Response, error)) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.answer = f
}

// last returns the newest request that came.
func (n *desk) last() Request {
	n.mu.Lock()
	defer n.mu.Unlock()
	if len(n.got) == 0 {
		return Request{}
	}
	return n.got[len(n.got)-1]
}

func deskModal(title string) Modal {
	return Modal{
		CallbackID: "desk.form", Title: title, Submit: "Save", PrivateMetadata: "meta", NotifyOnClose: true,
		Blocks: []slack.Block{
			Input{Block: "text", Label: "Text"}.text("", "", 100, false),
			Input{Block: "kind", Label: "Kind", Optional: true}.choice("", "", option("a", "A"), option("b", "B")),
			Input{Block: "day", Label: "Day", Optional: true}.date(deskDay),
		},
	}
}

var deskDay, _ = Picked{Date: "2026-03-27"}.Day()

func deskMessage(text string) Message {
	return Message{Text: text, Blocks: []slack.Block{
		section(text),
		actions(button("desk.press", "7 1", "Press it"), button("desk.press", "8 1", "Press the other"), menu("desk.menu", option("x", "X"), option("y", "Y"))),
	}}
}

func newDesk(t *testing.T) (*town, *desk) {
	t.Helper()
	n := &desk{}
	w := newTown(t, nil, func(c *Client) Noun {
		n.client = c
		return n
	})
	return w, n
}

// open opens the form for ana and returns the modal's id.
func (w *town) open() string {
	w.t.Helper()
	w.do("/command", map[string]any{"user": "ana", "channel": "#general", "command": "/kudos", "text": ""})
	w.settle()
	for _, v := range w.state().Views {
		if v.CallbackID == "desk.form" && v.User == w.person("ana") {
			return v.ID
		}
	}
	w.t.Fatal("no modal is open")
	return ""
}

func (w *town) views() string {
	var ids []string
	for _, v := range w.state().Views {
		if v.Type == "modal" {
			ids = append(ids, v.CallbackID)
		}
	}
	return strings.Join(ids, " ")
}

func TestASubmissionIsReadAndAnswered(t *testing.T) {
	w, n := newDesk(t)
	values := map[string]any{"text": map[string]any{"text": " a & b "}, "kind": map[string]any{"kind": "b"}, "day": map[string]any{"day": "2026-04-01"}}
	for _, tt := range []struct {
		name   string
		answer func(Request) (Response, error)
		action string
		open   string // callback ids of the modals afterwards
	}{
		{"errors", func(Request) (Response, error) {
			return Response{Ack: InputErrors(map[string]string{"text": "Say more."})}, nil
		}, "errors", "desk.form"},
		{"update", func(Request) (Response, error) { return Response{Ack: UpdateModal(noticeModal("Saved."))}, nil }, "update", "rapport.notice"},
		{"push", func(Request) (Response, error) { return Response{Ack: PushModal(noticeModal("And?"))}, nil }, "push", "desk.form rapport.notice"},
		{"clear", func(Request) (Response, error) { return Response{Ack: ClearModals()}, nil }, "clear", ""},
		{"message", func(Request) (Response, error) { return Reply(Message{Text: "Saved."}), nil }, "update", "rapport.notice"},
		{"close", func(Request) (Response, error) { return Response{}, nil }, "", ""},
		{"error", func(Request) (Response, error) { panic("oops") }, "errors", "desk.form"},
		{"invalid", func(Request) (Response, error) {
			return Response{Ack: UpdateModal(Modal{CallbackID: strings.Repeat("x", 300)})}, nil
		}, "update", "rapport.notice"},
		{"large update", func(Request) (Response, error) { return Response{Ack: UpdateModal(largeModal())}, nil }, "update", "desk.large"},
		{"large push", func(Request) (Response, error) { return Response{Ack: PushModal(largeModal())}, nil }, "push", "desk.form desk.large"},
	} {
		n.answers(tt.answer)
		view := w.open()
		a := w.do("/submit", map[string]any{"user": "ana", "view_id": view, "values": values})
		w.settle()
		if !a.Acked || a.Response.ResponseAction != tt.action || w.views() != tt.open {
			t.Errorf("%s: %+v, open: %q, want %q", tt.name, a, w.views(), tt.open)
		}
		r := n.last()
		day, ok := r.Values.Date("day")
		if r.Values.Text("text") != "a & b" || r.Values.Option("kind") != "b" || !ok || day.Day != 1 || r.View.PrivateMetadata != "meta" || r.Token == "" {
			t.Errorf("%s: read %+v", tt.name, r)
		}
		for w.views() != "" {
			w.do("/close", map[string]any{"user": "ana", "clear": true})
		}
	}
	w.unbroken()
}

func largeModal() Modal {
	m := Modal{CallbackID: "desk.large", Title: "Large"}
	for range 10 {
		m.Blocks = append(m.Blocks, section(strings.Repeat("large ", 450)))
	}
	return m
}

func TestClosingAModalIsHeard(t *testing.T) {
	w, n := newDesk(t)
	w.do("/close", map[string]any{"user": "ana", "view_id": w.open()})
	if r := n.last(); r.Kind != OnClose || r.Name != "desk.form" {
		t.Errorf("closed: %+v", r)
	}
}

func TestButtonsAndMenusAreRead(t *testing.T) {
	w, n := newDesk(t)
	channel := ""
	for _, c := range w.state().Channels {
		if c.Name == "general" {
			channel = c.ID
		}
	}
	w.do("/command", map[string]any{"user": "ana", "channel": channel, "command": "/kudos", "text": "buttons"})
	w.settle()
	ts := w.said("pick one")[0].TS
	press := map[string]any{"user": "bob", "channel": channel, "ts": ts, "action_id": "desk.press:2"}
	if a := w.do("/click", press); !a.Acked {
		t.Fatalf("press: %+v", a)
	}
	first := n.last()
	if first.Action.ID != "desk.press" || first.Action.Value != "8 1" || first.User != w.person("bob") || first.Channel != channel ||
		first.Message.TS != ts || first.Message.Text != "pick one" || first.ResponseURL == "" {
		t.Errorf("pressed: %+v", first)
	}
	w.do("/click", press)
	if second := n.last(); second.Token != first.Token {
		t.Errorf("pressed twice: %q, then %q", first.Token, second.Token)
	}
	press["user"] = "ana"
	w.do("/click", press)
	if other := n.last(); other.Token == first.Token {
		t.Error("two people's presses have one token")
	}
	choose := map[string]any{"user": "bob", "channel": channel, "ts": ts, "action_id": "desk.menu", "option": "y"}
	w.do("/select", choose)
	once := n.last()
	if once.Action.ID != "desk.menu" || once.Action.Picked.Option != "y" {
		t.Errorf("chosen: %+v", once)
	}
	n.answers(func(r Request) (Response, error) {
		return Then(func(ctx context.Context) error { return n.client.Rewrite(ctx, r, Message{Text: "rewritten"}) }), nil
	})
	w.do("/click", press)
	w.settle()
	if got := w.said("rewritten"); len(got) != 1 || got[0].TS != ts {
		t.Errorf("rewritten: %+v", got)
	}
	w.unbroken()
}

func TestAFailedPressIsSaidToThePresserAlone(t *testing.T) {
	w, n := newDesk(t)
	n.answers(func(Request) (Response, error) { panic("oops") })
	w.do("/command", map[string]any{"user": "ana", "channel": "#general", "command": "/kudos", "text": "buttons"})
	w.settle()
	m := w.said("pick one")[0]
	if a := w.do("/click", map[string]any{"user": "bob", "channel": m.Channel, "ts": m.TS, "action_id": "desk.press"}); !a.Acked {
		t.Errorf("press: %+v", a)
	}
	w.settle()
	if got := w.said(wordsWrong); len(got) != 1 || got[0].EphemeralTo != w.person("bob") {
		t.Errorf("said %+v", got)
	}
	if got := w.said("pick one"); len(got) != 1 {
		t.Error("the message with the button is gone")
	}
}

func TestShortcutsAndHome(t *testing.T) {
	w, n := newDesk(t)
	m := w.do("/message", map[string]any{"user": "bob", "channel": "#general", "text": "thank <me> & others"})
	w.do("/shortcut", map[string]any{"user": "ana", "callback_id": "give_kudos", "channel": "#general", "ts": m.TS})
	if r := n.last(); r.Kind != OnShortcut || r.Message.TS != m.TS || r.Message.User != w.person("bob") || !strings.Contains(r.Message.Text, "&lt;me&gt;") || r.TriggerID == "" {
		t.Errorf("shortcut: %+v", r)
	}
	n.answers(func(r Request) (Response, error) {
		return Then(func(ctx context.Context) error {
			return n.client.PublishHome(ctx, r.User, Home{Blocks: []slack.Block{section("home"), actions(button("desk.press", "home", "Press"))}})
		}), nil
	})
	w.do("/home", map[string]any{"user": "ana"})
	w.settle()
	if r := n.last(); r.Kind != OnEvent || r.Event.Tab != "home" || r.User != w.person("ana") {
		t.Errorf("home: %+v", r)
	}
	home := ""
	for _, v := range w.state().Views {
		if v.Type == "home" {
			home = v.ID
		}
	}
	n.answers(nil)
	w.do("/click", map[string]any{"user": "ana", "view_id": home, "action_id": "desk.press"})
	if r := n.last(); !r.View.Home || r.View.ID != home || r.Action.Value != "home" {
		t.Errorf("pressed on Home: %+v", r)
	}
	n.answers(func(Request) (Response, error) { panic("oops") })
	w.do("/click", map[string]any{"user": "ana", "view_id": home, "action_id": "desk.press"})
	w.settle()
	if w.views() != "rapport.notice" {
		t.Errorf("what went wrong on Home is not shown: %q", w.views())
	}
	w.unbroken()
}

func TestAPressIsAnsweredLikeACommand(t *testing.T) {
	w, n := newDesk(t)
	w.do("/command", map[string]any{"user": "ana", "channel": "#general", "command": "/kudos", "text": "buttons"})
	w.settle()
	m := w.said("pick one")[0]
	press := map[string]any{"user": "bob", "channel": m.Channel, "ts": m.TS, "action_id": "desk.press"}
	n.answers(func(Request) (Response, error) { return Reply(Message{Text: "pressed"}), nil })
	w.do("/click", press)
	w.settle()
	if got := w.said("pressed"); len(got) != 1 || got[0].EphemeralTo != w.person("bob") {
		t.Errorf("a message: %+v", got)
	}
	n.answers(func(Request) (Response, error) { return Response{Ack: UpdateModal(noticeModal("opened"))}, nil })
	w.do("/click", press)
	w.settle()
	if w.views() != "rapport.notice" {
		t.Errorf("a modal: %q", w.views())
	}
	w.unbroken()
}
