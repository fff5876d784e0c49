package slackfake

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Broken is a promise that the app did not keep.
type Broken struct {
	Rule   string    `json:"rule"`
	Detail string    `json:"detail"`
	At     time.Time `json:"at"` // virtual
}

// The rules that are watched.
const (
	ruleUnacked   = "unacknowledged" // an envelope was not acknowledged within 3 s though its connection stayed open
	ruleLimit     = "over_limit"     // a message or view over one of Slack's limits was sent, also when it was refused
	ruleTwice     = "sent_twice"     // the same message stands twice in a conversation
	ruleRateLimit = "rate_limit"     // a method was called again before Retry-After had passed
)

// broke notes that the app broke a rule. The same rule with the same detail is noted once. Server.mu may be held or not.
func (s *Server) broke(rule, detail string) {
	if s.journal.brokeAt(rule, detail, s.clock.Now()) {
		s.log.Warn("the app broke a rule", "rule", rule, "detail", detail)
		s.changed("broken")
	}
}

func (j *journal) brokeAt(rule, detail string, at time.Time) bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	key := rule + "\x00" + detail
	if j.said[key] {
		return false
	}
	j.said[key] = true
	j.broken = append(j.broken, Broken{Rule: rule, Detail: detail, At: at})
	return true
}

func (j *journal) allBroken() []Broken {
	j.mu.Lock()
	defer j.mu.Unlock()
	list := make([]Broken, len(j.broken)) // empty, never null
	copy(list, j.broken)
	return list
}

// twiceWithin is how soon after one another, in virtual time, the same words to the same conversation are a mistake.
const twiceWithin = time.Minute

// sighting is where something was seen that should be said once.
type sighting struct {
	ts    string
	micro int64
	cause *envelope
}

// scanTwice looks for messages that the app sent twice, among those that came since the last scan. The mutex is held.
func (s *Server) scanTwice() {
	for _, id := range s.watchers.takeTouched() {
		c := s.world.channels[id]
		if c == nil {
			continue
		}
		from, found := c.at(s.hub.scanned[id])
		if found {
			from++
		}
		for _, m := range c.messages[from:] {
			s.hub.scanned[id] = m.TS
			if m.User == s.app.botUser {
				s.sight(m)
			}
			delete(s.hub.replies, m.Channel+" "+m.TS)
		}
	}
}

// sight compares a message of the app with those before it: by what the app itself calls it (its metadata), and by its words.
func (s *Server) sight(m *Message) {
	now := sighting{ts: m.TS, micro: microsOf(m.TS)}
	now.cause = s.hub.causeOf(m.Channel+" "+m.TS, now.micro)
	if name := metadataKey(m.Metadata); name != "" {
		key := sightKey("metadata", m.Channel, m.EphemeralTo, name)
		if before := s.hub.twice[key]; before != nil {
			s.broke(ruleTwice, fmt.Sprintf("%s and %s in %s carry the same metadata %s", before.ts, m.TS, m.Channel, name))
		}
		s.hub.twice[key] = &now
	}
	if m.Deleted {
		return
	}
	key := sightKey("text", m.Channel, m.EphemeralTo, m.ThreadTS, m.Text, string(m.Blocks))
	if before := s.hub.twice[key]; before != nil && now.micro-before.micro < twiceWithin.Microseconds() && !before.asked(now) {
		s.broke(ruleTwice, fmt.Sprintf("%s and %s in %s say the same: %q", before.ts, m.TS, m.Channel, excerpt(m.Text)))
	}
	s.hub.twice[key] = &now
}

// excerptLength is how much of a message a detail quotes, in characters.
const excerptLength = 80

// excerpt is enough of a text to find the message by.
func excerpt(text string) string {
	runes := []rune(text)
	if len(runes) <= excerptLength {
		return text
	}
	return string(runes[:excerptLength]) + "…"
}

// sightKey is short whatever the message's length: one is kept for every message of a run.
func sightKey(parts ...string) [sha256.Size]byte {
	return sha256.Sum256([]byte(strings.Join(parts, "\x00")))
}

// asked says that two messages answer two acts of the same kind, so that both are due.
func (before sighting) asked(now sighting) bool {
	return before.cause != nil && now.cause != nil && before.cause != now.cause && before.cause.name == now.cause.name
}

// metadataKey is what an app calls a message: the sid of its metadata, or the whole metadata.
func metadataKey(m *Metadata) string {
	if m == nil {
		return ""
	}
	var payload map[string]any
	if json.Unmarshal(m.Payload, &payload) != nil || len(payload) == 0 {
		return ""
	}
	if sid, ok := payload["sid"].(string); ok {
		return sid
	}
	return m.EventType + " " + string(mustJSON(payload)) // sorted by key
}

// microsOf reads a message timestamp as microseconds since 1970.
func microsOf(ts string) int64 {
	n, err := strconv.ParseInt(strings.Replace(ts, ".", "", 1), 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// causeOf is the interaction that a message answers: the one whose response_url or acknowledgement it came through, else the newest
// that was made before it. Nil where there was none.
func (h *hub) causeOf(message string, micro int64) *envelope {
	id, answered := h.replies[message]
	for _, e := range slices.Backward(h.recent) {
		if (answered && e.id == id) || (!answered && e.after < micro) {
			return e
		}
	}
	return nil
}
