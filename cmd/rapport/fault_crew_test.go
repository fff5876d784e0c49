//go:build unix

package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// crew is the processes of the bot in one row of the table. Who dies of a signal is replaced at once, as a supervisor would.
type crew struct {
	t testing.TB

	mu      sync.Mutex
	workers []*worker
	order   workerOrder // of the next one
	born    int
	kills   map[string]int // by point, or by how they were killed from outside
	unasked []string       // ends that nobody ordered
	closed  bool
	calmed  bool
	focused bool      // nobody dies any more where somebody has died
	coffee  time.Time // when the round is
	every   bool      // each point has to be passed by somebody who dies there
	ended   sync.WaitGroup
}

// worker is one process.
type worker struct {
	crew  *crew
	cmd   *exec.Cmd
	stdin io.WriteCloser
	ready chan struct{} // closed when it works, or has ended
	gone  chan struct{} // closed when it has ended
	skew  time.Duration
	alone bool   // nobody replaces it
	last  string // the point at which it said that it dies
	fate  string // who kills it from outside, and why; empty for nobody
	log   tailLog
}

func newCrew(t testing.TB, order workerOrder) *crew {
	c := &crew{t: t, order: order, kills: map[string]int{}}
	t.Cleanup(c.end)
	return c
}

// hire starts one process more and waits until it works.
func (c *crew) hire(change func(*workerOrder)) (*worker, error) {
	c.mu.Lock()
	o := c.order
	if change != nil {
		change(&o)
	}
	w, err := c.start(o)
	c.mu.Unlock()
	if err != nil {
		return nil, err
	}
	select {
	case <-w.ready:
	case <-time.After(patienceOfTests):
		return nil, fmt.Errorf("a process was not ready within %s: %s", patienceOfTests, w.log.tail())
	}
	select {
	case <-w.gone:
		if w.doomed() == "" {
			return nil, fmt.Errorf("a process ended at once: %s", w.log.tail())
		}
	default:
	}
	return w, nil
}

// start starts a process. The mutex is held.
func (c *crew) start(o workerOrder) (*worker, error) {
	if c.closed {
		return nil, errors.New("start process: the row is over")
	}
	c.born++
	o.Seed += uint64(c.born)
	switch {
	case c.calmed:
		o.Doom = nil
	case c.focused && o.Doom != nil:
		o.Doom = certain(c.unmet())
	case c.every && o.Doom != nil:
		o.Doom = maps.Clone(o.Doom)
		for _, point := range c.unmet() {
			o.Doom[point] = 1
		}
	}
	encoded, err := json.Marshal(o)
	if err != nil {
		return nil, err
	}
	w := &worker{crew: c, cmd: exec.Command(os.Args[0]), ready: make(chan struct{}), gone: make(chan struct{}), skew: o.Clock.Skew}
	w.cmd.Env = append(os.Environ(), workerVariable+"="+string(encoded))
	w.cmd.Stderr = &w.log
	endWithUs(w.cmd)
	out, err := w.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if w.stdin, err = w.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	if err := w.cmd.Start(); err != nil {
		return nil, err
	}
	c.workers = append(c.workers, w)
	c.ended.Add(1)
	go w.follow(o, out)
	return w, nil
}

// unmet are the points at which nobody has died yet. The mutex is held.
func (c *crew) unmet() []string {
	return slices.DeleteFunc(doomPoints(), func(point string) bool { return c.kills[point] > 0 })
}

// follow hears what a process says, until it ends; then another takes its place.
func (w *worker) follow(o workerOrder, out io.Reader) {
	defer w.crew.ended.Done()
	var once sync.Once
	isReady := func() { once.Do(func() { close(w.ready) }) }
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if point, ok := strings.CutPrefix(lines.Text(), doomedMessage); ok {
			w.crew.mu.Lock()
			w.last = point
			w.crew.mu.Unlock()
		}
		if at, ok := strings.CutPrefix(lines.Text(), coffeeMessage); ok {
			w.crew.noteCoffee(at)
		}
		if lines.Text() == "ready" {
			isReady()
		}
	}
	err := w.cmd.Wait()
	close(w.gone)
	isReady()
	w.crew.buried(w, o, err)
}

