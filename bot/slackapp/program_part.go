package slackapp

import (
	"context"
	"strconv"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"rapport/bot"
)

// The inputs of how somebody takes part.
const (
	partEvery   = "part_every"
	partStretch = "part_stretch"
	partLeader  = "part_leader"
)

const stretchOn = "stretch"

// part opens the form of how the person takes part in a program.
func (c *Coffee) part(_ context.Context, r Request) (Response, error) {
	program, _ := pressed(r)
	return c.Client.opening(r, "How I take part", func(ctx context.Context) (Modal, error) {
		m, err := c.Use.MyPart(ctx, r.Now, seatAct(r, program))
		if err != nil {
			return Modal{}, err
		}
		return partForm(m, r.Channel), nil
	}), nil
}

func (c *Coffee) submitPart(ctx context.Context, r Request) (Response, error) {
	program, channel, _ := strings.Cut(r.View.PrivateMetadata, " ")
	wish := bot.Part{
		Every: numberOr(r.Values, partEvery, 0), Stretch: r.Values.Ticked(partStretch, stretchOn), Leader: numberOr(r.Values, partLeader, -1),
	}
	m, was, err := c.Use.TakePart(ctx, r.Now, bot.SeatAct{Token: r.Token, Member: r.User, Program: program}, wish)
	if fault := refused(err); fault != nil {
		return Response{Ack: InputErrors(map[string]string{partEvery: coffeeSentence(fault)})}, nil
	}
	if err != nil {
		return Response{}, err
	}
	reader, err := readerOf(ctx, c.Use, r.User)
	if err != nil {
		return Response{}, err
	}
	return c.toldFrom(r, channel, coffeePartSaved(reader, m, was, r.Now)), nil
}

// cadences are the words for a person's own cadence that a command can have.
var cadences = map[string]int{"round": 1, "1": 1, "one": 1, "second": 2, "2": 2, "2nd": 2, "other": 2, "third": 3, "3": 3, "3rd": 3, "fourth": 4, "4": 4, "4th": 4}

// commandEvery is "/coffee every second", with the beginning of a program's name behind it or not.
func (c *Coffee) commandEvery(ctx context.Context, r Request) (Response, error) {
	word, name := firstWord(r.Rest)
	every, known := cadences[strings.ToLower(word)]
	name = strings.TrimSpace(strings.TrimPrefix(name, "round"))
	if !known { // then the rest is no program's name either
		name = ""
	}
	return c.meant(ctx, r, mineOnly, name, askPart, func(ctx context.Context, r Request, h bot.Here, program string) (Response, error) {
		if !known {
			return Reply(coffeeEveryHelp(program, r.Rest)), nil
		}
		m, was, err := c.Use.Cadence(ctx, r.Now, seatIn(r, h, program), every)
		if err != nil {
			return Response{}, err
		}
		return Reply(coffeePartSaved(hereReader(h), m, was, r.Now)), nil
	})
}

func partForm(m bot.Mine, from string) Modal {
	p := m.Seat.Part()
	var stretch []string
	if p.Stretch {
		stretch = []string{stretchOn}
	}
	return Modal{
		CallbackID: "coffee.save_part", Title: "How I take part", Submit: "Save", Close: "Cancel", PrivateMetadata: strings.TrimSpace(m.Program.ID + " " + from),
		Blocks: []slack.Block{
			contextLine("In *" + programName(m.Program) + "*. Only the colleagues you meet read that you keep time for them as somebody who leads. Nobody is told anything else you choose here."),
			Input{Block: partEvery, Label: "In which rounds do you take part?"}.choice(strconv.Itoa(p.Every), "",
				option("1", "In every round"), option("2", "In every second round"), option("3", "In every third round"), option("4", "In every fourth round")),
			Input{Block: partStretch, Label: "Whom do you want to meet?", Optional: true}.checkboxes(stretch,
				optionWith(stretchOn, "People as unlike me as possible", "Another department, office, level and time here, where possible")),
			leaderInput(m.Program, p.Leader),
		},
	}
}

// leaderInput asks who leads people for how many they keep time. Where three or four meet, the size of the group says that already.
func leaderInput(p bot.Program, leader int) slack.Block {
	input := Input{Block: partLeader, Label: "Do you lead people, and want to meet those you rarely see?"}
	if p.Size > 2 {
		return input.choice(strconv.Itoa(min(leader, 1)), "", option("0", "Not in this program"), option("1", "Yes"))
	}
	return input.choice(strconv.Itoa(leader), "",
		option("0", "Not in this program"), option("1", "Yes, usually one colleague a round"), option("2", "Yes, up to two a round"), option("3", "Yes, up to three a round"))
}

// rhythmWords says a cadence: "every second round".
func rhythmWords(every int) string {
	return "every " + []string{"", "", "second ", "third ", "fourth "}[min(max(every, 0), bot.PartEveryLimit)] + "round"
}

// partWords says how somebody takes part, in a few sentences.
func partWords(r Reader, m bot.Mine, now time.Time) string {
	p := m.Seat.Part()
	text := "You take part in " + rhythmWords(p.Every) + " of *" + programName(m.Program) + "*; yours is on " + onDate(r, m.Takes(), now) + "."
	if p.Stretch {
		text += " You meet people as unlike you as possible."
	}
	switch {
	case p.Leader > 0 && m.Program.Size > 2:
		text += " You are there as somebody who leads."
	case p.Leader == 1:
		text += " You are there as somebody who leads, usually for one colleague a round."
	case p.Leader > 1:
		text += " You are there as somebody who leads, for up to " + r.Number(p.Leader) + " colleagues a round."
	}
	return text
}

func coffeePartSaved(r Reader, m bot.Mine, was bot.Part, now time.Time) Message {
	text := partWords(r, m, now)
	if m.Seat.Part() == was {
		text = "Nothing changed. " + text
	}
	small := "Nobody is told."
	if m.Seat.Part().Leader > 0 {
		small = "Only the colleagues you meet read that you keep time for them as somebody who leads."
	}
	return paragraph(text, actions(button("coffee.part", m.Program.ID, "How I take part in "+programLabel(m.Program))), contextLine(small))
}

func coffeeEveryHelp(program, typed string) Message {
	text := "In which rounds? `/coffee every second`, `/coffee every third`, `/coffee every fourth`, or `/coffee every round`."
	m := returned(text, typed)
	if typed == "" {
		m = paragraph(text)
	}
	m.Blocks = append(m.Blocks, actions(button("coffee.part", program, "How I take part")))
	return m
}
