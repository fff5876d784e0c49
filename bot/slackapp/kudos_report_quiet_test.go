package slackapp

import (
	"encoding/json"
	"strings"
	"testing"

	"rapport/bot"
)

func TestWhoIsNotNamedInTheChannelIsNotNamedToThoseWhoLookAfterIt(t *testing.T) {
	k := viewKudos()
	k.Recipients = []string{"UBOB", "UQUIET"}
	quiet := []string{"UQUIET"}
	rep := bot.Report{Kudos: k.ID, By: "UDEE", Giver: k.Giver, Admins: []string{"UADMIN"}}
	form := reportForm(bot.ReportWish{Kudos: k, Quiet: quiet, Admins: rep.Admins, People: viewPeople()}, "CPUB")
	asked := reportedKudos(bot.ReportedKudos{Report: rep, Kudos: k, Quiet: quiet, People: viewPeople()})
	alone := reportedKudos(bot.ReportedKudos{Report: rep, Kudos: k, Quiet: k.Recipients, People: viewPeople()})
	for name, shown := range map[string]any{
		"form": form.Blocks, "asked": asked.Blocks, "undone": undoneBy("UADMIN", bot.ChangedKudos{Kudos: k}).Blocks,
		"stray": undoneBy("UADMIN", bot.ChangedKudos{Kudos: k, Stray: true}).Blocks, "nobody is named": alone.Blocks,
	} {
		text, err := json.Marshal(shown)
		if err != nil || strings.Contains(string(text), "UQUIET") || strings.Contains(string(text), " thanked  ") {
			t.Errorf("%s: %v, %s", name, err, text)
		}
	}
	if got := undoneBy(k.Giver, bot.ChangedKudos{Kudos: k}).Text; !strings.Contains(got, "UQUIET") {
		t.Errorf("its giver, who knows, reads %q", got)
	}
}
