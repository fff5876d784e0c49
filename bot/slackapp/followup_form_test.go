package slackapp

import (
	"strings"
	"testing"
	"time"

	"rapport/bot"
	"rapport/bot/when"
)

// inBerlin is the days of somebody in Berlin on the Wednesday of the tests.
func inBerlin(locale string) when.Context {
	return hoursOfBerlin().WhenContext(wednesday, locale)
}

func TestRulesComeBackFromTheFormAsTheyWere(t *testing.T) {
	for _, typed := range []string{
		"every friday", "every 2 weeks", "every week", "every month", "every quarter", "every year", "every day", "every 3 days", "every workday", "every first monday",
		"every last friday", "every 15th", "every 1st", "every 22nd", "every 3rd", "every 11th", "every monday and thursday", "every 2 months", "every 2 workdays",
	} {
		for _, locale := range []string{"en-US", "de-DE", "fr-FR", "es-ES", "pt-BR"} {
			days := inBerlin(locale)
			said, first, ok := readRule(typed, days, days)
			if !ok {
				t.Errorf("%q is no rule in %s", typed, locale)
				continue
			}
			again, second, ok := readRule(ruleText(&said), days, days)
			if !ok || ruleText(&again) != ruleText(&said) || again.Unit != said.Unit || again.N != said.N || again.Anchor != said.Anchor || first != second {
				t.Errorf("%q stands in the form as %q, which reads as %+v, not %+v", typed, ruleText(&said), again, said)
			}
		}
	}
	for typed, want := range map[string]string{"2 weeks": "every 2 weeks", "friday": "every Friday", "jeden Montag": "every Monday", "alle 2 Wochen": "every 2 weeks"} {
		if said, _, ok := readRule(typed, inBerlin("de-DE"), inBerlin("de-DE")); !ok || ruleText(&said) != want {
			t.Errorf("%q reads as %q, want %q", typed, ruleText(&said), want)
		}
	}
	for _, typed := range []string{"now and then", "never", "by friday", "water the plants every friday", "every", "every blue moon"} {
		if said, _, ok := readRule(typed, inBerlin("en-US"), inBerlin("en-US")); ok {
			t.Errorf("%q reads as %+v", typed, said)
		}
	}
}

func TestPeopleOutsideAreReadLineByLine(t *testing.T) {
	v := Values{followupTo: {Users: []string{"U1", "U2", "U2"}}, followupOutside: {Text: " Jane Doe, Acme \n\nkim@example.com; Bo <&>\nJane Doe, Acme"}}
	got := formCounterparties(v, "U1")
	want := []bot.Counterparty{{Member: "U2"}, {Name: "Jane Doe", Org: "Acme"}, {Email: "kim@example.com"}, {Name: "Bo &lt;&amp;&gt;"}}
	if len(got) != len(want) {
		t.Fatalf("read %+v", got)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("the %d. is %+v, want %+v", i+1, got[i], want[i])
		}
	}
}

func TestWordsComeBackFromTheForm(t *testing.T) {
	people := map[string]bot.Member{"U2": {ID: "U2", Name: "Bo"}, "U3": {ID: "U3", Name: "Bo Li"}, "U4": {ID: "U4"}}
	text := "send &lt;it&gt; to <@U2>, <@U3> and <@U4>, see <https://example.com/a|there>"
	shown := typedWords(text, people)
	if shown != "send <it> to @Bo, @Bo Li and <@U4>, see https://example.com/a" {
		t.Errorf("shown as %q", shown)
	}
	if got := sentWords(shown, text, people); got != text {
		t.Errorf("left alone it is %q", got)
	}
	for typed, want := range map[string]string{
		"ask @Bo":            "ask <@U2>",
		"ask @Bo Li & @Bo.":  "ask <@U3> &amp; <@U2>.",
		"ask @Bobby, not Bo": "ask @Bobby, not Bo",
		"<!channel> <@U9>":   "&lt;!channel&gt; &lt;@U9&gt;",
		"":                   "",
	} {
		if got := sentWords(typed, text, people); got != want {
			t.Errorf("%q goes out as %q, want %q", typed, got, want)
		}
	}
}

func TestAnEditKeepsWhatWasLeftAlone(t *testing.T) {
	late := &when.Due{Date: bot.Date{Year: 2026, Month: 3, Day: 20}, Time: when.Clock{Hour: 9}, Zone: "Asia/Tokyo", ExplicitTime: true}
	was := bot.Commitment{
		ID: 7, Version: 1, Owner: "U1", By: "U1", State: bot.Open, Text: "water <@U2>'s plants", Due: late, Created: wednesday,
		Every: &when.Every{Unit: when.WeekUnit, N: 3, On: []when.On{{Weekday: time.Friday}}, Anchor: when.OnCalendar}, Counterparties: []bot.Counterparty{{Member: "U2"}, {Name: "Jane", Org: "Acme"}},
	}
	d, f, _ := newDrawer()
	d.commitments[7] = was
	form := formValues(t, followupEditForm(was, nil))
	form[followupText], form[followupTime], form[followupTo] = Picked{Text: "water the plants"}, Picked{Time: "09:00"}, Picked{Users: []string{"U2"}}
	response, err := f.submitEdit(t.Context(), Request{Kind: OnSubmit, Now: wednesday, Token: "view", User: "U1", View: View{PrivateMetadata: "7"}, Values: form})
	if err != nil || response.Ack != nil {
		t.Fatalf("%+v, %v", response, err)
	}
	got := d.commitments[7]
	if got.Text != "water the plants" || *got.Due != *late || got.Every != was.Every || len(got.Counterparties) != 2 || got.Counterparties[1].Org != "Acme" || len(got.Moves) != 0 {
		t.Errorf("became %+v", got)
	}
	for metadata, want := range map[string]bot.FaultCode{"99": bot.FaultNotFound, "x": bot.FaultInvalid} {
		_, err := f.submitEdit(t.Context(), Request{Kind: OnSubmit, Now: wednesday, Token: "forged", User: "U1", View: View{PrivateMetadata: metadata}, Values: form})
		if got := faultOf(err); got != want {
			t.Errorf("edit of %q: %v, want %s", metadata, err, want)
		}
	}
	form[followupText] = Picked{Text: strings.Repeat("x", followupTextLimit+1)}
	response, err = f.submitEdit(t.Context(), Request{Kind: OnSubmit, Now: wednesday, Token: "long", User: "U1", View: View{PrivateMetadata: "7"}, Values: form})
	if problems, ok := response.Ack.(errorsAck); err != nil || !ok || problems.sentences[followupText] == "" {
		t.Errorf("a novel: %+v, %v", response, err)
	}
}
