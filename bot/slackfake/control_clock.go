package slackfake

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// playTick is how often a playing clock goes on, in real time.
const playTick = 200 * time.Millisecond

// clockOrder is POST /control/clock: exactly one of its wishes.
type clockOrder struct {
	Advance string  `json:"advance"` // a duration: "90m", "24h", "7d"
	Set     string  `json:"set"`     // RFC 3339, not before now
	Play    *bool   `json:"play"`
	Rate    float64 `json:"rate"` // virtual seconds for a real one while it plays; 0 means 1
	Settle  bool    `json:"settle"`
}

// clockState is what clock requests are answered with.
type clockState struct {
	Now     time.Time `json:"now"`
	Playing bool      `json:"playing"`
	Rate    float64   `json:"rate"`
}

// play is a clock that goes on by itself. Server.mu guards it.
type play struct {
	rate float64
	stop context.CancelFunc
}

func (s *Server) setClock(w http.ResponseWriter, r *http.Request) {
	var order clockOrder
	if err := readControl(http.MaxBytesReader(w, r.Body, maxControl), &order); err != nil {
		writeControlError(w, http.StatusBadRequest, err.Error())
		return
	}
	do, err := s.plan(order)
	if err != nil {
		writeControlError(w, http.StatusBadRequest, err.Error())
		return
	}
	if err := do(r.Context()); err != nil {
		writeControlError(w, http.StatusServiceUnavailable, fmt.Sprintf("clock stands at %s: %v", s.clock.Now().Format(time.RFC3339), err))
		return
	}
	s.changed("clock")
	s.serveClock(w, r)
}

// plan decides what an order means.
func (s *Server) plan(o clockOrder) (func(context.Context) error, error) {
	wishes := 0
	for _, given := range []bool{o.Advance != "", o.Set != "", o.Play != nil, o.Settle} {
		if given {
			wishes++
		}
	}
	if wishes != 1 {
		return nil, errors.New("exactly one of advance, set, play and settle must be given")
	}
	switch {
	case o.Advance != "":
		d, err := days(o.Advance)
		if err != nil || d < 0 {
			return nil, fmt.Errorf("advance %q: not a duration such as 90m, 24h or 7d", o.Advance)
		}
		return s.advanceTo(s.clock.Now().Add(d)), nil
	case o.Set != "":
		t, err := time.Parse(time.RFC3339, o.Set)
		if err != nil {
			return nil, fmt.Errorf("set %q: not RFC 3339", o.Set)
		}
		if t.Before(s.clock.Now()) {
			return nil, fmt.Errorf("set %q: time does not go back, it is %s", o.Set, s.clock.Now().Format(time.RFC3339))
		}
		return s.advanceTo(t), nil
	case o.Play != nil && *o.Play:
		if o.Rate < 0 {
			return nil, errors.New("rate must not be negative")
		}
		return s.startPlaying(o.Rate), nil
	case o.Play != nil:
		return func(context.Context) error { s.stopPlaying(); return nil }, nil
	default:
		return s.clock.Settle, nil
	}
}

func (s *Server) advanceTo(t time.Time) func(context.Context) error {
	return func(ctx context.Context) error { return s.clock.Advance(ctx, t) }
}

// days reads a duration that may be in days ("7d").
func days(text string) (time.Duration, error) {
	if n, ok := strings.CutSuffix(text, "d"); ok {
		d, err := time.ParseDuration(n + "h")
		return 24 * d, err
	}
	return time.ParseDuration(text)
}

func (s *Server) serveClock(w http.ResponseWriter, _ *http.Request) {
	writeJSON(w, http.StatusOK, s.clockState())
}

func (s *Server) clockState() clockState {
	s.mu.Lock()
	defer s.mu.Unlock()
	st := clockState{Now: s.clock.Now(), Rate: 1}
	if s.hub.play != nil {
		st.Playing, st.Rate = true, s.hub.play.rate
	}
	return st
}

func (s *Server) startPlaying(rate float64) func(context.Context) error {
	if rate == 0 {
		rate = 1
	}
	return func(context.Context) error {
		s.stopPlaying()
		ctx, cancel := context.WithCancel(context.Background()) // it outlives the request
		s.mu.Lock()
		s.hub.play = &play{rate: rate, stop: cancel}
		s.mu.Unlock()
		go s.keepPlaying(ctx, rate)
		return nil
	}
}

func (s *Server) stopPlaying() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.hub.play != nil {
		s.hub.play.stop()
		s.hub.play = nil
	}
}

// keepPlaying lets virtual time follow real time until it is stopped. Where the app needs longer than a tick, virtual time falls behind
// instead of jumping.
func (s *Server) keepPlaying(ctx context.Context, rate float64) {
	ticker := time.NewTicker(playTick) // real time: that is what playing is
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-s.hub.closing:
			return
		case <-ticker.C:
			next := s.clock.Now().Add(time.Duration(float64(playTick) * rate))
			if s.clock.Advance(ctx, next) != nil {
				return // stopped
			}
			s.changed("clock")
		}
	}
}
