package slackapp

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/slack-go/slack"

	"rapport/bot"
)

// The forms' inputs.
const (
	coffeeNameInput  = "coffee_name"
	coffeePurpose    = "coffee_purpose"
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
	oddTrio   = "trio"
	oddSitOut = "sit_out"
	noManager = "apart"
)

// setup opens the form for a new program. The modal opens at once; the person's zone is read after that.
func (c *Coffee) setup(_ context.Context, r Request) (Response, error) {
	return c.Client.opening(r, "Set up coffee", func(ctx context.Context) (Modal, error) {
		reader, err := c.reader(ctx, r.User)
		if err != nil {
			return Modal{}, err
		}
		channel := r.Channel
		if !strings.HasPrefix(channel, "C") && !strings.HasPrefix(channel, "G") {
			channel = "" // a conversation with people is no channel
		}
		return coffeeForm(bot.NewProgram(channel, r.User, reader.zone().String()), channel), nil
	}), nil
}

// edit opens the form for a program that is there.
func (c *Coffee) edit(_ context.Context, r Request) (Response, error) {
	program, _ := pressed(r)
	return c.Client.opening(r, "Change coffee", func(ctx context.Context) (Modal, error) {
		p, err := c.Use.Edit(ctx, program, r.User, r.Channel)
		if err != nil {
			return Modal{}, err
		}
		return coffeeForm(p, r.Channel), nil
	}), nil
}

func (c *Coffee) submit(ctx context.Context, r Request) (Response, error) {
	p, channel := formProgram(r)
	created := p.ID == ""
	if problems := formProblems(p, r.Values); len(problems) > 0 {
		return Response{Ack: InputErrors(problems)}, nil
	}
	p, err := c.Use.Save(ctx, r.Now, r.Token, r.User, p)
	if fault := refused(err); fault != nil {
		return Response{Ack: InputErrors(map[string]string{coffeeBlock(fault.Code, created): coffeeSentence(fault)})}, nil
	}
	if err != nil {
		return Response{}, err
	}
	reader, err := c.reader(ctx, r.User)
	if err != nil {
		return Response{}, err
	}
	return Then(func(ctx context.Context) error {
		return c.Client.Tell(ctx, r.User, channel, coffeeSaved(reader, p, created, r.Now))
	}), nil
}

// versioned is the metadata of a form about a program as the person saw it, opened from a conversation.
func versioned(p bot.Program, from string) string {
	return strings.Join([]string{p.ID, strconv.Itoa(p.Version), p.Channel, from}, " ")
}

// formProgram reads the filled form. What the metadata says of program, version and channel is checked by the use case.
func formProgram(r Request) (p bot.Program, channel string) {
	v := r.Values
	p = bot.NewProgram(v.Conversation(coffeeChannel), r.User, v.Option(coffeeZone))
	parts := strings.SplitN(r.View.PrivateMetadata, " ", 4)
	if len(parts) == 4 {
		p.ID, p.Channel, channel = parts[0], parts[2], parts[3]
		p.Version, _ = strconv.Atoi(parts[1])
	} else {
		channel = r.View.PrivateMetadata
	}
	p.Name, p.Purpose = oneLine(v.Text(coffeeNameInput)), oneLine(v.Text(coffeePurpose))
	p.Weekday, p.Weeks, p.Size = time.Weekday(numberOr(v, coffeeWeekday, -1)), numberOr(v, coffeeWeeks, 0), numberOr(v, coffeeSize, 0)
	p.Minute, _ = v.Minute(coffeeTime)
	p.Trios = v.Option(coffeeOdd) != oddSitOut
	p.Department = bot.Strictness(v.Option(coffeeDepartment))
	p.Managers = !v.Ticked(coffeeManagers, noManager)
	return p, channel
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
	case bot.ProgramCadence:
		return coffeeWeekday
	case bot.ProgramZone:
		return coffeeZone
	case bot.ProgramOutside, bot.ProgramShared:
		if created {
			return coffeeChannel
		}
	}
	return coffeeNameInput
}

