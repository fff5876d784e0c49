package storage_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"rapport/bot"
	"rapport/storage"
	"rapport/storage/redistest"
)

func channel(t *testing.T, s *storage.Store, token string) error {
	t.Helper()
	return s.SaveChannel(t.Context(), bot.Token(token), bot.Channel{ID: "C1"}, nil)
}

// A primary that is cut off goes on answering its clients. Nothing that it says counts.
func TestNothingCountsOnAPrimaryThatIsCutOff(t *testing.T) {
	t.Parallel()
	servers := redistest.StartSentinel(t)
	old := servers.Primary(t)
	c, team := newClock(), newTeam()
	s := again(t, c, servers.URL(), team)
	insert(t, s, "i", pair(c, "a"), pair(c, "b"), pair(c, "c"))
	claimed(t, s, c, pair(c, "b"), "w")
	// A process that hears nothing of Sentinels.
	zombie := again(t, c, servers.Direct(old), team)
	storage.NeedReplica(zombie)
	claimed(t, zombie, c, pair(c, "c"), "zombie")
	servers.CutOff(t, old)
	if got, err := zombie.Claim(t.Context(), c.Now(), pair(c, "a"), "zombie", lease, nil); !errors.Is(err, storage.ErrUnconfirmed) || got.Held {
		t.Errorf("claimed %+v, %v on a primary that is cut off", got, err)
	}
	if ok, err := zombie.Posting(t.Context(), c.Now(), "c", "zombie", reserve); !errors.Is(err, storage.ErrUnconfirmed) || ok {
		t.Errorf("may post: %v, %v on a primary that is cut off", ok, err)
	}
	is(t, channel(t, zombie, "lost"), storage.ErrUnconfirmed)
	for _, sid := range []string{"a", "c"} {
		if got, err := zombie.SendBySID(t.Context(), sid); err != nil || got.State != bot.StatePending || got.Reason == "" {
			t.Errorf("%s was not given back: %+v, %v", sid, got, err)
		}
	}
	now := servers.Await(t, old)
	if now == old {
		t.Fatal("nobody took over")
	}
	eventually(t, "a store that has heard of the new primary", func(ctx context.Context) error {
		// What could not be confirmed may have been stored all the same.
		if err := s.SaveChannel(ctx, "kept", bot.Channel{ID: "C2"}, nil); !errors.Is(err, bot.ErrRepeated) {
			return err
		}
		return nil
	})
	if got := state(t, s, "b"); got != bot.StateClaimed {
		t.Errorf("a confirmed claim is %s on the new primary", got)
	}
	refused(t, s, c, pair(c, "a"))
	c.pass(15 * time.Second)
	if got := claimed(t, s, c, pair(c, "a"), "w"); got.State != bot.StateClaimed {
		t.Errorf("after the failover it is %s", got.State)
	}
	if doubt, err := s.Doubt(t.Context()); err != nil || !doubt.IsZero() {
		t.Errorf("a failover that lost nothing confirmed put the ledger in doubt: %s, %v", doubt, err)
	}
}

// Sentinels tell of a new primary once, and who does not hear it, hears nothing more.
func TestNewPrimaryIsFoundWithoutBeingTold(t *testing.T) {
	t.Parallel()
	servers := redistest.StartSentinel(t)
	old := servers.Primary(t)
	s := again(t, newClock(), servers.URL(), newTeam())
	if err := channel(t, s, "before"); err != nil {
		t.Fatal(err)
	}
	servers.Hush(t)
	servers.CutOff(t, old)
	if now := servers.Await(t, old); now == old {
		t.Fatal("nobody took over")
	}
	is(t, channel(t, s, "lost"), storage.ErrUnconfirmed) // still with the old one: else this test would show nothing
	eventually(t, "a store that was not told", func(ctx context.Context) error {
		return s.SaveChannel(ctx, "kept", bot.Channel{ID: "C2"}, nil)
	})
}

// eventually tries until there is no error.
func eventually(t *testing.T, what string, try func(ctx context.Context) error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute) // a busy machine lets it come late
	defer cancel()
	again := time.NewTicker(50 * time.Millisecond)
	defer again.Stop()
	var before error // the last one is only that the time is over
	for {
		err := try(ctx)
		if err == nil {
			return
		}
		if ctx.Err() == nil {
			before = err
		}
		select {
		case <-ctx.Done():
			t.Fatalf("wait for %s: %v", what, cmp.Or(before, err))
		case <-again.C:
		}
	}
}

