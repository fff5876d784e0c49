package bot

import (
	"context"
	"errors"
	"time"
)

// Token makes a change idempotent: the same token applied again changes nothing and returns what the first one made. A command's is its trigger id,
// a submission's the view id, a button's the message and the action, an event's its content. Stores keep it three hours.
type Token string

// Send is one message that the bot will send on its own initiative, once: a record of the ledger. It holds ids, no words: those are
// composed from what is stored when it goes out.
type Send struct {
	SID      string    `json:"sid"`                // what the message is; equal sids are one message
	Kind     Kind      `json:"kind"`               // chooses the composer and the priority
	Ref      string    `json:"ref"`                // the object that it tells of, as the kind's composer reads it
	Channel  string    `json:"channel,omitempty"`  // where it goes, if that is a channel
	Members  []string  `json:"members,omitempty"`  // whom it goes to otherwise: one for a DM, several for a group DM
	Thread   string    `json:"thread,omitempty"`   // sid of the message in whose thread it goes
	Replaces string    `json:"replaces,omitempty"` // sid of the message that it edits
	Due      time.Time `json:"due"`
	NotAfter time.Time `json:"not_after,omitzero"` // later it is expired instead; zero: four weeks after Due
	State    State     `json:"state"`
	Reason   Reason    `json:"reason,omitempty"` // why it waits, was dropped or died
	Attempt  int       `json:"attempt,omitempty"`
	PostedIn string    `json:"posted_in,omitempty"` // conversation id, once sent
	PostedTS string    `json:"posted_ts,omitempty"` // message timestamp, once sent
	Settled  time.Time `json:"settled,omitzero"`
	TriedAt  time.Time `json:"tried_at,omitzero"` // when it was last about to be posted; if nobody knows whether it was, it is looked for around then
	// TriedUntil is until when it may have been posted, if that is not the moment of TriedAt: the store has forgotten it. Zero otherwise.
	TriedUntil time.Time `json:"tried_until,omitzero"`
	Took       []string  `json:"took,omitempty"` // sids of those that it took in, so that its message is theirs as well; see Decision.Takes
	Into       string    `json:"into,omitempty"` // sid of the one that took it in, whose message is its own
}

// Kind is a kind of message: people mute, operators pause, and metrics count by it.
type Kind string

// The kinds of message, and of planning work, in the order of their priority.
const (
	KindPlan      Kind = "plan"       // no message: a due schedule entry that is turned into messages
	KindTimed     Kind = "timed"      // half an hour before a time that the owner typed
	KindReminders Kind = "reminders"  // a person's bundle of the day
	KindProposal  Kind = "proposal"   // somebody asks you to promise something
	KindAnswer    Kind = "answer"     // the answer to something you asked or offered
	KindPair      Kind = "pair"       // an introduction
	KindMidway    Kind = "midway"     // "have you found a time?"
	KindMet       Kind = "met"        // "did you meet?"
	KindNoPair    Kind = "no_pair"    // no suitable match this round
	KindProgram   Kind = "program"    // news of a program for its owner or channel
	KindMentor    Kind = "mentor"     // a mentor or mentee is proposed, introduced, or goes
	KindKudosPost Kind = "kudos_post" // a kudos in its channel
	KindKudosDM   Kind = "kudos_dm"   // a kudos for its recipient
	KindDigest    Kind = "digest"     // a channel's week of kudos
	KindQuietWork Kind = "quiet_work" // asks a channel, on the day before its digest, whose work went unseen
	KindReport    Kind = "report"     // somebody reports a kudos to Rapport's admins
	KindHelp      Kind = "help"       // quiet help with thanking, for who asked for it
	KindTheme     Kind = "theme"      // a mentor pair's theme of the month
	KindPractice  Kind = "practice"   // one small practice
	KindIntro     Kind = "intro"      // the bot introduces itself in a channel
	KindWelcome   Kind = "welcome"    // three first steps for the installer
)

// Together are the kinds of which one message may tell together, the kind itself among them: what colleagues ask and what they answer comes in one.
func (k Kind) Together() []Kind {
	if k == KindProposal || k == KindAnswer {
		return []Kind{KindProposal, KindAnswer}
	}
	return []Kind{k}
}

