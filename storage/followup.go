package storage

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"rapport/bot"
)

// secrets is what of a commitment is sealed: the words, and the details of people outside.
type secrets struct {
	Text           string             `json:"text"`
	Counterparties []bot.Counterparty `json:"cp,omitempty"`
	Cue            string             `json:"cue,omitempty"`  // of the plan
	Said           []string           `json:"said,omitempty"` // the texts of what its owner let others know, in order
	Parts          []bot.SplitPart    `json:"parts,omitempty"`
	Before         *bot.Wording       `json:"before,omitempty"` // what it said before the last act
}

// hide takes the secrets out of a commitment.
func hide(c bot.Commitment) (bot.Commitment, secrets) {
	hidden := secrets{Text: c.Text, Counterparties: c.Counterparties}
	c.Text, c.Counterparties = "", nil
	hidden.Parts, c.Parts = c.Parts, nil
	if c.Before != nil && c.Before.Wording != nil {
		before := *c.Before
		hidden.Before, before.Wording = before.Wording, nil
		c.Before = &before
	}
	if c.Plan != nil {
		plan := *c.Plan
		hidden.Cue, plan.Cue = plan.Cue, ""
		c.Plan = &plan
	}
	c.Said = slices.Clone(c.Said)
	for i := range c.Said {
		hidden.Said = append(hidden.Said, c.Said[i].Text)
		c.Said[i].Text = ""
	}
	return c, hidden
}

// shown puts the secrets back into a commitment as it was read.
func (hidden secrets) shown(c bot.Commitment) bot.Commitment {
	c.Text, c.Counterparties, c.Parts = hidden.Text, hidden.Counterparties, hidden.Parts
	if c.Before != nil && hidden.Before != nil {
		c.Before.Wording = hidden.Before
	}
	if c.Plan != nil {
		c.Plan.Cue = hidden.Cue
	}
	for i := range min(len(c.Said), len(hidden.Said)) {
		c.Said[i].Text = hidden.Said[i]
	}
	return c
}

// sealedCommitment is a commitment as it is stored, without its secrets. Whom inside the workspace it is to stands beside them, as it does in the
// index: a commitment has to be taken out of there also where the key to it was lost.
type sealedCommitment struct {
	bot.Commitment
	To     []string `json:"to,omitempty"` // ids of counterparties inside the workspace
	Sealed string   `json:"sealed"`
}

// place binds sealed words to their commitment: neither its number, which is not known when they are sealed, nor anything that changes.
func (s *Store) place(c bot.Commitment) string {
	return s.keys.prefix + nounCommitment + " " + millis(c.Created) + " " + c.By
}

func (s *Store) sealCommitment(c bot.Commitment) (sealedCommitment, error) {
	bare, hidden := hide(c)
	words, err := json.Marshal(hidden)
	if err != nil {
		return sealedCommitment{}, fmt.Errorf("encode commitment: %w", err)
	}
	stored := sealedCommitment{Commitment: bare, To: c.MembersTo()}
	if stored.Sealed, err = s.seals.seal(words, s.place(c)); err != nil {
		return sealedCommitment{}, err
	}
	return stored, nil
}

func (s *Store) openCommitment(id, text string) (bot.Commitment, error) {
	var stored sealedCommitment
	if err := decodeValue(text, &stored); err != nil {
		return bot.Commitment{}, fmt.Errorf("read commitment %s: %w", id, err)
	}
	words, err := s.seals.open(stored.Sealed, s.place(stored.Commitment))
	if errors.Is(err, errSealed) {
		return bot.Commitment{}, fmt.Errorf("read commitment %s: %w: %w", id, bot.ErrUnreadable, err)
	}
	if err != nil {
		return bot.Commitment{}, fmt.Errorf("read commitment %s: %w", id, err)
	}
	var hidden secrets
	if err := json.Unmarshal(words, &hidden); err != nil {
		return bot.Commitment{}, fmt.Errorf("read commitment %s: %w", id, err)
	}
	return hidden.shown(stored.Commitment), nil
}

