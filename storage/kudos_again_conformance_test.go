package storage_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"rapport/bot"
	"rapport/storage"
)

func TestATombstoneCountsAgainstNoQuota(t *testing.T) {
	everyStore(t, func(t *testing.T, s *storage.Store, c *clock) {
		one := bot.KudosQuota{Day: quota.Day, Limit: 1}
		gone := kudos(c, "gone")
		gone.Undone, gone.Message = c.Now(), ""
		_, err := s.AddKudos(t.Context(), "a", gone, one, nil)
		must(t, err)
		if given, received, err := s.MemberKudos(t.Context(), gone.Giver, 9); err != nil || len(given)+len(received) > 0 {
			t.Errorf("a tombstone is listed: %v %v %v", given, received, err)
		}
		_, err = s.AddKudos(t.Context(), "b", kudos(c, "b"), one, nil)
		must(t, err)
	})
}

func TestWhatIsGivenAgainCountsAgain(t *testing.T) {
	everyStore(t, func(t *testing.T, s *storage.Store, c *clock) {
		one := bot.KudosQuota{Day: quota.Day, Limit: 1}
		k, err := s.AddKudos(t.Context(), "a", kudos(c, "a"), one, nil)
		must(t, err)
		text := k.Message
		k.Undone, k.Message = c.Now(), ""
		must(t, s.ReplaceKudos(t.Context(), "gone", k, &one, nil))
		k.Version++

		other, err := s.AddKudos(t.Context(), "other", kudos(c, "other"), one, nil)
		must(t, err)
		k.Undone, k.Message, k.Given = time.Time{}, text, c.Now()
		is(t, s.ReplaceKudos(t.Context(), "full", k, &one, nil), bot.ErrLimit)
		if stored, err := s.Kudos(t.Context(), "a"); err != nil || stored.Undone.IsZero() {
			t.Errorf("it stands although there was no room for it: %+v, %v", stored, err)
		}

		other.Undone = c.Now()
		must(t, s.ReplaceKudos(t.Context(), "room", other, &one, nil))
		must(t, s.ReplaceKudos(t.Context(), "again", k, &one, nil))
		given, _, err := s.MemberKudos(t.Context(), k.Giver, 9)
		if err != nil || len(given) != 1 || given[0].ID != "a" || given[0].Message != text {
			t.Errorf("listed are %+v, %v", given, err)
		}
		_, err = s.AddKudos(t.Context(), "late", kudos(c, "late"), one, nil)
		is(t, err, bot.ErrLimit)
	})
}

func TestWhatIsGivenAgainIsKeptFromThenOn(t *testing.T) {
	everyStore(t, func(t *testing.T, s *storage.Store, c *clock) {
		k, err := s.AddKudos(t.Context(), "a", kudos(c, "a"), quota, nil)
		must(t, err)
		k.Undone = c.Now()
		must(t, s.ReplaceKudos(t.Context(), "gone", k, nil, nil))
		k.Version++
		c.pass(300 * 24 * time.Hour)
		k.Undone, k.Given = time.Time{}, c.Now()
		must(t, s.ReplaceKudos(t.Context(), "again", k, &quota, nil))
		c.pass(100 * 24 * time.Hour)
		_, err = s.Forget(t.Context(), c.Now(), storage.StandardRetention())
		must(t, err)
		_, err = s.Kudos(t.Context(), "a")
		must(t, err)
		c.pass(300 * 24 * time.Hour)
		_, err = s.Forget(t.Context(), c.Now(), storage.StandardRetention())
		must(t, err)
		_, err = s.Kudos(t.Context(), "a")
		is(t, err, bot.ErrNotFound)
	})
}

// What is posted later, or anew, stands in the time of that: once, also across the end of a month.
func TestAKudosIsFoundWhenItStands(t *testing.T) {
	everyStore(t, func(t *testing.T, s *storage.Store, c *clock) {
		given := time.Date(2026, 3, 31, 23, 30, 0, 0, time.UTC)
		later := given.Add(time.Hour)
		k := kudos(c, "later")
		k.Given, k.Channel, k.Posted = given, "D1", false
		k, err := s.AddKudos(t.Context(), "a", k, quota, nil)
		must(t, err)
		found := func(what string, from, to time.Time, want ...string) {
			t.Helper()
			list, err := s.ChannelKudos(t.Context(), "C1", from, to)
			must(t, err)
			if !slices.Equal(ids(list), want) {
				t.Errorf("%s: %v, want %v", what, ids(list), want)
			}
		}
		k.Channel, k.Posted, k.Stood = "C1", true, later
		must(t, s.ReplaceKudos(t.Context(), "post", k, nil, nil))
		k.Version++
		found("before it was posted", given, later)
		found("once it was posted", later, later.Add(time.Hour), "later")

		anew := kudos(c, "anew")
		anew.Given = given
		anew, err = s.AddKudos(t.Context(), "b", anew, quota, nil)
		must(t, err)
		found("where it was given", given, given.Add(time.Second), "anew")
		anew.Stood, anew.Reposted = later.Add(time.Minute), 1
		must(t, s.ReplaceKudos(t.Context(), "again", anew, nil, nil))
		anew.Version++
		found("where it was given, posted anew", given, later)
		found("where both stand", given, later.Add(time.Hour), "later", "anew")
		found("in a time of years", time.Time{}, later.AddDate(1, 0, 0), "later", "anew")
		for i, gone := range []bot.Kudos{k, anew} {
			gone.Undone = later.Add(time.Hour)
			must(t, s.ReplaceKudos(t.Context(), bot.Token(fmt.Sprint("undo ", i)), gone, nil, nil))
		}
		found("taken back", given, later.Add(time.Hour))
	})
}

func TestTheLastKudosIsReadWithTheMessageThatStands(t *testing.T) {
	everyStore(t, func(t *testing.T, s *storage.Store, c *clock) {
		k := kudos(c, "k")
		k.Reposted = 1
		k, err := s.AddKudos(t.Context(), "a", k, quota, bot.Intents{pair(c, bot.KudosPostSID("k"))})
		must(t, err)
		last, err := s.LastGiven(t.Context(), k.Giver)
		must(t, err)
		if last.ID != "k" || last.Post.SID != "" {
			t.Errorf("before it is posted anew: %+v", last)
		}
		insert(t, s, "anew", pair(c, k.PostSID()))
		last, err = s.LastGiven(t.Context(), k.Giver)
		must(t, err)
		if last.Post.SID != k.PostSID() {
			t.Errorf("the message is %q, want %q", last.Post.SID, k.PostSID())
		}
	})
}
