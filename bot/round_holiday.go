package bot

import (
	"fmt"
	"time"
)

// PostponedError says that what is due now is to be planned later.
type PostponedError struct {
	Until time.Time
}

func (e *PostponedError) Error() string {
	return fmt.Sprintf("postponed until %s", e.Until.Format(time.RFC3339))
}

// Begins is when the round that is scheduled for an instant begins: at the same time of the next working day where that one is a holiday of the program's.
func (p Program) Begins(at time.Time) time.Time {
	h := Hours{Zone: p.location(), Week: StandardWeek(), Holidays: p.Holidays}
	day := h.Today(at)
	if !IsHoliday(p.Holidays, day) {
		return at
	}
	return h.At(h.NextWorkday(day), p.Minute)
}
