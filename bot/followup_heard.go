package bot

import (
	"context"
	"errors"
	"slices"
	"time"
)

// Heard is something that an owner let a member know in their own words, as Home shows it: who wants no message of it loses nothing.
type Heard struct {
	From string // the member who said it
	Text string // as typed, Slack's escaping kept
	At   time.Time
}

const (
	heardFor  = 14 * 24 * time.Hour
	heardMost = 5
)

// heard is what others let a member know lately, the newest first: the words alone, for the member may not see what they are about. What waits to go out
// is not there, for it can be taken back.
func (p *Promises) heard(ctx context.Context, now time.Time, member string, others []Commitment) ([]Heard, error) {
	type word struct {
		Word
		id   int
		from string
	}
	var words []word
	for _, c := range others {
		for _, w := range c.Said {
			from := c.Owner
			if w.By != "" {
				from = w.By
			}
			if w.To == member && from != member && w.Text != "" && w.At.After(now.Add(-heardFor)) {
				words = append(words, word{w, c.ID, from})
			}
		}
	}
	slices.SortStableFunc(words, func(a, b word) int { return b.At.Compare(a.At) })
	var list []Heard
	for _, w := range words[:min(len(words), 2*heardMost)] {
		out, err := p.isOut(ctx, w.id, w.Word)
		if err != nil {
			return nil, &Fault{Code: FaultUnread, Cause: err}
		}
		if out && len(list) < heardMost {
			list = append(list, Heard{From: w.from, Text: w.Text, At: w.At})
		}
	}
	return list, nil
}

// isOut reports whether a word went out, or would have gone to who wants no messages of that kind.
func (p *Promises) isOut(ctx context.Context, id int, w Word) (bool, error) {
	s, err := Standing(ctx, p.Sent, wordSID(id, w))
	if errors.Is(err, ErrNotFound) { // the ledger remembers longer than words are shown
		return false, nil
	}
	return s.asIfOut(), err
}

// asIfOut reports whether a word went out, as far as anybody else can tell: of who takes no messages, or none from its owner, nothing may show that.
func (s Send) asIfOut() bool {
	return s.State == StateSent || s.State == StateUnknown || s.State == StateDropped && s.Reason == ReasonMuted
}
