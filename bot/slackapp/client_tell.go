package slackapp

import (
	"context"
	"errors"
)

// Tell lets one member know something that answers what they just did: in the channel where they did it, seen by them alone, or else in
// their conversation with the bot. Nothing is said twice: where Slack may have shown it in the channel, that is all.
func (c *Client) Tell(ctx context.Context, member, channel string, m Message) error {
	if channel != "" {
		err := c.Whisper(ctx, channel, member, m)
		if refusal, ok := errors.AsType[*Refusal](err); !ok || judge(refusal) == verdictUnknown {
			return err
		}
	}
	dm, err := c.OpenConversation(ctx, member)
	if err != nil {
		return err
	}
	_, err = c.Say(ctx, dm, "", m)
	return err
}
