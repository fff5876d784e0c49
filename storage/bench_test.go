package storage_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"rapport/bot"
	"rapport/storage"
)

// everyStoreBench runs a benchmark on the embedded store and on a real Redis.
func everyStoreBench(b *testing.B, bench func(b *testing.B, s *storage.Store, c *clock)) {
	b.Run("embedded", func(b *testing.B) {
		c := newClock()
		bench(b, embedded(b, c), c)
	})
	b.Run("redis", func(b *testing.B) {
		c := newClock()
		bench(b, onRedis(b, c), c)
	})
}

const (
	benchSends   = 1000 // that one turn of the benchmark brings from pending to sent
	benchWorkers = 8    // that do it
	benchKudos   = 500  // that one turn of the benchmark gives, one after the other
)

// BenchmarkLedger measures how many sends a second a store can bring through claim, posting and settle, with no Slack between them.
func BenchmarkLedger(b *testing.B) {
	everyStoreBench(b, func(b *testing.B, s *storage.Store, c *clock) {
		turn := 0
		var ledger time.Duration
		bring := func() {
			turn++
			sends := make([]bot.Send, benchSends)
			for i := range sends {
				sends[i] = pair(c, fmt.Sprintf("pair/%d/%d", turn, i))
			}
			must(b, s.SaveChannel(b.Context(), "", bot.Channel{ID: "C1"}, sends))
			begin := time.Now()
			sendAll(b, s, c, sends)
			ledger += time.Since(begin)
		}
		bring() // the scripts and connections are there
		ledger = 0
		b.ResetTimer()
		for range b.N {
			bring()
		}
		b.ReportMetric(float64(b.N)*benchSends/ledger.Seconds(), "sends/s")
	})
}

// sendAll brings sends through the ledger by some workers.
func sendAll(b *testing.B, s *storage.Store, c *clock, sends []bot.Send) {
	work := make(chan bot.Send)
	var group sync.WaitGroup
	for w := range benchWorkers {
		group.Go(func() {
			for send := range work {
				if err := sendOne(b, s, c, send, fmt.Sprint("w", w)); err != nil {
					b.Error(err)
				}
			}
		})
	}
	for _, send := range sends {
		work <- send
	}
	close(work)
	group.Wait()
}

func sendOne(b *testing.B, s *storage.Store, c *clock, send bot.Send, token string) error {
	claimed, ok, err := s.Claim(b.Context(), c.Now(), send, token, lease)
	if err == nil && !ok {
		err = fmt.Errorf("claim %q: it is not to be had", send.SID)
	}
	if err != nil {
		return err
	}
	ok, err = s.Posting(b.Context(), c.Now(), send.SID, token, reserve)
	if err == nil && !ok {
		err = fmt.Errorf("post %q: the claim is lost", send.SID)
	}
	if err != nil {
		return err
	}
	settled, err := s.Settle(b.Context(), c.Now(), claimed, token, bot.Outcome{State: bot.StateSent, Channel: "D1", TS: "1.1"}, nil)
	if err == nil && settled.State != bot.StateSent {
		err = fmt.Errorf("settle %q: it is %s", send.SID, settled.State)
	}
	return err
}

// BenchmarkCommit measures giving a kudos to two people with its three messages, one after the other, and how often that asks the server.
func BenchmarkCommit(b *testing.B) {
	everyStoreBench(b, func(b *testing.B, s *storage.Store, c *clock) {
		given := 0
		give := func() {
			given++
			k := kudos(c, fmt.Sprint("k", given))
			intents := bot.Intents{
				{SID: "kudos/" + k.ID + "/post", Kind: bot.KindKudosPost, Ref: k.ID, Channel: "C1", Due: c.Now()},
				{SID: "kudos/" + k.ID + "/dm/UBEN", Kind: bot.KindKudosDM, Ref: k.ID, Members: []string{"UBEN"}, Due: c.Now()},
				{SID: "kudos/" + k.ID + "/dm/UEVA", Kind: bot.KindKudosDM, Ref: k.ID, Members: []string{"UEVA"}, Due: c.Now()},
			}
			_, err := s.AddKudos(b.Context(), bot.Token(k.ID), k, bot.KudosQuota{Day: quota.Day, Limit: 1 << 30}, intents)
			must(b, err)
		}
		give() // the script and a connection are there
		trips := storage.CountTrips(s)
		b.ResetTimer()
		for range b.N {
			for range benchKudos {
				give()
			}
		}
		b.StopTimer()
		all := float64(b.N) * benchKudos
		b.ReportMetric(float64(trips.Load())/all, "round-trips/kudos")
		b.ReportMetric(all/b.Elapsed().Seconds(), "kudos/s")
	})
}
