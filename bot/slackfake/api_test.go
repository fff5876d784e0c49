package slackfake

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"
)

// office is a served workspace for tests of the Web API: ana, ben, cy, a guest, a stranger, a bot and somebody who left; #general and
// #random (the app is only in #general), the private #circle (the app is in it) and #closed (it is not), and #attic, which is archived.
type office struct {
	*Server
	t testing.TB
}

var monday = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// openOffice starts it; without names scopes that the manifest then lacks.
func openOffice(t testing.TB, without ...string) *office {
	t.Helper()
	manifest, err := os.ReadFile("testdata/app.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, scope := range without {
		manifest = bytes.Replace(manifest, []byte("      - "+scope+"\n"), nil, 1)
	}
	return openWith(t, Config{Manifest: manifest})
}

func openWith(t testing.TB, cfg Config) *office {
	t.Helper()
	cfg.Addr, cfg.Clock = "127.0.0.1:0", NewClock(monday)
	s, err := Start(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, u := range []*User{
		{ID: "UANA", Name: "ana", RealName: "Ana Silva", Email: "ana@acme.example", TZ: "Europe/Lisbon", Locale: "pt-PT", Department: "Sales", Manager: "UBEN"},
		{ID: "UBEN", Name: "ben", RealName: "Ben Okri", Email: "ben@acme.example", TZ: "America/New_York", Fields: map[string]string{"Pronouns": "he/him"}},
		{ID: "UCY", Name: "cy", RealName: "Cy Young"},
		{ID: "UGUEST", Name: "gus", Guest: true, SingleChannel: true},
		{ID: "UEXT", Name: "ext", TeamID: "T999", Stranger: true},
		{ID: "UGONE", Name: "gone", Deleted: true, Email: "gone@acme.example"},
		{ID: "UBOT", Name: "otherbot", Bot: true},
	} {
		s.addUser(u)
	}
	app := s.app.botUser
	for _, c := range []*Channel{
		{ID: "CGEN", Name: "general", General: true, Members: []string{"UANA", "UBEN", "UCY", app}},
		{ID: "CRAND", Name: "random", Members: []string{"UANA"}},
		{ID: "CCIRC", Name: "circle", Kind: Private, Members: []string{"UANA", app}},
		{ID: "CCLOSED", Name: "closed", Kind: Private, Members: []string{"UBEN"}},
		{ID: "CATTIC", Name: "attic", Archived: true, Members: []string{app}},
	} {
		s.addChannel(c)
	}
	return &office{Server: s, t: t}
}

// in are a call's arguments: strings, or anything else that is then JSON.
type in map[string]any

// form calls a method as a form client does.
func (o *office) form(method string, args in) map[string]any {
	o.t.Helper()
	values := url.Values{}
	for name, value := range args {
		values.Set(name, formValue(o.t, value))
	}
	return o.send(method, "application/x-www-form-urlencoded", values.Encode())
}

func formValue(t testing.TB, value any) string {
	t.Helper()
	if text, ok := value.(string); ok {
		return text
	}
	raw, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// json calls a method as a client that sends JSON does.
func (o *office) json(method string, args in) map[string]any {
	o.t.Helper()
	raw, err := json.Marshal(args)
	if err != nil {
		o.t.Fatal(err)
	}
	return o.send(method, "application/json; charset=utf-8", string(raw))
}

func (o *office) send(method, contentType, body string) map[string]any {
	o.t.Helper()
	_, out := o.sendAs("Bearer "+o.BotToken(), method, contentType, body)
	return out
}

// head is an answer without its body.
type head struct {
	status int
	header http.Header
}

// sendAs calls a method with an Authorization header, or none.
func (o *office) sendAs(authorization, method, contentType, body string) (head, map[string]any) {
	o.t.Helper()
	req, err := http.NewRequestWithContext(o.t.Context(), http.MethodPost, o.APIURL()+method, strings.NewReader(body))
	if err != nil {
		o.t.Fatal(err)
	}
	if authorization != "" {
		req.Header.Set("Authorization", authorization)
	}
	if contentType != "" {
		req.Header.Set("Content-Type", contentType)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		o.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		o.t.Fatal(err)
	}
	var out map[string]any
	if err := json.Unmarshal(raw, &out); err != nil {
		o.t.Fatalf("%s answered %q: %v", method, raw, err)
	}
	return head{res.StatusCode, res.Header}, out
}

// must calls a method that has to succeed.
func (o *office) must(method string, args in) map[string]any {
	o.t.Helper()
	out := o.form(method, args)
	if out["ok"] != true {
		o.t.Fatalf("%s %v: %v", method, args, out)
	}
	return out
}

// dig finds what stands at a path such as "channel.id" or "members.0.name"; nil when nothing does.
func dig(v any, path string) any {
	for part := range strings.SplitSeq(path, ".") {
		switch in := v.(type) {
		case map[string]any:
			v = in[part]
		case []any:
			i, err := strconv.Atoi(part)
			if err != nil || i >= len(in) {
				return nil
			}
			v = in[i]
		default:
			return nil
		}
	}
	return v
}

// row is one case of a method's table: its error, or what stands where in its answer.
type row struct {
	name  string
	args  in
	error string
	want  map[string]any // by path
}

// table calls a method with each row's arguments, as a form and as JSON, each in an office of its own.
func table(t *testing.T, method string, rows []row, prepare ...func(*office)) {
	t.Helper()
	for _, r := range rows {
		for _, how := range []string{"form", "json"} {
			t.Run(r.name+"/"+how, func(t *testing.T) {
				o := openOffice(t)
				for _, p := range prepare {
					p(o)
				}
				out := o.form
				if how == "json" {
					out = o.json
				}
				r.check(t, out(method, r.args))
			})
		}
	}
}

func (r row) check(t *testing.T, out map[string]any) {
	t.Helper()
	if got, _ := out["error"].(string); got != r.error || (out["ok"] == true) != (r.error == "") {
		t.Fatalf("error %q, want %q: %v", got, r.error, out)
	}
	for path, want := range r.want {
		if got := dig(out, path); !reflect.DeepEqual(got, want) {
			t.Errorf("%s is %#v, want %#v", path, got, want)
		}
	}
}

// fetch reads an address.
func fetch(t *testing.T, address string) string {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	raw, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

func TestTokens(t *testing.T) {
	o := openOffice(t)
	for _, c := range []struct {
		name, header, method, body, error string
	}{
		{"none", "", "auth.test", "", "not_authed"},
		{"in the header", "Bearer " + o.BotToken(), "auth.test", "", ""},
		{"in the form", "", "auth.test", "token=" + o.BotToken(), ""},
		{"unknown", "Bearer xoxb-local-other", "auth.test", "", "invalid_auth"},
		{"like a real bot's", "Bearer xoxb-123456789012-1234567890123-abcdefghijklmnopqrstuvwx", "auth.test", "", "invalid_auth"},
		{"like a real app's", "Bearer xapp-1-A0123456789-1234567890123-abcdef", "apps.connections.open", "", "invalid_auth"},
		{"the app's for a bot method", "Bearer " + o.AppToken(), "users.list", "", "not_allowed_token_type"},
		{"the bot's for Socket Mode", "Bearer " + o.BotToken(), "apps.connections.open", "", "not_allowed_token_type"},
		{"the app's for Socket Mode", "Bearer " + o.AppToken(), "apps.connections.open", "", ""},
		{"unknown method", "Bearer " + o.BotToken(), "coffee.brew", "", "unknown_method"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, out := o.sendAs(c.header, c.method, "application/x-www-form-urlencoded", c.body)
			row{error: c.error}.check(t, out)
			if got.status != http.StatusOK {
				t.Errorf("status %d", got.status)
			}
		})
	}
	_, out := o.sendAs("", "auth.test", "application/json; charset=utf-8", `{"token":"`+o.BotToken()+`"}`)
	row{error: "not_authed"}.check(t, out)
}

func TestLooksReal(t *testing.T) {
	for token, want := range map[string]bool{
		"xoxb-123-456-abc": true, "xapp-1-A012-3-abc": true, "xoxp-9-9-9-a": true,
		"xoxb-local-bot-token": false, "xapp-local-app-token": false, "hello": false, "": false,
	} {
		if looksReal(token) != want {
			t.Errorf("%q: %v", token, !want)
		}
	}
}

func TestScopes(t *testing.T) {
	view := in{"type": "home", "blocks": []any{}}
	for _, c := range []struct {
		without, method string
		args            in
		needed          string
	}{
		{"chat:write", "chat.postMessage", in{"channel": "CGEN", "text": "x"}, "chat:write"},
		{"chat:write", "chat.postEphemeral", in{"channel": "CGEN", "user": "UANA", "text": "x"}, "chat:write"},
		{"users:read", "users.list", nil, "users:read"},
		{"users:read", "users.info", in{"user": "UANA"}, "users:read"},
		{"users:read", "bots.info", nil, "users:read"},
		{"users:read.email", "users.lookupByEmail", in{"email": "ana@acme.example"}, "users:read.email"},
		{"users.profile:read", "users.profile.get", in{"user": "UANA"}, "users.profile:read"},
		{"users.profile:read", "team.profile.get", nil, "users.profile:read"},
		{"usergroups:read", "usergroups.list", nil, "usergroups:read"},
		{"usergroups:read", "usergroups.users.list", in{"usergroup": "S1"}, "usergroups:read"},
		{"dnd:read", "dnd.teamInfo", in{"users": "UANA"}, "dnd:read"},
		{"team:read", "team.info", nil, "team:read"},
		{"channels:join", "conversations.join", in{"channel": "CRAND"}, "channels:join"},
		{"channels:read", "conversations.info", in{"channel": "CGEN"}, "channels:read"},
		{"groups:read", "conversations.info", in{"channel": "CCIRC"}, "groups:read"},
		{"groups:read", "conversations.list", in{"types": "public_channel,private_channel"}, "groups:read"},
		{"im:read", "users.conversations", in{"types": "im"}, "im:read"},
		{"channels:read", "conversations.members", in{"channel": "CGEN"}, "channels:read"},
		{"channels:history", "conversations.history", in{"channel": "CGEN"}, "channels:history"},
		{"groups:history", "conversations.replies", in{"channel": "CCIRC", "ts": "1.2"}, "groups:history"},
		{"im:write", "conversations.open", in{"users": "UANA"}, "im:write"},
		{"mpim:write", "conversations.open", in{"users": "UANA,UBEN"}, "mpim:write"},
		{"reactions:write", "reactions.add", in{"name": "tada"}, "reactions:write"},
		{"reactions:write", "reactions.remove", in{"name": "tada"}, "reactions:write"},
		{"reactions:read", "reactions.get", in{"channel": "CGEN", "timestamp": "1.2"}, "reactions:read"},
		{"files:write", "files.getUploadURLExternal", in{"filename": "a.txt", "length": "1"}, "files:write"},
		{"files:write", "files.completeUploadExternal", in{"files": "[]"}, "files:write"},
	} {
		t.Run(c.method+" without "+c.without, func(t *testing.T) {
			o := openOffice(t, c.without)
			out := o.form(c.method, c.args)
			row{error: "missing_scope", want: map[string]any{"needed": c.needed}}.check(t, out)
			if provided, _ := out["provided"].(string); provided == "" || strings.Contains(","+provided+",", ","+c.without+",") {
				t.Errorf("provided %q", provided)
			}
		})
	}
	t.Run("none needed", func(t *testing.T) {
		o := openWith(t, Config{Manifest: []byte("display_information: {name: Bare}\nfeatures: {app_home: {home_tab_enabled: true}}\n")})
		for method, args := range map[string]in{"auth.test": nil, "views.publish": {"user_id": "UANA", "view": view}} {
			o.must(method, args)
		}
	})
}

func TestScopeHeaders(t *testing.T) {
	o := openOffice(t)
	answered, _ := o.sendAs("Bearer "+o.BotToken(), "users.list", "", "")
	if got := answered.header.Get("X-OAuth-Scopes"); !strings.Contains(got, "users:read") {
		t.Errorf("X-OAuth-Scopes %q", got)
	}
	if got := answered.header.Get("X-Accepted-OAuth-Scopes"); got != "users:read" {
		t.Errorf("X-Accepted-OAuth-Scopes %q", got)
	}
}

func TestBodies(t *testing.T) {
	o := openOffice(t)
	for _, c := range []struct{ name, contentType, body, error, warning string }{
		{"form", "application/x-www-form-urlencoded", "user=UANA", "", ""},
		{"json", "application/json; charset=utf-8", `{"user":"UANA","include_locale":true}`, "", ""},
		{"json without charset", "application/json", `{"user":"UANA"}`, "", "missing_charset"},
		{"broken json", "application/json; charset=utf-8", `{"user":`, "invalid_json", ""},
		{"json list", "application/json; charset=utf-8", `["UANA"]`, "json_not_object", ""},
		{"xml", "application/xml", `<user/>`, "invalid_post_type", ""},
		{"no type", "", "user=UANA", "missing_post_type", ""},
		{"missing argument", "application/x-www-form-urlencoded", "", "invalid_arguments", ""},
		{"unknown argument is only logged", "application/x-www-form-urlencoded", "user=UANA&colour=red", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, out := o.sendAs("Bearer "+o.BotToken(), "users.info", c.contentType, c.body)
			row{error: c.error}.check(t, out)
			if got, _ := out["warning"].(string); got != c.warning {
				t.Errorf("warning %q, want %q", got, c.warning)
			}
		})
	}
	out := o.form("users.info", nil)
	if got := fmt.Sprint(dig(out, "response_metadata.messages.0")); got != "[ERROR] missing required field: user" {
		t.Errorf("message %q", got)
	}
}

func TestQueryArguments(t *testing.T) {
	o := openOffice(t)
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, o.APIURL()+"users.info?user=UBEN", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+o.BotToken())
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	var out map[string]any
	if err := json.NewDecoder(res.Body).Decode(&out); err != nil {
		t.Fatal(err)
	}
	row{want: map[string]any{"user.name": "ben"}}.check(t, out)
}

func TestOtherSitesAreRefused(t *testing.T) {
	o := openOffice(t)
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, o.APIURL()+"auth.test", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+o.BotToken())
	req.Header.Set("Origin", "https://evil.example")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	if res.StatusCode != http.StatusForbidden {
		t.Errorf("status %d", res.StatusCode)
	}
}
