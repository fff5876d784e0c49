package main

import (
	"strings"
	"testing"
)

// TestKudosRows holds all rows of the contract of kudos, each through the whole bot: by command, and by the form and the message shortcut where they can say the
// same, on both kinds of store.
func TestKudosRows(t *testing.T) {
	t.Parallel()
	rows := kudosRows()
	seen := map[int]bool{}
	for _, row := range rows {
		seen[row.number] = true
		if (row.form == nil) == (row.noForm == "") && row.story == nil {
			t.Errorf("row %d %q says neither what stands in the form nor why nothing can, or both", row.number, row.name)
		}
	}
	for n := 1; n <= 45; n++ {
		if !seen[n] {
			t.Errorf("row %d is missing", n)
		}
	}
	plans := rowPlans(rows)
	for name, store := range kudosStores() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			town := openRowTown(t, plans, store(t))
			for _, p := range plans {
				t.Run(p.name(), func(t *testing.T) { town.try(t, p) })
			}
		})
	}
}

const (
	saidThanks = "Thank you for saying it"
	didIt      = "untangled the release scripts"
	pickers    = "the form has a picker for people: what is typed before the message has no place in it"
	verbs      = "a verb is what the command consists of; in the form it is a message"
	itself     = "it is the form that opens"
	unpicked   = "the picker offers nobody else"
)

func kudosRows() []kudosRow {
	var rows []kudosRow
	for _, part := range [][]kudosRow{rowsOfTheGrammar(), rowsOfPeople(), rowsOfLimits(), rowsOfTexts()} {
		rows = append(rows, part...)
	}
	return rows
}

// rowsOfTheGrammar are rows 1 to 9 and 24, 29: who is named.
func rowsOfTheGrammar() []kudosRow {
	one := rowWant{to: "a", message: didIt, says: []string{saidThanks}}
	toA := &rowForm{to: "a", message: didIt}
	return []kudosRow{
		{number: 1, name: "empty opens the form", typed: "", noForm: itself, want: rowWant{opens: true, says: []string{"Whom do you want to thank?"}, unsaid: []string{"Whom is this for?"}}},
		{number: 1, name: "spaces open the form", typed: " \u00a0 ", noForm: itself, want: rowWant{opens: true, says: []string{"Whom do you want to thank?"}, unsaid: []string{"Whom is this for?"}}},
		{
			number: 2, name: "help is help", typed: "help", form: &rowForm{to: "a", message: "help"},
			want: rowWant{says: []string{"Who can read this", "365 days", "not for performance review"}}, inForm: &rowWant{says: []string{"That says little yet", "Send it as it is"}},
		},
		{number: 2, name: "HELP with a space is help", typed: "HELP ", noForm: verbs, want: rowWant{says: []string{"Who can read this"}}},
		{
			number: 3, name: "help with more is no help", typed: "help <@{a}> was great", form: &rowForm{to: "a", message: "help was a great one"},
			want:   rowWant{opens: true, picked: "a", says: []string{"help @"}},
			inForm: &rowWant{to: "a", message: "help was a great one", says: []string{saidThanks}},
		},
		{number: 4, name: "a mention", typed: "<@{a}> " + didIt, form: toA, want: one},
		{number: 5, name: "a labelled mention is the same record", typed: "<@{a}|ana> " + didIt, form: toA, want: one},
		{number: 5, name: "for is no part of it", typed: "<@{a}|ana> for " + didIt, noForm: pickers, want: one},
		{number: 6, name: "an id of an enterprise", typed: "<@{wanda}> " + didIt, form: &rowForm{to: "wanda", message: didIt}, want: rowWant{to: "wanda", message: didIt, says: []string{saidThanks}}},
		{
			number: 7, name: "a name that was typed is not guessed", typed: "@nobody-" + didIt, noForm: unpicked,
			want: rowWant{opens: true, says: []string{"I do not guess who is meant", "completion", "@nobody-" + didIt}},
		},
		{
			number: 8, name: "commas and and", typed: "<@{a}>, <@{b}> and <@{c}> " + didIt, form: &rowForm{to: "a b c", message: didIt},
			want: rowWant{to: "a b c", message: didIt, says: []string{saidThanks}},
		},
		{number: 8, name: "ampersands and pluses", typed: "<@{a}> &amp; <@{b}>+<@{c}> " + didIt, noForm: pickers, want: rowWant{to: "a b c", message: didIt}},
		{number: 9, name: "somebody twice", typed: "<@{a}> <@{a}|a> " + didIt, form: &rowForm{to: "a a", message: didIt}, want: one},
		{number: 24, name: "a mention alone", typed: "<@{a}>", noForm: "an empty message is row 1 of the form", want: rowWant{opens: true, picked: "a"}},
		{
			number: 29, name: "a channel first", typed: "<#{#general}|general> " + didIt, noForm: pickers,
			want: rowWant{opens: true, says: []string{"Whom is this for?", didIt}},
		},
	}
}

