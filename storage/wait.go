package storage

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
)

// A primary that dies takes with it what no replica has yet, and one that is cut off goes on answering its clients while the others have elected another. So
// where there are replicas, a step that others rely on counts only once a replica has confirmed it: WAIT, on the same connection and in the same flush as the
// script, for WAIT asks for what its own connection wrote. Such steps are a claim, the beginning of a post, and a change that somebody is told of.

const (
	// replicaTime is how long a replica may take to confirm. It is less than what the steps of a send have to spare, and than a person waits.
	replicaTime = time.Second
	// replicasNeeded is how many have to. One is enough, for it is the one that has most that is elected.
	replicasNeeded = 1
)

// ErrUnconfirmed says that a change was made and no replica confirmed it in time: it may not survive the loss of the primary.
var ErrUnconfirmed = errors.New("no replica confirmed it")

// detours bounds how often a step is tried anew because the keys have moved, and detourPause is between two of them.
const (
	detours     = 8
	detourPause = 50 * time.Millisecond
)

// confirmed runs a script and, where there are replicas, has one confirm what it wrote. The script has to write something, also when it is repeated. With
// [ErrUnconfirmed] the script has run, and its answer is returned.
func (s *Store) confirmed(ctx context.Context, script *redis.Script, keys []string, args ...any) (*redis.Cmd, error) {
	if !s.replicated {
		cmd := script.Run(ctx, s.rdb, keys, args...)
		return cmd, explained(cmd.Err())
	}
	var cmd *redis.Cmd
	whole := false // with its source
	for range detours {
		node, err := s.primary(ctx)
		if err != nil {
			return nil, err
		}
		var replicas *redis.Cmd
		_, _ = node.Pipelined(ctx, func(pipe redis.Pipeliner) error { // each command has its own error
			if whole {
				cmd = script.Eval(ctx, pipe, keys, args...)
			} else {
				cmd = script.EvalSha(ctx, pipe, keys, args...)
			}
			replicas = pipe.Do(ctx, "wait", replicasNeeded, replicaTime.Milliseconds())
			return nil
		})
		switch err := cmd.Err(); {
		case err == nil:
			return cmd, enough(replicas)
		case redis.HasErrorPrefix(err, "NOSCRIPT"):
			whole = true
		case s.elsewhere(ctx, err):
			if err := pause(ctx, detourPause); err != nil {
				return cmd, err
			}
		default:
			return cmd, explained(err)
		}
	}
	return cmd, cmd.Err()
}

// refusals are what a server says that answers and does nothing, and what that means to whoever runs it.
var refusals = map[string]string{
	"OOM":      "the store is full: give Redis more memory",
	"READONLY": "the store is a replica by now: give the address of its primary, or of its Sentinels",
	"MISCONF":  "the store cannot write to its disk",
	"NOPERM":   "the store's user may not do this",
	"LOADING":  "the store has just been started and reads what it has",
}

// explained says in words what a server's refusal means.
func explained(err error) error {
	for prefix, meaning := range refusals {
		if redis.HasErrorPrefix(err, prefix) {
			return fmt.Errorf("%s: %w", meaning, err)
		}
	}
	return err
}

func enough(replicas *redis.Cmd) error {
	n, err := replicas.Int()
	switch {
	case err != nil:
		return fmt.Errorf("%w: %w", ErrUnconfirmed, err)
	case n < replicasNeeded:
		return ErrUnconfirmed
	}
	return nil
}

// primary is the server that holds the workspace's keys.
func (s *Store) primary(ctx context.Context) (*redis.Client, error) {
	switch rdb := s.rdb.(type) {
	case *redis.Client:
		return rdb, nil
	case *redis.ClusterClient:
		node, err := rdb.MasterForKey(ctx, s.keys.ledger())
		if err != nil {
			return nil, fmt.Errorf("find the master of the workspace: %w", err)
		}
		return node, nil
	}
	return nil, fmt.Errorf("find the primary: a %T has none", s.rdb)
}

// elsewhere reports whether an error says that the keys are on their way to another node, and has the client look where.
func (s *Store) elsewhere(ctx context.Context, err error) bool {
	cluster, ok := s.rdb.(*redis.ClusterClient)
	if !ok {
		return false
	}
	for _, prefix := range []string{"MOVED", "ASK", "TRYAGAIN", "CLUSTERDOWN", "READONLY"} {
		if redis.HasErrorPrefix(err, prefix) {
			cluster.ReloadState(ctx)
			return true
		}
	}
	return false
}

// pause waits in real time: it is a server that is waited for.
func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}

// findReplicas says whether replicas have to confirm, and what should be known about them. Behind Sentinels they always have to: without one there is
// nothing to fail over to. A cluster may have none at all; one where any master has some is taken for one where all should.
func findReplicas(ctx context.Context, rdb redis.UniversalClient, at address) (needed bool, warning string, err error) {
	switch {
	case at.sentinel != nil:
		info, err := rdb.Info(ctx, "replication").Result()
		if err != nil {
			return false, "", fmt.Errorf("ask for replicas: %w", err)
		}
		if parseInfo(info)["connected_slaves"] == "0" {
			warning = "no replica is connected to the primary: nothing is sent or confirmed until one is"
		}
		return true, warning, nil
	case at.cluster != nil:
		nodes, err := rdb.(*redis.ClusterClient).ClusterNodes(ctx).Result()
		if err != nil {
			return false, "", fmt.Errorf("ask for replicas: %w", err)
		}
		if !hasReplica(nodes) {
			return false, "the cluster has no replicas: while a master is away nothing works for the workspaces on it, and if it is lost, so are they", nil
		}
		return true, "", nil
	}
	return false, "", nil
}

// hasReplica reads the answer of CLUSTER NODES: a node on each line, its flags in the third column.
func hasReplica(nodes string) bool {
	for line := range strings.Lines(nodes) {
		if columns := strings.Fields(line); len(columns) > 2 && strings.Contains(columns[2], "slave") {
			return true
		}
	}
	return false
}
