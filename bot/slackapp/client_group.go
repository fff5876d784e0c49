package slackapp

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/slack-go/slack"

	"rapport/bot"
)

const (
	// lookupTimeout bounds the one call that a person's command may wait for while its people are found.
	lookupTimeout = time.Second
	// groupsFresh is how long the list of user groups is believed.
	groupsFresh = 5 * time.Minute
	// groupsPause is how long a list that could not be read is not asked for again.
	groupsPause = 30 * time.Second
)

// GroupMembers implements [bot.GroupReader], by one call of at most a second.
func (c *Client) GroupMembers(ctx context.Context, group string) ([]string, error) {
	ctx, cancel := context.WithTimeout(ctx, lookupTimeout)
	defer cancel()
	members, err := c.api.GetUserGroupMembersContext(ctx, group)
	return members, groupError("usergroups.users.list", err)
}

// UserGroups implements [bot.GroupReader], by one call of at most a second every five minutes.
func (c *Client) UserGroups(ctx context.Context) ([]bot.UserGroup, error) {
	if groups, known, err := c.groups.known(c.clock.Now()); known {
		return groups, err
	}
	ctx, cancel := context.WithTimeout(ctx, lookupTimeout)
	defer cancel()
	listed, err := c.api.GetUserGroupsContext(ctx)
	return c.groups.learn(c.clock.Now(), userGroups(listed), groupError("usergroups.list", err))
}

// groupError names the method, and says where the workspace has no user groups or did not grant a look at them, and where one is gone or switched off: none of
// that passes by waiting.
func groupError(method string, err error) error {
	err = callError(method, err)
	switch RefusalCode(err) {
	case "missing_scope", "plan_upgrade_required":
		return &bot.Fault{Code: bot.KudosGroupsOff, Cause: err}
	case "no_such_subteam":
		return &bot.Fault{Code: bot.KudosGroupEmpty, Cause: err}
	}
	return err
}

// userGroups are those that are in use, by name.
func userGroups(listed []slack.UserGroup) []bot.UserGroup {
	var groups []bot.UserGroup
	for _, g := range listed {
		if g.DateDelete == 0 {
			groups = append(groups, bot.UserGroup{ID: g.ID, Name: g.Name, Handle: g.Handle})
		}
	}
	slices.SortFunc(groups, func(a, b bot.UserGroup) int {
		return cmp.Or(strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)), strings.Compare(a.ID, b.ID))
	})
	return groups
}

// groupList is what this process last heard of the workspace's user groups. The zero value knows nothing. It is safe for concurrent use.
type groupList struct {
	mu     sync.Mutex
	groups []bot.UserGroup
	err    error
	until  time.Time // believed before that
	heard  bool      // groups is a list, maybe an old one
}

// known returns the list, or why there is none, if that need not be asked for at this instant.
func (l *groupList) known(now time.Time) (groups []bot.UserGroup, known bool, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !now.Before(l.until) {
		return nil, false, nil
	}
	return l.groups, true, l.err
}

// learn keeps what was read. Where that failed an older list goes on to count.
func (l *groupList) learn(now time.Time, groups []bot.UserGroup, err error) ([]bot.UserGroup, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case err == nil:
		l.groups, l.heard, l.err, l.until = groups, true, nil, now.Add(groupsFresh)
	case refused(err) != nil:
		l.groups, l.heard, l.err, l.until = nil, false, err, now.Add(groupsFresh)
	case l.heard:
		l.until = now.Add(groupsPause)
	default:
		l.err, l.until = err, now.Add(groupsPause)
	}
	return l.groups, l.err
}
