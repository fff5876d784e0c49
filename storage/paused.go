package storage

import (
	"context"
	"fmt"
	"slices"

	"rapport/bot"
)

// Paused lists the kinds of message that an operator holds back, in the order of their names. They are stored, so every process knows.
func (s *Store) Paused(ctx context.Context) ([]bot.Kind, error) {
	names, err := s.rdb.SMembers(ctx, s.keys.paused()).Result()
	if err != nil {
		return nil, fmt.Errorf("list paused kinds: %w", err)
	}
	kinds := make([]bot.Kind, len(names))
	for i, name := range names {
		kinds[i] = bot.Kind(name)
	}
	slices.Sort(kinds)
	return kinds, nil
}

// Pause holds kinds of message back until they are resumed. What is being posted already is not called back. Pausing twice is pausing once.
func (s *Store) Pause(ctx context.Context, kinds ...bot.Kind) error {
	if err := s.rdb.SAdd(ctx, s.keys.paused(), membersOf(kinds)...).Err(); err != nil {
		return fmt.Errorf("pause kinds %q: %w", kinds, err)
	}
	return nil
}

// Resume lets kinds of message go out again.
func (s *Store) Resume(ctx context.Context, kinds ...bot.Kind) error {
	if err := s.rdb.SRem(ctx, s.keys.paused(), membersOf(kinds)...).Err(); err != nil {
		return fmt.Errorf("resume kinds %q: %w", kinds, err)
	}
	return nil
}

func membersOf(kinds []bot.Kind) []any {
	list := make([]any, len(kinds))
	for i, kind := range kinds {
		list[i] = string(kind)
	}
	return list
}
