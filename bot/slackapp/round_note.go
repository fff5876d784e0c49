package slackapp

import (
	"context"
	"errors"

	"rapport/bot"
)

// noteText is the input of the form for a note.
const noteText = "note_text"

// worth notes whether a coffee was worth somebody's time.
func (n *Rounds) worth(ctx context.Context, r Request) (Response, error) {
	a, rest, err := groupAct(r, 1)
	if err != nil {
		return Response{}, err
	}
	q, err := n.Coffee.Use.AnswerWorth(ctx, r.Now, a, bot.Worth(rest[0]))
	if err != nil {
		return Response{}, err
	}
	return n.Coffee.rewritten(ctx, r, func(reader Reader) Message { return metQuestion(reader, q, r.Now) })
}

// note opens the form for a note of one's own on a coffee.
func (n *Rounds) note(_ context.Context, r Request) (Response, error) {
	a, _, err := groupAct(r, 0)
	if err != nil {
		return Response{}, err
	}
	return n.Client.opening(r, noteTitle, func(ctx context.Context) (Modal, error) {
		note, err := n.Coffee.Use.NoteOn(ctx, a)
		return noteForm(note), err
	}), nil
}

func (n *Rounds) saveNote(ctx context.Context, r Request) (Response, error) {
	round, group := pair(r.View.PrivateMetadata)
	a := bot.RoundAct{Token: r.Token, Member: r.User, Round: round, Group: group}
	note, err := n.Coffee.Use.KeepNote(ctx, r.Now, a, r.Values.Text(noteText))
	if fault := refused(err); fault != nil {
		return Response{Ack: InputErrors(map[string]string{noteText: noteSentence(fault)})}, nil
	}
	if err != nil {
		return Response{}, err
	}
	return Response{Ack: UpdateModal(noteSaved(note)), After: func(ctx context.Context) error { return n.Coffee.Home.Publish(ctx, r.User) }}, nil
}

// notes shows all notes that somebody keeps.
func (n *Rounds) notes(ctx context.Context, r Request) (Response, error) {
	if r.View.ID == "" || r.View.Home {
		return n.Client.opening(r, notesTitle, func(ctx context.Context) (Modal, error) { return n.list(ctx, r.User) }), nil
	}
	m, err := n.list(ctx, r.User)
	if err != nil {
		return Response{}, err
	}
	return Then(func(ctx context.Context) error {
		_, err := n.Client.UpdateModal(ctx, ViewRef{ID: r.View.ID}, m)
		return err
	}), nil
}

func (n *Rounds) list(ctx context.Context, member string) (Modal, error) {
	notes, err := n.Coffee.Use.MyNotes(ctx, member)
	return notesList(notes), err
}

func (n *Rounds) forgetNotes(ctx context.Context, r Request) (Response, error) {
	if err := n.Coffee.Use.ForgetNotes(ctx, r.Token, r.User); err != nil {
		return Response{}, err
	}
	return Then(func(ctx context.Context) error {
		_, err := n.Client.UpdateModal(ctx, ViewRef{ID: r.View.ID}, notesForgotten())
		return errors.Join(err, n.Coffee.Home.Publish(ctx, r.User))
	}), nil
}
