package slackfake

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
)

// Errors of acts, in Slack's words where Slack has some.
var (
	errBot         = errors.New("user_is_bot")
	errNoUser      = errors.New("user_not_found")
	errNoChannel   = errors.New("channel_not_found")
	errNotIn       = errors.New("not_in_channel")
	errNoMessage   = errors.New("message_not_found")
	errNoView      = errors.New("view_not_found")
	errDeactivated = errors.New("account_inactive")
)

// act is something that a person does. do changes the world and sends what Slack would send; the mutex is held.
type act interface {
	do(s *Server) (done, error)
}

// done is what an act led to.
type done struct {
	ts     string            // of the message that it posted
	viewID string            // of the view that it was about
	errors map[string]string // Slack's own complaints about inputs, by block id; nothing was sent
}

// actResult is what a control request for an act is answered with.
type actResult struct {
	Acked      bool              `json:"acked"`
	MS         int               `json:"ms"` // real time until the acknowledgement
	Response   json.RawMessage   `json:"response"`
	Error      *string           `json:"error"`
	EnvelopeID string            `json:"envelope_id"`
	TS         string            `json:"ts,omitempty"`
	ViewID     string            `json:"view_id,omitempty"`
	Errors     map[string]string `json:"errors,omitempty"`
}

// serveAct decodes one kind of act and carries it out.
func serveAct[A act](s *Server) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var a A
		if err := readControl(http.MaxBytesReader(w, r.Body, maxControl), &a); err != nil {
			writeControlError(w, http.StatusBadRequest, err.Error())
			return
		}
		writeJSON(w, http.StatusOK, s.act(r.Context(), a))
	}
}

