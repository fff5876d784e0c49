package scheduler_test

import (
	"slices"
	"sync"
	"time"
)

// virtual is a clock that stands until a test advances it, and then at every alarm until all work there is done.
type virtual struct {
	mu     sync.Mutex
	idle   *sync.Cond
	now    time.Time
	alarms []*alarm
	busy   int
}

type alarm struct {
	at time.Time
	f  func()
}

func newVirtual(now time.Time) *virtual {
	c := &virtual{now: now}
	c.idle = sync.NewCond(&c.mu)
	return c
}

func (c *virtual) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *virtual) At(t time.Time, f func()) (stop func() bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	a := &alarm{at: t, f: f}
	if !t.After(c.now) {
		c.start(a)
		return func() bool { return false }
	}
	c.alarms = append(c.alarms, a)
	return func() bool {
		c.mu.Lock()
		defer c.mu.Unlock()
		i := slices.Index(c.alarms, a)
		if i >= 0 {
			c.alarms = slices.Delete(c.alarms, i, i+1)
		}
		return i >= 0
	}
}

func (c *virtual) Begin() (end func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.busy++
	return sync.OnceFunc(c.end)
}

func (c *virtual) end() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.busy--
	c.idle.Broadcast()
}

// start runs an alarm; the mutex is held.
func (c *virtual) start(a *alarm) {
	c.busy++
	go func() {
		defer c.end()
		a.f()
	}()
}

// advance goes from alarm to alarm until t.
func (c *virtual) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	t := c.now.Add(d)
	for {
		for c.busy > 0 {
			c.idle.Wait()
		}
		next := t
		for _, a := range c.alarms {
			if a.at.Before(next) {
				next = a.at
			}
		}
		if next.After(c.now) {
			c.now = next
		}
		ringing := 0
		c.alarms = slices.DeleteFunc(c.alarms, func(a *alarm) bool {
			if a.at.After(c.now) {
				return false
			}
			c.start(a)
			ringing++
			return true
		})
		if ringing == 0 && !c.now.Before(t) {
			return
		}
	}
}
