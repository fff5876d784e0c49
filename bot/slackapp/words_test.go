package slackapp

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"rapport/bot"
)

func TestTimesInTheReadersWords(t *testing.T) {
	at := time.Date(2026, 3, 27, 16, 5, 0, 0, time.UTC)
	berlin := Reader{Locale: "de-DE", Zone: firstZone("Europe/Berlin")}
	newYork := Reader{Locale: "en-US", Zone: firstZone("America/New_York")}
	tokyo := Reader{Locale: "ja-JP", Zone: firstZone("Asia/Tokyo")}
	for _, tt := range []struct{ got, want string }{
		{berlin.DateTime(at), "Friday, 27 March, 17:05"},
		{newYork.DateTime(at), "Friday, March 27, 12:05 PM"},
		{tokyo.DateTime(at), "Saturday, 28 March, 01:05"},
		{Reader{}.DateTime(at), "Friday, 27 March, 16:05"},
		{berlin.DateNear(at, at), "Friday, 27 March"},
		{berlin.DateNear(at.AddDate(1, 0, 0), at), "Saturday, 27 March 2027"},
		{newYork.DateYear(at), "Friday, March 27, 2026"},
		{berlin.DateShort(at), "Fri 27 Mar"},
		{newYork.DateShort(at), "Fri, Mar 27"},
		{berlin.Minute(9 * 60), "09:00"},
		{newYork.Minute(17*60 + 30), "5:30 PM"},
		{tokyo.Day(bot.Date{Year: 2026, Month: 3, Day: 27}), "Friday, 27 March"},
		{newYork.Day(bot.Date{Year: 2026, Month: 3, Day: 27}), "Friday, March 27"},
		{berlin.DayNear(bot.Date{Year: 2027, Month: 1, Day: 1}, at), "Friday, 1 January 2027"},
		{berlin.Weekday(time.Monday), "Monday"},
		{berlin.Instant(at), "<!date^1774627500^{date_short_pretty} at {time}|Friday, 27 March, 17:05>"},
		{newYork.InstantLong(at), "<!date^1774627500^{date_long_pretty} at {time}|Friday, March 27, 12:05 PM>"},
		{tokyo.InstantDay(at), "<!date^1774627500^{date_long_pretty}|Saturday, 28 March>"},
		{berlin.Ago(at, at.Add(time.Hour)), "today"},
		{berlin.Ago(at, at.Add(7*time.Hour)), "yesterday"},
		{berlin.Ago(at, at.Add(72*time.Hour)), "3 days ago"},
		{berlin.Ago(at, at.AddDate(0, 1, 0)), "Friday, 27 March"},
		{isoDate(bot.Date{Year: 2026, Month: 3, Day: 7}), "2026-03-07"},
		{isoMinute(9*60 + 5), "09:05"},
	} {
		if tt.got != tt.want {
			t.Errorf("%q, want %q", tt.got, tt.want)
		}
	}
}

func TestReadersZoneIsTheFirstThatExists(t *testing.T) {
	for _, tt := range []struct {
		member bot.Member
		prefs  bot.Preferences
		want   string
	}{
		{bot.Member{Zone: "Asia/Tokyo"}, bot.Preferences{Zone: "Europe/Oslo"}, "Europe/Oslo"},
		{bot.Member{Zone: "Asia/Tokyo"}, bot.Preferences{}, "Asia/Tokyo"},
		{bot.Member{}, bot.Preferences{}, "America/Lima"},
		{bot.Member{Zone: "Mars/Olympus"}, bot.Preferences{Zone: "Local"}, "America/Lima"},
	} {
		if got := NewReader(tt.member, tt.prefs, "America/Lima").Zone.String(); got != tt.want {
			t.Errorf("%+v: %s, want %s", tt, got, tt.want)
		}
	}
	if got := NewReader(bot.Member{}, bot.Preferences{}, "").Zone; got != time.UTC {
		t.Errorf("nobody knows the zone: %s", got)
	}
}

func TestNumbersAndLists(t *testing.T) {
	english, german := Reader{Locale: "en-GB"}, Reader{Locale: "de-DE"}
	for _, tt := range []struct{ got, want string }{
		{english.Number(12500), "12,500"},
		{german.Number(12500), "12.500"},
		{Reader{Locale: "nonsense!"}.Number(1000), "1,000"},
		{english.Count(1, "person", "people"), "1 person"},
		{english.Count(0, "person", "people"), "0 people"},
		{List(), ""},
		{List("A"), "A"},
		{List("A", "B"), "A and B"},
		{List("A", "B", "C"), "A, B and C"},
		{ListOr("A", "B", "C"), "A, B or C"},
		{english.ListShort([]string{"A", "B", "C", "D", "E"}, 2), "A, B and 3 others"},
		{english.ListShort([]string{"A", "B", "C"}, 2), "A, B and 1 other"},
		{english.ListShort([]string{"A", "B"}, 2), "A and B"},
		{Name(bot.Member{ID: "U1"}), "U1"},
		{Name(bot.Member{ID: "U1", Name: "A<b> *c*"}), "A&lt;b&gt; ∗c∗"},
		{Mention("U1") + ChannelMention("C1") + Link("https://x", "y"), "<@U1><#C1><https://x|y>"},
	} {
		if tt.got != tt.want {
			t.Errorf("%q, want %q", tt.got, tt.want)
		}
	}
}

func TestEveryGeneralFaultHasWords(t *testing.T) {
	seen := map[string]bool{}
	for _, code := range []bot.FaultCode{
		bot.FaultNotFound, bot.FaultForbidden, bot.FaultStale, bot.FaultUnsaved, bot.FaultUnread, bot.FaultDone, bot.FaultTooLate, bot.FaultOff, bot.FaultInvalid,
	} {
		words := faultSentence(Reader{}, fmt.Errorf("act: %w", &bot.Fault{Code: code}))
		if words == wordsWrong || seen[words] {
			t.Errorf("%s has no words of its own: %q", code, words)
		}
		seen[words] = true
	}
	if got := faultSentence(Reader{}, errors.New("dial 10.0.0.1: refused")); got != wordsWrong {
		t.Errorf("an error shows internals: %q", got)
	}
	if got := faultSentence(Reader{}, context.DeadlineExceeded); got != wordsLate {
		t.Errorf("a store that did not answer: %q", got)
	}
}

func TestTextsOfAnyLengthAreGivenBack(t *testing.T) {
	for _, typed := range []string{"", "x", "<!channel> *b _c `d", strings.Repeat("<@U1> wörd ", 1500), strings.Repeat("🏳️‍🌈", 3000)} {
		m := FaultMessage(Reader{}, errors.New("x"), typed)
		sealed, err := m.seal()
		if err != nil {
			t.Errorf("%d bytes: %v", len(typed), err)
		}
		if strings.Contains(written(sealed.Blocks), "<!channel>") {
			t.Error("a broadcast is given back alive")
		}
	}
}

func TestViewsLookAsTheyDid(t *testing.T) {
	for name, m := range map[string]Message{
		"help":     helpMessage(),
		"greeting": greetingMessage(),
		"fault":    FaultMessage(Reader{}, &bot.Fault{Code: bot.FaultUnsaved}, "<@U1> thank you for the *bold* move"),
	} {
		sealed, err := m.seal()
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		golden(t, name, map[string]any{"text": sealed.Text, "blocks": sealed.Blocks})
	}
	notice, err := noticeModal(wordsMute).seal()
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "notice", notice)
}
