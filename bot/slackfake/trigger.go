package slackfake

import (
	"fmt"
	"time"
)

// triggerLife is how long a trigger_id can be exchanged for a view, in real time, since a person sits in front of it (Slack:
// "Preparing your app for user interaction").
const triggerLife = 3 * time.Second

// trigger allows the app to open one modal for the person who has just acted.
type trigger struct {
	user    string
	expires time.Time // real
	used    bool
}

// newTrigger makes a trigger_id for a person. The mutex is held.
func (s *Server) newTrigger(user string) string {
	now := time.Now() // real time: the person waits
	for id, t := range s.hub.triggers {
		if now.Sub(t.expires) > time.Minute { // long enough to tell expired from unknown
			delete(s.hub.triggers, id)
		}
	}
	id := fmt.Sprintf("%d.%s.%s", now.UnixMilli(), s.world.Team.ID[1:], randomHex(16))
	s.hub.triggers[id] = &trigger{user: user, expires: now.Add(max(triggerLife, s.cfg.AckTime))}
	return id
}

// useTrigger exchanges a trigger_id for the person it was made for. code is Slack's error, empty when it was good. The mutex is held.
func (s *Server) useTrigger(id string) (user, code string) {
	t := s.hub.triggers[id]
	switch {
	case t == nil:
		return "", "invalid_trigger_id"
	case t.used:
		return "", "exchanged_trigger_id"
	case time.Now().After(t.expires): // real time, as above
		return "", "expired_trigger_id"
	}
	t.used = true
	return t.user, ""
}
