package slackapp

import (
	"strings"
	"testing"
	"time"

	"rapport/bot"
	"rapport/bot/when"
)

// TestTimedMessageSaysNoTimeThatNobodySaid has a promise for a day not read as one for the end of that day.
func TestTimedMessageSaysNoTimeThatNobodySaid(t *testing.T) {
	stated := *dueOn("2027-01-04")
	stated.ExplicitTime = true
	snoozed := time.Date(2026, time.December, 30, 15, 0, 0, 0, time.UTC)
	for name, tt := range map[string]struct {
		c    bot.Commitment
		why  bot.Why
		want string
	}{
		"a day":           {deck(nil), bot.WhyDue, "by Friday, 27 March"},
		"a time":          {deck(func(c *bot.Commitment) { c.Due = &stated }), bot.WhyDue, "by Monday, 4 January, 17:00"},
		"a day, snoozed":  {deck(func(c *bot.Commitment) { c.Due, c.SnoozedTill = dueOn("2027-01-04"), snoozed }), bot.WhySnoozed, "by Monday, 4 January 2027"},
		"no day, snoozed": {deck(func(c *bot.Commitment) { c.Due, c.SnoozedTill = nil, snoozed }), bot.WhySnoozed, "no date"},
	} {
		t.Run(name, func(t *testing.T) {
			m := timedMessage(bot.TimedReminder{Reader: bot.Member{ID: "U1", Locale: "en-GB"}, Hours: hoursOfBerlin(), Commitment: tt.c, Why: tt.why})
			if text := saidIn(t, m); !strings.Contains(text, "Acme\n"+tt.want+"\n") {
				t.Errorf("does not say %q:\n%s", tt.want, text)
			}
		})
	}
}

// TestBundleSaysOnceThatItIsTheLast has one of several items explain what comes of silence, and of one that repeats that it waits.
func TestBundleSaysOnceThatItIsTheLast(t *testing.T) {
	weekly := deck(func(c *bot.Commitment) { c.Every = &when.Every{Unit: when.WeekUnit, N: 1} })
	undated := deck(func(c *bot.Commitment) { c.Due = nil })
	items := []bot.BundleItem{
		{Commitment: weekly, Why: bot.WhyDue, Last: true}, {Commitment: deck(nil), Why: bot.WhyDue, Last: true}, {Commitment: undated, Why: bot.WhyUndated, Last: true},
	}
	m := bundleMessage(bot.Bundle{Reader: bot.Member{ID: "U1", Locale: "en-GB"}, Hours: hoursOfBerlin(), Day: bot.Date{Year: 2026, Month: 3, Day: 27}, Items: items})
	text := saidIn(t, m)
	for _, words := range []string{lastOfMany, lastWords, lastAgain, "a week old and without a date"} {
		if strings.Count(text, words) != 1 {
			t.Errorf("does not say once %q:\n%s", words, text)
		}
	}
	if strings.Contains(text, "no date") {
		t.Errorf("says twice that there is no date:\n%s", text)
	}
}

// TestReviewExplainsSilenceOnce has one of several promises that rest say what can be done.
func TestReviewExplainsSilenceOnce(t *testing.T) {
	rests := deck(func(c *bot.Commitment) {
		c.Due, c.Created, c.Acted = dueOn("2026-03-12"), wednesday.AddDate(0, 0, -30), wednesday.AddDate(0, 0, -30)
	})
	m := reviewNow(berliner, bot.Review{Owe: []bot.Commitment{rests, rests, rests}}, bot.Preferences{}, hoursOfBerlin(), wednesday)
	text := saidIn(t, m)
	if first, again := strings.Count(text, "keep, move or release it"), strings.Count(text, restingAgain); first != 1 || again != 2 {
		t.Errorf("explains it %d times, and is brief %d times:\n%s", first, again, text)
	}
}
