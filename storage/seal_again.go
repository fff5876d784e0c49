package storage

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/redis/go-redis/v9"

	"rapport/bot"
)

//go:embed lua/reseal.lua
var resealSource string

var resealScript = redis.NewScript(resealSource)

// ResealOptions say how far sealing anew may go.
type ResealOptions struct {
	// DeleteUnreadable deletes the promises and kudos that none of our keys opens, for when their key is lost. There is no way back.
	DeleteUnreadable bool
}

// Resealed is what sealing anew came to. The counts are of sealed texts: of promises, lists and kudos.
type Resealed struct {
	Key        string // name of the key that seals
	Sealed     int    // anew, or for the first time
	Before     int    // sealed with that key before
	Unreadable int    // that none of our keys opens; they stay as they are
	Deleted    int    // because none of our keys opens them
}

// resealPasses bounds how often everything is looked at: once to seal anew, once to see that nothing is left, and some times more where people are at work.
const resealPasses = 8

// Reseal seals everything with the key that seals now, so that nothing needs the others any more. Bots may run meanwhile, all of which have to seal with that key
// already; it refuses if none has been started with it yet, for they could not read what is sealed with it. It works in small pieces and replaces a value only
// while that is what it was when it was read, so nothing that people do is lost; one that broke off is made again. If nothing unreadable remains, only
// the present key's probe stays.
func (s *Store) Reseal(ctx context.Context, o ResealOptions) (Resealed, error) {
	done := Resealed{Key: s.seals.current}
	if s.seals.throwaway {
		return done, fmt.Errorf("seal anew: %w", errNoKey)
	}
	if err := s.mayReseal(ctx, o); err != nil {
		return done, fmt.Errorf("seal anew: %w", err)
	}
	for n := range resealPasses {
		pass, err := s.resealPass(ctx, o)
		done.Sealed, done.Deleted, done.Unreadable = done.Sealed+pass.sealed, done.Deleted+pass.deleted, pass.unreadable
		if n == 0 {
			done.Before = pass.current
		}
		if err != nil {
			return done, fmt.Errorf("seal anew: %w", err)
		}
		if pass.sealed+pass.deleted+pass.moved > 0 {
			continue
		}
		if done.Unreadable > 0 {
			return done, nil
		}
		return done, s.keepOneProbe(ctx)
	}
	return done, errors.New("seal anew: texts are still being sealed with another key: start every bot with the present RAPPORT_KEY, then do this again")
}

// mayReseal refuses where a bot that runs might not have the key that is to seal.
func (s *Store) mayReseal(ctx context.Context, o ResealOptions) error {
	used, err := s.readUsedKeys(ctx)
	switch {
	case err != nil:
		return err
	case o.DeleteUnreadable:
		return nil // with a lost key no bot can start
	case used.wrong():
		return ErrOtherKey
	case used.bare || !slices.Contains(used.ours, s.seals.current):
		return errors.New("no bot was started with this RAPPORT_KEY yet: start all of them with it, and with the former one in RAPPORT_KEY_OLD, then do this again")
	}
	return nil
}

// resealCount is what one look at everything came to.
type resealCount struct {
	sealed, current, unreadable, deleted int
	moved                                int // were changed by others meanwhile
}

func (s *Store) resealPass(ctx context.Context, o ResealOptions) (resealCount, error) {
	var count resealCount
	for _, r := range []resealer{
		{noun: nounCommitment, again: s.resealOne, remove: func(ctx context.Context, ids []string) (int, error) {
			return s.deleteCommitments(ctx, s.keys.closed(), ids)
		}},
		{noun: nounKudos, again: s.resealOneKudos, remove: s.deleteKudos},
		{noun: nounReport, again: s.resealReport, remove: s.deleteReports},
	} {
		if err := s.resealNoun(ctx, r, o, &count); err != nil {
			return count, err
		}
	}
	err := s.resealAvoided(ctx, o, &count)
	return count, err
}

