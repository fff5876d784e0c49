package storage

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"rapport/bot"
)

// DirectorySync reads how far the copy of Slack's directory is.
func (s *Store) DirectorySync(ctx context.Context) (bot.DirectorySync, error) {
	fields, err := s.rdb.HMGet(ctx, s.keys.directory(), "mark", "asked").Result()
	if err != nil {
		return bot.DirectorySync{}, fmt.Errorf("read sync of directory: %w", err)
	}
	var mark bot.DirectorySync
	if text, ok := fields[0].(string); ok {
		if err := json.Unmarshal([]byte(text), &mark); err != nil {
			return bot.DirectorySync{}, fmt.Errorf("read sync of directory: %w", err)
		}
	}
	if asked, ok := fields[1].(string); ok {
		if mark.Asked, err = instant(asked); err != nil {
			return bot.DirectorySync{}, fmt.Errorf("read sync of directory: %w", err)
		}
	}
	return mark, nil
}

// AskSync asks whichever process runs the bot for a sync of the directory.
func (s *Store) AskSync(ctx context.Context, now time.Time) error {
	if err := s.rdb.HSet(ctx, s.keys.directory(), "asked", millis(now)).Err(); err != nil {
		return fmt.Errorf("ask for sync of directory: %w", err)
	}
	return nil
}

// HoldSync lets one process work on the sync until an instant, or as long as it goes on saving; false if another one does. Clocks that differ are no harm: what two
// did at the same time is the same.
func (s *Store) HoldSync(ctx context.Context, holder string, now, until time.Time) (bool, error) {
	held, err := holdSyncScript.Run(ctx, s.rdb, []string{s.keys.directory()}, holder, floorMillis(now), millis(until)).Bool()
	if err != nil {
		return false, fmt.Errorf("hold sync of directory: %w", err)
	}
	return held, nil
}

// SaveSync notes how far the sync is and whom it met since it was last noted. Its holder keeps it until an instant; [bot.ErrConflict] if it is another's by now. Where
// it begins or has ended nobody was met. begins is an argument, as a mark does not tell a sync that begins from one whose last page was empty.
func (s *Store) SaveSync(ctx context.Context, holder string, until time.Time, mark bot.DirectorySync, begins bool, met ...string) error {
	text, err := encodeJSON(mark)
	if err != nil {
		return err
	}
	args := []any{holder, floorMillis(until), text, bit(begins || mark.Began.IsZero()), bit(begins)}
	for _, id := range met {
		args = append(args, id)
	}
	held, err := saveSyncScript.Run(ctx, s.rdb, []string{s.keys.directory(), s.keys.listed()}, args...).Bool()
	if err != nil {
		return fmt.Errorf("save sync of directory: %w", err)
	}
	if !held {
		return fmt.Errorf("save sync of directory: %w", bot.ErrConflict)
	}
	return nil
}

func bit(yes bool) string {
	if yes {
		return "1"
	}
	return "0"
}

// Unmet finds those of some members whom the sync under way has not met.
func (s *Store) Unmet(ctx context.Context, ids []string) ([]string, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	members := make([]any, len(ids))
	for i, id := range ids {
		members[i] = id
	}
	met, err := s.rdb.SMIsMember(ctx, s.keys.listed(), members...).Result()
	if err != nil {
		return nil, fmt.Errorf("find who is missing from the directory: %w", err)
	}
	var unmet []string
	for i, id := range ids {
		if !met[i] {
			unmet = append(unmet, id)
		}
	}
	return unmet, nil
}
