package slackapp

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"rapport/bot"
	"rapport/bot/pairing"
)

// profiles are what two people say of themselves who can help each other.
func profiles() map[string]bot.Profile {
	return map[string]bot.Profile{
		"U1": {
			Help: "I help managers have hard talks early by practising them <!channel> with me.", Offers: []string{"hard talks"}, Asks: []string{"go"}, Office: "berlin",
			Languages: []string{"English", "Portuguese"}, Support: "A heads-up before a deadline moves",
		},
		"U2": {Offers: []string{"Go", "*databases*"}, Asks: []string{"public speaking"}, Office: "Berlin", Style: "Quiet mornings"},
	}
}

func offerMeetsAsk(i *bot.Introduction) {
	i.Profiles = profiles()
	i.Group.Reasons = append(i.Group.Reasons, pairing.Reason{Code: pairing.OfferMeetsAsk, A: "U2", B: "U1", Topic: "Go"})
}

func newYork(t *testing.T) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("America/New_York")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

// TestIntroductionsSayWhatIsThere looks at the words, one case for each thing that an introduction may know.
func TestIntroductionsSayWhatIsThere(t *testing.T) {
	trio := func(i *bot.Introduction) {
		i.Group.Members = []string{"U1", "U2", "U3"}
		i.Group.Reasons = nil
		for _, pair := range [][2]string{{"U1", "U2"}, {"U1", "U3"}, {"U2", "U3"}} {
			for _, code := range []pairing.ReasonCode{pairing.DifferentDepartments, pairing.FirstMeeting} {
				i.Group.Reasons = append(i.Group.Reasons, pairing.Reason{Code: code, A: pair[0], B: pair[1]})
			}
		}
	}
	reason := func(code pairing.ReasonCode, a, b string) func(*bot.Introduction) {
		return func(i *bot.Introduction) {
			i.Group.Reasons = append(i.Group.Reasons, pairing.Reason{Code: code, A: a, B: b})
		}
	}
	for name, tt := range map[string]struct {
		changes   []func(*bot.Introduction)
		see, miss []string
	}{
		"nobody says anything": {nil, []string{"• *<@U1>*, People Lead, People", "Chat without Rapport"}, []string{"Ask about", "would like", "in person"}},
		"an offer meets an ask": {
			[]func(*bot.Introduction){offerMeetsAsk},
			[]string{"Ana would like to learn about go; Bob can be asked.", "*Ask about:* hard talks", "*What helps:* A heads-up", "You can both be met in berlin", "*Likes to work:* Quiet mornings"},
			[]string{"<!channel>", "• *<@U1>*"},
		},
		"the offer was taken out meanwhile": {
			[]func(*bot.Introduction){offerMeetsAsk, func(i *bot.Introduction) {
				p := i.Profiles["U2"]
				p.Offers = nil
				i.Profiles["U2"] = p
			}},
			nil,
			[]string{"would like to learn about", "can be asked"},
		},
		"the reader of an introduction to one asks": {
			[]func(*bot.Introduction){offerMeetsAsk, func(i *bot.Introduction) { i.Alone = "U1" }}, []string{"You would like to learn about go; Bob can be asked."}, []string{"managers have hard talks"},
		},
		"different offices": {
			[]func(*bot.Introduction){offerMeetsAsk, func(i *bot.Introduction) {
				p := i.Profiles["U2"]
				p.Office = "Bonn"
				i.Profiles["U2"] = p
			}},
			nil,
			[]string{"in person"},
		},
		"three of them":              {[]func(*bot.Introduction){trio}, []string{"You all work in different departments and this is your first coffee with each other."}, nil},
		"a leader":                   {[]func(*bot.Introduction){reason(pairing.LeaderSeat, "U2", "U1")}, []string{"Bob Okafor leads people here, and keeps time in each round for colleagues whom leaders rarely see."}, nil},
		"one asked for a stretch":    {[]func(*bot.Introduction){reason(pairing.Stretch, "U1", "U2")}, nil, []string{"different,", "wished"}},
		"both asked for a stretch":   {[]func(*bot.Introduction){reason(pairing.Stretch, "U1", "U2"), reason(pairing.Stretch, "U2", "U1")}, []string{"you wished to meet somebody quite different"}, nil},
		"two zones, the same moment": {[]func(*bot.Introduction){func(i *bot.Introduction) { i.Hours["U2"] = bot.Hours{Zone: newYork(t)} }}, []string{"Thu 26 Mar, 16:00 for Ana (Berlin), 11:00 for Bob (New York)"}, nil},
		"one zone needs no words":    {[]func(*bot.Introduction){func(i *bot.Introduction) { i.Hours["U2"] = bot.Hours{Zone: berlin(t)} }}, nil, []string{"for Ana (Berlin)"}},
	} {
		t.Run(name, func(t *testing.T) {
			i := coffeeIntroduction(t, nil)
			for _, change := range tt.changes {
				change(&i)
			}
			sealed, err := introduction(Reader{Locale: "en-GB"}, i).seal()
			if err != nil {
				t.Fatal(err)
			}
			got := fmt.Sprint(sealed.Blocks)
			for _, words := range tt.see {
				if !strings.Contains(got, words) {
					t.Errorf("%q is missing:\n%s", words, got)
				}
			}
			for _, words := range tt.miss {
				if strings.Contains(got, words) {
					t.Errorf("%q is there:\n%s", words, got)
				}
			}
		})
	}
}

