package storage

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/redis/go-redis/v9"

	"rapport/bot"
)

// SaveRound implements [bot.RoundStore]; [bot.ErrConflict] if a seat changed meanwhile.
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

// Round implements [bot.RoundStore]; [bot.ErrNotFound] for an unknown id. Its version counts the changes of all groups together.
func (s *Store) Round(ctx context.Context, id string) (bot.Round, error) {
	program, name, _ := strings.Cut(id, "/")
	number, err := strconv.Atoi(name)
	if err != nil {
		return bot.Round{}, fmt.Errorf("find round %q: %w", id, bot.ErrNotFound)
	}
	fields, err := s.rdb.HGetAll(ctx, s.keys.round(program, number)).Result()
	if err != nil {
		return bot.Round{}, fmt.Errorf("find round %q: %w", id, err)
	}
	if len(fields) == 0 {
		return bot.Round{}, fmt.Errorf("find round %q: %w", id, bot.ErrNotFound)
	}
	r, err := readRound(fields)
	if err != nil {
		return bot.Round{}, fmt.Errorf("read round %q: %w", id, err)
	}
	return r, nil
}

// LatestRound implements [bot.RoundStore].
func (s *Store) LatestRound(ctx context.Context, program string) (bot.Round, error) {
	number, err := s.rdb.HGet(ctx, s.keys.latestRound(), program).Result()
	if isNil(err) {
		return bot.Round{}, fmt.Errorf("find latest round of program %q: %w", program, bot.ErrNotFound)
	}
	if err != nil {
		return bot.Round{}, fmt.Errorf("find latest round of program %q: %w", program, err)
	}
	return s.Round(ctx, program+"/"+number)
}

// ReplaceRound implements [bot.RoundStore]; [bot.ErrRepeated] when the token came before. Groups have versions of their own: only what r changes, or gives
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

// forgetRounds deletes the rounds of every program, with their answers and meetings, that are older than its latest keep.Rounds, or than its window if
// that is longer: no later round looks back at them.
func (s *Store) forgetRounds(ctx context.Context, keep Retention) (int, error) {
	programs, err := s.Programs(ctx)
	if err != nil {
		return 0, err
	}
	gone := 0
	for _, p := range programs {
		n, err := s.forgetRoundsOf(ctx, p.ID, max(p.Window, keep.Rounds))
		gone += n
		if err != nil {
			return gone, fmt.Errorf("forget rounds of program %q: %w", p.ID, err)
		}
	}
	return gone, nil
}

func (s *Store) forgetRoundsOf(ctx context.Context, program string, kept int) (int, error) {
	pipe := s.rdb.Pipeline()
	latest, first := pipe.HGet(ctx, s.keys.latestRound(), program), pipe.HGet(ctx, s.keys.firstRound(), program)
	if _, err := pipe.Exec(ctx); err != nil && !isNil(err) {
		return 0, err
	}
	last, err := numberOf(latest)
	if err != nil {
		return 0, err
	}
	from, err := numberOf(first)
	if err != nil {
		return 0, err
	}
	gone := 0
	for number := max(from, 1); number <= last-kept; number += forgetAtOnce {
		n, err := s.deleteRounds(ctx, program, number, min(number+forgetAtOnce-1, last-kept))
		gone += n
		if err != nil {
			return gone, err
		}
	}
	return gone, nil
}

// numberOf is the number that a read found, 0 if there was none.
func numberOf(read *redis.StringCmd) (int, error) {
	if isNil(read.Err()) {
		return 0, nil
	}
	return read.Int()
}

// deleteRounds deletes some rounds, both ends included, and notes how far it came after that, so that a call that broke off goes on there.
func (s *Store) deleteRounds(ctx context.Context, program string, first, last int) (int, error) {
	pipe := s.rdb.Pipeline()
	var rounds []string
	for number := first; number <= last; number++ {
		rounds = append(rounds, s.keys.round(program, number))
		pipe.Unlink(ctx, s.keys.history(program, number))
	}
	gone := pipe.Unlink(ctx, rounds...)
	if _, err := pipe.Exec(ctx); err != nil {
		return 0, err
	}
	if err := s.rdb.HSet(ctx, s.keys.firstRound(), program, last+1).Err(); err != nil {
		return int(gone.Val()), err
	}
	return int(gone.Val()), nil
}
