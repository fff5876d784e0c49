package slackapp

import (
	"context"

	"github.com/slack-go/slack"

	"rapport/bot"
)

// coffeeHeir is the input of who gets a program.
const coffeeHeir = "coffee_heir"

// hand opens the form that gives a program to somebody else.
func (c *Coffee) hand(_ context.Context, r Request) (Response, error) {
	return c.openForm(r, "Hand it over", handForm), nil
}

func (c *Coffee) submitHand(ctx context.Context, r Request) (Response, error) {
	p, channel := formOf(r)
	heirs := r.Values.Users(coffeeHeir)
	if len(heirs) != 1 {
		return Response{Ack: InputErrors(map[string]string{coffeeHeir: "Pick the person who takes it over."})}, nil
	}
	p, err := c.Use.HandOver(ctx, r.Now, bot.ProgramAct{Token: r.Token, Actor: r.User, Program: p.ID, Version: p.Version}, heirs[0])
	if fault := refused(err); fault != nil {
		return Response{Ack: InputErrors(map[string]string{coffeeHeir: heirSentence(fault)})}, nil
	}
	if err != nil {
		return Response{}, err
	}
	return c.toldFrom(r, channel, coffeeHanded(p, r.User)), nil
}

// heirSentence is what is wrong with who was picked.
func heirSentence(f *bot.Fault) string {
	switch f.Code {
	case bot.ProgramEditor:
		return "That person cannot take it over: it has to be a full member of the workspace who is in the channel."
	case bot.FaultDone:
		return "It is theirs already."
	}
	return coffeeSentence(f)
}

// handBack gives a program back to who handed it over.
func (c *Coffee) handBack(ctx context.Context, r Request) (Response, error) {
	program, _ := pressed(r)
	p, err := c.Use.HandBack(ctx, r.Now, bot.ProgramAct{Token: r.Token, Actor: r.User, Program: program, Channel: r.Channel})
	if err != nil {
		return Response{}, err
	}
	return c.answer(r, paragraph("*"+programName(p)+"* is back with "+Mention(p.Owner)+". Thank you for saying so.")), nil
}

func handForm(p bot.Program, from string) Modal {
	return Modal{
		CallbackID: "coffee.save_owner", Title: "Hand it over", Submit: "Hand it over", Close: "Cancel", PrivateMetadata: versioned(p, from), Blocks: []slack.Block{
			section("*" + programName(p) + "* in " + ChannelMention(p.Channel) + " goes on as it is; only who looks after it changes."),
			Input{
				Block: coffeeHeir, Label: "Who looks after it from now on?", Hint: "A full member who is in the channel. They are told, and can hand it back.",
			}.members(nil, "Pick one person", 1),
		},
	}
}

func coffeeHanded(p bot.Program, actor string) Message {
	text := "*" + programName(p) + "* is looked after by " + Mention(p.Owner) + " now. They are told, and can hand it back."
	if p.Owner == actor {
		text = "*" + programName(p) + "* is looked after by you now."
	}
	small := "The invitation in " + ChannelMention(p.Channel) + " says so."
	if p.Before == actor {
		small += " You can still change it."
	}
	return paragraph(text, contextLine(small))
}

// programOwner tells somebody what became of a program's ownership.
func programOwner(o bot.ProgramOwner) Message {
	p := o.Program
	name, place := "*"+programName(p)+"*", ChannelMention(p.Channel)
	goes, change := button("coffee.status", p.ID, "How "+programLabel(p)+" goes"), button("coffee.edit", p.ID, "Change "+programLabel(p))
	switch o.News {
	case bot.OwnerHanded:
		text := name + " in " + place + " is in your hands now."
		row := []slack.BlockElement{goes, change}
		why := "You get this because somebody who looked after it chose you."
		if o.Other.Person() {
			text = Name(o.Other) + " has put " + name + " in " + place + " into your hands."
			why = "You get this because " + Name(o.Other) + " chose you. If it does not suit you, hand it back: no reason needed."
			row = append(row, button("coffee.handback", p.ID+" "+note, "Hand "+programLabel(p)+" back"))
		}
		return paragraph(text, section("It runs by itself. You can change how it works, see how it goes in numbers, and pause it."), actions(row...), contextLine(why))
	case bot.OwnerBack:
		return paragraph(name+" in "+place+" is back in your hands.", actions(goes, change, button("coffee.hand", p.ID, "Hand "+programLabel(p)+" over")),
			contextLine("You get this because you handed it over, and it came back. Nothing else changed."))
	case bot.OwnerMoved:
		return paragraph(name+" in "+place+" is looked after by "+Mention(p.Owner)+" now.", actions(goes),
			contextLine("You get this once, because it was yours. You can still change it. Thank you for looking after it."))
	}
	return paragraph(Name(o.Owner)+", who looked after "+name+" in "+place+", is no longer in this workspace. It goes on by itself.",
		section("Somebody else can look after it: you, or whoever you choose."),
		actions(button("coffee.hand", p.ID, "Choose who looks after "+programLabel(p)), goes),
		contextLine("You get this once, because you can change it."))
}
