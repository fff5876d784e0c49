package storage

import (
	"context"
	"fmt"
	"slices"
	"time"

	"rapport/bot"
)

// firstLook is how many of a giver's earliest kudos are read at first: nearly always the first of all is for everybody to read.
const firstLook = 3

// FirstGiven implements [bot.KudosStore], mostly in one round trip. Nothing that is sealed is opened for it.
func (s *Store) FirstGiven(ctx context.Context, channel string, members ...string) (map[string]time.Time, error) {
	first := make(map[string]time.Time, len(members))
	for _, limit := range []int{firstLook, -1} {
		var unclear []string
		for part := range slices.Chunk(members, pipelineSize) {
			more, err := s.addFirst(ctx, first, channel, limit, part)
			if err != nil {
				return nil, fmt.Errorf("find first kudos of %d members: %w", len(part), err)
			}
			unclear = append(unclear, more...)
		}
		members = unclear
	}
	return first, nil
}

// addFirst looks for the first kudos of members among the earliest of each. It returns those of whom it takes more to tell.
func (s *Store) addFirst(ctx context.Context, first map[string]time.Time, channel string, limit int, members []string) (unclear []string, err error) {
	ranges := make([]span, len(members))
	for i, member := range members {
		ranges[i] = span{index: s.keys.kudosBy(member), lowest: "-inf", limit: limit}
	}
	lists, err := s.lists(ctx, nounKudos, ranges...)
	if err != nil {
		return nil, err
	}
	for i, list := range lists {
		at, err := firstRead(list, channel)
		switch {
		case err != nil:
			return nil, err
		case !at.IsZero():
			first[members[i]] = at
		case len(list) == limit:
			unclear = append(unclear, members[i])
		}
	}
	return unclear, nil
}

// firstRead is since when the first of some kudos can be read by whoever reads a channel; zero for none.
func firstRead(list []listed, channel string) (first time.Time, err error) {
	for _, o := range list {
		var k bot.Kudos
		if err := decodeValue(o.stored, &k); err != nil {
			return time.Time{}, err
		}
		if !k.Posted || k.Private || k.Closed && k.Channel != channel {
			continue
		}
		at := k.Given
		if k.Reposted == 0 { // one that was posted anew had been read before
			at = k.StandsSince()
		}
		if first.IsZero() || at.Before(first) {
			first = at
		}
	}
	return first, nil
}
