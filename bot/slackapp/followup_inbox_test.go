package slackapp

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/slack-go/slack"

	"rapport/bot"
)

// severalThings are what colleagues say to U1: they ask twice, answer, and tell.
func severalThings() bot.Addressed {
	asks := func(n int) bot.AddressedItem {
		c := deck(func(c *bot.Commitment) { c.ID, c.By, c.State, c.Shared = n, "U2", bot.Proposed, true })
		return bot.AddressedItem{What: bot.WhatProposed, Commitment: c, From: bot.Member{ID: "U2"}, Kind: bot.KindProposal, Ref: fmt.Sprint(n)}
	}
	answers := deck(func(c *bot.Commitment) { c.ID, c.Owner, c.By, c.Shared = 9, "U3", "U1", true })
	tells := deck(func(c *bot.Commitment) { c.ID, c.Owner, c.By, c.Shared, c.State = 10, "U3", "U3", true, bot.Done })
	return bot.Addressed{Reader: bot.Member{ID: "U1", Zone: "Europe/Berlin", Locale: "en-GB"}, Hours: hoursOfBerlin(), Items: []bot.AddressedItem{
		asks(7), asks(8),
		{What: bot.WhatAccepted, Commitment: answers, From: bot.Member{ID: "U3"}, Kind: bot.KindAnswer, Ref: "9 accepted U3"},
		{What: bot.WhatSaid, Commitment: tells, From: bot.Member{ID: "U3"}, Words: "It is on the shelf.", Kind: bot.KindAnswer, Ref: "10 said U3 1"},
	}}
}

// presses are the values of a message's buttons, by label.
func presses(m Message) map[string]string {
	values := map[string]string{}
	for _, b := range m.Blocks {
		row, ok := b.(*slack.ActionBlock)
		if !ok {
			continue
		}
		for _, e := range row.Elements.ElementSet {
			if press, ok := e.(*slack.ButtonBlockElement); ok {
				values[press.Text.Text] = press.Value
			}
		}
	}
	return values
}

func TestSeveralThingsLookAsTheyDid(t *testing.T) {
	all := severalThings()
	all.Items[0].Over, all.Items[0].Commitment.State = true, bot.Open
	all.Items[0].Commitment.Before = &bot.Undo{State: bot.Proposed}
	taken := all.Items[1].Commitment
	taken.State, taken.Before = bot.Declined, &bot.Undo{State: bot.Proposed}
	for name, m := range map[string]Message{
		"followup_many":          addressedMessage(severalThings()),
		"followup_many_answered": addressedAgain(all, 8, followupDeclinedBy("U1")(berliner, taken)),
	} {
		sealed, err := m.seal()
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		golden(t, name, map[string]any{"text": sealed.Text, "blocks": sealed.Blocks})
		if strings.Contains(m.Text, "deck") {
			t.Errorf("%s: the lock screen shows the words: %q", name, m.Text)
		}
	}
}

func TestAButtonAmongOthersKnowsThem(t *testing.T) {
	all := severalThings()
	want := []bot.StandingItem{{Kind: bot.KindProposal, Ref: "7"}, {Kind: bot.KindProposal, Ref: "8"}, {Kind: bot.KindAnswer, Ref: "9 accepted U3"}, {Kind: bot.KindAnswer, Ref: "10 said U3 1"}}
	answered := all.Items[0].Commitment
	answered.State, answered.Before = bot.Open, &bot.Undo{State: bot.Proposed}
	for _, m := range []Message{addressedMessage(all), addressedAgain(all, 7, followupAccepted(berliner, answered))} {
		for _, label := range []string{"Accept #7", "Undo #7", "Decline #8"} {
			value, there := presses(m)[label]
			if !there {
				continue
			}
			id, where, _ := strings.Cut(value, " ")
			if got, ok := standingItems(where); !ok || !slices.Equal(got, want) || id != label[len(label)-1:] {
				t.Errorf("%s is %q, which reads as %+v", label, value, got)
			}
		}
	}
	again := addressedAgain(all, 7, followupAccepted(berliner, answered))
	for label, there := range map[string]bool{"Undo #7": true, "Accept #7": false, "Accept #8": true, "Decline #8": true} {
		if _, is := presses(again)[label]; is != there {
			t.Errorf("%s is there: %v", label, is)
		}
	}
}

func TestForgedPlacesAmongOthers(t *testing.T) {
	for where, want := range map[string]bool{"": false, "alone": false, "list": false, "many": false, "many ": false, "many p": false, "many p7;": false, "many p7": true, "many x7": true, "many p7;a9,accepted,U3": true} {
		if _, ok := standingItems(where); ok != want {
			t.Errorf("%q is a place: %v", where, ok)
		}
	}
}

// One thing answers for all that was said about the same commitment once it is over.
func TestTheSameIsOverOnce(t *testing.T) {
	all := severalThings()
	same := all.Items[0]
	same.From = bot.Member{ID: "U4"}
	all.Items = append(all.Items, same)
	for i := range all.Items {
		if all.Items[i].Commitment.ID == 7 {
			all.Items[i].Over, all.Items[i].Commitment.State = true, bot.Open
		}
	}
	for _, m := range []Message{addressedMessage(all), addressedAgain(all, 7, Message{Blocks: []slack.Block{section("Yours: #7")}})} {
		if n := strings.Count(written(m.Blocks), "Yours: #7"); n != 1 {
			t.Errorf("it says %d times what became of #7", n)
		}
	}
}

func TestTheWorstOfManyThingsKeepsTheLimits(t *testing.T) {
	for _, what := range []bot.What{bot.WhatProposed, bot.WhatOffered, bot.WhatAsked, bot.WhatFreed, bot.WhatLeft, bot.WhatAccepted, bot.WhatLapsed, bot.WhatKept, bot.WhatSaid} {
		for _, over := range []bool{false, true} {
			var items []bot.AddressedItem
			for i, c := range worst(9) {
				items = append(items, bot.AddressedItem{
					What: what, Commitment: c, From: bot.Member{ID: "U1234567890"}, Words: c.Text, Word: 12, Kind: bot.KindAnswer, Over: over,
					Ref: fmt.Sprintf("%d on_track U1234567890 %d", c.ID, 1_800_000_000+i),
				})
			}
			all := bot.Addressed{Reader: bot.Member{ID: "U1"}, Hours: hoursOfBerlin(), Items: items}
			for _, m := range []Message{addressedMessage(all), addressedAgain(all, items[0].Commitment.ID, followupAccepted(berliner, items[0].Commitment))} {
				if _, err := m.seal(); err != nil {
					t.Errorf("%s, over %v: %v", what, over, err)
				}
				for label, value := range presses(m) {
					if strings.Contains(value, onMany) && len(value) > 2000 {
						t.Errorf("%s holds %d characters", label, len(value))
					}
				}
			}
		}
	}
}
