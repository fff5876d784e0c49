package main

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"rapport/storage/redistest"
)

// tool runs one of the operator's tools on a Redis, as `rapport …` does, and returns what it prints.
func tool(t *testing.T, redis string, args ...string) string {
	t.Helper()
	var out, problems bytes.Buffer
	env := func(name string) (string, bool) {
		value, ok := map[string]string{"REDIS_URL": redis, "RAPPORT_KEY": strings.Repeat("0", 64)}[name]
		return value, ok
	}
	if status := execute(t.Context(), args, streams{out: &out, err: &problems, env: env}); status != 0 {
		t.Fatalf("rapport %s: status %d: %s", strings.Join(args, " "), status, problems.String())
	}
	return out.String()
}

// waiting reads what `rapport queue --json` says.
func waiting(t *testing.T, redis string, args ...string) []queued {
	t.Helper()
	var list []queued
	if err := json.Unmarshal([]byte(tool(t, redis, append([]string{"queue", "--json"}, args...)...)), &list); err != nil {
		t.Fatal(err)
	}
	return list
}

// While a bot runs, whoever dispatches for it, an operator sees what waits, holds a kind back, and lets it go.
func TestOperatorHoldsKindsBack(t *testing.T) {
	t.Parallel()
	for _, dispatch := range []string{dispatchPool, dispatchAsynq} {
		t.Run(dispatch, func(t *testing.T) {
			t.Parallel()
			redis := redistest.Start(t, redistest.Options{})
			slack, r := realSlack(t, "held-1", "held-2")
			p := startProgram(t, slack, redis.URL(), "RAPPORT_DISPATCH="+dispatch)
			people := peopleOf(r.state())
			thank(r, people, 1, "held-1")
			posted(t, r, []int{1}, 1)

			tool(t, redis.URL(), "admin", "pause", "kudos_post", "--as", "night shift")
			thank(r, people, 2, "held-2")
			staysAway(t, r, 2)
			list := waiting(t, redis.URL(), "--kind", "kudos_post")
			if len(list) != 1 || !list[0].Paused || list[0].State != "pending" {
				t.Errorf("while it is paused there waits %+v", list)
			}
			tool(t, redis.URL(), "admin", "resume", "kudos_post")
			posted(t, r, []int{2}, 1)
			if log := tool(t, redis.URL(), "admin", "log"); !strings.Contains(log, "night shift") || !strings.Contains(log, "resume") {
				t.Errorf("the log says %q", log)
			}
			if text := tool(t, redis.URL(), "queue", "--dead"); text != "Nothing needs an eye.\n" {
				t.Errorf("the dead letters are %q", text)
			}
			if took := p.stop(t); took > shutdownTime {
				t.Errorf("stopping took %v", took)
			}
		})
	}
}

// staysAway watches for a while that a kudos does not come.
func staysAway(t *testing.T, r remote, n int) {
	t.Helper()
	look := time.NewTicker(100 * time.Millisecond)
	defer look.Stop()
	for range 15 {
		if thanked(r.state(), thanksText(n)) != 0 {
			t.Fatalf("kudos %d went out while it was held back", n)
		}
		<-look.C
	}
}

func TestDispatchOfConfig(t *testing.T) {
	for _, test := range []struct {
		dispatch, redis, problem string
	}{
		{"pool", "redis://127.0.0.1:6379", ""},
		{"asynq", "redis://127.0.0.1:6379", ""},
		{"asynq", "", "REDIS_URL is not set"},
		{"queue", "redis://127.0.0.1:6379", "neither pool nor asynq"},
	} {
		c := config{Dispatch: test.dispatch, RedisURL: test.redis}
		var found []string
		for _, p := range c.check() {
			if strings.Contains(p.What, "RAPPORT_DISPATCH") {
				found = append(found, p.What)
			}
		}
		if (test.problem == "") != (len(found) == 0) || test.problem != "" && !strings.Contains(strings.Join(found, "\n"), test.problem) {
			t.Errorf("%s with %q: %q, want %q", test.dispatch, test.redis, found, test.problem)
		}
	}
}
