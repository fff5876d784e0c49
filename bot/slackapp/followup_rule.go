package slackapp

import (
	"fmt"
	"strings"

	"rapport/bot/when"
)

// readRule reads a text that is nothing but a rule of repetition, "every 2 weeks" or only "2 weeks", in the words of who writes it, with the first date in
// the days of its owner.
func readRule(text string, writer, owner when.Context) (every when.Every, first when.Due, ok bool) {
	for _, text := range []string{text, "every " + text} {
		r := when.Trailing(text, writer)
		if r.Every == nil || r.Rest != "" || r.Err != nil || r.Due == nil {
			continue
		}
		first = *r.Due
		if !first.ExplicitTime {
			first = owner.EndOfDay(first.Date)
		}
		return *r.Every, first, true
	}
	return when.Every{}, when.Due{}, false
}

// ruleText is a rule as people type it: [readRule] reads the same rule from it, whatever their language.
func ruleText(e *when.Every) string {
	if e == nil {
		return ""
	}
	unit := string(e.Unit)
	if e.N > 1 {
		unit = fmt.Sprintf("%d %ss", e.N, e.Unit)
	}
	if len(e.On) == 0 {
		return "every " + unit
	}
	var on []string
	for _, o := range e.On {
		on = append(on, onText(o))
	}
	return "every " + strings.Join(on, ", ")
}

// onText is a day of a rule as people type it: "Friday", "last Friday", "15th".
func onText(o when.On) string {
	if o.Day == 0 {
		return onWords(o)
	}
	ending := "th"
	if o.Day/10 != 1 {
		switch o.Day % 10 {
		case 1:
			ending = "st"
		case 2:
			ending = "nd"
		case 3:
			ending = "rd"
		}
	}
	return fmt.Sprint(o.Day, ending)
}
