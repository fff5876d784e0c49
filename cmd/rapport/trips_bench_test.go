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
	"rapport/bot/slackapp"
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
	acked    atomic.Int64 // how many there had been when a person was last answered

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
		{"followup-snooze", "#product", "/followup", func(n int, _ []string) string { return fmt.Sprintf("snooze #%d tomorrow", n+1+tripsPeople) }, "up again"},
		{"followup-give", "#product", "/followup", func(n int, people []string) string {
			return fmt.Sprintf("give #%d %s", n+1+tripsPeople, other(n, 1, people))
		}, "whether they take"},
		{"followup-drop", "#product", "/followup", func(n int, _ []string) string { return fmt.Sprintf("drop #%d", n+1+tripsPeople) }, "Released"},
		{"followup-from", "#product", "/followup", func(n int, people []string) string { return "from " + other(n, 1, people) + " the numbers by monday" }, "Proposed"},
		{"followup-review", "#product", "/followup", said("review"), "Your week"},
		{"followup-review-monday", "#product", "/followup", said("review monday"), "weekly review on Monday"},
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

// commandsUnderWay are typed while a round is under way, by people who are in a group of it, and then by the same as they leave it and come back.
func commandsUnderWay() []measuredCommand {
	said := func(text string) func(int, []string) string { return func(int, []string) string { return text } }
	return []measuredCommand{
		{"coffee-in-a-group", "#coffee", "/coffee", said(""), "This round: you and"},
		{"coffee-every-second", "#coffee", "/coffee", said("every second"), "every second round"},
		{"coffee-every-round", "#coffee", "/coffee", said("every round"), "every round"},
		{"coffee-skip-in-a-group", "#coffee", "/coffee", said("skip"), "You skip"},
		{"coffee-leave-a-group", "#coffee", "/coffee", said("leave"), "You left"},
		{"coffee-join-late", "#coffee", "/coffee", said("join"), "You are in *Coffee*"},
		{"coffee-waiting", "#coffee", "/coffee", said(""), "You are in Coffee"},
		{"rapport-avoid", "#general", "/rapport", func(n int, people []string) string { return "avoid <@" + people[(n+1)%len(people)] + ">" }, "will not be introduced"},
	}
}

// BenchmarkTrips counts at the socket how often a slash command waits for Redis: until it is acknowledged, and with what follows for the person who typed it. The
// scheduler stands still, since it works for whoever is next.
func BenchmarkTrips(b *testing.B) {
	at := time.Date(2026, 3, 25, 9, 0, 0, 0, time.UTC)
	measureTrips(b, at.Add(2*time.Minute), 0, measuredCommands())
	measureTrips(b, at.AddDate(0, 0, 5), tripsPeople, commandsUnderWay()) // the round began two hours before
}

// measureTrips has people type commands at an instant, in a company of its own. So many of them were in the program from the beginning.
func measureTrips(b *testing.B, now time.Time, in int, commands []measuredCommand) {
	town, m := openMeteredTown(b, now, in)
	r := remote{t: b, url: town.slack.ControlURL()}
	for _, c := range commands {
		until, all := m.count(b, town, r, c)
		report(b, c.name, until, all)
	}
	if in > 0 {
		until, all := m.countProfiles(b, town, r)
		report(b, "rapport-profile-save", until, all)
	}
}

func report(b *testing.B, name string, until, all float64) {
	b.Run(name, func(b *testing.B) {
		b.ReportMetric(until, "round-trips")
		b.ReportMetric(all, "with-what-follows")
		b.ReportMetric(0, "ns/op") // BenchmarkAck has the time
	})
}

// openMeteredTown is the sample company, the bot and a program with so many people, on a Redis behind a meter. From the given instant on the scheduler stands still.
func openMeteredTown(b *testing.B, until time.Time, in int) (*town, *meter) {
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
	w.slack.Acked = func(a slackapp.Answered) {
		if a.Envelope != "events_api" {
			m.acked.Store(m.trips.Load())
		}
	}
	w.open = func(ctx context.Context, team string) (*storage.Store, error) {
		s, err := storage.Open(ctx, storage.Options{
			URL: "redis://" + m.listener.Addr().String(), Team: team, Key: bytes.Repeat([]byte{7}, 32), Now: p.clock.Now,
		})
		if err == nil {
			err = oneProgram(ctx, s, channel, now, in, at)
		}
		return s, err
	}
	if p.house, err = build(b.Context(), w); err != nil {
		b.Fatal(err)
	}
	if err := p.clock.Advance(b.Context(), until); err != nil {
		b.Fatal(err)
	}
	if err := p.house.sched.Stop(b.Context()); err != nil {
		b.Fatal(err)
	}
	return p, m
}

// oneProgram is a program that the first so many people take part in.
func oneProgram(ctx context.Context, s *storage.Store, channel string, company scene, in int, now time.Time) error {
	for _, person := range company.People[:in] {
		seat := bot.Seat{Program: "1", Member: person.ID, Joined: now}
		if err := s.SaveSeat(ctx, bot.Token("join "+person.ID), seat, nil); err != nil {
			return err
		}
	}
	p := bot.NewProgram(channel, company.People[0].ID, "Europe/Berlin")
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
		if !a.Acked || !strings.Contains(string(a.Response), c.answer) {
			b.Fatalf("%s %s: answered %s %s", c.command, c.text(n, people), a.Response, a.failure())
		}
		if err := p.clock.Settle(b.Context()); err != nil {
			b.Fatal(err)
		}
		if n > 0 {
			until, all = max(until, float64(m.acked.Load()-before)), max(all, float64(m.trips.Load()-before))
		}
	}
	return until, all
}

// countProfiles has people save a profile, and returns the most round trips that it took any but the first.
func (m *meter) countProfiles(b *testing.B, p *town, r remote) (until, all float64) {
	b.Helper()
	now := r.state()
	channel, err := now.place("#general")
	if err != nil {
		b.Fatal(err)
	}
	for n, person := range now.People[:tripsPeople] {
		r.act("/command", map[string]any{"user": person.ID, "channel": channel, "command": "/rapport", "text": "profile"})
		if err := p.clock.Settle(b.Context()); err != nil {
			b.Fatal(err)
		}
		before := m.trips.Load()
		a := r.act("/submit", map[string]any{"user": person.ID, "values": map[string]any{"profile_offers": map[string]any{"profile_offers": "hard talks"}}})
		if !a.Acked || !strings.Contains(string(a.Response), "hard talks") {
			b.Fatalf("profile: answered %s %s", a.Response, a.failure())
		}
		if err := p.clock.Settle(b.Context()); err != nil {
			b.Fatal(err)
		}
		if n > 0 {
			until, all = max(until, float64(m.acked.Load()-before)), max(all, float64(m.trips.Load()-before))
		}
	}
	return until, all
}
