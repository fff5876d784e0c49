package slackapp

import (
	"context"
	"slices"

	"github.com/slack-go/slack"

	"rapport/bot"
)

// On Home each program has one row: the button that is pressed most, and a menu with the rest. A phone stacks buttons.

// What a program's menu on Home can do, the first word of a chosen option's value; the program's id follows.
const (
	menuPart  = "part"
	menuPause = "pause"
	menuLeave = "leave"
)

// ofForm are the programs of one form, in their order.
func ofForm(mine []bot.Mine, form bot.ProgramForm) []bot.Mine {
	return slices.DeleteFunc(slices.Clone(mine), func(m bot.Mine) bool { return m.Program.Form != form })
}

// homeSeat is what somebody in a program can do on Home.
func homeSeat(m bot.Mine) []slack.BlockElement {
	p := m.Program
	var options []*slack.OptionBlockObject
	if !m.Away() && !p.Paused {
		options = append(options, option(menuPause+" "+p.ID, "Pause "+programLabel(p)+" until a day"))
	}
	if m.Seat.Asked == 0 {
		options = append(options, option(menuPart+" "+p.ID, "How I take part in "+programLabel(p)))
	}
	return append(turnButton(m), menu("coffee.menu", append(options, option(menuLeave+" "+p.ID, "Leave "+programLabel(p)))...))
}

// homeMentorSeat is the same of a mentor program. Leaving it ends more than a place, so it stands where the pairs are shown, and asks first.
func homeMentorSeat(m bot.Mine) []slack.BlockElement {
	p := m.Program
	row := append([]slack.BlockElement{button("mentor.mine", p.ID, "My pairs in "+programLabel(p))}, mentorTurnButton(m)...)
	options := []*slack.OptionBlockObject{option(menuPart+" "+p.ID, mentorPartLabel(m))}
	if !m.Away() {
		options = append(options, option(menuPause+" "+p.ID, "Pause "+programLabel(p)+" until a day"))
	}
	return append(row, menu("mentor.menu", options...))
}

// menu does what was chosen in a program's menu on Home.
func (c *Coffee) menu(ctx context.Context, r Request) (Response, error) {
	var what string
	what, r.Action.Value = pair(r.Action.Picked.Option)
	switch what {
	case menuPart:
		return c.part(ctx, r)
	case menuPause:
		return c.pause(ctx, r)
	case menuLeave:
		return c.leave(ctx, r)
	}
	return Response{}, &bot.Fault{Code: bot.FaultInvalid}
}
