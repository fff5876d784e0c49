package slackfake

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"
)

func get(t *testing.T, s *Server, path string, header http.Header) (int, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.ControlURL()+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	if host := header.Get("Host"); host != "" {
		req.Host = host
	}
	req.Header = header
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(body)
}

func TestOnlyThisMachineControls(t *testing.T) {
	s := startSlack(t)
	for _, tt := range []struct {
		name   string
		header http.Header
		status int
	}{
		{"a tool", http.Header{}, 200},
		{"the page itself", http.Header{"Origin": {"http://" + s.Addr()}}, 200},
		{"another site's page", http.Header{"Origin": {"https://evil.example"}}, 403},
		{"a sandboxed page", http.Header{"Origin": {"null"}}, 403},
		{"another port's page", http.Header{"Origin": {"http://127.0.0.1:1"}}, 403},
		{"a name that was bound to loopback", http.Header{"Host": {"evil.example"}}, 403},
		{"localhost", http.Header{"Host": {"localhost:80"}}, 200},
		{"IPv6", http.Header{"Host": {"[::1]:80"}}, 200},
	} {
		if status, body := get(t, s, "/state", tt.header); status != tt.status {
			t.Errorf("%s: %d %s", tt.name, status, body)
		}
	}
	if status, body := get(t, s, "/", http.Header{}); status != 200 || strings.Count(body, "/control/") < 18 {
		t.Errorf("index: %d %s", status, body)
	}
}

func TestStateFilters(t *testing.T) {
	s := startSlack(t)
	s.mu.Lock()
	s.addChannel(&Channel{ID: "CSECRET", Name: "secret", Kind: Private, Members: []string{"UBEN"}})
	s.mu.Unlock()
	acted(t, s, "/message", `{"user":"ben","channel":"secret","text":"psst"}`)
	acted(t, s, "/message", `{"user":"ana","channel":"general","text":"hi all"}`)
	acted(t, s, "/message", `{"user":"ana","channel":"@ben","text":"hi ben"}`)
	say(t, s, "UBEN", `[]`)
	count := func(query, part string) int { return len(stateOfSlack(t, s, query)[part].([]any)) }
	for _, tt := range []struct {
		query, part string
		want        int
	}{
		{"", "messages", 4},
		{"", "channels", 3},
		{"", "people", 3},
		{"?viewer=ana", "messages", 2},
		{"?viewer=ana", "channels", 2},
		{"?viewer=UBEN", "messages", 4},
		{"?channel=secret", "messages", 1},
		{"?viewer=ana&channel=secret", "messages", 0},
		{"?parts=people", "messages", 0},
		{"?parts=people", "people", 3},
		{"?parts=messages,views", "messages", 4},
	} {
		if got := count(tt.query, tt.part); got != tt.want {
			t.Errorf("state%s: %d %s, want %d", tt.query, got, tt.part, tt.want)
		}
	}
	st := stateOfSlack(t, s, "")
	wantAt(t, st, map[string]any{
		"app.bot_user": s.app.botUser, "app.commands.0.command": "/thanks", "app.commands.0.usage_hint": "@who", "app.shortcuts.0.callback_id": "promise",
		"team.id": "T000000001", "now": "2026-03-02T09:00:00Z", "playing": false, "rate": 1, "broken": []any{}, "envelopes": []any{}, "version": present,
		"messages.0.text": "psst", "messages.0.channel": "CSECRET", "messages.0.ts": present, "messages.0.user": "UBEN",
	})
	if status, _ := get(t, s, "/state?viewer=zoe", http.Header{}); status != 404 {
		t.Errorf("unknown viewer: %d", status)
	}
}

