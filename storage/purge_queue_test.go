package storage_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/redis/go-redis/v9"

	"rapport/bot"
	"rapport/storage"
)

// rawClient speaks to a server beside the store.
func rawClient(t *testing.T, url string) redis.UniversalClient {
	t.Helper()
	var rdb redis.UniversalClient
	if cluster, ok := strings.CutPrefix(url, "redis+cluster://"); ok {
		host, _, _ := strings.Cut(cluster, "?")
		rdb = redis.NewClusterClient(&redis.ClusterOptions{Addrs: []string{strings.TrimSuffix(host, "/")}})
	} else {
		o, err := redis.ParseURL(url)
		must(t, err)
		rdb = redis.NewClient(o)
	}
	t.Cleanup(func() { must(t, rdb.Close()) })
	return rdb
}

func TestPurgingDeletesTheWorkspacesQueuesAndNoOthers(t *testing.T) {
	for name, server := range map[string]*shared{"redis": redisServer, "cluster": bareCluster} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			url := server.address(t)
			c, team := newClock(), newTeam()
			rdb := rawClient(t, url)
			queues := func(team string) (keys, names []string) {
				for _, q := range []string{"plan", "due", "overdue", "coffee"} {
					keys = append(keys, "asynq:{rapport:"+team+":"+q+"}:pending", "asynq:{rapport:"+team+":"+q+"}:t:pair/1/1/g#1")
					names = append(names, "rapport:"+team+":"+q)
				}
				for i, key := range keys {
					must(t, rdb.Set(t.Context(), key, "x", 0).Err())
					must(t, rdb.SAdd(t.Context(), "asynq:queues", names[i/2]).Err())
				}
				return keys, names
			}
			ours, _ := queues(team)
			theirs, theirNames := queues(team + "2")
			o := storage.Options{URL: url, Team: team, Key: sealingKey, Now: c.Now}
			s, err := storage.Open(t.Context(), o)
			must(t, err)
			must(t, s.SaveWorkspace(t.Context(), "", bot.Workspace{Team: team}, nil))
			closeStore(t, s)
			v := connected(t, o)
			defer func() { must(t, v.Close()) }()
			held, err := v.Holdings(t.Context(), team)
			must(t, err)
			keys := len(ours)
			for _, n := range held.Nouns {
				keys += n.Keys
			}
			for _, want := range []int{keys, 0} { // again, there is nothing
				if gone, err := v.Purge(t.Context(), team, false); err != nil || gone != want {
					t.Errorf("%d keys deleted, want %d; %v", gone, want, err)
				}
			}
			exist := func(keys []string) (n int) {
				for _, key := range keys {
					n += int(rdb.Exists(t.Context(), key).Val())
				}
				return n
			}
			names := rdb.SMembers(t.Context(), "asynq:queues").Val()
			if exist(ours) != 0 || slices.ContainsFunc(names, func(n string) bool { return strings.HasPrefix(n, "rapport:"+team+":") }) {
				t.Errorf("%d keys of queues are left, and of names %q", exist(ours), names)
			}
			if exist(theirs) != len(theirs) || slices.ContainsFunc(theirNames, func(n string) bool { return !slices.Contains(names, n) }) {
				t.Errorf("of another workspace %d keys of %d are left, and of names %q", exist(theirs), len(theirs), names)
			}
		})
	}
}

func TestAUserWithoutRightsToAsynqMayPurge(t *testing.T) {
	url := realServer(t)
	rdb := rawClient(t, url)
	team := newTeam()
	user := "purger" + team
	must(t, rdb.Do(t.Context(), "ACL", "SETUSER", user, "on", ">pw", "+@all", "-@dangerous", "+info", "~rapport:*").Err())
	t.Cleanup(func() { rdb.Do(t.Context(), "ACL", "DELUSER", user) })
	v := connected(t, storage.Options{URL: strings.Replace(url, "redis://", "redis://"+user+":pw@", 1), Key: sealingKey, Now: newClock().Now})
	defer func() { must(t, v.Close()) }()
	must(t, rdb.HSet(t.Context(), "rapport:{"+team+"}:meta", "schema", 2).Err())
	if gone, err := v.Purge(t.Context(), team, false); err != nil || gone != 1 {
		t.Errorf("%d keys deleted, %v", gone, err)
	}
	key := "asynq:{rapport:" + team + ":due}:pending"
	must(t, rdb.Set(t.Context(), key, "x", 0).Err())
	if _, err := v.Purge(t.Context(), team, false); err == nil || !strings.Contains(err.Error(), "may not do this") {
		t.Errorf("a queue that may not be deleted: %v", err)
	}
	must(t, rdb.Del(t.Context(), key).Err())
}
