package storage_test

import (
	"bufio"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"rapport/storage"
)

// server is a redis-server of our own on loopback, started by the first test that needs one and ended by TestMain.
var server struct {
	sync.Mutex
	url  string
	err  error
	stop func()
}

func TestMain(m *testing.M) {
	code := m.Run()
	if server.stop != nil {
		server.stop()
	}
	os.Exit(code)
}

// realServer returns the URL of the server. Where there is no redis-server binary the test is skipped, unless everything is required.
func realServer(t testing.TB) string {
	t.Helper()
	server.Lock()
	defer server.Unlock()
	if server.url == "" && server.err == nil {
		server.url, server.stop, server.err = startServer()
	}
	if errors.Is(server.err, exec.ErrNotFound) {
		if os.Getenv("RAPPORT_TEST_REQUIRE") == "all" {
			t.Fatal("redis-server is not installed, and RAPPORT_TEST_REQUIRE=all")
		}
		t.Skip("redis-server is not installed; the embedded store is tested, and CI tests both")
	}
	if server.err != nil {
		t.Fatal(server.err)
	}
	return server.url
}

// startServer tries a few times: another process may take the free port first.
func startServer() (url string, stop func(), err error) {
	for range 5 {
		if url, stop, err = startServerOnce(); err == nil || errors.Is(err, exec.ErrNotFound) {
			break
		}
	}
	return url, stop, err
}

func startServerOnce() (url string, stop func(), err error) {
	port, err := freePort()
	if err != nil {
		return "", nil, err
	}
	dir, err := os.MkdirTemp("", "rapport-redis-")
	if err != nil {
		return "", nil, err
	}
	cmd := exec.Command("redis-server", "--bind", "127.0.0.1", "--port", fmt.Sprint(port), "--dir", dir, "--save", "", "--appendonly", "no")
	out, err := cmd.StdoutPipe()
	if err != nil {
		return "", nil, err
	}
	if err := cmd.Start(); err != nil {
		return "", nil, errors.Join(err, os.RemoveAll(dir))
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if strings.Contains(lines.Text(), "Ready to accept connections") {
			go func() {
				for lines.Scan() { // or the server blocks on a full pipe
				}
			}()
			return fmt.Sprintf("redis://127.0.0.1:%d/0", port), func() {
				_ = cmd.Process.Kill()
				_ = cmd.Wait()
				_ = os.RemoveAll(dir)
			}, nil
		}
	}
	return "", nil, errors.Join(errors.New("redis-server did not start"), cmd.Wait(), os.RemoveAll(dir))
}

func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	return l.Addr().(*net.TCPAddr).Port, l.Close()
}

// clock is a clock that stands until a test moves it.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func newClock() *clock { return &clock{now: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)} }

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

// teams makes a workspace of its own for every test, so that they share a server.
var teams atomic.Int64

func newTeam() string { return fmt.Sprintf("T%d", teams.Add(1)) }

// everyStore runs a test on the embedded store and on a real Redis. open opens one more store on the same state.
func everyStore(t *testing.T, test func(t *testing.T, s *storage.Store, c *clock)) {
	t.Helper()
	t.Run("embedded", func(t *testing.T) {
		c := newClock()
		test(t, embedded(t, c), c)
	})
	t.Run("redis", func(t *testing.T) {
		c := newClock()
		test(t, onRedis(t, c), c)
	})
}

var sealingKey = []byte("0123456789abcdef0123456789abcdef")

// embedded opens an embedded store for as long as the test runs.
func embedded(t testing.TB, c *clock) *storage.Store {
	t.Helper()
	s, err := storage.OpenEmbedded(t.Context(), storage.Options{Team: newTeam(), Key: sealingKey, Now: c.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closeStore(t, s) })
	return s
}

// onRedis opens a store on a real Redis for as long as the test runs.
func onRedis(t testing.TB, c *clock) *storage.Store {
	t.Helper()
	s, err := storage.Open(t.Context(), storage.Options{URL: realServer(t), Team: newTeam(), Key: sealingKey, Now: c.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closeStore(t, s) })
	return s
}

func closeStore(t testing.TB, s *storage.Store) {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// is fails the test unless err is want.
func is(t *testing.T, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Fatalf("got error %v, want %v", err, want)
	}
}
