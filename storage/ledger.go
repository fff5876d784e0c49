package storage

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/redis/go-redis/v9"

	"rapport/bot"
)

// Due returns sends that are due at now, at most limit, in the order of the kinds and within a kind the earliest first. Kinds that are not
// asked for wait.
func (s *Store) Due(ctx context.Context, now time.Time, kinds []bot.Kind, limit int) ([]bot.Send, error) {
	pipe := s.rdb.Pipeline()
	waiting := make([]*redis.StringSliceCmd, len(kinds))
	for i, kind := range kinds {
		waiting[i] = pipe.ZRangeByScore(ctx, s.keys.due(kind), &redis.ZRangeBy{Min: "-inf", Max: floorMillis(now), Count: int64(limit)})
	}
	if _, err := pipe.Exec(ctx); err != nil {
		return nil, fmt.Errorf("list due sends: %w", err)
	}
	var sids []string
	for _, w := range waiting {
		sids = append(sids, w.Val()...)
	}
	return s.records(ctx, sids[:min(limit, len(sids))])
}

// records reads what the ledger holds of sends, in the order asked for. One that is not there is left out.
func (s *Store) records(ctx context.Context, sids []string) ([]bot.Send, error) {
	sends := make([]bot.Send, 0, len(sids))
	for part := range slices.Chunk(sids, pipelineSize) {
		pipe := s.rdb.Pipeline()
		read := make([]*redis.MapStringStringCmd, len(part))
		for i, sid := range part {
			read[i] = pipe.HGetAll(ctx, s.keys.send(sid))
		}
		if _, err := pipe.Exec(ctx); err != nil {
			return nil, fmt.Errorf("read %d sends: %w", len(part), err)
		}
		for i, r := range read {
			if len(r.Val()) == 0 {
				continue
			}
			send, err := readSend(part[i], r.Val())
			if err != nil {
				return nil, err
			}
			sends = append(sends, send)
		}
	}
	return sends, nil
}

// pipelineSize is how many commands go out together, so that nobody else waits long for the server.
const pipelineSize = 200

// Upcoming returns sends of a kind that are due before until, those that are due already among them, the earliest first: at most limit of them, after the
// first skip ones.
func (s *Store) Upcoming(ctx context.Context, kind bot.Kind, until time.Time, skip, limit int) ([]bot.Send, error) {
	sids, err := s.rdb.ZRangeByScore(ctx, s.keys.due(kind), &redis.ZRangeBy{
		Min: "-inf", Max: "(" + floorMillis(until), Offset: int64(skip), Count: int64(limit),
	}).Result()
	if err != nil {
		return nil, fmt.Errorf("list upcoming sends of kind %q: %w", kind, err)
	}
	return s.records(ctx, sids)
}

// NextDue returns the earliest instant at which a send of these kinds is due or a lease runs out; zero if there is none.
func (s *Store) NextDue(ctx context.Context, kinds []bot.Kind) (time.Time, error) {
	pipe := s.rdb.Pipeline()
	first := []*redis.ZSliceCmd{pipe.ZRangeWithScores(ctx, s.keys.inflight(), 0, 0)}
	for _, kind := range kinds {
		first = append(first, pipe.ZRangeWithScores(ctx, s.keys.due(kind), 0, 0))
	}
	if _, err := pipe.Exec(ctx); err != nil {
		return time.Time{}, fmt.Errorf("find next due send: %w", err)
	}
	var next time.Time
	for _, f := range first {
		for _, z := range f.Val() {
			if at := instantOfScore(z.Score); next.IsZero() || at.Before(next) {
				next = at
			}
		}
	}
	return next, nil
}

