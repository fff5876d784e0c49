package storage_test

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"sync"
	"sync/atomic"
	"testing"

	"rapport/bot"
	"rapport/storage"
	"rapport/storage/redistest"
)

// BenchmarkAcknowledged measures how many kudos with their three messages a second are acknowledged, given by some people at the same time, where an
// acknowledgement means: in memory; on the disk; with the system, and on the disk within a second; on the disk, by a server of its own.
func BenchmarkAcknowledged(b *testing.B) {
	redis := func(policy string) func(b *testing.B, c *clock) *storage.Store {
		return func(b *testing.B, c *clock) *storage.Store {
			s, err := redistest.Open(redistest.Options{AOF: true, Args: []string{"--appendfsync", policy}})
			if errors.Is(err, exec.ErrNotFound) && os.Getenv("RAPPORT_TEST_REQUIRE") != "all" {
				b.Skip("redis-server is not installed; CI measures it")
			}
			must(b, err)
			b.Cleanup(s.Close)
			return openAt(b, c, s.URL())
		}
	}
	for _, store := range []struct {
		name string
		open func(b *testing.B, c *clock) *storage.Store
	}{
		{"memory", func(b *testing.B, c *clock) *storage.Store { return embedded(b, c) }},
		{"folder", func(b *testing.B, c *clock) *storage.Store { return durable(b, c) }},
		{"redis-everysec", redis("everysec")},
		{"redis-always", redis("always")},
	} {
		for _, people := range []int{1, 16} {
			b.Run(fmt.Sprintf("%s/%d", store.name, people), func(b *testing.B) {
				c := newClock()
				acknowledge(b, store.open(b, c), c, people)
			})
		}
	}
}

func acknowledge(b *testing.B, s *storage.Store, c *clock, people int) {
	var given atomic.Int64
	give := func() {
		k := kudos(c, fmt.Sprint("k", given.Add(1)))
		intents := bot.Intents{
			{SID: "kudos/" + k.ID + "/post", Kind: bot.KindKudosPost, Ref: k.ID, Channel: "C1", Due: c.Now()},
			{SID: "kudos/" + k.ID + "/dm/UBEN", Kind: bot.KindKudosDM, Ref: k.ID, Members: []string{"UBEN"}, Due: c.Now()},
			{SID: "kudos/" + k.ID + "/dm/UEVA", Kind: bot.KindKudosDM, Ref: k.ID, Members: []string{"UEVA"}, Due: c.Now()},
		}
		if _, err := s.AddKudos(b.Context(), bot.Token(k.ID), k, bot.KudosQuota{Day: quota.Day, Limit: 1 << 30}, intents); err != nil {
			b.Error(err)
		}
	}
	give() // the script and a connection are there
	b.ResetTimer()
	var group sync.WaitGroup
	left := atomic.Int64{}
	left.Store(int64(b.N))
	for range people {
		group.Go(func() {
			for left.Add(-1) >= 0 {
				give()
			}
		})
	}
	group.Wait()
	b.StopTimer()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "acks/s")
}
