package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

// regroup looks after the rest of a group that somebody left. Whom its introduction reached go on, as long as they are two; whom it did not reach yet are introduced
// without who left. Two who knew of each other before somebody joined them hear nothing of one who left again. One alone is released.
func (c *Coffee) regroup(ctx context.Context, now time.Time, round, key string) error {
	for range placeTries {
		err := c.regroupOnce(ctx, now, round, key)
		switch {
		case errors.Is(err, ErrNotFound):
			return nil
		case !errors.Is(err, ErrConflict):
			return err
		}
	}
	return fmt.Errorf("regroup %q of round %q: %w", key, round, ErrConflict)
}

// remnant is what is left of a group that somebody left.
type remnant struct {
	table
	old    table    // the group that it grew from; the zero value if it did not grow
	rest   []string // who still takes part
	heard  []string // of those, whom the group's introduction reached
	told   []string // of those, whom an introduction told of the rest, this one or the one before somebody joined
	loose  []string // who takes part and is to have another group, since the rest had one without them
	before []string // of all, whom an introduction of any group reached
}

func (c *Coffee) regroupOnce(ctx context.Context, now time.Time, round, key string) error {
	r, g, course, err := c.Rounds.GroupCourse(ctx, round, key)
	if err != nil || course.Became != "" || !now.Before(r.End) {
		return err
	}
	t := table{round: r, group: g, course: course}
	if t.program, err = c.Programs.Program(ctx, r.Program); err != nil {
		return err
	}
	if t.scene, err = c.Scenes.Scene(ctx, t.program.Channel, g.Members...); err != nil {
		return err
	}
	left, err := c.remnant(ctx, t)
	if err != nil {
		return err
	}
	apart := t.scene.apart(left.rest)
	if len(left.rest) == len(g.Members) && !apart {
		return nil
	}
	met := len(left.rest) > 1 && len(left.told) == len(left.rest) // they were introduced, and are not torn apart
	switch {
	case len(left.rest) == 0:
		return c.goOn(ctx, left)
	case met && len(left.heard) < len(left.rest) && left.grewBack():
		return c.reinstate(ctx, now, left)
	case met:
		return c.goOn(ctx, left)
	case len(left.rest) == 1 || apart:
		return c.release(ctx, now, left)
	}
	return c.shrink(ctx, now, left)
}

// remnant reads what is left of a group.
func (c *Coffee) remnant(ctx context.Context, t table) (remnant, error) {
	left := remnant{table: t}
	var err error
	if left.rest, err = c.there(ctx, t); err != nil {
		return remnant{}, err
	}
	if left.heard, err = c.reached(ctx, t.round, t.group, left.rest); err != nil {
		return remnant{}, err
	}
	left.told = left.heard
	left.before = unique(slices.Concat(t.course.Again, left.told))
	if t.course.Was == "" {
		return left, nil
	}
	left.old.round = t.round
	if _, left.old.group, left.old.course, err = c.Rounds.GroupCourse(ctx, t.round.ID, t.course.Was); err != nil {
		return remnant{}, err
	}
	known, err := c.reached(ctx, t.round, left.old.group, left.rest)
	if err != nil {
		return remnant{}, err
	}
	left.before = unique(slices.Concat(left.before, known))
	if t.course.Joins == "" {
		return left, nil
	}
	others := slices.DeleteFunc(slices.Clone(left.rest), func(id string) bool { return id == t.course.Joins })
	parted := len(others) < len(left.rest) && len(left.told) < len(left.rest) && t.scene.apart(left.rest)
	if parted && len(others) > 1 && (len(known) == len(others) || !t.scene.apart(others)) {
		left.rest, left.loose = others, []string{t.course.Joins} // who came last is not to cost the others their coffee
	}
	if !slices.Contains(left.rest, t.course.Joins) {
		left.told = slices.DeleteFunc(unique(slices.Concat(left.told, known)), func(id string) bool { return !slices.Contains(left.rest, id) })
	}
	return left, nil
}

