package storage_test

import (
	"testing"
	"time"

	"rapport/bot"
	"rapport/storage"
)

func TestTheFirstKudosIsTheFirstThatTheReadersOfAChannelCanRead(t *testing.T) {
	everyStore(t, func(t *testing.T, s *storage.Store, c *clock) {
		start := c.Now()
		add := func(id, giver string, change func(k *bot.Kudos)) {
			k := kudos(c, id)
			k.Giver = giver
			change(&k)
			_, err := s.AddKudos(t.Context(), bot.Token(id), k, bot.KudosQuota{Day: quota.Day, Limit: 1000}, nil)
			must(t, err)
			c.pass(time.Hour)
		}
		private := func(k *bot.Kudos) { k.Private, k.Posted = true, false }
		closed := func(k *bot.Kudos) { k.Closed, k.Channel = true, "C2" }
		open := func(*bot.Kudos) {}
		add("a", "UANA", private)
		add("b", "UBEN", closed)
		add("c", "UCYN", func(k *bot.Kudos) { k.Posted = false })
		for _, id := range []string{"d1", "d2", "d3", "d4", "d5"} {
			add(id, "UDEE", private)
		}
		add("e", "UEVA", open)                                                                   // 8 hours after the start
		add("d6", "UDEE", open)                                                                  // 9
		add("a2", "UANA", open)                                                                  // 10
		add("f", "UFAY", func(k *bot.Kudos) { k.Stood = k.Given.Add(5 * time.Hour) })            // given at 11, posted at 16
		add("g", "UGUS", func(k *bot.Kudos) { k.Stood, k.Reposted = k.Given.Add(time.Hour), 1 }) // 12
		for channel, want := range map[string]map[string]int{
			"C1": {"UANA": 10, "UDEE": 9, "UEVA": 8, "UFAY": 16, "UGUS": 12},
			"C2": {"UANA": 10, "UBEN": 1, "UDEE": 9, "UEVA": 8, "UFAY": 16, "UGUS": 12},
		} {
			first, err := s.FirstGiven(t.Context(), channel, "UANA", "UBEN", "UCYN", "UDEE", "UEVA", "UFAY", "UGUS", "UNEVER")
			must(t, err)
			if len(first) != len(want) {
				t.Errorf("in %s: %v, want %v", channel, first, want)
			}
			for id, hours := range want {
				if at := start.Add(time.Duration(hours) * time.Hour); !first[id].Equal(at) {
					t.Errorf("in %s %s first gave at %s, want %s", channel, id, first[id], at)
				}
			}
		}
	})
}
