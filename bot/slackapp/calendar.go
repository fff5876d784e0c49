package slackapp

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"rapport/bot"
)

// calendarValue says which times of which group a button is about, and in which message it stands. The times are those of the message: proposals made later differ.
func calendarValue(i bot.Introduction, where string) string {
	var times []string
	for _, t := range i.Times {
		times = append(times, strconv.FormatInt(t.Unix(), 10))
	}
	return groupValue(i.Round, i.Group, strings.Join(times, ","), where)
}

// calendarAct finds the introduction that a calendar's button is about, with the button's times in it. Whoever is not in the group finds none.
func (n *Introductions) calendarAct(ctx context.Context, r Request) (i bot.Introduction, where string, err error) {
	a, rest, err := groupAct(r, 2)
	if err != nil {
		return bot.Introduction{}, "", err
	}
	if i, err = n.Use.Introduction(ctx, r.Now, a); err != nil {
		return bot.Introduction{}, "", err
	}
	i.Times = nil
	for text := range strings.SplitSeq(rest[0], ",") {
		unix, err := strconv.ParseInt(text, 10, 64)
		if t := time.Unix(unix, 0); err == nil && i.MayBegin(t) && len(i.Times) < maxCalendarTimes {
			i.Times = append(i.Times, t)
		}
	}
	if len(i.Times) == 0 {
		return bot.Introduction{}, "", &bot.Fault{Code: bot.FaultInvalid}
	}
	if rest[1] == inAlone {
		i.Alone = r.User
	}
	return i, rest[1], nil
}

// maxCalendarTimes is how many times a calendar's window offers.
const maxCalendarTimes = 3

// openCalendar shows every way into a calendar for each of the times.
func (n *Introductions) openCalendar(_ context.Context, r Request) (Response, error) {
	return n.Client.opening(r, calendarWindow, func(ctx context.Context) (Modal, error) {
		i, where, err := n.calendarAct(ctx, r)
		if err != nil {
			return Modal{}, err
		}
		reader, err := readerOf(ctx, n.Use, r.User)
		if err != nil {
			return Modal{}, err
		}
		return calendarView(reader, i, where, n.Files, ""), nil
	}), nil
}

// calendarFile puts a file for one time into the conversation with the introduction, once, whoever of the group presses how often. The window says what became of it.
func (n *Introductions) calendarFile(ctx context.Context, r Request) (Response, error) {
	i, where, err := n.calendarAct(ctx, r)
	if err != nil {
		return Response{}, err
	}
	if !n.Files {
		return Response{}, &bot.Fault{Code: bot.FaultOff}
	}
	reader, err := readerOf(ctx, n.Use, r.User)
	if err != nil {
		return Response{}, err
	}
	return Then(func(ctx context.Context) error {
		said, err := n.handOut(ctx, reader, i)
		_, shown := n.Client.UpdateModal(ctx, ViewRef{ID: r.View.ID}, calendarView(reader, i, where, n.Files, said))
		if err == nil {
			err = shown
		}
		return err
	}), nil
}

// handOut uploads the file of an introduction's first time and says what became of it. Nothing of an upload is seen before its last step, so that alone is done once.
func (n *Introductions) handOut(ctx context.Context, r Reader, i bot.Introduction) (said string, err error) {
	t, to := i.Times[0], i.There
	if i.Alone != "" {
		to = []string{i.Alone}
	}
	raw, err := calendarEntry(i, t, n.Clock.Now())
	if err != nil {
		return calendarFailed, err
	}
	place, err := n.Client.OpenConversation(ctx, to...)
	if err != nil {
		return calendarFailed, err
	}
	file, err := n.Client.Upload(ctx, calendarFileName(t), raw)
	if err != nil {
		return calendarFailed, err
	}
	token := bot.Token(fmt.Sprintf("calendar %s %s %d %s", i.Round.ID, i.Group.Key, t.Unix(), place))
	first, err := n.Memory.Seen(ctx, token)
	if err != nil {
		return calendarFailed, err
	}
	if !first {
		return "That file is in your chat already.", nil
	}
	err = n.Client.Share(ctx, file, calendarTitle(i), place, calendarComment(r, i, t))
	if refusal, ok := errors.AsType[*Refusal](err); ok && judge(refusal) != verdictUnknown {
		return calendarFailed, errors.Join(err, n.Memory.Unsee(ctx, token)) // a definite no: the next press may try again
	}
	if err != nil {
		return "I could not confirm that the file arrived. Please look into your chat; the links below work in any case.", err
	}
	return "The file is in your chat. Open it there to add it to your calendar.", nil
}

const calendarFailed = "The file could not be made right now. The links and facts below work all the same."
