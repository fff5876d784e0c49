package slackapp

import (
	"context"
	"strconv"
	"strings"
	"time"

	"rapport/bot"
	"rapport/bot/when"
)

// Followup answers everything about commitments. All fields are required.
type Followup struct {
	Client *Client
	Use    *bot.Promises
	Home   *HomeTab
	Thanks *bot.Thanks
}

// Routes implements [Noun].
func (f *Followup) Routes() []Route {
	return []Route{
		{Kind: OnCommand, Name: "/followup", Handle: f.command},
		{Kind: OnCommand, Name: "/followup review", Handle: f.reviewCommand},
		{Kind: OnAction, Name: "review.set", Handle: f.reviewButton},
		{Kind: OnAction, Name: "review.act", Handle: f.reviewAct},
		{Kind: OnAction, Name: "followup.open", Handle: f.open},
		{Kind: OnAction, Name: "followup.date", Handle: f.setDate},
		{Kind: OnAction, Name: "followup.pick", Handle: f.pick},
		{Kind: OnAction, Name: "followup.done", Handle: f.done},
		{Kind: OnAction, Name: "followup.takeback", Handle: f.takeBack},
		{Kind: OnAction, Name: "followup.undo", Handle: f.undo},
		{Kind: OnAction, Name: "followup.list", Handle: f.page},
		{Kind: OnAction, Name: "followup.share", Handle: f.share},
		{Kind: OnAction, Name: "followup.unshare", Handle: f.unshare},
		{Kind: OnAction, Name: "followup.split", Handle: f.split},
		{Kind: OnAction, Name: "followup.edit", Handle: f.edit},
		{Kind: OnSubmit, Name: "followup.edit", Handle: f.submitEdit},
		{Kind: OnAction, Name: "followup.more", Handle: f.more},
		{Kind: OnAction, Name: "followup.give", Handle: f.give},
		{Kind: OnSubmit, Name: "followup.give", Handle: f.submitGive},
		{Kind: OnAction, Name: "followup.tell", Handle: f.tell},
		{Kind: OnAction, Name: "followup.unsay", Handle: f.unsay},
		{Kind: OnAction, Name: "followup.thank", Handle: f.thank},
		{Kind: OnAction, Name: "followup.unthank", Handle: f.unthank},
		{Kind: OnSubmit, Name: "followup.say", Handle: f.submitTell},
		{Kind: OnAction, Name: "followup.accept", Handle: f.accept},
		{Kind: OnAction, Name: "followup.decline", Handle: f.decline},
		{Kind: OnSubmit, Name: "followup.create", Handle: f.submit},
		{Kind: OnSubmit, Name: "followup.move", Handle: f.submitMove},
		{Kind: OnAction, Name: "followup.plan", Handle: f.planPicked},
		{Kind: OnAction, Name: "followup.replan", Handle: f.openPlan},
		{Kind: OnSubmit, Name: "followup.plan", Handle: f.submitPlan},
		{Kind: OnAction, Name: "followup.keep", Handle: f.keep},
		{Kind: OnAction, Name: "followup.release", Handle: f.release},
		{Kind: OnAction, Name: "followup.ask", Handle: f.ask},
		{Kind: OnAction, Name: "followup.on_track", Handle: f.onTrack},
		{Kind: OnAction, Name: "followup.off_track", Handle: f.offTrack},
		{Kind: OnAction, Name: "followup.slip", Handle: f.slip},
		{Kind: OnAction, Name: "followup.free", Handle: f.free},
		{Kind: OnAction, Name: "followup.need", Handle: f.need},
		{Kind: OnAction, Name: "followup.stay", Handle: f.stay},
		{Kind: OnAction, Name: "followup.pass", Handle: f.pass},
		{Kind: OnSubmit, Name: "followup.pass", Handle: f.submitPass},
		{Kind: OnAction, Name: "followup.let_go", Handle: f.letGo},
		{Kind: OnAction, Name: "followup.rechoose", Handle: f.rechoose},
		{Kind: OnShortcut, Name: "follow_up", Handle: f.shortcut},
	}
}

