package slackapp

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/slack-go/slack"
)

const (
	// callTimeout bounds a call that a person waits for.
	callTimeout = 5 * time.Second
	// httpTimeout bounds every call; the delivery protocol counts on it.
	httpTimeout = 10 * time.Second
)

// Client calls Slack for the handlers. It checks what it sends against Slack's limits, never repeats a call by itself, and returns a *[Refusal]
// where Slack said no.
type Client struct {
	api   *slack.Client
	http  *http.Client
	clock Clock
	time  *slackTime

	groups groupList
}

// newHTTPClient keeps connections open for as many calls as are made at once.
func newHTTPClient() *http.Client {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConnsPerHost = 64
	return &http.Client{Timeout: httpTimeout, Transport: transport}
}

func newClient(token, apiURL string, httpClient *http.Client, clock Clock) *Client {
	theirs := &slackTime{}
	httpClient = tellTime(httpClient, orElse(apiURL, slack.APIURL), clock, theirs)
	return &Client{api: slack.New(token, apiOptions(apiURL, httpClient)...), http: httpClient, clock: clock, time: theirs}
}

func apiOptions(apiURL string, httpClient *http.Client) []slack.Option {
	options := []slack.Option{slack.OptionHTTPClient(httpClient)}
	if apiURL != "" {
		options = append(options, slack.OptionAPIURL(apiURL))
	}
	return options
}

// ViewRef points at a view that is open, by its id or by the external id that it was opened with.
type ViewRef struct {
	ID         string
	ExternalID string
	Hash       string // if set, the update is refused ("hash_conflict") when the view has changed since
}

// OpenModal opens a modal. The trigger must be younger than three seconds and works once.
func (c *Client) OpenModal(ctx context.Context, trigger string, m Modal) (ViewRef, error) {
	return c.showModal(ctx, "views.open", m, func(ctx context.Context, v slack.ModalViewRequest) (*slack.ViewResponse, error) {
		return c.api.OpenViewContext(ctx, trigger, v)
	})
}

// PushModal opens a modal on top of the one in which the trigger arose.
func (c *Client) PushModal(ctx context.Context, trigger string, m Modal) (ViewRef, error) {
	return c.showModal(ctx, "views.push", m, func(ctx context.Context, v slack.ModalViewRequest) (*slack.ViewResponse, error) {
		return c.api.PushViewContext(ctx, trigger, v)
	})
}

// ShowModal opens a modal in answer to r: on top of the one in which the person acted, if they did in one.
func (c *Client) ShowModal(ctx context.Context, r Request, m Modal) (ViewRef, error) {
	if r.View.ID != "" && !r.View.Home {
		return c.PushModal(ctx, r.TriggerID, m)
	}
	return c.OpenModal(ctx, r.TriggerID, m)
}

// UpdateModal replaces what an open modal shows.
func (c *Client) UpdateModal(ctx context.Context, ref ViewRef, m Modal) (ViewRef, error) {
	return c.showModal(ctx, "views.update", m, func(ctx context.Context, v slack.ModalViewRequest) (*slack.ViewResponse, error) {
		id := ref.ID
		if ref.ExternalID != "" {
			id = "" // Slack wants one of them
		}
		return c.api.UpdateViewContext(ctx, v, ref.ExternalID, ref.Hash, id)
	})
}

const (
	fillTries = 10
	fillPause = 200 * time.Millisecond
)

// fillModal replaces a modal that is just being opened by the time it is there.
func (c *Client) fillModal(ctx context.Context, externalID string, m Modal) error {
	for try := 1; ; try++ {
		_, err := c.UpdateModal(ctx, ViewRef{ExternalID: externalID}, m)
		if RefusalCode(err) != "not_found" || try == fillTries {
			return err
		}
		select {
		case <-time.After(fillPause):
		case <-ctx.Done():
			return err
		}
	}
}

func (c *Client) showModal(ctx context.Context, method string, m Modal,
	call func(context.Context, slack.ModalViewRequest) (*slack.ViewResponse, error),
) (ViewRef, error) {
	view, err := m.seal()
	if err != nil {
		return ViewRef{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	shown, err := call(ctx, view)
	if err != nil {
		return ViewRef{}, callError(method, err)
	}
	return ViewRef{ID: shown.ID, ExternalID: shown.ExternalID, Hash: shown.Hash}, nil
}

// PublishHome replaces what a member's Home tab shows.
func (c *Client) PublishHome(ctx context.Context, member string, h Home) error {
	view, err := h.seal()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	_, err = c.api.PublishViewContext(ctx, slack.PublishViewContextRequest{UserID: member, View: view})
	return callError("views.publish", err)
}

// OpenConversation returns the conversation of the bot with up to eight members, opening it if there is none. Nobody is notified.
func (c *Client) OpenConversation(ctx context.Context, members ...string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	conversation, _, _, err := c.api.OpenConversationContext(ctx, &slack.OpenConversationParameters{Users: members})
	if err != nil {
		return "", callError("conversations.open", err)
	}
	if conversation == nil || conversation.ID == "" {
		return "", fmt.Errorf("call conversations.open: no conversation in the answer")
	}
	return conversation.ID, nil
}

// Permalink returns the address of a message.
func (c *Client) Permalink(ctx context.Context, channel, ts string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	link, err := c.api.GetPermalinkContext(ctx, &slack.PermalinkParameters{Channel: channel, Ts: ts})
	return link, callError("chat.getPermalink", err)
}
