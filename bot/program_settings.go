package bot

import (
	"maps"
	"reflect"
	"slices"
	"strings"
	"time"

	"rapport/prompts"
)

// How much an editor can write, in characters, and how many there can be.
const (
	ProgramNameLimit    = 40
	ProgramPurposeLimit = 200
	ProgramWordsLimit   = 1000
	ProgramEditorLimit  = 10
	ProgramLimit        = 20 // in one channel
	ProgramWindowLimit  = 104
)

// themeQuestions is how many questions a theme needs to be offered: a program asks nobody the same one twice within a year.
const themeQuestions = 4

// What can be wrong with a program.
const (
	ProgramOutside  FaultCode = "program_not_in_channel" // the bot, or the person, is not in the channel: both read the same
	ProgramShared   FaultCode = "program_shared_channel"
	ProgramGuest    FaultCode = "program_guest" // guests do not take part in this program
	ProgramNotIn    FaultCode = "program_not_joined"
	ProgramName     FaultCode = "program_name"
	ProgramTaken    FaultCode = "program_name_taken" // another program of the channel is called so
	ProgramMany     FaultCode = "program_many"
	ProgramPurpose  FaultCode = "program_purpose"
	ProgramWords    FaultCode = "program_words"
	ProgramCadence  FaultCode = "program_cadence"
	ProgramZone     FaultCode = "program_zone"
	ProgramPastDate FaultCode = "program_past_date"
	ProgramEditor   FaultCode = "program_editor" // somebody cannot edit it, or be its owner; Names says who
)

// NewProgram is a program as setup proposes it: Mondays at 9:00, every week, pairs from different departments, never on a holiday of the zone's country.
func NewProgram(channel, owner, zone string) Program {
	return Program{
		Name: "Coffee", Channel: channel, Owner: owner, Zone: zone, Weekday: time.Monday, Minute: 9 * 60, Weeks: 1, Size: 2, Trios: true,
		Department: Prefer, Overlap: Prefer, Window: 26, Holidays: HolidaysIn(zone),
	}
}

// NewMentorProgram is a mentor program as setup proposes it: every four weeks whoever waits is matched.
func NewMentorProgram(channel, owner, zone string) Program {
	p := NewProgram(channel, owner, zone)
	p.Form, p.Name, p.Weeks, p.Trios = MentorForm, "Mentoring", 4, false
	return p
}

// Themes lists what a program's questions can be about: what enough questions of the library have in common.
func (c *Coffee) Themes() []string {
	count := map[string]int{}
	for _, p := range c.Prompts.All() {
		if p.Kind == prompts.KindCoffee {
			for _, theme := range p.Themes {
				count[theme]++
			}
		}
	}
	maps.DeleteFunc(count, func(_ string, n int) bool { return n < themeQuestions })
	return slices.Sorted(maps.Keys(count))
}

// checkProgram finds what is wrong with a program's settings by themselves.
func checkProgram(p Program) error {
	zone, err := time.LoadLocation(p.Zone)
	switch {
	case CountText(p.Name) == 0 || CountText(p.Name) > ProgramNameLimit:
		return &Fault{Code: ProgramName, Limit: ProgramNameLimit}
	case CountText(p.Purpose) > ProgramPurposeLimit:
		return &Fault{Code: ProgramPurpose, Limit: ProgramPurposeLimit}
	case CountText(p.Words) > ProgramWordsLimit:
		return &Fault{Code: ProgramWords, Limit: ProgramWordsLimit}
	case p.Weeks < 1 || p.Weeks > 12 || p.Minute < 0 || p.Minute >= 24*60 || p.Weekday < time.Sunday || p.Weekday > time.Saturday:
		return &Fault{Code: ProgramCadence}
	case err != nil || p.Zone == "" || zone == time.Local:
		return &Fault{Code: ProgramZone, Cause: err}
	case len(p.Editors) > ProgramEditorLimit || !p.rulesKnown():
		return &Fault{Code: FaultInvalid}
	}
	return nil
}

// rulesKnown reports whether every choice is one that a form offers.
func (p Program) rulesKnown() bool {
	known := func(s Strictness, all ...Strictness) bool { return slices.Contains(all, s) }
	return p.Size >= 2 && p.Size <= 4 && p.Window >= 0 && p.Window <= ProgramWindowLimit &&
		known(p.Department, Ignore, Prefer, Require) && known(p.Overlap, "", Ignore, Prefer, Require) &&
		(p.Holidays == "" || slices.Contains(HolidayCalendars(), p.Holidays)) && (p.Form == CoffeeForm || p.Form == MentorForm)
}

// with is the program with another's settings: all that the forms have. The version is the other's: what its author looked at.
func (p Program) with(wish Program) Program {
	p.Version, p.Name, p.Purpose, p.Words = wish.Version, wish.Name, wish.Purpose, wish.Words
	p.Weekday, p.Minute, p.Zone, p.Weeks = wish.Weekday, wish.Minute, wish.Zone, wish.Weeks
	p.Size, p.Trios, p.Department, p.Managers = wish.Size, wish.Trios, wish.Department, wish.Managers
	p.Overlap, p.Window, p.Theme, p.Holidays = wish.Overlap, wish.Window, wish.Theme, wish.Holidays
	p.Guests, p.AutoJoin, p.Editors = wish.Guests, wish.AutoJoin, wish.Editors
	return p
}

// settled gives the settings one form each: the owner is no editor beside, nobody is so twice, and a mentor program takes in nobody who did not say as what.
func (p Program) settled() Program {
	p.Editors = slices.DeleteFunc(unique(p.Editors), func(id string) bool { return id == p.Owner })
	if len(p.Editors) == 0 {
		p.Editors = nil
	}
	if p.Overlap == "" {
		p.Overlap = Prefer
	}
	if p.Form == MentorForm {
		p.AutoJoin = false
	}
	return p
}

// same reports whether two versions of a program have the same settings.
func (p Program) same(other Program) bool {
	p.Version = other.Version
	if len(p.Editors)+len(other.Editors) == 0 {
		p.Editors = other.Editors
	}
	return reflect.DeepEqual(p, other)
}

// checkName makes sure that a channel's programs can be told apart, and that there are not too many.
func checkName(p Program, all []Program) error {
	here := 0
	for _, other := range all {
		if other.Channel != p.Channel || other.ID == p.ID {
			continue
		}
		here++
		if strings.EqualFold(UnescapeText(other.Name), UnescapeText(p.Name)) {
			return &Fault{Code: ProgramTaken, Typed: p.Name}
		}
	}
	if p.ID == "" && here >= ProgramLimit {
		return &Fault{Code: ProgramMany, Limit: ProgramLimit}
	}
	return nil
}

// checkEditors makes sure that those who are new among a program's editors are full members. Who is gone meanwhile may stay in the list.
func checkEditors(p Program, before []string, people map[string]Member) error {
	var wrong []string
	for _, id := range p.Editors {
		if m := people[id]; !slices.Contains(before, id) && (!m.Person() || m.Guest) {
			wrong = append(wrong, id)
		}
	}
	if len(wrong) > 0 {
		return &Fault{Code: ProgramEditor, Names: wrong}
	}
	return nil
}
