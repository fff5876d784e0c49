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
	r, g, err := c.Rounds.RoundGroup(ctx, ref, rest)
	if errors.Is(err, ErrNotFound) {
		return nil, undone, nil
	}
	if err != nil {
		return nil, Decision{}, fmt.Errorf("compose %q: %w", s.SID, err)
	}
	if s.Kind == KindNoPair {
		return c.composeNoPair(ctx, now, s, r)
	}
	t := table{program: p, round: r, group: g}
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
	scene   Scene
}

func (c *Coffee) hoursOf(t table) (byID map[string]Hours, all []Hours) {
	byID = make(map[string]Hours, len(t.group.Members))
	for _, id := range t.group.Members {
		byID[id] = t.scene.Hours(id, c.Settings.Current().Zone)
		all = append(all, byID[id])
	}
	return byID, all
}

// there returns the members of a group who still take part: since the round was drawn somebody may have left it, or the company, or skipped it at the last moment.
func (c *Coffee) there(ctx context.Context, t table) ([]string, error) {
	seats, err := c.Seats.SeatsOf(ctx, t.program.ID, t.group.Members...)
	if err != nil {
		return nil, err
	}
	var there []string
	for _, id := range t.group.Members {
		if s := seats[id]; s.In() && s.SkipRound != t.round.Number && t.scene.Members[id].Person() {
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
	if len(there) < len(t.group.Members) {
		return nil, Decision{Verdict: Drop, Reason: ReasonUnreachable, Then: noPairIntents(t.round, now, there)}, nil
	}
	hours, all := c.hoursOf(t)
	if len(s.Members) == 1 {
		to := s.Members[0]
		if d := reachable(t.scene.Members[to], t.scene.Preferences[to], s.Kind, hours[to], now); d.Verdict != Go {
			return nil, d, nil
		}
		return c.introduction(now, t, to), Decision{}, nil
	}
	open, ok := CommonOpen(now, introWindow, all...)
	switch {
	case !ok: // hours changed since: now each gets it alone
		return nil, Decision{Verdict: Drop, Reason: ReasonQuietHours, Then: aloneIntents(t.round, t.group, now, all)}, nil
	case open.After(now):
		return nil, Decision{Verdict: Wait, Reason: ReasonQuietHours, Until: open}, nil
	}
	return c.introduction(now, t, ""), Decision{}, nil
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
	if t.group.Met[to] != "" || t.group.Found == TimeCannot && len(t.group.Members) == 2 {
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
	to := s.Members[0]
	scene, err := c.Scenes.Scene(ctx, "", to)
	if err != nil {
		return nil, Decision{}, err
	}
	h := scene.Hours(to, c.Settings.Current().Zone)
	if d := reachable(scene.Members[to], scene.Preferences[to], s.Kind, h, now); d.Verdict != Go {
		return nil, d, nil
	}
	m, err := c.part(ctx, now, r.Program, to)
	if err != nil {
		return nil, Decision{}, err
	}
	switch {
	case !m.Seat.In():
		return nil, undone, nil
	case m.Seat.Matched == r.Number, m.Seat.LastSatOut == r.Number:
		return NoPairNote{Mine: m, Reader: scene.Members[to]}, Decision{}, nil
	case m.Seat.Asked == r.Number:
		return StillInNote{Mine: m, Reader: scene.Members[to]}, Decision{}, nil
	}
	return nil, undone, nil // they said something meanwhile
}
