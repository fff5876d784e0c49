package pairing

import (
	"fmt"
	"testing"
	"time"
)

func TestOverlapAcrossZonesAndClockChanges(t *testing.T) {
	office := OfficeWeek(9*time.Hour, 17*time.Hour)
	late := OfficeWeek(22*time.Hour, 30*time.Hour)
	sundays := Week{time.Sunday: {Start: 9 * time.Hour, End: 17 * time.Hour}}
	tests := []struct {
		name         string
		zoneA, zoneB string
		a, b         Week
		date         string
		want         time.Duration
	}{
		{"same zone", "Europe/Berlin", "Europe/Berlin", office, office, "2026-03-30", 8 * time.Hour},
		{"default hours are office hours", "Europe/Berlin", "Europe/Berlin", office, Week{}, "2026-03-30", 8 * time.Hour},
		{"six hours apart", "Europe/Berlin", "America/New_York", office, office, "2026-03-30", 2 * time.Hour},
		{"five while only America changed its clock", "Europe/Berlin", "America/New_York", office, office, "2026-03-16", 3 * time.Hour},
		{"six again in winter", "Europe/Berlin", "America/New_York", office, office, "2026-02-02", 2 * time.Hour},
		{"five in autumn, after Europe's change", "Europe/Berlin", "America/New_York", office, office, "2026-10-26", 3 * time.Hour},
		{"half hours", "Europe/Berlin", "Asia/Kolkata", office, office, "2026-07-06", 4*time.Hour + 30*time.Minute},
		{"no common hour", "America/Los_Angeles", "Europe/Berlin", office, office, "2026-03-30", 0},
		{"over the date line", "Pacific/Auckland", "America/Los_Angeles", office, office, "2026-07-06", 3 * time.Hour},
		{"night shift meets the morning elsewhere", "Europe/Berlin", "Australia/Sydney", late, office, "2026-07-06", 8*time.Hour - 3*time.Hour},
		{"the clock skips an hour in a Sunday shift", "Europe/Berlin", "Africa/Lagos", sundays, sundays, "2026-03-29", 7 * time.Hour},
		{"no common day", "Europe/Berlin", "Europe/Berlin", sundays, office, "2026-03-30", 0},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			date, err := time.Parse(time.DateOnly, test.date)
			if err != nil {
				t.Fatal(err)
			}
			members := []*Member{
				{ID: "a", Zone: loadZone(t, test.zoneA), Hours: test.a}, {ID: "b", Zone: loadZone(t, test.zoneB), Hours: test.b}, {ID: "c"},
			}
			s := newSchedules(members, date, 7)
			for range 2 { // The second time from the table.
				if got, back := s.overlap(0, 1), s.overlap(1, 0); got != test.want || back != got {
					t.Errorf("overlap %s and %s back, want %s", got, back, test.want)
				}
			}
			if got := s.overlap(0, 2); got != overlapUnknown {
				t.Errorf("overlap %s with somebody whose zone is unknown", got)
			}
		})
	}
}

func TestRequiredOverlapFollowsTheClockChange(t *testing.T) {
	in := Input{Rules: Rules{Overlap: Require, MinOverlap: 3 * time.Hour}, Members: []Member{
		{ID: "a", Zone: loadZone(t, "Europe/Berlin")}, {ID: "b", Zone: loadZone(t, "America/New_York")},
	}}
	for date, want := range map[string]int{"2026-03-23": 1, "2026-03-30": 0} {
		in.Date, _ = time.Parse(time.DateOnly, date)
		r, err := Match(in)
		if err != nil {
			t.Fatal(err)
		}
		if len(r.Groups) != want {
			t.Errorf("%s: %d groups, want %d", date, len(r.Groups), want)
		}
	}
}

func TestManyKindsOfScheduleAreComputedWithoutATable(t *testing.T) {
	var members []*Member
	for i := range maxScheduleTable + 2 {
		start := time.Duration(i) * time.Minute
		members = append(members, &Member{ID: fmt.Sprint(i), Zone: time.UTC, Hours: OfficeWeek(start, start+time.Hour)})
	}
	s := newSchedules(members, monday, 7)
	if s.table != nil {
		t.Fatal("the table is too large")
	}
	if got := s.overlap(10, 25); got != 45*time.Minute {
		t.Errorf("overlap %s", got)
	}
}
