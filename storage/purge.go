package storage

import (
	"context"
	"fmt"
	"slices"
)

// Purge deletes everything of a workspace, in whatever state it is: also what another version stored, or an import left behind, and the queues that asynq had
// for it. It works in pieces, so that nobody else waits long for the server; one that broke off is made again. No bot may run on the workspace
// meanwhile, or people talk to one that can store nothing: while one gives signs of life this is [ErrAlive], unless it is forced. It returns how many keys there were.
func (v *Server) Purge(ctx context.Context, team string, force bool) (keys int, err error) {
	if v.live {
		return 0, ErrLive
	}
	s, err := v.unchecked(team)
	if err != nil {
		return 0, err
	}
	if !force {
		if err := s.nobodyAlive(ctx); err != nil {
			return 0, fmt.Errorf("purge workspace %q: %w", team, err)
		}
	}
	// The key by which the workspace is found goes last.
	keys, err = s.wipe(ctx, s.keys.meta())
	if err != nil {
		return keys, fmt.Errorf("purge workspace %q: %w", team, err)
	}
	queues, err := v.purgeQueues(ctx, team)
	keys += queues
	if err != nil {
		return keys, fmt.Errorf("purge workspace %q: %w", team, err)
	}
	n, err := s.rdb.Unlink(ctx, s.keys.meta()).Result()
	if err != nil {
		return keys, fmt.Errorf("purge workspace %q: %w", team, err)
	}
	return keys + int(n), nil
}

// wipe deletes the keys of the workspace but some, until none is found, and returns how many there were.
func (s *Store) wipe(ctx context.Context, keep ...string) (int, error) {
	for all := 0; ; {
		gone := 0
		err := s.scan(ctx, func(keys []string) error {
			keys = slices.DeleteFunc(keys, func(key string) bool { return slices.Contains(keep, key) })
			if len(keys) == 0 {
				return nil
			}
			n, err := s.rdb.Unlink(ctx, keys...).Result()
			gone += int(n)
			return err
		})
		all += gone
		if err != nil {
			return all, fmt.Errorf("delete keys: %w", err)
		}
		if gone == 0 {
			return all, nil
		}
	}
}
