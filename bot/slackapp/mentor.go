package slackapp

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"rapport/bot"
	"rapport/bot/pairing"
)

// The inputs of the form for one's part in a mentor program.
const (
	mentorRole     = "mentor_role"
	mentorCapacity = "mentor_capacity"
)

// Mentor answers everything about mentor programs, beside what [Coffee] does for every program. All fields are required.
type Mentor struct {
	Client   *Client
	Use      *bot.Coffee
	Settings *bot.Settings
	Home     *HomeTab
}

// Routes implements [Noun].
func (n *Mentor) Routes() []Route {
	return []Route{
		{Kind: OnCommand, Name: "/rapport mentor", Handle: n.mine},
		{Kind: OnCommand, Name: "/coffee mentor", Handle: n.mine},
		{Kind: OnAction, Name: "mentor.mine", Handle: n.mine},
		{Kind: OnAction, Name: "mentor.part", Handle: n.part},
		{Kind: OnAction, Name: "mentor.menu", Handle: n.menu},
		{Kind: OnSubmit, Name: "mentor.join", Handle: n.join},
		{Kind: OnAction, Name: "mentor.accept", Handle: n.accept},
		{Kind: OnAction, Name: "mentor.decline", Handle: n.decline},
		{Kind: OnAction, Name: "mentor.every", Handle: n.every},
		{Kind: OnAction, Name: "mentor.chat", Handle: n.chat},
		{Kind: OnAction, Name: "mentor.theme", Handle: n.theme},
		{Kind: OnAction, Name: "mentor.quiet", Handle: n.quiet},
		{Kind: OnAction, Name: "mentor.loud", Handle: n.loud},
		{Kind: OnAction, Name: "mentor.end", Handle: n.end},
		{Kind: OnSubmit, Name: "mentor.ended", Handle: n.ended},
	}
}

func (n *Mentor) everybody() Reader { return Reader{Zone: firstZone(n.Settings.Current().Zone)} }

// mine shows the mentor programs that somebody is in, with their pairs.
func (n *Mentor) mine(ctx context.Context, r Request) (Response, error) {
	all, err := n.Use.MyMentoring(ctx, r.Now, r.User)
	if err != nil {
		return Response{}, err
	}
	reader, err := readerOf(ctx, n.Use, r.User)
	if err != nil {
		return Response{}, err
	}
	m := mentorMine(reader, all, r.Now)
	if r.Kind == OnCommand {
		return Reply(m), nil
	}
	return Then(func(ctx context.Context) error {
		if r.Message.Ephemeral && r.ResponseURL != "" {
			return n.Client.Rewrite(ctx, r, m)
		}
		if r.ResponseURL != "" {
			return n.Client.Respond(ctx, r.ResponseURL, m)
		}
		return n.Client.Tell(ctx, r.User, r.Channel, m)
	}), nil
}

// part opens the form in which somebody says that they are a mentor or a mentee, with what they said before.
func (n *Mentor) part(_ context.Context, r Request) (Response, error) {
	program, _ := pressed(r)
	return mentorPartForm(n.Client, n.Use, r, program), nil
}

// menu does what was chosen in a mentor program's menu on Home.
func (n *Mentor) menu(_ context.Context, r Request) (Response, error) {
	var what string
	what, r.Action.Value = pair(r.Action.Picked.Option)
	program, _ := pressed(r)
	switch what {
	case menuPart:
		return mentorPartForm(n.Client, n.Use, r, program), nil
	case menuPause:
		return pauseForm(n.Client, r, program), nil
	}
	return Response{}, &bot.Fault{Code: bot.FaultInvalid}
}

// mentorPartForm opens the form for a program.
func mentorPartForm(client *Client, use *bot.Coffee, r Request, program string) Response {
	return client.opening(r, "Mentor or mentee?", func(ctx context.Context) (Modal, error) {
		h, err := use.Look(ctx, r.Now, r.User, r.Channel)
		if err != nil {
			return Modal{}, err
		}
		for _, p := range h.Read.Programs {
			if p.ID != program || p.Form != bot.MentorForm {
				continue
			}
			if err := use.MayJoinMentoring(ctx, h.Read, bot.SeatAct{Member: r.User, Program: program, Channel: r.Channel}); err != nil {
				return Modal{}, err
			}
			return mentorJoinForm(p, seatFor(h, p.ID), h.Read.Preferences[r.User].Profile, r.Channel), nil
		}
		return Modal{}, &bot.Fault{Code: bot.FaultNotFound}
	})
}

