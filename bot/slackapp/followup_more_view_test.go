package slackapp

import (
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"rapport/bot"
)

func TestMoreViewLooksAsItDid(t *testing.T) {
	shared := deck(func(c *bot.Commitment) { c.Shared, c.Giving = true, "U3" })
	asked := deck(func(c *bot.Commitment) { c.By, c.Shared = "U2", true })
	outside := deck(func(c *bot.Commitment) { c.Counterparties = c.Counterparties[1:] })
	for name, m := range map[string]Modal{
		"followup_more": followupMore(berliner, deck(twoDates), wednesday), "followup_more_shared": followupMore(berliner, shared, wednesday),
		"followup_more_asked": followupMore(berliner, asked, wednesday), "followup_more_outside": followupMore(berliner, outside, wednesday),
		"followup_give_form": followupGiveForm(deck(nil)),
	} {
		view, err := m.seal()
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		golden(t, name, view)
	}
}

func TestMoreFitsWhateverAnItemHolds(t *testing.T) {
	for _, c := range worst(8) {
		for _, change := range []func(*bot.Commitment){
			func(*bot.Commitment) {}, func(c *bot.Commitment) { c.Shared = true }, func(c *bot.Commitment) { c.By = c.MembersTo()[0] },
			func(c *bot.Commitment) { c.Counterparties = nil }, func(c *bot.Commitment) { c.Parts = make([]bot.SplitPart, 8) },
		} {
			change(&c)
			for _, m := range []Modal{followupMore(berliner, c, wednesday), followupGiveForm(c), answerModal(followupShared(c)), answerModal(followupReleased(c))} {
				if _, err := m.seal(); err != nil {
					t.Errorf("%q: %v", c.Text[:20], err)
				}
			}
		}
	}
}

// A menu has room for five. The last is the way to everything else, and what would come after the date makes way.
func TestAnItemsMenu(t *testing.T) {
	for name, tt := range map[string]struct {
		c    bot.Commitment
		now  time.Time
		want string
	}{
		"due soon":      {deck(nil), wednesday, "snooze 7 1 list, plan 7 list, edit 7 list, drop 7 list, more 7 list"},
		"due later":     {deck(func(c *bot.Commitment) { c.Due = dueOn("2026-05-27") }), wednesday, "snooze 7 1 list, snooze 7 7 list, edit 7 list, drop 7 list, more 7 list"},
		"over":          {deck(nil), wednesday.AddDate(0, 0, 7), "snooze 7 1 list, snooze 7 7 list, edit 7 list, drop 7 list, more 7 list"},
		"no date":       {deck(func(c *bot.Commitment) { c.Due = nil }), wednesday, "snooze 7 1 list, snooze 7 7 list, edit 7 list, drop 7 list, more 7 list"},
		"two dates":     {deck(twoDates), wednesday, "snooze 7 1 list, plan 7 list, split 7 list, drop 7 list, more 7 list"},
		"asked for":     {deck(func(c *bot.Commitment) { c.By = "U2" }), wednesday, "snooze 7 1 list, plan 7 list, drop 7 list, more 7 list"},
		"asked, no day": {deck(func(c *bot.Commitment) { c.By, c.Due = "U2", nil }), wednesday, "snooze 7 1 list, snooze 7 7 list, plan 7 list, drop 7 list, more 7 list"},
	} {
		element, _ := itemMenu(tt.c, onList, tt.now).(*slack.OverflowBlockElement)
		var got []string
		for _, o := range element.Options {
			got = append(got, o.Value)
			if !strings.Contains(o.Text.Text, "#7") {
				t.Errorf("%s: %q does not say of what", name, o.Text.Text)
			}
		}
		if strings.Join(got, ", ") != tt.want || len(got) > maxOverflow {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
}
