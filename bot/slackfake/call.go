package slackfake

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// maxCall is how much of a call's body is read, in bytes.
const maxCall = 4 << 20

// withFaults wraps a Web API method: it lets go wrong what was ordered, keeps the call in the journal and lets virtual time stand
// still until it is answered. The mutex is not held.
func (s *Server) withFaults(method string, next http.HandlerFunc) http.HandlerFunc {
	return s.withCall("api", method, next)
}

func (s *Server) withCall(kind, name string, next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		defer s.clock.Begin()()
		start := time.Now() // real time: what the caller waited
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxCall))
		if err != nil {
			http.Error(w, "request_too_large", http.StatusRequestEntityTooLarge)
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		request := callJSON(r, body)
		s.checkPatience(name, request)
		answer := s.answer(name, next, r)
		s.noteLimited(name, request, answer)
		s.journalCall(kind, name, request, answer.body.Bytes(), answer.status, time.Since(start))
		w.Header().Set("Date", s.clock.Now().UTC().Format(http.TimeFormat)) // as all that is dated here, by the workspace's clock
		answer.send(w)
	}
}

// answer runs a method between the faults that were ordered for it.
func (s *Server) answer(name string, next http.HandlerFunc, r *http.Request) *answer {
	if f, ok := s.faults.takeMethod(name, faultDelay); ok {
		wait(r, f.delay())
	}
	if f, ok := s.faults.takeMethod(name, fault429, fault500); ok {
		return refused(f)
	}
	a := &answer{header: http.Header{}, status: http.StatusOK}
	next(a, r)
	if f, ok := s.faults.takeMethod(name, fault500After, faultResetAfter); ok {
		if f.Kind == faultResetAfter {
			return &answer{header: http.Header{}, reset: true}
		}
		return refused(f)
	}
	return a
}

// wait lets real time pass, unless the caller gives up before.
func wait(r *http.Request, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-r.Context().Done():
	}
}

// refused is what Slack answers where it is overloaded or broken.
func refused(f fault) *answer {
	a := &answer{header: http.Header{}, status: http.StatusInternalServerError}
	if f.Kind == fault429 {
		a.status = http.StatusTooManyRequests
		a.header.Set("Retry-After", strconv.Itoa(f.RetryAfter))
		a.header.Set("Content-Type", "application/json; charset=utf-8")
		_, _ = a.Write([]byte(`{"ok":false,"error":"ratelimited"}`))
	}
	return a
}

// answer is a response that is kept back until it is known whether the caller gets it.
type answer struct {
	header http.Header
	status int
	body   bytes.Buffer
	reset  bool // cut the connection instead
}

// Header implements [http.ResponseWriter].
func (a *answer) Header() http.Header { return a.header }

// Write implements [http.ResponseWriter].
func (a *answer) Write(p []byte) (int, error) { return a.body.Write(p) }

// WriteHeader implements [http.ResponseWriter].
func (a *answer) WriteHeader(status int) { a.status = status }

func (a *answer) send(w http.ResponseWriter) {
	if a.reset {
		reset(w)
		return
	}
	maps.Copy(w.Header(), a.header)
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body.Bytes()) // the caller may have gone
}

// reset cuts the connection as a network failure would.
func reset(w http.ResponseWriter) {
	raw, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler) // HTTP/2 cannot be hijacked; net/http cuts the stream
	}
	if tcp, ok := raw.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = raw.Close()
}

// callJSON makes an object of a call's arguments, form or JSON, with those of its URL; arguments that hold JSON are shown as JSON.
func callJSON(r *http.Request, body []byte) json.RawMessage {
	if strings.HasPrefix(r.Header.Get("Content-Type"), "application/json") {
		return body
	}
	args := map[string]any{}
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return mustJSON(fmt.Sprintf("%d bytes that are no form", len(body)))
	}
	for _, values := range []url.Values{r.URL.Query(), form} {
		for key, list := range values {
			args[key] = argument(strings.Join(list, ","))
		}
	}
	return mustJSON(args)
}

func argument(value string) any {
	if strings.HasPrefix(value, "{") || strings.HasPrefix(value, "[") {
		if raw := json.RawMessage(value); json.Valid(raw) {
			return raw
		}
	}
	return value
}

// patience is the real time that a call may have been under way already when another was told to wait.
const patience = 100 * time.Millisecond

// limited is a refusal for a rate: nobody may try again before until.
type limited struct {
	until time.Time // virtual
	known time.Time // real: from when the app must know
}

// noteLimited remembers that a call was refused with Retry-After.
func (s *Server) noteLimited(name string, request json.RawMessage, a *answer) {
	seconds, err := strconv.Atoi(a.header.Get("Retry-After"))
	if a.status != http.StatusTooManyRequests || err != nil {
		return
	}
	s.faults.limit(limitKey(name, request), limited{
		until: s.clock.Now().Add(time.Duration(seconds) * time.Second),
		known: time.Now().Add(patience), // real time: how long the answer travels
	})
}

// checkPatience notes a call that comes before the Retry-After of the last one has passed.
func (s *Server) checkPatience(name string, request json.RawMessage) {
	key := limitKey(name, request)
	l, ok := s.faults.limitOf(key)
	if ok && time.Now().After(l.known) && s.clock.Now().Before(l.until) {
		s.broke(ruleRateLimit, fmt.Sprintf("%s called at %s, allowed from %s", key, s.clock.Now().Format(time.RFC3339), l.until.Format(time.RFC3339)))
	}
}

// limitKey is what a rate limit is about: a method, and for messages the channel too.
func limitKey(name string, request json.RawMessage) string {
	var args struct {
		Channel string `json:"channel"`
	}
	_ = json.Unmarshal(request, &args) // a call without a channel is fine
	if args.Channel == "" {
		return name
	}
	return name + " " + args.Channel
}
