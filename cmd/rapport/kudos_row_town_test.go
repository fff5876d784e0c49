package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"path"
	"slices"
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

// rowTown is one company for all rows of the contract. Each case has people, channels and a user group of its own, so that what one row does is no part of what
// another one sees.
type rowTown struct {
	*town
	door  *rowDoor
	relay *relay
	ids   map[string]string // of people by handle, of channels by name with #, of user groups by handle with a plus before it
}

// rowRoles are the people of every case: a giver, and those whom they may thank.
var rowRoles = []string{"giver", "a", "b", "c"}

// rowValues are the workspace's values.
func rowValues() []bot.Value {
	return append(bot.StandardValues(), bot.Value{Name: "teamwork"}, bot.Value{Name: "Über"}, bot.Value{Name: "frag"})
}

// storeOpener opens a store for as long as its owner wants it.
type storeOpener func(ctx context.Context, o storage.Options) (*storage.Store, error)

// kudosStores start the two kinds of store, by name.
func kudosStores() map[string]func(t *testing.T) storeOpener {
	return map[string]func(t *testing.T) storeOpener{
		"embedded": func(*testing.T) storeOpener { return storage.OpenEmbedded },
		"redis": func(t *testing.T) storeOpener {
			url := redistest.Start(t, redistest.Options{}).URL()
			return func(ctx context.Context, o storage.Options) (*storage.Store, error) {
				o.URL, o.Key = url, bytes.Repeat([]byte{7}, 32)
				return storage.Open(ctx, o)
			}
		},
	}
}

// openRowTown starts a company on a Wednesday morning, with all that the cases need in it before the bot comes.
func openRowTown(t *testing.T, cases []rowPlan, open storeOpener) *rowTown {
	t.Helper()
	begin := time.Date(2026, 3, 25, 8, 0, 0, 0, time.UTC)
	w := newRowTown(t, begin, open, func(w *rowTown, r remote) { w.furnish(r, cases) })
	w.decide(t, func(record *bot.Workspace) { record.Values = rowValues() })
	w.remote(t).advance("30m") // everybody's profile is read at the pace that Slack allows
	return w
}

// newRowTown starts a company that is furnished before the bot comes.
func newRowTown(t *testing.T, begin time.Time, open storeOpener, furnish func(w *rowTown, r remote)) *rowTown {
	t.Helper()
	w := &rowTown{town: &town{clock: slackfake.NewClock(begin)}, ids: map[string]string{}}
	manifest, err := deploy.Render(deploy.FeatureUserGroups, deploy.FeatureReactions)
	if err != nil {
		t.Fatal(err)
	}
	if w.slack, err = slackfake.Start(slackfake.Config{
		Addr: "127.0.0.1:0", Manifest: manifest, Clock: w.clock, AckTime: slackWaits, Sample: slackfake.Sample{People: 40, Seed: 1},
	}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := w.close(context.WithoutCancel(t.Context())); err != nil {
			t.Error(err)
		}
	})
	furnish(w, w.remote(t))
	wiring := patientWiring(w.town, slog.New(slog.DiscardHandler))
	w.door, w.relay = &rowDoor{}, openRelay(t)
	wiring.slack.HTTP = &http.Client{Transport: w.relay.through(w.door)}
	wiring.open = func(ctx context.Context, team string) (*storage.Store, error) {
		return open(ctx, storage.Options{Team: team, Now: w.clock.Now})
	}
	if w.house, err = build(t.Context(), wiring); err != nil {
		t.Fatal(err)
	}
	if err := w.remote(t).connected(); err != nil {
		t.Fatal(err)
	}
	return w
}

// remote is the company's control API, for a test.
func (w *rowTown) remote(t *testing.T) remote { return remote{t: t, url: w.slack.ControlURL()} }

// furnish adds the people, channels and user groups of each case.
func (w *rowTown) furnish(r remote, cases []rowPlan) {
	r.t.Helper()
	var people, channels, groups []map[string]any
	app := r.state().App.BotUser
	for _, c := range cases {
		members := []string{app}
		for _, role := range rowRoles {
			people = append(people, map[string]any{
				"name": c.handle(role), "real_name": strings.ToUpper(role) + " of " + c.key, "tz": "Europe/Berlin", "locale": "en-US",
				"is_restricted": slices.Contains(c.row.guests, role),
			})
			members = append(members, c.handle(role))
		}
		channels = append(channels, map[string]any{"name": c.key, "kind": "public", "members": members})
		if c.row.group == nil {
			continue
		}
		users := []string{}
		for _, role := range c.row.group {
			users = append(users, c.handle(role))
		}
		groups = append(groups, map[string]any{"handle": c.key + "-group", "name": "Group " + c.key, "users": users, "disabled": c.row.disabled})
	}
	people = append(people, map[string]any{"id": "W0WANDA00", "name": "wanda", "real_name": "Wanda Falk", "tz": "Europe/Berlin", "locale": "en-US"})
	r.post("/people", map[string]any{"people": people})
	r.post("/people", map[string]any{"channels": channels})
	var made struct{ Groups []string }
	if err := json.Unmarshal(r.post("/people", map[string]any{"groups": groups}), &made); err != nil {
		r.t.Fatal(err)
	}
	for i, id := range made.Groups {
		w.ids["+"+groups[i]["handle"].(string)] = id
	}
	w.know(r.state())
}

// know notes everybody's id, and every channel's.
func (w *rowTown) know(now scene) {
	for _, p := range now.People {
		w.ids[p.Name] = p.ID
	}
	for _, c := range now.Channels {
		w.ids["#"+c.Name] = c.ID
	}
}

// decide changes what the workspace decided, as its settings do, and lets the bot see it.
func (w *rowTown) decide(t *testing.T, change func(*bot.Workspace)) {
	t.Helper()
	store := w.house.store
	record, err := store.Workspace(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	change(&record)
	if err := store.SaveWorkspace(t.Context(), bot.Token(fmt.Sprint("decide ", record.Version)), record, nil); err != nil {
		t.Fatal(err)
	}
	if err := w.house.bot.Settings.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// rowDoor stands before Slack. It can refuse what is written to one conversation, and counts that.
type rowDoor struct {
	mu      sync.Mutex
	channel string // chat.postMessage to it is refused
	times   int    // so many times
	refused int
}

// shut refuses the next messages to a conversation, which Slack asks to send a minute later.
func (d *rowDoor) shut(channel string, times int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.channel, d.times, d.refused = channel, times, 0
}

func (d *rowDoor) count() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.refused
}

// RoundTrip implements [http.RoundTripper].
func (d *rowDoor) RoundTrip(r *http.Request) (*http.Response, error) {
	if path.Base(r.URL.Path) != "chat.postMessage" {
		return http.DefaultTransport.RoundTrip(r)
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	form, err := url.ParseQuery(string(body))
	if err != nil {
		return nil, err
	}
	d.mu.Lock()
	shut := d.times > d.refused && form.Get("channel") == d.channel
	if shut {
		d.refused++
	}
	d.mu.Unlock()
	if !shut {
		return http.DefaultTransport.RoundTrip(r)
	}
	answer := http.Response{StatusCode: http.StatusTooManyRequests, Header: http.Header{"Retry-After": {"60"}}, Body: http.NoBody, Request: r}
	return &answer, nil
}
