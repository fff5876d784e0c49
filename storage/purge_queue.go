package storage

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/redis/go-redis/v9"
)

// Where asynq hands out the work, its keys lie beside the workspace's, for it makes their names: asynq:{<queue>}:… for each queue, and one set with the names of
// all queues, whosever they are. A workspace's queues are those whose names begin with rapport:<team>: (see the scheduler's dispatch).
const allQueues = "asynq:queues"

func queuesOf(team string) string { return "rapport:" + team + ":" }

// purgeQueues deletes the workspace's queues, and returns how many keys they had.
func (v *Server) purgeQueues(ctx context.Context, team string) (keys int, err error) {
	names, err := v.queueKeys(ctx, team)
	if err != nil {
		return 0, err
	}
	for page := range slices.Chunk(names, pipelineSize) {
		pipe := v.rdb.Pipeline()
		gone := make([]*redis.IntCmd, len(page))
		for i, name := range page {
			gone[i] = pipe.Unlink(ctx, name) // each by itself: queues lie on different nodes of a cluster
		}
		if _, err := pipe.Exec(ctx); err != nil {
			return keys, fmt.Errorf("delete queues: %w", explained(err))
		}
		for _, n := range gone {
			keys += int(n.Val())
		}
	}
	return keys, v.dropQueueNames(ctx, team, len(names) == 0)
}

// queueKeys lists the keys of the workspace's queues, on whichever node they are.
func (v *Server) queueKeys(ctx context.Context, team string) ([]string, error) {
	begin := "asynq:{" + queuesOf(team)
	var mu sync.Mutex
	var names []string
	collect := func(ctx context.Context, node redis.Cmdable) error {
		return scanNode(ctx, node, begin+"*", func(found []string) error {
			mu.Lock()
			defer mu.Unlock()
			for _, name := range found {
				if strings.HasPrefix(name, begin) {
					names = append(names, name)
				}
			}
			return nil
		})
	}
	var err error
	if cluster, ok := v.rdb.(*redis.ClusterClient); ok {
		err = cluster.ForEachMaster(ctx, func(ctx context.Context, node *redis.Client) error { return collect(ctx, node) })
	} else {
		err = collect(ctx, v.rdb)
	}
	if err != nil {
		return nil, fmt.Errorf("list queues: %w", err)
	}
	slices.Sort(names)
	return slices.Compact(names), nil
}

// dropQueueNames takes the workspace's queues out of the set of all. A user of the server that may not look at it, where no queue was found, never used any.
func (v *Server) dropQueueNames(ctx context.Context, team string, none bool) error {
	all, err := v.rdb.SMembers(ctx, allQueues).Result()
	if none && redis.HasErrorPrefix(err, "NOPERM") {
		return nil
	}
	if err != nil {
		return fmt.Errorf("list names of queues: %w", explained(err))
	}
	var ours []any
	for _, name := range all {
		if strings.HasPrefix(name, queuesOf(team)) {
			ours = append(ours, name)
		}
	}
	if len(ours) == 0 {
		return nil
	}
	if err := v.rdb.SRem(ctx, allQueues, ours...).Err(); err != nil {
		return fmt.Errorf("delete names of queues: %w", explained(err))
	}
	return nil
}
