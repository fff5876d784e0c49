package scheduler

import (
	"context"
	"errors"
	"sync"
	"time"

	"rapport/bot"
)

// Scheduler wakes up when something is due and brings it to its people. Any number of them, in any number of processes, may work on one
// store.
type Scheduler struct {
	cfg Config

	mu      sync.Mutex
	wake    func()        // what an alarm runs; nil before Start and after Stop
	again   bool          // somebody asked to look again while a look is going on
	looking bool          // a look is going on
	idle    chan struct{} // closed when the look ends; nil while there is none
	nudge   chan struct{} // tells the look that again was set
	alarm   time.Time     // the instant of the registered alarm; zero for none
	cancel  func() bool   // keeps the alarm from ringing
	halted  bool          // Slack does not let us send at all

	unsettled []settling // outcomes that the store did not take yet

	paused map[bot.Kind]bool // held back by an operator

	rests rests

	// What one look leaves to the next; looks do not overlap.
	reach  reach
	ahead  ahead
	offers offers
}

// New checks the config.
func New(cfg Config) (*Scheduler, error) {
	cfg, err := cfg.withStandards()
	if err != nil {
		return nil, err
	}
	return &Scheduler{cfg: cfg, nudge: make(chan struct{}, 1), offers: make(offers)}, nil
}

// Start looks for what is due, and again whenever something will be, until Stop. The end of ctx breaks off everything in the middle, as
// a crash does; whatever was broken off is taken up by the next scheduler on the store.
func (s *Scheduler) Start(ctx context.Context) {
	s.mu.Lock()
	s.wake = func() { s.look(ctx) }
	s.mu.Unlock()
	if s.cfg.Dispatch != nil {
		if err := s.cfg.Dispatch.Start(s.handle); err != nil {
			s.cfg.Log.ErrorContext(ctx, "dispatch does not work here: other processes, or this one after a while, take what it is handed", "error", err)
		}
	}
	s.Poke()
}

// Poke asks to look again, after something changed in the store. It does not wait.
func (s *Scheduler) Poke() {
	s.mu.Lock()
	wake := s.wake
	s.mu.Unlock()
	if wake != nil {
		s.cfg.Clock.At(s.cfg.Clock.Now(), wake)
	}
}

// Stop takes up nothing new and waits for what is being sent, at most until ctx ends.
func (s *Scheduler) Stop(ctx context.Context) error {
	s.mu.Lock()
	s.wake = nil
	if s.cancel != nil {
		s.cancel()
	}
	s.cancel, s.alarm = nil, time.Time{}
	idle := s.idle
	s.tell()
	s.mu.Unlock()
	var dispatch error
	if s.cfg.Dispatch != nil {
		dispatch = s.cfg.Dispatch.Stop(ctx)
	}
	if idle == nil {
		return dispatch
	}
	select {
	case <-idle:
		return dispatch
	case <-ctx.Done():
		return errors.Join(ctx.Err(), dispatch)
	}
}

// tell wakes the look that is going on. The mutex is held.
func (s *Scheduler) tell() {
	select {
	case s.nudge <- struct{}{}:
	default:
	}
}

// Halted reports whether Slack said that this workspace cannot send at all, such as for a revoked token. Messages are kept.
func (s *Scheduler) Halted() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.halted
}

// Resume sends again after a halt.
func (s *Scheduler) Resume() {
	s.mu.Lock()
	s.halted = false
	s.mu.Unlock()
	s.Poke()
}
