package storage

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"rapport/bot"
)

// NextPart implements [bot.RoundPlanner]; [bot.ErrNotFound] once all are in. A round that is not there at all, for a failover lost it, is another error: it is not all in.
func (s *Store) NextPart(ctx context.Context, round string) (bot.RoundPart, error) {
	key, err := s.keys.roundOf(round)
	if err != nil {
		return bot.RoundPart{}, err
	}
	found, err := s.fields(ctx, key, headFields())
	if err != nil {
		return bot.RoundPart{}, fmt.Errorf("find next part of round %q: %w", round, err)
	}
	if found[planField] == "" {
		return bot.RoundPart{}, fmt.Errorf("find next part of round %q: %w", round, errNoRound)
	}
	plan, err := readPlan(found)
	if err != nil {
		return bot.RoundPart{}, fmt.Errorf("read round %q: %w", round, err)
	}
	if plan.done >= plan.Parts {
		return bot.RoundPart{}, fmt.Errorf("find next part of round %q: %w", round, bot.ErrNotFound)
	}
	parts, err := s.parts(ctx, key, plan.done, plan.done+1)
	if err != nil {
		return bot.RoundPart{}, fmt.Errorf("read round %q: %w", round, err)
	}
	p := parts[0].RoundPart
	p.Number = plan.done
	if p.Groups, err = s.groups(ctx, key, parts[0].Groups); err != nil {
		return bot.RoundPart{}, fmt.Errorf("read part %d of round %q: %w", p.Number, round, err)
	}
	return p, nil
}

var errNoRound = errors.New("the store does not have the round")

// InsertPart implements [bot.RoundPlanner]. Parts go in one after the other, each once, whoever puts them in: [bot.ErrConflict] if another did, or if a seat
// changed meanwhile.
func (s *Store) InsertPart(ctx context.Context, r bot.Round, part int, seats []bot.Seat, meetings []bot.Meeting, intents bot.Intents) error {
	key, err := s.keys.roundOf(r.ID)
	if err != nil {
		return err
	}
	c := s.change()
	c.ID = r.ID
	c.need(key, planField) // a part does not go in where its round is not: on a primary that has just taken over, perhaps
	if err := c.put(key, doneField, part, struct{}{}); err != nil {
		return err
	}
	s.putMeetings(c, r.Program, meetings)
	for _, seat := range seats {
		if err := s.putSeat(c, seat); err != nil {
			return err
		}
	}
	if intros := introsOf(r.ID, intents); len(intros) > 0 {
		text, err := encodeJSON(intros)
		if err != nil {
			return err
		}
		c.op("HSET", key, introField(part), text)
		c.op("HINCRBY", key, introsField, len(intros))
	}
	c.send(intents)
	return s.commit(ctx, c)
}

// introsOf lists the introductions among some sends, as their sids go on after the round's.
func introsOf(round string, intents bot.Intents) []string {
	var list []string
	for _, s := range intents {
		if rest, ok := strings.CutPrefix(s.SID, bot.PairSID(round, "")); ok && s.Kind == bot.KindPair {
			list = append(list, rest)
		}
	}
	return list
}

// decodeJSON reads what encodeJSON wrote.
func decodeJSON(text string, object any) error {
	if err := json.Unmarshal([]byte(text), object); err != nil {
		return fmt.Errorf("decode stored value of %d bytes: %w", len(text), err)
	}
	return nil
}
