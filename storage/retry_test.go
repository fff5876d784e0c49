package storage

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/redis/go-redis/v9"

	"rapport/bot"
	"rapport/storage/redistest"
)

// loss is a network that loses one answer, after the server gave it, and breaks the connection with it.
type loss struct {
	at   int64 // which answer, from 1; 0: none
	read atomic.Int64
}

type lossyConn struct {
	net.Conn
	loss *loss
	cut  atomic.Bool
}

func (c *lossyConn) Read(p []byte) (int, error) {
	if c.cut.Load() {
		return 0, io.ErrUnexpectedEOF
	}
	n, err := c.Conn.Read(p)
	if err == nil && c.loss.read.Add(1) == c.loss.at {
		c.cut.Store(true)
		return 0, io.ErrUnexpectedEOF
	}
	return n, err
}

// lossyStore opens a store of its own on a server that is reached by dial.
func lossyStore(t *testing.T, l *loss, team string, dial func() (net.Conn, error)) *Store {
	t.Helper()
	now := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	s, err := newStore(Options{Team: team, Key: bytes.Repeat([]byte{1}, 32), Now: func() time.Time { return now }}, &redis.Options{
		Addr: "lossy", PipelinePoolSize: -1,
		Dialer: func(context.Context, string, string) (net.Conn, error) {
			conn, err := dial()
			if err != nil {
				return nil, err
			}
			return &lossyConn{Conn: conn, loss: l}, nil
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	s.nonce = "same"
	s.close = s.rdb.Close
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// dialers reach an embedded server and a real one.
func dialers(t *testing.T) map[string]func() (net.Conn, error) {
	t.Helper()
	embedded := miniredis.NewMiniRedis()
	t.Cleanup(embedded.Close)
	real := redistest.Start(t, redistest.Options{})
	return map[string]func() (net.Conn, error){
		"embedded": func() (net.Conn, error) {
			conn, err := embedded.Dial()
			if err != nil {
				return nil, err
			}
			return newEagerConn(conn), nil
		},
		"redis": func() (net.Conn, error) { return net.Dial("tcp", real.Addr()) },
	}
}

// step is a change of the store, by which scripts it is made, and its check.
type step struct {
	name string
	do   func(ctx context.Context, s *Store, now time.Time) error
}

// want is an error for what should be and is not.
func want(ok bool, what string, err error) error {
	if err == nil && !ok {
		err = errors.New(what)
	}
	return err
}

// lossySteps run every script that changes something.
func lossySteps() []step {
	sid := func(name string) bot.Send { return bot.Send{SID: name, Kind: bot.KindPair} }
	due := func(name string, now time.Time) bot.Send {
		return bot.Send{SID: name, Kind: bot.KindPair, Due: now}
	}
	return []step{
		{"open", func(ctx context.Context, s *Store, _ time.Time) error { return s.checkSchema(ctx) }},
		{"add kudos", func(ctx context.Context, s *Store, now time.Time) error {
			k := bot.Kudos{ID: "k", Giver: "UANA", Recipients: []string{"UBEN"}, Given: now}
			_, err := s.AddKudos(ctx, "t1", k, bot.KudosQuota{Limit: 1}, bot.Intents{due("a", now), due("b", now), due("dead", now), due("gone", now), due("head", now), due("taken", now)})
			return err
		}},
		{"add commitment", func(ctx context.Context, s *Store, now time.Time) error {
			c, err := s.AddCommitment(ctx, "t2", bot.Commitment{Owner: "UANA", Created: now}, nil, nil)
			return want(c.ID == 1, "another number", err)
		}},
		{"save program", func(ctx context.Context, s *Store, now time.Time) error {
			p, err := s.SaveProgram(ctx, "t3", bot.Program{}, bot.Entry{Name: "round/{id}", Spec: "0 9 * * 1", Zone: "UTC"}, nil)
			return want(p.ID == "1", "another number", err)
		}},
		{"draft and adopt round", func(ctx context.Context, s *Store, _ time.Time) error {
			r := bot.Round{ID: "1/1", Program: "1", Number: 1, Groups: []bot.Group{{Key: "g", Members: []string{"UANA", "UBEN"}}}}
			name, err := s.DraftRound(ctx, bot.RoundPlan{Round: r})
			if err != nil {
				return err
			}
			_, err = s.AdoptRound(ctx, r, name)
			return err
		}},
		{"insert part of round", func(ctx context.Context, s *Store, now time.Time) error {
			part, err := s.NextPart(ctx, "1/1")
			if err != nil {
				return err
			}
			meetings := []bot.Meeting{{A: "UANA", B: "UBEN", Round: 1}}
			intro := bot.Send{SID: bot.PairSID("1/1", "g"), Kind: bot.KindPair, Members: []string{"UANA", "UBEN"}, Due: now.Add(time.Hour)}
			err = s.InsertPart(ctx, bot.Round{ID: "1/1", Program: "1", Number: 1}, part.Number, nil, meetings, bot.Intents{intro})
			if errors.Is(err, bot.ErrConflict) { // as it answers to who asks again
				_, err = s.NextPart(ctx, "1/1")
				return want(errors.Is(err, bot.ErrNotFound), "the part is not in", nil)
			}
			return err
		}},
		{"migrate round", func(ctx context.Context, s *Store, _ time.Time) error {
			key := s.keys.round("1", 2)
			former := []string{planField, `1 {"id":"1/2","program":"1","number":2,"groups":["g"]}`, changesField, "1", groupField("g"), `1 {"key":"g","members":["UANA"]}`}
			if err := s.rdb.HSetNX(ctx, key, former[0], former[1]).Err(); err != nil {
				return err
			}
			if err := s.rdb.HSet(ctx, key, former[2:]).Err(); err != nil {
				return err
			}
			return s.migrateRound(ctx, key)
		}},
		{"fire", func(ctx context.Context, s *Store, now time.Time) error {
			return s.DueEntries(ctx, now, func(e bot.Entry, _, _ time.Time, mark string) error {
				_, err := s.Fire(ctx, e.Name, mark, "2026-03-02T09:00", now.Add(time.Hour), bot.Intents{{SID: "plan", Kind: bot.KindPlan, Due: now}})
				return err
			})
		}},
		{"save members", func(ctx context.Context, s *Store, _ time.Time) error {
			return s.SaveMembers(ctx, bot.Member{ID: "UANA", Deleted: true}, bot.Member{ID: "UBEN"})
		}},
		{"see event", func(ctx context.Context, s *Store, _ time.Time) error {
			first, err := s.Seen(ctx, "e")
			return want(first, "the event counts as seen before", err)
		}},
		{"claim", func(ctx context.Context, s *Store, now time.Time) error {
			c, err := s.Claim(ctx, now, sid("a"), "w", time.Minute, []bot.Rate{{Name: "post", Every: time.Second}})
			return want(c.Held, "the claim counts as another's", err)
		}},
		{"posting", func(ctx context.Context, s *Store, now time.Time) error {
			ok, err := s.Posting(ctx, now, "a", "w", time.Second)
			return want(ok, "the claim counts as another's", err)
		}},
		{"settle", func(ctx context.Context, s *Store, now time.Time) error {
			is, err := s.Settle(ctx, now, sid("a"), "w", bot.Outcome{State: bot.StateSent, Channel: "D1", TS: "1.1"}, bot.Intents{{SID: "c", Kind: bot.KindMet, Due: now}})
			return want(is.PostedTS == "1.1", "the send counts as sent by another", err)
		}},
		{"claim to lose", func(ctx context.Context, s *Store, now time.Time) error {
			c, err := s.Claim(ctx, now, sid("b"), "w", time.Minute, nil)
			return want(c.Held, "the claim counts as another's", err)
		}},
		{"claim that takes another in", func(ctx context.Context, s *Store, now time.Time) error {
			send := sid("head")
			send.Took = []string{"taken"}
			c, err := s.Claim(ctx, now, send, "w", time.Minute, nil)
			return want(c.Held && len(c.Send.Took) == 1, "the claim counts as another's", err)
		}},
		{"settle for both", func(ctx context.Context, s *Store, now time.Time) error {
			send := sid("head")
			send.Took = []string{"taken"}
			_, err := s.Settle(ctx, now, send, "w", bot.Outcome{State: bot.StateSent, Channel: "D1", TS: "1.2"}, nil)
			return err
		}},
		{"sweep", func(ctx context.Context, s *Store, now time.Time) error {
			_, err := s.Sweep(ctx, now.Add(time.Hour), time.Second)
			return err
		}},
		{"give up", func(ctx context.Context, s *Store, now time.Time) error {
			for _, name := range []string{"dead", "gone"} {
				if _, err := s.Claim(ctx, now, sid(name), "w", time.Minute, nil); err != nil {
					return err
				}
				if _, err := s.Settle(ctx, now, sid(name), "w", bot.Outcome{State: bot.StateDead}, nil); err != nil && !errors.Is(err, bot.ErrConflict) {
					return err
				}
			}
			return nil
		}},
		{"resend", func(ctx context.Context, s *Store, now time.Time) error { return s.Resend(ctx, now, "dead") }},
		{"discard", func(ctx context.Context, s *Store, now time.Time) error {
			if err := s.Discard(ctx, now, "gone"); !errors.Is(err, bot.ErrConflict) { // as it answers to who asks again
				return err
			}
			return nil
		}},
		{"doubt", func(ctx context.Context, s *Store, now time.Time) error { return s.MarkRestored(ctx, now) }},
		{"back off", func(ctx context.Context, s *Store, now time.Time) error { return s.BackOff(ctx, now.Add(time.Hour)) }},
		{"forget", func(ctx context.Context, s *Store, now time.Time) error {
			_, err := s.Forget(ctx, now.Add(2*365*24*time.Hour), StandardRetention())
			return err
		}},
	}
}

// TestALostAnswerChangesNothing takes all steps once undisturbed, and then as often as answers came, each time with another one lost: the client
// repeats what it asked, and all of it has to come to the same.
func TestALostAnswerChangesNothing(t *testing.T) {
	t.Parallel()
	for name, dial := range dialers(t) {
		run := func(lost int64) (map[string]string, *loss) {
			l := &loss{at: lost}
			s := lossyStore(t, l, "T"+strconv.FormatInt(lost, 10), dial)
			for _, step := range lossySteps() {
				if err := step.do(t.Context(), s, s.now()); err != nil {
					t.Errorf("%s, answer %d lost, %s: %v", name, lost, step.name, err)
				}
			}
			return dump(t, s), l
		}
		whole, l := run(0)
		answers := l.read.Load()
		for lost := range answers {
			if got, _ := run(lost + 1); !maps.Equal(got, whole) {
				t.Errorf("%s, answer %d lost: %s", name, lost+1, difference(whole, got))
			}
		}
		t.Logf("%s: each of %d answers was lost once", name, answers)
		if answers < 30 {
			t.Errorf("%s: only %d answers", name, answers)
		}
	}
}

// dump is everything that is stored, but for what is drawn at random and the count of the steps, which counts repeated ones.
func dump(t *testing.T, s *Store) map[string]string {
	t.Helper()
	all := make(map[string]string)
	for _, key := range keysOf(t, s) {
		name := strings.TrimPrefix(key, s.keys.prefix)
		switch kind := s.rdb.Type(t.Context(), key).Val(); kind {
		case "string":
			all[name] = s.rdb.Get(t.Context(), key).Val()
		case "set":
			all[name] = fmt.Sprint(s.rdb.SMembers(t.Context(), key).Val())
		case "zset":
			all[name] = fmt.Sprint(s.rdb.ZRangeWithScores(t.Context(), key, 0, -1).Val())
		case "hash":
			for field, value := range s.rdb.HGetAll(t.Context(), key).Val() {
				switch {
				case strings.HasPrefix(name, nounCommitment+":"):
					value = "sealed"
				case name == "ledger" && (field == "n" || field == "run"), name == "meta", field == "draft":
					continue
				case field == "resent":
					value = "call"
				}
				all[name+" "+field] = value
			}
		default:
			t.Fatalf("key %q is a %s", key, kind)
		}
	}
	return all
}

func difference(a, b map[string]string) string {
	var lines []string
	for key, value := range a {
		if b[key] != value {
			lines = append(lines, fmt.Sprintf("%s is %q instead of %q", key, b[key], value))
		}
	}
	for key, value := range b {
		if _, ok := a[key]; !ok {
			lines = append(lines, fmt.Sprintf("%s is %q and should not be", key, value))
		}
	}
	slices.Sort(lines)
	return strings.Join(lines, "; ")
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
	server := miniredis.NewMiniRedis()
	t.Cleanup(server.Close)
	s := lossyStore(t, new(loss), "T1", func() (net.Conn, error) { return server.Dial() })
	if err := s.checkSchema(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := s.rdb.HSet(t.Context(), s.keys.meta(), "schema", "99").Err(); err != nil {
		t.Fatal(err)
	}
	if err := s.checkSchema(t.Context()); err == nil {
		t.Error("a store of schema 99 was accepted")
	}
	if got := parseInfo("# Memory\r\nmaxmemory_policy:noeviction\r\n")["maxmemory_policy"]; got != "noeviction" {
		t.Errorf("policy %q", got)
	}
}
