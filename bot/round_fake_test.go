package bot

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// The shelf's rounds.

func (s *shelf) DraftRound(_ context.Context, plan RoundPlan) (string, error) {
	if faster := s.onRound; faster != nil {
		s.onRound = nil
		faster()
	}
	if _, there := s.rounds[plan.ID]; there {
		return "", ErrRepeated
	}
	name := fmt.Sprint("draft ", len(s.drafts))
	s.drafts[name] = plan
	return name, nil
}

func (s *shelf) AdoptRound(_ context.Context, r Round, name string) (Round, error) {
	if _, there := s.rounds[r.ID]; there {
		return s.head(r.ID), ErrRepeated
	}
	plan := s.drafts[name]
	s.rounds[r.ID], s.latest[r.Program], s.parts[r.ID] = plan.Round, r.Number, partsOf(plan)
	return s.head(r.ID), nil
}

// partsOf cuts a plan into parts of two groups, and one for the rest.
func partsOf(plan RoundPlan) []RoundPart {
	var parts []RoundPart
	for list := range slices.Chunk(plan.Groups, 2) {
		parts = append(parts, RoundPart{Number: len(parts), Groups: list})
	}
	return append(parts, RoundPart{Number: len(parts), LeftOut: plan.LeftOut, Asked: plan.Asked, Heard: plan.Heard, Unmet: plan.Unmet})
}

func (s *shelf) NextPart(_ context.Context, round string) (RoundPart, error) {
	if s.inserted[round] >= len(s.parts[round]) {
		return RoundPart{}, ErrNotFound
	}
	return s.parts[round][s.inserted[round]], nil
}

func (s *shelf) InsertPart(_ context.Context, r Round, part int, seats []Seat, meetings []Meeting, intents Intents) error {
	if faster := s.onPart; faster != nil {
		s.onPart = nil
		faster()
	}
	if s.inserted[r.ID] != part {
		return ErrConflict
	}
	for _, seat := range seats {
		if s.seats[seat.Program+" "+seat.Member].Version != seat.Version {
			return ErrConflict
		}
	}
	if s.broken {
		return errors.New("the store does not answer")
	}
	s.inserted[r.ID]++
	for _, seat := range seats {
		s.putSeat(seat)
	}
	s.putMeetings(r.Program, meetings)
	s.insert(intents, r.ID)
	return nil
}

func (s *shelf) head(id string) Round {
	r := s.rounds[id].Counted()
	r.Planned = s.inserted[id] >= len(s.parts[id])
	r.Groups, r.LeftOut = nil, nil
	return r
}

func (s *shelf) putMeetings(program string, meetings []Meeting) {
	for _, m := range meetings {
		s.meetings[fmt.Sprintf("%s %04d %s %s", program, m.Round, m.A, m.B)] = m
	}
}

func (s *shelf) Round(_ context.Context, id string) (Round, error) {
	r, ok := s.rounds[id]
	if !ok {
		return Round{}, ErrNotFound
	}
	return r, nil
}

func (s *shelf) CurrentRound(_ context.Context, program string) (Round, error) {
	n, ok := s.latest[program]
	if !ok {
		return Round{}, ErrNotFound
	}
	return s.head(roundID(program, n)), nil
}

func (s *shelf) RoundGroup(_ context.Context, id, key string) (Round, Group, error) {
	r, ok := s.rounds[id]
	i := slices.IndexFunc(r.Groups, func(g Group) bool { return g.Key == key })
	switch {
	case !ok || key != "" && i < 0:
		return Round{}, Group{}, ErrNotFound
	case key == "":
		return s.head(id), Group{}, nil
	}
	return s.head(id), r.Groups[i], nil
}

func (s *shelf) ReplaceGroup(_ context.Context, token Token, round string, was, g Group, meetings []Meeting) error {
	r := s.rounds[round]
	i := slices.IndexFunc(r.Groups, func(g Group) bool { return g.Key == was.Key })
	switch {
	case s.tokens[token] != "":
		return ErrRepeated
	case r.Groups[i].Version != was.Version:
		return ErrConflict
	}
	s.once(token, round)
	g.Version = was.Version + 1
	r.Groups = slices.Clone(r.Groups)
	r.Groups[i] = g
	s.rounds[round] = r
	s.putMeetings(r.Program, meetings)
	return nil
}

func (s *shelf) SendsBySID(ctx context.Context, sids ...string) (map[string]Send, error) {
	found := map[string]Send{}
	for _, sid := range sids {
		if send, err := s.SendBySID(ctx, sid); err == nil {
			found[sid] = send
		}
	}
	return found, nil
}

func (s *shelf) RoundProgress(_ context.Context, id string, _ int) (RoundProgress, error) {
	p := RoundProgress{Planned: s.head(id).Planned}
	for sid, send := range s.sends {
		if !strings.HasPrefix(sid, "pair/"+id+"/") {
			continue
		}
		p.Introductions++
		switch send.State {
		case StateSent, StateDropped:
		case StateDead, StateExpired:
			p.Lost++
		default:
			p.Waiting++
		}
	}
	p.Asked = p.Introductions
	return p, nil
}

func (s *shelf) History(_ context.Context, program string, since int) ([]Meeting, error) {
	var list []Meeting
	for _, key := range slices.Sorted(maps.Keys(s.meetings)) {
		if m := s.meetings[key]; strings.HasPrefix(key, program+" ") && m.Round >= since {
			list = append(list, m)
		}
	}
	return list, nil
}
