package storage

import (
	"context"
	"errors"
	"net"
	"sync"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/redis/go-redis/v9"
)

// OpenEmbedded starts a Redis inside the process, reached through memory alone, and opens a store on it. It holds its state until it is
// closed and no longer: for the playground and for tests.
func OpenEmbedded(ctx context.Context, o Options) (*Store, error) {
	server := miniredis.NewMiniRedis()
	s, err := newStore(o, &redis.Options{
		Addr: "embedded",
		Dialer: func(context.Context, string, string) (net.Conn, error) {
			conn, err := server.Dial()
			if err != nil {
				return nil, err
			}
			return newEagerConn(conn), nil
		},
	})
	if err != nil {
		return nil, err
	}
	s.close = func() error {
		defer server.Close()
		return s.rdb.Close()
	}
	s.age = newAging(o.Now(), server.FastForward)
	if err := s.checkSchema(ctx); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// agingStep is how often times to live are looked at: it costs a pass over all of them.
const agingStep = time.Minute

// newAging returns a function that lets the server's times to live pass as the store's clock does. A clock that is set back waits.
func newAging(start time.Time, forward func(time.Duration)) func(now time.Time) {
	var mu sync.Mutex
	last := start
	return func(now time.Time) {
		mu.Lock()
		passed := now.Sub(last)
		if passed < agingStep {
			mu.Unlock()
			return
		}
		last = now
		mu.Unlock()
		forward(passed)
	}
}
