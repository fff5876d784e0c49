package main

import (
	"context"
	"errors"
	"log/slog"
	"sync/atomic"
	"time"

	"rapport/bot/slackapp"
	"rapport/storage"
)

// A bot that ends because Slack or its store is away for a moment is started again and again by its platform, ever more slowly, and is still down when they are back.
// So a start waits for them, as a bot that runs does, and says meanwhile that it lives and is not ready. It gives up only where waiting cannot help.

const (
	// startFirst and startMost are how long a start waits before it tries again: twice as long each time.
	startFirst = time.Second
	startMost  = 30 * time.Second
	// startSlack is the most that Slack may ask it to wait.
	startSlack = 5 * time.Minute
)

// Why a bot that starts is not ready.
const (
	waitsForSlack = "no connection to Slack yet"
	waitsForStore = "the store does not answer yet"
)

// start is a bot on its way up, for /readyz. A nil one waits for nothing.
type start struct {
	log         *slog.Logger
	first, most time.Duration

	why   atomic.Value          // a string
	house atomic.Pointer[house] // nil until it is built
}

func newStart(log *slog.Logger) *start {
	s := &start{log: log, first: startFirst, most: startMost}
	s.why.Store(waitsForSlack)
	return s
}

// unready implements readiness.
func (s *start) unready(ctx context.Context, now time.Time) string {
	if h := s.house.Load(); h != nil {
		return h.unready(ctx, now)
	}
	return s.why.Load().(string)
}

// until tries something until it succeeds, fails for good, or the context ends.
func (s *start) until(ctx context.Context, why string, do func() error, hopeless func(error) bool) error {
	if s == nil {
		return do()
	}
	s.why.Store(why)
	for wait := s.first; ; wait = min(2*wait, s.most) {
		err := do()
		if err == nil || hopeless(err) || ctx.Err() != nil {
			return err
		}
		pause := max(wait, slackAsks(err))
		s.log.WarnContext(ctx, "not started yet", "reason", why, "retry_in", pause, "error", err)
		timer := time.NewTimer(pause) // real time, as whoever it waits for
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return err
		}
	}
}

// slackAsks is how long Slack asked to wait, if it did.
func slackAsks(err error) time.Duration {
	refusal, ok := errors.AsType[*slackapp.Refusal](err)
	if !ok {
		return 0
	}
	return min(refusal.Retry, startSlack)
}

// awaitSlack asks Slack who the bot is. Only a token that is refused is hopeless.
func awaitSlack(ctx context.Context, w wiring, app *slackapp.App) (me slackapp.Identity, err error) {
	err = w.start.until(ctx, waitsForSlack, func() error {
		me, err = app.Connect(ctx)
		return err
	}, func(err error) bool {
		_, ok := errors.AsType[*slackapp.TokenError](err)
		return ok
	})
	return me, err
}

// awaitStore opens the workspace's store. Everything but a server that does not answer is hopeless.
func awaitStore(ctx context.Context, w wiring, team string) (store *storage.Store, err error) {
	err = w.start.until(ctx, waitsForStore, func() error {
		store, err = w.open(ctx, team)
		return err
	}, func(err error) bool { return !storage.Unreachable(err) })
	return store, err
}
