package storage

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/redis/go-redis/v9"
)

// Holdings is what a store holds of a workspace.
type Holdings struct {
	Team      string    `json:"team"`
	Schema    int       `json:"schema"`              // 0: none
	Importing bool      `json:"importing,omitempty"` // an import has not finished
	Nouns     []Holding `json:"holds"`               // by name
}

// Holding is what a store holds of one noun.
type Holding struct {
	Noun  string `json:"noun"`
	Count int    `json:"count"` // of the objects
	Keys  int    `json:"keys"`  // that they and what leads to them are in
	Bytes int64  `json:"bytes"` // as the server reckons its memory; 0 if it does not say
}

// holdingRule says what a key belongs to. A name that ends in a colon stands for all keys that begin with it; of several the longest counts.
type holdingRule struct {
	noun  string
	count func(pipe redis.Pipeliner, ctx context.Context, key string) *redis.IntCmd
	one   bool // each key is one object
}

var (
	fieldsCount  = redis.Pipeliner.HLen
	membersCount = redis.Pipeliner.ZCard

	holdingRules = map[string]holdingRule{
		"members:": {noun: "members", count: fieldsCount}, "members:gone": {noun: "members"}, "directory": {noun: "members"}, "directory:": {noun: "members"},
		"preferences:": {noun: "settings", count: fieldsCount},
		"kudos:":       {noun: "kudos", count: fieldsCount},
		"kudos:by:":    {noun: "kudos"}, "kudos:to:": {noun: "kudos"}, "kudos:in:": {noun: "kudos"}, "kudos:given": {noun: "kudos"}, "kudos:quota": {noun: "kudos"},
		"commitments:": {noun: "commitments", count: fieldsCount}, "commitments:closed": {noun: "commitments"}, "owned:": {noun: "commitments"}, "owed:": {noun: "commitments"},
		"reports:": {noun: "reports", count: fieldsCount}, "reports:made": {noun: "reports"},
		"programs": {noun: "programs", count: fieldsCount},
		"seats:":   {noun: "seats", count: fieldsCount}, "seats:of:": {noun: "seats"},
		"mentorships:": {noun: "mentorships", count: fieldsCount}, "mentoring:": {noun: "mentorships"},
		"round:": {noun: "rounds", one: true}, "rounds:": {noun: "rounds"}, "history:": {noun: "rounds"}, "draft:": {noun: "rounds"}, "drafts": {noun: "rounds"},
		"conversations:": {noun: "conversations", count: fieldsCount},
		"channels":       {noun: "channels", count: fieldsCount}, "digests": {noun: "digests", count: fieldsCount},
		"entries": {noun: "schedule", count: fieldsCount}, "entries:": {noun: "schedule"}, "next": {noun: "schedule"}, "fired": {noun: "schedule"},
		"send:": {noun: "sends", one: true}, "due:": {noun: "sends"}, "addressed:": {noun: "sends"}, "inflight": {noun: "sends"}, "dead": {noun: "sends"}, "ledger": {noun: "sends"},
		"sent:":  {noun: "settled sends", count: fieldsCount},
		"token:": {noun: "requests", one: true}, "seen:": {noun: "requests", one: true}, "twin:": {noun: "requests"},
		"erased": {noun: "forgotten members", count: fieldsCount},
		"audit":  {noun: "audit log", count: membersCount},
	}
)

// ruleOf finds the rule of a key, without the workspace's prefix.
func ruleOf(key string) holdingRule {
	if rule, ok := holdingRules[key]; ok {
		return rule
	}
	for name := key; ; {
		colon := strings.LastIndexByte(name, ':')
		if colon < 0 {
			return holdingRule{noun: "other"}
		}
		if rule, ok := holdingRules[name[:colon+1]]; ok {
			return rule
		}
		name = name[:colon]
	}
}

// Holdings counts what is stored of a workspace, in whatever state it is. It reads every key's size, and so takes a while on a large store.
func (v *Server) Holdings(ctx context.Context, team string) (Holdings, error) {
	s, err := v.unchecked(team)
	if err != nil {
		return Holdings{}, err
	}
	state, err := s.readState(ctx)
	if err != nil {
		return Holdings{}, err
	}
	all := make(map[string]*Holding)
	err = s.scan(ctx, func(keys []string) error {
		for page := range slices.Chunk(keys, pipelineSize) {
			if err := s.weigh(ctx, page, all); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return Holdings{}, fmt.Errorf("count what is stored of %q: %w", team, err)
	}
	h := Holdings{Team: team, Schema: state.schema, Importing: state.importing != ""}
	for _, noun := range slices.Sorted(maps.Keys(all)) {
		h.Nouns = append(h.Nouns, *all[noun])
	}
	return h, nil
}

// weigh adds some keys to what they belong to.
func (s *Store) weigh(ctx context.Context, keys []string, all map[string]*Holding) error {
	pipe := s.rdb.Pipeline()
	counts, sizes := make([]*redis.IntCmd, len(keys)), make([]*redis.IntCmd, len(keys))
	for i, key := range keys {
		sizes[i] = pipe.MemoryUsage(ctx, key)
		if rule := ruleOf(strings.TrimPrefix(key, s.keys.prefix)); rule.count != nil {
			counts[i] = rule.count(pipe, ctx, key)
		}
	}
	_, err := pipe.Exec(ctx)
	if err != nil && ctx.Err() != nil {
		return err
	}
	for i, key := range keys {
		rule := ruleOf(strings.TrimPrefix(key, s.keys.prefix))
		h := all[rule.noun]
		if h == nil {
			h = &Holding{Noun: rule.noun}
			all[rule.noun] = h
		}
		h.Keys++
		h.Bytes += sizes[i].Val() // 0 where the server does not say, or the user may not ask
		if rule.one {
			h.Count++
		}
		if counts[i] == nil {
			continue
		}
		if err := counts[i].Err(); err != nil {
			return err
		}
		h.Count += int(counts[i].Val())
	}
	return nil
}
