package slackapp

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"rapport/bot"
	"rapport/bot/when"
)

var berliner = Reader{Locale: "en-GB", Zone: firstZone("Europe/Berlin")}

func dueOn(text string) *when.Due {
	day, err := when.ParseDate(text)
	if err != nil {
		panic(err)
	}
	return &when.Due{Date: day, Time: when.Clock{Hour: 17}, Zone: "Europe/Berlin"}
}

// deck is an ordinary promise.
func deck(change func(*bot.Commitment)) bot.Commitment {
	c := bot.Commitment{
		ID: 7, Version: 3, Owner: "U1", By: "U1", Counterparties: []bot.Counterparty{{Member: "U2"}, {Name: "Jane Doe", Org: "Acme"}},
		Text: "send the *Q2* deck &amp; notes", Due: dueOn("2026-03-27"), State: bot.Open, Created: wednesday, Acted: wednesday,
	}
	if change != nil {
		change(&c)
	}
	return c
}

func twoDates(c *bot.Commitment) {
	c.Text = "draft by thursday and final by monday"
	c.Parts = []bot.SplitPart{{Text: "draft", Due: *dueOn("2026-03-26")}, {Text: "final", Due: *dueOn("2026-03-30")}}
}

func hoursOfBerlin() bot.Hours {
	return bot.HoursOf(bot.Member{Zone: "Europe/Berlin"}, bot.Preferences{}, "UTC")
}