// resealer knows how the objects of a sharded noun are sealed anew.
type resealer struct {
	noun string
	// again is a stored object sealed with the key that seals, "" if that is not needed; sealed reports whether anything in it is. It answers [errSealed] if no key
	// opens it.
	again func(id, text string) (anew string, sealed bool, err error)
	// remove deletes objects that nobody can read any more, and returns how many.
	remove func(ctx context.Context, ids []string) (int, error)
}

func (s *Store) resealNoun(ctx context.Context, r resealer, o ResealOptions, count *resealCount) error {
	for n := range shards {
		key := s.keys.shardOf(r.noun, n)
		for cursor := uint64(0); ; {
			fields, next, err := s.rdb.HScan(ctx, key, cursor, "", forgetAtOnce).Result()
			if err != nil {
				return err
			}
			for page := range slices.Chunk(fields, 2*forgetAtOnce) { // an embedded server gives all at once
				if err := s.resealPage(ctx, r, key, page, o, count); err != nil {
					return err
				}
			}
			if cursor = next; cursor == 0 {
				break
			}
		}
	}
	return nil
}

// resealPage seals some fields of a hash anew: ids and stored objects in turn.
func (s *Store) resealPage(ctx context.Context, r resealer, key string, page []string, o ResealOptions, count *resealCount) error {
	var changes []any
	var lost []string
	for pair := range slices.Chunk(page, 2) {
		anew, sealed, err := r.again(pair[0], pair[1])
		switch {
		case errors.Is(err, errSealed):
			lost = append(lost, pair[0])
		case err != nil:
			return fmt.Errorf("read %s %s: %w", r.noun, pair[0], err)
		case anew != "":
			changes = append(changes, pair[0], pair[1], anew)
		case sealed:
			count.current++
		}
	}
	if len(changes) > 0 {
		n, err := resealScript.Run(ctx, s.rdb, []string{key}, changes...).Int()
		if err != nil {
			return fmt.Errorf("replace %d %s: %w", len(changes)/3, r.noun, err)
		}
		count.sealed, count.moved = count.sealed+n, count.moved+len(changes)/3-n
	}
	if !o.DeleteUnreadable {
		count.unreadable += len(lost)
		return nil
	}
	return deleteUnreadable(ctx, r, lost, count)
}

func deleteUnreadable(ctx context.Context, r resealer, ids []string, count *resealCount) error {
	if len(ids) == 0 {
		return nil
	}
	n, err := r.remove(ctx, ids)
	if errors.Is(err, bot.ErrConflict) {
		count.moved += len(ids)
		return nil
	}
	count.deleted += n
	return err
}

// resealOne is a stored commitment sealed with the key that seals; "" if it is so already. It stays the same version: nobody changed what it says.
func (s *Store) resealOne(_, text string) (anew string, sealed bool, err error) {
	var stored sealedCommitment
	if err := decodeValue(text, &stored); err != nil {
		return "", false, err
	}
	place := s.place(stored.Commitment)
	words, _, err := s.seals.openNamed(stored.Sealed, place)
	if err != nil {
		return "", true, err
	}
	if name, _, _ := strings.Cut(stored.Sealed, ":"); name == s.seals.current {
		return "", true, nil
	}
	if stored.Sealed, err = s.seals.seal(words, place); err != nil {
		return "", true, err
	}
	anew, err = encodeValue(stored.Version, stored)
	return anew, true, err
}

// keepOneProbe notes that the key that seals is the only one in use.
func (s *Store) keepOneProbe(ctx context.Context) error {
	if err := s.leaveProbes(ctx, usedKeys{}); err != nil {
		return err
	}
	fields, err := s.rdb.HKeys(ctx, s.keys.meta()).Result()
	if err != nil {
		return fmt.Errorf("list probes of sealing keys: %w", err)
	}
	fields = slices.DeleteFunc(fields, func(f string) bool { return !strings.HasPrefix(f, probeField) || f == probeField+s.seals.current })
	if len(fields) == 0 {
		return nil
	}
	if err := s.rdb.HDel(ctx, s.keys.meta(), fields...).Err(); err != nil {
		return fmt.Errorf("take away probes of former keys: %w", err)
	}
	return nil
}
