package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"rapport/bot"
	"rapport/bot/slackfake"
	"rapport/deploy"
	"rapport/storage"
	"rapport/storage/redistest"
)

// tripsPeople are those who type each command, one after the other; the first one's is not counted, for it brings scripts and connections.
const tripsPeople = 6

// meter is a way to a server that counts how often somebody waited for it: how often the server spoke after its client had.
type meter struct {
	listener net.Listener
	server   string
	trips    atomic.Int64

	mu    sync.Mutex
	conns []net.Conn
}

// openMeter serves until the benchmark ends.
func openMeter(b *testing.B, server string) *meter {
	b.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	m := &meter{listener: l, server: server}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		m.serve(b)
	}()
	b.Cleanup(func() {
		_ = l.Close() // it ends serve
		m.cut()
		<-ended
	})
	return m
}

func (m *meter) cut() {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, c := range m.conns {
		_ = c.Close() // it may be closed
	}
}

func (m *meter) serve(b *testing.B) {
	var group sync.WaitGroup
	defer group.Wait()
	for {
		client, err := m.listener.Accept()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil {
			b.Error(err)
			return
		}
		server, err := net.Dial("tcp", m.server)
		if err != nil {
			b.Error(err)
			_ = client.Close()
			return
		}
		m.mu.Lock()
		m.conns = append(m.conns, client, server)
		m.mu.Unlock()
		var asked atomic.Bool
		group.Go(func() { pass(server, client, func() { asked.Store(true) }) })
		group.Go(func() {
			pass(client, server, func() {
				if asked.Swap(false) {
					m.trips.Add(1)
				}
			})
		})
	}
}

// pass copies what comes until somebody hangs up, each piece after it was noted.
func pass(to, from net.Conn, note func()) {
	defer func() { _ = to.Close() }()
	piece := make([]byte, 64<<10)
	for {
		n, err := from.Read(piece)
		if n > 0 {
			note()
			if _, err := to.Write(piece[:n]); err != nil {
				return
			}
		}
		if err != nil {
			return
		}
	}
}

// measuredCommand is one that is typed by several people.
type measuredCommand struct {
	name, channel, command string
	text                   func(n int, people []string) string // what the nth person types
	answer                 string                              // is in what they read
}

// measuredCommands are in an order in which each finds something to do.
func measuredCommands() []measuredCommand {
	said := func(text string) func(int, []string) string { return func(int, []string) string { return text } }
	other := func(n, by int, people []string) string { return "<@" + people[(n+by)%len(people)] + ">" }
	return []measuredCommand{
		{"kudos-to-one", "#kudos", "/kudos", func(n int, people []string) string {
			return other(n, 1, people) + fmt.Sprintf(" for untangling problem number %d with patience", n)
		}, "Thank you for saying it"},
		{"kudos-to-three", "#kudos", "/kudos", func(n int, people []string) string {
			return fmt.Sprintf("%s %s %s for carrying release number %d over the line", other(n, 1, people), other(n, 2, people), other(n, 3, people), n)
		}, "Thank you for saying it"},
		{"followup", "#product", "/followup", func(n int, people []string) string { return other(n, 1, people) + " send the deck by friday" }, "Noted"},
		{"followup-alone", "#product", "/followup", said("book the room by tuesday"), "Noted"},
		{"followup-list", "#product", "/followup", said("list"), "What you owe"},
		{"followup-move", "#product", "/followup", func(n int, _ []string) string { return fmt.Sprintf("move #%d to monday", n+1) }, "Moved"},
		{"followup-done", "#product", "/followup", func(n int, _ []string) string { return fmt.Sprintf("done #%d", n+1) }, "Kept"},
		{"coffee-join", "#coffee", "/coffee", said("join"), "You are in *Coffee*"},
		{"coffee", "#coffee", "/coffee", said(""), "You are in Coffee"},
		{"coffee-skip", "#coffee", "/coffee", said("skip"), "You skip Monday"},
		{"coffee-pause", "#coffee", "/coffee", said("pause 2026-04-20"), "for you before Monday"},
		{"coffee-resume", "#coffee", "/coffee", said("resume"), "You are in"},
		{"coffee-leave", "#coffee", "/coffee", said("leave"), "You left"},
		{"rapport-pause", "#general", "/rapport", said("pause 2026-04-01"), "Paused"},
		{"rapport-privacy", "#general", "/rapport", said("privacy"), "What Rapport stores about you"},
		{"rapport-resume", "#general", "/rapport", said("resume"), "Welcome back"},
		{"kudos-mine", "#kudos", "/kudos", said("mine"), "Your kudos, given and received"},
		{"kudos-undo", "#kudos", "/kudos", said("undo"), "Taken back"},
	}
}

