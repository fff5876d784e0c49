package slackfake

import (
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

// callMethod sends a form to a Web API method with the bot's token.
func callMethod(t *testing.T, s *Server, method, form string) (*http.Response, string, error) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.APIURL()+method, strings.NewReader(form))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Authorization", "Bearer "+s.BotToken())
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, "", err
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	return resp, string(body), err
}

func posted(s *Server) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.world.channels["CGEN"].messages)
}

func TestMethodFaults(t *testing.T) {
	const form = "channel=CGEN&text=hi"
	for _, tt := range []struct {
		name, fault string
		status      int // 0: the connection is cut
		effect      int // messages after it
	}{
		{"429", `{"method":"chat.postMessage","kind":"429","retry_after":7,"count":1}`, 429, 0},
		{"500", `{"method":"chat.postMessage","kind":"500","count":1}`, 500, 0},
		{"500 after", `{"method":"chat.postMessage","kind":"500_after","count":1}`, 500, 1},
		{"reset after", `{"method":"chat.postMessage","kind":"reset_after","count":1}`, 0, 1},
		{"all methods", `{"method":"*","kind":"500","count":1}`, 500, 0},
		{"another method", `{"method":"auth.test","kind":"500","count":1}`, 200, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s := startSlack(t)
			if status, answer := post(t, s, "/faults", tt.fault); status != http.StatusOK || len(answer["faults"].([]any)) != 1 {
				t.Fatalf("order: %d %v", status, answer)
			}
			resp, body, err := callMethod(t, s, "chat.postMessage", form)
			if (err != nil) != (tt.status == 0) || (err == nil && resp.StatusCode != tt.status) {
				t.Fatalf("%v %s: %v", resp, body, err)
			}
			if n := posted(s); n != tt.effect {
				t.Errorf("%d messages, want %d", n, tt.effect)
			}
			if tt.status == 429 && (resp.Header.Get("Retry-After") != "7" || !strings.Contains(body, "ratelimited")) {
				t.Errorf("%v %s", resp.Header, body)
			}
			// One turn only.
			if resp, _, err := callMethod(t, s, "chat.postMessage", form); err != nil || resp.StatusCode != http.StatusOK {
				t.Errorf("the next call: %v %v", resp, err)
			}
		})
	}
}

func TestDelayedCall(t *testing.T) {
	s := startSlack(t)
	post(t, s, "/faults", `{"method":"chat.postMessage","delay_ms":120}`)
	start := time.Now()
	advanced := make(chan time.Time, 1)
	go func() {
		waitFor(t, func() bool { s.clock.mu.Lock(); defer s.clock.mu.Unlock(); return s.clock.inflight > 0 })
		_ = s.clock.Advance(t.Context(), s.clock.Now().Add(time.Hour))
		advanced <- time.Now()
	}()
	if _, _, err := callMethod(t, s, "chat.postMessage", "channel=CGEN&text=hi"); err != nil {
		t.Fatal(err)
	}
	if took := time.Since(start); took < 120*time.Millisecond {
		t.Errorf("answered after %s", took)
	}
	if end := <-advanced; end.Sub(start) < 120*time.Millisecond {
		t.Error("the clock moved while a call was in progress")
	}
	post(t, s, "/faults", `{"clear":true}`)
	if len(s.faults.all()) != 0 {
		t.Error("faults stay after clear")
	}
}

func TestCallingBeforeRetryAfterBreaksARule(t *testing.T) {
	for _, tt := range []struct {
		name string
		wait time.Duration // virtual
		want []string
	}{{"too early", 5 * time.Second, []string{ruleRateLimit}}, {"in time", 30 * time.Second, []string{}}} {
		t.Run(tt.name, func(t *testing.T) {
			s := startSlack(t)
			post(t, s, "/faults", `{"method":"chat.postMessage","kind":"429","retry_after":30,"count":1}`)
			if _, _, err := callMethod(t, s, "chat.postMessage", "channel=CGEN&text=hi"); err != nil {
				t.Fatal(err)
			}
			s.faults.mu.Lock()
			for key, l := range s.faults.limited { // as if the answer had arrived a while ago
				l.known = l.known.Add(-time.Second)
				s.faults.limited[key] = l
			}
			s.faults.mu.Unlock()
			if err := s.clock.Advance(t.Context(), s.clock.Now().Add(tt.wait)); err != nil {
				t.Fatal(err)
			}
			if _, _, err := callMethod(t, s, "chat.postMessage", "channel=CGEN&text=hi"); err != nil {
				t.Fatal(err)
			}
			if got := brokenRules(s); !slices.Equal(got, tt.want) {
				t.Errorf("broken %v, want %v", got, tt.want)
			}
		})
	}
}

// answerTo posts to a response_url.
func answerTo(t *testing.T, url, body string) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, strings.TrimSpace(string(text))
}

