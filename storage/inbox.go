package storage

import (
	"context"
	"fmt"
	"strings"
	"time"

	"rapport/bot"
)

// The index of what is addressed to a member says which sends may wait for them, or have just come. It is written where a send is inserted and nowhere else: what
// became of each, the ledger says. A send that is not in it, for it is from before there was one or was pushed out by a hundred others, is a message of its own.

// SendsTo implements [bot.InboxReader], in two round trips: the sends that say whom they are addressed to, see [bot.Send.AddressedTo], as far as the
// index and the ledger remember them; by the instant they were to be looked at first.
func (s *Store) SendsTo(ctx context.Context, member string) ([]bot.Send, error) {
	sids, err := s.rdb.ZRange(ctx, s.keys.addressed(member), 0, -1).Result()
	if err != nil {
		return nil, fmt.Errorf("list sends to member %q: %w", member, err)
	}
	if len(sids) == 0 {
		return nil, nil
	}
	found, err := s.SendsBySID(ctx, sids...)
	if err != nil {
		return nil, fmt.Errorf("list sends to member %q: %w", member, err)
	}
	list := make([]bot.Send, 0, len(found))
	for _, sid := range sids {
		if send, ok := found[sid]; ok {
			list = append(list, send)
		}
	}
	return list, nil
}

// takingIn completes what claim.lua is told with the sends that a claim takes in.
func (s *Store) takingIn(now time.Time, send bot.Send, keys []string, args []any) ([]string, []any) {
	const kind = "\n" // stands for it; no tombstone holds one
	tomb := tombstone(bot.Send{Kind: kind}, now, bot.Outcome{State: bot.StateDropped, Reason: bot.ReasonMerged, Into: send.SID})
	before, after, _ := strings.Cut(tomb, kind)
	together := send.Kind.Together()
	keys, args = append(keys, s.keys.tombs(week(now))), append(args, before, after, len(together))
	for _, k := range together {
		keys, args = append(keys, s.keys.due(k)), append(args, string(k))
	}
	for _, sid := range send.Took {
		keys, args = append(keys, s.keys.send(sid)), append(args, sid)
	}
	return keys, args
}
