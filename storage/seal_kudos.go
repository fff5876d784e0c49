package storage

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"rapport/bot"
)

// A kudos that stands in a public channel is for everybody to read and is stored as it is. What is said to its recipients alone, or in a private channel, is sealed.

// kudosWords is what of a kudos is sealed.
type kudosWords struct {
	Message  string `json:"message,omitempty"`
	About    string `json:"about,omitempty"`
	Value    string `json:"value,omitempty"`
	Reaction string `json:"reaction,omitempty"`
}

// sealedKudos is a kudos as it is stored.
type sealedKudos struct {
	bot.Kudos
	Sealed string `json:"sealed,omitempty"`
}

// kudosPlace binds sealed words to their kudos and to who said them. Neither ever changes.
func (s *Store) kudosPlace(id, giver string) string {
	return s.keys.prefix + nounKudos + " " + id + " " + giver
}

// wordsApart reports whether a kudos's words are sealed: not everybody in the workspace may read them.
func wordsApart(k bot.Kudos) bool { return !k.Posted || k.Private || k.Closed }

func (s *Store) sealKudos(k bot.Kudos) (sealedKudos, error) {
	stored := sealedKudos{Kudos: k}
	words := kudosWords{Message: k.Message, About: k.About, Value: k.Value, Reaction: k.Reaction}
	switch {
	case words == kudosWords{} && k.Undone.IsZero():
		stored.Sealed = k.Unreadable // what no key opens is kept until its giver takes it back: the key may be found again
		return stored, nil
	case words == kudosWords{} || !wordsApart(k):
		return stored, nil
	}
	text, err := json.Marshal(words)
	if err != nil {
		return stored, fmt.Errorf("encode words of kudos %q: %w", k.ID, err)
	}
	stored.Message, stored.About, stored.Value, stored.Reaction = "", "", "", ""
	stored.Sealed, err = s.seals.seal(text, s.kudosPlace(k.ID, k.Giver))
	return stored, err
}

// openKudos reads a stored kudos, sealed or not. Words that no key opens are said to be so and stop nobody: one damaged value must not end a whole list.
func (s *Store) openKudos(id, text string) (bot.Kudos, error) {
	var stored sealedKudos
	if err := decodeValue(text, &stored); err != nil {
		return bot.Kudos{}, fmt.Errorf("read kudos %q: %w", id, err)
	}
	if stored.Sealed == "" {
		return stored.Kudos, nil
	}
	sealed, err := s.seals.open(stored.Sealed, s.kudosPlace(id, stored.Giver))
	if errors.Is(err, errSealed) {
		stored.Unreadable = stored.Sealed
		return stored.Kudos, nil
	}
	if err != nil {
		return bot.Kudos{}, fmt.Errorf("read kudos %q: %w", id, err)
	}
	var words kudosWords
	if err := json.Unmarshal(sealed, &words); err != nil {
		return bot.Kudos{}, fmt.Errorf("read kudos %q: %w", id, err)
	}
	stored.Message, stored.About, stored.Value, stored.Reaction = words.Message, words.About, words.Value, words.Reaction
	return stored.Kudos, nil
}

// resealOneKudos is a stored kudos sealed with the key that seals, also one from before kudos were sealed; "" if that is not needed. It stays the same version.
func (s *Store) resealOneKudos(id, text string) (anew string, sealed bool, err error) {
	var stored sealedKudos
	if err := decodeValue(text, &stored); err != nil {
		return "", false, err
	}
	if stored.Sealed == "" {
		if stored, err = s.sealKudos(stored.Kudos); err != nil || stored.Sealed == "" {
			return "", false, err
		}
		anew, err = encodeValue(stored.Version, stored)
		return anew, true, err
	}
	place := s.kudosPlace(id, stored.Giver)
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

// holdsSealed reports whether there is an object of a sharded noun that holds something sealed.
func (s *Store) holdsSealed(ctx context.Context, noun string) (bool, error) {
	for n := range shards {
		all, err := s.scanned(ctx, s.keys.shardOf(noun, n))
		if err != nil {
			return false, fmt.Errorf("look through %s: %w", noun, err)
		}
		for _, text := range all {
			if isSealed(text) {
				return true, nil
			}
		}
	}
	return false, nil
}

// isSealed reports whether a stored value holds something sealed.
func isSealed(text string) bool {
	var stored struct {
		Sealed string `json:"sealed"`
	}
	return decodeValue(text, &stored) == nil && stored.Sealed != ""
}