func TestPeopleInBulk(t *testing.T) {
	s := startSlack(t)
	c := dial(t, s, nil)
	c.hello()
	const crowd = 100_000 // a way that takes each of them into account for every other would not end
	answer := acted(t, s, "/people", fmt.Sprintf(`{"generate":%d}`, crowd))
	if answer["generated"] != float64(crowd) || answer["total"] != float64(crowd+3) {
		t.Errorf("answered %v", answer)
	}
	if len(c.frames) != 0 {
		t.Errorf("%d events about generated people", len(c.frames))
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if first := s.world.sortedUsers()[0]; first.ID != "UANA" {
		t.Errorf("first is %s", first.ID)
	}
}

func TestAddAndChangePeople(t *testing.T) {
	s := startSlack(t)
	c := dial(t, s, nil)
	c.hello()
	answer := acted(t, s, "/people", `{
		"people":[{"name":"cy","real_name":"Cy","tz":"Asia/Tokyo","department":"Sales","fields":{"Pronouns":"they"}},{"name":"ana","title":"Lead"}],
		"channels":[{"name":"club","members":["ana","cy"],"topic":"Books"},{"name":"general","topic":"All of us","members":["ana","cy"]}],
		"groups":[{"handle":"leads","name":"Leads","users":["ana"]},{"handle":"leads","users":["ana","cy"]}]}`)
	for _, want := range []string{"team_join", "user_change"} {
		if got := at(t, payloadOf(t, c.next().Payload), "event.type"); got != want {
			t.Errorf("event %v, want %s", got, want)
		}
	}
	st := stateOfSlack(t, s, "")
	find := func(part, key, value string) map[string]any {
		for _, item := range st[part].([]any) {
			if item.(map[string]any)[key] == value {
				return item.(map[string]any)
			}
		}
		t.Fatalf("no %s with %s %s", part, key, value)
		return nil
	}
	cy := at(t, answer, "people.0").(string)
	wantAt(t, find("people", "id", cy), map[string]any{"name": "cy", "tz": "Asia/Tokyo", "department": "Sales", "fields.Pronouns": "they"})
	wantAt(t, find("people", "id", "UANA"), map[string]any{"name": "ana", "real_name": "Ana", "title": "Lead"})
	wantAt(t, find("channels", "name", "club"), map[string]any{"kind": "public", "topic": "Books", "members": []string{"UANA", cy}})
	wantAt(t, find("channels", "name", "general"), map[string]any{"id": "CGEN", "topic": "All of us", "members": []string{"UANA", cy}})
	wantAt(t, find("groups", "handle", "leads"), map[string]any{"name": "Leads", "users": []string{"UANA", cy}})
	if n := len(st["groups"].([]any)); n != 1 {
		t.Errorf("%d groups", n)
	}
}

func TestJournalShowsBothWaysAndNoToken(t *testing.T) {
	s := startSlack(t)
	dial(t, s, func(wire) any { return map[string]any{"text": "noted"} }).hello()
	acted(t, s, "/command", `{"user":"ana","channel":"general","command":"/plain","text":"hi"}`)
	if _, _, err := callMethod(t, s, "chat.postMessage", "channel=CGEN&text=hi&token="+s.BotToken()); err != nil {
		t.Fatal(err)
	}
	_, body := get(t, s, "/journal", http.Header{})
	if strings.Contains(body, s.BotToken()) || strings.Contains(body, s.AppToken()) {
		t.Error("the journal holds a token")
	}
	var entries []journalEntry
	if err := json.Unmarshal([]byte(body), &entries); err != nil {
		t.Fatal(err)
	}
	var lines []string
	for _, e := range entries {
		lines = append(lines, fmt.Sprintf("%s %s %s", e.Direction, e.Kind, e.Name))
	}
	if want := []string{"to_app socket hello", "to_app slash_commands /plain", "from_app api chat.postMessage"}; !slices.Equal(lines, want) {
		t.Fatalf("journal %q", lines)
	}
	wantAt(t, payloadOf(t, entries[1].Request), map[string]any{"text": "hi"})
	wantAt(t, payloadOf(t, entries[1].Response), map[string]any{"text": "noted"})
	wantAt(t, payloadOf(t, entries[2].Request), map[string]any{"channel": "CGEN"})
	wantAt(t, payloadOf(t, entries[2].Response), map[string]any{"ok": true})
	_, body = get(t, s, fmt.Sprintf("/journal?after=%d", entries[1].Seq), http.Header{})
	if err := json.Unmarshal([]byte(body), &entries); err != nil || len(entries) != 1 {
		t.Errorf("after: %v %s", err, body)
	}
}

func TestJournalIsBounded(t *testing.T) {
	j := newJournal()
	for range journalSize + 10 {
		j.add(journalEntry{Kind: "api"})
	}
	list := j.after(0)
	if len(list) != journalSize || list[0].Seq != 11 || list[len(list)-1].Seq != journalSize+10 {
		t.Errorf("%d entries from %d", len(list), list[0].Seq)
	}
	j.add(journalEntry{Request: mustJSON(strings.Repeat("x", journalBody))})
	if last := j.after(journalSize + 10)[0]; len(last.Request) > 100 {
		t.Errorf("a request of %d bytes is kept", len(last.Request))
	}
}

func TestEventStream(t *testing.T) {
	s := startSlack(t)
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.ControlURL()+"/events", nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	lines := bufio.NewScanner(resp.Body)
	next := func() map[string]any {
		for lines.Scan() {
			if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
				return payloadOf(t, []byte(data))
			}
		}
		t.Fatal("the stream ended")
		return nil
	}
	version := next()["version"].(float64)
	acted(t, s, "/message", `{"user":"ana","channel":"general","text":"hi"}`)
	change := next()
	if !slices.Contains(change["what"].([]any), any("messages:CGEN")) || change["version"].(float64) <= version {
		t.Errorf("got %v after version %v", change, version)
	}
	s.hub.closeAll()
	for lines.Scan() { // the stream ends with the server
	}
}

func TestIndexAndReadmeNameEveryAct(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	s := startSlack(t)
	for name := range s.actKinds() {
		if !strings.Contains(controlIndex, "/control/"+name) {
			t.Errorf("the index lacks %s", name)
		}
		if !strings.Contains(string(readme), "$CONTROL/"+name) {
			t.Errorf("the README has no example of %s", name)
		}
	}
	for _, rule := range []string{ruleUnacked, ruleLimit, ruleTwice, ruleRateLimit} {
		if !strings.Contains(string(readme), "`"+rule+"`") {
			t.Errorf("the README does not explain %s", rule)
		}
	}
}

