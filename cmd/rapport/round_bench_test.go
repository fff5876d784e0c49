package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"rapport/bot"
	"rapport/bot/slackfake"
	"rapport/deploy"
	"rapport/scheduler"
	"rapport/storage"
	"rapport/storage/redistest"
)

// roundPeople is how many people the benchmark's round has, all of one zone and in its program; RAPPORT_BENCH_PEOPLE says otherwise.
const roundPeople = 20_000

// opensAMinute is what the round cannot be faster than: each pair needs a conversation of its own, and Slack opens 50 a minute (conversations.open is Tier 3,
// docs.slack.dev/apis/web-api/rate-limits).
const opensAMinute = 50

// largeRound is a company in virtual time, all in one program, and what its first round took.
type largeRound struct {
	b     *testing.B
	town  *town
	clock *slackfake.Clock
	ids   []string  // of the program's people
	at    time.Time // when the round is due

	mu   sync.Mutex
	plan time.Duration // real time from the run to the last message in the ledger
	draw time.Duration // of which matching and picking the questions
}

// BenchmarkRound brings 10,000 pairs together in virtual time: a real bot on a real Redis, and a local Slack that enforces its limits. It reports how long after
// the round's instant the last pair was introduced, which share of that Slack's limit on opening conversations explains, and the real time that planning took.
func BenchmarkRound(b *testing.B) {
	for range b.N {
		l := openLargeRound(b, manyPeople(b))
		pairs := len(l.ids) / 2
		bound := time.Duration(float64(pairs) / opensAMinute * float64(time.Minute))
		begin := time.Now()
		if err := l.clock.Advance(b.Context(), l.at.Add(bound*3/2+time.Hour)); err != nil {
			b.Fatal(err)
		}
		wall := time.Since(begin)
		took := l.lastIntroduction(pairs).Sub(l.at)
		b.ReportMetric(took.Minutes(), "virtual-min")
		b.ReportMetric(bound.Minutes(), "bound-min")
		b.ReportMetric(100*(took.Minutes()/bound.Minutes()-1), "%over-bound")
		b.ReportMetric(l.plan.Seconds(), "plan-s")
		b.ReportMetric(l.draw.Seconds(), "draw-s")
		b.ReportMetric(wall.Seconds(), "wall-s")
		b.ReportMetric(float64(pairs), "pairs")
		b.ReportMetric(0, "ns/op") // it would count the company's foundation
	}
}

func manyPeople(b *testing.B) int {
	b.Helper()
	text := os.Getenv("RAPPORT_BENCH_PEOPLE")
	if text == "" {
		return roundPeople
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 2 {
		b.Fatalf("RAPPORT_BENCH_PEOPLE is %q", text)
	}
	return n / 2 * 2
}

// openLargeRound founds the company an hour before its first round. What people would have done before it, such as joining, is written to the store at once.
func openLargeRound(b *testing.B, people int) *largeRound {
	b.Helper()
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		b.Fatal(err)
	}
	at := time.Date(2026, 3, 9, 9, 0, 0, 0, berlin)
	l := &largeRound{b: b, at: at, clock: slackfake.NewClock(at.Add(-time.Hour))}
	l.town = &town{clock: l.clock}
	l.town.slack, err = slackfake.Start(slackfake.Config{
		Addr: "127.0.0.1:0", Manifest: deploy.Manifest(), Clock: l.clock, RateLimits: true, Sample: slackfake.Sample{People: 40, Seed: 1},
	})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := l.town.close(context.WithoutCancel(b.Context())); err != nil {
			b.Error(err)
		}
	})
	r := remote{t: b, url: l.town.slack.ControlURL()}
	l.hire(r, people)
	channel, err := r.state().place("#coffee")
	if err != nil {
		b.Fatal(err)
	}
	server := redistest.Start(b, redistest.Options{})
	w := townWiring(l.town, slog.New(slog.DiscardHandler))
	w.tamper = func(c *scheduler.Config) { c.Planner = l.timed(c.Planner) }
	w.open = func(ctx context.Context, team string) (*storage.Store, error) {
		s, err := storage.Open(ctx, storage.Options{URL: server.URL(), Team: team, Key: bytes.Repeat([]byte{7}, 32), Now: l.clock.Now})
		if err == nil {
			err = l.seat(ctx, s, channel)
		}
		return s, err
	}
	if l.town.house, err = build(b.Context(), w); err != nil {
		b.Fatal(err)
	}
	coffee := l.town.house.bot.Coffee
	coffee.Rounds = &drawing{RoundStore: coffee.Rounds, round: l}
	return l
}

// hire makes the people, of ten departments.
func (l *largeRound) hire(r remote, people int) {
	l.b.Helper()
	order := make([]map[string]string, people)
	for i := range order {
		order[i] = map[string]string{
			"name": fmt.Sprintf("person%05d", i), "real_name": fmt.Sprintf("Person %05d", i), "tz": "Europe/Berlin", "department": departmentOf(i),
		}
	}
	var made struct{ People []string }
	if err := json.Unmarshal(r.post("/people", map[string]any{"people": order}), &made); err != nil {
		l.b.Fatal(err)
	}
	l.ids = made.People
}