// grewBack reports whether those who are left were a group before somebody joined them who is no longer there.
func (l remnant) grewBack() bool {
	joins := l.course.Joins
	return joins != "" && !slices.Contains(l.rest, joins) && l.old.group.Key != ""
}

// reached are those of some people whom a group's introduction reached, in its chat or alone.
func (c *Coffee) reached(ctx context.Context, r Round, g Group, people []string) ([]string, error) {
	var sids []string
	for _, id := range people {
		sids = append(sids, introSIDs(r, g, id)...)
	}
	sends, err := c.Rounds.SendsBySID(ctx, unique(sids)...)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(slices.Clone(people), func(id string) bool {
		_, introduced := introducedBy(sends, r, g, id)
		return !introduced || !slices.Contains(g.Members, id)
	}), nil
}

// missing are the members of a group who neither still take part nor said that they cannot.
func (l remnant) missing(g Group, course Course) []string {
	return slices.DeleteFunc(slices.Clone(g.Members), func(id string) bool {
		return slices.Contains(l.rest, id) || slices.Contains(course.Out, id) || slices.Contains(course.Gone, id)
	})
}

// goOn notes who left a group whose others go on with what they were told, so that nobody counts as having met who was no longer there.
func (c *Coffee) goOn(ctx context.Context, left remnant) error {
	missing := left.missing(left.group, left.course)
	if len(missing) == 0 {
		return nil
	}
	is, course := left.group, left.course
	for _, id := range missing {
		course = course.released(id)
	}
	if len(left.rest) == 0 {
		is.Found = TimeCannot
	}
	return c.Rounds.ChangeRound(ctx, "", RoundChange{
		Round: left.round.ID, Groups: []GroupChange{{Was: left.group, Is: is, Course: course}}, Meetings: meetingsOf(is, course, left.round.ID),
	})
}

// reinstate puts the group back that another grew from, for those who know of each other already. They hear nothing of it.
func (c *Coffee) reinstate(ctx context.Context, now time.Time, left remnant) error {
	seats, err := c.Seats.SeatsOf(ctx, left.program.ID, left.group.Members...)
	if err != nil {
		return err
	}
	is, course := left.old.group, left.old.course
	is.Found, is.Met, is.Worth = left.group.Found, left.group.Met, left.group.Worth
	course.Became, course.Again = "", unique(slices.Concat(course.Again, left.course.Again))
	course.Late = course.Late || len(left.heard) > 0 // some were told of who joined: nobody else joins them
	for _, id := range left.course.Out {
		if slices.Contains(is.Members, id) {
			course = course.without(id)
		}
	}
	for _, id := range left.missing(is, course) {
		course = course.released(id)
	}
	change := RoundChange{Round: left.round.ID}
	for _, id := range left.rest {
		s := seats[id]
		if s.Matched != left.round.Number || s.Group != left.group.Key {
			return ErrConflict
		}
		s.Group = is.Key
		change.Seats = append(change.Seats, s)
	}
	c.loosen(&change, now, left, seats, left.loose)
	gone, ended := left.group, left.course
	gone.Found, gone.Met, gone.Worth, ended.Became = TimeUnknown, nil, nil, is.Key // what was said goes with them
	change.Groups = []GroupChange{{Was: left.group, Is: gone, Course: ended}, {Was: left.old.group, Is: is, Course: course}}
	change.Meetings = append(meetingsOf(is, course, left.round.ID), without(left.group, is.Members, left.round.Number)...)
	return c.Rounds.ChangeRound(ctx, "", change)
}

// without are the pairs of a group that are not all of the members given; they did not meet.
func without(g Group, members []string, round int) []Meeting {
	return slices.DeleteFunc(answered(pairsOf(g.Members, round), false), func(m Meeting) bool {
		return slices.Contains(members, m.A) && slices.Contains(members, m.B)
	})
}

