package bot

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"rapport/bot/pairing"
)

// Mentorship is a mentor and a mentee of a program, from the first proposal on. There is one of each two for good: whom one of them declined, or whose time
// with each other ended, is not proposed to them again. It does not say who declined or ended it.
type Mentorship struct {
	ID       string          `json:"id"` // program id, mentor and mentee; see [MentorshipID]
	Version  int             `json:"version"`
	Program  string          `json:"program"`
	Mentor   string          `json:"mentor"`
	Mentee   string          `json:"mentee"`
	State    MentorshipState `json:"state"`
	Try      int             `json:"try"`                // how often the two were proposed to each other; a proposal that lapsed may come again
	Accepted []string        `json:"accepted,omitempty"` // of a proposal: who said yes so far
	Proposed time.Time       `json:"proposed"`
	Lapses   time.Time       `json:"lapses,omitzero"`  // when a proposal lapses that was not accepted by both
	Started  time.Time       `json:"started,omitzero"` // when both had accepted
	Closed   time.Time       `json:"closed,omitzero"`  // when it was declined, lapsed or ended
	Weeks    int             `json:"weeks,omitempty"`  // how often the two meet: every so many weeks
	Month    int             `json:"month,omitempty"`  // months of which the theme was due, the first being 0
	Theme    string          `json:"theme,omitempty"`  // prompt id of the month's
	Themes   []string        `json:"themes,omitempty"` // prompt ids of all that the two were given; none comes again
	NextAt   time.Time       `json:"next_at,omitzero"` // when the next month's theme is due
	Quiet    bool            `json:"quiet,omitempty"`  // the two want no themes
}

// MentorshipState is where a mentorship stands.
type MentorshipState string

// The states of a mentorship.
const (
	MentorProposed MentorshipState = "proposed" // both were asked
	MentorActive   MentorshipState = "active"   // both accepted
	MentorEnded    MentorshipState = "ended"    // one of them said that they are done, or left
	MentorDeclined MentorshipState = "declined" // one of them said "not this time"
	MentorLapsed   MentorshipState = "lapsed"   // somebody did not answer in time
)

// Rules of mentor programs.
const (
	MentorCapacityLimit = 5                   // mentees of one mentor at a time
	mentorLapseDays     = 7                   // working days after which an unanswered proposal lapses
	mentorRemindDays    = 4                   // working days after which who has not answered is reminded, once
	mentorWeeks         = 2                   // how often two meet unless they say otherwise
	themeEvery          = 28 * 24 * time.Hour // between two themes
	firstTheme          = "mentor-first-month"
)

// MentorCadences are the rhythms that two people can choose, in weeks.
func MentorCadences() []int { return []int{1, 2, 4} }

// MentorshipID names the mentorship of a mentor and a mentee. Member and program ids hold no hyphen.
func MentorshipID(program, mentor, mentee string) string {
	return strings.Join([]string{program, mentor, mentee}, "-")
}

// SplitMentorshipID takes an id apart; ok is false for what is none.
func SplitMentorshipID(id string) (program, mentor, mentee string, ok bool) {
	parts := strings.Split(id, "-")
	if len(parts) != 3 || slices.Contains(parts, "") || strings.ContainsAny(id, " :{}") {
		return "", "", "", false
	}
	return parts[0], parts[1], parts[2], true
}

// Members are the two, the mentor first.
func (m Mentorship) Members() []string { return []string{m.Mentor, m.Mentee} }

// Other is the one of the two that a member is not.
func (m Mentorship) Other(member string) string {
	if member == m.Mentor {
		return m.Mentee
	}
	return m.Mentor
}

// Of reports whether a member is one of the two.
func (m Mentorship) Of(member string) bool {
	return member != "" && (member == m.Mentor || member == m.Mentee)
}

// Open reports whether it takes up a place of the mentor's and the mentee's: it is proposed or active.
func (m Mentorship) Open() bool { return m.State == MentorProposed || m.State == MentorActive }

// AcceptedBy reports whether a member said yes to the proposal that stands.
func (m Mentorship) AcceptedBy(member string) bool { return slices.Contains(m.Accepted, member) }

// sid names a message about this try.
func (m Mentorship) sid(parts ...string) string {
	return fmt.Sprintf("mentor/%s/%d/%s", m.ID, m.Try, strings.Join(parts, "/"))
}

// send is a message about this try; what says which.
func (m Mentorship) send(kind Kind, what string, due time.Time, members ...string) Send {
	name := what
	if len(members) == 1 {
		name += "/" + members[0]
	}
	return Send{SID: m.sid(name), Kind: kind, Ref: fmt.Sprintf("%s %d %s", m.ID, m.Try, what), Members: members, Due: due}
}

// plan is a run that does something about this try when it is due; name tells equal ones apart.
func (m Mentorship) plan(what, name string, due time.Time) Send {
	return Send{
		SID: m.sid("plan", what, name), Kind: KindPlan, Due: due,
		Ref: fmt.Sprintf("mentor/%s/%d/%s %s", m.ID, m.Try, what, due.UTC().Format(time.RFC3339)),
	}
}

// MentorScene is a mentorship with what is around it, read in one round trip. Of a pair that never was one, Mentorship has version 0 and the ids alone.
type MentorScene struct {
	Scene      // the two, without a channel
	Mentorship Mentorship
	Program    Program
	Seats      map[string]Seat // of the two in the program
}

// there reports whether somebody is in the program and in the company.
func (s MentorScene) there(member string) bool {
	return s.Seats[member].In() && s.Members[member].Person()
}

// MentorshipStore keeps who mentors whom.
type MentorshipStore interface {
	// MentorScene reads a mentorship, its program, its two people and their seats; [ErrNotFound] for what is no id, or if there is no such program.
	MentorScene(ctx context.Context, id string) (MentorScene, error)
	// SaveMentorship stores m if the stored version is still m.Version, with seats under the same condition, and the intents, in one step; else [ErrConflict].
	// [ErrRepeated] when the token came before.
	SaveMentorship(ctx context.Context, token Token, m Mentorship, seats []Seat, intents Intents) error
	// Mentorships lists those of a program, in any state, by id.
	Mentorships(ctx context.Context, program string) ([]Mentorship, error)
	// MemberMentorships lists those that a member is one of the two of, in any state, by id.
	MemberMentorships(ctx context.Context, member string) ([]Mentorship, error)
}

// What can be wrong with what somebody asks of a mentor program.
const (
	MentorRoleUnset    FaultCode = "mentor_role"      // neither mentor nor mentee was chosen
	MentorCapacity     FaultCode = "mentor_capacity"  // fewer than one mentee, or more than [MentorCapacityLimit]
	MentorNoMatch      FaultCode = "mentor_no_match"  // the proposal does not stand any more: declined, lapsed and withdrawn read the same
	MentorAlreadyEnded FaultCode = "mentor_ended"     // the mentorship is over
	MentorNoTheme      FaultCode = "mentor_no_themes" // the two have seen all themes
)

// isRole reports whether a role is one of a mentor program.
func isRole(r pairing.Role) bool { return r == pairing.Mentor || r == pairing.Mentee }
