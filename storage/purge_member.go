package storage

import (
	"context"
	"fmt"
	"maps"
	"math"
	"slices"
	"time"

	"github.com/redis/go-redis/v9"
)

// Erasure says that a member was forgotten. It is all that stays of them, so that neither the directory nor a backup brings them back.
type Erasure struct {
	Member string    `json:"member"`
	At     time.Time `json:"at"` // the latest; for those from before this was noted, when it was first noted
}

// Erasures lists who was forgotten, the earliest first. Keep the list beside the backups, and newer than they are: [Store.Erase] holds a restored one
// against it.
func (s *Store) Erasures(ctx context.Context) ([]Erasure, error) {
	fields, err := s.rdb.HGetAll(ctx, s.keys.erased()).Result()
	if err != nil {
		return nil, fmt.Errorf("list who was forgotten: %w", err)
	}
	list := make([]Erasure, 0, len(fields))
	for _, id := range slices.Sorted(maps.Keys(fields)) {
		at, err := instant(fields[id])
		if err != nil {
			return nil, fmt.Errorf("list who was forgotten: %w", err)
		}
		list = append(list, Erasure{Member: id, At: at})
	}
	slices.SortStableFunc(list, func(a, b Erasure) int { return a.At.Compare(b.At) })
	return list, nil
}

// Erase forgets members now, whoever they are, as [Store.Forget] does with those who were deactivated long enough ago. It returns how many were. It is for a
// store that was restored from a backup which still knows them; an import does it by itself. Who is active comes back with the next reading of the
// directory, as somebody new.
func (s *Store) Erase(ctx context.Context, members ...string) (int, error) {
	for part := range slices.Chunk(members, fieldsAtOnce) {
		scores := make([]redis.Z, len(part))
		for i, id := range part {
			scores[i] = redis.Z{Score: 0, Member: id} // deactivated since ever, so next to be forgotten
		}
		if err := s.rdb.ZAdd(ctx, s.keys.gone(), scores...).Err(); err != nil {
			return 0, fmt.Errorf("forget %d members: %w", len(members), err)
		}
	}
	gone, _, err := s.forgetMembers(ctx, time.UnixMilli(1))
	return gone, err
}

// eraseAgain forgets those again who were forgotten since an instant, and are not any more.
func (s *Store) eraseAgain(ctx context.Context, since time.Time) (int, error) {
	list, err := s.Erasures(ctx)
	if err != nil {
		return 0, err
	}
	var members []string
	for part := range slices.Chunk(list, fieldsAtOnce) {
		ids := make([]string, len(part))
		for i, e := range part {
			ids[i] = e.Member
		}
		scores, err := s.rdb.ZMScore(ctx, s.keys.gone(), ids...).Result()
		if err != nil {
			return 0, fmt.Errorf("look for %d members: %w", len(ids), err)
		}
		for i, e := range part {
			if !e.At.Before(since) && !math.IsInf(scores[i], 1) {
				members = append(members, e.Member)
			}
		}
	}
	return s.Erase(ctx, members...)
}
