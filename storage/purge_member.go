package storage

import (
	"context"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
)

// Erasure says that a member was forgotten. It is all that stays of them, so that neither the directory nor a backup brings them back.
type Erasure struct {
	Member string    `json:"member"`
	At     time.Time `json:"at"` // the latest; for those from before this was noted, when it was first noted
}

// Erasures lists who was forgotten, the earliest first. Keep the list beside the backups, and newer than they are: [Store.Erase] holds a restored one
// against it.
func (s *Store) Erasures(ctx context.Context) ([]Erasure, error) {
	fields, err := s.rdb.HGetAll(ctx, s.keys.erased()).Result()
	if err != nil {
		return nil, fmt.Errorf("list who was forgotten: %w", err)
	}
	list := make([]Erasure, 0, len(fields))
	for _, id := range slices.Sorted(maps.Keys(fields)) {
		at, err := instant(fields[id])
		if err != nil {
			return nil, fmt.Errorf("list who was forgotten: %w", err)
		}
		list = append(list, Erasure{Member: id, At: at})
	}
	slices.SortStableFunc(list, func(a, b Erasure) int { return a.At.Compare(b.At) })
	return list, nil
}

// Erase forgets members now, whoever they are, as [Store.Forget] does with those who were deactivated long enough ago, and lists them among the
// [Store.Erasures], also those of whom there is nothing: [Store.Known] says of whom there is. It is for a store that was restored from a backup which still knows
// them; an import does it by itself. Who is active comes back with the next reading of the directory, as somebody new.
func (s *Store) Erase(ctx context.Context, members ...string) error {
	for part := range slices.Chunk(members, fieldsAtOnce) {
		scores := make([]redis.Z, len(part))
		for i, id := range part {
			scores[i] = redis.Z{Score: 0, Member: id} // deactivated since ever, so next to be forgotten
		}
		if err := s.rdb.ZAdd(ctx, s.keys.gone(), scores...).Err(); err != nil {
			return fmt.Errorf("forget %d members: %w", len(members), err)
		}
	}
	before := time.UnixMilli(1)
	if err := s.forgetConversationsOf(ctx, before); err != nil {
		return err
	}
	_, _, err := s.forgetMembers(ctx, before)
	return err
}

// Known sorts members: held are those of whom the store holds anything that [Store.Erase] deletes, named those of whom it holds nothing else than what it leaves to
// others or the note that they were forgotten. Whoever is in neither is an id that nobody here knows.
func (s *Store) Known(ctx context.Context, members ...string) (held, named []string, err error) {
	for part := range slices.Chunk(members, fieldsAtOnce) {
		pipe := s.rdb.Pipeline()
		traces := make([]memberTraces, len(part))
		for i, id := range part {
			traces[i] = s.lookFor(ctx, pipe, id)
		}
		if _, err := pipe.Exec(ctx); err != nil {
			return nil, nil, fmt.Errorf("look for %d members: %w", len(members), err)
		}
		for i, id := range part {
			switch {
			case traces[i].own():
				held = append(held, id)
			case traces[i].elsewhere():
				named = append(named, id)
			}
		}
	}
	return held, named, nil
}

// memberTraces are the questions whether there is anything of a member.
type memberTraces struct {
	member, preferences, erased          *redis.BoolCmd
	seats, owned, owed, kudosBy, kudosTo *redis.IntCmd
	mentoring                            *redis.IntCmd
}

func (s *Store) lookFor(ctx context.Context, pipe redis.Pipeliner, id string) memberTraces {
	return memberTraces{
		member:      pipe.HExists(ctx, s.keys.sharded(nounMember, id), id),
		preferences: pipe.HExists(ctx, s.keys.sharded(nounPreferences, id), id),
		erased:      pipe.HExists(ctx, s.keys.erased(), id),
		seats:       pipe.Exists(ctx, s.keys.seatsOf(id)),
		owned:       pipe.Exists(ctx, s.keys.owned(id)),
		owed:        pipe.Exists(ctx, s.keys.owed(id)),
		kudosBy:     pipe.Exists(ctx, s.keys.kudosBy(id)),
		kudosTo:     pipe.Exists(ctx, s.keys.kudosTo(id)),
		mentoring:   pipe.Exists(ctx, s.keys.mentoring(id)),
	}
}

// own reports whether there is what is deleted with a member.
func (m memberTraces) own() bool {
	return m.member.Val() || m.preferences.Val() || m.seats.Val()+m.owned.Val()+m.mentoring.Val() > 0
}

// elsewhere reports whether what belongs to others, too, names the member.
func (m memberTraces) elsewhere() bool {
	return m.erased.Val() || m.owed.Val()+m.kudosBy.Val()+m.kudosTo.Val() > 0
}

// forgetConversationsOf deletes the ids of opened conversations with members who are deactivated since before an instant: they stand under the names of
// all who are in them. It also takes those members off the lists of whom somebody avoids. It comes before the members themselves are forgotten, so that a call that broke off is made again whole.
func (s *Store) forgetConversationsOf(ctx context.Context, before time.Time) error {
	ids, err := s.rdb.ZRangeByScore(ctx, s.keys.gone(), &redis.ZRangeBy{Min: "-inf", Max: "(" + floorMillis(before)}).Result()
	if err != nil {
		return fmt.Errorf("list who is to be forgotten: %w", err)
	}
	if len(ids) == 0 {
		return nil
	}
	if err := s.forgetConversations(ctx, s.now()); err != nil { // those that are too old to be looked through
		return err
	}
	leave := make(map[string]bool, len(ids))
	for _, id := range ids {
		leave[id] = true
	}
	for back := range conversationWeeks {
		if err := s.dropConversations(ctx, s.keys.conversations(week(s.now())-back), leave); err != nil {
			return fmt.Errorf("forget conversations: %w", err)
		}
	}
	return s.forgetAvoided(ctx, ids...)
}

// dropConversations deletes the conversations of a week that somebody of those who leave is in.
func (s *Store) dropConversations(ctx context.Context, key string, leave map[string]bool) error {
	for cursor := uint64(0); ; {
		found, next, err := s.rdb.HScan(ctx, key, cursor, "", scannedAtOnce).Result()
		if err != nil {
			return err
		}
		var fields []string
		for pair := range slices.Chunk(found, 2) {
			if slices.ContainsFunc(strings.Fields(pair[0]), func(id string) bool { return leave[id] }) {
				fields = append(fields, pair[0])
			}
		}
		for part := range slices.Chunk(fields, fieldsAtOnce) {
			if err := s.rdb.HDel(ctx, key, part...).Err(); err != nil {
				return err
			}
		}
		if cursor = next; cursor == 0 {
			return nil
		}
	}
}

// eraseAgain forgets those again who were forgotten since an instant, and are not any more.
func (s *Store) eraseAgain(ctx context.Context, since time.Time) (int, error) {
	list, err := s.Erasures(ctx)
	if err != nil {
		return 0, err
	}
	var members []string
	for part := range slices.Chunk(list, fieldsAtOnce) {
		ids := make([]string, len(part))
		for i, e := range part {
			ids[i] = e.Member
		}
		scores, err := s.rdb.ZMScore(ctx, s.keys.gone(), ids...).Result()
		if err != nil {
			return 0, fmt.Errorf("look for %d members: %w", len(ids), err)
		}
		for i, e := range part {
			if !e.At.Before(since) && !math.IsInf(scores[i], 1) {
				members = append(members, e.Member)
			}
		}
	}
	if err := s.Erase(ctx, members...); err != nil {
		return 0, err
	}
	return len(members), nil
}
