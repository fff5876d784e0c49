package when

import "time"

// Due is a deadline as civil time: what the person said, not an instant. The instant is derived each time, because the
// rules of a zone change and because a deadline without a stated time moves with its owner's zone.
type Due struct {
	Date Date `json:"date"`
	// Time is what was said or, where nothing was, the end of the owner's working day.
	Time Clock `json:"time"`
	// Zone is an IANA name, such as "Europe/Berlin".
	Zone string `json:"zone"`
	// ExplicitTime is true when the person stated the time. Only then do Time and Zone stay what they are when the owner
	// moves or changes their working hours.
	ExplicitTime bool `json:"explicit_time"`
}

// UTC returns the instant of d in UTC. A time that a clock change skips is later by the length of the gap; of a time that
// comes twice it is the first. A zone that is not in the zone database reads as UTC, so check zones where they come in.
func (d Due) UTC() time.Time {
	zone, err := time.LoadLocation(d.Zone)
	if err != nil {
		zone = time.UTC
	}
	return d.In(zone).UTC()
}

// In is UTC for a caller who holds the zone already: the instant of d's date and time in zone, shown there. d.Zone is
// not looked at.
func (d Due) In(zone *time.Location) time.Time { return resolve(d.Date, d.Time, zone) }

// resolve finds the instant of a civil time. time.Date promises nothing for times that a zone skips or repeats, so the
// offsets on both sides of the day are tried: the earlier valid instant wins, and where neither is valid the old offset
// shifts the time by the gap. A day holds at most one change of a zone, and no offset reaches 24 hours.
func resolve(d Date, c Clock, zone *time.Location) time.Time {
	civil := time.Date(d.Year, d.Month, d.Day, c.Hour, c.Minute, 0, 0, time.UTC)
	before := offsetAt(civil.Add(-24*time.Hour), zone)
	after := offsetAt(civil.Add(24*time.Hour), zone)
	early, late := civil.Add(-max(before, after)), civil.Add(-min(before, after))
	for _, candidate := range []time.Time{early, late} {
		if candidate.Add(offsetAt(candidate, zone)).Equal(civil) {
			return candidate.In(zone)
		}
	}
	return civil.Add(-before).In(zone)
}

// offsetAt returns how far zone is ahead of UTC at the instant t.
func offsetAt(t time.Time, zone *time.Location) time.Duration {
	_, seconds := t.In(zone).Zone()
	return time.Duration(seconds) * time.Second
}
