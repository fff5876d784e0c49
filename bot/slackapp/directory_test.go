package slackapp

import (
	"context"
	"log/slog"
	"maps"
	"sync"
	"testing"
	"time"

	"rapport/bot"
)

// members is a member store in memory.
type members struct {
	mu    sync.Mutex
	known map[string]bot.Member
	saves int
}

// Members implements [MemberStore].
func (m *members) Members(_ context.Context, ids ...string) (map[string]bot.Member, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	found := map[string]bot.Member{}
	for _, id := range ids {
		if known, ok := m.known[id]; ok {
			found[id] = known
		}
	}
	return found, nil
}

// SaveMembers implements [MemberStore].
func (m *members) SaveMembers(_ context.Context, list ...bot.Member) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.saves++
	if m.known == nil {
		m.known = map[string]bot.Member{}
	}
	for _, member := range list {
		m.known[member.ID] = member
	}
	return nil
}

func (m *members) byHandle() map[string]bot.Member {
	m.mu.Lock()
	defer m.mu.Unlock()
	list := map[string]bot.Member{}
	for known := range maps.Values(m.known) {
		list[known.Handle] = known
	}
	return list
}

func newDirectory(t *testing.T, w *town, store *members) *Directory {
	t.Helper()
	if w.app == nil {
		w.app = w.newApp(nil)
	}
	me, err := w.app.Connect(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return &Directory{Client: w.app.Client(), Store: store, Clock: w.clock, Log: slog.New(slog.DiscardHandler), Team: me.Team}
}

func TestSyncKnowsWhoIsWho(t *testing.T) {
	w, store := newSlack(t, false), &members{}
	d := newDirectory(t, w, store)
	if err := d.Sync(t.Context()); err != nil {
		t.Fatal(err)
	}
	known := store.byHandle()
	for _, p := range w.state().People {
		m, ok := known[p.Name]
		if !ok {
			t.Errorf("%s is unknown", p.Name)
			continue
		}
		if m.Person() && (m.Department != p.Department || m.Manager != p.Manager) {
			t.Errorf("%s: department %q, manager %q; want %q, %q", p.Name, m.Department, m.Manager, p.Department, p.Manager)
		}
	}
	ana := known["ana"]
	if ana.Name != "Ana Ferreira" || ana.Zone != "Europe/Berlin" || ana.Locale != "en-US" || ana.Title != "People Lead" || !ana.Person() {
		t.Errorf("ana: %+v", ana)
	}
	if !known["gwen"].Guest || !known["gwen"].Person() || !known["otis"].Deleted || !known["deploys"].Bot || !known["sofia"].Stranger {
		t.Errorf("guest, deactivated, bot or stranger is taken for another: %+v %+v %+v %+v", known["gwen"], known["otis"], known["deploys"], known["sofia"])
	}
}

func TestSyncReadsProfilesOnlyOfWhoChanged(t *testing.T) {
	w, store := newSlack(t, false), &members{}
	d := newDirectory(t, w, store)
	if err := w.clock.Advance(t.Context(), wednesday.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	if err := d.Sync(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.fault(map[string]any{"method": "users.profile.get", "kind": "500", "count": 1}) // who asks again fails
	if err := d.Sync(t.Context()); err != nil {
		t.Errorf("the second sync asked for a profile that it knows: %v", err)
	}
}

// With Slack's rate limits, 40 profiles take longer than a minute's calls; the clock has to move for the sync to end.
func TestSyncWaitsAsLongAsSlackSays(t *testing.T) {
	w, store := newSlack(t, true), &members{}
	w.post("/people", map[string]any{"generate": 150}, &struct{}{})
	d := newDirectory(t, w, store)
	ended := make(chan error, 1)
	go func() { ended <- d.Sync(t.Context()) }()
	for at := wednesday; ; at = at.Add(10 * time.Second) {
		if err := w.clock.Advance(t.Context(), at); err != nil {
			t.Fatal(err)
		}
		select {
		case err := <-ended:
			if err != nil || at.Equal(wednesday) {
				t.Errorf("sync: %v, after %s", err, at.Sub(wednesday))
			}
			if n := len(store.byHandle()); n < 190 {
				t.Errorf("%d members, want 190 and more", n)
			}
			return
		default:
		}
	}
}

func TestChangesOfAMemberAreHeard(t *testing.T) {
	store := &members{}
	var d *Directory
	w := newTown(t, nil, func(c *Client) Noun {
		d = &Directory{Client: c, Store: store, Log: slog.New(slog.DiscardHandler)}
		return d
	})
	d.Clock, d.Team = w.clock, w.app.identity().Team
	if err := d.Sync(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.post("/people", map[string]any{"people": []map[string]any{
		{"name": "ana", "real_name": "Ana Ferreira", "title": "Chief of Staff", "department": "Operations", "tz": "Asia/Tokyo"},
		{"name": "newcomer", "real_name": "New Comer", "department": "Design", "tz": "Europe/Oslo"},
	}}, &struct{}{})
	w.settle()
	known := store.byHandle()
	if m := known["ana"]; m.Title != "Chief of Staff" || m.Department != "Operations" || m.Zone != "Asia/Tokyo" {
		t.Errorf("ana: %+v", m)
	}
	if m := known["newcomer"]; m.Department != "Design" || m.Zone != "Europe/Oslo" {
		t.Errorf("newcomer: %+v", m)
	}
}

func TestLookup(t *testing.T) {
	w, store := newSlack(t, false), &members{}
	d := newDirectory(t, w, store)
	m, ok, err := d.Lookup(t.Context(), w.person("bob"))
	if err != nil || !ok || m.Name != "Bob Okafor" || store.byHandle()["bob"].Name != "Bob Okafor" {
		t.Errorf("bob: %+v %t %v", m, ok, err)
	}
	if _, ok, err := d.Lookup(t.Context(), "U999999999"); ok || err != nil {
		t.Errorf("nobody: %t %v", ok, err)
	}
	w.fault(map[string]any{"method": "users.info", "kind": "delay", "delay_ms": 1500, "count": 1})
	if _, _, err := d.Lookup(t.Context(), w.person("bob")); err == nil {
		t.Error("a lookup may take a second, not longer")
	}
}