// State is where a send stands.
type State string

// The states of a send. Pending, claimed, posting and unknown are on their way; the others are final.
const (
	StatePending State = "pending"
	StateClaimed State = "claimed"
	StatePosting State = "posting" // the POST may have happened
	StateUnknown State = "unknown" // it may have had its effect; only Slack's history can tell
	StateSent    State = "sent"
	StateDropped State = "dropped" // decided against when it was due; Reason says why
	StateExpired State = "expired"
	StateDead    State = "dead" // refused for good
)

// Reason says in one word why a message waits or will not come. Operators read it; it holds nothing private.
type Reason string

// The reasons that deciding gives.
const (
	ReasonQuietHours  Reason = "quiet_hours"
	ReasonPaused      Reason = "paused"
	ReasonMuted       Reason = "muted"
	ReasonUndone      Reason = "undone"      // what it tells of no longer exists
	ReasonNothing     Reason = "nothing"     // nothing to tell
	ReasonUnreachable Reason = "unreachable" // the person left
	ReasonWaits       Reason = "waits"       // for another message that it belongs to
	ReasonMerged      Reason = "merged"      // what it would have said comes in another message
	ReasonBundled     Reason = "bundled"     // it comes together with others a little later, since one of them has just come
)

// The reasons of what somebody decided against by hand.
const (
	ReasonDiscarded  Reason = "discarded"
	ReasonMayBeThere Reason = "may_be_there" // discarded, while nobody could tell whether it was posted
)

// Outcome is what became of one attempt to send.
type Outcome struct {
	State   State // sent, pending (a definite no: try again), unknown, or dead
	Reason  Reason
	Channel string    // of the sent message
	TS      string    // of the sent message
	Retry   time.Time // with pending: not before
	Halt    bool      // the workspace cannot send at all (token revoked): stop, keep everything
	Took    []string  // of a message that was found: the sids that it says it took in
	Into    string    // of a message that was found: the sid of the one that took this one in
}

// Intents are sends that a change brings about; they are stored in the same atomic step. One whose sid is already there is left as it is,
// unless it still waits and the new one is due earlier.
type Intents []Send

// Decision is what composing a send came to: go, wait until an instant, or not at all.
type Decision struct {
	Verdict Verdict
	Reason  Reason    // for Wait and Drop
	Until   time.Time // for Wait
	Then    Intents   // what comes after it: with Drop inserted in the same step, with Go once it was sent
	// Takes, with Go, are sids of others that wait, and that the content tells of, too. They are of the same kind, or of one that it shares messages with; see
	// [Kind.Together]. The claim drops them in its one step, and holds only if all of them still wait then.
	Takes []string
	// TakesKinds are their kinds, in turn; empty where all are of the send's own.
	TakesKinds []Kind
}

// Verdict is one of three.
type Verdict int

// The verdicts.
const (
	Go Verdict = iota
	Wait
	Drop
)

// Composer turns a due send into content, from what is stored now. Content is a value for which the sender has a view; its type
// depends on the kind.
type Composer interface {
	Compose(ctx context.Context, now time.Time, s Send) (content any, d Decision, err error)
}

// SentReader finds a send by its sid, [ErrNotFound] if it never was one.
type SentReader interface {
	SendBySID(ctx context.Context, sid string) (Send, error)
}

// SentLister is a [SentReader] for many at once.
type SentLister interface {
	SentReader
	// SendsBySID finds sends by their sids; those that never were are missing.
	SendsBySID(ctx context.Context, sids ...string) (map[string]Send, error)
}

// Standing finds the send whose message holds what a sid stands for: that of the sid itself, or of the one that took it in; [ErrNotFound] if there never was one.
func Standing(ctx context.Context, sent SentReader, sid string) (Send, error) {
	s, err := sent.SendBySID(ctx, sid)
	if err != nil || s.Into == "" {
		return s, err
	}
	head, err := sent.SendBySID(ctx, s.Into)
	if errors.Is(err, ErrNotFound) && s.State == StateSent { // its message was found, and a restored store never heard of the head
		return s, nil
	}
	return head, err
}
