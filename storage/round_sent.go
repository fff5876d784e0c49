package storage

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/redis/go-redis/v9"

	"rapport/bot"
)

// SendsBySID implements [bot.SentLister] and [bot.RoundStore]: it is [Store.SendBySID] for many, some hundred in one round trip.
func (s *Store) SendsBySID(ctx context.Context, sids ...string) (map[string]bot.Send, error) {
	found := make(map[string]bot.Send, len(sids))
	for part := range slices.Chunk(sids, pipelineSize) {
		if err := s.sendsOf(ctx, part, found); err != nil {
			return nil, fmt.Errorf("find %d sends: %w", len(sids), err)
		}
	}
	return found, nil
}

func (s *Store) sendsOf(ctx context.Context, sids []string, found map[string]bot.Send) error {
	pipe := s.rdb.Pipeline()
	records := make([]*redis.MapStringStringCmd, len(sids))
	for i, sid := range sids {
		records[i] = pipe.HGetAll(ctx, s.keys.send(sid))
	}
	var tombs []*redis.SliceCmd
	for _, key := range s.keys.recentTombs(s.now()) {
		tombs = append(tombs, pipe.HMGet(ctx, key, sids...))
	}
	if _, err := pipe.Exec(ctx); err != nil {
		return err
	}
	for i, sid := range sids {
		send, err := readSent(sid, i, records[i].Val(), tombs)
		switch {
		case err == nil:
			found[sid] = send
		case !errors.Is(err, bot.ErrNotFound):
			return err
		}
	}
	return nil
}

// readSent reads a send from its record or else from the tombstones, which are of many sends: i is its place among them.
func readSent(sid string, i int, record map[string]string, tombs []*redis.SliceCmd) (bot.Send, error) {
	if len(record) > 0 {
		return readSend(sid, record)
	}
	for _, t := range tombs {
		if text, ok := t.Val()[i].(string); ok {
			return readTombstone(sid, text)
		}
	}
	return bot.Send{}, bot.ErrNotFound
}

// RoundProgress implements [bot.RoundStore]. Whether a message waits is one look into the ledger for five hundred of them; of a large round, parts that are evenly
// spread over it are looked at.
func (s *Store) RoundProgress(ctx context.Context, round string, atMost int) (bot.RoundProgress, error) {
	key, err := s.keys.roundOf(round)
	if err != nil {
		return bot.RoundProgress{}, err
	}
	found, err := s.fields(ctx, key, headFields())
	if err == nil && found[planField] == "" {
		err = bot.ErrNotFound
	}
	if err != nil {
		return bot.RoundProgress{}, fmt.Errorf("find round %q: %w", round, err)
	}
	plan, err := readPlan(found)
	if err != nil {
		return bot.RoundProgress{}, fmt.Errorf("read round %q: %w", round, err)
	}
	p := bot.RoundProgress{Introductions: plan.Intros, Planned: plan.done >= plan.Parts}
	lists, err := s.introLists(ctx, key, spread(plan.done, max(1, atMost/groupsInPart)))
	if err != nil {
		return bot.RoundProgress{}, fmt.Errorf("read introductions of round %q: %w", round, err)
	}
	for _, list := range lists {
		waiting, lost, err := s.waitingOf(ctx, round, list)
		if err != nil {
			return bot.RoundProgress{}, fmt.Errorf("count introductions of round %q: %w", round, err)
		}
		p.Asked, p.Waiting, p.Lost = p.Asked+len(list), p.Waiting+waiting, p.Lost+lost
	}
	return p, nil
}

// spread chooses at most n of the numbers under end, evenly.
func spread(end, n int) []int {
	var chosen []int
	for i := range min(end, n) {
		chosen = append(chosen, i*end/min(end, n))
	}
	return chosen
}

// introLists reads which introductions some parts have; parts without any are left out.
func (s *Store) introLists(ctx context.Context, key string, parts []int) ([][]string, error) {
	if len(parts) == 0 {
		return nil, nil
	}
	fields := make([]string, len(parts))
	for i, n := range parts {
		fields[i] = introField(n)
	}
	found, err := s.fields(ctx, key, fields)
	if err != nil {
		return nil, err
	}
	var lists [][]string
	for _, field := range fields {
		if found[field] == "" {
			continue
		}
		var list []string
		if err := decodeJSON(found[field], &list); err != nil {
			return nil, err
		}
		lists = append(lists, list)
	}
	return lists, nil
}

// waitingOf counts the introductions that are on their way, and those that need an operator's eye: of all others only a tombstone is left.
func (s *Store) waitingOf(ctx context.Context, round string, list []string) (waiting, lost int, err error) {
	records, sids := make([]string, len(list)), make([]string, len(list))
	for i, rest := range list {
		sids[i] = bot.PairSID(round, "") + rest
		records[i] = s.keys.send(sids[i])
	}
	pipe := s.rdb.Pipeline()
	there, dead := pipe.Exists(ctx, records...), pipe.ZMScore(ctx, s.keys.dead(), sids...)
	if _, err := pipe.Exec(ctx); err != nil {
		return 0, 0, err
	}
	for _, since := range dead.Val() {
		if since > 0 { // an instant
			lost++
		}
	}
	return int(there.Val()) - lost, lost, nil
}
