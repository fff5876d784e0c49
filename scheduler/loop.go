package scheduler

import (
	"context"
	"time"
)

// lookAgain is how soon the scheduler looks again after the store did not answer.
const lookAgain = time.Second

// look works until nothing is due any more and nobody works, then registers the next alarm. While one look goes on, another call only
// makes it look once more.
func (s *Scheduler) look(ctx context.Context) {
	if !s.beginLook() {
		return
	}
	for {
		if s.endLook(ctx, s.newLooking().run(ctx)) {
			return
		}
	}
}

func (s *Scheduler) beginLook() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.alarm, s.cancel = s.passedAlarm()
	if s.looking {
		s.again = true
		s.tell()
		return false
	}
	if s.wake == nil {
		return false
	}
	s.looking, s.idle = true, make(chan struct{})
	return true
}

// passedAlarm drops the alarm if it has rung. The mutex is held.
func (s *Scheduler) passedAlarm() (time.Time, func() bool) {
	if s.alarm.After(s.cfg.Clock.Now()) {
		return s.alarm, s.cancel
	}
	return time.Time{}, nil
}

// endLook registers the next alarm and ends the look, unless somebody asked to look again.
func (s *Scheduler) endLook(ctx context.Context, next time.Time) bool {
	s.setAlarm(next)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.again && s.wake != nil && ctx.Err() == nil {
		s.again = false
		return false
	}
	s.again, s.looking = false, false
	close(s.idle)
	s.idle = nil
	return true
}

// setAlarm wakes the scheduler at an instant, instead of the one that was registered; the zero instant is never.
func (s *Scheduler) setAlarm(at time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.wake == nil || at.Equal(s.alarm) {
		return
	}
	if s.cancel != nil {
		s.cancel()
	}
	s.alarm, s.cancel = at, nil
	if !at.IsZero() {
		s.cancel = s.cfg.Clock.At(at, s.wake)
	}
}
