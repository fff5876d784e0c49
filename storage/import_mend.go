package storage

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/redis/go-redis/v9"

	"rapport/bot"
)

// mend makes everything anew that only says where something stands. An export of a store in use is not of one moment: a kudos can be in it without its
// place in a list, a message that waits without its place in the queue.
func (s *Store) mend(ctx context.Context) error {
	if err := s.dropLists(ctx); err != nil {
		return fmt.Errorf("empty lists: %w", err)
	}
	for n := range shards {
		if err := s.mendShard(ctx, s.keys.shardOf(nounKudos, n), s.mendKudos); err != nil {
			return fmt.Errorf("list kudos anew: %w", err)
		}
		if err := s.mendShard(ctx, s.keys.shardOf(nounCommitment, n), s.mendCommitment); err != nil {
			return fmt.Errorf("list commitments anew: %w", err)
		}
		if err := s.mendShard(ctx, s.keys.shardOf(nounReport, n), s.mendReport); err != nil {
			return fmt.Errorf("list reports anew: %w", err)
		}
	}
	if err := s.mendSeats(ctx); err != nil {
		return fmt.Errorf("list seats anew: %w", err)
	}
	if err := s.mendMentorships(ctx); err != nil {
		return fmt.Errorf("list mentorships anew: %w", err)
	}
	if err := s.mendLedger(ctx); err != nil {
		return fmt.Errorf("queue sends anew: %w", err)
	}
	return nil
}

// mendShard goes through the objects of a hash, a batch in one step.
func (s *Store) mendShard(ctx context.Context, key string, mend func(c *change, id, stored string) error) error {
	for cursor := uint64(0); ; {
		fields, next, err := s.rdb.HScan(ctx, key, cursor, "", forgetAtOnce).Result()
		if err != nil {
			return err
		}
		for page := range slices.Chunk(fields, 2*forgetAtOnce) {
			c := s.change()
			for i := 0; i+1 < len(page); i += 2 {
				if err := mend(c, page[i], page[i+1]); err != nil {
					return fmt.Errorf("read %q: %w", page[i], err)
				}
			}
			if err := s.commit(ctx, c); err != nil {
				return err
			}
		}
		if cursor = next; cursor == 0 {
			return nil
		}
	}
}

func (s *Store) mendKudos(c *change, id, stored string) error {
	var k bot.Kudos
	if err := decodeValue(stored, &k); err != nil {
		return err
	}
	c.op("ZADD", s.keys.kudosGiven(), millis(k.Given), id)
	s.indexKudos(c, k)
	return nil
}

func (s *Store) mendCommitment(c *change, id, stored string) error {
	var sealed sealedCommitment
	if err := decodeValue(stored, &sealed); err != nil {
		return err
	}
	s.indexCommitment(c, id, sealed)
	return nil
}

// mendSeats stores each seat again where it is found by its member.
func (s *Store) mendSeats(ctx context.Context) error {
	return s.scan(ctx, func(keys []string) error {
		for _, key := range keys {
			program, ok := strings.CutPrefix(key, s.keys.seats(""))
			if !ok || strings.HasPrefix(key, s.keys.seatsOf("")) {
				continue
			}
			err := s.mendShard(ctx, key, func(c *change, member, stored string) error {
				c.op("HSET", s.keys.seatsOf(member), program, stored)
				return nil
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// dropLists deletes everything that only says where something stands.
func (s *Store) dropLists(ctx context.Context) error {
	whole := []string{s.keys.kudosGiven(), s.keys.closed(), s.keys.reportsMade(), s.keys.inflight(), s.keys.dead()}
	begun := []string{s.keys.prefix + "kudos:in:", s.keys.kudosBy(""), s.keys.kudosTo(""), s.keys.owned(""), s.keys.owed(""), s.keys.due(""), s.keys.seatsOf(""), s.keys.mentoring("")}
	return s.scan(ctx, func(keys []string) error {
		lists := slices.DeleteFunc(keys, func(key string) bool {
			return !slices.Contains(whole, key) && !slices.ContainsFunc(begun, func(begin string) bool { return strings.HasPrefix(key, begin) })
		})
		if len(lists) == 0 {
			return nil
		}
		return s.rdb.Unlink(ctx, lists...).Err()
	})
}

// mendLedger fills the ledger's queues from the records. A record of a send that was settled is no longer wanted.
func (s *Store) mendLedger(ctx context.Context) error {
	records := s.keys.send("")
	return s.scan(ctx, func(keys []string) error {
		keys = slices.DeleteFunc(keys, func(key string) bool { return !strings.HasPrefix(key, records) })
		for part := range slices.Chunk(keys, forgetAtOnce) {
			if err := s.mendSends(ctx, part); err != nil {
				return err
			}
		}
		return nil
	})
}

// mendSends puts some records where they belong.
func (s *Store) mendSends(ctx context.Context, records []string) error {
	pipe := s.rdb.Pipeline()
	reads := make([]*redis.SliceCmd, len(records))
	tombs := make([][]*redis.BoolCmd, len(records))
	for i, key := range records {
		reads[i] = pipe.HMGet(ctx, key, "state", "kind", "due", "lease", "settled")
		for _, tomb := range s.keys.recentTombs(s.now()) {
			tombs[i] = append(tombs[i], pipe.HExists(ctx, tomb, strings.TrimPrefix(key, s.keys.send(""))))
		}
	}
	if _, err := pipe.Exec(ctx); err != nil {
		return err
	}
	pipe = s.rdb.Pipeline()
	for i, key := range records {
		buried := slices.ContainsFunc(tombs[i], func(t *redis.BoolCmd) bool { return t.Val() })
		s.queueAgain(ctx, pipe, key, textsOf(reads[i].Val()), buried)
	}
	_, err := pipe.Exec(ctx)
	return err
}

// queueAgain puts a record into the queue that its fields state, kind, due, lease and settled speak of.
func (s *Store) queueAgain(ctx context.Context, pipe redis.Pipeliner, key string, f []string, buried bool) {
	sid := strings.TrimPrefix(key, s.keys.send(""))
	state, kind, due, lease, settled := f[0], f[1], f[2], f[3], f[4]
	switch {
	case state == "" || buried:
		pipe.Unlink(ctx, key)
	case settled != "":
		pipe.Do(ctx, "ZADD", s.keys.dead(), settled, sid)
	case lease != "":
		pipe.Do(ctx, "ZADD", s.keys.inflight(), lease, kind+" "+sid)
	default:
		pipe.Do(ctx, "ZADD", s.keys.due(bot.Kind(kind)), due, sid)
	}
}

// textsOf reads the answer of HMGET; "" for what is not there.
func textsOf(values []any) []string {
	texts := make([]string, len(values))
	for i, v := range values {
		texts[i], _ = v.(string)
	}
	return texts
}
