package slackapp

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"github.com/slack-go/slack"

	"rapport/bot"
)

// The inputs of a program's further settings.
const (
	coffeeOverlap  = "coffee_overlap"
	coffeeWindow   = "coffee_window"
	coffeeTheme    = "coffee_theme"
	coffeeHolidays = "coffee_holidays"
	coffeeWho      = "coffee_who"
	coffeeEditors  = "coffee_editors"
)

const (
	whoGuests   = "guests"
	whoArrives  = "arrives"
	noneChosen  = "none"
	windowNever = "0"
)

// more opens the form of a program's further settings.
func (c *Coffee) more(_ context.Context, r Request) (Response, error) {
	return c.openForm(r, "More settings", func(p bot.Program, from string) Modal { return moreForm(p, from, c.Use.Themes()) }), nil
}

func (c *Coffee) submitMore(ctx context.Context, r Request) (Response, error) {
	return c.changed(ctx, r, func(stored *bot.Program) error {
		fillMore(stored, r.Values)
		return nil
	})
}

// fillMore gives a program the settings of the second form. What the form does not show stays as it is.
func fillMore(p *bot.Program, v Values) {
	if _, shown := v[coffeeOverlap]; shown {
		p.Overlap = bot.Strictness(v.Option(coffeeOverlap))
	}
	if _, shown := v[coffeeWindow]; shown {
		p.Window = numberOr(v, coffeeWindow, -1)
	}
	if _, shown := v[coffeeTheme]; shown {
		p.Theme = chosen(v.Option(coffeeTheme))
	}
	p.Holidays = chosen(v.Option(coffeeHolidays))
	p.Guests, p.AutoJoin = v.Ticked(coffeeWho, whoGuests), v.Ticked(coffeeWho, whoArrives)
	p.Editors = v.Users(coffeeEditors)
}

func chosen(option string) string {
	if option == noneChosen {
		return ""
	}
	return option
}

// words opens the form that changes what the invitation says, and nothing else.
func (c *Coffee) words(_ context.Context, r Request) (Response, error) {
	return c.openForm(r, "The invitation", func(p bot.Program, from string) Modal {
		return Modal{
			CallbackID: "coffee.save_words", Title: "The invitation", Submit: "Save", Close: "Cancel", PrivateMetadata: versioned(p, from), Blocks: []slack.Block{wordsInput(p)},
		}
	}), nil
}

func (c *Coffee) submitWords(ctx context.Context, r Request) (Response, error) {
	return c.changed(ctx, r, func(stored *bot.Program) error {
		stored.Words = wordsOf(r.Values)
		return nil
	})
}

// moreForm is the form of a program's further settings. themes are what its questions can be about.
func moreForm(p bot.Program, from string, themes []string) Modal {
	mentors := p.Form == bot.MentorForm
	blocks := []slack.Block{contextLine("For *" + programName(p) + "* in " + ChannelMention(p.Channel) + ".")}
	if !mentors {
		blocks = append(blocks,
			Input{Block: coffeeOverlap, Label: "Common working hours"}.radio(string(orPrefer(p.Overlap)),
				optionWith(string(bot.Prefer), "Where possible", "Nobody is left out because of it"),
				optionWith(string(bot.Require), "Always", "Somebody may be left out because of it"),
				option(string(bot.Ignore), "They do not matter")),
			Input{Block: coffeeWindow, Label: "When may the same people meet again?", Hint: "Earlier only where somebody would be left out."}.choice(strconv.Itoa(p.Window), "", windowOptions(p.Window)...),
			Input{Block: coffeeTheme, Label: "What are the questions about?", Hint: "Each introduction brings one question to begin with."}.choice(orNone(p.Theme), "", themeOptions(p.Theme, themes)...),
		)
	}
	blocks = append(blocks,
		Input{Block: coffeeHolidays, Label: "Holidays", Hint: "A round on a holiday begins on the next working day."}.choice(orNone(p.Holidays), "", holidayOptions()...),
		whoInput(p, mentors),
		Input{
			Block: coffeeEditors, Label: "Who else may change it?", Hint: "Full members only. They see how it goes, as you do.", Optional: true,
		}.members(p.Editors, "Nobody else", bot.ProgramEditorLimit),
	)
	return Modal{CallbackID: "coffee.save_more", Title: "More settings", Submit: "Save", Close: "Cancel", PrivateMetadata: versioned(p, from), Blocks: blocks}
}

func whoInput(p bot.Program, mentors bool) slack.Block {
	options := []*slack.OptionBlockObject{optionWith(whoGuests, "Guests may take part", "People from other companies never do")}
	if !mentors {
		options = append(options, optionWith(whoArrives, "Joining the channel counts as joining", "Who comes by themselves from now on is in, and is told so at once"))
	}
	var ticked []string
	if p.Guests {
		ticked = append(ticked, whoGuests)
	}
	if p.AutoJoin {
		ticked = append(ticked, whoArrives)
	}
	return Input{Block: coffeeWho, Label: "Who takes part", Optional: true}.checkboxes(ticked, options...)
}

func orPrefer(s bot.Strictness) bot.Strictness {
	if s == "" {
		return bot.Prefer
	}
	return s
}

func orNone(value string) string {
	if value == "" {
		return noneChosen
	}
	return value
}

// windowOptions are a few numbers of rounds, and the given one if it is none of them.
func windowOptions(own int) []*slack.OptionBlockObject {
	offered := []int{4, 8, 13, 26, 52, bot.ProgramWindowLimit}
	if own > 0 && !slices.Contains(offered, own) {
		offered = append(offered, own)
		slices.Sort(offered)
	}
	options := []*slack.OptionBlockObject{option(windowNever, "At any time")}
	for _, n := range offered {
		options = append(options, option(strconv.Itoa(n), fmt.Sprintf("After %d rounds", n)))
	}
	return options
}

func themeOptions(own string, themes []string) []*slack.OptionBlockObject {
	if own != "" && !slices.Contains(themes, own) {
		themes = append([]string{own}, themes...)
	}
	options := []*slack.OptionBlockObject{option(noneChosen, "Anything")}
	for _, theme := range themes {
		options = append(options, option(theme, upperFirst(theme)))
	}
	return options
}

func holidayOptions() []*slack.OptionBlockObject {
	options := []*slack.OptionBlockObject{option(noneChosen, "None: rounds begin on holidays, too")}
	for _, country := range bot.HolidayCalendars() {
		options = append(options, option(country, countryNames[country]))
	}
	return options
}
