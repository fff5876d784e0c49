package slackapp

import (
	"strings"
	"testing"
	"time"

	"rapport/bot"
	"rapport/bot/when"
	"rapport/prompts"
)

func TestHomeLooksAsItDid(t *testing.T) {
	ana := bot.Member{ID: "U1", Name: "Ana", Zone: "Europe/Berlin", Locale: "en-GB"}
	full := bot.Home{
		Reader: ana, Hours: hoursOfBerlin(), Owe: []bot.Commitment{deck(nil), deck(func(c *bot.Commitment) { c.ID, c.By, c.State = 8, "U2", bot.Proposed })},
		Owed:     []bot.Commitment{deck(func(c *bot.Commitment) { c.ID, c.Owner = 9, "U2" })},
		Coffee:   []bot.Mine{{Program: bot.Program{Name: "Monday coffee"}, Group: bot.Group{Members: []string{"U1", "U2"}}, Next: wednesday.AddDate(0, 0, 5)}},
		Received: []bot.Kudos{{Giver: "U2", Message: "untangling the <@U1> release", Given: wednesday}},
		People:   map[string]bot.Member{"U1": ana, "U2": {ID: "U2", Name: "Bob & Co"}},
	}
	full.Preferences.PausedTill = bot.Date{Year: 2026, Month: 4, Day: 1}
	full.Preferences.Practice = true
	for name, h := range map[string]bot.Home{
		"home_empty":     {Reader: ana, Hours: hoursOfBerlin()},
		"home_installer": {Reader: ana, Hours: hoursOfBerlin(), Installer: true, Admin: true},
		"home_full":      full,
	} {
		sealed, err := homeView(berliner, h, wednesday).seal()
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		golden(t, name, sealed)
	}
}

func TestAPauseThatIsOverIsNotShown(t *testing.T) {
	p := bot.Preferences{PausedTill: bot.Date{Year: 2026, Month: 3, Day: 25}}
	for day, want := range map[int]bool{24: true, 25: false, 26: false} {
		if got := strings.Contains(settingsLines(berliner, p, "Europe/Berlin", bot.Date{Year: 2026, Month: 3, Day: day}), "Paused"); got != want {
			t.Errorf("on March %d the pause is shown: %v, want %v", day, got, want)
		}
	}
}

func TestSettingsLookAsTheyDid(t *testing.T) {
	week := bot.StandardWeek()
	week[time.Friday] = bot.Span{From: 8 * 60, To: 12 * 60}
	set := bot.Preferences{
		Zone: "Asia/Kathmandu", Hours: &week, Holidays: "DE", PausedTill: bot.Date{Year: 2026, Month: 4, Day: 1}, KudosDM: bot.KudosPrivately,
		Muted: []bot.Kind{bot.KindMet, bot.KindTimed},
	}
	for name, m := range map[string]Modal{
		"settings_form": settingsForm(bot.Preferences{}, "Europe/Berlin", when.DateOf(wednesday)), "settings_form_set": settingsForm(set, "Asia/Kathmandu", when.DateOf(wednesday)),
	} {
		sealed, err := m.seal()
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		golden(t, name, sealed)
	}
	for name, m := range map[string]Message{
		"settings_saved": settingsSaved(berliner, set, "Asia/Kathmandu", when.DateOf(wednesday)), "settings_paused": pausedMessage(berliner, set), "settings_resumed": resumedMessage(),
		"settings_pause_help": pauseHelp("pause whenever"), "settings_practice": practiceSet(true),
		"settings_privacy": {Text: privacyWords[0], Blocks: privacyBlocks(bot.Preferences{})}, "rapport_unknown": unknownMessage(),
		"home_welcome": welcomeMessage(bot.Welcome{}), "channel_intro": channelIntro(),
		"home_practice": practiceMessage(bot.PracticeNote{Prompt: prompts.Prompt{ID: "x", Text: "Ask one colleague what would help.", Minutes: 5}}),
	} {
		sealed, err := m.seal()
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		golden(t, name, map[string]any{"text": sealed.Text, "blocks": sealed.Blocks})
	}
}

func TestHoursAreReadAsTheyAreWritten(t *testing.T) {
	for text, want := range map[string]string{
		"9:00-17:30": "9:00-17:30", "9-17": "9:00-17:00", "9.00 – 17.30": "9:00-17:30", "": "", "  ": "", "20:00-24:00": "20:00-24:00", "0:00-8:00": "0:00-8:00",
		"9am-5:30 PM": "9:00-17:30", "12am-12pm": "0:00-12:00", "11:15 am — 1 pm": "11:15-13:00",
		"17-9": "error", "9-9": "error", "9": "error", "9-25": "error", "9:60-17": "error", "9:5-17": "error", "9x-17": "error", "9:00-17:30pm": "error", "-1-5": "error",
		"9:00-17:30 or so": "error", "13pm-14": "error", "0am-5": "error", "9-17-18": "error", "morning-evening": "error",
	} {
		got, err := readHours(text)
		words := spanWords(got)
		if err != nil {
			words = "error"
		}
		if words != want {
			t.Errorf("%q is %q (%v), want %q", text, words, err, want)
		}
	}
}

// formValues are what a form comes back with if nobody changes anything in it.
func formValues(t *testing.T, m Modal) Values {
	t.Helper()
	generic, err := toGeneric(m.Blocks)
	if err != nil {
		t.Fatal(err)
	}
	v := Values{}
	for _, b := range generic.([]any) {
		block := b.(map[string]any)
		e, ok := block["element"].(map[string]any)
		if !ok {
			continue
		}
		var p Picked
		p.Text, _ = e["initial_value"].(string)
		p.Date, _ = e["initial_date"].(string)
		if o, ok := e["initial_option"].(map[string]any); ok {
			p.Option, _ = o["value"].(string)
		}
		options, _ := e["initial_options"].([]any)
		for _, o := range options {
			value, _ := o.(map[string]any)["value"].(string)
			p.Options = append(p.Options, value)
		}
		id, _ := block["block_id"].(string)
		v[id] = p
	}
	return v
}

func TestEveryCountryAndZoneOfTheFormExists(t *testing.T) {
	for _, name := range commonZones {
		if _, err := time.LoadLocation(name); err != nil {
			t.Error(err)
		}
	}
	for _, country := range bot.HolidayCalendars() {
		if countryNames[country] == "" {
			t.Errorf("%s has no name", country)
		}
	}
	if len(commonZones) > maxSelect-2 {
		t.Errorf("%d zones: one's own and Slack's have no room", len(commonZones))
	}
	if !strings.Contains(strings.Join(commonZones, " "), "UTC") {
		t.Error("no UTC")
	}
}
