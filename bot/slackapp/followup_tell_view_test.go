package slackapp

import (
	"strings"
	"testing"
	"time"

	"rapport/bot"
	"rapport/bot/when"
)

func TestDraftsSayWhatIsKnown(t *testing.T) {
	due := func(day int, clock ...int) *when.Due {
		d := &when.Due{Date: bot.Date{Year: 2026, Month: time.March, Day: day}, Time: when.Clock{Hour: 17}, Zone: "Europe/Berlin"}
		if len(clock) > 0 {
			d.Time, d.ExplicitTime = when.Clock{Hour: clock[0]}, true
		}
		return d
	}
	moved := func(from, to *when.Due) bot.TellDraft {
		return bot.TellDraft{Commitment: bot.Commitment{Text: "send the Q2 deck", State: bot.Open, Due: to, Moves: []bot.Move{{From: from, To: to}}}}
	}
	lisbon := moved(due(27, 15), due(31, 15))
	lisbon.To = []bot.Member{{ID: "U2", Zone: "Europe/Lisbon"}}
	berlin := moved(due(27, 15), due(31, 15))
	berlin.To = []bot.Member{{ID: "U2", Zone: "Europe/Berlin"}}
	outside := moved(due(27), due(31, 15))
	outside.Outside = []string{"Jane"}
	named := bot.TellDraft{Commitment: bot.Commitment{Text: "send <@U2> the deck!", State: bot.Done}, Kept: true, People: map[string]bot.Member{"U2": {Name: "Bob"}}}
	for name, tt := range map[string]struct {
		draft bot.TellDraft
		want  string
	}{
		"later":    {moved(due(27), due(31)), "About “send the Q2 deck”: it will come by Tuesday, 31 March instead of Friday, 27 March. I wanted you to hear it from me early."},
		"too late": {moved(due(24), due(31)), "About “send the Q2 deck”: it will come by Tuesday, 31 March instead of Tuesday, 24 March. I wanted you to hear it from me."},
		"earlier":  {moved(due(31), due(27)), "About “send the Q2 deck”: it will come earlier, by Friday, 27 March instead of Tuesday, 31 March."},
		"no date":  {moved(due(27), nil), "About “send the Q2 deck”: it will not come by Friday, 27 March, and it has no new date yet. I wanted you to hear it from me."},
		"a date":   {moved(nil, due(27)), "About “send the Q2 deck”: it will come by Friday, 27 March."},
		"elsewhere": {lisbon, "About “send the Q2 deck”: it will come by Tuesday, 31 March, 15:00 (Berlin time) instead of Friday, 27 March, 15:00 (Berlin time). " +
			"I wanted you to hear it from me early."},
		"same clock": {berlin, "About “send the Q2 deck”: it will come by Tuesday, 31 March, 15:00 instead of Friday, 27 March, 15:00. I wanted you to hear it from me early."},
		"outside":    {outside, "About “send the Q2 deck”: it will come by Tuesday, 31 March, 15:00 (Berlin time) instead of Friday, 27 March. I wanted you to hear it from me early."},
		"done":       {named, "Done: send @Bob the deck!"},
		"released": {
			bot.TellDraft{Commitment: bot.Commitment{Text: "send it", State: bot.Released, Due: due(27)}},
			"About “send it”: I will not do this after all. I wanted you to hear it from me.",
		},
		"as it stands":     {bot.TellDraft{Commitment: bot.Commitment{Text: "send it", State: bot.Open, Due: due(27)}}, "About “send it”: my date for it is Friday, 27 March."},
		"without any date": {bot.TellDraft{Commitment: bot.Commitment{Text: "send it", State: bot.Open}}, "About “send it”: it is still on my list."},
	} {
		if got := tellWords(Reader{Locale: "en-GB"}, tt.draft, wednesday); got != tt.want {
			t.Errorf("%s\n\t%s\nwant\n\t%s", name, got, tt.want)
		}
	}
}

func TestTheFormForAWordFits(t *testing.T) {
	for name, text := range map[string]string{
		"plain": "send the deck", "long": strings.Repeat("wör ", 250), "escaped": strings.Repeat("&lt;", 1000), "loud": "<!channel> <!here> <!subteam^S1> ```code``` `", "empty": "",
	} {
		people := make([]bot.Member, 14)
		for i := range people {
			people[i] = bot.Member{ID: "U" + strings.Repeat("2", i+1), Name: strings.Repeat("Bo ", 40)}
		}
		for _, to := range [][]bot.Member{nil, people[:1], people} {
			d := bot.TellDraft{
				Commitment: bot.Commitment{ID: 7, Text: text, State: bot.Done}, Kept: true, To: to, Gone: people[:3], Outside: []string{"Jane &amp; Co", "<!channel>"},
			}
			m := tellForm(berliner, d, wednesday)
			view, err := m.seal()
			if err != nil {
				t.Fatalf("%s to %d: %v", name, len(to), err)
			}
			if (view.Submit == nil) != (len(to) == 0) {
				t.Errorf("%s to %d: can be sent: %v", name, len(to), view.Submit != nil)
			}
		}
		told := bot.AddressedItem{What: bot.WhatKept, Commitment: bot.Commitment{ID: 7}, From: bot.Member{ID: "U1", Name: "Ana"}, Words: text, Word: 2}
		for _, m := range []Message{saidMessage(told), followupThanked(told, bot.GivenKudos{Kudos: bot.Kudos{ID: "k", Message: text}}), followupUnthanked(told)} {
			if _, err := m.seal(); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}

func TestWhereAThanksButtonStands(t *testing.T) {
	for value, want := range map[string]string{"7 3 alone": "alone", "7 3 many p7;a9,kept,U2,3": "many p7;a9,kept,U2,3", "7 3": "", "7": "", "": ""} {
		if got := standsAt(value); got != want {
			t.Errorf("%q stands at %q, want %q", value, got, want)
		}
	}
}

func TestWordsLookAsTheyDid(t *testing.T) {
	kept := bot.AddressedItem{What: bot.WhatKept, Commitment: bot.Commitment{ID: 7, Owner: "U1"}, From: bot.Member{ID: "U1", Name: "Ana"}, Words: "Done: the <!channel> deck.", Word: 2}
	said := kept
	said.What, said.Commitment = bot.WhatSaid, deck(nil)
	for name, m := range map[string]Message{
		"followup_said":      saidMessage(said),
		"followup_done_said": saidMessage(kept),
		"followup_thanked":   followupThanked(kept, bot.GivenKudos{Kudos: bot.Kudos{ID: "k", Message: "for keeping your word: the deck."}}),
		"followup_unthanked": followupUnthanked(kept),
		"followup_unsaid":    followupUnsaid(bot.Unsaid{Commitment: deck(nil), To: []string{"U2"}, Out: []string{"U3"}}),
		"followup_word_out":  followupWordOut(7, []string{"U3"}),
	} {
		sealed, err := m.seal()
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		golden(t, name, map[string]any{"text": sealed.Text, "blocks": sealed.Blocks})
	}
	form := bot.TellDraft{
		Commitment: deck(nil), To: []bot.Member{{ID: "U2", Name: "Bob", Zone: "Europe/Berlin"}, {ID: "U3", Name: "Cy"}}, Told: []string{"U3"}, Outside: []string{"Jane"},
		Gone: []bot.Member{{ID: "U4", Name: "Dee"}},
	}
	sealed, err := tellForm(berliner, form, wednesday).seal()
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "followup_tell_form", sealed)
}