func coffeeForm(p bot.Program, from string) Modal {
	title, submit, metadata := "Set up coffee", "Create it", from
	channel := Input{
		Block: coffeeChannel, Label: "For the people of which channel?",
		Hint: "I have to be in it. I post one invitation there; nobody is matched who does not press Join.",
	}.channel(p.Channel, "Pick a channel")
	if p.ID != "" {
		title, submit, metadata = "Change coffee", "Save", versioned(p, from)
		channel = contextLine("For the people of " + ChannelMention(p.Channel) + ". To move it to another channel, set up a new one there.")
	}
	var apart []string
	if !p.Managers {
		apart = []string{noManager}
	}
	odd := oddTrio
	if !p.Trios {
		odd = oddSitOut
	}
	return Modal{CallbackID: "coffee.save", Title: title, Submit: submit, Close: "Cancel", PrivateMetadata: metadata, Blocks: []slack.Block{
		Input{Block: coffeeNameInput, Label: "Name"}.text(bot.UnescapeText(p.Name), "Coffee", bot.ProgramNameLimit, false),
		Input{Block: coffeePurpose, Label: "What is it for, in one sentence?", Hint: "It is shown in the invitation and in each introduction.", Optional: true}.
			text(bot.UnescapeText(p.Purpose), "So that we know whom to ask before we need to.", bot.ProgramPurposeLimit, false),
		channel,
		Input{Block: coffeeWeekday, Label: "On which day are people introduced?"}.choice(strconv.Itoa(int(p.Weekday)), "", weekdayOptions()...),
		Input{Block: coffeeTime, Label: "At what time?", Hint: "Nobody hears from me outside their own working hours: it may come later for some."}.clock(p.Minute),
		Input{Block: coffeeZone, Label: "In which time zone?"}.choice(p.Zone, "", zoneOptions(p.Zone)...),
		Input{Block: coffeeWeeks, Label: "How often?"}.choice(strconv.Itoa(p.Weeks), "", weeksOptions()...),
		Input{Block: coffeeSize, Label: "How many people meet?"}.radio(strconv.Itoa(p.Size), option("2", "Two"), option("3", "Three"), option("4", "Four")),
		Input{Block: coffeeOdd, Label: "When pairs leave one person over"}.radio(odd, option(oddTrio, "One group of three"), option(oddSitOut, "Somebody sits out, in turn")),
		Input{Block: coffeeDepartment, Label: "Different departments"}.radio(string(p.Department),
			optionWith(string(bot.Prefer), "Where possible", "Nobody is left out because of it"),
			optionWith(string(bot.Require), "Always", "Somebody may be left out because of it"),
			option(string(bot.Ignore), "It does not matter")),
		Input{Block: coffeeManagers, Label: "Managers", Optional: true}.checkboxes(apart, optionWith(noManager, "Not with one's own manager", "People meet whom they do not report to")),
	}}
}

func weekdayOptions() []*slack.OptionBlockObject {
	options := make([]*slack.OptionBlockObject, 7)
	for i := range options {
		day := (i + 1) % 7 // Monday first
		options[i] = option(strconv.Itoa(day), time.Weekday(day).String())
	}
	return options
}

func weeksOptions() []*slack.OptionBlockObject {
	options := []*slack.OptionBlockObject{option("1", "Every week"), option("2", "Every second week")}
	for n := 3; n <= 12; n++ {
		options = append(options, option(strconv.Itoa(n), fmt.Sprintf("Every %d weeks", n)))
	}
	return options
}

// zoneOptions are the common zones, and the given one if it is none of them.
func zoneOptions(own string) []*slack.OptionBlockObject {
	var options []*slack.OptionBlockObject
	if own != "" && !slices.Contains(commonZones, own) {
		options = append(options, option(own, strings.ReplaceAll(own, "_", " ")))
	}
	for _, name := range commonZones {
		options = append(options, option(name, strings.ReplaceAll(name, "_", " ")))
	}
	return options
}

func coffeePauseForm(program, channel string) Modal {
	return Modal{
		CallbackID: "coffee.pause_until", Title: "Pause coffee", Submit: "Pause", Close: "Cancel", PrivateMetadata: strings.TrimSpace(program + " " + channel),
		Blocks: []slack.Block{
			Input{Block: coffeeUntil, Label: "You are back on", Hint: "You are matched in no round before that day. Nobody is told."}.date(bot.Date{}),
		},
	}
}
