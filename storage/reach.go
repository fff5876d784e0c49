package storage

import (
	"context"
	"errors"
	"io"
	"net"
	"strings"

	"github.com/redis/go-redis/v9"
)

// starting are what a server says that is on its way up, or between two primaries.
var starting = []string{"LOADING", "CLUSTERDOWN", "MASTERDOWN", "TRYAGAIN"}

// noSentinel is what go-redis says, in words only, where none of the Sentinels answers.
const noSentinel = "all sentinels specified in configuration are unreachable"

// Unreachable reports whether an error of [Open] says that nobody answered, or only that they cannot yet: trying again later may help. A server that answers and is
// refused, for its settings, its password, its certificate or what it holds, stays so until somebody changes it.
func Unreachable(err error) bool {
	for _, prefix := range starting {
		if redis.HasErrorPrefix(err, prefix) {
			return true
		}
	}
	if broken, ok := errors.AsType[*net.OpError](err); ok {
		return !strings.HasSuffix(broken.Op, "error") // "remote error" is TLS's way to say no
	}
	if timeout, ok := errors.AsType[net.Error](err); ok && timeout.Timeout() {
		return true
	}
	for _, ended := range []error{context.DeadlineExceeded, io.EOF, io.ErrUnexpectedEOF} {
		if errors.Is(err, ended) {
			return true
		}
	}
	return err != nil && strings.Contains(err.Error(), noSentinel) && !redis.HasErrorPrefix(err, "WRONGPASS") && !redis.HasErrorPrefix(err, "NOAUTH")
}
