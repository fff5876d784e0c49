package slackapp

import (
	"context"
	"errors"
	"time"
)

// waiting is work that has to wait by the clock now and then. While it works it is in flight; while it waits it is not, or a virtual clock would
// never reach what it waits for.
type waiting struct {
	clock Waker
	busy  func() // ends being in flight
}

// call makes a call that changes nothing, again and again for as long as Slack says that it comes too fast.
func (w *waiting) call(ctx context.Context, do func(context.Context) error) error {
	for {
		err := do(ctx)
		refusal, ok := errors.AsType[*Refusal](err)
		if !ok || refusal.Code != codeRateLimited {
			return err
		}
		if err := w.wait(ctx, max(refusal.Retry, time.Second)); err != nil {
			return err
		}
	}
}

// wait returns when the clock has moved on by d, or with the context's error.
func (w *waiting) wait(ctx context.Context, d time.Duration) error {
	woken := make(chan func(), 1)
	stop := w.clock.At(w.clock.Now().Add(d), func() { woken <- w.clock.Begin() })
	w.busy()
	w.busy = func() {}
	select {
	case w.busy = <-woken:
		return nil
	case <-ctx.Done():
		if !stop() {
			w.busy = <-woken
		}
		return ctx.Err()
	}
}
