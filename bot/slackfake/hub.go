package slackfake

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"sync"
	"time"
)

// maxConnections is how many Socket Mode connections one app may hold (Slack: "Using Socket Mode").
const maxConnections = 10

// ticketLife is how long a socket URL can be used, in real time.
const ticketLife = 30 * time.Second

// recentEnvelopes is how many envelopes GET /control/state still shows.
const recentEnvelopes = 1000

// hub is where payloads leave for the app: its connections, the envelopes under way and what they entitle the app to. Server.mu
// guards it, except closing.
type hub struct {
	closing   chan struct{} // closed when the server closes
	closeOnce sync.Once

	ackTime   time.Duration        // how long the app may take, in real time
	conns     []*conn              // open ones, oldest first
	lastConn  int                  // id of the newest
	turn      int                  // whose turn it is among conns
	connected bool                 // the app was connected at some time
	tickets   map[string]time.Time // socket URLs that were handed out, until when (real)
	underway  map[string]*envelope // delivered and not acknowledged
	recent    []*envelope          // newest last
	held      []*envelope          // kept back until another has gone (the reorder fault)
	triggers  map[string]*trigger
	responses map[string]*responseURL
	acting    bool                            // somebody acts right now
	caused    []*envelope                     // made since the act began
	play      *play                           // the clock goes on by itself; nil where it stands
	muted     bool                            // no events: people are added in bulk
	chosen    map[string]stateValues          // what somebody has chosen on a message
	twice     map[[sha256.Size]byte]*sighting // messages of the app by what they say, for [Server.scanTwice]
	scanned   map[string]string               // by channel: the ts up to which messages were looked at
	replies   map[string]string               // channel and ts of a message that answers an interaction → the envelope's id
}

func newHub(ackTime time.Duration) *hub {
	return &hub{
		closing: make(chan struct{}), ackTime: ackTime, tickets: map[string]time.Time{}, underway: map[string]*envelope{},
		triggers: map[string]*trigger{}, responses: map[string]*responseURL{}, replies: map[string]string{},
		chosen: map[string]stateValues{}, twice: map[[sha256.Size]byte]*sighting{}, scanned: map[string]string{},
	}
}

// closeAll cuts all connections and event streams. The mutex need not be held.
func (h *hub) closeAll() { h.closeOnce.Do(func() { close(h.closing) }) }

func (h *hub) closed() bool {
	select {
	case <-h.closing:
		return true
	default:
		return false
	}
}

// pick chooses the connection of the next payload, in turn; one that was told to go only where there is no other. It returns nil
// where there is none.
func (h *hub) pick() *conn {
	var warned *conn
	for range h.conns {
		c := h.conns[h.turn%len(h.conns)]
		h.turn++
		switch c.leaving {
		case "":
			return c
		case reasonWarning:
			warned = c
		}
	}
	return warned
}

// remember keeps an envelope for the state.
func (h *hub) remember(e *envelope) {
	if len(h.recent) >= 2*recentEnvelopes {
		h.recent = slices.Clone(h.recent[len(h.recent)-recentEnvelopes:])
	}
	h.recent = append(h.recent, e)
	if h.acting {
		h.caused = append(h.caused, e)
	}
}

// randomHex returns n random bytes in hexadecimal digits. What it makes is a capability of a local server, never part of the world.
func randomHex(n int) string {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails: crypto/rand
	return hex.EncodeToString(b)
}
