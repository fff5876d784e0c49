package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"rapport/storage/redistest"
)

// thanked counts the kudos with a text that stand in channels.
func thanked(now scene, text string) int {
	n := 0
	for _, m := range now.Messages {
		var meta struct {
			Payload struct{ SID string } `json:"event_payload"`
		}
		ours := json.Unmarshal(m.Metadata, &meta) == nil && strings.HasPrefix(meta.Payload.SID, "kudos/")
		if ours && m.EphemeralTo == "" && inChannel(now, m.Channel) && strings.Contains(words(m.Text, m.Blocks), text) {
			n++
		}
	}
	return n
}

func inChannel(now scene, id string) bool {
	return slices.ContainsFunc(now.Channels, func(c struct {
		ID, Name, Kind string
		Members        []string
	},
	) bool {
		return c.ID == id && c.Kind == "public"
	})
}

// thank gives a kudos that no other is like.
func thank(r remote, people []string, n int, channel string) acted {
	giver, to := people[n%len(people)], people[(n+1)%len(people)]
	return r.act("/command", map[string]any{
		"user": giver, "channel": channel, "command": "/kudos", "text": fmt.Sprintf("<@%s> for finding bug number-%d- with so much patience", to, n),
	})
}

func thanksText(n int) string { return fmt.Sprintf("number-%d-", n) }

func peopleOf(now scene) []string {
	var ids []string
	for _, p := range now.People {
		if !p.Bot {
			ids = append(ids, p.ID)
		}
	}
	return ids[:20] // the others may be guests or gone
}

// posted waits until so many of the kudos stand in their channels.
func posted(t *testing.T, r remote, given []int, want int) {
	t.Helper()
	patience := time.After(patienceOfTests)
	look := time.NewTicker(50 * time.Millisecond)
	defer look.Stop()
	for {
		now := r.state()
		n := 0
		for _, one := range given {
			n += thanked(now, thanksText(one))
		}
		if n >= want {
			return
		}
		select {
		case <-look.C:
		case <-patience:
			t.Fatalf("%d of %d kudos came, want %d", n, len(given), want)
		}
	}
}

// settled waits until as many kudos as were given stand in channels, and sees that it is each of them, once.
func settled(t *testing.T, r remote, given []int) {
	t.Helper()
	posted(t, r, given, len(given))
	now := r.state()
	for _, n := range given {
		if times := thanked(now, thanksText(n)); times != 1 {
			t.Errorf("kudos %d came %d times", n, times)
		}
	}
	if len(now.Broken) > 0 {
		t.Errorf("broken: %v", now.Broken)
	}
}

// A process that is told to stop in the middle of slow posts finishes those, leaves the others, and ends in time. The next one sends what is left, and
// nothing comes twice.
func TestStopInTheMiddleOfSlowPosts(t *testing.T) {
	t.Parallel()
	redis := redistest.Start(t, redistest.Options{})
	channels := []string{"slow-1", "slow-2", "slow-3", "slow-4", "slow-5", "slow-6"}
	slack, r := realSlack(t, channels...)
	first := startProgram(t, slack, redis.URL())
	r.post("/faults", map[string]any{"method": "chat.postMessage", "delay_ms": 3000})
	people := peopleOf(r.state())
	var given []int
	for n, channel := range channels {
		if a := thank(r, people, n, channel); !a.Acked || a.failure() != "" {
			t.Fatalf("kudos %d: %+v", n, a)
		}
		given = append(given, n)
	}
	posted(t, r, given, 3)
	took := first.stop(t)
	if took > shutdownTime {
		t.Errorf("stopping took %v", took)
	}
	sent, now := 0, r.state()
	for _, n := range given {
		sent += thanked(now, thanksText(n))
	}
	t.Logf("stopped after %v, with %d of %d kudos posted", took.Round(time.Millisecond), sent, len(given))
	r.post("/faults", map[string]any{"clear": true})
	second := startProgram(t, slack, redis.URL())
	settled(t, r, given)
	second.stop(t)
}

