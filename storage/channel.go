package storage

import (
	"cmp"
	"context"
	"fmt"

	"github.com/redis/go-redis/v9"

	"rapport/bot"
)

// Scene implements [bot.SceneReader].
func (s *Store) Scene(ctx context.Context, channel string, members ...string) (bot.Scene, error) {
	pipe := s.rdb.Pipeline()
	people := s.look(ctx, pipe, nounMember, members)
	settings := s.look(ctx, pipe, nounPreferences, members)
	var place *redis.StringCmd
	if channel != "" {
		place = pipe.HGet(ctx, s.keys.channels(), channel)
	}
	if _, err := pipe.Exec(ctx); err != nil && !isNil(err) {
		return bot.Scene{}, fmt.Errorf("read scene of %d members in channel %q: %w", len(members), channel, err)
	}
	for _, cmd := range append(people.reads, settings.reads...) {
		if err := cmd.Err(); err != nil {
			return bot.Scene{}, fmt.Errorf("read scene of %d members in channel %q: %w", len(members), channel, err)
		}
	}
	var scene bot.Scene
	var err error
	if scene.Members, err = found[bot.Member](people); err != nil {
		return bot.Scene{}, err
	}
	if scene.Preferences, err = found[bot.Preferences](settings); err != nil {
		return bot.Scene{}, err
	}
	if place == nil || isNil(place.Err()) {
		return scene, nil
	}
	if place.Err() != nil {
		return bot.Scene{}, fmt.Errorf("read channel %q: %w", channel, place.Err())
	}
	return scene, decodeValue(place.Val(), &scene.Channel)
}

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
