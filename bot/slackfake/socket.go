package slackfake

import (
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// pingEvery is the real time between two pings. Clients take a connection without pings for dead, slack-go's after 30 s.
const pingEvery = 5 * time.Second

// writeWait is how long, in real time, the app may take to accept a frame.
const writeWait = 10 * time.Second

// connectionTime is how long, in real time, a connection lives before it is refreshed, and with debug_reconnects=true in its URL
// (Slack: "Using Socket Mode", approximate_connection_time).
const (
	connectionTime      = 18060 * time.Second
	connectionTimeDebug = 360 * time.Second
	warningAhead        = 10 * time.Second
)

// Reasons of a disconnect message; reasonReset cuts the connection without a message.
const (
	reasonWarning  = "warning"
	reasonRefresh  = "refresh_requested"
	reasonDisabled = "link_disabled"
	reasonTooMany  = "too_many_websockets"
	reasonReset    = "reset"
)

var disconnectReasons = []string{reasonWarning, reasonRefresh, reasonDisabled, reasonTooMany, reasonReset}

// conn is one Socket Mode connection.
type conn struct {
	id      int
	ws      *websocket.Conn
	leaving string // the reason it was told to go; Server.mu guards it

	done chan struct{} // closed when it is to end
	once sync.Once

	mu    sync.Mutex
	queue [][]byte
	wake  chan struct{} // holds one: the queue is not empty
}

// push queues a frame; it never blocks.
func (c *conn) push(frame []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.queue = append(c.queue, frame)
	select {
	case c.wake <- struct{}{}:
	default:
	}
}

func (c *conn) take() [][]byte {
	c.mu.Lock()
	defer c.mu.Unlock()
	frames := c.queue
	c.queue = nil
	return frames
}

// end lets the connection close after what is queued.
func (c *conn) end() { c.once.Do(func() { close(c.done) }) }

// cut ends the connection as a network failure would: no close frame, what was queued is lost.
func (c *conn) cut() {
	if tcp, ok := c.ws.NetConn().(*net.TCPConn); ok {
		_ = tcp.SetLinger(0) // a reset instead of an orderly end
	}
	_ = c.ws.Close() // it may be closed already
	c.end()
}

func (s *Server) routeSocket(mux *http.ServeMux) {
	mux.HandleFunc("GET /socket", s.serveSocket)
	mux.HandleFunc("POST /response/{token}", s.serveResponse)
}

// newSocketURL makes an address that one Socket Mode connection can be opened with. The mutex is held.
func (s *Server) newSocketURL() string {
	now := time.Now() // real time: the app connects at once
	for ticket, until := range s.hub.tickets {
		if now.After(until) {
			delete(s.hub.tickets, ticket)
		}
	}
	ticket := randomHex(16)
	s.hub.tickets[ticket] = now.Add(ticketLife)
	return fmt.Sprintf("ws://%s/socket?ticket=%s&app_id=%s", s.Addr(), ticket, s.app.id)
}

// redeem uses up the ticket of a socket URL.
func (s *Server) redeem(ticket string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	until, ok := s.hub.tickets[ticket]
	delete(s.hub.tickets, ticket)
	return ok && time.Now().Before(until) // real time, as above
}

// serveSocket is one Socket Mode connection, from its hello to its end. Its ticket is what it is trusted for, so it may come from any
// origin: client libraries send https://api.slack.com.
func (s *Server) serveSocket(w http.ResponseWriter, r *http.Request) {
	if !s.redeem(r.FormValue("ticket")) {
		http.Error(w, "invalid ticket", http.StatusUnauthorized)
		return
	}
	upgrader := websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }, HandshakeTimeout: writeWait}
	ws, err := upgrader.Upgrade(w, r, nil)
	if err != nil {
		s.log.Warn("socket not upgraded", "error", err)
		return
	}
	life := connectionTime
	if r.FormValue("debug_reconnects") == "true" {
		life = connectionTimeDebug
	}
	c := &conn{ws: ws, done: make(chan struct{}), wake: make(chan struct{}, 1)}
	if s.connect(c, life) {
		warn := time.AfterFunc(life-warningAhead, func() { s.disconnect(c, reasonWarning) })
		defer warn.Stop()
	}
	go s.write(c)
	s.read(c)
	s.disconnected(c)
}