// AddCommitment implements [bot.CommitmentStore].
func (s *Store) AddCommitment(ctx context.Context, token bot.Token, c bot.Commitment, q *bot.ProposalQuota, intents bot.Intents) (bot.Commitment, error) {
	c.Version = 1
	stored, err := s.sealCommitment(c)
	if err != nil {
		return bot.Commitment{}, err
	}
	c.ID, err = s.commitNumbered(ctx, nounCommitment, func(ch *change, number int) error {
		ch.once(token)
		s.countProposals(ch, q)
		c.ID, stored.ID = number, number
		return s.putCommitment(ch, 0, stored, intents)
	})
	var earlier repeatedError
	if !errors.As(err, &earlier) {
		return c, err
	}
	id, convErr := strconv.Atoi(earlier.id)
	if convErr != nil {
		return bot.Commitment{}, fmt.Errorf("read number of repeated commitment %q: %w", earlier.id, convErr)
	}
	first, readErr := s.Commitment(ctx, id)
	if readErr != nil && !errors.Is(readErr, bot.ErrNotFound) {
		return bot.Commitment{}, readErr
	}
	first.ID = id
	return first, err
}

// countProposals adds to a change that it is counted against a quota; nil for none.
func (s *Store) countProposals(ch *change, q *bot.ProposalQuota) {
	if q != nil {
		ch.count(s.keys.quota(), proposals(q.Member), q.Day, q.N, q.Limit)
	}
}

// proposals is the field of the day's counts that counts what a member proposed to others, beside the one of their kudos. It goes with its day.
func proposals(member string) string { return "proposals " + member }

// commitmentIndexes are the indexes that a commitment stands in, whatever its state.
func (s *Store) commitmentIndexes(c sealedCommitment) []string {
	indexes := []string{s.keys.owned(c.Owner)}
	for _, member := range c.To {
		indexes = append(indexes, s.keys.owed(member))
	}
	if c.Giving != "" { // who was asked to take it over finds it, too
		indexes = append(indexes, s.keys.owed(c.Giving))
	}
	return indexes
}

// putCommitment adds the writing of a commitment to a change.
func (s *Store) putCommitment(ch *change, was int, c sealedCommitment, intents bot.Intents) error {
	id := strconv.Itoa(c.ID)
	if err := ch.put(s.keys.sharded(nounCommitment, id), id, was, c); err != nil {
		return err
	}
	s.indexCommitment(ch, id, c)
	ch.send(intents)
	return nil
}

// indexCommitment brings the indexes up to date with a commitment.
func (s *Store) indexCommitment(ch *change, id string, c sealedCommitment) {
	closed := "+inf"
	if c.Closed.IsZero() {
		ch.op("ZREM", s.keys.closed(), id)
	} else {
		closed = millis(c.Closed)
		ch.op("ZADD", s.keys.closed(), closed, id)
	}
	for _, index := range s.commitmentIndexes(c) {
		ch.op("ZADD", index, closed, id)
	}
}

// Commitment implements [bot.CommitmentStore].
func (s *Store) Commitment(ctx context.Context, id int) (bot.Commitment, error) {
	name := strconv.Itoa(id)
	stored, err := s.rdb.HGet(ctx, s.keys.sharded(nounCommitment, name), name).Result()
	if isNil(err) {
		return bot.Commitment{}, fmt.Errorf("find commitment %d: %w", id, bot.ErrNotFound)
	}
	if err != nil {
		return bot.Commitment{}, fmt.Errorf("find commitment %d: %w", id, err)
	}
	return s.openCommitment(name, stored)
}

// ReplaceCommitment implements [bot.CommitmentStore].
func (s *Store) ReplaceCommitment(ctx context.Context, token bot.Token, was, c bot.Commitment, intents bot.Intents) error {
	ch := s.change()
	ch.ID = strconv.Itoa(c.ID)
	ch.once(token)
	if err := s.replaceCommitment(ch, was, c); err != nil {
		return err
	}
	ch.send(intents)
	return s.commit(ctx, ch)
}

