package pairing

import (
	"time"
)

// Member is one person of a program as a round sees them. Only ID is required.
type Member struct {
	// ID names the member, unique within an Input.
	ID string
	// Department is compared without regard to case; empty means unknown, which is neutral:
	// it neither satisfies nor breaks a department rule.
	Department string
	// Zone is the member's IANA zone; nil means unknown, which is neutral for overlapping hours.
	Zone *time.Location
	// Hours are the working hours in Zone; the zero Week means Monday to Friday, 09:00 to 17:00.
	Hours Week
	// Manager is the ID of the member's manager, empty if unknown or none.
	Manager string
	// SatOut is how many rounds the member was left out of so far.
	SatOut int
	// LastSatOut is the number of the last round the member was left out of, 0 for never.
	LastSatOut int
	// Joined is when the member joined; who joined later comes first among equals. Zero means long ago.
	Joined time.Time
	// Offers and Asks are topics, compared without regard to case and order.
	Offers, Asks []string
	// Office and Level are free words; empty means unknown.
	Office, Level string
	// Languages are the languages the member speaks; empty means unknown.
	Languages []string
	// Role is the member's side in a mentor match; empty in every other round. Where one member has a role, all
	// available ones have.
	Role Role
	// Seats is, of a mentor, how many mentees the round may give them: their capacity less the mentees they have; who has
	// no free seat Skips. Of a leader it is how many colleagues may sit at their table, 1 to 3. Zero means 1.
	Seats int
	// Leader says that the member offers leader seats.
	Leader bool
	// Stretch says that the member wants to meet people as unlike themselves as possible.
	Stretch bool
	// Bot, Deactivated, OptedOut, Paused and Skips each keep the member out of the round.
	Bot, Deactivated, OptedOut, Paused, Skips bool
}

// Role is a side of a mentor match.
type Role string

// The sides: a mentor meets mentees alone, and the other way round.
const (
	Mentor Role = "mentor"
	Mentee Role = "mentee"
)

// seats returns Seats with zero replaced by its meaning.
func (m *Member) seats() int { return max(1, m.Seats) }

// available reports whether the member takes part in this round at all.
func (m *Member) available() bool {
	return !m.Bot && !m.Deactivated && !m.OptedOut && !m.Paused && !m.Skips
}

// Week holds one span of working hours per weekday, indexed by time.Weekday (Sunday is 0).
type Week [7]Span

// Span is a stretch of wall-clock time within a day, as durations since local midnight.
// The zero Span means no work on that day. End may pass 24 hours for a night shift.
type Span struct {
	Start, End time.Duration
}

// OfficeWeek returns Monday to Friday with the same hours every day.
func OfficeWeek(start, end time.Duration) Week {
	var w Week
	for day := time.Monday; day <= time.Friday; day++ {
		w[day] = Span{Start: start, End: end}
	}
	return w
}

// orDefault returns the week itself, or the default week if it holds no hours.
func (w Week) orDefault() Week {
	if w == (Week{}) {
		return OfficeWeek(9*time.Hour, 17*time.Hour)
	}
	return w
}
