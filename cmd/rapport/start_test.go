package main

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"rapport/bot/slackapp"
	"rapport/scheduler"
	"rapport/storage"
	"rapport/storage/redistest"
)

// turnstile stands before a local Slack's Web API: while it is shut, what it answers has a status of its own.
func turnstile(t *testing.T, api string) (address string, status *atomic.Int32) {
	t.Helper()
	target, err := url.Parse(api)
	if err != nil {
		t.Fatal(err)
	}
	status = new(atomic.Int32)
	proxy := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.Out.URL.Scheme, r.Out.URL.Host, r.Out.Host = target.Scheme, target.Host, target.Host
	}}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch code := status.Load(); code {
		case 0:
			proxy.ServeHTTP(w, r)
		case http.StatusTooManyRequests:
			w.Header().Set("Retry-After", "0")
			w.WriteHeader(int(code))
		default:
			w.WriteHeader(int(code))
		}
	}))
	t.Cleanup(server.Close)
	return server.URL + target.Path, status
}

// says waits until an address answers with a text.
func says(t *testing.T, h http.Handler, path, want string) {
	t.Helper()
	patience := time.After(patienceOfTests)
	look := time.NewTicker(10 * time.Millisecond)
	defer look.Stop()
	for {
		_, said := ask(t, h, path)
		if said == want {
			return
		}
		select {
		case <-look.C:
		case <-patience:
			t.Fatalf("%s says %q, want %q", path, said, want)
		}
	}
}

// quickStart waits as a start does, and not as long.
func quickStart() *start {
	s := newStart(slog.New(slog.DiscardHandler))
	s.first, s.most = time.Millisecond, 20*time.Millisecond
	return s
}

// startOn is a bot on its way up, as `rapport run` has it, with the addresses that machines ask.
func startOn(t *testing.T, w wiring) (h http.Handler, built chan *house, failed chan error) {
	t.Helper()
	built, failed = make(chan *house, 1), make(chan error, 1)
	go func() {
		house, err := build(t.Context(), w)
		if err != nil {
			failed <- err
			return
		}
		w.start.house.Store(house)
		built <- house
	}()
	return operations(w.start, newMetrics()), built, failed
}

// A bot that starts while Slack and then its store are away lives, is not ready, and gets ready by itself once they are back.
func TestAStartWaitsForSlackAndTheStore(t *testing.T) {
	t.Parallel()
	slack, _ := realSlack(t)
	redis := redistest.Start(t, redistest.Options{})
	address, status := turnstile(t, slack.APIURL())
	var storeAway atomic.Bool
	storeAway.Store(true)
	status.Store(http.StatusServiceUnavailable)
	w := wiring{
		clock: scheduler.RealClock{}, log: slog.New(slog.DiscardHandler), zone: "Europe/Berlin", start: quickStart(), alive: storage.AliveEvery,
		slack: slackapp.Config{BotToken: slack.BotToken(), AppToken: slack.AppToken(), APIURL: address, Stagger: time.Millisecond},
		open: func(ctx context.Context, team string) (*storage.Store, error) {
			o := storage.Options{URL: redis.URL(), Team: team, Key: []byte(strings.Repeat("k", 32)), Now: time.Now}
			if storeAway.Load() {
				o.URL = "redis://127.0.0.1:1"
			}
			return storage.Open(ctx, o)
		},
	}
	h, built, failed := startOn(t, w)
	says(t, h, "/readyz", waitsForSlack)
	if code, said := ask(t, h, "/healthz"); code != http.StatusOK || said != "ok" {
		t.Errorf("healthz: %d %s", code, said)
	}
	status.Store(http.StatusTooManyRequests)
	says(t, h, "/readyz", waitsForSlack)
	status.Store(0)
	says(t, h, "/readyz", waitsForStore)
	if code, _ := ask(t, h, "/readyz"); code != http.StatusServiceUnavailable {
		t.Errorf("readyz: %d", code)
	}
	storeAway.Store(false)
	says(t, h, "/readyz", "ready")
	select {
	case house := <-built:
		if err := closeWithin(t.Context(), house); err != nil {
			t.Error(err)
		}
	case err := <-failed:
		t.Fatal(err)
	case <-time.After(patienceOfTests):
		t.Fatal("it was not built")
	}
}

// A refused token, and a store that refuses, are no outage: waiting cannot help.
func TestAStartGivesUpWhereWaitingCannotHelp(t *testing.T) {
	t.Parallel()
	slack, _ := realSlack(t)
	locked := redistest.Start(t, redistest.Options{User: "rapport", Password: "pw"})
	w := wiring{
		clock: scheduler.RealClock{}, log: slog.New(slog.DiscardHandler), zone: "Europe/Berlin", start: quickStart(),
		slack: slackapp.Config{BotToken: "xoxb-other", AppToken: slack.AppToken(), APIURL: slack.APIURL(), Stagger: time.Millisecond},
	}
	for _, tt := range []struct {
		name, token, url, want string
	}{
		{"a token", "xoxb-other", "", "invalid_auth"},
		{"a password", slack.BotToken(), strings.Replace(locked.URL(), ":pw@", ":other@", 1), "WRONGPASS"},
	} {
		w.slack.BotToken = tt.token
		w.open = func(ctx context.Context, team string) (*storage.Store, error) {
			return storage.Open(ctx, storage.Options{URL: tt.url, Team: team, Key: []byte(strings.Repeat("k", 32)), Now: time.Now})
		}
		_, _, failed := startOn(t, w)
		select {
		case err := <-failed:
			if !strings.Contains(err.Error(), tt.want) {
				t.Errorf("%s: %v, want %s", tt.name, err, tt.want)
			}
		case <-time.After(patienceOfTests):
			t.Fatalf("%s: it goes on waiting", tt.name)
		}
	}
}

// The program itself: it lives during an outage of Slack's, and ends well when it is told to before it has started.
func TestTheProgramLivesDuringAnOutage(t *testing.T) {
	t.Parallel()
	slack, _ := realSlack(t)
	redis := redistest.Start(t, redistest.Options{})
	address, status := turnstile(t, slack.APIURL())
	status.Store(http.StatusBadGateway)
	p := launch(t, slack, redis.URL(), "SLACK_API_URL="+address)
	addr := p.serves(t)
	if said := fetch(t, "http://"+addr+"/healthz"); said != "ok\n" {
		t.Errorf("healthz: %q", said)
	}
	if said := fetch(t, "http://"+addr+"/readyz"); said != waitsForSlack+"\n" {
		t.Errorf("readyz: %q", said)
	}
	if took := p.stop(t); took > shutdownTime {
		t.Errorf("stopping took %v", took)
	}
}
