package slackapp

import (
	"context"
	"strings"

	"github.com/slack-go/slack"

	"rapport/bot"
	"rapport/bot/when"
)

// Coffee answers everything about programs and their rounds. All fields are required.
type Coffee struct {
	Client   *Client
	Use      *bot.Coffee
	Settings *bot.Settings
	Home     *HomeTab
}

// Routes implements [Noun].
func (c *Coffee) Routes() []Route {
	return []Route{
		{Kind: OnCommand, Name: "/coffee", Handle: c.here},
		{Kind: OnCommand, Name: "/coffee help", Handle: c.help},
		{Kind: OnCommand, Name: "/coffee setup", Handle: c.setup},
		{Kind: OnCommand, Name: "/coffee new", Handle: c.setup},
		{Kind: OnCommand, Name: "/coffee join", Handle: c.commandJoin},
		{Kind: OnCommand, Name: "/coffee leave", Handle: c.commandLeave},
		{Kind: OnCommand, Name: "/coffee skip", Handle: c.commandSkip},
		{Kind: OnCommand, Name: "/coffee pause", Handle: c.commandPause},
		{Kind: OnCommand, Name: "/coffee resume", Handle: c.commandResume},
		{Kind: OnCommand, Name: "/coffee every", Handle: c.commandEvery},
		{Kind: OnCommand, Name: "/coffee status", Handle: c.commandStatus},
		{Kind: OnAction, Name: "coffee.setup", Handle: c.setup},
		{Kind: OnAction, Name: "coffee.edit", Handle: c.edit},
		{Kind: OnAction, Name: coffeeForms, Handle: c.chooseForm},
		{Kind: OnAction, Name: "coffee.more", Handle: c.more},
		{Kind: OnAction, Name: "coffee.words", Handle: c.words},
		{Kind: OnAction, Name: "coffee.part", Handle: c.part},
		{Kind: OnAction, Name: "coffee.menu", Handle: c.menu},
		{Kind: OnAction, Name: "coffee.hand", Handle: c.hand},
		{Kind: OnAction, Name: "coffee.handback", Handle: c.handBack},
		{Kind: OnAction, Name: "coffee.try", Handle: c.try},
		{Kind: OnAction, Name: "coffee.status", Handle: c.status},
		{Kind: OnAction, Name: "coffee.halt", Handle: c.halt},
		{Kind: OnAction, Name: "coffee.go", Handle: c.goOn},
		{Kind: OnAction, Name: "coffee.join", Handle: c.join},
		{Kind: OnAction, Name: "coffee.in", Handle: c.in},
		{Kind: OnAction, Name: "coffee.leave", Handle: c.leave},
		{Kind: OnAction, Name: "coffee.skip", Handle: c.skip},
		{Kind: OnAction, Name: "coffee.unskip", Handle: c.unskip},
		{Kind: OnAction, Name: "coffee.pause", Handle: c.pause},
		{Kind: OnAction, Name: "coffee.resume", Handle: c.resume},
		{Kind: OnAction, Name: "coffee.found", Handle: c.found},
		{Kind: OnAction, Name: "coffee.met", Handle: c.met},
		{Kind: OnAction, Name: "coffee.chat", Handle: c.chat},
		{Kind: OnSubmit, Name: "coffee.save", Handle: c.submit},
		{Kind: OnSubmit, Name: "coffee.save_more", Handle: c.submitMore},
		{Kind: OnSubmit, Name: "coffee.save_words", Handle: c.submitWords},
		{Kind: OnSubmit, Name: "coffee.save_part", Handle: c.submitPart},
		{Kind: OnSubmit, Name: "coffee.save_owner", Handle: c.submitHand},
		{Kind: OnSubmit, Name: "coffee.pause_until", Handle: c.submitPause},
	}
}

// readerOf is how a member reads.
func readerOf(ctx context.Context, use *bot.Coffee, member string) (Reader, error) {
	scene, err := use.Scenes.Scene(ctx, "", member)
	if err != nil {
		return Reader{}, &bot.Fault{Code: bot.FaultUnread, Cause: err}
	}
	return NewReader(scene.Members[member], scene.Preferences[member], use.Settings.Current().Zone), nil
}

// here says what the person is in and what this conversation has. A word that means nothing here is said so.
func (c *Coffee) here(ctx context.Context, r Request) (Response, error) {
	h, err := c.Use.Here(ctx, r.Now, r.User, r.Channel)
	if err != nil {
		return Response{}, err
	}
	m := coffeeHere(hereReader(h), h, r.Now)
	if r.Rest != "" {
		m = unknownWord(m, r.Rest)
	}
	return Reply(m), nil
}

func hereReader(h bot.Here) Reader { return Reader{Locale: h.Reader.Locale, Zone: h.Hours.Zone} }

func (c *Coffee) help(context.Context, Request) (Response, error) { return Reply(coffeeHelp()), nil }

// seatAct is what a button or command does about a program.
func seatAct(r Request, program string) bot.SeatAct {
	return bot.SeatAct{Token: r.Token, Member: r.User, Program: program, Channel: r.Channel}
}

