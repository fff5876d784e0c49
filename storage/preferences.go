package storage

import (
	"context"

	"rapport/bot"
)

// Preferences implements [bot.PreferenceStore], in one round trip.
func (s *Store) Preferences(ctx context.Context, members ...string) (map[string]bot.Preferences, error) {
	stored, err := getObjects[sealedPreferences](ctx, s, nounPreferences, members)
	if err != nil {
		return nil, err
	}
	return s.openAll(stored)
}

// SavePreferences implements [bot.PreferenceStore]; [bot.ErrRepeated] when the token came before.
func (s *Store) SavePreferences(ctx context.Context, token bot.Token, p bot.Preferences, entries []bot.Entry, intents bot.Intents) error {
	c := s.change()
	c.ID = p.Member
	c.once(token)
	was := p.Version
	p.Version++
	stored, err := s.sealPreferences(p)
	if err != nil {
		return err
	}
	if err := c.put(s.keys.sharded(nounPreferences, p.Member), p.Member, was, stored); err != nil {
		return err
	}
	for _, entry := range entries {
		if err := c.schedule(entry); err != nil {
			return err
		}
	}
	c.send(intents)
	return s.commit(ctx, c)
}
