package storage_test

import (
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"rapport/bot"
	"rapport/storage"
)

// The store is everything that package bot asks of one.
var _ interface {
	bot.KudosStore
	bot.DigestStore
	bot.CommitmentStore
	bot.ProgramStore
	bot.SeatStore
	bot.RoundStore
	bot.MentorshipStore
	bot.PreferenceStore
	bot.WorkspaceStore
	bot.ChannelStore
	bot.SceneReader
	bot.SentReader
	bot.Directory
	bot.Roster
} = (*storage.Store)(nil)

// kinds are those that the tests send, in the order in which they are taken.
var kinds = []bot.Kind{bot.KindPlan, bot.KindReminders, bot.KindProposal, bot.KindAnswer, bot.KindPair, bot.KindKudosPost, bot.KindKudosDM}

func kudos(c *clock, id string) bot.Kudos {
	return bot.Kudos{
		ID: id, Giver: "UANA", Recipients: []string{"UBEN", "UEVA"}, Message: "thanks for " + id + " & {id} <@UBEN> é\u2028\n\"",
		Channel: "C1", Posted: true, Given: c.Now(),
	}
}

var quota = bot.KudosQuota{Day: bot.Date{Year: 2026, Month: 3, Day: 2}, Limit: 20}

func TestKudosAreFoundAsTheyWereGiven(t *testing.T) {
	everyStore(t, func(t *testing.T, s *storage.Store, c *clock) {
		k := kudos(c, "k1")
		stored, err := s.AddKudos(t.Context(), "t1", k, quota, nil)
		must(t, err)
		if stored.Version != 1 {
			t.Errorf("version %d, want 1", stored.Version)
		}
		got, err := s.Kudos(t.Context(), "k1")
		must(t, err)
		if got.Message != k.Message || !slices.Equal(got.Recipients, k.Recipients) || !got.Given.Equal(k.Given) || got.Version != 1 {
			t.Errorf("got %+v, want %+v", got, k)
		}
		_, err = s.Kudos(t.Context(), "k2")
		is(t, err, bot.ErrNotFound)
	})
}

func TestTheSameTokenMakesOneKudos(t *testing.T) {
	everyStore(t, func(t *testing.T, s *storage.Store, c *clock) {
		var made, repeated atomic.Int64
		var group sync.WaitGroup
		for range 4 {
			group.Go(func() {
				k, err := s.AddKudos(t.Context(), "same", kudos(c, "k1"), quota, bot.Intents{{SID: "kudos/k1/post", Kind: bot.KindKudosPost, Channel: "C1", Due: c.Now()}})
				switch {
				case err == nil:
					made.Add(1)
				case errors.Is(err, bot.ErrRepeated) && k.ID == "k1" && k.Giver == "UANA":
					repeated.Add(1)
				default:
					t.Errorf("got %v, %v", k, err)
				}
			})
		}
		group.Wait()
		if made.Load() != 1 || repeated.Load() != 3 {
			t.Errorf("%d made and %d repeated, want 1 and 3", made.Load(), repeated.Load())
		}
		given, received, err := s.MemberKudos(t.Context(), "UANA", 10)
		must(t, err)
		if len(given) != 1 || len(received) != 0 {
			t.Errorf("%d given and %d received, want 1 and 0", len(given), len(received))
		}
	})
}

func TestATokenIsForgottenAfterThreeHours(t *testing.T) {
	everyStore(t, func(t *testing.T, s *storage.Store, c *clock) {
		p := bot.Preferences{Member: "UANA"}
		must(t, s.SavePreferences(t.Context(), "t", p, nil, nil))
		p.Version = 1
		is(t, s.SavePreferences(t.Context(), "t", p, nil, nil), bot.ErrRepeated)
		c.pass(3*time.Hour - time.Second)
		is(t, s.SavePreferences(t.Context(), "t", p, nil, nil), bot.ErrRepeated)
		c.pass(time.Second)
		must(t, s.SavePreferences(t.Context(), "t", p, nil, nil))
	})
}

func TestTheQuotaHoldsUnderTwoHundredAtOnce(t *testing.T) {
	everyStore(t, func(t *testing.T, s *storage.Store, c *clock) {
		var made, limited atomic.Int64
		var group sync.WaitGroup
		for i := range 200 {
			group.Go(func() {
				id := "k" + string(rune('0'+i/100)) + string(rune('0'+i/10%10)) + string(rune('0'+i%10))
				_, err := s.AddKudos(t.Context(), bot.Token("t"+id), kudos(c, id), quota, nil)
				switch {
				case err == nil:
					made.Add(1)
				case errors.Is(err, bot.ErrLimit):
					limited.Add(1)
				default:
					t.Error(err)
				}
			})
		}
		group.Wait()
		if made.Load() != 20 || limited.Load() != 180 {
			t.Errorf("%d made and %d refused, want 20 and 180", made.Load(), limited.Load())
		}
	})
}

