package slackapp

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"rapport/bot"
	"rapport/bot/slackfake"
)

// errStop ends a sync where a process would have ended.
var errStop = errors.New("stopped")

// drive lets the clock go on until a sync has ended, and returns how long that took.
func (w *town) drive(d *Directory) (time.Duration, error) {
	w.t.Helper()
	ended := make(chan error, 1)
	begin := w.clock.Now()
	working := d.waiting() // before the clock goes on
	go func() {
		_, err := d.hold(w.t.Context(), working, true)
		ended <- err // before the clock is let go: it would run for hours until this is heard
		working.busy()
	}()
	for {
		select {
		case err := <-ended:
			return w.clock.Now().Sub(begin), err
		default:
		}
		if err := w.clock.Advance(w.t.Context(), w.clock.Now().Add(5*time.Second)); err != nil {
			w.t.Fatal(err)
		}
	}
}

// A process that ends in the middle leaves a mark, and the next one goes on from there: it reads no page and no profile twice, but for the last batch.
func TestSyncGoesOnWhereAnotherEnded(t *testing.T) {
	w, store := newSlack(t, true), &members{}
	w.post("/people", map[string]any{"generate": 700}, &struct{}{})
	first := newDirectory(t, w, store)
	pages := 0
	store.saved = func(m bot.DirectorySync) error {
		if m.Cursor != "" {
			pages++
		}
		if pages == 3 {
			return errStop
		}
		return nil
	}
	if _, err := w.drive(first); !errors.Is(err, errStop) {
		t.Fatalf("first sync: %v, want it stopped", err)
	}
	if store.mark.Began.IsZero() || store.mark.Cursor == "" {
		t.Fatalf("mark %+v, want one in the middle of the list", store.mark)
	}
	cursor := store.mark.Cursor
	store.saved = nil
	second := newDirectory(t, w, store)
	second.Process = "b"
	took, err := w.drive(second)
	if err != nil {
		t.Fatal(err)
	}
	for id, m := range store.known {
		if m.Person() && m.Stale {
			t.Errorf("%s: the profile was not read", id)
		}
	}
	if m := store.mark; !m.Began.IsZero() || m.Whole.IsZero() || m.People < 740 {
		t.Errorf("mark %+v after %s from cursor %q, want a whole sync of all", m, took, cursor)
	}
}

// Slack forgets its cursors. Then the list is begun anew, and nobody is taken for gone.
func TestSyncBeginsAnewWithACursorThatSlackForgot(t *testing.T) {
	w, store := newSlack(t, false), &members{}
	d := newDirectory(t, w, store)
	store.mark = bot.DirectorySync{Began: w.clock.Now(), Cursor: "dXNlcjpVTk9CT0RZ"}
	if err := d.Sync(t.Context()); err != nil {
		t.Fatal(err)
	}
	if m := store.byHandle()["ana"]; m.Deleted || m.Department == "" || store.mark.Whole.IsZero() {
		t.Errorf("ana %+v, mark %+v", m, store.mark)
	}
}

// Who is no longer in the list is asked for, and only then taken for gone.
func TestSyncAsksForWhoIsMissing(t *testing.T) {
	w, store := newSlack(t, false), &members{}
	store.known = map[string]bot.Member{
		"U00VANISHED": {ID: "U00VANISHED", Name: "Vera"},
		"U00STRANGER": {ID: "U00STRANGER", Name: "Sam", Stranger: true},
	}
	if err := newDirectory(t, w, store).Sync(t.Context()); err != nil {
		t.Fatal(err)
	}
	if !store.known["U00VANISHED"].Deleted || store.known["U00STRANGER"].Deleted {
		t.Errorf("vanished %+v, stranger %+v", store.known["U00VANISHED"], store.known["U00STRANGER"])
	}
}

// Whom Slack does not show to the bot has not left by that.
func TestWhomSlackDoesNotShowHasNotLeft(t *testing.T) {
	for text, want := range map[string][2]bool{
		"user_not_found": {true, false}, "users_not_found": {true, false}, "user_not_visible": {false, true}, "missing_scope": {},
	} {
		if err := error(&Refusal{Code: text}); unknownUser(err) != want[0] || unseenUser(err) != want[1] {
			t.Errorf("%s: gone %t, not shown %t", text, unknownUser(err), unseenUser(err))
		}
	}
}

