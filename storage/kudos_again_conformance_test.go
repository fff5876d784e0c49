package storage_test

import (
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
