package slackapp

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"rapport/bot"
)

// The forms' inputs.
const (
	coffeeForms      = "coffee_form"
	coffeeNameInput  = "coffee_name"
	coffeePurpose    = "coffee_purpose"
	coffeeWords      = "coffee_words"
	coffeeChannel    = "coffee_channel"
	coffeeWeekday    = "coffee_weekday"
	coffeeTime       = "coffee_time"
	coffeeZone       = "coffee_zone"
	coffeeWeeks      = "coffee_weeks"
	coffeeSize       = "coffee_size"
	coffeeOdd        = "coffee_odd"
	coffeeDepartment = "coffee_department"
	coffeeManagers   = "coffee_managers"
	coffeeUntil      = "coffee_until"
)

const (
	formCoffee = "coffee"
	formMentor = string(bot.MentorForm)
	oddTrio    = "trio"
	oddSitOut  = "sit_out"
	noManager  = "apart"
)

// setup opens the form for a new program. The modal opens at once; the person's zone is read after that.
func (c *Coffee) setup(_ context.Context, r Request) (Response, error) {
	return c.Client.opening(r, "Set up coffee", func(ctx context.Context) (Modal, error) {
		reader, err := readerOf(ctx, c.Use, r.User)
		if err != nil {
			return Modal{}, err
		}
		channel := r.Channel
		if !strings.HasPrefix(channel, "C") && !strings.HasPrefix(channel, "G") {
			channel = "" // a conversation with people is no channel
		}
		p := bot.NewProgram(channel, r.User, reader.zone().String())
		if word, _ := firstWord(r.Rest); strings.EqualFold(word, formMentor) {
			p = bot.NewMentorProgram(channel, r.User, p.Zone)
		}
		return coffeeForm(p, channel), nil
	}), nil
}

// chooseForm shows what the other kind of program needs; what was typed stays, also where the form does not show it for a while.
func (c *Coffee) chooseForm(_ context.Context, r Request) (Response, error) {
	p, channel := formProgram(r)
	if p.ID != "" {
		return Response{}, nil // a program stays what it is
	}
	was, is := bot.NewProgram("", "", ""), bot.NewMentorProgram("", "", "")
	if p.Form == bot.CoffeeForm {
		was, is = is, was
	}
	before := readBeside(r.View.PrivateMetadata)
	now := before
	if _, shown := r.Values[coffeeSize]; shown {
		now.size = max(p.Size, 2)
	}
	if _, shown := r.Values[coffeeOdd]; shown {
		now.odd = r.Values.Option(coffeeOdd)
	}
	now.weeks = p.Weeks
	if p.Name == was.Name || p.Name == "" {
		p.Name = is.Name
	}
	if p.Weeks == was.Weeks || p.Weeks == 0 {
		p.Weeks = is.Weeks
	}
	if before.weeks > 0 {
		p.Weeks = before.weeks
	}
	p.Size, p.Trios = is.Size, is.Trios
	if now.size > 0 {
		p.Size, p.Trios = now.size, now.odd != oddSitOut
	}
	form := coffeeForm(p, channel)
	form.PrivateMetadata = now.metadata(channel)
	return Response{Ack: UpdateModal(form)}, nil
}

// beside is what was chosen in the form of a new program while it showed the other kind; its zero value where it never did.
type beside struct {
	size  int // how many people meet; 0: not seen yet
	odd   string
	weeks int
}

// metadata is that of a new program's form, opened from a conversation.
func (b beside) metadata(from string) string {
	return fmt.Sprintf("%s %d/%s/%d", from, b.size, b.odd, b.weeks)
}

func readBeside(metadata string) beside {
	_, kept, _ := strings.Cut(metadata, " ")
	parts := strings.Split(kept, "/")
	if len(parts) != 3 {
		return beside{}
	}
	var b beside
	b.size, _ = strconv.Atoi(parts[0])
	b.weeks, _ = strconv.Atoi(parts[2])
	b.odd = parts[1]
	if b.size > 4 || b.weeks > 12 { // nothing that a form has
		return beside{}
	}
	return b
}

// edit opens the form for a program that is there.
func (c *Coffee) edit(_ context.Context, r Request) (Response, error) {
	return c.openForm(r, "Change coffee", coffeeForm), nil
}

// openForm opens a form about a program for one of its editors.
func (c *Coffee) openForm(r Request, title string, form func(p bot.Program, from string) Modal) Response {
	program, _ := pressed(r)
	return c.Client.opening(r, title, func(ctx context.Context) (Modal, error) {
		p, err := c.Use.Edit(ctx, program, r.User, r.Channel)
		if err != nil {
			return Modal{}, err
		}
		return form(p, r.Channel), nil
	})
}

func (c *Coffee) submit(ctx context.Context, r Request) (Response, error) {
	p, channel := formProgram(r)
	if problems := formProblems(p, r.Values); len(problems) > 0 {
		return Response{Ack: InputErrors(problems)}, nil
	}
	if p.ID == "" {
		p, err := c.Use.Save(ctx, r.Now, r.Token, r.User, p)
		return c.saved(ctx, r, channel, bot.ProgramChange{Program: p}, err, true)
	}
	return c.changed(ctx, r, func(stored *bot.Program) error {
		if stored.Channel != p.Channel {
			return &bot.Fault{Code: bot.FaultForbidden}
		}
		fillProgram(stored, r.Values)
		return nil
	})
}

// changed changes a program by a submitted form, which says what its author looked at.
func (c *Coffee) changed(ctx context.Context, r Request, edit func(*bot.Program) error) (Response, error) {
	p, channel := formOf(r)
	change, err := c.Use.Change(ctx, r.Now, bot.ProgramAct{Token: r.Token, Actor: r.User, Program: p.ID, Version: p.Version}, edit)
	return c.saved(ctx, r, channel, change, err, false)
}

