package storage

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/redis/go-redis/v9"
)

// oldestRedis is the oldest major version of Redis that everything here is tested on. Every Valkey is younger.
const oldestRedis = 7

// Check asks the server at url, read as [Options] has it, or each master of a cluster, whether a store can be opened there, and writes nothing. The error says why it cannot, the
// warnings what works but should not stay so. Neither names a password.
func Check(ctx context.Context, url string) (warnings []string, err error) {
	at, err := parseURL(url)
	if err != nil {
		return nil, err
	}
	rdb := newClient(at)
	defer func() {
		if closeErr := rdb.Close(); closeErr != nil {
			err = errors.Join(err, fmt.Errorf("close connection to Redis: %w", closeErr))
		}
	}()
	if err := rdb.Ping(ctx).Err(); err != nil {
		return nil, fmt.Errorf("ping Redis: %w", err)
	}
	if warnings, err = checkServer(ctx, rdb); err != nil {
		return warnings, err
	}
	_, about, err := findReplicas(ctx, rdb, at)
	if about != "" {
		warnings = append(warnings, about)
	}
	return warnings, err
}

// checkServer asks the server about itself and judges the answer. Of a cluster it asks every master, and warns of the same once.
func checkServer(ctx context.Context, rdb redis.UniversalClient) (warnings []string, err error) {
	cluster, ok := rdb.(*redis.ClusterClient)
	if !ok {
		about, err := ask(ctx, rdb)
		if err != nil {
			return nil, err
		}
		if about["redis_mode"] == "cluster" {
			return nil, errors.New("read Redis's mode: it is a cluster: write redis+cluster:// in its address")
		}
		return judgeServer(about)
	}
	var mu sync.Mutex
	err = cluster.ForEachMaster(ctx, func(ctx context.Context, node *redis.Client) error {
		about, err := ask(ctx, node)
		if err != nil {
			return err
		}
		found, err := judgeServer(about)
		mu.Lock()
		defer mu.Unlock()
		for _, warning := range found {
			if !slices.Contains(warnings, warning) {
				warnings = append(warnings, warning)
			}
		}
		return err
	})
	return warnings, err
}

func ask(ctx context.Context, rdb redis.Cmdable) (map[string]string, error) {
	info, err := rdb.Info(ctx, "server", "memory", "persistence", "replication").Result()
	if err != nil {
		return nil, fmt.Errorf("ask Redis about itself: %w", err)
	}
	return parseInfo(info), nil
}

// judgeServer refuses a server that is too old, drops keys or is a replica. What it does not say of itself is not held against it, but for the policy.
func judgeServer(about map[string]string) (warnings []string, err error) {
	version := about["redis_version"]
	major, _, _ := strings.Cut(version, ".")
	if n, err := strconv.Atoi(major); err == nil && n < oldestRedis && about["valkey_version"] == "" {
		return nil, fmt.Errorf("read Redis's version: %s is too old: it has to be Redis %d or later, or Valkey", version, oldestRedis)
	}
	if policy := about["maxmemory_policy"]; policy != "noeviction" {
		return nil, fmt.Errorf("read Redis's policy: it may drop keys when memory is short (maxmemory_policy is %q): set it to noeviction", policy)
	}
	if about["role"] == "slave" {
		return nil, errors.New("read Redis's role: it is a replica and cannot be written to: give the address of its primary")
	}
	if about["aof_enabled"] == "0" {
		warnings = append(warnings, "Redis runs without an append-only file: a crash loses what was written since its last snapshot")
	}
	return warnings, nil
}

// parseInfo reads the answer of INFO.
func parseInfo(info string) map[string]string {
	about := make(map[string]string)
	for line := range strings.SplitSeq(info, "\n") {
		if name, value, ok := strings.Cut(strings.TrimRight(line, "\r"), ":"); ok {
			about[name] = value
		}
	}
	return about
}