func (c *crew) noteCoffee(at string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	var err error
	if c.coffee, err = time.Parse(time.RFC3339, at); err != nil {
		c.unasked = append(c.unasked, err.Error())
	}
}

// coffeeAt is when the round is; zero if nobody set coffee up.
func (c *crew) coffeeAt() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.coffee
}

func (w *worker) doomed() string {
	w.crew.mu.Lock()
	defer w.crew.mu.Unlock()
	return w.last + w.fate
}

// buried counts an end and replaces who is missed.
func (c *crew) buried(w *worker, o workerOrder, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.workers = slices.DeleteFunc(c.workers, func(other *worker) bool { return other == w })
	if c.closed {
		return
	}
	switch {
	case w.fate != "":
		c.kills[w.fate]++
	case w.last != "":
		c.kills[w.last]++
	default:
		c.unasked = append(c.unasked, fmt.Sprintf("%v: %s", err, w.log.tail()))
	}
	if w.alone || len(c.unasked) > 20 {
		return
	}
	o.Coffee, o.Seed, o.Doom = nil, c.order.Seed, c.order.Doom
	if _, err := c.start(o); err != nil {
		c.unasked = append(c.unasked, err.Error())
	}
}

// kill kills a process from outside and waits until it is gone.
func (c *crew) kill(w *worker, why string) {
	c.mu.Lock()
	w.fate = why
	c.mu.Unlock()
	_ = w.cmd.Process.Kill() // it may have gone by itself
	<-w.gone
}

// living are the processes that run now.
func (c *crew) living() []*worker {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.workers)
}

// calm keeps everybody, and who comes after them, from dying.
func (c *crew) calm() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.calmed = true
	for _, w := range c.workers {
		_, _ = io.WriteString(w.stdin, calmOrder+"\n") // it may be dead already
	}
}

// focus lets everybody die only where nobody has died yet.
func (c *crew) focus() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.focused = true
	for _, w := range c.workers {
		_, _ = io.WriteString(w.stdin, focusOrder+strings.Join(c.unmet(), ",")+"\n") // it may be dead already
	}
}

// freeze stops a process in the middle of whatever it does, for some real time.
func (w *worker) freeze(d time.Duration) {
	if w.cmd.Process.Signal(syscall.SIGSTOP) != nil {
		return
	}
	pause(w.crew.t.Context(), d)
	_ = w.cmd.Process.Signal(syscall.SIGCONT) // it may have gone
}

// dismiss kills everybody and replaces nobody.
func (c *crew) dismiss(why string) {
	c.mu.Lock()
	all := slices.Clone(c.workers)
	for _, w := range all {
		w.alone = true
	}
	c.mu.Unlock()
	for _, w := range all {
		c.kill(w, why)
	}
}

// end kills everybody, each by its own id.
func (c *crew) end() {
	c.mu.Lock()
	c.closed = true
	for _, w := range c.workers {
		_ = w.cmd.Process.Signal(syscall.SIGCONT)
		_ = w.cmd.Process.Kill()
	}
	c.mu.Unlock()
	c.ended.Wait()
}

// deaths counts them and says where.
func (c *crew) deaths() (total int, where string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	var parts []string
	for _, point := range slices.Sorted(maps.Keys(c.kills)) {
		total += c.kills[point]
		parts = append(parts, fmt.Sprintf("%s %d", point, c.kills[point]))
	}
	return total, strings.Join(parts, ", ")
}

// spared are the points at which nobody has died.
func (c *crew) spared() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.unmet()
}

// complaints are the ends that nobody ordered.
func (c *crew) complaints() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.unasked)
}

// tailLog keeps the end of what a process logs.
type tailLog struct {
	mu   sync.Mutex
	text []byte
}

// Write implements [io.Writer].
func (l *tailLog) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.text = append(l.text, p...)
	l.text = l.text[max(0, len(l.text)-4000):]
	return len(p), nil
}

func (l *tailLog) tail() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return string(l.text)
}
