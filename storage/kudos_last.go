package storage

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/redis/go-redis/v9"

	"rapport/bot"
)

// LastGiven implements [bot.KudosStore]; where a kudos was posted anew, in two round trips. A server that does not know the script yet is told it with the second try.
func (s *Store) LastGiven(ctx context.Context, member string) (bot.LastKudos, error) {
	call, people, err := s.callLastGiven(ctx, lastKudosScript.EvalSha, member)
	if redis.HasErrorPrefix(err, "NOSCRIPT") {
		call, people, err = s.callLastGiven(ctx, lastKudosScript.Eval, member)
	}
	if err != nil && !isNil(err) {
		return bot.LastKudos{}, fmt.Errorf("find last kudos of %q: %w", member, err)
	}
	reply, err := call.Slice()
	if err != nil {
		return bot.LastKudos{}, fmt.Errorf("find last kudos of %q: %w", member, err)
	}
	var last bot.LastKudos
	if last.Scene, err = people.scene(); err != nil || len(reply) == 0 {
		return last, err
	}
	id, stored, tomb := fmt.Sprint(reply[0]), fmt.Sprint(reply[1]), fmt.Sprint(reply[3])
	if last.Kudos, err = s.openKudos(id, stored); err != nil {
		return bot.LastKudos{}, err
	}
	sid := bot.KudosPostSID(id)
	if last.PostSID() != sid { // the script knows of the first post alone
		last.Post, err = s.SendBySID(ctx, last.PostSID())
		if errors.Is(err, bot.ErrNotFound) {
			err = nil
		}
		return last, err
	}
	switch fields, _ := reply[2].([]any); {
	case len(fields) > 0:
		record := make(map[string]string, len(fields)/2)
		for i := 0; i+1 < len(fields); i += 2 {
			record[fmt.Sprint(fields[i])] = fmt.Sprint(fields[i+1])
		}
		last.Post, err = readSend(sid, record)
	case tomb != "":
		last.Post, err = readTombstone(sid, tomb)
	}
	return last, err
}

// callLastGiven runs the script, by its hash or with its source, and reads the member, in one round trip. It returns the first error.
func (s *Store) callLastGiven(
	ctx context.Context, call func(context.Context, redis.Scripter, []string, ...any) *redis.Cmd, member string,
) (*redis.Cmd, sceneRead, error) {
	before, behind, _ := strings.Cut(bot.KudosPostSID("\x00"), "\x00")
	keys := []string{s.keys.kudosBy(member)}
	for n := range shards {
		keys = append(keys, s.keys.shardOf(nounKudos, n))
	}
	keys = append(keys, s.keys.recentTombs(s.now())...)
	pipe := s.rdb.Pipeline()
	last := call(ctx, pipe, keys, shards, before, behind, s.keys.send(""))
	people := s.lookScene(ctx, pipe, "", []string{member})
	_, err := pipe.Exec(ctx)
	return last, people, err
}
