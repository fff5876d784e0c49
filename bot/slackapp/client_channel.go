package slackapp

import (
	"context"
	"slices"

	"github.com/slack-go/slack"
)

// InChannel implements [bot.Presence], by one call of at most a second for each thousand members.
func (c *Client) InChannel(ctx context.Context, channel, member string) (bool, error) {
	ctx, cancel := context.WithTimeout(ctx, lookupTimeout)
	defer cancel()
	ask := &slack.GetUsersInConversationParameters{ChannelID: channel, Limit: 1000}
	for {
		members, next, err := c.api.GetUsersInConversationContext(ctx, ask)
		switch err = callError("conversations.members", err); {
		case RefusalCode(err) == "channel_not_found":
			return false, nil
		case err != nil:
			return false, err
		}
		if slices.Contains(members, member) {
			return true, nil
		}
		if next == "" {
			return false, nil
		}
		ask.Cursor = next
	}
}
