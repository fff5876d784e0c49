package bot

import (
	"slices"
	"testing"
	"time"
)

func TestNextRoundKeepsTheWallClock(t *testing.T) {
	p := NewProgram("C1", "a", "Europe/Berlin")
	p.Anchor = day(2026, 3, 16)
	at := instant(t, sunday)
	for _, want := range []string{"2026-03-16T09:00:00+01:00", "2026-03-23T09:00:00+01:00", "2026-03-30T09:00:00+02:00"} { // the clocks change on the 29th
		if at = NextRound(p, at); at.Format(time.RFC3339) != want {
			t.Errorf("next on %s, want %s", at.Format(time.RFC3339), want)
		}
	}
}

// TestProposedTimes looks at the days and clocks of proposals, with the Sunday between them on which Europe's clocks change.
func TestProposedTimes(t *testing.T) {
	zone := func(name string) Hours {
		location, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		return Hours{Zone: location, Week: StandardWeek()}
	}
	berlin, newYork, kathmandu, angeles := zone("Europe/Berlin"), zone("America/New_York"), zone("Asia/Kathmandu"), zone("America/Los_Angeles")
	mondays := berlin
	mondays.Week = Week{}
	mondays.Week[time.Monday] = Span{From: 9 * 60, To: 17 * 60}
	for name, tt := range map[string]struct {
		now, end string
		all      []Hours
		want     []string // in the zone of the first
	}{
		"three days, the clock change between them": {
			"2026-03-27T09:00:00+01:00", "2026-04-02T10:00:00+02:00",
			[]Hours{berlin, newYork},
			[]string{"Fri 27 Mar 14:30 CET", "Mon 30 Mar 16:30 CEST", "Tue 31 Mar 15:30 CEST"},
		},
		"one day is left":   {"2026-03-25T10:00:00+01:00", "2026-03-25T18:00:00+01:00", []Hours{berlin}, []string{"Wed 25 Mar 14:30 CET", "Wed 25 Mar 17:00 CET"}},
		"only Mondays":      {"2026-03-25T10:00:00+01:00", "2026-04-30T18:00:00+02:00", []Hours{mondays, berlin}, []string{"Mon 30 Mar 11:00 CEST", "Mon 6 Apr 15:00 CEST", "Mon 13 Apr 12:00 CEST"}},
		"no common hour":    {"2026-03-30T10:00:00+02:00", "2026-04-30T18:00:00+02:00", []Hours{berlin, angeles}, nil},
		"quarters of hours": {"2026-03-25T10:00:00+01:00", "2026-03-28T10:00:00+01:00", []Hours{kathmandu, berlin}, []string{"Thu 26 Mar 14:15 +0545", "Thu 26 Mar 16:45 +0545", "Fri 27 Mar 16:15 +0545"}},
	} {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, at := range meetingTimes(instant(t, tt.now), instant(t, tt.end), tt.all) {
				got = append(got, at.In(tt.all[0].Zone).Format("Mon 2 Jan 15:04 MST"))
				for _, h := range tt.all {
					if !h.Open(at) || !h.Open(at.Add(chatLength-1)) {
						t.Errorf("%s: somebody does not work", at)
					}
				}
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("proposed %q, want %q", got, tt.want)
			}
		})
	}
}
