package redistest

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
)

const (
	slotCount   = 16384
	masterCount = 3
)

// Cluster is three masters, each with a third of the slots, and the replicas they may have.
type Cluster struct {
	Masters  []*Server
	Replicas []*Server // of the master with the same index; empty if none were asked for
}

// StartCluster starts a cluster for as long as the test runs, each node keeping its writes in a file, and waits until it serves all slots. A node that does not answer
// for a second is taken for dead.
func StartCluster(t testing.TB, replicas bool) *Cluster {
	t.Helper()
	c, err := openCluster(replicas, touchy)
	Need(t, err)
	t.Cleanup(c.Close)
	return c
}

// OpenCluster is [StartCluster] for several tests together, in which no node is expected to fail: one is taken for dead only after long. The caller closes it.
func OpenCluster(replicas bool) (*Cluster, error) {
	return openCluster(replicas, calm)
}

func openCluster(replicas bool, dead time.Duration) (*Cluster, error) {
	c := new(Cluster)
	if err := c.open(replicas, dead); err != nil {
		c.Close()
		return nil, err
	}
	return c, nil
}

func (c *Cluster) open(replicas bool, dead time.Duration) error {
	for range masterCount {
		s, err := openNode(dead)
		if err != nil {
			return err
		}
		c.Masters = append(c.Masters, s)
	}
	if replicas {
		for range masterCount {
			s, err := openNode(dead)
			if err != nil {
				return err
			}
			c.Replicas = append(c.Replicas, s)
		}
	}
	ctx, cancel := context.WithTimeout(context.Background(), startTime)
	defer cancel()
	for i, s := range c.nodes() {
		if err := meet(ctx, c.Masters[0], s); err != nil {
			return err
		}
		if i < masterCount {
			first, last := i*slotCount/masterCount, (i+1)*slotCount/masterCount-1
			if err := command(ctx, s, "cluster", "addslotsrange", first, last); err != nil {
				return err
			}
		}
	}
	for i, s := range c.Replicas {
		if err := c.follow(s, c.Masters[i]); err != nil {
			return err
		}
	}
	return c.Settle()
}

// After touchy a server that does not answer is taken for dead where tests have servers fail; after calm where they do not: a busy machine may let one wait.
const (
	touchy = time.Second
	calm   = 15 * time.Second
)

// openNode opens a node. A second port has to be free as well.
func openNode(dead time.Duration) (s *Server, err error) {
	for range startAttempts {
		var bus int
		if bus, err = freePort(); err != nil {
			return nil, err
		}
		s, err = Open(Options{AOF: true, Args: []string{
			"--cluster-enabled", "yes", "--cluster-port", strconv.Itoa(bus), "--cluster-node-timeout", strconv.FormatInt(dead.Milliseconds(), 10),
			"--cluster-replica-validity-factor", "0", "--repl-diskless-sync-delay", "0", "--repl-ping-replica-period", "1",
		}})
		if _, gone := errors.AsType[errGone](err); !gone {
			return s, err
		}
	}
	return nil, err
}

func (c *Cluster) nodes() []*Server {
	return append(append([]*Server(nil), c.Masters...), c.Replicas...)
}

// meet introduces a node to another.
func meet(ctx context.Context, known, s *Server) error {
	if s == known {
		return nil
	}
	bus := s.args[argument(s.args, "--cluster-port")]
	return command(ctx, known, "cluster", "meet", "127.0.0.1", s.port, bus)
}

// argument finds the value of a server's argument.
func argument(args []string, name string) int {
	for i, a := range args {
		if a == name {
			return i + 1
		}
	}
	return -1
}

// follow makes a node the replica of another, as soon as it has heard of it.
func (c *Cluster) follow(s, master *Server) error {
	return until("replica of a cluster's master", func(ctx context.Context) error {
		id, err := nodeID(ctx, master)
		if err != nil {
			return err
		}
		return command(ctx, s, "cluster", "replicate", id)
	})
}

func nodeID(ctx context.Context, s *Server) (string, error) {
	client := s.Client()
	defer func() { _ = client.Close() }()
	return client.ClusterMyID(ctx).Result()
}

func command(ctx context.Context, s *Server, args ...any) error {
	client := s.Client()
	defer func() { _ = client.Close() }()
	if err := client.Do(ctx, args...).Err(); err != nil {
		return fmt.Errorf("run %v: %w", args[:2], err)
	}
	return nil
}

// Settle waits until every node that runs sees all slots served and every replica has caught up.
func (c *Cluster) Settle() error {
	return until("cluster", func(ctx context.Context) error {
		for _, s := range c.nodes() {
			if s.process().ended() {
				continue
			}
			if err := wellKnown(ctx, s, len(c.nodes())); err != nil {
				return err
			}
		}
		return nil
	})
}

