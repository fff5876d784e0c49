package pairing

import (
	"time"
)

// overlapUnknown is the overlap with somebody whose zone is unknown.
const overlapUnknown time.Duration = -1

// maxScheduleTable bounds the table of overlaps between kinds of schedule: beyond it they are computed anew.
const maxScheduleTable = 512

// scheduleKey tells schedules apart: a zone and the hours worked in it.
type scheduleKey struct {
	zone   string
	offset int // on the round's first day: fixed zones may share a name
	week   Week
}

// shift is one day's work as instants, in Unix seconds.
type shift struct {
	start, end int64
}

// schedules knows each member's shifts during a round and how long two members work at the same time.
// Members with the same zone and hours share a kind, so that each pair of kinds is computed once.
type schedules struct {
	kind   []int32 // per member, -1 for unknown
	shifts [][]shift
	table  []time.Duration // per pair of kinds, 0 for not yet computed, else the overlap plus one nanosecond
}

// newSchedules lays out the members' shifts on the calendar dates from date on. Dates and hours are each
// member's own: Monday 09:00 in Auckland comes half a day before Monday 09:00 in Berlin, and a day on which
// the clock changes is as long as it is.
func newSchedules(members []*Member, date time.Time, days int) *schedules {
	s := &schedules{kind: make([]int32, len(members))}
	kinds := make(map[scheduleKey]int32)
	for i := range members {
		m := members[i]
		if m.Zone == nil {
			s.kind[i] = -1
			continue
		}
		_, offset := date.In(m.Zone).Zone()
		key := scheduleKey{m.Zone.String(), offset, m.Hours.orDefault()}
		kind, known := kinds[key]
		if !known {
			kind = int32(len(s.shifts))
			kinds[key] = kind
			s.shifts = append(s.shifts, layOut(key.week, m.Zone, date, days))
		}
		s.kind[i] = kind
	}
	if n := len(s.shifts); n <= maxScheduleTable {
		s.table = make([]time.Duration, n*n)
	}
	return s
}

// layOut turns a week of wall-clock hours into instants for each day of the round.
func layOut(week Week, zone *time.Location, date time.Time, days int) []shift {
	year, month, first := date.Date()
	shifts := make([]shift, 0, days)
	for offset := range days {
		weekday := time.Date(year, month, first+offset, 0, 0, 0, 0, time.UTC).Weekday()
		span := week[weekday]
		if span.End <= span.Start {
			continue
		}
		// time.Date reads a wall clock, so a clock change between midnight and the shift comes out right.
		at := func(d time.Duration) int64 {
			return time.Date(year, month, first+offset, 0, 0, int(d/time.Second), 0, zone).Unix()
		}
		shifts = append(shifts, shift{at(span.Start), at(span.End)})
	}
	return shifts
}

// overlap returns the longest single stretch during the round in which both members work,
// or overlapUnknown if either zone is unknown.
func (s *schedules) overlap(i, j int32) time.Duration {
	a, b := s.kind[i], s.kind[j]
	if a < 0 || b < 0 {
		return overlapUnknown
	}
	if s.table == nil {
		return longestCommon(s.shifts[a], s.shifts[b])
	}
	cell := &s.table[int(min(a, b))*len(s.shifts)+int(max(a, b))]
	if *cell == 0 {
		*cell = longestCommon(s.shifts[a], s.shifts[b]) + 1
	}
	return *cell - 1
}

// longestCommon returns the longest stretch common to a shift of each list; both are in order.
func longestCommon(a, b []shift) time.Duration {
	var longest int64
	for i, j := 0, 0; i < len(a) && j < len(b); {
		longest = max(longest, min(a[i].end, b[j].end)-max(a[i].start, b[j].start))
		if a[i].end < b[j].end {
			i++
		} else {
			j++
		}
	}
	return time.Duration(longest) * time.Second
}
