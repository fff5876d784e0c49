package slackfake

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
)

// payloadOf reads a payload into plain values.
func payloadOf(t *testing.T, raw json.RawMessage) map[string]any {
	t.Helper()
	var v map[string]any
	if err := json.Unmarshal(raw, &v); err != nil {
		t.Fatal(err)
	}
	return v
}

// at finds a value by a path such as "event.channel_type"; numbers index lists.
func at(t *testing.T, v any, path string) any {
	t.Helper()
	for key := range strings.SplitSeq(path, ".") {
		switch node := v.(type) {
		case map[string]any:
			v = node[key]
		case []any:
			var i int
			if _, err := fmt.Sscan(key, &i); err != nil || i >= len(node) {
				t.Fatalf("%s: no element %q of %d", path, key, len(node))
			}
			v = node[i]
		default:
			t.Fatalf("%s: nothing at %q", path, key)
		}
	}
	return v
}

// wantAt compares values by path; a want of present only asks that something is there.
func wantAt(t *testing.T, v any, want map[string]any) {
	t.Helper()
	for path, value := range want {
		got := at(t, v, path)
		if value == present {
			if got == nil || got == "" {
				t.Errorf("%s is missing", path)
			}
			continue
		}
		if g, w := string(mustJSON(got)), string(mustJSON(value)); g != w {
			t.Errorf("%s = %s, want %s", path, g, w)
		}
	}
}

type somethingThere struct{}

var present = somethingThere{}

func TestEventEnvelope(t *testing.T) {
	s := startSlack(t)
	c := dial(t, s, nil)
	c.hello()
	answer := acted(t, s, "/message", `{"user":"ana","channel":"@tester","text":"hello <you> & @ben"}`)
	w := c.next()
	if w.Type != "events_api" || w.Accepts || w.RetryAttempt != 0 || w.EnvelopeID != answer["envelope_id"] {
		t.Fatalf("envelope %+v, act %v", w, answer)
	}
	wantAt(t, payloadOf(t, w.Payload), map[string]any{
		"type": "event_callback", "team_id": "T000000001", "api_app_id": s.app.id, "event_id": present, "event_time": 1772442000,
		"authorizations.0.user_id": s.app.botUser, "event.type": "message", "event.channel_type": "im", "event.user": "UANA",
		"event.text": "hello &lt;you&gt; &amp; <@UBEN>", "event.ts": answer["ts"], "event.event_ts": answer["ts"],
	})
	if answer["acked"] != true {
		t.Errorf("act answered %v", answer)
	}
}

func TestUnsubscribedEventsAreNotSent(t *testing.T) {
	s := startSlack(t)
	c := dial(t, s, nil)
	c.hello()
	answer := acted(t, s, "/message", `{"user":"ana","channel":"general","text":"nothing for the app"}`) // message.channels is not in the manifest
	if answer["envelope_id"] != "" || len(c.frames) != 0 {
		t.Errorf("act answered %v, %d frames came", answer, len(c.frames))
	}
	acted(t, s, "/message", `{"user":"ana","channel":"general","text":"hey @tester"}`)
	if got := payloadOf(t, c.next().Payload); at(t, got, "event.type") != "app_mention" {
		t.Errorf("got %v", got)
	}
}

func TestEventsComeAgainInVirtualTime(t *testing.T) {
	s := startSlack(t)
	impatient(s)
	c := dial(t, s, func(wire) any { return noAck })
	c.hello()
	start := s.clock.Now()
	status, answer := post(t, s, "/message", `{"user":"ana","channel":"@tester","text":"hi"}`)
	if status != 200 || answer["error"] != "no ack in 3 s" || answer["acked"] != false || answer["ts"] == nil {
		t.Fatalf("act answered %d %v", status, answer)
	}
	// The second delivery is due at once, so it comes without the clock moving.
	if err := s.clock.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	attempts := []int{c.next().RetryAttempt, c.next().RetryAttempt}
	for _, d := range []time.Duration{time.Minute, 5 * time.Minute} {
		if err := s.clock.Advance(t.Context(), start.Add(d-time.Second)); err != nil {
			t.Fatal(err)
		}
		if len(c.frames) != 0 {
			t.Fatalf("redelivered before %s", d)
		}
		if err := s.clock.Advance(t.Context(), start.Add(d)); err != nil {
			t.Fatal(err)
		}
		w := c.next()
		if w.RetryReason != "timeout" || w.EnvelopeID != answer["envelope_id"] {
			t.Errorf("redelivery %+v", w)
		}
		attempts = append(attempts, w.RetryAttempt)
	}
	if err := s.clock.Advance(t.Context(), start.Add(24*time.Hour)); err != nil {
		t.Fatal(err)
	}
	if len(c.frames) != 0 || !slices.Equal(attempts, []int{0, 1, 2, 3}) {
		t.Errorf("attempts %v, then %d more", attempts, len(c.frames))
	}
	if rules := brokenRules(s); len(rules) != 4 || rules[0] != ruleUnacked {
		t.Errorf("broken %v, want four times unacknowledged", rules)
	}
}

