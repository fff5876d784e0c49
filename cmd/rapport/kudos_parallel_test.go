package main

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"rapport/bot"
	"rapport/bot/slackfake"
	"rapport/deploy"
	"rapport/storage"
	"rapport/storage/redistest"
)

// twins are two whole bots, as two replicas are: with sockets of their own, on one real Redis and in one company.
type twins struct {
	remote
	clock  *slackfake.Clock
	relay  *relay
	houses []*house
	giver  string
	place  string   // the channel where everything is given
	others []string // who can be thanked
}

// openTwins starts them in a company with one who gives and so many who can be thanked, all of whom work in one zone.
func openTwins(t *testing.T, others int) *twins {
	t.Helper()
	w := &twins{clock: slackfake.NewClock(time.Date(2026, 3, 25, 8, 0, 0, 0, time.UTC)), relay: openRelay(t)}
	manifest, err := deploy.Render(deploy.FeatureReactions)
	if err != nil {
		t.Fatal(err)
	}
	slack, err := slackfake.Start(slackfake.Config{Addr: "127.0.0.1:0", Manifest: manifest, Clock: w.clock, AckTime: slackWaits, Sample: slackfake.Sample{People: 2, Seed: 1}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx := context.WithoutCancel(t.Context())
		for _, h := range w.houses {
			if err := closeWithin(ctx, h); err != nil {
				t.Error(err)
			}
		}
		if err := slack.Close(); err != nil {
			t.Error(err)
		}
	})
	w.remote = remote{t: t, url: slack.ControlURL()}
	w.furnish(others)
	url := redistest.Start(t, redistest.Options{}).URL()
	for range 2 {
		wiring := patientWiring(&town{slack: slack, clock: w.clock}, slog.New(slog.DiscardHandler))
		wiring.sweep = 10 * time.Second
		wiring.slack.HTTP = &http.Client{Transport: w.relay.through(&http.Transport{MaxIdleConnsPerHost: 64})}
		wiring.open = func(ctx context.Context, team string) (*storage.Store, error) {
			return storage.Open(ctx, storage.Options{URL: url, Team: team, Key: bytes.Repeat([]byte{7}, 32), Now: w.clock.Now})
		}
		h, err := build(t.Context(), wiring)
		if err != nil {
			t.Fatal(err)
		}
		w.houses = append(w.houses, h)
	}
	w.until("both bots are connected", func() bool { return w.state().App.Connections == 4 })
	w.advance("30m") // everybody's profile is read at the pace that Slack allows
	return w
}

func (w *twins) furnish(others int) {
	w.t.Helper()
	var people []map[string]any
	for n := range others + 1 {
		people = append(people, map[string]any{"name": fmt.Sprintf("p%d", n), "real_name": fmt.Sprintf("Person %d", n), "tz": "Europe/Berlin", "locale": "en-US"})
	}
	w.post("/people", map[string]any{"people": people})
	now := w.state()
	members := []string{now.App.BotUser}
	for n := range others + 1 {
		members = append(members, now.person(fmt.Sprintf("p%d", n)))
	}
	w.giver, w.others = members[1], members[2:]
	w.post("/people", map[string]any{"channels": []any{map[string]any{"name": "praise", "kind": "public", "members": members}}})
	var err error
	if w.place, err = w.state().place("#praise"); err != nil {
		w.t.Fatal(err)
	}
}

// until waits in real time for what sockets bring about.
func (w *twins) until(what string, done func() bool) {
	w.t.Helper()
	look := time.NewTicker(5 * time.Millisecond)
	defer look.Stop()
	patience := time.After(patienceOfTests)
	for !done() {
		select {
		case <-look.C:
		case <-patience:
			w.t.Fatalf("it did not happen within %s that %s", patienceOfTests, what)
		}
	}
}

// atOnce does so many things at the same time.
func atOnce(n int, do func(n int)) {
	var all sync.WaitGroup
	begin := make(chan struct{})
	for i := range n {
		all.Go(func() {
			<-begin
			do(i)
		})
	}
	close(begin)
	all.Wait()
}

// given are the giver's kudos, as either bot has them.
func (w *twins) given(limit int) []bot.Kudos {
	w.t.Helper()
	given, _, err := w.houses[1].store.MemberKudos(w.t.Context(), w.giver, limit)
	if err != nil {
		w.t.Fatal(err)
	}
	return given
}

// told counts what the app wrote in the channel, and to persons, that says something, by the words that find that.
func (w *twins) told(find func(text string) (words string)) (inChannel, toPeople map[string]int) {
	w.t.Helper()
	inChannel, toPeople = map[string]int{}, map[string]int{}
	now := w.state()
	for _, m := range now.Messages {
		if m.User != now.App.BotUser || m.EphemeralTo != "" {
			continue
		}
		said := find(words(m.Text, m.Blocks))
		switch {
		case said == "":
		case m.Channel == w.place:
			inChannel[said]++
		default:
			toPeople[said]++
		}
	}
	return inChannel, toPeople
}

func (w *twins) unbroken() {
	w.t.Helper()
	for _, broken := range w.state().Broken {
		w.t.Errorf("broke %s: %s", broken.Rule, broken.Detail)
	}
}

