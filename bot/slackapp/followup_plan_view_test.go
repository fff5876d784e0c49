package slackapp

import (
	"strings"
	"testing"

	"github.com/slack-go/slack"

	"rapport/bot"
)

func TestPlansLookAsTheyDid(t *testing.T) {
	today := bot.Date{Year: 2026, Month: 3, Day: 25}
	thursday := bot.Date{Year: 2026, Month: 3, Day: 26}
	friday := bot.Date{Year: 2026, Month: 3, Day: 27}
	planned := deck(func(c *bot.Commitment) {
		c.Plan = &bot.Plan{Day: thursday, Cue: "after the *stand-up*, &lt;!channel&gt;"}
	})
	asked := Message{Text: "Noted.", Blocks: []slack.Block{actions(planSelect(berliner, deck(nil), []bot.Date{today, thursday, friday}, wednesday, ""))}}
	reader := bot.Member{ID: "U1", Zone: "Europe/Berlin", Locale: "en-GB"}
	for name, m := range map[string]Message{
		"followup_plan_menu":    asked,
		"followup_planned":      followupPlanned(berliner, planned, thursday, today),
		"followup_plan_cleared": followupPlanned(berliner, deck(nil), friday, today),
		"followup_stays":        followupStays(berliner, deck(nil), friday, today),
		"followup_rests":        followupStays(berliner, deck(nil), bot.Date{}, today),
		"followup_bundle_last": bundleMessage(bot.Bundle{Reader: reader, Hours: hoursOfBerlin(), Day: thursday, Items: []bot.BundleItem{
			{Commitment: planned, Why: bot.WhyPlanned},
			{Commitment: planned, Why: bot.WhyDue, Last: true},
		}}),
	} {
		sealed, err := m.seal()
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		golden(t, name, map[string]any{"text": sealed.Text, "blocks": sealed.Blocks})
		if strings.Contains(m.Text, "deck") || strings.Contains(m.Text, "stand-up") {
			t.Errorf("%s: the lock screen shows the words: %q", name, m.Text)
		}
	}
	form, err := followupPlanForm(planned, *planned.Plan).seal()
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "followup_plan_form", form)
}

func TestABundleOfThirtyFits(t *testing.T) {
	var items []bot.BundleItem
	for i, c := range worst(30) {
		c.Plan = &bot.Plan{Day: bot.Date{Year: 2026, Month: 3, Day: 25}, Cue: strings.Repeat("very long ", 15)}
		items = append(items, bot.BundleItem{Commitment: c, Why: bot.WhyOverdue, Last: i%2 == 0})
	}
	m := bundleMessage(bot.Bundle{Reader: bot.Member{ID: "U1"}, Hours: hoursOfBerlin(), Day: bot.Date{Year: 2026, Month: 3, Day: 25}, Items: items})
	if _, err := m.seal(); err != nil {
		t.Error(err)
	}
}
