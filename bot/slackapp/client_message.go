package slackapp

import (
	"context"

	"github.com/slack-go/slack"
)

// Say posts an answer to what a person just wrote or pressed, in their conversation with the bot or in a thread ("" for none). What the bot says
// on its own initiative goes through the ledger and [Sender] instead.
func (c *Client) Say(ctx context.Context, channel, thread string, m Message) (ts string, err error) {
	options, err := messageOptions(m)
	if err != nil {
		return "", err
	}
	if thread != "" {
		options = append(options, slack.MsgOptionTS(thread))
	}
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	_, ts, err = c.api.PostMessageContext(ctx, channel, options...)
	return ts, callError("chat.postMessage", err)
}

// Whisper posts a message that only one member of the channel sees, and only while they are there.
func (c *Client) Whisper(ctx context.Context, channel, member string, m Message) error {
	options, err := messageOptions(m)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	_, err = c.api.PostEphemeralContext(ctx, channel, member, options...)
	return callError("chat.postEphemeral", err)
}

// UpdateMessage replaces a message of the bot's.
func (c *Client) UpdateMessage(ctx context.Context, channel, ts string, m Message) error {
	options, err := messageOptions(m)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	_, _, _, err = c.api.UpdateMessageContext(ctx, channel, ts, options...)
	return callError("chat.update", err)
}

// DeleteMessage takes a message of the bot's away.
func (c *Client) DeleteMessage(ctx context.Context, channel, ts string) error {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	_, _, err := c.api.DeleteMessageContext(ctx, channel, ts)
	return callError("chat.delete", err)
}

// Respond answers through a response URL with a message that only the person sees.
func (c *Client) Respond(ctx context.Context, responseURL string, m Message) error {
	return c.respond(ctx, responseURL, m, &slack.WebhookMessage{ResponseType: slack.ResponseTypeEphemeral})
}

// Replace replaces the message that the response URL belongs to; the only way to change an ephemeral one.
func (c *Client) Replace(ctx context.Context, responseURL string, m Message) error {
	return c.respond(ctx, responseURL, m, &slack.WebhookMessage{ReplaceOriginal: true})
}

// Remove takes the message that the response URL belongs to away.
func (c *Client) Remove(ctx context.Context, responseURL string) error {
	return c.hook(ctx, responseURL, &slack.WebhookMessage{DeleteOriginal: true})
}

// Rewrite replaces the message that held the pressed button, ephemeral or not.
func (c *Client) Rewrite(ctx context.Context, r Request, m Message) error {
	if r.ResponseURL != "" {
		return c.Replace(ctx, r.ResponseURL, m)
	}
	return c.UpdateMessage(ctx, r.Message.Channel, r.Message.TS, m)
}

func (c *Client) respond(ctx context.Context, responseURL string, m Message, hook *slack.WebhookMessage) error {
	sealed, err := m.seal()
	if err != nil {
		return err
	}
	hook.Text = sealed.Text
	hook.UnfurlLinks, hook.UnfurlMedia = &sealed.Unfurl, &sealed.Unfurl
	if len(sealed.Blocks) > 0 {
		hook.Blocks = &slack.Blocks{BlockSet: sealed.Blocks}
	}
	return c.hook(ctx, responseURL, hook)
}

func (c *Client) hook(ctx context.Context, responseURL string, hook *slack.WebhookMessage) error {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	return callError("response_url", slack.PostWebhookCustomHTTPContext(ctx, responseURL, c.http, hook))
}

// messageOptions are what a message says, in the client library's terms.
func messageOptions(m Message) ([]slack.MsgOption, error) {
	sealed, err := m.seal()
	if err != nil {
		return nil, err
	}
	options := []slack.MsgOption{slack.MsgOptionText(sealed.Text, false), slack.MsgOptionBlocks(sealed.Blocks...)}
	if !m.Unfurl {
		options = append(options, slack.MsgOptionDisableLinkUnfurl(), slack.MsgOptionDisableMediaUnfurl())
	}
	return options, nil
}
