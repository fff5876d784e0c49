package bot

import (
	"context"
	"time"
)

// Kudos is one thank-you.
type Kudos struct {
	ID         string    `json:"id"`
	Version    int       `json:"version"`
	Giver      string    `json:"giver"`
	Recipients []string  `json:"recipients"`        // at least one, each once, never the giver
	Groups     []string  `json:"groups,omitempty"`  // user groups that were named
	Message    string    `json:"message"`           // as it came from Slack, escaping kept
	Value      string    `json:"value,omitempty"`   // one of the workspace's values
	Private    bool      `json:"private,omitempty"` // for the recipients alone
	Channel    string    `json:"channel,omitempty"` // where it was given; empty for none
	Posted     bool      `json:"posted,omitempty"`  // it goes to Channel
	Closed     bool      `json:"closed,omitempty"`  // Channel is private: it never leaves it
	About      string    `json:"about,omitempty"`   // permalink of the message that it thanks for
	Given      time.Time `json:"given"`
	Edited     time.Time `json:"edited,omitzero"`
	Undone     time.Time `json:"undone,omitzero"`     // a tombstone: the text is gone
	Team       string    `json:"team,omitempty"`      // the user group that is thanked as one: its people get no messages of their own; empty: a thank-you to each
	TeamName   string    `json:"team_name,omitempty"` // what that group is called
	Reaction   string    `json:"reaction,omitempty"`  // name of the emoji that was put on About, without colons; Message is empty then
	Reacted    []Reacted `json:"reacted,omitempty"`   // what became of each emoji that counts, by name; it outlives a tombstone
	Twin       bool      `json:"-"`                   // the giver said yes to "send again?": no twin is looked for
	Hidden     []string  `json:"hidden,omitempty"`    // recipients who took it out of post and digest
	Reposted   int       `json:"reposted,omitempty"`  // how often its message was posted anew: after everybody hid it, and somebody shows their name again
	Stood      time.Time `json:"stood,omitzero"`      // since when it stands in Channel, where that is later than Given; see [Kudos.StandsSince]
	Gone       time.Time `json:"gone,omitzero"`       // when somebody last hid it
	Revived    int       `json:"revived,omitempty"`   // how often its recipient is told anew, for an emoji that was put on again; at most [kudosRevivals]
	Reporters  []string  `json:"reporters,omitempty"` // who reported it to Rapport's admins; see [Report]
	Unreadable string    `json:"-"`                   // what Message, About, Value and Reaction were sealed to, where no key opens that: they are empty then
}

// StandsSince is since when a kudos stands in its channel: the digest of that time tells of it.
func (k Kudos) StandsSince() time.Time {
	if k.Stood.IsZero() {
		return k.Given
	}
	return k.Stood
}

// Public reports whether everybody in the workspace may read it.
func (k Kudos) Public() bool { return k.Posted && !k.Private && !k.Closed && k.Undone.IsZero() }

// KudosQuota bounds what a giver can give on one day of theirs.
type KudosQuota struct {
	Day   Date
	Limit int
}

// LastKudos is the newest kudos of somebody who gave one and did not take it back.
type LastKudos struct {
	Kudos       // the zero value for none
	Post  Send  // of the kudos in its channel; the zero value where none is known
	Scene Scene // the giver
}

// KudosStore keeps kudos.
type KudosStore interface {
	ReportStore
	KudosLister
	// AddKudos stores k, counts it against the quota and inserts the intents in one step. It answers [ErrLimit] when the quota is
	// used up, and [ErrRepeated] with the earlier kudos when the token came before, or, unless k.Twin, when the giver gave the same
	// recipients the same text within two minutes before k.Given. A tombstone counts against no quota.
	AddKudos(ctx context.Context, token Token, k Kudos, q KudosQuota, intents Intents) (Kudos, error)
	// Kudos answers [ErrNotFound] for an unknown id. A tombstone is found.
	Kudos(ctx context.Context, id string) (Kudos, error)
	// ReplaceKudos stores an edit, a tombstone or a hiding if the stored version is still k.Version, else [ErrConflict]. A quota is that of the day on
	// which it was given: a tombstone gives one back to it, and what is a tombstone no more counts against it, with [ErrLimit] where it is used up.
	ReplaceKudos(ctx context.Context, token Token, k Kudos, quota *KudosQuota, intents Intents) error
	// ChannelKudos returns what was posted in a channel in [from, to), by [Kudos.StandsSince], without tombstones.
	ChannelKudos(ctx context.Context, channel string, from, to time.Time) ([]Kudos, error)
	// MemberKudos returns what a member gave or received, the newest first, without tombstones.
	MemberKudos(ctx context.Context, member string, limit int) (given, received []Kudos, err error)
	// LastGiven reads the newest kudos that a member gave, with its post and what is stored of the member, in one round trip.
	LastGiven(ctx context.Context, member string) (LastKudos, error)
	// FirstGiven returns when each of the members first gave a kudos that is still kept and that whoever reads a channel can read, there or elsewhere; those who
	// never did are missing. What was said to few does not count: who is no first-time giver would tell of it.
	FirstGiven(ctx context.Context, channel string, members ...string) (map[string]time.Time, error)
}

// Digest is one channel's wish for a weekly digest.
type Digest struct {
	Channel string       `json:"channel"`
	Version int          `json:"version"`
	Weekday time.Weekday `json:"weekday"`
	Minute  int          `json:"minute"` // of the day, local
	Zone    string       `json:"zone"`
	Off     bool         `json:"off,omitempty"`
	Since   time.Time    `json:"since"` // the end of the previous window; where the first one begins
	By      string       `json:"by"`    // who set it last

	QuietWork bool      `json:"quiet_work,omitempty"` // on the working day before, the channel is asked whose work went unseen
	Asked     time.Time `json:"asked,omitzero"`       // when it was asked that last
	Earliest  Date      `json:"earliest,omitzero"`    // no digest comes before that day, in Zone
	Changed   time.Time `json:"changed,omitzero"`     // when somebody last changed any of this
}

// DigestStore keeps the channels' digests and their schedule entries.
type DigestStore interface {
	Digest(ctx context.Context, channel string) (Digest, error)
	// SaveDigest stores d with its schedule entries in one step; [ErrConflict] if the stored version differs from d.Version, [ErrRepeated] when the token
	// came before.
	SaveDigest(ctx context.Context, token Token, d Digest, entries []Entry, intents Intents) error
}
