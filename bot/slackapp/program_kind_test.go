package slackapp

import (
	"encoding/json"
	"maps"
	"strings"
	"testing"

	"rapport/bot"
)

// shownValues are the values that a form has before anybody touches it, as Slack would submit them.
func shownValues(t *testing.T, m Modal) Values {
	t.Helper()
	raw, err := json.Marshal(m.Blocks)
	if err != nil {
		t.Fatal(err)
	}
	type chosen struct {
		Value string `json:"value"`
	}
	var blocks []struct {
		Type    string `json:"type"`
		Block   string `json:"block_id"`
		Element struct {
			Text         string   `json:"initial_value"`
			Option       *chosen  `json:"initial_option"`
			Options      []chosen `json:"initial_options"`
			Time         string   `json:"initial_time"`
			Conversation string   `json:"initial_conversation"`
		} `json:"element"`
	}
	if err := json.Unmarshal(raw, &blocks); err != nil {
		t.Fatal(err)
	}
	v := Values{}
	for _, b := range blocks {
		if b.Type != "input" {
			continue
		}
		p := Picked{Text: b.Element.Text, Time: b.Element.Time, Conversation: b.Element.Conversation}
		if b.Element.Option != nil {
			p.Option = b.Element.Option.Value
		}
		for _, o := range b.Element.Options {
			p.Options = append(p.Options, o.Value)
		}
		v[b.Block] = p
	}
	return v
}

// choosing fills a form in and picks a kind of program in it.
func choosing(t *testing.T, m Modal, typed Values, kind string) Modal {
	t.Helper()
	values := shownValues(t, m)
	maps.Copy(values, typed)
	values[coffeeForms] = Picked{Option: kind}
	response, err := (&Coffee{}).chooseForm(t.Context(), Request{User: "U1", Values: values, View: View{PrivateMetadata: m.PrivateMetadata}})
	if err != nil {
		t.Fatal(err)
	}
	ack, ok := response.Ack.(viewAck)
	if !ok {
		t.Fatalf("answered %T", response.Ack)
	}
	if _, err := ack.modal.seal(); err != nil {
		t.Fatal(err)
	}
	return ack.modal
}

func TestNothingTypedIsLostWhereTheKindIsChanged(t *testing.T) {
	form := coffeeForm(bot.NewProgram("C1", "U1", "Europe/Berlin"), "C1")
	typed := Values{
		coffeeNameInput: {Text: "Tea & talk"}, coffeePurpose: {Text: "So that we meet."}, coffeeWords: {Text: "Come along.\nIt is *fun*."}, coffeeChannel: {Conversation: "C7"},
		coffeeWeekday: {Option: "3"}, coffeeTime: {Time: "13:30"}, coffeeZone: {Option: "Asia/Tokyo"}, coffeeWeeks: {Option: "4"}, coffeeSize: {Option: "3"},
		coffeeOdd: {Option: oddSitOut}, coffeeDepartment: {Option: string(bot.Require)}, coffeeManagers: {},
	}
	want, from := formProgram(Request{User: "U1", Values: typed, View: View{PrivateMetadata: form.PrivateMetadata}})
	mentors := choosing(t, form, typed, formMentor)
	values := shownValues(t, mentors)
	if _, shown := values[coffeeSize]; shown {
		t.Error("mentoring is asked how many people meet")
	}
	p, _ := formProgram(Request{User: "U1", Values: values, View: View{PrivateMetadata: mentors.PrivateMetadata}})
	if p.Form != bot.MentorForm || p.Name != want.Name || p.Words != want.Words || p.Purpose != want.Purpose || p.Channel != "C7" || p.Minute != want.Minute || p.Zone != want.Zone ||
		p.Weekday != want.Weekday || p.Department != bot.Require || !p.Managers {
		t.Errorf("as a mentor program: %+v", p)
	}
	again := choosing(t, mentors, Values{}, formCoffee)
	p, back := formProgram(Request{User: "U1", Values: shownValues(t, again), View: View{PrivateMetadata: again.PrivateMetadata}})
	if got, wanted := mustMarshal(t, p), mustMarshal(t, want); got != wanted || back != from {
		t.Errorf("back as coffee, from %q: %s, want %s", back, got, wanted)
	}
	third := choosing(t, choosing(t, again, Values{coffeeSize: {Option: "4"}}, formMentor), Values{coffeeWeeks: {Option: "6"}}, formCoffee)
	if got := shownValues(t, third); got[coffeeSize].Option != "4" || got[coffeeWeeks].Option != "4" || got[coffeeNameInput].Text != "Tea & talk" {
		t.Errorf("the third time: %+v", got)
	}
}

func TestAKindBringsItsOwnDefaults(t *testing.T) {
	form := coffeeForm(bot.NewProgram("C1", "U1", "Europe/Berlin"), "")
	mentors := choosing(t, form, Values{}, formMentor)
	if v := shownValues(t, mentors); v[coffeeNameInput].Text != "Mentoring" || v[coffeeWeeks].Option != "4" || v[coffeeWords].Text != mentorWordsStandard {
		t.Errorf("mentoring begins with %+v", v)
	}
	coffee := choosing(t, mentors, Values{}, formCoffee)
	v := shownValues(t, coffee)
	if v[coffeeNameInput].Text != "Coffee" || v[coffeeWeeks].Option != "1" || v[coffeeWords].Text != coffeeWordsStandard || v[coffeeSize].Option != "2" || v[coffeeOdd].Option != oddTrio {
		t.Errorf("coffee begins with %+v", v)
	}
	if p, from := formProgram(Request{User: "U1", Values: v, View: View{PrivateMetadata: coffee.PrivateMetadata}}); p.Words != "" || from != "" {
		t.Errorf("the standard words are stored as %q, opened from %q", p.Words, from)
	}
	// A form that was sent to be changed stays what it is.
	r := Request{Values: Values{coffeeForms: {Option: formMentor}}, View: View{PrivateMetadata: "3 7 C5 D1"}}
	if response, err := (&Coffee{}).chooseForm(t.Context(), r); err != nil || response.Ack != nil {
		t.Errorf("the kind of a program that is there: %+v, %v", response, err)
	}
	// Whatever stands in the metadata, it harms nothing.
	for _, forged := range []string{"C1 x/y/z", "C1 1/2", "C1 -5/sit_out/-9", "C1 999/trio/999"} {
		m := mentors
		m.PrivateMetadata = forged
		if got := shownValues(t, choosing(t, m, Values{}, formCoffee)); !strings.Contains("2 3 4", got[coffeeSize].Option) || got[coffeeSize].Option == "" {
			t.Errorf("%q: %+v", forged, got)
		}
	}
}

func TestAMentorProgramDoesNotQuoteCoffee(t *testing.T) {
	p := bot.NewMentorProgram("C1", "U1", "Europe/Berlin")
	for _, m := range []Message{coffeeCreated(Reader{}, p, wednesday), invitation(Reader{}, bot.Invitation{Program: p, Next: bot.NextRound(p, wednesday)})} {
		raw, err := json.Marshal(m.Blocks)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(raw), coffeeWordsStandard) || !strings.Contains(strings.ToLower(string(raw)), strings.ToLower(mentorWordsStandard)) {
			t.Errorf("it says %s", raw)
		}
	}
}