func TestScriptsThatAServerForgotAreSentAgain(t *testing.T) {
	everyStore(t, func(t *testing.T, s *storage.Store, c *clock) {
		insert(t, s, "i", pair(c, "a"))
		storage.ForgetScripts(t, s)
		claimed(t, s, c, pair(c, "a"), "w")
		storage.ForgetScripts(t, s)
		if ok, err := s.Posting(t.Context(), c.Now(), "a", "w", reserve); err != nil || !ok {
			t.Fatalf("may post: %v, %v", ok, err)
		}
		storage.ForgetScripts(t, s)
		sent(t, s, c, pair(c, "a"), "w")
		storage.ForgetScripts(t, s)
		insert(t, s, "more", pair(c, "b"))
	})
}

// clusterFault is something that happens to a cluster while sends go through the ledger.
func underClusterFault(t *testing.T, replicas bool, fault func(c *redistest.Cluster, s *storage.Store)) {
	t.Helper()
	servers := redistest.StartCluster(t, replicas)
	c := newClock()
	s := again(t, c, servers.URL(), newTeam())
	const sends = 200
	var list []bot.Send
	for i := range sends {
		list = append(list, pair(c, fmt.Sprint("s", i)))
	}
	insert(t, s, "i", list...)
	var claims, posts [sends]atomic.Int32
	work := make(chan int, sends)
	for i := range sends {
		work <- i
	}
	var done atomic.Int32
	workers := make(chan struct{})
	for w := range 4 {
		go func() {
			defer func() { workers <- struct{}{} }()
			for i := range work {
				if bring(t.Context(), s, c, list[i], fmt.Sprint(w, "-", i, "-", claims[i].Add(1)), &posts[i]) {
					if done.Add(1) == sends {
						close(work)
					}
					continue
				}
				c.pass(500 * time.Millisecond) // the lease of what nobody knows the fate of ends, a restart is judged
				_, _ = s.Sweep(t.Context(), c.Now(), 0)
				work <- i
			}
		}()
	}
	eventually(t, "some sends", func(context.Context) error {
		if done.Load() < sends/10 {
			return errors.New("too few")
		}
		return nil
	})
	fault(servers, s)
	for range 4 {
		<-workers
	}
	for i := range posts {
		if n := posts[i].Load(); n != 1 {
			t.Errorf("send %d was posted %d times", i, n)
		}
	}
}

// bring takes a send as far as it comes and reports whether it is settled. posts stands for Slack, whose history says whether a message is there.
func bring(ctx context.Context, s *storage.Store, c *clock, send bot.Send, token string, posts *atomic.Int32) bool {
	if stands, err := s.SendBySID(ctx, send.SID); err == nil && stands.State == bot.StateSent {
		return true
	}
	got, err := s.Claim(ctx, c.Now(), send, token, lease, nil)
	if err != nil || !got.Held {
		return false
	}
	o := bot.Outcome{State: bot.StateSent, Channel: "D1", TS: "1.1"}
	if got.Send.State == bot.StateUnknown {
		if posts.Load() == 0 {
			o = bot.Outcome{State: bot.StatePending}
		}
	} else {
		if ok, err := s.Posting(ctx, c.Now(), send.SID, token, reserve); err != nil || !ok {
			return false
		}
		posts.Add(1)
	}
	_, err = s.Settle(ctx, c.Now(), got.Send, token, o, nil)
	return err == nil && o.State == bot.StateSent
}

func TestASlotThatMovesLosesAndDoublesNothing(t *testing.T) {
	t.Parallel()
	underClusterFault(t, false, func(servers *redistest.Cluster, s *storage.Store) {
		for range 3 {
			servers.Migrate(t, storage.KeyOf(s))
		}
	})
}

func TestAMasterThatDiesLosesAndDoublesNothing(t *testing.T) {
	t.Parallel()
	for _, replicas := range []bool{true, false} {
		t.Run(fmt.Sprintf("replicas %v", replicas), func(t *testing.T) {
			t.Parallel()
			underClusterFault(t, replicas, func(servers *redistest.Cluster, s *storage.Store) {
				old := servers.Owner(t, storage.KeyOf(s))
				old.Kill()
				if replicas {
					servers.Owner(t, storage.KeyOf(s)) // the replica takes over
				}
				must(t, old.Restart()) // and needs a replica of its own
			})
		})
	}
}
