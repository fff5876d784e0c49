//go:build unix

package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path"
	"strconv"
	"sync"
	"testing"
	"time"
)

// gateFaults are how likely each thing goes wrong with a call of chat.postMessage, and what is wrong with other methods.
type gateFaults struct {
	Reset       float64 // Slack has it, the connection is cut
	Bad         float64 // Slack has it, the answer is 502
	Late        float64 // Slack takes it up to twelve seconds late, of the fast clock
	HistoryDown bool    // conversations.history and conversations.replies answer 500
	StormUntil  time.Time
	StormRetry  time.Duration // what a 429 asks for, of the fast clock
}

// gate stands between the bot's processes and the local Slack. It lets calls go wrong by the dice, and counts what Slack accepted, whatever its
// caller was told and whoever took it away again later.
type gate struct {
	server *httptest.Server
	behind string
	client *http.Client
	clock  fastClock
	theirs func() time.Time // what time it is at Slack

	mu        sync.Mutex
	dice      *rand.Rand
	faults    gateFaults
	accepted  map[string]int // by sid
	last      time.Time      // when Slack last accepted a message
	struck    map[string]int // faults by kind
	storm     time.Time      // when the present storm first said no
	impatient int            // calls in a storm by who must have known
	ended     sync.WaitGroup
}

func newGate(t testing.TB, apiURL string, clock fastClock, theirs func() time.Time, seed uint64) *gate {
	g := &gate{
		behind: apiURL, clock: clock, theirs: theirs, dice: rand.New(rand.NewPCG(seed, 2)), accepted: map[string]int{}, struck: map[string]int{},
		client: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}},
	}
	g.server = httptest.NewServer(g)
	t.Cleanup(func() {
		g.server.CloseClientConnections()
		g.server.Close()
		g.ended.Wait()
		g.client.CloseIdleConnections()
	})
	return g
}

// address is the Web API's for the bot.
func (g *gate) address() string { return g.server.URL + "/api/" }

func (g *gate) order(f gateFaults) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.faults, g.storm = f, time.Time{}
}

// verdict is what the dice say of one call.
type verdict struct {
	kind string // empty: nothing goes wrong
	late time.Duration
}

const (
	strikeReset   = "reset"
	strikeBad     = "502"
	strikeLate    = "late"
	strikeStorm   = "429"
	strikeHistory = "history 500"
)

func (g *gate) judge(method string) verdict {
	g.mu.Lock()
	defer g.mu.Unlock()
	v := verdict{}
	now := time.Now()
	if method == "conversations.history" || method == "conversations.replies" {
		if g.faults.HistoryDown {
			v.kind = strikeHistory
		}
	}
	if method == "chat.postMessage" {
		roll := g.dice.Float64()
		switch f := g.faults; {
		case now.Before(f.StormUntil):
			v.kind = strikeStorm
			if g.storm.IsZero() {
				g.storm = now
			} else if now.Sub(g.storm) > 500*time.Millisecond {
				g.impatient++
			}
		case roll < f.Reset:
			v.kind = strikeReset
		case roll < f.Reset+f.Bad:
			v.kind = strikeBad
		case roll < f.Reset+f.Bad+f.Late:
			v.kind, v.late = strikeLate, g.clock.real(time.Duration((9+3*g.dice.Float64())*float64(time.Second)))
		}
	}
	if v.kind != "" {
		g.struck[v.kind]++
	}
	return v
}

// ServeHTTP implements [http.Handler].
func (g *gate) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	method := path.Base(r.URL.Path)
	w.Header().Set("Date", g.theirs().UTC().Format(http.TimeFormat))
	v := g.judge(method)
	switch v.kind {
	case strikeHistory:
		w.WriteHeader(http.StatusInternalServerError)
		return
	case strikeStorm:
		g.refuse(w)
		return
	}
	g.ended.Add(1)
	defer g.ended.Done()
	if v.late > 0 {
		timer := time.NewTimer(v.late) // whether or not the caller still waits
		<-timer.C
	}
	status, header, answer, err := g.pass(r, body)
	if err != nil {
		cut(w)
		return
	}
	if method == "chat.postMessage" && status == http.StatusOK {
		g.note(body, answer)
	}
	switch v.kind {
	case strikeReset:
		cut(w)
	case strikeBad:
		w.WriteHeader(http.StatusBadGateway)
	default:
		for _, name := range []string{"Content-Type", "Date", "Retry-After", "X-Oauth-Scopes"} {
			if value := header.Get(name); value != "" {
				w.Header().Set(name, value)
			}
		}
		w.WriteHeader(status)
		_, _ = w.Write(answer) // the caller may have gone
	}
}

// refuse says 429 until the storm is over.
func (g *gate) refuse(w http.ResponseWriter) {
	g.mu.Lock()
	seconds := int(g.faults.StormRetry.Seconds())
	g.mu.Unlock()
	w.Header().Set("Retry-After", strconv.Itoa(seconds))
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(http.StatusTooManyRequests)
	_, _ = io.WriteString(w, `{"ok":false,"error":"ratelimited"}`)
}

// pass has Slack do what is asked, even if who asked has gone.
func (g *gate) pass(r *http.Request, body []byte) (int, http.Header, []byte, error) {
	target := g.behind + path.Base(r.URL.Path)
	if r.URL.RawQuery != "" {
		target += "?" + r.URL.RawQuery
	}
	request, err := http.NewRequest(r.Method, target, bytes.NewReader(body)) //nolint:noctx // it outlives the caller's
	if err != nil {
		return 0, nil, nil, err
	}
	request.Header = r.Header.Clone()
	response, err := g.client.Do(request)
	if err != nil {
		return 0, nil, nil, err
	}
	defer func() { _ = response.Body.Close() }()
	answer, err := io.ReadAll(response.Body)
	return response.StatusCode, response.Header, answer, err
}

// note counts a message that Slack has.
func (g *gate) note(body, answer []byte) {
	form, err := url.ParseQuery(string(body))
	var reply struct{ OK bool }
	if err != nil || json.Unmarshal(answer, &reply) != nil || !reply.OK {
		return
	}
	sid := sidOf(said{Metadata: json.RawMessage(form.Get("metadata"))})
	g.mu.Lock()
	defer g.mu.Unlock()
	g.last = time.Now()
	if sid != "" {
		g.accepted[sid]++
	}
}

// twice lists the messages that Slack accepted more than once.
func (g *gate) twice() []string {
	g.mu.Lock()
	defer g.mu.Unlock()
	var list []string
	for sid, n := range g.accepted {
		if n > 1 {
			list = append(list, fmt.Sprintf("%s (%d)", sid, n))
		}
	}
	return list
}

func (g *gate) sum() (messages, faults, impatient int, last time.Time) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, n := range g.struck {
		faults += n
	}
	return len(g.accepted), faults, g.impatient, g.last
}

// cut ends a connection as a network failure would.
func cut(w http.ResponseWriter) {
	raw, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	if tcp, ok := raw.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = raw.Close()
}
