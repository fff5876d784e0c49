package storage

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"rapport/bot"
)

// DraftsLeft counts what there is of drafts by these names.
func DraftsLeft(t *testing.T, s *Store, names ...string) int {
	t.Helper()
	left := s.rdb.ZCard(t.Context(), s.keys.drafts()).Val()
	for _, name := range names {
		left += s.rdb.Exists(t.Context(), s.keys.draft(name)).Val()
	}
	return int(left)
}

// SaveSeats stores many new seats at once.
func SaveSeats(ctx context.Context, s *Store, seats []bot.Seat) error {
	c := s.change()
	for _, seat := range seats {
		if err := s.putSeat(c, seat); err != nil {
			return err
		}
	}
	return s.commit(ctx, c)
}

// LongestCall measures in nanoseconds how long the longest call to the server takes from now on, the way there and back included. Of commands that go out together
// the server does others in between, so these count by their share.
func LongestCall(s *Store) *atomic.Int64 {
	var l longestCall
	s.rdb.AddHook(&l)
	return &l.Int64
}

type longestCall struct{ atomic.Int64 }

func (l *longestCall) note(d time.Duration) {
	for {
		was := l.Load()
		if int64(d) <= was || l.CompareAndSwap(was, int64(d)) {
			return
		}
	}
}

func (l *longestCall) DialHook(next redis.DialHook) redis.DialHook { return next }

func (l *longestCall) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error {
		begin := time.Now()
		defer func() { l.note(time.Since(begin)) }()
		return next(ctx, cmd)
	}
}

func (l *longestCall) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return func(ctx context.Context, cmds []redis.Cmder) error {
		begin := time.Now()
		defer func() { l.note(time.Since(begin) / time.Duration(max(1, len(cmds)))) }()
		return next(ctx, cmds)
	}
}