func TestPromisesLookAsTheyDid(t *testing.T) {
	reader := bot.Member{ID: "U1", Zone: "Europe/Berlin", Locale: "en-GB"}
	undoable := func(c *bot.Commitment) { c.Before = &bot.Undo{State: bot.Open, Till: wednesday.Add(10 * time.Minute)} }
	done := deck(func(c *bot.Commitment) { undoable(c); c.State, c.Closed = bot.Done, wednesday })
	proposed := deck(func(c *bot.Commitment) { c.By, c.State, c.Shared = "U2", bot.Proposed, true })
	weekly := deck(func(c *bot.Commitment) {
		undoable(c)
		c.Every = &when.Every{Unit: when.WeekUnit, N: 1, On: []when.On{{Weekday: time.Friday}}, Anchor: when.OnCalendar}
	})
	impossible := bot.FollowupInput{
		Action: bot.FollowupError, Fault: bot.FollowupImpossible, Text: "send the deck", Counterparties: []bot.Counterparty{{Member: "U2"}},
		Suggestions: []when.Due{*dueOn("2026-02-28")},
	}
	for name, m := range map[string]Message{
		"followup_created": followupCreated(berliner, deck(nil), bot.FollowupInput{Alternatives: []when.Due{*dueOn("2026-04-03")}}, nil),
		"followup_undated": followupCreated(berliner, deck(func(c *bot.Commitment) { c.Due = nil }), bot.FollowupInput{Notice: when.Unsure},
			[]when.Due{*dueOn("2026-03-25"), *dueOn("2026-03-27")}),
		"followup_proposed": followupCreated(berliner, deck(func(c *bot.Commitment) { c.Owner, c.State = "U2", bot.Proposed }), bot.FollowupInput{}, nil),
		"followup_refused":  followupRefused(berliner, impossible, "<@U2> send the deck by 31 feb", wednesday),
		"followup_done":     followupDone(berliner, done),
		"followup_again":    followupDone(berliner, weekly),
		"followup_released": followupReleased(deck(undoable)),
		"followup_moved":    followupMoved(berliner, deck(undoable), nil, wednesday),
		"followup_snoozed":  followupSnoozed(berliner, deck(func(c *bot.Commitment) { c.SnoozedTill = time.Date(2026, 3, 26, 15, 0, 0, 0, berliner.Zone) })),
		"followup_given":    followupGiven(deck(func(c *bot.Commitment) { c.Giving = "U3" })),
		"followup_undone":   followupUndoneBy("U1")(berliner, deck(nil)),
		"followup_taken":    followupTakenBack(deck(undoable)),
		"followup_told":     followupTold(done, bot.Telling{To: []string{"U2"}, Text: "Done: send the deck."}),
		"followup_shared":   followupShared(deck(nil)),
		"followup_accepted": followupAccepted(berliner, deck(undoable)),
		"followup_declined": followupDeclinedBy("U1")(berliner, deck(func(c *bot.Commitment) { c.State = bot.Declined })),
		"followup_unshared": followupUnshared(deck(nil)),
		"followup_two":      followupCreated(berliner, deck(twoDates), bot.FollowupInput{Notice: when.TwoDates, Alternatives: []when.Due{*dueOn("2026-03-30")}}, nil),
		"followup_split":    followupSplit(berliner, []bot.Commitment{deck(undoable), deck(func(c *bot.Commitment) { c.ID, c.Text, c.Due = 8, "final", dueOn("2026-03-30") })}, nil),
		"followup_edited":   followupEdited(berliner, deck(undoable)),
		"followup_help":     followupHelp(),
		"followup_list": followupList(berliner, []bot.Commitment{deck(func(c *bot.Commitment) { c.About = "https://x.slack.com/archives/C1/p1" }), proposed, done},
			[]bot.Commitment{deck(func(c *bot.Commitment) { c.Owner = "U3" })}, 0, wednesday.AddDate(0, 0, 4), "Kept: #6. Well done.", done),
		"followup_nothing": followupList(berliner, nil, nil, 0, wednesday, "", bot.Commitment{}),
		"followup_bundle": bundleMessage(bot.Bundle{Reader: reader, Hours: hoursOfBerlin(), Day: bot.Date{Year: 2026, Month: 3, Day: 27}, Items: []bot.BundleItem{
			{Commitment: deck(nil), Why: bot.WhyDue},
			{Commitment: deck(func(c *bot.Commitment) { c.Due = dueOn("2026-03-29") }), Why: bot.WhyDue},
			{Commitment: weekly, Why: bot.WhyOverdue},
			{Commitment: deck(func(c *bot.Commitment) { c.Due = nil }), Why: bot.WhyUndated},
		}}),
		"followup_timed":    timedMessage(bot.TimedReminder{Reader: reader, Hours: hoursOfBerlin(), Commitment: deck(nil), Why: bot.WhyDue}),
		"followup_alone":    timedMessage(bot.TimedReminder{Reader: reader, Hours: hoursOfBerlin(), Commitment: deck(func(c *bot.Commitment) { c.Due = nil }), Why: bot.WhySnoozed}),
		"followup_proposal": addressedOne(reader, bot.AddressedItem{What: bot.WhatProposed, Commitment: proposed, From: bot.Member{ID: "U2"}}),
		"followup_offer":    addressedOne(reader, bot.AddressedItem{What: bot.WhatOffered, Commitment: deck(nil), From: bot.Member{ID: "U2"}}),
		"followup_kept":     addressedOne(reader, bot.AddressedItem{What: bot.WhatKept, Commitment: done, From: bot.Member{ID: "U1", Name: "Ana"}, Words: "Done: send the deck.", Word: 1}),
		"followup_lapsed":   addressedOne(reader, bot.AddressedItem{What: bot.WhatLapsed, Commitment: proposed, From: bot.Member{ID: "U1"}}),
	} {
		sealed, err := m.seal()
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		golden(t, name, map[string]any{"text": sealed.Text, "blocks": sealed.Blocks})
		if strings.Contains(m.Text, "deck") && name != "followup_help" {
			t.Errorf("%s: the lock screen shows the words: %q", name, m.Text)
		}
	}
	for name, m := range map[string]Modal{
		"followup_form":      followupForm(followupDraft{Input: bot.FollowupInput{Text: "send &lt;it&gt;", Counterparties: deck(nil).Counterparties, Due: dueOn("2026-03-27")}, About: "https://x.slack.com/archives/C1/p1"}),
		"followup_move_form": followupMoveForm(deck(nil)),
		"followup_edit_form": followupEditForm(weekly, nil),
	} {
		sealed, err := m.seal()
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		golden(t, name, sealed)
	}
}

