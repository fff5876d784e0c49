package main

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"rapport/bot/slackapp"
	"rapport/bot/slackfake"
	"rapport/deploy"
	"rapport/scheduler"
)

// ask asks one of the addresses for machines.
func ask(t *testing.T, h http.Handler, path string) (int, string) {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, nil))
	return w.Code, strings.TrimSpace(w.Body.String())
}

func TestHealth(t *testing.T) {
	t.Parallel()
	p := openTown(t, time.Now(), false)
	h := operations(p.house, newMetrics())
	if code, said := ask(t, h, "/healthz"); code != http.StatusOK || said != "ok" {
		t.Errorf("healthz: %d %s", code, said)
	}
	if err := (remote{t: t, url: p.slack.ControlURL()}).connected(); err != nil {
		t.Fatal(err)
	}
	says(t, h, "/readyz", "ready") // Slack knows first
	if code, said := ask(t, h, "/readyz"); code != http.StatusOK || said != "ready" {
		t.Errorf("readyz: %d %s", code, said)
	}
	if code, said := ask(t, h, "/metrics"); code != http.StatusOK || !strings.Contains(said, "rapport_build_info") {
		t.Errorf("metrics: %d, %d bytes", code, len(said))
	}
	if code, _ := ask(t, h, "/else"); code != http.StatusNotFound {
		t.Errorf("an address that is none: %d", code)
	}
}

// A replica that has lost Slack is not ready after the time that reconnecting takes; one that never had it is not ready at all.
func TestNotReadyWithoutSlack(t *testing.T) {
	t.Parallel()
	p := openTown(t, time.Now(), false)
	lonely := slackapp.New(slackapp.Config{Clock: scheduler.RealClock{}, Log: slog.New(slog.DiscardHandler)})
	h := &house{app: lonely, store: p.house.store, sched: p.house.sched}
	if code, said := ask(t, operations(h, newMetrics()), "/readyz"); code != http.StatusServiceUnavailable || said != "no connection to Slack yet" {
		t.Errorf("a process that never was connected: %d %s", code, said)
	}
	now := time.Now()
	for _, row := range []struct {
		name string
		lost time.Time
		want string
	}{
		{"never connected", time.Time{}, "no connection to Slack yet"},
		{"just lost", now.Add(-readyGrace), ""},
		{"long lost", now.Add(-readyGrace - time.Second), "no connection to Slack"},
	} {
		if why := offline(row.lost, now); why != row.want {
			t.Errorf("%s: %q, want %q", row.name, why, row.want)
		}
	}
}

func TestNotReadyWithoutStore(t *testing.T) {
	t.Parallel()
	clock := slackfake.NewClock(time.Now())
	slack, err := slackfake.Start(slackfake.Config{Addr: "127.0.0.1:0", Manifest: deploy.Manifest(), Clock: clock})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = slack.Close() })
	p := &town{slack: slack, clock: clock}
	if p.house, err = build(t.Context(), townWiring(p, slog.New(slog.DiscardHandler))); err != nil {
		t.Fatal(err)
	}
	if err := (remote{t: t, url: slack.ControlURL()}).connected(); err != nil {
		t.Fatal(err)
	}
	handler := operations(p.house, newMetrics())
	look, patience := time.NewTicker(time.Millisecond), time.After(patienceOfTests)
	defer look.Stop()
	for up, since := p.house.app.Ready(); !up || since.IsZero(); up, since = p.house.app.Ready() { // Slack knows first
		select {
		case <-look.C:
		case <-patience:
			t.Fatal("a process that was connected does not know since when")
		}
	}
	if err := closeWithin(t.Context(), p.house); err != nil {
		t.Fatal(err)
	}
	if code, said := ask(t, handler, "/readyz"); code != http.StatusServiceUnavailable || said != "the store does not answer" {
		t.Errorf("readyz: %d %s", code, said)
	}
	if code, _ := ask(t, handler, "/healthz"); code != http.StatusOK {
		t.Errorf("healthz: %d", code)
	}
}
