package storage

import (
	"context"
	"fmt"
	"time"

	"rapport/bot"
)

// Pace asks for leave to make a call that counts against the rates and belongs to no claim. A wait of zero is leave, counted against all of them.
// Otherwise nothing is counted, and blocked is the name of the first that is not free, or "" if nobody may call because Slack said so (see
// [Store.BackOff]). The rates hold for all processes on the store, and are those of [Store.Claim]. However much their clocks differ, nobody waits
// longer than calls of the rate are apart.
func (s *Store) Pace(ctx context.Context, now time.Time, rates []bot.Rate) (wait time.Duration, blocked string, err error) {
	keys := make([]string, 1, len(rates)+1)
	args := make([]any, 1, len(rates)+1)
	keys[0], args[0] = s.keys.paceUntil(), floorMillis(now)
	for _, r := range rates {
		keys = append(keys, s.keys.pace(r.Name))
		args = append(args, r.Every.Milliseconds())
	}
	reply, err := paceScript.Run(ctx, s.rdb, keys, args...).Int64Slice()
	if err != nil {
		return 0, "", fmt.Errorf("ask for pace: %w", err)
	}
	if len(reply) != 2 || reply[1] < 0 || int(reply[1]) > len(rates) {
		return 0, "", fmt.Errorf("ask for pace: an answer of %d parts", len(reply))
	}
	if reply[1] > 0 {
		blocked = rates[reply[1]-1].Name
	}
	return time.Duration(reply[0]) * time.Millisecond, blocked, nil
}

// backoffKept is how long it is remembered that nobody may call: longer than the ten minutes that it may last (longestRest in free.lua).
const backoffKept = 11 * time.Minute

// BackOff keeps every process from calling Slack before until; a later instant that stands already stays. Whoever asks waits for ten minutes at most:
// Slack says so again if it has to be longer, and an instant of a clock that is wrong must not keep everybody silent.
func (s *Store) BackOff(ctx context.Context, until time.Time) error {
	if err := backoffScript.Run(ctx, s.rdb, []string{s.keys.paceUntil()}, millis(until), backoffKept.Milliseconds()).Err(); err != nil {
		return fmt.Errorf("back off until %s: %w", until.UTC().Format(time.RFC3339), err)
	}
	return nil
}