// rowsOfPeople are rows 10 to 21: who the named are.
func rowsOfPeople() []kudosRow {
	return []kudosRow{
		{
			number: 10, name: "somebody, and a group with them", typed: "<@{a}> <!subteam^{group}|@h> " + didIt, form: &rowForm{to: "a group", message: didIt},
			group: []string{"a", "b"}, want: rowWant{to: "a b", message: didIt, says: []string{saidThanks}},
		},
		{
			number: 11, name: "a group", typed: "<!subteam^{group}> " + didIt, form: &rowForm{to: "group", message: didIt}, group: []string{"a", "b", "c"},
			want: rowWant{to: "a b c", message: didIt},
		},
		{
			number: 11, name: "a group with a handle, and people in it who cannot be thanked", typed: "<!subteam^{group}|@h> " + didIt, form: &rowForm{to: "group", message: didIt},
			group: []string{"giver", "a", "deploys", "otis"},
			want:  rowWant{to: "a", message: didIt, says: []string{"you were left out yourself", "<@{deploys}> is a bot", "<@{otis}> no longer works here"}},
		},
		{
			number: 12, name: "an empty group", typed: "<!subteam^{group}> " + didIt, form: &rowForm{to: "group", message: didIt}, group: []string{},
			want: rowWant{says: []string{"There is nobody in that user group", didIt}},
		},
		{
			number: 12, name: "a disabled group", typed: "<!subteam^{group}> " + didIt, noForm: "the picker offers no group that is switched off", group: []string{"a", "b"}, disabled: true,
			want: rowWant{says: []string{didIt}},
		},
		{
			number: 12, name: "a group of oneself", typed: "<!subteam^{group}> " + didIt, form: &rowForm{to: "group", message: didIt}, group: []string{"giver"},
			want: rowWant{says: []string{"Kudos go to others", didIt}},
		},
		{number: 13, name: "Slack fails while a group is read", group: []string{"a", "b"}, story: rowGroupFails},
		{number: 13, name: "user groups were not allowed", story: rowGroupsOff},
		{
			number: 14, name: "oneself", typed: "<@{giver}> " + didIt, form: &rowForm{to: "giver", message: didIt},
			want: rowWant{says: []string{"Kudos go to others", didIt}, never: []string{"0 sent"}},
		},
		{number: 14, name: "oneself repeatedly", typed: "<@{giver}> <@{giver}|me> " + didIt, noForm: pickers, want: rowWant{says: []string{"Kudos go to others", didIt}}},
		{
			number: 15, name: "oneself and somebody", typed: "<@{giver}> <@{a}> " + didIt, form: &rowForm{to: "giver a", message: didIt},
			want: rowWant{to: "a", message: didIt, says: []string{"you were left out yourself"}},
		},
		{number: 16, name: "a bot alone", typed: "<@{deploys}> " + didIt, form: &rowForm{to: "deploys", message: didIt}, want: rowWant{says: []string{"bot", didIt}}},
		{number: 16, name: "Slackbot alone", typed: "<@USLACKBOT> " + didIt, noForm: unpicked, want: rowWant{says: []string{"bot", didIt}}},
		{
			number: 17, name: "a bot and somebody", typed: "<@{deploys}> and <@{a}> " + didIt, form: &rowForm{to: "deploys a", message: didIt},
			want: rowWant{to: "a", message: didIt, says: []string{"<@{deploys}> is a bot"}},
		},
		{number: 18, name: "deactivated alone", typed: "<@{otis}> " + didIt, form: &rowForm{to: "otis", message: didIt}, want: rowWant{says: []string{"no longer works here", didIt}}},
		{
			number: 18, name: "deactivated and somebody", typed: "<@{otis}> <@{a}> " + didIt, form: &rowForm{to: "otis a", message: didIt},
			want: rowWant{to: "a", message: didIt, says: []string{"<@{otis}> no longer works here"}},
		},
		{number: 19, name: "a guest", typed: "<@{a}> " + didIt, form: &rowForm{to: "a", message: didIt}, guests: []string{"a"}, want: rowWant{to: "a", message: didIt, says: []string{saidThanks}}},
		{number: 19, name: "a guest where guests are not thanked", guests: []string{"a"}, story: rowNoGuests},
		{number: 20, name: "from another company", typed: "<@{sofia}> " + didIt, form: &rowForm{to: "sofia", message: didIt}, want: rowWant{says: []string{"another company", didIt}}},
		{number: 21, name: "nobody's id", typed: "<@U0UNKNOWN9> " + didIt, noForm: unpicked, want: rowWant{says: []string{"do not know", didIt}}},
	}
}

