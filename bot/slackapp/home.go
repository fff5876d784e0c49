package slackapp

import (
	"context"
	"errors"

	"rapport/bot"
)

// HomeTab shows each person what is theirs. All fields are required.
type HomeTab struct {
	Client *Client
	Clock  Clock
	Use    *bot.Bot
}

// Routes implements [Noun].
func (t *HomeTab) Routes() []Route {
	return []Route{
		{Kind: OnEvent, Name: "app_home_opened", Handle: t.opened},
		{Kind: OnAction, Name: "home.refresh", Handle: t.refresh},
	}
}

// opened shows the tab, and welcomes the first admin who opens it if nobody else installed the bot.
func (t *HomeTab) opened(ctx context.Context, r Request) (Response, error) {
	if r.Event.Tab != "" && r.Event.Tab != "home" {
		return Response{}, nil
	}
	if err := t.Use.Host.Greet(ctx, r.Now, r.User); err != nil {
		return Response{}, err
	}
	return t.refresh(ctx, r)
}

func (t *HomeTab) refresh(_ context.Context, r Request) (Response, error) {
	return Then(func(ctx context.Context) error { return t.Publish(ctx, r.User) }), nil
}

// Publish shows a member's Home tab as it is now.
func (t *HomeTab) Publish(ctx context.Context, member string) error {
	now := t.Clock.Now()
	h, err := t.Use.Home(ctx, now, member)
	if err != nil {
		return err
	}
	return t.Client.PublishHome(ctx, member, homeView(t.reader(h), h, now))
}

func (t *HomeTab) reader(h bot.Home) Reader {
	return Reader{Locale: h.Reader.Locale, Zone: h.Hours.Zone}
}

// opening opens a modal at once, while its trigger works, and fills it with what has to be read first. A person who may not see that reads why
// in its place.
func (c *Client) opening(r Request, title string, read func(context.Context) (Modal, error)) Response {
	return Then(func(ctx context.Context) error {
		waiting := noticeModal("One moment…")
		waiting.Title = title
		ref, err := c.OpenModal(ctx, r.TriggerID, waiting)
		if err != nil {
			return err
		}
		m, problem := read(ctx)
		if problem != nil {
			m = noticeModal(faultSentence(Reader{}, problem))
		}
		_, err = c.UpdateModal(ctx, ViewRef{ID: ref.ID}, m)
		if refused(problem) != nil {
			problem = nil // the person was told, and nothing is broken
		}
		return errors.Join(problem, err)
	})
}

// changed answers a button: on Home by showing the tab anew, in a message with words below it that only the person sees.
func (t *HomeTab) changed(r Request, m Message) Response {
	return Then(func(ctx context.Context) error {
		switch {
		case r.View.Home:
			return t.Publish(ctx, r.User)
		case r.Message.Ephemeral && r.ResponseURL != "":
			return t.Client.Rewrite(ctx, r, m)
		case r.ResponseURL != "":
			return t.Client.Respond(ctx, r.ResponseURL, m)
		}
		return t.Client.Tell(ctx, r.User, r.Channel, m)
	})
}

// told answers a submitted form: in the person's conversation with the bot, and on Home.
func (t *HomeTab) told(r Request, m Message) Response {
	return Then(func(ctx context.Context) error {
		if err := t.Client.Tell(ctx, r.User, "", m); err != nil {
			return err
		}
		return t.Publish(ctx, r.User)
	})
}