// BenchmarkTrips counts at the socket how often a slash command waits for Redis: until it is acknowledged, and with what follows for the person who typed it. The
// scheduler stands still, since it works for whoever is next.
func BenchmarkTrips(b *testing.B) {
	town, m := openMeteredTown(b)
	r := remote{t: b, url: town.slack.ControlURL()}
	for _, c := range measuredCommands() {
		until, all := m.count(b, town, r, c)
		b.Run(c.name, func(b *testing.B) {
			b.ReportMetric(until, "round-trips")
			b.ReportMetric(all, "with-what-follows")
			b.ReportMetric(0, "ns/op") // BenchmarkAck has the time
		})
	}
}

// openMeteredTown is the sample company, the bot and a program, on a Redis behind a meter.
func openMeteredTown(b *testing.B) (*town, *meter) {
	b.Helper()
	server := redistest.Start(b, redistest.Options{})
	m := openMeter(b, server.Addr())
	at := time.Date(2026, 3, 25, 9, 0, 0, 0, time.UTC)
	p := &town{clock: slackfake.NewClock(at)}
	var err error
	if p.slack, err = slackfake.Start(slackfake.Config{
		Addr: "127.0.0.1:0", Manifest: deploy.Manifest(), Clock: p.clock, Sample: slackfake.Sample{People: 40, Seed: 1},
	}); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := p.close(context.WithoutCancel(b.Context())); err != nil {
			b.Error(err)
		}
	})
	now := remote{t: b, url: p.slack.ControlURL()}.state()
	channel, err := now.place("#coffee")
	if err != nil {
		b.Fatal(err)
	}
	w := townWiring(p, slog.New(slog.DiscardHandler))
	w.open = func(ctx context.Context, team string) (*storage.Store, error) {
		s, err := storage.Open(ctx, storage.Options{
			URL: "redis://" + m.listener.Addr().String(), Team: team, Key: bytes.Repeat([]byte{7}, 32), Now: p.clock.Now,
		})
		if err == nil {
			err = oneProgram(ctx, s, channel, now.People[0].ID, at)
		}
		return s, err
	}
	if p.house, err = build(b.Context(), w); err != nil {
		b.Fatal(err)
	}
	if err := p.clock.Advance(b.Context(), at.Add(2*time.Minute)); err != nil {
		b.Fatal(err)
	}
	if err := p.house.sched.Stop(b.Context()); err != nil {
		b.Fatal(err)
	}
	return p, m
}

// oneProgram is a program that the first people take part in.
func oneProgram(ctx context.Context, s *storage.Store, channel, owner string, now time.Time) error {
	p := bot.NewProgram(channel, owner, "Europe/Berlin")
	p.Created, p.Anchor = now, bot.Date{Year: 2026, Month: 3, Day: 30}
	_, err := s.SaveProgram(ctx, "program", p, bot.Entry{Name: "round/{id}", Spec: "0 9 * * 1", Zone: "Europe/Berlin", Weeks: 1, Anchor: p.Anchor}, nil)
	return err
}

// count has people type a command, and returns the most round trips that it took any but the first.
func (m *meter) count(b *testing.B, p *town, r remote, c measuredCommand) (until, all float64) {
	b.Helper()
	now := r.state()
	channel, err := now.place(c.channel)
	if err != nil {
		b.Fatal(err)
	}
	people := make([]string, tripsPeople)
	for i := range people {
		people[i] = now.People[i].ID
	}
	for n, id := range people {
		before := m.trips.Load()
		a := r.act("/command", map[string]any{"user": id, "channel": channel, "command": c.command, "text": c.text(n, people)})
		acked := m.trips.Load()
		if !a.Acked || !strings.Contains(string(a.Response), c.answer) {
			b.Fatalf("%s %s: answered %s %s", c.command, c.text(n, people), a.Response, a.failure())
		}
		if err := p.clock.Settle(b.Context()); err != nil {
			b.Fatal(err)
		}
		if n > 0 {
			until, all = max(until, float64(acked-before)), max(all, float64(m.trips.Load()-before))
		}
	}
	return until, all
}
