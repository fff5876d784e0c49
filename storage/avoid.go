package storage

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"rapport/bot"
)

// sealedPreferences are preferences as they are stored: whom somebody avoids, and what they note for themselves, is sealed and in no index.
type sealedPreferences struct {
	bot.Preferences
	Sealed string `json:"sealed,omitempty"`
}

// private is what is sealed of preferences.
type private struct {
	Avoid []string        `json:"avoid,omitempty"`
	Notes []bot.RoundNote `json:"notes,omitempty"`
}

// avoidPlace binds a sealed list to the member whose it is.
func (s *Store) avoidPlace(member string) string {
	return s.keys.prefix + nounPreferences + " " + member
}

func (s *Store) sealPreferences(p bot.Preferences) (sealedPreferences, error) {
	stored := sealedPreferences{Preferences: p}
	if p.Unreadable != "" {
		if len(p.Avoid)+len(p.Notes) > 0 {
			return stored, fmt.Errorf("seal preferences of %q over some that no key opens: %w", p.Member, errSealed)
		}
		stored.Sealed = p.Unreadable
		return stored, nil
	}
	if len(p.Avoid)+len(p.Notes) == 0 {
		return stored, nil
	}
	list, err := json.Marshal(private{Avoid: p.Avoid, Notes: p.Notes})
	if err != nil {
		return stored, fmt.Errorf("encode preferences of %q: %w", p.Member, err)
	}
	stored.Avoid, stored.Notes = nil, nil
	stored.Sealed, err = s.seals.seal(list, s.avoidPlace(p.Member))
	return stored, err
}

func (s *Store) openPreferences(stored sealedPreferences) (bot.Preferences, error) {
	if stored.Sealed == "" {
		return stored.Preferences, nil
	}
	list, err := s.seals.open(stored.Sealed, s.avoidPlace(stored.Member))
	if err != nil {
		return bot.Preferences{}, fmt.Errorf("read preferences of %q: %w", stored.Member, err)
	}
	var own private
	if err := json.Unmarshal(list, &own); err != nil {
		return bot.Preferences{}, fmt.Errorf("read preferences of %q: %w", stored.Member, err)
	}
	stored.Avoid, stored.Notes = own.Avoid, own.Notes
	return stored.Preferences, nil
}

// openAll opens what was found, by member. What no key opens is said to be so and stops nobody: one damaged value must not end everybody else's rounds.
func (s *Store) openAll(stored map[string]sealedPreferences) (map[string]bot.Preferences, error) {
	all := make(map[string]bot.Preferences, len(stored))
	for member, p := range stored {
		opened, err := s.openPreferences(p)
		if errors.Is(err, errSealed) {
			opened, err = p.Preferences, nil
			opened.Unreadable = p.Sealed
		}
		if err != nil {
			return nil, err
		}
		all[member] = opened
	}
	return all, nil
}

// avoidedTries bounds how often all lists are looked through for who is forgotten, while people change theirs.
const avoidedTries = 8

// forgetAvoided takes members who are forgotten off everybody's lists and notes. Nothing says on whose they are, so all are looked through.
func (s *Store) forgetAvoided(ctx context.Context, members ...string) error {
	for range avoidedTries {
		missed := 0
		if err := s.forgetAvoidedOnce(ctx, members, &missed); err != nil || missed == 0 {
			return err
		}
	}
	return fmt.Errorf("forget whom others avoid: %w", bot.ErrConflict)
}

// forgetAvoidedOnce looks through all lists, and counts those that changed meanwhile.
func (s *Store) forgetAvoidedOnce(ctx context.Context, members []string, missed *int) error {
	return s.eachSealed(ctx, func(key string, stored sealedPreferences, was string) error {
		p, err := s.openPreferences(stored)
		if errors.Is(err, errSealed) {
			return nil // with its key the list is lost as well
		}
		if err != nil {
			return err
		}
		if !withoutMembers(&p, members) {
			return nil
		}
		p.Version++
		sealed, err := s.sealPreferences(p)
		if err != nil {
			return err
		}
		value, err := encodeValue(p.Version, sealed)
		if err != nil {
			return err
		}
		replaced, err := resealScript.Run(ctx, s.rdb, []string{key}, p.Member, was, value).Int()
		*missed += 1 - replaced
		return err
	})
}

// withoutMembers takes members out of what somebody keeps to themselves, and reports whether they were in it.
func withoutMembers(p *bot.Preferences, members []string) bool {
	named := 0
	drop := func(list []string) []string {
		kept := slices.DeleteFunc(slices.Clone(list), func(id string) bool { return slices.Contains(members, id) })
		named += len(list) - len(kept)
		return kept
	}
	p.Avoid, p.Notes = drop(p.Avoid), slices.Clone(p.Notes)
	for i, n := range p.Notes {
		p.Notes[i].With = drop(n.With)
	}
	return named > 0
}

// resealAvoided seals the lists anew, as [Store.Reseal] does with promises. Who changes theirs meanwhile seals it with the present key by that.
func (s *Store) resealAvoided(ctx context.Context, o ResealOptions, count *resealCount) error {
	return s.eachSealed(ctx, func(key string, stored sealedPreferences, was string) error {
		if name, _, _ := strings.Cut(stored.Sealed, ":"); name == s.seals.current {
			return nil
		}
		sealed := sealedPreferences{Preferences: stored.Preferences}
		p, err := s.openPreferences(stored)
		lost := errors.Is(err, errSealed)
		switch {
		case lost && !o.DeleteUnreadable:
			count.unreadable++
			return nil
		case err != nil && !lost:
			return err
		case !lost:
			if sealed, err = s.sealPreferences(p); err != nil {
				return err
			}
		}
		value, err := encodeValue(stored.Version, sealed)
		if err != nil {
			return err
		}
		replaced, err := resealScript.Run(ctx, s.rdb, []string{key}, stored.Member, was, value).Int()
		if lost {
			count.deleted += replaced
		} else {
			count.sealed += replaced
		}
		count.moved += 1 - replaced
		return err
	})
}

// eachSealed calls do for every member whose preferences hold something sealed, with the hash's key and the stored value.
func (s *Store) eachSealed(ctx context.Context, do func(key string, stored sealedPreferences, was string) error) error {
	for n := range shards {
		key := s.keys.shardOf(nounPreferences, n)
		all, err := s.scanned(ctx, key)
		if err != nil {
			return fmt.Errorf("look through preferences: %w", err)
		}
		for _, was := range all {
			var stored sealedPreferences
			if err := decodeValue(was, &stored); err != nil {
				return fmt.Errorf("look through preferences: %w", err)
			}
			if stored.Sealed == "" {
				continue
			}
			if err := do(key, stored, was); err != nil {
				return err
			}
		}
	}
	return nil
}
