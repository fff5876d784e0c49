package slackapp

import (
	"context"
	"strings"

	"rapport/bot"
)

// Kudos answers everything about kudos and their digest. All fields are required.
type Kudos struct {
	Client   *Client
	Use      *bot.Recognition
	Settings *bot.Settings
}

// The form's inputs.
const (
	kudosTo      = "kudos_to"
	kudosMessage = "kudos_message"
	kudosValue   = "kudos_value"
	kudosPrivate = "kudos_private"
)

// Routes implements [Noun].
func (k *Kudos) Routes() []Route {
	return []Route{
		{Kind: OnCommand, Name: "/kudos", Handle: k.command},
		{Kind: OnAction, Name: "kudos.open", Handle: k.open},
		{Kind: OnAction, Name: "kudos.again", Handle: k.again},
		{Kind: OnAction, Name: "kudos.undo", Handle: k.undo},
		{Kind: OnAction, Name: "kudos.edit", Handle: k.edit},
		{Kind: OnAction, Name: "kudos.hide", Handle: k.hide},
		{Kind: OnAction, Name: "kudos.forget", Handle: k.forget},
		{Kind: OnAction, Name: "digest.on", Handle: k.digestOn},
		{Kind: OnAction, Name: "digest.off", Handle: k.digestOff},
		{Kind: OnSubmit, Name: "kudos.give", Handle: k.submit},
		{Kind: OnSubmit, Name: "kudos.change", Handle: k.submitEdit},
		{Kind: OnShortcut, Name: "give_kudos", Handle: k.shortcut},
	}
}

func (k *Kudos) command(ctx context.Context, r Request) (Response, error) {
	in := k.parse(r.Text)
	switch in.Action {
	case bot.KudosHelp:
		return Reply(kudosHelp(k.Settings.Current(), k.Use.Limits(), k.Use.DailyLimit())), nil
	case bot.KudosMine:
		return k.mine(ctx, r)
	case bot.KudosUndo:
		undone, err := k.Use.UndoLast(ctx, r.Now, r.Token, r.User)
		return answered(kudosUndone(undone), err)
	case bot.KudosDigest:
		return k.digest(ctx, r)
	case bot.KudosForgetMe:
		return Reply(kudosForget()), nil
	case bot.KudosModal:
		return k.form(r, kudosDraft{Input: in, Channel: r.Channel}), nil
	case bot.KudosError:
		return Reply(kudosRefused(in, r.Text, k.Use.Limits())), nil
	}
	return k.give(ctx, r, bot.GiveKudos{Token: r.Token, Giver: r.User, Channel: r.Channel, Input: in}, r.Text)
}

// answered answers a verb: with a message, or with what is wrong. A verb is no text that would have to be given back.
func answered(m Message, err error) (Response, error) {
	if fault := refused(err); fault != nil {
		return Reply(returned(faultSentence(Reader{}, fault), "")), nil
	}
	if err != nil {
		return Response{}, err
	}
	return Reply(m), nil
}

func (k *Kudos) parse(text string) bot.KudosInput {
	var values []string
	for _, v := range k.Settings.Current().Values {
		values = append(values, v.Name)
	}
	return bot.KudosGrammar{Values: values, Limits: k.Use.Limits()}.Parse(text)
}

// give gives, and answers with what was understood and the way back, or with what is wrong and the person's text.
func (k *Kudos) give(ctx context.Context, r Request, g bot.GiveKudos, typed string) (Response, error) {
	given, err := k.Use.Give(ctx, r.Now, g)
	if fault := refused(err); fault != nil {
		if fault.Code == bot.KudosTwin {
			return Reply(kudosTwin(typed)), nil
		}
		return Reply(returned(kudosFaultSentence(fault, leftOutLines(given.Left, Mention)), typed)), nil
	}
	if err != nil {
		return Response{}, err
	}
	return Reply(kudosGiven(given, k.Settings.Current())), nil
}

// again gives what the button holds: the person saw what is odd about it and wants it as it is.
func (k *Kudos) again(ctx context.Context, r Request) (Response, error) {
	in := k.parse(r.Action.Value)
	if in.Action != bot.KudosGive && in.Fault != bot.KudosTooShort {
		return k.form(r, kudosDraft{Input: in, Channel: r.Channel}), nil
	}
	response, err := k.give(ctx, r, bot.GiveKudos{Token: r.Token, Giver: r.User, Channel: r.Channel, Input: in, Again: true}, r.Action.Value)
	return k.replacing(r, response), err
}

// replacing turns an ephemeral answer into one that replaces the message that held the button: buttons have no acknowledgement to speak in.
func (k *Kudos) replacing(r Request, response Response) Response {
	ack, ok := response.Ack.(ephemeralAck)
	if !ok {
		return response
	}
	return k.rewritten(r, ack.message)
}

// rewritten replaces the message that held the button.
func (k *Kudos) rewritten(r Request, m Message) Response {
	return Then(func(ctx context.Context) error { return k.Client.Rewrite(ctx, r, m) })
}

// open opens the form from a button, filled with the text that the button holds.
func (k *Kudos) open(_ context.Context, r Request) (Response, error) {
	return k.form(r, kudosDraft{Input: k.parse(r.Action.Value), Channel: r.Channel}), nil
}

