package main

import (
	"context"
	"errors"
	"flag"
	"log/slog"
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
	// retentionEvery is how often what was kept long enough is deleted.
	retentionEvery = 24 * time.Hour
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
	storage.SetLog(log)
	keys := cfg.keys()
	if _, err := keys.read(); err != nil { // before Slack is asked anything
		return err
	}
	calendars, wrong := cfg.calendars()
	if len(wrong) > 0 { // read once more since the configuration was checked
		return wrong
	}
	w := wiring{
		clock: scheduler.RealClock{}, calendars: calendars, log: log, zone: cfg.Zone, installer: cfg.Installer, departments: cfg.departments(), kudosADay: cfg.KudosADay,
		sweep: sweepEvery, tick: settingsEvery, retention: retentionEvery,
		alive: storage.AliveEvery, start: newStart(log),
		slack: slackapp.Config{BotToken: cfg.SlackBotToken, AppToken: cfg.SlackAppToken, APIURL: cfg.SlackAPIURL},
		open: func(ctx context.Context, team string) (*storage.Store, error) {
			o := storage.Options{URL: cfg.RedisURL, Dir: cfg.DataDir, Team: team, Now: time.Now, Warn: func(problem string) { log.Warn("store", "problem", problem) }}
			return openStore(ctx, o, keys, log)
		},
	}
	if cfg.Dispatch == dispatchAsynq {
		w.dispatch = func(store *storage.Store, team string) (scheduler.Dispatch, error) {
			return scheduler.NewAsynqDispatch(scheduler.AsynqConfig{Redis: store.RedisConn(), Team: team, Log: log})
		}
	}
	counts := newMetrics()
	counts.wire(&w)
	stopHTTP, err := serveHTTP(ctx, cfg.HTTPAddr, w.start, counts, log) // first, so that a start that has to wait is seen to live
	if err != nil {
		return err
	}
	h, err := build(ctx, w)
	if err != nil {
		err = errors.Join(err, stopHTTP(context.WithoutCancel(ctx)))
		if ctx.Err() != nil {
			log.Info("rapport stops before it has started", "error", err)
			return nil
		}
		return err
	}
	h.closers = append(h.closers, stopHTTP)
	counts.watch(h, time.Now)
	w.start.house.Store(h)
	log.Info("rapport runs", "version", buildVersion())
	select {
	case <-ctx.Done():
		log.Info("rapport stops")
		return closeWithin(ctx, h)
	case err := <-h.ended:
		h.ended <- nil // for close, which waits for the app's end
		return errors.Join(err, closeWithin(ctx, h))
	case err := <-h.store.Failed():
		closing := closeWithin(ctx, h)
		if errors.Is(closing, err) {
			return closing
		}
		return errors.Join(err, closing)
	}
}

func closeWithin(ctx context.Context, h *house) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTime-time.Second)
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
