package slackapp

import (
	"context"
	"errors"
	"net/url"
	"slices"
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
	followupOwner   = "followup_owner"
	followupEvery   = "followup_every"
)

// open opens the form from a button, filled with the text that the button holds.
func (f *Followup) open(_ context.Context, r Request) (Response, error) {
	if r.Action.Value == "" {
		return f.form(r, followupDraft{}), nil
	}
	return f.opening(r, "A promise", func(ctx context.Context) (Modal, error) {
		in, read, err := f.Use.Read(ctx, r.Now, r.User, r.Action.Value)
		return followupForm(followupDraft{Input: in, People: read.Members}), err
	}), nil
}

func (f *Followup) form(r Request, d followupDraft) Response {
	return Then(func(ctx context.Context) error {
		_, err := f.Client.OpenModal(ctx, r.TriggerID, followupForm(d))
		if err != nil {
			return errors.Join(err, f.unopened(ctx, r))
		}
		return nil
	})
}

// unopened gives the text back that the form would have held.
func (f *Followup) unopened(ctx context.Context, r Request) error {
	if r.ResponseURL == "" {
		return nil
	}
	return f.Client.Respond(ctx, r.ResponseURL, returned("I could not open the form, so nothing was saved. Please try again in a minute.", r.Text))
}

// shortcut opens the form for a message: its author is whom it is to, its permalink is kept.
func (f *Followup) shortcut(_ context.Context, r Request) (Response, error) {
	return f.opening(r, "A promise", func(ctx context.Context) (Modal, error) {
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
	days, err := f.formDays(ctx, r)
	if err != nil {
		return Response{}, err
	}
	people, err := f.calledBy(ctx, r.Values, "")
	if err != nil {
		return Response{}, err
	}
	owes, writer := formOwner(r), days.writer
	said := readForm(r.Values, days, bot.Commitment{}, people)
	if len(said.problems) > 0 {
		return Response{Ack: InputErrors(said.problems)}, nil
	}
	c, err := f.Use.Promise(ctx, r.Now, bot.Promise{
		Token: r.Token, By: r.User, Owner: owes, Counterparties: formCounterparties(r.Values, owes), Text: said.text, Due: said.due, Every: said.every,
		About: permalink(r.View.PrivateMetadata), Shared: r.Values.Ticked(followupShare, "share"),
	})
	if fault := refused(err); fault != nil {
		return Response{Ack: InputErrors(map[string]string{followupInput(fault, owes): faultSentence(Reader{}, err)})}, nil
	}
	if err != nil {
		return Response{}, err
	}
	reader := Reader{Zone: writer.Zone, Locale: writer.Locale}
	message := followupCreated(reader, c, bot.FollowupInput{Due: said.due}, when.Offers(writer))
	return Then(func(ctx context.Context) error {
		// Without the hours the question when it will be done is left out, and nothing else.
		if known, err := f.Use.Scenes.Scene(ctx, "", r.User); err == nil {
			message = f.planning(message, r, reader, c, known)
		}
		return f.Home.told(r, message).After(ctx)
	}), nil
}

// formDays are the days of who writes a form, and of who is to do it.
func (f *Followup) formDays(ctx context.Context, r Request) (formDays, error) {
	writer, err := f.Use.WhenOf(ctx, r.Now, r.User)
	days := formDays{writer: writer, owner: writer}
	if owes := formOwner(r); err == nil && owes != r.User {
		days.owner, err = f.Use.WhenOf(ctx, r.Now, owes)
	}
	return days, err
}

// formOwner is who is to do it: who writes the form, unless they picked somebody else.
func formOwner(r Request) string {
	if picked := r.Values.Users(followupOwner); len(picked) > 0 {
		return picked[0]
	}
	return r.User
}

// followupInputs are the inputs below which a problem is shown.
var followupInputs = map[bot.FaultCode]string{
	bot.FollowupPast: followupDate, bot.FollowupTooFar: followupDate, bot.FollowupImpossible: followupDate, bot.FollowupPerson: followupTo, bot.FollowupMany: followupTo,
	bot.FollowupEmpty: followupText, bot.FollowupLong: followupText,
}

// followupInput is the input below which a problem is shown; owner is who was picked to do it.
func followupInput(fault *bot.Fault, owner string) string {
	if fault.Code == bot.FollowupPerson && slices.Contains(fault.Names, owner) {
		return followupOwner
	}
	return orElse(followupInputs[fault.Code], followupText)
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

// formCounterparties are whom a form says a promise is to, without one of them; each line of the second input is somebody outside.
func formCounterparties(v Values, but string) []bot.Counterparty {
	var list []bot.Counterparty
	add := func(cp bot.Counterparty) {
		if !slices.Contains(list, cp) {
			list = append(list, cp)
		}
	}
	for _, id := range v.Users(followupTo) {
		if id != but {
			add(bot.Counterparty{Member: id})
		}
	}
	for line := range strings.FieldsFuncSeq(v.Text(followupOutside), func(c rune) bool { return c == '\n' || c == ';' }) {
		if outside := bot.EscapeText(strings.TrimSpace(line)); outside != "" {
			add(outsideParty(outside))
		}
	}
	return list
}

// outsideParty reads "Jane Doe, Acme", or an e-mail address.
func outsideParty(text string) bot.Counterparty {
	if strings.Contains(text, "@") && !strings.ContainsAny(text, " ,") {
		return bot.Counterparty{Email: text}
	}
	name, org, _ := strings.Cut(text, ",")
	return bot.Counterparty{Name: strings.TrimSpace(name), Org: strings.TrimSpace(org)}
}

// pick opens the form with a date picker for one commitment.
func (f *Followup) pick(_ context.Context, r Request) (Response, error) {
	act, err := actOf(r, r.Action.Value)
	if err != nil {
		return Response{}, err
	}
	return f.opening(r, "Another date", func(ctx context.Context) (Modal, error) {
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
