package storage

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// A folder has a lock, so a bot on it cannot be overlooked. A server has none: whoever puts an import over a workspace, or deletes it, while a bot runs on
// it leaves that bot working on what is half there. So each process that runs a bot says now and then that it lives, under a key of its own that ends by itself
// after a crash, and operator's tools look for such keys before they begin.
//
// It is no lock: a bot that starts while a purge is at work is not kept out. One that starts during an import is, by the import's mark.

// AliveEvery is how often a process has to call [Store.Alive]: twice may fail without its being taken for dead.
const AliveEvery = 20 * time.Second

// aliveFor is how long a sign of life counts.
const aliveFor = 60 * time.Second

// ErrAlive is the answer of a workspace on which a bot gives signs of life.
var ErrAlive = errors.New("a bot runs on this workspace, or crashed less than a minute ago: stop all its bots, wait a minute, then try again. --force does it all the same")

// Alive says that this process runs a bot on the workspace, and looks whether the store still is the one that was opened: [ErrEmptied] if not. A store inside the
// process is only looked at.
func (s *Store) Alive(ctx context.Context) error {
	if s.shared {
		// Real time, as whoever waits for it to end.
		if err := s.rdb.Set(ctx, s.keys.alive(s.nonce), floorMillis(s.now()), aliveFor).Err(); err != nil {
			return fmt.Errorf("give a sign of life: %w", explained(err))
		}
	}
	return s.Ready(ctx)
}

// Leave takes the last sign of life back, so that nobody has to wait for its end.
func (s *Store) Leave(ctx context.Context) error {
	if !s.shared {
		return nil
	}
	if err := s.rdb.Unlink(ctx, s.keys.alive(s.nonce)).Err(); err != nil {
		return fmt.Errorf("take sign of life back: %w", err)
	}
	return nil
}

// nobodyAlive is [ErrAlive] if any process gives signs of life.
func (s *Store) nobodyAlive(ctx context.Context) error {
	return s.scan(ctx, func(found []string) error {
		if slices.ContainsFunc(found, s.keys.isAlive) {
			return ErrAlive
		}
		return nil
	})
}
