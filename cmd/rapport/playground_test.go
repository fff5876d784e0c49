package main

import (
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"
)

// TestPlaygroundOfEverySize opens companies around the size from which on they have a past, at instants that have gone wrong elsewhere.
func TestPlaygroundOfEverySize(t *testing.T) {
	for _, tt := range []struct {
		people int
		now    string
	}{
		{0, "2026-03-25T09:17:00Z"},
		{1, "2026-03-25T09:17:00Z"},
		{5, "2026-03-25T09:17:00Z"},
		{pastPeople - 1, "2026-03-25T09:17:00Z"},
		{pastPeople, "2026-03-25T09:17:00Z"},
		{40, "2026-03-29T02:30:00+01:00"}, // in Berlin, the clocks are about to go forward
		{40, "2026-03-30T09:00:00+02:00"}, // the very instant of a round
		{40, "2027-01-01T00:00:00Z"},
	} {
		t.Run(fmt.Sprint(tt.people, " at ", tt.now), func(t *testing.T) {
			t.Parallel()
			now, err := time.Parse(time.RFC3339, tt.now)
			if err != nil {
				t.Fatal(err)
			}
			p, err := openPlayground(t.Context(), playgroundFlags{addr: "127.0.0.1:0", people: tt.people, seed: 1}, now, slog.New(slog.DiscardHandler))
			if err != nil {
				t.Fatal(err)
			}
			defer func() {
				if err := p.close(t.Context()); err != nil {
					t.Error(err)
				}
			}()
			state := remote{t: t, url: p.slack.ControlURL()}.state()
			if len(state.Broken) > 0 {
				t.Errorf("broken: %v", state.Broken)
			}
			if state.Now.Before(now) || state.Now.After(now.Add(time.Minute)) {
				t.Errorf("it is %v, want %v", state.Now, now)
			}
			spoke := false
			for _, m := range state.Messages {
				spoke = spoke || sidOf(m) != "" && m.User == state.App.BotUser
			}
			if spoke != (tt.people > 0) {
				t.Errorf("the bot has spoken: %v", spoke)
			}
		})
	}
}

// In the page every part can be tried; for another app, and in a workspace, as little as possible is granted.
func TestThePlaygroundGrantsWhatEachPartNeeds(t *testing.T) {
	for noBot, want := range map[bool]bool{false: true, true: false} {
		text, err := playedManifest(noBot)
		if err != nil {
			t.Fatal(err)
		}
		for _, scope := range []string{"usergroups:read", "reactions:read", "reaction_added", "files:write", "channels:history"} {
			if got := strings.Contains(string(text), scope); got != want {
				t.Errorf("without a bot %v: %s is there: %v", noBot, scope, got)
			}
		}
	}
}