func TestClocksOfOneInstant(t *testing.T) {
	i := coffeeIntroduction(t, nil)
	tokyo, err := time.LoadLocation("Asia/Tokyo")
	if err != nil {
		t.Fatal(err)
	}
	i.Group.Members = []string{"U1", "U2", "U3"}
	i.Hours = map[string]bot.Hours{"U1": {Zone: berlin(t)}, "U2": {Zone: newYork(t)}, "U3": {Zone: tokyo}}
	for _, tt := range []struct {
		at, locale, want string
	}{
		{"2026-03-27T16:00:00Z", "", "Fri 27 Mar, 17:00 for Ana (Berlin), 12:00 for Bob (New York), Sat 28 Mar, 01:00 for Cy (Tokyo)"},
		{"2026-03-30T15:00:00Z", "en-US", "Mon, Mar 30, 5:00 PM for Ana (Berlin), 11:00 AM for Bob (New York), Tue, Mar 31, 12:00 AM for Cy (Tokyo)"}, // Europe's clocks changed on the 29th
	} {
		at, err := time.Parse(time.RFC3339, tt.at)
		if err != nil {
			t.Fatal(err)
		}
		if got := clockWords(Reader{Locale: tt.locale}, meetingOf(i), at); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.at, got, tt.want)
		}
	}
	i.People["U2"], i.People["U3"] = bot.Member{Name: "Ana Okafor"}, bot.Member{Name: "Cy Nakamura"}
	i.Hours["U2"] = i.Hours["U1"]
	at := time.Date(2026, 3, 27, 8, 0, 0, 0, time.UTC)
	if got, want := clockWords(Reader{}, meetingOf(i), at), "Fri 27 Mar, 09:00 for Ana Ferreira and Ana Okafor (Berlin), 17:00 for Cy Nakamura (Tokyo)"; got != want {
		t.Errorf("two of one name: %q, want %q", got, want)
	}
}

