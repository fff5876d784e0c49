package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"rapport/bot/slackfake"
	"rapport/deploy"
	"rapport/scheduler"
)

// pages is what a process wrote; several may write at the same time.
type pages struct {
	mu  sync.Mutex
	all bytes.Buffer
}

// Write implements [io.Writer].
func (p *pages) Write(line []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.all.Write(line)
}

func (p *pages) String() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.all.String()
}

// TestOperatorsReadNoTexts lets a company live for four days, in which much goes wrong, and then reads everything that an operator or a machine of
// theirs can: the logs with every detail, /metrics, the queue and the dead letters. Nothing that anybody wrote, no name of anybody, and no token may be there.
func TestOperatorsReadNoTexts(t *testing.T) {
	t.Parallel()
	begin := time.Date(2026, 3, 16, 8, 0, 0, 0, time.UTC)
	p := &town{clock: slackfake.NewClock(begin)}
	var err error
	p.slack, err = slackfake.Start(slackfake.Config{
		Addr: "127.0.0.1:0", Manifest: deploy.Manifest(), Clock: p.clock, AckTime: slackWaits, RateLimits: true, Sample: slackfake.Sample{People: 40, Seed: 1},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.close(t.Context()); err != nil {
			t.Error(err)
		}
	})
	logged := &pages{}
	w := patientWiring(p, slog.New(slog.NewJSONHandler(logged, &slog.HandlerOptions{Level: slog.LevelDebug})))
	counts := newMetrics()
	counts.wire(&w)
	if p.house, err = build(t.Context(), w); err != nil {
		t.Fatal(err)
	}
	counts.watch(p.house, p.clock.Now)
	if err := p.clock.Advance(t.Context(), begin.Add(2*time.Minute)); err != nil {
		t.Fatal(err)
	}
	life := &past{town: p, channels: map[string]string{}}
	if err := life.meet(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := life.settleIn(t.Context()); err != nil {
		t.Fatal(err)
	}
	r := remote{t: t, url: p.slack.ControlURL()}
	read := &reading{t: t, p: p, counts: counts}
	for hour := range 8 {
		r.setClock(begin.Add(time.Duration(12*hour) * time.Hour).Add(time.Hour))
		liveTroubled(r, hour)
		read.look(p.clock.Now())
	}
	r.setClock(begin.Add(5 * 24 * time.Hour))
	read.look(p.clock.Now())

	for _, want := range []string{`"settled":`, `"state":"unknown"`, `"state":"pending"`, `"kind":"kudos_post"`} {
		if flat := strings.ReplaceAll(read.texts["queue"], `": "`, `":"`); !strings.Contains(flat, want) {
			t.Errorf("the queue never held %s, so it proves little", want)
		}
	}
	if lines := strings.Count(logged.String(), "\n"); lines < 20 {
		t.Errorf("only %d lines were logged, which proves little", lines)
	}
	read.texts["logs"] = logged.String()
	for where, text := range read.texts {
		for _, secret := range secretsOf(p, r) {
			if i := strings.Index(text, secret); i >= 0 {
				t.Errorf("%s hold %q: …%s…", where, secret, text[max(0, i-120):min(len(text), i+120)])
			}
		}
	}
}

// marker stands in everything that people write here, and nowhere else.
const marker = "zebrafinch"

// liveTroubled lets people write what is public and private, also what nobody understands, while Slack has its moods.
func liveTroubled(r remote, hour int) {
	now := r.state()
	kudos, _ := now.place("#kudos")
	general, _ := now.place("#general")
	fault := func(method, kind string) {
		r.post("/faults", map[string]any{"method": method, "kind": kind, "count": 4, "retry_after": 2})
	}
	say := func(who int, channel, command, text string) {
		r.act("/command", map[string]any{"user": now.People[who].ID, "channel": channel, "command": command, "text": text})
	}
	one, two := hour%10, (hour+3)%10
	switch hour % 4 {
	case 0:
		fault("chat.postMessage", "429")
	case 1:
		fault("chat.postMessage", "500_after")
	case 2:
		fault("chat.postMessage", "reset_after")
	case 3:
		fault("views.open", "500")
		r.post("/faults", map[string]any{"kind": "disconnect", "reason": "reset", "count": 1})
		if err := r.connected(); err != nil {
			r.t.Fatal(err)
		}
	}
	say(one, kudos, "/kudos", fmt.Sprintf("<@%s> for the %s work on case %d, with all its patience #trust", now.People[two].ID, marker, hour))
	say(two, general, "/followup", fmt.Sprintf("<@%s> send the %s report %d by friday", now.People[one].ID, marker, hour))
	say(two, general, "/followup", fmt.Sprintf("tell nobody about %s %d tomorrow", marker, hour))
	say(one, general, "/kudos", "what is "+marker)
	say(one, general, "/coffee", marker+" please")
	say(one, general, "/rapport", marker)
	r.act("/message", map[string]any{"user": now.People[one].ID, "channel": "@rapport", "text": "hello " + marker})
	r.act("/message", map[string]any{"user": now.People[one].ID, "channel": general, "text": "I will send the " + marker + " numbers by Friday"})
}

// reading is what operators' tools said.
type reading struct {
	t      *testing.T
	p      *town
	counts *metrics
	texts  map[string]string
}

// look reads everything that can be asked, once.
func (r *reading) look(now time.Time) {
	r.t.Helper()
	if r.texts == nil {
		r.texts = map[string]string{}
	}
	_, _, text := scrape(r.t, r.counts)
	r.texts["metrics"] += text
	for _, dead := range []bool{false, true} {
		look, err := lookAtQueue(r.t.Context(), r.p.house.store, scheduler.Kinds(), queueFlags{limit: 1000, dead: dead})
		if err != nil {
			r.t.Fatal(err)
		}
		var out bytes.Buffer
		if err := look.writeJSON(&out); err != nil {
			r.t.Fatal(err)
		}
		if err := look.write(&out, now); err != nil {
			r.t.Fatal(err)
		}
		r.texts["queue"] += out.String()
	}
}

// secretsOf lists what must not be read: tokens, addresses that are tokens, people's names, and what they wrote.
func secretsOf(p *town, r remote) []string {
	r.t.Helper()
	request, err := http.NewRequestWithContext(r.t.Context(), http.MethodGet, r.url+"/state?parts=people", nil)
	if err != nil {
		r.t.Fatal(err)
	}
	var state struct {
		People []struct {
			RealName string `json:"real_name"`
			Bot      bool   `json:"is_bot"`
		}
	}
	if err := json.Unmarshal(r.do(request), &state); err != nil {
		r.t.Fatal(err)
	}
	secrets := []string{p.slack.BotToken(), p.slack.AppToken(), marker, "/response/", "ticket="}
	for _, person := range state.People {
		if !person.Bot {
			secrets = append(secrets, person.RealName)
		}
	}
	if slices.Contains(secrets, "") || len(secrets) < 40 {
		r.t.Fatalf("these are no secrets: %q", secrets)
	}
	return secrets
}
