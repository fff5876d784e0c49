package slackapp

import (
	"context"
	"time"

	"rapport/bot"
)

// lookupTimeout bounds the one call that a person's command may wait for while its people are found.
const lookupTimeout = time.Second

// GroupMembers implements [bot.GroupReader], by one call of at most a second.
func (c *Client) GroupMembers(ctx context.Context, group string) ([]string, error) {
	ctx, cancel := context.WithTimeout(ctx, lookupTimeout)
	defer cancel()
	members, err := c.api.GetUserGroupMembersContext(ctx, group)
	if err = callError("usergroups.users.list", err); RefusalCode(err) == "missing_scope" {
		return nil, &bot.Fault{Code: bot.KudosGroupsOff, Cause: err}
	}
	return members, err
}
