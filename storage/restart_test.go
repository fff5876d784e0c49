package storage_test

import (
	"path/filepath"
	"testing"
	"time"

	"rapport/bot"
	"rapport/storage"
	"rapport/storage/redistest"
)

// again opens one more store on a workspace, as another process does.
func again(t *testing.T, c *clock, url, team string) *storage.Store {
	t.Helper()
	s, err := storage.Open(t.Context(), storage.Options{URL: url, Team: team, Key: sealingKey, Now: c.Now})
	must(t, err)
	t.Cleanup(func() { closeStore(t, s) })
	return s
}

// claimed claims a send that has to be there for it.
func claimed(t *testing.T, s *storage.Store, c *clock, send bot.Send, token string) bot.Send {
	t.Helper()
	got, err := s.Claim(t.Context(), c.Now(), send, token, lease, nil)
	must(t, err)
	if !got.Held {
		t.Fatalf("%s is not to be had", send.SID)
	}
	return got.Send
}

// post brings a send to where its message is posted.
func post(t *testing.T, s *storage.Store, c *clock, send bot.Send, token string) {
	t.Helper()
	claimed(t, s, c, send, token)
	ok, err := s.Posting(t.Context(), c.Now(), send.SID, token, reserve)
	must(t, err)
	if !ok {
		t.Fatalf("%s may not be posted", send.SID)
	}
}

func sent(t *testing.T, s *storage.Store, c *clock, send bot.Send, token string) {
	t.Helper()
	_, err := s.Settle(t.Context(), c.Now(), send, token, bot.Outcome{State: bot.StateSent, Channel: "D1", TS: "1.1"}, nil)
	must(t, err)
}

// refused claims and has to fail.
func refused(t *testing.T, s *storage.Store, c *clock, send bot.Send) {
	t.Helper()
	if got, err := s.Claim(t.Context(), c.Now(), send, "too early", lease, nil); err == nil {
		t.Fatalf("claimed %+v before the restart was judged", got)
	}
}

func restart(t *testing.T, server *redistest.Server) {
	t.Helper()
	server.Kill()
	must(t, server.Restart())
}

// restored makes a server whose ledger is of yesterday: "posted" was sent since, "looked" and "plan" are due like it, "later" is due tomorrow.
func restored(t *testing.T) (server *redistest.Server, s *storage.Store, team string, c *clock) {
	t.Helper()
	server = redistest.Start(t, redistest.Options{})
	c, team = newClock(), newTeam()
	s = again(t, c, server.URL(), team)
	backup := filepath.Join(t.TempDir(), "backup.rdb")
	later := pair(c, "later")
	later.Due = c.Now().Add(48 * time.Hour)
	insert(t, s, "i", pair(c, "posted"), later, bot.Send{SID: "plan", Kind: bot.KindPlan, Due: c.Now()})
	server.Save(t, backup)
	post(t, s, c, pair(c, "posted"), "w")
	sent(t, s, c, pair(c, "posted"), "w")
	c.pass(24 * time.Hour)
	server.Kill()
	server.Restore(t, backup)
	must(t, server.Restart())
	if got := state(t, s, "posted"); got != bot.StatePending {
		t.Fatalf("the backup is not of yesterday: posted is %s", got)
	}
	return server, s, team, c
}

func TestARestoredBackupIsDoubtedByWhoSawMore(t *testing.T) {
	t.Parallel()
	_, s, _, c := restored(t)
	posted := pair(c, "posted")
	posted.Due = c.Now().Add(-24 * time.Hour)
	got := claimed(t, s, c, posted, "w2")
	if got.State != bot.StateUnknown || !got.TriedAt.Equal(posted.Due) || !got.TriedUntil.Equal(c.Now()) {
		t.Errorf("what was posted since the backup is %+v", got)
	}
	sent(t, s, c, posted, "w2")
	plan := claimed(t, s, c, bot.Send{SID: "plan", Kind: bot.KindPlan}, "w3")
	if plan.State != bot.StateClaimed {
		t.Errorf("planning, which can be repeated, is %s", plan.State)
	}
	c.pass(24 * time.Hour)
	if later := claimed(t, s, c, pair(c, "later"), "w4"); later.State != bot.StateClaimed {
		t.Errorf("what is due after the doubt is %s", later.State)
	}
}

