package slackapp

import (
	"strings"
	"testing"
	"time"

	"rapport/bot"
	"rapport/bot/when"
)

// numbered are copies of a promise with numbers of their own.
func numbered(from, n int, change func(*bot.Commitment)) []bot.Commitment {
	var list []bot.Commitment
	for i := range n {
		list = append(list, deck(func(c *bot.Commitment) {
			c.ID = from + i
			if change != nil {
				change(c)
			}
		}))
	}
	return list
}

func TestReviewsLookAsTheyDid(t *testing.T) {
	reader := bot.Member{ID: "U1", Zone: "Europe/Berlin", Locale: "en-GB"}
	monday := bot.Preferences{Review: time.Monday}
	resting := deck(func(c *bot.Commitment) {
		c.ID, c.Due = 8, dueOn("2026-03-12")
		c.Created, c.Acted = wednesday.AddDate(0, 0, -20), wednesday.AddDate(0, 0, -20)
	})
	proposed := deck(func(c *bot.Commitment) { c.ID, c.By, c.State, c.Shared = 9, "U2", bot.Proposed, true })
	weekly := deck(func(c *bot.Commitment) { c.ID, c.Every, c.Occasion = 10, &when.Every{Unit: when.WeekUnit, N: 1}, 2 })
	owed := deck(func(c *bot.Commitment) { c.ID, c.Owner, c.By, c.Shared = 11, "U2", "U2", true })
	review := bot.Review{Owe: []bot.Commitment{resting, proposed, weekly}, Owed: []bot.Commitment{owed}}
	bundle := bot.Bundle{Reader: reader, Hours: hoursOfBerlin(), Day: bot.Date{Year: 2026, Month: 3, Day: 27}}
	bundle.Review = &review
	quiet := bundle
	bundle.Items = []bot.BundleItem{{Commitment: deck(nil), Why: bot.WhyDue}}
	for name, m := range map[string]Message{
		"review": bundleMessage(bundle), "review_quiet": bundleMessage(quiet), "review_now": reviewNow(berliner, review, bot.Preferences{}, hoursOfBerlin(), wednesday),
		"review_now_empty": reviewNow(berliner, bot.Review{}, monday, hoursOfBerlin(), wednesday), "review_set": reviewSet(monday), "review_off": reviewSet(bot.Preferences{}),
		"review_set_friday": reviewSet(bot.Preferences{Review: time.Friday}),
		"review_set_muted":  reviewSet(bot.Preferences{Review: time.Monday, Muted: []bot.Kind{bot.KindReminders}}),
	} {
		sealed, err := m.seal()
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		golden(t, name, map[string]any{"text": sealed.Text, "blocks": sealed.Blocks})
	}
}

// longest makes a promise as long as it can be.
func longest(c *bot.Commitment) {
	c.Text = strings.Repeat("Donaudampfschifffahrt & ", 40)
	c.Counterparties = nil
	for range 5 {
		c.Counterparties = append(c.Counterparties, bot.Counterparty{Name: strings.Repeat("Jane ", 30), Org: strings.Repeat("Acme ", 30)})
	}
	c.Due = &when.Due{Date: bot.Date{Year: 2027, Month: 9, Day: 29}, Time: when.Clock{Hour: 17}, Zone: "Europe/Berlin", ExplicitTime: true}
	c.About = "https://acme.slack.com/archives/C0123456789/p1234567890123456?thread_ts=1234567890.123456&cid=C0123456789"
	c.Plan = &bot.Plan{Day: bot.Date{Year: 2027, Month: 9, Day: 22}, Cue: strings.Repeat("after the stand-up ", 20)}
	c.Asked = []bot.Question{{By: "U2", At: wednesday, Till: wednesday.AddDate(1, 0, 0)}}
	c.Shared = true
	c.Counterparties = append(c.Counterparties, bot.Counterparty{Member: "U2"})
}

