package storage

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"rapport/bot"
)

// What happens to a round after it was drawn stands beside the groups: what became of each, and which came later or are no longer there.
const lateField = "late"

func courseField(key string) string { return "course " + key }

// storedLate is what a round gained and lost since it was drawn.
type storedLate struct {
	Groups     []string `json:"groups,omitempty"` // that came later
	Gone       []string `json:"gone,omitempty"`   // whose place another took
	GroupCount int      `json:"group_count,omitempty"`
	People     int      `json:"people,omitempty"`
	Across     int      `json:"across,omitempty"`

	version int
}

func readLate(stored string) (storedLate, error) {
	var late storedLate
	if stored == "" {
		return late, nil
	}
	version, err := versionOf(stored)
	if err != nil {
		return late, err
	}
	late.version = version
	return late, decodeValue(stored, &late)
}

// GroupCourse implements [bot.RoundChanger]; one round trip.
func (s *Store) GroupCourse(ctx context.Context, round, group string) (bot.Round, bot.Group, bot.Course, error) {
	none := func(err error) (bot.Round, bot.Group, bot.Course, error) {
		return bot.Round{}, bot.Group{}, bot.Course{}, fmt.Errorf("find group %q of round %q: %w", group, round, err)
	}
	key, err := s.keys.roundOf(round)
	if err != nil {
		return none(err)
	}
	found, err := s.fields(ctx, key, append(headFields(), groupField(group), courseField(group)))
	if err != nil {
		return none(err)
	}
	if found[planField] == "" || found[groupField(group)] == "" {
		return none(bot.ErrNotFound)
	}
	plan, err := readPlan(found)
	if err != nil {
		return none(err)
	}
	g, err := readGroup(found[groupField(group)])
	if err != nil {
		return none(err)
	}
	var course bot.Course
	if text := found[courseField(group)]; text != "" {
		if err := decodeJSON(text, &course); err != nil {
			return none(err)
		}
	}
	return plan.head(), g, course, nil
}

// ChangeRound implements [bot.RoundChanger].
func (s *Store) ChangeRound(ctx context.Context, token bot.Token, change bot.RoundChange) error {
	key, err := s.keys.roundOf(change.Round)
	if err != nil {
		return err
	}
	c := s.change()
	c.ID = change.Round
	c.once(token)
	c.need(key, planField)
	for _, g := range change.Groups {
		if err := s.putGroup(c, key, g); err != nil {
			return err
		}
	}
	if err := s.putLate(ctx, c, key, change); err != nil {
		return err
	}
	for _, seat := range change.Seats {
		if err := s.putSeat(c, seat); err != nil {
			return err
		}
	}
	program, _, _ := strings.Cut(change.Round, "/")
	s.putMeetings(c, program, change.Meetings)
	c.send(change.Intents)
	return s.commit(ctx, c)
}

// putGroup writes a group with what became of it, and the round's counts of answers.
func (s *Store) putGroup(c *change, key string, g bot.GroupChange) error {
	if err := c.put(key, groupField(g.Is.Key), g.Was.Version, g.Is); err != nil {
		return err
	}
	text, err := encodeJSON(g.Course)
	if err != nil {
		return err
	}
	if text == "{}" {
		c.op("HDEL", key, courseField(g.Is.Key))
	} else {
		c.op("HSET", key, courseField(g.Is.Key), text)
	}
	c.countAnswers(key, g.Was, g.Is)
	return nil
}

// putLate brings the list of what came later up to date, where a change adds groups or has one take another's place.
func (s *Store) putLate(ctx context.Context, c *change, key string, change bot.RoundChange) error {
	moves := func(g bot.GroupChange) bool { return g.Was.Key == "" || g.Course.Became != "" }
	if !slices.ContainsFunc(change.Groups, moves) {
		return nil
	}
	found, err := s.fields(ctx, key, []string{lateField})
	if err != nil {
		return fmt.Errorf("read what came later in round %q: %w", change.Round, err)
	}
	late, err := readLate(found[lateField])
	if err != nil {
		return fmt.Errorf("read what came later in round %q: %w", change.Round, err)
	}
	late.People += change.Newly
	for _, g := range change.Groups {
		switch {
		case g.Was.Key == "":
			late.Groups = append(late.Groups, g.Is.Key)
			late.GroupCount++
			late.Across += acrossOf(g.Is)
		case g.Course.Became != "":
			late.Gone = append(late.Gone, g.Is.Key)
			late.GroupCount--
			late.Across -= acrossOf(g.Is)
		case slices.Contains(late.Gone, g.Is.Key): // it comes back
			late.Gone = slices.DeleteFunc(late.Gone, func(key string) bool { return key == g.Is.Key })
			late.GroupCount++
			late.Across += acrossOf(g.Is)
		}
	}
	return c.put(key, lateField, late.version, late)
}

// acrossOf is 1 for a group with people of different departments.
func acrossOf(g bot.Group) int {
	if g.Across() {
		return 1
	}
	return 0
}

// after is a round that was read whole, with what came later in it.
func (l storedLate) after(r bot.Round, later []bot.Group) bot.Round {
	r.Groups = slices.DeleteFunc(append(r.Groups, later...), func(g bot.Group) bool { return slices.Contains(l.Gone, g.Key) })
	placed := map[string]bool{}
	for _, g := range later {
		for _, id := range g.Members {
			placed[id] = true
		}
	}
	r.LeftOut = slices.DeleteFunc(r.LeftOut, func(id string) bool { return placed[id] })
	return r
}