// connect admits a connection and greets it, or tells it that there are too many.
func (s *Server) connect(c *conn, life time.Duration) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hub.lastConn++
	c.id = s.hub.lastConn
	if len(s.hub.conns) >= maxConnections {
		c.leaving = reasonTooMany
		s.say(c, "disconnect", disconnectFrame(reasonTooMany))
		c.end()
		return false
	}
	s.hub.conns = append(s.hub.conns, c)
	s.hub.connected = true
	s.say(c, "hello", map[string]any{
		"type":            "hello",
		"num_connections": len(s.hub.conns),
		"debug_info": map[string]any{
			"host": "applink-local", "build_number": 1, "approximate_connection_time": int(life.Seconds()),
		},
		"connection_info": map[string]any{"app_id": s.app.id},
	})
	return true
}

// say sends a frame that is about the connection itself.
func (s *Server) say(c *conn, name string, frame any) {
	raw := mustJSON(frame)
	c.push(raw)
	s.journal.add(journalEntry{At: s.clock.Now(), Direction: toApp, Kind: "socket", Name: name, Request: raw})
	s.changed("journal")
}

func disconnectFrame(reason string) map[string]any {
	return map[string]any{"type": "disconnect", "reason": reason, "debug_info": map[string]any{"host": "applink-local"}}
}

// disconnect tells a connection to go, and sees to it that it does. The mutex is not held.
func (s *Server) disconnect(c *conn, reason string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.disconnectLocked(c, reason)
}

// disconnectLocked is [Server.disconnect] where the mutex is held.
func (s *Server) disconnectLocked(c *conn, reason string) {
	if !slices.Contains(s.hub.conns, c) {
		return
	}
	warned := c.leaving == reasonWarning
	c.leaving = reason
	switch reason {
	case reasonReset:
		c.cut()
	case reasonWarning:
		s.say(c, "disconnect", disconnectFrame(reason))
		time.AfterFunc(warningAhead, func() { s.disconnect(c, reasonRefresh) })
	case reasonRefresh:
		s.say(c, "disconnect", disconnectFrame(reason))
		if warned {
			c.end()
			return
		}
		time.AfterFunc(warningAhead, c.end) // what is under way can still be acknowledged
	default:
		s.say(c, "disconnect", disconnectFrame(reason))
		c.end()
	}
}

// disconnected forgets a connection and fails what was under way on it: an acknowledgement that comes over another connection is none.
func (s *Server) disconnected(c *conn) {
	c.end()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hub.conns = slices.DeleteFunc(s.hub.conns, func(other *conn) bool { return other == c })
	for _, e := range s.underwayOn(c) {
		s.failed(e, "connection closed before the acknowledgement", "connection_failed")
	}
	s.changed("connections")
}

// underwayOn returns what was delivered to a connection and not acknowledged, oldest first. The mutex is held.
func (s *Server) underwayOn(c *conn) []*envelope {
	var list []*envelope
	for _, e := range s.hub.underway {
		if e.conn == c {
			list = append(list, e)
		}
	}
	slices.SortFunc(list, func(a, b *envelope) int { return a.sent.Compare(b.sent) })
	return list
}

// read takes acknowledgements until the connection ends.
func (s *Server) read(c *conn) {
	for {
		kind, data, err := c.ws.ReadMessage()
		if err != nil {
			return // closed by either side
		}
		if kind == websocket.TextMessage {
			s.receive(c, data)
		}
	}
}

// write sends what is queued and pings, and closes the connection when it is to end.
func (s *Server) write(c *conn) {
	ticker := time.NewTicker(pingEvery) // real time, like all of the transport
	defer ticker.Stop()
	for {
		select {
		case <-s.hub.closing:
			c.cut()
			return
		case <-c.done:
			_ = writeFrames(c.ws, c.take()) // the app may have gone first
			_ = c.ws.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(websocket.CloseNormalClosure, ""), time.Now().Add(time.Second))
			_ = c.ws.Close()
			return
		case <-c.wake:
			if err := writeFrames(c.ws, c.take()); err != nil {
				_ = c.ws.Close() // the reader sees it
				return
			}
		case <-ticker.C:
			// The error shows at the next write or read.
			_ = c.ws.WriteControl(websocket.PingMessage, []byte("Ping from local Slack"), time.Now().Add(writeWait))
		}
	}
}

func writeFrames(ws *websocket.Conn, frames [][]byte) error {
	for _, frame := range frames {
		if err := ws.SetWriteDeadline(time.Now().Add(writeWait)); err != nil { // real time: the transport's
			return err
		}
		if err := ws.WriteMessage(websocket.TextMessage, frame); err != nil {
			return err
		}
	}
	return nil
}

// mustJSON encodes what is known to be encodable: maps of plain values and raw JSON that has been decoded before.
func mustJSON(v any) json.RawMessage {
	raw, err := json.Marshal(v)
	if err != nil {
		panic(fmt.Sprintf("encode %T: %v", v, err))
	}
	return raw
}