// seatIn is seatAct with what was read already.
func seatIn(r Request, h bot.Here, program string) bot.SeatAct {
	act := seatAct(r, program)
	act.Known = &h.Read
	return act
}

// Buttons carry the program's id, then, where that matters, what message they stand in: a round and a group's key, or [note].
func pressed(r Request) (program string, rest []string) {
	parts := strings.Fields(r.Action.Value)
	if len(parts) == 0 {
		return "", nil
	}
	return parts[0], parts[1:]
}

// note marks a button in a message to one reader alone, which is replaced by what became of it.
const note = "note"

// answer shows what a button did: in place of a note, else as [HomeTab.changed] does.
func (c *Coffee) answer(r Request, m Message) Response {
	if _, rest := pressed(r); len(rest) == 1 && rest[0] == note && r.ResponseURL != "" {
		keepNote(m)
		return Then(func(ctx context.Context) error { return c.Client.Rewrite(ctx, r, m) })
	}
	return c.Home.changed(r, m)
}

// keepNote marks the buttons of what takes a note's place.
func keepNote(m Message) {
	for _, b := range m.Blocks {
		row, ok := b.(*slack.ActionBlock)
		if !ok {
			continue
		}
		for _, e := range row.Elements.ElementSet {
			if b, ok := e.(*slack.ButtonBlockElement); ok && b.Value != "" && !strings.Contains(b.Value, " ") {
				b.Value += " " + note
			}
		}
	}
}

// say answers a command at once and a button in its own way.
func (c *Coffee) say(r Request, m Message) Response {
	if r.Kind == OnCommand {
		return Reply(m)
	}
	return c.answer(r, m)
}

func (c *Coffee) join(ctx context.Context, r Request) (Response, error) {
	return c.aboutButton(ctx, r, c.joinProgram)
}

// aboutButton does something about the program of a button, with what the person sees from where it stands.
func (c *Coffee) aboutButton(ctx context.Context, r Request, do func(ctx context.Context, r Request, h bot.Here, program string) (Response, error)) (Response, error) {
	program, _ := pressed(r)
	h, err := c.Use.Look(ctx, r.Now, r.User, r.Channel)
	if err != nil {
		return Response{}, err
	}
	return do(ctx, r, h, program)
}

func (c *Coffee) joinProgram(ctx context.Context, r Request, h bot.Here, program string) (Response, error) {
	if asksForPart(h, program) {
		return mentorPartForm(c.Client, c.Use, r, program), nil
	}
	m, already, err := c.Use.Join(ctx, r.Now, seatIn(r, h, program))
	if err != nil {
		return Response{}, err
	}
	return c.Home.askingProfile(r, h.Read.Preferences[r.User], coffeeJoined(hereReader(h), m, already, r.Now), func(m Message) Response { return c.say(r, m) }), nil
}

func (c *Coffee) in(ctx context.Context, r Request) (Response, error) {
	return c.aboutButton(ctx, r, func(ctx context.Context, r Request, h bot.Here, program string) (Response, error) {
		m, err := c.Use.Return(ctx, r.Now, seatIn(r, h, program))
		if err != nil {
			return Response{}, err
		}
		return c.say(r, coffeeIn(hereReader(h), m, r.Now)), nil
	})
}

func (c *Coffee) leave(ctx context.Context, r Request) (Response, error) {
	return c.aboutButton(ctx, r, c.leaveProgram)
}

func (c *Coffee) leaveProgram(ctx context.Context, r Request, h bot.Here, program string) (Response, error) {
	m, err := c.Use.Leave(ctx, r.Now, seatIn(r, h, program))
	if err != nil {
		return Response{}, err
	}
	return c.say(r, coffeeLeft(m)), nil
}

func (c *Coffee) skip(ctx context.Context, r Request) (Response, error) {
	return c.setSkip(ctx, r, true)
}

func (c *Coffee) unskip(ctx context.Context, r Request) (Response, error) {
	return c.setSkip(ctx, r, false)
}

// setSkip answers in the message that holds the button: the question "did you meet?" shows the skip in its place.
func (c *Coffee) setSkip(ctx context.Context, r Request, skip bool) (Response, error) {
	program, rest := pressed(r)
	if len(rest) == 2 {
		if _, err := c.Use.Skip(ctx, r.Now, seatAct(r, program), skip); err != nil {
			return Response{}, err
		}
		q, err := c.Use.MetQuestion(ctx, r.Now, bot.RoundAct{Member: r.User, Round: rest[0], Group: rest[1]})
		if err != nil {
			return Response{}, err
		}
		return c.rewritten(ctx, r, func(reader Reader) Message { return metQuestion(reader, q, r.Now) })
	}
	if skip {
		return c.aboutButton(ctx, r, c.skipProgram)
	}
	return c.aboutButton(ctx, r, c.unskipProgram)
}

