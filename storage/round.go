package storage

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/redis/go-redis/v9"

	"rapport/bot"
)

// headFields are what a round is without its groups.
func headFields() []string {
	return []string{planField, doneField, metField, answeredField, introsField, lateField, worthYesField, worthPartlyField, worthNoField}
}

// RoundGroup implements [bot.RoundStore]; one round trip.
func (s *Store) RoundGroup(ctx context.Context, id, group string) (bot.Round, bot.Group, error) {
	key, err := s.keys.roundOf(id)
	if err != nil {
		return bot.Round{}, bot.Group{}, err
	}
	fields := headFields()
	if group != "" {
		fields = append(fields, groupField(group))
	}
	found, err := s.fields(ctx, key, fields)
	if err != nil {
		return bot.Round{}, bot.Group{}, fmt.Errorf("find group %q of round %q: %w", group, id, err)
	}
	if found[planField] == "" || group != "" && found[groupField(group)] == "" {
		return bot.Round{}, bot.Group{}, fmt.Errorf("find group %q of round %q: %w", group, id, bot.ErrNotFound)
	}
	plan, err := readPlan(found)
	if err != nil || group == "" {
		return plan.head(), bot.Group{}, err
	}
	g, err := readGroup(found[groupField(group)])
	if err != nil {
		return bot.Round{}, bot.Group{}, fmt.Errorf("read group %q of round %q: %w", group, id, err)
	}
	return plan.head(), g, nil
}

// fields reads some fields of a hash; what is not there is missing.
func (s *Store) fields(ctx context.Context, key string, fields []string) (map[string]string, error) {
	values, err := s.rdb.HMGet(ctx, key, fields...).Result()
	if err != nil {
		return nil, err
	}
	found := make(map[string]string, len(fields))
	for i, v := range values {
		if text, ok := v.(string); ok {
			found[fields[i]] = text
		}
	}
	return found, nil
}

// CurrentRound implements [bot.RoundStore].
func (s *Store) CurrentRound(ctx context.Context, program string) (bot.Round, error) {
	number, err := s.rdb.HGet(ctx, s.keys.latestRound(), program).Result()
	if isNil(err) {
		err = bot.ErrNotFound
	}
	if err != nil {
		return bot.Round{}, fmt.Errorf("find latest round of program %q: %w", program, err)
	}
	r, _, err := s.RoundGroup(ctx, program+"/"+number, "")
	return r, err
}

// Round implements [bot.RoundStore]; [bot.ErrNotFound] for an unknown id. The groups are read some thousand at a time.
func (s *Store) Round(ctx context.Context, id string) (bot.Round, error) {
	key, err := s.keys.roundOf(id)
	if err != nil {
		return bot.Round{}, err
	}
	found, err := s.fields(ctx, key, headFields())
	if err != nil {
		return bot.Round{}, fmt.Errorf("find round %q: %w", id, err)
	}
	if found[planField] == "" {
		return bot.Round{}, fmt.Errorf("find round %q: %w", id, bot.ErrNotFound)
	}
	plan, err := readPlan(found)
	if err != nil {
		return bot.Round{}, fmt.Errorf("read round %q: %w", id, err)
	}
	r := plan.head()
	var names []string
	for first := 0; first < plan.Parts; first += partsAtOnce {
		parts, err := s.parts(ctx, key, first, min(first+partsAtOnce, plan.Parts))
		if err != nil {
			return bot.Round{}, fmt.Errorf("read round %q: %w", id, err)
		}
		for _, p := range parts {
			names, r.LeftOut = append(names, p.Groups...), append(r.LeftOut, p.LeftOut...)
		}
	}
	if r.Groups, err = s.groups(ctx, key, names); err != nil {
		return bot.Round{}, fmt.Errorf("read round %q: %w", id, err)
	}
	later, err := s.groups(ctx, key, plan.late.Groups)
	if err != nil {
		return bot.Round{}, fmt.Errorf("read what came later in round %q: %w", id, err)
	}
	return plan.late.after(r, later), nil
}

// Bounds of what is read of a large round in one step.
const (
	partsAtOnce  = 100
	groupsAtOnce = 2000
)

// parts reads some parts of a round, from first up to the one before end.
func (s *Store) parts(ctx context.Context, key string, first, end int) ([]storedPart, error) {
	fields := make([]string, 0, end-first)
	for n := first; n < end; n++ {
		fields = append(fields, partField(n))
	}
	found, err := s.fields(ctx, key, fields)
	if err != nil {
		return nil, err
	}
	list := make([]storedPart, len(fields))
	for i, field := range fields {
		if err := decodeJSON(found[field], &list[i]); err != nil {
			return nil, fmt.Errorf("part %d: %w", first+i, err)
		}
	}
	return list, nil
}

