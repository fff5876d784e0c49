package slackfake

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
)

// maxControl is how large a control request may be, in bytes: room for people in bulk.
const maxControl = 64 << 20

// routeControl serves the control API: what people do, time, faults, and everything there is to see.
func (s *Server) routeControl(mux *http.ServeMux) {
	handlers := map[string]http.HandlerFunc{
		"GET /control/{$}":     s.serveIndex,
		"GET /control":         s.serveIndex,
		"GET /control/state":   s.serveState,
		"GET /control/events":  s.serveEvents,
		"GET /control/journal": s.serveJournal,
		"GET /control/faults":  s.serveFaults,
		"POST /control/faults": s.orderFault,
		"GET /control/clock":   s.serveClock,
		"POST /control/clock":  s.setClock,
		"GET /control/limits":  s.serveLimits,
		"POST /control/limits": s.setLimits,
		"POST /control/people": s.addPeople,
	}
	for name, handler := range s.actKinds() {
		handlers["POST /control/"+name] = handler
	}
	for pattern, handler := range handlers {
		mux.Handle(pattern, s.local(handler))
	}
}

// local lets in only who addresses this server by a loopback name, and no script of another site's page: the control API has no login.
func (s *Server) local(next http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !loopbackHost(r.Host) {
			writeControlError(w, http.StatusForbidden, "only loopback hosts are served")
			return
		}
		if origin := r.Header.Get("Origin"); origin != "" && !sameOrigin(origin, r.Host) {
			writeControlError(w, http.StatusForbidden, "requests of other sites are refused")
			return
		}
		next(w, r)
	})
}

func loopbackHost(hostport string) bool {
	host, _, err := net.SplitHostPort(hostport)
	if err != nil {
		host = hostport
	}
	ip := net.ParseIP(strings.Trim(host, "[]"))
	return host == "localhost" || (ip != nil && ip.IsLoopback())
}

func sameOrigin(origin, host string) bool {
	u, err := url.Parse(origin)
	return err == nil && u.Host == host
}

// readControl decodes a control request strictly: a misspelt field would be an act other than the one that was meant.
func readControl(r io.Reader, into any) error {
	d := json.NewDecoder(r)
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return fmt.Errorf("decode request: %w", err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("decode request: something follows the object")
	}
	return nil
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	raw, err := json.Marshal(v)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(append(raw, '\n')) // the caller may have gone
}

func writeControlError(w http.ResponseWriter, status int, text string) {
	writeJSON(w, status, map[string]any{"error": text})
}

// controlIndex is the API in one line each.
const controlIndex = `The control API of this local Slack. JSON in, JSON out; README.md of bot/slackfake has examples.

POST /control/command   {"user","channel","command","text"}                          type a slash command
POST /control/message   {"user","channel","text","thread_ts"}                        write a message; channel "@handle" is a DM
POST /control/click     {"user","channel","ts","action_id","block_id","value","forge"}  press a button; or view_id instead of channel, ts
POST /control/select    the same and one of option, options, date, time, datetime, person, users, conversation, conversations, channel_id, channels, value
POST /control/submit    {"user","view_id","values":{"block":{"action":value}}}       submit a modal
POST /control/close     {"user","view_id","clear"}                                   close a modal
POST /control/shortcut  {"user","callback_id","channel","ts"}                        a message shortcut, or without ts a global one
POST /control/react     {"user","channel","ts","emoji","remove"}
POST /control/delete    {"user","channel","ts"}                                      one's own message, or as an admin anybody's
POST /control/home      {"user","tab"}                                               open the app's Home
POST /control/join      {"user","channel","by"}
POST /control/leave     {"user","channel"}
POST /control/people    {"people","channels","groups","generate"}                    add or change, in bulk
POST /control/clock     {"advance":"24h"} {"set":"RFC 3339"} {"play":true,"rate":60} {"play":false} {"settle":true}
GET  /control/clock
POST /control/faults    {"method","kind","delay_ms","retry_after","count"} {"envelope","kind","count","delay_ms","reason"} {"clear":true}
GET  /control/faults
POST /control/limits    {"rate_limits":true}                                         Slack's tiers, on or off
GET  /control/limits
GET  /control/state     ?viewer=U1 &channel=C1 &parts=messages,views
GET  /control/events    server-sent events
GET  /control/journal   ?after=N
`

func (s *Server) serveIndex(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = io.WriteString(w, controlIndex) // the caller may have gone
}
