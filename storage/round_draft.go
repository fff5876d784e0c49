package storage

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"rapport/bot"
)

// A round of a hundred thousand people is too much for one script: everybody else would wait for it. So it is planned in three steps, of which the first and
// the last go piece by piece and can be broken off and taken up by anybody:
//
//  1. the whole plan is written as a draft, under a name that is made of its content ([Store.DraftRound]);
//  2. the draft is renamed to the round: one short step, and the first to take it wins ([Store.AdoptRound]);
//  3. of the round that won, part by part, seats and meetings are changed and messages put into the ledger ([Store.NextPart], [Store.InsertPart]).

// How much a part of a round holds: what its messages and seats come to is one script, of some 250 sends, for which everybody else waits.
const (
	groupsInPart   = 64
	peopleInPart   = 128
	meetingsInPart = 500
)

// storedPart is a part of a round as it is stored, with the keys of its groups in their place.
type storedPart struct {
	bot.RoundPart
	Groups []string `json:"groups,omitempty"`
}

func newStoredPart(p bot.RoundPart) storedPart {
	stored := storedPart{RoundPart: p}
	stored.RoundPart.Groups = nil
	for _, g := range p.Groups {
		stored.Groups = append(stored.Groups, g.Key)
	}
	return stored
}

// partsOf cuts a plan.
func partsOf(plan bot.RoundPlan) []bot.RoundPart {
	var parts []bot.RoundPart
	add := func(p bot.RoundPart) {
		p.Number = len(parts)
		parts = append(parts, p)
	}
	for list := range slices.Chunk(plan.Unmet, meetingsInPart) {
		add(bot.RoundPart{Unmet: list})
	}
	for list := range slices.Chunk(plan.Groups, groupsInPart) {
		add(bot.RoundPart{Groups: list})
	}
	for list := range slices.Chunk(plan.LeftOut, peopleInPart) {
		add(bot.RoundPart{LeftOut: list})
	}
	for list := range slices.Chunk(plan.Asked, peopleInPart) {
		add(bot.RoundPart{Asked: list})
	}
	for list := range slices.Chunk(plan.Heard, peopleInPart) {
		add(bot.RoundPart{Heard: list})
	}
	return parts
}

// draft is a plan as it will be stored.
type draft struct {
	name   string
	pieces [][]any // fields and values in turn
}

func newDraft(plan bot.RoundPlan) (draft, error) {
	parts := partsOf(plan)
	var d draft
	seen := make(map[string]bool, len(plan.Groups))
	for _, p := range parts {
		piece, err := pieceOf(plan.ID, p, seen)
		if err != nil {
			return draft{}, err
		}
		d.pieces = append(d.pieces, piece)
	}
	value, err := encodeValue(1, newStoredPlan(plan.Round, len(parts)))
	if err != nil {
		return draft{}, err
	}
	hash := sha256.New()
	for _, piece := range append(slices.Clone(d.pieces), []any{planField, value}) {
		for _, v := range piece {
			text := fmt.Sprint(v)
			_, _ = io.WriteString(hash, strconv.Itoa(len(text))+" "+text) // a hash takes everything
		}
	}
	d.name = draftName(plan.Program, plan.Number, hex.EncodeToString(hash.Sum(nil)[:8]))
	fields := 3 // of the last piece
	for _, piece := range d.pieces {
		fields += len(piece) / 2
	}
	d.pieces = append(d.pieces, []any{planField, value, draftField, d.name, fieldsField, fields})
	return d, nil
}

func pieceOf(round string, p bot.RoundPart, seen map[string]bool) ([]any, error) {
	var piece []any
	for _, g := range p.Groups {
		if g.Key == "" || seen[g.Key] {
			return nil, fmt.Errorf("draft round %q: two groups with the key %q, or one without", round, g.Key)
		}
		seen[g.Key] = true
		value, err := encodeValue(1, g)
		if err != nil {
			return nil, err
		}
		piece = append(piece, groupField(g.Key), value)
	}
	text, err := encodeJSON(newStoredPart(p))
	if err != nil {
		return nil, err
	}
	return append(piece, partField(p.Number), text), nil
}

