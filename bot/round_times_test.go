package bot

import (
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
