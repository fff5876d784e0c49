package slackapp

import (
	"strings"

	"github.com/slack-go/slack"

	"rapport/bot"
)

// What the choice of holidays says beside the codes of calendars.
const (
	holidaysUnset = "none"     // nobody's, as long as the workspace has no standard
	holidaysStd   = "standard" // the workspace's
	holidaysNever = "never"    // none, whatever the workspace's are
)

// offerCalendars lets the form offer all calendars that the workspace knows: its standard first, where there is one, then countries, then its own.
func offerCalendars(m *Modal, p bot.Preferences, calendars *bot.Calendars, zone string) {
	for i, block := range m.Blocks {
		if input, ok := block.(*slack.InputBlock); ok && input.BlockID == settingsHolidays {
			m.Blocks[i] = holidayInput(p, calendars, zone)
		}
	}
}

func holidayInput(p bot.Preferences, calendars *bot.Calendars, zone string) slack.Block {
	standard := calendars.Standard(zone)
	options, chosen := []*slack.OptionBlockObject{option(holidaysUnset, "None")}, holidaysUnset
	if standard != "" {
		options = []*slack.OptionBlockObject{option(holidaysStd, "As for everybody here: "+holidayName(standard)), option(holidaysNever, "None")}
		if chosen = holidaysStd; p.Holidays == bot.HolidaysNone {
			chosen = holidaysNever
		}
	}
	for _, code := range calendars.Codes() {
		options = append(options, option(code, holidayName(code)))
	}
	if p.Holidays != "" && p.Holidays != bot.HolidaysNone {
		chosen = p.Holidays
	}
	hint := "Those of the whole country count as free days."
	if len(calendars.Own()) > 0 {
		hint = "Those of the whole country count as free days, or those of a calendar that your company keeps."
	}
	return Input{Block: settingsHolidays, Label: "Public holidays", Hint: hint}.choice(chosen, "", options...)
}

// chosenHolidays is what [bot.Preferences] hold for an option of the choice.
func chosenHolidays(option string) string {
	switch option {
	case holidaysUnset, holidaysStd:
		return ""
	case holidaysNever:
		return bot.HolidaysNone
	}
	return option
}

// holidayName names calendars whose codes commas separate: "Germany and ACME". A region's is named after its country.
func holidayName(codes string) string {
	var names []string
	for code := range strings.SplitSeq(codes, ",") {
		country, region, _ := strings.Cut(code, "-")
		switch name := countryNames[country]; {
		case code == bot.HolidaysNone:
			names = append(names, "none")
		case name != "" && region != "":
			names = append(names, name+", "+region)
		case name != "":
			names = append(names, name)
		default:
			names = append(names, code)
		}
	}
	return List(names...)
}
