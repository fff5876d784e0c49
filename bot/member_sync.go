package bot

import "time"

// DirectorySync says how far the copy of Slack's directory is. The zero value is one that was never made.
type DirectorySync struct {
	Began  time.Time `json:"began,omitzero"`   // of the sync under way; zero: none is
	Cursor string    `json:"cursor,omitempty"` // Slack's, of the page that is to be read next
	Listed time.Time `json:"listed,omitzero"`  // when the sync under way had read everybody; what is left are profiles
	Whole  time.Time `json:"whole,omitzero"`   // when the last sync ended that came to its end
	People int       `json:"people,omitempty"` // how many it found, bots and deactivated ones among them
	Fields string    `json:"fields,omitempty"` // the profile fields that were read
	Order  string    `json:"order,omitempty"`  // the order of sources that members were last put in
	Asked  time.Time `json:"-"`                // when an operator asked for a sync that has not begun; zero: none did
}

const (
	// syncHour is when everybody is read again, in the workspace's zone: most of it sleeps.
	syncHour = 3
	// syncRecent is how old a whole sync may be for a process that starts: what happened while none ran came as no event.
	syncRecent = time.Hour
)

// Due reports whether a sync is to begin or to be gone on with. starting says that a process has just come up, and may have missed events.
func (s DirectorySync) Due(now time.Time, zone *time.Location, starting bool) bool {
	switch {
	case !s.Began.IsZero(), !s.Asked.IsZero(), s.Whole.IsZero():
		return true
	case starting && now.Sub(s.Whole) >= syncRecent:
		return true
	}
	return s.Whole.Before(NextSync(now, zone).AddDate(0, 0, -1))
}

// NextSync is the next night's instant after now.
func NextSync(now time.Time, zone *time.Location) time.Time {
	local := now.In(zone)
	at := time.Date(local.Year(), local.Month(), local.Day(), syncHour, 0, 0, 0, zone)
	if !at.After(now) {
		at = time.Date(local.Year(), local.Month(), local.Day()+1, syncHour, 0, 0, 0, zone)
	}
	return at
}