func TestARestoredBackupIsDoubtedByWhoCannotTell(t *testing.T) {
	t.Parallel()
	server, _, team, c := restored(t)
	s := again(t, c, server.URL(), team) // after everything died
	refused(t, s, c, pair(c, "posted"))
	c.pass(19 * time.Second)
	refused(t, s, c, pair(c, "posted"))
	c.pass(time.Second)
	got := claimed(t, s, c, pair(c, "posted"), "w")
	if got.State != bot.StateUnknown {
		t.Errorf("what was posted since the backup is %s", got.State)
	}
	doubt, err := s.Doubt(t.Context())
	must(t, err)
	if !doubt.Equal(c.Now()) {
		t.Errorf("the doubt is of %s", doubt)
	}
}

func TestWhatWasProvenAbsentIsPostedOnce(t *testing.T) {
	t.Parallel()
	_, s, _, c := restored(t)
	send := pair(c, "posted")
	claimed(t, s, c, send, "look")
	_, err := s.Settle(t.Context(), c.Now(), send, "look", bot.Outcome{State: bot.StatePending}, nil)
	must(t, err)
	if got := claimed(t, s, c, send, "w"); got.State != bot.StateClaimed {
		t.Errorf("after it was looked for it is %s", got.State)
	}
	_, err = s.Settle(t.Context(), c.Now(), send, "w", bot.Outcome{State: bot.StatePending}, nil)
	must(t, err)
	c.pass(time.Minute)
	must(t, s.MarkRestored(t.Context(), c.Now()))
	if got := claimed(t, s, c, send, "w2"); got.State != bot.StateUnknown {
		t.Errorf("after a second restore it is %s", got.State)
	}
}

// What is planned again after a restore is due before the doubt: it may have been planned and posted in what was forgotten.
func TestWhatIsPlannedAnewIsInDoubt(t *testing.T) {
	everyStore(t, func(t *testing.T, s *storage.Store, c *clock) {
		fresh := pair(c, "anew")
		c.pass(time.Hour)
		must(t, s.MarkRestored(t.Context(), c.Now()))
		c.pass(time.Minute)
		insert(t, s, "i", fresh, pair(c, "new"))
		if got := claimed(t, s, c, fresh, "w"); got.State != bot.StateUnknown {
			t.Errorf("what was planned anew is %s", got.State)
		}
		if got := claimed(t, s, c, pair(c, "new"), "w"); got.State != bot.StateClaimed {
			t.Errorf("what is new is %s", got.State)
		}
	})
}

// The state that a send is expected in decides what it is counted against: one that turns out to be in doubt has to be asked for again.
func TestWhatTurnsOutToBeInDoubtIsAskedForAgain(t *testing.T) {
	everyStore(t, func(t *testing.T, s *storage.Store, c *clock) {
		send := pair(c, "a")
		insert(t, s, "i", send)
		must(t, s.MarkRestored(t.Context(), c.Now()))
		send.State = bot.StatePending
		got, err := s.Claim(t.Context(), c.Now(), send, "w", lease, nil)
		must(t, err)
		if got.Held || got.Wait != 0 {
			t.Errorf("claimed as pending: %+v", got)
		}
		list, err := s.Due(t.Context(), c.Now(), kinds, 1)
		must(t, err)
		if looked := claimed(t, s, c, list[0], "w"); looked.State != bot.StateUnknown || looked.Attempt != 1 {
			t.Errorf("then it is %+v", looked)
		}
	})
}

// What the backup has as claimed or posting was posted since, or was not: its lease is over, and it is in doubt like the rest.
func TestWhatSomebodyWorkedOnIsInDoubtToo(t *testing.T) {
	everyStore(t, func(t *testing.T, s *storage.Store, c *clock) {
		insert(t, s, "i", pair(c, "claimed"), pair(c, "posting"))
		claimed(t, s, c, pair(c, "claimed"), "w")
		post(t, s, c, pair(c, "posting"), "w")
		tried := c.Now()
		c.pass(time.Hour)
		restored := c.Now()
		must(t, s.MarkRestored(t.Context(), restored))
		c.pass(time.Hour) // before anybody starts
		n, err := s.Sweep(t.Context(), c.Now(), 0)
		must(t, err)
		if n != 2 {
			t.Fatalf("swept %d", n)
		}
		for _, sid := range []string{"claimed", "posting"} {
			got := claimed(t, s, c, pair(c, sid), "w2")
			if got.State != bot.StateUnknown || !got.TriedUntil.Equal(restored) || !got.TriedAt.Equal(tried) {
				t.Errorf("%s is %+v", sid, got)
			}
		}
	})
}

