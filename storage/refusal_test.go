package storage_test

import (
	"context"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"rapport/bot"
	"rapport/storage"
	"rapport/storage/redistest"
)

// A server that answers and does nothing is named for what it is, leaves everything as it was, and is used again as soon as it works.
func TestServersThatRefuse(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, says  string
		spoil, mend []any
	}{
		{"full", "is full", []any{"config", "set", "maxmemory", "1"}, []any{"config", "set", "maxmemory", "0"}},
		{"demoted", "a replica", []any{"replicaof", "127.0.0.1", "1"}, []any{"replicaof", "no", "one"}},
		{"a disk that fails", "its disk", []any{"config", "set", "save", "3600 1"}, []any{"config", "set", "stop-writes-on-bgsave-error", "no"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			server := redistest.Start(t, redistest.Options{})
			c := newClock()
			s := again(t, c, server.URL(), newTeam())
			insert(t, s, "i", pair(c, "a"), pair(c, "b"))
			claimed(t, s, c, pair(c, "b"), "w")
			client := server.Client()
			defer func() { _ = client.Close() }()
			if test.name == "a disk that fails" {
				failToSave(t, server, client)
			}
			must(t, client.Do(t.Context(), test.spoil...).Err())
			_, err := s.Claim(t.Context(), c.Now(), pair(c, "a"), "w", lease, nil)
			for what, err := range map[string]error{"claim": err, "change": channel(t, s, "t"), "post": posting(t, s, c)} {
				if err == nil || !strings.Contains(err.Error(), test.says) {
					t.Errorf("%s: %v", what, err)
				}
			}
			must(t, client.Do(t.Context(), test.mend...).Err())
			must(t, channel(t, s, "t"))
			if got := claimed(t, s, c, pair(c, "a"), "w2"); got.Attempt != 1 {
				t.Errorf("the claim that was refused counted: %+v", got)
			}
			must(t, posting(t, s, c))
		})
	}
}

func posting(t *testing.T, s *storage.Store, c *clock) error {
	t.Helper()
	_, err := s.Posting(t.Context(), c.Now(), "b", "w", reserve)
	return err
}

// failToSave has the server try to write a snapshot into a folder that is gone.
func failToSave(t *testing.T, server *redistest.Server, client *redis.Client) {
	t.Helper()
	must(t, os.RemoveAll(server.Dir()))
	must(t, client.BgSave(t.Context()).Err())
	eventually(t, "a snapshot that fails", func(ctx context.Context) error {
		about, err := client.Info(ctx, "persistence").Result()
		if err == nil && !strings.Contains(about, "rdb_last_bgsave_status:err") {
			err = errors.New("the last one is said to be good")
		}
		return err
	})
}

func TestAStoreIsNotOpenedWhereItCannotWork(t *testing.T) {
	t.Parallel()
	server := redistest.Start(t, redistest.Options{Args: []string{"--maxmemory", "50mb", "--maxmemory-policy", "allkeys-lru"}})
	cluster := bareCluster.address(t)
	for url, says := range map[string]string{
		server.URL(): "allkeys-lru",
		strings.ReplaceAll(strings.SplitN(cluster, "?", 2)[0], "redis+cluster", "redis"): "redis+cluster",
		strings.Replace(server.URL(), "redis://", "rediss://", 1):                        "",
		strings.Replace(server.URL(), "redis://", "redis://user:s3cret@", 1):             "",
	} {
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second) // a server that waits for more than it gets
		_, err := storage.Open(ctx, storage.Options{URL: url, Team: newTeam(), Key: sealingKey, Now: newClock().Now})
		if err == nil || !strings.Contains(err.Error(), says) || strings.Contains(err.Error(), "s3cret") {
			t.Errorf("%s: %v, want it to say %q", url, err, says)
		}
		if _, checked := storage.Check(ctx, url); (checked == nil) != (err == nil) {
			t.Errorf("%s: checking says %v", url, checked)
		}
		cancel()
	}
}

func TestWhatAClusterWarnsOf(t *testing.T) {
	t.Parallel()
	var warnings []string
	for _, url := range []string{bareCluster.address(t), clusterServers.address(t)} {
		found, err := storage.Check(t.Context(), url)
		must(t, err)
		warnings = append(warnings, strings.Join(found, "; "))
	}
	if !strings.Contains(warnings[0], "no replicas") || warnings[1] != "" {
		t.Errorf("without and with replicas: %q", warnings)
	}
	s, err := storage.Open(t.Context(), storage.Options{URL: bareCluster.address(t), Team: newTeam(), Key: sealingKey, Now: newClock().Now, Warn: func(problem string) { warnings = append(warnings, problem) }})
	must(t, err)
	defer closeStore(t, s)
	if len(warnings) != 3 || warnings[2] != warnings[0] {
		t.Errorf("opening warns of %q", warnings[2:])
	}
	must(t, s.SaveChannel(t.Context(), "t", bot.Channel{ID: "C1"}, nil))
}
