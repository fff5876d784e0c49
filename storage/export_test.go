package storage

import (
	"fmt"
	"testing"
	"time"
)

// Beside is a store of another workspace on the same server, which needs no closing of its own.
func Beside(s *Store, team string, now func() time.Time) *Store {
	return &Store{rdb: s.rdb, keys: newKeys(team), seals: s.seals, now: now, nonce: s.nonce + team, numbers: s.numbers}
}

// EverythingStored dumps every value of the store's workspace, for tests that look for what must not be there.
func EverythingStored(t *testing.T, s *Store) []string {
	t.Helper()
	var all []string
	names, err := s.rdb.Keys(t.Context(), s.keys.prefix[:len(s.keys.prefix)-1]+"*").Result()
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range names {
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
