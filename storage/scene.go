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
	open             func(map[string]sealedPreferences) (map[string]bot.Preferences, error)
}

// lookScene queues the read of a scene.
func (s *Store) lookScene(ctx context.Context, pipe redis.Pipeliner, channel string, members []string) sceneRead {
	r := sceneRead{
		people: s.look(ctx, pipe, nounMember, members), settings: s.look(ctx, pipe, nounPreferences, members), channel: channel, open: s.openAll,
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
	settings, err := found[sealedPreferences](r.settings)
	if err != nil {
		return bot.Scene{}, err
	}
	if scene.Preferences, err = r.open(settings); err != nil {
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
	latest, names := pipe.HGetAll(ctx, s.keys.latestRound()), pipe.HGet(ctx, s.keys.meta(), namesField)
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
	if all.Names, err = readNames(names); err != nil {
		return bot.ProgramScene{}, err
	}
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

// RoundGroups implements [bot.RoundStore].
func (s *Store) RoundGroups(ctx context.Context, keys ...bot.GroupKey) (map[bot.GroupKey]bot.RoundGroup, error) {
	pipe := s.rdb.Pipeline()
	reads := make(map[bot.GroupKey]*redis.SliceCmd, len(keys))
	for _, at := range keys {
		key, err := s.keys.roundOf(at.Round)
		if err != nil {
			return nil, err
		}
		reads[at] = pipe.HMGet(ctx, key, append(headFields(), groupField(at.Group))...)
	}
	if _, err := pipe.Exec(ctx); err != nil {
		return nil, fmt.Errorf("read %d groups of rounds: %w", len(keys), err)
	}
	groups := make(map[bot.GroupKey]bot.RoundGroup, len(keys))
	for at, read := range reads {
		fields := textFields(append(headFields(), groupField(at.Group)), read.Val())
		if fields[planField] == "" || fields[groupField(at.Group)] == "" {
			continue
		}
		plan, err := readPlan(fields)
		if err != nil {
			return nil, fmt.Errorf("read round %q: %w", at.Round, err)
		}
		g, err := readGroup(fields[groupField(at.Group)])
		if err != nil {
			return nil, fmt.Errorf("read group %q of round %q: %w", at.Group, at.Round, err)
		}
		groups[at] = bot.RoundGroup{Round: plan.head(), Group: g}
	}
	return groups, nil
}

// textFields are the values of a hash by their fields; what is not there is missing.
func textFields(fields []string, values []any) map[string]string {
	found := make(map[string]string, len(fields))
	for i, value := range values {
		if text, ok := value.(string); ok {
			found[fields[i]] = text
		}
	}
	return found
}

// readNames reads how often any program got a name, from 1.
func readNames(read *redis.StringCmd) (int, error) {
	if isNil(read.Err()) {
		return 1, nil
	}
	if read.Err() != nil {
		return 0, fmt.Errorf("read state of programs' names: %w", read.Err())
	}
	version, err := versionOf(read.Val())
	return version + 1, err
}
