package slackfake

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"
)

// ackTime is how long, in real time, the app may take to acknowledge (Slack: "Acknowledge events").
const ackTime = 3 * time.Second

// maxAck is the size from which Slack drops an acknowledgement silently, in bytes (slack-go, maxResponseSize).
const maxAck = 20 << 10

// redelivery is when an event that was not acknowledged comes again, in virtual time after its first delivery (Slack: "Events API",
// "Error handling"). Commands and interactions never come again.
var redelivery = []time.Duration{0, time.Minute, 5 * time.Minute}

// Kinds of envelopes.
const (
	kindCommand     = "slash_commands"
	kindInteractive = "interactive"
	kindEvent       = "events_api"
)

// envelope is one payload on its way to the app. Server.mu guards it.
type envelope struct {
	id      string
	kind    string
	name    string // the command, the kind of interaction or of event
	payload map[string]any
	accepts bool // whether the acknowledgement may carry a payload
	at      time.Time
	after   int64 // the newest message's time when it was made, in microseconds
	onAck   func(payload json.RawMessage) string

	attempts    int // how often it was delivered
	retry       int // how many redeliveries were arranged
	retryReason string
	conn        *conn     // the last one that it was delivered to
	on          []*conn   // all of them: an acknowledgement counts on these only
	sent        time.Time // real; the last delivery
	timer       *time.Timer
	end         func() // it is no longer in flight
	ackLost     bool   // the drop_ack fault

	acked    bool
	ms       int
	response json.RawMessage
	err      string
	settled  chan struct{} // closed at the first acknowledgement or failure
}

// newEnvelope makes an envelope; the mutex is held.
func (s *Server) newEnvelope(kind, name string, payload map[string]any, accepts bool) *envelope {
	e := &envelope{
		id: envelopeID(), kind: kind, name: name, payload: payload, accepts: accepts,
		at: s.clock.Now(), after: s.world.lastTS, settled: make(chan struct{}),
	}
	s.hub.remember(e)
	return e
}

func envelopeID() string {
	h := randomHex(16)
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}

// frame is the envelope as it goes over the wire.
func (e *envelope) frame() []byte {
	f := map[string]any{
		"envelope_id": e.id, "type": e.kind, "payload": e.payload, "accepts_response_payload": e.accepts,
	}
	if e.kind == kindEvent {
		f["retry_attempt"], f["retry_reason"] = e.retry, e.retryReason
	}
	return mustJSON(f)
}

func (e *envelope) sendTo(c *conn) {
	e.on = append(e.on, c)
	c.push(e.frame())
}

// subscription is what a manifest calls an event: message events are subscribed to by the kind of conversation.
func subscription(kind string, event map[string]any) string {
	if kind != "message" {
		return kind
	}
	switch event["channel_type"] {
	case "channel":
		return "message.channels"
	case "group":
		return "message.groups"
	default:
		return fmt.Sprintf("message.%v", event["channel_type"])
	}
}

// emit sends an event to the app if its manifest subscribes to it. kind is the event's type, event the inner event.  While the app has never been connected nothing is sent. The mutex is held; emit never blocks.
func (s *Server) emit(kind string, event map[string]any) { s.emitEnvelope(kind, event) }

// emitEnvelope is [Server.emit] for those who wait for the acknowledgement; it returns nil where nothing is sent.
func (s *Server) emitEnvelope(kind string, event map[string]any) *envelope {
	if !s.hub.connected || s.hub.muted || !s.app.subscribed(subscription(kind, event)) {
		return nil
	}
	event["type"] = kind
	now := s.clock.Now()
	if _, ok := event["event_ts"]; !ok {
		event["event_ts"] = s.world.ts(now) // unique, so that two events while virtual time stands still are two
	}
	e := s.newEnvelope(kindEvent, kind, map[string]any{
		"token":                 "",
		"team_id":               s.world.Team.ID,
		"context_team_id":       s.world.Team.ID,
		"context_enterprise_id": nil,
		"api_app_id":            s.app.id,
		"event":                 mustJSON(event), // as it was, also when it comes again later
		"type":                  "event_callback",
		"event_id":              s.world.id("Ev"),
		"event_time":            now.Unix(),
		"authorizations": []any{map[string]any{
			"enterprise_id": nil, "team_id": s.world.Team.ID, "user_id": s.app.botUser, "is_bot": true, "is_enterprise_install": false,
		}},
		"is_ext_shared_channel": false,
		"event_context":         "4-" + randomHex(16),
	}, false)
	s.deliver(e)
	return e
}

