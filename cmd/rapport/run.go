package main

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"rapport/bot/slackapp"
	"rapport/scheduler"
	"rapport/storage"
)

const (
	// shutdownTime is what a stop may take, as long as a container platform usually waits.
	shutdownTime = 25 * time.Second
	// sweepEvery is how often a replica looks for what another one left.
	sweepEvery = 10 * time.Second
	// settingsEvery is how old another replica's change of the workspace's settings can get.
	settingsEvery = time.Minute
	// directoryEvery is how often everybody is read again; changes in between come as events.
	directoryEvery = 24 * time.Hour
	// retentionEvery is how often what was kept long enough is deleted.
	retentionEvery = 24 * time.Hour
	// readyGrace is how long after losing Slack a replica still counts as ready: reconnecting takes seconds.
	readyGrace = 30 * time.Second
)

// run runs the bot in a real workspace until it is told to stop.
func run(ctx context.Context, args []string, s streams) error {
	if err := parseFlags(flag.NewFlagSet("run", flag.ContinueOnError), args, s); err != nil {
		return err
	}
	cfg, err := readConfig(s.env)
	if err != nil {
		return err
	}
	log, err := newLog(s, cfg.LogLevel)
	if err != nil {
		return err
	}
	key, err := sealingKey(cfg, log)
	if err != nil {
		return err
	}
	h, err := build(ctx, wiring{
		clock: scheduler.RealClock{}, log: log, zone: cfg.Zone, installer: cfg.Installer, departmentField: cfg.DepartmentField, kudosADay: cfg.KudosADay,
		resync: directoryEvery, sweep: sweepEvery, tick: settingsEvery, retention: retentionEvery,
		slack: slackapp.Config{BotToken: cfg.SlackBotToken, AppToken: cfg.SlackAppToken, APIURL: cfg.SlackAPIURL},
		open: func(ctx context.Context, team string) (*storage.Store, error) {
			return storage.Open(ctx, storage.Options{URL: cfg.RedisURL, Team: team, Key: key, Now: time.Now, Warn: func(problem string) { log.Warn("store", "problem", problem) }})
		},
	})
	if err != nil {
		return err
	}
	stopHTTP, err := serveHealth(ctx, cfg.HTTPAddr, h, log)
	if err != nil {
		return errors.Join(err, closeWithin(ctx, h))
	}
	h.closers = append(h.closers, stopHTTP)
	log.Info("rapport runs", "version", buildVersion())
	select {
	case <-ctx.Done():
		log.Info("rapport stops")
		return closeWithin(ctx, h)
	case err := <-h.ended:
		h.ended <- nil // for close, which waits for the app's end
		return errors.Join(err, closeWithin(ctx, h))
	}
}

func closeWithin(ctx context.Context, h *house) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTime)
	defer cancel()
	return h.close(ctx)
}

// newLog is structured, one JSON object a line; it never holds what people wrote, nor tokens.
func newLog(s streams, level string) (*slog.Logger, error) {
	l, err := parseLevel(level)
	if err != nil {
		return nil, err
	}
	return slog.New(slog.NewJSONHandler(s.err, &slog.HandlerOptions{Level: l})), nil
}

func parseLevel(level string) (slog.Level, error) {
	var l slog.Level
	err := l.UnmarshalText([]byte(level))
	return l, err
}

// sealingKey is the configured key, or the one in the key file, which the first start makes.
func sealingKey(c config, log *slog.Logger) ([]byte, error) {
	if c.Key != "" {
		return decodeKey(c.Key)
	}
	data, err := os.ReadFile(c.KeyPath)
	if err == nil {
		key, err := decodeKey(strings.TrimSpace(string(data)))
		if err != nil {
			return nil, fmt.Errorf("read key file %q: %w", c.KeyPath, err)
		}
		return key, nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("read key file: %w", err)
	}
	key := make([]byte, 32)
	_, _ = rand.Read(key) // never fails
	f, err := os.OpenFile(filepath.Clean(c.KeyPath), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, fmt.Errorf("make key file: %w", err)
	}
	_, err = fmt.Fprintln(f, hex.EncodeToString(key))
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return nil, fmt.Errorf("write key file: %w", err)
	}
	log.Warn("made a key that seals what people promise; keep a copy of it away from the data", "file", c.KeyPath)
	return key, nil
}

// serveHealth serves /healthz, which says that the process lives, and /readyz, which says that it can do its work. No address serves nothing.
func serveHealth(ctx context.Context, addr string, h *house, log *slog.Logger) (stop func(context.Context) error, err error) {
	if addr == "" {
		return func(context.Context) error { return nil }, nil
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("serve health: %w", err)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { _, _ = fmt.Fprintln(w, "ok") })
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, r *http.Request) {
		if why := h.unready(r.Context(), time.Now()); why != "" {
			http.Error(w, why, http.StatusServiceUnavailable)
			return
		}
		_, _ = fmt.Fprintln(w, "ready")
	})
	server := &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second}
	go func() { _ = server.Serve(listener) }() // ends with Shutdown
	log.Info("serving health", "addr", listener.Addr().String())
	return server.Shutdown, nil
}

// unready says why the bot cannot do its work now; "" if it can.
func (h *house) unready(ctx context.Context, now time.Time) string {
	if up, since := h.app.Ready(); !up && now.Sub(since) > readyGrace {
		return "no connection to Slack"
	}
	if h.sched.Halted() {
		return "Slack does not let the app send: see the log"
	}
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	if err := h.store.Ready(ctx); err != nil {
		return "the store does not answer"
	}
	return ""
}