// shrink puts a smaller group in the place of one of which not everybody who is left was told.
func (c *Coffee) shrink(ctx context.Context, now time.Time, left remnant) error {
	seats, err := c.Seats.SeatsOf(ctx, left.program.ID, left.group.Members...)
	if err != nil {
		return err
	}
	g := left.group
	is := Group{Key: lateKey(left.rest, g.Version), Members: left.rest, Question: g.Question, First: firstOf(g.First, left.rest, seats)}
	for _, reason := range g.Reasons {
		if slices.Contains(left.rest, reason.A) && slices.Contains(left.rest, reason.B) {
			is.Reasons = append(is.Reasons, reason)
		}
	}
	change := RoundChange{Round: left.round.ID}
	if err := takePlace(&change, seats, left.round, g, left.course, is, left.smaller()); err != nil {
		return err
	}
	c.loosen(&change, now, left, seats, left.loose)
	change.Meetings = without(g, left.rest, left.round.Number)
	change.Intents = append(change.Intents, c.untold(now, left, is)...)
	return c.Rounds.ChangeRound(ctx, "", change)
}

// smaller is the course of the group that takes the place of one that somebody left. It grew late if that did.
func (l remnant) smaller() Course {
	next := Course{Was: l.group.Key, Late: l.course.Late, Again: l.before}
	if joins := l.course.Joins; slices.Contains(l.rest, joins) {
		next.Was = l.course.Was
		if len(l.rest) > 2 { // else they are two who are new to each other
			next.Joins = joins
		}
	}
	return next
}

// untold are the messages to a smaller group. Whom the introduction told of the others already, alone, gets no second one.
func (c *Coffee) untold(now time.Time, left remnant, is Group) Intents {
	start := later(now, left.round.At)
	if len(left.told) == 0 {
		return c.groupIntents(left.round, is, start, left.scene, !left.course.Late)
	}
	_, all := c.hoursOf(table{group: is, scene: left.scene})
	return slices.DeleteFunc(aloneIntents(left.round, is, start, all), func(s Send) bool { return slices.Contains(left.told, s.Members[0]) })
}

// lostGroup is what the seat of who comes back says of their group in the latest round, and what it is to say: the group that still counts on them, or that they
// wait for another.
func (c *Coffee) lostGroup(ctx context.Context, s Seat, latest int) (was, is string, err error) {
	switch {
	case s.In(), s.Matched != latest, s.Group == "":
		return s.Group, s.Group, nil
	case s.Group == restsGroup:
		return s.Group, againGroup, nil
	case s.loose():
		return s.Group, s.Group, nil
	}
	r, g, course, err := c.standing(ctx, roundID(s.Program, latest), s.Group)
	if errors.Is(err, ErrNotFound) {
		return s.Group, waitsGroup, nil
	}
	if err != nil {
		return "", "", err
	}
	if rest := course.Rest(g); len(rest) > 1 && slices.Contains(rest, s.Member) {
		return s.Group, g.Key, nil
	}
	reached, err := c.reachedBefore(ctx, r, s)
	if err != nil {
		return "", "", err
	}
	if reached {
		return s.Group, againGroup, nil
	}
	return s.Group, waitsGroup, nil
}

// reachedBefore reports whether an introduction in a round reached a member, in the group of their seat or in one that it came from.
func (c *Coffee) reachedBefore(ctx context.Context, r Round, s Seat) (bool, error) {
	key := s.Group
	for range becameMost {
		_, g, course, err := c.Rounds.GroupCourse(ctx, r.ID, key)
		if err != nil {
			return false, err
		}
		reached, err := c.reached(ctx, r, g, []string{s.Member})
		if err != nil || len(reached) > 0 || slices.Contains(course.Again, s.Member) || course.Was == "" {
			return err == nil && (len(reached) > 0 || slices.Contains(course.Again, s.Member)), err
		}
		key = course.Was
	}
	return false, nil
}