// TestTheLongestIntroductionsFit fills in everything to the limit, in scripts and signs of every width, and has Slack's limits checked.
func TestTheLongestIntroductionsFit(t *testing.T) {
	zones := []string{"Europe/Berlin", "America/Argentina/Buenos_Aires", "Asia/Tokyo", "Australia/Lord_Howe"}
	rapid.Check(t, func(r *rapid.T) {
		sign := rapid.SampledFrom([]string{"&", "<", "a", "界", "é", "👩‍👩‍👧", "ש", "*", "`", "@here ", "<@U9>", ",", "🇧🇷"})
		long := func(limit int) string {
			if rapid.IntRange(0, 5).Draw(r, "short") == 0 {
				return ""
			}
			return bot.CutText(strings.Repeat(sign.Draw(r, "sign")+sign.Draw(r, "sign"), limit), limit)
		}
		topics := func() []string {
			var list []string
			for n := range bot.MaxTopics {
				list = append(list, fmt.Sprint(n, long(bot.MaxTopic-1)))
			}
			return list
		}
		i := coffeeIntroduction(t, nil)
		i.Program.Name, i.Program.Purpose, i.Question = long(80), bot.EscapeText(long(200)), strings.Repeat("Why? ", 60)
		i.Group.Members, i.Group.Reasons = nil, nil
		i.People, i.Profiles, i.Hours = map[string]bot.Member{}, map[string]bot.Profile{}, map[string]bot.Hours{}
		shared := topics()
		for n := range rapid.IntRange(2, 4).Draw(r, "members") {
			id, office := fmt.Sprintf("U%010d", n), long(bot.MaxOffice)
			zone, err := time.LoadLocation(zones[n])
			if err != nil {
				t.Fatal(err)
			}
			i.Hours[id], i.People[id] = bot.Hours{Zone: zone}, bot.Member{ID: id, Name: long(80), Title: long(255), Department: long(255)}
			i.Profiles[id] = bot.Profile{
				Help: long(bot.MaxProfileText), Offers: shared, Asks: shared, Support: long(bot.MaxProfileText), Style: long(bot.MaxProfileText), Office: office, Languages: shared,
			}
			for _, other := range i.Group.Members {
				i.Group.Reasons = append(i.Group.Reasons, pairing.Reason{Code: pairing.OfferMeetsAsk, A: id, B: other, Topic: shared[0]},
					pairing.Reason{Code: pairing.OfferMeetsAsk, A: other, B: id, Topic: shared[0]}, pairing.Reason{Code: pairing.LeaderSeat, A: id, B: other},
					pairing.Reason{Code: pairing.FirstMeeting, A: other, B: id}, pairing.Reason{Code: pairing.DifferentDepartments, A: other, B: id})
			}
			i.Group.Members = append(i.Group.Members, id)
		}
		i.Group.First = i.Group.Members[0]
		i.Times = []time.Time{wednesday, wednesday.Add(24 * time.Hour), wednesday.Add(48 * time.Hour)}
		if rapid.Bool().Draw(r, "alone") {
			i.Alone = i.Group.Members[1]
		}
		reader := Reader{Locale: rapid.SampledFrom([]string{"en-US", "de-DE"}).Draw(r, "locale"), Zone: berlin(t)}
		if _, err := introduction(reader, i).seal(); err != nil {
			r.Errorf("introduction: %v", err)
		}
		if _, err := ownChat(i, i.Group.Members[0]).seal(); err != nil {
			r.Errorf("own chat: %v", err)
		}
		for _, files := range []bool{true, false} {
			if _, err := calendarView(reader, i, inAlone, files, calendarFailed).seal(); err != nil {
				r.Errorf("calendar: %v", err)
			}
		}
		p, m := i.Profiles[i.Group.Members[0]], i.People[i.Group.Members[0]]
		form := profileForm(p, p.Mark(), profileChanged)
		form.Blocks = append(form.Blocks, profilePreview(m, p)...)
		for _, modal := range []Modal{form, profileSaved(m, p)} {
			if _, err := modal.seal(); err != nil {
				r.Errorf("%s: %v", modal.CallbackID, err)
			}
		}
		home := bot.Home{Reader: m, Hours: hoursOfBerlin(), Preferences: bot.Preferences{Profile: p}}
		if _, err := homeView(reader, home, wednesday).seal(); err != nil {
			r.Errorf("home: %v", err)
		}
	})
}

// TestProfilesMentionNobody looks for what would notify somebody, or break the message.
func TestProfilesMentionNobody(t *testing.T) {
	p := bot.Profile{
		Help: hostile + " <!here|x> @everyone\n> quoted", Offers: []string{"<@U7>", "&lt;!channel&gt;"}, Asks: []string{"<https://evil.example|click>"},
		Support: "<!subteam^S1>", Style: "```", Office: "<#C1>", Languages: []string{"<!date^1^{date}|now>"},
	}.Tidy()
	got := strings.Join(profileLines(p), "\n")
	for _, bad := range []string{"<", ">", "@everyone", "\n&gt;"} {
		if strings.Contains(got, bad) {
			t.Errorf("%q is in\n%s", bad, got)
		}
	}
	if lines := strings.Split(got, "\n"); len(lines) != 7 || !slices.ContainsFunc(lines, func(l string) bool { return strings.HasPrefix(l, "*Speaks:* ") }) {
		t.Errorf("%d lines:\n%s", len(lines), got)
	}
}
