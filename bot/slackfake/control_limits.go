package slackfake

import "net/http"

// limitsOrder is POST /control/limits, and with the present values what requests for limits are answered with.
type limitsOrder struct {
	RateLimits *bool `json:"rate_limits"` // Slack's tiers, counted from this instant on
}

// setLimits switches the rate limits. Those who test how an app paces itself want them, those who click through it do not.
func (s *Server) setLimits(w http.ResponseWriter, r *http.Request) {
	var order limitsOrder
	if err := readControl(http.MaxBytesReader(w, r.Body, maxControl), &order); err != nil {
		writeControlError(w, http.StatusBadRequest, err.Error())
		return
	}
	if order.RateLimits == nil {
		writeControlError(w, http.StatusBadRequest, "rate_limits must be given")
		return
	}
	s.rates.turn(*order.RateLimits)
	s.serveLimits(w, r)
}

func (s *Server) serveLimits(w http.ResponseWriter, _ *http.Request) {
	on := s.rates.counting()
	writeJSON(w, http.StatusOK, limitsOrder{RateLimits: &on})
}