func (f *Followup) command(ctx context.Context, r Request) (Response, error) {
	in, read, err := f.Use.Read(ctx, r.Now, r.User, r.Text)
	if err != nil {
		return Response{}, err
	}
	reader := f.reader(read.Scene, r.User)
	act := bot.Act{Token: r.Token, Press: string(r.Token), Actor: r.User, ID: in.ID, Read: read}
	switch in.Action {
	case bot.FollowupHelp:
		return Reply(followupHelp()), nil
	case bot.FollowupList:
		return f.list(ctx, r, in, read.Scene)
	case bot.FollowupModal:
		return f.form(r, followupDraft{Input: in, People: read.Members}), nil
	case bot.FollowupError:
		return Reply(followupRefused(reader, in, r.Text, r.Now)), nil
	case bot.FollowupDone:
		c, err := f.Use.Complete(ctx, r.Now, act)
		return replied(followupDone(reader, c), err)
	case bot.FollowupDrop:
		c, err := f.Use.Release(ctx, r.Now, act)
		return replied(followupReleased(c), err)
	case bot.FollowupMove:
		c, err := f.Use.Move(ctx, r.Now, act, in.Due)
		return replied(followupMoved(reader, c, in.Alternatives, r.Now), err)
	case bot.FollowupSnooze:
		c, err := f.Use.Snooze(ctx, r.Now, act, snoozeTill(in.Due, r.Now))
		return replied(followupSnoozed(reader, c), err)
	case bot.FollowupGive:
		c, err := f.Use.Give(ctx, r.Now, act, in.Owner)
		return replied(followupGiven(c), err)
	}
	c, err := f.Use.Promise(ctx, r.Now, bot.Promise{
		Token: r.Token, By: r.User, Owner: in.Owner, Counterparties: in.Counterparties, Text: in.Text, Due: in.Due, Every: in.Every, Parts: in.Parts, Known: read.Scene,
	})
	return replied(f.planning(followupCreated(reader, c, in, f.offers(r.Now, r.User, read.Scene)), r, reader, c, read.Scene), err)
}

// replied answers a command with a message, unless there was an error.
func replied(m Message, err error) (Response, error) {
	if err != nil {
		return Response{}, err
	}
	return Reply(m), nil
}

func (f *Followup) reader(known bot.Scene, member string) Reader {
	return NewReader(known.Members[member], known.Preferences[member], f.Use.Settings.Current().Zone)
}

// offers are the dates that fit most promises without one.
func (f *Followup) offers(now time.Time, member string, known bot.Scene) []when.Due {
	return when.Offers(known.Hours(member, f.Use.Settings.Current().Zone).WhenContext(now, known.Members[member].Locale))
}

// snoozeMorning is when an item that was snoozed to a day comes up, in minutes: with the day's other reminders.
const snoozeMorning = 9 * 60

// snoozeTill is when a snoozed item comes up again: the time that was said, or the morning of a day. Where that is over it is an hour before the
// day's end.
func snoozeTill(d *when.Due, now time.Time) time.Time {
	if d.ExplicitTime {
		return d.UTC()
	}
	morning := *d
	morning.Time = when.Clock{Hour: snoozeMorning / 60}
	if till := morning.UTC(); till.After(now) {
		return till
	}
	return d.UTC().Add(-time.Hour)
}

func (f *Followup) readerOf(ctx context.Context, r Request) (Reader, error) {
	in, err := f.Use.WhenOf(ctx, r.Now, r.User)
	return Reader{Zone: in.Zone, Locale: in.Locale}, err
}

// actOf reads the number of the commitment from a button's value.
func actOf(r Request, value string) (bot.Act, error) {
	number, _, _ := strings.Cut(value, " ")
	id, err := strconv.Atoi(number)
	if err != nil {
		return bot.Act{}, &bot.Fault{Code: bot.FaultInvalid, Cause: err}
	}
	act := bot.Act{Token: r.Token, Actor: r.User, ID: id}
	if r.press != "" { // a form that is sent again may hold other words
		act.Press = string(r.Token) + " " + r.press
	}
	return act, nil
}

