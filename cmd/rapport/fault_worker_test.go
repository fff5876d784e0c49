//go:build unix

package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"rapport/bot"
	"rapport/bot/slackapp"
	"rapport/scheduler"
	"rapport/storage"
)

// workerVariable makes this test binary a process of the bot: it holds the [workerOrder].
const workerVariable = "RAPPORT_FAULT_WORKER"

// TestMain lets the test binary be one of the bot's processes as well: the fault table kills real ones, made of the same build function that
// `rapport run` uses.
func TestMain(m *testing.M) {
	order := os.Getenv(workerVariable)
	if order == "" {
		os.Exit(m.Run())
	}
	if err := work(order); err != nil {
		fmt.Fprintln(os.Stderr, "worker:", err)
		os.Exit(1)
	}
	os.Exit(0)
}

// workerOrder is what a worker process is told, as JSON.
type workerOrder struct {
	API       string // the Web API's address, ending in a slash
	BotToken  string
	AppToken  string
	Redis     string // the store's address; empty: Folder
	Folder    string // of the embedded durable store
	Clock     fastClock
	Seed      uint64
	Doom      map[string]float64 // how likely each passage of a named point kills the process
	Cheat     string             // switches a safeguard off: see [cheating]
	Slow      float64            // how likely a process holds a message for longer than its lease lasts, before it posts
	Asynq     bool               // asynq hands out the work
	Installer string
	Coffee    *coffeeOrder // nil: nobody sets coffee up
}

// coffeeOrder says who meets, and how soon.
type coffeeOrder struct {
	Channel string
	Members []string
	Wait    time.Duration // at least so long after everybody has joined, and at most a minute longer
}

// coffeeMessage is followed by the round's instant.
const coffeeMessage = "coffee at "

// workerHTTPTimeout is the product's own, in the clock's time.
const workerHTTPTimeout = 10 * time.Second

// What a process is told on its standard input: not to die any more, or only at the points that follow.
const (
	calmOrder  = "calm"
	focusOrder = "focus "
)

// work is one process of the bot, until its standard input ends.
func work(encoded string) error {
	var o workerOrder
	if err := json.Unmarshal([]byte(encoded), &o); err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	log := slog.New(slog.NewJSONHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	doom := newDoom(o.Seed, o.Doom)
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = 64
	w := wiring{
		clock: o.Clock, log: log, zone: "Europe/Berlin", installer: o.Installer, kudosADay: 1_000_000, sweep: sweepEvery, tick: settingsEvery, start: newStart(log),
		slack: slackapp.Config{
			BotToken: o.BotToken, AppToken: o.AppToken, APIURL: o.API, Stagger: time.Millisecond,
			HTTP: &http.Client{Timeout: o.Clock.real(workerHTTPTimeout), Transport: transport},
		},
		open:   func(ctx context.Context, team string) (*storage.Store, error) { return openFaultStore(ctx, o, team) },
		tamper: func(cfg *scheduler.Config) { tamper(cfg, o, doom) },
	}
	if o.Asynq {
		w.dispatch = func(store *storage.Store, team string) (scheduler.Dispatch, error) {
			return scheduler.NewAsynqDispatch(scheduler.AsynqConfig{Redis: store.RedisConn(), Team: team, Log: log})
		}
	}
	h, err := build(ctx, w)
	if err != nil {
		return err
	}
	if o.Coffee != nil {
		if err := o.Coffee.brew(ctx, h, o.Clock); err != nil {
			return err
		}
	}
	fmt.Println("ready") // what its parent waits for
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		if points, ok := strings.CutPrefix(lines.Text(), focusOrder); ok {
			doom.focus(strings.Split(points, ","))
		}
		if lines.Text() == calmOrder {
			doom.calm()
		}
	}
	return closeWithin(ctx, h)
}

var faultKey = []byte(strings.Repeat("fault table key!", 2))

func openFaultStore(ctx context.Context, o workerOrder, team string) (*storage.Store, error) {
	options := storage.Options{URL: o.Redis, Dir: o.Folder, Team: team, Key: faultKey, Now: o.Clock.Now}
	if o.Folder != "" {
		return storage.OpenFolder(ctx, options)
	}
	return storage.Open(ctx, options)
}

// brew sets a coffee program up, with everybody in it, once the directory knows them all.
func (o coffeeOrder) brew(ctx context.Context, h *house, clock fastClock) error {
	for {
		known, err := h.store.Members(ctx, o.Members...)
		if err != nil {
			return err
		}
		if len(known) == len(o.Members) {
			break
		}
		pause(ctx, 20*time.Millisecond)
	}
	at := clock.Now().Add(o.Wait + joining*time.Duration(len(o.Members))).In(berlin()).Truncate(time.Minute).Add(time.Minute)
	program := bot.NewProgram(o.Channel, o.Members[0], "Europe/Berlin")
	program.Name, program.Weekday, program.Minute = "Coffee", at.Weekday(), at.Hour()*60+at.Minute()
	program, err := h.bot.Coffee.Save(ctx, clock.Now(), "brew", o.Members[0], program)
	if err != nil {
		return fmt.Errorf("set coffee up: %w", err)
	}
	for _, id := range o.Members {
		if _, _, err := h.bot.Coffee.Join(ctx, clock.Now(), bot.SeatAct{Token: bot.Token("join " + id), Program: program.ID, Member: id}); err != nil {
			return fmt.Errorf("let %q join: %w", id, err)
		}
	}
	fmt.Println(coffeeMessage + at.Format(time.RFC3339)) // for its parent
	return nil
}

// joining is a generous time, of the fast clock, for one member to join.
const joining = 200 * time.Millisecond

// pause waits in real time, which is what processes live in.
func pause(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}
