package storage

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/redis/go-redis/v9"

	"rapport/bot"
)

// DueEntries shows the schedule entries whose stored next run has come, and those that are new or changed, whose next run is the zero
// instant: it has to be computed, from since, when they changed. mark is what [Store.Fire] wants to know again.
func (s *Store) DueEntries(ctx context.Context, now time.Time, show func(e bot.Entry, since, next time.Time, mark string) error) error {
	due, err := s.rdb.ZRangeByScoreWithScores(ctx, s.keys.next(), &redis.ZRangeBy{Min: "-inf", Max: floorMillis(now)}).Result()
	if err != nil {
		return fmt.Errorf("list due schedule entries: %w", err)
	}
	if len(due) == 0 {
		return nil
	}
	names := make([]string, len(due))
	for i, z := range due {
		names[i] = fmt.Sprint(z.Member)
	}
	pipe := s.rdb.Pipeline()
	stored, changed := pipe.HMGet(ctx, s.keys.entries(), names...), pipe.HMGet(ctx, s.keys.since(), names...)
	if _, err := pipe.Exec(ctx); err != nil {
		return fmt.Errorf("read %d schedule entries: %w", len(names), err)
	}
	for i, z := range due {
		text, ok := stored.Val()[i].(string)
		if !ok {
			continue
		}
		var e bot.Entry
		if err := json.Unmarshal([]byte(text), &e); err != nil {
			return fmt.Errorf("read schedule entry %q: %w", names[i], err)
		}
		at, _ := changed.Val()[i].(string)
		since, err := instant(at)
		if err != nil {
			return fmt.Errorf("read schedule entry %q: %w", names[i], err)
		}
		var next time.Time
		if z.Score > 0 {
			next = instantOfScore(z.Score)
		}
		if err := show(e, since, next, strconv.FormatInt(int64(z.Score), 10)); err != nil {
			return err
		}
	}
	return nil
}

// NextEntry returns the earliest stored next run; zero if there is none. One that has passed stands for entries that are due.
func (s *Store) NextEntry(ctx context.Context) (time.Time, error) {
	first, err := s.rdb.ZRangeWithScores(ctx, s.keys.next(), 0, 0).Result()
	if err != nil {
		return time.Time{}, fmt.Errorf("find next run: %w", err)
	}
	if len(first) == 0 {
		return time.Time{}, nil
	}
	return instantOfScore(first[0].Score), nil
}

// Fire claims the run of an entry at a civil time, such as "2026-03-02T09:00", stores the next run (zero: none any more) and inserts what the run
// brings about, in one step. An empty civil time claims nothing. It reports whether the run was claimed by this call: never for a civil
// time that is not later than the latest claimed, and not if the entry is no longer as mark has it.
func (s *Store) Fire(ctx context.Context, name, mark, civil string, next time.Time, intents bot.Intents) (bool, error) {
	l := newKeyList(s.keys.next(), s.keys.fired())
	what := following{Tombs: l.tombs(s.keys.recentTombs(s.now()))}
	for _, i := range intents {
		what.Sends = append(what.Sends, newSendStep(l, s.keys, i))
	}
	text, err := encodeJSON(what)
	if err != nil {
		return false, err
	}
	answer, err := fireScript.Run(ctx, s.rdb, l.list, name, mark, millis(next), civil, text).Text()
	if err != nil {
		return false, fmt.Errorf("fire schedule entry %q: %w", name, err)
	}
	return answer == "fired", nil
}
