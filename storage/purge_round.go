package storage

import (
	"context"
	"fmt"
	"slices"
)

// forgetGroups deletes the groups of a program's rounds, with their answers, that are older than its latest few. Who met whom stays in the history for
// the rounds to come.
func (s *Store) forgetGroups(ctx context.Context, program string, keep Retention) (int, error) {
	if keep.Groups <= 0 {
		return 0, nil
	}
	last, err := numberOf(s.rdb.HGet(ctx, s.keys.latestRound(), program))
	if err != nil {
		return 0, fmt.Errorf("find latest round of program %q: %w", program, err)
	}
	first, err := numberOf(s.rdb.HGet(ctx, s.keys.firstRound(), program))
	if err != nil {
		return 0, fmt.Errorf("find first round of program %q: %w", program, err)
	}
	var old []string
	for number := max(first, 1); number <= last-keep.Groups; number++ {
		old = append(old, s.keys.round(program, number))
	}
	gone := 0
	for part := range slices.Chunk(old, forgetAtOnce) {
		n, err := s.rdb.Unlink(ctx, part...).Result()
		gone += int(n)
		if err != nil {
			return gone, fmt.Errorf("delete groups of program %q: %w", program, err)
		}
	}
	return gone, nil
}
