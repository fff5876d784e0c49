package storage_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"rapport/bot"
	"rapport/storage"
)

func TestARunIsClaimedOnce(t *testing.T) {
	everyStore(t, func(t *testing.T, s *storage.Store, c *clock) {
		e := bot.Entry{Name: "digest/C1", Spec: "0 15 * * 5", Zone: "Europe/Berlin"}
		must(t, s.SaveDigest(t.Context(), "t", bot.Digest{Channel: "C1"}, []bot.Entry{e}, nil))
		mark := markOf(t, s, c, true)
		run := c.Now().Add(time.Hour)
		if fired, err := s.Fire(t.Context(), e.Name, mark, "", run, nil); err != nil || fired {
			t.Fatalf("storing the first run: %v, %v", fired, err)
		}
		if next, err := s.NextEntry(t.Context()); err != nil || !next.Equal(run) {
			t.Fatalf("next run %s, %v", next, err)
		}
		if names := dueEntries(t, s, c.Now()); len(names) != 0 {
			t.Fatalf("due before the run: %v", names)
		}
		c.pass(time.Hour)
		mark = markOf(t, s, c, false)
		plan := bot.Intents{{SID: "plan/x", Kind: bot.KindPlan, Ref: "digest/C1 x", Due: c.Now()}}
		var group sync.WaitGroup
		var mu sync.Mutex
		fires := 0
		for range 5 {
			group.Go(func() {
				fired, err := s.Fire(t.Context(), e.Name, mark, "2026-03-06T15:00", run.Add(7*24*time.Hour), plan)
				mu.Lock()
				defer mu.Unlock()
				if err != nil {
					t.Error(err)
				}
				if fired {
					fires++
				}
			})
		}
		group.Wait()
		if fires != 1 || state(t, s, "plan/x") != bot.StatePending {
			t.Errorf("fired %d times, want 1", fires)
		}
		c.pass(7 * 24 * time.Hour)
		for _, civil := range []string{"2026-03-06T15:00", "2026-03-06T14:00"} {
			fired, err := s.Fire(t.Context(), e.Name, markOf(t, s, c, false), civil, c.Now().Add(-time.Second), nil)
			must(t, err)
			if fired {
				t.Errorf("%s was claimed after 2026-03-06T15:00", civil)
			}
		}
	})
}

// markOf returns the mark of the one due entry, and checks whether its next run has to be computed.
func markOf(t *testing.T, s *storage.Store, c *clock, fresh bool) string {
	t.Helper()
	marks := []string{}
	must(t, s.DueEntries(t.Context(), c.Now(), func(_ bot.Entry, since, next time.Time, mark string) error {
		if since.IsZero() || since.After(c.Now()) {
			t.Errorf("changed at %s", since)
		}
		if next.IsZero() != fresh {
			t.Errorf("next run %s, has to be computed: want %v", next, fresh)
		}
		marks = append(marks, mark)
		return nil
	}))
	if len(marks) != 1 {
		t.Fatalf("%d entries are due, want 1", len(marks))
	}
	return marks[0]
}

func TestAChangedEntryIsComputedAnew(t *testing.T) {
	everyStore(t, func(t *testing.T, s *storage.Store, c *clock) {
		e := bot.Entry{Name: "digest/C1", Spec: "0 15 * * 5", Zone: "Europe/Berlin"}
		d := bot.Digest{Channel: "C1"}
		save := func(token string) {
			t.Helper()
			must(t, s.SaveDigest(t.Context(), bot.Token(token), d, []bot.Entry{e}, nil))
			d.Version++
		}
		save("1")
		old := markOf(t, s, c, true)
		_, err := s.Fire(t.Context(), e.Name, old, "", c.Now().Add(time.Hour), nil)
		must(t, err)
		save("2") // the same entry keeps its run
		if next, err := s.NextEntry(t.Context()); err != nil || !next.Equal(c.Now().Add(time.Hour)) {
			t.Fatalf("next run %s, %v", next, err)
		}
		e.Spec = "0 16 * * 5"
		save("3")
		stale := markOf(t, s, c, true)
		e.Spec = "0 17 * * 5"
		save("4")
		if _, err := s.Fire(t.Context(), e.Name, stale, "", c.Now().Add(time.Hour), nil); err != nil {
			t.Fatal(err)
		}
		if markOf(t, s, c, true) == stale {
			t.Error("a run of the spec before was stored for the one after")
		}
		e.Off = true
		save("5")
		if names := dueEntries(t, s, c.Now()); len(names) != 0 {
			t.Errorf("switched off, and still due: %v", names)
		}
	})
}

