package scheduler_test

import (
	"testing"
	"time"

	"rapport/bot"
	"rapport/scheduler"
)

// benchSends is how many messages one round of BenchmarkDispatch sends.
const benchSends = 400

// BenchmarkDispatch measures how many messages a second go out without Slack's pace, from due to settled, by who works on them, each on a Redis of its
// own and with as many workers.
func BenchmarkDispatch(b *testing.B) {
	for _, with := range []string{"pool", "asynq"} {
		b.Run(with, func(b *testing.B) {
			h := onRedis(b)
			var spent time.Duration
			for range b.N {
				spent += h.benchRound(b, with == "asynq")
			}
			b.ReportMetric(float64(b.N)*benchSends/spent.Seconds(), "sends/s")
			b.ReportMetric(0, "ns/op") // it would count what was prepared
		})
	}
}

// benchRound sends messages that all are due, and returns how long that took.
func (h *asynqHouse) benchRound(b *testing.B, withAsynq bool) time.Duration {
	b.Helper()
	cfg := h.config()
	if !withAsynq {
		cfg.Dispatch = nil
	}
	done := make(chan struct{}, benchSends)
	cfg.Observe = func(s bot.Send, o bot.Outcome) {
		if o.State != bot.StateSent {
			b.Errorf("%s is %s", s.SID, o.State)
		}
		done <- struct{}{}
	}
	cfg.Workers, cfg.Sweep = 4, time.Second
	h.insertFor(b, h.token())
	s, err := scheduler.New(cfg)
	if err != nil {
		b.Fatal(err)
	}
	from := scheduler.RealClock{}.Now()
	s.Start(b.Context())
	for range benchSends {
		<-done
	}
	spent := scheduler.RealClock{}.Now().Sub(from)
	if err := s.Stop(b.Context()); err != nil {
		b.Fatal(err)
	}
	return spent
}

// insertFor puts the messages of one round into the ledger.
func (h *asynqHouse) insertFor(b *testing.B, round string) {
	b.Helper()
	var sends bot.Intents
	for i := range benchSends {
		s := group(i, scheduler.RealClock{}.Now().Add(-time.Second))
		s.SID += "/" + round
		sends = append(sends, s)
	}
	if err := h.store.SaveChannel(b.Context(), bot.Token(round), bot.Channel{ID: "C1"}, sends); err != nil {
		b.Fatal(err)
	}
}
