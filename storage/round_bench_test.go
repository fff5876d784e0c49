package storage_test

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"testing"
	"time"

	"rapport/bot"
	"rapport/storage"
)

// manyPeople is how many people the benchmarks' rounds have: RAPPORT_BENCH_PEOPLE, or a size that does not keep anybody waiting.
func manyPeople() int {
	if n, err := strconv.Atoi(os.Getenv("RAPPORT_BENCH_PEOPLE")); err == nil {
		return n
	}
	return 4000
}

// BenchmarkPlanRound measures planning the first round of a program, from its seats to the last message in the ledger, and the longest time that the server
// was kept from everybody else by one call.
func BenchmarkPlanRound(b *testing.B) {
	everyStoreBench(b, func(b *testing.B, s *storage.Store, c *clock) {
		people := manyPeople()
		p := seated(b, s, c, people)
		use := cafe(b, s)
		longest := storage.LongestCall(s)
		b.ResetTimer()
		for n := range b.N {
			at := monday().AddDate(0, 0, 7*n)
			must(b, use.PlanRound(b.Context(), at, p.ID, at))
		}
		b.StopTimer()
		b.ReportMetric(b.Elapsed().Seconds()/float64(b.N), "s/round")
		b.ReportMetric(float64(longest.Load())/1e6, "ms/longest-call")
		b.ReportMetric(float64(people), "people")
	})
}

// benchGroups is how large the round is in which one introduction is composed and one answer is given.
const benchGroups = 50_000

// largeRound is a round of which all parts are in, without messages, and the plan's program.
func largeRound(b *testing.B, s *storage.Store, c *clock) bot.Program {
	p := seated(b, s, c, 2)
	plan := planOf(benchGroups)
	plan.ID, plan.Program, plan.At, plan.End = p.ID+"/1", p.ID, monday(), monday().AddDate(0, 0, 4)
	plan.Groups[0].Members = []string{"U000000", "U000001"}
	r := adopted(b, s, plan)
	everyPart(b, s, r, func(part bot.RoundPart) error { return s.InsertPart(b.Context(), r, part.Number, nil, nil, nil) })
	return p
}

// everyPart puts all parts of a round in.
func everyPart(b testing.TB, s *storage.Store, r bot.Round, insert func(bot.RoundPart) error) {
	for {
		part, err := s.NextPart(b.Context(), r.ID)
		if errors.Is(err, bot.ErrNotFound) {
			return
		}
		must(b, err)
		must(b, insert(part))
	}
}

// BenchmarkComposeIntroduction measures composing one introduction in a round of 50,000 groups, and how often that asks the server.
func BenchmarkComposeIntroduction(b *testing.B) {
	everyStoreBench(b, func(b *testing.B, s *storage.Store, c *clock) {
		p := largeRound(b, s, c)
		use, ref := cafe(b, s), p.ID+"/1 g0"
		send := bot.Send{SID: bot.PairSID(p.ID+"/1", "g0"), Kind: bot.KindPair, Ref: ref, Members: []string{"U000000", "U000001"}}
		trips := storage.CountTrips(s)
		b.ResetTimer()
		for range b.N {
			content, d, err := use.Compose(b.Context(), monday(), send)
			if err != nil || d.Verdict != bot.Go || content == nil {
				b.Fatalf("composed %v, %+v, %v", content, d, err)
			}
		}
		b.ReportMetric(float64(trips.Load())/float64(b.N), "round-trips/op")
	})
}

// BenchmarkAnswer measures one answer in a round of 50,000 groups, and how often that asks the server.
func BenchmarkAnswer(b *testing.B) {
	everyStoreBench(b, func(b *testing.B, s *storage.Store, c *clock) {
		p := largeRound(b, s, c)
		use := cafe(b, s)
		trips := storage.CountTrips(s)
		b.ResetTimer()
		for n := range b.N {
			act := bot.RoundAct{Token: bot.Token(fmt.Sprint("t", n)), Member: "U000000", Round: p.ID + "/1", Group: "g0"}
			_, err := use.AnswerTime(b.Context(), monday().Add(time.Hour), act, bot.TimeNotYet)
			must(b, err)
		}
		b.ReportMetric(float64(trips.Load())/float64(b.N), "round-trips/op")
	})
}

// BenchmarkRoundProgress measures asking how far a round of 50,000 introductions is.
func BenchmarkRoundProgress(b *testing.B) {
	everyStoreBench(b, func(b *testing.B, s *storage.Store, c *clock) {
		seated(b, s, c, 2)
		r := adopted(b, s, planOf(benchGroups))
		everyPart(b, s, r, func(part bot.RoundPart) error { return inserted(b.Context(), s, r, part, c.Now()) })
		longest := storage.LongestCall(s)
		b.ResetTimer()
		for range b.N {
			p, err := s.RoundProgress(b.Context(), r.ID, 5000)
			if err != nil || p.Waiting != p.Asked || p.Asked < 4000 {
				b.Fatalf("progress %+v, %v", p, err)
			}
		}
		b.ReportMetric(float64(longest.Load())/1e6, "ms/longest-call")
	})
}
