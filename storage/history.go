package storage

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"rapport/bot"
)

func (s *Store) putMeetings(c *change, program string, meetings []bot.Meeting) {
	fields := make(map[int][]any)
	for _, m := range meetings {
		a, b := min(m.A, m.B), max(m.A, m.B)
		fields[m.Round] = append(fields[m.Round], a+" "+b, metValue(m.Met))
	}
	for _, round := range slices.Sorted(maps.Keys(fields)) {
		c.hset(s.keys.history(program, round), fields[round])
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
	for round := max(since, 1); round <= latest; round++ {
		part, err := s.historyOf(ctx, program, round)
		if err != nil {
			return nil, err
		}
		meetings = append(meetings, part...)
	}
	return meetings, nil
}

// historyOf reads the meetings of one round.
func (s *Store) historyOf(ctx context.Context, program string, round int) ([]bot.Meeting, error) {
	stored, err := s.scanned(ctx, s.keys.history(program, round))
	if err != nil {
		return nil, fmt.Errorf("read history of program %q: %w", program, err)
	}
	meetings := make([]bot.Meeting, 0, len(stored))
	for pair, met := range stored {
		a, b, _ := strings.Cut(pair, " ")
		m := bot.Meeting{A: a, B: b, Round: round}
		if met != "" {
			yes := met == "1"
			m.Met = &yes
		}
		meetings = append(meetings, m)
	}
	slices.SortFunc(meetings, func(a, b bot.Meeting) int { return cmp.Or(cmp.Compare(a.A, b.A), cmp.Compare(a.B, b.B)) })
	return meetings, nil
}