// deliver sends an envelope on its way, past the faults that were ordered for it. The mutex is held.
func (s *Server) deliver(e *envelope) {
	if f, ok := s.faults.takeEnvelope(e.kind, faultLate); ok {
		s.later(f.delay(), func() { s.dispatch(e) })
		return
	}
	if f, ok := s.faults.takeEnvelope(e.kind, faultReorder); ok {
		s.hub.held = append(s.hub.held, e)
		s.later(max(f.delay(), time.Second), s.release) // where no other follows
		return
	}
	s.dispatch(e)
	s.release()
}

// later does something after a real delay, with the mutex; meanwhile virtual time stands still.
func (s *Server) later(d time.Duration, f func()) {
	end := s.clock.Begin()
	time.AfterFunc(d, func() {
		defer end()
		s.mu.Lock()
		defer s.mu.Unlock()
		f()
	})
}

// release lets go what was kept back. The mutex is held.
func (s *Server) release() {
	held := s.hub.held
	s.hub.held = nil
	for _, e := range held {
		s.dispatch(e)
	}
}

// dispatch hands an envelope to a connection. The mutex is held.
func (s *Server) dispatch(e *envelope) {
	c := s.hub.pick()
	if c == nil || s.hub.closed() {
		s.failed(e, "not_connected", "connection_failed")
		return
	}
	e.attempts++
	e.conn, e.sent, e.end = c, time.Now(), s.clock.Begin() // real time: the person waits
	s.hub.underway[e.id] = e
	e.sendTo(c)
	e.timer = time.AfterFunc(s.hub.ackTime, func() { s.expire(e) })
	if _, ok := s.faults.takeEnvelope(e.kind, faultDuplicate); ok {
		s.duplicate(e)
	}
	if f, ok := s.faults.takeEnvelope(e.kind, faultDisconnect); ok {
		s.disconnectLocked(c, f.Reason)
	}
}

// duplicate sends the same thing once more. An event comes in an envelope of its own with another event_id, as Slack's duplicates may;
// anything else comes as it was. The mutex is held.
func (s *Server) duplicate(e *envelope) {
	if e.kind != kindEvent {
		e.sendTo(s.hub.pick())
		return
	}
	again := maps.Clone(e.payload)
	again["event_id"] = s.world.id("Ev")
	s.dispatch(s.newEnvelope(kindEvent, e.name, again, false))
}

// expire fails an envelope that was not acknowledged in time.
func (s *Server) expire(e *envelope) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.hub.underway[e.id] != e || time.Since(e.sent) < s.hub.ackTime { // acknowledged, or delivered again meanwhile
		return
	}
	if !e.ackLost && e.conn.leaving != reasonReset {
		s.broke(ruleUnacked, fmt.Sprintf("%s %s, envelope %s, delivery %d", e.kind, e.name, e.id, e.attempts))
	}
	s.failed(e, "no ack in 3 s", "timeout")
}

// failed ends a delivery without an acknowledgement; an event is arranged to come again. The mutex is held.
func (s *Server) failed(e *envelope, why, retryReason string) {
	// Between the end of this delivery and the arranging of the next one the clock must not find everything done.
	defer s.clock.Begin()()
	e.err = why
	s.settle(e)
	if e.kind != kindEvent || e.retry >= len(redelivery) || s.hub.closed() {
		return
	}
	at := e.at.Add(redelivery[e.retry])
	e.retry++
	e.retryReason, e.ackLost = retryReason, false
	s.clock.At(at, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.dispatch(e)
	})
}

