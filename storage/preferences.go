package storage

import (
	"context"

	"rapport/bot"
)

// Preferences implements [bot.PreferenceStore], in one round trip.
func (s *Store) Preferences(ctx context.Context, members ...string) (map[string]bot.Preferences, error) {
	return getObjects[bot.Preferences](ctx, s, nounPreferences, members)
}

// SavePreferences implements [bot.PreferenceStore]; [bot.ErrRepeated] when the token came before.
func (s *Store) SavePreferences(ctx context.Context, token bot.Token, p bot.Preferences, entry *bot.Entry, intents bot.Intents) error {
	c := s.change()
	c.ID = p.Member
	c.once(token)
	was := p.Version
	p.Version++
	if err := c.put(s.keys.sharded(nounPreferences, p.Member), p.Member, was, p); err != nil {
		return err
	}
	if entry != nil {
		if err := c.schedule(*entry); err != nil {
			return err
		}
	}
	c.send(intents)
	return s.commit(ctx, c)
}
