package main

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"rapport/bot/slackapp"
	"rapport/bot/slackfake"
	"rapport/deploy"
)

// A burst of commands at this rate, through real sockets, for as long.
const (
	ackRate    = 200 // a second
	ackSeconds = 5
)

// nothing is an app whose only command does nothing: what an acknowledgement costs at least.
type nothing struct{}

func (nothing) Routes() []slackapp.Route {
	return []slackapp.Route{{Kind: slackapp.OnCommand, Name: "/kudos", Handle: func(context.Context, slackapp.Request) (slackapp.Response, error) {
		return slackapp.Response{}, nil
	}}}
}

// BenchmarkAck measures the time from a command to its acknowledgement at 200 commands a second, each of which stores a kudos and the messages that tell
// of it, and the same for a handler that does nothing. It reports p50 and p99 in milliseconds, the ratio of the two p99, and how many commands got no
// acknowledgement within Slack's three seconds, which only happens where the machine is busy with something else.
func BenchmarkAck(b *testing.B) {
	for b.Loop() {
		floor, none := sortedAcks(b, emptyTown(b))
		full, missed := sortedAcks(b, openTown(b, time.Date(2026, 3, 25, 9, 0, 0, 0, time.UTC), false).slack)
		b.ReportMetric(quantile(full, 0.50), "p50-ms")
		b.ReportMetric(quantile(full, 0.99), "p99-ms")
		b.ReportMetric(quantile(floor, 0.50), "floor-p50-ms")
		b.ReportMetric(quantile(floor, 0.99), "floor-p99-ms")
		b.ReportMetric(quantile(full, 0.99)/quantile(floor, 0.99), "p99/floor")
		b.ReportMetric(float64(none+missed), "not-acked")
		b.ReportMetric(0, "ns/op")
	}
}

// emptyTown is a local Slack with an app that does nothing.
func emptyTown(b *testing.B) *slackfake.Server {
	b.Helper()
	clock := slackfake.NewClock(time.Date(2026, 3, 25, 9, 0, 0, 0, time.UTC))
	slack, err := slackfake.Start(slackfake.Config{Addr: "127.0.0.1:0", Manifest: deploy.Manifest(), Clock: clock, Sample: slackfake.Sample{People: 40, Seed: 1}})
	if err != nil {
		b.Fatal(err)
	}
	app := slackapp.New(slackapp.Config{
		BotToken: slack.BotToken(), AppToken: slack.AppToken(), APIURL: slack.APIURL(), Clock: clock, Stagger: time.Millisecond, Log: slog.New(slog.DiscardHandler),
	})
	if _, err := app.Connect(b.Context()); err != nil {
		b.Fatal(err)
	}
	if err := app.Add(nothing{}); err != nil {
		b.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- app.Run(ctx) }()
	b.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			b.Error(err)
		}
		if err := slack.Close(); err != nil {
			b.Error(err)
		}
	})
	return slack
}

// sortedAcks sends commands at the rate and returns how long each took from the request to act to the answer that it was acknowledged, sorted, and how many were
// not. Those count with the time after which that was clear.
func sortedAcks(b *testing.B, slack *slackfake.Server) (all []time.Duration, missed int) {
	b.Helper()
	r := remote{t: b, url: slack.ControlURL()}
	now := r.state()
	kudos, err := now.place("#kudos")
	if err != nil {
		b.Fatal(err)
	}
	var (
		mu    sync.Mutex
		group sync.WaitGroup
	)
	tick := time.NewTicker(time.Second / ackRate)
	defer tick.Stop()
	for n := range ackRate * ackSeconds {
		<-tick.C
		group.Go(func() {
			giver, to := now.People[n%20].ID, now.People[(n+1+n/20%19)%20].ID
			start := time.Now()
			a := r.act("/command", map[string]any{
				"user": giver, "channel": kudos, "command": "/kudos", "text": fmt.Sprintf("<@%s> for untangling problem number %d with patience", to, n),
			})
			took := time.Since(start)
			mu.Lock()
			defer mu.Unlock()
			all = append(all, took)
			if !a.Acked {
				missed++
			}
		})
	}
	group.Wait()
	slices.Sort(all)
	return all, missed
}

func quantile(sorted []time.Duration, q float64) float64 {
	if len(sorted) == 0 {
		return 0
	}
	return float64(sorted[int(q*float64(len(sorted)-1))]) / float64(time.Millisecond)
}
