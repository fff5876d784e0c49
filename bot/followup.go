package bot

import (
	"context"
	"time"

	"rapport/bot/when"
)

// Commitment is one promise that a member owes, or was asked to make.
type Commitment struct {
	ID             int             `json:"id"` // counts up in the workspace: "#7"
	Version        int             `json:"version"`
	Revision       int             `json:"revision"` // rises with each new date, so that reminders of the old one lapse
	Owner          string          `json:"owner"`
	By             string          `json:"by"` // who wrote it; not the owner if it was proposed
	Counterparties []Counterparty  `json:"cp,omitempty"`
	Text           string          `json:"text"` // as typed, Slack's escaping kept; sealed at rest
	Due            *when.Due       `json:"due,omitempty"`
	Every          *when.Every     `json:"every,omitempty"`
	State          CommitmentState `json:"state"`
	Shared         bool            `json:"shared,omitempty"` // counterparties inside the workspace may see it
	About          string          `json:"about,omitempty"`  // permalink of the message that it follows up on
	Created        time.Time       `json:"created"`
	Closed         time.Time       `json:"closed,omitzero"`
	SnoozedTill    time.Time       `json:"snoozed_till,omitzero"`
	Moves          []Move          `json:"moves,omitempty"`
	Acted          time.Time       `json:"acted,omitzero"`     // when the owner last did something about it: reminders count from here
	Giving         string          `json:"giving,omitempty"`   // the member who was asked to take it over
	Offers         []Offer         `json:"offers,omitempty"`   // the latest time that its owner asked somebody to take it over; older ones may stand before it
	Occasion       int             `json:"occasion,omitempty"` // which of its times one that repeats stands at; the first is 0
	Before         *Undo           `json:"before,omitempty"`   // what undo restores
	Plan           *Plan           `json:"plan,omitempty"`     // when its owner means to do it
	Kept           time.Time       `json:"kept,omitzero"`      // when its owner last said that it stays as it is
	Asked          []Question      `json:"asked,omitempty"`    // who asked lately whether its date is still good, oldest first
	Said           []Word          `json:"said,omitempty"`     // what its owner lets others know, oldest first
	Freed          []Freed         `json:"freed,omitempty"`    // who does not need it any more, oldest first
	Left           []Leaving       `json:"left,omitempty"`     // who of its people left, and that the others were told of it
	Chosen         []Choice        `json:"chosen,omitempty"`   // what became of it for those whom its owner left
	Parts          []SplitPart     `json:"parts,omitempty"`    // of a text with several dates that was not split; sealed at rest
	From           int             `json:"from,omitempty"`     // the commitment that it was split from
	Presses        []string        `json:"presses,omitempty"`  // marks of the latest presses that changed it, oldest first
}

// Plan is when an owner means to do what they promised: an if-then plan. One of both is set, or both.
type Plan struct {
	Day      Date   `json:"day,omitzero"`       // in the owner's zone: it comes up in that day's bundle
	Cue      string `json:"cue,omitempty"`      // "after the stand-up", as typed, Slack's escaping kept; sealed at rest
	Occasion int    `json:"occasion,omitempty"` // of one that repeats: which of its times it is for
}

// Question is one time that a counterparty asked whether a commitment's date is still good.
type Question struct {
	By       string    `json:"by"`
	At       time.Time `json:"at"`
	Till     time.Time `json:"till"`               // when it is over, and when they can ask again
	Occasion int       `json:"occasion,omitempty"` // of one that repeats: which of its times they asked about
	Answered time.Time `json:"answered,omitzero"`  // when its owner said that it is on track; a later date answers it, too
}

// Word is something that an owner lets one counterparty know, in their own words: that it is done, or that its date has moved.
type Word struct {
	N        int       `json:"n"` // counts up in the commitment; what was said to several at once has one number
	To       string    `json:"to"`
	By       string    `json:"by,omitempty"`
	Text     string    `json:"text,omitempty"` // as typed, Slack's escaping kept; sealed at rest; empty once it was taken back
	At       time.Time `json:"at"`
	Kept     bool      `json:"kept,omitempty"`     // it says that the commitment was kept
	Occasion int       `json:"occasion,omitempty"` // which time of it, of one that repeats
}

// Offer is one time that an owner asked somebody to take a commitment over.
type Offer struct {
	To      string    `json:"to"`
	Version int       `json:"v"` // of the commitment that the latest message about it was planned at; earlier messages lapse
	At      time.Time `json:"at"`
	No      time.Time `json:"no,omitzero"` // when they said no
}

