package slackapp

import (
	"slices"
	"strings"
	"testing"

	"rapport/bot"
)

// TestWordsStandOnce has a draft's words, which quote the promise, not be followed by the same text.
func TestWordsStandOnce(t *testing.T) {
	long := strings.TrimSpace(strings.Repeat("a long promise ", 60))
	for name, tt := range map[string]struct {
		words, text string
		once        bool
	}{
		"draft":               {"About “send the Q2 deck”: my date for it is Friday, 27 March.", "send the Q2 deck", true},
		"done":                {"Done: send the Q2 deck.", "send the Q2 deck", true},
		"done, with markup":   {"Done: send the *Q2* deck &amp; notes.", "send the *Q2* deck &amp; notes", true},
		"a name of somebody":  {"Done: send the deck to @Bob Stone and @Cy by mail.", "send the deck to <@U2> and <@U3|cy> by mail", true},
		"an address":          {"Done: read https://x.com/a?b&amp;c twice.", "read <https://x.com/a?b&amp;c> twice", true},
		"several lines":       {"About “a list of\ntwo”: it comes.", "a list of\n two", true},
		"loud":                {"Done: the @\u2060channel deck.", "the <!channel> deck", true},
		"cut":                 {"About “" + bot.OutgoingText{Max: tellQuoted}.Plain(long) + "”: it comes.", long, true},
		"other words":         {"It is on the shelf.", "send the Q2 deck", false},
		"changed in between":  {"Done: send the Q2 deck.", "send the Q3 deck", false},
		"only somebody":       {"Done: it.", "<@U2>", false},
		"in the wrong order":  {"to @Bob: send the deck", "send the deck to <@U2> with care", false},
		"a part of its words": {"Done: send.", "send the Q2 deck", false},
	} {
		t.Run(name, func(t *testing.T) {
			if got := quotes(tt.words, tt.text); got != tt.once {
				t.Errorf("%q quotes %q: %v, want %v", tt.words, tt.text, got, tt.once)
			}
		})
	}
}

func TestWordsNameTheirPromise(t *testing.T) {
	for words, want := range map[string]string{
		"Done: send the *Q2* deck &amp; notes.": "About *#7*",
		"It is on the shelf.":                   "About *#7* send the *Q2* deck &amp; notes",
	} {
		item := bot.AddressedItem{What: bot.WhatSaid, From: bot.Member{ID: "U1", Name: "Ana"}, Commitment: deck(nil), Words: words}
		if text := saidIn(t, saidMessage(item)); !slices.Contains(strings.Split(text, "\n"), want) {
			t.Errorf("words %q come without the line %q:\n%s", words, want, text)
		}
	}
}

// TestThanksSayHowToThankOpenly has what went to one person say how others can read it, too.
func TestThanksSayHowToThankOpenly(t *testing.T) {
	item := bot.AddressedItem{What: bot.WhatKept, From: bot.Member{ID: "U1", Name: "Ana"}, Commitment: deck(nil), Words: "Done: it.", Word: 1}
	given := bot.GivenKudos{Kudos: bot.Kudos{ID: "k1", Message: "for it"}}
	if text := saidIn(t, followupThanked(item, given)); !strings.Contains(text, "`/kudos` in a channel") {
		t.Errorf("it does not say how to thank in a channel:\n%s", text)
	}
	given.Kudos.Undone = wednesday
	if text := saidIn(t, followupThanked(item, given)); strings.Contains(text, "/kudos") {
		t.Errorf("thanks that were taken back say how to thank in a channel:\n%s", text)
	}
}
