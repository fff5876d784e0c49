package slackapp

import (
	"fmt"
	"time"
)

// window is the part of a history that is looked at.
type window struct {
	channel, thread, cursor string
	oldest, latest          string
	limit                   int // messages on a page
}

const (
	// findAround is how far around an uncertain send the history is read, beyond what is known of our clock: another process may have noted the try, by a clock
	// that is off by as much, and Slack may accept late.
	findAround = 15 * time.Minute
	findLimit  = 200
	// findLimitWide is for longer parts, such as after the store has forgotten hours or days. Slack gives at most 999.
	findLimitWide = 900
)

// windowAround is the part around the one moment of a try, or from the first to the last moment at which it may have been: instants of our clock, or of another
// process's that is right.
func windowAround(now, tried, until time.Time, off offsets) window {
	if tried.IsZero() {
		tried = now
	}
	if until.Before(tried) {
		until = tried
	}
	off = off.with(0)
	from, to := tried.Add(-off.most-findAround), until.Add(-off.least+findAround)
	w := window{limit: findLimit, oldest: stampOf(from), latest: stampOf(to)}
	if to.Sub(from) > 2*findAround {
		w.limit = findLimitWide
	}
	return w
}

// stampOf is an instant as Slack names messages.
func stampOf(t time.Time) string { return fmt.Sprintf("%d.%06d", t.Unix(), t.Nanosecond()/1000) }
