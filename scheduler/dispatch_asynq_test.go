package scheduler_test

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hibiken/asynq"

	"rapport/bot"
	"rapport/scheduler"
	"rapport/storage"
	"rapport/storage/redistest"
)

// asynqs runs a test in real time with asynq on a real server, and on the embedded one.
func asynqs(t *testing.T, test func(t *testing.T, h *asynqHouse)) {
	t.Helper()
	t.Run("redis", func(t *testing.T) { test(t, onRedis(t)) })
	t.Run("embedded", func(t *testing.T) {
		store, err := storage.OpenEmbedded(t.Context(), storage.Options{Team: "T1", Now: scheduler.RealClock{}.Now})
		if err != nil {
			t.Fatal(err)
		}
		test(t, newAsynqHouse(t, store))
	})
}

// onRedis is a house on a server of its own.
func onRedis(t testing.TB) *asynqHouse {
	t.Helper()
	server := redistest.Start(t, redistest.Options{})
	store, err := storage.Open(t.Context(), storage.Options{
		Team: "T1", URL: server.URL(), Key: []byte("0123456789abcdef0123456789abcdef"), Now: scheduler.RealClock{}.Now,
	})
	if err != nil {
		t.Fatal(err)
	}
	h := newAsynqHouse(t, store)
	h.addr = server.Addr()
	return h
}

// asynqHouse is a store and a Slack that schedulers with asynq work with, in real time.
type asynqHouse struct {
	t         testing.TB
	store     *storage.Store
	addr      string // of the server; "" for the embedded one
	inspector *asynq.Inspector
	slack     *slack
	decisions decisions
	plans     *plans
	tokens    atomic.Int64
}

func newAsynqHouse(t testing.TB, store *storage.Store) *asynqHouse {
	t.Helper()
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	h := &asynqHouse{
		t: t, store: store, inspector: asynq.NewInspector(store.RedisConn()),
		slack: newSlack(scheduler.RealClock{}.Now), decisions: make(decisions), plans: &plans{store: store},
	}
	return h
}

func (h *asynqHouse) token() string { return fmt.Sprint("token", h.tokens.Add(1)) }

// harm has the server do something that nobody in the house does.
func (h *asynqHouse) harm(command string) {
	h.t.Helper()
	conn, err := net.Dial("tcp", h.addr)
	if err != nil {
		h.t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	if _, err := fmt.Fprint(conn, command, "\r\n"); err != nil {
		h.t.Fatal(err)
	}
	if answer, err := bufio.NewReader(conn).ReadString('\n'); err != nil || !strings.HasPrefix(answer, ":") {
		h.t.Fatalf("%s: %q, %v", command, answer, err)
	}
}

func (h *asynqHouse) queue(name string) string { return "rapport:T1:" + name }

func (h *asynqHouse) config() scheduler.Config {
	h.t.Helper()
	d, err := scheduler.NewAsynqDispatch(scheduler.AsynqConfig{Redis: h.store.RedisConn(), Team: "T1"})
	if err != nil {
		h.t.Fatal(err)
	}
	return scheduler.Config{
		Clock: scheduler.RealClock{}, Ledger: h.store, Entries: h.store, Composer: h.decisions, Planner: h.plans, Sender: h.slack, Token: h.token,
		Pacer: h.store, Dispatch: d, Sweep: 200 * time.Millisecond, Times: scheduler.Times{Again: 500 * time.Millisecond},
	}
}

func (h *asynqHouse) run(cfg scheduler.Config) *scheduler.Scheduler {
	h.t.Helper()
	s, err := scheduler.New(cfg)
	if err != nil {
		h.t.Fatal(err)
	}
	s.Start(h.t.Context())
	h.t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(h.t.Context()), 20*time.Second)
		defer cancel()
		if err := s.Stop(ctx); err != nil {
			h.t.Error(err)
		}
	})
	return s
}

// insert puts messages to as many people into the ledger, and returns their sids.
func (h *asynqHouse) insert(n int, kind bot.Kind) (sids []string) {
	h.t.Helper()
	for i := range n {
		sid := fmt.Sprintf("%s/%d", kind, i)
		send := bot.Send{SID: sid, Kind: kind, Members: []string{fmt.Sprint("U", i)}, Due: scheduler.RealClock{}.Now().Add(-time.Second)}
		if err := h.store.SaveChannel(h.t.Context(), bot.Token(h.token()), bot.Channel{ID: "C1"}, bot.Intents{send}); err != nil {
			h.t.Fatal(err)
		}
		sids = append(sids, sid)
	}
	return sids
}

// become waits until a condition holds.
func become(t testing.TB, what string, holds func() bool) {
	t.Helper()
	deadline := time.After(30 * time.Second)
	look := time.NewTicker(10 * time.Millisecond)
	defer look.Stop()
	for !holds() {
		select {
		case <-look.C:
		case <-deadline:
			t.Fatalf("not within 30 s: %s", what)
		}
	}
}

