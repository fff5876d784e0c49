//go:build unix

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"rapport/bot/slackfake"
	"rapport/deploy"
)

// faultTown is a local Slack with people who all work in one zone, so that what is sent to them comes at once, and what they did.
type faultTown struct {
	t      testing.TB
	slack  *slackfake.Server
	clock  *slackfake.Clock
	fast   fastClock
	people []string // ids
	turns  []string // ids of those who are thanked, and asked, each in their turn: a second thank-you within an hour would come together with others, later
	places []string // channels that the bot is in
	coffee string   // the channel of the coffee program

	mu    sync.Mutex
	dice  *rand.Rand
	acts  int
	kudos int
	asked int
	wants map[int]*wish // by number
	lag   time.Duration // how far Slack's clock was behind the bot's at most
}

// wish is what somebody did, and so what has to come of it.
type wish struct {
	channel string // where it has to be said; empty: only to a person
	sure    bool   // the person was told that it is kept
}

// openFaultTown starts a local Slack with so many people, and so many others who are only thanked and asked.
func openFaultTown(t testing.TB, fast fastClock, people, thanks int, seed uint64) *faultTown {
	t.Helper()
	f := &faultTown{t: t, fast: fast, clock: slackfake.NewClock(fast.Now()), wants: map[int]*wish{}, dice: rand.New(rand.NewPCG(seed, 3))}
	var err error
	if f.slack, err = slackfake.Start(slackfake.Config{Addr: "127.0.0.1:0", Manifest: deploy.Manifest(), Clock: f.clock}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := f.slack.Close(); err != nil {
			t.Error(err)
		}
	})
	var crowd []map[string]any
	for n := range people + thanks {
		name := fmt.Sprintf("w%d", n+1)
		crowd = append(crowd, map[string]any{"name": name, "real_name": fmt.Sprintf("Worker %d", n+1), "tz": "Europe/Berlin", "locale": "en-US"})
	}
	r := remote{t: t, url: f.slack.ControlURL()}
	var made struct{ People, Channels []string }
	order := map[string]any{"people": crowd, "channels": []map[string]any{}}
	if err := json.Unmarshal(r.post("/people", order), &made); err != nil {
		t.Fatal(err)
	}
	f.people, f.turns = made.People[:people], made.People[people:]
	bot := r.state().App.BotUser
	var channels []map[string]any
	for _, name := range []string{"thanks", "wins", "launch", "coffee"} {
		channels = append(channels, map[string]any{"name": name, "kind": "public", "members": append([]string{bot}, f.people...)})
	}
	if err := json.Unmarshal(r.post("/people", map[string]any{"channels": channels}), &made); err != nil {
		t.Fatal(err)
	}
	f.places, f.coffee = made.Channels[:3], made.Channels[3]
	f.keepTime()
	return f
}

// keepTime lets the local Slack's clock follow the bot's.
func (f *faultTown) keepTime() {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		for ctx.Err() == nil {
			to := f.time()
			_ = f.clock.Advance(ctx, to.Now()) // it ends with the context alone
			f.mu.Lock()
			if f.fast == to {
				f.lag = max(f.lag, to.Now().Sub(f.clock.Now()))
			}
			f.mu.Unlock()
			pause(ctx, 50*time.Millisecond)
		}
	}()
	f.t.Cleanup(func() { cancel(); <-done })
}

func (f *faultTown) time() fastClock {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.fast
}

func (f *faultTown) setTime(fast fastClock) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.fast = fast
}

// forget takes the word of everybody who acted after so many acts: what they did need not come.
func (f *faultTown) forget(after int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for n, w := range f.wants {
		if n > after {
			w.sure = false
		}
	}
}

func (f *faultTown) acted() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.acts
}

// ask posts to the control API, from any goroutine.
func (f *faultTown) ask(ctx context.Context, path string, body, into any) error {
	raw, err := json.Marshal(body)
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, f.slack.ControlURL()+path, bytes.NewReader(raw))
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }()
	answer, err := io.ReadAll(response.Body)
	if err == nil && response.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s: %s", path, response.Status, answer)
	}
	if err != nil || into == nil {
		return err
	}
	return json.Unmarshal(answer, into)
}

// patient is how far Slack's clock may be behind before people hold still.
const patient = 20 * time.Second

// behind is how far Slack's clock is behind the bot's.
func (f *faultTown) behind() time.Duration { return f.time().Now().Sub(f.clock.Now()) }

// act lets somebody thank somebody in a channel, or ask somebody for something. It reports whether the person was told that it is kept.
func (f *faultTown) act(ctx context.Context) (bool, error) {
	pause(ctx, 100*time.Millisecond) // people are not machines
	for f.behind() > patient && ctx.Err() == nil {
		pause(ctx, 20*time.Millisecond) // Slack's clock moves when nobody waits for an acknowledgement
	}
	f.mu.Lock()
	f.acts++
	n := f.acts
	from := f.dice.IntN(len(f.people))
	w := &wish{}
	body := map[string]any{"user": f.people[from], "channel": f.places[0]}
	if n%3 == 0 {
		body["command"], body["text"] = "/followup", fmt.Sprintf("from <@%s> send report nr%d by friday", f.nextAsked(), n)
	} else {
		w.channel = f.places[n%len(f.places)]
		body["channel"] = w.channel
		body["command"] = "/kudos"
		body["text"] = fmt.Sprintf("<@%s> for untangling the problem nr%d with patience and humour", f.nextThanked(), n)
	}
	f.wants[n] = w
	f.mu.Unlock()
	var a acted
	if err := f.ask(ctx, "/command", body, &a); err != nil {
		return false, err
	}
	said := words("", a.Response)
	sure := a.Acked && (strings.Contains(said, "Thank you for saying it") || strings.Contains(said, "nothing is promised until they accept"))
	f.mu.Lock()
	defer f.mu.Unlock()
	w.sure = sure
	return sure, nil
}

