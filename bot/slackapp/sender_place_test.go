package slackapp

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"

	"rapport/bot"
)

// opened are the conversations that processes share.
type opened struct {
	mu    sync.Mutex
	ids   map[string]string
	asked int
	err   error
}

// Conversations implements [ConversationStore].
func (o *opened) Conversations(_ context.Context, members [][]string) ([]string, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.asked++
	ids := make([]string, len(members))
	for i, m := range members {
		ids[i] = o.ids[conversationKey(m)]
	}
	return ids, o.err
}

// SaveConversation implements [ConversationStore].
func (o *opened) SaveConversation(_ context.Context, members []string, id string) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.ids == nil {
		o.ids = make(map[string]string)
	}
	o.ids[conversationKey(members)] = id
	return o.err
}

// noOpening makes the local Slack refuse the next call of conversations.open.
func (w *town) noOpening() {
	w.fault(map[string]any{"method": "conversations.open", "kind": "500", "count": 1})
}

func TestADirectMessageNeedsNothingOpened(t *testing.T) {
	w := newSlack(t, false)
	x := newSender(t, w, sentBefore{})
	ana := []string{w.person("ana")}
	w.noOpening()
	var in []string
	for _, sid := range []string{"first", "second"} {
		o := x.Send(t.Context(), bot.Send{SID: sid, Members: ana}, Message{Text: "hello"})
		if o.State != bot.StateSent || !strings.HasPrefix(o.Channel, "D") {
			t.Fatalf("%s: %+v", sid, o)
		}
		in = append(in, o.Channel)
	}
	if in[0] != in[1] {
		t.Errorf("the same person has two conversations, %q", in)
	}
	// Having been answered, it can be looked into without being opened, too.
	if o := x.Find(t.Context(), bot.Send{SID: "first", Members: ana, TriedAt: wednesday}); o.State != bot.StateSent || o.Channel != in[0] {
		t.Errorf("looked for: %+v", o)
	}
	if o := x.Find(t.Context(), bot.Send{SID: "other", Members: []string{w.person("bob")}, TriedAt: wednesday}); o.State != bot.StateUnknown {
		t.Errorf("looked for in a conversation that cannot be opened: %+v", o)
	}
}

func TestOpenedConversationsAreSharedAndOutliveTheProcess(t *testing.T) {
	w := newSlack(t, false)
	shared := &opened{}
	people := []string{w.person("ana"), w.person("bob")}
	s := bot.Send{SID: "group", Members: people}
	first := newSender(t, w, sentBefore{})
	first.Conversations = shared
	if o := first.Open(t.Context(), s); o.State != bot.StateSent || shared.ids[conversationKey(people)] != o.Channel {
		t.Fatalf("opened: %+v, kept %v", o, shared.ids)
	}
	second := newSender(t, w, sentBefore{})
	second.Conversations = shared
	w.noOpening()
	slices.Reverse(s.Members)
	for range 2 {
		if o := second.Send(t.Context(), s, Message{Text: "hello"}); o.State != bot.StateSent {
			t.Errorf("sent by another process: %+v", o)
		}
	}
	if shared.asked != 2 {
		t.Errorf("the store was asked %d times, want once by each process", shared.asked)
	}
	third := newSender(t, w, sentBefore{})
	third.Conversations = &opened{err: errors.New("no answer")}
	if o := third.Send(t.Context(), s, Message{Text: "hello"}); o.State != bot.StatePending || o.Reason != reasonStore {
		t.Errorf("without an answer of the store: %+v", o)
	}
}

func TestClosedAreThoseThatHaveToBeOpened(t *testing.T) {
	w := newSlack(t, false)
	x := newSender(t, w, sentBefore{})
	x.Conversations = &opened{ids: map[string]string{"U1 U2": "G1"}}
	group := func(sid string, members ...string) bot.Send { return bot.Send{SID: sid, Members: members} }
	thread := group("thread", "U3", "U4")
	thread.Thread = "parent"
	edit := group("edit", "U3", "U4")
	edit.Replaces = "parent"
	closed, err := x.Closed(t.Context(), []bot.Send{
		group("known", "U2", "U1"), group("closed", "U3", "U4"), group("dm", "U5"), {SID: "channel", Channel: "C1"}, thread, edit, group("new", "U5", "U6"),
	})
	var sids []string
	for _, s := range closed {
		sids = append(sids, s.SID)
	}
	if err != nil || !slices.Equal(sids, []string{"closed", "new"}) {
		t.Errorf("closed are %v, %v", sids, err)
	}
}
