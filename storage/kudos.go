package storage

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"rapport/bot"
)

// AddKudos implements [bot.KudosStore].
func (s *Store) AddKudos(ctx context.Context, token bot.Token, k bot.Kudos, q bot.KudosQuota, intents bot.Intents) (bot.Kudos, error) {
	if k.ID == "" {
		return bot.Kudos{}, errors.New("add kudos: no id")
	}
	stored, err := s.addKudos(ctx, token, k, q, intents)
	var earlier repeatedError
	if !errors.As(err, &earlier) {
		return stored, err
	}
	stored, readErr := s.Kudos(ctx, earlier.id)
	switch {
	case readErr != nil && !errors.Is(readErr, bot.ErrNotFound):
		return bot.Kudos{}, readErr
	case earlier.id != k.ID && !stored.Undone.IsZero():
		// What was taken back is no twin: the giver says it again.
		k.Twin = true
		return s.AddKudos(ctx, token, k, q, intents)
	}
	stored.ID = earlier.id
	return stored, err
}

func (s *Store) addKudos(ctx context.Context, token bot.Token, k bot.Kudos, q bot.KudosQuota, intents bot.Intents) (bot.Kudos, error) {
	c := s.change()
	c.ID = k.ID
	c.once(token)
	if !k.Twin {
		c.onceKey(s.keys.twin(s.seals.name(twinText(k))), twinWindow)
	}
	k.Version = 1
	if err := s.putKudos(c, 0, k); err != nil {
		return bot.Kudos{}, err
	}
	c.op("ZADD", s.keys.kudosGiven(), millis(k.Given), k.ID)
	if k.Undone.IsZero() {
		c.count(s.keys.quota(), k.Giver, q.Day, 1, q.Limit)
	}
	s.indexKudos(c, k)
	c.send(intents)
	return k, s.commit(ctx, c)
}

// twinText is what twins have in common.
func twinText(k bot.Kudos) string {
	return k.Giver + "\n" + strings.Join(slices.Sorted(slices.Values(k.Recipients)), " ") + "\n" + k.Message
}

// putKudos adds the writing of a kudos to a change, as one version higher than was.
func (s *Store) putKudos(c *change, was int, k bot.Kudos) error {
	stored, err := s.sealKudos(k)
	if err != nil {
		return err
	}
	return c.put(s.keys.sharded(nounKudos, k.ID), k.ID, was, stored)
}

// kudosIndexes are the indexes that k stands in while it is not taken back.
func (s *Store) kudosIndexes(k bot.Kudos) []string {
	indexes := []string{s.keys.kudosBy(k.Giver)}
	if k.Posted {
		indexes = append(indexes, s.keys.kudosIn(k.Channel, k.StandsSince()))
	}
	for _, member := range k.Recipients {
		indexes = append(indexes, s.keys.kudosTo(member))
	}
	return indexes
}

// indexKudos brings the indexes up to date with k. Giver and recipients of a kudos never change; its channel may once, when it is posted there later, and its place in
// the channel's time where it is posted anew.
func (s *Store) indexKudos(c *change, k bot.Kudos) {
	in := ""
	if k.Posted {
		in = s.keys.kudosIn(k.Channel, k.StandsSince())
		if first := s.keys.kudosIn(k.Channel, k.Given); first != in {
			c.op("ZREM", first, k.ID)
		}
	}
	for _, index := range s.kudosIndexes(k) {
		switch {
		case !k.Undone.IsZero():
			c.op("ZREM", index, k.ID)
		case index == in:
			c.op("ZADD", index, millis(k.StandsSince()), k.ID)
		default:
			c.op("ZADD", index, millis(k.Given), k.ID)
		}
	}
}

