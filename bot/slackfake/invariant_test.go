package slackfake

import (
	"encoding/json"
	"slices"
	"testing"
	"time"
)

func TestTheSameMessageTwice(t *testing.T) {
	sid := func(id string) *Metadata {
		return &Metadata{EventType: "send", Payload: json.RawMessage(`{"sid":"` + id + `"}`)}
	}
	for _, tt := range []struct {
		name          string
		first, second Message
		between       time.Duration
		twice         bool
	}{
		{name: "same words at once", first: Message{Text: "hi"}, second: Message{Text: "hi"}, twice: true},
		{name: "same words later", first: Message{Text: "hi"}, second: Message{Text: "hi"}, between: 61 * time.Second},
		{name: "other words", first: Message{Text: "hi"}, second: Message{Text: "ho"}},
		{name: "other blocks", first: Message{Text: "hi"}, second: Message{Text: "hi", Blocks: json.RawMessage(`[{"type":"divider"}]`)}},
		{name: "same sid much later", first: Message{Text: "a", Metadata: sid("x")}, second: Message{Text: "b", Metadata: sid("x")}, between: 48 * time.Hour, twice: true},
		{name: "other sid, other words", first: Message{Text: "a", Metadata: sid("x")}, second: Message{Text: "b", Metadata: sid("y")}},
		{name: "for two people alone", first: Message{Text: "hi", EphemeralTo: "UANA"}, second: Message{Text: "hi", EphemeralTo: "UBEN"}},
		{name: "people may repeat themselves", first: Message{Text: "hi", User: "UANA"}, second: Message{Text: "hi", User: "UANA"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := startSlack(t)
			for i, m := range []Message{tt.first, tt.second} {
				if i == 1 {
					if err := s.clock.Advance(t.Context(), s.clock.Now().Add(tt.between)); err != nil {
						t.Fatal(err)
					}
				}
				if m.User == "" {
					m.User = s.app.botUser
				}
				s.mu.Lock()
				s.addMessage(s.world.channels["CGEN"], &m)
				s.mu.Unlock()
			}
			want := []string{}
			if tt.twice {
				want = []string{ruleTwice}
			}
			if got := brokenRules(s); !slices.Equal(got, want) {
				t.Errorf("broken %v, want %v", got, want)
			}
		})
	}
}

func TestTwoAnswersToTwoCommandsAreDue(t *testing.T) {
	s := startSlack(t)
	dial(t, s, func(wire) any { return map[string]any{"text": "noted"} }).hello()
	for range 2 {
		acted(t, s, "/command", `{"user":"ana","channel":"general","command":"/plain"}`)
	}
	if got := brokenRules(s); len(got) != 0 {
		t.Errorf("broken %v", got)
	}
}

func TestOverLimitIsBrokenAlsoWhenRefused(t *testing.T) {
	s := startSlack(t)
	long := make([]byte, 5000)
	for i := range long {
		long[i] = 'x'
	}
	if _, body, err := callMethod(t, s, "chat.postMessage", "channel=CGEN&text="+string(long)); err != nil {
		t.Fatal(err)
	} else if ok := payloadOf(t, []byte(body))["ok"]; ok != false {
		t.Errorf("answered %s", body)
	}
	if got := brokenRules(s); !slices.Equal(got, []string{ruleLimit}) {
		t.Errorf("broken %v", got)
	}
}

func TestUnacknowledgedIsBrokenOnce(t *testing.T) {
	s := startSlack(t)
	impatient(s)
	dial(t, s, func(wire) any { return noAck }).hello()
	post(t, s, "/command", `{"user":"ana","channel":"general","command":"/plain"}`)
	if got := brokenRules(s); !slices.Equal(got, []string{ruleUnacked}) {
		t.Errorf("broken %v", got)
	}
	wantAt(t, stateOfSlack(t, s, ""), map[string]any{"broken.0.rule": ruleUnacked, "broken.0.at": "2026-03-02T09:00:00Z", "envelopes.0.acked": false, "envelopes.0.attempts": 1})
}
