package redistest

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"
)

const (
	// MasterName is what the Sentinels call the group.
	MasterName = "mymaster"
	// replicaCount and sentinelCount are how many of each there are: enough that one may be missing.
	replicaCount  = 2
	sentinelCount = 3
)

// The users that servers and Sentinels have among themselves. Forbidding a server these is a partition: it serves its clients and is cut off from the rest.
const (
	peerUser  = "peer"
	watchUser = "watch"
	peerWord  = "peer-word"

	clientUser = "client"
	clientWord = "client-word"
)

// Sentinel is a primary with replicas and the Sentinels that watch them. Which server is the primary changes.
type Sentinel struct {
	Servers []*Server // the first one is the primary at the start

	watchers []*watcher
	dead     time.Duration // after which a server that does not answer is taken for dead
}

// watcher is one Sentinel process.
type watcher struct {
	port int
	dir  string
	run  *process
}

// StartSentinel starts them for as long as the test runs, each server keeping its writes in a file, and waits until everybody knows everybody. A server that does
// not answer for a second is taken for dead.
func StartSentinel(t testing.TB) *Sentinel {
	t.Helper()
	s, err := openSentinel(touchy)
	Need(t, err)
	t.Cleanup(s.Close)
	return s
}

// OpenSentinel is [StartSentinel] for several tests together, in which no server is expected to fail: one is taken for dead only after long. The caller closes it.
func OpenSentinel() (*Sentinel, error) { return openSentinel(calm) }

func openSentinel(dead time.Duration) (*Sentinel, error) {
	s := &Sentinel{dead: dead}
	if err := s.open(); err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

func (s *Sentinel) open() error {
	args := []string{
		"--user", peerUser, "on", ">" + peerWord, "+@all", "~*", "&*", "--user", watchUser, "on", ">" + peerWord, "+@all", "~*", "&*",
		"--masteruser", peerUser, "--masterauth", peerWord, "--repl-diskless-sync-delay", "0", "--repl-ping-replica-period", "1",
	}
	for i := range 1 + replicaCount {
		mine := args
		if i > 0 {
			mine = append([]string{"--replicaof", "127.0.0.1", strconv.Itoa(s.Servers[0].port)}, args...)
		}
		server, err := Open(Options{AOF: true, User: clientUser, Password: clientWord, Prefixes: []string{""}, Args: mine})
		if err != nil {
			return err
		}
		s.Servers = append(s.Servers, server)
	}
	for range sentinelCount {
		w, err := s.watch()
		if err != nil {
			return err
		}
		s.watchers = append(s.watchers, w)
	}
	return s.Settle()
}

// watch starts a Sentinel.
func (s *Sentinel) watch() (*watcher, error) {
	port, err := freePort()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "redistest-")
	if err != nil {
		return nil, fmt.Errorf("make directory of sentinel: %w", err)
	}
	w := &watcher{port: port, dir: dir}
	config := fmt.Sprintf(`port %d
bind 127.0.0.1
dir %q
sentinel monitor %[3]s 127.0.0.1 %[4]d 2
sentinel auth-user %[3]s %[5]s
sentinel auth-pass %[3]s %[6]s
sentinel down-after-milliseconds %[3]s %[7]d
sentinel failover-timeout %[3]s 4000
sentinel parallel-syncs %[3]s 2
`, port, dir, MasterName, s.Servers[0].port, watchUser, peerWord, s.dead.Milliseconds())
	file := filepath.Join(dir, "sentinel.conf")
	if err := os.WriteFile(file, []byte(config), 0o600); err != nil {
		return nil, errors.Join(fmt.Errorf("write config of sentinel: %w", err), os.RemoveAll(dir))
	}
	w.run, err = spawn(s.Servers[0].program, dir, []string{file, "--sentinel"})
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	return w, nil
}

func (w *watcher) addr() string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(w.port)) }

func (w *watcher) close() {
	w.run.kill()
	_ = os.RemoveAll(w.dir)
}

// URL is the address of the group as a store reads it.
func (s *Sentinel) URL() string {
	q := url.Values{"master_name": {MasterName}}
	for _, w := range s.watchers[1:] {
		q.Add("addr", w.addr())
	}
	u := url.URL{Scheme: "redis+sentinel", User: url.UserPassword(clientUser, clientWord), Host: s.watchers[0].addr(), Path: "/0", RawQuery: q.Encode()}
	return u.String()
}

// Close ends all of them.
func (s *Sentinel) Close() {
	for _, w := range s.watchers {
		w.close()
	}
	for _, server := range s.Servers {
		server.Close()
	}
}

// Settle waits until every Sentinel knows the same primary, all replicas follow it, and all Sentinels know each other.
func (s *Sentinel) Settle() error {
	return until("agreement of the sentinels", func(ctx context.Context) error {
		for _, w := range s.watchers {
			conn, err := new(net.Dialer).DialContext(ctx, "tcp", w.addr()) // go-redis would log that nobody listens yet
			if err != nil {
				return err
			}
			_ = conn.Close()
		}
		primary, err := s.primary(ctx)
		if err != nil {
			return err
		}
		about, err := infoOf(ctx, primary, "replication")
		if err != nil {
			return err
		}
		for i := range replicaCount {
			if line := about["slave"+strconv.Itoa(i)]; field(line, "state") != "online" {
				return fmt.Errorf("replica %d is %q", i, line)
			}
		}
		return nil
	})
}

