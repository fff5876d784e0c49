package bot

import (
	"context"
	"fmt"
	"time"

	"rapport/bot/pairing"
)

// Program is one recurring round of introductions, bound to a channel.
type Program struct {
	ID         string       `json:"id"`
	Version    int          `json:"version"`
	Form       ProgramForm  `json:"form,omitempty"`
	Name       string       `json:"name"`
	Purpose    string       `json:"purpose,omitempty"` // one sentence, shown in introductions
	Words      string       `json:"words,omitempty"`   // what the invitation says above its facts; empty: the standard words
	Channel    string       `json:"channel"`
	Closed     bool         `json:"closed,omitempty"` // the channel is private: the program is invisible outside it
	Owner      string       `json:"owner"`
	Before     string       `json:"before,omitempty"` // who handed it over to the owner, to whom it can be handed back
	Orphan     string       `json:"orphan,omitempty"` // the owner who left the company, once those who can take it over were told
	Editors    []string     `json:"editors,omitempty"`
	Weekday    time.Weekday `json:"weekday"`
	Minute     int          `json:"minute"` // of the day, local
	Zone       string       `json:"zone"`
	Weeks      int          `json:"weeks"` // cadence: every 1 to 12 weeks
	Size       int          `json:"size"`  // 2 to 4
	Trios      bool         `json:"trios"` // an odd pool makes one trio; else somebody sits out, in turn
	Department Strictness   `json:"department"`
	Overlap    Strictness   `json:"overlap,omitempty"`  // of working hours; empty: Prefer
	Window     int          `json:"window"`             // rounds within which nobody should meet the same person again
	Managers   bool         `json:"managers,omitempty"` // pairs of manager and report are allowed
	Guests     bool         `json:"guests,omitempty"`
	AutoJoin   bool         `json:"auto_join,omitempty"` // who joins the channel themselves is in, and is told so at once
	Theme      string       `json:"theme,omitempty"`     // what the questions are about, a theme of the library; empty: anything
	Holidays   string       `json:"holidays,omitempty"`  // country calendar on whose holidays no round begins; empty: none
	Paused     bool         `json:"paused,omitempty"`
	Created    time.Time    `json:"created"`
	Anchor     Date         `json:"anchor"` // a day on which a round is due; none is due before it

	Names int `json:"-"` // the state of all names that this one's was found free in, where it is new: [ProgramScene.Names]; else 0
}

// ProgramForm is what a program does with its people.
type ProgramForm string

// The forms.
const (
	CoffeeForm ProgramForm = ""       // rounds of introductions
	MentorForm ProgramForm = "mentor" // lasting pairs of a mentor and a mentee, who both have to accept
)

// Strictness is how much a rule matters.
type Strictness string

// The degrees of strictness.
const (
	Ignore  Strictness = "ignore"
	Prefer  Strictness = "prefer"
	Require Strictness = "require"
)

// Seat is one member's part in a program.
type Seat struct {
	Program    string               `json:"program"`
	Member     string               `json:"member"`
	Version    int                  `json:"version"`
	Joined     time.Time            `json:"joined"`
	Left       time.Time            `json:"left,omitzero"`
	Every      int                  `json:"every,omitempty"`      // takes part in every so many rounds, 1 to 4; 0 and 1: in each
	EveryFrom  int                  `json:"every_from,omitempty"` // the number of the round that Every counts from, which is theirs
	Stretch    bool                 `json:"stretch,omitempty"`    // wants to meet people as unlike themselves as possible
	Leader     int                  `json:"leader,omitempty"`     // seats at a leader's table, 1 to 3; 0: not as a leader
	Role       pairing.Role         `json:"role,omitempty"`       // in a mentor program
	Capacity   int                  `json:"capacity,omitempty"`   // of a mentor: how many mentees at a time
	SkipRound  int                  `json:"skip_round,omitempty"` // the number of the round that is skipped
	PausedTill Date                 `json:"paused_till,omitzero"`
	SatOut     int                  `json:"sat_out,omitempty"`      // rounds in which nobody was found
	LastSatOut int                  `json:"last_sat_out,omitempty"` // the last such round; 0 for none
	Matched    int                  `json:"matched,omitempty"`      // the last round in which they were in a group
	Group      string               `json:"group,omitempty"`        // the key of that group
	Silent     bool                 `json:"silent,omitempty"`       // no tap came since they were last matched
	Asked      int                  `json:"asked,omitempty"`        // the round that went ahead without them, silent; they were asked "still in?"
	Shown      map[string]time.Time `json:"shown,omitempty"`        // when which prompt was shown, by prompt id, for a year
}