func TestARefundGivesTheQuotaOfItsDayBack(t *testing.T) {
	everyStore(t, func(t *testing.T, s *storage.Store, c *clock) {
		one := bot.KudosQuota{Day: quota.Day, Limit: 1}
		k, err := s.AddKudos(t.Context(), "a", kudos(c, "a"), one, nil)
		must(t, err)
		_, err = s.AddKudos(t.Context(), "b", kudos(c, "b"), one, nil)
		is(t, err, bot.ErrLimit)
		k.Undone = c.Now()
		yesterday := bot.KudosQuota{Day: bot.Date{Year: 2026, Month: 3, Day: 1}}
		must(t, s.ReplaceKudos(t.Context(), "c", k, &yesterday, nil))
		_, err = s.AddKudos(t.Context(), "d", kudos(c, "d"), one, nil)
		is(t, err, bot.ErrLimit)
		k.Version++
		must(t, s.ReplaceKudos(t.Context(), "e", k, &one, nil))
		_, err = s.AddKudos(t.Context(), "f", kudos(c, "f"), one, nil)
		must(t, err)
		tomorrow := bot.KudosQuota{Day: bot.Date{Year: 2026, Month: 3, Day: 3}, Limit: 1}
		_, err = s.AddKudos(t.Context(), "g", kudos(c, "g"), tomorrow, nil)
		must(t, err)
	})
}

func TestATwinWithinTwoMinutesIsRepeated(t *testing.T) {
	everyStore(t, func(t *testing.T, s *storage.Store, c *clock) {
		first := kudos(c, "first")
		_, err := s.AddKudos(t.Context(), "t1", first, quota, nil)
		must(t, err)
		again := first
		again.ID, again.Recipients = "again", []string{"UEVA", "UBEN"}
		c.pass(2*time.Minute - time.Second)
		twin, err := s.AddKudos(t.Context(), "t2", again, quota, nil)
		is(t, err, bot.ErrRepeated)
		if twin.ID != "first" {
			t.Errorf("the earlier one is %q, want first", twin.ID)
		}
		meant := again
		meant.ID, meant.Twin = "meant", true
		_, err = s.AddKudos(t.Context(), "t3", meant, quota, nil)
		must(t, err)
		c.pass(time.Second)
		_, err = s.AddKudos(t.Context(), "t4", again, quota, nil)
		must(t, err)
	})
}

func TestWhatWasTakenBackIsNoTwin(t *testing.T) {
	everyStore(t, func(t *testing.T, s *storage.Store, c *clock) {
		k, err := s.AddKudos(t.Context(), "t1", kudos(c, "first"), quota, nil)
		must(t, err)
		again := k
		k.Undone, k.Message = c.Now(), ""
		must(t, s.ReplaceKudos(t.Context(), "t2", k, nil, nil))
		again.ID, again.Version = "again", 0
		_, err = s.AddKudos(t.Context(), "t3", again, quota, nil)
		must(t, err)
	})
}

func TestTombstonesAreFoundByIDAlone(t *testing.T) {
	everyStore(t, func(t *testing.T, s *storage.Store, c *clock) {
		from := c.Now()
		for _, id := range []string{"a", "b", "c"} {
			_, err := s.AddKudos(t.Context(), bot.Token(id), kudos(c, id), quota, nil)
			must(t, err)
			c.pass(time.Hour)
		}
		b, err := s.Kudos(t.Context(), "b")
		must(t, err)
		b.Undone, b.Message = c.Now(), ""
		must(t, s.ReplaceKudos(t.Context(), "undo", b, nil, nil))
		is(t, s.ReplaceKudos(t.Context(), "late", b, nil, nil), bot.ErrConflict)
		is(t, s.ReplaceKudos(t.Context(), "undo", b, nil, nil), bot.ErrRepeated)

		_, err = s.Kudos(t.Context(), "b")
		must(t, err)
		inChannel, err := s.ChannelKudos(t.Context(), "C1", from, from.Add(2*time.Hour))
		must(t, err)
		if got := ids(inChannel); !slices.Equal(got, []string{"a"}) {
			t.Errorf("in the first two hours %v, want a", got)
		}
		given, _, err := s.MemberKudos(t.Context(), "UANA", 10)
		must(t, err)
		_, received, err := s.MemberKudos(t.Context(), "UEVA", 1)
		must(t, err)
		if got := append(ids(given), ids(received)...); !slices.Equal(got, []string{"c", "a", "c"}) {
			t.Errorf("given and received %v, want c a, c", got)
		}
	})
}

func ids(list []bot.Kudos) []string {
	var out []string
	for _, k := range list {
		out = append(out, k.ID)
	}
	return out
}

func TestAChangeBringsItsMessagesOrNothing(t *testing.T) {
	everyStore(t, func(t *testing.T, s *storage.Store, c *clock) {
		post := bot.Intents{{SID: "kudos/a/post", Kind: bot.KindKudosPost, Ref: "a", Channel: "C1", Due: c.Now()}}
		_, err := s.AddKudos(t.Context(), "t", kudos(c, "a"), bot.KudosQuota{Limit: 0}, post)
		is(t, err, bot.ErrLimit)
		_, err = s.SendBySID(t.Context(), "kudos/a/post")
		is(t, err, bot.ErrNotFound)
		_, err = s.Kudos(t.Context(), "a")
		is(t, err, bot.ErrNotFound)
		_, err = s.AddKudos(t.Context(), "t", kudos(c, "a"), quota, post)
		must(t, err)
		send, err := s.SendBySID(t.Context(), "kudos/a/post")
		must(t, err)
		if send.State != bot.StatePending || send.Channel != "C1" || send.Ref != "a" || !send.Due.Equal(c.Now()) || send.Kind != bot.KindKudosPost {
			t.Errorf("got %+v", send)
		}
		due, err := s.Due(t.Context(), c.Now(), kinds, 10)
		must(t, err)
		if len(due) != 1 {
			t.Errorf("%d due, want 1", len(due))
		}
	})
}
