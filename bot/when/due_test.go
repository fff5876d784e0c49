package when

import (
	"encoding/json"
	"testing"
	"time"
)

func TestDueResolvesCivilTimes(t *testing.T) {
	tests := []struct {
		name, zone, date, clock, want string
	}{
		{"plain", "Europe/Berlin", "2026-03-27", "17:00", "2026-03-27T16:00Z"},
		{"berlin gap", "Europe/Berlin", "2026-03-29", "02:30", "2026-03-29T01:30Z"},
		{"berlin gap start", "Europe/Berlin", "2026-03-29", "02:00", "2026-03-29T01:00Z"},
		{"berlin after the gap", "Europe/Berlin", "2026-03-29", "03:00", "2026-03-29T01:00Z"},
		{"berlin twice, first", "Europe/Berlin", "2026-10-25", "02:30", "2026-10-25T00:30Z"},
		{"berlin after both", "Europe/Berlin", "2026-10-25", "03:00", "2026-10-25T02:00Z"},
		{"new york gap", "America/New_York", "2026-03-08", "02:30", "2026-03-08T07:30Z"},
		{"new york twice, first", "America/New_York", "2026-11-01", "01:30", "2026-11-01T05:30Z"},
		{"lord howe gap of half an hour", "Australia/Lord_Howe", "2026-10-04", "02:15", "2026-10-03T15:45Z"},
		{"lord howe twice, first", "Australia/Lord_Howe", "2026-04-05", "01:45", "2026-04-04T14:45Z"},
		{"santiago gap at midnight", "America/Santiago", "2026-09-06", "00:30", "2026-09-06T04:30Z"},
		{"santiago twice, first", "America/Santiago", "2026-04-04", "23:30", "2026-04-05T02:30Z"},
		{"apia skipped a day", "Pacific/Apia", "2011-12-30", "12:00", "2011-12-30T22:00Z"},
		{"apia the day before", "Pacific/Apia", "2011-12-29", "23:00", "2011-12-30T09:00Z"},
		{"apia the day after", "Pacific/Apia", "2011-12-31", "00:00", "2011-12-30T10:00Z"},
		{"no such zone", "Mars/Base", "2026-03-27", "17:00", "2026-03-27T17:00Z"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			date, err := ParseDate(tt.date)
			if err != nil {
				t.Fatal(err)
			}
			clock, err := ParseClock(tt.clock)
			if err != nil {
				t.Fatal(err)
			}
			due := Due{Date: date, Time: clock, Zone: tt.zone}
			if got := due.UTC().Format("2006-01-02T15:04Z"); got != tt.want {
				t.Errorf("%s %s in %s = %s, want %s", tt.date, tt.clock, tt.zone, got, tt.want)
			}
		})
	}
}

// TestResolveAgreesWithTheZone walks through every quarter of an hour around clock changes: where a civil time exists, the
// instant must show it, and instants never run backwards.
func TestResolveAgreesWithTheZone(t *testing.T) {
	for _, zone := range []string{"Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/Santiago", "Pacific/Apia", "Asia/Tokyo", "Europe/Lisbon"} {
		loc, err := time.LoadLocation(zone)
		if err != nil {
			t.Fatal(err)
		}
		for _, year := range []int{2011, 2026} {
			var last time.Time
			missing := 0
			for at := time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC); at.Year() == year; at = at.Add(15 * time.Minute) {
				got := resolve(DateOf(at), clockOf(at), loc)
				if DateOf(got) != DateOf(at) || clockOf(got) != clockOf(at) {
					missing++
					continue
				}
				if got.Before(last) {
					t.Fatalf("%s: %s resolves to %s, before %s", zone, at, got, last)
				}
				last = got
			}
			if missing > 4*24+4 {
				t.Errorf("%s %d: %d quarters of an hour do not exist", zone, year, missing)
			}
		}
	}
}

func TestDueIsStoredAsCivilTime(t *testing.T) {
	due := Due{Date: Date{2026, time.March, 27}, Time: Clock{17, 0}, Zone: "Europe/Berlin"}
	stored, err := json.Marshal(due)
	if err != nil {
		t.Fatal(err)
	}
	want := `{"date":"2026-03-27","time":"17:00","zone":"Europe/Berlin","explicit_time":false}`
	if string(stored) != want {
		t.Errorf("stored as %s, want %s", stored, want)
	}
	var back Due
	if err := json.Unmarshal(stored, &back); err != nil || back != due {
		t.Errorf("read back as %+v, %v", back, err)
	}
}

func TestDateArithmetic(t *testing.T) {
	january := Date{2026, time.January, 31}
	if got := january.AddMonths(1); got != (Date{2026, time.February, 28}) {
		t.Errorf("a month after 31 January is %s", got)
	}
	if got := january.AddMonths(13); got != (Date{2027, time.February, 28}) {
		t.Errorf("13 months after 31 January is %s", got)
	}
	if got := january.AddDays(-31); got != (Date{2025, time.December, 31}) {
		t.Errorf("31 days before 31 January is %s", got)
	}
	if (Date{2026, time.February, 29}).Valid() || !(Date{2028, time.February, 29}).Valid() || (Date{}).Valid() {
		t.Error("leap days are not told apart")
	}
}
