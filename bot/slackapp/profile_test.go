package slackapp

import (
	"testing"
	"time"

	"rapport/bot"
)

func TestProfilesAndCalendarsLookAsTheyDid(t *testing.T) {
	ana, p := coffeePeople()["U1"], profiles()["U1"]
	preview := profileForm(p, p.Mark(), profileChanged)
	preview.Blocks = append(preview.Blocks, profilePreview(ana, p)...)
	i := coffeeIntroduction(t, func(i *bot.Introduction) { i.Hours["U2"] = bot.Hours{Zone: newYork(t)} })
	for name, m := range map[string]Modal{
		"profile_form": profileForm(bot.Profile{}, bot.Profile{}.Mark(), ""), "profile_form_changed": preview, "profile_saved": profileSaved(ana, p), "profile_cleared": profileSaved(ana, bot.Profile{}),
		"calendar_links": calendarView(berliner, i, inIntroduction, false, ""), "calendar_files": calendarView(berliner, i, inIntroduction, true, "The file is in your chat."),
	} {
		sealed, err := m.seal()
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		golden(t, name, sealed)
	}
	i = coffeeIntroduction(t, offerMeetsAsk)
	for name, m := range map[string]Message{
		"coffee_intro_profiles": introduction(berliner, i), "introduction_own": ownChat(i, "U1"),
		"coffee_joined_profile": {Text: "You are in.", Blocks: profileAsk()},
	} {
		sealed, err := m.seal()
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		golden(t, name, map[string]any{"text": sealed.Text, "blocks": sealed.Blocks})
	}
}

func TestHomeAsksWhetherAProfileStillHolds(t *testing.T) {
	for _, tt := range []struct {
		profile bot.Profile
		after   time.Duration
		want    []string // labels of its buttons
	}{
		{bot.Profile{}, 0, []string{"Fill in my profile"}},
		{bot.Profile{Help: "I help", Updated: wednesday}, 179 * 24 * time.Hour, []string{"Change my profile"}},
		{bot.Profile{Help: "I help", Updated: wednesday}, 180 * 24 * time.Hour, []string{"My profile still holds", "Change my profile"}},
	} {
		blocks := homeProfile(berliner, tt.profile, wednesday.Add(tt.after))
		sealed, err := sealBlocks(blocks)
		if err != nil {
			t.Fatal(err)
		}
		var labels []string
		for _, b := range sealed {
			elements, _ := b.(sealedBlock)["elements"].([]any)
			for _, e := range elements {
				label, _ := e.(map[string]any)["text"].(map[string]any)["text"].(string)
				labels = append(labels, label)
			}
		}
		if len(labels) != len(tt.want) || labels[0] != tt.want[0] {
			t.Errorf("after %s: %q, want %q", tt.after, labels, tt.want)
		}
	}
}