// worst are promises whose words and people are as long and odd as they can be.
func worst(n int) []bot.Commitment {
	texts := []string{
		strings.Repeat("🏳️‍🌈", 1000/6), strings.Repeat("&lt;&amp;&gt;", 333), strings.Repeat("שלום עולם ", 100), strings.Repeat("*_`~", 250),
		strings.Repeat("<@U1234567890> ", 60), strings.Repeat("<https://example.com/a/very/long/path|x> ", 200), strings.Repeat("word ", 200), strings.Repeat("```code```", 100),
	}
	list := make([]bot.Commitment, n)
	for i := range list {
		c := bot.Commitment{
			ID: 100_000 + i, Owner: "U1", By: "U1", Text: texts[i%len(texts)], Due: dueOn("2026-03-27"), State: bot.Open, Created: wednesday, Giving: "U0000000009",
			Every: &when.Every{Unit: when.MonthUnit, N: 2, On: []when.On{{Nth: -1, Weekday: time.Wednesday}}}, About: "https://example.slack.com/archives/C1234567890/p1" + strings.Repeat("9", 100),
			Before: &bot.Undo{State: bot.Open},
		}
		for k := range 30 {
			c.Counterparties = append(c.Counterparties, bot.Counterparty{Name: strings.Repeat("ĀĂ ", 40), Org: strings.Repeat("م", 60)}, bot.Counterparty{Member: fmt.Sprintf("U%010d", k)})
		}
		list[i] = c
	}
	return list
}

func TestTheWorstPromisesKeepTheLimits(t *testing.T) {
	many := worst(200)
	items := make([]bot.BundleItem, len(many))
	for i, c := range many {
		items[i] = bot.BundleItem{Commitment: c, Why: bot.WhyOverdue}
	}
	messages := []Message{
		followupList(berliner, many, many, 0, wednesday, "Kept.", many[0]), followupList(berliner, many, nil, 190, wednesday, "", bot.Commitment{}),
		followupList(berliner, many, many, 5000, wednesday, "", bot.Commitment{}),
		bundleMessage(bot.Bundle{Hours: hoursOfBerlin(), Day: bot.Date{Year: 2026, Month: 3, Day: 27}, Items: items}),
	}
	for _, c := range many[:8] {
		in := bot.FollowupInput{Action: bot.FollowupError, Fault: bot.FollowupImpossible, Text: c.Text, Counterparties: c.Counterparties, Suggestions: []when.Due{*c.Due, *c.Due}}
		messages = append(messages, followupCreated(berliner, c, in, nil), followupDone(berliner, c), followupReleased(c), followupMoved(berliner, c, nil, wednesday),
			followupRefused(berliner, in, strings.Repeat(c.Text, 3), wednesday), followupShared(c), followupTold(c, bot.Telling{To: []string{"U2"}, Text: c.Text}), followupUndoneBy("U1")(berliner, c), followupAccepted(berliner, c),
			timedMessage(bot.TimedReminder{Hours: hoursOfBerlin(), Commitment: c}), addressedMessage(bot.Addressed{Hours: hoursOfBerlin(), Items: []bot.AddressedItem{{What: bot.WhatProposed, Commitment: c}}}),
			addressedMessage(bot.Addressed{Items: []bot.AddressedItem{{What: bot.WhatKept, Commitment: c, Words: c.Text}}}))
		for _, m := range []Modal{followupMoveForm(c), followupEditForm(c, nil), followupForm(followupDraft{Input: in, About: c.About})} {
			if _, err := m.seal(); err != nil {
				t.Error(err)
			}
		}
	}
	for i, m := range messages {
		if _, err := m.seal(); err != nil {
			t.Errorf("message %d (%s): %v", i, m.Text[:min(len(m.Text), 60)], err)
		}
	}
	h := bot.Home{Reader: bot.Member{ID: "U1"}, Hours: hoursOfBerlin(), Installer: true, Owe: many, Owed: many}
	for range 200 {
		h.Received = append(h.Received, bot.Kudos{Giver: "U2", Message: strings.Repeat("🎉", 1000), Given: wednesday})
		h.Coffee = append(h.Coffee, bot.Mine{Program: bot.Program{Name: strings.Repeat("ع", 80)}, Group: bot.Group{Members: []string{"U1", "U2", "U3"}}, Next: wednesday})
	}
	h.People = map[string]bot.Member{"U2": {ID: "U2", Name: strings.Repeat("ש", 80)}}
	if _, err := homeView(berliner, h, wednesday).seal(); err != nil {
		t.Error(err)
	}
}

