package slackapp

import (
	"strings"
	"testing"

	"rapport/bot"
	"rapport/bot/when"
)

func TestADoubtfulDateIsAskedAboutInWordsThatAreTrue(t *testing.T) {
	on := func(day string) bot.Commitment { return deck(func(c *bot.Commitment) { c.Due = dueOn(day) }) }
	for _, tt := range []struct {
		name string
		c    bot.Commitment
		in   bot.FollowupInput
		want string
	}{
		{"a clear one", on("2026-03-27"), bot.FollowupInput{}, ""},
		{"one in a year", on("2027-03-04"), bot.FollowupInput{Confirm: true}, "a long way ahead"},
		{"one in two days", on("2026-03-27"), bot.FollowupInput{Confirm: true}, "the day you meant"},
		{"one of two, which the notice asks about", on("2026-03-27"), bot.FollowupInput{Confirm: true, Notice: when.TwoDates}, ""},
	} {
		got := confirmWords(tt.c, tt.in)
		if (tt.want == "") != (got == "") || !strings.Contains(got, tt.want) {
			t.Errorf("of %s it says %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestABundleSaysTheSameThingOnce(t *testing.T) {
	last := func(id int) bot.BundleItem {
		return bot.BundleItem{Commitment: deck(func(c *bot.Commitment) { c.ID = id }), Why: bot.WhyDue, Last: true}
	}
	b := bot.Bundle{
		Reader: bot.Member{ID: "U1", Zone: "Europe/Berlin", Locale: "en-GB"}, Hours: hoursOfBerlin(), Day: dueOn("2026-03-27").Date,
		Items: []bot.BundleItem{last(7), last(8), last(9)},
	}
	text := written(bundleMessage(b).Blocks)
	if full, short := strings.Count(text, lastWords), strings.Count(text, lastAgain); full != 1 || short != 2 {
		t.Errorf("it asks in full %d times and in short %d times, want 1 and 2:\n%s", full, short, text)
	}
	if strings.Count(text, "Friday, 27 March") != 1 {
		t.Errorf("the day stands there more than once:\n%s", text)
	}
}

func TestADayOfAnotherYearIsPlannedWithItsYear(t *testing.T) {
	c := deck(func(c *bot.Commitment) { c.Due = dueOn("2027-03-04") })
	got := planDayLabel(berliner, c, c.Due.Date, dueOn("2026-03-25").Date)
	if want := "#7 Thursday, 4 March 2027, when it is due"; got != want {
		t.Errorf("the label is %q, want %q", got, want)
	}
}