func TestPaceIsSharedAndTellsWhatBlocks(t *testing.T) {
	everyStore(t, func(t *testing.T, s *storage.Store, c *clock) {
		ask := func(place string, wantWait time.Duration, wantBlocked string) {
			t.Helper()
			wait, blocked, err := s.Pace(t.Context(), c.Now(), []bot.Rate{{Name: "post", Every: 250 * time.Millisecond}, {Name: place, Every: time.Second}})
			must(t, err)
			if wait != wantWait || blocked != wantBlocked {
				t.Errorf("%s waits %s for %q, want %s for %q", place, wait, blocked, wantWait, wantBlocked)
			}
		}
		ask("C1", 0, "")
		ask("C2", 250*time.Millisecond, "post")
		c.pass(250 * time.Millisecond)
		ask("C1", 750*time.Millisecond, "C1")
		ask("C2", 0, "")
		must(t, s.BackOff(t.Context(), c.Now().Add(30*time.Second)))
		must(t, s.BackOff(t.Context(), c.Now().Add(10*time.Second)))
		ask("C3", 30*time.Second, "")
		c.pass(30 * time.Second)
		ask("C3", 0, "")
	})
}

func TestAnEventIsSeenOnce(t *testing.T) {
	everyStore(t, func(t *testing.T, s *storage.Store, c *clock) {
		var got []bool
		for _, passed := range []time.Duration{0, time.Hour, 2*time.Hour - time.Second, time.Second} {
			c.pass(passed)
			first, err := s.Seen(t.Context(), "event")
			must(t, err)
			got = append(got, first)
		}
		if !slices.Equal(got, []bool{true, false, false, true}) {
			t.Errorf("first seen: %v", got)
		}
		must(t, s.Unsee(t.Context(), "event"))
		if first, err := s.Seen(t.Context(), "event"); err != nil || !first {
			t.Errorf("after it was forgotten: %t, %v", first, err)
		}
	})
}

func TestMembersAndScenes(t *testing.T) {
	everyStore(t, func(t *testing.T, s *storage.Store, _ *clock) {
		var all []bot.Member
		for i := range 1200 {
			all = append(all, bot.Member{ID: fmt.Sprintf("U%05d", i), Name: fmt.Sprint("Person ", i)})
		}
		must(t, s.SaveMembers(t.Context(), all...))
		got, err := s.AllMembers(t.Context())
		must(t, err)
		if !slices.Equal(got, all) {
			t.Errorf("%d members came back, want 1200 by id", len(got))
		}
		must(t, s.SavePreferences(t.Context(), "t", bot.Preferences{Member: "U00003", Zone: "Asia/Tokyo"}, nil, nil))
		must(t, s.SaveChannel(t.Context(), "c", bot.Channel{ID: "C1", Name: "general", Inside: true}, nil))
		scene, err := s.Scene(t.Context(), "C1", "U00003", "U00004", "UNOBODY")
		must(t, err)
		if len(scene.Members) != 2 || scene.Members["U00004"].Name != "Person 4" || len(scene.Preferences) != 1 ||
			scene.Preferences["U00003"].Zone != "Asia/Tokyo" || scene.Channel.Name != "general" {
			t.Errorf("scene %+v", scene)
		}
		if empty, err := s.Scene(t.Context(), "C9"); err != nil || empty.Channel.ID != "" {
			t.Errorf("scene of an unknown place %+v, %v", empty, err)
		}
		some, err := s.Members(t.Context())
		must(t, err)
		if len(some) != 0 {
			t.Errorf("nobody was asked for, and came: %v", some)
		}
	})
}

func TestTheWorkspaceHasVersions(t *testing.T) {
	everyStore(t, func(t *testing.T, s *storage.Store, _ *clock) {
		_, err := s.Workspace(t.Context())
		is(t, err, bot.ErrNotFound)
		must(t, s.SaveWorkspace(t.Context(), "a", bot.Workspace{Team: "T1"}, nil))
		is(t, s.SaveWorkspace(t.Context(), "b", bot.Workspace{Team: "T2"}, nil), bot.ErrConflict)
		w, err := s.Workspace(t.Context())
		must(t, err)
		if w.Team != "T1" || w.Version != 1 {
			t.Errorf("got %+v", w)
		}
	})
}

func TestErrorsNameNoPassword(t *testing.T) {
	for _, url := range []string{
		"redis://user:s3cret@127.0.0.1:1/0", "redis://user:s3cret@127.0.0.1:1/x", "http://user:s3cret@host", "redis://user:s3cret@[::1", "s3cret", "s3cret://x",
	} {
		_, err := storage.Open(t.Context(), storage.Options{URL: url, Team: "T1", Key: make([]byte, 32), Now: newClock().Now})
		if err == nil || strings.Contains(err.Error(), "s3cret") {
			t.Errorf("error is %v", err)
		}
	}
}

func TestStoresOfNobodyAreRefused(t *testing.T) {
	now := newClock().Now
	for name, o := range map[string]storage.Options{
		"no team":      {Now: now, Key: make([]byte, 32)},
		"a tag inside": {Team: "T{1}", Now: now, Key: make([]byte, 32)},
		"no clock":     {Team: "T1", Key: make([]byte, 32)},
		"short key":    {Team: "T1", Now: now, Key: make([]byte, 16)},
	} {
		if s, err := storage.OpenEmbedded(t.Context(), o); err == nil {
			closeStore(t, s)
			t.Errorf("%s: opened", name)
		}
	}
}