func (k *Kudos) form(r Request, d kudosDraft) Response {
	return Then(func(ctx context.Context) error {
		_, err := k.Client.OpenModal(ctx, r.TriggerID, kudosForm(d, k.Settings.Current(), k.Use.Limits()))
		return err
	})
}

// shortcut opens the form for the author of a message. A bot, oneself or nobody is not filled in.
func (k *Kudos) shortcut(_ context.Context, r Request) (Response, error) {
	d := kudosDraft{Channel: r.Message.Channel, AboutTS: r.Message.TS, About: k.Use.Permalink(r.Message.Channel, r.Message.TS)}
	if author := r.Message.User; !r.Message.Bot && author != "" && author != r.User && author != slackbot {
		d.Input.Recipients = []string{author}
	}
	return k.form(r, d), nil
}

func (k *Kudos) submit(ctx context.Context, r Request) (Response, error) {
	channel, ts, _ := strings.Cut(r.View.PrivateMetadata, " ")
	in := k.filled(r.Values)
	if problems := kudosFormProblems(in, k.Use.Limits()); len(problems) > 0 {
		return Response{Ack: InputErrors(problems)}, nil
	}
	given, err := k.Use.Give(ctx, r.Now, bot.GiveKudos{Token: r.Token, Giver: r.User, Channel: channel, FromForm: true, Input: in, AboutTS: ts})
	if fault := refused(err); fault != nil {
		left := leftOutLines(given.Left, func(id string) string { return plainName(given.People, id) })
		return Response{Ack: InputErrors(map[string]string{kudosFaultBlock(fault): kudosFaultSentence(fault, left)})}, nil
	}
	if err != nil {
		return Response{}, err
	}
	return k.told(r, channel, kudosGiven(given, k.Settings.Current())), nil
}

// filled reads the form. What it says is taken as it is: words in the message are no switches here, but for a value where none was picked.
func (k *Kudos) filled(v Values) bot.KudosInput {
	in := bot.KudosInput{Recipients: v.Users(kudosTo), Message: bot.EscapeText(v.Text(kudosMessage)), Private: v.Ticked(kudosPrivate, "private")}
	switch picked := v.Option(kudosValue); picked {
	case "":
		in.Value = k.parse(in.Message).Value
	case noValue:
	default:
		in.Value = picked
	}
	return in
}

// told answers a form's submission where it was opened, or by DM.
func (k *Kudos) told(r Request, channel string, m Message) Response {
	return Then(func(ctx context.Context) error { return k.Client.Tell(ctx, r.User, channel, m) })
}

func (k *Kudos) mine(ctx context.Context, r Request) (Response, error) {
	given, received, err := k.Use.Mine(ctx, r.User, kudosListed)
	if err != nil {
		return Response{}, err
	}
	people, err := k.Use.Names(ctx, append(append([]bot.Kudos{}, given...), received...)...)
	if err != nil {
		return Response{}, err
	}
	return Reply(kudosMine(k.reader(), given, received, people)), nil
}

func (k *Kudos) undo(ctx context.Context, r Request) (Response, error) {
	undone, err := k.Use.Undo(ctx, r.Now, r.Token, r.User, r.Action.Value)
	if err != nil {
		return Response{}, err
	}
	return k.rewritten(r, kudosUndone(undone)), nil
}

// edit opens the form for another text.
func (k *Kudos) edit(_ context.Context, r Request) (Response, error) {
	return k.Client.opening(r, "Edit kudos", func(ctx context.Context) (Modal, error) {
		given, err := k.Use.Given(ctx, r.User, r.Action.Value)
		if err != nil {
			return Modal{}, err
		}
		people, err := k.Use.Names(ctx, given)
		if err != nil {
			return Modal{}, err
		}
		return kudosEdit(given, people, r.Channel, k.Use.Limits()), nil
	}), nil
}

func (k *Kudos) submitEdit(ctx context.Context, r Request) (Response, error) {
	id, channel, _ := strings.Cut(r.View.PrivateMetadata, " ")
	edited, err := k.Use.Edit(ctx, r.Now, r.Token, r.User, id, bot.EscapeText(r.Values.Text(kudosMessage)))
	if fault := refused(err); fault != nil {
		return Response{Ack: InputErrors(map[string]string{kudosMessage: kudosFaultSentence(fault, nil)})}, nil
	}
	if err != nil {
		return Response{}, err
	}
	return k.told(r, channel, kudosEdited(edited)), nil
}

// hide hides, and leaves the recipient their note with what it says now.
func (k *Kudos) hide(ctx context.Context, r Request) (Response, error) {
	if _, err := k.Use.Hide(ctx, r.Now, r.Token, r.User, r.Action.Value); err != nil {
		return Response{}, err
	}
	note, err := k.Use.Note(ctx, r.User, r.Action.Value)
	if err != nil {
		return Response{}, err
	}
	return k.rewritten(r, kudosNote(note)), nil
}

// forget takes back everything that the person gave and hides everything that they received. Done again it finds nothing more.
func (k *Kudos) forget(ctx context.Context, r Request) (Response, error) {
	count, more, err := k.Use.Forget(ctx, r.Now, r.Token, r.User)
	if err != nil {
		return Response{}, err
	}
	return k.rewritten(r, kudosForgotten(k.reader(), count, more)), nil
}
