package storage

import (
	"context"
	"fmt"

	"github.com/redis/go-redis/v9"

	"rapport/bot"
)

// Backlog is how many sends are on their way and how many need an operator's eye.
type Backlog struct {
	Waiting  map[bot.Kind]int // to be due, or due; of the kinds that were asked for and wait at all
	Inflight int              // somebody works on them
	Dead     int              // refused, expired, or unknown for good
}

// Backlog counts, in one round trip.
func (s *Store) Backlog(ctx context.Context, kinds []bot.Kind) (Backlog, error) {
	pipe := s.rdb.Pipeline()
	inflight, dead := pipe.ZCard(ctx, s.keys.inflight()), pipe.ZCard(ctx, s.keys.dead())
	waiting := make([]*redis.IntCmd, len(kinds))
	for i, kind := range kinds {
		waiting[i] = pipe.ZCard(ctx, s.keys.due(kind))
	}
	if _, err := pipe.Exec(ctx); err != nil {
		return Backlog{}, fmt.Errorf("count sends: %w", err)
	}
	b := Backlog{Waiting: make(map[bot.Kind]int), Inflight: int(inflight.Val()), Dead: int(dead.Val())}
	for i, kind := range kinds {
		if n := int(waiting[i].Val()); n > 0 {
			b.Waiting[kind] = n
		}
	}
	return b, nil
}

// Queue lists sends of these kinds that are on their way, the earliest due first within a kind, at most limit of each. They hold no texts.
func (s *Store) Queue(ctx context.Context, kinds []bot.Kind, limit int) ([]bot.Send, error) {
	var sids []string
	for _, kind := range kinds {
		waiting, err := s.rdb.ZRange(ctx, s.keys.due(kind), 0, int64(limit)-1).Result()
		if err != nil {
			return nil, fmt.Errorf("list sends of kind %q: %w", kind, err)
		}
		sids = append(sids, waiting...)
	}
	return s.records(ctx, sids)
}

// Dead lists sends that need an operator's eye, the latest first, at most limit.
func (s *Store) Dead(ctx context.Context, limit int) ([]bot.Send, error) {
	sids, err := s.rdb.ZRevRange(ctx, s.keys.dead(), 0, int64(limit)-1).Result()
	if err != nil {
		return nil, fmt.Errorf("list dead sends: %w", err)
	}
	return s.records(ctx, sids)
}