func wellKnown(ctx context.Context, s *Server, nodes int) error {
	client := s.Client()
	defer func() { _ = client.Close() }()
	state, err := client.ClusterInfo(ctx).Result()
	if err != nil {
		return err
	}
	if !strings.Contains(state, "cluster_state:ok") || !strings.Contains(state, "cluster_known_nodes:"+strconv.Itoa(nodes)) || !strings.Contains(state, "cluster_slots_ok:16384") {
		return errors.New("a node says " + strings.Join(strings.Fields(state), " "))
	}
	about, err := infoOf(ctx, s, "replication")
	if err != nil {
		return err
	}
	if about["role"] == "slave" && about["master_link_status"] != "up" {
		return errors.New("a replica has not caught up")
	}
	return nil
}

// URL is the address of the cluster as a store reads it.
func (c *Cluster) URL() string {
	q := make(url.Values)
	for _, s := range c.Masters[1:] {
		q.Add("addr", s.Addr())
	}
	u := url.URL{Scheme: "redis+cluster", Host: c.Masters[0].Addr(), RawQuery: q.Encode()}
	return u.String()
}

// Close ends all nodes.
func (c *Cluster) Close() {
	for _, s := range c.nodes() {
		s.Close()
	}
}

// Owner is the node that serves the key's slot now.
func (c *Cluster) Owner(t testing.TB, key string) *Server {
	t.Helper()
	var owner *Server
	err := until("owner of a slot", func(ctx context.Context) error {
		slot, addr, err := c.find(ctx, key)
		if err != nil {
			return err
		}
		for _, s := range c.nodes() {
			if s.Addr() == addr && !s.process().ended() {
				owner = s
				return nil
			}
		}
		return fmt.Errorf("nobody serves slot %d", slot)
	})
	if err != nil {
		t.Fatal(err)
	}
	return owner
}

// find asks the first node that runs who serves a key.
func (c *Cluster) find(ctx context.Context, key string) (slot int64, addr string, err error) {
	err = errors.New("no node runs")
	for _, s := range c.nodes() {
		if s.process().ended() {
			continue
		}
		client := s.Client()
		slot, err = client.ClusterKeySlot(ctx, key).Result()
		var shards []redis.ClusterShard
		if err == nil {
			shards, err = client.ClusterShards(ctx).Result()
		}
		_ = client.Close()
		if addr := serving(shards, slot); addr != "" {
			return slot, addr, nil
		}
	}
	return slot, "", err
}

// serving is the address of the master of a slot that is well; "" if there is none.
func serving(shards []redis.ClusterShard, slot int64) string {
	for _, shard := range shards {
		for _, r := range shard.Slots {
			if slot < r.Start || slot > r.End {
				continue
			}
			for _, n := range shard.Nodes {
				if n.Role == "master" && n.Health == "online" {
					return net.JoinHostPort(n.IP, strconv.FormatInt(n.Port, 10))
				}
			}
		}
	}
	return ""
}

// Migrate moves the slot of a key, with all keys in it, to another master, as resharding does: while it goes on, both answer with redirections. It returns the
// new owner.
func (c *Cluster) Migrate(t testing.TB, key string) *Server {
	t.Helper()
	from := c.Owner(t, key)
	to := c.Masters[0]
	for _, s := range c.Masters {
		if s == from || s.process().ended() {
			continue
		}
		if about, err := infoOf(t.Context(), s, "replication"); err == nil && about["role"] == "master" {
			to = s
		}
	}
	slot, _, err := c.find(t.Context(), key)
	if err != nil {
		t.Fatal(err)
	}
	if err := migrate(t.Context(), c.Masters, from, to, slot); err != nil {
		t.Fatalf("move slot %d: %v", slot, err)
	}
	return to
}

func migrate(ctx context.Context, masters []*Server, from, to *Server, slot int64) error {
	fromID, err := nodeID(ctx, from)
	if err != nil {
		return err
	}
	toID, err := nodeID(ctx, to)
	if err != nil {
		return err
	}
	if err := command(ctx, to, "cluster", "setslot", slot, "importing", fromID); err != nil {
		return err
	}
	if err := command(ctx, from, "cluster", "setslot", slot, "migrating", toID); err != nil {
		return err
	}
	client := from.Client()
	defer func() { _ = client.Close() }()
	for {
		keys, err := client.ClusterGetKeysInSlot(ctx, int(slot), 50).Result()
		if err != nil {
			return err
		}
		if len(keys) == 0 {
			break
		}
		args := []any{"migrate", "127.0.0.1", to.port, "", 0, 5000, "keys"}
		for _, k := range keys {
			args = append(args, k)
		}
		if err := client.Do(ctx, args...).Err(); err != nil {
			return err
		}
	}
	for _, s := range append([]*Server{to, from}, masters...) {
		err := command(ctx, s, "cluster", "setslot", slot, "node", toID)
		if err != nil && s != to && s != from && strings.Contains(err.Error(), "only with masters") {
			continue // it has a replica's part by now, and hears of the slot from the others
		}
		if err != nil {
			return err
		}
	}
	return nil
}
