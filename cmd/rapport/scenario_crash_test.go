package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"path"
	"strings"
	"sync"
	"testing"
	"time"

	"rapport/bot/slackfake"
	"rapport/storage"
)

// instance is one process of the bot, as far as one can stand for a process inside a test: it can end like a killed one. From that moment it reaches
// neither Slack nor the clock, and nothing that it is in the middle of goes on.
type instance struct {
	clock *slackfake.Clock
	cut   func() // cuts all sockets

	mu     sync.Mutex
	dead   bool
	ends   map[int]func() // of what it has in flight
	begun  int
	fatal  string // the method whose next call is the last thing that it does
	after  bool   // the call still reaches Slack
	buried chan struct{}
}

func newInstance(clock *slackfake.Clock, cut func()) *instance {
	return &instance{clock: clock, cut: cut, ends: map[int]func(){}, buried: make(chan struct{})}
}

// Now implements [clock]. A dead process never learns what time it is: else what it is in the middle of could still claim something in the store, later than it died.
func (i *instance) Now() time.Time {
	if i.ended() {
		<-i.buried
	}
	return i.clock.Now()
}

// At implements [clock]. What is still going on at the end of the process is in flight no more.
func (i *instance) At(t time.Time, f func()) (stop func() bool) {
	return i.clock.At(t, func() {
		end := i.Begin()
		go func() {
			defer end()
			if !i.ended() {
				f()
			}
		}()
	})
}

// Begin implements [clock].
func (i *instance) Begin() (end func()) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.dead {
		return func() {}
	}
	done := i.clock.Begin()
	i.begun++
	n := i.begun
	i.ends[n] = done
	return func() {
		i.mu.Lock()
		delete(i.ends, n)
		i.mu.Unlock()
		done()
	}
}

func (i *instance) ended() bool {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.dead
}

// die ends the process without a word to anybody.
func (i *instance) die() {
	i.mu.Lock()
	if i.dead {
		i.mu.Unlock()
		return
	}
	i.dead = true
	ends := i.ends
	i.ends = nil
	i.mu.Unlock()
	i.cut()
	for _, end := range ends {
		end()
	}
}

// doom lets the process die at its next call of a method, just before the call or when Slack has done what it asks for.
func (i *instance) doom(method string, after bool) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.fatal, i.after = method, after
}

// doomed reports whether a call is the process's last, and does so once.
func (i *instance) doomed(r *http.Request) (last, after bool) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.fatal == "" || i.fatal != path.Base(r.URL.Path) {
		return false, false
	}
	i.fatal = ""
	return true, i.after
}

// RoundTrip implements [http.RoundTripper]. A call of a dead process never comes back.
func (i *instance) RoundTrip(r *http.Request) (*http.Response, error) {
	last, after := i.doomed(r)
	if last && after {
		response, err := http.DefaultTransport.RoundTrip(r)
		if err == nil {
			err = response.Body.Close()
		}
		if err != nil {
			return nil, err
		}
	}
	if last {
		i.die()
	}
	if !i.ended() {
		return http.DefaultTransport.RoundTrip(r)
	}
	<-i.buried
	return nil, errors.New("this process is dead")
}

// company is a local Slack, the store, and the processes of the bot that were started on both, the last of which lives.
type company struct {
	*town
	store     *storage.Store
	instances []*instance
	graves    []*house
}

// start starts another process.
func (c *company) start(ctx context.Context, cut func()) error { return c.startDoomed(ctx, cut, "") }

// startDoomed starts another process that is doomed from its first moment on: "after chat.postMessage"; not at all for "".
func (c *company) startDoomed(ctx context.Context, cut func(), doom string) error {
	i := newInstance(c.clock, cut)
	when, method, _ := strings.Cut(doom, " ")
	i.doom(method, when == "after")
	c.instances = append(c.instances, i)
	w := patientWiring(c.town, slog.New(slog.DiscardHandler))
	w.clock, w.slack.HTTP = i, &http.Client{Transport: i}
	open := w.open
	w.open = func(ctx context.Context, team string) (_ *storage.Store, err error) {
		if c.store == nil {
			c.store, err = open(ctx, team)
		}
		return c.store, err
	}
	var err error
	c.house, err = build(ctx, w)
	return err
}

func (c *company) running() *instance { return c.instances[len(c.instances)-1] }

// crash kills the running process, unless it was doomed and is dead, and starts another, which may be doomed as well.
func (c *company) crash(ctx context.Context, cut func(), doom string) error {
	i := c.running()
	i.mu.Lock()
	fatal := i.fatal
	i.mu.Unlock()
	if fatal != "" {
		return fmt.Errorf("the process did not call %s, so it lives", fatal)
	}
	i.die()
	c.graves = append(c.graves, c.house)
	return c.startDoomed(ctx, cut, doom)
}

// end ends everything: the processes that died leave nothing behind but the store, which belongs to the living one.
func (c *company) end(t *testing.T) {
	t.Helper()
	ctx := context.WithoutCancel(t.Context())
	for n, h := range c.graves {
		close(c.instances[n].buried)
		h.closers = h.closers[1:] // the first one closes the store
		if err := closeWithin(ctx, h); err != nil {
			t.Error(err)
		}
	}
	if err := c.close(ctx); err != nil {
		t.Error(err)
	}
}