// setDate moves a commitment to the date that the button holds; "none" takes its date away, and settles that one without a date stays so.
func (f *Followup) setDate(ctx context.Context, r Request) (Response, error) {
	act, err := actOf(r, r.Action.Value)
	if err != nil {
		return Response{}, err
	}
	known, err := f.Use.Scenes.Scene(ctx, "", r.User)
	if err != nil {
		return Response{}, &bot.Fault{Code: bot.FaultUnread, Cause: err}
	}
	reader := f.reader(known, r.User)
	_, said, _ := strings.Cut(r.Action.Value, " ")
	due, err := buttonDue(said, known.Hours(r.User, f.Use.Settings.Current().Zone).WhenContext(r.Now, reader.Locale))
	if err != nil {
		return Response{}, err
	}
	if due == nil {
		switch c, err := f.Use.Show(ctx, act); {
		case err != nil:
			return Response{}, err
		case c.Due == nil:
			return f.instead(r, f.planning(followupUndated(c), r, reader, c, known)), nil
		}
	}
	c, err := f.Use.Move(ctx, r.Now, act, due)
	if err != nil {
		return Response{}, err
	}
	return f.instead(r, f.planning(followupMoved(reader, c, nil, r.Now), r, reader, c, known)), nil
}

// noDate in a button's value says that there is to be no date.
const noDate = "none"

// buttonDue reads what [dueValue] wrote.
func buttonDue(said string, in when.Context) (*when.Due, error) {
	if said == noDate {
		return nil, nil
	}
	date, clock, timed := strings.Cut(said, " ")
	day, err := when.ParseDate(date)
	if err != nil {
		return nil, &bot.Fault{Code: bot.FaultInvalid, Cause: err}
	}
	due := in.EndOfDay(day)
	if timed {
		if due.Time, err = when.ParseClock(clock); err != nil {
			return nil, &bot.Fault{Code: bot.FaultInvalid, Cause: err}
		}
		due.ExplicitTime = true
	}
	if !due.UTC().After(in.Now) {
		return nil, &bot.Fault{Code: bot.FollowupPast}
	}
	return &due, nil
}

// dueValue is a date for a button's value.
func dueValue(d when.Due) string {
	if d.ExplicitTime {
		return d.Date.String() + " " + d.Time.String()
	}
	return d.Date.String()
}

func (f *Followup) done(ctx context.Context, r Request) (Response, error) {
	value, occasion := doneValue(r.Action.Value)
	return f.tapped(ctx, r, value, func(ctx context.Context, now time.Time, a bot.Act) (bot.Commitment, error) {
		a.Occasion = occasion
		return f.Use.Complete(ctx, now, a)
	}, followupDone)
}

// doneValue takes the occasion out of a button's value: "7 3 list" is that of item 7, numbered 3, in a list; "7 list" names none.
func doneValue(value string) (string, *int) {
	words := strings.Fields(value)
	if len(words) < 2 {
		return value, nil
	}
	occasion, err := strconv.Atoi(words[1])
	if err != nil {
		return value, nil
	}
	return strings.Join(append(words[:1:1], words[2:]...), " "), &occasion
}

func (f *Followup) takeBack(ctx context.Context, r Request) (Response, error) {
	value := r.Action.Value
	if !strings.Contains(value, " ") {
		value += " " + onAlone
	}
	return f.tapped(ctx, r, value, f.Use.Release, readerless(followupTakenBack))
}

func (f *Followup) undo(ctx context.Context, r Request) (Response, error) {
	value := r.Action.Value
	if !strings.Contains(value, " ") {
		value += " " + onAlone
	}
	return f.tapped(ctx, r, value, f.Use.Undo, followupUndoneBy(r.User))
}

