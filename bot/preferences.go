package bot

import (
	"context"
	"time"
)

// Preferences are what a person set for themselves on the Home tab. The zero value is a person who set nothing.
type Preferences struct {
	Member     string               `json:"member"`
	Version    int                  `json:"version"`
	Zone       string               `json:"zone,omitempty"`     // IANA name; empty: Slack's
	Hours      *Week                `json:"hours,omitempty"`    // nil: [StandardWeek]
	Holidays   string               `json:"holidays,omitempty"` // code of a calendar, as [Calendars.Codes] has them, or [HolidaysNone]; empty: the workspace's standard
	PausedTill Date                 `json:"paused_till,omitzero"`
	Muted      []Kind               `json:"muted,omitempty"`      // kinds of message that do not come
	Practice   bool                 `json:"practice,omitempty"`   // one small practice a week, by DM
	Review     time.Weekday         `json:"review,omitempty"`     // the day of the weekly review of their promises, one of [ReviewDays]; zero: none
	KudosDM    string               `json:"kudos_dm,omitempty"`   // "" in public and by DM, "private": never in public, "none": no DM
	Help       []Help               `json:"help,omitempty"`       // which quiet help with thanking they asked for
	HelpLess   int                  `json:"help_less,omitempty"`  // how often they asked for less of it
	Helped     []HelpDay            `json:"helped,omitempty"`     // the days of the last two months that it was meant for, the latest last
	Profile    Profile              `json:"profile,omitzero"`     // what introductions say of them
	Department string               `json:"department,omitempty"` // the person's own; wins over the directory's
	Avoid      []string             `json:"avoid,omitempty"`      // with whom they are not introduced, and whose words do not reach them by message; nobody else ever learns of it, and stores seal it
	Notes      []RoundNote          `json:"notes,omitempty"`      // what they keep for themselves of coffees; nobody else ever reads it, and stores seal it
	Unreadable string               `json:"-"`                    // Avoid and Notes as they are sealed, where no key opens them; nobody is introduced to its owner, nor reaches them
	Welcomed   time.Time            `json:"welcomed,omitzero"`    // when the three first steps were shown
	Shown      map[string]time.Time `json:"shown,omitempty"`      // when which practice was shown, by prompt id, for a year
	Updated    time.Time            `json:"updated,omitzero"`
}

// Pause is the day before which nothing unasked comes, seen on a day of theirs; the zero value where there is no pause, or it is over.
func (p Preferences) Pause(today Date) Date {
	if !today.Before(p.PausedTill) {
		return Date{}
	}
	return p.PausedTill
}

// Profile is what a person wants to be known by. Everything is optional, shown in introductions, and written by that person alone.
type Profile struct {
	Help      string    `json:"help,omitempty"`      // "I help … do … by …"
	Offers    []string  `json:"offers,omitempty"`    // topics to ask them about
	Asks      []string  `json:"asks,omitempty"`      // topics that they would like to learn
	Support   string    `json:"support,omitempty"`   // how to support them
	Style     string    `json:"style,omitempty"`     // how they like to work
	Office    string    `json:"office,omitempty"`    // where they can be met
	Languages []string  `json:"languages,omitempty"` // in which they can talk
	Updated   time.Time `json:"updated,omitzero"`    // when they last saved or confirmed it
	Asked     time.Time `json:"asked,omitzero"`      // when they were last asked for it
}

// Week holds the working hours of each weekday, Sunday first as in [time.Weekday]; a day with From == To is free.
type Week [7]Span

// Span is a stretch of a day in minutes after local midnight, half open.
type Span struct {
	From int `json:"from"`
	To   int `json:"to"`
}

// StandardWeek is Monday to Friday, 9:00 to 17:30: the window of every unsolicited message.
func StandardWeek() Week {
	var w Week
	for d := time.Monday; d <= time.Friday; d++ {
		w[d] = Span{From: 9 * 60, To: 17*60 + 30}
	}
	return w
}

// PreferenceStore keeps preferences. SavePreferences compares p.Version with what is stored and answers [ErrConflict] if
// it differs; on success the stored version is one higher. The entries are stored in the same step.
type PreferenceStore interface {
	Preferences(ctx context.Context, members ...string) (map[string]Preferences, error)
	SavePreferences(ctx context.Context, token Token, p Preferences, entries []Entry, intents Intents) error
}
