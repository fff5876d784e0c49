package slackapp

import (
	"testing"

	"rapport/bot"
)

func TestProgressInWords(t *testing.T) {
	for _, tt := range []struct {
		p    bot.RoundProgress
		want string
	}{
		{bot.RoundProgress{}, ""},
		{bot.RoundProgress{Introductions: 40, Planned: true, Asked: 40}, ""},
		{bot.RoundProgress{Introductions: 5000, Planned: true, Asked: 5000, Waiting: 3760}, "1,240 of 5,000 introductions are out; at Slack's pace the rest takes about 77 minutes within working hours."},
		{bot.RoundProgress{Introductions: 40, Planned: true, Asked: 40, Waiting: 3}, "37 of 40 introductions are out; at Slack's pace the rest takes a minute or two within working hours."},
		{bot.RoundProgress{Introductions: 50_000, Planned: true, Asked: 5000, Waiting: 2500}, "About 25,000 of 50,000 introductions are out; at Slack's pace the rest takes about 9 hours within working hours."},
		{bot.RoundProgress{Introductions: 250, Groups: 50_000, Asked: 250, Waiting: 250}, "About 0 of 50,000 introductions are out; at Slack's pace the rest takes about 17 hours within working hours."},
		{bot.RoundProgress{Introductions: 40, Planned: true, Asked: 40, Lost: 2}, "38 of 40 introductions are out. 2 could not be sent; who operates me sees why."},
	} {
		if got := progressWords(Reader{Locale: "en-GB"}, tt.p); got != tt.want {
			t.Errorf("%+v: %q, want %q", tt.p, got, tt.want)
		}
	}
}
