package storage_test

import (
	"errors"
	"fmt"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"rapport/storage"
	"rapport/storage/redistest"
)

// shared is a server, or a group of them, that the first test that needs it starts, and TestMain ends.
type shared struct {
	open func() (url string, stop func(), err error)

	once sync.Once
	url  string
	stop func()
	err  error
}

// address returns the URL. Where no server is installed the test is skipped, unless everything is required.
func (s *shared) address(t testing.TB) string {
	t.Helper()
	s.once.Do(func() { s.url, s.stop, s.err = s.open() })
	redistest.Need(t, s.err)
	return s.url
}

var (
	redisServer = &shared{open: func() (string, func(), error) {
		s, err := redistest.Open(redistest.Options{})
		if err != nil {
			return "", nil, err
		}
		return s.URL(), s.Close, nil
	}}
	durableServer = &shared{open: func() (string, func(), error) {
		s, err := redistest.Open(redistest.Options{AOF: true})
		if err != nil {
			return "", nil, err
		}
		return s.URL(), s.Close, nil
	}}
	sentinelServers = &shared{open: func() (string, func(), error) {
		s, err := redistest.OpenSentinel()
		if err != nil {
			return "", nil, err
		}
		return s.URL(), s.Close, nil
	}}
	clusterServers = &shared{open: func() (string, func(), error) {
		c, err := redistest.OpenCluster(true)
		if err != nil {
			return "", nil, err
		}
		return c.URL(), c.Close, nil
	}}
	bareCluster = &shared{open: func() (string, func(), error) {
		c, err := redistest.OpenCluster(false)
		if err != nil {
			return "", nil, err
		}
		return c.URL(), c.Close, nil
	}}
	// Certificates are asked for on both sides, and the user may do no more than it needs.
	strictServer = &shared{open: func() (string, func(), error) {
		s, err := redistest.Open(redistest.Options{AOF: true, TLS: true, User: "rapport", Password: "pw"})
		if err != nil {
			return "", nil, err
		}
		return s.URL(), s.Close, nil
	}}
	valkeyServer = &shared{open: func() (string, func(), error) {
		program, err := redistest.Valkey()
		if err != nil {
			return "", nil, err
		}
		s, err := redistest.Open(redistest.Options{Program: program})
		if err != nil {
			return "", nil, err
		}
		return s.URL(), s.Close, nil
	}}
)

func TestMain(m *testing.M) {
	code := m.Run()
	for _, s := range []*shared{redisServer, durableServer, sentinelServers, clusterServers, bareCluster, strictServer, valkeyServer} {
		if s.stop != nil {
			s.stop()
		}
	}
	os.Exit(code)
}

// realServer returns the URL of a plain server.
func realServer(t testing.TB) string {
	t.Helper()
	return redisServer.address(t)
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

// kindOfStore is a store that has to pass every conformance test.
type kindOfStore struct {
	name string
	open func(t testing.TB, c *clock) *storage.Store
}

// kindsOfStore are all there are. The replicas behind the Sentinels and in the cluster have to confirm what counts.
func kindsOfStore(t testing.TB) []kindOfStore {
	t.Helper()
	list := []kindOfStore{
		{"embedded", embedded},
		{"folder", inFolder},
		{"redis", onRedis},
		{"strict", func(t testing.TB, c *clock) *storage.Store { return openAt(t, c, strictServer.address(t)) }},
		{"sentinel", func(t testing.TB, c *clock) *storage.Store { return openAt(t, c, sentinelServers.address(t)) }},
		{"cluster", func(t testing.TB, c *clock) *storage.Store { return openAt(t, c, clusterServers.address(t)) }},
	}
	if _, err := redistest.Valkey(); err == nil {
		list = append(list, kindOfStore{"valkey", func(t testing.TB, c *clock) *storage.Store { return openAt(t, c, valkeyServer.address(t)) }})
	}
	return list
}

// everyStore runs a test on every kind of store, on all of them at once.
func everyStore(t *testing.T, test func(t *testing.T, s *storage.Store, c *clock)) {
	t.Helper()
	for _, kind := range kindsOfStore(t) {
		t.Run(kind.name, func(t *testing.T) {
			t.Parallel()
			c := newClock()
			test(t, kind.open(t, c), c)
		})
	}
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

// inFolder opens an embedded store that keeps what it holds in a folder, for as long as the test runs.
func inFolder(t testing.TB, c *clock) *storage.Store {
	t.Helper()
	s, err := storage.OpenFolder(t.Context(), storage.Options{Dir: t.TempDir(), Team: newTeam(), Key: sealingKey, Now: c.Now})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closeStore(t, s) })
	return s
}

// onRedis opens a store on a real Redis for as long as the test runs.
func onRedis(t testing.TB, c *clock) *storage.Store {
	t.Helper()
	return openAt(t, c, realServer(t))
}

// openAt opens a store of a new workspace for as long as the test runs.
func openAt(t testing.TB, c *clock, url string) *storage.Store {
	t.Helper()
	s, err := storage.Open(t.Context(), storage.Options{URL: url, Team: newTeam(), Key: sealingKey, Now: c.Now})
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
func is(t testing.TB, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Fatalf("got error %v, want %v", err, want)
	}
}
