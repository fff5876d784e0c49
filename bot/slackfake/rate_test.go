package slackfake

import (
	"net/http"
	"os"
	"testing"
	"time"
)

// calls is how many calls of a method come through in a minute from the start, when the caller waits as long as it is told.
func calls(r *rates, m *method, value string) (n int, waited []int) {
	now := monday
	for now.Before(monday.Add(time.Minute)) {
		if wait := r.count(m, value, now); wait > 0 {
			waited = append(waited, wait)
			now = now.Add(time.Duration(wait) * time.Second)
			continue
		}
		n++
	}
	return n, waited
}

func TestTiers(t *testing.T) {
	for _, c := range []struct {
		method      string
		channel     string
		least, most int // calls in the first minute: the tier and its burst
	}{
		{"users.list", "", 20, 25},
		{"conversations.list", "", 20, 25},
		{"users.conversations", "", 20, 25},
		{"usergroups.list", "", 20, 25},
		{"conversations.open", "", 50, 60},
		{"conversations.history", "", 50, 60},
		{"chat.update", "", 50, 60},
		{"reactions.add", "", 50, 60},
		{"users.info", "", 100, 120},
		{"views.open", "", 100, 120},
		{"chat.postEphemeral", "", 100, 120},
		{"apps.connections.open", "", 10, 21},
		{"chat.postMessage", "C1", 58, 64},
		{"auth.test", "", 600, 660},
	} {
		t.Run(c.method, func(t *testing.T) {
			n, waited := calls(newRates(true), apiMethods()[c.method], c.channel)
			if n < c.least || n > c.most || len(waited) == 0 {
				t.Errorf("%d calls, want %d to %d; waits %v", n, c.least, c.most, waited)
			}
		})
	}
}

func TestPostingInManyChannels(t *testing.T) {
	r, post := newRates(true), apiMethods()["chat.postMessage"]
	n := 0
	for now := monday; now.Before(monday.Add(time.Minute)); now = now.Add(50 * time.Millisecond) {
		if r.count(post, now.String(), now) == 0 {
			n++
		}
	}
	if n < 300 || n > 330 {
		t.Errorf("%d messages in a minute over all channels", n)
	}
}

func TestARefusedCallCostsNothing(t *testing.T) {
	r, post := newRates(true), apiMethods()["chat.postMessage"]
	for range 4 {
		r.count(post, "C1", monday)
	}
	for range 100 {
		if r.count(post, "C1", monday) != 1 {
			t.Fatal("the fifth message of an instant passed, or has to wait for another time than a second")
		}
	}
	if wait := r.count(post, "C2", monday); wait != 0 {
		t.Errorf("refused calls used up the workspace's own limit: %d", wait)
	}
}

func TestOff(t *testing.T) {
	r, list := newRates(false), apiMethods()["users.list"]
	for range 1000 {
		if r.count(list, "", monday) != 0 {
			t.Fatal("limited though switched off")
		}
	}
}

func TestRateOverHTTP(t *testing.T) {
	manifest, err := os.ReadFile("testdata/app.yaml")
	if err != nil {
		t.Fatal(err)
	}
	o := openWith(t, Config{Manifest: manifest, RateLimits: true})
	limited := func() bool {
		got, out := o.sendAs("Bearer "+o.BotToken(), "users.list", "application/x-www-form-urlencoded", "")
		if got.status == http.StatusTooManyRequests {
			if got.header.Get("Retry-After") != "3" || out["error"] != "ratelimited" || out["ok"] != false {
				t.Errorf("Retry-After %q, %v", got.header.Get("Retry-After"), out)
			}
			return true
		}
		return false
	}
	for range 5 {
		if limited() {
			t.Fatal("limited within the burst")
		}
	}
	if !limited() {
		t.Fatal("the sixth call at once passed")
	}
	if err := o.clock.Advance(t.Context(), monday.Add(3*time.Second)); err != nil {
		t.Fatal(err)
	}
	if limited() {
		t.Error("still limited after Retry-After in virtual time")
	}
}

func TestOneLimitForOneConversation(t *testing.T) {
	manifest, err := os.ReadFile("testdata/app.yaml")
	if err != nil {
		t.Fatal(err)
	}
	o := openWith(t, Config{Manifest: manifest, RateLimits: true})
	dm := dig(o.must("conversations.open", in{"users": "UANA"}), "channel.id")
	for _, refs := range [][]any{{"UANA", dm}, {"CGEN", "#general"}} {
		for i := range 4 {
			o.must("chat.postMessage", in{"channel": refs[i%2], "text": "x"})
		}
		row{error: "ratelimited"}.check(t, o.form("chat.postMessage", in{"channel": refs[0], "text": "x"}))
		row{error: "ratelimited"}.check(t, o.form("chat.postMessage", in{"channel": refs[1], "text": "x"}))
	}
}