// replaceCommitment adds to a change that a commitment takes the place of what it was. It takes it out of the lists of those who owned it or whom
// it was to before.
func (s *Store) replaceCommitment(ch *change, was, c bot.Commitment) error {
	id := strconv.Itoa(c.ID)
	c.Version = was.Version + 1
	stored, err := s.sealCommitment(c)
	if err != nil {
		return err
	}
	kept := s.commitmentIndexes(stored)
	for _, index := range s.commitmentIndexes(sealedCommitment{Commitment: was, To: was.MembersTo()}) {
		if !slices.Contains(kept, index) {
			ch.op("ZREM", index, id)
		}
	}
	return s.putCommitment(ch, was.Version, stored, nil)
}

// OwnedCommitments implements [bot.CommitmentStore], in one round trip; by number.
func (s *Store) OwnedCommitments(ctx context.Context, owner string, since time.Time) ([]bot.Commitment, error) {
	return s.listCommitments(ctx, s.keys.owned(owner), since)
}

// OwedCommitments implements [bot.CommitmentStore], in one round trip; by number.
func (s *Store) OwedCommitments(ctx context.Context, member string, since time.Time) ([]bot.Commitment, error) {
	return s.listCommitments(ctx, s.keys.owed(member), since)
}

// MemberCommitments implements [bot.CommitmentStore], in one round trip; both by number.
func (s *Store) MemberCommitments(ctx context.Context, member string, since time.Time) (owned, owed []bot.Commitment, err error) {
	l, err := s.CommitmentLists(ctx, member, since)
	return l.Owned, l.Owed, err
}

// listCommitments reads the commitments of an index, in one round trip.
func (s *Store) listCommitments(ctx context.Context, index string, since time.Time) ([]bot.Commitment, error) {
	found, err := s.lists(ctx, nounCommitment, openSince(index, since))
	if err != nil {
		return nil, err
	}
	return s.openCommitments(found[0])
}

// openSince is what of an index of commitments was open at an instant or later; all of it for the zero value.
func openSince(index string, since time.Time) span {
	lowest := "-inf"
	if !since.IsZero() {
		lowest = strconv.FormatInt(ceilMillis(since), 10)
	}
	return span{index: index, lowest: lowest, limit: -1}
}

// openCommitments opens what a list found, by number. It leaves out what no key opens: one damaged value must not end a whole list.
func (s *Store) openCommitments(objects []listed) ([]bot.Commitment, error) {
	list := make([]bot.Commitment, 0, len(objects))
	for _, o := range objects {
		c, err := s.openCommitment(o.id, o.stored)
		if errors.Is(err, bot.ErrUnreadable) {
			continue
		}
		if err != nil {
			return nil, err
		}
		list = append(list, c)
	}
	slices.SortFunc(list, func(a, b bot.Commitment) int { return cmp.Compare(a.ID, b.ID) })
	return list, nil
}

// forgetCommitments deletes commitments that were closed before an instant.
func (s *Store) forgetCommitments(ctx context.Context, before time.Time) (int, error) {
	return s.forgetOlder(ctx, s.keys.closed(), before, func(ids []string) (int, error) {
		return s.deleteCommitments(ctx, s.keys.closed(), ids)
	})
}

// deleteCommitments deletes commitments that an index names, in any state, with their private texts, without opening them.
func (s *Store) deleteCommitments(ctx context.Context, index string, ids []string) (int, error) {
	old, err := getObjects[sealedCommitment](ctx, s, nounCommitment, ids)
	if err != nil {
		return 0, err
	}
	c := s.change()
	for _, id := range ids {
		c.op("ZREM", index, id)
	}
	for id, stored := range old {
		c.remove(s.keys.sharded(nounCommitment, id), id, stored.Version)
		c.op("ZREM", s.keys.closed(), id)
		for _, index := range s.commitmentIndexes(stored) {
			c.op("ZREM", index, id)
		}
	}
	if err := s.commit(ctx, c); err != nil {
		return 0, err
	}
	return len(old), nil
}
