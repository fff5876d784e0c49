package slackapp

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"rapport/bot"
)

// followupList is a page of the list of everything.
func followupList(r Reader, owe, owed []bot.Commitment, from int, now time.Time, top string, done bot.Commitment) Message {
	return followupPage(r, now, promisePage{list: bot.PromiseList{Owe: owe, Owed: owed}, reader: "U1", from: from, top: top, done: done})
}

func (d *drawer) CommitmentLists(ctx context.Context, member string, since time.Time) (bot.CommitmentLists, error) {
	owned, owed, err := d.MemberCommitments(ctx, member, since)
	return bot.CommitmentLists{Owned: owned, Owed: owed}, err
}

func (d *drawer) UnopenedCommitment(ctx context.Context, id int) (bot.Commitment, error) {
	return d.Commitment(ctx, id)
}

func (d *drawer) ReplaceUnopened(ctx context.Context, token bot.Token, was, c bot.Commitment, intents bot.Intents) error {
	return d.ReplaceCommitment(ctx, token, was, c, intents)
}

func TestListsLookAsTheyDid(t *testing.T) {
	var many []bot.Commitment
	for i := range 20 {
		many = append(many, deck(func(c *bot.Commitment) { c.ID = i + 1 }))
	}
	theirs := []bot.Commitment{deck(func(c *bot.Commitment) { c.ID, c.Owner, c.By = 30, "U2", "U2" })}
	sealed := bot.Sealed{Owe: 2, Owed: 1}
	for name, p := range map[string]promisePage{
		"followup_list_page":        {list: bot.PromiseList{Owe: many[:19], Owed: theirs}, from: 8},
		"followup_list_with":        {list: bot.PromiseList{Owe: many[:1], Owed: theirs, With: "U2"}, top: "Kept: #6. Well done.", done: deck(func(c *bot.Commitment) { c.Before = &bot.Undo{} })},
		"followup_list_with_one":    {list: bot.PromiseList{Owe: many[:1], With: "U2"}},
		"followup_list_with_none":   {list: bot.PromiseList{With: "U2"}},
		"followup_list_self":        {list: bot.PromiseList{Owe: many[:1], With: "U1"}},
		"followup_list_self_none":   {list: bot.PromiseList{With: "U1"}},
		"followup_list_sealed":      {list: bot.PromiseList{Owe: many[:1], Owed: theirs, Sealed: sealed}},
		"followup_list_all_sealed":  {list: bot.PromiseList{Sealed: bot.Sealed{Owe: 1}}},
		"followup_list_with_sealed": {list: bot.PromiseList{With: "U2", Sealed: bot.Sealed{Owed: 1}}},
	} {
		p.reader = "U1"
		m, err := followupPage(berliner, wednesday, p).seal()
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		golden(t, name, map[string]any{"text": m.Text, "blocks": m.Blocks})
	}
}

func TestAPageSaysWhichItIs(t *testing.T) {
	for _, tt := range []struct {
		owe, owed, from int
		want            []string
	}{
		{0, 0, 0, nil},
		{8, 8, 0, nil},
		{9, 8, 0, []string{"1–8 of 9"}},
		{9, 8, 8, []string{"9 of 9"}},
		{20, 34, 8, []string{"9–16 of 20", "9–16 of 34"}},
		{20, 34, 16, []string{"17–20 of 20", "17–24 of 34"}},
		{20, 34, 24, []string{"25–32 of 34"}},
		{20, 34, 32, []string{"33–34 of 34"}},
		{1200, 0, 1000, []string{"1,001–1,008 of 1,200"}},
		{20, 34, 4000, []string{"1–8 of 20", "1–8 of 34"}},
	} {
		list := func(n int) []bot.Commitment {
			many := make([]bot.Commitment, n)
			for i := range many {
				many[i] = deck(func(c *bot.Commitment) { c.ID = i + 1 })
			}
			return many
		}
		shown := written(followupList(berliner, list(tt.owe), list(tt.owed), tt.from, wednesday, "", bot.Commitment{}).Blocks)
		if got := len(regexp.MustCompile(`\d of \d`).FindAllString(shown, -1)); got != len(tt.want) {
			t.Errorf("%d and %d from %d: %d lines, want %q", tt.owe, tt.owed, tt.from, got, tt.want)
		}
		for _, want := range tt.want {
			if !strings.Contains(shown, `"`+want+`"`) {
				t.Errorf("%d and %d from %d: no %q", tt.owe, tt.owed, tt.from, want)
			}
		}
	}
}

// What is forged where the buttons of a list stand is no list.
func TestWhereTheButtonsOfAListStand(t *testing.T) {
	for where, want := range map[string]string{
		"list": "", "list U2": "U2", "list W0ABC": "W0ABC", "": "no", "alone": "no", "listU2": "no", "list U2 U3": "no", "list <!channel>": "no",
		"list u2": "no", "list " + strings.Repeat("U", 31): "no", "list ": "",
	} {
		with, ok := listedAt(where)
		if !ok {
			with = "no"
		}
		if with != want {
			t.Errorf("%q: %q, want %q", where, with, want)
		}
	}
	for _, with := range []string{"", "U2"} {
		p := promisePage{list: bot.PromiseList{With: with}}
		if got, ok := listedAt(p.standsOn()); !ok || got != with {
			t.Errorf("%q comes back as %q, %v", with, got, ok)
		}
	}
}

// A page with everything on it keeps the limits, also where all that is there is as long as it can be.
func TestTheWorstListsKeepTheLimits(t *testing.T) {
	many := worst(200)
	for i := range many {
		many[i].Asked = []bot.Question{{By: "U3", At: wednesday, Till: wednesday.Add(72 * time.Hour)}}
	}
	sealed := bot.Sealed{Owe: 12345, Owed: 6789}
	for _, with := range []string{"", "U1", "U1234567890"} {
		for _, from := range []int{0, 8, 192} {
			p := promisePage{list: bot.PromiseList{Owe: many, Owed: many, With: with, Sealed: sealed}, reader: "U1", from: from, top: "Kept.", done: many[0]}
			if _, err := followupPage(berliner, wednesday, p).seal(); err != nil {
				t.Errorf("with %q from %d: %v", with, from, err)
			}
		}
	}
	h := bot.Home{Reader: bot.Member{ID: "U1"}, Hours: hoursOfBerlin(), Owe: many, Owed: many, Sealed: sealed}
	if _, err := homeView(berliner, h, wednesday).seal(); err != nil {
		t.Error(err)
	}
	alone := homeView(berliner, bot.Home{Reader: bot.Member{ID: "U1"}, Hours: hoursOfBerlin(), Sealed: bot.Sealed{Owed: 1}}, wednesday)
	if text := fmt.Sprint(written(alone.Blocks)); !strings.Contains(text, "1 promise cannot be read right now") {
		t.Errorf("Home of who is owed nothing else says %s", text)
	}
}
