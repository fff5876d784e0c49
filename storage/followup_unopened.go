package storage

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"rapport/bot"
)

// unopened is a commitment without its secrets, and with whom inside the workspace it is to.
func (c sealedCommitment) unopened() bot.Commitment {
	bare := c.Commitment
	bare.Counterparties = nil
	for _, member := range c.To {
		bare.Counterparties = append(bare.Counterparties, bot.Counterparty{Member: member})
	}
	return bare
}

// CommitmentLists implements [bot.UnopenedStore], in one round trip; by number.
func (s *Store) CommitmentLists(ctx context.Context, member string, since time.Time) (bot.CommitmentLists, error) {
	found, err := s.lists(ctx, nounCommitment, openSince(s.keys.owned(member), since), openSince(s.keys.owed(member), since))
	if err != nil {
		return bot.CommitmentLists{}, err
	}
	var l bot.CommitmentLists
	if l.Owned, l.SealedOwned, err = s.apart(found[0]); err != nil {
		return bot.CommitmentLists{}, err
	}
	l.Owed, l.SealedOwed, err = s.apart(found[1])
	return l, err
}

// apart opens what a list found, by number, and keeps apart what no key opens.
func (s *Store) apart(objects []listed) (opened, closed []bot.Commitment, err error) {
	if opened, err = s.openCommitments(objects); err != nil || len(opened) == len(objects) {
		return opened, nil, err
	}
	for _, o := range objects {
		if slices.ContainsFunc(opened, func(c bot.Commitment) bool { return strconv.Itoa(c.ID) == o.id }) {
			continue
		}
		var stored sealedCommitment
		if err := decodeValue(o.stored, &stored); err != nil {
			return nil, nil, fmt.Errorf("read commitment %s: %w", o.id, err)
		}
		closed = append(closed, stored.unopened())
	}
	return opened, closed, nil
}

// UnopenedCommitment implements [bot.UnopenedStore].
func (s *Store) UnopenedCommitment(ctx context.Context, id int) (bot.Commitment, error) {
	stored, err := s.sealed(ctx, id)
	return stored.unopened(), err
}

// sealed reads a commitment as it is stored.
func (s *Store) sealed(ctx context.Context, id int) (sealedCommitment, error) {
	name := strconv.Itoa(id)
	found, err := getObjects[sealedCommitment](ctx, s, nounCommitment, []string{name})
	if err != nil {
		return sealedCommitment{}, fmt.Errorf("find commitment %d: %w", id, err)
	}
	stored, ok := found[name]
	if !ok {
		return sealedCommitment{}, fmt.Errorf("find commitment %d: %w", id, bot.ErrNotFound)
	}
	return stored, nil
}

// ReplaceUnopened implements [bot.UnopenedStore], in two round trips. Words that some key opens are sealed anew, as by every change: keys may be replaced meanwhile.
func (s *Store) ReplaceUnopened(ctx context.Context, token bot.Token, was, c bot.Commitment, intents bot.Intents) error {
	stored, err := s.sealed(ctx, c.ID)
	if err != nil {
		return err
	}
	c.Counterparties, c.Version = nil, was.Version+1
	if words, err := s.seals.open(stored.Sealed, s.place(c)); err == nil {
		if stored.Sealed, err = s.seals.seal(words, s.place(c)); err != nil {
			return err
		}
	}
	stored.Commitment = c
	ch := s.change()
	ch.ID = strconv.Itoa(c.ID)
	ch.once(token)
	if err := s.putCommitment(ch, was.Version, stored, intents); err != nil {
		return err
	}
	return s.commit(ctx, ch)
}