// Kudos implements [bot.KudosStore].
func (s *Store) Kudos(ctx context.Context, id string) (bot.Kudos, error) {
	stored, err := s.rdb.HGet(ctx, s.keys.sharded(nounKudos, id), id).Result()
	if isNil(err) {
		return bot.Kudos{}, fmt.Errorf("find kudos %q: %w", id, bot.ErrNotFound)
	}
	if err != nil {
		return bot.Kudos{}, fmt.Errorf("find kudos %q: %w", id, err)
	}
	return s.openKudos(id, stored)
}

// ReplaceKudos implements [bot.KudosStore]; [bot.ErrRepeated] when the token came before.
func (s *Store) ReplaceKudos(ctx context.Context, token bot.Token, k bot.Kudos, quota *bot.KudosQuota, intents bot.Intents) error {
	c := s.change()
	c.ID = k.ID
	c.once(token)
	was := k.Version
	k.Version++
	if err := s.putKudos(c, was, k); err != nil {
		return err
	}
	switch {
	case quota == nil:
	case k.Undone.IsZero(): // it is given again, and kept from now on
		c.count(s.keys.quota(), k.Giver, quota.Day, 1, quota.Limit)
		c.op("ZADD", s.keys.kudosGiven(), millis(k.Given), k.ID)
	default:
		c.count(s.keys.quota(), k.Giver, quota.Day, -1, quota.Limit)
	}
	s.indexKudos(c, k)
	c.send(intents)
	return s.commit(ctx, c)
}

// ChannelKudos implements [bot.KudosStore]; a round trip for each month.
func (s *Store) ChannelKudos(ctx context.Context, channel string, from, to time.Time) ([]bot.Kudos, error) {
	first, last, err := s.givenWithin(ctx, from, to)
	if err != nil {
		return nil, err
	}
	var all []bot.Kudos
	lowest, high := strconv.FormatInt(ceilMillis(from), 10), "("+strconv.FormatInt(ceilMillis(to), 10)
	for month := monthOf(first); !month.After(last); month = month.AddDate(0, 1, 0) {
		part, err := s.listKudos(ctx, span{index: s.keys.kudosIn(channel, month), lowest: lowest, high: high, limit: -1}, func(k bot.Kudos) bool {
			return k.Posted && k.Channel == channel && !k.StandsSince().Before(from) && k.StandsSince().Before(to)
		})
		if err != nil {
			return nil, err
		}
		all = append(all, part...)
	}
	return all, nil
}

func monthOf(t time.Time) time.Time {
	year, month, _ := t.UTC().Date()
	return time.Date(year, month, 1, 0, 0, 0, 0, time.UTC)
}

// postedLater is how long after it was given a kudos can begin to stand in a channel; rounded up.
const postedLater = 4 * 24 * time.Hour

// givenWithin narrows a time to that in which any kudos were given, if it is long.
func (s *Store) givenWithin(ctx context.Context, from, to time.Time) (first, last time.Time, err error) {
	if to.Sub(from) < 62*24*time.Hour {
		return from, to, nil
	}
	pipe := s.rdb.Pipeline()
	oldest, latest := pipe.ZRangeWithScores(ctx, s.keys.kudosGiven(), 0, 0), pipe.ZRangeWithScores(ctx, s.keys.kudosGiven(), -1, -1)
	if _, err := pipe.Exec(ctx); err != nil {
		return from, to, fmt.Errorf("find first and last kudos: %w", err)
	}
	if len(oldest.Val()) == 0 || len(latest.Val()) == 0 {
		return to, from, nil // none
	}
	if t := instantOfScore(oldest.Val()[0].Score).Add(-time.Millisecond); t.After(from) { // it is rounded up
		from = t
	}
	if t := instantOfScore(latest.Val()[0].Score).Add(postedLater); t.Before(to) {
		to = t
	}
	return from, to, nil
}

