package storage

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"rapport/bot"
)

// Members implements [bot.Directory], in one round trip.
func (s *Store) Members(ctx context.Context, ids ...string) (map[string]bot.Member, error) {
	return getObjects[bot.Member](ctx, s, nounMember, ids)
}

// AllMembers implements [bot.Roster]; by id.
func (s *Store) AllMembers(ctx context.Context) ([]bot.Member, error) {
	var all []bot.Member
	for n := range shards {
		part, err := allObjects[bot.Member](ctx, s, nounMember, s.keys.shardOf(nounMember, n), func(a, b bot.Member) int { return cmp.Compare(a.ID, b.ID) })
		if err != nil {
			return nil, err
		}
		all = append(all, part...)
	}
	slices.SortFunc(all, func(a, b bot.Member) int { return cmp.Compare(a.ID, b.ID) })
	return all, nil
}

// membersAtOnce is how many members are written by one script.
const membersAtOnce = 500

// SaveMembers stores what the directory knows of members, over what it knew, and notes since when somebody is deactivated. Who was forgotten is
// not stored again unless they are active again. Nothing else in the store refers to a version of a member, so they are simply overwritten, and
// a call that broke off is simply made again.
func (s *Store) SaveMembers(ctx context.Context, members ...bot.Member) error {
	byShard := make(map[int][]bot.Member)
	for _, m := range members {
		byShard[shard(m.ID)] = append(byShard[shard(m.ID)], m)
	}
	now := s.now()
	for n, all := range byShard {
		for part := range slices.Chunk(all, membersAtOnce) {
			if err := s.saveMembers(ctx, now, s.keys.shardOf(nounMember, n), part); err != nil {
				return fmt.Errorf("save %d members: %w", len(members), err)
			}
		}
	}
	return nil
}

// saveMembers stores members of one shard.
func (s *Store) saveMembers(ctx context.Context, now time.Time, key string, members []bot.Member) error {
	args := make([]any, 1, 3*len(members)+1)
	args[0] = millis(now)
	for _, m := range members {
		value, err := encodeValue(1, m)
		if err != nil {
			return err
		}
		deactivated := "0"
		if m.Deleted {
			deactivated = "1"
		}
		args = append(args, m.ID, value, deactivated)
	}
	return saveMembersScript.Run(ctx, s.rdb, []string{key, s.keys.gone()}, args...).Err()
}

// forgetMembers deletes what is kept of members who are deactivated since before an instant, and counts also the commitments of theirs that it deleted.
func (s *Store) forgetMembers(ctx context.Context, before time.Time) (gone, commitments int, err error) {
	gone, err = s.forgetOlder(ctx, s.keys.gone(), before, func(ids []string) (int, error) {
		for i, id := range ids {
			owned, err := s.forgetListed(ctx, s.keys.owned(id), "+inf", func(numbers []string) (int, error) {
				return s.deleteCommitments(ctx, s.keys.owned(id), numbers)
			})
			commitments += owned
			if err != nil {
				return i, err
			}
			if err := s.forgetMember(ctx, id, before); err != nil {
				return i, err
			}
		}
		return len(ids), nil
	})
	return gone, commitments, err
}

// forgetMember deletes a member's directory entry, preferences, practice, seats and count of kudos in one step; [bot.ErrConflict] if they are active
// again, or took a seat, meanwhile.
func (s *Store) forgetMember(ctx context.Context, id string, before time.Time) error {
	seats, err := s.rdb.HKeys(ctx, s.keys.seatsOf(id)).Result()
	if err != nil {
		return fmt.Errorf("list seats of %q: %w", id, err)
	}
	keys := []string{
		s.keys.gone(), s.keys.sharded(nounMember, id), s.keys.sharded(nounPreferences, id), s.keys.quota(), s.keys.seatsOf(id),
		s.keys.entries(), s.keys.next(), s.keys.since(), s.keys.fired(), s.keys.erased(),
	}
	for _, program := range seats {
		keys = append(keys, s.keys.seats(program))
	}
	forgotten, err := forgetMemberScript.Run(ctx, s.rdb, keys, id, floorMillis(before), practiceEntry+id, floorMillis(s.now())).Bool()
	if err != nil {
		return fmt.Errorf("forget %q: %w", id, err)
	}
	if !forgotten {
		return fmt.Errorf("forget %q: %w", id, bot.ErrConflict)
	}
	return nil
}

// practiceEntry begins the name of the schedule entry that [bot.Host] saves with a member's preferences.
const practiceEntry = "practice/"
