package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// MidwayNote asks a group that has not said anything yet whether they found a time.
type MidwayNote struct {
	Program Program
	Round   Round
	Group   Group
	People  map[string]Member
}

// MetQuestion asks one member whether the group met, and whether they want to skip the next round.
type MetQuestion struct {
	Mine   Mine
	Round  Round // that it is about
	Group  Group
	Reader Member
	People map[string]Member
	Chat   string // conversation id of the group's chat; empty if they were introduced alone
	Team   string // the workspace's id, for addresses
}

// NoPairNote tells a member that there was no suitable match this round.
type NoPairNote struct {
	Mine   Mine
	Reader Member
}

// StillInNote tells a member, once, that a round went ahead without them because nothing was heard of them in the one before.
type StillInNote struct {
	Mine   Mine
	Reader Member
}

var undone = Decision{Verdict: Drop, Reason: ReasonUndone}

// Compose turns a send about a program into content.
func (c *Coffee) Compose(ctx context.Context, now time.Time, s Send) (any, Decision, error) {
	ref, rest, _ := strings.Cut(s.Ref, " ")
	program, _, _ := strings.Cut(ref, "/")
	p, err := c.Programs.Program(ctx, program)
	if errors.Is(err, ErrNotFound) {
		return nil, undone, nil
	}
	if err != nil {
		return nil, Decision{}, err
	}
	if s.Kind == KindProgram {
		return c.composeNews(ctx, now, s, p, rest)
	}
	if rest == "" && s.Kind != KindNoPair {
		return nil, undone, nil
	}
	t, err := c.tableFor(ctx, p, s, ref, rest)
	if errors.Is(err, ErrNotFound) {
		return nil, undone, nil
	}
	if err != nil {
		return nil, Decision{}, fmt.Errorf("compose %q: %w", s.SID, err)
	}
	switch {
	case s.Kind == KindNoPair && rest != "":
		return c.composeReleased(ctx, now, s, t.round)
	case s.Kind == KindNoPair:
		return c.composeNoPair(ctx, now, s, t.round)
	case t.course.Became != "":
		return nil, Decision{Verdict: Drop, Reason: ReasonMerged}, nil
	}
	t.scene, err = c.Scenes.Scene(ctx, p.Channel, t.group.Members...)
	if err != nil {
		return nil, Decision{}, err
	}
	switch s.Kind {
	case KindPair:
		return c.composePair(ctx, now, s, t)
	case KindMidway:
		return c.composeMidway(ctx, now, t)
	}
	return c.composeMet(ctx, now, s, t)
}

// table is a group with all that a message to it needs.
type table struct {
	program Program
	round   Round
	group   Group
	course  Course // of the group
	scene   Scene
}

// tableFor reads what a send tells of: the group that it names, but of who is asked whether they met the group that they are in now.
func (c *Coffee) tableFor(ctx context.Context, p Program, s Send, round, key string) (table, error) {
	t := table{program: p}
	if s.Kind == KindMet {
		seats, err := c.Seats.SeatsOf(ctx, p.ID, s.Members[0])
		if err != nil {
			return table{}, err
		}
		switch seat := seats[s.Members[0]]; {
		case roundID(p.ID, seat.Matched) != round, seat.Group == "":
		case !seat.sits(seat.Matched):
			return table{}, ErrNotFound
		default:
			key = seat.Group
		}
	}
	var err error
	if key == "" {
		t.round, _, err = c.Rounds.RoundGroup(ctx, round, "")
		return t, err
	}
	t.round, t.group, t.course, err = c.Rounds.GroupCourse(ctx, round, key)
	return t, err
}

func (c *Coffee) hoursOf(t table) (byID map[string]Hours, all []Hours) {
	byID = make(map[string]Hours, len(t.group.Members))
	for _, id := range t.group.Members {
		byID[id] = t.scene.Hours(id, c.Settings.Current().Zone)
		all = append(all, byID[id])
	}
	return byID, all
}

// there returns the members of a group who still take part: since the round was drawn somebody may have left it, or the company, skipped it at the last moment,
// said that they cannot, or been given another group.
func (c *Coffee) there(ctx context.Context, t table) ([]string, error) {
	seats, err := c.Seats.SeatsOf(ctx, t.program.ID, t.group.Members...)
	if err != nil {
		return nil, err
	}
	var there []string
	for _, id := range t.course.Rest(t.group) {
		s := seats[id]
		elsewhere := s.Matched == t.round.Number && s.Group != "" && s.Group != t.group.Key
		if s.In() && !elsewhere && s.SkipRound != t.round.Number && t.scene.Members[id].Person() {
			there = append(there, id)
		}
	}
	return there, nil
}

func (c *Coffee) composePair(ctx context.Context, now time.Time, s Send, t table) (any, Decision, error) {
	there, err := c.there(ctx, t)
	if err != nil {
		return nil, Decision{}, err
	}
	if len(there) < len(t.group.Members) || t.scene.apart(there) {
		then := Intents{regroupPlan(now, t.round.ID, t.group.Key, fmt.Sprint("v", t.group.Version))}
		return nil, Decision{Verdict: Drop, Reason: ReasonUnreachable, Then: then}, nil
	}
	before, d, err := c.introducedBefore(ctx, now, t)
	if err != nil || d.Verdict != Go {
		return nil, d, err
	}
	hours, all := c.hoursOf(t)
	if len(s.Members) == 1 {
		to := s.Members[0]
		if d := reachable(t.scene.Members[to], t.scene.Preferences[to], s.Kind, hours[to], now); d.Verdict != Go {
			return nil, d, nil
		}
		return c.opening(now, t, to, before), Decision{}, nil
	}
	open, ok := CommonOpen(now, introWindow, all...)
	switch {
	case !ok: // hours changed since: now each gets it alone
		return nil, Decision{Verdict: Drop, Reason: ReasonQuietHours, Then: aloneIntents(t.round, t.group, now, all)}, nil
	case open.After(now):
		return nil, Decision{Verdict: Wait, Reason: ReasonQuietHours, Until: open}, nil
	}
	return c.opening(now, t, "", before), Decision{}, nil
}

