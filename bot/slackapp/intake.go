package slackapp

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"rapport/bot"
)

const (
	// ackBy is [Config.AckBy] where nothing else is configured.
	ackBy = 2500 * time.Millisecond
	// handleBy is when a handler's context ends then, so that it can still say something itself.
	handleBy = 2300 * time.Millisecond
	// ackTimeout bounds handing an acknowledgement to the socket, which blocks while that reconnects.
	ackTimeout = 2 * time.Second
	// followBy bounds what follows an acknowledgement.
	followBy = 30 * time.Second
)

// receive takes an envelope off the socket. It must not block: the socket's pings wait behind it.
func (a *App) receive(ctx context.Context, s *socket, e envelope) {
	a.received.Add(1)
	a.unanswered.Add(1)
	r, err := e.request(a.clock.Now())
	d := &delivery{app: a, socket: s, turn: s.turn.Load(), envelope: e, request: r, end: a.clock.Begin(), took: stopwatch()}
	if err != nil {
		a.log.Warn("envelope not understood", "type", e.Type, "error", err)
		d.fate = AckFailed
		d.acknowledge(ctx, nil) // it would only come again
		d.end()
		return
	}
	d.route, d.routed = a.routes.find(&d.request)
	handling, cancel := context.WithTimeout(ctx, a.cfg.AckBy-ackBy+handleBy)
	d.timer = time.AfterFunc(a.cfg.AckBy, func() { d.giveUp(ctx) })
	if a.handling.offer(func() {
		defer cancel()
		a.serve(ctx, handling, d)
	}) {
		return
	}
	cancel()
	a.log.Warn("request refused: too much is waiting or the app is ending", "kind", r.Kind, "name", r.Name)
	d.busy(ctx)
	d.end()
}

// serve answers one request. work outlives handling, which ends when the acknowledgement is due.
func (a *App) serve(work, handling context.Context, d *delivery) {
	defer d.end()
	a.followLater(work, d.request, a.answer(work, handling, d))
	if a.cfg.Handled != nil {
		a.cfg.Handled()
	}
}

// followLater does what follows a handler's answer, unless it did before. Nil does nothing.
func (a *App) followLater(ctx context.Context, r Request, after func(context.Context) error) {
	if after == nil {
		return
	}
	a.afterwards(func() {
		if a.firstToFollow(ctx, r) {
			a.follow(ctx, r, after)
		}
	})
}

// sayLater says what the app itself has to say in the place of a handler that did not answer. What that answers later, or when the request comes
// again, still follows. Nil does nothing.
func (a *App) sayLater(ctx context.Context, r Request, words func(context.Context) error) {
	if words != nil {
		a.afterwards(func() { a.follow(ctx, r, words) })
	}
}

// afterwards does a job on another worker, so that the next request need not wait for Slack; where those are all busy, on this one.
func (a *App) afterwards(job func()) {
	end := a.clock.Begin()
	counted := func() {
		defer end()
		job()
	}
	if !a.following.offer(counted) {
		counted()
	}
}

// firstToFollow reports whether what follows this request has not followed it before. A handler may run again for the same act, since its effect
// knows the token; but words that were said already are not said again. Where nobody can tell, they are said.
func (a *App) firstToFollow(ctx context.Context, r Request) bool {
	if r.Kind == OnEvent {
		return true // those that speak are handled once as a whole
	}
	first, err := a.memory.Seen(ctx, "follow/"+r.Token+"/"+bot.Token(r.press))
	return first || err != nil
}

// answer acknowledges and returns what is to follow.
func (a *App) answer(work, handling context.Context, d *delivery) (follow func(context.Context) error) {
	if d.request.noise(a.identity().User) {
		d.acknowledge(work, nil)
		return nil
	}
	if !d.routed {
		return d.unknown(work)
	}
	if d.route.Once {
		first, err := a.memory.Seen(handling, d.request.Token)
		if err != nil {
			return d.failed(work, fmt.Errorf("look up event: %w", err))
		}
		if !first {
			d.acknowledge(work, nil)
			return nil
		}
	}
	response, err := call(handling, d.route.Handle, d.request)
	if err != nil {
		return d.failed(work, err)
	}
	return d.done(work, response)
}

// panicked is the error of a handler that panicked.
type panicked struct {
	value any
	stack []byte
}

// Error implements error. The value is left out: it may quote what a person wrote.
func (p *panicked) Error() string { return fmt.Sprintf("handler panicked with a %T", p.value) }

// call runs a handler; a panic becomes an error.
func call(ctx context.Context, h Handler, r Request) (response Response, err error) {
	defer func() {
		if v := recover(); v != nil {
			err = &panicked{value: v, stack: debug.Stack()}
		}
	}()
	return h(ctx, r)
}

// follow does what follows an acknowledgement.
func (a *App) follow(ctx context.Context, r Request, after func(context.Context) error) {
	ctx, cancel := context.WithTimeout(ctx, followBy)
	defer cancel()
	_, err := call(ctx, func(ctx context.Context, _ Request) (Response, error) { return Response{}, after(ctx) }, r)
	if err != nil {
		a.logFailure("after the acknowledgement", r, err)
	}
}

// logFailure writes what went wrong at which step, without a word that a person wrote.
func (a *App) logFailure(step string, r Request, err error) {
	args := []any{"step", step, "kind", r.Kind, "name", r.Name, "error", err}
	if p, ok := errors.AsType[*panicked](err); ok {
		args = append(args, "stack", string(p.stack))
	}
	if refused(err) != nil {
		a.log.Debug("request refused", args...)
		return
	}
	a.log.Error("request failed", args...)
}