func departmentOf(i int) string { return fmt.Sprintf("Department %d", i%10) }

// seat writes the program and its people to the store, as joining would. Their profiles count as read, which Slack's limits would make the work of hours.
func (l *largeRound) seat(ctx context.Context, s *storage.Store, channel string) error {
	now := l.clock.Now()
	p := bot.NewProgram(channel, l.ids[0], "Europe/Berlin")
	p.Created, p.Anchor = now, bot.Date{Year: 2026, Month: 3, Day: 9}
	p, err := s.SaveProgram(ctx, "program", p, bot.Entry{
		Name: "round/{id}", Spec: "0 9 * * 1", Zone: "Europe/Berlin", Weeks: 1, Anchor: p.Anchor, Grace: 24 * time.Hour,
	}, nil)
	if err != nil {
		return err
	}
	for part := range slices.Chunk(l.ids, 1000) {
		members := make([]bot.Member, len(part))
		for i, id := range part {
			members[i] = bot.Member{ID: id, Name: "Person " + id, Department: departmentOf(i), Zone: "Europe/Berlin", Seen: now.Add(time.Minute)}
		}
		if err := s.SaveMembers(ctx, members...); err != nil {
			return err
		}
		for _, id := range part {
			seat := bot.Seat{Program: p.ID, Member: id, Joined: now}
			if err := s.SaveSeat(ctx, bot.Token("join "+id), seat, nil); err != nil {
				return err
			}
		}
	}
	return nil
}

// timed is a planner whose longest run is noted.
func (l *largeRound) timed(next scheduler.Planner) scheduler.Planner {
	return plannerFunc(func(ctx context.Context, now time.Time, s bot.Send) error {
		begin := time.Now()
		err := next.Plan(ctx, now, s)
		l.mu.Lock()
		defer l.mu.Unlock()
		l.plan = max(l.plan, time.Since(begin))
		return err
	})
}

type plannerFunc func(ctx context.Context, now time.Time, s bot.Send) error

// Plan implements [scheduler.Planner].
func (f plannerFunc) Plan(ctx context.Context, now time.Time, s bot.Send) error {
	return f(ctx, now, s)
}

// drawing is a store of rounds that notes the time between the last that is read for a round and the first that is written.
type drawing struct {
	bot.RoundStore
	round *largeRound
	read  time.Time
}

// History implements [bot.RoundStore].
func (d *drawing) History(ctx context.Context, program string, since int) ([]bot.Meeting, error) {
	list, err := d.RoundStore.History(ctx, program, since)
	d.round.mu.Lock()
	defer d.round.mu.Unlock()
	d.read = time.Now()
	return list, err
}

// DraftRound implements [bot.RoundStore].
func (d *drawing) DraftRound(ctx context.Context, plan bot.RoundPlan) (string, error) {
	d.round.mu.Lock()
	d.round.draw = time.Since(d.read)
	d.round.mu.Unlock()
	return d.RoundStore.DraftRound(ctx, plan)
}

// lastIntroduction returns when the last pair read of each other, and fails unless all did, once, and nothing was done that an app should not do.
func (l *largeRound) lastIntroduction(pairs int) time.Time {
	l.b.Helper()
	request, err := http.NewRequestWithContext(l.b.Context(), http.MethodGet, l.town.slack.ControlURL()+"/state?parts=messages,broken", nil)
	if err != nil {
		l.b.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		l.b.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	raw, err := io.ReadAll(response.Body)
	if err != nil {
		l.b.Fatal(err)
	}
	var now scene
	if err := json.Unmarshal(raw, &now); err != nil {
		l.b.Fatal(err)
	}
	for _, broken := range now.Broken {
		l.b.Errorf("broke %s: %s", broken.Rule, broken.Detail)
	}
	seen, last := map[string]int{}, time.Time{}
	for _, m := range now.Messages {
		sid := sidOf(m)
		if !strings.HasPrefix(sid, "pair/") {
			continue
		}
		seen[sid]++
		if at := instantOf(l.b, m.TS); at.After(last) {
			last = at
		}
		if seen[sid] > 1 {
			l.b.Errorf("%s came %d times", sid, seen[sid])
		}
	}
	if len(seen) != pairs {
		l.b.Fatalf("%d of %d pairs were introduced", len(seen), pairs)
	}
	return last
}

// instantOf is when a message was posted, by its timestamp.
func instantOf(b *testing.B, ts string) time.Time {
	b.Helper()
	seconds, err := strconv.ParseFloat(ts, 64)
	if err != nil {
		b.Fatal(err)
	}
	return time.UnixMilli(int64(seconds * 1000))
}