// MemberKudos implements [bot.KudosStore], in one round trip.
func (s *Store) MemberKudos(ctx context.Context, member string, limit int) (given, received []bot.Kudos, err error) {
	lists, err := s.lists(ctx, nounKudos,
		span{index: s.keys.kudosBy(member), lowest: "-inf", limit: limit, down: true},
		span{index: s.keys.kudosTo(member), lowest: "-inf", limit: limit, down: true})
	if err != nil {
		return nil, nil, err
	}
	if given, err = s.readKudos(lists[0], func(k bot.Kudos) bool { return k.Giver == member }); err != nil {
		return nil, nil, err
	}
	received, err = s.readKudos(lists[1], func(k bot.Kudos) bool { return slices.Contains(k.Recipients, member) })
	return given, received, err
}

// listKudos reads the kudos of an index that belong there.
func (s *Store) listKudos(ctx context.Context, r span, belongs func(bot.Kudos) bool) ([]bot.Kudos, error) {
	objects, err := s.list(ctx, nounKudos, r)
	if err != nil {
		return nil, err
	}
	return s.readKudos(objects, belongs)
}

// readKudos reads what a list found, but for what was taken back or does not belong there.
func (s *Store) readKudos(objects []listed, belongs func(bot.Kudos) bool) ([]bot.Kudos, error) {
	list := make([]bot.Kudos, 0, len(objects))
	for _, o := range objects {
		k, err := s.openKudos(o.id, o.stored)
		if err != nil {
			return nil, err
		}
		if k.Undone.IsZero() && belongs(k) {
			list = append(list, k)
		}
	}
	return list, nil
}

// forgetKudos deletes kudos that were given before an instant.
func (s *Store) forgetKudos(ctx context.Context, before time.Time) (int, error) {
	return s.forgetOlder(ctx, s.keys.kudosGiven(), before, func(ids []string) (int, error) { return s.deleteKudos(ctx, ids) })
}

// indexesAtOnce is how many places in indexes one step deletes, about: a team's thank-you has hundreds, and everybody else waits for a step to end.
const indexesAtOnce = 2000

// deleteKudos deletes kudos with their places in the indexes, without opening them.
func (s *Store) deleteKudos(ctx context.Context, ids []string) (int, error) {
	old, err := getObjects[bot.Kudos](ctx, s, nounKudos, ids)
	if err != nil {
		return 0, err
	}
	c, places := s.change(), 0
	for _, id := range ids {
		c.op("ZREM", s.keys.kudosGiven(), id)
		k, known := old[id]
		if !known {
			continue
		}
		c.remove(s.keys.sharded(nounKudos, id), id, k.Version)
		indexes := s.kudosIndexes(k)
		for _, index := range indexes {
			c.op("ZREM", index, id)
		}
		if places += len(indexes); places >= indexesAtOnce {
			if err := s.commit(ctx, c); err != nil {
				return 0, err
			}
			c, places = s.change(), 0
		}
	}
	if err := s.commit(ctx, c); err != nil {
		return 0, err
	}
	return len(old), nil
}

// quotaLife is how long after its day's beginning in UTC a count may still matter: the day itself, wherever it is, and one more.
const quotaLife = 3 * 24 * time.Hour

// forgetQuotas deletes the counts of days that are over everywhere.
func (s *Store) forgetQuotas(ctx context.Context, now time.Time) (int, error) {
	oldest, gone := now.UTC().Add(-quotaLife).Format(time.DateOnly), 0
	for cursor := uint64(0); ; {
		fields, next, err := s.rdb.HScan(ctx, s.keys.quota(), cursor, "", forgetAtOnce).Result()
		if err != nil {
			return gone, fmt.Errorf("list old counts of kudos: %w", err)
		}
		var old []any
		for pair := range slices.Chunk(fields, 2) {
			if len(pair) == 2 && pair[1] < oldest {
				old = append(old, pair[0], pair[1])
			}
		}
		for part := range slices.Chunk(old, 2*fieldsAtOnce) {
			n, err := forgetFieldsScript.Run(ctx, s.rdb, []string{s.keys.quota()}, part...).Int()
			if err != nil {
				return gone, fmt.Errorf("delete old counts of kudos: %w", err)
			}
			gone += n
		}
		if cursor = next; cursor == 0 {
			return gone, nil
		}
	}
}