func TestAReviewFitsIntoOneMessage(t *testing.T) {
	for _, n := range []struct{ items, owe, owed int }{{0, 200, 200}, {15, 200, 200}, {40, 200, 0}, {0, 0, 200}, {3, 1, 200}, {14, 5, 5}} {
		b := bot.Bundle{
			Reader: bot.Member{ID: "U1"}, Hours: hoursOfBerlin(), Day: bot.Date{Year: 2026, Month: 3, Day: 27},
			Review: &bot.Review{Owe: numbered(100, n.owe, longest), Owed: numbered(300, n.owed, func(c *bot.Commitment) { longest(c); c.Owner = "U2" })},
		}
		for _, c := range numbered(1, n.items, longest) {
			b.Items = append(b.Items, bot.BundleItem{Commitment: c, Why: bot.WhyDue})
		}
		sealed, err := bundleMessage(b).seal()
		if err != nil {
			t.Errorf("%+v: %v", n, err)
			continue
		}
		words := written(sealed.Blocks)
		if n.owe > 50 && !strings.Contains(words, " more: `/followup list`") {
			t.Errorf("%+v: nothing says that there are more: %s", n, words)
		}
		if few := n.items < 5; few && (n.owe > 50 && !strings.Contains(words, "#100*") || n.owed > 50 && !strings.Contains(words, "#300*")) {
			t.Errorf("%+v: the first are missing: %s", n, words)
		}
		plain := b
		plain.Review = nil
		if _, err := bundleMessage(plain).seal(); err != nil && n.items > 0 {
			t.Errorf("%d items without a review: %v", n.items, err)
		}
		if _, err := reviewNow(berliner, *b.Review, bot.Preferences{}, b.Hours, wednesday).seal(); err != nil {
			t.Errorf("%+v: %v", n, err)
		}
	}
}

func TestAListAndHomeFitWhateverIsOnThem(t *testing.T) {
	owe := numbered(1000, 200, longest)
	owed := numbered(2000, 200, func(c *bot.Commitment) { longest(c); c.Owner = "U2" })
	for from := 0; from < 200; from += followupListed {
		if _, err := followupList(berliner, owe, owed, from, wednesday, "Kept: #1. Well done.", deck(func(c *bot.Commitment) { c.Before = &bot.Undo{} })).seal(); err != nil {
			t.Fatalf("the list from %d: %v", from, err)
		}
	}
	h := bot.Home{Reader: bot.Member{ID: "U1", Name: "Ana"}, Hours: hoursOfBerlin(), Owe: owe, Owed: owed, Installer: true, Admin: true}
	for range 20 {
		h.Coffee = append(h.Coffee, bot.Mine{Program: bot.Program{Name: "Coffee"}, Group: bot.Group{Members: []string{"U1", "U2"}}, Next: wednesday})
		h.Received = append(h.Received, bot.Kudos{Giver: "U2", Message: "untangling the release", Given: wednesday})
	}
	sealed, err := homeView(berliner, h, wednesday).seal()
	if err != nil {
		t.Fatal(err)
	}
	if words := written(sealed); !strings.Contains(words, "192 more") {
		t.Errorf("nothing says that there are more: %.400s", words)
	}
}

func TestLinesOfAReviewAreShared(t *testing.T) {
	for _, tt := range []struct{ owe, owed, lines, wantOwe, wantOwed int }{
		{3, 2, 20, 3, 2}, {200, 200, 20, 14, 6}, {200, 0, 20, 20, 0}, {0, 200, 20, 0, 20}, {200, 200, 6, 4, 2}, {1, 200, 6, 1, 5}, {0, 0, 6, 0, 0}, {15, 3, 20, 15, 3},
	} {
		owe, owed := reviewShares(tt.owe, tt.owed, tt.lines)
		if owe != tt.wantOwe || owed != tt.wantOwed {
			t.Errorf("%+v: %d and %d", tt, owe, owed)
		}
	}
}
