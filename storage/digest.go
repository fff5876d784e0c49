package storage

import (
	"context"

	"rapport/bot"
)

// Digest implements [bot.DigestStore]; [bot.ErrNotFound] for a channel that never had one.
func (s *Store) Digest(ctx context.Context, channel string) (bot.Digest, error) {
	var d bot.Digest
	err := s.getObject(ctx, "digest of channel", s.keys.digests(), channel, &d)
	return d, err
}

// SaveDigest implements [bot.DigestStore]; [bot.ErrRepeated] when the token came before.
func (s *Store) SaveDigest(ctx context.Context, token bot.Token, d bot.Digest, entries []bot.Entry, intents bot.Intents) error {
	c := s.change()
	c.ID = d.Channel
	c.once(token)
	was := d.Version
	d.Version++
	if err := c.put(s.keys.digests(), d.Channel, was, d); err != nil {
		return err
	}
	for _, e := range entries {
		if err := c.schedule(e); err != nil {
			return err
		}
	}
	c.send(intents)
	return s.commit(ctx, c)
}
