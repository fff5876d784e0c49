package bot

import (
	"context"
	"slices"

	"rapport/bot/pairing"
)

// Course is what became of a group after its round was drawn. The zero value is a group that goes on as it was drawn.
type Course struct {
	Out    []string `json:"out,omitempty"`    // who said that they cannot this time; nobody is told who
	Gone   []string `json:"gone,omitempty"`   // who was released, and does not come back
	Late   bool     `json:"late,omitempty"`   // it came about while the round was under way
	Was    string   `json:"was,omitempty"`    // the key of the group that it came from, with another member or without one
	Joins  string   `json:"joins,omitempty"`  // who joined the group that it came from
	Again  []string `json:"again,omitempty"`  // whom the introduction of another group of the round reached before
	Became string   `json:"became,omitempty"` // the key of the group that took this one's place; then nothing more happens here
}

// Rest are the members of a group who still want to meet.
func (c Course) Rest(g Group) []string {
	return slices.DeleteFunc(slices.Clone(g.Members), func(id string) bool { return slices.Contains(c.Out, id) || slices.Contains(c.Gone, id) })
}

// without is the course once a member is out.
func (c Course) without(member string) Course {
	c.Out = unique(append(slices.Clone(c.Out), member))
	return c
}

// released is the course once a member is free for another group.
func (c Course) released(member string) Course {
	c.Gone = unique(append(slices.Clone(c.Gone), member))
	return c
}

// with is the course once a member is back.
func (c Course) with(member string) Course {
	c.Out = slices.DeleteFunc(slices.Clone(c.Out), func(id string) bool { return id == member })
	return c
}

// whole reports whether nothing has happened to the group that somebody who joins it would meet.
func (c Course) whole() bool { return len(c.Out)+len(c.Gone) == 0 && c.Became == "" }

// Across reports whether people of different departments are in a group.
func (g Group) Across() bool {
	return slices.ContainsFunc(g.Reasons, func(reason pairing.Reason) bool { return reason.Code == pairing.DifferentDepartments })
}

// GroupChange is a group as it was read, and as it is to be with what became of it. A zero Was makes a new group.
type GroupChange struct {
	Was, Is Group
	Course  Course
}

// RoundChange is something that happens to a round after it was drawn, in one step.
type RoundChange struct {
	Round    string // id
	Groups   []GroupChange
	Newly    int // people who were in no group of the round before
	Seats    []Seat
	Meetings []Meeting // in place of those of the same pair and round
	Intents  Intents
}

// RoundChanger changes rounds that are under way.
type RoundChanger interface {
	// ChangeRound makes a change if every group and seat in it is still as it was read, and none of the new groups is there, else [ErrConflict]. [ErrRepeated]
	// when the token came before.
	ChangeRound(ctx context.Context, token Token, change RoundChange) error
	// GroupCourse reads one group of a round, what became of it, and the round without its groups; [ErrNotFound] for an unknown id or key.
	GroupCourse(ctx context.Context, round, key string) (Round, Group, Course, error)
}

// becameMost bounds how often a group's place was taken within one round.
const becameMost = 8

// standing reads a group, or the one that took its place.
func (c *Coffee) standing(ctx context.Context, round, key string) (r Round, g Group, course Course, err error) {
	for range becameMost {
		if r, g, course, err = c.Rounds.GroupCourse(ctx, round, key); err != nil || course.Became == "" {
			break
		}
		key = course.Became
	}
	return r, g, course, err
}
