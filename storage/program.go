package storage

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/redis/go-redis/v9"

	"rapport/bot"
)

// namesField has the version of all programs' names together: who gives one looks at the others first, and nobody may give another meanwhile.
const namesField = "program names"

// SaveProgram implements [bot.ProgramStore].
func (s *Store) SaveProgram(ctx context.Context, token bot.Token, p bot.Program, entry bot.Entry, intents bot.Intents) (bot.Program, error) {
	was := p.Version
	p.Version++
	build := func(c *change) error {
		c.ID = p.ID
		c.once(token)
		if err := c.put(s.keys.programs(), p.ID, was, p); err != nil {
			return err
		}
		if p.Names > 0 {
			if err := c.put(s.keys.meta(), namesField, p.Names-1, struct{}{}); err != nil {
				return err
			}
		}
		c.send(intents)
		return c.schedule(entry)
	}
	err := s.commitProgram(ctx, &p, build)
	var earlier repeatedError
	if !errors.As(err, &earlier) {
		p.Names = 0
		return p, err
	}
	first, readErr := s.Program(ctx, earlier.id)
	if readErr != nil && !errors.Is(readErr, bot.ErrNotFound) {
		return bot.Program{}, readErr
	}
	first.ID = earlier.id
	return first, err
}

// commitProgram commits a program, numbering a new one.
func (s *Store) commitProgram(ctx context.Context, p *bot.Program, build func(*change) error) error {
	if p.ID != "" {
		c := s.change()
		if err := build(c); err != nil {
			return err
		}
		return s.commit(ctx, c)
	}
	_, err := s.commitNumbered(ctx, nounProgram, func(c *change, number int) error {
		p.ID = strconv.Itoa(number)
		return build(c)
	})
	return err
}

// Program implements [bot.ProgramStore].
func (s *Store) Program(ctx context.Context, id string) (bot.Program, error) {
	var p bot.Program
	err := s.getObject(ctx, "program", s.keys.programs(), id, &p)
	return p, err
}

// Programs implements [bot.ProgramStore]; the oldest first.
func (s *Store) Programs(ctx context.Context) ([]bot.Program, error) {
	return allObjects(ctx, s, "programs", s.keys.programs(), byAge)
}

func byAge(a, b bot.Program) int {
	return cmp.Or(a.Created.Compare(b.Created), cmp.Compare(a.ID, b.ID))
}

// RecentRounds implements [bot.ProgramStore]; two round trips, however many there are.
func (s *Store) RecentRounds(ctx context.Context, program string, most int) ([]bot.Round, error) {
	latest, err := s.rdb.HGet(ctx, s.keys.latestRound(), program).Int()
	if isNil(err) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("find latest round of program %q: %w", program, err)
	}
	pipe := s.rdb.Pipeline()
	var reads []*redis.SliceCmd
	for number := latest; number > max(0, latest-most); number-- {
		key, err := s.keys.roundOf(program + "/" + strconv.Itoa(number))
		if err != nil {
			return nil, err
		}
		reads = append(reads, pipe.HMGet(ctx, key, headFields()...))
	}
	if _, err := pipe.Exec(ctx); err != nil {
		return nil, fmt.Errorf("read recent rounds of program %q: %w", program, err)
	}
	var rounds []bot.Round
	for _, read := range reads {
		fields := textFields(headFields(), read.Val())
		if fields[planField] == "" {
			continue // forgotten: it was kept long enough
		}
		plan, err := readPlan(fields)
		if err != nil {
			return nil, fmt.Errorf("read recent rounds of program %q: %w", program, err)
		}
		rounds = append(rounds, plan.head())
	}
	return rounds, nil
}