// nextThanked is who has not been thanked yet, or not for longest.
func (f *faultTown) nextThanked() string {
	f.kudos++
	return f.turns[f.kudos%len(f.turns)]
}

// nextAsked is who has not been asked for something yet, or not for longest.
func (f *faultTown) nextAsked() string {
	f.asked++
	return f.turns[f.asked%len(f.turns)]
}

// live lets people act, several at a time, until so many acts were acknowledged and over is closed.
func (f *faultTown) live(ctx context.Context, acts, at int, over <-chan struct{}) error {
	var left sync.WaitGroup
	todo := make(chan struct{})
	errs := make(chan error, at)
	for range at {
		left.Go(func() {
			for range todo {
				for {
					sure, err := f.act(ctx)
					if err != nil {
						errs <- err
						return
					}
					if sure {
						break
					}
					pause(ctx, 20*time.Millisecond)
				}
			}
		})
	}
	err := func() error {
		defer close(todo)
		for n := 0; ; n++ {
			if n >= acts {
				select {
				case <-over:
					return nil
				default:
				}
			}
			select {
			case todo <- struct{}{}:
			case err := <-errs:
				return err
			case <-ctx.Done():
				return ctx.Err()
			}
		}
	}()
	left.Wait()
	select {
	case failed := <-errs:
		err = errors.Join(err, failed)
	default:
	}
	return err
}

var actNumber = regexp.MustCompile(`\bnr(\d+)\b`)

// numberIn is which act a message tells of; 0 for none.
func numberIn(text string) int {
	m := actNumber.FindStringSubmatch(text)
	if m == nil {
		return 0
	}
	n, err := strconv.Atoi(m[1])
	if err != nil {
		return 0
	}
	return n
}

// found is what can be read in the local Slack now.
type found struct {
	said   map[string]int // messages of different sids by "number place", place being a channel's id or dm
	sids   map[string]int
	broken []string
}

func (f *faultTown) look() (found, error) {
	request, err := http.NewRequestWithContext(f.t.Context(), http.MethodGet, f.slack.ControlURL()+"/state?parts=messages,broken", nil)
	if err != nil {
		return found{}, err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return found{}, err
	}
	defer func() { _ = response.Body.Close() }()
	var now scene
	if err := json.NewDecoder(response.Body).Decode(&now); err != nil {
		return found{}, err
	}
	seen := found{said: map[string]int{}, sids: map[string]int{}}
	for _, m := range now.Messages {
		sid := sidOf(m)
		if sid == "" {
			continue
		}
		if seen.sids[sid]++; seen.sids[sid] > 1 {
			continue
		}
		if n := numberIn(words(m.Text, m.Blocks)); n > 0 && firstWord(sid) {
			seen.said[wanted(n, f.placeOf(m.Channel))]++
		}
	}
	for _, b := range now.Broken {
		seen.broken = append(seen.broken, b.Rule+": "+b.Detail)
	}
	return seen, nil
}

// firstWord reports whether a message brings what somebody did, and does not come back to it later.
func firstWord(sid string) bool {
	return strings.HasPrefix(sid, "kudos/") || strings.HasSuffix(sid, "/proposal")
}

func wanted(n int, place string) string { return fmt.Sprintf("%d %s", n, place) }

// placeOf is a channel's id, or dm.
func (f *faultTown) placeOf(channel string) string {
	if strings.HasPrefix(channel, "C") {
		return channel
	}
	return "dm"
}

// wishes lists what has to be there of the acts that people were told are kept: to persons, and in channels.
func (f *faultTown) wishes() (toPeople, inChannels []string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for n, w := range f.wants {
		if !w.sure {
			continue
		}
		toPeople = append(toPeople, wanted(n, "dm"))
		if w.channel != "" {
			inChannels = append(inChannels, wanted(n, w.channel))
		}
	}
	return toPeople, inChannels
}

func (f *faultTown) worstLag() time.Duration {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.lag
}

// invite makes a channel and takes the bot in, while something goes wrong. It returns the channel's id.
func (f *faultTown) invite(ctx context.Context, name string, fault map[string]any) (string, error) {
	var made struct{ Channels []string }
	order := map[string]any{"channels": []map[string]any{{"name": name, "kind": "public", "members": f.people[:2]}}}
	if err := f.ask(ctx, "/people", order, &made); err != nil {
		return "", err
	}
	if err := f.ask(ctx, "/faults", fault, nil); err != nil {
		return "", err
	}
	return made.Channels[0], f.ask(ctx, "/join", map[string]any{"user": "@rapport", "channel": made.Channels[0], "by": f.people[0]}, nil)
}