// Claim takes a due send to work on until the lease ends, if its rates allow that now, and counts it against them in the same step. Without rates it waits
// for nothing. It is not held if another has it, it is settled, no longer due, or no longer in the state that send says, for which the rates were
// chosen. The token names the claim and must be new for each; a send that is unknown stays so, see [bot.StateUnknown], and one that is in doubt becomes so.
//
// The sends that send.Took names, and that it has not taken in before, are taken in by the same step: their tombstones say so. They have to be of its kind, or of one
// that it shares messages with, and to wait, at whatever instant they are due; if one does not, or if more was taken in than send.Took names, nothing is held.
//
// Where there are replicas, one has to confirm it: [ErrUnconfirmed] means that none did, and that nobody may act on it. After a restart of the server
// nothing can be claimed until it is known what the server remembers; that is an error, too, and over within half a minute.
func (s *Store) Claim(ctx context.Context, now time.Time, send bot.Send, token string, lease time.Duration, rates []bot.Rate) (bot.Claim, error) {
	for {
		answer, err := s.claim(ctx, now, send, token, lease, rates)
		if err != nil {
			return bot.Claim{}, fmt.Errorf("claim send %q: %w", send.SID, err)
		}
		if answer.restarted {
			if err := s.restarted(ctx, now, answer.run, answer.n); err != nil {
				return bot.Claim{}, fmt.Errorf("claim send %q: %w", send.SID, err)
			}
			continue // it was judged, and what was judged does not come again
		}
		return answer.Claim, nil
	}
}

func (s *Store) claim(ctx context.Context, now time.Time, send bot.Send, token string, lease time.Duration, rates []bot.Rate) (claimAnswer, error) {
	keys := []string{s.keys.send(send.SID), s.keys.due(send.Kind), s.keys.inflight(), s.keys.ledger(), s.keys.paceUntil()}
	span := strconv.FormatInt(doubtSpan.Milliseconds(), 10)
	if send.Kind == bot.KindPlan {
		span = "" // it is nothing that is posted, and planning again comes to the same
	}
	args := []any{
		send.SID, string(send.Kind), token, floorMillis(now), millis(now.Add(lease)), string(send.State), flag(s.watch), s.memory.sawText(), span,
	}
	args = append(args, len(rates))
	for _, r := range rates {
		keys, args = append(keys, s.keys.pace(r.Name)), append(args, r.Every.Milliseconds())
	}
	if len(send.Took) > 0 {
		keys, args = s.takingIn(now, send, keys, args)
	}
	cmd, unconfirmed := s.confirmed(ctx, claimScript, keys, args...)
	if unconfirmed != nil && !errors.Is(unconfirmed, ErrUnconfirmed) {
		return claimAnswer{}, unconfirmed
	}
	reply, err := cmd.StringSlice()
	if err != nil {
		return claimAnswer{}, err
	}
	answer, err := readClaim(send.SID, rates, reply)
	if err != nil {
		return claimAnswer{}, err
	}
	if unconfirmed != nil {
		if answer.Held {
			s.giveBack(ctx, now, answer.Send, token)
		}
		return claimAnswer{}, unconfirmed
	}
	if answer.Held {
		s.memory.note(answer.n)
	}
	return answer, nil
}

// reasonUnconfirmed says that a send waits for a replica.
const reasonUnconfirmed bot.Reason = "no_replica"

// unconfirmedPause is how long a send waits for a replica before it is tried again.
const unconfirmedPause = time.Second

// giveBack lets go of a claim on which nothing was done, for no replica has it. If that fails, its lease ends it.
func (s *Store) giveBack(ctx context.Context, now time.Time, send bot.Send, token string) {
	o := bot.Outcome{State: bot.StatePending, Reason: reasonUnconfirmed, Retry: now.Add(unconfirmedPause)}
	if send.State == bot.StateUnknown {
		o.State = bot.StateUnknown // nobody has looked
	}
	_, _ = s.Settle(ctx, now, send, token, o, nil)
}

// Posting says that the message is about to be posted. It reports false if the claim is lost, if its lease ends in less than reserve, or if the server was
// restarted meanwhile: then nothing may be posted. So it is with an error; where that is [ErrUnconfirmed], the send waits again.
func (s *Store) Posting(ctx context.Context, now time.Time, sid, token string, reserve time.Duration) (bool, error) {
	keys := []string{s.keys.send(sid), s.keys.ledger()}
	cmd, unconfirmed := s.confirmed(ctx, postingScript, keys, token, floorMillis(now), reserve.Milliseconds(), flag(s.watch), s.memory.sawText())
	if unconfirmed != nil && !errors.Is(unconfirmed, ErrUnconfirmed) {
		return false, fmt.Errorf("begin posting send %q: %w", sid, unconfirmed)
	}
	n, err := cmd.Int64()
	if err != nil {
		return false, fmt.Errorf("begin posting send %q: %w", sid, err)
	}
	if unconfirmed != nil {
		if send, err := s.SendBySID(ctx, sid); err == nil && n > 0 {
			s.giveBack(ctx, now, send, token)
		}
		return false, fmt.Errorf("begin posting send %q: %w", sid, unconfirmed)
	}
	if n > 0 {
		s.memory.note(n)
	}
	return n > 0, nil
}