// In reports whether the member takes part at all.
func (s Seat) In() bool { return !s.Joined.IsZero() && s.Left.IsZero() }

// Round is one run of a program: frozen participants, seed, plan. A round may have tens of thousands of groups, which are kept apart: only where the whole round
// was read, Groups and LeftOut are there.
type Round struct {
	ID      string               `json:"id"` // program id, slash, number
	Program string               `json:"program"`
	Number  int                  `json:"number"` // from 1
	At      time.Time            `json:"at"`     // the scheduled instant
	End     time.Time            `json:"end"`    // when "did you meet?" is asked
	Seed    uint64               `json:"seed"`
	Hash    string               `json:"hash"` // of the engine's input
	Relaxed []pairing.Relaxation `json:"relaxed,omitempty"`

	GroupCount int `json:"group_count,omitempty"`
	People     int `json:"people,omitempty"` // in groups
	Across     int `json:"across,omitempty"` // groups with people of different departments

	Groups  []Group  `json:"groups,omitempty"`
	LeftOut []string `json:"left_out,omitempty"`

	Planned  bool `json:"-"` // all its messages are in the ledger
	Intros   int  `json:"-"` // introductions in the ledger so far
	Met      int  `json:"-"` // groups of which somebody said that they met
	Answered int  `json:"-"` // members who said whether they met

	Worth WorthSums `json:"-"` // what members said of whether it was worth their time
}

// Group is a few people of a round who are introduced to each other.
type Group struct {
	Key      string           `json:"key"` // short hash of the members, stable within the round
	Version  int              `json:"-"`
	Members  []string         `json:"members"`
	Reasons  []pairing.Reason `json:"reasons,omitempty"`
	Question string           `json:"question"`        // prompt id
	First    string           `json:"first"`           // who takes the first step
	Found    Time             `json:"found,omitempty"` // have they found a time
	Met      map[string]Met   `json:"met,omitempty"`   // answers by member
	Worth    map[string]Worth `json:"worth,omitempty"` // whether it was worth their time, by member; only of who met, and only if they said so
}

// Time says whether a group has found a time.
type Time string

// What a group said midway.
const (
	TimeUnknown   Time = ""
	TimeScheduled Time = "scheduled"
	TimeNotYet    Time = "not_yet"
	TimeCannot    Time = "cannot"
)

// Met is one member's answer to "did you meet?".
type Met string

// The answers.
const (
	MetYes   Met = "met"
	MetLater Met = "later"
	MetNo    Met = "no"
)

// Meeting is one pair of the history of a program.
type Meeting struct {
	A, B  string
	Round int
	Met   *bool // nil: not said
}

// ProgramStore keeps programs and the seats in them.
type ProgramStore interface {
	// SaveProgram stores p (numbering it if its id is empty) with its entry and intents in one step; [ErrConflict] if the stored version differs, or p.Names says that
	// its name is new and some program got one meanwhile;
	// [ErrRepeated] with the earlier program when the token came before. "{id}" in the entry and intents stands for the program's id.
	SaveProgram(ctx context.Context, token Token, p Program, entry Entry, intents Intents) (Program, error)
	Program(ctx context.Context, id string) (Program, error)
	Programs(ctx context.Context) ([]Program, error)
	// ProgramScene reads what a member meets of programs in a conversation; channel may be empty.
	ProgramScene(ctx context.Context, channel, member string) (ProgramScene, error)
	// RecentRounds reads the latest rounds of a program without their groups, at most so many, the newest first.
	RecentRounds(ctx context.Context, program string, most int) ([]Round, error)
}

