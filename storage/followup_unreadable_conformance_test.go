package storage_test

import (
	"strings"
	"testing"
	"time"

	"rapport/bot"
	"rapport/storage"
)

// A promise whose words no key opens is said to be so by its number, and left out of lists: the others are all there.
func TestAPromiseThatNoKeyOpensEndsNoList(t *testing.T) {
	v, client := onServer(t)
	v.with(onlyA, func(s *storage.Store) {
		promise(t, s, "p", 3)
		key := "rapport:{" + exportTeam + "}:commitments:" // the shard of "2" is its character's number
		const two = '2' % 16
		shard := key + string("0123456789"[two])
		stored, err := client.HGet(t.Context(), shard, "2").Result()
		must(t, err)
		sealed := sealedIn(t, stored)
		must(t, client.HSet(t.Context(), shard, "2", strings.Replace(stored, sealed, sealed[:len(sealed)-8]+"AAAAAAA=", 1)).Err())

		promised(t, s, "p0", "p2")
		owned, owed, err := s.MemberCommitments(t.Context(), "UANA", time.Time{})
		must(t, err)
		if len(owned) != 2 || len(owed) != 0 {
			t.Errorf("%d owned, %d owed", len(owned), len(owed))
		}
		_, err = s.Commitment(t.Context(), 2)
		is(t, err, bot.ErrUnreadable)
		_, _, err = s.CommitmentScene(t.Context(), 2, "UANA")
		is(t, err, bot.ErrUnreadable)
		n, err := s.Forget(t.Context(), exported.Add(time.Hour), storage.StandardRetention())
		must(t, err)
		if n.Commitments != 0 {
			t.Errorf("forgotten %+v", n)
		}
	})
	done, err := v.reseal(onlyA, storage.ResealOptions{})
	must(t, err)
	if done.Unreadable != 1 || done.Before != 2 {
		t.Errorf("sealed anew %+v", done)
	}
}