// DraftRound implements [bot.RoundPlanner]: it writes a plan piece by piece, and returns the name under which it stands. Writing the same plan again, also from another
// process, comes to the same draft. [bot.ErrRepeated] if the round is there already.
func (s *Store) DraftRound(ctx context.Context, plan bot.RoundPlan) (string, error) {
	d, err := newDraft(plan)
	if err != nil {
		return "", err
	}
	keys := []string{s.keys.round(plan.Program, plan.Number), s.keys.draft(d.name), s.keys.drafts()}
	for _, piece := range d.pieces {
		args := append([]any{d.name, floorMillis(s.now())}, piece...)
		free, err := draftRoundScript.Run(ctx, s.rdb, keys, args...).Bool()
		if err != nil {
			return "", fmt.Errorf("draft round %q: %w", plan.ID, err)
		}
		if !free {
			return "", errors.Join(bot.ErrRepeated, s.dropDrafts(ctx, plan.Program, plan.Number))
		}
	}
	return d.name, nil
}

// AdoptRound implements [bot.RoundPlanner]: of all drafts of a round the first counts. To the others it answers [bot.ErrRepeated], to one that is no longer whole
// [bot.ErrConflict]. What counts is returned without its groups.
func (s *Store) AdoptRound(ctx context.Context, r bot.Round, name string) (bot.Round, error) {
	keys := []string{s.keys.round(r.Program, r.Number), s.keys.draft(name), s.keys.drafts(), s.keys.latestRound()}
	cmd, err := s.confirmed(ctx, adoptRoundScript, keys, name, r.Program, r.Number)
	if err != nil { // also one that no replica confirmed: whoever plans the round again goes on with it
		return bot.Round{}, fmt.Errorf("adopt draft %q: %w", name, err)
	}
	answer, err := cmd.Text()
	if err != nil {
		return bot.Round{}, fmt.Errorf("adopt draft %q: %w", name, err)
	}
	if answer == "incomplete" {
		return bot.Round{}, fmt.Errorf("adopt draft %q: %w", name, bot.ErrConflict)
	}
	if err := s.dropDrafts(ctx, r.Program, r.Number); err != nil {
		return bot.Round{}, err
	}
	standing, _, err := s.RoundGroup(ctx, r.ID, "")
	if err == nil && answer == "taken" {
		err = repeatedError{id: r.ID}
	}
	return standing, err
}

// dropDrafts deletes the drafts of a round that is there. Nobody writes to them any more.
func (s *Store) dropDrafts(ctx context.Context, program string, number int) error {
	return s.deleteDrafts(ctx, "+inf", draftName(program, number, ""))
}

// forgetDrafts deletes drafts that nobody wrote to for a day: the process that did is gone, and who planned the round instead dropped only what it saw.
func (s *Store) forgetDrafts(ctx context.Context) error {
	return s.deleteDrafts(ctx, "("+floorMillis(s.now().Add(-24*time.Hour)), "")
}

// deleteDrafts deletes the drafts up to a score whose names begin with something.
func (s *Store) deleteDrafts(ctx context.Context, highest, prefix string) error {
	names, err := s.rdb.ZRangeByScore(ctx, s.keys.drafts(), &redis.ZRangeBy{Min: "-inf", Max: highest}).Result()
	if err != nil {
		return fmt.Errorf("list drafts of rounds: %w", err)
	}
	for _, name := range names {
		if !strings.HasPrefix(name, prefix) {
			continue
		}
		pipe := s.rdb.Pipeline()
		pipe.Unlink(ctx, s.keys.draft(name))
		pipe.ZRem(ctx, s.keys.drafts(), name)
		if _, err := pipe.Exec(ctx); err != nil {
			return fmt.Errorf("delete draft %q: %w", name, err)
		}
	}
	return nil
}
