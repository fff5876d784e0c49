package bot

import (
	"cmp"
	"context"
	"slices"
)

// KudosTeamMost is how many people a user group can have to be thanked as one team.
const KudosTeamMost = 500

// UserGroup is a user group of the workspace.
type UserGroup struct {
	ID     string // S…
	Name   string // as its people wrote it; not escaped
	Handle string // without the at sign
}

// KudosTeam is a user group as somebody would thank it.
type KudosTeam struct {
	Group  string
	Name   string // not escaped; empty where nobody can tell
	People []string
	Left   []LeftOut // who is in the group and cannot be thanked
	Large  bool      // more people than can each be thanked: it is thanked as one
}

// Team tells who is thanked when somebody thanks a user group. It answers the same faults as Give.
func (r *Recognition) Team(ctx context.Context, giver, group string) (KudosTeam, error) {
	if !isSlackID(group, "S") {
		return KudosTeam{}, &Fault{Code: FaultInvalid}
	}
	named, _, err := r.named(ctx, KudosInput{Groups: []string{group}})
	if err != nil {
		return KudosTeam{}, err
	}
	scene, err := r.Scenes.Scene(ctx, "", unique(append([]string{giver}, named...))...)
	if err != nil {
		return KudosTeam{}, &Fault{Code: FaultUnread, Cause: err}
	}
	people, left := r.chooseRecipients(giver, named, scene)
	if len(people) == 0 {
		return KudosTeam{Group: group, Left: left}, nobodyLeft(left)
	}
	return KudosTeam{Group: group, Name: r.teamName(ctx, group), People: people, Left: left, Large: len(people) > r.Limits().Recipients}, nil
}

// teamName is what a user group is called; empty where nobody can tell.
func (r *Recognition) teamName(ctx context.Context, group string) string {
	if group == "" {
		return ""
	}
	groups, err := r.Groups.UserGroups(ctx)
	if err != nil {
		return ""
	}
	for _, g := range groups {
		if g.ID == group {
			return cmp.Or(g.Name, g.Handle)
		}
	}
	return ""
}

// within reports whether everybody in some is in all.
func within(some, all []string) bool {
	return !slices.ContainsFunc(some, func(id string) bool { return !slices.Contains(all, id) })
}
