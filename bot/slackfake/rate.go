package slackfake

import (
	"math"
	"sync"
	"time"
)

// rate is how often a method may be called.
type rate struct {
	perMinute float64
	burst     float64 // how many calls may come at once
	each      rateOf  // a further limit, for each value of an argument
	realTime  bool    // counted in real time instead of the clock's
}

// rateOf is a limit for each value of one argument.
type rateOf struct {
	argument         string
	perMinute, burst float64
}

// tier is one of Slack's (docs.slack.dev/apis/web-api/rate-limits); how much burst it tolerates is not documented.
func tier(n int) rate {
	return [...]rate{
		1: {perMinute: 1, burst: 2}, 2: {perMinute: 20, burst: 5}, 3: {perMinute: 50, burst: 10}, 4: {perMinute: 100, burst: 20},
	}[n]
}

// postingRate is chat.postMessage's own: about one a second in a channel, several hundred a minute in a workspace.
func postingRate() rate {
	return rate{perMinute: 300, burst: 30, each: rateOf{argument: "channel", perMinute: 60, burst: 4}}
}

// connectRate is Tier 1 for apps.connections.open, with all ten connections at once. Connections live in real time, so it does too.
func connectRate() rate { return rate{perMinute: 1, burst: 20, realTime: true} }

// hundreds is for methods that allow hundreds of calls a minute.
func hundreds() rate { return rate{perMinute: 600, burst: 60} }

// rates counts calls against the limits. It has a mutex of its own: a call is counted before it takes Server.mu.
type rates struct {
	mu      sync.Mutex
	on      bool
	buckets map[string]*bucket
}

// bucket holds the calls that may still be made of one kind.
type bucket struct {
	left      float64
	at        time.Time // when left was true
	perMinute float64
}

// newRates makes the counters; off, they let everything through.
func newRates(on bool) *rates { return &rates{on: on, buckets: map[string]*bucket{}} }

// turn switches the limits on or off; calls until now are forgotten.
func (r *rates) turn(on bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.on, r.buckets = on, map[string]*bucket{}
}

func (r *rates) counting() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.on
}

// bucket finds the bucket of a key, filled with what time has brought.
func (r *rates) bucket(key string, now time.Time, perMinute, burst float64) *bucket {
	b := r.buckets[key]
	if b == nil {
		b = &bucket{left: burst, at: now, perMinute: perMinute}
		r.buckets[key] = b
	}
	if now.After(b.at) {
		b.left = min(burst, b.left+now.Sub(b.at).Minutes()*perMinute)
		b.at = now
	}
	return b
}

// rounding forgives what adding up fractions of a minute loses, in calls.
const rounding = 1e-9

// take uses one call of every bucket; or of none, and says after how many seconds to come back.
func take(buckets ...*bucket) (wait int) {
	for _, b := range buckets {
		if b.left < 1-rounding {
			seconds := (1 - b.left) / b.perMinute * 60
			wait = max(wait, int(math.Ceil(seconds-rounding)), 1)
		}
	}
	if wait == 0 {
		for _, b := range buckets {
			b.left--
		}
	}
	return wait
}

// count counts a call at an instant, and for a method with a further limit the call for one of its values; a wait above zero refuses it,
// in seconds.
func (r *rates) count(m *method, value string, now time.Time) (wait int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.on || m.rate.perMinute == 0 {
		return 0
	}
	all := r.bucket(m.name, now, m.rate.perMinute, m.rate.burst)
	each := m.rate.each
	if each.argument == "" {
		return take(all)
	}
	return take(all, r.bucket(m.name+" "+value, now, each.perMinute, each.burst))
}

// pace counts a call now.
func (s *Server) pace(m *method, got args) (wait int) {
	now := s.clock.Now()
	if m.rate.realTime {
		now = time.Now()
	}
	value := got[m.rate.each.argument]
	if m.rate.each.argument == "channel" {
		value = s.placeNamed(value)
	}
	return s.rates.count(m, value, now)
}

// placeNamed is the id of the conversation that a message to ref goes to, so that its name, a person's id and its id share one limit.
func (s *Server) placeNamed(ref string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	w := s.world
	if w.users[ref] != nil {
		if dm := w.direct[directKey([]string{s.app.botUser, ref})]; dm != nil {
			return dm.ID
		}
		return ref
	}
	if c := w.channel(ref); c != nil {
		return c.ID
	}
	return ref
}
