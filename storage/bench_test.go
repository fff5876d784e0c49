package storage_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"rapport/bot"
	"rapport/storage"
)

// everyStoreBench runs a benchmark on the kinds of store side by side: in memory, in a folder, on one server that keeps its writes in a file, behind Sentinels and
// on a cluster where a replica has to confirm what counts, and on a cluster without replicas.
func everyStoreBench(b *testing.B, bench func(b *testing.B, s *storage.Store, c *clock)) {
	at := func(name string, server *shared) kindOfStore {
		return kindOfStore{name, func(t testing.TB, c *clock) *storage.Store { return openAt(t, c, server.address(t)) }}
	}
	for _, kind := range []kindOfStore{
		{"embedded", embedded},
		{"folder", inFolder},
		at("redis", durableServer),
		at("sentinel", sentinelServers), at("cluster-replicas", clusterServers), at("cluster", bareCluster),
	} {
		b.Run(kind.name, func(b *testing.B) {
			c := newClock()
			bench(b, kind.open(b, c), c)
		})
	}
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
	claim, err := s.Claim(b.Context(), c.Now(), send, token, lease, nil)
	if err == nil && !claim.Held {
		err = fmt.Errorf("claim %q: it is not to be had", send.SID)
	}
	if err != nil {
		return err
	}
	ok, err := s.Posting(b.Context(), c.Now(), send.SID, token, reserve)
	if err == nil && !ok {
		err = fmt.Errorf("post %q: the claim is lost", send.SID)
	}
	if err != nil {
		return err
	}
	settled, err := s.Settle(b.Context(), c.Now(), claim.Send, token, bot.Outcome{State: bot.StateSent, Channel: "D1", TS: "1.1"}, nil)
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
		if n := trips.Load(); n > 0 { // what goes to a node of a cluster by its own connection is not counted
			b.ReportMetric(float64(n)/all, "round-trips/kudos")
		}
		b.ReportMetric(all/b.Elapsed().Seconds(), "kudos/s")
	})
}
