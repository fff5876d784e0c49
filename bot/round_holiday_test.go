package bot

import (
	"testing"
	"time"
)

// A round that falls on a holiday begins on the next working day at its program's time, also where a weekend lies between two holidays.
func TestARoundBeginsAfterHolidays(t *testing.T) {
	for _, tt := range []struct{ name, zone, holidays, at, want string }{
		{"an ordinary day", "Europe/Berlin", "DE", "2026-04-10T09:00:00+02:00", "2026-04-10T09:00:00+02:00"},
		{"Good Friday, a weekend and Easter Monday", "Europe/Berlin", "DE", "2026-04-03T09:00:00+02:00", "2026-04-07T09:00:00+02:00"},
		{"the same days where they are none", "Europe/Berlin", "", "2026-04-03T09:00:00+02:00", "2026-04-03T09:00:00+02:00"},
		{"Christmas Day, a weekend and the day in place of Boxing Day", "America/New_York", "GB", "2026-12-25T09:00:00-05:00", "2026-12-29T09:00:00-05:00"},
		{"a holiday before a weekend", "Europe/Berlin", "DE", "2026-05-01T09:00:00+02:00", "2026-05-04T09:00:00+02:00"},
		{"two holidays in a row", "Europe/Berlin", "DE", "2025-12-25T09:00:00+01:00", "2025-12-29T09:00:00+01:00"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := NewProgram("C1", "a", tt.zone)
			p.Holidays = tt.holidays
			if got := p.Begins(instant(t, tt.at)); !got.Equal(instant(t, tt.want)) {
				t.Errorf("begins %s, want %s", got.In(p.location()).Format(time.RFC3339), tt.want)
			}
		})
	}
}
