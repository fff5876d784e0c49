package slackapp

import (
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// What is known of how far this process's clock is from Slack's. A message that may have been posted is looked for by when that was, and that was noted by
// our clock, while messages are named by Slack's: whoever looks at the wrong minutes finds nothing and posts a second time.

const (
	// offsetWarn is how far off the clock may be before an operator is told.
	offsetWarn = 30 * time.Second
	// offsetMost is how far off it may be before nothing is concluded from a history any more.
	offsetMost = time.Hour
	// offsetKept is for how long an offset counts at least, twice that at most: a clock that is put right has named instants before.
	offsetKept = time.Hour
	// offsetCall is how long a call may have taken that tells the time: after a longer one nobody knows when in between Slack looked at its clock.
	offsetCall = 10 * time.Second
)

// offsets are the offsets between two clocks, ours less Slack's, that were seen in a stretch of time.
type offsets struct {
	seen        bool
	least, most time.Duration
}

func (o offsets) with(d time.Duration) offsets {
	if !o.seen {
		return offsets{seen: true, least: d, most: d}
	}
	return offsets{seen: true, least: min(o.least, d), most: max(o.most, d)}
}

func (o offsets) and(p offsets) offsets {
	if !p.seen {
		return o
	}
	return o.with(p.least).with(p.most)
}

// beyond reports whether one of them is further from none than d.
func (o offsets) beyond(d time.Duration) bool { return o.least < -d || o.most > d }

// covers reports whether a search by o is one by p, too.
func (o offsets) covers(p offsets) bool {
	return p.least >= o.least-offsetWarn && p.most <= o.most+offsetWarn
}

// slackTime learns Slack's clock from what Slack says: the date of every answer, and the timestamp of every message that the bot posts. The zero value
// knows nothing. All methods are safe for concurrent use.
type slackTime struct {
	warn func(off time.Duration) // is told once that the clock is off; nil: nobody is

	mu       sync.Mutex
	now, was offsets // in this stretch, and in the one before
	began    time.Time
	warned   bool
}

// learn takes over what Slack's clock showed between two instants of ours.
func (s *slackTime) learn(before, after, theirs time.Time) {
	took := after.Sub(before)
	if took < 0 || took > offsetCall {
		return
	}
	off := before.Add(took / 2).Sub(theirs)
	if s.add(after, off) && s.warn != nil {
		s.warn(off)
	}
}

// add reports whether it is the first offset that is worth a warning.
func (s *slackTime) add(at time.Time, off time.Duration) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if passed := at.Sub(s.began); !s.now.seen || passed < 0 || passed >= offsetKept {
		s.was, s.now, s.began = s.now, offsets{}, at
	}
	s.now = s.now.with(off)
	first := off.Abs() > offsetWarn && !s.warned
	s.warned = s.warned || first
	return first
}

// posted learns from the timestamp of a message that was just posted, between two instants of ours.
func (s *slackTime) posted(before, after time.Time, ts string) {
	whole, fraction, _ := strings.Cut(ts, ".")
	seconds, err := strconv.ParseInt(whole, 10, 64)
	if err != nil {
		return
	}
	micros, err := strconv.ParseInt((fraction + "000000")[:6], 10, 64)
	if err != nil {
		return
	}
	s.learn(before, after, time.Unix(seconds, micros*1000))
}

// known returns the offsets of the last hour or two, or false if there are none.
func (s *slackTime) known() (offsets, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now.and(s.was), s.now.seen
}

// dated is a transport that learns the time from the answers of Slack's API. It changes none.
type dated struct {
	next   http.RoundTripper
	apiURL string // what is elsewhere may be anybody's clock
	clock  Clock
	time   *slackTime
}

// dateStep is how coarse the date of an answer is; on average it is half of that behind.
const dateStep = time.Second

// RoundTrip implements [http.RoundTripper].
func (d dated) RoundTrip(r *http.Request) (*http.Response, error) {
	before := d.clock.Now()
	response, err := d.next.RoundTrip(r)
	if err != nil || !strings.HasPrefix(r.URL.String(), d.apiURL) {
		return response, err
	}
	if date, err := http.ParseTime(response.Header.Get("Date")); err == nil {
		d.time.learn(before, d.clock.Now(), date.Add(dateStep/2))
	}
	return response, nil
}

// tellTime returns a client that learns the time from the answers that it gets.
func tellTime(client *http.Client, apiURL string, clock Clock, t *slackTime) *http.Client {
	told := *client
	told.Transport = dated{next: http.DefaultTransport, apiURL: apiURL, clock: clock, time: t}
	if client.Transport != nil {
		told.Transport = dated{next: client.Transport, apiURL: apiURL, clock: clock, time: t}
	}
	return &told
}