// groups reads groups by their keys, in that order.
func (s *Store) groups(ctx context.Context, key string, names []string) ([]bot.Group, error) {
	groups := make([]bot.Group, 0, len(names))
	for list := range slices.Chunk(names, groupsAtOnce) {
		fields := make([]string, len(list))
		for i, name := range list {
			fields[i] = groupField(name)
		}
		found, err := s.fields(ctx, key, fields)
		if err != nil {
			return nil, err
		}
		for i, field := range fields {
			g, err := readGroup(found[field])
			if err != nil {
				return nil, fmt.Errorf("group %q: %w", list[i], err)
			}
			groups = append(groups, g)
		}
	}
	return groups, nil
}

// ReplaceGroup implements [bot.RoundStore]; [bot.ErrConflict] if the group changed since it was read, [bot.ErrRepeated] when the token came before. Only
// this group is read and written, however large the round is.
func (s *Store) ReplaceGroup(ctx context.Context, token bot.Token, round string, was, g bot.Group, meetings []bot.Meeting) error {
	key, err := s.keys.roundOf(round)
	if err != nil {
		return err
	}
	c := s.change()
	c.ID = round
	c.once(token)
	if err := c.put(key, groupField(was.Key), was.Version, g); err != nil {
		return err
	}
	c.countAnswers(key, was, g)
	program, _, _ := strings.Cut(round, "/")
	s.putMeetings(c, program, meetings)
	return s.commit(ctx, c)
}

// countAnswers brings a round's counts up to date with what changed in a group of it.
func (c *change) countAnswers(key string, was, is bot.Group) {
	before, after := was.WorthSums(), is.WorthSums()
	for _, n := range []struct {
		field string
		by    int
	}{
		{metField, metOf(is) - metOf(was)},
		{answeredField, len(is.Met) - len(was.Met)},
		{worthYesField, after.Yes - before.Yes},
		{worthPartlyField, after.Partly - before.Partly},
		{worthNoField, after.No - before.No},
	} {
		if n.by != 0 {
			c.op("HINCRBY", key, n.field, n.by)
		}
	}
}

// metOf is 1 for a group of which somebody said that it met.
func metOf(g bot.Group) int {
	if slices.Contains(slices.Collect(maps.Values(g.Met)), bot.MetYes) {
		return 1
	}
	return 0
}

// forgetRounds deletes the rounds of every program, with their answers and meetings, that are older than its latest keep.Rounds, or than its window if
// that is longer: no later round looks back at them.
func (s *Store) forgetRounds(ctx context.Context, keep Retention) (int, error) {
	if err := s.forgetDrafts(ctx); err != nil {
		return 0, err
	}
	programs, err := s.Programs(ctx)
	if err != nil {
		return 0, err
	}
	gone := 0
	for _, p := range programs {
		n, err := s.forgetRoundsOf(ctx, p.ID, max(p.Window, keep.Rounds))
		gone += n
		if err == nil {
			n, err = s.forgetGroups(ctx, p.ID, keep)
			gone += n
		}
		if err != nil {
			return gone, fmt.Errorf("forget rounds of program %q: %w", p.ID, err)
		}
	}
	return gone, nil
}

func (s *Store) forgetRoundsOf(ctx context.Context, program string, kept int) (int, error) {
	pipe := s.rdb.Pipeline()
	latest, first := pipe.HGet(ctx, s.keys.latestRound(), program), pipe.HGet(ctx, s.keys.firstRound(), program)
	if _, err := pipe.Exec(ctx); err != nil && !isNil(err) {
		return 0, err
	}
	last, err := numberOf(latest)
	if err != nil {
		return 0, err
	}
	from, err := numberOf(first)
	if err != nil {
		return 0, err
	}
	gone := 0
	for number := max(from, 1); number <= last-kept; number += forgetAtOnce {
		n, err := s.deleteRounds(ctx, program, number, min(number+forgetAtOnce-1, last-kept))
		gone += n
		if err != nil {
			return gone, err
		}
	}
	return gone, nil
}

// numberOf is the number that a read found, 0 if there was none.
func numberOf(read *redis.StringCmd) (int, error) {
	if isNil(read.Err()) {
		return 0, nil
	}
	return read.Int()
}

// deleteRounds deletes some rounds, both ends included, and notes how far it came after that, so that a call that broke off goes on there.
func (s *Store) deleteRounds(ctx context.Context, program string, first, last int) (int, error) {
	pipe := s.rdb.Pipeline()
	var rounds []string
	for number := first; number <= last; number++ {
		rounds = append(rounds, s.keys.round(program, number))
		pipe.Unlink(ctx, s.keys.history(program, number))
	}
	gone := pipe.Unlink(ctx, rounds...)
	if _, err := pipe.Exec(ctx); err != nil {
		return 0, err
	}
	if err := s.rdb.HSet(ctx, s.keys.firstRound(), program, last+1).Err(); err != nil {
		return int(gone.Val()), err
	}
	return int(gone.Val()), nil
}
