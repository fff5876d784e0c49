package slackfake

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"mime"
	"net/http"
	"strconv"
	"strings"
)

// maxBody is the longest request that is read, in bytes.
const maxBody = 4 << 20

// reply is what a method says besides ok.
type reply map[string]any

// call is one call of a method, after its token and scopes were found good. Server.mu is held while the method runs.
type call struct {
	*Server
	method *method
	args   args
}

// routeAPI serves the Web API under /api/, files and people's pictures. Its tokens are the same everywhere and no secret, so that a script
// of another site's page must not reach it either.
func (s *Server) routeAPI(mux *http.ServeMux) {
	methods := apiMethods()
	mux.Handle("/api/{method}", s.local(func(w http.ResponseWriter, r *http.Request) {
		name := r.PathValue("method")
		s.withFaults(name, func(w http.ResponseWriter, r *http.Request) {
			s.serveMethod(w, r, name, methods[name])
		})(w, r)
	}))
	mux.Handle("POST /upload/{file}/{secret}", s.local(s.serveUpload))
	mux.Handle("GET /files/{file}/{name}", s.local(s.serveFile))
	mux.Handle("GET /avatar/{file}", s.local(s.serveAvatar))
}

// serveMethod answers one call of the Web API; m is nil for a method that Slack does not have.
func (s *Server) serveMethod(w http.ResponseWriter, r *http.Request, name string, m *method) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "private, no-cache, no-store, must-revalidate")
	if m == nil {
		s.log.Warn("unknown method", "method", name)
		writeRefusal(w, &refusal{Code: "unknown_method"}, reply{"req_method": name})
		return
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	got, warnings, no := readArgs(r)
	if no == nil {
		no = s.mayCall(w, r, m, got)
	}
	if no != nil {
		s.refused(name, no)
		writeRefusal(w, no, nil)
		return
	}
	if wait := s.pace(m, got); wait > 0 {
		s.log.Warn("rate limit", "method", name, "retry_after_s", wait)
		w.Header().Set("Retry-After", strconv.Itoa(wait))
		w.WriteHeader(http.StatusTooManyRequests)
		_, _ = io.WriteString(w, `{"ok":false,"error":"ratelimited"}`) // the client has gone otherwise
		return
	}
	body := s.run(m, got, warnings)
	_, _ = w.Write(body) // the client has gone otherwise
}

// run lets the method act and writes its answer, both under the mutex, so that an answer is what the world was at one instant.
func (s *Server) run(m *method, got args, warnings []string) []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	for name := range maps.Keys(got) {
		if !m.knows(name) {
			s.log.Warn("unknown argument", "method", m.name, "argument", name)
		}
	}
	for _, name := range m.required {
		if got[name] == "" {
			no := refuse("invalid_arguments", "[ERROR] missing required field: "+name)
			s.refused(m.name, no)
			return refusalJSON(no, nil)
		}
	}
	out, no := m.act(&call{Server: s, method: m, args: got})
	if no != nil {
		s.refused(m.name, no)
		return refusalJSON(no, out)
	}
	if out == nil {
		out = reply{}
	}
	out["ok"] = true
	addWarnings(out, warnings)
	body, err := json.Marshal(out)
	if err != nil { // what was stored is no JSON; the checker should have refused it
		s.log.Error("write answer", "method", m.name, "err", err)
		return refusalJSON(refuse("fatal_error"), nil)
	}
	return body
}

func (s *Server) refused(name string, no *refusal) {
	s.log.Warn("refused", "method", name, "error", no.Code, "messages", no.Messages)
}

// mayCall checks the token and the scopes, and says in the headers which scopes there are.
func (s *Server) mayCall(w http.ResponseWriter, r *http.Request, m *method, got args) *refusal {
	token, no := s.checkToken(r, m, got)
	if no != nil {
		return no
	}
	provided := strings.Join(s.app.scopes, ",")
	if token == s.app.appToken {
		provided = appScope
	}
	w.Header().Set("X-OAuth-Scopes", provided)
	w.Header().Set("X-Accepted-OAuth-Scopes", strings.Join(m.scopes, ","))
	if len(m.scopes) == 0 || m.appLevel || s.app.mayAny(m.scopes...) {
		return nil
	}
	return &refusal{Code: "missing_scope", Needed: strings.Join(m.scopes, ","), Provided: provided}
}

// checkToken finds the call's token and says whether it is the right one. Nobody's real token is good here.
func (s *Server) checkToken(r *http.Request, m *method, got args) (string, *refusal) {
	token := got["token"]
	if kind, value, ok := strings.Cut(r.Header.Get("Authorization"), " "); ok && strings.EqualFold(kind, "Bearer") {
		token = strings.TrimSpace(value)
	}
	delete(got, "token")
	switch {
	case token == "":
		return "", refuse("not_authed")
	case token != s.app.botToken && token != s.app.appToken:
		if looksReal(token) {
			s.log.Warn("a real Slack token was sent to the local Slack and is refused; take it for compromised if others can read this machine")
		}
		return "", refuse("invalid_auth")
	case (token == s.app.appToken) != m.appLevel && !m.anyToken:
		return "", refuse("not_allowed_token_type")
	}
	return token, nil
}

