package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
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

// The courses of groups stand among the tokens: both are small notes beside the objects.
func courseNote(round, key string) Token { return Token("course " + round + " " + key) }

func (s *shelf) GroupCourse(ctx context.Context, round, key string) (Round, Group, Course, error) {
	r, ok := s.rounds[round]
	all := slices.Concat(r.Groups, s.gone(round))
	i := slices.IndexFunc(all, func(g Group) bool { return g.Key == key })
	if !ok || i < 0 {
		return Round{}, Group{}, Course{}, ErrNotFound
	}
	var course Course
	if note := s.tokens[courseNote(round, key)]; note != "" {
		if err := json.Unmarshal([]byte(note), &course); err != nil {
			return Round{}, Group{}, Course{}, err
		}
	}
	return s.head(round), all[i], course, nil
}

// gone are the groups of a round whose place others took.
func (s *shelf) gone(round string) []Group { return s.rounds["gone "+round].Groups }

func (s *shelf) ChangeRound(_ context.Context, token Token, change RoundChange) error {
	if faster := s.onPart; faster != nil && len(change.Seats) > 0 {
		s.onPart = nil
		faster()
	}
	if token != "" && s.tokens[token] != "" {
		return ErrRepeated
	}
	r, gone := s.rounds[change.Round], s.rounds["gone "+change.Round]
	r.Groups = slices.Clone(r.Groups)
	for _, g := range change.Groups {
		all := slices.Concat(r.Groups, gone.Groups)
		i := slices.IndexFunc(all, func(was Group) bool { return was.Key == g.Is.Key })
		if (i < 0) != (g.Was.Key == "") || i >= 0 && all[i].Version != g.Was.Version {
			return ErrConflict
		}
	}
	for _, seat := range change.Seats {
		if s.seats[seat.Program+" "+seat.Member].Version != seat.Version {
			return ErrConflict
		}
	}
	for _, g := range change.Groups {
		g.Is.Version = g.Was.Version + 1
		i := slices.IndexFunc(r.Groups, func(was Group) bool { return was.Key == g.Is.Key })
		switch {
		case g.Course.Became != "":
			r.Groups, gone.Groups = slices.Delete(r.Groups, i, i+1), append(gone.Groups, g.Is)
		case i < 0:
			gone.Groups = slices.DeleteFunc(slices.Clone(gone.Groups), func(was Group) bool { return was.Key == g.Is.Key })
			r.Groups = append(r.Groups, g.Is)
			r.LeftOut = slices.DeleteFunc(slices.Clone(r.LeftOut), func(id string) bool { return slices.Contains(g.Is.Members, id) })
		default:
			r.Groups[i] = g.Is
		}
		note, err := json.Marshal(g.Course)
		if err != nil {
			return err
		}
		s.tokens[courseNote(change.Round, g.Is.Key)] = string(note)
	}
	if token != "" {
		s.once(token, change.Round)
	}
	s.rounds[change.Round], s.rounds["gone "+change.Round] = r, gone
	for _, seat := range change.Seats {
		s.putSeat(seat)
	}
	s.putMeetings(r.Program, change.Meetings)
	s.insert(change.Intents, change.Round)
	return nil
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

// live lets time pass until an instant as the ledger would: what is due is composed and posted, and what follows from changes is carried out.
func (k *cafe) live(until time.Time) []Send {
	k.t.Helper()
	var sent []Send
	for {
		next, ok := k.earliest(until)
		if !ok {
			k.now = until
			return sent
		}
		if next.Kind == KindPlan {
			k.carryOut(next)
			continue
		}
		sent = append(sent, k.deliverOne(next)...)
	}
}

func (k *cafe) carryOut(s Send) {
	k.t.Helper()
	if s.Due.After(k.now) {
		k.now = s.Due
	}
	name, _, _ := strings.Cut(s.Ref, " ")
	kind, id, _ := strings.Cut(name, "/")
	if kind == "help" { // it changes nothing of a round
		s.State = StateSent
		k.shelf.sends[s.SID] = s
		return
	}
	if err := k.PlanChange(k.t.Context(), k.now, kind, id); err != nil {
		k.t.Fatalf("%s: %v", s.SID, err)
	}
	if err := k.PlanChange(k.t.Context(), k.now, kind, id); err != nil { // whoever died before noting it does it twice
		k.t.Fatalf("%s again: %v", s.SID, err)
	}
	s.State = StateSent
	k.shelf.sends[s.SID] = s
}

// deliverOne delivers one send, and leaves the others where they are.
func (k *cafe) deliverOne(next Send) []Send {
	k.t.Helper()
	others := k.shelf.sends
	k.shelf.sends = map[string]Send{}
	for sid, s := range others { // what is settled can be looked up, what waits is out of the way
		if s.State != StatePending || sid == next.SID {
			k.shelf.sends[sid] = s
		}
	}
	held := maps.Clone(others)
	sent := k.deliver(later(k.now, next.Due))
	for sid, s := range k.shelf.sends {
		if s.Kind == KindPlan && others[sid].SID == "" {
			s.State, s.Reason = StatePending, "" // it came about just now, and is carried out later
		}
		if was, there := held[sid]; !there || sid == next.SID || was.State != StatePending {
			held[sid] = s
		}
	}
	k.shelf.sends = held
	return sent
}

// follow puts into the ledger what follows from a change of a seat.
func (k *cafe) follow(program, member string, act func()) {
	k.t.Helper()
	was := k.seat(program, member)
	act()
	is := k.seat(program, member)
	is.Version = was.Version
	scene, err := k.shelf.ProgramScene(k.t.Context(), "", member)
	if err != nil {
		k.t.Fatal(err)
	}
	if was.Member == "" {
		was = Seat{Program: program, Member: member}
	}
	k.shelf.insert(k.seatIntents(k.now, scene, was, is), "")
}

// joinLate joins as the commands do.
func (k *cafe) joinLate(program, member string) {
	k.t.Helper()
	k.follow(program, member, func() { k.join(program, member) })
}

// together lists the groups of a round as they stand, each by its members, and the members of those that cannot left out.
func (k *cafe) together(round string) []string {
	var list []string
	for _, g := range k.shelf.rounds[round].Groups {
		if g.Found != TimeCannot {
			list = append(list, strings.Join(g.Members, ""))
		}
	}
	slices.Sort(list)
	return list
}
