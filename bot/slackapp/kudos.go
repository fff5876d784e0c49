package slackapp

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"rapport/bot"
)

// Kudos answers everything about kudos and their digest. All fields are required.
type Kudos struct {
	Client   *Client
	Use      *bot.Recognition
	Settings *bot.Settings
}

// Routes implements [Noun].
func (k *Kudos) Routes() []Route {
	return []Route{
		{Kind: OnCommand, Name: "/kudos", Handle: k.command},
		{Kind: OnAction, Name: "kudos.open", Handle: k.open},
		{Kind: OnAction, Name: "kudos.again", Handle: k.again},
		{Kind: OnAction, Name: "kudos.undo", Handle: k.undo},
		{Kind: OnAction, Name: "kudos.post_in", Handle: k.postIn},
		{Kind: OnAction, Name: "kudos.preview", Handle: k.preview},
		{Kind: OnAction, Name: kudosPrivate, Handle: k.redraw},
		{Kind: OnAction, Name: kudosElsewhere, Handle: k.redraw},
		{Kind: OnAction, Name: kudosGroup, Handle: k.pickGroup},
		{Kind: OnAction, Name: "kudos.edit", Handle: k.edit},
		{Kind: OnAction, Name: "kudos.hide", Handle: k.hide},
		{Kind: OnAction, Name: "kudos.forget", Handle: k.forget},
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
		switch fault.Code {
		case bot.KudosTwin:
			return Reply(kudosTwin(typed)), nil
		case bot.KudosGroupLarge:
			return k.crowd(r, g, given), nil
		}
		return Reply(kudosBack(fault, leftOutLines(given.Left, Mention), typed)), nil
	}
	if err != nil {
		return Response{}, err
	}
	return Reply(kudosGiven(given, k.Settings.Current())), nil
}

// crowd opens the form for more people than can each be thanked: one user group is thanked as a team, others are the person's choice.
func (k *Kudos) crowd(r Request, g bot.GiveKudos, given bot.GivenKudos) Response {
	d := kudosDraft{Input: g.Input, Channel: g.Channel, Again: g.Again}
	people := len(given.Kudos.Recipients)
	if given.Kudos.Team != "" {
		d.Team = kudosTeam{Group: given.Kudos.Team, People: people}
	} else {
		d.Notice = "Together that is " + k.reader().Count(people, "person", "people") + ". Up to " + k.reader().Number(k.Use.Limits().Recipients) +
			" can each be thanked; a larger user group is thanked as one team, by itself. Whom do you mean?"
	}
	return k.form(r, d)
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

// told answers a form's submission where it was opened, or by DM.
func (k *Kudos) told(r Request, channel string, m Message) Response {
	return Then(func(ctx context.Context) error { return k.Client.Tell(ctx, r.User, channel, m) })
}

// postIn posts what went to its people alone, where the button says.
func (k *Kudos) postIn(ctx context.Context, r Request) (Response, error) {
	id, channel, _ := strings.Cut(r.Action.Value, " ")
	given, err := k.Use.PostIn(ctx, r.Now, r.Token, r.User, id, channel)
	if err != nil {
		return Response{}, err
	}
	return k.rewritten(r, kudosPostedIn(given)), nil
}

func (k *Kudos) undo(ctx context.Context, r Request) (Response, error) {
	undone, err := k.Use.Undo(ctx, r.Now, r.Token, r.User, r.Action.Value)
	if err != nil {
		return Response{}, err
	}
	return k.rewritten(r, undoneBy(r.User, undone)), nil
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
		return kudosEdit(given, people, kudosEditFrom{Channel: r.Channel}, k.Use.Limits()), nil
	}), nil
}

func (k *Kudos) submitEdit(ctx context.Context, r Request) (Response, error) {
	id, from := readEditFrom(r.View.PrivateMetadata)
	edited, err := k.Use.Edit(ctx, r.Now, r.Token, r.User, id, bot.EscapeText(r.Values.Text(kudosMessage)))
	if fault := refused(err); fault != nil {
		return Response{Ack: InputErrors(map[string]string{kudosMessage: kudosFaultSentence(fault, nil)})}, nil
	}
	if err != nil {
		return Response{}, err
	}
	return Then(func(ctx context.Context) error {
		if from.List != "" && k.relisted(ctx, r, from, editedWords(edited)) == nil {
			return nil
		}
		people, err := k.Use.Names(ctx, edited.Kudos)
		return errors.Join(err, k.Client.Tell(ctx, r.User, from.Channel, kudosEdited(edited, people)))
	}), nil
}

// kudosEditFrom is where somebody was who edits a kudos: that is shown anew once it has another text. People can forge it: a forged list is a window of this app in which
// they see their own kudos.
type kudosEditFrom struct {
	Channel string
	List    string // the view with the list of their own kudos; empty for a message
	Page    int
}

func (f kudosEditFrom) metadata(id string) string {
	if f.List == "" {
		return strings.TrimSpace(id + " " + f.Channel)
	}
	return strings.Join([]string{id, f.Channel, f.List, strconv.Itoa(f.Page)}, " ")
}

func readEditFrom(metadata string) (id string, from kudosEditFrom) {
	parts := append(strings.Split(metadata, " "), "", "", "")
	return parts[0], kudosEditFrom{Channel: parts[1], List: parts[2], Page: pageNumber(parts[3])}
}

// relisted shows the list from which a kudos was edited anew, below the form that closes.
func (k *Kudos) relisted(ctx context.Context, r Request, from kudosEditFrom, said string) error {
	list, err := k.Use.MyPage(ctx, r.User, from.Page)
	if err != nil {
		return err
	}
	_, err = k.Client.UpdateModal(ctx, ViewRef{ID: from.List}, kudosMineModal(mineReader(list, k.Settings.Current()), list, said))
	return err
}

// hide hides, and leaves the recipient their note with what it says now.
func (k *Kudos) hide(ctx context.Context, r Request) (Response, error) {
	id, all := kudosNoteOf(r.Action.Value)
	if _, err := k.Use.Hide(ctx, r.Now, r.Token, r.User, id); err != nil {
		return Response{}, err
	}
	notes, err := k.Use.Note(ctx, r.User, all...)
	if err != nil {
		return Response{}, err
	}
	return k.rewritten(r, kudosNotes(notes)), nil
}

// forget takes back everything that the person gave and hides everything that they received. Done again it finds nothing more.
func (k *Kudos) forget(ctx context.Context, r Request) (Response, error) {
	count, more, err := k.Use.Forget(ctx, r.Now, r.Token, r.User)
	if err != nil {
		return Response{}, err
	}
	return k.rewritten(r, kudosForgotten(k.reader(), count, more)), nil
}
