package pairing

import (
	"fmt"
	"time"
)

// Preference says how strongly a program wants something of every pair. The zero value is Prefer.
type Preference uint8

// Prefer gives way when a person would otherwise be left out, Require never does, Ignore does not look.
const (
	Prefer Preference = iota
	Require
	Ignore
)

// Affinity says whether a pair should be alike or unlike in an attribute. It only ever breaks near ties
// (level 6 of the objective). The zero value is Indifferent.
type Affinity uint8

// Indifferent does not look, Alike prefers equal values, Apart prefers different ones.
const (
	Indifferent Affinity = iota
	Alike
	Apart
)

const (
	// DefaultWindow is the number of past rounds within which meeting again counts as a repeat.
	DefaultWindow = 26
	// DefaultMinOverlap is the shared working time that a pair needs: long enough for a 25-minute chat.
	DefaultMinOverlap = 30 * time.Minute
	// DefaultDays is the length of a round in calendar days.
	DefaultDays = 7
)

// Rules are what a program asks of its rounds.
type Rules struct {
	// Size is the wished group size: 2, 3 or 4. Zero means 2.
	Size int
	// Trios lets one group of three form at Size 2 when that leaves one person fewer out.
	// False means that somebody sits out instead, in turn, if no leader has a seat for them. It has no effect at other
	// sizes, nor in a mentor match, whose groups are pairs.
	Trios bool
	// Department wants different departments within a group.
	Department Preference
	// Overlap wants MinOverlap of common working time within the round.
	Overlap Preference
	// MinOverlap is the shortest stretch that satisfies Overlap. Zero means DefaultMinOverlap.
	MinOverlap time.Duration
	// Language wants a common language.
	Language Preference
	// ExcludeManager keeps a manager and their direct report out of the same group.
	ExcludeManager bool
	// Window is the number of past rounds within which meeting again is a repeat. Zero means DefaultWindow.
	Window int
	// Office, Level and Tenure break near ties. Tenure compares Joined: a year or more apart is different.
	Office, Level, Tenure Affinity
	// Blocks are the pairs of IDs that must never share a group, in either order. They are secret:
	// no reason or relaxation tells of them. IDs of people who are not in the round are ignored.
	Blocks [][2]string
}

// normalised returns the rules with zero values replaced by their meaning, or an error naming the bad one.
func (r Rules) normalised() (Rules, error) {
	if r.Size == 0 {
		r.Size = 2
	}
	if r.MinOverlap == 0 {
		r.MinOverlap = DefaultMinOverlap
	}
	if r.Window == 0 {
		r.Window = DefaultWindow
	}
	switch {
	case r.Size < 2 || r.Size > 4:
		return r, fmt.Errorf("read rules: group size %d is not 2, 3 or 4", r.Size)
	case r.MinOverlap < 0:
		return r, fmt.Errorf("read rules: minimal overlap %s is negative", r.MinOverlap)
	case r.Window < 0:
		return r, fmt.Errorf("read rules: history window %d is negative", r.Window)
	case max(r.Department, r.Overlap, r.Language) > Ignore:
		return r, fmt.Errorf("read rules: unknown preference %d", max(r.Department, r.Overlap, r.Language))
	case max(r.Office, r.Level, r.Tenure) > Apart:
		return r, fmt.Errorf("read rules: unknown affinity %d", max(r.Office, r.Level, r.Tenure))
	}
	return r, nil
}
