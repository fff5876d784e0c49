package slackapp

import (
	"slices"

	"rapport/bot"

	"github.com/slack-go/slack"
)

// Input is a labelled input of a modal. Its block id is what [Values] and [InputErrors] know it by.
type Input struct {
	Block    string
	Label    string
	Hint     string // small print below
	Optional bool
	// Dispatch tells the app of every change (as an action named Block), so that it can update the modal.
	Dispatch bool
}

// text is an input for a line of text, or several.
func (i Input) text(initial, placeholder string, limit int, lines bool) slack.Block {
	element := slack.NewPlainTextInputBlockElement(i.placeholder(placeholder), i.Block)
	element.InitialValue = bot.CutText(initial, min(orMax(limit), maxInputText))
	element.Multiline = lines
	element.MaxLength = min(limit, maxInputText)
	return i.around(element)
}

// choice is a select of up to a hundred options; initial is a value, or "".
func (i Input) choice(initial, placeholder string, options ...*slack.OptionBlockObject) slack.Block {
	options = options[:min(len(options), maxSelect)]
	element := slack.NewOptionsSelectBlockElement(slack.OptTypeStatic, i.placeholder(placeholder), i.Block, options...)
	if at := optionAt(options, initial); at >= 0 {
		element.InitialOption = options[at]
	}
	return i.around(element)
}

// radio is a list of up to ten options of which one holds; initial is a value, or "".
func (i Input) radio(initial string, options ...*slack.OptionBlockObject) slack.Block {
	options = options[:min(len(options), maxRadio)]
	element := slack.NewRadioButtonsBlockElement(i.Block, options...)
	if at := optionAt(options, initial); at >= 0 {
		element.InitialOption = options[at]
	}
	return i.around(element)
}

// checkboxes is a list of up to ten options; initial are values.
func (i Input) checkboxes(initial []string, options ...*slack.OptionBlockObject) slack.Block {
	options = options[:min(len(options), maxRadio)]
	element := slack.NewCheckboxGroupsBlockElement(i.Block, options...)
	for _, o := range options {
		if slices.Contains(initial, o.Value) {
			element.InitialOptions = append(element.InitialOptions, o)
		}
	}
	return i.around(element)
}

// date is a date picker; the zero date leaves it empty.
func (i Input) date(initial bot.Date) slack.Block {
	element := slack.NewDatePickerBlockElement(i.Block)
	if initial != (bot.Date{}) {
		element.InitialDate = isoDate(initial)
	}
	return i.around(element)
}

// clock is a time picker; initial is in minutes after midnight, below 0 leaves it empty.
func (i Input) clock(initial int) slack.Block {
	element := slack.NewTimePickerBlockElement(i.Block)
	if initial >= 0 {
		element.InitialTime = isoMinute(initial)
	}
	return i.around(element)
}

// members is a picker of several people, at most limit (0: any number).
func (i Input) members(initial []string, placeholder string, limit int) slack.Block {
	element := slack.NewOptionsMultiSelectBlockElement(slack.MultiOptTypeUser, i.placeholder(placeholder), i.Block)
	element.InitialUsers = initial
	if limit > 0 {
		element.MaxSelectedItems = &limit
	}
	return i.around(element)
}

// channel is a picker of one channel, public or private, that the person is in.
func (i Input) channel(initial, placeholder string) slack.Block {
	element := slack.NewOptionsSelectBlockElement(slack.OptTypeConversations, i.placeholder(placeholder), i.Block)
	element.InitialConversation = initial
	element.Filter = &slack.SelectBlockElementFilter{Include: []string{"public", "private"}, ExcludeBotUsers: true}
	return i.around(element)
}

func (i Input) around(element slack.BlockElement) slack.Block {
	block := slack.NewInputBlock(i.Block, plainText(i.Label, maxLabel), nil, element)
	if i.Hint != "" {
		block.Hint = plainText(i.Hint, maxLabel)
	}
	return block.WithOptional(i.Optional).WithDispatchAction(i.Dispatch)
}

func (i Input) placeholder(text string) *slack.TextBlockObject {
	if text == "" {
		return nil
	}
	return plainText(text, maxPlaceholder)
}

func optionAt(options []*slack.OptionBlockObject, value string) int {
	return slices.IndexFunc(options, func(o *slack.OptionBlockObject) bool { return o.Value == value })
}

func orMax(limit int) int {
	if limit <= 0 {
		return maxInputText
	}
	return limit
}