// kudosADay is how many kudos somebody can give on a day, in a company that decided nothing else.
const kudosADay = 20

// TestTwoHundredAtOnceAreTwenty has somebody thank two hundred people at the same time, on two bots. Exactly the day's twenty are stored, posted and told, and everybody
// else's text comes back to its giver.
func TestTwoHundredAtOnceAreTwenty(t *testing.T) {
	t.Parallel()
	const wishes = 200
	w := openTwins(t, wishes)
	text := func(n int) string { return fmt.Sprintf("untangled knot number %d of the release", n) }
	find := func(said string) string {
		for n := range wishes {
			if strings.Contains(said, text(n)) {
				return text(n)
			}
		}
		return ""
	}
	answers := make([]acted, wishes)
	atOnce(wishes, func(n int) {
		answers[n] = w.act("/command", map[string]any{"user": w.giver, "channel": w.place, "command": "/kudos", "text": fmt.Sprintf("<@%s> %s", w.others[n], text(n))})
	})
	w.advance("5m")
	kept := map[string]bool{}
	for n, a := range answers {
		said := words("", a.Response)
		switch {
		case !a.Acked:
			t.Errorf("wish %d was not acknowledged: %s", n, a.failure())
		case strings.Contains(said, "Thank you for saying it"):
			kept[text(n)] = true
		case !strings.Contains(said, "most for one day") || !strings.Contains(said, text(n)):
			t.Errorf("wish %d is neither kept nor given back: %s", n, said)
		}
	}
	stored := w.given(wishes + 1)
	if len(kept) != kudosADay || len(stored) != kudosADay {
		t.Errorf("%d were said to be kept and %d are stored, want %d", len(kept), len(stored), kudosADay)
	}
	for _, k := range stored {
		if !kept[k.Message] {
			t.Errorf("%q is stored, though it was given back", k.Message)
		}
	}
	posts, notes := w.told(find)
	for where, told := range map[string]map[string]int{"posts": posts, "messages to people": notes} {
		if len(told) != kudosADay {
			t.Errorf("%d %s, want %d", len(told), where, kudosADay)
		}
		for said, times := range told {
			if times != 1 || !kept[said] {
				t.Errorf("among the %s %q is %d times, kept: %t", where, said, times, kept[said])
			}
		}
	}
	w.unbroken()
}

// TestTwoHundredReactionsAtOnceAreTwenty is the same with the emoji that the workspace chose.
func TestTwoHundredReactionsAtOnceAreTwenty(t *testing.T) {
	t.Parallel()
	const wishes = 200
	w := openTwins(t, wishes)
	store := w.houses[0].store
	record, err := store.Workspace(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	record.Kudos.Reaction = "clap"
	if err := store.SaveWorkspace(t.Context(), "choose clap", record, nil); err != nil {
		t.Fatal(err)
	}
	for _, h := range w.houses {
		if err := h.bot.Settings.Refresh(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	var stand []string
	for _, id := range w.others {
		stand = append(stand, w.act("/message", map[string]any{"user": id, "channel": w.place, "text": "It is done"}).TS)
	}
	w.advance("1m")
	atOnce(wishes, func(n int) {
		if a := w.act("/react", map[string]any{"user": w.giver, "channel": w.place, "ts": stand[n], "emoji": "clap"}); !a.Acked {
			t.Errorf("reaction %d was not acknowledged: %s", n, a.failure())
		}
	})
	w.advance("5m")
	if stored := w.given(wishes + 1); len(stored) != kudosADay {
		t.Errorf("%d are stored, want %d", len(stored), kudosADay)
	}
	w.unbroken()
}

// TestOneEnvelopeOnTwoBotsIsOneKudos delivers each command on four connections at once, two of each bot.
func TestOneEnvelopeOnTwoBotsIsOneKudos(t *testing.T) {
	t.Parallel()
	const wishes, copies = 10, 4
	w := openTwins(t, wishes)
	w.relay.deliver(copies)
	for n := range wishes {
		text := fmt.Sprintf("untangled knot number %d of the release", n)
		a := w.act("/command", map[string]any{"user": w.giver, "channel": w.place, "command": "/kudos", "text": fmt.Sprintf("<@%s> %s", w.others[n], text)})
		if !a.Acked {
			t.Fatal(a.failure())
		}
		for i, said := range w.relay.answered(t, w.relay.newest(), copies) {
			if !strings.Contains(said, "Thank you for saying it") {
				t.Errorf("delivery %d of wish %d is answered with %s", i, n, said)
			}
		}
		w.advance("1m")
		find := func(said string) string {
			if strings.Contains(said, text) {
				return text
			}
			return ""
		}
		posts, notes := w.told(find)
		if posts[text] != 1 || notes[text] != 1 {
			t.Errorf("wish %d is posted %d times and told %d times, want once each", n, posts[text], notes[text])
		}
	}
	if stored := w.given(100); len(stored) != wishes {
		t.Errorf("%d are stored, want %d", len(stored), wishes)
	}
	w.unbroken()
}
