package storage

import (
	"context"
	"fmt"
	"time"
)

// Pace asks for leave to make a call that counts against the named rates; every[i] is how far apart calls of names[i] are. A wait of zero is
// leave, counted against all of them. Otherwise nothing is counted, and blocked is the first name that is not free, or "" if nobody may call
// because Slack said so (see [Store.BackOff]). The rates hold for all processes on the store.
func (s *Store) Pace(ctx context.Context, now time.Time, names []string, every []time.Duration) (wait time.Duration, blocked string, err error) {
	keys := make([]string, 1, len(names)+1)
	args := make([]any, 1, len(names)+1)
	keys[0], args[0] = s.keys.paceUntil(), floorMillis(now)
	for i, name := range names {
		keys = append(keys, s.keys.pace(name))
		args = append(args, every[i].Milliseconds())
	}
	reply, err := paceScript.Run(ctx, s.rdb, keys, args...).Int64Slice()
	if err != nil || len(reply) != 2 {
		return 0, "", fmt.Errorf("ask for pace of %q: %d answers: %w", names, len(reply), err)
	}
	if reply[1] > 0 {
		blocked = names[reply[1]-1]
	}
	return time.Duration(reply[0]) * time.Millisecond, blocked, nil
}

// BackOff keeps every process from calling Slack before until; a later instant that stands already stays.
func (s *Store) BackOff(ctx context.Context, until time.Time) error {
	if err := backoffScript.Run(ctx, s.rdb, []string{s.keys.paceUntil()}, millis(until)).Err(); err != nil {
		return fmt.Errorf("back off until %s: %w", until.UTC().Format(time.RFC3339), err)
	}
	return nil
}