func seatFor(h bot.Here, program string) bot.Seat {
	for _, s := range h.Read.Seats {
		if s.Program == program {
			return s
		}
	}
	return bot.Seat{}
}

// join takes what the form says.
func (n *Mentor) join(ctx context.Context, r Request) (Response, error) {
	program, channel, _ := strings.Cut(r.View.PrivateMetadata, " ")
	capacity := numberOr(r.Values, mentorCapacity, 1)
	// The conversation comes out of the form, which people can forge: it proves nothing about a private channel, so presence is asked instead.
	a := bot.SeatAct{Token: r.Token, Member: r.User, Program: program}
	m, already, err := n.Use.JoinMentoring(ctx, r.Now, a, pairing.Role(r.Values.Option(mentorRole)), capacity)
	if fault := refused(err); fault != nil {
		block := mentorRole
		if fault.Code == bot.MentorCapacity {
			block = mentorCapacity
		}
		return Response{Ack: InputErrors(map[string]string{block: faultSentence(Reader{}, fault)})}, nil
	}
	if err != nil {
		return Response{}, err
	}
	reader, err := readerOf(ctx, n.Use, r.User)
	if err != nil {
		return Response{}, err
	}
	joined := mentorJoined(reader, m, already, r.Now)
	if channel == "" {
		return n.Home.told(r, joined), nil
	}
	return Then(func(ctx context.Context) error { return n.Client.Tell(ctx, r.User, channel, joined) }), nil
}

// mentorAct reads a button about a mentorship; the words behind the id are the rest.
func mentorAct(r Request) (bot.MentorAct, []string) {
	id, rest := pressed(r)
	return bot.MentorAct{Token: r.Token, Member: r.User, Mentorship: id}, rest
}

func (n *Mentor) accept(ctx context.Context, r Request) (Response, error) {
	a, _ := mentorAct(r)
	part, err := n.Use.AcceptMentor(ctx, r.Now, a)
	return n.answered(ctx, r, part, err)
}

func (n *Mentor) decline(ctx context.Context, r Request) (Response, error) {
	a, _ := mentorAct(r)
	part, err := n.Use.DeclineMentor(ctx, r.Now, a)
	return n.answered(ctx, r, part, err)
}

// answered puts what became of a proposal in place of the question.
func (n *Mentor) answered(ctx context.Context, r Request, part bot.MentorPart, err error) (Response, error) {
	if fault := refused(err); fault != nil && part.Mentorship.Version > 0 && (fault.Code == bot.MentorNoMatch || fault.Code == bot.MentorAlreadyEnded) {
		err = nil
	}
	if err != nil {
		return Response{}, err
	}
	reader, err := readerOf(ctx, n.Use, r.User)
	if err != nil {
		return Response{}, err
	}
	m := mentorAnswered(reader, part)
	return Then(func(ctx context.Context) error {
		if r.ResponseURL != "" {
			return n.Client.Rewrite(ctx, r, m)
		}
		return n.Client.Tell(ctx, r.User, r.Channel, m)
	}), nil
}

// every sets how often a pair meets, and says so in the message that both see.
func (n *Mentor) every(ctx context.Context, r Request) (Response, error) {
	a, rest := mentorAct(r)
	if len(rest) == 0 {
		return Response{}, &bot.Fault{Code: bot.FaultInvalid}
	}
	weeks, err := strconv.Atoi(rest[0])
	if err != nil {
		return Response{}, &bot.Fault{Code: bot.FaultInvalid}
	}
	if _, err := n.Use.MeetEvery(ctx, a, weeks); err != nil {
		return Response{}, err
	}
	return n.shownAgain(ctx, r, a, rest[1:])
}

func (n *Mentor) theme(ctx context.Context, r Request) (Response, error) {
	a, rest := mentorAct(r)
	if len(rest) == 0 {
		return Response{}, &bot.Fault{Code: bot.FaultInvalid}
	}
	if _, err := n.Use.AnotherTheme(ctx, r.Now, a, rest[0]); err != nil {
		return Response{}, err
	}
	return n.shownAgain(ctx, r, a, rest[1:])
}

func (n *Mentor) quiet(ctx context.Context, r Request) (Response, error) {
	return n.setQuiet(ctx, r, true)
}

