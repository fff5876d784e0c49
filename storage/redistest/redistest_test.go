package redistest

import (
	"context"
	"errors"
	"path/filepath"
	"testing"

	"github.com/redis/go-redis/v9"
)

func set(t *testing.T, s *Server, key, value string) {
	t.Helper()
	client := s.Client()
	defer func() { _ = client.Close() }()
	if err := client.Set(t.Context(), key, value, 0).Err(); err != nil {
		t.Fatal(err)
	}
}

func wants(t *testing.T, s *Server, key, value string) {
	t.Helper()
	client := s.Client()
	defer func() { _ = client.Close() }()
	if got, err := client.Get(t.Context(), key).Result(); got != value || err != nil && !errors.Is(err, redis.Nil) {
		t.Errorf("%s is %q, %v; want %q", key, got, err, value)
	}
}

func TestAServerKeepsOrLosesWhatItShould(t *testing.T) {
	t.Parallel()
	plain, safe := Start(t, Options{}), Start(t, Options{AOF: true, Args: []string{"--appendfsync", "no"}})
	for _, s := range []*Server{plain, safe} {
		set(t, s, "a", "1")
		s.Kill()
		if err := s.Restart(); err != nil {
			t.Fatal(err)
		}
	}
	wants(t, plain, "a", "")
	wants(t, safe, "a", "1")
}

func TestABackupIsRestored(t *testing.T) {
	t.Parallel()
	s := Start(t, Options{})
	backup := filepath.Join(t.TempDir(), "backup.rdb")
	set(t, s, "a", "old")
	s.Save(t, backup)
	set(t, s, "a", "new")
	s.Kill()
	s.Restore(t, backup)
	if err := s.Restart(); err != nil {
		t.Fatal(err)
	}
	wants(t, s, "a", "old")
}

func TestAPausedServerAnswersLater(t *testing.T) {
	t.Parallel()
	s := Start(t, Options{})
	client := s.Client()
	defer func() { _ = client.Close() }()
	s.Pause()
	ctx, cancel := context.WithCancel(t.Context())
	answer := make(chan error)
	go func() { answer <- client.Ping(ctx).Err() }()
	select {
	case err := <-answer:
		t.Errorf("a paused server answered: %v", err)
	default:
	}
	s.Continue()
	if err := <-answer; err != nil {
		t.Error(err)
	}
	cancel()
}

func TestTLSAndItsUserAreAskedFor(t *testing.T) {
	t.Parallel()
	s := Start(t, Options{TLS: true, User: "rapport", Password: "pw"})
	set(t, s, "rapport:a", "1")
	o := plain(s.Addr())
	o.Username, o.Password, o.TLSConfig = "rapport", "pw", s.secrets.clientConfig()
	client := redis.NewClient(o)
	defer func() { _ = client.Close() }()
	if err := client.Set(t.Context(), "rapport:b", "1", 0).Err(); err != nil {
		t.Errorf("a key of its own could not be written: %v", err)
	}
	for _, err := range []error{client.Set(t.Context(), "other", "1", 0).Err(), client.FlushAll(t.Context()).Err()} {
		if err == nil {
			t.Error("the user may do more than it should")
		}
	}
	open := redis.NewClient(plain(s.Addr()))
	defer func() { _ = open.Close() }()
	if err := open.Ping(t.Context()).Err(); err == nil {
		t.Error("it answers without TLS")
	}
}

func TestSentinelsReplaceAPrimaryThatIsCutOff(t *testing.T) {
	t.Parallel()
	s := StartSentinel(t)
	old := s.Primary(t)
	s.CutOff(t, old)
	set(t, old, "a", "lost") // its clients still reach it
	now := s.Await(t, old)
	set(t, now, "a", "kept")
	s.Join(t, old)
	if err := s.Settle(); err != nil {
		t.Fatal(err)
	}
	wants(t, old, "a", "kept")
	now.Kill()
	third := s.Await(t, now)
	wants(t, third, "a", "kept")
}

func TestAClusterMovesSlotsAndReplacesMasters(t *testing.T) {
	t.Parallel()
	c := StartCluster(t, true)
	first := c.Owner(t, "a")
	set(t, first, "a", "1")
	second := c.Migrate(t, "a")
	wants(t, second, "a", "1")
	if c.Owner(t, "a") != second {
		t.Error("the slot has not moved")
	}
	client := second.Client()
	wait := client.Conn() // it waits for what it wrote itself, and so for what was written before
	if err := wait.Set(t.Context(), "{a}", "2", 0).Err(); err != nil {
		t.Error(err)
	}
	if n, err := wait.Wait(t.Context(), 1, 0).Result(); err != nil || n != 1 {
		t.Errorf("%d replicas have it, %v", n, err)
	}
	_, _ = wait.Close(), client.Close()
	second.Kill()
	third := c.Owner(t, "a")
	for third == second {
		third = c.Owner(t, "a")
	}
	wants(t, third, "a", "1")
	if err := second.Restart(); err != nil {
		t.Fatal(err)
	}
	if err := c.Settle(); err != nil {
		t.Fatal(err)
	}
}
