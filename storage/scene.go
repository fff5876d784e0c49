package storage

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"github.com/redis/go-redis/v9"

	"rapport/bot"
)

// A scene is mostly read together with something else: whoever types a command waits for each round trip.

// sceneRead is a read of a scene, queued on a pipeline.
type sceneRead struct {
	people, settings lookup
	channel          string
	place            *redis.StringCmd // nil without a channel
}

// lookScene queues the read of a scene.
func (s *Store) lookScene(ctx context.Context, pipe redis.Pipeliner, channel string, members []string) sceneRead {
	r := sceneRead{
		people: s.look(ctx, pipe, nounMember, members), settings: s.look(ctx, pipe, nounPreferences, members), channel: channel,
	}
	if channel != "" {
		r.place = pipe.HGet(ctx, s.keys.channels(), channel)
	}
	return r
}

// scene is what the read found.
func (r sceneRead) scene() (bot.Scene, error) {
	for _, cmd := range slices.Concat(r.people.reads, r.settings.reads) {
		if err := cmd.Err(); err != nil {
			return bot.Scene{}, fmt.Errorf("read people in channel %q: %w", r.channel, err)
		}
	}
	var scene bot.Scene
	var err error
	if scene.Members, err = found[bot.Member](r.people); err != nil {
		return bot.Scene{}, err
	}
	if scene.Preferences, err = found[bot.Preferences](r.settings); err != nil {
		return bot.Scene{}, err
	}
	if r.place == nil || isNil(r.place.Err()) {
		return scene, nil
	}
	if r.place.Err() != nil {
		return bot.Scene{}, fmt.Errorf("read channel %q: %w", r.channel, r.place.Err())
	}
	return scene, decodeValue(r.place.Val(), &scene.Channel)
}

// Scene implements [bot.SceneReader].
func (s *Store) Scene(ctx context.Context, channel string, members ...string) (bot.Scene, error) {
	pipe := s.rdb.Pipeline()
	r := s.lookScene(ctx, pipe, channel, members)
	if _, err := pipe.Exec(ctx); err != nil && !isNil(err) {
		return bot.Scene{}, fmt.Errorf("read scene of %d members in channel %q: %w", len(members), channel, err)
	}
	return r.scene()
}

// CommitmentScene implements [bot.CommitmentStore].
func (s *Store) CommitmentScene(ctx context.Context, id int, members ...string) (bot.Commitment, bot.Scene, error) {
	name := strconv.Itoa(id)
	pipe := s.rdb.Pipeline()
	stored := pipe.HGet(ctx, s.keys.sharded(nounCommitment, name), name)
	r := s.lookScene(ctx, pipe, "", members)
	if _, err := pipe.Exec(ctx); err != nil && !isNil(err) {
		return bot.Commitment{}, bot.Scene{}, fmt.Errorf("find commitment %d and %d members: %w", id, len(members), err)
	}
	if stored.Err() != nil && !isNil(stored.Err()) {
		return bot.Commitment{}, bot.Scene{}, fmt.Errorf("find commitment %d: %w", id, stored.Err())
	}
	scene, err := r.scene()
	if err != nil || stored.Err() != nil {
		return bot.Commitment{}, scene, err
	}
	c, err := s.openCommitment(name, stored.Val())
	return c, scene, err
}

// ProgramScene implements [bot.ProgramStore].
func (s *Store) ProgramScene(ctx context.Context, channel, member string) (bot.ProgramScene, error) {
	pipe := s.rdb.Pipeline()
	seats, programs := pipe.HVals(ctx, s.keys.seatsOf(member)), pipe.HVals(ctx, s.keys.programs())
	latest := pipe.HGetAll(ctx, s.keys.latestRound())
	r := s.lookScene(ctx, pipe, channel, []string{member})
	if _, err := pipe.Exec(ctx); err != nil && !isNil(err) {
		return bot.ProgramScene{}, fmt.Errorf("read programs around %q in channel %q: %w", member, channel, err)
	}
	for _, cmd := range []redis.Cmder{seats, programs, latest} {
		if err := cmd.Err(); err != nil {
			return bot.ProgramScene{}, fmt.Errorf("read programs around %q in channel %q: %w", member, channel, err)
		}
	}
	all := bot.ProgramScene{Latest: make(map[string]int, len(latest.Val()))}
	var err error
	if all.Scene, err = r.scene(); err != nil {
		return bot.ProgramScene{}, err
	}
	if all.Seats, err = decodeAll(seats.Val(), bySeat); err != nil {
		return bot.ProgramScene{}, err
	}
	if all.Programs, err = decodeAll(programs.Val(), byAge); err != nil {
		return bot.ProgramScene{}, err
	}
	for program, number := range latest.Val() {
		if all.Latest[program], err = strconv.Atoi(number); err != nil {
			return bot.ProgramScene{}, fmt.Errorf("read latest round of program %q: %w", program, err)
		}
	}
	return all, nil
}