func (n *Mentor) loud(ctx context.Context, r Request) (Response, error) {
	return n.setQuiet(ctx, r, false)
}

func (n *Mentor) setQuiet(ctx context.Context, r Request, quiet bool) (Response, error) {
	a, rest := mentorAct(r)
	if _, err := n.Use.QuietThemes(ctx, a, quiet); err != nil {
		return Response{}, err
	}
	return n.shownAgain(ctx, r, a, rest)
}

// Where a button of a pair's stands: the last word of its value.
const (
	inStart      = "start"
	inStartAlone = "start_alone"
	inTheme      = "theme"
	inThemeAlone = "theme_alone"
	inMine       = "mine"
)

// shownAgain writes the message anew in which a button stood.
func (n *Mentor) shownAgain(ctx context.Context, r Request, a bot.MentorAct, rest []string) (Response, error) {
	where := inMine
	if len(rest) > 0 {
		where = rest[0]
	}
	var m Message
	switch where {
	case inStart, inStartAlone:
		start, err := n.Use.MentorStartView(ctx, r.Now, a, where == inStartAlone)
		if err != nil {
			return Response{}, err
		}
		m = mentorStart(n.everybody(), start)
	case inTheme, inThemeAlone:
		part, err := n.Use.MentorView(ctx, a)
		if err != nil {
			return Response{}, err
		}
		m = themeNote(bot.ThemeNote{MentorPart: part, Alone: where == inThemeAlone})
	default:
		return n.mine(ctx, r)
	}
	return Then(func(ctx context.Context) error { return n.Client.Rewrite(ctx, r, m) }), nil
}

// chat opens the conversation of a pair that was introduced to each alone, and gives the way there. Nobody is notified.
func (n *Mentor) chat(ctx context.Context, r Request) (Response, error) {
	a, _ := mentorAct(r)
	part, err := n.Use.MentorView(ctx, a)
	if err != nil {
		return Response{}, err
	}
	if part.Mentorship.State != bot.MentorActive {
		return Response{}, &bot.Fault{Code: bot.MentorAlreadyEnded}
	}
	return Then(func(ctx context.Context) error {
		conversation, err := n.Client.OpenConversation(ctx, part.Mentorship.Members()...)
		if err != nil {
			return err
		}
		m := chatOpened(n.Settings.Current().Team, conversation)
		if r.ResponseURL != "" {
			return n.Client.Respond(ctx, r.ResponseURL, m)
		}
		return n.Client.Tell(ctx, r.User, r.Channel, m)
	}), nil
}

// end asks once more, with room for a thank-you.
func (n *Mentor) end(_ context.Context, r Request) (Response, error) {
	a, _ := mentorAct(r)
	return n.Client.opening(r, "Ending well", func(ctx context.Context) (Modal, error) {
		part, err := n.Use.MentorView(ctx, a)
		if err == nil && part.Mentorship.State == bot.MentorEnded {
			err = &bot.Fault{Code: bot.MentorAlreadyEnded}
		}
		if err == nil && part.Mentorship.State != bot.MentorActive {
			err = &bot.Fault{Code: bot.MentorNoMatch}
		}
		if err != nil {
			return Modal{}, err
		}
		return mentorEndForm(part), nil
	}), nil
}

func (n *Mentor) ended(ctx context.Context, r Request) (Response, error) {
	part, err := n.Use.EndMentorship(ctx, r.Now, bot.MentorAct{Token: r.Token, Member: r.User, Mentorship: r.View.PrivateMetadata})
	if err != nil {
		return Response{}, err
	}
	return n.Home.told(r, mentorOver(part)), nil
}

// asksForPart reports whether joining a program needs to know first as what: it is a mentor program.
func asksForPart(h bot.Here, program string) bool {
	return slices.ContainsFunc(h.Read.Programs, func(p bot.Program) bool { return p.ID == program && p.Form == bot.MentorForm })
}

// mentorStatus shows an editor how a mentor program goes.
func (c *Coffee) mentorStatus(ctx context.Context, r Request, reader Reader, whole bot.Overview) (Response, error) {
	o, err := c.Use.MentorOverview(ctx, r.Now, whole.Program.ID, r.User, r.Channel)
	if err != nil {
		return Response{}, err
	}
	return c.say(r, mentorStatus(reader, o, whole.MayHandOver, r.Now)), nil
}
