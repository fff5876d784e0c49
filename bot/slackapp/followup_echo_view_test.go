package slackapp

import (
	"slices"
	"strings"
	"testing"

	"github.com/slack-go/slack"

	"rapport/bot"
	"rapport/bot/when"
)

// rowLabels are what can be pressed in a row, with a menu's options in it.
func rowLabels(row []slack.BlockElement) (shown, inMenu []string) {
	for _, e := range row {
		switch e := e.(type) {
		case *slack.ButtonBlockElement:
			shown = append(shown, e.Text.Text)
		case *slack.OverflowBlockElement:
			for _, o := range e.Options {
				inMenu = append(inMenu, o.Text.Text)
			}
		}
	}
	return shown, inMenu
}

func TestEchoRow(t *testing.T) {
	undated := deck(func(c *bot.Commitment) { c.Due = nil })
	offers := []when.Due{*dueOn("2026-03-25"), *dueOn("2026-03-27")}
	other := bot.FollowupInput{Alternatives: []when.Due{*dueOn("2026-04-03")}}
	for name, tt := range map[string]struct {
		c             bot.Commitment
		in            bot.FollowupInput
		offers        []when.Due
		shown, inMenu string
	}{
		"dated":              {deck(nil), bot.FollowupInput{}, nil, "Another day for #7, Show #7 to them, Edit #7, Take back #7", ""},
		"two readings":       {deck(nil), other, nil, "#7 by Friday, 3 April, Another day for #7, Show #7 to them, Edit #7, Take back #7", ""},
		"undated":            {undated, bot.FollowupInput{}, offers, "#7 by Wednesday, 25 March, #7 by Friday, 27 March, Another day for #7, No date for #7, Take back #7", "Show #7 to them, Edit #7, More for #7 …"},
		"undated and shared": {deck(func(c *bot.Commitment) { c.Due, c.Shared = nil, true }), bot.FollowupInput{}, offers, "#7 by Wednesday, 25 March, #7 by Friday, 27 March, Another day for #7, No date for #7, Take back #7", "Edit #7, More for #7 …"},
		"two dates":          {deck(twoDates), other, nil, "Make #7 two promises, #7 by Friday, 3 April, Another day for #7, Take back #7", "Show #7 to them, Edit #7, More for #7 …"},
		"asked of another":   {deck(func(c *bot.Commitment) { c.Owner, c.State = "U2", bot.Proposed }), other, nil, "Take back #7", ""},
	} {
		t.Run(name, func(t *testing.T) {
			row := echoButtons(berliner, tt.c, tt.in, tt.offers)
			if shown, inMenu := rowLabels(row); strings.Join(shown, ", ") != tt.shown || strings.Join(inMenu, ", ") != tt.inMenu {
				t.Errorf("shows %q and %q in a menu; want %q and %q", shown, inMenu, tt.shown, tt.inMenu)
			}
		})
	}
}

// TestEchoMenuIsUnderstood has the menu's options be what the handler of such menus reads.
func TestEchoMenuIsUnderstood(t *testing.T) {
	var values []string
	for _, o := range echoMenu(deck(nil)).(*slack.OverflowBlockElement).Options {
		values = append(values, o.Value)
	}
	if want := []string{"share 7 alone", "edit 7", "more 7"}; !slices.Equal(values, want) {
		t.Errorf("the menu says %q, want %q", values, want)
	}
}

func TestProposalReading(t *testing.T) {
	timed := *dueOn("2026-04-02")
	timed.ExplicitTime, timed.Time = true, when.Clock{Hour: 9}
	asked := func(c *bot.Commitment) { c.Owner, c.State = "U2", bot.Proposed }
	for name, tt := range map[string]struct {
		c    bot.Commitment
		in   bot.FollowupInput
		want string
	}{
		"another reading": {
			deck(asked),
			bot.FollowupInput{Alternatives: []when.Due{*dueOn("2027-03-04")}},
			"I read that as Friday, 27 March. If you meant Thursday, 4 March 2027, take #7 back and ask again with the day written out: `by 2027-03-04`.",
		},
		"another time": {
			deck(asked),
			bot.FollowupInput{Alternatives: []when.Due{timed}},
			"I read that as Friday, 27 March. If you meant Thursday, 2 April, 09:00, take #7 back and ask again with the day written out: `by 2026-04-02 09:00`.",
		},
		"another reading, asked about": {
			deck(asked),
			bot.FollowupInput{Alternatives: []when.Due{*dueOn("2026-04-03")}, Confirm: true},
			"If you meant Friday, 3 April, take #7 back and ask again with the day written out: `by 2026-04-03`.",
		},
		"far ahead":      {deck(asked), bot.FollowupInput{Confirm: true}, "If it is another one, take #7 back and ask again."},
		"certain":        {deck(asked), bot.FollowupInput{}, ""},
		"two dates":      {deck(asked), bot.FollowupInput{Alternatives: []when.Due{timed}, Notice: when.TwoDates}, ""},
		"one's own":      {deck(nil), bot.FollowupInput{Alternatives: []when.Due{timed}, Confirm: true}, ""},
		"without a date": {deck(func(c *bot.Commitment) { asked(c); c.Due = nil }), bot.FollowupInput{Alternatives: []when.Due{timed}}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			if got := proposalReading(berliner, tt.c, tt.in); got != tt.want {
				t.Errorf("says %q, want %q", got, tt.want)
			}
		})
	}
}
