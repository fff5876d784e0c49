package main

import (
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

func TestHealthAsksTheProcessThatListens(t *testing.T) {
	t.Parallel()
	for _, row := range []struct{ listen, want string }{
		{":8080", "127.0.0.1:8080"},
		{"0.0.0.0:8080", "127.0.0.1:8080"},
		{"[::]:8080", "[::1]:8080"},
		{"127.0.0.1:9", "127.0.0.1:9"},
		{"10.1.2.3:9", "10.1.2.3:9"},
		{"localhost:9", "localhost:9"},
		{"", ""},
		{":0", ""},
		{"127.0.0.1:", ""},
		{"8080", ""},
	} {
		got, err := healthAddr(row.listen)
		if got != row.want || (err == nil) != (row.want != "") {
			t.Errorf("who listens on %q is asked at %q, %v; want %q", row.listen, got, err, row.want)
		}
	}
}

func TestHealthSaysInOneLineWhetherTheBotIsReady(t *testing.T) {
	t.Parallel()
	p := openTown(t, time.Now(), false)
	if err := (remote{t: t, url: p.slack.ControlURL()}).connected(); err != nil {
		t.Fatal(err)
	}
	ready := operations(p.house, newMetrics())
	says(t, ready, "/readyz", "ready") // Slack knows first
	serve := func(h http.Handler) string {
		s := httptest.NewServer(h)
		t.Cleanup(s.Close)
		return strings.TrimPrefix(s.URL, "http://")
	}
	answer := func(status int, text string) string {
		return serve(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { http.Error(w, text, status) }))
	}
	gone, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	nobody := gone.Addr().String()
	if err := gone.Close(); err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct {
		name, addr string
		status     int
		says       string
	}{
		{"a bot that is ready", serve(ready), 0, "ready\n"},
		{"one that is not", answer(http.StatusServiceUnavailable, "no connection to Slack\nor what"), 1, "rapport health: not ready: no connection to Slack\n"},
		{"something else", answer(http.StatusTeapot, "tea"), 1, "which is no bot's answer\n"},
		{"nobody", nobody, 1, "rapport health: no bot answers"},
	} {
		byVariable := newOperator(t, map[string]string{"HTTP_ADDR": row.addr})
		byFlag := newOperator(t, map[string]string{"HTTP_ADDR": "127.0.0.1:1"})
		for way, said := range map[string]string{
			"HTTP_ADDR": both(byVariable.run(row.status, "health")),
			"--addr":    both(byFlag.run(row.status, "health", "--addr", row.addr)),
		} {
			if !strings.Contains(said, row.says) || strings.Count(said, "\n") != 1 {
				t.Errorf("%s, by %s: it says %q, want %q", row.name, way, said, row.says)
			}
		}
	}
	newOperator(t, map[string]string{"HTTP_ADDR": ""}).run(1, "health")
	newOperator(t, map[string]string{}).run(2, "health", "now")
}

// both is what was printed on either stream.
func both(out, said string) string { return out + said }
