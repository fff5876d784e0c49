package slackapp

import (
	"strings"
	"testing"

	"rapport/bot"
)

// TestLeftChoicesAreExplainedOnce has what keep, pass on and release mean stand once in a message, however many promises somebody left behind.
func TestLeftChoicesAreExplainedOnce(t *testing.T) {
	left := func(change func(*bot.Commitment)) bot.AddressedItem {
		return bot.AddressedItem{What: bot.WhatLeft, From: bot.Member{ID: "U9", Deleted: true}, Commitment: deck(change)}
	}
	owing := left(func(c *bot.Commitment) { c.Owner = "U9" })
	owed, asked := left(nil), left(func(c *bot.Commitment) { c.By, c.State = "U9", bot.Proposed })
	over := owing
	over.Over = true
	proposed := bot.AddressedItem{What: bot.WhatProposed, From: bot.Member{ID: "U2"}, Commitment: deck(func(c *bot.Commitment) { c.State = bot.Proposed })}
	for name, tt := range map[string]struct {
		items []bot.AddressedItem
		want  string
	}{
		"owed twice":     {[]bot.AddressedItem{owing, owing}, leftOwing},
		"promised twice": {[]bot.AddressedItem{owed, owed}, leftOwed},
		"of both": {
			[]bot.AddressedItem{owed, owing, owing},
			"Of what you were owed: keep makes it a promise of your own, pass on asks a colleague for it, release lets it go. Nothing happens without you. " +
				"Of what you promised: keep leaves it as it is, pass on offers it to a colleague, release lets it go. All are fine.",
		},
		"asked":                      {[]bot.AddressedItem{asked, over}, leftProposed},
		"asked, beside a proposal":   {[]bot.AddressedItem{asked, proposed}, ""},
		"all settled":                {[]bot.AddressedItem{over, over}, ""},
		"nothing of who left at all": {[]bot.AddressedItem{proposed}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			if got := leftSmallPrint(tt.items); got != tt.want {
				t.Errorf("explains %q, want %q", got, tt.want)
			}
		})
	}
	for _, item := range []bot.AddressedItem{owing, owed, asked} {
		if text := saidIn(t, leftMessage(berliner, item)); strings.Count(text, leftChoices(item)) != 1 {
			t.Errorf("alone it does not say once %q:\n%s", leftChoices(item), text)
		}
	}
}
