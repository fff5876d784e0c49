package storage

import (
	"context"
	"errors"
	"io"
	"net"
	"sync/atomic"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/redis/go-redis/v9"

	"rapport/bot"
)

// lossyConn loses one answer, after the server gave it, when it is told to.
type lossyConn struct {
	net.Conn
	lose *atomic.Bool
	lost *atomic.Int64
	cut  atomic.Bool
}

func (c *lossyConn) Read(p []byte) (int, error) {
	if c.cut.Load() {
		return 0, io.ErrUnexpectedEOF
	}
	n, err := c.Conn.Read(p)
	if err == nil && c.lose.CompareAndSwap(true, false) {
		c.lost.Add(1)
		c.cut.Store(true)
		return 0, io.ErrUnexpectedEOF
	}
	return n, err
}

// lossyStore opens an embedded store whose next answer is lost once lose is set.
func lossyStore(t *testing.T) (s *Store, lose *atomic.Bool, lost *atomic.Int64) {
	t.Helper()
	server := miniredis.NewMiniRedis()
	t.Cleanup(server.Close)
	lose, lost = new(atomic.Bool), new(atomic.Int64)
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	s, err := newStore(Options{Team: "T1", Now: func() time.Time { return now }}, &redis.Options{
		Addr: "lossy",
		Dialer: func(context.Context, string, string) (net.Conn, error) {
			conn, err := server.Dial()
			if err != nil {
				return nil, err
			}
			return &lossyConn{Conn: newEagerConn(conn), lose: lose, lost: lost}, nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	s.close = s.rdb.Close
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s, lose, lost
}

// Every step is taken once with its answer lost, so that the client repeats it, and has to come to the same as without.
func TestALostAnswerChangesNothing(t *testing.T) {
	s, lose, lost := lossyStore(t)
	// The server knows every script and the client has a connection, so that the answer that is lost is the script's.
	for _, script := range []*redis.Script{commitScript, saveMembersScript, seenScript, claimScript, postingScript, settleScript} {
		if err := script.Load(t.Context(), s.rdb).Err(); err != nil {
			t.Fatal(err)
		}
	}
	now := s.now()
	send := bot.Send{SID: "a", Kind: bot.KindPair, Due: now}
	steps := []struct {
		name string
		do   func(ctx context.Context) error
	}{
		{"add kudos", func(ctx context.Context) error {
			k := bot.Kudos{ID: "k", Giver: "UANA", Recipients: []string{"UBEN"}, Given: now}
			_, err := s.AddKudos(ctx, "t1", k, bot.KudosQuota{Limit: 1}, bot.Intents{send})
			return err
		}},
		{"add commitment", func(ctx context.Context) error {
			c, err := s.AddCommitment(ctx, "t2", bot.Commitment{Owner: "UANA", Created: now}, nil, nil)
			if c.ID != 1 {
				t.Errorf("number %d, want 1", c.ID)
			}
			return err
		}},
		{"save program", func(ctx context.Context) error {
			p, err := s.SaveProgram(ctx, "t3", bot.Program{}, bot.Entry{Name: "round/{id}", Spec: "0 9 * * 1", Zone: "UTC"}, nil)
			if p.ID != "1" {
				t.Errorf("program %q, want 1", p.ID)
			}
			return err
		}},
		{"save round", func(ctx context.Context) error {
			_, err := s.SaveRound(ctx, bot.Round{ID: "1/1", Program: "1", Number: 1}, nil, nil, nil)
			return err
		}},
		{"save members", func(ctx context.Context) error {
			return s.SaveMembers(ctx, bot.Member{ID: "UANA", Deleted: true})
		}},
		{"see event", func(ctx context.Context) error {
			first, err := s.Seen(ctx, "e")
			if !first {
				t.Error("the event counts as seen before")
			}
			return err
		}},
		{"claim", func(ctx context.Context) error {
			_, ok, err := s.Claim(ctx, now, send, "w", time.Minute)
			if !ok {
				t.Error("the claim counts as another's")
			}
			return err
		}},
		{"posting", func(ctx context.Context) error {
			ok, err := s.Posting(ctx, now, "a", "w", time.Second)
			if !ok {
				t.Error("the claim counts as another's")
			}
			return err
		}},
		{"settle", func(ctx context.Context) error {
			is, err := s.Settle(ctx, now, send, "w", bot.Outcome{State: bot.StateSent, Channel: "D1", TS: "1.1"}, bot.Intents{{SID: "b", Kind: bot.KindMet, Due: now}})
			if is.PostedTS != "1.1" {
				t.Errorf("settled as %+v", is)
			}
			return err
		}},
	}
	for i, step := range steps {
		lose.Store(true)
		if err := step.do(t.Context()); err != nil {
			t.Errorf("%s: %v", step.name, err)
		}
		if got := lost.Load(); got != int64(i)+1 {
			t.Fatalf("%s: %d answers were lost, want %d", step.name, got, i+1)
		}
	}
	if count := s.rdb.HGet(t.Context(), s.keys.quota(), "UANA").Val(); count != "0000-00-00:1" {
		t.Errorf("the quota stands at %q, want one", count)
	}
	follow, err := s.SendBySID(t.Context(), "b")
	if err != nil || follow.State != bot.StatePending {
		t.Errorf("what follows is %+v, %v", follow, err)
	}
}

func TestSealedTextsOpenWithEveryKeyOfTheRingInTheirPlaceAlone(t *testing.T) {
	older, newer := make([]byte, 32), make([]byte, 32)
	newer[0] = 1
	first, err := newSealer(Keyring{Current: "a", Keys: map[string][]byte{"a": older}})
	if err != nil {
		t.Fatal(err)
	}
	both, err := newSealer(Keyring{Current: "b", Keys: map[string][]byte{"a": older, "b": newer}})
	if err != nil {
		t.Fatal(err)
	}
	old, err := first.seal([]byte("words"), "place")
	if err != nil {
		t.Fatal(err)
	}
	fresh, err := both.seal([]byte("words"), "place")
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name   string
		with   *sealer
		sealed string
		place  string
		opens  bool
	}{
		{"the old key alone", first, old, "place", true},
		{"an old text with both keys", both, old, "place", true},
		{"a new text with both keys", both, fresh, "place", true},
		{"a new text without its key", first, fresh, "place", false},
		{"another place", both, fresh, "elsewhere", false},
		{"another key's name", both, "a" + fresh[1:], "place", false},
		{"cut short", both, fresh[:10], "place", false},
		{"nothing", both, "", "place", false},
	} {
		words, err := test.with.open(test.sealed, test.place)
		if test.opens != (err == nil) || test.opens && string(words) != "words" {
			t.Errorf("%s: %q, %v", test.name, words, err)
		}
		if err != nil && !errors.Is(err, errSealed) {
			t.Errorf("%s: error %v is not errSealed", test.name, err)
		}
	}
}

func TestARefusedServerAndSchema(t *testing.T) {
	s, _, _ := lossyStore(t)
	if err := s.checkSchema(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := s.rdb.HSet(t.Context(), s.keys.meta(), "schema", "2").Err(); err != nil {
		t.Fatal(err)
	}
	if err := s.checkSchema(t.Context()); err == nil {
		t.Error("a store of schema 2 was accepted")
	}
	if got := parseInfo("# Memory\r\nmaxmemory_policy:noeviction\r\n")["maxmemory_policy"]; got != "noeviction" {
		t.Errorf("policy %q", got)
	}
}
