package storage

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"rapport/bot"
)

// SaveRound stores a small round in one step; [bot.ErrConflict] if a seat changed meanwhile.
func (s *Store) SaveRound(ctx context.Context, r bot.Round, meetings []bot.Meeting, seats []bot.Seat, intents bot.Intents) (bot.Round, error) {
	c := s.change()
	c.ID = r.ID
	c.once(bot.Token("round " + r.ID))
	r.Version = 1
	if err := s.putRound(c, r); err != nil {
		return bot.Round{}, err
	}
	s.putMeetings(c, r.Program, meetings)
	for _, seat := range seats {
		if err := s.putSeat(c, seat); err != nil {
			return bot.Round{}, err
		}
	}
	c.send(intents)
	err := s.commit(ctx, c)
	if err == nil {
		return r, nil
	}
	return s.standingRound(ctx, r, err)
}

// putRound writes a new round: its plan, and each group in a field of its own.
func (s *Store) putRound(c *change, r bot.Round) error {
	key := s.keys.round(r.Program, r.Number)
	plan, err := planOf(r)
	if err != nil {
		return err
	}
	if err := c.put(key, planField, 0, plan); err != nil {
		return err
	}
	fields := []any{changesField, r.Version}
	for _, g := range r.Groups {
		value, err := encodeValue(r.Version, storedGroup{Group: g})
		if err != nil {
			return err
		}
		fields = append(fields, groupField(g.Key), value)
	}
	c.hset(key, fields)
	c.op("HSET", s.keys.latestRound(), r.Program, strconv.Itoa(r.Number))
	return nil
}

// standingRound finds the round that won over r. A commit that broke off for another reason is answered with that.
func (s *Store) standingRound(ctx context.Context, r bot.Round, err error) (bot.Round, error) {
	if !errors.Is(err, bot.ErrRepeated) && !errors.Is(err, bot.ErrConflict) {
		return bot.Round{}, err
	}
	first, readErr := s.Round(ctx, r.ID)
	if errors.Is(readErr, bot.ErrNotFound) {
		return bot.Round{}, err
	}
	if readErr != nil {
		return bot.Round{}, readErr
	}
	return first, repeatedError{id: r.ID}
}

// ReplaceRound stores what is answered in several groups of a small round; [bot.ErrRepeated] when the token came before. Groups have versions of their own: only what r changes, or gives
// meetings of, has to stand as it did in r.Version, and only that is written. Members who answer in different groups at the same time do not
// meet each other. The groups of a round are those it was saved with, and so is all else but them: what r says of it is not looked at.
func (s *Store) ReplaceRound(ctx context.Context, token bot.Token, r bot.Round, meetings []bot.Meeting, intents bot.Intents) error {
	key := s.keys.round(r.Program, r.Number)
	fields, err := s.rdb.HGetAll(ctx, key).Result()
	if err != nil {
		return fmt.Errorf("replace round %q: %w", r.ID, err)
	}
	c := s.change()
	c.ID = r.ID
	c.once(token)
	if err := c.answer(key, fields, r, meetings); err != nil {
		return fmt.Errorf("replace round %q: %w", r.ID, err)
	}
	s.putMeetings(c, r.Program, meetings)
	c.send(intents)
	return s.commit(ctx, c)
}
