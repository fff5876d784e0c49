package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"

	"rapport/storage"
)

const (
	// readyGrace is how long after losing Slack a replica still counts as ready: reconnecting takes seconds.
	readyGrace = 30 * time.Second
	// readyTime bounds what /readyz asks the store.
	readyTime = 2 * time.Second
)

// serveHTTP serves what is for machines: /healthz, which says that the process lives, /readyz, which says that it can do its work, and /metrics. No address
// serves nothing.
func serveHTTP(ctx context.Context, addr string, r readiness, m *metrics, log *slog.Logger) (stop func(context.Context) error, err error) {
	if addr == "" {
		return func(context.Context) error { return nil }, nil
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("serve health and metrics: %w", err)
	}
	server := &http.Server{Handler: operations(r, m), ReadHeaderTimeout: 5 * time.Second, WriteTimeout: 10 * time.Second}
	go func() { _ = server.Serve(listener) }() // ends with Shutdown
	log.Info("serving health and metrics", "addr", listener.Addr().String())
	return server.Shutdown, nil
}

// readiness says why a bot cannot do its work at an instant; "" if it can.
type readiness interface {
	unready(ctx context.Context, now time.Time) string
}

// operations are the addresses that operators' machines ask.
func operations(ready readiness, m *metrics) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { _, _ = fmt.Fprintln(w, "ok") })
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) {
		if why := ready.unready(r.Context(), time.Now()); why != "" {
			http.Error(w, why, http.StatusServiceUnavailable)
			return
		}
		_, _ = fmt.Fprintln(w, "ready")
	})
	mux.Handle("GET /metrics", m)
	return mux
}

// offline says why a bot without a connection is not ready. One that has lost it still is for a while, one that never had any is not: an upgrade would end the
// process that has.
func offline(lost, now time.Time) string {
	switch {
	case lost.IsZero():
		return waitsForSlack
	case now.Sub(lost) > readyGrace:
		return "no connection to Slack"
	}
	return ""
}

// unready implements readiness.
func (h *house) unready(ctx context.Context, now time.Time) string {
	if up, since := h.app.Ready(); !up {
		if why := offline(since, now); why != "" {
			return why
		}
	}
	if h.sched.Halted() {
		return "Slack does not let the app send: see the log"
	}
	ctx, cancel := context.WithTimeout(ctx, readyTime)
	defer cancel()
	switch err := h.store.Ready(ctx); {
	case errors.Is(err, storage.ErrEmptied):
		return "the store was emptied: see the log"
	case err != nil:
		return "the store does not answer"
	}
	return ""
}
