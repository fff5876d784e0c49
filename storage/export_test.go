package storage

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
)

// Beside is a new store of another workspace on the same server, which needs no closing of its own.
func Beside(s *Store, team string, now func() time.Time) *Store {
	beside := &Store{
		rdb: s.rdb, keys: newKeys(team), seals: s.seals, now: now, nonce: s.nonce + team, numbers: s.numbers, replicated: s.replicated, watch: s.watch,
	}
	if err := beside.checkSchema(context.Background()); err != nil { // what it is called from has no context to give
		panic(err)
	}
	return beside
}

// NeedReplica has a store that was opened at the address of one server act as behind Sentinels: as a process that has not heard of a failover does.
func NeedReplica(s *Store) { s.replicated = true }

// ForgetScripts empties the script cache of the store's server.
func ForgetScripts(t *testing.T, s *Store) {
	t.Helper()
	node, err := s.primary(t.Context())
	if err == nil {
		err = node.ScriptFlush(t.Context()).Err()
	}
	if err != nil {
		t.Fatal(err)
	}
}

// KeyOf is a key of the store's workspace.
func KeyOf(s *Store) string { return s.keys.ledger() }

// EverythingStored dumps every value of the store's workspace, for tests that look for what must not be there.
func EverythingStored(t *testing.T, s *Store) []string {
	t.Helper()
	var all []string
	for _, key := range keysOf(t, s) {
		all = append(all, key)
		kind, err := s.rdb.Type(t.Context(), key).Result()
		if err != nil {
			t.Fatal(err)
		}
		switch kind {
		case "hash":
			all = append(all, fmt.Sprint(s.rdb.HGetAll(t.Context(), key).Val()))
		case "zset":
			all = append(all, fmt.Sprint(s.rdb.ZRange(t.Context(), key, 0, -1).Val()))
		case "string":
			all = append(all, s.rdb.Get(t.Context(), key).Val())
		default:
			t.Fatalf("key %q is a %s", key, kind)
		}
	}
	return all
}

// keysOf names the keys of the store's workspace, wherever they are.
func keysOf(t *testing.T, s *Store) []string {
	t.Helper()
	node, err := s.primary(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	// KEYS is nothing that the store's user may run everywhere.
	var names []string
	all := node.Scan(t.Context(), 0, s.keys.prefix[:len(s.keys.prefix)-1]+"*", 1000).Iterator()
	for all.Next(t.Context()) {
		names = append(names, all.Val())
	}
	if err := all.Err(); err != nil {
		t.Fatal(err)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// KeysLeft names the keys of the store's workspace without what all of them begin with, and without those that expire by themselves.
func KeysLeft(t *testing.T, s *Store) []string {
	t.Helper()
	var left []string
	for _, key := range keysOf(t, s) {
		name := strings.TrimPrefix(key, s.keys.prefix)
		if !strings.HasPrefix(name, "token:") && !strings.HasPrefix(name, "twin:") && name != "meta" && name != "ledger" {
			left = append(left, name)
		}
	}
	slices.Sort(left)
	return left
}

// AllKeys names every key of a server.
func AllKeys(t *testing.T, url string) []string {
	t.Helper()
	opt, err := parseURL(url)
	if err != nil {
		t.Fatal(err)
	}
	rdb := newClient(opt)
	defer func() { _ = rdb.Close() }()
	names, err := rdb.Keys(t.Context(), "*").Result()
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(names)
	return names
}

// CountTrips counts how often the store asks its server something from now on; commands that go out together count once.
func CountTrips(s *Store) *atomic.Int64 {
	var trips tripCounter
	s.rdb.AddHook(&trips)
	return &trips.Int64
}

type tripCounter struct{ atomic.Int64 }

func (c *tripCounter) DialHook(next redis.DialHook) redis.DialHook {
	return next
}

func (c *tripCounter) ProcessHook(next redis.ProcessHook) redis.ProcessHook {
	return func(ctx context.Context, cmd redis.Cmder) error {
		c.Add(1)
		return next(ctx, cmd)
	}
}

func (c *tripCounter) ProcessPipelineHook(next redis.ProcessPipelineHook) redis.ProcessPipelineHook {
	return func(ctx context.Context, cmds []redis.Cmder) error {
		c.Add(1)
		return next(ctx, cmds)
	}
}