// Two processes do not sync at the same time, and what one has done the other does not repeat.
func TestOneProcessSyncs(t *testing.T) {
	w, store := newSlack(t, false), &members{}
	a, b := newDirectory(t, w, store), newDirectory(t, w, store)
	b.Process = "b"
	store.holder, store.until = "a", w.clock.Now().Add(time.Minute)
	waits := b.waiting()
	defer waits.busy()
	if next := b.turn(t.Context(), waits, true); next != syncOther || len(store.known) != 0 {
		t.Errorf("the second process looks again in %s and stored %d members, want %s and none", next, len(store.known), syncOther)
	}
	if err := a.Sync(t.Context()); err != nil {
		t.Fatal(err)
	}
	edits := store.edits
	if next := b.turn(t.Context(), waits, true); next <= syncOther || store.edits != edits {
		t.Errorf("after the first process's sync the second stored %d more and looks again in %s", store.edits-edits, next)
	}
}

// What events would have said and did not is learned in the night; nobody who did not change is written again.
func TestNightHealsLostEvents(t *testing.T) {
	w, store := newSlack(t, false), &members{}
	d := newDirectory(t, w, store) // no socket is open: every event is lost
	advance := func(to time.Time) {
		t.Helper()
		if err := w.clock.Advance(t.Context(), to); err != nil {
			t.Fatal(err)
		}
	}
	advance(wednesday.Add(time.Hour)) // what changed in the second of a read might have changed after it
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	d.Keep(ctx, 0)
	advance(wednesday.Add(70 * time.Minute))
	edits := store.edits
	w.post("/people", map[string]any{"people": []map[string]any{
		{"name": "fay", "deleted": true},
		{"name": "ana", "tz": "America/New_York"},
		{"name": "bob", "department": "Design"},
		{"name": "newcomer", "real_name": "New Comer", "department": "Design", "tz": "Europe/Oslo"},
	}}, &struct{}{})
	night := time.Date(2026, 3, 26, 3, 0, 0, 0, time.UTC)
	advance(night.Add(-time.Second))
	if known := store.byHandle(); known["fay"].Deleted || known["newcomer"].ID != "" {
		t.Error("the directory knows before the night what it was not told")
	}
	advance(night.Add(10 * time.Minute))
	known := store.byHandle()
	if !known["fay"].Deleted || known["ana"].Zone != "America/New_York" || known["bob"].Department != "Design" || known["newcomer"].Department != "Design" {
		t.Errorf("fay %+v\nana %+v\nbob %+v\nnewcomer %+v", known["fay"], known["ana"], known["bob"], known["newcomer"])
	}
	if n := store.edits - edits; n > 2*4 {
		t.Errorf("%d members were written for 4 changes", n)
	}
	w.post("/people", map[string]any{"people": []map[string]any{{"name": "fay", "deleted": false}}}, &struct{}{})
	advance(night.Add(24*time.Hour + 10*time.Minute))
	if store.byHandle()["fay"].Deleted {
		t.Error("fay is back, and the next night did not notice")
	}
}