func TestEveryMessageHasTheSameFields(t *testing.T) {
	s := startSlack(t)
	said := acted(t, s, "/message", `{"user":"ana","channel":"general","text":"hello"}`)
	acted(t, s, "/message", fmt.Sprintf(`{"user":"ben","channel":"general","text":"yes","thread_ts":%q}`, said["ts"]))
	say(t, s, "UANA", `[{"type":"divider"}]`)
	messages := stateOfSlack(t, s, "?parts=messages")["messages"].([]any)
	for i, want := range []map[string]any{
		{"thread_ts": nil, "blocks": []any{}, "metadata": nil, "ephemeral_to": nil},
		{"thread_ts": said["ts"], "blocks": []any{}, "metadata": nil, "ephemeral_to": nil},
		{"thread_ts": nil, "metadata": nil, "ephemeral_to": "UANA"},
	} {
		for _, name := range []string{"channel", "ts", "thread_ts", "user", "text", "blocks", "metadata", "ephemeral_to"} {
			if _, there := messages[i].(map[string]any)[name]; !there {
				t.Errorf("message %d has no %s", i, name)
			}
		}
		wantAt(t, messages[i], want)
	}
}

func TestMembersOfALargeChannel(t *testing.T) {
	const crowd = 20_000
	s := startSlack(t)
	acted(t, s, "/people", fmt.Sprintf(`{"generate":%d}`, crowd))
	names := make([]string, crowd)
	for i := range names {
		names[i] = fmt.Sprintf("person%d", i+1)
	}
	change := func(members []string) []string {
		raw, err := json.Marshal(map[string]any{"channels": []any{map[string]any{"name": "all-hands", "members": members}}})
		if err != nil {
			t.Fatal(err)
		}
		if status, answer := post(t, s, "/people", string(raw)); status != http.StatusOK {
			t.Fatalf("%d members: %d %v", len(members), status, answer)
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		return slices.Clone(s.world.channel("all-hands").Members)
	}
	twice := append(slices.Clone(names), names[0], s.app.botUser)
	if got := change(twice); len(got) != crowd+1 {
		t.Fatalf("%d members, want %d: who is named twice is there once", len(got), crowd+1)
	}
	got := change(names[:crowd/2])
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(got) != crowd/2 || got[0] != s.world.user("person1").ID || s.world.channel("all-hands").has(s.app.botUser) {
		t.Errorf("%d members, the first is %s", len(got), got[0])
	}
	if left := s.world.placesOf(s.world.user(names[crowd-1]).ID); len(left) != 0 {
		t.Errorf("who was taken out is still in %d places", len(left))
	}
}

func TestRateLimitsAreSwitched(t *testing.T) {
	s := startSlack(t)
	limited := func() bool {
		const calls = 8 // more than the burst of Tier 2
		for range calls {
			resp, err := http.PostForm(s.APIURL()+"users.list", url.Values{"token": {s.BotToken()}})
			if err != nil {
				t.Fatal(err)
			}
			_ = resp.Body.Close()
			if resp.StatusCode == http.StatusTooManyRequests {
				return true
			}
		}
		return false
	}
	if limited() {
		t.Error("limited though nobody has asked for it")
	}
	wantAt(t, acted(t, s, "/limits", `{"rate_limits":true}`), map[string]any{"rate_limits": true})
	if !limited() {
		t.Error("not limited after the switch")
	}
	acted(t, s, "/limits", `{"rate_limits":false}`)
	if limited() {
		t.Error("limited after it was switched off")
	}
	if status, body := get(t, s, "/limits", http.Header{}); status != 200 || strings.TrimSpace(body) != `{"rate_limits":false}` {
		t.Errorf("limits: %d %s", status, body)
	}
	if status, answer := post(t, s, "/limits", `{}`); status != 400 {
		t.Errorf("an empty order: %d %v", status, answer)
	}
}

func TestSlackbotIsNobodyToWriteTo(t *testing.T) {
	s := startSlack(t)
	acted(t, s, "/people", `{"people":[{"id":"USLACKBOT","name":"slackbot"},{"name":"zoe"},{"name":"signed-in","is_app_user":true}]}`)
	resp, err := http.PostForm(s.APIURL()+"conversations.open", url.Values{"token": {s.BotToken()}, "users": {"USLACKBOT"}})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	if body, err := io.ReadAll(resp.Body); err != nil || !strings.Contains(string(body), "cannot_dm_bot") {
		t.Errorf("conversations.open: %s %v", body, err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	var order []string
	for _, u := range s.world.sortedUsers() {
		order = append(order, u.Name)
	}
	if want := []string{"ana", "ben", "zoe", s.app.handle, "slackbot", "signed-in"}; !slices.Equal(order, want) {
		t.Errorf("users.list is %v, want %v", order, want)
	}
}
