package storage_test

import (
	"strings"
	"testing"
	"time"

	"rapport/bot"
	"rapport/storage"
)

// What no key opens stands beside the lists, without words, for all whom it names. It can be closed as it is, and so can what a key opens: the words stay.
func TestAPromiseIsClosedUnopened(t *testing.T) {
	v, client := onServer(t)
	v.with(onlyA, func(s *storage.Store) {
		promise(t, s, "p", 3)
		before, err := s.Commitment(t.Context(), 1)
		must(t, err)
		shard := "rapport:{" + exportTeam + "}:commitments:" + string("0123456789"['2'%16])
		stored, err := client.HGet(t.Context(), shard, "2").Result()
		must(t, err)
		sealed := sealedIn(t, stored)
		must(t, client.HSet(t.Context(), shard, "2", strings.Replace(stored, sealed, sealed[:len(sealed)-8]+"AAAAAAA=", 1)).Err())

		lists, err := s.CommitmentLists(t.Context(), before.Owner, time.Time{})
		must(t, err)
		if len(lists.Owned) != 2 || len(lists.SealedOwned) != 1 || lists.SealedOwned[0].ID != 2 || lists.SealedOwned[0].Text != "" {
			t.Errorf("lists %+v", lists)
		}
		for _, to := range before.MembersTo() {
			lists, err := s.CommitmentLists(t.Context(), to, time.Time{})
			must(t, err)
			if len(lists.Owed) != 2 || len(lists.SealedOwed) != 1 || lists.SealedOwed[0].Owner != before.Owner {
				t.Errorf("%s is owed %+v", to, lists)
			}
		}
		for _, id := range []int{1, 2} {
			was, err := s.UnopenedCommitment(t.Context(), id)
			must(t, err)
			if was.Text != "" || was.Owner != before.Owner || was.ID != id || len(was.MembersTo()) != len(before.MembersTo()) {
				t.Errorf("%d unopened is %+v", id, was)
			}
			c := was
			c.State, c.Closed = bot.Lapsed, exported
			must(t, s.ReplaceUnopened(t.Context(), bot.Token("lapse"+string(rune('0'+id))), was, c, nil))
			is(t, s.ReplaceUnopened(t.Context(), bot.Token("lapse"+string(rune('0'+id))), was, c, nil), bot.ErrRepeated)
			is(t, s.ReplaceUnopened(t.Context(), "another", was, c, nil), bot.ErrConflict)
		}
		after, err := s.Commitment(t.Context(), 1)
		must(t, err)
		if after.State != bot.Lapsed || after.Version != before.Version+1 || after.Text != before.Text || len(after.Counterparties) != len(before.Counterparties) {
			t.Errorf("%+v became %+v", before, after)
		}
		_, err = s.Commitment(t.Context(), 2)
		is(t, err, bot.ErrUnreadable)
		if lists, err = s.CommitmentLists(t.Context(), before.Owner, exported.Add(time.Second)); err != nil || len(lists.Owned) != 1 || len(lists.SealedOwned) != 0 {
			t.Errorf("later %+v, %v", lists, err)
		}
		_, err = s.UnopenedCommitment(t.Context(), 77)
		is(t, err, bot.ErrNotFound)
		is(t, s.ReplaceUnopened(t.Context(), "gone", bot.Commitment{ID: 77, Version: 1}, bot.Commitment{ID: 77}, nil), bot.ErrNotFound)
	})
}