// rowsOfLimits are rows 22 to 26: how many, and how much.
func rowsOfLimits() []kudosRow {
	eleven := "<@{ana}> <@{bob}> <@{cy}> <@{dee}> <@{eli}> <@{fay}> <@{gus}> <@{hana}> <@{ivo}> <@{jun}> <@{kai}> "
	long, longer := strings.Repeat("ü", 1001), strings.Repeat("a", 3001)
	return []kudosRow{
		{
			number: 22, name: "eleven people", typed: eleven + didIt, noForm: "the picker takes no eleventh",
			want: rowWant{says: []string{"more than 10 people", didIt}},
		},
		{number: 23, name: "a group of more than ten", group: strings.Fields("ana bob cy dee eli fay gus hana ivo jun kai lea"), story: rowTeam},
		{
			number: 25, name: "too short", typed: "<@{a}> thx", form: &rowForm{to: "a", message: "thx"},
			want: rowWant{says: []string{"Say what they did", "You stayed with the customer", "Send it as it is", "thx"}}, inForm: &rowWant{says: []string{"That says little yet", "Send it as it is"}},
		},
		{number: 25, name: "too short, and sent as it is", story: rowAsItIs},
		{
			number: 25, name: "emoji alone", typed: "<@{a}> :tada: :tada: :tada: 🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉", form: &rowForm{to: "a", message: "🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉"},
			want: rowWant{says: []string{"Say what they did", "Send it as it is"}}, inForm: &rowWant{says: []string{"That says little yet", "Send it as it is"}},
		},
		{
			number: 25, name: "an address alone", typed: "<@{a}> <https://example.com/some/long/address>", form: &rowForm{to: "a", message: "https://example.com/some/long/address"},
			want: rowWant{says: []string{"Say what they did", "Send it as it is"}}, inForm: &rowWant{says: []string{"That says little yet", "Send it as it is"}},
		},
		{
			number: 25, name: "thirty spaces", typed: "<@{a}>" + strings.Repeat("\u00a0", 30) + "--private", form: &rowForm{to: "a", message: strings.Repeat(" ", 30)},
			want: rowWant{says: []string{"Say what they did"}}, inForm: &rowWant{says: []string{"kudos_message"}},
		},
		{
			number: 26, name: "1001 characters", typed: "<@{a}> " + long, form: &rowForm{to: "a", message: long},
			want: rowWant{says: []string{"longer than 1000 characters", strings.Repeat("ü", 990)}}, inForm: &rowWant{says: []string{"kudos_message"}},
		},
		{
			number: 26, name: "3001 characters", typed: "<@{a}> " + longer, form: &rowForm{to: "a", message: longer},
			want: rowWant{says: []string{"longer than 1000 characters", strings.Repeat("a", 900)}}, inForm: &rowWant{says: []string{"kudos_message"}},
		},
		{
			number: 26, name: "a thousand characters count as a reader sees them", typed: "<@{a}> " + strings.Repeat("&amp;ü", 500), form: &rowForm{to: "a", message: strings.Repeat("&ü", 500)},
			want: rowWant{to: "a", message: strings.Repeat("&amp;ü", 500), shown: []string{strings.Repeat("&amp;ü", 20)}},
		},
	}
}
