package bot

import (
	"testing"
	"time"

	_ "time/tzdata"
)

func hoursIn(t *testing.T, zone string, p Preferences) Hours {
	t.Helper()
	if _, err := time.LoadLocation(zone); err != nil {
		t.Fatal(err)
	}
	return HoursOf(Member{ID: "U1", Zone: zone}, p, "UTC")
}

func day(year int, month time.Month, d int) Date { return Date{Year: year, Month: month, Day: d} }

func instant(t *testing.T, s string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func TestNextOpen(t *testing.T) {
	nights := StandardWeek()
	nights[time.Saturday] = Span{From: 20 * 60, To: 24 * 60}
	tests := []struct {
		name, zone string
		p          Preferences
		at, want   string
	}{
		{"inside the hours it is at once", "Europe/Berlin", Preferences{}, "2026-03-25T10:17:00+01:00", "2026-03-25T10:17:00+01:00"},
		{"before work it is nine", "Europe/Berlin", Preferences{}, "2026-03-25T03:00:00+01:00", "2026-03-25T09:00:00+01:00"},
		{"the end of the day is outside", "Europe/Berlin", Preferences{}, "2026-03-25T17:30:00+01:00", "2026-03-26T09:00:00+01:00"},
		{"Friday evening waits for Monday, after the clocks changed", "Europe/Berlin", Preferences{}, "2026-03-27T18:00:00+01:00", "2026-03-30T09:00:00+02:00"},
		{"one's own zone wins over Slack's", "Europe/Berlin", Preferences{Zone: "America/New_York"}, "2026-03-25T10:00:00+01:00", "2026-03-25T09:00:00-04:00"},
		{"a holiday is free", "Europe/Berlin", Preferences{Holidays: "DE"}, "2026-05-01T10:00:00+02:00", "2026-05-04T09:00:00+02:00"},
		{"a pause lasts until its day", "Europe/Berlin", Preferences{PausedTill: day(2026, 4, 1)}, "2026-03-25T10:00:00+01:00", "2026-04-01T09:00:00+02:00"},
		{"hours until midnight", "Europe/Berlin", Preferences{Hours: &nights}, "2026-03-28T23:30:00+01:00", "2026-03-28T23:30:00+01:00"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, ok := hoursIn(t, tt.zone, tt.p).NextOpen(instant(t, tt.at))
			if want := instant(t, tt.want); !ok || !got.Equal(want) {
				t.Errorf("got %v, %v; want %v", got, ok, want)
			}
		})
	}
	if _, ok := hoursIn(t, "UTC", Preferences{Hours: &Week{}}).NextOpen(instant(t, "2026-03-25T10:00:00Z")); ok {
		t.Error("somebody without working hours is open")
	}
}

func TestCommonOpen(t *testing.T) {
	berlin, newYork, auckland := hoursIn(t, "Europe/Berlin", Preferences{}), hoursIn(t, "America/New_York", Preferences{}), hoursIn(t, "Pacific/Auckland", Preferences{})
	at := instant(t, "2026-03-30T09:00:00+02:00")
	if got, ok := CommonOpen(at, 24*time.Hour, berlin, newYork); !ok || !got.Equal(instant(t, "2026-03-30T09:00:00-04:00")) {
		t.Errorf("Berlin and New York share %v, %v; want New York's nine o'clock", got, ok)
	}
	if got, ok := CommonOpen(at, 24*time.Hour, berlin, auckland); ok {
		t.Errorf("Berlin and Auckland share %v; they have no common hour", got)
	}
}

func TestWorkdays(t *testing.T) {
	h := hoursIn(t, "Europe/Berlin", Preferences{Holidays: "DE"})
	tests := []struct {
		from Date
		n    int
		want Date
	}{
		{day(2026, 3, 27), 1, day(2026, 3, 30)},
		{day(2026, 3, 30), -1, day(2026, 3, 27)},
		{day(2026, 3, 28), 1, day(2026, 3, 30)},
		{day(2026, 4, 2), 1, day(2026, 4, 7)}, // Good Friday and Easter Monday lie between
		{day(2026, 3, 25), 0, day(2026, 3, 25)},
	}
	for _, tt := range tests {
		if got := h.Workdays(tt.from, tt.n); got != tt.want {
			t.Errorf("%d working days from %v: %v, want %v", tt.n, tt.from, got, tt.want)
		}
	}
}

func TestHolidayCalendarsKnowNewYear(t *testing.T) {
	for _, country := range HolidayCalendars() {
		if !IsHoliday(country, day(2026, 1, 1)) {
			t.Errorf("%s works on New Year's Day", country)
		}
		if IsHoliday(country, day(2026, 2, 3)) {
			t.Errorf("%s does not work on an ordinary Tuesday", country)
		}
	}
	if IsHoliday("XX", day(2026, 1, 1)) {
		t.Error("an unknown country has holidays")
	}
}