// primary asks all Sentinels, which have to know everybody and to agree.
func (s *Sentinel) primary(ctx context.Context) (*Server, error) {
	named := ""
	for _, w := range s.watchers {
		if w.run.ended() {
			return nil, errGone{said: w.run.out.String()}
		}
		group, err := w.ask(ctx)
		if err != nil {
			return nil, err
		}
		if group["num-slaves"] != strconv.Itoa(replicaCount) || group["num-other-sentinels"] != strconv.Itoa(sentinelCount-1) || group["flags"] != "master" {
			return nil, fmt.Errorf("a sentinel knows %s replicas and %s sentinels of a %s", group["num-slaves"], group["num-other-sentinels"], group["flags"])
		}
		if named != "" && named != group["port"] {
			return nil, fmt.Errorf("sentinels name %s and %s", named, group["port"])
		}
		named = group["port"]
	}
	return s.byPort(named)
}

func (w *watcher) ask(ctx context.Context) (map[string]string, error) {
	client := redis.NewSentinelClient(plain(w.addr()))
	defer func() { _ = client.Close() }()
	return client.Master(ctx, MasterName).Result()
}

func (s *Sentinel) byPort(port string) (*Server, error) {
	for _, server := range s.Servers {
		if strconv.Itoa(server.port) == port {
			return server, nil
		}
	}
	return nil, fmt.Errorf("no server on port %q", port)
}

// Primary is the server that a majority of the Sentinels takes for the primary now.
func (s *Sentinel) Primary(t testing.TB) *Server {
	t.Helper()
	votes := make(map[string]int)
	for _, w := range s.watchers {
		group, err := w.ask(t.Context())
		if err != nil {
			t.Fatalf("ask sentinel: %v", err)
		}
		if votes[group["port"]]++; votes[group["port"]] > sentinelCount/2 {
			server, err := s.byPort(group["port"])
			if err != nil {
				t.Fatal(err)
			}
			return server
		}
	}
	t.Fatalf("the sentinels do not agree: %v", votes)
	return nil
}

// Await waits until another server than old is the primary, and returns it with how long that took.
func (s *Sentinel) Await(t testing.TB, old *Server) *Server {
	t.Helper()
	var now *Server
	err := until("another primary", func(context.Context) error {
		if now = s.Primary(t); now == old {
			return fmt.Errorf("it is still on port %d", old.port)
		}
		client := now.Client()
		defer func() { _ = client.Close() }()
		role, err := client.Do(t.Context(), "role").Slice()
		if err == nil && fmt.Sprint(role[0]) != "master" {
			err = fmt.Errorf("it says that it is a %v", role[0])
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return now
}

// CutOff separates a server from all other servers and Sentinels until [Sentinel.Join]. Clients that know its address still reach it: it is a partition with
// clients on both sides.
func (s *Sentinel) CutOff(t testing.TB, server *Server) {
	t.Helper()
	s.peers(t, server, "off")
	client := server.Client()
	defer func() { _ = client.Close() }()
	for _, user := range []string{peerUser, watchUser} {
		if err := client.Do(t.Context(), "client", "kill", "user", user).Err(); err != nil {
			t.Fatalf("cut off server: %v", err)
		}
	}
	// As a replica it would reach others by itself.
	if err := client.ConfigSet(t.Context(), "masterauth", "cut off").Err(); err != nil {
		t.Fatalf("cut off server: %v", err)
	}
}

// Join ends the separation.
func (s *Sentinel) Join(t testing.TB, server *Server) {
	t.Helper()
	s.peers(t, server, "on")
	client := server.Client()
	defer func() { _ = client.Close() }()
	if err := client.ConfigSet(t.Context(), "masterauth", peerWord).Err(); err != nil {
		t.Fatalf("join server: %v", err)
	}
}

func (s *Sentinel) peers(t testing.TB, server *Server, on string) {
	t.Helper()
	client := server.Client()
	defer func() { _ = client.Close() }()
	for _, user := range []string{peerUser, watchUser} {
		if err := client.Do(t.Context(), "acl", "setuser", user, on).Err(); err != nil {
			t.Fatalf("switch user %s %s: %v", user, on, err)
		}
	}
}

// Hush keeps the Sentinels from telling their clients of a new primary. Who asks is still answered.
func (s *Sentinel) Hush(t testing.TB) {
	t.Helper()
	for _, w := range s.watchers {
		client := redis.NewClient(plain(w.addr()))
		if err := client.Do(t.Context(), "acl", "setuser", "default", "resetchannels").Err(); err != nil {
			t.Errorf("hush sentinel: %v", err)
		}
		_ = client.Close()
	}
}

// Failover asks the Sentinels to make a replica the primary, as for maintenance, and waits for it.
func (s *Sentinel) Failover(t testing.TB) *Server {
	t.Helper()
	old := s.Primary(t)
	client := redis.NewSentinelClient(plain(s.watchers[0].addr()))
	defer func() { _ = client.Close() }()
	if err := client.Failover(t.Context(), MasterName).Err(); err != nil {
		t.Fatalf("fail over: %v", err)
	}
	return s.Await(t, old)
}

// SentinelTime is how long the Sentinels may take to replace a primary: to notice, to agree and to promote.
const SentinelTime = 10 * time.Second

// Direct is the address of one server, past the Sentinels, as a store reads it.
func (s *Sentinel) Direct(server *Server) string { return server.URL() }
