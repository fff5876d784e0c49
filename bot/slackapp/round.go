package slackapp

import (
	"context"
	"strings"

	"rapport/bot"
)

// A button about a group carries the round, the group's key, the answer and, where it matters, in which message it stands.
const (
	inIntroduction = "intro"
	inAlone        = "alone" // an introduction to one reader
	inMidway       = "midway"
)

func groupValue(r bot.Round, g bot.Group, rest ...string) string {
	return strings.Join(append([]string{r.ID, g.Key}, rest...), " ")
}

// groupAct reads a button about a group; the rest is empty or as long as wanted. Whose group it is, is checked by the use case.
func groupAct(r Request, wanted int) (bot.RoundAct, []string, error) {
	parts := strings.Fields(r.Action.Value)
	if len(parts) != 2+wanted {
		return bot.RoundAct{}, nil, &bot.Fault{Code: bot.FaultInvalid}
	}
	return bot.RoundAct{Token: r.Token, Member: r.User, Round: parts[0], Group: parts[1]}, parts[2:], nil
}

// found notes whether a group has found a time. The message that asked says it to all of them from then on; nobody is notified.
func (c *Coffee) found(ctx context.Context, r Request) (Response, error) {
	a, rest, err := groupAct(r, 2)
	if err != nil {
		return Response{}, err
	}
	i, err := c.Use.AnswerTime(ctx, r.Now, a, bot.Time(rest[0]))
	if err != nil {
		return Response{}, err
	}
	if bot.Time(rest[0]) == bot.TimeCannot && i.Group.Found != bot.TimeCannot { // the others go on, and their message stays as it is
		return Then(func(ctx context.Context) error { return c.Client.Respond(ctx, r.ResponseURL, outOfIt(i)) }), nil
	}
	everybody := Reader{Zone: firstZone(c.Settings.Current().Zone)}
	m := introduction(everybody, i)
	switch rest[1] {
	case inMidway:
		m = midwayAnswered(i)
	case inAlone:
		i.Alone = r.User
		reader, err := readerOf(ctx, c.Use, r.User)
		if err != nil {
			return Response{}, err
		}
		m = introduction(reader, i)
	}
	return Then(func(ctx context.Context) error { return c.Client.Rewrite(ctx, r, m) }), nil
}

// met notes one member's answer to "did you meet?".
func (c *Coffee) met(ctx context.Context, r Request) (Response, error) {
	a, rest, err := groupAct(r, 1)
	if err != nil {
		return Response{}, err
	}
	q, err := c.Use.AnswerMet(ctx, r.Now, a, bot.Met(rest[0]))
	if err != nil {
		return Response{}, err
	}
	return c.rewritten(ctx, r, func(reader Reader) Message { return metQuestion(reader, q, r.Now) })
}

// chat opens the conversation of a group that was introduced to each member alone, and gives the way there. Nobody is notified.
func (c *Coffee) chat(ctx context.Context, r Request) (Response, error) {
	a, _, err := groupAct(r, 0)
	if err != nil {
		return Response{}, err
	}
	i, err := c.Use.Introduction(ctx, r.Now, a)
	if err != nil {
		return Response{}, err
	}
	if err := c.Use.Hear(ctx, r.Now, bot.SeatAct{Token: r.Token, Member: r.User, Program: i.Program.ID}); err != nil {
		return Response{}, err
	}
	return Then(func(ctx context.Context) error {
		if len(i.There) < 2 {
			return c.Client.Respond(ctx, r.ResponseURL, noChat())
		}
		conversation, err := c.Client.OpenConversation(ctx, i.There...)
		if err != nil {
			return err
		}
		return c.Client.Respond(ctx, r.ResponseURL, chatOpened(i.Team, conversation))
	}), nil
}
