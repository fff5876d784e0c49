package storage

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/redis/go-redis/v9"
)

// A wrong key would be noticed by the first person who looks at an old promise, after new ones were sealed that only the wrong key opens. So every key that
// seals leaves a probe in meta when a store is opened with it: a sealed text that says nothing. A store whose probes do not all open is refused.

const (
	// probeField begins the names of the probes' fields in meta; the key's name follows.
	probeField = "sealed:"
	probeText  = "rapport"
)

//go:embed lua/probe.lua
var probeSource string

var probeScript = redis.NewScript(probeSource)

// ErrOtherKey is the answer of a store, or of an export, that holds texts which none of our keys opens.
var ErrOtherKey = errors.New("it was sealed with another RAPPORT_KEY: set that one, or name it in RAPPORT_KEY_OLD. (Where it is lost for good, rapport data reseal -h says what is left)")

// errNoKey is the answer to whoever asks about keys and brings none.
var errNoKey = errors.New("no sealing key: set RAPPORT_KEY")

// usedKeys is what a store says of the keys that it was sealed with.
type usedKeys struct {
	ours    []string // names of those of our keys that left a probe, or opened a sample where there are no probes
	foreign []string // fields of the probes that none of ours opens
	bare    bool     // there are no probes
	alien   bool     // there are no probes, and a sample that none of ours opens
	empty   bool     // nothing is sealed
}

// wrong reports whether something is sealed with a key that is none of ours.
func (u usedKeys) wrong() bool { return u.alien || len(u.foreign) > 0 && !u.empty }

// probePlace binds probes to their workspace.
func (s *Store) probePlace() string { return s.keys.prefix + "probe" }

// judgeKeys holds our keys against the fields of meta, and where these have no probe, which is a store from before there were any, against a sealed
// commitment: its value as it is stored, or nothing.
func (s *Store) judgeKeys(meta map[string]string, sample string) (usedKeys, error) {
	used := usedKeys{empty: sample == ""}
	for _, field := range slices.Sorted(maps.Keys(meta)) {
		if !strings.HasPrefix(field, probeField) {
			continue
		}
		if _, key, err := s.seals.openNamed(meta[field], s.probePlace()); err == nil {
			used.ours = append(used.ours, key)
		} else {
			used.foreign = append(used.foreign, field)
		}
	}
	used.bare = len(used.ours)+len(used.foreign) == 0
	if !used.bare || used.empty {
		return used, nil
	}
	var stored sealedCommitment
	if err := decodeValue(sample, &stored); err != nil {
		return used, fmt.Errorf("try sealing keys: %w", err)
	}
	if _, key, err := s.seals.openNamed(stored.Sealed, s.place(stored.Commitment)); err == nil {
		used.ours = append(used.ours, key)
	} else {
		used.alien = true
	}
	return used, nil
}

// readUsedKeys asks the store.
func (s *Store) readUsedKeys(ctx context.Context) (usedKeys, error) {
	meta, err := s.rdb.HGetAll(ctx, s.keys.meta()).Result()
	if err != nil {
		return usedKeys{}, fmt.Errorf("read probes of sealing keys: %w", err)
	}
	sample, err := s.sampleSealed(ctx)
	if err != nil {
		return usedKeys{}, err
	}
	used, err := s.judgeKeys(meta, sample)
	if err != nil || !used.empty || len(used.foreign) == 0 {
		return used, err
	}
	for _, noun := range sealedBeside {
		others, err := s.holdsSealed(ctx, noun)
		if err != nil || others {
			used.empty = false
			return used, err
		}
	}
	return used, nil
}

// sealedBeside are the nouns beside commitments of which something is sealed: whom somebody avoids, what was said to some alone, what was reported.
var sealedBeside = []string{nounPreferences, nounKudos, nounReport}

// sampleSealed is one stored commitment; "" if there is none.
func (s *Store) sampleSealed(ctx context.Context) (string, error) {
	for n := range shards {
		for cursor := uint64(0); ; {
			found, next, err := s.rdb.HScan(ctx, s.keys.shardOf(nounCommitment, n), cursor, "", 1).Result()
			if err != nil {
				return "", fmt.Errorf("look for something sealed: %w", err)
			}
			if len(found) > 1 {
				return found[1], nil
			}
			if cursor = next; cursor == 0 {
				break
			}
		}
	}
	return "", nil
}

// checkKeys refuses a store that was sealed with a key that we have not, and else leaves a probe of the key that seals from now on.
func (s *Store) checkKeys(ctx context.Context) error {
	if s.seals.throwaway {
		return nil
	}
	used, err := s.readUsedKeys(ctx)
	if err != nil {
		return err
	}
	if used.wrong() {
		return ErrOtherKey
	}
	if !used.bare && len(used.foreign) == 0 && slices.Contains(used.ours, s.seals.current) {
		return nil
	}
	return s.leaveProbes(ctx, used)
}

// leaveProbes notes the key that seals and those that are in use, and takes away the notes of foreign keys unless something was sealed meanwhile.
func (s *Store) leaveProbes(ctx context.Context, used usedKeys) error {
	keys := []string{s.keys.meta()}
	for n := range shards {
		keys = append(keys, s.keys.shardOf(nounCommitment, n))
	}
	args := []any{len(used.foreign)}
	for _, field := range used.foreign {
		args = append(args, field)
	}
	for _, key := range append([]string{s.seals.current}, used.ours...) {
		probe, err := s.seals.sealWith(key, []byte(probeText), s.probePlace())
		if err != nil {
			return err
		}
		args = append(args, probeField+key, probe)
	}
	ok, err := probeScript.Run(ctx, s.rdb, keys, args...).Bool()
	if err != nil {
		return fmt.Errorf("leave probe of sealing key: %w", err)
	}
	if !ok {
		return ErrOtherKey
	}
	return nil
}

// CheckKeys returns [ErrOtherKey] if something that is stored of a workspace was sealed with a key that the options do not have. It changes nothing.
func (v *Server) CheckKeys(ctx context.Context, team string) error {
	s, err := v.unchecked(team)
	if err != nil {
		return err
	}
	if s.seals.throwaway {
		return errNoKey
	}
	used, err := s.readUsedKeys(ctx)
	if err == nil && used.wrong() {
		err = ErrOtherKey
	}
	if err != nil {
		return fmt.Errorf("try sealing keys on workspace %q: %w", team, err)
	}
	return nil
}
