package slackapp

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/slack-go/slack"

	"rapport/bot"
)

// Every unsolicited message says why it came and has a way out of the next one; every label is a sentence of its own.
func TestWhatComesUnaskedSaysWhyAndHowToEndIt(t *testing.T) {
	messages := coffeeMessages(t)
	for _, name := range []string{"stranded", "intro", "intro_alone", "midway", "met", "no_pair", "still_in"} {
		said := saidIn(t, messages[name])
		if !strings.Contains(said, "You get this") {
			t.Errorf("%s does not say why: %s", name, said)
		}
		if !strings.Contains(said, "/coffee") && !slices.Contains(labels(messages[name].Blocks), "Leave Coffee") && name != "stranded" {
			t.Errorf("%s has no way out: %s", name, said)
		}
	}
	for name, m := range messages {
		for _, label := range labels(m.Blocks) {
			if len(strings.Fields(label)) < 2 {
				t.Errorf("%s: the label %q says too little alone", name, label)
			}
		}
		if !strings.HasSuffix(m.Text, ".") && !strings.HasSuffix(m.Text, "?") {
			t.Errorf("%s: the text is no sentence: %q", name, m.Text)
		}
	}
}

func TestRoundLabels(t *testing.T) {
	at := time.Date(2026, 3, 30, 9, 0, 0, 0, berlin(t))
	for _, tt := range []struct {
		name  string
		weeks int
		want  string
	}{
		{"Coffee", 1, "Monday's coffee"},
		{"Monday coffee", 1, "Monday's coffee"},
		{"Lunch", 1, "Monday's Lunch"},
		{"The Monday round", 1, "the The Monday round of 30 March"},
		{"Coffee", 2, "the coffee of 30 March"},
		{"Q&amp;A", 12, "the Q&A of 30 March"},
	} {
		p := bot.Program{Name: tt.name, Weeks: tt.weeks}
		if got := roundLabel(p, at); got != tt.want {
			t.Errorf("%s every %d weeks: %q, want %q", tt.name, tt.weeks, got, tt.want)
		}
	}
}

func TestCadenceInWords(t *testing.T) {
	p := coffeeProgram()
	for _, tt := range []struct {
		locale string
		weeks  int
		want   string
	}{
		{"en-GB", 1, "Mondays at 09:00 Europe/Berlin"},
		{"en-US", 1, "Mondays at 9:00 AM Europe/Berlin"},
		{"en-GB", 2, "Every second Monday at 09:00 Europe/Berlin"},
		{"en-GB", 5, "Every 5 weeks on Monday at 09:00 Europe/Berlin"},
	} {
		p.Weeks = tt.weeks
		if got := cadence(Reader{Locale: tt.locale}, p); got != tt.want {
			t.Errorf("%q, want %q", got, tt.want)
		}
	}
}

func TestEachCoffeeFaultHasWordsAndAnInput(t *testing.T) {
	inputs := map[string]bool{}
	for _, b := range coffeeForm(bot.NewProgram("", "U1", "UTC"), "").Blocks {
		if input, ok := b.(*slack.InputBlock); ok {
			inputs[input.BlockID] = true
		}
	}
	for _, code := range []bot.FaultCode{
		bot.ProgramOutside, bot.ProgramShared, bot.ProgramGuest, bot.ProgramNotIn, bot.ProgramName, bot.ProgramPurpose, bot.ProgramCadence, bot.ProgramZone, bot.ProgramPastDate,
	} {
		if words := coffeeFaults(Reader{}, &bot.Fault{Code: code, Limit: 40}); words == "" {
			t.Errorf("%s has no words", code)
		}
		if block := coffeeBlock(code, true); !inputs[block] {
			t.Errorf("%s is shown below %q, which the form does not have", code, block)
		}
	}
	if block := coffeeBlock(bot.ProgramOutside, false); block == coffeeChannel {
		t.Error("an existing program's form has no channel to show a fault below")
	}
}
