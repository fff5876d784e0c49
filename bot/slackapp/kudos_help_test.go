package slackapp

import (
	"testing"
	"time"

	"rapport/bot"
)

func TestHelpLooksAsItDid(t *testing.T) {
	people := map[string]bot.Member{"U2": {ID: "U2", Name: "Bob & Co"}, "U3": {ID: "U3", Name: "Cy *Nakamura*"}}
	note := bot.HelpNote{
		Reader: bot.Member{ID: "U1", Name: "Ana"}, Day: bot.Date{Year: 2026, Month: 3, Day: 26}, People: people, Fewer: true,
		Lines: []bot.HelpLine{
			{Help: bot.HelpCoffee, Members: []string{"U2", "U3"}},
			{Help: bot.HelpPromise, Members: []string{"U2"}, Promise: deck(func(c *bot.Commitment) { c.Owner, c.State = "U2", bot.Done })},
			{Help: bot.HelpDigest, Channel: "C1"},
		},
	}
	rarest := note
	rarest.Fewer, rarest.Lines = false, note.Lines[:1]
	for name, m := range map[string]Message{
		"help_note": helpNote(note), "help_note_rarest": helpNote(rarest), "help_stopped": helpStopped(), "help_fewer": helpFewer(bot.Preferences{Help: bot.HelpKinds()}),
		"help_fewer_stopped": helpFewer(bot.Preferences{}), "reaction_limit": reactionLimit(bot.ReactionLimit{Emoji: "clap", Limit: 20}),
	} {
		sealed, err := m.seal()
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		golden(t, name, sealed)
	}
}

func TestSlacksTimestamps(t *testing.T) {
	for ts, want := range map[string]time.Time{
		"1774429200.000100": time.Unix(1774429200, 100_000).UTC(), "1774429200": time.Unix(1774429200, 0).UTC(), "1774429200.5": time.Unix(1774429200, 500_000_000).UTC(),
		"": {}, "x": {}, "1.x": {},
	} {
		got, err := instantOf(ts)
		if !got.Equal(want) || (err != nil) != want.IsZero() {
			t.Errorf("%q is %v, %v, want %v", ts, got, err, want)
		}
	}
}

func TestReactionsThatAreNone(t *testing.T) {
	n := &Reactions{}
	for raw, fails := range map[string]bool{
		`{"item":{"type":"file"},"event_ts":"1.2"}`: false, `{"item":{"type":"message"},"event_ts":"never"}`: true, `[]`: true,
	} {
		if _, err := n.added(t.Context(), Request{Event: Event{Raw: []byte(raw)}}); (err != nil) != fails {
			t.Errorf("%s: %v", raw, err)
		}
	}
}
