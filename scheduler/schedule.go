package scheduler

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/robfig/cron/v3"

	"rapport/bot"
)

// Run is one occasion of a schedule entry.
type Run struct {
	At    time.Time // the instant, in the entry's zone; zero: there is no run
	Civil string    // what the wall shows, such as "2026-03-02T09:00"; in a gap the time that was skipped. Runs are claimed by it
}

const civilLayout = "2006-01-02T15:04"

// Next returns the first run of an entry after an instant; the zero Run if there is none. An entry that is off still has runs. The error
// is that of [Check].
//
// A wall time that a zone's clocks skip stands for the first instant after the gap, one that they show twice for the first of the two. So
// each wall time that the spec names comes once. Those that a gap brings to one instant are one run, named after the first of them.
func Next(e bot.Entry, after time.Time) (Run, error) {
	t, err := newTable(e)
	if err != nil {
		return Run{}, err
	}
	return t.next(after), nil
}

// Check says whether an entry can run: its spec is one of five cron fields that ever comes true, its zone is known, and with Weeks goes
// an Anchor.
func Check(e bot.Entry) error {
	_, err := newTable(e)
	return err
}

// table is an entry, read.
type table struct {
	spec   cron.Schedule
	zone   *time.Location
	weeks  int
	anchor time.Time // midnight of the anchor as if it were in UTC; zero for none
}

var errNever = errors.New("it never comes true")

func newTable(e bot.Entry) (*table, error) {
	spec, err := parseSpec(e.Spec)
	if err != nil {
		return nil, fmt.Errorf("read schedule entry %q: spec %q: %w", e.Name, e.Spec, err)
	}
	if e.Zone == "" || e.Zone == "Local" {
		return nil, fmt.Errorf("read schedule entry %q: no zone", e.Name)
	}
	zone, err := time.LoadLocation(e.Zone)
	if err != nil {
		return nil, fmt.Errorf("read schedule entry %q: zone %q: %w", e.Name, e.Zone, err)
	}
	t := &table{spec: spec, zone: zone, weeks: max(e.Weeks, 1)}
	if e.Anchor != (bot.Date{}) {
		t.anchor = time.Date(e.Anchor.Year, e.Anchor.Month, e.Anchor.Day, 0, 0, 0, 0, time.UTC)
	} else if t.weeks > 1 {
		return nil, fmt.Errorf("read schedule entry %q: every %d weeks, but counted from no date", e.Name, e.Weeks)
	}
	return t, nil
}

// parseSpec reads five cron fields and nothing else of what robfig/cron reads: a zone in front of them would compete with the entry's, and
// makes the parser panic if nothing follows.
func parseSpec(spec string) (cron.Schedule, error) {
	if strings.Contains(spec, "=") || strings.HasPrefix(spec, "@") {
		return nil, errors.New("it has to be five fields")
	}
	parsed, err := cron.NewParser(cron.Minute | cron.Hour | cron.Dom | cron.Month | cron.Dow).Parse(spec)
	if err != nil {
		return nil, err
	}
	if parsed.Next(time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)).IsZero() {
		return nil, errNever
	}
	return parsed, nil
}

// next looks for the run on wall-clock time as if it were UTC's, where cron knows no gaps, and puts each candidate into the zone.
func (t *table) next(after time.Time) Run {
	wall := wallOf(after, t.zone)
	if before := t.anchor.Add(-time.Second); !t.anchor.IsZero() && wall.Before(before) {
		wall = before
	}
	for {
		wall = t.spec.Next(wall)
		if wall.IsZero() {
			return Run{}
		}
		if skip := t.weeksToSkip(wall); skip > 0 {
			wall = monday(wall).AddDate(0, 0, 7*skip).Add(-time.Second)
			continue
		}
		// While clocks show an hour for the second time, its wall times lie in the past.
		if at := instantOf(wall, t.zone); at.After(after) {
			return Run{At: at, Civil: wall.Format(civilLayout)}
		}
	}
}

// weeksToSkip returns how many weeks after this one the next counting week begins; 0 if this one counts.
func (t *table) weeksToSkip(wall time.Time) int {
	if t.weeks == 1 {
		return 0
	}
	passed := int(monday(wall).Sub(monday(t.anchor)) / (7 * 24 * time.Hour))
	return (t.weeks - passed%t.weeks) % t.weeks
}

// monday returns the midnight that a wall time's week begins with.
func monday(wall time.Time) time.Time {
	day := time.Date(wall.Year(), wall.Month(), wall.Day(), 0, 0, 0, 0, time.UTC)
	return day.AddDate(0, 0, -(int(day.Weekday())+6)%7)
}

// wallOf returns what the clocks of a zone show at an instant, as if it were UTC.
func wallOf(at time.Time, zone *time.Location) time.Time {
	at = at.In(zone)
	return time.Date(at.Year(), at.Month(), at.Day(), at.Hour(), at.Minute(), at.Second(), at.Nanosecond(), time.UTC)
}

// farthestZone is more than any zone is away from UTC.
const farthestZone = 26 * time.Hour

// instantOf returns the first instant at which the clocks of a zone show a wall time, or have passed it. It goes through the stretches of
// equal offset around that time, in order.
func instantOf(wall time.Time, zone *time.Location) time.Time {
	stretch := wall.Add(-farthestZone).In(zone)
	for {
		_, offset := stretch.Zone()
		begin, end := stretch.ZoneBounds()
		at := wall.Add(-time.Duration(offset) * time.Second).In(zone)
		switch {
		case !begin.IsZero() && at.Before(begin):
			return begin // the clocks jumped over it
		case end.IsZero() || at.Before(end):
			return at
		}
		stretch = end
	}
}