func TestARestartThatForgotNothingIsAccepted(t *testing.T) {
	t.Parallel()
	server := redistest.Start(t, redistest.Options{AOF: true, Args: []string{"--appendfsync", "no"}})
	c, team := newClock(), newTeam()
	s := again(t, c, server.URL(), team)
	insert(t, s, "i", pair(c, "a"), pair(c, "b"), pair(c, "posting"))
	claimed(t, s, c, pair(c, "a"), "w")
	claimed(t, s, c, pair(c, "posting"), "w")
	restart(t, server)
	if ok, err := s.Posting(t.Context(), c.Now(), "posting", "w", reserve); err != nil || ok {
		t.Errorf("posted before the restart was judged: %v, %v", ok, err)
	}
	sent(t, s, c, pair(c, "a"), "w") // what was posted is settled at any time
	second := again(t, c, server.URL(), team)
	refused(t, s, c, pair(c, "b"))
	refused(t, second, c, pair(c, "b"))
	c.pass(14 * time.Second)
	refused(t, s, c, pair(c, "b"))
	c.pass(time.Second)
	if got := claimed(t, s, c, pair(c, "b"), "w"); got.State != bot.StateClaimed {
		t.Errorf("after a restart that forgot nothing it is %s", got.State)
	}
	_, err := s.Settle(t.Context(), c.Now(), pair(c, "b"), "w", bot.Outcome{State: bot.StatePending}, nil)
	must(t, err)
	if got := claimed(t, second, c, pair(c, "b"), "w2"); got.State != bot.StateClaimed {
		t.Errorf("to who started meanwhile it is %s", got.State)
	}
	if doubt, err := s.Doubt(t.Context()); err != nil || !doubt.IsZero() {
		t.Errorf("the doubt is of %s, %v", doubt, err)
	}
}

// The one that saw most decides, also when it looks after another has found nothing.
func TestWhoSawMostDecidesLateToo(t *testing.T) {
	t.Parallel()
	server := redistest.Start(t, redistest.Options{})
	c, team := newClock(), newTeam()
	little, much := again(t, c, server.URL(), team), again(t, c, server.URL(), team)
	insert(t, little, "i", pair(c, "a"), pair(c, "b"))
	backup := filepath.Join(t.TempDir(), "backup.rdb")
	server.Save(t, backup)
	post(t, much, c, pair(c, "b"), "w")
	server.Kill()
	server.Restore(t, backup)
	must(t, server.Restart())
	refused(t, little, c, pair(c, "a"))
	c.pass(15 * time.Second)
	if got := claimed(t, little, c, pair(c, "a"), "w"); got.State != bot.StateClaimed {
		t.Fatalf("who saw nothing forgotten finds a %s", got.State)
	}
	if got := claimed(t, much, c, pair(c, "b"), "w2"); got.State != bot.StateUnknown {
		t.Errorf("what was posted before the restart is %s", got.State)
	}
}

func TestAWipedServerIsNoticed(t *testing.T) {
	t.Parallel()
	server := redistest.Start(t, redistest.Options{})
	c := newClock()
	team := newTeam()
	s := again(t, c, server.URL(), team)
	insert(t, s, "i", pair(c, "a"))
	post(t, s, c, pair(c, "a"), "w")
	client := server.Client()
	defer func() { _ = client.Close() }()
	must(t, client.FlushAll(t.Context()).Err())
	again(t, c, server.URL(), team) // another process starts: only that makes a new store
	insert(t, s, "planned anew", pair(c, "a"))
	if got := claimed(t, s, c, pair(c, "a"), "w2"); got.State != bot.StateUnknown {
		t.Errorf("it is %s", got.State)
	}
}