func TestResponseURL(t *testing.T) {
	s := startSlack(t)
	c := dial(t, s, nil)
	c.hello()
	acted(t, s, "/command", `{"user":"ana","channel":"general","command":"/plain"}`)
	url := payloadOf(t, c.next().Payload)["response_url"].(string)
	for _, tt := range []struct {
		body   string
		status int
		text   string
	}{
		{`{"text":"only you"}`, 200, "ok"},
		{`{"text":"everybody","response_type":"in_channel"}`, 200, "ok"},
		{`{}`, 400, `{"error":"no_text","ok":false}`},
		{`{"text":"x","blocks":[{"type":"section"}]}`, 400, `{"error":"invalid_blocks","errors":["missing required field: text or fields [json-pointer:/blocks/0]"],"ok":false,` +
			`"response_metadata":{"messages":["[ERROR] missing required field: text or fields [json-pointer:/blocks/0]"]}}`},
		{`{"delete_original":true}`, 400, `{"error":"message_not_found","ok":false}`},
		{`{"text":"once more"}`, 404, `{"error":"used_url","ok":false}`},
	} {
		if status, text := answerTo(t, url, tt.body); status != tt.status || text != tt.text {
			t.Errorf("%s: %d %s, want %d %s", tt.body, status, text, tt.status, tt.text)
		}
	}
	messages := stateOfSlack(t, s, "")["messages"].([]any)
	if len(messages) != 2 {
		t.Fatalf("%d messages", len(messages))
	}
	wantAt(t, messages, map[string]any{"0.text": "only you", "0.ephemeral_to": "UANA", "1.text": "everybody", "1.ephemeral_to": nil, "1.user": s.app.botUser})
	if status, text := answerTo(t, "http://"+s.Addr()+"/response/unknown", `{"text":"x"}`); status != 404 {
		t.Errorf("unknown url: %d %s", status, text)
	}
}

func TestResponseURLExpires(t *testing.T) {
	s := startSlack(t)
	c := dial(t, s, nil)
	c.hello()
	acted(t, s, "/command", `{"user":"ana","channel":"general","command":"/plain"}`)
	url := payloadOf(t, c.next().Payload)["response_url"].(string)
	acted(t, s, "/clock", `{"advance":"30m"}`)
	if status, text := answerTo(t, url, `{"text":"just in time"}`); status != 200 {
		t.Errorf("after 30 minutes: %d %s", status, text)
	}
	acted(t, s, "/clock", `{"advance":"1s"}`)
	if status, text := answerTo(t, url, `{"text":"too late"}`); status != 404 || !strings.Contains(text, "expired_url") {
		t.Errorf("after half an hour: %d %s", status, text)
	}
}

func TestResponseURLReplacesAndDeletes(t *testing.T) {
	for _, ephemeralTo := range []string{"", "UANA"} {
		s := startSlack(t)
		c := dial(t, s, nil)
		c.hello()
		ts := say(t, s, ephemeralTo, `[{"type":"actions","block_id":"b","elements":[{"type":"button","action_id":"go","text":{"type":"plain_text","text":"Go"}}]}]`)
		acted(t, s, "/click", `{"user":"ana","channel":"general","ts":"`+ts+`","action_id":"go"}`)
		url := payloadOf(t, c.next().Payload)["response_url"].(string)
		if status, text := answerTo(t, url, `{"replace_original":true,"text":"done"}`); status != 200 {
			t.Fatalf("replace: %d %s", status, text)
		}
		wantAt(t, stateOfSlack(t, s, "?viewer=ana")["messages"], map[string]any{"0.ts": ts, "0.text": "done", "0.blocks": []any{}})
		if status, text := answerTo(t, url, `{"delete_original":true}`); status != 200 {
			t.Fatalf("delete: %d %s", status, text)
		}
		if left := stateOfSlack(t, s, "")["messages"].([]any); len(left) != 0 {
			t.Errorf("left: %v", left)
		}
	}
}

func TestTriggers(t *testing.T) {
	s := startSlack(t)
	s.mu.Lock()
	defer s.mu.Unlock()
	id := s.newTrigger("UANA")
	if user, code := s.useTrigger(id); user != "UANA" || code != "" {
		t.Errorf("first use: %q %q", user, code)
	}
	if _, code := s.useTrigger(id); code != "exchanged_trigger_id" {
		t.Errorf("second use: %q", code)
	}
	late := s.newTrigger("UANA")
	s.hub.triggers[late].expires = time.Now().Add(-time.Millisecond)
	if _, code := s.useTrigger(late); code != "expired_trigger_id" {
		t.Errorf("late use: %q", code)
	}
	if _, code := s.useTrigger("1.2.3"); code != "invalid_trigger_id" {
		t.Errorf("unknown: %q", code)
	}
}

// Slack dates its answers by the clock that it names messages by; here that is the virtual one.
func TestAnswersAreDatedByTheWorkspacesClock(t *testing.T) {
	o := openOffice(t)
	for _, moved := range []time.Duration{0, 90 * time.Minute} {
		if err := o.clock.Advance(t.Context(), monday.Add(moved)); err != nil {
			t.Fatal(err)
		}
		for _, method := range []string{"auth.test", "no.such"} {
			answer, _ := o.sendAs("Bearer "+o.BotToken(), method, "application/x-www-form-urlencoded", "")
			if date, err := http.ParseTime(answer.header.Get("Date")); err != nil || !date.Equal(o.clock.Now()) {
				t.Errorf("%s is dated %s, want %s (%v)", method, date, o.clock.Now(), err)
			}
		}
	}
}
