package slackapp

import (
	"context"
	"net/url"
	"strings"

	"rapport/bot"
	"rapport/bot/when"
)

// The form's inputs.
const (
	followupText    = "followup_text"
	followupTo      = "followup_to"
	followupOutside = "followup_outside"
	followupDate    = "followup_date"
	followupTime    = "followup_time"
	followupShare   = "followup_share"
)

// open opens the form from a button, filled with the text that the button holds.
func (f *Followup) open(_ context.Context, r Request) (Response, error) {
	if r.Action.Value == "" {
		return f.form(r, followupDraft{}), nil
	}
	return f.Client.opening(r, "A promise", func(ctx context.Context) (Modal, error) {
		in, _, err := f.Use.Read(ctx, r.Now, r.User, r.Action.Value)
		return followupForm(followupDraft{Input: in}), err
	}), nil
}

func (f *Followup) form(r Request, d followupDraft) Response {
	return Then(func(ctx context.Context) error {
		_, err := f.Client.OpenModal(ctx, r.TriggerID, followupForm(d))
		return err
	})
}

// shortcut opens the form for a message: its author is whom it is to, its permalink is kept.
func (f *Followup) shortcut(_ context.Context, r Request) (Response, error) {
	return f.Client.opening(r, "A promise", func(ctx context.Context) (Modal, error) {
		var d followupDraft
		if author := r.Message.User; !r.Message.Bot && author != "" && author != r.User {
			d.Input.Counterparties = []bot.Counterparty{{Member: author}}
		}
		// Without the link the promise can still be made.
		d.About, _ = f.Client.Permalink(ctx, r.Message.Channel, r.Message.TS)
		return followupForm(d), nil
	}), nil
}

func (f *Followup) submit(ctx context.Context, r Request) (Response, error) {
	in, err := f.Use.WhenOf(ctx, r.Now, r.User)
	if err != nil {
		return Response{}, err
	}
	due, problems := formDue(r.Values, in)
	text := bot.EscapeText(r.Values.Text(followupText))
	if text == "" {
		problems[followupText] = "Say in a few words what you will do."
	}
	if len(problems) > 0 {
		return Response{Ack: InputErrors(problems)}, nil
	}
	c, err := f.Use.Promise(ctx, r.Now, bot.Promise{
		Token: r.Token, By: r.User, Owner: r.User, Counterparties: formCounterparties(r.Values, r.User), Text: text, Due: due,
		About: permalink(r.View.PrivateMetadata), Shared: r.Values.Ticked(followupShare, "share"),
	})
	if fault := refused(err); fault != nil {
		return Response{Ack: InputErrors(map[string]string{followupInput(fault.Code): faultSentence(Reader{}, err)})}, nil
	}
	if err != nil {
		return Response{}, err
	}
	message := followupCreated(Reader{Zone: in.Zone, Locale: in.Locale}, c, bot.FollowupInput{Due: due}, when.Offers(in))
	return f.Home.told(r, message), nil
}

// followupInput is the input below which a problem is shown.
func followupInput(code bot.FaultCode) string {
	switch code {
	case bot.FollowupPast, bot.FollowupTooFar, bot.FollowupImpossible:
		return followupDate
	case bot.FollowupPerson:
		return followupTo
	}
	return followupText
}

// permalinkLimit is far more than a message's address has.
const permalinkLimit = 500

// permalink is the address of a message, or nothing: what comes with a form can be forged.
func permalink(text string) string {
	u, err := url.Parse(text)
	if err != nil || len(text) > permalinkLimit || u.Scheme != "https" && u.Scheme != "http" || !strings.HasPrefix(u.Path, "/archives/") ||
		strings.ContainsAny(text, "|<> \n") {
		return ""
	}
	return text
}

// formDue is the date that a form says, nil for none, and what is wrong with it by input.
func formDue(v Values, in when.Context) (*when.Due, map[string]string) {
	problems := map[string]string{}
	day, dated := v.Date(followupDate)
	minute, timed := v.Minute(followupTime)
	if !dated {
		if timed {
			problems[followupDate] = "Pick the day for that time, too."
		}
		return nil, problems
	}
	due := in.EndOfDay(day)
	if timed {
		due.Time, due.ExplicitTime = when.Clock{Hour: minute / 60, Minute: minute % 60}, true
	}
	if !due.UTC().After(in.Now) {
		problems[followupDate] = "That is over already. Pick a day ahead, or mark it as done instead."
	}
	return &due, problems
}

func formCounterparties(v Values, self string) []bot.Counterparty {
	var list []bot.Counterparty
	for _, id := range v.Users(followupTo) {
		if id != self {
			list = append(list, bot.Counterparty{Member: id})
		}
	}
	outside := bot.EscapeText(v.Text(followupOutside))
	if outside == "" {
		return list
	}
	name, org, _ := strings.Cut(outside, ",")
	if strings.Contains(outside, "@") && !strings.ContainsAny(outside, " ,") {
		return append(list, bot.Counterparty{Email: outside})
	}
	return append(list, bot.Counterparty{Name: strings.TrimSpace(name), Org: strings.TrimSpace(org)})
}

// pick opens the form with a date picker for one commitment.
func (f *Followup) pick(_ context.Context, r Request) (Response, error) {
	act, err := actOf(r, r.Action.Value)
	if err != nil {
		return Response{}, err
	}
	return f.Client.opening(r, "Another date", func(ctx context.Context) (Modal, error) {
		c, err := f.Use.Show(ctx, act)
		return followupMoveForm(c), err
	}), nil
}

func (f *Followup) submitMove(ctx context.Context, r Request) (Response, error) {
	act, err := actOf(r, r.View.PrivateMetadata)
	if err != nil {
		return Response{}, err
	}
	in, err := f.Use.WhenOf(ctx, r.Now, r.User)
	if err != nil {
		return Response{}, err
	}
	due, problems := formDue(r.Values, in)
	if len(problems) > 0 {
		return Response{Ack: InputErrors(problems)}, nil
	}
	c, err := f.Use.Move(ctx, r.Now, act, due)
	if err != nil {
		return Response{}, err
	}
	return f.Home.told(r, followupMoved(Reader{Zone: in.Zone, Locale: in.Locale}, c, nil, r.Now)), nil
}
