package storage

import (
	"cmp"
	"context"
	"fmt"
	"slices"

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

// membersAtOnce is how many members are written by one command.
const membersAtOnce = 500

// SaveMembers stores what the directory knows of members, over what it knew. Nothing else in the store refers to a version of it, so a member
// is simply overwritten, and a call that broke off is simply made again.
func (s *Store) SaveMembers(ctx context.Context, members ...bot.Member) error {
	byShard := make(map[int][]any)
	for _, m := range members {
		value, err := encodeValue(1, m)
		if err != nil {
			return err
		}
		byShard[shard(m.ID)] = append(byShard[shard(m.ID)], m.ID, value)
	}
	for n, fields := range byShard {
		for part := range slices.Chunk(fields, 2*membersAtOnce) {
			if err := s.rdb.HSet(ctx, s.keys.shardOf(nounMember, n), part...).Err(); err != nil {
				return fmt.Errorf("save %d members: %w", len(members), err)
			}
		}
	}
	return nil
}
