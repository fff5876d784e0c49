package slackapp

import (
	"context"

	"rapport/bot"
)

// Rounds answers the buttons of a round that is under way, as far as they are not the program's. All fields are required.
type Rounds struct {
	Client *Client
	Coffee *Coffee
}

// Routes implements [Noun].
func (n *Rounds) Routes() []Route {
	return []Route{
		{Kind: OnAction, Name: "coffee.another", Handle: n.another},
		{Kind: OnAction, Name: "coffee.promise", Handle: n.promise},
		{Kind: OnAction, Name: "coffee.worth", Handle: n.worth},
		{Kind: OnAction, Name: "coffee.note", Handle: n.note},
		{Kind: OnSubmit, Name: "coffee.note_save", Handle: n.saveNote},
		{Kind: OnAction, Name: "coffee.notes", Handle: n.notes},
		{Kind: OnAction, Name: "coffee.notes_forget", Handle: n.forgetNotes},
	}
}

// another looks for somebody else for a member who lost their group.
func (n *Rounds) another(ctx context.Context, r Request) (Response, error) {
	program, _ := pressed(r)
	m, open, err := n.Coffee.Use.Another(ctx, r.Now, seatAct(r, program))
	if err != nil {
		return Response{}, err
	}
	return n.Coffee.answer(r, anotherAsked(m, open)), nil
}

// promise opens the form for a promise, to those whom the member met.
func (n *Rounds) promise(_ context.Context, r Request) (Response, error) {
	a, _, err := groupAct(r, 0)
	if err != nil {
		return Response{}, err
	}
	return n.Client.opening(r, "A promise", func(ctx context.Context) (Modal, error) {
		i, err := n.Coffee.Use.Introduction(ctx, r.Now, a)
		if err != nil {
			return Modal{}, err
		}
		var d followupDraft
		for _, id := range except(i.Group.Members, r.User) {
			d.Input.Counterparties = append(d.Input.Counterparties, bot.Counterparty{Member: id})
		}
		return followupForm(d), nil
	}), nil
}