// saved answers a submitted form about a program: with what changed, in words, or with what is wrong, below the input that it is about.
func (c *Coffee) saved(ctx context.Context, r Request, channel string, change bot.ProgramChange, err error, created bool) (Response, error) {
	if fault := refused(err); fault != nil {
		return Response{Ack: InputErrors(map[string]string{shownBlock(r, coffeeBlock(fault.Code, created)): coffeeSentence(fault)})}, nil
	}
	if err != nil {
		return Response{}, err
	}
	reader, err := readerOf(ctx, c.Use, r.User)
	if err != nil {
		return Response{}, err
	}
	m := coffeeChanged(reader, change, r.Now)
	if created {
		m = coffeeCreated(reader, change.Program, r.Now)
	}
	return c.toldFrom(r, channel, m), nil
}

// toldFrom answers a submitted form where it was opened: in a conversation, seen by the person alone, or on Home.
func (c *Coffee) toldFrom(r Request, channel string, m Message) Response {
	if channel == "" {
		return c.Home.told(r, m)
	}
	return Then(func(ctx context.Context) error { return c.Client.Tell(ctx, r.User, channel, m) })
}

// shownBlock is the block of a sentence that has to stand below some input of the form: the wished one, or else its first.
func shownBlock(r Request, wished string) string {
	if _, there := r.Values[wished]; there || len(r.View.Inputs) == 0 {
		return wished
	}
	return r.View.Inputs[0]
}

// versioned is the metadata of a form about a program as the person saw it, opened from a conversation.
func versioned(p bot.Program, from string) string {
	return strings.Join([]string{p.ID, strconv.Itoa(p.Version), p.Channel, from}, " ")
}

// formOf reads what a form is about. What the metadata says of program, version and channel is checked by the use case.
func formOf(r Request) (p bot.Program, from string) {
	parts := strings.SplitN(r.View.PrivateMetadata, " ", 4)
	if len(parts) < 4 { // of a new one: where it was opened, and beside that what [beside] keeps
		return bot.Program{}, parts[0]
	}
	p.ID, p.Channel = parts[0], parts[2]
	p.Version, _ = strconv.Atoi(parts[1])
	return p, parts[3]
}

// formProgram reads the filled form.
func formProgram(r Request) (p bot.Program, from string) {
	about, from := formOf(r)
	fresh := bot.NewProgram
	if r.Values.Option(coffeeForms) == formMentor {
		fresh = bot.NewMentorProgram
	}
	p = fresh(r.Values.Conversation(coffeeChannel), r.User, r.Values.Option(coffeeZone))
	if about.ID != "" {
		p.ID, p.Version, p.Channel = about.ID, about.Version, about.Channel
	}
	fillProgram(&p, r.Values)
	return p, from
}

// fillProgram gives a program the settings of the first form. What the form does not show stays as it is.
func fillProgram(p *bot.Program, v Values) {
	p.Name, p.Purpose = oneLine(v.Text(coffeeNameInput)), oneLine(v.Text(coffeePurpose))
	p.Words = wordsOf(v)
	p.Weekday, p.Weeks = time.Weekday(numberOr(v, coffeeWeekday, -1)), numberOr(v, coffeeWeeks, 0)
	p.Minute, _ = v.Minute(coffeeTime)
	zone := v.Option(coffeeZone)
	if p.Holidays == bot.HolidaysIn(p.Zone) { // they were its country's, and nobody chose otherwise
		p.Holidays = bot.HolidaysIn(zone)
	}
	p.Zone = zone
	if _, shown := v[coffeeSize]; shown {
		p.Size = numberOr(v, coffeeSize, 0)
	}
	if _, shown := v[coffeeOdd]; shown {
		p.Trios = v.Option(coffeeOdd) != oddSitOut
	}
	p.Department = bot.Strictness(v.Option(coffeeDepartment))
	p.Managers = !v.Ticked(coffeeManagers, noManager)
}

// wordsOf are the typed words of an invitation, in the form in which they are stored; empty for the standard ones.
func wordsOf(v Values) string {
	typed := strings.ReplaceAll(v.Text(coffeeWords), "\r\n", "\n")
	if typed == coffeeWordsStandard || typed == mentorWordsStandard { // also where the kind was changed below them
		return ""
	}
	return bot.EscapeText(typed)
}

// oneLine is what was typed, in the form in which it is stored.
func oneLine(typed string) string { return bot.EscapeText(strings.Join(strings.Fields(typed), " ")) }

func numberOr(v Values, block string, fallback int) int {
	if n, ok := v.Number(block); ok {
		return n
	}
	return fallback
}

// formProblems finds what the store need not be asked for.
func formProblems(p bot.Program, v Values) map[string]string {
	problems := map[string]string{}
	if p.Name == "" {
		problems[coffeeNameInput] = "It needs a name, so that people know what they join."
	}
	if p.Channel == "" {
		problems[coffeeChannel] = "Pick the channel whose people it is for."
	}
	if _, ok := v.Minute(coffeeTime); !ok {
		problems[coffeeTime] = "Pick a time of day."
	}
	return problems
}

// coffeeBlock is the input below which a fault is shown. An existing program's channel has no input.
func coffeeBlock(code bot.FaultCode, created bool) string {
	switch code {
	case bot.ProgramPurpose:
		return coffeePurpose
	case bot.ProgramWords:
		return coffeeWords
	case bot.ProgramCadence:
		return coffeeWeekday
	case bot.ProgramZone:
		return coffeeZone
	case bot.ProgramEditor:
		return coffeeEditors
	case bot.ProgramOutside, bot.ProgramShared, bot.ProgramMany:
		if created {
			return coffeeChannel
		}
	}
	return coffeeNameInput
}
