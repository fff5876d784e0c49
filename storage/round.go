package storage

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
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
	field := strconv.Itoa(r.Number)
	if err := c.put(s.keys.rounds(r.Program), field, 0, r); err != nil {
		return bot.Round{}, err
	}
	c.op("HSET", s.keys.latestRound(), r.Program, field)
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

// Round implements [bot.RoundStore]; [bot.ErrNotFound] for an unknown id.
func (s *Store) Round(ctx context.Context, id string) (bot.Round, error) {
	program, number, _ := strings.Cut(id, "/")
	var r bot.Round
	err := s.getObject(ctx, "round of program "+program, s.keys.rounds(program), number, &r)
	return r, err
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

// ReplaceRound implements [bot.RoundStore]; [bot.ErrRepeated] when the token came before.
func (s *Store) ReplaceRound(ctx context.Context, token bot.Token, r bot.Round, meetings []bot.Meeting, intents bot.Intents) error {
	c := s.change()
	c.ID = r.ID
	c.once(token)
	was := r.Version
	r.Version++
	if err := c.put(s.keys.rounds(r.Program), strconv.Itoa(r.Number), was, r); err != nil {
		return err
	}
	s.putMeetings(c, r.Program, meetings)
	c.send(intents)
	return s.commit(ctx, c)
}

// meetingsAtOnce is how many meetings one command of a script writes: Lua hands over no more than some thousand arguments.
const meetingsAtOnce = 500

func (s *Store) putMeetings(c *change, program string, meetings []bot.Meeting) {
	fields := make(map[int][]any)
	for _, m := range meetings {
		a, b := min(m.A, m.B), max(m.A, m.B)
		fields[m.Round] = append(fields[m.Round], a+" "+b, metValue(m.Met))
	}
	for _, round := range slices.Sorted(maps.Keys(fields)) {
		for part := range slices.Chunk(fields[round], 2*meetingsAtOnce) {
			c.op("HSET", s.keys.history(program, round), part...)
		}
	}
}

func metValue(met *bool) string {
	switch {
	case met == nil:
		return ""
	case *met:
		return "1"
	}
	return "0"
}

// History implements [bot.RoundStore]; by round and pair. A is the smaller id of each pair.
func (s *Store) History(ctx context.Context, program string, since int) ([]bot.Meeting, error) {
	number, err := s.rdb.HGet(ctx, s.keys.latestRound(), program).Result()
	if isNil(err) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("find latest round of program %q: %w", program, err)
	}
	latest, err := strconv.Atoi(number)
	if err != nil {
		return nil, fmt.Errorf("read number of latest round of program %q: %w", program, err)
	}
	var meetings []bot.Meeting
	for first := max(since, 1); first <= latest; first += pipelineSize {
		part, err := s.historyOf(ctx, program, first, min(first+pipelineSize-1, latest))
		if err != nil {
			return nil, err
		}
		meetings = append(meetings, part...)
	}
	return meetings, nil
}

// historyOf reads the meetings of some rounds, both ends included, in one round trip.
func (s *Store) historyOf(ctx context.Context, program string, first, last int) ([]bot.Meeting, error) {
	pipe := s.rdb.Pipeline()
	reads := make([]*redis.MapStringStringCmd, 0, last-first+1)
	for round := first; round <= last; round++ {
		reads = append(reads, pipe.HGetAll(ctx, s.keys.history(program, round)))
	}
	if _, err := pipe.Exec(ctx); err != nil {
		return nil, fmt.Errorf("read history of program %q: %w", program, err)
	}
	var meetings []bot.Meeting
	for i, read := range reads {
		for pair, met := range read.Val() {
			a, b, _ := strings.Cut(pair, " ")
			m := bot.Meeting{A: a, B: b, Round: first + i}
			if met != "" {
				yes := met == "1"
				m.Met = &yes
			}
			meetings = append(meetings, m)
		}
	}
	slices.SortFunc(meetings, func(a, b bot.Meeting) int {
		return cmp.Or(cmp.Compare(a.Round, b.Round), cmp.Compare(a.A, b.A), cmp.Compare(a.B, b.B))
	})
	return meetings, nil
}