func TestEveryPageOfTheListShowsTheRest(t *testing.T) {
	var many []bot.Commitment
	for i := range 24 {
		many = append(many, deck(func(c *bot.Commitment) { c.ID = i + 1 }))
	}
	seen := map[string]bool{}
	for from := 0; from < 24; from += followupListed {
		shown := written(followupList(berliner, many, nil, from, wednesday, "", bot.Commitment{}).Blocks)
		for i := range 24 {
			if strings.Contains(shown, fmt.Sprintf("Done #%d ", i+1)) || strings.Contains(shown, fmt.Sprintf("Done #%d\"", i+1)) {
				seen[fmt.Sprint(i+1)] = true
			}
		}
	}
	if len(seen) != 24 {
		t.Errorf("%d of 24 are on some page", len(seen))
	}
}

func TestEveryFollowupFaultHasWords(t *testing.T) {
	for _, code := range []bot.FaultCode{
		bot.FollowupPerson, bot.FollowupEmpty, bot.FollowupLong, bot.FollowupProposals, bot.FollowupWaiting, bot.FollowupClosed, bot.FollowupNotTold, bot.FollowupPast,
		bot.FollowupImpossible, bot.FollowupMismatch, bot.FollowupTooFar, bot.FollowupNotADate, bot.FollowupNeedsDate, bot.FollowupNeedsID, bot.FollowupOneID,
		bot.FollowupNeedsOne, bot.FollowupUnpicked, bot.SettingsZone, bot.SettingsHours, bot.SettingsHoliday, bot.SettingsPast,
	} {
		if words := faultSentence(Reader{}, &bot.Fault{Code: code}); words == wordsWrong {
			t.Errorf("%s has no words", code)
		}
	}
}

func TestPermalinksOfFormsAreChecked(t *testing.T) {
	for text, want := range map[string]bool{
		"https://x.slack.com/archives/C1/p1": true, "http://127.0.0.1:8790/archives/C1/p1": true, "": false, "javascript:alert(1)": false,
		"https://x.example/phish": false, "https://x.slack.com/archives/C1|click": false, "https://x.slack.com/archives/" + strings.Repeat("x", 600): false,
	} {
		if got := permalink(text) != ""; got != want {
			t.Errorf("%.60q: %v, want %v", text, got, want)
		}
	}
}

func TestButtonsDates(t *testing.T) {
	in := when.Context{Now: wednesday, Zone: berliner.Zone}
	for said, want := range map[string]bot.FaultCode{
		"none": "", "2026-03-27": "", "2026-03-27 16:00": "", "2026-03-24": bot.FollowupPast, "2026-02-31": bot.FaultInvalid, "": bot.FaultInvalid,
		"tomorrow": bot.FaultInvalid, "2026-03-27 25:00": bot.FaultInvalid, "0000-00-00": bot.FaultInvalid,
	} {
		_, err := buttonDue(said, in)
		got := bot.FaultCode("")
		if fault, ok := errors.AsType[*bot.Fault](err); ok {
			got = fault.Code
		}
		if got != want {
			t.Errorf("%q: %q (%v), want %q", said, got, err, want)
		}
	}
	for _, d := range []*when.Due{dueOn("2026-03-27"), {Date: bot.Date{Year: 2026, Month: 3, Day: 27}, Time: when.Clock{Hour: 16}, Zone: "Europe/Berlin", ExplicitTime: true}} {
		if got, err := buttonDue(dueValue(*d), in); err != nil || got.Date != d.Date || got.Time != d.Time || got.ExplicitTime != d.ExplicitTime {
			t.Errorf("%+v came back as %+v, %v", d, got, err)
		}
	}
}

func TestSnoozedToADay(t *testing.T) {
	today, friday := dueOn("2026-03-25"), dueOn("2026-03-27")
	for _, tt := range []struct {
		d    *when.Due
		want string
	}{
		{friday, "Fri 09:00"},
		{today, "Wed 16:00"},
		{&when.Due{Date: today.Date, Time: when.Clock{Hour: 12}, Zone: "Europe/Berlin", ExplicitTime: true}, "Wed 12:00"},
	} {
		if got := snoozeTill(tt.d, wednesday).In(berliner.Zone).Format("Mon 15:04"); got != tt.want {
			t.Errorf("%v: %s, want %s", tt.d, got, tt.want)
		}
	}
}

// addressedOne is the message that tells a reader in Berlin of one thing.
func addressedOne(reader bot.Member, item bot.AddressedItem) Message {
	return addressedMessage(bot.Addressed{Reader: reader, Hours: hoursOfBerlin(), Items: []bot.AddressedItem{item}})
}