// settle closes a delivery's books. The mutex is held.
func (s *Server) settle(e *envelope) {
	delete(s.hub.underway, e.id)
	if e.timer != nil {
		e.timer.Stop()
	}
	s.journal.add(journalEntry{
		At: s.clock.Now(), Direction: toApp, Kind: e.kind, Name: e.name,
		Request: mustJSON(e.payload), Response: e.answer(), MS: e.ms,
	})
	select {
	case <-e.settled:
	default:
		close(e.settled)
	}
	s.changed("journal")
	if e.end != nil {
		e.end()
		e.end = nil
	}
}

// answer is what the journal shows as the response.
func (e *envelope) answer() json.RawMessage {
	if e.err != "" {
		return mustJSON(map[string]any{"error": e.err})
	}
	return e.response
}

// ack is what the app sends over the socket.
type ack struct {
	EnvelopeID string          `json:"envelope_id"`
	Payload    json.RawMessage `json:"payload"`
}

// readAck decodes what the app has sent. A payload of null is none.
func readAck(data []byte) (ack, error) {
	var a ack
	if err := json.Unmarshal(data, &a); err != nil {
		return ack{}, fmt.Errorf("decode acknowledgement: %w", err)
	}
	if a.EnvelopeID == "" {
		return ack{}, errors.New("decode acknowledgement: no envelope_id")
	}
	if string(a.Payload) == "null" {
		a.Payload = nil
	}
	return a, nil
}

// receive takes what the app has sent over a connection.
func (s *Server) receive(c *conn, data []byte) {
	a, err := readAck(data)
	if err != nil {
		s.log.Warn("the app sent something that is no acknowledgement", "error", err)
		return
	}
	if len(data) >= maxAck {
		s.log.Warn("acknowledgement dropped: 20 KB or more", "envelope", a.EnvelopeID, "bytes", len(data))
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	e := s.hub.underway[a.EnvelopeID]
	if e == nil || !slices.Contains(e.on, c) {
		s.log.Debug("acknowledgement of nothing under way", "envelope", a.EnvelopeID)
		return
	}
	if _, ok := s.faults.takeEnvelope(e.kind, faultDropAck); ok {
		e.ackLost = true
		return
	}
	s.acknowledged(e, a.Payload)
}

// acknowledged takes an envelope's acknowledgement and does what its payload asks for. The mutex is held.
func (s *Server) acknowledged(e *envelope, payload json.RawMessage) {
	e.acked, e.err = true, ""
	e.ms = int(time.Since(e.sent).Milliseconds())
	e.response = payload
	if len(payload) > 0 && !e.accepts {
		s.log.Warn("acknowledgement payload ignored: the envelope accepts none", "type", e.kind, "name", e.name)
	}
	if e.onAck != nil {
		e.err = e.onAck(payload)
	}
	s.settle(e)
}

// envelopeState is an envelope as GET /control/state shows it.
type envelopeState struct {
	ID         string    `json:"id"`
	Type       string    `json:"type"`
	Name       string    `json:"name"`
	At         time.Time `json:"at"` // virtual
	Acked      bool      `json:"acked"`
	MS         int       `json:"ms"` // real
	Attempts   int       `json:"attempts"`
	Connection int       `json:"connection"` // 0 where it was never delivered
	Error      string    `json:"error,omitempty"`
}

func (e *envelope) state() envelopeState {
	st := envelopeState{
		ID: e.id, Type: e.kind, Name: e.name, At: e.at, Acked: e.acked, MS: e.ms, Attempts: e.attempts, Error: e.err,
	}
	if e.conn != nil {
		st.Connection = e.conn.id
	}
	return st
}
