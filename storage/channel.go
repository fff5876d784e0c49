package storage

import (
	"cmp"
	"context"

	"rapport/bot"
)

// SaveChannel implements [bot.ChannelStore]. Slack says what a channel is, so the latest wins and there is no version.
func (s *Store) SaveChannel(ctx context.Context, token bot.Token, place bot.Channel, intents bot.Intents) error {
	value, err := encodeValue(1, place)
	if err != nil {
		return err
	}
	c := s.change()
	c.ID = place.ID
	c.once(token)
	c.op("HSET", s.keys.channels(), place.ID, value)
	c.send(intents)
	return s.commit(ctx, c)
}

// Channels implements [bot.ChannelStore]; by id.
func (s *Store) Channels(ctx context.Context) ([]bot.Channel, error) {
	return allObjects(ctx, s, "channels", s.keys.channels(), func(a, b bot.Channel) int { return cmp.Compare(a.ID, b.ID) })
}
