package storage

import (
	"context"
	_ "embed"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"
)

// schema is the version of everything that is stored. A store of an older one is migrated when it is opened, one of a newer one is refused.
//
//	1  the first
//	2  who was forgotten stands with the instant of it in the hash "erased"; a round is stored in parts, and counts in front what was answered in its groups; a channel's kudos are
//	   listed by month; new values are abbreviated, see value_pack.go, so that programs that know only schema 1 have to be stopped before
const schema = 2

// migrations bring a store from the schema of their index to the next. Each can be broken off and made again, and be made by two at once.
var migrations = map[int]func(context.Context, *Store) error{
	1: func(ctx context.Context, s *Store) error {
		for _, step := range []func(context.Context, *Store) error{migrateErased, migrateRounds, migrateKudos} {
			if err := step(ctx, s); err != nil {
				return err
			}
		}
		return nil
	},
}

// Fields of meta beside the workspace's record.
const (
	schemaField    = "schema"
	importField    = "import"    // "<sum of the file> <instant>", from before the first write of an import until after the last
	migratingField = "migrating" // "<token> <instant>": who migrates, and until when they may be believed to
)

// schemaState is what meta says of the store as a whole.
type schemaState struct {
	schema    int    // 0: nothing is stored
	importing string // the sum of the file; "" if none
}

func (s *Store) readState(ctx context.Context) (schemaState, error) {
	fields, err := s.rdb.HMGet(ctx, s.keys.meta(), schemaField, importField).Result()
	if err != nil {
		return schemaState{}, fmt.Errorf("read schema version: %w", err)
	}
	var state schemaState
	if text, ok := fields[0].(string); ok {
		if state.schema, err = strconv.Atoi(text); err != nil || state.schema < 1 {
			return state, fmt.Errorf("read schema version %q: it is no number", text)
		}
	}
	if text, ok := fields[1].(string); ok {
		state.importing, _, _ = strings.Cut(text, " ")
	}
	return state, nil
}

// usable refuses what this program must not work with; an older schema it may.
func (state schemaState) usable() error {
	switch {
	case state.importing != "":
		return errImporting
	case state.schema > schema:
		return fmt.Errorf("it was written by a newer version of Rapport (schema %d, this one knows %d): run that version, or a later one", state.schema, schema)
	}
	return nil
}

// checkSchema makes a new store one of this schema, brings an older one to it, and refuses a newer one.
func (s *Store) checkSchema(ctx context.Context) error {
	state, err := s.readState(ctx)
	if err != nil {
		return err
	}
	if err := state.usable(); err != nil {
		return fmt.Errorf("open store: %w", err)
	}
	switch state.schema {
	case schema:
		return nil
	case 0:
		if err := s.rdb.HSetNX(ctx, s.keys.meta(), schemaField, schema).Err(); err != nil {
			return fmt.Errorf("write schema version: %w", err)
		}
	}
	return s.migrateInTurn(ctx)
}

// mustBeCurrent refuses a store that this program would have to migrate first: a tool does not do that beside a bot of an older version.
func (s *Store) mustBeCurrent(ctx context.Context) error {
	state, err := s.readState(ctx)
	if err != nil {
		return err
	}
	if err := state.usable(); err != nil {
		return fmt.Errorf("open store: %w", err)
	}
	if state.schema != schema {
		return fmt.Errorf("open store: it has schema %d, this version of Rapport %d: start the bot of this version, which migrates it", state.schema, schema)
	}
	return nil
}

const (
	// migrateLease is how long a process that migrates is believed to be at work without saying so again.
	migrateLease = 30 * time.Second
	// migrateLook is how often others look whether it has finished.
	migrateLook = 200 * time.Millisecond
)

//go:embed lua/migrate.lua
var migrateSource string

var migrateScript = redis.NewScript(migrateSource)

// migrateInTurn migrates, or waits until another process has: of several that start at once, one does the work.
func (s *Store) migrateInTurn(ctx context.Context) error {
	look := time.NewTicker(migrateLook) // real time, as whoever it waits for
	defer look.Stop()
	for {
		at, mine, err := s.migrateClaim(ctx, 0)
		switch {
		case err != nil:
			return err
		case at == schema:
			return nil
		case mine:
			return s.migrate(ctx, at)
		}
		select {
		case <-look.C:
		case <-ctx.Done():
			return fmt.Errorf("wait for the migration of the store: %w", ctx.Err())
		}
	}
}

// migrate brings the store from a schema to today's, step by step.
func (s *Store) migrate(ctx context.Context, from int) error {
	for at := from; at < schema; at++ {
		step := migrations[at]
		if step == nil {
			return fmt.Errorf("migrate store from schema %d: no version of Rapport knows how", at)
		}
		if err := step(ctx, s); err != nil {
			return fmt.Errorf("migrate store from schema %d: %w", at, err)
		}
		if _, _, err := s.migrateClaim(ctx, at+1); err != nil {
			return err
		}
	}
	return nil
}

// migrateClaim takes the work of migrating and notes which schema was reached; 0: none yet. It returns the schema that stands, and whether the work is ours.
func (s *Store) migrateClaim(ctx context.Context, reached int) (at int, mine bool, err error) {
	now := s.now()
	reply, err := migrateScript.Run(ctx, s.rdb, []string{s.keys.meta()}, s.nonce, floorMillis(now), millis(now.Add(migrateLease)), reached, schema).Int64Slice()
	if err != nil {
		return 0, false, fmt.Errorf("claim migration of the store: %w", err)
	}
	if len(reply) != 2 {
		return 0, false, fmt.Errorf("claim migration of the store: %d answers instead of 2", len(reply))
	}
	return int(reply[0]), reply[1] == 1, nil
}

// migrateErased notes of everybody who was forgotten that they were: the list of who must not be stored again does not say since when.
func migrateErased(ctx context.Context, s *Store) error {
	ids, err := s.rdb.ZRangeByScore(ctx, s.keys.gone(), &redis.ZRangeBy{Min: "+inf", Max: "+inf"}).Result()
	if err != nil {
		return fmt.Errorf("list who was forgotten: %w", err)
	}
	pipe := s.rdb.Pipeline()
	for i, id := range ids {
		pipe.HSetNX(ctx, s.keys.erased(), id, floorMillis(s.now()))
		if (i+1)%pipelineSize == 0 || i+1 == len(ids) {
			if _, err := pipe.Exec(ctx); err != nil {
				return fmt.Errorf("note who was forgotten: %w", err)
			}
		}
	}
	return nil
}

// migrateKudos lists a channel's kudos by month, and lets go of the lists that held all.
func migrateKudos(ctx context.Context, s *Store) error {
	for n := range shards {
		if err := s.mendShard(ctx, s.keys.shardOf(nounKudos, n), s.mendKudos); err != nil {
			return fmt.Errorf("list kudos by month: %w", err)
		}
	}
	lists := s.keys.prefix + "kudos:in:"
	return s.scan(ctx, func(keys []string) error {
		for _, key := range keys {
			channel, ok := strings.CutPrefix(key, lists)
			if !ok || strings.Contains(channel, ":") {
				continue
			}
			if err := s.rdb.Unlink(ctx, key).Err(); err != nil {
				return fmt.Errorf("delete list of kudos: %w", err)
			}
		}
		return nil
	})
}