// ProgramScene is what a member meets of programs, read in one round trip.
type ProgramScene struct {
	Scene                   // the member and the conversation
	Programs []Program      // all, the oldest first
	Seats    []Seat         // the member's, by program, those that they left included
	Latest   map[string]int // the number of each program's latest round; missing before the first
	Names    int            // counts from 1 how often any program got a name; 0 where that was not read
}

// program finds a program, whoever asks.
func (s ProgramScene) program(id string) (Program, error) {
	for _, p := range s.Programs {
		if p.ID == id {
			return p, nil
		}
	}
	return Program{}, &Fault{Code: FaultNotFound}
}

// seat finds the member's seat in a program; the zero seat with both ids set if there is none.
func (s ProgramScene) seat(program, member string) Seat {
	for _, seat := range s.Seats {
		if seat.Program == program {
			return seat
		}
	}
	return Seat{Program: program, Member: member}
}

// mine is a seat's part in its program, without the group. Of the latest round it has the number alone.
func (s ProgramScene) mine(now time.Time, seat Seat) (Mine, error) {
	p, err := s.program(seat.Program)
	if err != nil {
		return Mine{}, err
	}
	m := Mine{Program: p, Seat: seat, Next: NextRound(p, now)}
	if n := s.Latest[p.ID]; n > 0 {
		m.Round = Round{ID: fmt.Sprintf("%s/%d", p.ID, n), Program: p.ID, Number: n}
	}
	return m, nil
}

// SeatStore keeps who takes part.
type SeatStore interface {
	// SaveSeat stores s if the stored version is still s.Version.
	SaveSeat(ctx context.Context, token Token, s Seat, intents Intents) error
	Seats(ctx context.Context, program string) ([]Seat, error)
	// SeatsOf finds the seats of some members; those who never had one are missing.
	SeatsOf(ctx context.Context, program string, members ...string) (map[string]Seat, error)
	MemberSeats(ctx context.Context, member string) ([]Seat, error)
}

// GroupKey is where a group is kept.
type GroupKey struct {
	Round string // its id
	Group string // the group's key in it
}

// RoundGroup is a group, and its round without the others.
type RoundGroup struct {
	Round Round
	Group Group
}

// RoundStore keeps rounds and the history of who met whom.
type RoundStore interface {
	RoundPlanner
	// Round reads a round with all its groups; [ErrNotFound] for an unknown id.
	Round(ctx context.Context, id string) (Round, error)
	// CurrentRound reads a program's latest round without its groups; [ErrNotFound] before the first one.
	CurrentRound(ctx context.Context, program string) (Round, error)
	// RoundGroup reads one group of a round, and the round without the others; without a key only the round. [ErrNotFound] for an unknown id or key.
	RoundGroup(ctx context.Context, id, key string) (Round, Group, error)
	// RoundGroups reads groups of any rounds, each with its round without the others, in one round trip. What is not there is missing.
	RoundGroups(ctx context.Context, keys ...GroupKey) (map[GroupKey]RoundGroup, error)
	// ReplaceGroup stores g in place of was, if that still stands, else [ErrConflict]; the meetings given replace those of the same pair and round. [ErrRepeated] when
	// the token came before.
	ReplaceGroup(ctx context.Context, token Token, round string, was, g Group, meetings []Meeting) error
	// History returns the meetings of a program since a round.
	History(ctx context.Context, program string, since int) ([]Meeting, error)
	// SendsBySID finds sends by their sids; those that never were are missing.
	SendsBySID(ctx context.Context, sids ...string) (map[string]Send, error)
	// RoundProgress counts how far the introductions of a round are; of more than atMost it asks for an even share. Groups is left zero.
	RoundProgress(ctx context.Context, id string, atMost int) (RoundProgress, error)
}
