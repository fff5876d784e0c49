package storage

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"rapport/bot"
)

// Backlog is how many sends are on their way and how many need an operator's eye.
type Backlog struct {
	Waiting  map[bot.Kind]int       // to be due, or due; of the kinds that were asked for and wait at all
	First    map[bot.Kind]time.Time // of the same kinds: when the first of those that wait is to be looked at; past if it is due
	Inflight int                    // somebody works on them
	Dead     int                    // refused, expired, or unknown for good
	Quiet    time.Time              // nobody posts before, for Slack asked to wait; past or zero if nobody has to
}

// OldestDue is how long the oldest due send waits at now, of all kinds but those given; zero if none is due.
func (b Backlog) OldestDue(now time.Time, but ...bot.Kind) time.Duration {
	var oldest time.Duration
	for kind, first := range b.First {
		if !slices.Contains(but, kind) {
			oldest = max(oldest, now.Sub(first))
		}
	}
	return oldest
}

// Backlog counts, in one round trip.
func (s *Store) Backlog(ctx context.Context, kinds []bot.Kind) (Backlog, error) {
	pipe := s.rdb.Pipeline()
	inflight, dead := pipe.ZCard(ctx, s.keys.inflight()), pipe.ZCard(ctx, s.keys.dead())
	quiet := pipe.Get(ctx, s.keys.paceUntil())
	waiting, first := make([]*redis.IntCmd, len(kinds)), make([]*redis.ZSliceCmd, len(kinds))
	for i, kind := range kinds {
		waiting[i] = pipe.ZCard(ctx, s.keys.due(kind))
		first[i] = pipe.ZRangeWithScores(ctx, s.keys.due(kind), 0, 0)
	}
	// The exec's own error is that of the first command that has one, and no back-off is nil.
	if _, err := pipe.Exec(ctx); err != nil && !isNil(err) {
		return Backlog{}, fmt.Errorf("count sends: %w", err)
	}
	if err := errors.Join(inflight.Err(), dead.Err()); err != nil {
		return Backlog{}, fmt.Errorf("count sends: %w", err)
	}
	b := Backlog{
		Waiting: make(map[bot.Kind]int), First: make(map[bot.Kind]time.Time), Inflight: int(inflight.Val()), Dead: int(dead.Val()),
	}
	for i, kind := range kinds {
		if err := waiting[i].Err(); err != nil {
			return Backlog{}, fmt.Errorf("count sends of kind %q: %w", kind, err)
		}
		if n := int(waiting[i].Val()); n > 0 {
			b.Waiting[kind] = n
		}
		for _, z := range first[i].Val() {
			b.First[kind] = instantOfScore(z.Score)
		}
	}
	var err error
	if b.Quiet, err = instant(quiet.Val()); err != nil {
		return Backlog{}, fmt.Errorf("count sends: %w", err)
	}
	return b, nil
}

// Queue lists sends of these kinds that are on their way, the earliest due first, at most limit: those that wait and those that somebody works on. They
// hold no texts.
func (s *Store) Queue(ctx context.Context, kinds []bot.Kind, limit int) ([]bot.Send, error) {
	sids, err := s.flying(ctx, kinds)
	if err != nil {
		return nil, err
	}
	for _, kind := range kinds {
		waiting, err := s.rdb.ZRange(ctx, s.keys.due(kind), 0, int64(limit)-1).Result()
		if err != nil {
			return nil, fmt.Errorf("list sends of kind %q: %w", kind, err)
		}
		sids = append(sids, waiting...)
	}
	// One may have been claimed, or let go, between the two readings.
	slices.Sort(sids)
	sends, err := s.records(ctx, slices.Compact(sids))
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(sends, func(a, b bot.Send) int { return a.Due.Compare(b.Due) })
	return sends[:min(limit, len(sends))], nil
}

// flying lists the sids of these kinds that somebody works on; there are as many as workers.
func (s *Store) flying(ctx context.Context, kinds []bot.Kind) ([]string, error) {
	held, err := s.rdb.ZRange(ctx, s.keys.inflight(), 0, -1).Result()
	if err != nil {
		return nil, fmt.Errorf("list sends in flight: %w", err)
	}
	var sids []string
	for _, flight := range held {
		if kind, sid, _ := strings.Cut(flight, " "); slices.Contains(kinds, bot.Kind(kind)) {
			sids = append(sids, sid)
		}
	}
	return sids, nil
}

// Dead lists sends that need an operator's eye, the latest first, at most limit.
func (s *Store) Dead(ctx context.Context, limit int) ([]bot.Send, error) {
	sids, err := s.rdb.ZRevRange(ctx, s.keys.dead(), 0, int64(limit)-1).Result()
	if err != nil {
		return nil, fmt.Errorf("list dead sends: %w", err)
	}
	return s.records(ctx, sids)
}
