package storage

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"rapport/bot"
)

// changesField counts the changes of a round as schema 1 has it; a round of schema 2 has none.
const changesField = "changes"

// formerPlan is a round's plan as schema 1 has it: all groups by name and everybody who was left out, in no parts.
type formerPlan struct {
	bot.Round
	Groups []string `json:"groups,omitempty"`
}

// migrateRounds brings rounds that were stored in one step to the form of those that are planned in parts. All their parts are in.
func migrateRounds(ctx context.Context, s *Store) error {
	return s.scan(ctx, func(keys []string) error {
		for _, key := range keys {
			if !strings.HasPrefix(key, s.keys.prefix+"round:") {
				continue
			}
			if err := s.migrateRound(ctx, key); err != nil {
				return fmt.Errorf("migrate %q: %w", strings.TrimPrefix(key, s.keys.prefix), err)
			}
		}
		return nil
	})
}

// migrateRound does so with one round, in one step: it was stored in one. The plan gets a higher version, so that whoever comes late changes nothing.
func (s *Store) migrateRound(ctx context.Context, key string) error {
	fields, err := s.scanned(ctx, key)
	if err != nil {
		return err
	}
	if _, former := fields[changesField]; !former {
		return nil
	}
	round, err := readFormer(fields)
	if err != nil {
		return err
	}
	c := s.change()
	if err := c.former(key, round); err != nil {
		return err
	}
	if err := s.commit(ctx, c); err != nil && !errors.Is(err, bot.ErrConflict) {
		return err
	}
	return nil
}

// readFormer reads a whole round with its counts.
func readFormer(fields map[string]string) (bot.Round, error) {
	var plan formerPlan
	if err := decodeValue(fields[planField], &plan); err != nil {
		return bot.Round{}, err
	}
	r := plan.Round
	for _, name := range plan.Groups {
		g, err := readGroup(fields[groupField(name)])
		if err != nil {
			return bot.Round{}, fmt.Errorf("group %q: %w", name, err)
		}
		r.Groups = append(r.Groups, g)
	}
	return r.Counted(), nil
}

// former writes a round over what schema 1 has of it. Of the groups, what they held formerly is left out.
func (c *change) former(key string, r bot.Round) error {
	parts := partsOf(bot.RoundPlan{Round: r})
	if err := c.put(key, planField, 1, newStoredPlan(r, len(parts))); err != nil {
		return err
	}
	fields := []any{metField, r.Met, answeredField, r.Answered, introsField, len(r.Groups)}
	for _, p := range parts {
		part := newStoredPart(p)
		text, err := encodeJSON(part)
		if err != nil {
			return err
		}
		fields = append(fields, partField(p.Number), text)
		if len(part.Groups) == 0 {
			continue
		}
		if text, err = encodeJSON(part.Groups); err != nil { // an introduction's sid ends in its group
			return err
		}
		fields = append(fields, introField(p.Number), text)
	}
	for _, g := range r.Groups {
		value, err := encodeValue(g.Version, g)
		if err != nil {
			return err
		}
		fields = append(fields, groupField(g.Key), value)
	}
	if len(parts) > 0 {
		done, err := encodeValue(len(parts), struct{}{})
		if err != nil {
			return err
		}
		fields = append(fields, doneField, done)
	}
	c.hset(key, fields)
	c.op("HDEL", key, changesField)
	return nil
}