// Counterparty is whom a commitment is to: a member, or somebody outside who is never messaged.
type Counterparty struct {
	Member string `json:"member,omitempty"`
	Name   string `json:"name,omitempty"`
	Org    string `json:"org,omitempty"`
	Email  string `json:"email,omitempty"`
}

// MembersTo are the counterparties inside the workspace, the owner too if it is to them.
func (c Commitment) MembersTo() []string {
	var list []string
	for _, cp := range c.Counterparties {
		if cp.Member != "" {
			list = append(list, cp.Member)
		}
	}
	return list
}

// CommitmentState is where a commitment stands.
type CommitmentState string

// The states of a commitment.
const (
	Proposed CommitmentState = "proposed" // inert until the owner accepts
	Open     CommitmentState = "open"
	Done     CommitmentState = "done"
	Released CommitmentState = "released"
	Declined CommitmentState = "declined"
	Lapsed   CommitmentState = "lapsed" // a proposal that nobody answered
)

// Move is one change of the date; the history of a promise is part of it.
type Move struct {
	From *when.Due `json:"from,omitempty"`
	To   *when.Due `json:"to,omitempty"`
	At   time.Time `json:"at"`
}

// Undo is the state before the last act and until when it can be had back.
type Undo struct {
	State       CommitmentState `json:"state"`
	Due         *when.Due       `json:"due,omitempty"`
	SnoozedTill time.Time       `json:"snoozed_till,omitzero"`
	Closed      time.Time       `json:"closed,omitzero"`
	Occasion    int             `json:"occasion,omitempty"`
	Till        time.Time       `json:"till"`
	By          string          `json:"by,omitempty"`     // who did it; empty for its owner
	Owner       string          `json:"owner,omitempty"`  // whose it was, if it changed hands
	Giving      bool            `json:"giving,omitempty"` // it was offered to somebody by that act
	Split       bool            `json:"split,omitempty"`  // others were made of it
	Kept        time.Time       `json:"kept,omitzero"`
	Wording     *Wording        `json:"wording,omitempty"`
}

// ProposalQuota counts what a member asks of others on one day of theirs, and bounds it: N more, up to Limit.
type ProposalQuota struct {
	Member string
	Day    Date
	N      int
	Limit  int
}

// CommitmentStore keeps commitments.
type CommitmentStore interface {
	UnopenedStore
	// AddCommitment numbers and stores c with the intents in one step, and counts it against the quota, if there is one; "{id}" in an
	// intent's sid and ref stands for the number. It answers [ErrRepeated] with the earlier commitment when the token came before, and
	// [ErrLimit] when the quota is used up.
	AddCommitment(ctx context.Context, token Token, c Commitment, q *ProposalQuota, intents Intents) (Commitment, error)
	// Commitment answers [ErrNotFound] for an unknown number.
	Commitment(ctx context.Context, id int) (Commitment, error)
	// CommitmentScene reads a commitment, the zero value for an unknown number, and what is stored of some members, in one round trip.
	CommitmentScene(ctx context.Context, id int, members ...string) (Commitment, Scene, error)
	// ReplaceCommitment stores c in place of was, one version higher, if that still stands, else [ErrConflict]. [ErrRepeated] when the token came before.
	ReplaceCommitment(ctx context.Context, token Token, was, c Commitment, intents Intents) error
	// ChangeCommitments makes several changes in one step, or none, and returns those that are new, numbered in turn. It answers [ErrConflict] if
	// one does not stand as it was, [ErrLimit] when the quota is used up, [ErrRepeated] when the token came before.
	ChangeCommitments(ctx context.Context, token Token, step CommitmentStep) ([]Commitment, error)
	// OwnedCommitments returns what a member owes or was asked for, in any state but those closed before since.
	OwnedCommitments(ctx context.Context, owner string, since time.Time) ([]Commitment, error)
	// OwedCommitments returns what others owe a member, or asked them to take over, in any state but those closed before since; the use case decides
	// what the member may see of it.
	OwedCommitments(ctx context.Context, member string, since time.Time) ([]Commitment, error)
	// MemberCommitments returns both, in one round trip.
	MemberCommitments(ctx context.Context, member string, since time.Time) (owned, owed []Commitment, err error)
}
