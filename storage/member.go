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

// SaveMembers stores what is known of members, whatever was known of them, and notes since when somebody is deactivated. Who was forgotten is not stored again
// unless they are active again. A call that broke off is simply made again.
func (s *Store) SaveMembers(ctx context.Context, members ...bot.Member) error {
	changes := make([]memberChange, len(members))
	for i, m := range members {
		changes[i] = memberChange{before: anyMember, after: m}
	}
	if _, err := s.changeMembers(ctx, changes); err != nil {
		return fmt.Errorf("save %d members: %w", len(members), err)
	}
	return nil
}

// editTries is how often a member is read again who changes all the time.
const editTries = 10

// EditMembers changes what is known of members, each by itself: edit is given a member, of one who is unknown only the id, and answers what is to be stored, or false if nothing
// is. A member who changed meanwhile is read and edited again, so that sources that learn of the same person at the same time do not undo each other. What was done
// when it breaks off stays. [bot.ErrConflict] if somebody never holds still.
func (s *Store) EditMembers(ctx context.Context, ids []string, edit func(bot.Member) (bot.Member, bool)) error {
	for range editTries {
		if len(ids) == 0 {
			return nil
		}
		var moved []string
		for part := range slices.Chunk(ids, membersAtOnce) {
			left, err := s.editMembers(ctx, part, edit)
			if err != nil {
				return fmt.Errorf("edit %d members: %w", len(ids), err)
			}
			moved = append(moved, left...)
		}
		ids = moved
	}
	if len(ids) > 0 {
		return fmt.Errorf("edit %d members: %w", len(ids), bot.ErrConflict)
	}
	return nil
}

// editMembers reads and edits members, and returns those who changed meanwhile.
func (s *Store) editMembers(ctx context.Context, ids []string, edit func(bot.Member) (bot.Member, bool)) ([]string, error) {
	pipe := s.rdb.Pipeline()
	l := s.look(ctx, pipe, nounMember, ids)
	if _, err := pipe.Exec(ctx); err != nil {
		return nil, err
	}
	var changes []memberChange
	for i, read := range l.reads {
		for j, value := range read.Val() {
			m, before := bot.Member{ID: l.ids[i][j]}, noMember
			if stored, ok := value.(string); ok {
				before = stored
				if err := decodeValue(stored, &m); err != nil {
					return nil, err
				}
			}
			if after, changed := edit(m); changed {
				changes = append(changes, memberChange{before: before, after: after})
			}
		}
	}
	return s.changeMembers(ctx, changes)
}

// memberChange stores a member in place of what was stored.
type memberChange struct {
	before string // the stored value, or noMember, or anyMember
	after  bot.Member
}

// What may stand for a stored value, as save_members.lua takes it.
const (
	noMember  = "-"
	anyMember = "*"
)

// changeMembers makes changes, and returns the ids of those who are stored otherwise than before.
func (s *Store) changeMembers(ctx context.Context, changes []memberChange) (moved []string, err error) {
	byShard := make(map[int][]memberChange)
	for _, c := range changes {
		byShard[shard(c.after.ID)] = append(byShard[shard(c.after.ID)], c)
	}
	now := s.now()
	for n, all := range byShard {
		for part := range slices.Chunk(all, membersAtOnce) {
			left, err := s.changeShard(ctx, now, s.keys.shardOf(nounMember, n), part)
			if err != nil {
				return nil, err
			}
			moved = append(moved, left...)
		}
	}
	return moved, nil
}

// changeShard makes changes of members of one shard.
func (s *Store) changeShard(ctx context.Context, now time.Time, key string, changes []memberChange) ([]string, error) {
	args := make([]any, 1, 4*len(changes)+1)
	args[0] = millis(now)
	for _, c := range changes {
		value, err := encodeValue(1, c.after)
		if err != nil {
			return nil, err
		}
		deactivated := "0"
		if c.after.Deleted {
			deactivated = "1"
		}
		args = append(args, c.after.ID, value, deactivated, c.before)
	}
	return saveMembersScript.Run(ctx, s.rdb, []string{key, s.keys.gone()}, args...).StringSlice()
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
			if err := s.forgetMentorships(ctx, id); err != nil {
				return i, err
			}
			if err := s.forgetReportsOf(ctx, id); err != nil {
				return i, err
			}
			if err := s.rdb.Unlink(ctx, s.keys.addressed(id)).Err(); err != nil {
				return i, fmt.Errorf("forget what was addressed to %q: %w", id, err)
			}
			if err := s.forgetMember(ctx, id, before); err != nil {
				return i, err
			}
		}
		return len(ids), nil
	})
	return gone, commitments, err
}

// forgetMember deletes a member's directory entry, preferences, practice and review, seats and count of kudos in one step; [bot.ErrConflict] if they are active
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
	forgotten, err := forgetMemberScript.Run(ctx, s.rdb, keys, id, floorMillis(before), floorMillis(s.now()), practiceEntry+id, reviewEntry+id).Bool()
	if err != nil {
		return fmt.Errorf("forget %q: %w", id, err)
	}
	if !forgotten {
		return fmt.Errorf("forget %q: %w", id, bot.ErrConflict)
	}
	return nil
}

// What the names of the schedule entries begin with that [bot.Host] saves with a member's preferences.
const (
	practiceEntry = "practice/"
	reviewEntry   = "review/"
)
