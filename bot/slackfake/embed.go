package slackfake

import "context"

// Play lets virtual time go on by itself, rate virtual seconds for each real one; until it is told to stop over the control API, or the server is
// closed.
func (s *Server) Play(rate float64) {
	_ = s.startPlaying(rate)(context.Background()) // it only starts
}

// FirstPerson is the id of the first regular person, who installed the app; empty in an empty workspace.
func (s *Server) FirstPerson() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.world.people) == 0 {
		return ""
	}
	return s.world.people[0]
}
