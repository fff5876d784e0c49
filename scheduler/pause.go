package scheduler

import (
	"context"
	"slices"

	"rapport/bot"
)

// hearPauses learns which kinds are held back. They wait; one whose time is up meanwhile is expired when the kind goes on, and is listed as such. While
// nobody can tell, what was held back stays so.
func (s *Scheduler) hearPauses(ctx context.Context) error {
	paused := make(map[bot.Kind]bool)
	for _, by := range s.pausers() {
		kinds, err := by.Paused(ctx)
		if err != nil {
			return err
		}
		for _, k := range kinds {
			paused[k] = true
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.paused = paused
	return nil
}

// pausers are those who may hold kinds back: the workspace's operator, and a dispatch whose queues can be paused.
func (s *Scheduler) pausers() []Pauses {
	var list []Pauses
	if s.cfg.Pauses != nil {
		list = append(list, s.cfg.Pauses)
	}
	if p, ok := s.cfg.Dispatch.(Pauses); ok {
		list = append(list, p)
	}
	return list
}

// held reports whether a kind is not to be worked on now: an operator holds it back, or Slack does not let us send at all.
func (s *Scheduler) held(k bot.Kind) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.paused[k] || s.halted && k != bot.KindPlan
}

// kinds are those that may be worked on now, in their order.
func (s *Scheduler) kinds() []bot.Kind { return slices.DeleteFunc(Kinds(), s.held) }
