package storage

import (
	"context"
	"errors"
	"net"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
)

// Observe has every command and pipeline reported: how long its answer took in real time, and its error, nil if it has none. An answer
// that there is nothing, a script that the server has to be told first, and a call that its caller gave up are no errors. Call it before the store
// is used by several.
func (s *Store) Observe(tell func(took time.Duration, err error)) {
	s.rdb.AddHook(observer{tell: tell})
}

// observer is a hook of the client.
type observer struct {
	tell func(took time.Duration, err error)
}

// DialHook implements [redis.Hook].
func (observer) DialHook(next redis.DialHook) redis.DialHook {
	return func(ctx context.Context, network, addr string) (net.Conn, error) { return next(ctx, network, addr) }
}

// ProcessHook implements [redis.Hook].
func (o observer) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error {
		begun := stopwatch()
		err := next(ctx, cmd)
		o.tell(begun(), trouble(err))
		return err
	}
}

// ProcessPipelineHook implements [redis.Hook].
func (o observer) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return func(ctx context.Context, cmds []redis.Cmder) error {
		begun := stopwatch()
		err := next(ctx, cmds)
		o.tell(begun(), trouble(err))
		return err
	}
}

// stopwatch measures real time, which is what a server takes whatever the clock of the workspace says.
func stopwatch() func() time.Duration {
	begun := time.Now()                                      //nolint:forbidigo // real time, see above
	return func() time.Duration { return time.Since(begun) } //nolint:forbidigo // real time, see above
}

// trouble leaves out what is no error of the store's.
func trouble(err error) error {
	if err == nil || isNil(err) || errors.Is(err, context.Canceled) || strings.HasPrefix(err.Error(), "NOSCRIPT") {
		return nil
	}
	return err
}
