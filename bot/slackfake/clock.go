package slackfake

import (
	"container/heap"
	"context"
	"sync"
	"time"
)

// Clock is virtual time. It stands still until it is told to advance, goes from one registered instant to the next, and stands at
// each until nothing is in flight. All methods are safe for concurrent use.
type Clock struct {
	advancing sync.Mutex // one Advance at a time

	mu       sync.Mutex
	now      time.Time
	alarms   alarmHeap
	inflight int
	idle     chan struct{} // closed when inflight falls to zero; nil while nobody waits
	seq      int
}

// NewClock returns a clock that stands at now.
func NewClock(now time.Time) *Clock { return &Clock{now: now} }

// Now returns the virtual instant, in the location of the instant that the clock began with.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// At calls f on its own goroutine once the clock has reached t; at once if it has already. Until f returns it counts as in flight.
// stop keeps f from being called and reports whether it was in time.
func (c *Clock) At(t time.Time, f func()) (stop func() bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !t.After(c.now) {
		c.start(f)
		return func() bool { return false }
	}
	c.seq++
	a := &alarm{at: t, seq: c.seq, f: f}
	heap.Push(&c.alarms, a)
	return func() bool {
		c.mu.Lock()
		defer c.mu.Unlock()
		if a.index < 0 {
			return false
		}
		heap.Remove(&c.alarms, a.index)
		return true
	}
}

// Begin says that something is in flight; the clock does not move before end is called. end may be called more than once.
func (c *Clock) Begin() (end func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.inflight++
	return sync.OnceFunc(c.end)
}

// Advance moves the clock to t, instant by instant, and returns when nothing is in flight there. A t that has passed only waits. It
// returns the context's error if that ends first; the clock then stands where it got to.
func (c *Clock) Advance(ctx context.Context, t time.Time) error {
	c.advancing.Lock()
	defer c.advancing.Unlock()
	for {
		if err := c.settle(ctx); err != nil {
			return err
		}
		if !c.step(t) {
			return nil
		}
	}
}

// Settle returns when nothing is in flight.
func (c *Clock) Settle(ctx context.Context) error { return c.Advance(ctx, time.Time{}) }

// step goes to the next registered instant up to t and starts what is registered there. It reports false when the clock stands at t
// with nothing left to start.
func (c *Clock) step(t time.Time) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.inflight > 0 {
		return true
	}
	if len(c.alarms) == 0 || c.alarms[0].at.After(t) {
		if t.After(c.now) {
			c.now = t.In(c.now.Location())
		}
		return false
	}
	if c.alarms[0].at.After(c.now) {
		c.now = c.alarms[0].at.In(c.now.Location())
	}
	for len(c.alarms) > 0 && !c.alarms[0].at.After(c.now) {
		c.start(heap.Pop(&c.alarms).(*alarm).f)
	}
	return true
}

func (c *Clock) settle(ctx context.Context) error {
	for {
		c.mu.Lock()
		if c.inflight == 0 {
			c.mu.Unlock()
			return nil
		}
		if c.idle == nil {
			c.idle = make(chan struct{})
		}
		idle := c.idle
		c.mu.Unlock()
		select {
		case <-idle:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// start runs f on its own goroutine, in flight. The mutex is held.
func (c *Clock) start(f func()) {
	c.inflight++
	go func() {
		defer c.end()
		f()
	}()
}

func (c *Clock) end() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.inflight--
	if c.inflight == 0 && c.idle != nil {
		close(c.idle)
		c.idle = nil
	}
}

type alarm struct {
	at    time.Time
	seq   int // first registered, first started
	f     func()
	index int // in the heap; -1 once it has left
}

type alarmHeap []*alarm

func (h alarmHeap) Len() int { return len(h) }
func (h alarmHeap) Less(i, j int) bool {
	if h[i].at.Equal(h[j].at) {
		return h[i].seq < h[j].seq
	}
	return h[i].at.Before(h[j].at)
}

func (h alarmHeap) Swap(i, j int) {
	h[i], h[j] = h[j], h[i]
	h[i].index, h[j].index = i, j
}

// Push implements [heap.Interface].
func (h *alarmHeap) Push(x any) {
	a := x.(*alarm)
	a.index = len(*h)
	*h = append(*h, a)
}

// Pop implements [heap.Interface].
func (h *alarmHeap) Pop() any {
	old := *h
	a := old[len(old)-1]
	*h = old[:len(old)-1]
	a.index = -1
	return a
}
