package storage_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/redis/go-redis/v9"

	"rapport/bot"
	"rapport/storage"
	"rapport/storage/redistest"
)

// A bot on a server is not run over: while it gives signs of life, nothing is put over its workspace and nothing is purged, unless that is forced.
func TestABotKeepsOthersFromItsServer(t *testing.T) {
	for name, url := range map[string]func() string{
		"redis":   func() string { return redistest.Start(t, redistest.Options{}).URL() },
		"cluster": func() string { return redistest.StartCluster(t, false).URL() },
	} {
		t.Run(name, func(t *testing.T) {
			c := &clock{now: exported.Add(time.Hour)}
			p := urlPlace(url(), c)
			first, second := p.store(t), p.store(t)
			defer closeStore(t, first)
			defer closeStore(t, second)
			must(t, first.Alive(t.Context()))
			must(t, second.Alive(t.Context()))
			replace := func(o storage.ImportOptions) (err error) {
				p.with(t, func(v *storage.Server) { _, err = v.Import(t.Context(), bytes.NewReader(readOld(t)), o) })
				return err
			}
			purge := func(force bool) (err error) {
				p.with(t, func(v *storage.Server) { _, err = v.Purge(t.Context(), exportTeam, force) })
				return err
			}

			is(t, replace(storage.ImportOptions{}), storage.ErrAlive)
			is(t, replace(storage.ImportOptions{Replace: true}), storage.ErrAlive)
			is(t, purge(false), storage.ErrAlive)
			must(t, first.Leave(t.Context()))
			is(t, purge(false), storage.ErrAlive) // the other is still there
			must(t, replace(storage.ImportOptions{Force: true}))
			must(t, second.Alive(t.Context())) // it goes on with what was imported
			if export := string(p.export(t)); strings.Contains(export, "alive:") {
				t.Error("an export says who ran")
			}
			must(t, second.Leave(t.Context()))
			must(t, replace(storage.ImportOptions{Replace: true}))
			must(t, second.Alive(t.Context()))
			must(t, purge(true))
			is(t, second.Alive(t.Context()), storage.ErrEmptied)
		})
	}
}

// The sign of life of a bot that crashed ends by itself.
func TestASignOfLifeEnds(t *testing.T) {
	server := redistest.Start(t, redistest.Options{})
	p := urlPlace(server.URL(), &clock{now: exported})
	s := p.store(t)
	must(t, s.Alive(t.Context()))
	closeStore(t, s)
	opt, err := redis.ParseURL(server.URL())
	must(t, err)
	rdb := redis.NewClient(opt)
	t.Cleanup(func() { _ = rdb.Close() })
	signs, err := rdb.Keys(t.Context(), "*alive:*").Result()
	must(t, err)
	if len(signs) != 1 {
		t.Fatalf("signs of life: %v", signs)
	}
	left, err := rdb.PTTL(t.Context(), signs[0]).Result()
	must(t, err)
	if left <= 2*storage.AliveEvery || left > time.Minute {
		t.Errorf("it lasts %v, want at most a minute and more than two turns", left)
	}
}

// A store inside the process has a lock instead: a crashed bot's sign would keep its operator out for no reason.
func TestAStoreInTheProcessNeedsNoSign(t *testing.T) {
	p := folderPlace(t, &clock{now: exported})
	s := p.store(t)
	must(t, s.Alive(t.Context()))
	closeStore(t, s)
	p.bring(t, readOld(t), storage.ImportOptions{})
}

// A store that was emptied under a bot is not ready, and takes nothing: what people are told is saved would be in a store that nobody opens again.
func TestAnEmptiedStoreTakesNothing(t *testing.T) {
	server := redistest.Start(t, redistest.Options{})
	c := newClock()
	p := urlPlace(server.URL(), c)
	s := p.store(t)
	defer closeStore(t, s)
	must(t, s.SaveWorkspace(t.Context(), "", bot.Workspace{Team: exportTeam}, nil))
	must(t, s.Ready(t.Context()))
	must(t, s.Alive(t.Context()))

	opt, err := redis.ParseURL(server.URL())
	must(t, err)
	rdb := redis.NewClient(opt)
	t.Cleanup(func() { _ = rdb.Close() })
	must(t, rdb.FlushAll(t.Context()).Err())
	is(t, s.Ready(t.Context()), storage.ErrEmptied)
	is(t, s.Alive(t.Context()), storage.ErrEmptied)
	_, err = s.AddKudos(t.Context(), "t", kudos(c, "k"), quota, nil)
	is(t, err, storage.ErrEmptied)
	_, err = s.AddCommitment(t.Context(), "t", bot.Commitment{Owner: "UANA", Created: c.Now()}, nil, nil)
	is(t, err, storage.ErrEmptied)
	is(t, s.SaveWorkspace(t.Context(), "", bot.Workspace{Team: exportTeam}, nil), storage.ErrEmptied)
	held, err := rdb.Exists(t.Context(), "rapport:{"+exportTeam+"}:meta").Result()
	must(t, err)
	if held != 0 {
		t.Error("the bot made a new store by itself")
	}

	again := p.store(t) // somebody starts the bot anew: a new store
	defer closeStore(t, again)
	must(t, s.Ready(t.Context()))
	_, err = s.AddKudos(t.Context(), "t", kudos(c, "k"), quota, nil)
	must(t, err)
}