// outcome is what settle.lua is told.
type outcome struct {
	State  bot.State  `json:"state"`
	Reason bot.Reason `json:"reason"`
	At     string     `json:"at"`
	Tomb   string     `json:"tomb"`
}

// following is what insert.lua takes beside its keys.
type following struct {
	Sends []sendStep `json:"sends,omitempty"`
	Tombs []int      `json:"tombs"`
}

// Settle says what became of a claimed send; the states are those of [bot.Outcome] and also dropped and expired. Pending and
// unknown are looked at again at o.Retry; unknown without a Retry is put before an operator, as dead and expired are. follow are sends that an
// outcome for good brings about; with one that is looked at again they are left out.
//
// Sent always wins, also over a lost claim; any other outcome of a lost claim is [bot.ErrConflict]. The send is returned as it stands: if it was
// sent before, PostedTS is that of the earlier message.
func (s *Store) Settle(ctx context.Context, now time.Time, send bot.Send, token string, o bot.Outcome, follow bot.Intents) (bot.Send, error) {
	told := outcome{State: o.State, Reason: o.Reason}
	switch o.State {
	case bot.StateSent, bot.StateDropped:
		told.Tomb = tombstone(send, now, o)
	case bot.StatePending:
		told.At = millis(latest(o.Retry, now))
	case bot.StateUnknown:
		told.At = millis(o.Retry)
	case bot.StateDead, bot.StateExpired:
	default:
		return bot.Send{}, fmt.Errorf("settle send %q: %q is no outcome", send.SID, o.State)
	}
	l := newKeyList(s.keys.send(send.SID), s.keys.due(send.Kind), s.keys.inflight(), s.keys.dead(), s.keys.ledger())
	after := following{Tombs: l.tombs(s.keys.recentTombs(now))}
	for _, f := range follow {
		after.Sends = append(after.Sends, newSendStep(l, s.keys, f))
	}
	toldText, err := encodeJSON(told)
	if err != nil {
		return bot.Send{}, err
	}
	afterText, err := encodeJSON(after)
	if err != nil {
		return bot.Send{}, err
	}
	args := []any{send.SID, string(send.Kind), token, floorMillis(now), toldText, afterText, flag(s.watch), s.memory.sawText()}
	reply, err := settleScript.Run(ctx, s.rdb, l.list, args...).StringSlice()
	if err != nil {
		return bot.Send{}, fmt.Errorf("settle send %q: %w", send.SID, err)
	}
	return readSettled(reply, send, now, o)
}

func readSettled(reply []string, send bot.Send, now time.Time, o bot.Outcome) (bot.Send, error) {
	switch {
	case len(reply) == 1 && reply[0] == "ok":
		return settled(send, now, o), nil
	case len(reply) == 1 && reply[0] == "lost":
		return bot.Send{}, fmt.Errorf("settle send %q: %w", send.SID, bot.ErrConflict)
	case len(reply) == 2 && reply[0] == "settled":
		return readTombstone(send.SID, reply[1])
	}
	return bot.Send{}, fmt.Errorf("read answer to settling send %q: %q", send.SID, strings.Join(reply, " "))
}