// A workspace of 5,000: every profile is read once, within Slack's rates; the second night asks for the list alone. The figures are in the log.
func TestSyncOfFiveThousand(t *testing.T) {
	w, store := newSlack(t, true), &members{}
	w.post("/people", map[string]any{"generate": 5000}, &struct{}{})
	w.fault(map[string]any{"method": "users.list", "kind": "429", "retry_after": 20, "count": 2})
	w.fault(map[string]any{"method": "users.profile.get", "kind": "429", "retry_after": 60, "count": 1})
	d := newDirectory(t, w, store)
	took, err := w.drive(d)
	if err != nil {
		t.Fatal(err)
	}
	if err := w.clock.Advance(t.Context(), w.clock.Now().Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	read := 0
	for _, m := range store.known {
		if m.Person() && !m.Read.IsZero() {
			read++
		}
	}
	t.Logf("%d people known, %d profiles read, in %s of Slack's time", len(store.known), read, took)
	if len(store.known) < 5040 || read < 5000 || took > 2*time.Hour {
		t.Errorf("%d known, %d read, %s", len(store.known), read, took)
	}
	edits := store.edits
	took, err = w.drive(d)
	if err != nil || store.edits != edits || took > 5*time.Minute {
		t.Errorf("the second sync: %v, %d writes, %s; want none within 5 minutes", err, store.edits-edits, took)
	}
}

func TestGroupDepartments(t *testing.T) {
	groups := []slack.UserGroup{
		{ID: "S3", Handle: "dept-ops", Name: "Operations", Users: []string{"c", "d"}},
		{ID: "S1", Handle: "Eng", Name: "Engineering", Users: []string{"a", "b"}},
		{ID: "S2", Handle: "sales", Name: "", Users: []string{"b", "c"}},
		{ID: "S4", Handle: "dept-art", Name: "  Art \n Department ", Users: []string{"d", "e"}},
		{ID: "S5", Handle: "runners", Name: "Runners", Users: []string{"f"}},
		{ID: "S6", Handle: "dept-old", Name: "Old", Users: []string{"f"}, DateDelete: 1},
	}
	tests := []struct {
		name    string
		handles []string
		want    string
	}{
		{"none", nil, "map[]"},
		{"the first that is named counts", []string{"@eng", "@sales"}, "map[a:Engineering b:Engineering c:sales]"},
		{"the other way round", []string{"sales", "eng"}, "map[a:Engineering b:sales c:sales]"},
		{"below a star by handle, and never what was deleted", []string{"dept-*"}, "map[c:Operations d:Art Department e:Art Department]"},
		{"unknown handle", []string{"@nobody"}, "map[]"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := fmt.Sprint(groupDepartments(slices.Clone(groups), tt.handles)); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

// A user group counts once it is a department, and no longer once somebody has left it, which an event says; who is in none keeps what their profile says.
func TestUserGroupsAreDepartments(t *testing.T) {
	store := &members{}
	w := newSlackWithGroups(t)
	w.app = w.newApp(nil)
	d := newDirectory(t, w, store)
	d.Order, d.Groups = []bot.Source{bot.SourceGroups, bot.SourceProfile}, []string{"dept-*"}
	if err := w.app.Add(d); err != nil {
		t.Fatal(err)
	}
	w.run()
	w.until(func() bool { return w.connections() == w.app.cfg.Connections })
	if err := d.Sync(t.Context()); err != nil {
		t.Fatal(err)
	}
	ana, bob := store.byHandle()["ana"].Department, store.byHandle()["bob"].Department
	if ana == "" || bob == "" {
		t.Fatalf("departments of the profiles: %q, %q", ana, bob)
	}
	for _, step := range []struct {
		name     string
		users    []string
		ana, bob string
	}{
		{"a new group", []string{"ana", "bob"}, "Experiments", "Experiments"},
		{"one left", []string{"ana"}, "Experiments", bob},
		{"none is left", []string{}, ana, bob},
	} {
		w.post("/people", map[string]any{"groups": []map[string]any{{"handle": "dept-x", "name": "Experiments", "users": step.users}}}, &struct{}{})
		w.settle()
		known := store.byHandle()
		if known["ana"].Department != step.ana || known["bob"].Department != step.bob {
			t.Errorf("%s: ana %q, bob %q; want %q, %q", step.name, known["ana"].Department, known["bob"].Department, step.ana, step.bob)
		}
	}
}

// newSlackWithGroups starts a local Slack that grants what the feature usergroups asks for.
func newSlackWithGroups(t *testing.T) *town {
	t.Helper()
	manifest, err := os.ReadFile("../../deploy/manifest.yaml")
	if err != nil {
		t.Fatal(err)
	}
	manifest = bytes.Replace(manifest, []byte("      - groups:read\n"), []byte("      - groups:read\n      - usergroups:read\n"), 1)
	manifest = bytes.Replace(manifest, []byte("      - team_join\n"), []byte("      - team_join\n      - subteam_created\n      - subteam_updated\n"), 1)
	clock := slackfake.NewClock(wednesday)
	server, err := slackfake.Start(slackfake.Config{Addr: "127.0.0.1:0", Manifest: manifest, Clock: clock, Sample: slackfake.Sample{People: 40, Seed: 1}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close() })
	return &town{Server: server, t: t, clock: clock}
}