func (c *Coffee) skipProgram(ctx context.Context, r Request, h bot.Here, program string) (Response, error) {
	m, err := c.Use.Skip(ctx, r.Now, seatIn(r, h, program), true)
	if err != nil {
		return Response{}, err
	}
	return c.say(r, coffeeSkipped(hereReader(h), m, r.Now)), nil
}

func (c *Coffee) unskipProgram(ctx context.Context, r Request, h bot.Here, program string) (Response, error) {
	m, err := c.Use.Skip(ctx, r.Now, seatIn(r, h, program), false)
	if err != nil {
		return Response{}, err
	}
	return c.say(r, coffeeIn(hereReader(h), m, r.Now)), nil
}

// rewritten replaces the message that held the button.
func (c *Coffee) rewritten(ctx context.Context, r Request, view func(Reader) Message) (Response, error) {
	reader, err := readerOf(ctx, c.Use, r.User)
	if err != nil {
		return Response{}, err
	}
	return Then(func(ctx context.Context) error { return c.Client.Rewrite(ctx, r, view(reader)) }), nil
}

// pause asks until when.
func (c *Coffee) pause(_ context.Context, r Request) (Response, error) {
	program, _ := pressed(r)
	return pauseForm(c.Client, r, program), nil
}

func pauseForm(client *Client, r Request, program string) Response {
	return Then(func(ctx context.Context) error {
		_, err := client.OpenModal(ctx, r.TriggerID, coffeePauseForm(program, r.Channel))
		return err
	})
}

func (c *Coffee) submitPause(ctx context.Context, r Request) (Response, error) {
	program, channel, _ := strings.Cut(r.View.PrivateMetadata, " ")
	day, ok := r.Values.Date(coffeeUntil)
	if !ok {
		return Response{Ack: InputErrors(map[string]string{coffeeUntil: "Pick the day on which you are back."})}, nil
	}
	m, err := c.Use.Pause(ctx, r.Now, bot.SeatAct{Token: r.Token, Member: r.User, Program: program}, day)
	if fault := refused(err); fault != nil {
		return Response{Ack: InputErrors(map[string]string{coffeeUntil: coffeeSentence(fault)})}, nil
	}
	if err != nil {
		return Response{}, err
	}
	reader, err := readerOf(ctx, c.Use, r.User)
	if err != nil {
		return Response{}, err
	}
	paused := coffeePaused(reader, m, r.Now)
	if channel == "" { // it was asked on Home
		return c.Home.told(r, paused), nil
	}
	return Then(func(ctx context.Context) error { return c.Client.Tell(ctx, r.User, channel, paused) }), nil
}

func (c *Coffee) resume(ctx context.Context, r Request) (Response, error) {
	return c.aboutButton(ctx, r, c.resumeProgram)
}

func (c *Coffee) resumeProgram(ctx context.Context, r Request, h bot.Here, program string) (Response, error) {
	m, err := c.Use.Pause(ctx, r.Now, seatIn(r, h, program), bot.Date{})
	if err != nil {
		return Response{}, err
	}
	return c.say(r, coffeeIn(hereReader(h), m, r.Now)), nil
}

// pauseProgram pauses until a day that was said in words; the echo has the way to another day.
func (c *Coffee) pauseProgram(ctx context.Context, r Request, h bot.Here, program string) (Response, error) {
	said := when.Phrase(strings.TrimPrefix(r.Rest, "until "), h.Hours.WhenContext(r.Now, h.Reader.Locale))
	if said.Due == nil {
		return Reply(coffeePauseHelp(program, r.Rest)), nil
	}
	m, err := c.Use.Pause(ctx, r.Now, seatIn(r, h, program), said.Due.Date)
	if err != nil {
		return Response{}, err
	}
	return Reply(coffeePaused(hereReader(h), m, r.Now)), nil
}

// status shows an editor how a program goes.
func (c *Coffee) status(ctx context.Context, r Request) (Response, error) {
	program, _ := pressed(r)
	return c.statusOf(ctx, r, program)
}

func (c *Coffee) statusOf(ctx context.Context, r Request, program string) (Response, error) {
	o, err := c.Use.Overview(ctx, r.Now, program, r.User, r.Channel)
	if err != nil {
		return Response{}, err
	}
	reader, err := readerOf(ctx, c.Use, r.User)
	if err != nil {
		return Response{}, err
	}
	if o.Program.Form == bot.MentorForm {
		return c.mentorStatus(ctx, r, reader, o)
	}
	return c.say(r, coffeeStatus(reader, o, r.Now)), nil
}

func (c *Coffee) halt(ctx context.Context, r Request) (Response, error) {
	return c.setHalt(ctx, r, true)
}

func (c *Coffee) goOn(ctx context.Context, r Request) (Response, error) {
	return c.setHalt(ctx, r, false)
}

func (c *Coffee) setHalt(ctx context.Context, r Request, halt bool) (Response, error) {
	program, _ := pressed(r)
	if _, err := c.Use.Halt(ctx, r.Now, seatAct(r, program), halt); err != nil {
		return Response{}, err
	}
	return c.statusOf(ctx, r, program)
}