// looksReal says that a token has the form of one that Slack itself has issued.
func looksReal(token string) bool {
	kind, rest, _ := strings.Cut(token, "-")
	switch kind {
	case "xoxb", "xoxp", "xoxa", "xoxe", "xoxr", "xoxs", "xoxc", "xoxd":
		return rest != "" && rest[0] >= '0' && rest[0] <= '9'
	case "xapp":
		return strings.HasPrefix(rest, "1-A")
	}
	return false
}

func writeRefusal(w http.ResponseWriter, no *refusal, more reply) {
	_, _ = w.Write(refusalJSON(no, more)) // the client has gone otherwise
}

// refusalJSON writes a refusal as Slack does; status stays 200.
func refusalJSON(no *refusal, more reply) []byte {
	out := reply{}
	maps.Copy(out, more)
	out["ok"], out["error"] = false, no.Code
	if no.Code == "missing_scope" {
		out["needed"], out["provided"] = no.Needed, no.Provided
	}
	if len(no.Messages) > 0 {
		plain := make([]string, 0, len(no.Messages))
		for _, m := range no.Messages {
			plain = append(plain, strings.TrimPrefix(m, "[ERROR] "))
		}
		out["response_metadata"] = reply{"messages": no.Messages}
		if no.Code == "invalid_blocks" {
			out["errors"] = plain
		}
	}
	body, err := json.Marshal(out)
	if err != nil {
		return []byte(`{"ok":false,"error":"fatal_error"}`)
	}
	return body
}

// addWarnings says what was odd about a call that succeeded.
func addWarnings(out reply, warnings []string) {
	if len(warnings) == 0 {
		return
	}
	meta, ok := out["response_metadata"].(reply)
	if !ok {
		meta = reply{}
	}
	meta["warnings"] = warnings
	out["response_metadata"], out["warning"] = meta, strings.Join(warnings, ",")
}

// args are a call's arguments by name. Lists and objects are JSON text, as form clients send them.
type args map[string]string

// readArgs reads a query, a form or a JSON body.
func readArgs(r *http.Request) (args, []string, *refusal) {
	got := args{}
	for name, values := range r.URL.Query() {
		got[name] = values[len(values)-1]
	}
	if r.Method != http.MethodPost || r.ContentLength == 0 && r.Header.Get("Content-Type") == "" {
		return got, nil, nil
	}
	kind, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil {
		return nil, nil, refuse("missing_post_type")
	}
	charset := params["charset"] != ""
	switch kind {
	case "application/json":
		if no := readJSON(r, got); no != nil {
			return nil, nil, no
		}
		if !charset {
			return got, []string{"missing_charset"}, nil
		}
	case "application/x-www-form-urlencoded", "multipart/form-data":
		if err := r.ParseMultipartForm(maxBody); err != nil && !errors.Is(err, http.ErrNotMultipart) {
			return nil, nil, refuse("invalid_form_data")
		}
		for name, values := range r.PostForm {
			got[name] = values[len(values)-1]
		}
		if charset && kind == "multipart/form-data" {
			return got, []string{"superfluous_charset"}, nil
		}
	default:
		return nil, nil, refuse("invalid_post_type")
	}
	return got, nil, nil
}

// readJSON reads the fields of a JSON body. A token in it does not count, as in Slack.
func readJSON(r *http.Request, got args) *refusal {
	raw, err := io.ReadAll(r.Body)
	if err != nil {
		return refuse("request_timeout")
	}
	if len(raw) == 0 {
		return nil
	}
	if !json.Valid(raw) {
		return refuse("invalid_json")
	}
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(raw, &fields); err != nil {
		return refuse("json_not_object")
	}
	delete(fields, "token")
	for name, value := range fields {
		var text string
		switch {
		case string(value) == "null":
		case json.Unmarshal(value, &text) == nil:
			got[name] = text
		default:
			got[name] = string(value)
		}
	}
	return nil
}

// yes reads a switch.
func (a args) yes(name string) bool { return a[name] == "1" || strings.EqualFold(a[name], "true") }

// list reads a comma-separated list, or a JSON one.
func (a args) list(name string) []string {
	text := strings.TrimSpace(a[name])
	var items []string
	if strings.HasPrefix(text, "[") && json.Unmarshal([]byte(text), &items) == nil {
		return items
	}
	for item := range strings.SplitSeq(text, ",") {
		if item = strings.TrimSpace(item); item != "" {
			items = append(items, item)
		}
	}
	return items
}

// limit reads how many items a page may have. Zero or nothing means usual; more than most means most.
func (a args) limit(usual, most int) (int, *refusal) {
	if a["limit"] == "" {
		return usual, nil
	}
	n, err := strconv.Atoi(a["limit"])
	switch {
	case err != nil || n < 0 || n > math.MaxInt32:
		return 0, refuse("invalid_limit", fmt.Sprintf("[ERROR] must be an integer from 1 to %d [json-pointer:/limit]", most))
	case n == 0:
		return usual, nil
	}
	return min(n, most), nil
}

// object reads an argument that holds JSON; nil when it is not there.
func (a args) object(name string) json.RawMessage {
	if a[name] == "" {
		return nil
	}
	return json.RawMessage(a[name])
}