func (c *Coffee) composeMidway(ctx context.Context, now time.Time, t table) (any, Decision, error) {
	there, err := c.there(ctx, t)
	if err != nil {
		return nil, Decision{}, err
	}
	intro, err := c.Sent.SendBySID(ctx, PairSID(t.round.ID, t.group.Key))
	if err != nil && !errors.Is(err, ErrNotFound) {
		return nil, Decision{}, err
	}
	if t.group.Found != TimeUnknown || len(t.group.Met) > 0 || len(there) < len(t.group.Members) || intro.State != StateSent {
		return nil, Decision{Verdict: Drop, Reason: ReasonNothing}, nil
	}
	if before, d, err := c.introducedBefore(ctx, now, t); err != nil || d.Verdict != Go || before {
		return nil, Decision{Verdict: Drop, Reason: ReasonNothing}, err
	}
	_, all := c.hoursOf(t)
	for _, id := range t.group.Members {
		if slices.Contains(t.scene.Preferences[id].Muted, KindMidway) {
			return nil, Decision{Verdict: Drop, Reason: ReasonMuted}, nil
		}
	}
	open, ok := CommonOpen(now, introWindow, all...)
	switch {
	case !ok:
		return nil, Decision{Verdict: Drop, Reason: ReasonQuietHours}, nil
	case open.After(now):
		return nil, Decision{Verdict: Wait, Reason: ReasonQuietHours, Until: open}, nil
	}
	return MidwayNote{Program: t.program, Round: t.round, Group: t.group, People: t.scene.Members}, Decision{}, nil
}

// composeMet asks only whom the introduction reached, who is still in the program, and for whom the answer is still open: of two of whom one said
// that they cannot, nobody is asked.
func (c *Coffee) composeMet(ctx context.Context, now time.Time, s Send, t table) (any, Decision, error) {
	to, nothing := s.Members[0], Decision{Verdict: Drop, Reason: ReasonNothing}
	there, err := c.there(ctx, t)
	if err != nil {
		return nil, Decision{}, err
	}
	if t.group.Met[to] != "" || t.group.Found == TimeCannot && len(t.group.Members) == 2 || len(there) < 2 || !slices.Contains(there, to) {
		return nil, nothing, nil
	}
	hours := t.scene.Hours(to, c.Settings.Current().Zone)
	if d := reachable(t.scene.Members[to], t.scene.Preferences[to], s.Kind, hours, now); d.Verdict != Go {
		return nil, d, nil
	}
	q, introduced, err := c.metQuestion(ctx, now, t, to)
	if err != nil {
		return nil, Decision{}, err
	}
	if !introduced || !q.Mine.Seat.In() {
		return nil, nothing, nil
	}
	return q, Decision{}, nil
}

func (c *Coffee) metQuestion(ctx context.Context, now time.Time, t table, to string) (q MetQuestion, introduced bool, err error) {
	chat, introduced, err := c.introduced(ctx, t.round, t.group, to)
	if err != nil {
		return MetQuestion{}, false, err
	}
	q = MetQuestion{Round: t.round, Group: t.group, Reader: t.scene.Members[to], People: t.scene.Members, Chat: chat, Team: c.Settings.Current().Team}
	q.Mine, err = c.part(ctx, now, t.program.ID, to)
	return q, introduced, err
}

// part is a member's part in a program now.
func (c *Coffee) part(ctx context.Context, now time.Time, program, member string) (Mine, error) {
	seat, err := c.Seat(ctx, program, member)
	if err != nil {
		return Mine{}, err
	}
	latest, err := c.latest(ctx, program)
	if err != nil {
		return Mine{}, err
	}
	return c.mineOf(ctx, now, seat, latest)
}

// composeNoPair tells who was left out, was waiting for a word of theirs, or whose partner went away before the introduction.
func (c *Coffee) composeNoPair(ctx context.Context, now time.Time, s Send, r Round) (any, Decision, error) {
	m, reader, d, err := c.noted(ctx, now, s, r)
	if err != nil || d.Verdict != Go {
		return nil, d, err
	}
	switch {
	case !m.Seat.In(), m.Seat.sits(r.Number): // somebody was found for them meanwhile
		return nil, undone, nil
	case m.Seat.Matched == r.Number, m.Seat.LastSatOut == r.Number:
		return NoPairNote{Mine: m, Reader: reader}, Decision{}, nil
	case m.Seat.Asked == r.Number:
		return StillInNote{Mine: m, Reader: reader}, Decision{}, nil
	}
	return nil, undone, nil // they said something meanwhile
}

// noted is the part in a round's program of the one whom a note goes to, once they can be reached.
func (c *Coffee) noted(ctx context.Context, now time.Time, s Send, r Round) (Mine, Member, Decision, error) {
	to := s.Members[0]
	scene, err := c.Scenes.Scene(ctx, "", to)
	if err != nil {
		return Mine{}, Member{}, Decision{}, err
	}
	hours := scene.Hours(to, c.Settings.Current().Zone)
	if d := reachable(scene.Members[to], scene.Preferences[to], s.Kind, hours, now); d.Verdict != Go {
		return Mine{}, Member{}, d, nil
	}
	m, err := c.part(ctx, now, r.Program, to)
	return m, scene.Members[to], Decision{}, err
}
