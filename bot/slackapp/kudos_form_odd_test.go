package slackapp

import (
	"strings"
	"testing"

	"rapport/bot"
)

// What is odd about a text is said above the form, and the button that sends it says so, too. Nothing typed is lost, and nothing is stored before the second press.
func TestTheFormSendsItAsItIs(t *testing.T) {
	const long = "for staying with the customer"
	for _, tt := range []struct{ name, before, text, submit, says string }{
		{"short", "", "thx", "Send it as it is", "That says little yet"},
		{"emoji alone", "", ":tada: :tada:", "Send it as it is", "That says little yet"},
		{"the same again", long, long, "Send it again", "exactly this a moment ago"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			k, s := newKudosNoun(t)
			values := Values{kudosTo: {Users: []string{"UBOB"}}, kudosMessage: {Text: tt.text}, kudosValue: {Option: "trust"}}
			if tt.before != "" {
				before := resent("CPUB  at=channel", values)
				before.Token = "v0"
				if _, err := k.submit(t.Context(), before); err != nil {
					t.Fatal(err)
				}
			}
			had := len(s.kudos)
			response, err := k.submit(t.Context(), resent("CPUB  at=channel", values))
			asks, ok := response.Ack.(viewAck)
			if err != nil || !ok || asks.action != "update" || asks.modal.Submit != tt.submit || len(s.kudos) != had {
				t.Fatalf("%+v, %v; stored %v", response, err, s.kudos)
			}
			all := written(asks.modal.Blocks)
			for _, part := range []string{tt.says, tt.text, "UBOB", "initial_option"} {
				if !strings.Contains(all, part) {
					t.Errorf("it has no %q: %s", part, all)
				}
			}
			if _, err := asks.modal.seal(); err != nil {
				t.Error(err)
			}
			// A change in the form draws it anew: it still says the same.
			if d := k.draftOf(t.Context(), resent(asks.modal.PrivateMetadata, values)); k.filledForm(d).Submit != tt.submit {
				t.Errorf("drawn anew it is sent by %q", k.filledForm(d).Submit)
			}
			response, err = k.submit(t.Context(), resent(asks.modal.PrivateMetadata, values))
			if err != nil || response.Ack != nil || len(s.kudos) != had+1 {
				t.Fatalf("%+v, %v; stored %v", response, err, s.kudos)
			}
		})
	}
}

// Nobody is helped by "send it as it is" where there is nothing, or where something else is wrong.
func TestNothingIsNotSentAsItIs(t *testing.T) {
	for name, tt := range map[string]struct{ metadata, text, to string }{
		"nothing": {"CPUB  at=channel&odd=kudos_message_too_short", "", "UBOB"}, "oneself": {"CPUB  at=channel&odd=kudos_message_too_short", "thx", "UANA"},
		"another oddity": {"CPUB  at=channel&odd=kudos_message_too_long", strings.Repeat("a", 1001), "UBOB"},
	} {
		k, s := newKudosNoun(t)
		response, err := k.submit(t.Context(), resent(tt.metadata, Values{kudosTo: {Users: []string{tt.to}}, kudosMessage: {Text: tt.text}}))
		if _, refused := response.Ack.(errorsAck); err != nil || !refused || len(s.kudos) > 0 {
			t.Errorf("%s: %+v, %v; stored %v", name, response, err, s.kudos)
		}
	}
}

// The form's own words about who reads it hold, and forged ones make it no more public than the truth.
func TestTheFormKeepsItsWord(t *testing.T) {
	for _, tt := range []struct {
		name, metadata string
		channel        bot.Channel
		posted         bool
	}{
		{"as it was", "CPUB  at=channel", bot.Channel{Inside: true}, true},
		{"brought in meanwhile", "CPUB  at=outside", bot.Channel{Inside: true}, false},
		{"open to all meanwhile", "CPUB  at=channel&closed=yes", bot.Channel{Inside: true}, false},
		{"shared meanwhile", "CPUB  at=channel", bot.Channel{Inside: true, Shared: true}, false},
		{"forged: a channel without the bot", "CPUB  at=channel", bot.Channel{}, false},
		{"forged: elsewhere", "CPUB  at=outside&in=CPRIV&name=x", bot.Channel{}, false},
	} {
		k, s := newKudosNoun(t)
		tt.channel.ID = "CPUB"
		s.channels["CPUB"] = tt.channel
		response, err := k.submit(t.Context(), resent(tt.metadata, Values{
			kudosTo: {Users: []string{"UBOB"}}, kudosMessage: {Text: "for staying with the customer"}, kudosElsewhere: {Options: []string{"post"}},
		}))
		if err != nil || response.Ack != nil || len(s.kudos) != 1 {
			t.Fatalf("%s: %+v, %v", tt.name, response, err)
		}
		for _, given := range s.kudos {
			if given.Posted != tt.posted {
				t.Errorf("%s: stored %+v", tt.name, given)
			}
		}
	}
	if words := placeWords(bot.GivenKudos{Place: bot.PlaceWider}); !strings.Contains(words, "than the form said") {
		t.Error(words)
	}
}

func TestAFormAsksForNoValueWhereThereIsNone(t *testing.T) {
	d, limits := kudosDraft{Channel: "CPUB"}, bot.StandardKudosLimits()
	for n, w := range map[int]bot.Workspace{0: {}, 1: viewWorkspace()} {
		if got := strings.Count(unescapedJSON(t, kudosForm(d, w, limits).Blocks), "What did it show?"); got != n {
			t.Errorf("%d values: asked %d times", len(w.Values), got)
		}
	}
}

// A text that is longer than today's limit stands in the form in full; that it is too long is said when it is sent.
func TestAFormCutsNothing(t *testing.T) {
	text, limits := strings.Repeat("word ", 180)+"end.", bot.StandardKudosLimits()
	limits.Characters = 200
	k := viewKudos()
	k.Message = text
	for name, m := range map[string]Modal{
		"give": kudosForm(kudosDraft{Input: bot.KudosInput{Message: text}}, viewWorkspace(), limits), "edit": kudosEdit(k, nil, kudosEditFrom{}, limits),
	} {
		if !strings.Contains(written(m.Blocks), "word end.") {
			t.Errorf("%s: the end is gone", name)
		}
		if _, err := m.seal(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestWhereAnEditCameFrom(t *testing.T) {
	for _, from := range []kudosEditFrom{{}, {Channel: "C1"}, {List: "V1"}, {List: "V1", Page: 3}, {Channel: "C1", List: "V1", Page: 12}} {
		id, got := readEditFrom(from.metadata("k1"))
		if id != "k1" || got != from {
			t.Errorf("%q is read as %q, %+v", from.metadata("k1"), id, got)
		}
	}
	for _, forged := range []string{"", " ", "k1 C1 V1 x", "k1 a b c d e f"} {
		if _, from := readEditFrom(forged); from.Page != 0 {
			t.Errorf("%q is read as %+v", forged, from)
		}
	}
}
