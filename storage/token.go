package storage

import (
	"context"
	"fmt"

	"rapport/bot"
)

// Seen notes that an event came and reports whether it came for the first time in three hours.
func (s *Store) Seen(ctx context.Context, token bot.Token) (first bool, err error) {
	now := s.now()
	if s.age != nil {
		s.age(now)
	}
	first, err = seenScript.Run(ctx, s.rdb, []string{s.keys.seen(token)}, floorMillis(now), s.call(), tokenWindow.Milliseconds()).Bool()
	if err != nil {
		return false, fmt.Errorf("note event: %w", err)
	}
	return first, nil
}

// Unsee forgets that an event came, for one of which certainly nothing came.
func (s *Store) Unsee(ctx context.Context, token bot.Token) error {
	if err := s.rdb.Del(ctx, s.keys.seen(token)).Err(); err != nil {
		return fmt.Errorf("forget event: %w", err)
	}
	return nil
}
