package storage

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/redis/go-redis/v9"

	"rapport/bot"
)

// isNil reports whether the server said that there is nothing of that name.
func isNil(err error) bool { return errors.Is(err, redis.Nil) }

// getObject reads one object from a hash; [bot.ErrNotFound] if it is not there.
func (s *Store) getObject(ctx context.Context, noun, key, id string, object any) error {
	stored, err := s.rdb.HGet(ctx, key, id).Result()
	if isNil(err) {
		return fmt.Errorf("find %s %q: %w", noun, id, bot.ErrNotFound)
	}
	if err != nil {
		return fmt.Errorf("find %s %q: %w", noun, id, err)
	}
	return decodeValue(stored, object)
}

// lookup is a read of several objects of a sharded noun, queued on a pipeline.
type lookup struct {
	ids   [][]string
	reads []*redis.SliceCmd
}

// look queues the read of the objects with these ids: one command for each shard that they are in.
func (s *Store) look(ctx context.Context, pipe redis.Pipeliner, noun string, ids []string) lookup {
	byShard := make(map[int][]string)
	for _, id := range ids {
		byShard[shard(id)] = append(byShard[shard(id)], id)
	}
	var l lookup
	for _, n := range slices.Sorted(maps.Keys(byShard)) {
		l.ids = append(l.ids, byShard[n])
		l.reads = append(l.reads, pipe.HMGet(ctx, s.keys.shardOf(noun, n), byShard[n]...))
	}
	return l
}

// found reads the objects that were there, by id.
func found[T any](l lookup) (map[string]T, error) {
	objects := make(map[string]T)
	for i, read := range l.reads {
		for j, value := range read.Val() {
			stored, ok := value.(string)
			if !ok {
				continue
			}
			var object T
			if err := decodeValue(stored, &object); err != nil {
				return nil, err
			}
			objects[l.ids[i][j]] = object
		}
	}
	return objects, nil
}

// getObjects reads objects of a sharded noun in one round trip; those that are not there are missing from the answer.
func getObjects[T any](ctx context.Context, s *Store, noun string, ids []string) (map[string]T, error) {
	if len(ids) == 0 {
		return map[string]T{}, nil
	}
	pipe := s.rdb.Pipeline()
	l := s.look(ctx, pipe, noun, ids)
	if _, err := pipe.Exec(ctx); err != nil {
		return nil, fmt.Errorf("read %d %s: %w", len(ids), noun, err)
	}
	return found[T](l)
}

// allObjects reads every object of a hash, in the order of compare.
func allObjects[T any](ctx context.Context, s *Store, noun, key string, compare func(a, b T) int) ([]T, error) {
	values, err := s.rdb.HVals(ctx, key).Result()
	if err != nil {
		return nil, fmt.Errorf("read all %s: %w", noun, err)
	}
	return decodeAll(values, compare)
}

// decodeAll reads stored objects, in the order of compare.
func decodeAll[T any](values []string, compare func(a, b T) int) ([]T, error) {
	objects := make([]T, len(values))
	for i, stored := range values {
		if err := decodeValue(stored, &objects[i]); err != nil {
			return nil, err
		}
	}
	slices.SortFunc(objects, compare)
	return objects, nil
}

// span is a range of an index, as list.lua takes it.
type span struct {
	index  string // key of the sorted set
	lowest string
	limit  int // -1: all
	down   bool
	high   string // "": no end
}

// listed is one object that an index names.
type listed struct {
	id     string
	stored string
}

// list reads the objects of a sharded noun that an index names, in one round trip.
func (s *Store) list(ctx context.Context, noun string, r span) ([]listed, error) {
	keys, args := s.listCall(noun, r)
	return readListed(noun, r, listScript.Run(ctx, s.rdb, keys, args...))
}

// lists reads several ranges in one round trip, in the order of the ranges. A server that does not know the script yet is told it with the second try.
func (s *Store) lists(ctx context.Context, noun string, ranges ...span) ([][]listed, error) {
	calls, err := s.callLists(ctx, listScript.EvalSha, noun, ranges)
	if redis.HasErrorPrefix(err, "NOSCRIPT") {
		calls, _ = s.callLists(ctx, listScript.Eval, noun, ranges) // each call has its own error
	}
	all := make([][]listed, len(ranges))
	for i, r := range ranges {
		if all[i], err = readListed(noun, r, calls[i]); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// callLists has list.lua run for each range, by its hash or with its source, and returns the first error.
func (s *Store) callLists(
	ctx context.Context, call func(context.Context, redis.Scripter, []string, ...any) *redis.Cmd, noun string, ranges []span,
) ([]*redis.Cmd, error) {
	pipe := s.rdb.Pipeline()
	calls := make([]*redis.Cmd, len(ranges))
	for i, r := range ranges {
		keys, args := s.listCall(noun, r)
		calls[i] = call(ctx, pipe, keys, args...)
	}
	_, err := pipe.Exec(ctx)
	return calls, err
}

// listCall is what list.lua takes for a range.
func (s *Store) listCall(noun string, r span) (keys []string, args []any) {
	keys = append(make([]string, 0, shards+1), r.index)
	for n := range shards {
		keys = append(keys, s.keys.shardOf(noun, n))
	}
	direction, high := "up", r.high
	if r.down {
		direction = "down"
	}
	if high == "" {
		high = "+inf"
	}
	return keys, []any{r.lowest, high, direction, r.limit}
}

func readListed(noun string, r span, call *redis.Cmd) ([]listed, error) {
	reply, err := call.StringSlice()
	if err != nil {
		return nil, fmt.Errorf("list %s of %q: %w", noun, r.index, err)
	}
	objects := make([]listed, 0, len(reply)/2)
	for i := 0; i+1 < len(reply); i += 2 {
		objects = append(objects, listed{id: reply[i], stored: reply[i+1]})
	}
	return objects, nil
}
