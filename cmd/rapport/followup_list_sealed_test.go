package main

import (
	"context"
	"log/slog"
	"regexp"
	"strings"
	"testing"
	"time"

	"rapport/bot/slackfake"
	"rapport/deploy"
	"rapport/storage"
	"rapport/storage/redistest"
)

// TestAListSaysThatSomethingCannotBeRead: who owes, or is owed, what no key opens reads how much that is and whom to ask, and nobody else reads anything of it. A
// proposal among them lapses as others do.
func TestAListSaysThatSomethingCannotBeRead(t *testing.T) {
	t.Parallel()
	server := redistest.Start(t, redistest.Options{})
	p := &town{clock: slackfake.NewClock(time.Date(2026, 3, 25, 9, 17, 0, 0, time.UTC))}
	var err error
	p.slack, err = slackfake.Start(slackfake.Config{
		Addr: "127.0.0.1:0", Manifest: deploy.Manifest(), Clock: p.clock, AckTime: slackWaits, RateLimits: true, Sample: slackfake.Sample{People: 40, Seed: 1},
	})
	if err != nil {
		t.Fatal(err)
	}
	w := patientWiring(p, slog.New(slog.DiscardHandler))
	w.open = func(ctx context.Context, team string) (*storage.Store, error) {
		return storage.Open(ctx, storage.Options{URL: server.URL(), Team: team, Now: p.clock.Now, Key: whisperKey})
	}
	s := &scenario{remote: remote{t: t, url: p.slack.ControlURL()}}
	if p.house, err = build(t.Context(), w); err != nil {
		t.Fatal(err)
	}
	s.advance("2m")
	tell := func(script string) {
		t.Helper()
		for line := range strings.Lines(script) {
			if err := s.step(t, strings.TrimSpace(line)); err != nil {
				t.Fatalf("%s: %v", line, err)
			}
		}
	}
	tell(`ana #general /followup @bob the lost numbers by friday
ana #general /followup @cy the floor plan by monday
bob #general /followup from @ana the lost answers by monday`)
	loseKey(t, server, "1", "3")
	tell(`ana #general /followup list
see ack "floor plan"
see ack "2 promises cannot be read right now"
see ack "ask one of Rapport's admins"
not see ack "lost"
ana #general /followup list @bob
see ack "Nothing that can be read right now."
see ack "2 promises cannot be read right now"
not see ack "Nothing is open between"
not see ack "floor plan"
ana #general /followup list @cy
not see ack "cannot be read"
ana opens home
see home ana "2 promises cannot be read right now"
see home ana "floor plan"
bob #general /followup list
see ack "1 promise cannot be read right now"
cy #general /followup list
not see ack "cannot be read"
max #general /followup list
not see ack "cannot be read"
at 2026-04-02T12:00:00+02:00
ana #general /followup list
see ack "1 promise cannot be read right now"
see ack "floor plan"
bob #general /followup list
not see ack "cannot be read"`)
	if err := p.close(t.Context()); err != nil {
		t.Fatal(err)
	}
	if dead, _ := newOperator(t, map[string]string{"REDIS_URL": server.URL()}).run(0, "queue", "--dead"); strings.Contains(dead, "lapse") {
		t.Errorf("it did not lapse:\n%s", dead)
	}
}

// sealedWords are words as they are stored: the name of a key, and what it sealed.
var sealedWords = regexp.MustCompile(`[0-9a-f]{8}:[A-Za-z0-9+/]{40,}`)

// loseKey has no key open the words of some commitments any more.
func loseKey(t *testing.T, server *redistest.Server, ids ...string) {
	t.Helper()
	client := server.Client()
	defer func() { _ = client.Close() }()
	shards, err := client.Keys(t.Context(), "rapport:*}:commitments:*").Result()
	if err != nil {
		t.Fatal(err)
	}
	lost := 0
	for _, shard := range shards {
		for _, id := range ids {
			stored, err := client.HGet(t.Context(), shard, id).Result()
			if err != nil {
				continue // it is in another one
			}
			sealed := sealedWords.FindString(stored)
			if sealed == "" {
				t.Fatalf("commitment %s holds nothing sealed: %q", id, stored)
			}
			damaged := sealed[:len(sealed)-8] + "AAAAAAAA"
			if err := client.HSet(t.Context(), shard, id, strings.Replace(stored, sealed, damaged, 1)).Err(); err != nil {
				t.Fatal(err)
			}
			lost++
		}
	}
	if lost != len(ids) {
		t.Fatalf("lost %d of %d", lost, len(ids))
	}
}