// settled is the send after the outcome, without another read.
func settled(s bot.Send, now time.Time, o bot.Outcome) bot.Send {
	s.State, s.Reason = o.State, o.Reason
	switch o.State {
	case bot.StatePending:
		s.Due, s.TriedAt, s.TriedUntil = latest(o.Retry, now), time.Time{}, time.Time{}
		return s
	case bot.StateUnknown:
		if s.TriedAt.IsZero() {
			s.TriedAt = now
		}
		if !o.Retry.IsZero() {
			s.Due = o.Retry
			return s
		}
	}
	s.Settled, s.PostedIn, s.PostedTS, s.Took, s.Into = now, o.Channel, o.TS, tookOf(s, o), o.Into
	return s
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// clockMargin is how far the clocks of two processes may differ: twice the 30 s either way that the delivery protocol is held to. The end of a lease is an
// instant of one clock and is judged by another.
const clockMargin = time.Minute

// Sweep takes sends from whoever held them past their lease: what may have been posted becomes unknown and is looked into after wait,
// everything else waits again. What may have been posted is left alone for another minute, for clocks differ and its post may be on its way. It returns
// how many there were.
func (s *Store) Sweep(ctx context.Context, now time.Time, wait time.Duration) (int, error) {
	held, err := s.rdb.ZRangeByScore(ctx, s.keys.inflight(), &redis.ZRangeBy{Min: "-inf", Max: floorMillis(now)}).Result()
	if err != nil {
		return 0, fmt.Errorf("list leases that ran out: %w", err)
	}
	released := 0
	for _, flight := range held {
		kind, sid, _ := strings.Cut(flight, " ")
		keys := []string{s.keys.send(sid), s.keys.due(bot.Kind(kind)), s.keys.inflight()}
		n, err := releaseScript.Run(ctx, s.rdb, keys, sid, kind, floorMillis(now), millis(now.Add(wait)), clockMargin.Milliseconds()).Int()
		if err != nil {
			return released, fmt.Errorf("release send %q: %w", sid, err)
		}
		released += n
	}
	return released, nil
}

// SendBySID finds a send that is on its way, or was settled within the last eight weeks; [bot.ErrNotFound] otherwise. Of a settled one it
// knows the kind, the outcome and where it was posted.
func (s *Store) SendBySID(ctx context.Context, sid string) (bot.Send, error) {
	pipe := s.rdb.Pipeline()
	record := pipe.HGetAll(ctx, s.keys.send(sid))
	var tombs []*redis.StringCmd
	for _, key := range s.keys.recentTombs(s.now()) {
		tombs = append(tombs, pipe.HGet(ctx, key, sid))
	}
	if _, err := pipe.Exec(ctx); err != nil && !isNil(err) {
		return bot.Send{}, fmt.Errorf("find send %q: %w", sid, err)
	}
	if record.Err() != nil {
		return bot.Send{}, fmt.Errorf("find send %q: %w", sid, record.Err())
	}
	if len(record.Val()) > 0 {
		return readSend(sid, record.Val())
	}
	for _, t := range tombs {
		if t.Err() == nil {
			return readTombstone(sid, t.Val())
		}
		if !isNil(t.Err()) {
			return bot.Send{}, fmt.Errorf("find send %q: %w", sid, t.Err())
		}
	}
	return bot.Send{}, fmt.Errorf("find send %q: %w", sid, bot.ErrNotFound)
}

// forgetSends deletes tombstones and records that nobody asks for any more: what was settled more than eight weeks ago. It returns how many dead
// ones there were.
func (s *Store) forgetSends(ctx context.Context, now time.Time) (int, error) {
	var old []string
	for back := tombWeeks; back < tombWeeks+52; back++ {
		old = append(old, s.keys.tombs(week(now)-back))
	}
	if err := s.rdb.Unlink(ctx, old...).Err(); err != nil {
		return 0, fmt.Errorf("delete old tombstones: %w", err)
	}
	return s.forgetOlder(ctx, s.keys.dead(), now.Add(-(tombWeeks-1)*7*24*time.Hour), func(sids []string) (int, error) {
		records, members := make([]string, len(sids)), make([]any, len(sids))
		for i, sid := range sids {
			records[i], members[i] = s.keys.send(sid), sid
		}
		pipe := s.rdb.Pipeline()
		pipe.Unlink(ctx, records...)
		gone := pipe.ZRem(ctx, s.keys.dead(), members...)
		_, err := pipe.Exec(ctx)
		return int(gone.Val()), err
	})
}
