package slackapp

import (
	"context"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"rapport/bot"
)

// members is a member store in memory.
type members struct {
	mu     sync.Mutex
	known  map[string]bot.Member
	edits  int
	mark   bot.DirectorySync
	holder string
	until  time.Time
	met    map[string]bool
	saved  func(bot.DirectorySync) error // is asked before a mark is kept; nil: nobody is
}

// AllMembers implements [MemberStore].
func (m *members) AllMembers(context.Context) ([]bot.Member, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.SortedFunc(maps.Values(m.known), func(a, b bot.Member) int { return strings.Compare(a.ID, b.ID) }), nil
}

// EditMembers implements [MemberStore].
func (m *members) EditMembers(_ context.Context, ids []string, edit func(bot.Member) (bot.Member, bool)) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.known == nil {
		m.known = map[string]bot.Member{}
	}
	for _, id := range ids {
		known, ok := m.known[id]
		if !ok {
			known = bot.Member{ID: id}
		}
		if after, changed := edit(known); changed {
			m.known[id] = after
			m.edits++
		}
	}
	return nil
}

// DirectorySync implements [MemberStore].
func (m *members) DirectorySync(context.Context) (bot.DirectorySync, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.mark, nil
}

// HoldSync implements [MemberStore].
func (m *members) HoldSync(_ context.Context, holder string, now, until time.Time) (bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.holder != holder && m.until.After(now) {
		return false, nil
	}
	m.holder, m.until = holder, until
	return true, nil
}

// SaveSync implements [MemberStore].
func (m *members) SaveSync(_ context.Context, holder string, until time.Time, mark bot.DirectorySync, begins bool, met ...string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.holder != holder {
		return bot.ErrConflict
	}
	if m.saved != nil {
		if err := m.saved(mark); err != nil {
			return err
		}
	}
	if begins || mark.Began.IsZero() || m.met == nil {
		m.met = map[string]bool{}
	}
	for _, id := range met {
		m.met[id] = true
	}
	m.mark, m.until = mark, until
	return nil
}

// Unmet implements [MemberStore].
func (m *members) Unmet(_ context.Context, ids []string) ([]string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(ids), func(id string) bool { return m.met[id] }), nil
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
	return &Directory{Client: w.app.Client(), Store: store, Clock: w.clock, Log: slog.New(slog.DiscardHandler), Process: "a", Team: me.Team}
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
		d = &Directory{Client: c, Store: store, Log: slog.New(slog.DiscardHandler), Process: "a"}
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

// departures are what was told of people who left.
type departures struct{ one, all chan string }

func (d departures) MemberGone(_ context.Context, _ time.Time, member string) error {
	d.one <- member
	return nil
}

func (d departures) PeopleGone(context.Context, time.Time) error {
	d.all <- "all"
	return nil
}

func TestWhoLeavesIsToldOf(t *testing.T) {
	store, told := &members{}, departures{one: make(chan string, 9), all: make(chan string, 9)}
	var d *Directory
	w := newTown(t, nil, func(c *Client) Noun {
		d = &Directory{Client: c, Store: store, Log: slog.New(slog.DiscardHandler), Process: "a", Leavers: told}
		return d
	})
	d.Clock, d.Team = w.clock, w.app.identity().Team
	for range 2 {
		if err := d.Sync(t.Context()); err != nil {
			t.Fatal(err)
		}
		if len(told.all) != 1 || len(told.one) != 0 {
			t.Errorf("a sync tells %d times of all, and %d times of one", len(told.all), len(told.one))
		}
		<-told.all
	}
	w.post("/people", map[string]any{"people": []map[string]any{{"name": "bob", "deleted": true}, {"name": "ana", "title": "Chief of Staff"}}}, &struct{}{})
	w.settle()
	if len(told.one) != 1 || !store.byHandle()["bob"].Deleted {
		t.Fatalf("told %d times of one", len(told.one))
	}
	if got := <-told.one; got != w.person("bob") {
		t.Errorf("told of %s", got)
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
