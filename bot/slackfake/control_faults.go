package slackfake

import (
	"net/http"
	"slices"
)

// faultOrder is POST /control/faults: one fault more, or none at all from now on.
type faultOrder struct {
	fault
	Clear bool `json:"clear"`
}

func (s *Server) orderFault(w http.ResponseWriter, r *http.Request) {
	var order faultOrder
	if err := readControl(http.MaxBytesReader(w, r.Body, maxControl), &order); err != nil {
		writeControlError(w, http.StatusBadRequest, err.Error())
		return
	}
	if order.Clear {
		s.faults.clear()
		s.serveFaults(w, r)
		return
	}
	if err := order.check(); err != nil {
		writeControlError(w, http.StatusBadRequest, err.Error())
		return
	}
	if order.Kind == faultDisconnect && order.Envelope == "" {
		s.disconnectSome(order.Count, order.Reason)
	} else {
		s.faults.add(order.fault)
	}
	s.changed("faults")
	s.serveFaults(w, r)
}

// disconnectSome ends the oldest connections at once; 0 means all.
func (s *Server) disconnectSome(count int, reason string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	conns := slices.Clone(s.hub.conns)
	if count > 0 {
		conns = conns[:min(count, len(conns))]
	}
	for _, c := range conns {
		s.disconnectLocked(c, reason)
	}
}

func (s *Server) serveFaults(w http.ResponseWriter, _ *http.Request) {
	writeJSON(w, http.StatusOK, map[string]any{"faults": s.faults.all()})
}
