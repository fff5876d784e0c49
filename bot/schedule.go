package bot

import (
	"time"

	"rapport/bot/when"
)

// Entry is a recurring occasion: a program's round, a channel's digest. The scheduler claims each run once, by name and civil time, and makes a
// [KindPlan] send of it whose Ref is the entry's name, a space and the run's scheduled instant in RFC 3339.
type Entry struct {
	Name   string        `json:"name"`            // "digest/C1", "round/3"
	Spec   string        `json:"spec"`            // cron, five fields, in Zone's wall clock
	Zone   string        `json:"zone"`            // IANA name
	Weeks  int           `json:"weeks,omitempty"` // every so many weeks; 0 and 1: every one
	Anchor Date          `json:"anchor,omitzero"` // a date in a week that counts, when Weeks > 1; also the earliest run
	Grace  time.Duration `json:"grace"`           // a run missed by more than this is skipped
	Missed Missed        `json:"missed,omitempty"`
	Off    bool          `json:"off,omitempty"` // kept, but does not run
}

// Missed says what becomes of runs that came while nobody was there.
type Missed string

// The policies for missed runs. Each run comes at most once under either.
const (
	MissedLatest Missed = ""     // the latest of them comes late, within the entry's grace; those before it do not come
	MissedSkip   Missed = "skip" // none of them comes; a few minutes late is not missed
)

// Date is a day of the civil calendar, without a zone.
type Date = when.Date
