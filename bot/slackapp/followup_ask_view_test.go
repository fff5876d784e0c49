package slackapp

import (
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"rapport/bot"
)

// asked is a shared promise of U1's about which U2 asked on Wednesday.
func asked(change func(*bot.Commitment)) bot.Commitment {
	return deck(func(c *bot.Commitment) {
		c.Shared = true
		c.Asked = []bot.Question{{By: "U2", At: wednesday, Till: wednesday.AddDate(0, 0, 5)}}
		if change != nil {
			change(c)
		}
	})
}

func TestQuestionsLookAsTheyDid(t *testing.T) {
	reader, bob, gone := bot.Member{ID: "U1", Zone: "Europe/Berlin", Locale: "en-GB"}, bot.Member{ID: "U2"}, bot.Member{ID: "U2", Deleted: true}
	undated := asked(func(c *bot.Commitment) { c.Due = nil })
	mine := deck(func(c *bot.Commitment) { c.ID = 12 })
	later := wednesday.Add(time.Hour)
	owed := func(change func(*bot.Commitment)) bot.Commitment {
		return asked(func(c *bot.Commitment) {
			c.Counterparties = []bot.Counterparty{{Member: "U2"}}
			change(c)
		})
	}
	list := []bot.Commitment{
		owed(func(c *bot.Commitment) { c.Asked = nil }),
		owed(func(*bot.Commitment) {}),
		owed(func(c *bot.Commitment) { c.Asked[0].Answered = wednesday.Add(20 * time.Minute) }),
		owed(func(c *bot.Commitment) { c.Asked, c.Freed = nil, []bot.Freed{{By: "U2", At: later}} }),
		owed(func(c *bot.Commitment) { c.Left = []bot.Leaving{{Member: "U1"}} }),
		owed(func(c *bot.Commitment) { c.By, c.State = "U2", bot.Proposed }),
	}
	for name, m := range map[string]Message{
		"followup_asked":         addressedOne(reader, bot.AddressedItem{What: bot.WhatAsked, Commitment: asked(nil), From: bob}),
		"followup_asked_undated": addressedOne(reader, bot.AddressedItem{What: bot.WhatAsked, Commitment: undated, From: bob}),
		"followup_on_track":      addressedOne(reader, bot.AddressedItem{What: bot.WhatOnTrack, Commitment: asked(nil), From: bob}),
		"followup_news":          addressedOne(reader, bot.AddressedItem{What: bot.WhatOnTrack, Commitment: undated, From: bob}),
		"followup_has_moved":     addressedOne(reader, bot.AddressedItem{What: bot.WhatMoved, Commitment: asked(nil), From: bob}),
		"followup_dateless":      addressedOne(reader, bot.AddressedItem{What: bot.WhatMoved, Commitment: undated, From: bob}),
		"followup_freed":         addressedOne(reader, bot.AddressedItem{What: bot.WhatFreed, Commitment: deck(nil), From: bob}),
		"followup_left_owner": addressedOne(reader, bot.AddressedItem{
			What: bot.WhatLeft, From: gone, Commitment: deck(func(c *bot.Commitment) { c.Owner, c.Shared = "U2", true }),
		}),
		"followup_left_other":    addressedOne(reader, bot.AddressedItem{What: bot.WhatLeft, From: gone, Commitment: deck(nil)}),
		"followup_left_proposer": addressedOne(reader, bot.AddressedItem{What: bot.WhatLeft, From: gone, Commitment: deck(func(c *bot.Commitment) { c.By, c.State = "U2", bot.Proposed })}),
		"followup_left_proposal": addressedOne(reader, bot.AddressedItem{What: bot.WhatLapsed, From: gone, Commitment: deck(func(c *bot.Commitment) { c.State = bot.Lapsed })}),
		"followup_ask":           followupAsked(berliner, asked(nil), "U2", wednesday),
		"followup_ask_again":     followupAsked(berliner, asked(nil), "U2", wednesday.AddDate(0, 0, 1)),
		"followup_track_said":    followupOnTrack(berliner, asked(nil)),
		"followup_track_undone":  followupOffTrack(berliner, asked(nil), wednesday),
		"followup_free":          followupFreed(deck(nil)),
		"followup_needed":        followupNeeded(deck(nil)),
		"followup_stayed":        followupStayed(berliner, "U1", deck(nil), mine),
		"followup_stays_so":      followupStayed(berliner, "U1", bot.Commitment{ID: 7}, deck(nil)),
		"followup_let_go":        followupLetGo(berliner, "U2", deck(nil), deck(nil)),
		"followup_rechosen":      followupRechosen(deck(nil)),
		"followup_passed":        followupPassed(berliner, 7, deck(func(c *bot.Commitment) { c.ID, c.Owner, c.State = 12, "U3", bot.Proposed })),
		"followup_waiting":       followupList(berliner, []bot.Commitment{asked(nil)}, list, 0, later, "", bot.Commitment{}),
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
	for name, m := range map[string]Modal{"followup_slip_form": followupSlipForm(deck(nil)), "followup_pass_form": followupPassForm(deck(nil))} {
		sealed, err := m.seal()
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		golden(t, name, sealed)
	}
}

func TestTheWorstQuestionsKeepTheLimits(t *testing.T) {
	for _, c := range worst(8) {
		c.Asked = []bot.Question{{By: "U2", At: wednesday, Till: wednesday.AddDate(0, 0, 5)}}
		for _, what := range []bot.What{bot.WhatAsked, bot.WhatOnTrack, bot.WhatMoved, bot.WhatFreed, bot.WhatLeft} {
			if _, err := addressedOne(bot.Member{}, bot.AddressedItem{What: what, Commitment: c, From: bot.Member{ID: "U2"}}).seal(); err != nil {
				t.Errorf("%s: %v", what, err)
			}
		}
		for _, m := range []Message{
			followupAsked(berliner, c, "U2", wednesday), followupOnTrack(berliner, c), followupFreed(c), followupStayed(berliner, "U1", c, c), followupPassed(berliner, 1, c),
			{Text: "x", Blocks: []slack.Block{actions(leftButtons(c, onAlone)...)}},
		} {
			if _, err := m.seal(); err != nil {
				t.Error(err)
			}
		}
		for _, m := range []Modal{followupSlipForm(c), followupPassForm(c)} {
			if _, err := m.seal(); err != nil {
				t.Error(err)
			}
		}
	}
}

func TestForgedQuestionsAndChoices(t *testing.T) {
	d, f, _ := newDrawer()
	// 1 is U1's and not shared with U2.
	if _, err := f.command(t.Context(), Request{Kind: OnCommand, Name: "/followup", Now: wednesday, Token: "note", User: "U1", Text: "<@U2> send the deck by friday"}); err != nil {
		t.Fatal(err)
	}
	before := d.commitments[1].Version
	for name, handle := range map[string]Handler{
		"ask": f.ask, "on track": f.onTrack, "off track": f.offTrack, "free": f.free, "need": f.need, "stay": f.stay, "let go": f.letGo, "rechoose": f.rechoose,
	} {
		for value, want := range map[string]bot.FaultCode{"1": bot.FaultNotFound, "99": bot.FaultNotFound, "x": bot.FaultInvalid, "": bot.FaultInvalid} {
			_, err := handle(t.Context(), Request{Kind: OnAction, Now: wednesday, Token: bot.Token(name + value), User: "U2", Action: Action{Value: value}})
			if got := faultOf(err); got != want {
				t.Errorf("%s %q: %q (%v), want %q", name, value, got, err, want)
			}
		}
	}
	for name, handle := range map[string]Handler{"slip": f.submitMove, "pass": f.submitPass} {
		r := Request{Kind: OnSubmit, Now: wednesday, Token: "form", User: "U2", Values: Values{followupDate: {Date: "2026-03-30"}, passTo: {Users: []string{"U3"}}}}
		r.View.PrivateMetadata = "1"
		response, err := handle(t.Context(), r)
		if faultOf(err) != bot.FaultNotFound && response.Ack == nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if d.commitments[1].Version != before {
		t.Error("something was changed")
	}
	for _, code := range []bot.FaultCode{bot.FollowupUnasked, bot.FollowupUnagreed, bot.FollowupBack, bot.FollowupChosen} {
		if faultSentence(Reader{}, &bot.Fault{Code: code}) == wordsWrong {
			t.Errorf("%s has no words", code)
		}
	}
}
