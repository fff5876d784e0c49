package storage

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/redis/go-redis/v9"
)

// SetLog says where go-redis tells of its connections, at level debug; it writes lines of its own to standard error otherwise. It is one for the whole process,
// because go-redis has only one. What goes wrong comes as an error anyway.
func SetLog(log *slog.Logger) { redis.SetLogger(clientLog{log}) }

// clientLog is a logger as go-redis wants it.
type clientLog struct{ log *slog.Logger }

// Printf implements go-redis's interface of a logger.
func (l clientLog) Printf(ctx context.Context, format string, args ...any) {
	if l.log.Enabled(ctx, slog.LevelDebug) {
		l.log.DebugContext(ctx, "redis client", "said", fmt.Sprintf(format, args...))
	}
}
