package storage

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/redis/go-redis/v9"
)

// AuditEntry is one thing that somebody did to the workspace by hand, past Slack. It holds names of kinds and sids, no texts.
type AuditEntry struct {
	At   time.Time `json:"at"`
	By   string    `json:"by"`           // who, as they said or as their machine knows them
	What string    `json:"what"`         // such as "pause"
	Of   []string  `json:"of,omitempty"` // what it was done to, such as kinds or sids
	Call string    `json:"call"`         // tells two equal entries apart, and an entry from its own repetition by the client
}

const (
	// auditLife is how long an entry is kept.
	auditLife = 180 * 24 * time.Hour
	// auditMost is how many entries are kept, the latest ones.
	auditMost = 10_000
)

// Note writes an entry to the audit log. Write it before the act: what is done but not noted is worse than what is noted and failed.
func (s *Store) Note(ctx context.Context, e AuditEntry) error {
	e.At, e.Call = e.At.UTC().Truncate(time.Millisecond), s.call()
	text, err := encodeJSON(e)
	if err != nil {
		return err
	}
	pipe := s.rdb.Pipeline()
	pipe.ZAdd(ctx, s.keys.audit(), redis.Z{Score: float64(e.At.UnixMilli()), Member: text})
	pipe.ZRemRangeByRank(ctx, s.keys.audit(), 0, -auditMost-1)
	if _, err := pipe.Exec(ctx); err != nil {
		return fmt.Errorf("note %q in audit log: %w", e.What, err)
	}
	return nil
}

// Audit lists the latest entries of the audit log, the latest first, at most limit.
func (s *Store) Audit(ctx context.Context, limit int) ([]AuditEntry, error) {
	lines, err := s.rdb.ZRevRange(ctx, s.keys.audit(), 0, int64(limit)-1).Result()
	if err != nil {
		return nil, fmt.Errorf("read audit log: %w", err)
	}
	entries := make([]AuditEntry, len(lines))
	for i, line := range lines {
		if err := json.Unmarshal([]byte(line), &entries[i]); err != nil {
			return nil, fmt.Errorf("read audit log: entry of %d bytes: %w", len(line), err)
		}
	}
	return entries, nil
}

// forgetAudit deletes entries that were kept long enough, and returns how many.
func (s *Store) forgetAudit(ctx context.Context, now time.Time) (int, error) {
	n, err := s.rdb.ZRemRangeByScore(ctx, s.keys.audit(), "-inf", "("+floorMillis(now.Add(-auditLife))).Result()
	if err != nil {
		return 0, fmt.Errorf("delete old entries of audit log: %w", err)
	}
	return int(n), nil
}