// arrive waits until all messages came, and checks that each came once.
func (h *asynqHouse) arrive(sids []string) {
	h.t.Helper()
	become(h.t, "all messages are sent", func() bool {
		for _, sid := range sids {
			if s, err := h.store.SendBySID(h.t.Context(), sid); err != nil || s.State != bot.StateSent {
				return false
			}
		}
		return true
	})
	for _, sid := range sids {
		if n := h.slack.arrived(sid); n != 1 {
			h.t.Errorf("%s came %d times", sid, n)
		}
	}
}

func TestAsynqSharesTheWork(t *testing.T) {
	asynqs(t, func(t *testing.T, h *asynqHouse) {
		// Nobody's first message goes out before the other process has one in its hands, too.
		ready := [2]chan struct{}{make(chan struct{}), make(chan struct{})}
		for i := range ready {
			cfg := h.config()
			cfg.Sender = &patient{Sender: cfg.Sender, mine: ready[i], other: ready[1-i], over: t.Context().Done()}
			h.run(cfg)
		}
		h.arrive(append(h.insert(60, bot.KindPair), h.insert(20, bot.KindKudosDM)...))
	})
}

// patient says that its process has a message, and waits until another one has.
type patient struct {
	scheduler.Sender
	once        sync.Once
	mine, other chan struct{}
	over        <-chan struct{} // the test's end
}

// Send implements [scheduler.Sender].
func (p *patient) Send(ctx context.Context, s bot.Send, content any) bot.Outcome {
	p.once.Do(func() { close(p.mine) })
	select {
	case <-p.other:
		return p.Sender.Send(ctx, s, content)
	case <-p.over:
		return bot.Outcome{State: bot.StatePending, Reason: "alone", Retry: scheduler.RealClock{}.Now()}
	}
}

func TestWaitingForThePaceIsNoFailure(t *testing.T) {
	asynqs(t, func(t *testing.T, h *asynqHouse) {
		h.slack.paced = true
		h.run(h.config())
		from := scheduler.RealClock{}.Now()
		h.arrive(h.insert(9, bot.KindPair))
		if took := (scheduler.RealClock{}).Now().Sub(from); took < 8*betweenPosts {
			t.Errorf("nine messages took %s, which is faster than the pace", took)
		}
		info, err := h.inspector.GetQueueInfo(h.queue("coffee"))
		if err != nil || info.Failed > 0 {
			t.Errorf("%d tasks failed, %v", info.Failed, err)
		}
	})
}

func TestWhatAsynqLosesIsHealed(t *testing.T) {
	for name, harm := range map[string]func(t *testing.T, h *asynqHouse, sid string){
		"a task that is active, and nobody has it": func(_ *testing.T, h *asynqHouse, sid string) {
			key := "asynq:{" + h.queue("coffee") + "}:"
			h.harm("HSET " + key + "t:" + sid + "#0 msg x state active")
			h.harm("LPUSH " + key + "active " + sid + "#0")
		},
		"a task that was given up": func(t *testing.T, h *asynqHouse, sid string) {
			client := asynq.NewClient(h.store.RedisConn())
			_, err := client.Enqueue(asynq.NewTask("rapport:send", []byte(sid)), asynq.TaskID(sid+"#0"), asynq.Queue(h.queue("coffee")))
			if err != nil {
				t.Fatal(err)
			}
			if err := h.inspector.ArchiveTask(h.queue("coffee"), sid+"#0"); err != nil {
				t.Fatal(err)
			}
		},
		"a task that only says nonsense": func(t *testing.T, h *asynqHouse, sid string) {
			client := asynq.NewClient(h.store.RedisConn())
			_, err := client.Enqueue(asynq.NewTask("rapport:send", []byte("nobody")), asynq.TaskID(sid+"#0"), asynq.Queue(h.queue("coffee")))
			if err != nil {
				t.Fatal(err)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			h := onRedis(t)
			sids := h.insert(5, bot.KindPair)
			harm(t, h, sids[2])
			h.run(h.config())
			h.arrive(sids)
		})
	}
}

func TestAsynqsKeysDeletedAreHealed(t *testing.T) {
	h := onRedis(t)
	h.slack.paced = true
	h.run(h.config())
	sids := h.insert(12, bot.KindPair)
	become(t, "some messages came", func() bool { return h.slack.arrived(sids[0]) > 0 })
	h.harm(`EVAL "return redis.call('DEL', unpack(redis.call('KEYS', 'asynq:*')))" 0`)
	h.arrive(sids)
}

func TestAPausedQueueWaits(t *testing.T) {
	asynqs(t, func(t *testing.T, h *asynqHouse) {
		first := h.insert(1, bot.KindPair)
		h.run(h.config())
		h.arrive(first)
		if err := h.inspector.PauseQueue(h.queue("coffee")); err != nil {
			t.Fatal(err)
		}
		waits := h.insert(2, bot.KindMidway)
		h.arrive(h.insert(5, bot.KindKudosDM)) // long enough for the others, too
		for _, sid := range waits {
			if n := h.slack.arrived(sid); n > 0 {
				t.Errorf("%s came %d times although its queue is paused", sid, n)
			}
		}
		if err := h.inspector.UnpauseQueue(h.queue("coffee")); err != nil {
			t.Fatal(err)
		}
		h.arrive(waits)
	})
}