func (f *Followup) accept(ctx context.Context, r Request) (Response, error) {
	_, where, _ := strings.Cut(r.Action.Value, " ")
	if where, _, _ = strings.Cut(where, " "); where != onMany {
		where = ""
	}
	return f.tappedBy(ctx, r, r.Action.Value, func(ctx context.Context, now time.Time, a bot.Act) (bot.Commitment, error) {
		return f.Use.Answer(ctx, now, a, true)
	}, func(known bot.Scene, c bot.Commitment) Message {
		reader := f.reader(known, r.User)
		return f.planningAt(where, followupAccepted(reader, c), r, reader, c, known)
	})
}

func (f *Followup) decline(ctx context.Context, r Request) (Response, error) {
	return f.tapped(ctx, r, r.Action.Value, func(ctx context.Context, now time.Time, a bot.Act) (bot.Commitment, error) {
		return f.Use.Answer(ctx, now, a, false)
	}, followupDeclinedBy(r.User))
}

func readerless(view func(bot.Commitment) Message) func(Reader, bot.Commitment) Message {
	return func(_ Reader, c bot.Commitment) Message { return view(c) }
}

// more is the menu beside an item: "snooze 7 1", "drop 7", and where the menu stands.
func (f *Followup) more(ctx context.Context, r Request) (Response, error) {
	words := strings.Fields(r.Action.Picked.Option)
	if response, ok, err := f.menuPick(ctx, r, words); ok {
		return response, err
	}
	if len(words) >= 2 && words[0] == "drop" {
		return f.tapped(ctx, r, strings.Join(words[1:], " "), f.Use.Release, readerless(followupReleased))
	}
	if len(words) >= 2 && words[0] == "plan" {
		act, err := actOf(r, words[1])
		if err != nil {
			return Response{}, err
		}
		return f.planForm(r, act), nil
	}
	if len(words) < 3 || words[0] != "snooze" {
		return Response{}, &bot.Fault{Code: bot.FaultInvalid}
	}
	days, err := strconv.Atoi(words[2])
	if err != nil || days < 1 || days > 31 {
		return Response{}, &bot.Fault{Code: bot.FaultInvalid, Cause: err}
	}
	in, err := f.Use.WhenOf(ctx, r.Now, r.User)
	if err != nil {
		return Response{}, err
	}
	till := in.EndOfDay(when.DateOf(r.Now.In(in.Zone)).AddDays(days))
	value := strings.Join(append(words[1:2:2], words[3:]...), " ")
	return f.tapped(ctx, r, value, func(ctx context.Context, now time.Time, a bot.Act) (bot.Commitment, error) {
		return f.Use.Snooze(ctx, now, a, snoozeTill(&till, now))
	}, followupSnoozed)
}

// tapped applies what a button says to the commitment that its value names, and shows what came of it.
func (f *Followup) tapped(ctx context.Context, r Request, value string, act func(context.Context, time.Time, bot.Act) (bot.Commitment, error),
	view func(Reader, bot.Commitment) Message,
) (Response, error) {
	return f.tappedBy(ctx, r, value, act, func(known bot.Scene, c bot.Commitment) Message { return view(f.reader(known, r.User), c) })
}

// tappedBy is tapped for a view that needs to know more of who pressed.
func (f *Followup) tappedBy(ctx context.Context, r Request, value string, act func(context.Context, time.Time, bot.Act) (bot.Commitment, error),
	view func(bot.Scene, bot.Commitment) Message,
) (Response, error) {
	a, err := actOf(r, value)
	if err != nil {
		return Response{}, err
	}
	c, err := act(ctx, r.Now, a)
	if err != nil {
		return Response{}, err
	}
	known, err := f.known(ctx, r.User)
	if err != nil {
		return Response{}, err
	}
	m := view(known, c)
	_, where, _ := strings.Cut(value, " ")
	if others, ok := standingItems(where); ok {
		return f.rewriteMany(r, others, c, m), nil
	}
	if with, ok := listedAt(where); ok {
		return f.relist(ctx, r, promisePage{list: bot.PromiseList{With: with}, top: m.Text, done: c})
	}
	if where == onAlone {
		return f.instead(r, m), nil
	}
	return f.changed(r, m), nil
}