func TestAcknowledgedRedeliveryEnds(t *testing.T) {
	s := startSlack(t)
	impatient(s)
	deaf := dial(t, s, func(wire) any { return noAck })
	deaf.hello()
	post(t, s, "/message", `{"user":"ana","channel":"@tester","text":"hi"}`)
	if err := s.clock.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	waitFor(t, func() bool { return len(deaf.frames) == 2 })
	waitsForAcks(s, ackTime) // the next one is acknowledged
	deaf.mu.Lock()
	deaf.answer = nil
	deaf.mu.Unlock()
	if err := s.clock.Advance(t.Context(), s.clock.Now().Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	if n := len(deaf.frames); n != 3 {
		t.Errorf("%d deliveries, want 3: two unanswered and the acknowledged one", n)
	}
}

func TestEventsWaitForTheAppToComeBack(t *testing.T) {
	s := startSlack(t)
	gone := dial(t, s, nil)
	gone.hello()
	post(t, s, "/faults", `{"kind":"disconnect","reason":"reset"}`)
	gone.ended()
	waitFor(t, func() bool { s.mu.Lock(); defer s.mu.Unlock(); return len(s.hub.conns) == 0 })
	if _, answer := post(t, s, "/message", `{"user":"ana","channel":"@tester","text":"anybody?"}`); answer["error"] != "not_connected" {
		t.Fatalf("act answered %v", answer)
	}
	back := dial(t, s, nil)
	back.hello()
	if err := s.clock.Advance(t.Context(), s.clock.Now().Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	if w := back.next(); w.RetryAttempt != 2 || w.RetryReason != "connection_failed" {
		t.Errorf("came as %+v", w)
	}
	if rules := brokenRules(s); len(rules) != 0 {
		t.Errorf("broken %v: nobody was connected", rules)
	}
}

func TestConnectionLostBeforeTheAcknowledgement(t *testing.T) {
	s := startSlack(t)
	c := dial(t, s, func(wire) any { return noAck })
	c.hello()
	post(t, s, "/faults", `{"kind":"disconnect","envelope":"slash_commands","count":1,"reason":"reset"}`)
	_, answer := post(t, s, "/command", `{"user":"ana","channel":"general","command":"/plain"}`)
	if answer["acked"] != false || answer["error"] != "connection closed before the acknowledgement" {
		t.Errorf("act answered %v", answer)
	}
	if rules := brokenRules(s); len(rules) != 0 {
		t.Errorf("broken %v: the connection was cut on purpose", rules)
	}
}

func TestCommandsAndInteractionsNeverComeAgain(t *testing.T) {
	s := startSlack(t)
	impatient(s)
	c := dial(t, s, func(wire) any { return noAck })
	c.hello()
	if _, answer := post(t, s, "/command", `{"user":"ana","channel":"general","command":"/plain"}`); answer["error"] != "no ack in 3 s" {
		t.Fatalf("act answered %v", answer)
	}
	if err := s.clock.Advance(t.Context(), s.clock.Now().Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	if n := len(c.frames); n != 1 {
		t.Errorf("delivered %d times", n)
	}
}

func TestNotConnected(t *testing.T) {
	s := startSlack(t)
	_, answer := post(t, s, "/command", `{"user":"ana","channel":"general","command":"/plain"}`)
	if answer["acked"] != false || answer["error"] != "not_connected" {
		t.Errorf("act answered %v", answer)
	}
}

func TestAckOverAnotherConnectionIsNone(t *testing.T) {
	s := startSlack(t)
	impatient(s)
	deaf := dial(t, s, func(wire) any { return noAck })
	deaf.hello()
	s.mu.Lock()
	e := s.newEnvelope(kindCommand, "/plain", map[string]any{}, true)
	s.deliver(e)
	s.mu.Unlock()
	id := deaf.next().EnvelopeID
	other := dial(t, s, nil)
	other.hello()
	if err := other.ws.WriteJSON(map[string]any{"envelope_id": id}); err != nil {
		t.Fatal(err)
	}
	<-e.settled
	s.mu.Lock()
	defer s.mu.Unlock()
	if e.acked {
		t.Error("acknowledged over a connection that never got it")
	}
}

func TestAckOf20KBIsDropped(t *testing.T) {
	s := startSlack(t)
	impatient(s)
	dial(t, s, func(wire) any { return map[string]any{"text": strings.Repeat("x", maxAck)} }).hello()
	if _, answer := post(t, s, "/command", `{"user":"ana","channel":"general","command":"/plain"}`); answer["acked"] != false {
		t.Errorf("act answered %v", answer)
	}
}

func TestEnvelopeFaults(t *testing.T) {
	const command = `{"user":"ana","channel":"general","command":"/plain"}`
	t.Run("late", func(t *testing.T) {
		s := startSlack(t)
		c := dial(t, s, nil)
		c.hello()
		post(t, s, "/faults", `{"kind":"late","envelope":"slash_commands","count":1,"delay_ms":150}`)
		start := time.Now()
		acted(t, s, "/command", command)
		if took := time.Since(start); took < 150*time.Millisecond {
			t.Errorf("came after %s", took)
		}
	})
	t.Run("duplicate command", func(t *testing.T) {
		s := startSlack(t)
		c := dial(t, s, nil)
		c.hello()
		post(t, s, "/faults", `{"kind":"duplicate","envelope":"*","count":1}`)
		acted(t, s, "/command", command)
		if one, two := c.next(), c.next(); one.EnvelopeID != two.EnvelopeID {
			t.Errorf("two envelopes: %s, %s", one.EnvelopeID, two.EnvelopeID)
		}
	})
	t.Run("duplicate event", func(t *testing.T) {
		s := startSlack(t)
		c := dial(t, s, nil)
		c.hello()
		post(t, s, "/faults", `{"kind":"duplicate","envelope":"events_api","count":1}`)
		acted(t, s, "/message", `{"user":"ana","channel":"@tester","text":"hi"}`)
		one, two := payloadOf(t, c.next().Payload), payloadOf(t, c.next().Payload)
		if one["event_id"] == two["event_id"] || string(mustJSON(one["event"])) != string(mustJSON(two["event"])) {
			t.Errorf("got %v and %v", one, two)
		}
	})
	t.Run("reorder", func(t *testing.T) {
		s := startSlack(t)
		c := dial(t, s, nil)
		c.hello()
		post(t, s, "/faults", `{"kind":"reorder","envelope":"events_api","count":1}`)
		first := make(chan actResult, 1)
		go func() {
			first <- s.act(t.Context(), messageAct{User: "ana", Channel: "@tester", Text: "first"})
		}()
		waitFor(t, func() bool { s.mu.Lock(); defer s.mu.Unlock(); return len(s.hub.held) == 1 })
		acted(t, s, "/message", `{"user":"ana","channel":"@tester","text":"second"}`)
		for _, want := range []string{"second", "first"} {
			if got := at(t, payloadOf(t, c.next().Payload), "event.text"); got != want {
				t.Errorf("got %v, want %s", got, want)
			}
		}
		if r := <-first; !r.Acked {
			t.Errorf("the first act gave %+v", r)
		}
	})
	t.Run("drop_ack", func(t *testing.T) {
		s := startSlack(t)
		c := dial(t, s, nil)
		c.hello()
		post(t, s, "/faults", `{"kind":"drop_ack","envelope":"events_api","count":1}`)
		post(t, s, "/message", `{"user":"ana","channel":"@tester","text":"hi"}`)
		if err := s.clock.Settle(t.Context()); err != nil {
			t.Fatal(err)
		}
		if one, two := c.next(), c.next(); two.RetryAttempt != 1 || one.EnvelopeID != two.EnvelopeID {
			t.Errorf("got %+v and %+v", one, two)
		}
		if rules := brokenRules(s); len(rules) != 0 {
			t.Errorf("broken %v: the acknowledgement was lost on the way", rules)
		}
	})
}

// patienceOfTests is how long, in real time, is waited for what has to come: a busy machine lets it come late.
const patienceOfTests = time.Minute

// waitFor waits in real time for something that another goroutine does.
func waitFor(t *testing.T, ok func() bool) {
	t.Helper()
	deadline := time.After(patienceOfTests)
	tick := time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for !ok() {
		select {
		case <-deadline:
			t.Fatal("it never happened")
		case <-tick.C:
		}
	}
}

func FuzzReadAck(f *testing.F) {
	for _, seed := range []string{`{"envelope_id":"1"}`, `{"envelope_id":"1","payload":{"text":"x"}}`, `{"envelope_id":"1","payload":null}`, `[]`, `null`, `{`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		a, err := readAck(data)
		if err == nil && (a.EnvelopeID == "" || string(a.Payload) == "null") {
			t.Errorf("%q gave %+v", data, a)
		}
	})
}