// A process whose store does not answer any more ends in time, too. What it was in the middle of is found by the next one.
func TestStopWithoutStore(t *testing.T) {
	t.Parallel()
	redis := redistest.Start(t, redistest.Options{})
	slack, r := realSlack(t, "hangs-1", "hangs-2")
	first := startProgram(t, slack, redis.URL())
	r.post("/faults", map[string]any{"method": "chat.postMessage", "delay_ms": 1000})
	people := peopleOf(r.state())
	thank(r, people, 1, "hangs-1")
	thank(r, people, 2, "hangs-2")
	posted(t, r, []int{1, 2}, 1)
	redis.Pause()
	took := first.end(t)
	redis.Continue()
	t.Logf("stopped after %v: %v", took.Round(time.Millisecond), first.cmd.ProcessState)
	if took > shutdownTime {
		t.Errorf("stopping took %v", took)
	}
	r.post("/faults", map[string]any{"clear": true})
	second := startProgram(t, slack, redis.URL())
	settled(t, r, []int{1, 2})
	second.stop(t)
}

// Two processes are replaced one after the other while people go on. Every command is acknowledged, and what each brings about happens once. Socket Mode has
// no word for "send me nothing more", so a command that Slack hands over in the very moment in which a connection closes is lost with it: Slack tells the
// person, who types it again. That may happen once for each process that is replaced.
func TestUpgradeWithoutAGap(t *testing.T) {
	t.Parallel()
	redis := redistest.Start(t, redistest.Options{})
	channels := []string{"up-1", "up-2", "up-3", "up-4", "up-5", "up-6", "up-7", "up-8"}
	slack, r := realSlack(t, channels...)
	running := []*program{startProgram(t, slack, redis.URL()), startProgram(t, slack, redis.URL())}
	load := &crowd{r: r, people: peopleOf(r.state()), channels: channels, end: make(chan struct{})}
	for range 2 {
		load.group.Go(load.giveOn)
	}
	for range 2 {
		running = append(running, startProgram(t, slack, redis.URL()))
		took := running[0].stop(t)
		running = running[1:]
		t.Logf("one was replaced; stopping it took %v", took.Round(time.Millisecond))
	}
	close(load.end)
	load.group.Wait()
	t.Logf("%d commands, of which %d were typed again", load.next, load.again)
	if len(load.given) < 20 {
		t.Errorf("only %d commands prove little", len(load.given))
	}
	for _, lost := range load.lost {
		t.Errorf("not done: %s", lost)
	}
	if load.again > 2 {
		t.Errorf("%d commands were typed again, want at most one for each process that was replaced", load.again)
	}
	settled(t, r, load.given)
}

// crowd are people who give kudos until they are told to end, each one after the other.
type crowd struct {
	r        remote
	people   []string
	channels []string
	end      chan struct{}
	group    sync.WaitGroup

	mu    sync.Mutex
	next  int
	given []int    // the numbers of those that were acknowledged with success
	again int      // how many were typed twice, for a connection closed over them
	lost  []string // what became of the others
}

// note keeps what became of a command. One that is typed again may be answered with a question: it was done the first time.
func (c *crowd) note(n int, a acted, again bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if again {
		c.again++
	}
	if a.Acked && a.failure() == "" && (again || strings.Contains(string(a.Response), "Thank you")) {
		c.given = append(c.given, n)
		return
	}
	c.lost = append(c.lost, fmt.Sprintf("command %d: %s %.200s", n, a.failure(), a.Response))
}

// giveOn is one of these people.
func (c *crowd) giveOn() {
	pause := time.NewTicker(400 * time.Millisecond) // Slack takes four posts a second
	defer pause.Stop()
	for {
		select {
		case <-pause.C:
		case <-c.end:
			return
		}
		c.mu.Lock()
		n := c.next
		c.next++
		c.mu.Unlock()
		a := thank(c.r, c.people, n, c.channels[n%len(c.channels)])
		closed := a.failure() == "connection closed before the acknowledgement"
		if closed {
			a = thank(c.r, c.people, n, c.channels[n%len(c.channels)])
		}
		c.note(n, a, closed)
	}
}