// act carries an act out and waits for the acknowledgement of what it led to.
func (s *Server) act(ctx context.Context, a act) actResult {
	d, sent, err := s.carryOut(a)
	result := actResult{TS: d.ts, ViewID: d.viewID, Errors: d.errors}
	if err != nil {
		text := err.Error()
		result.Error = &text
		return result
	}
	patience, cancel := context.WithTimeout(ctx, s.hub.ackTime+s.hub.ackTime/10) // a little more than the envelope has
	defer cancel()
	for _, e := range sent {
		s.await(patience, e)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.scanTwice()
	result.add(sent)
	return result
}

// carryOut lets an act happen and returns the envelopes that it led to.
func (s *Server) carryOut(a act) (done, []*envelope, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hub.acting, s.hub.caused = true, nil
	defer func() { s.hub.acting, s.hub.caused = false, nil }()
	d, err := a.do(s)
	return d, s.hub.caused, err
}

// await waits in real time for the first outcome of an envelope.
func (s *Server) await(ctx context.Context, e *envelope) {
	select {
	case <-e.settled:
	case <-ctx.Done():
	}
}

// add sums up what became of the envelopes; the mutex is held.
func (r *actResult) add(sent []*envelope) {
	for i, e := range sent {
		if i == 0 {
			r.EnvelopeID, r.Response, r.Acked = e.id, e.response, e.acked
		}
		r.Acked = r.Acked && e.acked
		r.MS = max(r.MS, e.ms)
		text := e.err
		if !e.acked && text == "" {
			text = "no ack in 3 s"
		}
		if text != "" && r.Error == nil {
			r.Error = &text
		}
	}
}

// person finds who acts, by id, handle or @handle.
func (s *Server) person(ref string) (*User, error) {
	u := s.world.user(ref)
	switch {
	case u == nil:
		return nil, errNoUser
	case u.Deleted:
		return nil, errDeactivated
	}
	return u, nil
}

// human is [Server.person] for what only people do: bots type no commands and press no buttons.
func (s *Server) human(ref string) (*User, error) {
	u, err := s.person(ref)
	if err == nil && (u.Bot || u.WorkflowBot || u.ID == slackbotID) {
		return nil, errBot
	}
	return u, err
}

// place finds a conversation that a person is in: by id, by name, or a DM by "@handle" or the id of the other one.
func (s *Server) place(u *User, ref string) (*Channel, error) {
	c := s.world.channel(ref)
	if c == nil {
		other := s.world.user(ref)
		if other == nil {
			return nil, errNoChannel
		}
		return s.dmOf(u.ID, other.ID), nil
	}
	if !c.has(u.ID) {
		return nil, errNotIn
	}
	return c, nil
}

func (s *Server) dmOf(people ...string) *Channel {
	c, made := s.world.dm(s.clock.Now(), people...)
	if made {
		s.changed("channels")
	}
	return c
}

// seen finds a message that a person sees.
func (s *Server) seen(u *User, channel, ts string) (*Channel, *Message, error) {
	c := s.world.channel(channel)
	if c == nil && s.world.user(channel) != nil {
		c = s.dmOf(u.ID, s.world.user(channel).ID)
	}
	switch {
	case c == nil:
		return nil, nil, errNoChannel
	case !c.has(u.ID) && c.Kind != Public:
		return nil, nil, errNotIn
	}
	m := s.world.message(c.ID, ts)
	if m == nil || (m.EphemeralTo != "" && m.EphemeralTo != u.ID) {
		return nil, nil, errNoMessage
	}
	return c, m, nil
}

// view finds an open view of a person: by id, or the modal on top, or else Home.
func (s *Server) viewOf(u *User, id string) (*View, error) {
	v := s.world.views[id]
	if id == "" {
		if v = s.world.topView(u.ID); v == nil {
			v = s.world.homes[u.ID]
		}
	}
	if v == nil || v.User != u.ID || v.Closed {
		return nil, errNoView
	}
	return v, nil
}

// onTop says that a view can be used: Home, or the modal that lies on top.
func (s *Server) onTop(v *View) bool {
	return v.Type == "home" || s.world.topView(v.User) == v
}

// send delivers an envelope with an answer that is taken by onAck. The mutex is held.
func (s *Server) send(kind, name string, payload map[string]any, accepts bool, onAck func(json.RawMessage) string) *envelope {
	e := s.newEnvelope(kind, name, payload, accepts)
	e.onAck = onAck
	s.deliver(e)
	return e
}

// interaction is what all interactive payloads have in common. The mutex is held.
func (s *Server) interaction(kind string, u *User) map[string]any {
	return map[string]any{
		"type":                  kind,
		"token":                 "",
		"api_app_id":            s.app.id,
		"team":                  map[string]any{"id": s.world.Team.ID, "domain": s.world.Team.Domain},
		"user":                  map[string]any{"id": u.ID, "username": u.Name, "name": u.Name, "team_id": u.TeamID},
		"enterprise":            nil,
		"is_enterprise_install": false,
	}
}

// actionTS is a timestamp of an act, as payloads carry it. It is unique: two acts while virtual time stands still are two.
func (s *Server) actionTS() string { return s.world.ts(s.clock.Now()) }

// channelName is what payloads call a conversation.
func channelName(c *Channel) string {
	switch c.Kind {
	case DM:
		return "directmessage"
	case Private:
		return "privategroup"
	default:
		return c.Name
	}
}

// actKinds are the acts by the last part of their path.
func (s *Server) actKinds() map[string]http.HandlerFunc {
	return map[string]http.HandlerFunc{
		"command": serveAct[commandAct](s), "message": serveAct[messageAct](s), "click": serveAct[clickAct](s),
		"select": serveAct[selectAct](s), "submit": serveAct[submitAct](s), "close": serveAct[closeAct](s),
		"shortcut": serveAct[shortcutAct](s), "react": serveAct[reactAct](s), "home": serveAct[homeAct](s),
		"join": serveAct[joinAct](s), "leave": serveAct[leaveAct](s), "delete": serveAct[deleteAct](s),
	}
}
